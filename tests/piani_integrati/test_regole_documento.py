"""`docs/regole.md` says what the catalogue says."""

from __future__ import annotations

from django.conf import settings

from piani_integrati.documento import documento
from piani_integrati.regole import REGOLE


def test_il_documento_delle_regole_e_aggiornato() -> None:
    scritto = (settings.BASE_DIR / "docs" / "regole.md").read_text(encoding="utf-8")
    assert scritto == documento(), "docs/regole.md non è aggiornato: esegui manage.py documenta_regole"


def test_il_documento_racconta_ogni_regola_con_la_sua_norma() -> None:
    testo = documento()
    for regola in REGOLE:
        assert f"## `{regola.codice}`: {regola.titolo}" in testo
        assert f"- Norma: {regola.fonte}." in testo
