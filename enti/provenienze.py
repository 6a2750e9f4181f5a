"""Where the events of security came from: kept beside the registro, because it is forgotten and the registro is not."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registro.models import Evento


class Provenienza(models.Model):
    """Address and program that an event of security came from, for PROVENIENZE_GIORNI days.

    `avviso_dovuto` is on when the person is to be told by mail of a sign-in from a program never seen before.
    """

    evento = models.OneToOneField(
        Evento, on_delete=models.PROTECT, verbose_name=_("evento"), related_name="provenienza", primary_key=True
    )
    quando = models.DateTimeField(_("quando"), default=timezone.now, db_index=True)
    indirizzo = models.GenericIPAddressField(_("indirizzo"), null=True, blank=True)
    programma = models.CharField(_("programma"), max_length=300, blank=True)
    avviso_dovuto = models.BooleanField(_("avviso da spedire"), default=False)
    avviso_spedito_il = models.DateTimeField(_("avviso spedito il"), null=True, blank=True)

    class Meta:
        verbose_name = _("provenienza")
        verbose_name_plural = _("provenienze")
        indexes = [
            models.Index(fields=["quando"], name="provenienze_da_avvisare", condition=models.Q(avviso_dovuto=True))
        ]

    def __str__(self) -> str:
        return self.indirizzo or str(_("sconosciuta"))
