"""Days that matter of an intervento and of a piano: award, end of the works, deadlines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import cast

from monitoraggio import fasi
from monitoraggio.opere.tipi import Opera, Scadenza
from rapporti.lettura.quadro import Quadro

# The phase that awards the contract, by the nature of the CUP.
AGGIUDICAZIONE = frozenset({"00103", "00203", "00311"})


def aggiudicato_il(opera: Opera, al: date) -> date | None:
    """The day of the award, if it has come."""
    giorni = [fase.fine_effettiva for fase in opera.fasi if fase.codice in AGGIUDICAZIONE]
    noti = [giorno for giorno in giorni if giorno is not None and giorno <= al]
    return max(noti, default=None)


def fine_dei_lavori(opera: Opera) -> date | None:
    """When the works ended or are expected to; where no phase tells it, when the whole intervento does."""
    fini = [
        fase.fine_effettiva or fase.fine_stimata or fase.fine_prevista
        for fase in opera.fasi
        if fase.codice in fasi.ESECUZIONE
    ]
    note = [fine for fine in fini if fine is not None]
    return max(note) if note else opera.stato.fine_effettiva or opera.stato.fine_stimata or opera.stato.fine_prevista


def di_gara(scadenza: Scadenza) -> bool:
    """Whether it is about the award of the works. Only its title says so."""
    return "aggiudica" in scadenza.titolo.lower()


def del_piano(piano_id: int | None, quadro: Quadro) -> list[Scadenza]:
    """The traguardi of a piano itself."""
    return [una for una in quadro.scadenze if piano_id is not None and una.piano_id == piano_id]


def finali(quadro: Quadro) -> dict[int, Scadenza]:
    """The deadline of the works of every piano that has one, by piano."""
    return _ultime([una for una in quadro.scadenze if not di_gara(una)])[0]


def dei_lavori(quadro: Quadro) -> dict[int, Scadenza]:
    """The deadline of the works of each intervento that has one: that of its piano, else its own."""
    if "scadenze-lavori" not in quadro.appunti:
        dei_piani, proprie = _ultime([una for una in quadro.scadenze if not di_gara(una)])
        trovate = {opera.pk: dei_piani.get(opera.piano_id or 0) or proprie.get(opera.pk) for opera in quadro.opere}
        quadro.appunti["scadenze-lavori"] = {pk: una for pk, una in trovate.items() if una is not None}
    return cast("dict[int, Scadenza]", quadro.appunti["scadenze-lavori"])


def delle_gare(quadro: Quadro) -> dict[int, Scadenza]:
    """The deadline of the award of each intervento that has one: its own, else that of its piano."""
    if "scadenze-gare" not in quadro.appunti:
        dei_piani, proprie = _ultime([una for una in quadro.scadenze if di_gara(una)])
        trovate = {opera.pk: proprie.get(opera.pk) or dei_piani.get(opera.piano_id or 0) for opera in quadro.opere}
        quadro.appunti["scadenze-gare"] = {pk: una for pk, una in trovate.items() if una is not None}
    return cast("dict[int, Scadenza]", quadro.appunti["scadenze-gare"])


def _ultime(scadenze: Sequence[Scadenza]) -> tuple[dict[int, Scadenza], dict[int, Scadenza]]:
    """The last of each piano and of each intervento."""
    dei_piani = {una.piano_id: una for una in scadenze if una.piano_id is not None}
    proprie = {una.intervento_id: una for una in scadenze if una.intervento_id is not None}
    return dei_piani, proprie
