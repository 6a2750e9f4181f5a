"""How much of what a month wants is there: the bar beside the form."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from monitoraggio import fasi, scheda
from monitoraggio.controlli.tipi import Contesto


@dataclass(frozen=True)
class Voce:
    """Something a complete month has, whether it is there, and where to write it."""

    nome: str | Promise
    fatta: bool
    cella: str


def voci(contesto: Contesto) -> list[Voce]:
    """What a complete avanzamento of this intervento has, in the order of the form."""
    testa = contesto.lettura.testa
    movimenti = bool(contesto.righe("impegni") or contesto.righe("pagamenti") or testa["senza_movimenti"])
    indicatori = contesto.righe("indicatori")
    costi = [riga for riga in contesto.righe("costi") if riga["realizzato"] is not None]
    esecuzione = next(f.codice for f in fasi.della_natura(contesto.natura) if f.codice in fasi.ESECUZIONE)
    previste = [riga for riga in contesto.righe("fasi") if riga["fine_prevista"] is not None]
    vive = [
        riga
        for riga in contesto.righe("fasi")
        if any(riga[c] for c in ("inizio_effettivo", "fine_effettiva", "inizio_stimato", "fine_stimata"))
    ]
    prime = [
        Voce(_("Avanzamento fisico"), testa["percentuale"] is not None, scheda.cella("testa", "0", "percentuale")),
        Voce(_("Date previste delle fasi"), bool(previste), scheda.cella("fasi", esecuzione, "fine_prevista")),
        Voce(_("Date stimate o effettive"), bool(vive), scheda.cella("fasi", esecuzione, "fine_stimata")),
        Voce(
            _("Valori degli indicatori"),
            bool(indicatori) and all(riga["realizzato"] is not None for riga in indicatori),
            scheda.cella("indicatori", indicatori[0].nome if indicatori else "0", "realizzato"),
        ),
        Voce(_("Impegni e pagamenti"), movimenti, scheda.cella("testa", "0", "senza_movimenti")),
        Voce(_("Quadro economico"), bool(contesto.righe("quadro")), scheda.cella("quadro", "lavori", "importo")),
        Voce(_("Piano dei costi"), bool(costi), scheda.cella("costi", f"a{contesto.mese.year}", "realizzato")),
    ]
    traguardi = contesto.righe("traguardi")
    if contesto.traguardi:
        detti = bool(traguardi) and all(r["previsione"] or r["conseguito_il"] for r in traguardi)
        primo = min(contesto.traguardi)
        prime.append(Voce(_("Traguardi"), detti, scheda.cella("traguardi", primo, "previsione")))
    return prime


def percentuale(presenti: list[Voce]) -> int:
    """Whole percent of what is there."""
    return sum(voce.fatta for voce in presenti) * 100 // len(presenti)
