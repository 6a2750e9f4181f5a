"""A ready report never changes and is never deleted: the database itself refuses, on the engine that runs."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from rapporti.inviolabile import FERME, MESSAGGIO
from rapporti.models import Rapporto
from tests.rapporti import pronti

POSSONO_CAMBIARE = {"da_spedire", "lavoro_id"}


@pytest.fixture
def rapporto(db: None) -> Rapporto:
    return pronti.pronto()


def _sql(comando: str, *valori: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(comando, valori)


def test_ogni_colonna_e_ferma_tranne_le_due_che_seguono_il_rapporto() -> None:
    assert {*FERME, *POSSONO_CAMBIARE} == {campo.column for campo in Rapporto._meta.concrete_fields}


@pytest.mark.parametrize(
    "assegnazione",
    [
        "codice = 'AAAA-BBBB-CCCC'",
        "impronta = 'altra'",
        "pagine = pagine + 1",
        "sintesi = '[]'",
        "noto_al = confronto_noto_al, confronto_al = al",
        "richiesto_da_id = NULL, nome_perimetro = ''",
        "pronto_il = NULL, impronta = '', deposito = ''",
    ],
)
def test_la_base_dati_rifiuta_di_cambiare_un_rapporto_pronto(rapporto: Rapporto, assegnazione: str) -> None:
    with pytest.raises(DatabaseError, match=MESSAGGIO):
        _sql(f"UPDATE rapporti_rapporto SET {assegnazione} WHERE id = %s", rapporto.pk)  # noqa: S608 — from above


def test_la_base_dati_rifiuta_di_eliminare_un_rapporto_pronto(rapporto: Rapporto) -> None:
    with pytest.raises(DatabaseError, match=MESSAGGIO):
        _sql("DELETE FROM rapporti_rapporto WHERE id = %s", rapporto.pk)
    with pytest.raises(DatabaseError, match=MESSAGGIO), transaction.atomic():
        Rapporto.objects.all().delete()
    assert Rapporto.objects.filter(pk=rapporto.pk).exists()


def test_un_rapporto_pronto_si_puo_spedire_e_si_puo_dimenticarne_il_lavoro(rapporto: Rapporto) -> None:
    assert rapporto.lavoro_id is not None
    altro = pronti.chiesto(
        pronti.domanda(noto_al=pronti.NOTO_AL.replace(hour=8), confronto_noto_al=pronti.NOTO_AL.replace(hour=7))
    )
    with pytest.raises(DatabaseError, match=MESSAGGIO):
        _sql("UPDATE rapporti_rapporto SET lavoro_id = %s WHERE id = %s", altro.lavoro_id, rapporto.pk)
    rapporto.da_spedire = True
    rapporto.save(update_fields=["da_spedire"])
    assert rapporto.lavoro is not None
    rapporto.lavoro.delete()
    rapporto.refresh_from_db()
    assert rapporto.lavoro_id is None
    assert rapporto.da_spedire


def test_finche_non_e_pronto_si_scrive_e_si_elimina(db: None) -> None:
    rapporto = pronti.chiesto(pronti.domanda())
    _sql("UPDATE rapporti_rapporto SET nome_perimetro = 'Un altro nome' WHERE id = %s", rapporto.pk)
    _sql("DELETE FROM rapporti_rapporto WHERE id = %s", rapporto.pk)
    assert not Rapporto.objects.exists()
