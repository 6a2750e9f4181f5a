"""Lighthouse on the pages that people see first: for `.ci/run` alone, which has Node.

It starts a portal of its own, with demonstration data, signs in as each role, and looks at each page as a slow phone
does. Accessibility and best practices must be whole, performance at least 95, nothing may move, and a first visit may
weigh 400 KB. A page that is slow once is looked at again, twice at most: the machine may have been busy. One that
Lighthouse fails to look at (its trace has no beginning, say) has not been measured: it is asked again, nine times.
"""

import pitone  # noqa: F401, I001 — before all the rest, see there

import http.cookiejar
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import prepara

LIGHTHOUSE = prepara.PAGINE / "node_modules" / ".bin" / "lighthouse"
# Who opens which pages; nobody: without signing in.
PAGINE: dict[str, list[str]] = {
    "": ["/", "/glossario/"],
    "coordinatore": ["/cruscotto/", "/cruscotto/tempi/", "/cruscotto/mappa/", "/monitoraggio/"],
    "cabina": ["/rapporti/"],
    "compilatore.rho": ["/cruscotto/"],
    "amministratore": ["/sistema/"],
}
INTERE = ("accessibility", "best-practices")
MINIMO = 0.95
PESO = 400 * 1024
TENTATIVI = 3
CADUTE = 10


def principale(cartella: Path) -> int:
    porta = _porta_libera()
    base = f"http://127.0.0.1:{porta}"
    ambiente = {**os.environ, "VAR_DIR": str(cartella), "DIMOSTRAZIONE": "true", "URL_BASE": base}
    password = _allestisci(ambiente)
    servente: list[Any] = [prepara.VENV / "bin" / "gunicorn", "--bind", f"127.0.0.1:{porta}", "--no-control-socket"]
    with (cartella / "web.txt").open("w") as registro:
        web = subprocess.Popen(servente, cwd=prepara.RADICE, env=ambiente, stdout=registro, stderr=registro)
        try:
            _aspetta(base)
            return _guarda_tutte(base, password, cartella)
        finally:
            web.terminate()
            web.wait(timeout=30)


def _guarda_tutte(base: str, password: str, cartella: Path) -> int:
    cattive = 0
    for chi, indirizzi in PAGINE.items():
        biscotti = cartella / "biscotti.json"
        biscotti.write_text(json.dumps({"Cookie": _entra(base, chi, password)} if chi else {}))
        for indirizzo in indirizzi:
            mancanze = _guarda(f"{base}{indirizzo}", biscotti, cartella / "esito.json", chi or "chiunque")
            cattive += bool(mancanze)
            for mancanza in mancanze:
                print(f"  ✕ {mancanza}", flush=True)
    return 1 if cattive else 0


def _guarda(indirizzo: str, biscotti: Path, esito: Path, chi: str) -> list[str]:
    """What is wrong with a page: the least of a few looks."""
    for _tentativo in range(TENTATIVI):
        dati = _misura(indirizzo, biscotti, esito)
        mancanze = _mancanze(dati)
        if not mancanze:
            break
    print(f"{'✕' if mancanze else '✓'} {chi}: {_riassunto(dati)}", flush=True)
    return mancanze


def _misura(indirizzo: str, biscotti: Path, esito: Path) -> dict[str, Any]:
    """What Lighthouse says of a page. Where it fails by itself it has said nothing, and is asked again."""
    comando: list[Any] = [
        LIGHTHOUSE, indirizzo, "--extra-headers", biscotti, "--output=json", f"--output-path={esito}", "--quiet",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
        "--only-categories=performance,accessibility,best-practices",
    ]  # fmt: skip
    for _caduta in range(CADUTE):
        fatto = subprocess.run(comando, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                               env={**os.environ, "CHROME_PATH": str(shutil.which("chromium"))})  # fmt: skip
        if not fatto.returncode:
            dati: dict[str, Any] = json.loads(esito.read_text())
            return dati
        perche = re.search(r"\b[A-Z]+(?:_[A-Z]+)+\b", fatto.stdout)
        print(f"  Lighthouse non ha guardato {indirizzo} ({perche[0] if perche else 'non dice perché'}), riprovo.",
              flush=True)  # fmt: skip
    raise prepara.Fermo(f"{fatto.stdout}\nLighthouse non riesce a guardare {indirizzo}.")


def _riassunto(dati: dict[str, Any]) -> str:
    voti = " · ".join(f"{nome} {round(100 * voto['score'])}" for nome, voto in dati["categories"].items())
    return f"{dati['finalDisplayedUrl'].split('/', 3)[3] or '/'}: {voti} · {_peso(dati) / 1024:.0f} KB"


def _mancanze(dati: dict[str, Any]) -> list[str]:
    voti = {nome: voto["score"] for nome, voto in dati["categories"].items()}
    trovate = [f"{nome}: {100 * voti[nome]:.0f}, deve essere 100. {_perche(dati, nome)}"
               for nome in INTERE if voti[nome] < 1]  # fmt: skip
    if voti["performance"] < MINIMO:
        trovate.append(f"performance: {100 * voti['performance']:.0f}, almeno {100 * MINIMO:.0f}. "
                       f"{_perche(dati, 'performance')}")  # fmt: skip
    spostato = dati["audits"]["cumulative-layout-shift"]["numericValue"]
    if spostato > 0:
        trovate.append(f"la pagina si sposta mentre si carica: {spostato:.4f}")
    if _peso(dati) > PESO:
        trovate.append(f"la prima visita pesa {_peso(dati) / 1024:.0f} KB, al più {PESO // 1024}")
    return trovate


def _perche(dati: dict[str, Any], categoria: str) -> str:
    prove = [dati["audits"][prova["id"]] for prova in dati["categories"][categoria]["auditRefs"] if prova["weight"]]
    basse = [prova for prova in prove if prova["score"] is not None and prova["score"] < 0.9]
    return "; ".join(f"{prova['title']} {prova.get('displayValue', '')}".strip() for prova in basse)


def _peso(dati: dict[str, Any]) -> int:
    return sum(richiesta.get("transferSize", 0) for richiesta in dati["audits"]["network-requests"]["details"]["items"])


# --- The portal ---------------------------------------------------------------------------------------------------


def _allestisci(ambiente: dict[str, str]) -> str:
    """A portal with the demonstration and its static files; the password of everybody in it, said at the end."""
    fatto = subprocess.run(
        [prepara.PYTHON, "manage.py", "allestisci"], cwd=prepara.RADICE, env=ambiente, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    if fatto.returncode:
        raise prepara.Fermo(f"{fatto.stdout}\nNon riesco ad allestire il portale da guardare.")
    return str(json.loads(fatto.stdout.strip().splitlines()[-1])["password"])


def _porta_libera() -> int:
    with socket.socket() as presa:
        presa.bind(("127.0.0.1", 0))
        return int(presa.getsockname()[1])


def _aspetta(base: str) -> None:
    fine = monotonic() + 60
    while monotonic() < fine:
        try:
            urllib.request.urlopen(base, timeout=5).close()  # noqa: S310 our own address
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            sleep(0.2)
    raise prepara.Fermo("Il portale da guardare non risponde.")


def _entra(base: str, nome: str, password: str) -> str:
    """The cookies of somebody of the demonstration, who signs in as a browser does."""
    vaso = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(vaso))
    pagina = _compila(browser, f"{base}/accesso/", {"login": f"{nome}@example.org", "password": password})
    if "/codice/" in pagina.url:
        testo = re.sub(r"<[^>]+>", " ", pagina.read().decode().split("<main", 1)[1])
        codice = re.search(r"\b(\d{6})\b", testo)
        if codice is None:
            raise prepara.Fermo(f"La pagina del codice non lo mostra a {nome}.")
        _compila(browser, pagina.url, {"code": codice.group(1)})
    return "; ".join(f"{biscotto.name}={biscotto.value}" for biscotto in vaso)


def _compila(browser: urllib.request.OpenerDirector, indirizzo: str, campi: dict[str, str]) -> Any:
    pagina = browser.open(indirizzo).read().decode()
    segno = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', pagina)
    if segno is None:
        raise prepara.Fermo(f"Alla pagina {indirizzo} manca il modulo di accesso.")
    dati = urllib.parse.urlencode({**campi, "csrfmiddlewaretoken": segno.group(1)}).encode()
    richiesta = urllib.request.Request(indirizzo, dati, {"Referer": indirizzo})  # noqa: S310 our own address
    return browser.open(richiesta)


if __name__ == "__main__":
    try:
        with tempfile.TemporaryDirectory(prefix="psttm-faro-") as temporanea:
            sys.exit(principale(Path(temporanea)))
    except prepara.Fermo as fermo:
        sys.exit(str(fermo))
