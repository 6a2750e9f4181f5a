"""The programme at an instant: what is in a piano or programme, and what was ever monitored.

A register may hold many more interventi, which only ReGiS tells of. Reports, early warnings and the Cruscotto all speak
of these.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from monitoraggio.models import Avanzamento
from piani_integrati.flusso import StatoPiano
from piani_integrati.models import InterventoNelPiano
from registro.fra import fra as fra_questi
from registro.storia import noto_al as versioni_al

# A proposal, and a piano that was taken back, are nobody's programme of works.
SENZA_PROGRAMMA = frozenset({StatoPiano.BOZZA, StatoPiano.PRESENTATO, StatoPiano.REVOCATO})
# Of each intervento that is in a piano: the piano, and its line there.
NeiPiani = dict[int, tuple[int, str]]


def interventi(noto_al: datetime | None) -> tuple[set[int], NeiPiani]:
    """The pks of the whole programme, and the piano of those that are in one: two queries."""
    dentro = nei_piani(noto_al)
    return {*dentro, *_monitorati(noto_al, None)}, dentro


def fra(quali: Collection[int], noto_al: datetime | None) -> set[int]:
    """Those of these interventi that are of the programme: two queries."""
    return {*nei_piani(noto_al, quali), *_monitorati(noto_al, quali)}


def nei_piani(noto_al: datetime | None, quali: Collection[int] | None = None) -> NeiPiani:
    """Piano and line of those of these interventi (None: of all) that are in one: one query."""
    voci = versioni_al(InterventoNelPiano, noto_al)
    if quali is not None:
        voci = voci.filter(fra_questi("intervento_id", quali))
    return {pk: (piano, linea) for pk, piano, linea in voci.values_list("intervento_id", "piano_id", "linea")}


def _monitorati(noto_al: datetime | None, quali: Collection[int] | None) -> Collection[int]:
    # What was invented for a demonstration leaves the programme when real interventi take its place in a piano.
    approvati = Avanzamento.objects.approvati(noto_al).filter(intervento__dimostrativo=False)
    if quali is not None:
        approvati = approvati.filter(fra_questi("intervento_id", quali))
    return approvati.order_by().values_list("intervento_id", flat=True).distinct()
