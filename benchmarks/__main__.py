"""`make bench`: every measure as a ratio to a plain way of doing the same, against a stated limit.

Times depend on the machine, ratios hardly do. Each pair is run in turn several times and the best of each is kept.
"""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks import importazioni
from benchmarks.importazioni import LIMITE_MEGABYTE, LIMITE_RAPPORTO
from benchmarks.misure import prepara_dati, tutte
from benchmarks.server import SenzaPostgres, base, postgres


def main() -> int:
    prepara_dati()
    oltre = 0
    for misura in tutte():
        rapporto = misura.rapporto()
        oltre += rapporto > misura.limite
        segno = "✕" if rapporto > misura.limite else "✓"
        print(f"{segno} {misura.titolo}: {rapporto:.2f} volte, il limite è {misura.limite:.2f}", flush=True)
    try:
        with postgres() as server:
            # Made once, and copied: the tables with the reference data, and the 300,000 interventi of the list.
            pronta, tanti = "misure_pronta", "misure_elenco_tanti"
            oltre += _da_solo("pronta", base(server, pronta))
            oltre += _importazione(base(server, "misure_importazioni", pronta))
            oltre += _da_solo("elenco", base(server, "misure_elenco", pronta))
            oltre += _da_solo("regole", base(server, "misure_regole", tanti))
            oltre += _da_solo("api", base(server, "misure_api", tanti))
            oltre += _da_solo("situazione", base(server, "misure_situazione", pronta))
            oltre += _da_solo("istruttoria", base(server, "misure_istruttoria", pronta))
            oltre += _da_solo("rapporti", base(server, "misure_rapporti", pronta))
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
