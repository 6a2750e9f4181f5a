"""A row as the cells of a table: the same for the CSV, for the XLSX, and for the columns kept of the list of CUPs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from interoperabilita.formati import valori
from interoperabilita.risorse.tipi import SEPARATORE, Campo, Tipo


@dataclass(frozen=True)
class Colonna:
    """A column: its name, the type of its cells, and how to read it from the JSON of a row. None: an empty cell."""

    nome: str
    tipo: Tipo
    leggi: Callable[[dict[str, Any]], Any]


def colonne(campi: Sequence[Campo]) -> list[Colonna]:
    """The columns of some fields; an object takes one for each of its own, a list is one text."""
    tutte: list[Colonna] = []
    for campo in campi:
        tutte += _colonne(campo)
    return tutte


def _colonne(campo: Campo) -> list[Colonna]:
    nome = campo.nome
    match campo.tipo:
        case Tipo.PER_FONTE:
            # «finanziamenti» becomes «finanziamento_pnrr_eur», one column for each source.
            radice = nome.removesuffix("i") + "o"
            return [
                Colonna(f"{radice}_{fonte}_eur", Tipo.IMPORTO, partial(_di_una_fonte, nome, fonte))
                for fonte in campo.scelte
            ]
        case Tipo.TESTI | Tipo.INTERI:
            return [Colonna(nome, Tipo.TESTO, lambda riga: valori.cella(SEPARATORE.join(map(str, riga[nome]))) or None)]
        case Tipo.OGGETTO:
            return [
                Colonna(f"{nome}_{interna.nome}", interna.tipo, partial(_di_un_oggetto, nome, interna))
                for interna in colonne(campo.campi)
            ]
        case Tipo.OGGETTI:
            return [
                Colonna(nome, Tipo.TESTO, lambda riga: valori.cella(valori.json(riga[nome])) if riga[nome] else None)
            ]
        case Tipo.TESTO:
            return [Colonna(nome, Tipo.TESTO, lambda riga: valori.cella(riga.get(nome) or "") or None)]
    return [Colonna(nome, campo.tipo, lambda riga: riga.get(nome))]


def _di_una_fonte(nome: str, fonte: str, riga: dict[str, Any]) -> Any:
    return riga[nome].get(fonte)


def _di_un_oggetto(nome: str, interna: Colonna, riga: dict[str, Any]) -> Any:
    return interna.leggi(riga[nome] or {})
