"""The tables and the reference data that every measure begins with: `python -m benchmarks.pronta`."""

from __future__ import annotations

from benchmarks.misure import prepara_dati

if __name__ == "__main__":
    prepara_dati()
