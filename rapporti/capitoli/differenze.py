"""How much more each intervento has than it had."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from monitoraggio.opere.tipi import Opera
from monitoraggio.selectors.elenco_situazione import PAROLE
from rapporti.capitoli.cambiamenti import fine_detta
from rapporti.capitoli.cifre import CENTESIMO, CENTO
from rapporti.documento import Colonna, Tavola, Unita
from rapporti.lettura.quadro import Quadro

CONFRONTO = (
    Colonna("cup", "CUP", Unita.CODICE, 16),
    Colonna("titolo", "Intervento", larghezza=30),
    Colonna("stato_prima", "Stato prima"),
    Colonna("stato", "Stato ora"),
    Colonna("percentuale_prima", "Avanzamento prima (%)", Unita.PERCENTO),
    Colonna("percentuale", "Avanzamento ora (%)", Unita.PERCENTO),
    Colonna("lavori_in_piu", "Valore dei lavori in più (€)", Unita.EURO, 14),
    Colonna("impegnato_in_piu", "Impegnato in più (€)", Unita.EURO, 14),
    Colonna("pagato_in_piu", "Pagato in più (€)", Unita.EURO, 14),
    Colonna("fine_prima", "Fine dichiarata prima", Unita.DATA),
    Colonna("fine", "Fine dichiarata ora", Unita.DATA),
)


@dataclass(frozen=True)
class Differenza:
    """How much more an intervento has than it had, in EUR; None where it was not there."""

    lavori: Decimal | None
    impegnato: Decimal | None
    pagato: Decimal | None


def differenza(opera: Opera, prima: Opera | None) -> Differenza:
    if prima is None:
        return Differenza(None, None, None)
    lavori = None
    if opera.finanziamento is not None and opera.stato.percentuale is not None:
        passo = opera.stato.percentuale - (prima.stato.percentuale or 0)
        lavori = (opera.finanziamento * passo / CENTO).quantize(CENTESIMO)
    return Differenza(lavori, opera.stato.impegnato - prima.stato.impegnato, opera.stato.pagato - prima.stato.pagato)


def tavola_confronto(quadro: Quadro) -> Tavola:
    """The two situations side by side."""
    allora = quadro.prima.per_pk() if quadro.prima is not None else {}
    return Tavola(
        "confronto",
        f"Ogni intervento, ora e al {quadro.domanda.confronto_al:%d/%m/%Y}",
        CONFRONTO,
        {opera.chiave: _a_confronto(opera, allora.get(opera.pk)) for opera in quadro.opere},
    )


def _a_confronto(opera: Opera, prima: Opera | None) -> tuple[Any, ...]:
    quanto = differenza(opera, prima)
    return (
        opera.codice,
        opera.nome,
        str(PAROLE[prima.segno]) if prima is not None else "",
        str(PAROLE[opera.segno]),
        prima.stato.percentuale if prima is not None else None,
        opera.stato.percentuale,
        quanto.lavori,
        quanto.impegnato,
        quanto.pagato,
        fine_detta(prima.stato) if prima is not None else None,
        fine_detta(opera.stato),
    )
