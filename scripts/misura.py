"""`make bench`: prepares this machine and runs the benchmarks, on a database of their own."""

import pitone  # noqa: F401, I001 — before all the rest, see there

import os
import subprocess
import sys
import tempfile

import prepara


def misura() -> int:
    prepara.prepara()
    with tempfile.TemporaryDirectory(prefix="psttm-misure-") as cartella:
        ambiente = dict(os.environ, VAR_DIR=cartella, DATABASE_URL=f"sqlite:///{cartella}/misure.sqlite3")
        # Where the import is measured, in a database of its own; without it that measure starts a private server.
        if os.environ.get("DATABASE_URL", "").startswith("postgres"):
            ambiente.setdefault("MISURE_POSTGRES", os.environ["DATABASE_URL"])
        return subprocess.call([str(prepara.PYTHON), "-m", "benchmarks"], cwd=prepara.RADICE, env=ambiente)


if __name__ == "__main__":
    try:
        sys.exit(misura())
    except prepara.Fermo as fermo:
        sys.exit(str(fermo))
