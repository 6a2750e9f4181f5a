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
from piani_integrati.services.deroghe import DerogaRifiutata, registra_deroga, ritira_deroga
from piani_integrati.services.piani import PianoChiuso, correggi, crea
from piani_integrati.services.scenari import ScenarioRifiutato, elimina_scenario, salva_scenario
from piani_integrati.services.verifica import chiedi_tutti, segna
from piani_integrati.services.vita import AttoRifiutato, PropostaIncompleta, passa, salva_proposta

__all__ = [
    "AssegnazioneRifiutata",
    "AttoRifiutato",
    "DerogaRifiutata",
    "Esito",
    "EsitoFile",
    "PianoChiuso",
    "PropostaIncompleta",
    "Rilievo",
    "ScenarioRifiutato",
    "Voce",
    "assegna",
    "assegna_da_file",
    "assegna_voci",
    "chiedi_tutti",
    "correggi",
    "crea",
    "elimina_scenario",
    "frasi",
    "in_blocco",
    "passa",
    "registra_deroga",
    "ricevuta",
    "ritira_deroga",
    "salva_proposta",
    "salva_scenario",
    "segna",
    "togli",
]
