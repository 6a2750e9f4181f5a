"""`make check`: every check that does not run the portal, one line each; stops at the first that fails."""

import pitone  # noqa: F401, I001 — before all the rest, see there

import os
import secrets
import subprocess
import sys
import tempfile
from time import monotonic

import prepara

BIN = prepara.VENV / "bin"
GESTORE = [str(prepara.PYTHON), "manage.py"]
CONTROLLI = {
    "stile del codice": [str(BIN / "ruff"), "check", "--quiet", "."],
    "formato del codice": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
    "tipi": [str(BIN / "mypy"), "."],
    "strati": [str(BIN / "lint-imports"), "--no-logo"],
    "migrazioni": [*GESTORE, "makemigrations", "--check", "--dry-run"],
    "migrazioni che non fermano la versione di prima": [*GESTORE, "controlla_migrazioni"],
    "licenze dei componenti": [str(prepara.PYTHON), "scripts/componenti.py"],
    "impostazioni di produzione": [*GESTORE, "check", "--deploy", "--fail-level", "WARNING"],
    # Rules only: djlint's formatter does not know our block tags and would break lines inside text.
    "regole dei modelli di pagina": [str(BIN / "djlint"), "templates", "--lint", "--quiet"],
}
# Everything that production must state, with values that lead nowhere: nothing is opened by these checks.
PRODUZIONE = {
    "AMBIENTE": "produzione",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "ALLOWED_HOSTS": "portale.example.org",
    "CSRF_TRUSTED_ORIGINS": "https://portale.example.org",
    "URL_BASE": "https://portale.example.org",
    "PROXY_INDIRIZZI": "127.0.0.1",
    "DATABASE_URL": "postgres://portale:segreta@127.0.0.1:1/portale",
    "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
    "CACHE_URL": "rediscache://127.0.0.1:1/1",
    "EMAIL_URL": "smtp+tls://portale:segreta@127.0.0.1:1",
    "DEFAULT_FROM_EMAIL": "portale@example.org",
    "DEBUG": "false",
    "DIMOSTRAZIONE": "false",
}


def controlla() -> None:
    prepara.prepara(sviluppo=True)
    with tempfile.TemporaryDirectory(prefix="psttm-controlli-") as cartella:
        for titolo, comando in CONTROLLI.items():
            ambiente = dict(os.environ, VAR_DIR=cartella)
            if "--deploy" in comando:
                ambiente.update(PRODUZIONE)
            else:
                ambiente["DATABASE_URL"] = f"sqlite:///{cartella}/controlli.sqlite3"
            inizio = monotonic()
            fatto = subprocess.run(
                comando, cwd=prepara.RADICE, env=ambiente, capture_output=True, text=True, check=False
            )
            if fatto.returncode != 0:
                sys.stderr.write(fatto.stdout + fatto.stderr)
                raise prepara.Fermo(f"✕ {titolo}: quello che non va è scritto qui sopra.")
            print(f"✓ {titolo} ({monotonic() - inizio:.0f} s)", flush=True)


if __name__ == "__main__":
    try:
        controlla()
    except prepara.Fermo as fermo:
        sys.exit(str(fermo))
