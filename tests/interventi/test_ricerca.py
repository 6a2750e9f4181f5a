"""The search box: a code leads to its intervento, words to what holds them, and nobody finds what is not hers."""

from __future__ import annotations

from django.test import TestCase
from django.urls import reverse

from enti.models import Utente
from enti.ruoli import Ruolo
from interventi.models import Intervento, Procedura
from interventi.ricerca import aggiorna
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.interventi.opere import di_rho, opera, submisura
from tests.psttm.test_pagine import leggi

CIG = "9472256ABC"


class RicercaTestCase(TestCase):
    persona: Utente
    bosco: Intervento
    scuola: Intervento

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.persona = crea_persona(Ruolo.CABINA)
        cls.bosco = opera("Bosco di città", cup="J41J22000010001", comuni=["Rho"], finanziamento_totale="12.00")
        cls.scuola = opera("Scuola", cup="J41J22000020001", comuni=["Magenta"])
        Procedura.objects.create(intervento=cls.scuola, cig=CIG, oggetto="Lavori")
        aggiorna([cls.scuola.pk])

    def setUp(self) -> None:
        self.client.force_login(self.persona)

    def dove(self, q: str) -> str:
        risposta = self.client.get(reverse("cerca"), {"q": q})
        return str(risposta.headers.get("Location", ""))

    def cerca(self, q: str) -> str:
        return leggi(self.client, reverse("cerca", query={"q": q}))

    def test_un_cup_e_un_cig_portano_dritto_all_intervento(self) -> None:
        for q in ("J41J22000010001", " j41 j22 00001 0001 ", "J41J-22000010001"):
            assert self.dove(q) == reverse("intervento", args=[self.bosco.pk]), q
        assert self.dove("9472256abc") == reverse("intervento", args=[self.scuola.pk])

    def test_un_cup_di_due_interventi_mostra_tutti_e_due(self) -> None:
        opera("Secondo lotto", cup="J41J22000010001", submisura=submisura("M5C2I2.02.02"))
        pagina = self.cerca("J41J22000010001")
        assert "Bosco di città" in pagina
        assert "Secondo lotto" in pagina
        assert self.client.get(reverse("interventi-cup", args=["J41J22000010001"])).headers["Location"] == (
            f"{reverse('interventi')}?q=J41J22000010001"
        )

    def test_l_indirizzo_di_un_cup_porta_al_suo_intervento(self) -> None:
        risposta = self.client.get(reverse("interventi-cup", args=["j41j22000010001"]))
        assert risposta.headers["Location"] == reverse("intervento", args=[self.bosco.pk])

    def test_le_parole_trovano_interventi_e_comuni_coi_loro_conti(self) -> None:
        pagina = self.cerca("rho")
        for genere, conto in (("comuni", "1\xa0Comune"), ("interventi", "1\xa0intervento")):
            assert f'<a href="#trovati-{genere}">{conto}</a>' in pagina
        assert f'href="{reverse("comune", args=["015182"])}"' in pagina
        assert f'href="{reverse("interventi")}?comune=015182">1 intervento</a>' in pagina
        assert f'href="{reverse("interventi")}?q=rho"' in pagina
        assert "12,00\xa0€" in pagina

    def test_gli_accenti_e_le_maiuscole_non_contano(self) -> None:
        for q in ("BOSCO DI CITTA", "bosco città"):
            assert "Bosco di città" in self.cerca(q), q

    def test_i_comuni_che_cominciano_cosi_vengono_prima(self) -> None:
        pagina = self.cerca("magn")
        assert pagina.index(">Magnago</a>") > 0
        assert self.cerca("san").index(">San Colombano") < self.cerca("san").index(">Cassano")

    def test_un_testo_troppo_corto_o_assente_non_cerca_e_lo_dice(self) -> None:
        assert "«rh» è troppo corto: scrivi almeno 3 caratteri." in self.cerca("rh")
        assert "Un CUP, un CIG o il codice di un rapporto portano dritto alla loro pagina" in self.cerca("  ")

    def test_cio_che_non_c_e_si_dice(self) -> None:
        assert "Niente corrisponde" in self.cerca("zzzzzz")
        assert "Niente corrisponde" in self.cerca("B41J22999990009")

    def test_il_carattere_nullo_e_i_testi_smisurati_non_rompono_la_pagina(self) -> None:
        assert "Niente corrisponde" in self.cerca("zzq\0qzz")
        assert "Niente corrisponde" in self.cerca("z" * 5000)

    def test_un_comune_non_trova_ne_conta_gli_interventi_degli_altri(self) -> None:
        self.client.force_login(di_rho())
        assert self.dove("J41J22000020001") == ""
        assert self.dove(CIG) == ""
        assert "Niente corrisponde" in self.cerca("scuola")
        assert "nessun intervento" in self.cerca("magenta")
        assert self.dove("J41J22000010001") == reverse("intervento", args=[self.bosco.pk])
