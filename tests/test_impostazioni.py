"""What the files at the root promise about settings and services holds."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import controlla
import pytest
import yaml
from django.conf import settings

RADICE = settings.BASE_DIR
# Variables of scripts/ and docker-compose.yml, in the same file because one file is all that people should copy.
NON_DEL_PORTALE = {"PORT", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "NOME_PORTALE", "CERTIFICATI"}
OBBLIGATORIE = [
    "SECRET_KEY", "ALLOWED_HOSTS", "URL_BASE", "PROXY_INDIRIZZI", "DATABASE_URL", "CACHE_URL", "CELERY_BROKER_URL",
    "EMAIL_URL",
]  # fmt: skip


def _lette() -> set[str]:
    """The names of the variables that the settings read."""
    return set(re.findall(r'(?:env\.\w+|_obbligatoria)\(\s*"([A-Z_]+)"', (RADICE / "psttm/settings.py").read_text()))


def _documentate() -> set[str]:
    return set(re.findall(r"^([A-Z_]+)=", (RADICE / ".env.example").read_text(), flags=re.MULTILINE))


def _controlla_impostazioni(cartella: Path, variabili: dict[str, str]) -> subprocess.CompletedProcess[str]:
    ambiente = {"PATH": os.environ["PATH"], "VAR_DIR": str(cartella)} | variabili
    comando = [sys.executable, "manage.py", "check"]
    return subprocess.run(comando, cwd=RADICE, env=ambiente, capture_output=True, text=True, check=False)


def _yaml(nome: str) -> dict[str, Any]:
    dati: dict[str, Any] = yaml.safe_load((RADICE / nome).read_text())
    return dati


def test_ogni_variabile_letta_e_documentata_e_ogni_variabile_documentata_e_letta() -> None:
    assert len(_lette()) > 15
    assert _documentate() == _lette() | NON_DEL_PORTALE


def test_la_produzione_completa_si_avvia(tmp_path: Path) -> None:
    fatto = _controlla_impostazioni(tmp_path, controlla.PRODUZIONE)
    assert fatto.returncode == 0, fatto.stderr


@pytest.mark.parametrize("nome", OBBLIGATORIE)
def test_la_produzione_senza_una_variabile_dice_quale_manca(tmp_path: Path, nome: str) -> None:
    fatto = _controlla_impostazioni(tmp_path, controlla.PRODUZIONE | {nome: ""})
    assert fatto.returncode == 1
    assert fatto.stderr == (
        "Il portale non parte in produzione: c'è un'impostazione da correggere.\n"
        f"- {nome}: manca. Scrivila nel file .env o nell'ambiente: .env.example dice come.\n"
    )


def test_la_produzione_senza_nulla_dice_tutto_quello_che_manca(tmp_path: Path) -> None:
    fatto = _controlla_impostazioni(tmp_path, {"AMBIENTE": "produzione"})
    assert fatto.returncode == 1
    assert re.findall(r"- (\w+): manca", fatto.stderr) == OBBLIGATORIE
    assert "Traceback" not in fatto.stderr


@pytest.mark.parametrize("comando", [["gunicorn", "--check-config", "psttm.wsgi"], ["celery", "-A", "psttm", "report"]])
def test_anche_gli_altri_programmi_dicono_che_cosa_correggere(tmp_path: Path, comando: list[str]) -> None:
    fatto = subprocess.run(
        [sys.executable, "-m", *comando],
        cwd=RADICE,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)} | controlla.PRODUZIONE | {"DEBUG": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert fatto.returncode != 0
    assert "- DEBUG: è acceso" in fatto.stdout + fatto.stderr


@pytest.mark.parametrize(
    ("variabili", "frase"),
    [
        ({"AMBIENTE": "collaudo"}, "i valori ammessi sono «locale» e «produzione»"),
        (controlla.PRODUZIONE | {"DEBUG": "true"}, "- DEBUG: è acceso"),
        (controlla.PRODUZIONE | {"SECRET_KEY": "x" * 49}, "almeno 50 casuali"),
        (controlla.PRODUZIONE | {"DATABASE_URL": "sqlite:////tmp/x"}, "- DATABASE_URL: non è PostgreSQL"),
        (controlla.PRODUZIONE | {"HSTS_SECONDI": "0"}, "- HSTS_SECONDI"),
        (controlla.PRODUZIONE | {"CACHE_URL": "locmemcache://"}, "- CACHE_URL"),
        (controlla.PRODUZIONE | {"CELERY_BROKER_URL": "filesystem://localhost//"}, "- CELERY_BROKER_URL"),
        (controlla.PRODUZIONE | {"EMAIL_URL": "consolemail://"}, "- EMAIL_URL"),
        (controlla.PRODUZIONE | {"PROXY_INDIRIZZI": "0.0.0.0/0"}, "- PROXY_INDIRIZZI"),
        (controlla.PRODUZIONE | {"SECONDO_FATTORE_OBBLIGATORIO": "false"}, "- SECONDO_FATTORE_OBBLIGATORIO"),
    ],
)
def test_un_impostazione_pericolosa_ferma_tutto(tmp_path: Path, variabili: dict[str, str], frase: str) -> None:
    fatto = _controlla_impostazioni(tmp_path, variabili)
    assert (fatto.returncode, fatto.stdout) == (1, "")
    assert fatto.stderr.count("\n") <= 2
    assert frase in fatto.stderr


def test_publiccode_rispetta_lo_standard() -> None:
    """Keys and lengths that the standard, version 0.4, makes mandatory."""
    dati = _yaml("publiccode.yml")
    assert dati["publiccodeYmlVersion"] == "0.4"
    assert dati["url"].startswith("https://www.cittametropolitana.mi.it/")
    assert dati["legal"]["license"] == "EUPL-1.2"
    assert dati["maintenance"]["type"] == "internal"
    assert dati["maintenance"]["contacts"][0]["name"]
    assert dati["it"]["countryExtensionVersion"] == "1.0"
    assert set(dati["description"]) == {"it", "en"}
    for testo in dati["description"].values():
        assert len(testo["genericName"]) <= 35
        assert len(testo["shortDescription"]) <= 150
        assert 500 <= len(testo["longDescription"]) <= 10000
        assert testo["features"]
