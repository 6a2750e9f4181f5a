"""What is in the way: the criticalities that are open, the most serious first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from monitoraggio.opere.tipi import Opera, Problema
from monitoraggio.scelte import GravitaCriticita
from psttm import formati
from rapporti.capitoli import legami
from rapporti.capitoli.frasi import criticita as frase_delle_criticita
from rapporti.capitoli.parole import con_maiuscola
from rapporti.capitoli.tavole import chiave_problema, giorni_oltre
from rapporti.documento import Cella, Colonna, Paragrafo, Segno, Sezione, Tabella
from rapporti.lettura.quadro import Quadro

# As many as are read at a meeting.
PRIME = 10
GRAVITA = {
    GravitaCriticita.ALTA.value: "in_ritardo",
    GravitaCriticita.MEDIA.value: "a_rischio",
    GravitaCriticita.BASSA.value: "in_linea",
}


def criticita(opere: Sequence[Opera], quadro: Quadro, ancora: str, prime: int = PRIME) -> Sezione | None:
    """The first of them, with what is being done, by whom and by when; None where there is none."""
    quante = frase_delle_criticita(opere, quadro, ancora)
    if quante is None:
        return None
    tabella = principali(opere, quadro, ancora, prime)
    return Sezione(f"{ancora}-criticita", "Le criticità aperte", (Paragrafo((quante,)), tabella))


def principali(opere: Sequence[Opera], quadro: Quadro, ancora: str, prime: int = PRIME) -> Tabella:
    """The most serious first, then by the day they are to be solved by."""
    aperte = sorted(
        ((opera, uno) for opera in opere for uno in opera.problemi),
        key=lambda coppia: (list(GRAVITA).index(coppia[1].gravita), coppia[1].scadenza or date.max),
    )
    nota = ""
    if len(aperte) > prime:
        nota = f"Le prime {prime} di {len(aperte)}; le altre sono nei dati allegati, nella tavola «Criticità aperte»."
    return Tabella(
        f"{ancora}-criticita",
        "Criticità aperte, dalla più grave",
        (
            Colonna("intervento", "Intervento", larghezza=22),
            Colonna("gravita", "Gravità", larghezza=10),
            Colonna("descrizione", "Che cosa", larghezza=26),
            Colonna("azione", "Che cosa si fa", larghezza=26),
            Colonna("responsabile", "Chi", larghezza=14),
            Colonna("scadenza", "Entro il", larghezza=12),
        ),
        tuple(_riga(opera, uno, quadro) for opera, uno in aperte[:prime]),
        nota=nota,
        vuota="Nessuna criticità aperta.",
    )


def _riga(opera: Opera, uno: Problema, quadro: Quadro) -> tuple[Cella, ...]:
    gravita = con_maiuscola(str(GravitaCriticita(uno.gravita).label))
    return (
        legami.riga(quadro, "criticita", chiave_problema(opera, uno), legami.titolo(opera)),
        Segno(GRAVITA[uno.gravita], gravita),
        uno.descrizione,
        uno.azione or "non indicato",
        uno.responsabile or opera.attuatore,
        _entro(uno, quadro.al),
    )


def _entro(uno: Problema, al: date) -> str:
    if uno.scadenza is None:
        return "senza data"
    oltre = giorni_oltre(uno.scadenza, al)
    if oltre is None:
        return formati.data_breve(uno.scadenza)
    return f"{formati.data_breve(uno.scadenza)}, scaduta da {oltre} {'giorno' if oltre == 1 else 'giorni'}"
