"""The real extracts of ReGiS and of the four PUI of Milano, through the whole import."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from django.db.models import Sum

from interventi.importazione import applicazione
from interventi.importazione.annullamento import disfa
from interventi.importazione.rapporto import righe_da_correggere, rilievi
from interventi.models import Importazione, Intervento, Localizzazione, TabellaImportata
from registro.azione import azione
from registro.esecutori import Avanzatore
from tests.interventi.estratti import (
    PUI,
    PUI_PROGETTI,
    REGIS,
    ConRiferimenti,
    con_dati_veri,
    conta,
    importa,
    ricevi,
    veri,
)
from tests.interventi.integrita import quante_versioni, registro, verifica_conti, verifica_storia

SENZA_PAGAMENTI = {"J38I22000110001", "B43C22000370006"}


def righe_pui() -> list[dict[str, str]]:
    with PUI[0].open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def somma_pui() -> Decimal:
    """To the cent, as the file of the 31/03/2025 says."""
    importi = [riga["Finanziamento Totale 2025-03-31"].replace(",", ".") for riga in righe_pui()]
    return sum((Decimal(importo) for importo in importi if importo), Decimal(0))


def righe_vere() -> int:
    """Rows of the files, as a plain CSV reader counts them."""
    quante = 0
    for percorso in [*REGIS, *PUI]:
        with percorso.open(encoding="utf-8-sig", newline="") as file:
            quante += sum(1 for _ in csv.reader(file, delimiter=";")) - 1
    return quante


@con_dati_veri
class DatiVeri(ConRiferimenti):
    importazione: Importazione

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.importazione = importa(*veri(*REGIS, *PUI))

    def tearDown(self) -> None:
        verifica_storia()
        verifica_conti()

    def test_gli_interventi_pui_sono_esattamente_i_143_con_il_totale_al_centesimo(self) -> None:
        pui = Intervento.objects.filter(submisura__codice=PUI_PROGETTI)
        assert set(pui.values_list("cup", flat=True)) == {riga["CUP"] for riga in righe_pui()}
        assert pui.count() == 143
        assert pui.aggregate(totale=Sum("finanziamento_totale"))["totale"] == somma_pui() == Decimal("316018706.96")
        assert Localizzazione.objects.filter(intervento__in=pui).values("comune").distinct().count() == 65

    def test_ogni_riga_dei_file_ha_un_esito(self) -> None:
        lette, nuove, cambiate, invariate, rifiutate = conta(
            self.importazione, "lette", "nuove", "cambiate", "invariate", "rifiutate"
        )
        assert lette == nuove + cambiate + invariate + rifiutate == righe_vere()

    def test_i_due_cup_senza_pagamenti_sono_segnalati(self) -> None:
        segnalati = {riga[3] for riga in rilievi(self.importazione) if "Nessuna riga di pagamento" in riga[6]}
        assert segnalati == SENZA_PAGAMENTI

    def test_la_stessa_importazione_non_cambia_nulla(self) -> None:
        prima, versioni = registro(), quante_versioni()
        ancora = importa(*veri(*PUI, *reversed(REGIS)))
        assert conta(ancora, "nuove", "cambiate", "differenze") == (0, 0, 0)
        assert (registro(), quante_versioni()) == (prima, versioni)

    def test_annullarla_riporta_il_registro_com_era(self) -> None:
        with azione():
            disfa(self.importazione, Avanzatore(), autore=None, motivo="Prova")
        assert all(not righe for righe in registro().values())

    def test_le_righe_da_correggere_si_importano_di_nuovo(self) -> None:
        tabella = TabellaImportata.objects.get(
            file__importazione=self.importazione, nome__startswith="PNRR_Pagamenti_di_Progetto"
        )
        uscita = io.StringIO()
        csv.writer(uscita, delimiter=";").writerows(righe_da_correggere(tabella))
        quante = tabella.rifiutate + tabella.dubbie
        assert quante > 0
        ancora = importa(("corrette.csv", uscita.getvalue().encode("utf-8-sig")))
        assert conta(ancora, "lette") == quante
        assert ancora.file.get().tabelle.get().colonne_ignote == []

    def test_una_prova_dice_lo_stesso_dell_importazione(self) -> None:
        with azione():
            disfa(self.importazione, Avanzatore(), autore=None, motivo="Prova")
        prova = ricevi(*veri(*reversed(REGIS), *PUI))
        applicazione.prova(prova, Avanzatore())
        assert prova.impronta_esito == self.importazione.impronta_esito
        assert prova.conteggi == self.importazione.conteggi
