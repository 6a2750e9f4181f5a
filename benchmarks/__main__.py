"""`make bench`: every measure as a ratio to a plain way of doing the same, against a stated limit.

Times depend on the machine, ratios hardly do. Each pair is run in turn several times and the best of each is kept.
MISURE: the names of some of those on PostgreSQL, where all of them, which take twenty minutes, are too many.
"""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks import importazioni
from benchmarks.importazioni import LIMITE_MEGABYTE, LIMITE_RAPPORTO
from benchmarks.misure import prepara_dati, tutte
from benchmarks.server import SenzaPostgres, base, postgres

PRONTA, TANTI = "misure_pronta", "misure_elenco_tanti"
# Each with the database that it begins with; `elenco` leaves one with 300,000 interventi to those after it.
SU_POSTGRES = {
    "importazioni": PRONTA,
    "elenco": PRONTA,
    "regole": TANTI,
    "api": TANTI,
    "situazione": PRONTA,
    "istruttoria": PRONTA,
    "rapporti": PRONTA,
    "cruscotto": PRONTA,
    "allerte": PRONTA,
}


def main() -> int:
    prepara_dati()
    oltre = 0
    for misura in tutte():
        rapporto = misura.rapporto()
        oltre += rapporto > misura.limite
        segno = "✕" if rapporto > misura.limite else "✓"
        print(f"{segno} {misura.titolo}: {rapporto:.2f} volte, il limite è {misura.limite:.2f}", flush=True)
    scelte = os.environ.get("MISURE", "").split() or list(SU_POSTGRES)
    try:
        with postgres() as server:
            # Made once, and copied: the tables with the reference data.
            oltre += _da_solo("pronta", base(server, PRONTA))
            for nome, modello in SU_POSTGRES.items():
                if nome in scelte:
                    indirizzo = base(server, f"misure_{nome}", modello)
                    oltre += _importazione(indirizzo) if nome == "importazioni" else _da_solo(nome, indirizzo)
                else:
                    print(f"– {nome}: non misurato, MISURE non lo nomina", flush=True)
    except SenzaPostgres:
        print("✕ Le misure su PostgreSQL non si sono fatte: qui non c'è (vedi benchmarks/server.py)")
        oltre += 1
    return 1 if oltre else 0


def _importazione(indirizzo: str) -> int:
    """How many limits the import passes."""
    titolo = "L'importazione di 100.000 Progetti in PostgreSQL"
    tempi = importazioni.misura(indirizzo)
    lenta, grande = tempi.rapporto > LIMITE_RAPPORTO, tempi.memoria > LIMITE_MEGABYTE
    segno = "✕" if lenta else "✓"
    print(f"{segno} {titolo}, rispetto a COPY: {tempi.rapporto:.2f} volte, il limite è {LIMITE_RAPPORTO:.2f}")
    segno = "✕" if grande else "✓"
    print(f"{segno} {titolo}, memoria: {tempi.memoria:.0f} MB, il limite è {LIMITE_MEGABYTE}", flush=True)
    return lenta + grande


def _da_solo(nome: str, indirizzo: str) -> int:
    """Whether a measure passes a limit: in a process of its own, on that database."""
    ambiente = os.environ | {"DATABASE_URL": indirizzo}
    return subprocess.call([sys.executable, "-m", f"benchmarks.{nome}"], env=ambiente)  # noqa: S603 a module of ours


sys.exit(main())
