"""How it goes: traguardi, avanzamenti and what they declare, variazioni, documents, messages, allerte."""

from monitoraggio.models.allerte import Allerta, Riepilogo
from monitoraggio.models.avanzamento import Avanzamento, PassoBozza, Situazione, Visto
from monitoraggio.models.contenuti import (
    CostoAnno,
    Criticita,
    FaseAvanzamento,
    Impegno,
    Pagamento,
    Sal,
    Spiegazione,
    TraguardoAvanzamento,
    ValoreIndicatore,
    VoceQuadro,
)
from monitoraggio.models.documenti import CaricamentoDocumento, Documento, TipoDocumento, VersioneDocumento
from monitoraggio.models.fogli import FoglioCaricato, InterventoNelFoglio
from monitoraggio.models.messaggi import Messaggio
from monitoraggio.models.segnali import Segnale, SegnaliDaRivedere, Silenzio
from monitoraggio.models.traguardi import TermineInvio, Traguardo
from monitoraggio.models.variazioni import FasePianificata, SpostamentoTraguardo, Variazione, VoceVariante

__all__ = [
    "Allerta",
    "Avanzamento",
    "CaricamentoDocumento",
    "CostoAnno",
    "Criticita",
    "Documento",
    "FaseAvanzamento",
    "FasePianificata",
    "FoglioCaricato",
    "Impegno",
    "InterventoNelFoglio",
    "Messaggio",
    "Pagamento",
    "PassoBozza",
    "Riepilogo",
    "Sal",
    "Segnale",
    "SegnaliDaRivedere",
    "Silenzio",
    "Situazione",
    "Spiegazione",
    "SpostamentoTraguardo",
    "TermineInvio",
    "TipoDocumento",
    "Traguardo",
    "TraguardoAvanzamento",
    "ValoreIndicatore",
    "Variazione",
    "VersioneDocumento",
    "Visto",
    "VoceQuadro",
    "VoceVariante",
]
