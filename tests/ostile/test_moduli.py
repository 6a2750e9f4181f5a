"""Whatever is sent to any form of the portal, by who may send it and by who may not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import override_settings
from django.urls import Resolver404, resolve

from enti.ruoli import Ruolo
from tests.ostile import bersagli, moduli, veleni
from tests.ostile.scena import ANONIMO, TUTTI, OstileTestCase
from tests.ostile.sonda import DA_PROGRAMMA, Sonda, in_silenzio
from tests.test_rotte import Rotta

pytestmark = pytest.mark.ostile
# Of a form that can be sent: how many times it is sent wrong. Of one that cannot: for each role, how many.
PER_MODULO = 5
PER_RIFIUTO = 4
PER_AMMINISTRAZIONE = 1
# These end the session that the next requests need, or wait for a mail.
CHIUDONO = frozenset({"account_logout"})


@override_settings(API_LIMITE_ANONIMI=1_000_000, API_LIMITE_PERSONE=1_000_000)
class IModuli(OstileTestCase):
    @pytest.fixture(autouse=True)
    def _conta(self, record_property: Callable[[str, object], None]) -> None:
        self.ricorda = record_property

    def test_nessun_modulo_si_guasta_con_cio_che_gli_si_scrive(self) -> None:
        sonda = Sonda("moduli di chi può")
        with in_silenzio():
            trovati = self.moduli_delle_pagine(sonda)
            for rotta in bersagli.tutte():
                if not rotta.modello.startswith(("/api/", "/amministrazione/")) and rotta.nome not in CHIUDONO:
                    self.invia(sonda, rotta, trovati.get(rotta.nome, {}))
        sonda.concludi(self.ricorda)

    def moduli_delle_pagine(self, sonda: Sonda) -> dict[str, dict[str, list[str]]]:
        """By route, the fields of the form that some page sends there: of two, the one with more of them."""
        trovati: dict[str, dict[str, list[str]]] = {}
        for rotta in bersagli.tutte():
            if rotta.modello.startswith(("/api/", "/amministrazione/", "/open-data/")):
                continue
            chi = bersagli.chi_entra(rotta)
            dove = bersagli.indirizzi(rotta, self.scena, chi)[0]
            risposta = sonda.chiedi(f"GET {dove}", self.clienti[chi].get, dove)
            if risposta.streaming or "html" not in risposta.get("Content-Type", ""):
                continue
            for modulo in moduli.di_pagina(risposta.content, dove):
                nome = _rotta_di(modulo.azione)
                if len(modulo.campi) > len(trovati.get(nome, {})):
                    trovati[nome] = modulo.campi
        return trovati

    def invia(self, sonda: Sonda, rotta: Rotta, campi: dict[str, list[str]]) -> None:
        chi = bersagli.chi_entra(rotta)
        cliente = self.clienti[chi]
        dove = bersagli.indirizzi(rotta, self.scena, chi)
        vuoto = sonda.chiedi(f"POST {dove[0]} vuoto", cliente.post, dove[0])
        if vuoto.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            return
        scelta = veleni.caso(rotta.nome, connection.vendor)
        for quale in range(PER_MODULO):
            dati = moduli.guasta(campi, bersagli.nomi_nel_codice("POST"), scelta)
            verso = dove[quale % len(dove)]
            sonda.chiedi(f"POST {verso} {_breve(dati)}", cliente.post, verso, dati)

    def test_chi_non_puo_non_cambia_nulla(self) -> None:
        """Every route, every role that may not enter, every method: refused, and nothing is written."""
        sonda = Sonda("moduli di chi non può")
        with in_silenzio():
            for rotta in bersagli.tutte():
                esclusi = [chi for chi in TUTTI if chi not in bersagli.ammessi(rotta)]
                for chi in esclusi:
                    for come, manda in self.tentativi(rotta, chi):
                        risposta = sonda.chiedi(come, manda)
                        # 404 before anything else: an address that holds what it cannot hold is nobody's.
                        if risposta.status_code not in {401, 403, 404, 405}:
                            sonda.guasti.append(f"{come}: {risposta.status_code}, e non può entrare")
        sonda.concludi(self.ricorda)

    def tentativi(self, rotta: Rotta, chi: str) -> Iterator[tuple[str, Callable[[], Any]]]:
        cliente = self.clienti[chi]
        dove = bersagli.indirizzi(rotta, self.scena, chi if chi != ANONIMO else Ruolo.COORDINATORE.value)
        nomi = bersagli.nomi_nel_codice("POST")
        scelta = veleni.caso(rotta.nome, chi, connection.vendor)
        quanti = PER_AMMINISTRAZIONE if rotta.spazio == "admin" else PER_RIFIUTO
        for quale in range(quanti):
            verso = scelta.choice(dove)
            metodo = ("post", "put", "patch", "delete")[quale % 4]
            dati = {nome: scelta.choice(veleni.TUTTI) for nome in scelta.sample(nomi, 3)}
            come = f"{metodo} {verso} da {chi}"
            if metodo == "post":
                yield come, partial(cliente.post, verso, dati, **DA_PROGRAMMA)
            else:
                yield come, partial(getattr(cliente, metodo), verso, **DA_PROGRAMMA)


def _rotta_di(azione: str) -> str:
    try:
        return resolve(urlsplit(azione).path).view_name
    except Resolver404:
        return ""


def _breve(dati: dict[str, Any]) -> str:
    return str({nome: [str(v)[:40] for v in valori] for nome, valori in list(dati.items())[:12]})
