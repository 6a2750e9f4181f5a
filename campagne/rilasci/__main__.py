"""`python -m campagne.rilasci`: an upgrade under way. Prints the verdict; by hand, since it takes a minute or two.

The release before works on a database of its own making; people read and write at its web server all the while that two
machines prepare this release on that database, together. Nothing that they do may fail, nor wait for longer than the
changes of the tables are let wait for; then this release must find the database as it wants it.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Any

from campagne.impianto import Cliente, Impianto
from campagne.impianto.parti import RADICE
from campagne.rilasci.due import WEB, DueRilasci

CHI = ("compilatore.rho@example.org", "responsabile.rho@example.org", "compilatore.bresso@example.org")
PAGINE = ("/", "/monitoraggio/", "/monitoraggio/attese/", "/interventi/", "/piani/")
# A table is waited for 3 seconds at most (psttm.management.commands.allestisci): so much more for the rest.
LIMITE_SECONDI = 10


class Lettore:
    """Somebody at work on the release before, until told to stop."""

    def __init__(self, chi: Cliente, basta: threading.Event) -> None:
        self.chi, self.basta = chi, basta
        self.tempi: list[float] = []
        self.errori: list[str] = []

    def lavora(self) -> None:
        while not self.basta.is_set():
            for pagina in PAGINE:
                self._fa("get", pagina, 200)
            dati = {"nome": f"Vista {uuid.uuid4()}", "filtri": "ordine=-finanziamento"}
            self._fa("post", "/interventi/viste/salva/", 302, dati=dati)

    def _fa(self, come: str, percorso: str, bene: int, **opzioni: Any) -> None:
        inizio = perf_counter()
        risposta = getattr(self.chi, come)(percorso, **opzioni)
        self.tempi.append(perf_counter() - inizio)
        if risposta.status_code != bene:
            self.errori.append(f"{percorso}: {risposta.status_code}")


def prova() -> int:
    with Impianto(beat=False, processi_web=1, concorrenza=1) as impianto:
        impianto.postgres.esegui("CREATE DATABASE prima", base="postgres")
        base_dati = impianto.postgres.url.rpartition("/")[0] + "/prima"
        with DueRilasci(impianto, base_dati=base_dati) as prima:
            print("La versione di prima prepara i suoi dati …", flush=True)
            prima.gestore("allestisci", AMBIENTE="locale", DIMOSTRAZIONE="true", CELERY_BROKER_URL="memory://")
            prima.avvia(WEB)
            return _aggiorna(impianto, prima, base_dati)


def _aggiorna(impianto: Impianto, prima: DueRilasci, base_dati: str) -> int:
    basta = threading.Event()
    lettori = [Lettore(prima.cliente(email), basta) for email in CHI]
    with ThreadPoolExecutor(len(lettori)) as fili:
        al_lavoro = [fili.submit(lettore.lavora) for lettore in lettori]
        uscite = _due_macchine(impianto, base_dati)
        basta.set()
        for uno in al_lavoro:
            uno.result()
    errori = [errore for lettore in lettori for errore in lettore.errori]
    tempi = [tempo for lettore in lettori for tempo in lettore.tempi]
    a_posto = _a_posto(impianto, base_dati)
    lente = max(tempi) > LIMITE_SECONDI
    print(f"{'✕' if any(uscite) else '✓'} Due macchine hanno allestito insieme: uscite {uscite}")
    print(f"{'✕' if errori else '✓'} Risposte della versione di prima: {len(tempi)}, errate {len(errori)} {errori[:5]}")
    print(f"{'✕' if lente else '✓'} La più lenta: {max(tempi):.1f} s, il limite è {LIMITE_SECONDI}")
    print(f"{'✓' if a_posto else '✕'} La base dati è quella che questa versione si aspetta", flush=True)
    return int(any(uscite) or bool(errori) or lente or not a_posto)


def _due_macchine(impianto: Impianto, base_dati: str) -> list[int]:
    """Both prepare this release at once: their exit codes."""
    processi = []
    for nome in ("una", "altra"):
        locale = impianto.cartella / nome
        locale.mkdir()
        ambiente = impianto.ambiente(locale) | {"DATABASE_URL": base_dati}
        diario = (impianto.cartella / "diari" / f"allestisci-{nome}.log").open("wb")
        comando = [sys.executable, "manage.py", "allestisci"]
        processi.append(subprocess.Popen(comando, cwd=RADICE, env=ambiente, stdout=diario, stderr=diario))
    return [processo.wait() for processo in processi]


def _a_posto(impianto: Impianto, base_dati: str) -> bool:
    ambiente = impianto.ambiente() | {"DATABASE_URL": base_dati}
    comando = [sys.executable, "manage.py", "migrate", "--check"]
    return subprocess.run(comando, cwd=RADICE, env=ambiente, stdout=subprocess.DEVNULL, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(prova())
