"""A plant with parts of the release before beside those of this one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import TracebackType

import requests

from campagne.impianto import Cliente, Impianto, Parte, attendi, porta_libera
from campagne.rilasci.precedente import estrai

WEB, WORKER = "web-vecchio", "worker-vecchio"
BIN = Path(sys.executable).parent


class DueRilasci:
    """The release before, in a folder of the plant, with files of its own and the database of all."""

    def __init__(self, impianto: Impianto, *, base_dati: str = "") -> None:
        self.impianto = impianto
        self.albero = impianto.cartella / "prima"
        self.base = f"http://127.0.0.1:{porta_libera()}"
        locale = impianto.cartella / "macchina-vecchia"
        locale.mkdir(exist_ok=True)
        self.ambiente = impianto.ambiente(locale) | ({"DATABASE_URL": base_dati} if base_dati else {})

    def __enter__(self) -> DueRilasci:
        estrai(self.albero)
        self.gestore("collectstatic", "--no-input", "-v0")
        indirizzo = self.base.removeprefix("http://")
        self._parte(WEB, "gunicorn", "psttm.wsgi", "--bind", indirizzo, "--workers", "1", "--no-control-socket")
        self._parte(WORKER, "celery", "-A", "psttm", "worker", "--concurrency", "1", "--hostname", f"{WORKER}@impianto")
        return self

    def __exit__(self, tipo: type[BaseException] | None, *_: BaseException | TracebackType | None) -> None:
        for nome in (WEB, WORKER):
            self.impianto.parti[nome].uccidi()

    def avvia(self, *nomi: str) -> None:
        """Start parts of the release before, and wait until they answer."""
        for nome in nomi:
            self.impianto.avvia(nome)
        if WEB in nomi:
            attendi(self._risponde, entro=60, che_cosa=f"{WEB} risponde")
        if WORKER in nomi:
            attendi(lambda: self.impianto.ascolta(WORKER), entro=60, che_cosa=f"{WORKER} risponde")

    def gestore(self, *argomenti: str, **variabili: str) -> None:
        """Run a command of the release before."""
        comando = [sys.executable, "manage.py", *argomenti]
        subprocess.run(comando, cwd=self.albero, env=self.ambiente | variabili, check=True, stdout=subprocess.DEVNULL)

    def cliente(self, email: str) -> Cliente:
        """Somebody of the demonstration, signed in at the web server of the release before."""
        chi = self.impianto.persone[email]
        return Cliente(self.base).entra(email, self.impianto.password, secondo_fattore=chi["secondo_fattore"])

    def _risponde(self) -> bool:
        try:
            return Cliente(self.base, attesa=10).get("/").status_code == requests.codes.ok
        except requests.RequestException:
            return False

    def _parte(self, nome: str, programma: str, *argomenti: str) -> None:
        diario = self.impianto.cartella / "diari" / f"{nome}.log"
        comando = [str(BIN / programma), *argomenti]
        self.impianto.parti[nome] = Parte(nome, comando, self.ambiente, diario, [], self.albero)
