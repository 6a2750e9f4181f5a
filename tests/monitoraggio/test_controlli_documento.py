"""`docs/controlli.md` says what the catalogue says."""

from __future__ import annotations

from django.conf import settings

from monitoraggio.controlli.catalogo import CATALOGO
from monitoraggio.controlli.documento import documento


def test_il_documento_dei_controlli_e_aggiornato() -> None:
    scritto = (settings.BASE_DIR / "docs" / "controlli.md").read_text(encoding="utf-8")
    assert scritto == documento(), "docs/controlli.md non è aggiornato: esegui manage.py documenta_controlli"


def test_il_documento_racconta_ogni_controllo() -> None:
    testo = documento()
    for controllo in CATALOGO:
        assert f"| `{controllo.codice}` | {controllo.titolo} |" in testo
