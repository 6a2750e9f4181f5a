"""Whatever stands after the question mark of any address is answered: a page, a refusal, never a fault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.ostile import bersagli, veleni
from tests.ostile.scena import OstileTestCase
from tests.ostile.sonda import Sonda, in_silenzio
from tests.test_rotte import Rotta

pytestmark = pytest.mark.ostile
# Pages take their time to be drawn: each run tries some of all that could be asked, the two engines not the same.
PER_ROTTA = 2
# To open an alert is to have read it; of what is taken away a line is written; one's sessions are listed with this one.
SEGNANO = frozenset({"allerta", "accessi-api-csv", "sicurezza-csv", "sessioni"})


class LeDomande(OstileTestCase):
    @pytest.fixture(autouse=True)
    def _conta(self, record_property: Callable[[str, object], None]) -> None:
        self.ricorda = record_property

    def test_nessuna_domanda_guasta_una_pagina(self) -> None:
        sonda = Sonda("domande alle pagine")
        with in_silenzio():
            for rotta in bersagli.tutte():
                if not rotta.modello.startswith(("/api/", "/amministrazione/")):
                    self.interroga(sonda, rotta)
        sonda.concludi(self.ricorda)

    def interroga(self, sonda: Sonda, rotta: Rotta) -> None:
        chi = bersagli.chi_entra(rotta)
        cliente = self.clienti[chi]
        dove = bersagli.indirizzi(rotta, self.scena, chi)
        prima = sonda.chiedi(f"GET {dove[0]}", cliente.get, dove[0], sola_lettura=rotta.nome not in SEGNANO)
        if prima.status_code == 405:
            return
        suoi = [] if prima.streaming else bersagli.campi(prima.content)
        nomi = [*suoi, *bersagli.nomi_nel_codice("GET"), "pagina", "ordine", "ignoto", "q[]"]
        scelta = veleni.caso(rotta.nome, connection.vendor)
        for quale in range(PER_ROTTA + min(len(suoi), 6)):
            tratti = {nome: scelta.choice(veleni.TUTTI) for nome in scelta.sample(nomi, min(len(nomi), 1 + quale % 4))}
            if suoi:
                tratti[suoi[quale % len(suoi)]] = scelta.choice(veleni.TUTTI)
            verso = scelta.choice(dove)
            sonda.chiedi(
                f"GET {verso} {_breve(tratti)}",
                cliente.get,
                verso,
                tratti,
                sola_lettura=rotta.nome not in SEGNANO,
            )


def _breve(tratti: dict[str, Any]) -> str:
    return str({nome: testo[:60] for nome, testo in tratti.items()})
