"""The map of the Città metropolitana: its plane, its SVG paths, the outlines of the zone.

The plane is equirectangular at the mean latitude of the territory: kilometres east (x) and south (y) of its north-west
corner, on a sphere of the Earth's mean radius. Widths are true at that latitude and off by less than half a per cent at
the northern and southern edges. Coordinates are rounded to 10 m on a common grid before a path is written, so that
neighbours share their edges exactly.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, groupby, pairwise
from typing import Any

from django.conf import settings

# North-west corner and mean latitude, in WGS84 degrees: half a kilometre outside the 133 boundaries.
OVEST = 8.6995
NORD = 45.6475
LATITUDINE_MEDIA = 45.402
LARGHEZZA_KM = 66.9
ALTEZZA_KM = 54.6
VIEWBOX = f"0 0 {LARGHEZZA_KM} {ALTEZZA_KM}"

# The same plane in hectometres.
ETTOMETRI = 10
VIEWBOX_LEGGERO = f"0 0 {LARGHEZZA_KM * ETTOMETRI:g} {ALTEZZA_KM * ETTOMETRI:g}"
ANELLO = re.compile(r"M[^z]*z")
NUMERO_SVG = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")

KM_PER_GRADO = 6371.0088 * math.pi / 180
CENTESIMI_DI_KM = 100
CENTESIMI_DI_ETTOMETRO = CENTESIMI_DI_KM // ETTOMETRI


@dataclass(frozen=True)
class ContornoZona:
    """Outline of a zona omogenea: `tracciato` is an SVG path, `x` and `y` (km) the point where its label stands."""

    numero: int
    nome: str
    tracciato: str
    x: float
    y: float


def piano(longitudine: float, latitudine: float) -> tuple[float, float]:
    """Kilometres east and south of the north-west corner of the map, from WGS84 degrees."""
    est = (longitudine - OVEST) * KM_PER_GRADO * math.cos(math.radians(LATITUDINE_MEDIA))
    return est, (NORD - latitudine) * KM_PER_GRADO


def tracciato(geometria: dict[str, Any]) -> str:
    """SVG path of a GeoJSON MultiPolygon in WGS84 degrees, in the plane of the map, to 10 m.

    Fill it with `fill-rule: evenodd`. Raises ValueError for any other kind of geometry.
    """
    if geometria["type"] != "MultiPolygon":
        raise ValueError(f"Un confine è un MultiPolygon, non una geometria di tipo {geometria['type']}.")
    return "".join(_anello(anello) for poligono in geometria["coordinates"] for anello in poligono)


@lru_cache(maxsize=1)
def contorni_zone() -> tuple[ContornoZona, ...]:
    """The outlines of the seven zone omogenee and of Milano, from the committed fixture, read once."""
    raccolta = json.loads((settings.FIXTURE_DIR / "enti" / "zone_confini.json").read_text(encoding="utf-8"))
    contorni = []
    for elemento in raccolta["features"]:
        proprieta = elemento["properties"]
        x, y = piano(*proprieta["etichetta"])
        contorni.append(
            ContornoZona(
                numero=proprieta["numero"],
                nome=proprieta["nome"],
                tracciato=tracciato(elemento["geometry"]),
                x=round(x, 2),
                y=round(y, 2),
            )
        )
    return tuple(contorni)


@lru_cache(maxsize=512)
def tracciato_leggero(tracciato: str) -> str:
    """The same shape to 100 m, in hectometres: half as long, for a drawing where a kilometre is some ten pixels.

    Neighbours still share their edges: every point is rounded by itself, on a common grid. What is smaller than the
    grid is left out.
    """
    return "".join(_anello_leggero(anello) for anello in ANELLO.findall(tracciato))


@lru_cache(maxsize=512)
def centro(tracciato: str) -> tuple[float, float]:
    """Where a symbol stands on a shape: the centroid of its largest ring, in hectometres."""
    baricentri = (_baricentro(_punti(anello)) for anello in ANELLO.findall(tracciato))
    _area, x, y = max(baricentri, key=lambda terna: terna[0])
    return round(x / CENTESIMI_DI_ETTOMETRO, 1), round(y / CENTESIMI_DI_ETTOMETRO, 1)


def _baricentro(punti: Sequence[tuple[int, int]]) -> tuple[float, float, float]:
    """Area and centroid of a ring, by Gauss's formula; of one without an area, its first point."""
    area = somma_x = somma_y = 0.0
    for (x1, y1), (x2, y2) in pairwise([*punti, punti[0]]):
        croce = x1 * y2 - x2 * y1
        area += croce / 2
        somma_x += (x1 + x2) * croce
        somma_y += (y1 + y2) * croce
    if not area:
        return 0.0, *punti[0]
    return abs(area), somma_x / (6 * area), somma_y / (6 * area)


def _punti(anello: str) -> list[tuple[int, int]]:
    """The points of a ring of `tracciato`, in hundredths of km: the first, then each as a step from the one before."""
    numeri = [round(float(numero) * CENTESIMI_DI_KM) for numero in NUMERO_SVG.findall(anello)]
    passi = zip(numeri[::2], numeri[1::2], strict=True)
    return list(accumulate(passi, lambda punto, passo: (punto[0] + passo[0], punto[1] + passo[1])))


def _anello_leggero(anello: str) -> str:
    tutti = [(_in_ettometri(x), _in_ettometri(y)) for x, y in _punti(anello)]
    punti = [punto for punto, _uguali in groupby(tutti)]
    if len(set(punti)) < 3:
        return ""
    passi = " ".join(f"{dopo[0] - prima[0]} {dopo[1] - prima[1]}" for prima, dopo in pairwise(punti))
    return f"M{punti[0][0]} {punti[0][1]}l{passi}z".replace(" -", "-")


def _in_ettometri(centesimi: int) -> int:
    """The nearest, halves up: whole numbers, so that the same point is always the same."""
    return (centesimi + CENTESIMI_DI_ETTOMETRO // 2) // CENTESIMI_DI_ETTOMETRO


def _anello(anello: Sequence[Sequence[float]]) -> str:
    """One ring: absolute first point, then steps from point to point, then closed."""
    partenza, *seguenti = [_sulla_griglia(longitudine, latitudine) for longitudine, latitudine in anello[:-1]]
    x, y = partenza
    passi = []
    for nuovo_x, nuovo_y in seguenti:
        if (nuovo_x, nuovo_y) != (x, y):
            passi += [_numero(nuovo_x - x), _numero(nuovo_y - y)]
            x, y = nuovo_x, nuovo_y
    # A minus sign separates two numbers by itself.
    return f"M{_numero(partenza[0])} {_numero(partenza[1])}l{' '.join(passi)}z".replace(" -", "-")


def _sulla_griglia(longitudine: float, latitudine: float) -> tuple[int, int]:
    x, y = piano(longitudine, latitudine)
    return round(x * CENTESIMI_DI_KM), round(y * CENTESIMI_DI_KM)


def _numero(centesimi: int) -> str:
    """Hundredths as the shortest SVG number: 5 is .05, -120 is -1.2, 0 is 0."""
    segno = "-" if centesimi < 0 else ""
    intero, resto = divmod(abs(centesimi), CENTESIMI_DI_KM)
    decimali = f".{resto:02d}".rstrip("0") if resto else ""
    return f"{segno}{intero or ''}{decimali}" if intero or resto else "0"
