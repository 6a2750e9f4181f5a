"""Every page of the monitoring read at a day or an instant: what happened after is not seen, what was before is."""

from __future__ import annotations

import html
import re
import uuid
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from enti.models import Utente
from enti.ruoli import Ruolo
from monitoraggio.models import Documento, Messaggio, SpostamentoTraguardo, Traguardo, Variazione, VersioneDocumento
from monitoraggio.selectors.messaggi import CHIUSA, RIAPERTA
from monitoraggio.services import messaggi
from monitoraggio.services import traguardi as dei_traguardi
from monitoraggio.services.documenti import elimina_documento
from registro.models import Evento
from tests.enti.persone import crea_persona
from tests.monitoraggio.base import DICEMBRE, MonitoraggioTestCase
from tests.monitoraggio.test_documenti import documento
from tests.monitoraggio.test_documenti_caricamento import CaricamentoTestCase
from tests.monitoraggio.variazioni_di_prova import SCADENZA, VariazioniTestCase

# The words that every page says when it is only to be read, and those of a day that makes no sense.
SOLA_LETTURA = "Qui si legge soltanto"
GIORNO_ILLEGGIBILE = "«ieri» non è un giorno"


def alle(giorno: str, ora: str = "12:00") -> datetime:
    """This day and time in Italy."""
    return datetime.fromisoformat(f"{giorno}T{ora}").replace(tzinfo=timezone.get_current_timezone())


class Letture:
    """Opening pages as a person, and reading their text."""

    client: Any

    def apri(self, nome: str, *argomenti: Any, codice: int = 200, **query: Any) -> Any:
        risposta = self.client.get(reverse(nome, args=argomenti, query=query or None))
        assert risposta.status_code == codice, (risposta.status_code, query)
        return risposta

    def parole(self, nome: str, *argomenti: Any, codice: int = 200, **query: Any) -> str:
        risposta = self.apri(nome, *argomenti, codice=codice, **query)
        contenuto = risposta.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", contenuto)).split())

    def quante(self, nome: str, *argomenti: Any, **query: Any) -> int:
        self.apri(nome, *argomenti, **query)
        with CaptureQueriesContext(connection) as fatte:
            self.apri(nome, *argomenti, **query)
        return len(fatte)

    def non_cambia_nulla(self, nome: str, *argomenti: Any, **query: Any) -> None:
        """The page has no form that writes, and says so; its address with nonsense in it says what is wrong.

        Keeping it among one's own views changes nothing of what it shows.
        """
        pagina = self.apri(nome, *argomenti, **query).content.decode().split("<main", 1)[1]
        assert 'method="post"' not in pagina.replace(f'method="post" action="{reverse("vista-salva")}"', "")
        assert SOLA_LETTURA in pagina
        assert SOLA_LETTURA not in self.parole(nome, *argomenti)
        assert GIORNO_ILLEGGIBILE in self.parole(nome, *argomenti, al="ieri")
        assert "non è un giorno né un'ora" in self.parole(nome, *argomenti, noto_al="boh")
        self.apri(nome, *argomenti, al="31/02/2024", noto_al="0001-01-01 00:00")


class TraguardiTestCase(Letture, VariazioniTestCase):
    def setUp(self) -> None:
        self.coordinatore = crea_persona(Ruolo.COORDINATORE)
        self.client.force_login(self.coordinatore)
        self.suo = Traguardo.objects.get(intervento=self.intervento)
        Traguardo.storico.filter(id=self.suo.pk).update(history_date=alle("2025-01-10"))

    def sposta(self, *, atto_del: date, registrato: datetime) -> SpostamentoTraguardo:
        """Move the deadline from 30/06 to 30/09/2025 by an act, recorded at an instant."""
        mossa = dei_traguardi.sposta(
            traguardo_id=self.suo.pk,
            scadenza=date(2025, 9, 30),
            atto="Decreto n. 2",
            data_atto=atto_del,
            motivo="Nuovo termine.",
            autore=self.coordinatore,
        )
        SpostamentoTraguardo.objects.filter(pk=mossa.pk).update(quando=registrato)
        ultima = Traguardo.storico.filter(id=self.suo.pk).latest("history_id")
        Traguardo.storico.filter(history_id=ultima.history_id).update(history_date=registrato)
        return mossa

    def riga(self, **query: Any) -> Any:
        (riga,) = self.apri("traguardi", intervento=self.intervento.cup, **query).context["righe"]
        return riga

    def test_noto_al_la_scadenza_e_quella_che_allora_si_sapeva(self) -> None:
        self.sposta(atto_del=date(2025, 2, 1), registrato=alle("2025-03-10"))
        for quando, scadenza, mosse, versioni in (
            ("2025-03-09", SCADENZA, 0, 1),
            ("2025-03-10 11:59", SCADENZA, 0, 1),
            ("2025-03-10 12:00", date(2025, 9, 30), 1, 2),
            ("2025-03-10", date(2025, 9, 30), 1, 2),
        ):
            assert self.riga(noto_al=quando).scadenza == scadenza, quando
            pagina = self.apri("traguardo", self.suo.pk, noto_al=quando)
            assert pagina.context["riga"].scadenza == scadenza, quando
            assert len(pagina.context["spostamenti"]) == mosse, quando
            assert len(pagina.context["versioni"]) == versioni, quando

    def test_al_la_scadenza_e_quella_degli_atti_di_allora(self) -> None:
        self.sposta(atto_del=date(2025, 8, 1), registrato=alle("2025-08-20"))
        prima, dopo = self.riga(al="2025-07-31"), self.riga(al="2025-08-01")
        assert (prima.scadenza, prima.traguardo.stato) == (SCADENZA, "in_ritardo")
        assert (dopo.scadenza, dopo.traguardo.stato) == (date(2025, 9, 30), "in_linea")
        assert "Decreto n. 2" not in self.parole("traguardo", self.suo.pk, al="2025-07-31")
        assert "Decreto n. 2" in self.parole("traguardo", self.suo.pk, al="2025-08-01")
        assert [
            r.traguardo.pk
            for r in self.apri("traguardi", al="2025-07-31", entro="2025-06-30", di="intervento").context["righe"]
        ] == [self.suo.pk]
        assert not self.apri("traguardi", al="2025-08-01", entro="2025-06-30", di="intervento").context["righe"]

    def test_una_proroga_sposta_la_scadenza_quando_e_accolta(self) -> None:
        chiesta = self.proroga()
        self.decidi(chiesta, "accogli")
        SpostamentoTraguardo.objects.filter(variazione=chiesta).update(quando=alle("2025-02-10"))
        Variazione.objects.filter(pk=chiesta.pk).update(richiesta_il=alle("2025-01-20"), decisa_il=alle("2025-02-10"))
        # Its act is of 15/01/2025.
        for giorno, scadenza, mosse in (("2025-02-09", SCADENZA, 0), ("2025-02-10", date(2025, 9, 30), 1)):
            assert self.riga(al=giorno).scadenza == scadenza
            assert len(self.apri("traguardo", self.suo.pk, al=giorno).context["spostamenti"]) == mosse

    def test_un_traguardo_conseguito_dopo_non_lo_e_ancora(self) -> None:
        dei_traguardi.modifica(
            traguardo_id=self.suo.pk,
            dati={"conseguito_il": date(2025, 5, 15), "evidenza": "Verbale di collaudo."},
            vista=dei_traguardi.versione_di(self.suo.pk),
            autore=self.coordinatore,
        )
        assert self.riga(al="2025-05-14").conseguito_il is None
        assert self.riga(al="2025-05-15").conseguito_il == date(2025, 5, 15)
        assert "15/05/2025" not in self.parole("traguardo", self.suo.pk, al="2025-05-14")
        assert "Verbale di collaudo." not in self.parole("traguardo", self.suo.pk, al="2025-05-14")
        assert "Conseguito il 15/05/2025" in self.parole("traguardo", self.suo.pk, al="2025-05-15")
        assert "Verbale di collaudo." in self.parole("traguardo", self.suo.pk, al="2025-05-15")

    def test_un_traguardo_che_allora_non_c_era_si_dice(self) -> None:
        testo = self.parole("traguardo", self.suo.pk, noto_al="2025-01-09", codice=404)
        assert "A quel giorno non c'era ancora" in testo
        self.apri("traguardo", self.suo.pk, noto_al="2025-01-10")
        self.client.force_login(self.altro_comune)
        assert "A quel giorno" not in self.parole("traguardo", self.suo.pk, noto_al="2025-01-09", codice=404)

    def test_le_pagine_portano_con_se_il_giorno_e_non_cambiano_nulla(self) -> None:
        coda = "?al=2025-02-01&amp;noto_al=2025-02-01"
        elenco = self.apri("traguardi", al="2025-02-01", noto_al="2025-02-01", stato="in_linea")
        self.assertContains(elenco, reverse("traguardo", args=[self.suo.pk]) + coda)
        self.assertContains(elenco, f'class="filtri-azzera" href="{reverse("traguardi")}{coda}"')
        self.assertNotContains(elenco, reverse("traguardo-nuovo"))
        pagina = self.apri("traguardo", self.suo.pk, al="2025-02-01", noto_al="2025-02-01")
        self.assertContains(pagina, f'href="{reverse("traguardi")}{coda}"')
        self.assertNotContains(pagina, reverse("traguardo-modifica", args=[self.suo.pk]))
        self.non_cambia_nulla("traguardi", al="2025-02-01")
        self.non_cambia_nulla("traguardo", self.suo.pk, al="2025-02-01")


class VariazioniNelTempoTestCase(Letture, VariazioniTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.istruttore)
        self.chiesta = self.proroga()
        self.decidi(self.chiesta, "accogli", motivo="Fondata.")
        Variazione.objects.filter(pk=self.chiesta.pk).update(
            richiesta_il=alle("2025-01-20"), decisa_il=alle("2025-02-10")
        )

    def stati(self, **query: Any) -> list[str]:
        return [riga.variazione.stato for riga in self.apri("variazioni", **query).context["righe"]]

    def test_si_leggono_le_richieste_di_allora_nello_stato_di_allora(self) -> None:
        for nome in ("al", "noto_al"):
            assert self.stati(**{nome: "2025-01-19"}) == []
            assert self.stati(**{nome: "2025-01-20"}) == ["richiesta"]
            assert self.stati(**{nome: "2025-02-09"}) == ["richiesta"]
            assert self.stati(**{nome: "2025-02-10"}) == ["accolta"]
        assert self.stati(noto_al="2025-02-10 11:59") == ["richiesta"]
        assert self.stati(noto_al="2025-02-10 12:00") == ["accolta"]
        # Both: the earlier of the two.
        assert self.stati(al="2025-03-01", noto_al="2025-02-09") == ["richiesta"]
        assert self.stati(al="2025-02-09", noto_al="2025-03-01") == ["richiesta"]

    def test_i_filtri_e_i_conti_sono_sullo_stato_di_allora(self) -> None:
        assert self.stati(al="2025-02-09", stato="accolta") == []
        assert self.stati(al="2025-02-09", stato="richiesta") == ["richiesta"]
        conti = self.apri("variazioni", al="2025-02-09").context["conti"]
        assert (conti.totale, conti.da_decidere, conti.accolte) == (1, 1, 0)
        conti = self.apri("variazioni", al="2025-02-10").context["conti"]
        assert (conti.totale, conti.da_decidere, conti.accolte) == (1, 0, 1)

    def test_la_pagina_di_una_variazione_non_sa_la_decisione_di_dopo(self) -> None:
        allora = self.parole("variazione", self.chiesta.pk, al="2025-02-09")
        assert "da decidere" in allora
        assert "Fondata." not in allora
        assert "10/02/2025" not in allora
        dopo = self.parole("variazione", self.chiesta.pk, al="2025-02-10")
        assert "Fondata." in dopo
        assert "Variazione accolta e applicata" in dopo
        prima = self.parole("variazione", self.chiesta.pk, al="2025-01-19", codice=404)
        assert "A quel giorno non c'era ancora" in prima
        self.chiesta.refresh_from_db()
        assert self.chiesta.stato == "accolta"

    def test_a_un_giorno_passato_nessuno_decide_e_i_legami_portano_il_giorno(self) -> None:
        aperta = self.chiedi("economia", importo_dopo=100)
        Variazione.objects.filter(pk=aperta.pk).update(richiesta_il=alle("2025-01-20"))
        self.assertContains(self.apri("variazione", aperta.pk), "Accogli")
        self.non_cambia_nulla("variazione", aperta.pk, al="2025-02-01")
        self.non_cambia_nulla("variazioni", al="2025-02-01")
        elenco = self.apri("variazioni", al="2025-02-01")
        self.assertContains(elenco, reverse("variazione", args=[aperta.pk]) + "?al=2025-02-01")
        pagina = self.apri("variazione", self.chiesta.pk, al="2025-02-01")
        self.assertContains(pagina, f'{reverse("traguardo", args=[self.chiesta.traguardo_id])}?al=2025-02-01"')

    def test_la_scheda_dell_intervento_dice_lo_stesso(self) -> None:
        def della_scheda(**query: Any) -> list[str]:
            scheda = self.apri("intervento-monitoraggio", self.intervento.pk, **query).context["scheda"]
            return [riga.variazione.stato for riga in scheda.variazioni]

        for giorno in ("2025-01-19", "2025-01-20", "2025-02-09", "2025-02-10"):
            assert della_scheda(al=giorno) == self.stati(al=giorno), giorno
            assert della_scheda(noto_al=giorno) == self.stati(noto_al=giorno), giorno

    def test_un_modulo_rifiutato_si_rilegge_a_un_giorno_dalla_sua_pagina(self) -> None:
        aperta = self.chiedi("economia", importo_dopo=100)
        risposta = self.client.post(reverse("variazione-decidi", args=[aperta.pk, "respingi"]), {"motivo": ""})
        self.assertContains(risposta, f'<form method="get" action="{reverse("variazione", args=[aperta.pk])}"')

    def test_le_interrogazioni_non_crescono(self) -> None:
        poche = self.quante("variazioni", al="2025-02-01")
        for _ in range(4):
            altra = self.chiedi("economia", importo_dopo=1)
            Variazione.objects.filter(pk=altra.pk).update(richiesta_il=alle("2025-01-20"))
        assert len(self.stati(al="2025-02-01")) == 5
        assert self.quante("variazioni", al="2025-02-01") == poche


class DocumentiNelTempoTestCase(Letture, CaricamentoTestCase):
    def caricato(self, *quando: datetime) -> Documento:
        """A document whose versions arrived at these instants."""
        semi = count(VersioneDocumento.objects.count() + 1)
        prima = documento(self.compilatore, self.opera.pk, seme=next(semi))
        for numero in range(2, len(quando) + 1):
            nome = f"nuova-{numero}.pdf"
            documento(self.compilatore, self.opera.pk, di=prima.documento, seme=next(semi), nome=nome)
        for versione, istante in zip(prima.documento.versioni.order_by("numero"), quando, strict=True):
            VersioneDocumento.objects.filter(pk=versione.pk).update(caricata_il=istante)
        Documento.objects.filter(pk=prima.documento_id).update(creato_il=quando[0])
        return Documento.objects.get(pk=prima.documento_id)

    def visti(self, **query: Any) -> list[tuple[int, str]]:
        pagina = self.apri("documenti", self.opera.pk, **query)
        return [(uno.numero_versioni, uno.ultime[0].nome) for uno in pagina.context["documenti"]]

    def test_si_leggono_i_documenti_e_le_versioni_di_allora(self) -> None:
        uno = self.caricato(alle("2025-01-20"), alle("2025-02-10"))
        for nome in ("al", "noto_al"):
            assert self.visti(**{nome: "2025-01-19"}) == []
            assert self.visti(**{nome: "2025-01-20"}) == [(1, "determina.pdf")]
            assert self.visti(**{nome: "2025-02-09"}) == [(1, "determina.pdf")]
            assert self.visti(**{nome: "2025-02-10"}) == [(2, "nuova-2.pdf")]
        assert self.visti() == [(2, "nuova-2.pdf")]
        assert "nuova-2.pdf" not in self.parole("documento", uno.pk, al="2025-02-09")
        assert "nuova-2.pdf" in self.parole("documento", uno.pk, al="2025-02-10")
        assert "A quel giorno non c'era ancora" in self.parole("documento", uno.pk, al="2025-01-19", codice=404)

    def test_un_documento_eliminato_dopo_c_era_ancora(self) -> None:
        uno = self.caricato(alle("2025-01-20"))
        elimina_documento(documento_id=uno.pk, atto="Determina n. 9", motivo="Doppione.", autore=self.coordinatore)
        Documento.objects.filter(pk=uno.pk).update(eliminato_il=alle("2025-03-01"))
        assert self.visti(al="2025-02-28") == [(1, "determina.pdf")]
        assert self.visti(al="2025-02-28", stato="eliminati") == []
        assert self.visti(al="2025-03-01") == self.visti() == []
        assert self.visti(al="2025-03-01", stato="eliminati") == [(1, "determina.pdf")]
        for testo in (self.parole("documento", uno.pk, al="2025-02-28"), self.parole("documenti", self.opera.pk)):
            assert "Doppione." not in testo
        assert "Doppione." in self.parole("documento", uno.pk, al="2025-03-01")
        # The file is not to be had any more, whatever day is read.
        assert (
            reverse("documento-file", args=[uno.versioni.get().pk])
            not in self.apri("documento", uno.pk, al="2025-02-28").content.decode()
        )

    def test_a_un_giorno_passato_non_si_carica_e_i_legami_portano_il_giorno(self) -> None:
        uno = self.caricato(alle("2025-01-20"))
        self.assertContains(self.apri("documenti", self.opera.pk), "Carica documenti")
        elenco = self.apri("documenti", self.opera.pk, al="2025-02-01")
        self.assertNotContains(elenco, reverse("documenti-carica", args=[self.opera.pk]))
        self.assertContains(elenco, reverse("documento", args=[uno.pk]) + "?al=2025-02-01")
        self.client.force_login(self.coordinatore)
        oggi, allora = self.apri("documento", uno.pk), self.apri("documento", uno.pk, al="2025-02-01")
        for nome in ("documento-versione", "documento-elimina"):
            self.assertNotContains(allora, reverse(nome, args=[uno.pk]))
        self.assertContains(oggi, reverse("documento-elimina", args=[uno.pk]))
        self.assertContains(allora, f'{reverse("documenti", args=[self.opera.pk])}?al=2025-02-01"')
        self.non_cambia_nulla("documenti", self.opera.pk, al="2025-02-01")
        self.non_cambia_nulla("documento", uno.pk, al="2025-02-01")

    def test_le_interrogazioni_non_crescono(self) -> None:
        self.caricato(alle("2025-01-20"))
        poche = self.quante("documenti", self.opera.pk, al="2025-02-01")
        for _ in range(3):
            self.caricato(alle("2025-01-20"), alle("2025-01-21"))
        assert len(self.visti(al="2025-02-01")) == 4
        assert self.quante("documenti", self.opera.pk, al="2025-02-01") == poche


class MessaggiNelTempoTestCase(Letture, MonitoraggioTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.compilatore)

    def scritto(self, autore: Utente, testo: str, quando: datetime, filo: Messaggio | None = None) -> Messaggio:
        nuovo = messaggi.scrivi(
            intervento_id=self.opera.pk, testo=testo, autore=autore, risponde_a_id=None if filo is None else filo.pk
        )
        Messaggio.objects.filter(pk=nuovo.pk).update(quando=quando)
        return nuovo

    def evento(self, filo: Messaggio, verbo: str, quando: datetime) -> None:
        Evento.objects.create(
            azione=uuid.uuid4(),
            quando=quando,
            autore=self.istruttore,
            verbo=verbo,
            tipo_oggetto=Messaggio._meta.label_lower,
            id_oggetto=str(filo.pk),
        )

    def fili(self, **query: Any) -> tuple[list[int], list[int]]:
        """How many messages there are in each open thread, and in each closed one."""
        contesto = self.apri("intervento-messaggi", self.opera.pk, **query).context
        return [len(f.voci) for f, _ in contesto["aperti"]], [len(f.voci) for f, _ in contesto["chiusi"]]

    def test_si_leggono_i_messaggi_scritti_e_le_chiusure_fatte_allora(self) -> None:
        filo = self.scritto(self.istruttore, "Manca il verbale.", alle("2025-01-20"))
        self.scritto(self.compilatore, "Eccolo.", alle("2025-01-25"), filo)
        messaggi.chiudi(messaggio_id=filo.pk, autore=self.istruttore)
        Messaggio.objects.filter(pk=filo.pk).update(chiuso_il=alle("2025-02-10"))
        for nome in ("al", "noto_al"):
            assert self.fili(**{nome: "2025-01-19"}) == ([], [])
            assert self.fili(**{nome: "2025-01-20"}) == self.fili(**{nome: "2025-01-24"}) == ([1], [])
            assert self.fili(**{nome: "2025-01-25"}) == self.fili(**{nome: "2025-02-09"}) == ([2], [])
            assert self.fili(**{nome: "2025-02-10"}) == ([], [2])
        assert "Eccolo." not in self.parole("intervento-messaggi", self.opera.pk, al="2025-01-24")
        assert "deve rispondere il soggetto attuatore" in self.parole(
            "intervento-messaggi", self.opera.pk, al="2025-01-24"
        )
        assert "Nessuno aveva ancora scritto" in self.parole("intervento-messaggi", self.opera.pk, al="2025-01-19")

    def test_una_conversazione_riaperta_dopo_era_chiusa_allora(self) -> None:
        filo = self.scritto(self.istruttore, "Manca il verbale.", alle("2025-01-20"))
        self.evento(filo, CHIUSA, alle("2025-02-01"))
        self.scritto(self.compilatore, "Ne parliamo ancora.", alle("2025-03-01"), filo)
        self.evento(filo, RIAPERTA, alle("2025-03-01"))
        assert self.fili(al="2025-01-31") == ([1], [])
        assert self.fili(al="2025-02-01") == self.fili(al="2025-02-28") == ([], [1])
        assert "chiusa il 01/02/2025" in self.parole("intervento-messaggi", self.opera.pk, al="2025-02-28")
        assert self.fili(al="2025-03-01") == self.fili() == ([2], [])

    def test_a_un_giorno_passato_non_si_scrive_e_i_legami_portano_il_giorno(self) -> None:
        self.scritto(self.istruttore, "Manca il verbale.", alle("2025-01-20"))
        self.assertContains(self.apri("intervento-messaggi", self.opera.pk), "Invia il messaggio")
        pagina = self.apri("intervento-messaggi", self.opera.pk, al="2025-02-01")
        monitoraggio = reverse("intervento-monitoraggio", args=[self.opera.pk])
        self.assertContains(pagina, f'href="{monitoraggio}?al=2025-02-01"')
        self.non_cambia_nulla("intervento-messaggi", self.opera.pk, al="2025-02-01")

    def test_le_interrogazioni_non_crescono(self) -> None:
        self.scritto(self.istruttore, "Uno.", alle("2025-01-20"))
        poche = self.quante("intervento-messaggi", self.opera.pk, al="2025-02-01")
        for numero in range(4):
            filo = self.scritto(self.istruttore, f"Altro {numero}.", alle("2025-01-20"))
            self.evento(filo, CHIUSA, alle("2025-01-22"))
        assert self.fili(al="2025-02-01") == ([1], [1, 1, 1, 1])
        assert self.quante("intervento-messaggi", self.opera.pk, al="2025-02-01") == poche


class LegamiTestCase(Letture, MonitoraggioTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.coordinatore)

    def test_la_scheda_a_un_giorno_porta_ai_documenti_e_ai_messaggi_di_quel_giorno(self) -> None:
        pagina = self.apri("intervento-monitoraggio", self.opera.pk, al="2024-12-31")
        for nome in ("documenti", "intervento-messaggi"):
            self.assertContains(pagina, f'href="{reverse(nome, args=[self.opera.pk])}?al=2024-12-31"')
        self.client.force_login(self.compilatore)
        self.non_cambia_nulla("intervento-monitoraggio", self.opera.pk, al="2024-12-31")

    def test_un_avanzamento_porta_alla_situazione_di_fine_mese(self) -> None:
        scheda = reverse("intervento-monitoraggio", args=[self.opera.pk])
        self.assertContains(self.apri("avanzamento", self.approvato(DICEMBRE).pk), f'href="{scheda}?al=2024-12-31"')
        # Of a month that is still running there is no situation yet.
        domani = timezone.localdate() + timedelta(days=1)
        questo = self.bozza(timezone.localdate().replace(day=1))
        if domani.month == timezone.localdate().month:
            self.assertNotContains(self.apri("avanzamento", questo.pk), f'href="{scheda}?al=')
        else:
            self.assertContains(self.apri("avanzamento", questo.pk), f'href="{scheda}?al=')

    def test_le_pagine_del_piano_e_dell_intervento_portano_a_un_giorno_passato(self) -> None:
        self.assertContains(self.apri("intervento", self.opera.pk), "#tempo-al")
        self.assertContains(self.apri("intervento", self.opera.pk), "Leggi a un giorno passato")
