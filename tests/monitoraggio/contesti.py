"""Contexts for the checks, without a database: an intervento in order, and a draft that leaves no remark."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from interventi.models import Intervento
from interventi.scelte import StatoCup
from monitoraggio.bozza.lettura import leggi
from monitoraggio.controlli.tipi import Contesto, Movimenti, Precedente

COSTO = Decimal("1000000.00")
INDICATORE = {
    "indicatori-i1-codice": "T0146",
    "indicatori-i1-programmato": "1",
    "indicatori-i1-realizzato": "0",
}
FASI = {
    "fasi-00312-inizio_effettivo": "2024-01-10",
    "fasi-00312-fine_effettiva": "2024-02-10",
    "fasi-00313-inizio_previsto": "2024-03-01",
    "fasi-00313-fine_prevista": "2026-03-31",
    "fasi-00313-inizio_effettivo": "2024-03-04",
    "fasi-00313-fine_stimata": "2026-03-31",
}
BUONA = {
    "testa-0-percentuale": "10",
    "testa-0-senza_movimenti": "si",
    "quadro-lavori-importo": "1.000.000,00",
    "costi-a2024-anno": "2024",
    "costi-a2024-realizzato": "0",
    "costi-a2024-da_realizzare": "1.000.000,00",
    **INDICATORE,
    **FASI,
}


def impegno(riga: str = "n1", **celle: str) -> dict[str, str]:
    """The cells of a commitment in order, with these changed."""
    return _riga(
        "impegni",
        riga,
        {"tipo": "I", "codice": "100", "data": "2024-12-02", "importo": "500.000", "cig": "A000000001"} | celle,
    )


def pagamento(riga: str = "n2", **celle: str) -> dict[str, str]:
    """The cells of a payment in order, with these changed."""
    valori = {"tipo": "P", "codice": "M1", "data": "2024-12-20", "importo": "100.000", "impegno": "100"}
    return _riga("pagamenti", riga, valori | {"documento": "7", "cig": "A000000001"} | celle)


def _riga(sezione: str, nome: str, valori: Mapping[str, str]) -> dict[str, str]:
    return {f"{sezione}-{nome}-{campo}": testo for campo, testo in valori.items()} | {"testa-0-senza_movimenti": ""}


def contesto(celle: Mapping[str, str] | None = None, **altro: Any) -> Contesto:
    """A context in order, with these cells over `BUONA` ("" takes one away) and these data of the portal."""
    intervento = Intervento(cup="B99M24000010001", stato_cup=StatoCup.ATTIVO, soggetto_attuatore_id=1)
    for campo in ("cup", "stato_cup", "soggetto_attuatore_id"):
        if campo in altro:
            setattr(intervento, campo, altro.pop(campo))
    dati: dict[str, Any] = {
        "lettura": leggi(BUONA | dict(celle or {})),
        "intervento": intervento,
        "natura": "03",
        "mese": date(2024, 12, 1),
        "riferito_al": date(2024, 12, 31),
        "oggi": date(2025, 1, 10),
        "finanziamento": COSTO,
        "pubblico": COSTO,
        "ammesso": COSTO,
        "economie": Decimal(0),
        "quadro_approvato": COSTO,
        "impegni": Movimenti(),
        "pagamenti": Movimenti(),
        "precedente": None,
        "successiva": None,
        "luoghi": 1,
        "soggetti": 1,
        "finanziamenti": 1,
        "indicatori_attesi": frozenset({"T0146"}),
        "cig_noti": frozenset({"A000000001"}),
        "documenti": frozenset({7}),
        "pianificate": {},
        "traguardi": {},
    }
    return Contesto(**(dati | altro))


def prima(**altro: Any) -> Precedente:
    """What November said."""
    dati: dict[str, Any] = {"mese": date(2024, 11, 1), "percentuale": Decimal(10), "realizzati": {}}
    return Precedente(**(dati | altro))
