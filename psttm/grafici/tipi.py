"""What a chart is made of. Values are in the unit that the chart states; None is a point that is not known."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from psttm import formati
from psttm.formati import SPAZIO

Valore = Decimal | int | None


@dataclass(frozen=True)
class Unita:
    """How a chart writes its values: `milioni` divides by a million; `nome` follows the number."""

    nome: str = ""
    decimali: int = 0
    milioni: bool = False

    def scrivi(self, valore: Valore) -> str:
        """12,3 mln €; a dash for what is not known."""
        if valore is None:
            return "–"
        cifra = Decimal(valore) / 1_000_000 if self.milioni else Decimal(valore)
        return f"{formati.numero(cifra, self.decimali)}{SPAZIO}{self.nome}".rstrip(SPAZIO)


MILIONI = Unita("mln €", 1, milioni=True)
PERCENTO = Unita("%", 1)
NUMERO = Unita()


@dataclass(frozen=True)
class CurvaS:
    """Planned and actual progress over time, cumulative: `mesi` are ends of months, each series is as long as they are.

    `previsto` goes on from the last actual value to the forecast end, dashed. `oggi` is the day of the report,
    `scadenza` the deadline, `fine_stimata` the forecast end with its range (`fine_da`, `fine_a`).
    """

    mesi: tuple[date, ...]
    piano: tuple[Valore, ...]
    effettivo: tuple[Valore, ...]
    previsto: tuple[Valore, ...] = ()
    unita: Unita = MILIONI
    oggi: date | None = None
    scadenza: date | None = None
    fine_stimata: date | None = None
    fine_da: date | None = None
    fine_a: date | None = None
    totale: Valore = None


@dataclass(frozen=True)
class Serie:
    """A part of every bar: its name and its look, by a name of `colori.TINTE`."""

    nome: str
    tinta: str


@dataclass(frozen=True)
class Barra:
    """A bar: one value for each series; `nota` stands at its end."""

    nome: str
    valori: tuple[Valore, ...]
    nota: str = ""


@dataclass(frozen=True)
class Barre:
    """Horizontal bars, each of parts side by side that add up; all on one scale from zero (to `massimo` if given)."""

    serie: tuple[Serie, ...]
    barre: tuple[Barra, ...]
    unita: Unita = NUMERO
    massimo: Valore = None


@dataclass(frozen=True)
class Tappa:
    """A milestone in time: deadline, forecast or actual day, and its mark among `portale.SEGNI`.

    `nota` says in words what matters: "in ritardo di 92 giorni".
    """

    nome: str
    scadenza: date
    segno: str
    previsione: date | None = None
    conseguito: date | None = None
    scadenza_iniziale: date | None = None
    nota: str = ""


@dataclass(frozen=True)
class LineaDelTempo:
    """Milestones one under the other on a scale of years and months, with the line of the day."""

    tappe: tuple[Tappa, ...]
    oggi: date


@dataclass(frozen=True)
class Marca:
    """A traguardo on a row of a Gantt: the day it was met or else is due, and its mark among `portale.SEGNI`.

    `iniziale` is the deadline that it was born with, where an act moved it; `nome` is told to who points at it.
    """

    giorno: date
    segno: str
    nome: str = ""
    iniziale: date | None = None


@dataclass(frozen=True)
class RigaGantt:
    """Something that goes on in time: its planned days (`base`), and those when it went on (`svolto`).

    Where these are not known, `progresso` says how many hundredths of it are done. `fine_stimata` ends a dashed line.
    Rows with the same `gruppo` that follow one another stand under its name. `conti` are marks with how many they are.
    """

    nome: str
    gruppo: str = ""
    base: tuple[date, date] | None = None
    svolto: tuple[date, date] | None = None
    progresso: Valore = None
    fine_stimata: date | None = None
    marche: tuple[Marca, ...] = ()
    conti: tuple[tuple[str, int], ...] = ()
    nota: str = ""


@dataclass(frozen=True)
class Gantt:
    """Rows in time, with the line of the day and that of a deadline; from `da` to `a`, or as long as all of it is.

    `parole` are the marks with their words, from the gravest: those that the chart has are told in its legend.
    """

    righe: tuple[RigaGantt, ...]
    oggi: date
    scadenza: date | None = None
    da: date | None = None
    a: date | None = None
    parole: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Area:
    """An area of a map: its SVG path in the plane of `enti.mappa`, and its class from 0 (none) to 5 (most)."""

    nome: str
    tracciato: str
    classe: int
    valore: Valore = None


@dataclass(frozen=True)
class Mappa:
    """Comuni by class of a value, with outlines of the zone on top. `classi` are the bounds of the classes 1 to 5.

    `nessuno` names class 0 in the legend.
    """

    aree: tuple[Area, ...]
    contorni: tuple[str, ...]
    viewbox: str
    classi: tuple[tuple[int, int], ...] = ()
    unita: Unita = NUMERO
    etichette: tuple[tuple[float, float, str], ...] = field(default=())
    nessuno: str = "nessun intervento"


Figura = CurvaS | Barre | LineaDelTempo | Gantt | Mappa
