"""`make test`: prepares this machine and runs the whole suite, in parallel, on the database the environment names.

Whatever is given after the name of the script goes to pytest.
"""

import pitone  # noqa: F401, I001 — before all the rest, see there

import os
import subprocess
import sys

import prepara

# One process a core, each with a database, a queue and a browser of its own. On two cores 625 tests take 236 seconds
# instead of 271: what runs alone in them (browsers, workers, whole portals) already uses more than one core.
PARALLELO = ["--numprocesses", "auto", "--dist", "worksteal"]


def prova(argomenti: list[str]) -> int:
    prepara.prepara(sviluppo=True, ci=os.environ.get("CI") == "true")
    ambiente = dict(os.environ)
    # pytest keeps what it compiled of the tests, and the next run starts sooner.
    ambiente.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.call(
        [str(prepara.PYTHON), "-m", "pytest", "-q", *PARALLELO, *argomenti], cwd=prepara.RADICE, env=ambiente
    )


if __name__ == "__main__":
    try:
        sys.exit(prova(sys.argv[1:]))
    except prepara.Fermo as fermo:
        sys.exit(str(fermo))
