"""The indicators of ReGiS of the interventi: planned and reached."""

from __future__ import annotations

from collections.abc import Sequence

from monitoraggio.opere.tipi import Misurato, Opera
from rapporti.documento import Colonna, Tavola, Unita
from rapporti.lettura.quadro import Quadro

# Square metres, and interventi completed.
AREA, COMPLETATI = "T0039", "T0146"
COLONNE = (
    Colonna("cup", "CUP", Unita.CODICE, 16),
    Colonna("titolo", "Intervento", larghezza=30),
    Colonna("codice", "Indicatore", Unita.CODICE),
    Colonna("descrizione", "Descrizione", larghezza=24),
    Colonna("unita", "Unità"),
    Colonna("programmato", "Programmato", Unita.INDICE),
    Colonna("realizzato", "Realizzato", Unita.INDICE),
)


def indicatore(opere: Sequence[Opera], codice: str) -> list[tuple[str, Misurato]]:
    """That indicator of each intervento that has it, with the key of its row."""
    return [
        (chiave(opera, misura), misura) for opera in opere for misura in opera.indicatori if misura.codice == codice
    ]


def chiave(opera: Opera, misura: Misurato) -> str:
    return f"{opera.chiave}-{misura.codice}"


def tavola_indicatori(quadro: Quadro) -> Tavola:
    return Tavola(
        "indicatori",
        "Indicatori degli interventi",
        COLONNE,
        {
            chiave(opera, una): (
                opera.codice, opera.nome, una.codice, una.descrizione, una.unita, una.programmato, una.realizzato,
            )
            for opera in quadro.opere
            for una in opera.indicatori
        },
    )  # fmt: skip
