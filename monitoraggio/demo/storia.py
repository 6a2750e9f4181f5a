"""The story of an intervento: when each phase was planned and when it happens, how much is done on any day.

It is drawn once, from the code of the intervento alone (and from today, for what is still being built), and every month
tells a piece of it: so months agree with one another, and the same demonstration comes out again.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from interventi.scelte import NaturaCup
from monitoraggio.demo import segnali
from monitoraggio.demo.dichiarato import DICHIARATO_AL, SEME, Posto, Punto

CENTO = Decimal(100)
# By which all the 34 interventi of COME IN had awarded their works.
AGGIUDICAZIONE_COME_IN = date(2023, 7, 30)
FINE_PNRR = date(2026, 6, 30)
# Days before the planned end from which a delay is known and said.
PREAVVISO = 150


@dataclass(frozen=True)
class Tappa:
    """A phase: when it begins and ends, and when it should have. What is later than today is still a forecast."""

    codice: str
    inizio: date
    fine: date
    inizio_previsto: date
    fine_prevista: date


@dataclass(frozen=True)
class Proroga:
    """The planned end of the last two phases moved from a day on, by an act."""

    dal: date
    atto: str
    giorni: int


@dataclass(frozen=True)
class Storia:
    """An intervento from its design to its testing. `proroga` moves the plan of works and testing."""

    posto: Posto
    tappe: tuple[Tappa, ...]
    proroga: Proroga | None = None

    @property
    def lavori(self) -> Tappa:
        return self.tappe[-2]

    @property
    def collaudo(self) -> Tappa:
        return self.tappe[-1]

    @property
    def aggiudicata(self) -> date:
        return self.tappe[-4].fine

    @property
    def contratto(self) -> date:
        return self.tappe[-3].fine

    def caso(self, di_che: str) -> random.Random:
        """Draws that depend on the intervento and on what they are for, on nothing else."""
        return random.Random(f"{SEME}-{self.posto.intervento.clp}-{di_che}")  # noqa: S311 not for secrets

    def percento(self, giorno: date) -> Decimal:
        """How much of the works is done, in halves of a percent: it never falls, and 100 is only their end."""
        inizio, fine = self.lavori.inizio, self.lavori.fine
        if giorno < inizio:
            return Decimal(0)
        if giorno >= fine:
            return CENTO
        if inizio > DICHIARATO_AL or fine <= DICHIARATO_AL:
            mezzi = 198 * (giorno - inizio).days // (fine - inizio).days
        elif giorno <= DICHIARATO_AL:
            mezzi = 2 * self.posto.percento * (giorno - inizio).days // (DICHIARATO_AL - inizio).days
        else:
            fatti = 2 * self.posto.percento
            mezzi = fatti + (198 - fatti) * (giorno - DICHIARATO_AL).days // (fine - DICHIARATO_AL).days
        fatto = Decimal(mezzi) / 2
        return min(fatto, segnali.FERMO_AL) if self.posto.intervento.clp == segnali.BLOCCATO else fatto

    def previste(self, tappa: Tappa, giorno: date) -> tuple[date, date]:
        """The planned start and end of a phase in force on a day."""
        fine = tappa.fine_prevista
        if self.proroga is not None and giorno >= self.proroga.dal and tappa in (self.lavori, self.collaudo):
            fine += timedelta(days=self.proroga.giorni)
        return tappa.inizio_previsto, fine

    def stima(self, vero: date, previsto: date, giorno: date) -> date:
        """What is forecast on a day of something to come: the plan, until the delay is known."""
        saputo = self.lavori.fine_prevista - timedelta(days=PREAVVISO)
        return previsto if giorno < min(previsto, saputo) and vero >= previsto else vero


def racconta(posto: Posto, oggi: date) -> Storia:
    """The story of an intervento as it is today."""
    storia = Storia(posto, ())
    caso = storia.caso("fasi")
    aggiudicata, inizio = _avvio(posto, caso)
    clp = posto.intervento.clp
    if clp == segnali.MAI_APERTO:
        inizio = max(segnali.DA_APRIRE_IL, oggi) + segnali.APRE_FRA
    fine = _fine(posto, inizio, oggi, caso)
    if clp == segnali.QUASI_FINITO:
        fine = oggi + segnali.FINISCE_FRA
    ritardo = caso.choice((0, 0, 0, 25, 55))
    prevista = max(_fine_prevista(posto, fine, oggi, caso), inizio + timedelta(days=90))
    if clp == segnali.BLOCCATO:
        prevista = max(oggi + segnali.MANCA_ALLA_FINE, inizio + timedelta(days=90))
    storia = replace(storia, tappe=_tappe(posto, aggiudicata, inizio, fine, prevista, ritardo))
    if clp == segnali.MAI_APERTO:
        lavori = replace(storia.lavori, inizio_previsto=segnali.DA_APRIRE_IL)
        storia = replace(storia, tappe=(*storia.tappe[:-2], lavori, storia.collaudo))
    return storia if clp == segnali.BLOCCATO else replace(storia, proroga=_proroga(storia, oggi, caso))


def _fra(caso: random.Random, primo: date, ultimo: date) -> date:
    return primo + timedelta(days=caso.randint(0, max(0, (ultimo - primo).days)))


def _avvio(posto: Posto, caso: random.Random) -> tuple[date, date]:
    """When the works are awarded, and when they begin."""
    if posto.filone == "COME-IN":
        aggiudicata = _fra(caso, date(2023, 4, 3), AGGIUDICAZIONE_COME_IN)
    elif posto.punto is Punto.DA_APRIRE:
        aggiudicata = _fra(caso, date(2024, 4, 2), date(2024, 9, 30))
    elif posto.punto is Punto.IN_CORSO:
        aggiudicata = _fra(caso, date(2023, 3, 6), date(2024, 7, 10) - timedelta(days=5 * posto.percento))
    else:
        aggiudicata = _fra(caso, date(2023, 2, 20), date(2023, 9, 15))
    if posto.punto is Punto.DA_APRIRE:
        return aggiudicata, _fra(caso, date(2025, 1, 15), date(2025, 9, 30))
    return aggiudicata, aggiudicata + timedelta(days=caso.randint(30, 60))


def _fine(posto: Posto, inizio: date, oggi: date, caso: random.Random) -> date:
    """When the works end: after today for those that are still being built."""
    fra_poco = oggi + timedelta(days=caso.randint(40, 320))
    a_suo_tempo = {
        Punto.CONCLUSO: _fra(caso, date(2024, 2, 15), date(2024, 9, 30)),
        Punto.IN_COLLAUDO: _fra(caso, date(2024, 10, 15), date(2024, 12, 10)),
        Punto.IN_CORSO: _fra(caso, date(2025, 3, 1), date(2026, 4, 30)),
        Punto.DA_APRIRE: inizio + timedelta(days=caso.randint(150, 330)),
    }[posto.punto]
    if posto.termine is not None:
        a_suo_tempo = _fra(caso, posto.termine - timedelta(days=60), posto.termine + timedelta(days=40))
    return max(fra_poco, a_suo_tempo) if posto.vivo else a_suo_tempo


def _fine_prevista(posto: Posto, fine: date, oggi: date, caso: random.Random) -> date:
    """The planned end of the works: kept, missed or about to be."""
    if posto.termine is not None:
        return posto.termine
    if not posto.vivo:
        return fine + timedelta(days=caso.choice((-160, -75, -40, -20, 0, 5, 15, 30, 45)))
    if posto.filone == "COME-IN" and posto.punto is Punto.DA_APRIRE:
        return max(fine, date(2026, 9, 30)) + timedelta(days=caso.randint(5, 40))
    sorte = caso.random()
    if sorte < 0.45:
        return fine + timedelta(days=caso.randint(5, 60))
    if sorte < 0.65:
        return max(oggi + timedelta(days=15), fine - timedelta(days=caso.randint(20, 70)))
    return FINE_PNRR - timedelta(days=caso.choice((0, 0, 30, 91)))


def _tappe(
    posto: Posto, aggiudicata: date, inizio: date, fine: date, prevista: date, ritardo: int
) -> tuple[Tappa, ...]:
    def tappa(codice: str, dal: date, al: date) -> Tappa:
        prima = timedelta(days=ritardo)
        return Tappa(codice, dal, al, dal - prima, al - prima)

    def intorno(da: int, a: int) -> tuple[date, date]:
        return aggiudicata + timedelta(days=da), aggiudicata + timedelta(days=a)

    attesa = 40 if posto.punto is Punto.IN_COLLAUDO else 15
    dopo, finito = fine + timedelta(days=attesa), fine + timedelta(days=attesa + 35)
    servizio = posto.intervento.classificazione and posto.intervento.classificazione.natura == NaturaCup.SERVIZI
    gruppo = "002" if servizio else "003"
    prime = ("01", "02", "03", "04") if servizio else ("03", "07", "10", "11", "12")
    tempi: tuple[tuple[int, int], ...] = ((-150, -110), (-100, -60), (-59, 0), (8, 22))
    if not servizio:
        tempi = ((-400, -270), (-260, -130), (-120, -75), (-74, 0), (8, 22))
    ultime = ("05", "06") if servizio else ("13", "14")
    prevista = max(prevista, inizio)
    return (
        *(tappa(gruppo + codice, *intorno(*tempo)) for codice, tempo in zip(prime, tempi, strict=True)),
        Tappa(gruppo + ultime[0], inizio, fine, inizio - timedelta(days=ritardo), prevista),
        Tappa(
            gruppo + ultime[1],
            dopo,
            finito,
            prevista + timedelta(days=attesa),
            prevista + timedelta(days=attesa + 35),
        ),
    )


def _proroga(storia: Storia, oggi: date, caso: random.Random) -> Proroga | None:
    """Some of those that end late, or will, were given more time before the term passed."""
    manca = (storia.lavori.fine - storia.lavori.fine_prevista).days
    dal = storia.lavori.fine_prevista - timedelta(days=caso.randint(20, 80))
    concessa = caso.random() < 0.3
    if manca < 15 or not concessa or dal >= min(oggi, storia.lavori.fine):
        return None
    return Proroga(dal, f"Determina n. {caso.randint(100, 900)}/{dal.year}", manca + caso.randint(5, 30))
