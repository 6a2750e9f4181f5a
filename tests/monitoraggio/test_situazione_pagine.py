"""The pages of the situation: today, an earlier day, what was then known; for whom."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enti.models import Comune, Utente
from enti.ruoli import Ruolo
from interventi.models import Intervento, Localizzazione
from monitoraggio.models import Avanzamento
from monitoraggio.selectors.sezione_situazione import sezione_piano
from monitoraggio.services import bozze, passaggi
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from tests.enti.persone import crea_persona
from tests.monitoraggio.base import DICEMBRE, NOVEMBRE, MonitoraggioTestCase, celle_buone, intervento
from tests.monitoraggio.test_giro import MOVIMENTI

CRITICITA = {
    "criticita-c1-tipo": "cantiere",
    "criticita-c1-gravita": "alta",
    "criticita-c1-descrizione": "Il cantiere è fermo per allagamento.",
    "criticita-c1-azione": "Pompe in arrivo.",
    "criticita-c1-responsabile": "Il direttore dei lavori",
    "criticita-c1-scadenza": "2025-06-30",
}


class PagineTestCase(MonitoraggioTestCase):
    def apri(self, nome: str, *argomenti: Any, chi: Utente | None = None, **query: Any) -> Any:
        self.client.force_login(chi or self.coordinatore)
        return self.client.get(reverse(nome, args=argomenti, query=query or None))

    def _testo(self, risposta: Any) -> str:
        """What a person reads of the page, from its title on, spaces evened out."""
        assert risposta.status_code == 200
        contenuto = risposta.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
        senza_chiavi = re.sub(r"csrfmiddlewaretoken\" value=\"[^\"]+", "", contenuto)
        return " ".join(re.sub(r"<[^>]+>", " ", senza_chiavi).split())


class ElencoTestCase(PagineTestCase):
    def test_la_prima_riga_dice_quanti_sono_in_ritardo_e_quanti_senza_dati(self) -> None:
        self.approvato()
        intervento("Bresso")
        testo = self._testo(self.apri("monitoraggio", al="2026-04-01"))
        assert "1 intervento su 2 è in ritardo; 1 senza dati." in testo
        assert "situazione al 01/04/2026" in testo
        testo = self._testo(self.apri("monitoraggio", al="2026-03-31"))
        assert "Nessuno dei 2 interventi è in ritardo; 1 senza dati." in testo

    def test_si_sceglie_solo_fra_gli_enti_di_cui_si_vede_qualcosa(self) -> None:
        intervento("Bresso")
        for chi, attesi in (
            (self.responsabile, {"Comune di Rho"}),
            (self.coordinatore, {"Comune di Rho", "Comune di Bresso"}),
        ):
            self.client.force_login(chi)
            for pagina in ("monitoraggio", "variazioni"):
                scelte = self.client.get(reverse(pagina)).context["filtro"].form.fields["ente"].queryset
                assert {str(ente) for ente in scelte} == attesi, pagina

    def test_un_giorno_passato_non_cambia_con_i_fatti_di_dopo(self) -> None:
        self.approvato(NOVEMBRE)
        prima = self._testo(self.apri("monitoraggio", al="2024-11-30"))
        scheda_prima = self._testo(self.apri("intervento-monitoraggio", self.opera.pk, al="2024-11-30"))
        self.approvato(DICEMBRE, celle_buone(testa__0__percentuale="60") | MOVIMENTI | CRITICITA)
        assert self._testo(self.apri("monitoraggio", al="2024-11-30")) == prima
        assert self._testo(self.apri("intervento-monitoraggio", self.opera.pk, al="2024-11-30")) == scheda_prima
        assert "60,0" in self._testo(self.apri("monitoraggio"))

    def test_noto_al_e_cio_che_allora_si_sapeva(self) -> None:
        approvato = self.approvato(DICEMBRE, celle_buone() | MOVIMENTI)
        assert approvato.approvato_il is not None
        nuova = bozze.correggi(avanzamento_id=approvato.pk, motivo="Mandato sbagliato", autore=self.compilatore)
        bozze.salva(
            avanzamento_id=nuova.pk, revisione=0, celle={"pagamenti-n2-importo": "100.000"}, autore=self.compilatore
        )
        passaggi.invia(avanzamento_id=nuova.pk, autore=self.responsabile)
        passaggi.approva(avanzamento_id=nuova.pk, autore=self.istruttore)
        nuova.refresh_from_db()
        assert nuova.approvato_il is not None
        adesso = self._testo(self.apri("intervento-monitoraggio", self.opera.pk))
        assert "pagato 100.000,00" in adesso
        con_instante: dict[str, Any] = {"al": "2024-12-31", "noto_al": nuova.approvato_il.strftime("%Y-%m-%dT%H:%M:%S")}
        chiesto = self.apri("intervento-monitoraggio", self.opera.pk, **con_instante)
        assert "come era nota il" in self._testo(chiesto)
        ieri = self._testo(self.apri("intervento-monitoraggio", self.opera.pk, al="2024-12-31", noto_al="2025-01-15"))
        assert "Nessun mese è ancora approvato, a quel giorno" in ieri
        assert "100.000,00" not in ieri
        assert "120.000,10" not in ieri

    def test_un_giorno_che_non_si_legge_si_dice_e_si_mostra_oggi(self) -> None:
        testo = self._testo(self.apri("monitoraggio", al="ieri"))
        assert "«ieri» non è un giorno" in testo
        assert "Qui sotto si legge la situazione di oggi." in testo

    def test_i_filtri_portano_con_se_il_giorno(self) -> None:
        self.approvato()
        risposta = self.apri("monitoraggio", al="2024-12-31", stato="in_linea")
        self.assertContains(risposta, '<input type="hidden" name="al" value="2024-12-31"', html=False)
        self.assertContains(risposta, '<input type="hidden" name="stato" value="in_linea">', html=False)
        assert risposta.context["conti"].totale == 1
        assert self.apri("monitoraggio", al="2024-11-29", stato="in_linea").context["conti"].totale == 0

    def test_si_filtra_per_mese_criticita_ente_e_parole(self) -> None:
        self.approvato(celle=celle_buone() | CRITICITA)
        altra, calma = intervento("Bresso"), intervento()

        def trovati(**query: Any) -> set[int]:
            return {riga.intervento.pk for riga in self.apri("monitoraggio", **query).context["righe"]}

        assert trovati() == {self.opera.pk, altra.pk, calma.pk}
        assert trovati(mese="2024-12") == {self.opera.pk}
        assert trovati(mese="mai") == {altra.pk, calma.pk}
        assert trovati(criticita="gravi") == trovati(criticita="aperte") == {self.opera.pk}
        assert trovati(criticita="nessuna") == set()
        self.approvato(opera=calma)
        assert trovati(criticita="nessuna") == {calma.pk}
        assert trovati(ente=str(altra.soggetto_attuatore_id)) == {altra.pk}
        assert trovati(q=altra.cup) == {altra.pk}

    def test_le_interrogazioni_sono_le_stesse_per_poche_righe_e_per_molte(self) -> None:
        self.approvato()
        domande: list[dict[str, Any]] = [{}, {"al": "2024-12-31"}]
        for query in domande:
            self.apri("monitoraggio", **query)
            with CaptureQueriesContext(connection) as poche:
                self.apri("monitoraggio", **query)
            for _ in range(4):
                self.approvato(opera=intervento())
            with CaptureQueriesContext(connection) as molte:
                self.apri("monitoraggio", **query)
            assert len(molte) == len(poche), query

    def test_il_csv_e_la_lista_filtrata_allo_stesso_giorno(self) -> None:
        self.approvato(DICEMBRE, celle_buone() | MOVIMENTI)
        Intervento.objects.filter(pk=self.opera.pk).update(titolo="=SOMMA(1)")
        intervento("Bresso")
        risposta = self.apri("monitoraggio-csv", al="2024-12-31", stato="in_linea")
        corpo = b"".join(risposta.streaming_content).decode()
        assert corpo.startswith("\ufeffCUP;")
        assert "\r\n" in corpo
        (riga,) = csv.DictReader(io.StringIO(corpo.removeprefix("\ufeff")), delimiter=";")
        assert riga["Titolo"] == "'=SOMMA(1)"
        assert riga["Pagato (EUR)"] == "120000.10"
        assert riga["Avanzamento fisico (%)"] == "10.00"
        assert (riga["Fine prevista"], riga["Letto al"]) == ("2026-03-31", "2024-12-31")
        assert self.apri("monitoraggio-csv", al="boh").status_code == 302


class SchedaTestCase(PagineTestCase):
    def test_la_scheda_dice_tutto_al_centesimo(self) -> None:
        self.approvato(NOVEMBRE)
        self.approvato(DICEMBRE, celle_buone(testa__0__percentuale="30") | MOVIMENTI | CRITICITA)
        testo = self._testo(self.apri("intervento-monitoraggio", self.opera.pk, al="2024-12-31"))
        assert "Eseguito al 30,0" in testo
        assert "pagato 120.000,10" in testo
        assert "Totale di 1 pagamenti" in testo
        assert "Edile Uno Srl" in testo
        assert "Il cantiere è fermo per allagamento." in testo
        assert "Esecuzione dei lavori" in testo
        assert "dal 10,0" in self.apri("intervento-monitoraggio", self.opera.pk).content.decode()

    def test_chi_compila_apre_i_mesi_che_mancano(self) -> None:
        risposta = self.apri("intervento-monitoraggio", self.opera.pk, chi=self.compilatore)
        mesi = [voce.mese.mese for voce in risposta.context["scheda"].da_aprire]
        assert mesi
        self.assertContains(risposta, reverse("avanzamento-apri"))
        aperto = bozze.apri(intervento_id=self.opera.pk, mese=mesi[0], autore=self.compilatore)
        voci = self.apri("intervento-monitoraggio", self.opera.pk, chi=self.compilatore).context["scheda"].da_aprire
        assert voci[0].aperto == aperto
        passato = self.apri("intervento-monitoraggio", self.opera.pk, chi=self.compilatore, al="2024-12-31")
        assert passato.context["scheda"].da_aprire == []

    def test_la_cabina_legge_tutto_e_non_ha_azioni(self) -> None:
        self.inviato(celle=celle_buone() | MOVIMENTI)
        cabina = crea_persona(Ruolo.CABINA)
        risposta = self.apri("intervento-monitoraggio", self.opera.pk, chi=cabina)
        assert "inviato" in self._testo(risposta)
        self.assertNotContains(risposta, reverse("avanzamento-apri"))
        assert self.apri("istruttoria", chi=cabina).status_code == 403
        assert self.apri("monitoraggio", chi=cabina).context["conti"].totale == 1

    def test_un_altro_comune_non_trova_l_intervento(self) -> None:
        self.inviato()
        assert self.apri("intervento-monitoraggio", self.opera.pk, chi=self.altra).status_code == 404
        assert self.apri("monitoraggio", chi=self.altra).context["conti"].totale == 0

    def test_il_comune_in_cui_si_trova_legge_la_situazione_e_non_le_bozze(self) -> None:
        self.approvato(DICEMBRE, celle_buone() | MOVIMENTI | CRITICITA)
        luogo = Localizzazione.objects.get(intervento=self.opera)
        bresso = Comune.objects.get(nome="Bresso", zona__isnull=False)
        Localizzazione.objects.create(
            intervento=self.opera, comune=bresso, codice_provincia="015", codice_comune=bresso.codice_istat[3:]
        )
        assert luogo.comune != bresso
        risposta = self.apri("intervento-monitoraggio", self.opera.pk, chi=self.altra)
        testo = self._testo(risposta)
        assert "Eseguito al 10,0" in testo
        assert "Edile Uno Srl" not in testo
        assert "allagamento" not in testo
        self.assertNotContains(risposta, reverse("documenti", args=[self.opera.pk]))
        avanzamento = Avanzamento.objects.get(intervento=self.opera)
        self.assertNotContains(risposta, reverse("avanzamento", args=[avanzamento.pk]))

    def test_le_interrogazioni_della_scheda_non_crescono(self) -> None:
        self.approvato(NOVEMBRE)
        self.apri("intervento-monitoraggio", self.opera.pk)
        with CaptureQueriesContext(connection) as poche:
            self.apri("intervento-monitoraggio", self.opera.pk)
        self.approvato(DICEMBRE, celle_buone() | MOVIMENTI | CRITICITA)
        with CaptureQueriesContext(connection) as molte:
            self.apri("intervento-monitoraggio", self.opera.pk)
        assert len(molte) <= len(poche)


class SezioniTestCase(PagineTestCase):
    def test_la_pagina_dell_intervento_dice_la_situazione(self) -> None:
        self.approvato()
        risposta = self.apri("intervento", self.opera.pk)
        assert "Eseguito al 10,0" in self._testo(risposta)
        self.assertContains(risposta, reverse("intervento-monitoraggio", args=[self.opera.pk]))

    def test_l_elenco_degli_interventi_ha_filtro_e_colonne(self) -> None:
        self.approvato()
        altra = intervento()
        risposta = self.apri("interventi", monitoraggio="non_determinabile", colonne="titolo,avanzamento_fisico")
        assert [riga.intervento.pk for riga in risposta.context["righe"]] == [altra.pk]
        risposta = self.apri("interventi", colonne="titolo,avanzamento_fisico,monitoraggio,situazione_al")
        assert "10,0" in self._testo(risposta)
        assert "31/12/2024" in self._testo(risposta)

    def test_la_pagina_del_piano_somma_i_suoi_interventi(self) -> None:
        piano = PianoIntegrato.objects.get(slug="spugna")
        grande = intervento(costo="3000000.00")
        muta = intervento("Bresso")
        for opera in (self.opera, grande, muta):
            InterventoNelPiano.objects.create(piano=piano, intervento=opera)
        self.approvato(DICEMBRE, celle_buone() | MOVIMENTI)
        self.approvato(DICEMBRE, celle_buone("3000000.00", testa__0__percentuale="50"), opera=grande)
        dati = sezione_piano(piano, self.coordinatore)
        assert dati is not None
        conti = dati["del_piano"].conti
        assert (conti.totale, conti.senza_dati, conti.pagato) == (3, 1, Decimal("120000.10"))
        # (10 % of 1 million + 50 % of 3 million) of 4 million.
        assert dati["del_piano"].percentuale == Decimal(40)
        assert not dati["parziale"]
        assert "40,0" in self._testo(self.apri("piano-integrato", "spugna"))
        di_bresso = sezione_piano(piano, self.altra)
        assert di_bresso is not None
        assert (di_bresso["del_piano"].conti.totale, di_bresso["parziale"]) == (1, True)
        assert di_bresso["del_piano"].percentuale is None
        assert sezione_piano(PianoIntegrato.objects.get(slug="mica"), self.coordinatore) is None
