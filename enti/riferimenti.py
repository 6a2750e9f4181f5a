"""Loads the territory from the committed fixtures: zone, unioni, Comuni, population, boundaries, bodies.

The fixtures come from `manage.py costruisci_comuni`; `fixtures/enti/LEGGIMI.md` tells their sources and licences. IVSM
values are not among them: they come in through `manage.py importa_ivsm`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from enti import mappa
from enti.models import Comune, Confine, Ente, Popolazione, UnioneComuni, ZonaOmogenea
from enti.ruoli import TipoEnte
from registro.models import Fonte
from registro.riferimenti import carica_righe, caricamento_dovuto, registra_caricamento
from registro.righe import DatoErrato, Riga, leggi
from registro.services import annota

NOME = "enti"
FONTE_COMUNI = "istat-comuni"
FONTE_GEOPOP = "istat-geopop"

CITTA_METROPOLITANA = {
    "denominazione": "Città metropolitana di Milano",
    "tipo": TipoEnte.CITTA_METROPOLITANA,
    "codice_ipa": "cmmi",
}
# In the IPA the code of a Comune is "c_" and its Belfiore code; Pessano con Bornago is the one exception here.
IPA_FUORI_SCHEMA = {"015172": "pes_mi"}


def percorsi() -> list[Path]:
    """The files that decide what is loaded: the fixtures, and the code that draws the paths."""
    cartella = settings.FIXTURE_DIR / "enti"
    nomi = ["zone.yaml", "comuni.csv", "comuni_metropolitani.csv", "popolazione.csv", "confini.json"]
    return [*(cartella / nome for nome in nomi), Path(__file__), Path(mappa.__file__)]


@transaction.atomic
def carica(forza: bool = False) -> dict[str, int]:
    """Load or refresh the territory; rows written by kind, empty when the files are those of the last time.

    Nothing is doubled or deleted by loading again. Raises DatoErrato when a file, or a row of Fonte, is not there.
    """
    if not forza and not caricamento_dovuto(NOME, percorsi()):
        return {}
    zone = yaml.safe_load((settings.FIXTURE_DIR / "enti" / "zone.yaml").read_text(encoding="utf-8"))
    fonti = _fonti(zone["fonte"], FONTE_COMUNI, FONTE_GEOPOP)
    righe = {
        "zone omogenee": carica_righe(ZonaOmogenea, _zone(zone, fonti), chiave=["numero"]),
        "unioni di Comuni": carica_righe(UnioneComuni, _unioni(zone, fonti), chiave=["nome"]),
        "Comuni": carica_righe(Comune, _comuni(zone, fonti), chiave=["codice_istat"]),
    }
    comuni = {comune.codice_istat: comune for comune in Comune.objects.metropolitani()}
    righe |= {
        "popolazioni": carica_righe(Popolazione, _popolazioni(comuni, fonti), chiave=["comune", "anno"]),
        "confini": carica_righe(Confine, _confini(comuni, fonti), chiave=["comune"]),
        "enti": carica_righe(Ente, [CITTA_METROPOLITANA], chiave=["denominazione"])
        + carica_righe(Ente, _enti(comuni), chiave=["comune"]),
    }
    registra_caricamento(NOME, percorsi(), sum(righe.values()))
    annota(None, "caricato", dopo={"file": NOME, **righe})
    return righe


def _fonti(*codici: str) -> dict[str, Fonte]:
    fonti = {fonte.codice: fonte for fonte in Fonte.objects.filter(codice__in=codici)}
    mancano = [codice for codice in codici if codice not in fonti]
    if mancano:
        raise DatoErrato("fonti.yaml", f"mancano le fonti {', '.join(mancano)}: aggiungile e carica prima questo file.")
    return fonti


def _tabella(nome: str) -> list[Riga]:
    return leggi(settings.FIXTURE_DIR / "enti" / nome)


def _zone(zone: dict[str, Any], fonti: dict[str, Fonte]) -> Iterator[dict[str, Any]]:
    for zona in zone["zone"]:
        luogo = f"{zone['luogo']}, zona omogenea {zona['numero']}"
        yield {"numero": zona["numero"], "nome": zona["nome"], "fonte": fonti[zone["fonte"]], "luogo": luogo}


def _unioni(zone: dict[str, Any], fonti: dict[str, Fonte]) -> Iterator[dict[str, Any]]:
    for unione in zone["unioni"]:
        luogo = f"{zone['luogo']}, Unioni di Comuni"
        yield {"nome": unione["nome"], "fonte": fonti[zone["fonte"]], "luogo": luogo}


def _comuni(zone: dict[str, Any], fonti: dict[str, Fonte]) -> Iterator[dict[str, Any]]:
    """All Italian Comuni; those of the Città metropolitana with zona, unione, centroid and surface."""
    zona_di = {zona.numero: zona for zona in ZonaOmogenea.objects.all()}
    unione_di = {unione.nome: unione for unione in UnioneComuni.objects.all()}
    schede = {scheda["codice_istat"]: scheda for scheda in _tabella("comuni_metropolitani.csv")}
    grafie = _grafie(zone)
    for riga in _tabella("comuni.csv"):
        scheda = schede.get(riga["codice_istat"])
        luogo = f"Codice {riga['codice_istat']}"
        if scheda:
            luogo += (
                f"; zona e unione: PSTTM 2025-2027{grafie.get(riga['nome'], '')}; "
                "centroide e superficie: confini ISTAT, elaborazione openpolis"
            )
        aggiunte = {
            "zona": zona_di[int(scheda["zona"])] if scheda else None,
            "unione": unione_di[scheda["unione"]] if scheda and scheda["unione"] else None,
            "latitudine": scheda["latitudine"] if scheda else None,
            "longitudine": scheda["longitudine"] if scheda else None,
            "superficie_km2": scheda["superficie_km2"] if scheda else None,
            "fonte": fonti[FONTE_COMUNI],
            "luogo": luogo,
        }
        yield Riga(riga | aggiunte, riga.posto)


def _grafie(zone: dict[str, Any]) -> dict[str, str]:
    """How the source spells the Comuni that it misspells, to be said beside their place."""
    gruppi = [*zone["zone"], *zone["unioni"]]
    voci = [voce for gruppo in gruppi for voce in gruppo["comuni"] if isinstance(voce, dict)]
    return {voce["nome"]: f" (che scrive «{voce['nella_fonte']}»)" for voce in voci}


def _popolazioni(comuni: dict[str, Comune], fonti: dict[str, Fonte]) -> Iterator[dict[str, Any]]:
    for riga in _tabella("popolazione.csv"):
        yield {
            "comune": comuni[riga["codice_istat"]],
            "anno": int(riga["anno"]),
            "residenti": int(riga["residenti"]),
            "fonte": fonti[FONTE_GEOPOP],
            "luogo": f"Popolazione per età al 1° gennaio {riga['anno']}, somma delle età",
        }


def _confini(comuni: dict[str, Comune], fonti: dict[str, Fonte]) -> Iterator[dict[str, Any]]:
    raccolta = json.loads((settings.FIXTURE_DIR / "enti" / "confini.json").read_text(encoding="utf-8"))
    for elemento in raccolta["features"]:
        yield {
            "comune": comuni[elemento["properties"]["codice_istat"]],
            "geometria": elemento["geometry"],
            "tracciato": mappa.tracciato(elemento["geometry"]),
            "fonte": fonti[FONTE_GEOPOP],
            "luogo": "Confini comunali 2023, semplificati",
        }


def _enti(comuni: dict[str, Comune]) -> Iterator[dict[str, Any]]:
    for codice, comune in comuni.items():
        yield {
            "comune": comune,
            "denominazione": f"Comune di {comune.nome}",
            "tipo": TipoEnte.COMUNE,
            "codice_ipa": IPA_FUORI_SCHEMA.get(codice, f"c_{comune.codice_catastale.lower()}"),
        }
