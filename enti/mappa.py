"""The map of the Città metropolitana: its plane, its SVG paths, the outlines of the zone.

The plane is equirectangular at the mean latitude of the territory: kilometres east (x) and south (y) of its north-west
corner, on a sphere of the Earth's mean radius. Widths are true at that latitude and off by less than half a per cent at
the northern and southern edges. Coordinates are rounded to 10 m on a common grid before a path is written, so that
neighbours share their edges exactly.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings

# North-west corner and mean latitude, in WGS84 degrees: half a kilometre outside the 133 boundaries.
OVEST = 8.6995
NORD = 45.6475
LATITUDINE_MEDIA = 45.402
LARGHEZZA_KM = 66.9
ALTEZZA_KM = 54.6
VIEWBOX = f"0 0 {LARGHEZZA_KM} {ALTEZZA_KM}"

KM_PER_GRADO = 6371.0088 * math.pi / 180
CENTESIMI_DI_KM = 100


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
