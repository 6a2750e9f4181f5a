"""Small extracts of our own making, in the form of those of ReGiS, and ways to import them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.test import TestCase

from enti.models import Utente
from interventi.importazione import applicazione
from interventi.models import EsitoRiga, Importazione
from interventi.services import importazioni
from registro.esecutori import Avanzatore
from tests import riferimenti

CONDIVISI = Path(settings.BASE_DIR).parent / "shared" / "data"
REGIS = sorted((CONDIVISI / "regis").glob("*.csv"))
PUI = sorted((CONDIVISI / "pui_milano").glob("*.csv"))
con_dati_veri = pytest.mark.skipif(not (REGIS and PUI), reason=f"mancano gli estratti veri in {CONDIVISI}")

CUP = "B41B21000010001"
ALTRO_CUP = "B41B21000020001"
PUI_PROGETTI = "M5C2I2.02.03"
INTESTAZIONI = CONDIVISI / "schemi" / "intestazioni_per_snapshot.json"

_PROGETTI = [
    "Codice Univoco Submisura",
    "Descrizione Submisura",
    "Amministrazione Titolare",
    "CUP",
    "Codice Locale Progetto",
    "Stato CUP",
    "CUP Codice Natura",
    "CUP Codice Tipologia",
    "Titolo Progetto",
    "Sintesi Progetto",
    "Finanziamento - Stato",
    "Finanziamento Comune",
    "Finanziamento PNRR",
    "Finanziamento Totale",
    "Soggetto Attuatore",
    "Codice Fiscale Soggetto Attuatore",
    "Data Inizio Progetto Effettiva",
    "Data Fine Progetto Effettiva",
    "Data di Estrazione",
]
_LOCALIZZAZIONI = [
    "Codice Univoco Submisura",
    "Descrizione Submisura",
    "CUP",
    "Codice Locale Progetto",
    "Regione",
    "Descrizione Regione",
    "Provincia",
    "Descrizione Provincia",
    "Comune",
    "Descrizione Comune",
    "Indirizzo",
    "CAP",
    "Percentuale di Localizzazione",
    "Data di Estrazione",
]
_PAGAMENTI = [
    "Codice Univoco Submisura",
    "CUP",
    "Codice Locale Progetto",
    "Finanziamento Totale",
    "Finanziamento PNRR",
    "Pagamenti Totali",
    "Pagamenti Totali PNRR",
    "Pagamenti totali Comune",
    "Data di Estrazione",
]
_INDICATORI = [
    "Codice Univoco Submisura",
    "CUP",
    "Codice Locale Progetto",
    "Codice Indicatore",
    "Descrizione Indicatore",
    "Descrizione Unità di Misura",
    "Descrizione Tipo indicatore",
    "Valore Programmato",
    "Valore Realizzato",
    "Mese",
    "Anno",
    "Data di Estrazione",
]
_GARE = [
    "Codice Univoco Submisura",
    "CUP",
    "Codice Locale Progetto",
    "CIG",
    "Codice Interno PDA",
    "Oggetto Gara",
    "Descrizione Motivo Assenza CIG",
    "Importo Complessivo Gara",
    "Importo Aggiudicazione",
    "Codice Fiscale - P IVA Aggiudicatario",
    "Denominazione Aggiudicatario",
    "Data di Estrazione",
]
_AGGIUDICATARI = [
    "Codice Univoco Submisura",
    "CUP",
    "Codice Locale Progetto",
    "CIG",
    "Codice Interno PDA",
    "Codice Fiscale/P.IVA",
    "Denominazione Aggiudicatario",
    "Descrizione Ruolo Soggetto",
    "Data di Estrazione",
]
_SOGGETTI = [
    "Descrizione Submisura",
    "CUP",
    "Codice Locale Progetto",
    "Ruolo soggetto",
    "Descrizione del ruolo del soggetto",
    "Codice fiscale soggetto",
    "Denominazione",
    "Data di aggiornamento",
]
_ELENCO = [
    "CUP",
    "Codice Univoco Submisura",
    "Piano (inferito)",
    "Codici ISTAT Comuni",
    "Finanziamento Totale 2025-03-31",
    "Finanziamento PNRR 2025-03-31",
    "Pagamenti Totali 2025-03-31",
    "Pagamenti Totali PNRR 2025-03-31",
    "MQ programmati",
]

Estratto = tuple[str, bytes]


def _estratto(nome: str, colonne: list[str], righe: tuple[dict[str, str], ...], comuni: dict[str, str]) -> Estratto:
    testo = io.StringIO()
    scrittore = csv.DictWriter(testo, colonne, delimiter=";", restval="")
    scrittore.writeheader()
    for riga in righe:
        scrittore.writerow({**{k: v for k, v in comuni.items() if k in colonne}, **riga})
    return nome, testo.getvalue().encode("utf-8-sig")


def _comuni(al: str, cup: str = CUP) -> dict[str, str]:
    return {
        "Codice Univoco Submisura": PUI_PROGETTI, "Descrizione Submisura": "Piani urbani integrati", "CUP": cup,
        "Codice Locale Progetto": cup, "Data di Estrazione": al, "Data di aggiornamento": al,
        "Regione": "003", "Provincia": "015", "Comune": "146", "Descrizione Comune": "MILANO",
        "Stato CUP": "Attivo", "CUP Codice Natura": "03", "CUP Codice Tipologia": "01",
        "Titolo Progetto": "Piazza nuova",
        "Codice Indicatore": "T0039", "Descrizione Tipo indicatore": "Target",
    }  # fmt: skip


def progetti(*righe: dict[str, str], al: str = "13/12/2024", nome: str = "progetti.csv") -> Estratto:
    return _estratto(nome, _PROGETTI, righe or ({},), _comuni(al))


def localizzazioni(*righe: dict[str, str], al: str = "13/12/2024", nome: str = "localizzazioni.csv") -> Estratto:
    return _estratto(nome, _LOCALIZZAZIONI, righe or ({},), _comuni(al))


def pagamenti(*righe: dict[str, str], al: str = "13/12/2024", nome: str = "pagamenti.csv") -> Estratto:
    return _estratto(nome, _PAGAMENTI, righe, _comuni(al))


def indicatori(*righe: dict[str, str], al: str = "13/12/2024", nome: str = "indicatori.csv") -> Estratto:
    return _estratto(nome, _INDICATORI, righe, _comuni(al))


def gare(*righe: dict[str, str], al: str = "13/12/2024", nome: str = "gare.csv") -> Estratto:
    return _estratto(nome, _GARE, righe, _comuni(al))


def aggiudicatari(*righe: dict[str, str], al: str = "13/12/2024", nome: str = "aggiudicatari.csv") -> Estratto:
    return _estratto(nome, _AGGIUDICATARI, righe, _comuni(al))


def soggetti(*righe: dict[str, str], al: str = "13/12/2024", nome: str = "soggetti.csv") -> Estratto:
    return _estratto(nome, _SOGGETTI, righe, _comuni(al))


def elenco(*righe: dict[str, str], nome: str = "elenco.csv") -> Estratto:
    return _estratto(nome, _ELENCO, righe, {**_comuni(""), "Codici ISTAT Comuni": "015146"})


def ricevi(*estratti: Estratto, perimetro: str = "metropoli", autore: Utente | None = None) -> Importazione:
    file: list[tuple[str, File[bytes]]] = [(nome, ContentFile(byte, name=nome)) for nome, byte in estratti]
    return importazioni.ricevi(file=file, perimetro=perimetro, autore=autore)


def importa(*estratti: Estratto, perimetro: str = "metropoli", autore: Utente | None = None) -> Importazione:
    """Import at once, as the command does."""
    importazione = ricevi(*estratti, perimetro=perimetro, autore=autore)
    applicazione.applica(importazione, Avanzatore(), confermata=False)
    return importazione


def veri(*percorsi: Path) -> list[Estratto]:
    return [(percorso.name, percorso.read_bytes()) for percorso in percorsi]


def esiti(importazione: Importazione) -> list[EsitoRiga]:
    return list(EsitoRiga.objects.filter(tabella__file__importazione=importazione).order_by("tabella", "riga"))


def ragioni(importazione: Importazione) -> str:
    """All the remarks on the rows of an import, to look for words in them."""
    return json.dumps([esito.rilievi for esito in esiti(importazione)], ensure_ascii=False)


def conta(importazione: Importazione, *nomi: str) -> Any:
    valori = tuple(importazione.conteggi[nome] for nome in nomi)
    return valori if len(valori) > 1 else valori[0]


class ConRiferimenti(TestCase):
    """Tests that need the Comuni and the bodies, loaded once for the class."""

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
