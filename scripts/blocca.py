"""`make blocca`: writes the lock files, every library with its version and its hashes, and no registry address.

A version already locked stays unless the `.in` file excludes it; `make blocca AGGIORNA=1` takes the newest of all.
"""

import pitone  # noqa: F401, I001 — before all the rest, see there

import os
import sys

import prepara

OPZIONI = [
    "--generate-hashes",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--python-version",
    "3.11",
]


def blocca() -> None:
    prepara.prepara(sviluppo=True)
    aggiorna = ["--upgrade"] if os.environ.get("AGGIORNA") else []
    for nome in ("produzione", "sviluppo", "riferimenti", "verapdf"):
        comando = [prepara.VENV / "bin" / "uv", "pip", "compile", f"requisiti/{nome}.in", *OPZIONI, *aggiorna]
        prepara.esegui(
            [*comando, "--quiet", "-o", f"requisiti/{nome}.txt"],
            f"Non riesco a bloccare requisiti/{nome}.in: la causa è scritta qui sopra.",
        )
        print(f"Scritto requisiti/{nome}.txt", flush=True)


if __name__ == "__main__":
    try:
        blocca()
    except prepara.Fermo as fermo:
        sys.exit(str(fermo))
