"""The trivial job, by which one sees that the machinery of the jobs works."""

from __future__ import annotations

import threading
from typing import Any

from registro.esecutori import Avanzatore, esecutore


@esecutore("prova", titolo="Lavoro di prova")
def conta(avanzatore: Avanzatore, *, passi: int = 20, secondi: float = 0.5) -> dict[str, Any]:
    """Count to `passi`, each step lasting `secondi`."""
    attesa = threading.Event()
    avanzatore.totale(passi)
    for numero in range(1, passi + 1):
        avanzatore.passo(f"passo {numero} di {passi}")
        attesa.wait(secondi)
        avanzatore.avanza()
    return {"passi": passi}
