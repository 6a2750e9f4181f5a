"""Undoing an import, and settling what ReGiS says otherwise."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from enti.models import Utente
from interventi.importazione import applicazione
from interventi.importazione.annullamento import NonAnnullabile, disfa
from interventi.models import Differenza, Importazione, Intervento, LegameDriver, Procedura
from interventi.models.importazioni import StatoDifferenza, StatoImportazione
from interventi.services import importazioni
from interventi.services.importazioni import ImportazioneNonAmmessa
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from psttm.models import Driver
from registro.azione import azione
from registro.esecutori import Avanzatore
from registro.models import Evento
from registro.storia import noto_al, salva
from tests.interventi.estratti import (
    ConRiferimenti,
    conta,
    elenco,
    gare,
    importa,
    localizzazioni,
    pagamenti,
    progetti,
    ragioni,
    ricevi,
)
from tests.interventi.integrita import quante_versioni, registro, verifica_conti, verifica_storia

GARA = {"CIG": "94722560EF", "Codice Interno PDA": "1", "Denominazione Aggiudicatario": "ROSSI SRL"}


def annulla(importazione: Importazione) -> None:
    with azione():
        disfa(importazione, Avanzatore(), autore=None, motivo="Prova")


class Annullamento(ConRiferimenti):
    def tearDown(self) -> None:
        verifica_storia()
        verifica_conti()

    def test_annullare_riporta_il_registro_esattamente_com_era(self) -> None:
        importa(progetti({"Titolo Progetto": "Prima"}, al="01/01/2024"), localizzazioni(), gare(GARA, al="01/01/2024"))
        prima = registro()
        testi = list(Intervento.objects.values_list("pk", "testo_ricerca"))
        importazione = importa(
            progetti({"Titolo Progetto": "Dopo", "Finanziamento PNRR": "5,00"}, {"CUP": "B41B21000020001"}),
            gare({**GARA, "Oggetto Gara": "Lavori"}, {"CIG": "", "Codice Interno PDA": "2"}),
            localizzazioni({"Indirizzo": "Via Roma"}, {"CUP": "B41B21000020001"}),
        )
        assert registro() != prima
        versioni, durante = quante_versioni(), timezone.now()
        annulla(importazione)
        assert registro() == prima
        assert list(Intervento.objects.values_list("pk", "testo_ricerca")) == testi
        assert quante_versioni() > versioni
        assert noto_al(Intervento, durante).filter(titolo="Dopo").exists()
        importazione.refresh_from_db()
        assert importazione.stato == StatoImportazione.DISFATTA
        assert Evento.objects.filter(verbo="annullata", nota="Prova").count() == 1

    def test_dopo_l_annullamento_la_stessa_importazione_si_rifa(self) -> None:
        primo = importa(progetti(), localizzazioni())
        annulla(primo)
        assert not Intervento.objects.exists()
        assert conta(importa(progetti(), localizzazioni()), "nuove") == 2

    def test_due_importazioni_si_annullano_dall_ultima_alla_prima(self) -> None:
        vuoto = registro()
        prima = importa(progetti(al="01/01/2024"), localizzazioni(al="01/01/2024"))
        seconda = importa(progetti({"Titolo Progetto": "Dopo"}))
        with pytest.raises(NonAnnullabile, match="modifiche successive"):
            annulla(prima)
        annulla(seconda)
        annulla(prima)
        assert registro() == vuoto

    def test_non_si_annulla_cio_che_una_persona_ha_poi_modificato(self) -> None:
        importazione = importa(progetti(), localizzazioni())
        intervento = Intervento.objects.get()
        intervento.titolo = "Corretto a mano"
        salva(intervento, autore=None)
        prima = registro()
        with pytest.raises(NonAnnullabile, match="Corretto a mano"):
            annulla(importazione)
        assert registro() == prima

    def test_non_si_annulla_cio_che_un_piano_usa(self) -> None:
        importazione = importa(progetti(), localizzazioni())
        piano = PianoIntegrato.objects.order_by("pk").first()
        assert piano is not None
        InterventoNelPiano.objects.create(piano=piano, intervento=Intervento.objects.get())
        with pytest.raises(NonAnnullabile, match="1 intervento nel piano legat"):
            annulla(importazione)
        assert Intervento.objects.exists()

    def test_non_si_annulla_se_un_intervento_creato_ha_avuto_un_driver(self) -> None:
        importazione = importa(progetti(), localizzazioni())
        LegameDriver.objects.create(intervento=Intervento.objects.get(), driver=Driver.objects.earliest("pk"))
        with pytest.raises(NonAnnullabile, match="legame con un Driver"):
            annulla(importazione)

    def test_annullare_un_importazione_che_ha_solo_cambiato_lascia_cio_che_altri_hanno_aggiunto(self) -> None:
        importa(progetti({"Titolo Progetto": "Prima"}, al="01/01/2024"), localizzazioni())
        LegameDriver.objects.create(intervento=Intervento.objects.get(), driver=Driver.objects.earliest("pk"))
        importazione = importa(progetti({"Titolo Progetto": "Dopo"}))
        annulla(importazione)
        assert Intervento.objects.get().titolo == "Prima"
        assert LegameDriver.objects.count() == 1

    def test_la_sola_data_portata_avanti_torna_indietro(self) -> None:
        importa(progetti(al="01/01/2024"), localizzazioni(al="01/01/2024"))
        prima = registro()
        importazione = importa(progetti(), localizzazioni())
        assert conta(importazione, "invariate") == 2
        annulla(importazione)
        assert registro() == prima

    def test_si_annulla_solo_cio_che_e_applicato(self) -> None:
        importazione = ricevi(progetti(), localizzazioni())
        applicazione.prova(importazione, Avanzatore())
        with pytest.raises(NonAnnullabile, match="applicata"):
            annulla(importazione)
        with pytest.raises(ImportazioneNonAmmessa, match="da confermare"):
            importazioni.annulla(importazione_id=importazione.pk, autore=None, motivo="x")


class Differenze(ConRiferimenti):
    def setUp(self) -> None:
        importa(
            progetti({"Titolo Progetto": "ReGiS"}, al="01/01/2024"),
            localizzazioni(),
            elenco({"Finanziamento Totale 2025-03-31": "10,00"}),
            gare({**GARA, "Importo Aggiudicazione": "1,00"}, al="01/01/2024"),
        )
        self.intervento = Intervento.objects.get()
        self.intervento.titolo, self.intervento.campi_nostri = "Nostro", ["titolo"]
        salva(self.intervento, autore=None)
        self.persona = Utente.objects.create_user(email="c@example.org", nome="Clara", cognome="Prova")

    def tearDown(self) -> None:
        verifica_storia()
        verifica_conti()

    def test_un_valore_inserito_qui_non_si_sovrascrive_e_apre_una_differenza(self) -> None:
        importazione = importa(progetti({"Titolo Progetto": "ReGiS bis"}))
        self.intervento.refresh_from_db()
        assert self.intervento.titolo == "Nostro"
        assert conta(importazione, "invariate", "differenze") == (1, 1)
        differenza = Differenza.objects.get()
        assert (differenza.valore_nostro, differenza.valore_regis, differenza.etichetta) == (
            "Nostro",
            "ReGiS bis",
            "Titolo",
        )
        assert "resta da decidere" in ragioni(importazione)

    def test_la_stessa_differenza_non_si_apre_due_volte(self) -> None:
        importa(progetti({"Titolo Progetto": "ReGiS bis"}))
        assert conta(importa(progetti({"Titolo Progetto": "ReGiS bis"})), "differenze") == 0
        assert conta(importa(progetti({"Titolo Progetto": "ReGiS ter"})), "differenze") == 1
        assert Differenza.objects.get().valore_regis == "ReGiS ter"

    def test_un_estratto_piu_vecchio_non_apre_differenze(self) -> None:
        importazione = importa(progetti({"Titolo Progetto": "ReGiS bis"}, al="31/12/2023"))
        assert conta(importazione, "differenze") == 0
        assert not Differenza.objects.exists()

    def test_prendere_il_valore_di_regis_lo_scrive_e_da_allora_lo_segue(self) -> None:
        importa(progetti({"Titolo Progetto": "ReGiS bis"}))
        importazioni.decidi(differenza_id=Differenza.objects.get().pk, scelta="regis", autore=self.persona)
        self.intervento.refresh_from_db()
        assert (self.intervento.titolo, self.intervento.campi_nostri) == ("ReGiS bis", [])
        assert self.intervento.testo_ricerca.count("REGIS BIS") == 1
        importa(progetti({"Titolo Progetto": "ReGiS ter"}))
        self.intervento.refresh_from_db()
        assert self.intervento.titolo == "ReGiS ter"

    def test_tenuto_il_nostro_lo_stesso_valore_di_regis_non_si_ripropone_un_altro_si(self) -> None:
        importa(progetti({"Titolo Progetto": "ReGiS bis"}))
        importazioni.decidi(
            differenza_id=Differenza.objects.get().pk, scelta="nostro", autore=self.persona, motivo="è così"
        )
        differenza = Differenza.objects.get()
        assert (differenza.stato, differenza.decisa_da, differenza.motivo) == ("nostro", self.persona, "è così")
        assert conta(importa(progetti({"Titolo Progetto": "ReGiS bis"})), "differenze", "dubbie") == (0, 0)
        assert conta(importa(progetti({"Titolo Progetto": "ReGiS ter"})), "differenze") == 1

    def test_una_differenza_si_decide_una_volta_sola(self) -> None:
        importa(progetti({"Titolo Progetto": "ReGiS bis"}))
        pk = Differenza.objects.get().pk
        with pytest.raises(ImportazioneNonAmmessa, match="Scegli"):
            importazioni.decidi(differenza_id=pk, scelta="aperta", autore=None)
        importazioni.decidi(differenza_id=pk, scelta="nostro", autore=None)
        with pytest.raises(ImportazioneNonAmmessa, match="già stata decisa"):
            importazioni.decidi(differenza_id=pk, scelta="regis", autore=None)

    def test_anche_gli_importi_delle_gare_e_dell_intervento_si_riconciliano(self) -> None:
        gara = Procedura.objects.get()
        gara.importo_aggiudicato, gara.campi_nostri = Decimal("2.50"), ["importo_aggiudicato"]
        salva(gara, autore=None)
        self.intervento.refresh_from_db()
        self.intervento.finanziamento_totale, self.intervento.campi_nostri = Decimal("11.00"), ["finanziamento_totale"]
        salva(self.intervento, autore=None)
        importa(
            gare({**GARA, "Importo Aggiudicazione": "1.234,56"}),
            elenco({"Finanziamento Totale 2025-03-31": "10,01"}),
        )
        assert Differenza.objects.count() == 2
        for differenza in Differenza.objects.all():
            importazioni.decidi(differenza_id=differenza.pk, scelta="regis", autore=None)
        gara.refresh_from_db()
        self.intervento.refresh_from_db()
        assert gara.importo_aggiudicato == Decimal("1234.56")
        assert self.intervento.finanziamento_totale == Decimal("10.01")

    def test_annullare_l_importazione_toglie_le_differenze_che_ha_aperto(self) -> None:
        importazione = importa(progetti({"Titolo Progetto": "ReGiS bis"}))
        annulla(importazione)
        assert not Differenza.objects.exists()

    def test_dopo_aver_preso_il_valore_di_regis_l_importazione_non_si_annulla(self) -> None:
        importazione = importa(progetti({"Titolo Progetto": "ReGiS bis"}))
        importazioni.decidi(differenza_id=Differenza.objects.get().pk, scelta="regis", autore=None)
        with pytest.raises(NonAnnullabile):
            annulla(importazione)
        assert Differenza.objects.get().stato == StatoDifferenza.REGIS

    def test_un_pagamento_inserito_qui_non_si_sovrascrive(self) -> None:
        self.intervento.refresh_from_db()
        self.intervento.pagamenti_totali, self.intervento.campi_nostri = Decimal("3.00"), ["pagamenti_totali"]
        salva(self.intervento, autore=None)
        importa(pagamenti({"Pagamenti Totali": "4,00"}))
        self.intervento.refresh_from_db()
        assert self.intervento.pagamenti_totali == Decimal("3.00")
        assert Differenza.objects.get().regis == "4.00"
