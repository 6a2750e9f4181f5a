"""What the portal is made of is known, whole, and under licences that were admitted one by one."""

from __future__ import annotations

import importlib.metadata
import json
import tomllib
from pathlib import Path
from typing import Any

import componenti
import prepara
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator


@pytest.fixture(scope="module")
def scritti(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two files, as the command writes them."""
    cartella = tmp_path_factory.mktemp("componenti")
    with pytest.MonkeyPatch.context() as ambiente:
        ambiente.setenv("VAR_DIR", str(cartella))
        componenti.componenti()
    return cartella / "componenti"


@pytest.fixture(scope="module")
def distinta(scritti: Path) -> dict[str, Any]:
    letta: dict[str, Any] = json.loads((scritti / "sbom.json").read_text(encoding="utf-8"))
    return letta


def test_la_distinta_rispetta_lo_schema_cyclonedx(scritti: Path) -> None:
    testo = (scritti / "sbom.json").read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(testo) is None


def test_ogni_libreria_bloccata_c_e_con_la_sua_versione_e_le_sue_impronte(distinta: dict[str, Any]) -> None:
    elenco = (prepara.RADICE / "requisiti" / "produzione.txt").read_text(encoding="utf-8")
    voci = {voce["name"]: voce for voce in distinta["components"]}
    for nome in componenti.dipendenze(elenco):
        impronte = {proprieta["value"] for proprieta in voci[nome]["properties"]}
        assert impronte, nome
        assert all(f"sha256:{impronta}" in elenco for impronta in impronte), nome
        assert voci[nome]["version"] == importlib.metadata.version(nome), nome


def test_ci_sono_anche_i_file_del_browser_e_le_librerie_di_sistema(distinta: dict[str, Any]) -> None:
    nomi = {voce["name"] for voce in distinta["components"]}
    assert {"bootstrap-italia", "titillium-web", *prepara.LIBRERIE.values()} <= nomi
    assert "pytest" not in nomi


def test_ogni_componente_e_voluto_da_qualcuno(distinta: dict[str, Any]) -> None:
    voluti = {chi for voce in distinta["dependencies"] for chi in voce["dependsOn"]}
    assert {voce["bom-ref"] for voce in distinta["components"]} == voluti


def test_non_c_e_l_indirizzo_di_nessun_registro(scritti: Path) -> None:
    assert "pypi.org" not in (scritti / "sbom.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("detta", "va"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("GPL-3.0-only OR MIT", True),
        ("MIT AND GPL-3.0-only", False),
        ("MIT AND (GPL-3.0-only OR BSD-3-Clause)", True),
        ("(MIT OR BSD-3-Clause) AND GPL-3.0-only", False),
        ("GPL-3.0-only OR MIT AND GPL-3.0-only", False),
        ("MIT OR", False),
        ("(MIT", False),
        ("MIT BSD-3-Clause", False),
        ("BSD License", False),
        ("", False),
    ],
)
def test_di_piu_licenze_unite_valgono_tutte_di_quelle_a_scelta_una(detta: str, va: bool) -> None:
    assert componenti.ammessa(detta, {"MIT": "", "BSD-3-Clause": ""}) is va


def test_una_licenza_fuori_elenco_ferma_e_dice_quale_e_di_chi() -> None:
    fuori = {"name": "libreria", "version": "1", "licenses": [{"expression": "AGPL-3.0-only"}]}
    with pytest.raises(prepara.Fermo, match=r"libreria 1: «AGPL-3.0-only»"):
        componenti._ammessi([fuori], {"MIT": ""})


def test_ogni_licenza_ammessa_dice_perche_e_ogni_correzione_e_di_una_libreria_che_c_e(distinta: dict[str, Any]) -> None:
    regole = tomllib.loads(componenti.REGOLE.read_text(encoding="utf-8"))
    assert all(perche.strip() for perche in regole["ammesse"].values())
    assert not set(regole["lette"]) - {voce["name"] for voce in distinta["components"]}
