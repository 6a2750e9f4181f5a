"""What the register holds of an intervento: what ReGiS said on the day it was read, or what its last month says.

Invented as all the rest: it is what the story tells of that day, but for one intervento in eight ReGiS is behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import partial

from interventi.models import Intervento
from monitoraggio import fasi
from monitoraggio.demo.denaro import ZERO
from monitoraggio.demo.scrittura import Opera, Scritto
from monitoraggio.models import Avanzamento

# The day of the real open data of ReGiS.
LETTO_IL = date(2025, 3, 31)
# An older programme, which the open data of the PNRR do not have.
NON_LETTI = frozenset({"BANDO-PERIFERIE"})
UNO_SU = 8
CONCLUSO, IN_CORSO = "Concluso", "In corso"


@dataclass(frozen=True)
class Estratto:
    """The values of the register; `al` is the day ReGiS was read for them, None where it never was."""

    al: date | None
    descritto: Avanzamento
    pagato: Decimal
    indicatori: dict[str, Decimal] = field(default_factory=dict)

    def descrivi(self, intervento: Intervento) -> None:
        """Put in the intervento what its fields say; the indicators and the money by source are of who calls."""
        intervento.inizio_effettivo = self.descritto.inizio_lavori
        intervento.fine_effettiva = self.descritto.fine_effettiva
        intervento.pagamenti_totali = self.pagato
        intervento.dati_al = intervento.finanziamento_al = intervento.pagamenti_al = self.al
        if self.al is not None:
            intervento.fase_codice = self.descritto.fase
            intervento.fase_descrizione = fasi.nome(self.descritto.fase)
            intervento.stato_avanzamento = IN_CORSO if self.descritto.fine_effettiva is None else CONCLUSO


def estrai(opera: Opera) -> Estratto:
    """What is to be written of an intervento."""
    posto = opera.storia.posto
    letti = [s for s in opera.approvati if s.avanzamento.riferito_al <= LETTO_IL]
    if not letti or not posto.intervento.monitorato_regis or posto.filone in NON_LETTI:
        return _di(opera.approvati, None)
    giusto = _di(letti, LETTO_IL)
    caso = opera.storia.caso("scarto")
    if caso.randrange(UNO_SU):
        return giusto
    modi: list[Callable[[], Estratto]] = [partial(modo, giusto, letti) for modo in (_pagato, _fase, _indicatori)]
    caso.shuffle(modi)
    return next((indietro for modo in modi if (indietro := modo()) != giusto), giusto)


def _di(scritti: Sequence[Scritto], al: date | None) -> Estratto:
    if not scritti:
        return Estratto(al, Avanzamento(), ZERO)
    pagato = sum((s.avanzamento.pagato for s in scritti), ZERO)
    return Estratto(al, scritti[-1].avanzamento, pagato, _realizzati(scritti[-1]))


def _realizzati(scritto: Scritto) -> dict[str, Decimal]:
    return {riga["codice"]: riga["realizzato"] for riga in scritto.lettura["indicatori"]}


# --- How ReGiS is behind: each says the same as it was given where the story leaves no room for it -----------------


def _pagato(giusto: Estratto, letti: Sequence[Scritto]) -> Estratto:
    """It has not the payments of the last month that had any."""
    ultimo = next((s.avanzamento.pagato for s in reversed(letti) if s.avanzamento.pagato), ZERO)
    return replace(giusto, pagato=giusto.pagato - ultimo)


def _fase(giusto: Estratto, letti: Sequence[Scritto]) -> Estratto:
    """It is still at the phase before."""
    prima = [s.avanzamento for s in letti if s.avanzamento.fase not in {"", giusto.descritto.fase}]
    return replace(giusto, descritto=prima[-1]) if prima else giusto


def _indicatori(giusto: Estratto, letti: Sequence[Scritto]) -> Estratto:
    """Its indicators are those of before their last change."""
    prima = [detti for s in letti if (detti := _realizzati(s)) != giusto.indicatori]
    return replace(giusto, indicatori=prima[-1]) if prima else giusto
