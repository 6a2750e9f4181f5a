"""What is built: interventi with a CUP, their parts, and where each datum came from."""

from interventi.models.dati_cup import DatiCup
from interventi.models.importazioni import (
    Differenza,
    EsitoRiga,
    FileImportato,
    Importazione,
    TabellaImportata,
)
from interventi.models.intervento import Classificazione, Intervento, Submisura
from interventi.models.parti import (
    Finanziamento,
    Indicatore,
    LegameDriver,
    LegameStrategia,
    Localizzazione,
    Operatore,
    Procedura,
    SoggettoCollegato,
    VoceQuadroEconomico,
)
from interventi.models.requisiti import Requisiti, ValutazioneDnsh
from interventi.models.viste import VistaSalvata

__all__ = [
    "Classificazione",
    "DatiCup",
    "Differenza",
    "EsitoRiga",
    "FileImportato",
    "Finanziamento",
    "Importazione",
    "Indicatore",
    "Intervento",
    "LegameDriver",
    "LegameStrategia",
    "Localizzazione",
    "Operatore",
    "Procedura",
    "Requisiti",
    "SoggettoCollegato",
    "Submisura",
    "TabellaImportata",
    "ValutazioneDnsh",
    "VistaSalvata",
    "VoceQuadroEconomico",
]
