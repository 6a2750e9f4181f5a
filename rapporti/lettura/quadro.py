"""What was read. Amounts in EUR; lists in an order that depends on the data alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from enti.models import Comune, ZonaOmogenea
from monitoraggio.selectors.situazione import SENZA_DATI, Stato
from piani_integrati.esiti import Esito
from psttm.models import Driver, IndicatoreContesto, RisultatoDichiarato, Strategia
from rapporti.domanda import Domanda


@dataclass(frozen=True)
class Denaro:
    """What a source gives (`fonte`: a value of FonteFinanziamento) and what ReGiS says was paid out of it."""

    fonte: str
    importo: Decimal | None
    pagato: Decimal | None


@dataclass(frozen=True)
class Misurato:
    """An indicator: planned and reached, as declared in the monitoring or else as ReGiS has it."""

    codice: str
    descrizione: str
    unita: str
    programmato: Decimal | None
    realizzato: Decimal | None


@dataclass(frozen=True)
class Fase:
    """A procedural phase as last declared."""

    codice: str
    inizio_previsto: date | None
    inizio_effettivo: date | None
    fine_prevista: date | None
    fine_stimata: date | None
    fine_effettiva: date | None


@dataclass(frozen=True)
class Problema:
    """A criticality that is open on the day. `gravita` and `tipo` are values of `monitoraggio.scelte`."""

    riga: str
    tipo: str
    gravita: str
    descrizione: str
    azione: str
    responsabile: str
    scadenza: date | None


@dataclass(frozen=True)
class Mese:
    """What a month in force declares: percent reached, committed and paid in the month."""

    riferito_al: date
    percentuale: Decimal | None
    impegnato: Decimal
    pagato: Decimal


@dataclass
class Opera:
    """An intervento, as the register knew it at the instant and as the monitoring had it on the day.

    `chiave` is its name in the report ("i12"). `segno` is its mark on the day, of those of
    `monitoraggio.selectors.elenco_situazione.PAROLE`. `base` are start and end of the works by the first plan that was
    declared, or else by ReGiS.
    """

    pk: int
    cup: str
    clp: str
    submisura: str
    titolo: str
    natura: str
    stato_cup: str
    linea_finanziamento: str
    monitorato_regis: bool
    dimostrativo: bool
    attuatore_id: int | None
    attuatore: str
    finanziamento: Decimal | None
    pagamenti_regis: Decimal | None
    regis_al: date | None
    inizio_regis: date | None
    fine_regis: date | None
    chiave: str = ""
    piano_id: int | None = None
    linea: str = ""
    comuni: list[int] = field(default_factory=list)
    driver: list[int] = field(default_factory=list)
    strategie: list[int] = field(default_factory=list)
    denari: list[Denaro] = field(default_factory=list)
    indicatori: list[Misurato] = field(default_factory=list)
    stato: Stato = SENZA_DATI
    segno: str = "non_determinabile"
    fasi: list[Fase] = field(default_factory=list)
    problemi: list[Problema] = field(default_factory=list)
    mesi: list[Mese] = field(default_factory=list)
    base: tuple[date, date] | None = None

    @property
    def codice(self) -> str:
        return self.cup or self.clp

    @property
    def nome(self) -> str:
        return self.titolo or f"Intervento {self.codice}"

    @property
    def ordine(self) -> tuple[str, str, str]:
        """Its place in the lists: the key of ReGiS, which is the same on every machine."""
        return self.cup, self.clp, self.submisura


@dataclass(frozen=True)
class Gruppo:
    """A piano or a programme, as the register knew it."""

    pk: int
    codice: str
    titolo: str
    tipo: str
    slug: str
    stato: str
    importo_assegnato: Decimal | None
    inizio: date | None
    fine: date | None
    dimostrativo: bool


@dataclass(frozen=True)
class Scadenza:
    """A traguardo on the day: `stato` is a value of StatoTraguardo. It is of one misura, piano or intervento.

    `conseguito_il`, `valore_raggiunto` and `evidenza` are empty where it was met after the day.
    """

    pk: int
    codice: str
    titolo: str
    tipo: str
    livello: str
    misura: str
    piano_id: int | None
    intervento_id: int | None
    scadenza: date
    scadenza_iniziale: date
    previsione: date | None
    conseguito_il: date | None
    valore_obiettivo: Decimal | None
    valore_raggiunto: Decimal | None
    unita: str
    evidenza: str
    stato: str
    fonte: str
    chiave: str = ""


@dataclass(frozen=True)
class Giudizio:
    """The outcome of a rule for a piano that was in force at the instant; `cause` are pks of interventi."""

    piano_id: int
    regola: str
    esito: Esito
    misura: Decimal | None
    soglia: Decimal | None
    conformi: int
    non_conformi: int
    non_determinabili: int
    non_applicabili: int
    cause: tuple[int, ...]
    dal: datetime


@dataclass(frozen=True)
class DerogaConcessa:
    piano_id: int
    regola: str
    intervento_id: int | None
    atto: str
    data: date
    motivo: str


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


Righe = Mapping[int, list[Any]]
