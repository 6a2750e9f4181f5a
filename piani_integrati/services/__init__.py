"""Writes of the piani: one keyword-only function each."""

from piani_integrati.services.assegnazione import (
    AssegnazioneRifiutata,
    Esito,
    Voce,
    assegna,
    assegna_voci,
    togli,
)
from piani_integrati.services.blocco import in_blocco, ricevuta
from piani_integrati.services.da_file import EsitoFile, Rilievo, assegna_da_file, frasi
from piani_integrati.services.piani import PianoChiuso, correggi, crea
from piani_integrati.services.vita import AttoRifiutato, PropostaIncompleta, passa, salva_proposta

__all__ = [
    "AssegnazioneRifiutata",
    "AttoRifiutato",
    "Esito",
    "EsitoFile",
    "PianoChiuso",
    "PropostaIncompleta",
    "Rilievo",
    "Voce",
    "assegna",
    "assegna_da_file",
    "assegna_voci",
    "correggi",
    "crea",
    "frasi",
    "in_blocco",
    "passa",
    "ricevuta",
    "salva_proposta",
    "togli",
]
