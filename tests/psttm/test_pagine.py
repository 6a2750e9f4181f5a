"""The pages of the strategic plan say what the sources say, in both directions."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client, TestCase
from django.urls import reverse

from enti.models import Utente
from enti.ruoli import Ruolo
from psttm.models import Driver, Missione, Obiettivo
from registro.models import Evento, Fonte
from tests import riferimenti
from tests.enti.persone import crea_persona


def leggi(client: Client, indirizzo: str) -> str:
    risposta = client.get(indirizzo)
    assert risposta.status_code == 200, f"{indirizzo}: {risposta.status_code}"
    return re.sub(r"[ \n]+", " ", html.unescape(risposta.content.decode()))


class LetturaTestCase(TestCase):
    persona: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.persona = crea_persona(Ruolo.CABINA)

    def setUp(self) -> None:
        self.client.force_login(self.persona)

    def test_la_pagina_del_programma_dice_in_una_riga_che_cosa_e_e_a_che_punto_sta(self) -> None:
        pagina = leggi(self.client, reverse("programma"))
        assert "Il PNRR finanzia 215 interventi per 464,3\xa0mln\xa0€: situazione al 31/12/2024." in pagina
        for piano in ("COME IN", "SPUGNA", "CAMBIO", "MICA"):
            assert f"<h3>{piano}</h3>" in pagina

    def test_il_piano_ha_sei_missioni_dieci_driver_tre_sttm_sette_passi_e_cinque_parole(self) -> None:
        pagina = leggi(self.client, reverse("piano"))
        for nome, quanti in (("missione", 6), ("driver", 10), ("strategia", 3)):
            assert sum(f'href="{reverse(nome, args=[n])}"' in pagina for n in range(1, 20)) == quanti
        for frase in ("Approvazione definitiva da parte del Consiglio metropolitano", "Sostenibilità", "Attrattività"):
            assert frase in pagina

    def test_ogni_missione_mostra_i_suoi_obiettivi(self) -> None:
        for numero, quanti in ((1, 15), (2, 16), (3, 14), (5, 12)):
            pagina = leggi(self.client, reverse("missione", args=[numero]))
            assert f"{quanti} obiettivi strategici." in pagina
            assert pagina.count("<tr data-riga>") == quanti

    def test_dove_la_fonte_tace_la_missione_lo_dice(self) -> None:
        for numero in (4, 6):
            assert "il testo del Piano non ne riporta la tabella" in leggi(
                self.client, reverse("missione", args=[numero])
            )

    def test_i_legami_si_seguono_nei_due_versi(self) -> None:
        rete_verde = reverse("obiettivo", args=[2, 15])
        driver = reverse("driver", args=[2])
        sttm = reverse("strategia", args=[1])
        assert rete_verde in leggi(self.client, driver)
        assert driver in leggi(self.client, rete_verde)
        assert sttm in leggi(self.client, driver)
        assert driver in leggi(self.client, sttm)
        assert rete_verde in leggi(self.client, sttm)
        assert reverse("missione", args=[2]) in leggi(self.client, rete_verde)

    def test_la_matrice_conta_i_legami_e_ogni_cifra_apre_i_suoi_obiettivi(self) -> None:
        pagina = leggi(self.client, reverse("matrice"))
        assert "4 legami fra Driver e STTM" in pagina
        for driver in Driver.objects.all():
            for missione in Missione.objects.all():
                quanti = Obiettivo.objects.filter(driver=driver, missione=missione).count()
                elenco = f"{reverse('obiettivi')}?driver={driver.numero}&missione={missione.numero}"
                assert (f'"{elenco}"' in pagina) is bool(quanti)
                if quanti:
                    assert leggi(self.client, elenco).count("<tr data-riga>") == quanti

    def test_gli_obiettivi_si_filtrano_e_un_elenco_vuoto_dice_che_cosa_fare(self) -> None:
        comuni = leggi(self.client, f"{reverse('obiettivi')}?missione=2&destinatario=comuni")
        assert comuni.count("<tr data-riga>") == 15
        assert "Rivolto a: Comuni" in comuni
        assert "Nessun obiettivo corrisponde ai filtri" in leggi(self.client, f"{reverse('obiettivi')}?q=zzzz")

    def test_misure_strumenti_intese_risultati_numeri_e_fonti_sono_in_pagina(self) -> None:
        for nome, frasi in {
            "misure": ("M5C2I2.02.03", "277.000.000,00\xa0€", "19.810.000.000,00\xa0€"),
            "attuazione": ("Next Re-Generation", "STTM 1", "Unione Europea", "Regione Lombardia"),
            "risultati": ("33,5\xa0%", "143", "CAMBIO", "62,51"),
            "numeri": ("3.247.764", "2.061,2", "Redditi e occupazione"),
            "fonti": ("CC BY 4.0",),
        }.items():
            pagina = leggi(self.client, reverse(nome))
            for frase in frasi:
                assert frase in pagina, f"{nome}: {frase}"

    def test_chi_legge_non_modifica(self) -> None:
        assert "obiettivi/nuovo" not in leggi(self.client, reverse("missione", args=[4]))
        assert self.client.get(reverse("obiettivo-nuovo")).status_code == 403


class ObiettiviDelPersonaleTestCase(TestCase):
    persona: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.persona = crea_persona(Ruolo.COORDINATORE)

    def setUp(self) -> None:
        self.client.force_login(self.persona)
        self.dati = {
            "missione": Missione.objects.get(numero=4).pk,
            "testo": "Scuole aperte il pomeriggio",
            "destinatari": ["comuni", "citta_metropolitana"],
            "fonte": Fonte.objects.get(codice="psttm-2025-2027").pk,
            "luogo": "cap. 3, tabella della Missione 4, n. 1",
        }

    def aggiungi(self) -> Obiettivo:
        risposta = self.client.post(reverse("obiettivo-nuovo"), self.dati)
        assert risposta.headers["Location"] == reverse("obiettivo", args=[4, 1])
        return Obiettivo.objects.get(missione__numero=4)

    def test_il_coordinatore_aggiunge_un_obiettivo_e_il_registro_lo_sa(self) -> None:
        obiettivo = self.aggiungi()
        assert obiettivo.codice == "M4.1"
        assert [d.value for d in obiettivo.destinatari] == ["citta_metropolitana", "comuni"]
        evento = Evento.objects.get(verbo="aggiunto")
        assert evento.autore == self.persona
        assert evento.dopo is not None
        assert evento.dopo["testo"] == "Scuole aperte il pomeriggio"
        assert "aggiunto dal personale" in leggi(self.client, reverse("missione", args=[4]))

    def test_il_secondo_obiettivo_prende_il_numero_seguente(self) -> None:
        self.aggiungi()
        self.client.post(reverse("obiettivo-nuovo"), self.dati | {"testo": "Un altro"})
        assert list(Obiettivo.objects.filter(missione__numero=4).values_list("numero", flat=True)) == [1, 2]

    def test_chi_dimentica_un_campo_lo_sa_e_non_perde_il_resto(self) -> None:
        risposta = self.client.post(reverse("obiettivo-nuovo"), self.dati | {"luogo": "", "destinatari": []})
        pagina = risposta.content.decode()
        assert "Ci sono 2 cose da correggere" in pagina
        assert "Indica il punto del documento" in pagina
        assert "Segna almeno un destinatario" in pagina
        assert "Scuole aperte il pomeriggio" in pagina
        assert not Obiettivo.objects.filter(missione__numero=4).exists()

    def test_un_obiettivo_aggiunto_si_corregge_e_si_vede_com_era(self) -> None:
        self.aggiungi()
        self.client.post(reverse("obiettivo-modifica", args=[4, 1]), self.dati | {"testo": "Scuole aperte la sera"})
        evento = Evento.objects.get(verbo="corretto")
        assert evento.prima is not None
        assert evento.dopo is not None
        assert (evento.prima["testo"], evento.dopo["testo"]) == ("Scuole aperte il pomeriggio", "Scuole aperte la sera")

    def test_un_obiettivo_spostato_di_missione_prende_un_numero_libero(self) -> None:
        self.aggiungi()
        m5 = Missione.objects.get(numero=5)
        self.client.post(reverse("obiettivo-modifica", args=[4, 1]), self.dati | {"missione": m5.pk})
        assert Obiettivo.objects.get(aggiunto_dal_personale=True).codice == "M5.13"

    def test_un_obiettivo_tolto_resta_nel_registro(self) -> None:
        self.aggiungi()
        assert "Togli l'obiettivo M4.1" in leggi(self.client, reverse("obiettivo-togli", args=[4, 1]))
        self.client.post(reverse("obiettivo-togli", args=[4, 1]))
        assert not Obiettivo.objects.filter(missione__numero=4).exists()
        assert Evento.objects.filter(verbo="tolto", oggetto__startswith="M4.1").exists()

    def test_gli_obiettivi_del_testo_ufficiale_non_si_toccano(self) -> None:
        for nome in ("obiettivo-modifica", "obiettivo-togli"):
            assert self.client.post(reverse(nome, args=[1, 1]), self.dati).status_code == 403
        assert Obiettivo.objects.filter(missione__numero=1).count() == 15


@pytest.mark.django_db
def test_senza_dati_le_pagine_dicono_che_cosa_manca(client: Client) -> None:
    client.force_login(crea_persona(Ruolo.CABINA))
    for nome in ("programma", "piano", "misure", "numeri", "fonti", "territorio"):
        assert "Qui star" in leggi(client, reverse(nome)), nome
