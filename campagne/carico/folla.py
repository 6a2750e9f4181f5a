"""The users of the campaign, as locust runs them: who they are, what they do, how long they think in between.

Everybody is one of the people of `dati.py`, with her own session and address. With CARICO_SOLA one user alone takes the
place of all in turn, with the same mix of pages: the measure that the crowd is compared with.
"""

from __future__ import annotations

import csv
import itertools
import json
import os
import random
import secrets
from pathlib import Path
from typing import Any

from locust import FastHttpUser, events, task
from locust.contrib.fasthttp import FastResponse

from campagne.carico.mestieri import MESTIERI
from campagne.impianto.cliente import ORIGINE, OSPITE

DATI: dict[str, Any] = json.loads(Path(os.environ["CARICO_DATI"]).read_text())
SOLA = bool(os.environ.get("CARICO_SOLA"))
# Seconds from one page to the next: of an office at work, and of the lone user, who only has to be measured.
PENSA = (0.2, 0.4) if SOLA else (5.0, 15.0)
FRA_DUE_SCARICHI = 1.0
SCARICHI = ("/api/v1/cup.csv", "/api/v1/cup.ndjson")
CASO = random.Random(20260)  # noqa: S311 not for secrets
_persone = itertools.cycle(DATI["persone"])
_scarichi = itertools.count()
_tempi: list[tuple[str, str, float, str]] = []


@events.request.add_listener
def _annota(request_type: str, name: str, response_time: float, exception: object = None, **_altro: Any) -> None:
    _tempi.append((request_type, name, response_time, "" if exception is None else str(exception)))


@events.spawning_complete.add_listener
def _da_capo(**_altro: Any) -> None:
    """What was measured while people were still coming does not count, unless it failed."""
    _tempi[:] = [riga for riga in _tempi if riga[3]]


@events.quitting.add_listener
def _scrivi(**_altro: Any) -> None:
    with Path(os.environ["CARICO_TEMPI"]).open("w", newline="") as file:
        csv.writer(file).writerows(_tempi)


class Persona(FastHttpUser):
    """Somebody at a browser: after each page she thinks, then does the next thing of her job."""

    default_headers = {"Host": OSPITE, "X-Forwarded-Proto": "https", "Accept-Encoding": "gzip"}
    mesi: list[str] = DATI["mesi"]
    piani: list[str] = DATI["piani"]
    caso = CASO

    def wait_time(self) -> float:
        return CASO.uniform(*PENSA)

    def on_start(self) -> None:
        self._diventa(next(_persone))

    def _diventa(self, chi: dict[str, Any]) -> None:
        self.chi, self.gettone, self.sessione = chi, secrets.token_hex(16), chi["sessione"]
        self.indirizzo = f"198.18.{chi['pk'] // 250 % 250}.{chi['pk'] % 250 + 1}"

    @property
    def intervento(self) -> int:
        pk: int = CASO.choice(self.chi["interventi"])
        return pk

    @task
    def lavora(self) -> None:
        if SOLA:
            self._diventa(CASO.choice(DATI["persone"]))
        mestiere = MESTIERI[self.chi["ruolo"]]
        CASO.choices([passo for _peso, passo in mestiere], [peso for peso, _passo in mestiere])[0](self)

    # --- What the jobs are made of ------------------------------------------------------------------------------------

    def apre(self, percorso: str, nome: str, bene: tuple[int, ...] = (200,)) -> FastResponse:
        return self._chiedi("GET", percorso, nome, bene)

    def manda(self, percorso: str, nome: str, dati: dict[str, Any], bene: tuple[int, ...] = (302,)) -> FastResponse:
        """Send a form."""
        return self._chiedi("POST", percorso, nome, bene, data=dati)

    def manda_json(self, percorso: str, nome: str, dati: dict[str, Any]) -> FastResponse:
        """Send what a script of the page sends."""
        return self._chiedi("POST", percorso, nome, (200,), json=dati)

    def entra(self) -> None:
        """Sign in anew, as one does in the morning; the session of before is left."""
        self.sessione = ""
        self.apre("/accesso/", "accesso")
        dati = {"login": self.chi["email"], "password": DATI["password"]}
        risposta = self.manda("/accesso/", "accesso (invio)", dati)
        for biscotto in risposta.headers.getlist("Set-Cookie") if risposta.headers else []:
            nome, _uguale, resto = biscotto.partition("=")
            if nome == DATI["biscotti"]["sessione"]:
                self.sessione = resto.partition(";")[0]

    def _chiedi(self, metodo: str, percorso: str, nome: str, bene: tuple[int, ...], **corpo: Any) -> FastResponse:
        # No cookie jar: the cookies are for HTTPS, which ends before the portal.
        self.client.cookiejar.clear()
        nomi = DATI["biscotti"]
        testate = {
            "Cookie": f"{nomi['sessione']}={self.sessione}; {nomi['csrf']}={self.gettone}",
            "X-Forwarded-For": self.indirizzo,
        }
        if metodo == "POST":
            testate |= {"X-CSRFToken": self.gettone, "Origin": ORIGINE}
        with self.client.request(
            metodo, percorso, name=nome, headers=testate, allow_redirects=False, catch_response=True, **corpo
        ) as risposta:
            if risposta.status_code in bene:
                risposta.success()
            else:
                dove = risposta.headers.get("Location", "") if risposta.headers else ""
                risposta.failure(f"{risposta.status_code} {dove} {(risposta.text or '')[:200]!r}")
        return risposta


class Scarico(FastHttpUser):
    """The program of a ministry, that pulls the whole list again and again."""

    fixed_count = 2
    default_headers = {"Host": OSPITE, "X-Forwarded-Proto": "https", "Accept-Encoding": "gzip"}

    def wait_time(self) -> float:
        return FRA_DUE_SCARICHI

    def on_start(self) -> None:
        numero = next(_scarichi) % len(SCARICHI)
        self.percorso, self.chiave = SCARICHI[numero], DATI["chiavi"][numero]

    @task
    def scarica(self) -> None:
        testate = {"Authorization": f"Bearer {self.chiave}", "X-Forwarded-For": "198.19.0.1"}
        with self.client.get(self.percorso, name=f"API {self.percorso}", headers=testate, catch_response=True) as fatto:
            righe = (fatto.text or "").count("\n")
            if fatto.status_code == 200 and righe >= DATI["cup"]:
                fatto.success()
            else:
                fatto.failure(f"{fatto.status_code}, {righe} righe")
