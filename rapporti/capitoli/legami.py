"""Addresses of the rows of a report, in the portal."""

from __future__ import annotations

from monitoraggio.opere.tipi import Opera
from rapporti.capitoli.parole import accorciato
from rapporti.documento import Legame
from rapporti.lettura.quadro import Quadro

TITOLO = 120


def riga(quadro: Quadro, tavola: str, chiave: str, testo: str) -> Legame:
    return Legame(testo, f"/rapporti/{quadro.domanda.codice}/righe/{tavola}/{chiave}/")


def intervento(quadro: Quadro, opera: Opera) -> Legame:
    """Its line and its title, which lead to its row."""
    return riga(quadro, "interventi", opera.chiave, titolo(opera))


def titolo(opera: Opera) -> str:
    """With its line; ReGiS has titles of five hundred characters, which only the data carry whole."""
    return accorciato(f"{opera.linea}. {opera.nome}" if opera.linea else opera.nome, TITOLO)
