"""A real web server with two processes: its measures are one whichever answers, its log is JSON and names nobody."""

from __future__ import annotations

import json
import os
import sys
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from django.conf import settings
from django.test import Client

from campagne.impianto.parti import Parte
from campagne.impianto.serventi import porta_libera
from enti.ruoli import Ruolo
from tests.attesa import attendi
from tests.enti.persone import crea_persona
from tests.registro.processi import indirizzo_della_base_dati

TOKEN = "un-token-di-prova"
CLIENTE = "203.0.113.9"


class Web:
    def __init__(self, cartella: Path) -> None:
        self.base = f"http://127.0.0.1:{porta_libera()}"
        variabili = {
            "DATABASE_URL": indirizzo_della_base_dati(),
            "FORMA_DEL_LOG": "json",
            "METRICHE_TOKEN": TOKEN,
            "PROXY_INDIRIZZI": "127.0.0.1",
            "API_LIMITE_ANONIMI": "100000",
            "TMPDIR": str(cartella),
        }
        bind = self.base.removeprefix("http://")
        comando = [sys.executable, "-m", "gunicorn", "--bind", bind, "--workers", "2", "--no-control-socket"]
        self.parte = Parte("web", comando, os.environ | variabili, cartella / "web.log")

    def vivo(self) -> bool:
        try:
            return requests.get(f"{self.base}/salute/viva", timeout=5).ok
        except requests.RequestException:
            return False

    def chiedi(self, percorso: str, numero: str = "", **intestazioni: str) -> requests.Response:
        """A request as a proxy of ours passes it on, on a connection of its own."""
        mie = {"X-Forwarded-For": CLIENTE, "X-Request-ID": numero, **intestazioni}
        return requests.get(f"{self.base}{percorso}", headers=mie, timeout=20, allow_redirects=False)

    def righe(self) -> list[dict[str, Any]]:
        return [json.loads(riga) for riga in self.parte.diario.read_text().splitlines()]

    def accessi(self) -> list[dict[str, Any]]:
        return [riga for riga in self.righe() if riga["diario"] == "gunicorn.access"]


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    web = Web(tmp_path)
    web.parte.avvia()
    try:
        attendi(web.vivo, 60, "il server web risponde")
        yield web
    finally:
        web.parte.ferma()
        sys.stdout.write(web.parte.fine_del_diario())


def _contate(web: Web) -> int:
    testo = web.chiedi("/metriche", authorization=f"Bearer {TOKEN}").text
    inizio = 'psttm_http_risposte_total{metodo="GET",rotta="api-status",stato="200"} '
    return sum(int(float(riga.removeprefix(inizio))) for riga in testo.splitlines() if riga.startswith(inizio))


def _scritte(web: Web) -> int:
    return sum((riga.get("rotta"), riga["stato"]) == ("api-status", 200) for riga in web.accessi())


@pytest.mark.django_db(transaction=True)
def test_misure_e_diario_di_un_server_con_due_processi(web: Web, client: Client, tmp_path: Path) -> None:
    persona = crea_persona(Ruolo.CABINA, nome="nessuno-mi-nomini")
    client.force_login(persona)
    biscotto = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"

    # The same number from the proxy to the log; what has not its form is replaced.
    numero = str(uuid.uuid4())
    assert web.chiedi("/api/v1/status", numero).headers["X-Request-ID"] == numero
    per_intero = web.chiedi("/api/v1/status", uuid.UUID(numero).hex)
    assert per_intero.headers["X-Request-ID"] == numero
    sostituito = web.chiedi("/api/v1/status", "x' OR 1=1").headers["X-Request-ID"]
    assert uuid.UUID(sostituito) != uuid.UUID(numero)
    assert web.chiedi("/cerca/suggerimenti/?q=segreta", cookie=biscotto).status_code == 200
    [riga] = [riga for riga in web.accessi() if riga["azione"] == numero][:1]
    assert {nome: riga[nome] for nome in ("metodo", "percorso", "stato", "rotta", "indirizzo", "livello")} == {
        "metodo": "GET",
        "percorso": "/api/v1/status",
        "stato": 200,
        "rotta": "api-status",
        "indirizzo": CLIENTE,
        "livello": "INFO",
    }
    assert "persona" not in riga
    rifiutata = web.chiedi("/api/v1/status?inventato=1")
    assert rifiutata.status_code == 400
    [avviso] = [riga for riga in web.righe() if riga["diario"] == "django.request"]
    assert avviso["azione"] == rifiutata.headers["X-Request-ID"]
    [sua] = [riga for riga in web.accessi() if riga.get("rotta") == "cerca-suggerimenti"]
    assert sua["persona"] == persona.pk
    diario = web.parte.diario.read_text()
    for taciuto in ("segreta", "nessuno-mi-nomini", "Nessuno-mi-nomini", biscotto.partition("=")[2]):
        assert taciuto not in diario

    def tutti_e_due() -> bool:
        with ThreadPoolExecutor(8) as fili:
            list(fili.map(lambda _: web.chiedi("/api/v1/status"), range(16)))
        return len({riga["processo"] for riga in web.accessi() if riga.get("rotta") == "api-status"}) == 2

    attendi(tutti_e_due, 60, "hanno risposto tutti e due i processi")
    # A line is written after its answer is sent.
    attendi(lambda: _scritte(web) == _contate(web), 10, "diario e misure dicono lo stesso")
    assert [_contate(web) for _ in range(6)] == [_scritte(web)] * 6
    web.parte.ferma()
    assert not list(tmp_path.glob("psttm-misure-*"))
