"""The four outcomes of a rule, and what their marks are."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Esito(models.IntegerChoices):
    """Small numbers, because the judgement of an intervento is a column of a query over hundreds of thousands."""

    CONFORME = 1, _("conforme")
    NON_CONFORME = 2, _("non conforme")
    NON_DETERMINABILE = 3, _("non determinabile")
    NON_APPLICABILE = 4, _("non applicabile")

    @property
    def codice(self) -> str:
        """What machines read, and the name of the mark that pages show: `non_conforme`."""
        return self.name.lower()


# From what needs attention most. The outcome of many is the first of these that any of them has.
GRAVITA = (Esito.NON_CONFORME, Esito.NON_DETERMINABILE, Esito.CONFORME)


def peggiore(esiti: set[Esito]) -> Esito:
    """The outcome of a set: one that fails is enough to fail, one that is unknown to be unknown."""
    return next((esito for esito in GRAVITA if esito in esiti), Esito.NON_APPLICABILE)
