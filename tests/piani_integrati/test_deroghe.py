"""Waivers: recorded by their act, refused where they make no sense, withdrawn in sight, never over an outcome."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from enti.ruoli import Ruolo
from interventi.models import Intervento
from piani_integrati import forms_deroghe, services
from piani_integrati.esiti import Esito
from piani_integrati.models import Deroga, InterventoNelPiano, PianoIntegrato
from piani_integrati.regole import PER_CODICE, REGOLE, Contesto, Livello, di_un_intervento, valuta
from registro.models import Evento
from tests.enti.persone import crea_persona
from tests.piani_integrati.base import PianiTestCase, crea_intervento, cup, persona_del_comune

ATTO: dict[str, Any] = {
    "atto": "Decreto n. 43/2025",
    "organo": "Ministero dell'interno",
    "data": date(2025, 3, 1),
    "motivo": "Già finanziato per il resto.",
}


class DerogheTestCase(PianiTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.prova = self.bozza("PROVA")
        self.opera = self.nel_piano(1)

    def nel_piano(self, numero: int, **campi: Any) -> Intervento:
        creato = crea_intervento(numero, **campi)
        InterventoNelPiano.objects.create(piano=self.prova, intervento=creato)
        return creato

    def registra(self, regola: str = "cup", intervento: Intervento | None = None, **altro: Any) -> Deroga:
        return services.registra_deroga(
            piano_id=self.prova.pk,
            regola=regola,
            intervento_id=intervento.pk if intervento else None,
            autore=self.coordinatore,
            **ATTO | altro,
        )

    def invia(self, **dati: Any) -> Any:
        """Send the form as people do."""
        campi = {"regola": "cup", "intervento": "", **ATTO, "data_atto": "2025-03-01", **dati}
        return self.client.post(reverse("deroga-nuova", args=["prova"]), campi)

    def errori(self, **dati: Any) -> dict[str, list[str]]:
        risposta = self.invia(**dati)
        assert risposta.status_code == 200
        assert not Deroga.objects.exists()
        return dict(risposta.context["modulo"].errors)

    def leggi(self, nome: str, *argomenti: Any, **parametri: str) -> str:
        risposta = self.client.get(reverse(nome, args=argomenti), parametri)
        assert risposta.status_code == 200, nome
        return " ".join(unescape(risposta.content.decode()).split())


class RegistrareTestCase(DerogheTestCase):
    def test_la_deroga_si_registra_con_il_suo_atto_e_lascia_una_ricevuta(self) -> None:
        risposta = self.invia(intervento=str(self.opera.pk))
        deroga = Deroga.objects.get()
        assert risposta.headers["Location"] == reverse("piano-integrato-regola", args=["prova", "cup"])
        assert (deroga.piano, deroga.intervento, deroga.regola) == (self.prova, self.opera, "cup")
        assert (deroga.atto, deroga.organo, deroga.data) == (ATTO["atto"], ATTO["organo"], ATTO["data"])
        assert (deroga.autore, deroga.ritirata_il) == (self.coordinatore, None)
        evento = Evento.objects.filter(verbo="deroga registrata").get()
        assert evento.autore_id == self.coordinatore.pk
        assert f"Deroga n. {deroga.pk} registrata il" in self.leggi("piano-integrato-deroghe", "prova")

    def test_un_atto_nel_futuro_e_rifiutato_e_quello_di_oggi_no(self) -> None:
        oggi = timezone.localdate()
        errori = self.errori(data_atto=(oggi + timedelta(days=1)).isoformat())
        assert list(errori) == ["data_atto"]
        assert "nel futuro" in errori["data_atto"][0]
        assert self.invia(data_atto=oggi.isoformat()).status_code == 302
        assert Deroga.objects.get().data == oggi

    def test_una_regola_sul_piano_intero_non_ha_deroghe_di_un_intervento(self) -> None:
        for regola in REGOLE:
            if regola.livello is Livello.PIANO:
                errori = self.errori(regola=regola.codice, intervento=str(self.opera.pk))
                assert list(errori) == ["intervento"], regola.codice
                assert "guarda il piano intero" in errori["intervento"][0]
        assert self.invia(regola="costo_minimo").status_code == 302

    def test_un_intervento_che_non_e_nel_piano_e_rifiutato(self) -> None:
        fuori = crea_intervento(2)
        errori = self.errori(intervento=str(fuori.pk))
        assert list(errori) == ["intervento"]
        assert "non è nel piano PROVA" in errori["intervento"][0]
        with pytest.raises(services.DerogaRifiutata) as rifiuto:
            self.registra(intervento=fuori)
        assert rifiuto.value.campo == "intervento"

    def test_l_atto_chi_l_ha_concessa_la_data_e_il_motivo_sono_necessari(self) -> None:
        for campo in ("regola", "atto", "organo", "data_atto", "motivo"):
            assert list(self.errori(**{campo: " " if campo != "regola" else ""})) == [campo]
        assert list(self.errori(regola="inventata")) == ["regola"]
        with pytest.raises(IntegrityError), transaction.atomic():
            self.registra(atto="")

    def test_si_deroga_solo_alle_regole_che_riguardano_il_tipo_di_piano(self) -> None:
        def proposte() -> set[str]:
            modulo = self.client.get(reverse("deroga-nuova", args=["prova"])).context["modulo"]
            return {codice for codice in PER_CODICE if f'value="{codice}"' in str(modulo["regola"])}

        assert proposte() == set(PER_CODICE)
        PianoIntegrato.objects.filter(pk=self.prova.pk).update(tipo="programma")
        assert proposte() == {"dnsh", "cup"}

    def test_l_indirizzo_propone_la_regola_e_l_intervento(self) -> None:
        altra = self.nel_piano(2)
        pagina = self.leggi("deroga-nuova", "prova", regola="dnsh", intervento=str(altra.pk))
        assert '<option value="dnsh" selected>' in pagina
        assert f'<option value="{altra.pk}" selected>{cup(2)} Opera 2</option>' in pagina
        a_caso = self.leggi("deroga-nuova", "prova", regola="inventata", intervento="zzz")
        assert " selected>" not in a_caso, "ciò che non c'è non si propone"

    def test_oltre_trecento_interventi_si_scrive_il_cup(self) -> None:
        doppia = self.nel_piano(2, clp="LOTTO-A", comuni=())
        self.nel_piano(2, clp="LOTTO-B", comuni=())
        self.nel_piano(3, cup="", clp="SENZA-CUP", comuni=())
        mancanti = forms_deroghe.ELENCABILI - self.prova.voci.count()
        for numero in range(10, 10 + mancanti):
            self.nel_piano(numero, comuni=())
        assert "<option" in self.leggi("deroga-nuova", "prova").partition('name="intervento"')[2].partition("Atto")[0]
        self.nel_piano(9000, comuni=())
        pagina = self.leggi("deroga-nuova", "prova", intervento=str(self.opera.pk))
        assert "CUP dell'intervento" in pagina
        assert f'value="{cup(1)}"' in pagina
        assert 'value="LOTTO-A"' in self.leggi("deroga-nuova", "prova", intervento=str(doppia.pk))
        for assente in (cup(8000), "--"):
            assert "non c'è un intervento" in self.errori(intervento=assente)["intervento"][0]
        assert "più interventi" in self.errori(intervento=cup(2))["intervento"][0]
        assert self.invia(intervento=f" {cup(1).lower()} ").status_code == 302
        assert self.invia(intervento="LOTTO-A").status_code == 302
        assert self.invia(intervento="").status_code == 302
        assert [deroga.intervento for deroga in Deroga.objects.order_by("pk")] == [self.opera, doppia, None]

    def test_solo_chi_gestisce_i_piani_registra_e_ritira(self) -> None:
        deroga = self.registra()
        for chi in (crea_persona(Ruolo.CABINA), crea_persona(Ruolo.ISTRUTTORE), persona_del_comune("Rho")):
            self.client.force_login(chi)
            for rotta in (reverse("deroga-nuova", args=["prova"]), reverse("deroga-ritira", args=[deroga.pk])):
                assert self.client.get(rotta).status_code == 403
                assert self.client.post(rotta, {"motivo": "x"}).status_code == 403
            pagina = self.leggi("piano-integrato-deroghe", "prova")
            assert "Decreto n. 43/2025" in pagina
            assert "Registra una deroga" not in pagina
            assert "Ritira" not in pagina
        deroga.refresh_from_db()
        assert deroga.ritirata_il is None


class RitirareTestCase(DerogheTestCase):
    def test_la_deroga_ritirata_resta_in_vista_con_il_motivo(self) -> None:
        deroga = self.registra("costo_minimo")
        assert "1 deroga vale oggi per questo piano." in self.leggi("piano-integrato-deroghe", "prova")
        risposta = self.client.post(
            reverse("deroga-ritira", args=[deroga.pk]), {"motivo": "Revocata, decreto 50/2025."}
        )
        assert risposta.headers["Location"] == reverse("piano-integrato-regola", args=["prova", "costo_minimo"])
        deroga.refresh_from_db()
        assert deroga.ritirata_il is not None
        assert deroga.ritirata_da == self.coordinatore
        pagina = self.leggi("piano-integrato-deroghe", "prova")
        assert "Nessuna deroga vale oggi per questo piano; 1 è stata ritirata." in pagina
        for testo in ("Decreto n. 43/2025", "Già finanziato per il resto.", "ritirata", "Revocata, decreto 50/2025."):
            assert testo in pagina
        assert reverse("deroga-ritira", args=[deroga.pk]) not in pagina
        assert Evento.objects.filter(verbo="deroga ritirata", autore_id=self.coordinatore.pk).count() == 1

    def test_il_ritiro_vuole_un_motivo_e_si_fa_una_volta(self) -> None:
        deroga = self.registra()
        indirizzo = reverse("deroga-ritira", args=[deroga.pk])
        assert "Manca il motivo" in unescape(self.client.post(indirizzo, {"motivo": "  "}).content.decode())
        deroga.refresh_from_db()
        assert deroga.ritirata_il is None
        self.client.post(indirizzo, {"motivo": "Prima volta."})
        ancora = self.client.post(indirizzo, {"motivo": "Seconda volta."}, follow=True)
        assert "è già stata ritirata" in unescape(ancora.content.decode())
        assert '<form method="post" class="modulo"' not in ancora.content.decode()
        deroga.refresh_from_db()
        assert deroga.motivo_ritiro == "Prima volta."

    def test_una_deroga_che_non_c_e_non_si_ritira(self) -> None:
        assert self.client.get(reverse("deroga-ritira", args=[999999])).status_code == 404


class EsitiTestCase(DerogheTestCase):
    def test_una_deroga_non_cambia_mai_un_esito(self) -> None:
        """Every rule waived, for the piano and for its intervento: what is judged stays what it was."""
        Intervento.objects.filter(pk=self.opera.pk).update(stato_cup="revocato")
        giorno = Contesto.al_giorno(timezone.localdate())
        piano, opera = valuta(self.prova, giorno), di_un_intervento(self.opera.pk, giorno)
        assert {giudizio.esito for giudizio in piano} >= {Esito.NON_CONFORME, Esito.NON_DETERMINABILE}
        for regola in REGOLE:
            self.registra(regola.codice)
            if regola.livello is Livello.INTERVENTO:
                self.registra(regola.codice, self.opera)
        assert valuta(self.prova, giorno) == piano
        assert di_un_intervento(self.opera.pk, giorno) == opera
        pagina = self.leggi("piano-integrato-deroghe", "prova")
        for giudizio in piano:
            titolo = str(giudizio.regola.titolo)
            assert f'{titolo}</a> <span class="segno segno-{giudizio.esito.codice}">' in pagina, titolo


class ElencoTestCase(DerogheTestCase):
    def test_le_deroghe_sono_regola_per_regola_prima_le_valide(self) -> None:
        vecchia = self.registra("dnsh", data=date(2025, 5, 1), atto="Atto ritirato")
        services.ritira_deroga(deroga_id=vecchia.pk, motivo="Non serve più.", autore=self.coordinatore)
        self.registra("cup", atto="Atto sul CUP")
        self.registra("dnsh", self.opera, data=date(2025, 1, 1), atto="Atto valido")
        pagina = self.leggi("piano-integrato-deroghe", "prova")
        posti = [pagina.index(atto) for atto in ("Atto valido", "Atto ritirato", "Atto sul CUP")]
        assert posti == sorted(posti)
        assert "2 deroghe valgono oggi per questo piano; 1 è stata ritirata." in pagina
        assert reverse("intervento", args=[self.opera.pk]) in pagina
        assert str(self.coordinatore) in pagina, "chi l'ha registrata"

    def test_le_deroghe_sugli_interventi_di_altri_si_contano_e_non_si_raccontano(self) -> None:
        altrui = self.nel_piano(2, comuni=("Bresso",))
        self.registra("cup", altrui, atto="Atto di Bresso")
        di_rho = persona_del_comune("Rho")
        self.client.force_login(di_rho)
        pagina = self.leggi("piano-integrato-deroghe", "prova")
        assert "Una, su interventi di altri enti." in pagina
        self.registra("cup", self.opera, atto="Atto di Rho")
        self.registra("dnsh", altrui, atto="Atto di Bresso")
        pagina = self.leggi("piano-integrato-deroghe", "prova")
        assert "3 deroghe valgono oggi" in pagina
        assert "Atto di Rho" in pagina
        assert "E altre 2, su interventi di altri enti." in pagina
        assert "Atto di Bresso" not in pagina
        assert cup(2) not in pagina

    def test_una_regola_uscita_dal_catalogo_lascia_le_sue_deroghe(self) -> None:
        deroga = self.registra("cup", atto="Atto antico")
        Deroga.objects.filter(pk=deroga.pk).update(regola="regola_antica")
        pagina = self.leggi("piano-integrato-deroghe", "prova")
        assert "regola_antica" in pagina
        assert "Atto antico" in pagina
        risposta = self.client.post(reverse("deroga-ritira", args=[deroga.pk]), {"motivo": "Regola abrogata."})
        assert risposta.headers["Location"] == reverse("piano-integrato-deroghe", args=["prova"])

    def test_senza_deroghe_la_pagina_dice_come_registrarne_una(self) -> None:
        pagina = self.leggi("piano-integrato-deroghe", "prova")
        assert "Nessuna deroga è stata registrata per questo piano." in pagina
        assert reverse("deroga-nuova", args=["prova"]) in pagina

    def test_le_interrogazioni_non_crescono_con_le_deroghe(self) -> None:
        def quante() -> int:
            with CaptureQueriesContext(connection) as catturate:
                self.leggi("piano-integrato-deroghe", "prova")
            return len(catturate)

        self.registra("cup", self.opera)
        poche = quante()
        for numero in range(2, 30):
            ritirata = self.registra("dnsh", self.nel_piano(numero))
            services.ritira_deroga(deroga_id=ritirata.pk, motivo="Prova.", autore=self.coordinatore)
        assert quante() == poche
