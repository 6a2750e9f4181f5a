"""Several works added up, month by month, and what comes of their sum: the S-curve and the forecast.

What a set of works is planned and known to earn in each month adds up to the cent: a sum kept is worth as much as the
works themselves, and the same function draws the curve of a report and that of a count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from monitoraggio import mesi as calendario
from monitoraggio.calcolo import guadagnato as calcolo
from monitoraggio.calcolo.curva import Lavoro, centesimi_fatti, centesimi_previsti, in_euro, tappe
from monitoraggio.calcolo.guadagnato import Motivo, Piano, Stima
from monitoraggio.calcolo.tempo import fini_di_mese, ultimo_finito

ZERO = Decimal(0)
# Places in the list of a month.
PREVISTI, FATTI, DETTI, USCITI = range(4)


@dataclass
class Passi:
    """The sum of some works. Money in whole cents; months by their number (see `numero_di`).

    Of each month: what is planned to be earned in it and what was, how many works declared it, and how many are no
    longer awaited from it on. `monitorati` have declared at least a month, `con_dati` that or their end.
    """

    lavori: int = 0
    valore: int = 0
    monitorati: int = 0
    con_dati: int = 0
    conclusi: int = 0
    inizio: date | None = None
    fine: date | None = None
    mesi: dict[int, list[int]] = field(default_factory=dict)

    def _al_mese(self, numero: int) -> list[int]:
        valori = self.mesi.get(numero)
        if valori is None:
            valori = self.mesi[numero] = [0, 0, 0, 0]
        return valori

    def aggiungi(self, lavoro: Lavoro) -> None:
        self.lavori += 1
        self.valore += lavoro.centesimi
        self.inizio = lavoro.inizio if self.inizio is None else min(self.inizio, lavoro.inizio)
        self.fine = lavoro.fine if self.fine is None else max(self.fine, lavoro.fine)
        self.conclusi += lavoro.concluso_il is not None
        self.con_dati += bool(lavoro.detti or lavoro.concluso_il)
        self._pianifica(lavoro)
        raggiunto = 0
        for quando, percento in tappe(lavoro):
            ora = centesimi_fatti(lavoro.centesimi, percento)
            if ora != raggiunto:
                self._al_mese(numero_di(quando))[FATTI] += ora - raggiunto
                raggiunto = ora
        if lavoro.detti:
            self._dichiara(lavoro)

    def _pianifica(self, lavoro: Lavoro) -> None:
        intero, inizio, fine = lavoro.centesimi, lavoro.inizio.toordinal(), lavoro.fine.toordinal()
        raggiunto = 0
        for numero in range(numero_di(lavoro.inizio), numero_di(lavoro.fine) + 1):
            ora = centesimi_previsti(intero, inizio, fine, _ultimo_giorno(numero))
            if ora != raggiunto:
                self._al_mese(numero)[PREVISTI] += ora - raggiunto
                raggiunto = ora

    def _dichiara(self, lavoro: Lavoro) -> None:
        self.monitorati += 1
        for quando, _percento in lavoro.detti:
            self._al_mese(numero_di(quando))[DETTI] += 1
        if lavoro.concluso_il is not None:
            # One that was concluded during a month, after its first day, declares it still.
            self._al_mese(numero_di(lavoro.concluso_il) + (lavoro.concluso_il.day > 1))[USCITI] += 1

    def unisci(self, altri: Passi) -> None:
        self.lavori += altri.lavori
        self.valore += altri.valore
        self.monitorati += altri.monitorati
        self.con_dati += altri.con_dati
        self.conclusi += altri.conclusi
        self.inizio = min((giorno for giorno in (self.inizio, altri.inizio) if giorno is not None), default=None)
        self.fine = max((giorno for giorno in (self.fine, altri.fine) if giorno is not None), default=None)
        for numero, valori in altri.mesi.items():
            miei = self.mesi.get(numero)
            if miei is None:
                self.mesi[numero] = list(valori)
                continue
            for quale, valore in enumerate(valori):
                if valore:
                    miei[quale] += valore

    def fino_a(self, giorno: date) -> tuple[Decimal, Decimal]:
        """The value planned and the value earned at the end of a month, in EUR."""
        ultimo = numero_di(giorno)
        prima = [valori for numero, valori in self.mesi.items() if numero <= ultimo]
        return in_euro(sum(uno[PREVISTI] for uno in prima)), in_euro(sum(uno[FATTI] for uno in prima))


def numero_di(giorno: date) -> int:
    """The number of its month, counted from the year 0."""
    return giorno.year * 12 + giorno.month - 1


def fine_di(numero: int) -> date:
    """The last day of a month."""
    return calendario.ultimo(date(numero // 12, numero % 12 + 1, 1))


@lru_cache(maxsize=2048)
def _ultimo_giorno(numero: int) -> int:
    return fine_di(numero).toordinal()


def somma(lavori: Iterable[Lavoro]) -> Passi:
    totale = Passi()
    for lavoro in lavori:
        totale.aggiungi(lavoro)
    return totale


def serie(passi: Passi, mesi: Sequence[date]) -> tuple[list[Decimal], list[Decimal]]:
    """The planned and the earned value of them all at the end of these months, one after the other."""
    if not mesi:
        return [], []
    primo = numero_di(mesi[0])
    prima = [valori for numero, valori in passi.mesi.items() if numero < primo]
    previsti, fatti = sum(uno[PREVISTI] for uno in prima), sum(uno[FATTI] for uno in prima)
    piano, effettivo = [], []
    for numero in range(primo, primo + len(mesi)):
        valori = passi.mesi.get(numero)
        if valori is not None:
            previsti += valori[PREVISTI]
            fatti += valori[FATTI]
        piano.append(in_euro(previsti))
        effettivo.append(in_euro(fatti))
    return piano, effettivo


def mesi_completi(passi: Passi, al: date) -> list[date]:
    """The months, over by a day, of which at least half of the interventi not yet concluded have declared something.

    Those of which nothing was ever declared do not count. Between two such months the earned value is only what a few
    have said: it is shown, but no rate of progress is judged by it.
    """
    detti = sorted(numero for numero, valori in passi.mesi.items() if valori[DETTI])
    if not detti:
        return []
    attesi = passi.monitorati - sum(v[USCITI] for numero, v in passi.mesi.items() if numero < detti[0])
    completi = []
    for numero in range(detti[0], numero_di(ultimo_finito(al)) + 1):
        valori = passi.mesi.get(numero, (0, 0, 0, 0))
        attesi -= valori[USCITI]
        if valori[DETTI] and 2 * valori[DETTI] >= attesi:
            completi.append(fine_di(numero))
    return completi


def ultimo_completo(passi: Passi, al: date) -> date:
    """The last complete month.

    Where there is none: the last of which anything was declared; where nothing was, the last one that is over.
    """
    if completi := mesi_completi(passi, al):
        return completi[-1]
    detti = [numero for numero, valori in passi.mesi.items() if valori[DETTI]]
    return fine_di(max(detti)) if detti else ultimo_finito(al)


@dataclass(frozen=True)
class Andamento:
    """The works of some interventi, month by month. Amounts in EUR.

    `fino` is the last month that is complete: what was earned is known until then. `effettivo` is unknown before the
    first complete month (`primo`) and after `fino`. `previsto` and `fatto` are the values at the end of `fino`.
    """

    fino: date
    stima: Stima
    mesi: tuple[date, ...] = ()
    piano: tuple[Decimal, ...] = ()
    effettivo: tuple[Decimal | None, ...] = ()
    proiezione: tuple[Decimal | None, ...] = ()
    inizio: date | None = None
    fine: date | None = None
    primo: date | None = None
    totale: Decimal = ZERO
    previsto: Decimal = ZERO
    fatto: Decimal = ZERO


def andamento(passi: Passi, fino: date, al: date) -> Andamento:
    """The curve of some works until a complete month, and their forecast on a day."""
    if passi.inizio is None or passi.fine is None:
        return Andamento(fino, calcolo.stima(None, fino, ZERO, ()))
    ultimo = max(passi.fine, al)
    mesi = list(fini_di_mese(passi.inizio, ultimo))
    piano, fatto = serie(passi, mesi)
    completi = [mese for mese in mesi_completi(passi, fino) if mese <= fino]
    del_piano = calcolo.piano(passi.inizio, passi.fine, mesi, piano)
    previsto, ora = passi.fino_a(fino)
    detti = dict(zip(mesi, fatto, strict=True))
    stima = calcolo.stima(
        del_piano,
        fino,
        ora,
        [(mese, detti[mese]) for mese in completi if mese in detti],
        dati=passi.con_dati > 0,
        non_prima=al,
    )
    if passi.conclusi == passi.lavori:
        stima = replace(stima, motivo=Motivo.CONCLUSO, fine=None, fine_da=None, fine_a=None)
    if stima.fine is not None and stima.fine > ultimo:
        mesi = list(fini_di_mese(passi.inizio, stima.fine))
        piano += [piano[-1]] * (len(mesi) - len(piano))
        fatto += [fatto[-1]] * (len(mesi) - len(fatto))
    primo = completi[0] if completi else fino
    return Andamento(
        fino=fino,
        stima=stima,
        mesi=tuple(mesi),
        piano=tuple(piano),
        effettivo=tuple(valore if primo <= mese <= fino else None for mese, valore in zip(mesi, fatto, strict=True)),
        proiezione=tuple(_da_fino(del_piano, stima, fino, mesi, ora)),
        inizio=passi.inizio,
        fine=passi.fine,
        primo=completi[0] if completi else None,
        totale=in_euro(passi.valore),
        previsto=previsto,
        fatto=ora,
    )


def _da_fino(di: Piano, stima: Stima, fino: date, mesi: Sequence[date], ora: Decimal) -> list[Decimal | None]:
    """The projection begins with what was earned, to the cent."""
    valori = calcolo.proiezione(di, stima, fino, mesi)
    return [ora if mese == fino else valore for mese, valore in zip(mesi, valori, strict=False)]
