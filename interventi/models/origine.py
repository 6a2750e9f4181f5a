"""Where the values of a row came from: ReGiS at a date, or ourselves."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DatoRegis(models.Model):
    """A row that ReGiS holds too.

    `dati_al` is the day ReGiS was read for the values of this row: an older extract never replaces a newer one.
    `campi_nostri` names the fields that people entered here: an import leaves them as they are, and raises a
    Differenza where ReGiS says otherwise.
    """

    dati_al = models.DateField(_("dati ReGiS al"), null=True, blank=True, editable=False)
    campi_nostri = models.JSONField(_("campi inseriti nel portale"), default=list, blank=True, editable=False)

    class Meta:
        abstract = True
