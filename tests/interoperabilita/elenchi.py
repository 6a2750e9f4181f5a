"""What the tests of the lists of the API share: asking, and how an intervento came to stand where it stands."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.test import Client
from django.test.utils import CaptureQueriesContext

from interventi.models import Intervento
from monitoraggio import mesi
from monitoraggio.models import Avanzamento
from monitoraggio.services import situazione
from tests.interoperabilita.chiavi import Consumatore


def chiedi(chi: Client | Consumatore, indirizzo: str, **parametri: str) -> dict[str, Any]:
    risposta = chi.get(f"/api/v1/{indirizzo}", parametri)
    assert risposta.status_code == 200, risposta.content.decode()
    corpo: dict[str, Any] = risposta.json()
    return corpo


def righe(chi: Client | Consumatore, indirizzo: str, **parametri: str) -> list[dict[str, Any]]:
    """The rows of the first page, which holds all of them in a test."""
    corpo = chiedi(chi, indirizzo, **{"limit": "1000", **parametri})
    assert corpo["paginazione"]["successiva"] is None
    dati: list[dict[str, Any]] = corpo["dati"]
    return dati


def numeri(chi: Client | Consumatore, indirizzo: str, **parametri: str) -> set[int]:
    return {riga["id"] for riga in righe(chi, indirizzo, **parametri)}


def scaricato(chi: Client | Consumatore, indirizzo: str, **parametri: str) -> bytes:
    risposta = chi.get(f"/api/v1/{indirizzo}", parametri)
    assert risposta.status_code == 200, risposta
    return risposta.getvalue()


def approva(opera: Intervento, mese: date, *, impegnato: str = "0", pagato: str = "0", **campi: Any) -> Avanzamento:
    """An approved avanzamento of a month, approved the tenth of the next one, and the situation that follows."""
    nuovo = Avanzamento.objects.create(
        intervento=opera,
        mese=mese,
        riferito_al=mesi.ultimo(mese),
        stato="approvato",
        approvato_il=datetime.combine(mesi.avanti(mese, 1).replace(day=10), time(9), tzinfo=UTC),
        impegnato=Decimal(impegnato),
        pagato=Decimal(pagato),
        **campi,
    )
    situazione.ricalcola(interventi=[opera.pk])
    return nuovo


def letture(interrogazioni: CaptureQueriesContext) -> int:
    """How many queries read: rows are written in as many statements as the database can take."""
    return sum(1 for voce in interrogazioni.captured_queries if voce["sql"].startswith("SELECT"))
