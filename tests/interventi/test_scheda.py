"""The page of an intervento and its history: what is known is said, what is missing too, and the past can be read."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from enti.models import Utente
from enti.ruoli import Ruolo
from interventi import cronistoria, scheda, selectors
from interventi.models import (
    Differenza,
    Finanziamento,
    Importazione,
    Intervento,
    LegameDriver,
    Localizzazione,
    Operatore,
    Procedura,
    Requisiti,
    ValutazioneDnsh,
)
from interventi.scelte import ObiettivoDnsh
from psttm.models import Driver
from registro.azione import azione
from registro.services import annota
from registro.storia import elimina, salva
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.interventi.opere import di_rho, opera
from tests.psttm.test_pagine import leggi


class ProvaConRegistro(TestCase):
    persona: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.persona = crea_persona(Ruolo.COORDINATORE)

    def setUp(self) -> None:
        self.client.force_login(self.persona)

    def pagina(self, intervento: Intervento) -> str:
        return leggi(self.client, reverse("intervento", args=[intervento.pk]))

    @staticmethod
    def completo(intervento: Intervento) -> Any:
        return selectors.intervento_completo(Intervento.objects.all()).get(pk=intervento.pk)


class SchedaTestCase(ProvaConRegistro):
    def test_di_un_intervento_vuoto_si_dice_che_cosa_manca(self) -> None:
        pagina = self.pagina(opera(cup="B41J22999990001"))
        assert "Intervento B41J22999990001" in pagina
        assert "non si conoscono ancora né gli importi né le date" in pagina
        assert "il titolo, il finanziamento, i pagamenti" in pagina
        for frase in ("Nessuna data", "Nessuna localizzazione", "Nessuna gara nota", "Nessun importo", "Nessun Driver"):
            assert frase in pagina, frase
        assert "la valutazione DNSH: regime, obiettivi, check-list" in pagina

    def test_la_prima_frase_dice_costo_pagato_e_fine(self) -> None:
        noto = opera(
            "Piazza",
            finanziamento_totale="1000000.00",
            pagamenti_totali="250000.00",
            pagamenti_al=date(2025, 3, 31),
            fine_prevista=date(2026, 6, 30),
            pnrr="600000.00",
        )
        assert scheda.frase_iniziale(self.completo(noto)) == (
            "È finanziato con 1.000.000,00\xa0€, di cui 600.000,00\xa0€ del PNRR. "
            "Ne risultano pagati 250.000,00\xa0€ (25,0\xa0%) al 31/03/2025. La fine è prevista per il 30/06/2026."
        )

    def test_la_prima_frase_distingue_niente_pagato_da_non_si_sa(self) -> None:
        niente = self.completo(opera("Piazza", finanziamento_totale="10.00", pagamenti_totali="0.00"))
        ignoto = self.completo(opera("Piazza", finanziamento_totale="10.00"))
        assert scheda.frase_iniziale(niente) == "È finanziato con 10,00\xa0€. Non risultano pagamenti."
        assert scheda.frase_iniziale(ignoto) == "È finanziato con 10,00\xa0€."

    def test_la_barra_e_la_tabella_dicono_lo_stesso_denaro(self) -> None:
        intervento = opera("Piazza", finanziamento_totale="1000.00", pagamenti_totali="100.00", pnrr="750.00")
        Finanziamento.objects.create(intervento=intervento, fonte="comune", importo=Decimal("250.00"), pagato=None)
        denaro = scheda.denaro(self.completo(intervento))
        assert denaro is not None
        assert [(f.fonte, f.inizio, f.larghezza) for f in denaro.fette] == [("PNRR", 0, 750), ("Comune", 750, 250)]
        assert (denaro.barra_pagato, denaro.percento_pagato, denaro.somma_diversa) == (100, Decimal(10), None)
        pagina = self.pagina(intervento)
        assert 'aria-label="Finanziamento per fonte: PNRR 75,0\xa0%, Comune 25,0\xa0%"' in pagina
        assert '<td class="numero" data-colonna="Finanziamento">750,00\xa0€</td>' in pagina

    def test_se_le_fonti_non_sommano_al_totale_lo_si_dice(self) -> None:
        intervento = opera("Piazza", finanziamento_totale="1000.00", pnrr="999.99")
        assert "le fonti sommano a 999,99\xa0€, il totale è 1.000,00\xa0€" in self.pagina(intervento)

    def test_sessanta_gare_stanno_ripiegate_sotto_la_loro_somma(self) -> None:
        intervento = opera("Piazza")
        for numero in range(60):
            gara = Procedura.objects.create(
                intervento=intervento,
                cig=f"{numero:010}",
                oggetto="Lavori " * 60,
                importo=Decimal("100.50"),
                importo_aggiudicato=Decimal("90.00"),
            )
            Operatore.objects.create(procedura=gara, denominazione=f"Impresa {numero}")
            Operatore.objects.create(procedura=gara, denominazione="Terzi", tipo="subappaltatore")
        pagina = self.pagina(intervento)
        assert "60 gare, 6.030,00\xa0€ a base di gara, 5.400,00\xa0€ aggiudicati" in pagina
        assert '<details class="piega"> <summary>60 gare' in pagina
        assert 'Terzi <span class="quieto">(subappalto)</span>' in pagina
        assert pagina.count('class="testo-lungo"') == 60

    def test_poche_gare_sono_aperte(self) -> None:
        intervento = opera("Piazza")
        Procedura.objects.create(intervento=intervento, cig="9472256ABC", oggetto="Lavori")
        assert '<details class="piega" open> <summary>1 gara' in self.pagina(intervento)

    def test_i_requisiti_dicono_che_cosa_manca(self) -> None:
        requisiti = Requisiti(edificio=True, classe_prima="G")
        mancano = scheda.mancanze_requisiti(requisiti)
        assert "la classe energetica dopo i lavori" in mancano
        assert "la classe energetica prima dei lavori" not in mancano
        requisiti.edificio = False
        assert "la classe energetica dopo i lavori" not in scheda.mancanze_requisiti(requisiti)

    def test_requisiti_e_dnsh_completi_non_mancano_di_nulla(self) -> None:
        tutto = Requisiti(
            edificio=False,
            edificato_prima=Decimal(0),
            edificato_dopo=Decimal(0),
            verde_prima=Decimal(1),
            verde_dopo=Decimal(1),
            mq_beneficiari=Decimal(1),
            inclusione="Percorsi",
        )
        dnsh = ValutazioneDnsh(
            regime=2,
            checklist_ex_ante=date(2022, 9, 30),
            checklist_ex_post=date(2026, 6, 30),
            **{obiettivo.value: "positivo" for obiettivo in ObiettivoDnsh},
        )
        assert scheda.mancanze_requisiti(tutto) == scheda.mancanze_dnsh(dnsh) == []
        dnsh.acque = ""
        assert scheda.mancanze_dnsh(dnsh) == [
            "il giudizio su: Uso sostenibile e protezione delle acque e delle risorse marine"
        ]

    def test_un_danno_significativo_non_passa_per_mancante_ne_per_conforme(self) -> None:
        righe = scheda.obiettivi_dnsh(ValutazioneDnsh(acque="negativo", mitigazione="positivo"))
        segni = {parola: segno for _nome, segno, parola in righe}
        assert segni["danno significativo"] == "non_conforme"
        assert segni["nessun danno significativo"] == "conforme"
        assert segni["non ancora valutato"] == "non_determinabile"

    def test_lo_scarto_delle_date_si_dice_in_giorni(self) -> None:
        giorno = date(2025, 1, 10)
        for effettivo, frase in (
            (giorno, "nel giorno previsto"),
            (giorno + timedelta(days=1), "1 giorno dopo"),
            (giorno - timedelta(days=2), "2 giorni prima"),
            (None, ""),
        ):
            assert scheda.Tappa("Fine", giorno, effettivo).scarto == frase

    def test_le_azioni_sono_di_chi_puo(self) -> None:
        intervento = opera("Piazza", comuni=["Rho"])
        modifica = reverse("intervento-modifica", args=[intervento.pk])
        assert modifica in self.pagina(intervento)
        self.client.force_login(di_rho())
        assert modifica not in self.pagina(intervento)

    def test_le_differenze_aperte_si_annunciano(self) -> None:
        intervento = opera("Piazza")
        importazione = Importazione.objects.create()
        for numero, stato in enumerate(("aperta", "aperta", "regis")):
            Differenza.objects.create(
                intervento=intervento,
                importazione=importazione,
                tipo_oggetto="interventi.intervento",
                id_oggetto=intervento.pk,
                campo=f"campo{numero}",
                etichetta="Titolo",
                stato=stato,
            )
        assert "2 dati di ReGiS sono diversi da quelli del portale" in self.pagina(intervento)

    def test_l_intervento_di_un_altro_comune_non_esiste(self) -> None:
        altrui = opera("Altrui", comuni=["Magenta"])
        self.client.force_login(di_rho())
        for nome in ("intervento", "intervento-storia"):
            assert self.client.get(reverse(nome, args=[altrui.pk])).status_code == 404

    def test_nella_pagina_del_comune_stanno_i_suoi_interventi_col_totale(self) -> None:
        for numero in range(12):
            opera(f"Opera {numero}", comuni=["Rho"], finanziamento_totale="100.00", pagamenti_totali="25.00")
        opera("Altrove", comuni=["Bresso"], finanziamento_totale="7.00")
        pagina = leggi(self.client, reverse("comune", args=["015182"]))
        assert (
            "12 interventi, per 1.200,00\xa0€ di finanziamento; ne risultano pagati 300,00\xa0€ (25,0\xa0%)" in pagina
        )
        assert f'href="{reverse("interventi")}?comune=015182">Tutti i 12 interventi' in pagina
        assert "Altrove" not in pagina


class StoriaTestCase(ProvaConRegistro):
    def test_ogni_gesto_e_un_gruppo_con_chi_quando_e_da_che_valore_a_quale(self) -> None:
        with azione():
            intervento = opera("Piazza", finanziamento_totale="1000.00", fine_prevista=date(2026, 3, 31))
        with azione():
            intervento.finanziamento_totale = Decimal("1200.50")
            intervento.fine_prevista = date(2026, 6, 30)
            salva(intervento, autore=self.persona)
            salva(Finanziamento(intervento=intervento, fonte="comune", importo=Decimal(5)), autore=self.persona)
            annota(intervento, "corretto", autore=self.persona, nota="Delibera n. 3")
        ultima, prima = cronistoria.azioni(intervento)
        assert (ultima.titolo, ultima.nota, ultima.autore) == ("Corretto", "Delibera n. 3", self.persona)
        assert prima.titolo == "Inserito nel portale"
        cambi = {c.etichetta: (c.prima, c.dopo) for c in ultima.gruppi[0].voci[0].cambi}
        assert cambi == {
            "Finanziamento totale": ("1.000,00\xa0€", "1.200,50\xa0€"),
            "Fine prevista": ("31/03/2026", "30/06/2026"),
        }
        assert [(g.titolo, g.conto) for g in ultima.gruppi] == [
            ("Intervento", "1 modifica"),
            ("Finanziamento", "1 aggiunta"),
        ]
        pagina = leggi(self.client, reverse("intervento-storia", args=[intervento.pk]))
        assert "<del>1.000,00\xa0€</del> → <ins>1.200,50\xa0€</ins>" in pagina
        assert "Delibera n. 3" in pagina

    def test_le_parti_tolte_restano_nella_storia_coi_valori_che_avevano(self) -> None:
        intervento = opera("Piazza", comuni=["Rho"], driver=[9])
        gara = Procedura(intervento=intervento, cig="9472256ABC", oggetto="Lavori")
        salva(gara, autore=None)
        operatore = Operatore(procedura=gara, denominazione="Impresa")
        salva(operatore, autore=None)
        with azione():
            elimina(Localizzazione.objects.get(intervento=intervento), autore=self.persona)
            elimina(LegameDriver.objects.get(intervento=intervento), autore=self.persona)
            elimina(operatore, autore=self.persona)
            elimina(gara, autore=self.persona)
        voci = {gruppo.titolo: gruppo.voci[0] for gruppo in cronistoria.azioni(intervento)[0].gruppi}
        assert {titolo: (voce.nome, voce.fatto) for titolo, voce in voci.items()} == {
            "Localizzazione": ("Rho", "rimozione"),
            "Legame con un Driver": (str(Driver.objects.get(numero=9)), "rimozione"),
            "Procedura di gara": ("9472256ABC", "rimozione"),
            "Operatore economico": ("Impresa", "rimozione"),
        }
        assert voci["Operatore economico"].cambi[0].dopo == ""

    def test_una_riga_scritta_due_volte_nello_stesso_gesto_e_un_cambio_solo(self) -> None:
        intervento = opera("Piazza", finanziamento_totale="1.00")
        with azione():
            for importo in ("2.00", "3.00"):
                intervento.finanziamento_totale = Decimal(importo)
                salva(intervento, autore=None)
        (cambio,) = cronistoria.azioni(intervento)[0].gruppi[0].voci[0].cambi
        assert (cambio.prima, cambio.dopo) == ("1,00\xa0€", "3,00\xa0€")

    def test_cio_che_nasce_e_muore_nello_stesso_gesto_non_si_racconta(self) -> None:
        intervento = opera("Piazza")
        with azione():
            effimero = Finanziamento(intervento=intervento, fonte="comune", importo=Decimal(5))
            salva(effimero, autore=None)
            elimina(effimero, autore=None)
        assert all(gruppo.titolo != "Finanziamento" for a in cronistoria.azioni(intervento) for gruppo in a.gruppi)

    def test_un_importazione_si_apre_dalla_storia_di_cio_che_ha_cambiato(self) -> None:
        intervento = opera("Piazza")
        importazione = Importazione.objects.create()
        with azione(importazione.azione):
            intervento.titolo = "Piazza nuova"
            salva(intervento, autore=None)
        assert cronistoria.azioni(intervento)[0].importazione == importazione
        indirizzo = reverse("intervento-storia", args=[intervento.pk])
        assert reverse("importazione", args=[importazione.pk]) in leggi(self.client, indirizzo)

    def test_si_legge_com_era_a_un_istante_parti_comprese(self) -> None:
        prima = timezone.now()
        intervento = opera("Piazza", comuni=["Rho"], finanziamento_totale="1000.00")
        allora = timezone.now()
        intervento.titolo = "Piazza nuova"
        salva(intervento, autore=None)
        elimina(Localizzazione.objects.get(intervento=intervento), autore=None)
        noto = {parte.titolo: parte.righe for parte in cronistoria.com_era(intervento, allora)}
        assert ("Titolo", "Piazza") in noto["Intervento"][0].valori
        assert ("Finanziamento totale", "1.000,00\xa0€") in noto["Intervento"][0].valori
        assert noto["Localizzazione"][0].nome == "Rho"
        assert {parte.titolo for parte in cronistoria.com_era(intervento, timezone.now())} == {"Intervento"}
        assert cronistoria.com_era(intervento, prima) == []

    def test_l_istante_si_scrive_all_italiana_e_se_non_si_capisce_lo_si_dice(self) -> None:
        intervento = opera("Piazza")
        indirizzo = reverse("intervento-storia", args=[intervento.pk])
        domani = timezone.localtime() + timedelta(days=1)
        for scritto in (f"{domani:%Y-%m-%dT%H:%M}", f"{domani:%d/%m/%Y %H:%M}", f"{domani:%d/%m/%Y}"):
            assert "Così il portale conosceva l'intervento il" in leggi(self.client, f"{indirizzo}?quando={scritto}")
        assert "Non c'era ancora" in leggi(self.client, f"{indirizzo}?quando=2001-01-01T00:00")
        assert "Scrivi giorno e ora" in leggi(self.client, f"{indirizzo}?quando=ieri")

    def test_il_collegamento_com_era_allora_mostra_quel_cambiamento(self) -> None:
        intervento = opera("Piazza")
        intervento.titolo = "Piazza nuova"
        salva(intervento, autore=None)
        indirizzo = reverse("intervento-storia", args=[intervento.pk])
        collegamento = re.search(r'href="(\?quando=[^"]+)">com', leggi(self.client, indirizzo))
        assert collegamento is not None
        assert "<dd>Piazza nuova</dd>" in leggi(self.client, f"{indirizzo}{collegamento[1]}")


@pytest.mark.parametrize(
    ("valore", "testo"), [("5700.0000", "5.700"), ("226.6000", "226,6"), ("0.0000", "0"), ("10", "10")]
)
def test_un_decimale_si_legge_con_i_decimali_che_ha(valore: str, testo: str) -> None:
    assert cronistoria._decimale(Decimal(valore)) == testo


def test_la_data_si_legge_all_italiana_e_il_vuoto_non_ha_parole() -> None:
    campo = Intervento._meta.get_field("fine_prevista")
    nomi = cronistoria.Nomi([])
    assert cronistoria.in_parole(campo, date(2026, 3, 31), nomi) == "31/03/2026"
    assert cronistoria.in_parole(campo, None, nomi) == ""
    assert cronistoria.in_parole(campo, datetime(2026, 3, 31, 10, 0, tzinfo=timezone.get_current_timezone()), nomi) == (
        "31/03/2026 alle 10:00"
    )
