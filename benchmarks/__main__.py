"""`make bench`: every measure as a ratio to a plain way of doing the same, against a stated limit.

Times depend on the machine, ratios hardly do. Each pair is run in turn several times and the best of each is kept.
"""

from __future__ import annotations

import sys

from benchmarks.misure import prepara_dati, tutte


def main() -> int:
    prepara_dati()
    oltre = 0
    for misura in tutte():
        rapporto = misura.rapporto()
        oltre += rapporto > misura.limite
        segno = "✕" if rapporto > misura.limite else "✓"
        print(f"{segno} {misura.titolo}: {rapporto:.2f} volte, il limite è {misura.limite:.2f}", flush=True)
    return 1 if oltre else 0


sys.exit(main())
