"""The procedural phase in which each intervento is."""

from __future__ import annotations

from collections.abc import Sequence

from monitoraggio import fasi as procedurali
from monitoraggio.opere.tipi import Opera
from psttm.grafici.tipi import Barra, Barre, Serie
from rapporti.capitoli.cifre import ZERO
from rapporti.capitoli.lavori import CONCLUSO, REVOCATO, SENZA_DATI, lavori_di
from rapporti.capitoli.parole import con_maiuscola, elenco
from rapporti.documento import Cella, Colonna, Grafico, Sezione, Tabella, Unita
from rapporti.lettura.quadro import Quadro

SENZA_FASE = "Nessuna fase dichiarata"
# Where an intervento is when no phase tells it.
FUORI_FASE = {CONCLUSO: "Intervento concluso", REVOCATO: "Intervento revocato", SENZA_DATI: "Senza dati"}


def fasi(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Sezione | None:
    """How many are in each phase, in the order of the phases; None where no phase is known."""
    per_fase = _per_fase(opere, quadro)
    if not any(nome not in {*FUORI_FASE.values(), SENZA_FASE} for nome in per_fase):
        return None
    righe: list[tuple[Cella, ...]] = [
        (nome, len(sue), sum((opera.finanziamento or ZERO for opera in sue), ZERO)) for nome, sue in per_fase.items()
    ]
    chiave, titolo = f"{ancora}-fasi", "In quale fase procedurale sono"
    dati = Tabella(
        chiave,
        titolo,
        (
            Colonna("fase", "Fase", larghezza=30),
            Colonna("interventi", "Interventi", Unita.NUMERO),
            Colonna("finanziamento", "Finanziamento (€)", Unita.EURO, 14),
        ),
        tuple(righe),
        ("Totale", len(opere), sum((opera.finanziamento or ZERO for opera in opere), ZERO)),
    )
    figura = Barre((Serie("interventi", "blu"),), tuple(Barra(nome, (len(sue),)) for nome, sue in per_fase.items()))
    descrizione = f"{elenco([f'{nome}: {len(sue)}' for nome, sue in per_fase.items()])}."
    return Sezione(f"{ancora}-fasi", titolo, (Grafico(chiave, "Interventi per fase", figura, descrizione, dati),))


def _per_fase(opere: Sequence[Opera], quadro: Quadro) -> dict[str, list[Opera]]:
    """By the name of the phase: works and supplies go through phases of the same name with different codes."""
    ordine = [fase.nome for fase in procedurali.FASI]
    trovate: dict[str, list[Opera]] = {}
    for opera in opere:
        nome = FUORI_FASE.get(lavori_di(opera, quadro.al)) or _fase(opera)
        trovate.setdefault(con_maiuscola(nome), []).append(opera)
    in_fondo = [SENZA_FASE, *FUORI_FASE.values()]

    def posto(nome: str) -> tuple[int, int, str]:
        if nome in in_fondo:
            return 2, in_fondo.index(nome), nome
        return (0, ordine.index(nome), nome) if nome in ordine else (1, 0, nome)

    return {nome: trovate[nome] for nome in sorted(trovate, key=posto)}


def _fase(opera: Opera) -> str:
    return procedurali.nome(opera.stato.fase) if opera.stato.fase else SENZA_FASE
