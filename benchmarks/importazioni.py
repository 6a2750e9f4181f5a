"""Importing 100,000 Progetti rows into PostgreSQL, beside COPY of the same file and one INSERT … SELECT.

Times are of the clock, because most of the work is the server's; the two are measured in turn, in the same process and
on the same server (`benchmarks.server`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from interventi.importazione.valori import controllo_partita_iva

RIGHE = 100_000
LIMITE_RAPPORTO = 12
LIMITE_MEGABYTE = 400
# The columns of the release of 13/06/2026.
COLONNE = (
    "Programma", "Missione", "Descrizione Missione", "Componente", "Descrizione Componente", "ID Misura",
    "Codice Univoco Misura", "Descrizione Misura", "ID Submisura", "Codice CID", "Codice Univoco Submisura",
    "Descrizione Submisura", "Amministrazione Titolare", "Codice Identificativo Procedura di Attivazione",
    "Titolo Procedura", "Tipologia Procedura di Attivazione", "CUP", "Codice Locale Progetto", "Stato CUP",
    "Stato Avanzamento Progetto", "CUP Codice Natura", "CUP Descrizione Natura", "CUP Codice Tipologia",
    "CUP Descrizione Tipologia", "CUP Codice Settore", "CUP Descrizione Settore", "CUP Codice Sottosettore",
    "CUP Descrizione Sottosettore", "CUP Codice Categoria", "CUP Descrizione Categoria", "Titolo Progetto",
    "Sintesi Progetto", "Descrizione Tipo Aiuto", "Finanziamento - Stato", "Finanziamento Stato - Bilancio",
    "Finanziamento Stato - FOI", "Finanziamento Prosecuzione Opere Pubbliche - FPOP",
    "Finanziamento UE (Diverso da PNRR)", "Finanziamento Regione", "Finanziamento Provincia", "Finanziamento Comune",
    "Finanziamento Altro Pubblico", "Finanziamento Privato", "Finanziamento da Reperire", "Finanziamento PNRR",
    "Finanziamento PNC", "Altri Fondi", "Finanziamento Totale", "Finanziamento Totale Pubblico",
    "Finanziamento Totale Pubblico Netto", "Soggetto Attuatore", "Codice Fiscale Soggetto Attuatore",
    "Flag Progetti in Essere", "Data Inizio Progetto Prevista", "Data Inizio Progetto Effettiva",
    "Data Fine Progetto Prevista", "Data Fine Progetto Effettiva", "Data di Estrazione", "Data Ultima Validazione",
    "Esito Ultima Validazione", "Codice Fase Iter di Progetto", "Descrizione Fase Iter di Progetto",
    "Stato Fase Iter di Progetto",
)  # fmt: skip


@dataclass(frozen=True)
class Tempi:
    """Seconds of the clock, and megabytes at the peak."""

    importa: float
    copia: float
    memoria: float

    @property
    def rapporto(self) -> float:
        return self.importa / self.copia


def misura(indirizzo: str) -> Tempi:
    """Import into that database, with no interventi, beside COPY."""
    with tempfile.TemporaryDirectory(prefix="psttm-importa-") as cartella:
        file = Path(cartella, "PNRR_Progetti.csv")
        scrivi_progetti(file, RIGHE)
        fatto = subprocess.run(  # noqa: S603 our own module
            [sys.executable, "-m", "benchmarks.importa_progetti", str(file)],
            cwd=settings.BASE_DIR,
            env=os.environ | {"DATABASE_URL": indirizzo, "VAR_DIR": cartella},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return Tempi(**json.loads(fatto.stdout.splitlines()[-1]))


def scrivi_progetti(percorso: Path, quanti: int) -> None:
    """Rows of our own making, as long as the real ones (about 900 characters)."""
    posto = {colonna: numero for numero, colonna in enumerate(COLONNE)}
    fisse = {
        "Programma": "PNRR", "Missione": "M5", "Descrizione Missione": "Inclusione e coesione",
        "Codice Univoco Submisura": "M5C2I2.01.00", "Descrizione Submisura": "Rigenerazione urbana",
        "Amministrazione Titolare": "MINISTERO DELL'INTERNO", "Stato CUP": "Attivo", "CUP Codice Natura": "03",
        "CUP Descrizione Natura": "REALIZZAZIONE DI LAVORI PUBBLICI (OPERE ED IMPIANTISTICA)",
        "CUP Codice Tipologia": "01", "CUP Descrizione Tipologia": "NUOVA REALIZZAZIONE", "CUP Codice Settore": "05",
        "CUP Descrizione Settore": "INFRASTRUTTURE SOCIALI", "CUP Codice Sottosettore": "08",
        "CUP Descrizione Sottosettore": "SOCIALI E SCOLASTICHE", "CUP Codice Categoria": "021",
        "CUP Descrizione Categoria": "SCUOLE MATERNE", "Descrizione Tipo Aiuto": "INTERVENTO CHE NON COSTITUISCE AIUTO",
        "Flag Progetti in Essere": "No", "Data Inizio Progetto Prevista": "01/02/2023",
        "Data Inizio Progetto Effettiva": "15/03/2023", "Data Fine Progetto Prevista": "30/06/2026",
        "Data di Estrazione": "13/06/2026", "Data Ultima Validazione": "20/05/2026",
        "Esito Ultima Validazione": "POSITIVO", "Codice Fase Iter di Progetto": "00313",
        "Descrizione Fase Iter di Progetto": "ESECUZIONE LAVORI", "Stato Fase Iter di Progetto": "IN CORSO",
    }  # fmt: skip
    numeri = range(10_000_000_000, 10_000_050_000)
    codici = [str(codice) for codice in numeri if controllo_partita_iva(str(codice))]
    with percorso.open("w", encoding="utf-8-sig", newline="") as uscita:
        uscita.write(";".join(COLONNE) + "\r\n")
        for numero in range(quanti):
            celle = [""] * len(COLONNE)
            for colonna, valore in fisse.items():
                celle[posto[colonna]] = valore
            for colonna in COLONNE:
                if colonna.startswith("Finanziamento") or colonna == "Altri Fondi":
                    celle[posto[colonna]] = "0,00"
            pnrr, comune = 100_000 + numero, numero % 1_000
            celle[posto["CUP"]] = f"B{numero % 90 + 10}J22{numero:05d}0001"
            celle[posto["Codice Locale Progetto"]] = f"PRJ_{numero:08d}"
            celle[posto["Titolo Progetto"]] = f"SCUOLA {numero}*VIA DEI TIGLI {numero % 300}*NUOVA COSTRUZIONE"
            celle[posto["Sintesi Progetto"]] = "DEMOLIZIONE E RICOSTRUZIONE DI UN EDIFICIO SCOLASTICO " * 3 + str(
                numero
            )
            celle[posto["Finanziamento PNRR"]] = f"{pnrr},25"
            celle[posto["Finanziamento Comune"]] = f"{comune},50"
            for colonna in ("Finanziamento Totale", "Finanziamento Totale Pubblico"):
                celle[posto[colonna]] = f"{pnrr + comune},75"
            celle[posto["Soggetto Attuatore"]] = f"COMUNE DI PROVA {numero % 5_000}"
            celle[posto["Codice Fiscale Soggetto Attuatore"]] = codici[numero % len(codici)]
            uscita.write(";".join(celle) + "\r\n")
