"""The interventi that are late or at risk, with why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from monitoraggio.opere.tipi import Opera
from monitoraggio.selectors.elenco_situazione import PAROLE
from rapporti.capitoli import legami
from rapporti.capitoli.elenco import comuni
from rapporti.capitoli.tavole import giorni_oltre
from rapporti.documento import Cella, Colonna, Segno, Tabella, Unita
from rapporti.lettura.quadro import Quadro

URGENTI = ("in_ritardo", "a_rischio")
# Rows that a page holds; more are in the data.
RIGHE = 30


def da_seguire(opere: Sequence[Opera], quadro: Quadro, ancora: str, righe: int = RIGHE) -> Tabella | None:
    """The latest first; None where there is none."""
    urgenti = sorted(
        (opera for opera in opere if opera.segno in URGENTI),
        key=lambda opera: (URGENTI.index(opera.segno), -(_giorni(opera, quadro.al) or 0), opera.ordine),
    )
    if not urgenti:
        return None
    nota = ""
    if len(urgenti) > righe:
        nota = f"I primi {righe} di {len(urgenti)}; gli altri sono nei dati allegati, nella tavola «Interventi»."
    return Tabella(
        f"{ancora}-da-seguire",
        "Interventi in ritardo o a rischio",
        (
            Colonna("titolo", "Intervento", larghezza=28),
            Colonna("comuni", "Comune", larghezza=14),
            Colonna("stato", "Stato", larghezza=11),
            Colonna("percentuale", "Avanz. (%)", Unita.PERCENTO, 8),
            Colonna("fine_prevista", "Fine prevista", Unita.DATA, 11),
            Colonna("fine_stimata", "Fine stimata", Unita.DATA, 11),
            Colonna("motivo", "Perché", larghezza=24),
        ),
        tuple(_riga(opera, quadro) for opera in urgenti[:righe]),
        nota=nota,
        fitta=True,
    )


def _riga(opera: Opera, quadro: Quadro) -> tuple[Cella, ...]:
    return (
        legami.intervento(quadro, opera),
        comuni(opera, quadro),
        Segno(opera.segno, str(PAROLE[opera.segno])),
        opera.stato.percentuale,
        opera.stato.fine_prevista,
        opera.stato.fine_stimata,
        _motivo(opera, quadro.al),
    )


def _giorni(opera: Opera, al: date) -> int | None:
    """Past its planned end; or, if it is still to come, forecast past it."""
    prevista, stimata = opera.stato.fine_prevista, opera.stato.fine_stimata
    return giorni_oltre(prevista, al) or (giorni_oltre(prevista, stimata) if stimata is not None else None)


def _motivo(opera: Opera, al: date) -> str:
    motivi = []
    giorni = _giorni(opera, al)
    if giorni is not None:
        quanti = f"{giorni} {'giorno' if giorni == 1 else 'giorni'}"
        passata = opera.segno == "in_ritardo"
        motivi.append(f"fine prevista passata da {quanti}" if passata else f"fine stimata {quanti} dopo la prevista")
    gravi = opera.stato.criticita_gravi
    if gravi:
        motivi.append(f"{gravi} criticità {'grave' if gravi == 1 else 'gravi'}")
    return "; ".join(motivi)
