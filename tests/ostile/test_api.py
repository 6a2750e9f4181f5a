"""Whatever is asked of the API or sent to it, by software with a key, by people, by nobody."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from enti.models import Ente
from interoperabilita.services import pubblicazione
from tests.interoperabilita.chiavi import Consumatore, consumatore
from tests.interoperabilita.scritture import buono, del_comune
from tests.ostile import bersagli, veleni
from tests.ostile.scena import SUO, OstileTestCase
from tests.ostile.sonda import Sonda, in_silenzio
from tests.test_rotte import Rotta

pytestmark = pytest.mark.ostile
PER_ROTTA = 30
CORPI = 2_000
PARAMETRI = (
    "limit", "offset", "cursor", "al", "q", "sort", "fields", "modificati_dal", "conteggio", "piano", "comune",
    "submisura", "stato", "zona", "driver", "missione", "strategia", "mese", "ignoto", "formato",
)  # fmt: skip
# Bodies that are no JSON, or that hide something in it.
STORTI = (
    b"",
    b"{",
    b"[" * 100_000,
    b'{"a":' * 20_000,
    b'{"mese":"2024-12","mese":"2024-11"}',
    b'{"mese": NaN}',
    b'{"mese": 1e999}',
    b'{"mese": ' + b"9" * 5_000 + b"}",
    b'{"mese":"\xff\xfe"}',
    b"\xef\xbb\xbf{}",
    b"\xff\xfe{\x00}\x00",
    b"{'mese':'2024-12'}",
    b'"2024-12"',
    b"null",
    b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>",
    b"mese=2024-12",
    b"\x00" * 1_000,
)
TIPI = (
    "application/json",
    "application/json; charset=utf-16",
    "text/plain",
    "application/xml",
    "",
    "multipart/form-data",
)


@override_settings(API_LIMITE_ANONIMI=1_000_000, API_LIMITE_PERSONE=1_000_000)
class LApi(OstileTestCase):
    ministero: Consumatore
    rho: Consumatore
    consorzio: Consumatore

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.ministero, cls.rho = consumatore(), del_comune()
        cls.consorzio = consumatore(Ente.objects.get(comune__nome="Magenta"), ruoli=["compilatore", "responsabile"])
        pubblicazione.pubblica()

    @pytest.fixture(autouse=True)
    def _conta(self, record_property: Callable[[str, object], None]) -> None:
        self.ricorda = record_property

    def rotte(self) -> list[Rotta]:
        return [rotta for rotta in bersagli.tutte() if rotta.modello.startswith("/api/v1/")]

    def indirizzo(self, rotta: Rotta, scelta: Random) -> str:
        """With what exists, or with anything in its place."""
        veri = {
            "cup": self.scena.opere[SUO].cup,
            "id": self.scena.oggetti["avanzamento"][SUO]["pk"],
            "codice": "spugna",
            "formato": scelta.choice(("csv", "ndjson", "xlsx", "json", "exe")),
            "rapporto": self.scena.oggetti["rapporto"][SUO]["codice"],
        }
        strani = (
            "0",
            "-1",
            "9" * 30,
            "9" * 4_400,
            "a b",
            "%00",
            "%ff",
            "..",
            "'",
            "<b>",
            "%0d%0aX: y",
            "A" * 3_000,
            "²",
        )
        argomenti = {n: scelta.choice(strani) if scelta.random() < 0.15 else v for n, v in veri.items()}
        return bersagli.indirizzo(rotta, argomenti)

    def test_nessuna_domanda_guasta_l_api(self) -> None:
        sonda = Sonda("domande all'API")
        chi: dict[str, Any] = {
            "ministero": self.ministero,
            "Rho": self.rho,
            "coordinatore": self.clienti["coordinatore"],
        }
        with in_silenzio():
            for rotta in self.rotte():
                scelta = veleni.caso(rotta.nome, connection.vendor)
                for quale in range(PER_ROTTA):
                    nome = scelta.choice(list(chi))
                    dove = self.indirizzo(rotta, scelta)
                    parametri = {n: scelta.choice(veleni.TUTTI) for n in scelta.sample(PARAMETRI, 1 + quale % 3)}
                    testate = {
                        "HTTP_ACCEPT": scelta.choice(("application/json", "text/csv", "*/*", "x", "a/b;q=z", "\x00"))
                    }
                    come = f"GET {dove[:100]} {str(parametri)[:200]} da {nome}"
                    sonda.chiedi(come, chi[nome].get, dove, parametri, sola_lettura=True, **testate)
        sonda.concludi(self.ricorda)

    def test_nessun_corpo_guasta_l_api(self) -> None:
        """Of the months: by who may write this intervento, who may write others, who may write none."""
        sonda = Sonda("corpi all'API")
        scelta = veleni.caso("corpi", connection.vendor)
        opera, bozza = self.scena.opere[SUO], self.scena.oggetti["avanzamento"][SUO]["pk"]
        radice = f"/api/v1/interventi/{opera.cup}/avanzamenti"
        consumatori = (("Rho", self.rho), ("consorzio", self.consorzio), ("ministero", self.ministero))
        with in_silenzio():
            for quale in range(CORPI):
                # Of eight, six by who may.
                nome, chi = consumatori[max(quale % 8 - 5, 0)]
                dove = radice if quale % 4 else f"{radice}/{bozza}/invia"
                corpo, tipo = self.corpo(quale, scelta)
                testate: dict[str, Any] = (
                    {"HTTP_IDEMPOTENCY_KEY": scelta.choice(veleni.TUTTI[:50])} if quale % 5 == 0 else {}
                )
                come = f"POST {dove} da {nome} {tipo} {corpo[:200]!r}"
                risposta = sonda.chiedi(come, chi.generic, "POST", dove, corpo, content_type=tipo, **testate)
                if nome != "Rho" and risposta.status_code < 400:
                    sonda.guasti.append(f"{come}: {risposta.status_code}, e non poteva")
        sonda.concludi(self.ricorda)

    def corpo(self, quale: int, scelta: Random) -> tuple[bytes, str]:
        if quale % 9 == 0:
            return scelta.choice(STORTI), scelta.choice(TIPI)
        dati: Any = {"mese": "2025-01", "contenuto": buono(), "revisione": 0, "spiegazioni": []}
        for _volta in range(scelta.randint(1, 3)):
            _avvelena(dati, scelta)
        byte = json.dumps(dati).encode()
        return (veleni.storpiato(byte, scelta) if quale % 7 == 0 else byte), "application/json"


def _avvelena(dati: Any, scelta: Random) -> None:
    """Put something else, anywhere in it."""
    while isinstance(dati, dict | list) and dati:
        chiave: Any = scelta.choice(list(dati)) if isinstance(dati, dict) else scelta.randrange(len(dati))
        if not isinstance(dati[chiave], dict | list) or scelta.random() < 0.3:
            dati[chiave] = (
                copy.deepcopy(scelta.choice(veleni.JSON)) if scelta.random() < 0.5 else scelta.choice(veleni.TUTTI)
            )
            if isinstance(dati, dict) and scelta.random() < 0.2:
                dati[scelta.choice(veleni.TUTTI)[:50]] = copy.deepcopy(scelta.choice(veleni.JSON))
            return
        dati = dati[chiave]
