"""`make carico`: a hundred people at once on a whole portal, on its own PostgreSQL and Redis (see campagne/carico)."""

import pitone  # noqa: F401, I001 — before all the rest, see there

import subprocess
import sys

import prepara


def carico() -> int:
    prepara.prepara(sviluppo=True, ci=True)
    return subprocess.call([str(prepara.PYTHON), "-m", "campagne.carico"], cwd=prepara.RADICE)


if __name__ == "__main__":
    try:
        sys.exit(carico())
    except prepara.Fermo as fermo:
        sys.exit(str(fermo))
