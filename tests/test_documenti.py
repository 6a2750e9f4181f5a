"""The documents say what is there: commands, settings, addresses, pictures, files and tests that they name."""

from __future__ import annotations

import re
from pathlib import Path

import architettura
import pytest
from django.conf import settings
from django.core.management import get_commands

RADICE = Path(settings.BASE_DIR)
DOCUMENTI = ["docs/esercizio.md", "docs/minacce.md", "SECURITY.md", "CONTRIBUTING.md", "docs/accessibilita.md"]
MAKE = re.compile(r"^([a-z-]+):", re.MULTILINE)


def _testo(nome: str) -> str:
    return (RADICE / nome).read_text(encoding="utf-8")


def test_il_disegno_dell_architettura_e_aggiornato(tmp_path: Path) -> None:
    architettura.scrivi(tmp_path)
    for nome in ("architettura.svg", "architettura.md"):
        assert (tmp_path / nome).read_text("utf-8") == _testo(f"docs/{nome}"), f"docs/{nome}: esegui make documenti"


@pytest.mark.parametrize("nome", DOCUMENTI)
def test_i_comandi_di_cui_un_documento_parla_esistono(nome: str) -> None:
    testo = _testo(nome)
    assert not set(re.findall(r"manage\.py ([a-z_]+)", testo)) - set(get_commands())
    assert not set(re.findall(r"`make ([a-z-]+)", testo)) - set(MAKE.findall(_testo("Makefile")))


@pytest.mark.parametrize("nome", DOCUMENTI)
def test_i_file_di_cui_un_documento_parla_esistono(nome: str) -> None:
    """Paths in backquotes or in links, a folder or a file of the project; a test may be followed by its name."""
    citati = re.findall(
        r"`((?:tests|docs|scripts|esercizio|enti|registro|psttm|campagne|impianto)/[\w./-]*)(?:::(\w+))?`", _testo(nome)
    )
    mancano = [percorso for percorso, _prova in citati if not (RADICE / percorso).exists()]
    assert not mancano
    assenti = [prova for percorso, prova in citati if prova and f"def {prova}(" not in _testo(percorso)]
    assert not assenti
    collegati = list(re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", _testo(nome)))
    assert not [link for link in collegati if not (RADICE / nome).parent.joinpath(link).exists()]


@pytest.mark.parametrize("nome", DOCUMENTI)
def test_le_impostazioni_di_cui_un_documento_parla_sono_nell_esempio(nome: str) -> None:
    """Words in capitals between backquotes, with an underscore: variables of `.env.example`."""
    esempio = _testo(".env.example") + _testo("docker-compose.yml")
    citate = set(re.findall(r"`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`", _testo(nome)))
    assert not {variabile for variabile in citate if not re.search(rf"\b{variabile}\b", esempio)}
