"""What was read. Amounts in EUR; lists in an order that depends on the data alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from enti.models import Comune, ZonaOmogenea
from monitoraggio.opere.tipi import DerogaConcessa, Giudizio, Gruppo, Opera, Scadenza
from psttm.models import Driver, IndicatoreContesto, RisultatoDichiarato, Strategia
from rapporti.domanda import Domanda


@dataclass
class Quadro:
    """All of it, for one day and instant. `prima` is the situation to compare with: its interventi have
    no parts and no months, and it has no `prima` of its own.

    `opere` are in the order of the report: by piano, then by CUP. Those outside every piano come last. `fuori` is how
    many interventi of the same place or link the register knew outside the programme.
    """

    domanda: Domanda
    nome_perimetro: str
    al: date
    noto_al: datetime
    opere: list[Opera]
    gruppi: list[Gruppo]
    scadenze: list[Scadenza]
    giudizi: list[Giudizio]
    deroghe: list[DerogaConcessa]
    comuni: Mapping[int, Comune]
    zone: Mapping[int, ZonaOmogenea]
    driver: dict[int, Driver]
    strategie: dict[int, Strategia]
    dichiarati: list[RisultatoDichiarato]
    contesto: list[IndicatoreContesto]
    fuori: int = 0
    prima: Quadro | None = None
    # What the strategic plan ties together: the Driver that a STTM develops, and the objectives, code and text, that a
    # Driver takes up; all by number.
    sviluppi: dict[int, list[int]] = field(default_factory=dict)
    obiettivi: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    # What several chapters need and one works out, by name.
    appunti: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def del_gruppo(self, piano_id: int | None) -> list[Opera]:
        return [opera for opera in self.opere if opera.piano_id == piano_id]

    def per_pk(self) -> dict[int, Opera]:
        return {opera.pk: opera for opera in self.opere}
