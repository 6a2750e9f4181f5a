"""`make prove-guasti`: prepares this machine and runs the fault campaign.

GIRI rounds (200 if not said), or as many as fit in SECONDI; SEME, which every run prints, begins the same ones again.
"""

import pitone  # noqa: F401, I001 — before all the rest, see there

import subprocess
import sys

import prepara


def guasti() -> int:
    prepara.prepara(sviluppo=True, ci=True)
    return subprocess.call([str(prepara.PYTHON), "-m", "campagne.guasti"], cwd=prepara.RADICE)


if __name__ == "__main__":
    try:
        sys.exit(guasti())
    except prepara.Fermo as fermo:
        sys.exit(str(fermo))
