"""Makes this machine able to run the portal: Python libraries in `.venv`, system libraries, secret key.

Only the standard library is used here. Everything is done once, and again only when what it depends on changes.
"""

import pitone  # noqa: F401, I001 — before all the rest, see there

import ctypes
import glob
import hashlib
import os
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

RADICE = Path(__file__).resolve().parent.parent
VENV = RADICE / ".venv"
PYTHON = VENV / "bin" / "python"
VENV_VERAPDF = RADICE / ".venv-verapdf"
# What looks at pages and needs Node: see requisiti/pagine.
PAGINE = RADICE / ".pagine"
STANZE = (
    "psttm",
    "enti",
    "registro",
    "interventi",
    "piani_integrati",
    "monitoraggio",
    "rapporti",
    "cruscotto",
    "interoperabilita",
    "esercizio",
)

# What WeasyPrint loads, and the Debian package it is in. Without the third, PDF files do not repeat byte for byte.
LIBRERIE = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
PROGRAMMI_DELLE_PROVE = {"chromium": "chromium", "pdftotext": "poppler-utils"}
PROGRAMMI_DELLA_CI = {
    "redis-server": "redis-server",
    "initdb": "postgresql",
    "node": "nodejs",
    "npm": "npm",
    "java": "default-jre-headless",
    "/usr/share/java/jaxb-runtime.jar": "libjaxb-java",
    "/usr/sbin/nginx": "nginx",
    "docker-compose": "docker-compose",
    "ip": "iproute2",
}


class Fermo(Exception):
    """What stops a script, in one sentence for whoever started it."""


def variabile(nome: str, predefinita: str) -> str:
    """A variable of the environment or, failing that, of the file `.env`, as the settings of the portal read it."""
    if os.environ.get(nome):
        return os.environ[nome]
    dal_file = RADICE / ".env"
    righe = dal_file.read_text(encoding="utf-8").splitlines() if dal_file.exists() else []
    for riga in righe:
        trovata = re.match(r"\s*(?:export\s+)?" + nome + r"\s*=\s*(.*?)\s*$", riga)
        if trovata and trovata.group(1):
            return trovata.group(1).strip("\"'")
    return predefinita


def cartella_dati() -> Path:
    return Path(variabile("VAR_DIR", str(RADICE / "var")))


def esegui(comando: list[Any], errore: str) -> None:
    """Run a command in silence; if it fails, show what it said and stop with the sentence given."""
    fatto = subprocess.run(
        [str(parte) for parte in comando], cwd=RADICE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if fatto.returncode != 0:
        sys.stderr.write(fatto.stdout.decode(errors="replace"))
        raise Fermo(errore)


def in_silenzio(comando: list[str]) -> bool:
    """Whether a command, whose words do not matter, succeeds."""
    ambiente = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    return subprocess.call(comando, env=ambiente, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


# --- Python libraries ---------------------------------------------------------------------------------------------


def ambiente_python(elenchi: list[str]) -> None:
    """The virtual environment with the libraries of these lock files, installed only when those change."""
    _ambiente(VENV, elenchi)
    # Here too: PYTHONDONTWRITEBYTECODE may be set. A tree that cannot be written runs all the same.
    in_silenzio([str(PYTHON), "-m", "compileall", "-q", *(str(RADICE / stanza) for stanza in STANZE)])


def _ambiente(venv: Path, elenchi: list[str]) -> None:
    python = venv / "bin" / "python"
    if not python.exists() or not in_silenzio([str(python), "-c", ""]):
        _crea_venv(venv)
    for nome in elenchi:
        _installa(nome, venv)


def _crea_venv(venv: Path) -> None:
    print(f"Creo l'ambiente Python in {venv.name} …", flush=True)
    pacchetto = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if shutil.which("uv"):
        comando = ["uv", "venv", "--clear", "--seed", "--python", sys.executable]
    else:
        comando = [sys.executable, "-m", "venv", "--clear"]
        if not in_silenzio([sys.executable, "-c", "import ensurepip"]):
            installa_pacchetti([pacchetto])
    esegui([*comando, venv], f"Non riesco a creare {venv.name}: su Debian e Ubuntu serve il pacchetto {pacchetto}.")


def _installa(nome: str, venv: Path) -> None:
    elenco = RADICE / "requisiti" / f"{nome}.txt"
    python = venv / "bin" / "python"
    segno = venv / f"impronta-{nome}"
    impronta = hashlib.sha256(elenco.read_bytes()).hexdigest()
    if segno.exists() and segno.read_text() == impronta:
        return
    print(f"Installo le librerie Python ({nome}): la prima volta serve qualche minuto …", flush=True)
    comando = [python, "-m", "pip", "install", "--no-compile", "--disable-pip-version-check"]
    if shutil.which("uv"):
        comando = ["uv", "pip", "install", "--python", python]
    esegui(
        [*comando, "--quiet", "--require-hashes", "-r", elenco],
        f"Non riesco a installare le librerie di requisiti/{nome}.txt: controlla il collegamento a Internet e riprova.",
    )
    # Always, because PYTHONDONTWRITEBYTECODE may be set, and imports are three times slower without.
    esegui(
        [python, "-m", "compileall", "-qq", "-j", "0", "-x", r"[/\\]tests?[/\\]|bad_|lib2to3", venv / "lib"],
        "Non riesco a compilare le librerie Python: controlla lo spazio su disco.",
    )
    segno.write_text(impronta)


def _programmi_per_le_pagine() -> None:
    """Lighthouse and the second accessibility engine, pinned with their hashes; no script of theirs is run."""
    requisiti = RADICE / "requisiti" / "pagine"
    segno = PAGINE / "impronta"
    impronta = hashlib.sha256((requisiti / "package-lock.json").read_bytes()).hexdigest()
    if segno.exists() and segno.read_text() == impronta:
        return
    print("Installo ciò che guarda le pagine (Lighthouse, HTML_CodeSniffer) …", flush=True)
    PAGINE.mkdir(exist_ok=True)
    for nome in ("package.json", "package-lock.json"):
        shutil.copy(requisiti / nome, PAGINE)
    esegui(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", PAGINE],
        "Non riesco a installare Lighthouse e HTML_CodeSniffer: controlla il collegamento a Internet e riprova.",
    )
    segno.write_text(impronta)


# --- System -------------------------------------------------------------------------------------------------------


def librerie_di_sistema(programmi: dict[str, str]) -> None:
    """What is missing of the system: installed when allowed, else the command to install it is printed."""
    mancanti = [pacchetto for libreria, pacchetto in LIBRERIE.items() if not _si_carica(libreria)]
    mancanti += [pacchetto for programma, pacchetto in programmi.items() if not _si_trova(programma)]
    if mancanti:
        installa_pacchetti(mancanti)


def _si_carica(libreria: str) -> bool:
    try:
        ctypes.CDLL(libreria)
    except OSError:
        return False
    return True


def _si_trova(programma: str) -> bool:
    """A command, or a file that is no command, by its path."""
    if programma.startswith("/"):
        return Path(programma).is_file()
    return bool(shutil.which(programma) or glob.glob(f"/usr/lib/postgresql/*/bin/{programma}"))


def installa_pacchetti(pacchetti: list[str]) -> None:
    """Install Debian packages as root or with a sudo that asks nothing; whoever cannot is told the command."""
    elenco = " ".join(pacchetti)
    if not shutil.which("apt-get"):
        print(f"Mancano al sistema (con i nomi di Debian): {elenco}. Installali come fa il tuo sistema.", flush=True)
        return
    prefisso = _prefisso_root()
    if prefisso is None:
        print(f"Mancano al sistema alcuni pacchetti. Per installarli: sudo apt-get install {elenco}", flush=True)
        return
    print(f"Installo i pacchetti di sistema: {elenco} …", flush=True)
    apt = [*prefisso, "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    installa = [*apt, "install", "-y", "--no-install-recommends", *pacchetti]
    # A second try after the update: the list of packages may be old, or not there at all.
    if not in_silenzio(installa) and not (in_silenzio([*apt, "update"]) and in_silenzio(installa)):
        print(f"Non sono riuscito a installarli. Prova con: sudo apt-get install {elenco}", flush=True)


def _prefisso_root() -> list[str] | None:
    """What to put before a command so that root runs it; None for whoever may not."""
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if shutil.which("sudo") and in_silenzio(["sudo", "-n", "true"]) else None


# --- Portal -------------------------------------------------------------------------------------------------------


def chiave_segreta() -> None:
    """A secret key for this machine only; production takes its own from the environment."""
    percorso = cartella_dati() / "chiave_segreta"
    if percorso.exists():
        return
    percorso.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(percorso, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as uscita:
        uscita.write(secrets.token_urlsafe(50))


def prepara(sviluppo: bool = False, ci: bool = False) -> None:
    """Everything that running the portal needs; with `sviluppo` also its tests; with `ci` all that no test may miss.

    The last means their servers, the large libraries that rebuild the reference data, veraPDF, and what looks at pages.
    """
    elenchi, programmi = ["produzione"], {}
    if sviluppo or ci:
        elenchi.append("sviluppo")
        programmi.update(PROGRAMMI_DELLE_PROVE)
    if ci:
        elenchi.append("riferimenti")
        programmi.update(PROGRAMMI_DELLA_CI)
    librerie_di_sistema(programmi)
    ambiente_python(elenchi)
    if ci:
        _ambiente(VENV_VERAPDF, ["verapdf"])
        _programmi_per_le_pagine()
    chiave_segreta()


if __name__ == "__main__":
    try:
        prepara(ci="--ci" in sys.argv)
    except Fermo as fermo:
        sys.exit(str(fermo))
