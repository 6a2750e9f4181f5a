"""The select of the portal says what that of Django says: only how it is made differs."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from psttm.moduli import ResaModuli

TESTI = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=12)
OPZIONI = st.lists(st.tuples(TESTI | st.integers() | st.none(), TESTI), max_size=4)
GRUPPI = st.lists(st.tuples(TESTI, OPZIONI | TESTI), max_size=5)


class ConStato(forms.Select):
    """One whose options carry attributes of their own, one of them without a value, one that is not to be written."""

    def create_option(self, *argomenti: Any, **opzioni: Any) -> dict[str, Any]:
        opzione = super().create_option(*argomenti, **opzioni)
        opzione["attrs"] |= {"disabled": opzione["value"] == "", "data-stato": '"vecchio" & <sospeso>', "hidden": False}
        return opzione


def _uguali(campo: forms.Select, valore: Any) -> bool:
    nostro, di_django = (
        campo.render("scelta", valore, {"id": "id_scelta"}, renderer=resa) for resa in (ResaModuli(), DjangoTemplates())
    )
    return parse_html(nostro) == parse_html(di_django)


@pytest.mark.parametrize("tipo", [forms.Select, forms.SelectMultiple, ConStato])
@given(scelte=GRUPPI, valori=st.lists(TESTI, max_size=2))
def test_le_scelte_sono_quelle_di_django(tipo: type[forms.Select], scelte: Any, valori: list[str]) -> None:
    scelti = valori + [str(valore) for valore, etichetta in scelte[:1] if isinstance(etichetta, str)]
    assert _uguali(tipo(choices=scelte), scelti if tipo is forms.SelectMultiple else "".join(scelti[-1:]))


def test_anche_se_il_nome_della_scelta_si_traduce_dopo() -> None:
    assert _uguali(forms.Select(choices=[("", gettext_lazy("Tutti")), (1.5, "1,5")]), 1.5)
