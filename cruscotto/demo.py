"""The demonstration of the Cruscotto: its programme, counted."""

from __future__ import annotations

from cruscotto.conteggio.giorno import Giorno
from cruscotto.models import Fotografia, TipoFotografia
from cruscotto.services import fotografie
from registro.dimostrazione import dimostrazione
from registro.esecutori import Avanzatore

VOCE = "interventi contati"


@dimostrazione(posto=95)
def carica() -> dict[str, int]:
    """Count it, unless it is counted already."""
    if Fotografia.objects.filter(tipo=TipoFotografia.CORRENTE).exists():
        return {VOCE: 0}
    return {VOCE: fotografie.conta_tutto(Giorno(), Avanzatore()).interventi}
