"""Reference data of the register: the sub-measures known from the start."""

from __future__ import annotations

from django.conf import settings

from interventi.models import Submisura
from psttm.riferimenti import MISURA
from registro.riferimenti import Tabella

TABELLE = (
    Tabella(settings.FIXTURE_DIR / "interventi" / "submisure.yaml", Submisura, ("codice",), rimandi={"misura": MISURA}),
)
