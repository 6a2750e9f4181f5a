"""Amounts are exact to the cent on whichever database runs the tests."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psttm.campi import ImportoField
from psttm.models import LivelloMisura, Misura
from registro.models import Fonte

importi = st.decimals(min_value=Decimal("-90000000000000.00"), max_value=Decimal("90000000000000.00"), places=2)


@pytest.fixture
def fonte(db: None) -> Fonte:
    return Fonte.objects.create(codice="prova", titolo="Documento di prova", editore="Nessuno")


def misura(fonte: Fonte, codice: str, importo: Decimal | None) -> Misura:
    return Misura.objects.create(
        codice=codice, titolo=codice, livello=LivelloMisura.SUBMISURA, importo=importo, fonte=fonte
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(importo=importi)
def test_un_importo_torna_dal_database_al_centesimo(fonte: Fonte, importo: Decimal) -> None:
    salvata = misura(fonte, "M0", importo)
    try:
        assert Misura.objects.get(pk=salvata.pk).importo == importo
        assert Misura.objects.filter(importo=importo).exists()
        assert not Misura.objects.filter(importo__gt=importo).exists()
        assert Misura.objects.filter(importo__gt=importo - Decimal("0.01")).exists()
    finally:
        salvata.delete()


def test_la_somma_di_centesimi_non_si_scosta(fonte: Fonte) -> None:
    for numero in range(100):
        misura(fonte, f"M{numero}", Decimal("0.10"))
    assert Misura.objects.aggregate(totale=Sum("importo"))["totale"] == Decimal("10.00")


def test_un_importo_puo_mancare(fonte: Fonte) -> None:
    assert Misura.objects.get(pk=misura(fonte, "M0", None).pk).importo is None


@pytest.mark.parametrize("valore", ["1.005", "NaN", "Infinity", "mille"])
def test_cio_che_non_e_un_importo_e_rifiutato(valore: str) -> None:
    with pytest.raises(ValidationError):
        ImportoField().to_python(valore)


def test_la_virgola_mobile_e_rifiutata() -> None:
    with pytest.raises(ValidationError):
        ImportoField().to_python(0.1)
