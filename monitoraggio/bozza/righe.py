"""From the rows of an avanzamento that was sent to the cells of a draft, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model

from monitoraggio import scheda
from monitoraggio.bozza.lettura import Lettura, Riga, scrivi_valore
from monitoraggio.models import Avanzamento
from monitoraggio.scheda import Sezione

# How the rows of a section are called in the models: by their name in the form.
RELAZIONI = {
    "fasi": "fasi",
    "traguardi": "traguardi",
    "indicatori": "valori_indicatori",
    "sal": "sal",
    "impegni": "impegni",
    "pagamenti": "pagamenti",
    "quadro": "voci_quadro",
    "costi": "piano_costi",
    "criticita": "criticita",
    "spiegazioni": "spiegazioni",
}
# How the cells of the ledger begin.
MOVIMENTI = ("impegni-", "pagamenti-")
# What the name of a row says, where the portal decides the rows.
_CHIAVI: dict[str, Callable[[str], dict[str, Any]]] = {
    "fasi": lambda nome: {"fase": nome},
    "quadro": lambda nome: {"voce": nome},
    "traguardi": lambda nome: {"traguardo_id": int(nome.removeprefix("t"))},
}


def celle_di(avanzamento: Avanzamento) -> dict[str, str]:
    """Every cell of an avanzamento that was sent, from its rows: what its draft held, normalised."""
    celle: dict[str, str] = {}
    for sezione in scheda.SEZIONI:
        if sezione.modello is None:
            continue
        for oggetto in getattr(avanzamento, RELAZIONI[sezione.nome]).all():
            celle |= celle_della_riga(sezione, oggetto.riga, oggetto)
    testa = scheda.TESTA
    celle |= {
        cella: scrivi_valore(campo, getattr(avanzamento, campo.nome, None)) for cella, campo in scheda.celle(testa, "0")
    }
    # Not a column: a month was sent without movements only by saying so.
    if not any(cella.startswith(MOVIMENTI) for cella in celle):
        celle[scheda.cella("testa", "0", "senza_movimenti")] = "si"
    return {cella: testo for cella, testo in celle.items() if testo}


def celle_della_riga(sezione: Sezione, nome: str, oggetto: Model) -> dict[str, str]:
    """The cells of one row; those left blank are not among them."""
    return {
        cella: testo
        for cella, campo in scheda.celle(sezione, nome)
        if (testo := scrivi_valore(campo, _valore(oggetto, campo)))
    }


def _valore(oggetto: Model, campo: scheda.Campo) -> Any:
    return getattr(oggetto, "documento_id" if campo.genere is scheda.Genere.DOCUMENTO else campo.nome)


def oggetti(avanzamento: Avanzamento, lettura: Lettura) -> dict[Sezione, list[Model]]:
    """The rows to write for a draft that has been read, by section: unsaved."""
    return {
        sezione: [_oggetto(avanzamento, sezione, riga) for riga in lettura[sezione.nome]]
        for sezione in scheda.SEZIONI
        if sezione.modello is not None
    }


def _oggetto(avanzamento: Avanzamento, sezione: Sezione, riga: Riga) -> Model:
    assert sezione.modello is not None  # noqa: S101 the caller chooses sections that have one
    valori = {
        "documento_id" if campo.genere is scheda.Genere.DOCUMENTO else campo.nome: riga[campo.nome]
        for campo in sezione.campi
    }
    chiave = _CHIAVI.get(sezione.nome, lambda _nome: {})(riga.nome)
    return sezione.modello(avanzamento=avanzamento, riga=riga.nome, **chiave, **valori)
