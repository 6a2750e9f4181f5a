"""The summary of a draft that has been read: what the lists and the situation show of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from monitoraggio import fasi
from monitoraggio.bozza.lettura import Lettura, Riga
from monitoraggio.controlli.denaro import netto
from monitoraggio.scelte import GravitaCriticita, TipoImpegno, TipoPagamento


def sintesi(lettura: Lettura) -> dict[str, Any]:
    """The fields of Avanzamento that follow from its content; amounts of the month in EUR."""
    righe = sorted(lettura["fasi"], key=lambda riga: riga.nome)
    aperte = [riga for riga in lettura["criticita"] if riga["chiusa_il"] is None]
    percentuale: Decimal | None = lettura.testa["percentuale"]
    return {
        "percentuale": percentuale,
        "note": lettura.testa["note"],
        "fase": fase_in_corso(righe),
        "inizio_lavori": _inizio_lavori(righe),
        "fine_prevista": _ultima(riga["fine_prevista"] for riga in righe),
        "fine_stimata": _ultima(
            riga["fine_effettiva"] or riga["fine_stimata"] or riga["fine_prevista"] for riga in righe
        ),
        "fine_effettiva": _fine_effettiva(righe),
        "impegnato": netto(lettura["impegni"], TipoImpegno.DISIMPEGNO),
        "pagato": netto(lettura["pagamenti"], TipoPagamento.RECUPERO),
        "criticita_aperte": len(aperte),
        "criticita_gravi": sum(riga["gravita"] == GravitaCriticita.ALTA for riga in aperte),
    }


def fase_in_corso(righe: list[Riga]) -> str:
    """The last phase that began and has not ended; where all have, the last that ended."""
    in_corso = [r.nome for r in righe if r["inizio_effettivo"] is not None and r["fine_effettiva"] is None]
    finite = [r.nome for r in righe if r["fine_effettiva"] is not None]
    return (in_corso or finite or [""])[-1]


def _inizio_lavori(righe: list[Riga]) -> date | None:
    inizi = [r["inizio_effettivo"] for r in righe if r.nome in fasi.ESECUZIONE and r["inizio_effettivo"] is not None]
    return min(inizi, default=None)


def _fine_effettiva(righe: list[Riga]) -> date | None:
    """The end of the intervento: when every phase of building and testing it has in the draft has ended."""
    finali = [r["fine_effettiva"] for r in righe if r.nome in fasi.ESECUZIONE | fasi.CHIUSURA]
    return max(finali) if finali and all(finali) else None


def _ultima(giorni: Any) -> date | None:
    return max((giorno for giorno in giorni if giorno is not None), default=None)
