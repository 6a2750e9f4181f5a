"""The list as a file: exactly what is filtered, with the chosen columns, and no text that becomes a formula."""

from __future__ import annotations

import csv
import io
import tempfile
import tracemalloc
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.test import TestCase
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from enti.models import Utente
from enti.ruoli import Ruolo
from interventi import esportazione
from interventi.elenco import Elenco
from interventi.models import Intervento
from registro import tabella_csv
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.interventi.opere import di_rho, opera, submisura

PERICOLOSI = ("=1+1", "+39 02", "-5", "@SUM(A1)", "\tcon tabulazione", "\rcon ritorno", "\ncon riga")


@given(st.text())
def test_nessun_testo_esce_come_formula(testo: str) -> None:
    uscito = tabella_csv.innocuo(testo)
    assert not uscito.startswith(tabella_csv.FORMULE)
    assert uscito.removeprefix("'") == testo or uscito == testo


class EsportazioneTestCase(TestCase):
    persona: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.persona = crea_persona(Ruolo.CABINA)
        opera(
            'Piazza; con "virgolette"',
            cup="J41J22000010001",
            comuni=["Rho", "Bresso", "Magenta", "Segrate"],
            stato_cup="attivo",
            finanziamento_totale="1234567.89",
            pagamenti_totali="0.10",
            fine_prevista=date(2026, 6, 30),
        )
        opera(cup="B41J22999990001", stato_cup="chiuso")

    def setUp(self) -> None:
        self.client.force_login(self.persona)

    def scarica(self, formato: str, indirizzo: str = "") -> Any:
        risposta = self.client.get(f"{reverse('interventi-esporta', args=[formato])}?{indirizzo}")
        assert risposta.status_code == 200
        assert risposta.headers["Content-Disposition"].startswith('attachment; filename="interventi-20')
        return risposta.getvalue()

    def righe_csv(self, indirizzo: str = "") -> list[list[str]]:
        testo = self.scarica("csv", indirizzo).decode("utf-8-sig")
        return list(csv.reader(io.StringIO(testo, newline=""), delimiter=";"))

    def fogli(self, indirizzo: str = "") -> list[list[list[Any]]]:
        libro = CalamineWorkbook.from_filelike(io.BytesIO(self.scarica("xlsx", indirizzo)))
        return [libro.get_sheet_by_name(nome).to_python() for nome in libro.sheet_names]

    def test_il_csv_ha_bom_unita_nell_intestazione_numeri_col_punto_e_date_iso(self) -> None:
        grezzo = self.scarica("csv")
        assert grezzo.startswith(b"\xef\xbb\xbf")
        assert grezzo.count(b"\r\n") == 3
        colonne = "colonne=cup,comuni,finanziamento,pagato,pagato_percento,fine_prevista"
        testa, prima, seconda = self.righe_csv(f"{colonne}&ordine=-finanziamento")
        assert testa == [
            "Intervento",
            "CUP",
            "Comuni",
            "Finanziamento (EUR)",
            "Pagato (EUR)",
            "Pagato sul finanziamento (%)",
            "Fine prevista",
        ]
        assert prima == [
            'Piazza; con "virgolette"',
            "J41J22000010001",
            "Bresso, Magenta, Rho, Segrate",
            "1234567.89",
            "0.10",
            "0.00",
            "2026-06-30",
        ]
        assert seconda == ["Intervento B41J22999990001", "B41J22999990001", "", "", "", "", ""]

    def test_esce_esattamente_cio_che_e_filtrato(self) -> None:
        for indirizzo, quante in {"": 2, "stato=attivo": 1, "comune=015182": 1, "q=zzzz": 0}.items():
            assert len(self.righe_csv(indirizzo)) == quante + 1, indirizzo
            assert len(self.fogli(indirizzo)[0]) == quante + 1, indirizzo

    def test_escono_tutte_le_pagine_non_solo_quella_in_vista(self) -> None:
        for _numero in range(120):
            opera("Tante")
        assert len(self.righe_csv("q=tante&per_pagina=25&pagina=2")) == 121

    def test_con_un_filtro_insensato_non_esce_un_file_ma_l_elenco_che_dice_perche(self) -> None:
        for formato in ("csv", "xlsx"):
            risposta = self.client.get(f"{reverse('interventi-esporta', args=[formato])}?importo_da=tanto")
            assert risposta.headers["Location"] == f"{reverse('interventi')}?importo_da=tanto"

    def test_un_formato_che_non_c_e_non_esiste(self) -> None:
        assert self.client.get(reverse("interventi-esporta", args=["pdf"])).status_code == 404

    def test_i_testi_pericolosi_non_diventano_formule_nel_csv(self) -> None:
        for testo in PERICOLOSI:
            opera(testo, submisura=submisura("M9C9I9.09"))
        usciti = {riga[0] for riga in self.righe_csv("misura=M9C9I9.09&colonne=titolo")[1:]}
        assert usciti == {f"'{testo}" for testo in PERICOLOSI}

    def test_nel_foglio_i_testi_restano_testi_i_numeri_numeri_e_le_date_date(self) -> None:
        opera("=1+1", finanziamento_totale="10.05", fine_prevista=date(2026, 3, 31))
        interventi, nota = self.fogli("q=1%2B1&colonne=cup,finanziamento,fine_prevista")
        testa, riga = interventi
        assert testa == ["Intervento", "CUP", "Finanziamento (EUR)", "Fine prevista"]
        assert (riga[0], riga[2]) == ("=1+1", 10.05)
        assert riga[3] in {date(2026, 3, 31), datetime(2026, 3, 31)}  # noqa: DTZ001 a day in a workbook
        assert ["Interventi", "1"] in nota
        assert ["Parole, CUP o CIG", "1+1"] in nota

    def test_un_comune_esporta_solo_cio_che_vede(self) -> None:
        self.client.force_login(di_rho())
        assert [riga[1] for riga in self.righe_csv("colonne=cup")[1:]] == ["J41J22000010001"]

    def test_la_memoria_non_cresce_con_le_righe(self) -> None:
        """Ten times the rows must not take even twice the memory of what is read at a time."""
        modello = opera("Modello")
        Intervento.objects.bulk_create(
            Intervento(
                cup=f"C{n // 10**9:02}C{n:011}", clp=str(n), titolo=f"Riga {n} " * 20, submisura=modello.submisura
            )
            for n in range(6 * esportazione.PER_VOLTA)
        )
        poche = self.picco("importo_da=1")
        mille = self.picco("q=")
        assert mille - poche < 12 * 1024 * 1024

    def picco(self, indirizzo: str) -> int:
        """The most memory that writing the two files took, in bytes."""
        tracemalloc.start()
        elenco = Elenco(QueryDict(indirizzo), self.persona)
        for _pezzo in esportazione.csv_a_pezzi(elenco):
            pass
        with tempfile.TemporaryFile() as dove:
            esportazione.scrivi_xlsx(elenco, dove)
        picco = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return picco
