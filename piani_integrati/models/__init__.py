"""How the interventi are grouped and judged."""

from piani_integrati.models.piani import InterventoNelPiano, Passaggio, PianoIntegrato, TipoPiano
from piani_integrati.models.verifica import Deroga, EsitoRegola, ModificaDaVerificare, Scenario, StatoVerifica

__all__ = [
    "Deroga",
    "EsitoRegola",
    "InterventoNelPiano",
    "ModificaDaVerificare",
    "Passaggio",
    "PianoIntegrato",
    "Scenario",
    "StatoVerifica",
    "TipoPiano",
]
