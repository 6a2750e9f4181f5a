"""An intervento, its piano and its traguardi as known at an instant and as they stood on a day. Amounts in EUR."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from monitoraggio.selectors.situazione import SENZA_DATI, Stato
from piani_integrati.esiti import Esito


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
    # The day ReGiS was read for the payments: `regis_al` is the latest for any of its data.
    pagamenti_al: date | None = None

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
