"""What the filters tell apart: the combination that an intervento belongs to, and the things that it makes it of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import blake2b
from itertools import combinations

from cruscotto.tipi import Dimensione
from enti.models import Comune
from interventi.models import LegameDriver, LegameStrategia, Localizzazione
from monitoraggio.opere import programma
from monitoraggio.opere.tipi import Opera
from psttm.models import LegameDriverStrategia
from registro.storia import noto_al as versioni_al

# A thing: "piano=12", "comune=015182"; "driver=" is none of that kind.
Cosa = str
# One thing, or two of different kinds in the order of Dimensione; ("", "") is the whole.
Coppia = tuple[Cosa, Cosa]
TUTTO: Coppia = ("", "")
FRA = "|"


def cosa(dimensione: Dimensione, valore: object = "") -> Cosa:
    return f"{dimensione.value}={'' if valore is None else valore}"


@dataclass(frozen=True)
class Territorio:
    """What is the same for all.

    Of each Comune, by its key: ISTAT code, name, number of its zona. Of each Driver, by number: the STTM that develop
    it.
    """

    comuni: Mapping[int, tuple[str, str, int | None]]
    sviluppano: Mapping[int, Sequence[int]]

    @cached_property
    def zone(self) -> dict[str, int]:
        return {istat: zona for istat, _nome, zona in self.comuni.values() if zona is not None}

    @cached_property
    def fuori(self) -> dict[str, str]:
        """The names of the Comuni of no zona, by ISTAT code."""
        return {istat: nome for istat, nome, zona in self.comuni.values() if zona is None}

    def nomi(self, comuni: Sequence[int]) -> str:
        return ", ".join(sorted(self.comuni[pk][1] for pk in comuni))


def territorio() -> Territorio:
    """Two queries."""
    righe = Comune.objects.order_by().values_list("pk", "codice_istat", "nome", "zona__numero")
    sviluppano: dict[int, list[int]] = {}
    legami = LegameDriverStrategia.objects.order_by().values_list("driver__numero", "strategia__numero")
    for driver, strategia in legami:
        sviluppano.setdefault(driver, []).append(strategia)
    return Territorio({pk: (istat, nome, zona) for pk, istat, nome, zona in righe}, sviluppano)


@dataclass(frozen=True)
class Chiave:
    """A combination: the piano, ISTAT codes of the Comuni, numbers of zone, Driver and STTM, each in order."""

    piano: int | None
    comuni: tuple[str, ...]
    zone: tuple[int, ...]
    driver: tuple[int, ...]
    strategie: tuple[int, ...]

    @cached_property
    def testo(self) -> str:
        """The same in 32 letters."""
        tutto = repr((self.piano, self.comuni, self.driver, self.strategie))
        return blake2b(tutto.encode(), digest_size=16).hexdigest()

    def cose(self) -> dict[Dimensione, list[Cosa]]:
        """Its things of each kind; where it has none, that there is none."""
        valori: dict[Dimensione, Sequence[object]] = {
            Dimensione.PIANO: [self.piano],
            Dimensione.DRIVER: self.driver,
            Dimensione.STRATEGIA: self.strategie,
            Dimensione.ZONA: self.zone,
            Dimensione.COMUNE: self.comuni,
        }
        return {
            dimensione: [cosa(dimensione, valore) for valore in suoi] or [cosa(dimensione)]
            for dimensione, suoi in valori.items()
        }

    def coppie(self, zone: Mapping[str, int]) -> Iterator[Coppia]:
        """The whole, its things and every two of different kinds; a Comune goes with its own zona alone."""
        yield TUTTO
        cose = self.cose()
        for sue in cose.values():
            for una in sue:
                yield una, ""
        for prima, seconda in combinations(Dimensione, 2):
            for una in cose[prima]:
                for altra in cose[seconda]:
                    if prima != Dimensione.ZONA or nella_zona(altra, una, zone):
                        yield una, altra


def nella_zona(comune: Cosa, zona: Cosa, zone: Mapping[str, int]) -> bool:
    """Whether a Comune is in a zona; one of no zona, and no Comune at all, are in none."""
    return zona == cosa(Dimensione.ZONA, zone.get(comune.partition("=")[2]))


def di_opera(opera: Opera, territorio: Territorio) -> Chiave:
    return _chiave(opera.piano_id, opera.comuni, opera.driver, opera.strategie, territorio)


def _chiave(
    piano: int | None, comuni: Sequence[int], driver: Sequence[int], strategie: Sequence[int], territorio: Territorio
) -> Chiave:
    luoghi = {territorio.comuni[pk] for pk in comuni}
    sviluppate = {una for numero in driver for una in territorio.sviluppano.get(numero, ())}
    return Chiave(
        piano=piano,
        comuni=tuple(sorted(istat for istat, _nome, _zona in luoghi)),
        zone=tuple(sorted({zona for _istat, _nome, zona in luoghi if zona is not None})),
        driver=tuple(sorted(set(driver))),
        strategie=tuple(sorted({*strategie, *sviluppate})),
    )


def degli_interventi(quali: Sequence[int], noto_al: datetime | None, territorio: Territorio) -> dict[int, Chiave]:
    """The combination of those of these interventi that are of the programme: six queries."""
    dentro = programma.fra(quali, noto_al)
    piani = programma.nei_piani(noto_al, dentro)
    comuni: dict[int, list[int]] = {pk: [] for pk in dentro}
    driver: dict[int, list[int]] = {pk: [] for pk in dentro}
    strategie: dict[int, list[int]] = {pk: [] for pk in dentro}
    letture = (
        (comuni, Localizzazione, "comune_id"),
        (driver, LegameDriver, "driver__numero"),
        (strategie, LegameStrategia, "strategia__numero"),
    )
    for trovati, modello, campo in letture:
        righe = versioni_al(modello, noto_al).filter(intervento_id__in=dentro).order_by()
        for pk, valore in righe.values_list("intervento_id", campo):
            if valore is not None:
                trovati[pk].append(valore)
    return {
        pk: _chiave(piani[pk][0] if pk in piani else None, comuni[pk], driver[pk], strategie[pk], territorio)
        for pk in dentro
    }


def scritto(valori: Sequence[object]) -> str:
    """A set between bars; "" if there is none."""
    return f"{FRA}{FRA.join(str(valore) for valore in valori)}{FRA}" if valori else ""


def letto(testo: str) -> list[str]:
    return testo.strip(FRA).split(FRA) if testo else []


# The fields of a Profilo that say its combination.
CAMPI_CHIAVE = ("piano_id", "comuni", "zone", "driver", "strategie")


def chiave_di(piano: int | None, comuni: str, zone: str, driver: str, strategie: str) -> Chiave:
    """The combination that those fields say."""
    return Chiave(
        piano=piano,
        comuni=tuple(letto(comuni)),
        zone=tuple(int(numero) for numero in letto(zone)),
        driver=tuple(int(numero) for numero in letto(driver)),
        strategie=tuple(int(numero) for numero in letto(strategie)),
    )
