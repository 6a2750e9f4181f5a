"""Model fields that several rooms share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

CENTESIMI = Decimal(100)


class ImportoField(models.BigIntegerField):
    """An amount of money in EUR: a Decimal with two decimals in Python, whole cents in the database.

    SQLite keeps decimals as floating point; whole cents make sums and comparisons exact on both engines. An amount
    with more than two decimals is refused, never rounded.
    """

    # What django-stubs reads: money goes in and comes out as Decimal, unlike the integers it is kept as.
    _pyi_private_set_type: Decimal | int | str | Combinable  # type: ignore[assignment]
    _pyi_private_get_type: Decimal  # type: ignore[assignment]
    _pyi_lookup_exact_type: Decimal | int | str  # type: ignore[assignment]

    description = _("Importo in euro, esatto al centesimo")

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or value == "":
            return None
        if isinstance(value, float):
            raise ValidationError(_("Un importo non si scrive in virgola mobile: usa un decimale o un testo."))
        try:
            importo = Decimal(value)
        except ArithmeticError:
            raise ValidationError(_("«%(valore)s» non è un importo."), params={"valore": value}) from None
        if not importo.is_finite() or importo * CENTESIMI != (importo * CENTESIMI).to_integral_value():
            raise ValidationError(_("«%(valore)s» ha più di due decimali."), params={"valore": value})
        return importo.quantize(Decimal("0.01"))

    def get_prep_value(self, value: Any) -> int | None:
        importo = self.to_python(value)
        return None if importo is None else int(importo * CENTESIMI)

    def value_to_string(self, obj: models.Model) -> str:
        valore = self.value_from_object(obj)
        return "" if valore is None else str(valore)

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(self, **{"form_class": forms.DecimalField, "decimal_places": 2, **kwargs})

    @property
    def validators(self) -> list[Any]:
        """None of BigIntegerField's: they would compare euro with the limits of cents."""
        return []


class SuperficieField(ImportoField):
    """A surface in m², exact to the hundredth on both engines, for the same reason as amounts."""

    description = _("Superficie in m², esatta al centesimo")
