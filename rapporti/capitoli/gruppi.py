"""The chapters of a report: each piano with its interventi, and those in none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.utils.text import slugify

from monitoraggio.opere.tipi import Gruppo, Opera
from piani_integrati.models import TipoPiano
from rapporti.lettura.quadro import Quadro
from rapporti.scelte import TipoPerimetro

# The whole perimeter, where it is not one piano.
INSIEME = "programma"
SENZA_PIANO = "senza-piano"


@dataclass(frozen=True)
class Insieme:
    """Interventi that are told together; `gruppo` is None for those in no piano and for the whole perimeter."""

    ancora: str
    nome: str
    titolo: str
    opere: Sequence[Opera]
    gruppo: Gruppo | None = None


def insiemi(quadro: Quadro) -> list[Insieme]:
    """One for each piano present, in the order of the report, and one for those in none."""
    if "insiemi" not in quadro.appunti:
        quadro.appunti["insiemi"] = _insiemi(quadro)
    return cast("list[Insieme]", quadro.appunti["insiemi"])


def _insiemi(quadro: Quadro) -> list[Insieme]:
    trovati = [
        Insieme(ancora_di(gruppo), gruppo.codice, f"{gruppo.codice}, {gruppo.titolo}", opere, gruppo)
        for gruppo in quadro.gruppi
        if (opere := quadro.del_gruppo(gruppo.pk))
    ]
    if fuori := quadro.del_gruppo(None):
        trovati.append(Insieme(SENZA_PIANO, "Senza piano", "Interventi senza piano", fuori))
    return trovati


def ancora_di(gruppo: Gruppo) -> str:
    return f"piano-{slugify(gruppo.codice)}"


def del_tutto(quadro: Quadro) -> Insieme:
    """The whole perimeter; a report on one piano is that piano."""
    if quadro.domanda.perimetro.tipo == TipoPerimetro.PIANO:
        return insiemi(quadro)[0]
    return Insieme(INSIEME, quadro.nome_perimetro, quadro.nome_perimetro, quadro.opere)


def intero(quadro: Quadro) -> bool:
    """Whether the piani of the report are whole, not what a place or a link takes of them."""
    return quadro.domanda.perimetro.tipo in {TipoPerimetro.PROGRAMMA, TipoPerimetro.PIANO}


def soggetto(insieme: Insieme, quadro: Quadro) -> str:
    """The beginning of the sentence that says how many they are."""
    uno = len(insieme.opere) == 1
    ci_sono = "c'è" if uno else "ci sono"
    if insieme.ancora == SENZA_PIANO:
        return f"Fuori dai piani {ci_sono}"
    if insieme.gruppo is not None:
        return f"{insieme.nome} comprende" if intero(quadro) else f"{insieme.nome} ha qui"
    nome = quadro.nome_perimetro
    match quadro.domanda.perimetro.tipo:
        case TipoPerimetro.PROGRAMMA:
            return "Il programma comprende"
        case TipoPerimetro.ZONA:
            return f"Nella {nome} {ci_sono}"
        case TipoPerimetro.COMUNE:
            return f"Nel {nome} {ci_sono}"
    return f"A «{nome}» {'contribuisce' if uno else 'contribuiscono'}"


def integrati(quadro: Quadro) -> list[Insieme]:
    """Those that are Piani Urbani Integrati."""
    return [uno for uno in insiemi(quadro) if uno.gruppo is not None and uno.gruppo.tipo == TipoPiano.PUI]
