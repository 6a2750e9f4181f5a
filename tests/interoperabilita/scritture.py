"""What a Comune's software sends, for the tests of the writes: the twin of `tests.monitoraggio.base.celle_buone`."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date
from typing import Any

from campagne.guasti.scrittori import CONTENUTO
from enti.models import Ente
from enti.ruoli import Ruolo
from interventi.models import Intervento
from monitoraggio.models import Avanzamento
from tests.interoperabilita.chiavi import Consumatore, consumatore
from tests.monitoraggio.base import DICEMBRE, MonitoraggioTestCase

TUTTI_I_RUOLI = (Ruolo.COMPILATORE, Ruolo.RESPONSABILE)


def del_comune(nome: str = "Rho", **campi: Any) -> Consumatore:
    """The software of a Comune, which may write and send."""
    return consumatore(Ente.objects.get(comune__nome=nome), **({"ruoli": TUTTI_I_RUOLI} | campi))


def buono(**altro: Any) -> dict[str, Any]:
    """A `contenuto` that leaves no remark on a new draft of `tests.monitoraggio.base.intervento`."""
    return deepcopy(CONTENUTO) | altro


def indirizzo(opera: Intervento, *resto: object) -> str:
    return "/".join(["/api/v1/interventi", opera.cup, "avanzamenti", *map(str, resto)])


def manda(chi: Consumatore, dove: str, corpo: Any, **intestazioni: str) -> Any:
    """POST of some JSON; headers with _ in place of -."""
    testa = {nome.replace("_", "-"): valore for nome, valore in intestazioni.items()}
    return chi.post(dove, json.dumps(corpo), content_type="application/json", headers=testa)


def bozza(chi: Consumatore, opera: Intervento, mese: str = "2024-12", **corpo: Any) -> Any:
    """POST of a draft; by default with a `contenuto` that leaves no remark."""
    return manda(chi, indirizzo(opera), {"mese": mese, "contenuto": buono(), **corpo})


def campi_errati(risposta: Any) -> set[str]:
    return {errore["campo"] for errore in risposta.json()["errori"]}


class ScritturaTestCase(MonitoraggioTestCase):
    """Rho has an intervento, and its software a key."""

    rho: Consumatore

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.rho = del_comune()

    def una(self, mese: date = DICEMBRE) -> Avanzamento:
        return Avanzamento.objects.get(intervento=self.opera, mese=mese)
