"""What the pages and the API of the Cruscotto are made of. Amounts in EUR, percents in hundredths of the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from monitoraggio.calcolo.guadagnato import Stima

CENTESIMO = Decimal("0.01")


class Dimensione(TextChoices):
    """What figures are told by. The values are names of parameters in addresses."""

    PIANO = "piano", _("Piano")
    DRIVER = "driver", _("Driver")
    STRATEGIA = "strategia", _("STTM")
    ZONA = "zona", _("Zona omogenea")
    COMUNE = "comune", _("Comune")


@dataclass(frozen=True)
class Filtri:
    """Which interventi: code of a piano, numbers of a Driver, a STTM and a zona, ISTAT code; all together."""

    piano: str = ""
    driver: int | None = None
    strategia: int | None = None
    zona: int | None = None
    comune: str = ""

    @property
    def parametri(self) -> dict[str, str]:
        """What an address says of them, in the order of Dimensione."""
        valori = {dimensione.value: getattr(self, dimensione.value) for dimensione in Dimensione}
        return {nome: str(valore) for nome, valore in valori.items() if valore not in {"", None}}

    @property
    def coda(self) -> str:
        return urlencode(self.parametri)


@dataclass(frozen=True)
class Istantanea:
    """The count that a page reads: of which day, as known at which instant, and what changed since.

    `in_attesa` is how many interventi have changed since and are being counted again. `superata` says that data
    changed after a past day was counted, so that it is to be counted again if who reads it wants them.
    """

    fotografia_id: int
    al: date
    noto_al: datetime
    corrente: bool
    interventi: int
    in_attesa: int = 0
    contata_il: datetime | None = None
    superata: bool = False
    # What belongs to no intervento, as the count wrote it: see `cruscotto.models.Fotografia.comune_a_tutti`.
    di_tutti: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class Totali:
    """The figures of some interventi. `segni` counts by mark (`elenco_situazione.PAROLE`), `lavori` by state of the
    works (`rapporti.capitoli.lavori.LAVORI`), `traguardi` by StatoTraguardo, `segnali` by code of the catalogue of
    early warnings, `lacune` by code of Lacuna: interventi, each counted once a code. What is zero is not there.

    `valore` is the funding of those in the curve, `previsto` and `fatto` what was planned and earned of it at the end
    of the last complete month of the whole selection.
    """

    interventi: int = 0
    comuni: int = 0
    finanziamento: Decimal = Decimal(0)
    senza_importo: int = 0
    impegnato: Decimal = Decimal(0)
    pagato: Decimal = Decimal(0)
    economie: Decimal = Decimal(0)
    valore: Decimal = Decimal(0)
    previsto: Decimal = Decimal(0)
    fatto: Decimal = Decimal(0)
    segni: Mapping[str, int] = field(default_factory=dict)
    lavori: Mapping[str, int] = field(default_factory=dict)
    traguardi: Mapping[str, int] = field(default_factory=dict)
    segnali: Mapping[str, int] = field(default_factory=dict)
    lacune: Mapping[str, int] = field(default_factory=dict)
    # Interventi with at least one early warning, with at least one gap.
    con_segnali: int = 0
    con_lacune: int = 0

    @property
    def fatto_percento(self) -> Decimal | None:
        return percento(self.fatto, self.valore)

    @property
    def previsto_percento(self) -> Decimal | None:
        return percento(self.previsto, self.valore)

    @property
    def pagato_percento(self) -> Decimal | None:
        return percento(self.pagato, self.finanziamento)

    @property
    def impegnato_percento(self) -> Decimal | None:
        return percento(self.impegnato, self.finanziamento)


def percento(parte: Decimal, intero: Decimal) -> Decimal | None:
    """As reports say it: to the hundredth, halves up; None of nothing."""
    return (100 * parte / intero).quantize(CENTESIMO, rounding=ROUND_HALF_UP) if intero else None


@dataclass(frozen=True)
class Gruppo:
    """The interventi of the selection that belong to one piano, Driver, STTM, zona or Comune; "" is those of none.

    An intervento of several (Comuni, Driver…) is in each of them: groups do not add up to the whole, and pages say so.
    `filtri` are those of the selection with this one chosen too. `inizio`, `fine` are planned, `fine_stimata` declared.
    """

    dimensione: Dimensione
    chiave: str
    nome: str
    totali: Totali
    filtri: Filtri
    inizio: date | None = None
    fine: date | None = None
    fine_stimata: date | None = None


@dataclass(frozen=True)
class Quantita:
    """An indicator of ReGiS over the selection: planned and reached, and by how many interventi each is declared."""

    codice: str
    descrizione: str
    unita: str
    programmato: Decimal
    realizzato: Decimal
    interventi: int


@dataclass(frozen=True)
class Curva:
    """The S-curve of the selection, cumulative, at ends of months: see `rapporti.capitoli.valori.Valori`."""

    mesi: tuple[date, ...]
    piano: tuple[Decimal, ...]
    effettivo: tuple[Decimal | None, ...]
    proiezione: tuple[Decimal | None, ...]
    fino: date
    totale: Decimal
    previsto: Decimal
    fatto: Decimal
    stima: Stima
    inizio: date | None = None
    fine: date | None = None
    # Interventi left out, by reason, with their funding.
    fuori: Mapping[str, tuple[int, Decimal]] = field(default_factory=dict)


@dataclass(frozen=True)
class Attenzione:
    """An intervento that wants looking after: `rischio` from 0 to 100, `motivi` in words, the gravest first."""

    intervento_id: int
    nome: str
    codice: str
    piano: str
    comuni: str
    attuatore: str
    rischio: int
    motivi: tuple[str, ...]
    importo: Decimal | None
    # Codes of the early warnings, in the order of `motivi`.
    codici: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """All that the first page shows of a selection at an instant: see `cruscotto.selectors.figure.leggi`."""

    istantanea: Istantanea
    filtri: Filtri
    totali: Totali
    gruppi: Mapping[Dimensione, list[Gruppo]]
    quantita: list[Quantita]
    curva: Curva
    attenzione: list[Attenzione]
    contesto: Mapping[str, Any] = field(default_factory=dict)
