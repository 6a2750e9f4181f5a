"""`make run`: prepares everything, starts web server, worker and beat, says when they are ready, stops them."""

import pitone  # noqa: F401, I001 — before all the rest, see there

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from time import monotonic
from typing import Any

import prepara
from prepara import PYTHON, RADICE, Fermo

LAVORATORE = "lavoratore@psttm"
# A call that comes before the worker listens is lost: it is repeated until the worker answers.
CHIAMA_LAVORATORE = f"""
from psttm.celery import app
while not app.control.ping(destination=["{LAVORATORE}"], timeout=1):
    pass
"""
ENTRO_SECONDI = 90
# What runs gets this long to end by itself: a short job finishes, a long one is taken up at the next start.
FINE_SECONDI = 10
SEGNALI = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
FERMATA = threading.Event()


class Processo:
    """One of the programs of the portal, in a session of its own, writing to its own log."""

    def __init__(self, nome: str, comando: list[str], ambiente: dict[str, str]) -> None:
        self.nome = nome
        self.diario = cartella_diari() / f"{nome}.log"
        self.diario.parent.mkdir(exist_ok=True)
        with self.diario.open("wb") as uscita:
            self.processo = subprocess.Popen(
                [str(PYTHON), "-m", *comando],
                cwd=RADICE,
                env=ambiente,
                stdin=subprocess.DEVNULL,
                stdout=uscita,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def finito(self) -> bool:
        return self.processo.poll() is not None

    def chiedi_di_finire(self) -> None:
        if not self.finito():
            self.processo.terminate()

    def assicura_la_fine(self, scadenza: float) -> None:
        """Wait until then; after that it is killed, and in any case nothing that it started stays behind."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.processo.wait(max(0.1, scadenza - monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.processo.pid, signal.SIGKILL)
        self.processo.wait()


def cartella_diari() -> Path:
    return prepara.cartella_dati() / "log"


def porta() -> int:
    """The port asked for, if it can be used now."""
    scritta = prepara.variabile("PORT", "8000")
    if not re.fullmatch(r"[0-9]{1,5}", scritta) or not 0 < int(scritta) < 65536:
        raise Fermo(f"PORT vale «{scritta}»: serve un numero da 1 a 65535.")
    numero = int(scritta)
    with socket.socket() as prova:
        prova.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prova.bind(("127.0.0.1", numero))
        except PermissionError:
            raise Fermo(f"Per usare la porta {numero} servono i diritti di root: scegline una oltre 1023.") from None
        except OSError:
            libera = numero + 1 if numero < 65535 else 8000
            raise Fermo(
                f"La porta {numero} è già occupata: forse il portale gira già. "
                f"Ferma chi la usa, oppure scegline un'altra: PORT={libera} make run"
            ) from None
    return numero


def allestisci(ambiente: dict[str, str]) -> dict[str, Any]:
    """Bring database, data and static files up to date; returns what has to be told to people."""
    fatto = subprocess.run(
        [str(PYTHON), "manage.py", "allestisci"], cwd=RADICE, env=ambiente, stdout=subprocess.PIPE, check=False
    )
    if fatto.returncode != 0:
        raise Fermo("Il portale non è partito: la causa è scritta qui sopra.")
    dati: dict[str, Any] = json.loads(fatto.stdout)
    return dati


def comandi(numero: int) -> dict[str, list[str]]:
    """The programs of the portal; the order is that in which they start and stop."""
    gunicorn = [
        "gunicorn",
        "psttm.wsgi",
        "--bind",
        f"127.0.0.1:{numero}",
        "--no-control-socket",
    ]
    # Threads and time limits are in gunicorn.conf.py, which holds for production too.
    un_processo = ["--workers", "1", "--graceful-timeout", "5"]
    celery = ["celery", "-A", "psttm"]
    da_solo = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return {
        "web": [*gunicorn, *un_processo],
        "worker": [*celery, "worker", "--concurrency", "2", "--hostname", LAVORATORE, *da_solo],
        "beat": [*celery, "beat", "--pidfile="],
    }


def aspetta_pronti(processi: list[Processo], numero: int, ambiente: dict[str, str]) -> None:
    """Return when the web server answers a page and the worker answers a call, or when somebody stops the portal."""
    chiamata = subprocess.Popen(
        [str(PYTHON), "-c", CHIAMA_LAVORATORE], cwd=RADICE, env=ambiente, start_new_session=True
    )
    scadenza = monotonic() + ENTRO_SECONDI
    try:
        while not FERMATA.is_set() and (chiamata.poll() is None or not _risponde(numero)):
            controlla_vivi(processi)
            if chiamata.poll() or monotonic() > scadenza:
                raise Fermo(f"Il portale non è partito entro {ENTRO_SECONDI} secondi: la causa è in {cartella_diari()}")
            FERMATA.wait(0.1)
    finally:
        chiamata.kill()
        chiamata.wait()


def _risponde(numero: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{numero}/", timeout=5) as risposta:
            return bool(risposta.status == 200)
    except urllib.error.HTTPError as errore:
        diario = cartella_diari() / "web.log"
        raise Fermo(f"Il server web risponde con l'errore {errore.code}: la causa è in {diario}") from errore
    except OSError:
        return False


def controlla_vivi(processi: list[Processo]) -> None:
    for uno in processi:
        if uno.finito():
            raise Fermo(f"Il processo «{uno.nome}» è terminato da solo, perciò fermo tutto: la causa è in {uno.diario}")


def annuncia(numero: int, dati: dict[str, Any]) -> None:
    riga = "─" * 78
    print(f"\n{riga}\nIl portale è pronto: http://127.0.0.1:{numero}\n")
    if dati["utenti"]:
        print(f"Utenti di dimostrazione, tutti con password {dati['password']}")
        largo = max(len(utente["email"]) for utente in dati["utenti"])
        for utente in dati["utenti"]:
            print(f"  {utente['email']:<{largo}}  {utente['chi']}{' *' if utente['secondo_fattore'] else ''}")
        print("  * dopo la password serve un codice: la pagina di accesso lo mostra\n")
    print(f"Diari: {cartella_diari()}\nPer fermare: Ctrl-C\n{riga}", flush=True)


def fai_girare(numero: int, ambiente: dict[str, str]) -> None:
    """Run the portal until somebody stops it; raises Fermo if one of its programs ends."""
    processi: list[Processo] = []
    dati = allestisci(ambiente)
    # From here on a signal is only noted, so that it never finds a program started and not yet known.
    for segnale in SEGNALI:
        signal.signal(segnale, lambda *_: FERMATA.set())
    print("Avvio server web, worker e beat …", flush=True)
    try:
        for nome, comando in comandi(numero).items():
            processi.append(Processo(nome, comando, ambiente))
        aspetta_pronti(processi, numero, ambiente)
        if not FERMATA.is_set():
            annuncia(numero, dati)
        while not FERMATA.wait(0.3):
            controlla_vivi(processi)
    finally:
        ferma(processi)


def ferma(processi: list[Processo]) -> None:
    print("\nFermo il portale …", flush=True)
    for uno in processi:
        uno.chiedi_di_finire()
    scadenza = monotonic() + FINE_SECONDI
    for uno in processi:
        uno.assicura_la_fine(scadenza)


def avvia() -> None:
    numero = porta()
    prepara.prepara()
    ambiente = dict(os.environ)
    if prepara.variabile("AMBIENTE", "locale") == "locale":
        ambiente["DIMOSTRAZIONE"] = prepara.variabile("DIMOSTRAZIONE", "true")
        ambiente["URL_BASE"] = prepara.variabile("URL_BASE", f"http://127.0.0.1:{numero}")
    fai_girare(numero, ambiente)


if __name__ == "__main__":
    # While things are being prepared every signal stops like Ctrl-C.
    for segnale in SEGNALI:
        signal.signal(segnale, signal.default_int_handler)
    try:
        avvia()
    except KeyboardInterrupt:
        print()
    except Fermo as fermo:
        sys.exit(str(fermo))
    print("Il portale è fermo; i dati restano.", flush=True)
