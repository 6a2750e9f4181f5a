"""What the pages of the strategic plan read. Every function costs a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Count, Prefetch, QuerySet

from psttm.models import (
    Driver,
    IndicatoreContesto,
    LegameDriverObiettivo,
    Missione,
    Misura,
    Obiettivo,
    PianoStrategico,
    RisultatoDichiarato,
    Strategia,
    TemaContesto,
)


def piano_in_vigore() -> PianoStrategico | None:
    """The most recent strategic plan, with its acts, steps and key words."""
    return PianoStrategico.objects.select_related("fonte").prefetch_related("atti", "passi", "parole_chiave").first()


def missioni() -> QuerySet[Missione]:
    """Missioni with `numero_obiettivi` and `numero_driver`."""
    return Missione.objects.annotate(
        numero_obiettivi=Count("obiettivi", distinct=True), numero_driver=Count("obiettivi__driver", distinct=True)
    )


def obiettivi() -> QuerySet[Obiettivo]:
    """Objectives with Missione and Driver, ready for a list."""
    return Obiettivo.objects.select_related("missione", "fonte").prefetch_related("driver")


def drivers() -> QuerySet[Driver]:
    """Driver with their STTM and `numero_obiettivi`."""
    return Driver.objects.prefetch_related("strategie").annotate(numero_obiettivi=Count("obiettivi", distinct=True))


def driver_completo(numero: int) -> Driver:
    """A Driver with its links and their reasons. Raises Driver.DoesNotExist."""
    legami = LegameDriverObiettivo.objects.select_related("obiettivo__missione", "fonte")
    return (
        Driver.objects.select_related("fonte")
        .prefetch_related(
            "legami_strategie__strategia", "legami_strategie__fonte", Prefetch("legami_obiettivi", legami)
        )
        .get(numero=numero)
    )


def strategie() -> QuerySet[Strategia]:
    """STTM with their Driver and tools."""
    return Strategia.objects.select_related("fonte").prefetch_related("driver", "strumenti")


@dataclass(frozen=True)
class RigaMatrice:
    """A Driver and what it is linked to: per STTM yes or no, per Missione how many objectives."""

    driver: Driver
    strategie: list[tuple[Strategia, bool]]
    missioni: list[tuple[Missione, int]]


def matrice() -> tuple[list[RigaMatrice], list[Strategia], list[Missione]]:
    """The matrix Driver × STTM × Missioni, with its two groups of columns."""
    colonne_strategie = list(Strategia.objects.all())
    colonne_missioni = list(Missione.objects.all())
    conteggi = {
        (riga["driver_id"], riga["obiettivo__missione_id"]): riga["quanti"]
        for riga in LegameDriverObiettivo.objects.order_by()
        .values("driver_id", "obiettivo__missione_id")
        .annotate(quanti=Count("pk"))
    }
    righe = []
    for driver in Driver.objects.prefetch_related("strategie"):
        sue = set(driver.strategie.all())
        righe.append(
            RigaMatrice(
                driver=driver,
                strategie=[(strategia, strategia in sue) for strategia in colonne_strategie],
                missioni=[(missione, conteggi.get((driver.pk, missione.pk), 0)) for missione in colonne_missioni],
            )
        )
    return righe, colonne_strategie, colonne_missioni


def albero_misure() -> list[tuple[int, Misura]]:
    """The tree of measures in reading order, with the depth of each (0 at the root)."""
    figlie: dict[int | None, list[Misura]] = {}
    for misura in Misura.objects.select_related("fonte"):
        figlie.setdefault(misura.genitore_id, []).append(misura)
    righe: list[tuple[int, Misura]] = []

    def scendi(genitore: int | None, livello: int) -> None:
        for misura in figlie.get(genitore, []):
            righe.append((livello, misura))
            scendi(misura.pk, livello + 1)

    scendi(None, 0)
    return righe


@dataclass(frozen=True)
class Programma:
    """What the sources declare of a programme: figures, words where there is no figure, and the latest day."""

    nome: str
    righe: list[RisultatoDichiarato]

    @property
    def cifre(self) -> list[RisultatoDichiarato]:
        return [riga for riga in self.righe if riga.valore is not None]

    @property
    def frasi(self) -> list[RisultatoDichiarato]:
        return [riga for riga in self.righe if riga.valore is None]

    @property
    def al(self) -> date | None:
        return max((riga.al for riga in self.righe if riga.al), default=None)


def programmi() -> list[Programma]:
    """Declared results, programme by programme, in the order of the fixtures."""
    gruppi: dict[str, list[RisultatoDichiarato]] = {}
    for riga in RisultatoDichiarato.objects.select_related("fonte"):
        gruppi.setdefault(riga.programma, []).append(riga)
    return [Programma(nome, righe) for nome, righe in gruppi.items()]


def indicatori_per_tema() -> list[tuple[str, list[IndicatoreContesto]]]:
    """Context figures of the territory, theme by theme in the order of the source."""
    ordine = {tema: posto for posto, tema in enumerate(TemaContesto.values)}
    righe = sorted(IndicatoreContesto.objects.select_related("fonte"), key=lambda i: (ordine[i.tema], i.ordine))
    return [(str(TemaContesto(tema).label), list(gruppo)) for tema, gruppo in groupby(righe, key=lambda i: i.tema)]
