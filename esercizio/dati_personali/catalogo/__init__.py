"""Every field of every model of the portal, by what it can say about people.

A new field must be put here, in one of the classes of `tipi.Classe`: a test walks all models and names what is missing.
The models of the past versions of a row (`Storico…`) follow their own and need no line.
"""

from __future__ import annotations

from esercizio.dati_personali.catalogo.librerie import LIBRERIE
from esercizio.dati_personali.catalogo.monitoraggio import MONITORAGGIO
from esercizio.dati_personali.catalogo.persone import PERSONE
from esercizio.dati_personali.catalogo.programma import PROGRAMMA
from esercizio.dati_personali.catalogo.pubblicazione import PUBBLICAZIONE
from esercizio.dati_personali.tipi import Catalogo

CATALOGO: Catalogo = {**PERSONE, **PROGRAMMA, **MONITORAGGIO, **PUBBLICAZIONE, **LIBRERIE}
