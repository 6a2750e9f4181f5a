"""The figures of the territory that the programme works in."""

from __future__ import annotations

from psttm import formati
from psttm.models import IndicatoreContesto, TemaContesto
from rapporti.documento import Cella, Colonna, Paragrafo, Sezione, Stile, Tabella, frase
from rapporti.lettura.quadro import Quadro

COLONNE = (
    Colonna("nome", "Indicatore", larghezza=36),
    Colonna("ambito", "Territorio", larghezza=24),
    Colonna("valore", "Valore", larghezza=22),
    Colonna("periodo", "Anno", larghezza=12),
    Colonna("rilevato_da", "Dato di", larghezza=22),
)


def contesto(quadro: Quadro) -> Sezione:
    """One compact table for each theme, and where they come from."""
    titolo = "I numeri del territorio"
    if not quadro.contesto:
        niente = "Nessun indicatore del territorio è registrato."
        return Sezione("contesto", titolo, (Paragrafo((frase(niente),)),))
    tabelle = tuple(
        Tabella(f"contesto-{tema.value}", str(tema.label), COLONNE, tuple(_riga(uno) for uno in suoi), fitta=True)
        for tema in TemaContesto
        if (suoi := [uno for uno in quadro.contesto if uno.tema == tema])
    )
    fonti = list(dict.fromkeys(uno.fonte.titolo for uno in quadro.contesto))
    nota = Paragrafo((frase(f"Fonte: {'; '.join(fonti)}."),), Stile.NOTA)
    return Sezione("contesto", titolo, (*tabelle, nota))


def _riga(uno: IndicatoreContesto) -> tuple[Cella, ...]:
    valore = f"{formati.numero(uno.valore, uno.decimali)}{formati.SPAZIO}{uno.unita}"
    return uno.nome, uno.ambito, valore, uno.periodo, uno.rilevato_da
