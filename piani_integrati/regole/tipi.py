"""What a rule is made of."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable, Expression
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from enti.models import IndiceVulnerabilita, MedianaVulnerabilita, TerritorioIvsm
from piani_integrati.completezza import DatoIntervento, DatoPiano
from piani_integrati.models import TipoPiano

Testo = str | Promise
Espressione = Expression | Combinable
# What the expressions of a measure are read from: rows of the list of interventi, or of the list of piani.
Misura = Callable[["Contesto"], Espressione]
Condizione = Callable[["Contesto"], Q]
# The same, where the threshold of the day takes part.
MisuraConSoglia = Callable[["Contesto", Decimal], Espressione]
CondizioneConSoglia = Callable[["Contesto", Decimal], Q]

SOLO_PUI = frozenset({TipoPiano.PUI})
OGNI_PIANO = frozenset(TipoPiano)


class Livello(Enum):
    """What is judged: each intervento, and the piano through them, or the piano as a whole."""

    INTERVENTO = "intervento"
    PIANO = "piano"


class Unita(Enum):
    """The unit of a measure and of its threshold; `scala` is how many of what the database counts make one."""

    EURO = "euro"
    METRI_QUADRI = "m2"
    PERCENTO = "percento"
    CLASSI = "classi"
    LIVELLO = "livello progettuale"
    INDICE = "indice"
    GIORNI = "giorni"
    NUMERO = "numero"
    SI_NO = "sì o no"

    @property
    def scala(self) -> int:
        return 100 if self in {Unita.EURO, Unita.METRI_QUADRI, Unita.PERCENTO} else 1


class Confronto(Enum):
    """How the measure must stand to the threshold. `verso` is the side where the worst measure is."""

    ALMENO = ("almeno", _("almeno"), operator.ge, "min")
    AL_PIU = ("al più", _("al massimo"), operator.le, "max")
    PIU_DI = ("più di", _("più di"), operator.gt, "min")

    def __init__(self, codice: str, parole: Testo, passa: Callable[[Decimal, Decimal], bool], peggiore: str) -> None:
        self.codice = codice
        self.parole = parole
        self.passa = passa
        self.peggiore = peggiore


@dataclass(frozen=True)
class SogliaDatata:
    """A threshold from a day on, by the act that set it."""

    dal: date
    valore: Decimal
    fonte: Testo


@dataclass(frozen=True)
class Soglia:
    """The values of a threshold over time, the oldest first."""

    valori: tuple[SogliaDatata, ...]

    def al(self, giorno: date) -> SogliaDatata | None:
        """The one in force on a day; None before the first, when the rule did not exist."""
        in_vigore = [soglia for soglia in self.valori if soglia.dal <= giorno]
        return in_vigore[-1] if in_vigore else None


@dataclass(frozen=True)
class Contesto:
    """The day to judge at, and what of that day the expressions need: the territorial median of the IVSM, if known."""

    al: date
    mediana_ivsm: Decimal | None = None

    @classmethod
    def al_giorno(cls, giorno: date) -> Contesto:
        """Read the median in force on that day: one query."""
        mediana = (
            MedianaVulnerabilita.objects.validi_al(giorno)
            .filter(territorio=TerritorioIvsm.CITTA_METROPOLITANA)
            .values_list("valore", flat=True)
            .first()
        )
        return cls(giorno, mediana)

    def indici(self) -> QuerySet[IndiceVulnerabilita]:
        """The indices of the Comuni in force on that day."""
        return IndiceVulnerabilita.objects.validi_al(self.al)


@dataclass(frozen=True)
class DatoAllaData:
    """A datum of the interventi whose absence depends on the day; otherwise as `DatoIntervento`."""

    codice: str
    manca: Testo
    parte: str
    assente_al: Condizione
    obbligatorio: bool = True
    rotta: str = ""


Dato = DatoIntervento | DatoAllaData


def assente(dato: Dato, contesto: Contesto) -> Q:
    """True where the datum is missing on the day of judgement."""
    return dato.assente_al(contesto) if isinstance(dato, DatoAllaData) else dato.assente


@dataclass(frozen=True, kw_only=True)
class Regola:
    """A rule as a value.

    `misura` is read row by row from the interventi; at the level of the piano it is summed over them. `del_piano` is
    read from the piano itself (and added to that sum, where there are both); NULL means that the datum is missing.
    `dati` are what the judgement needs of each intervento: where one is missing the outcome is not determinable,
    unless `violata` holds, which no missing datum could change. `esclusa` says which interventi the rule is not about.
    `rispettata` takes the place of the plain comparison of measure and threshold where rounding would matter.
    `responsabile` picks, at the level of the piano, the interventi that cause a failure.
    """

    codice: str
    titolo: Testo
    spiegazione: Testo
    rimedio: Testo
    fonte: Testo
    livello: Livello
    unita: Unita
    confronto: Confronto
    soglia: Soglia
    misura: Misura | None = None
    del_piano: MisuraConSoglia | None = None
    dati: tuple[Dato, ...] = ()
    dato_piano: DatoPiano | None = None
    esclusa: Q | None = None
    violata: CondizioneConSoglia | None = None
    rispettata: CondizioneConSoglia | None = None
    responsabile: Condizione | None = None
    # A sum of amounts that are never negative: once it reaches the threshold, what is missing could only add to it.
    basta_parziale: bool = False
    # The threshold that holds on a day, where other data move it.
    soglia_effettiva: Callable[[Contesto, Decimal], Decimal] | None = None
    obbligatoria: bool = True
    tipi: frozenset[TipoPiano] = SOLO_PUI

    def soglia_al(self, contesto: Contesto) -> Decimal | None:
        """The threshold on the day of judgement, in `unita`; None when the rule was not in force."""
        in_vigore = self.soglia.al(contesto.al)
        if in_vigore is None:
            return None
        if self.soglia_effettiva is None:
            return in_vigore.valore
        return self.soglia_effettiva(contesto, in_vigore.valore)

    @property
    def sugli_interventi(self) -> bool:
        """Whether anything of the interventi is asked."""
        return self.livello is Livello.INTERVENTO or self.misura is not None
