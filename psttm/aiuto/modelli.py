"""What a person was already offered: kept by the portal, so that another browser does not offer it again."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enti.models import Utente
from enti.ruoli import Ruolo


class EsitoGiro(models.TextChoices):
    VISTO = "visto", _("visto")
    RIMANDATO = "rimandato", _("rimandato")


class GiroVisto(models.Model):
    """The guided tour of a role, seen or put off by a person: either way it is not offered again."""

    utente = models.ForeignKey(Utente, on_delete=models.CASCADE, related_name="giri_visti", verbose_name=_("di chi"))
    giro = models.CharField(_("giro"), max_length=20, choices=Ruolo)
    esito = models.CharField(_("esito"), max_length=10, choices=EsitoGiro)
    quando = models.DateTimeField(_("quando"), default=timezone.now)

    class Meta:
        app_label = "psttm"
        verbose_name = _("giro guidato visto")
        verbose_name_plural = _("giri guidati visti")
        ordering = ["utente", "giro"]
        constraints = [models.UniqueConstraint(fields=["utente", "giro"], name="un_giro_visto_per_persona")]

    def __str__(self) -> str:
        return f"{self.utente}: {self.get_giro_display()}, {self.get_esito_display()}"
