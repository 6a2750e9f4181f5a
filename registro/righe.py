"""Reading the files of reference data: rows that know where they are written, and errors that say it."""

from __future__ import annotations

import csv
from collections.abc import Hashable
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml


class DatoErrato(Exception):
    """A file of reference data that cannot be loaded. Says in Italian where (file, row, field) and why."""

    def __init__(self, posto: str, problema: str, *, campo: str = "") -> None:
        super().__init__(f"{posto}, campo «{campo}»: {problema}" if campo else f"{posto}: {problema}")
        self.posto = posto
        self.campo = campo
        self.problema = problema


class Riga(dict[str, Any]):
    """Values of one row by field name; `posto` says where they are written ("obiettivi.yaml, riga 12")."""

    def __init__(self, valori: dict[str, Any], posto: str) -> None:
        super().__init__(valori)
        self.posto = posto


def leggi(percorso: Path) -> list[Riga]:
    """Rows of a YAML file (a list of mappings) or of a CSV file (UTF-8, `;`, one header row).

    CSV values are texts, stripped of spaces around. Raises DatoErrato when the file is missing, is not text in UTF-8
    or has not that shape.
    """
    lettori = {".yaml": _da_yaml, ".csv": _da_csv}
    try:
        lettore = lettori[percorso.suffix]
    except KeyError:
        raise DatoErrato(percorso.name, "i dati di riferimento si leggono da file .yaml o .csv.") from None
    try:
        with percorso.open(encoding="utf-8-sig", newline="") as testo:
            return lettore(testo, percorso.name)
    except FileNotFoundError:
        raise DatoErrato(percorso.name, f"il file non c'è nella cartella «{percorso.parent.name}».") from None
    except UnicodeDecodeError:
        raise DatoErrato(
            percorso.name, "il file non è scritto in UTF-8: salvalo di nuovo con questa codifica."
        ) from None


class _LettoreYaml(yaml.SafeLoader):
    """YAML without its two traps: binary floating point, and a repeated field that silently wins."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        nomi = [self.construct_object(chiave) for chiave, _ in node.value]
        for posizione, nome in enumerate(nomi):
            if nome in nomi[:posizione]:
                raise yaml.constructor.ConstructorError(
                    None, None, f"il campo «{nome}» è scritto due volte", node.value[posizione][0].start_mark
                )
        return super().construct_mapping(node, deep=deep)


def _decimale(lettore: _LettoreYaml, nodo: yaml.ScalarNode) -> Decimal:
    testo = lettore.construct_scalar(nodo)
    try:
        return Decimal(testo)
    except ArithmeticError:
        raise yaml.constructor.ConstructorError(
            None, None, f"«{testo}» non è un numero decimale", nodo.start_mark
        ) from None


_LettoreYaml.add_constructor("tag:yaml.org,2002:float", _decimale)


def _da_yaml(testo: Any, nome: str) -> list[Riga]:
    lettore = _LettoreYaml(testo)
    try:
        radice = lettore.get_single_node()
        if not isinstance(radice, yaml.SequenceNode):
            raise DatoErrato(nome, "il file deve contenere un elenco di righe, ognuna con i suoi campi.")
        righe = []
        for nodo in radice.value:
            posto = f"{nome}, riga {nodo.start_mark.line + 1}"
            valori = lettore.construct_object(nodo, deep=True)
            if not isinstance(valori, dict):
                raise DatoErrato(posto, "servono campi con nome e valore, non un valore solo.")
            righe.append(Riga(valori, posto))
        return righe
    except yaml.MarkedYAMLError as errore:
        posto = f"{nome}, riga {errore.problem_mark.line + 1}" if errore.problem_mark else nome
        raise DatoErrato(posto, f"il file non è YAML ben scritto ({errore.problem}).") from None
    except yaml.YAMLError as errore:
        raise DatoErrato(nome, f"il file non è YAML ben scritto ({errore}).") from None
    except ValueError as errore:  # a date such as 2024-02-30
        raise DatoErrato(nome, f"un valore del file non esiste ({errore}).") from None
    finally:
        lettore.dispose()


def _da_csv(testo: Any, nome: str) -> list[Riga]:
    lettore = csv.reader(testo, delimiter=";", strict=True)
    try:
        intestazione = [campo.strip() for campo in next(lettore, [])]
        if not intestazione or len(set(intestazione)) != len(intestazione) or "" in intestazione:
            raise DatoErrato(
                f"{nome}, riga 1", "servono i nomi dei campi, tutti diversi e separati da punto e virgola."
            )
        righe = []
        for valori in lettore:
            if not valori:
                continue
            posto = f"{nome}, riga {lettore.line_num}"
            if len(valori) != len(intestazione):
                problema = f"i valori sono {len(valori)}, i campi dell'intestazione {len(intestazione)}."
                raise DatoErrato(posto, problema)
            righe.append(Riga(dict(zip(intestazione, (v.strip() for v in valori), strict=True)), posto))
        return righe
    except csv.Error as errore:
        raise DatoErrato(f"{nome}, riga {lettore.line_num}", f"la riga non è CSV ben scritto ({errore}).") from None
