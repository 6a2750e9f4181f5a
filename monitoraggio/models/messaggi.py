"""The thread of messages of an intervento, between its Comune and the staff."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enti.models import Utente
from interventi.models import Intervento
from monitoraggio.models.avanzamento import Avanzamento


class MessaggioQuerySet(models.QuerySet["Messaggio"]):
    def visibili_a(self, utente: Utente | AnonymousUser) -> MessaggioQuerySet:
        """As for avanzamenti."""
        if isinstance(utente, AnonymousUser):
            return self.none()
        if utente.vede_tutto:
            return self
        return self.filter(intervento__soggetto_attuatore__in=utente.enti) if utente.enti else self.none()


class Messaggio(models.Model):
    """A message, or an answer to one. Only the first of a thread is closed, and opened again by a new answer."""

    intervento = models.ForeignKey(Intervento, on_delete=models.PROTECT, related_name="messaggi")
    avanzamento = models.ForeignKey(
        Avanzamento,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("avanzamento"),
        related_name="messaggi",
    )
    risponde_a = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("risponde a"), related_name="risposte"
    )
    autore = models.ForeignKey(Utente, on_delete=models.PROTECT, verbose_name=_("chi"), related_name="+")
    dal_comune = models.BooleanField(_("scritto dal Comune"))
    testo = models.TextField(_("testo"))
    quando = models.DateTimeField(_("quando"), default=timezone.now)
    chiuso_il = models.DateTimeField(_("chiuso il"), null=True, blank=True)
    chiuso_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("chiuso da"), related_name="+"
    )

    objects = MessaggioQuerySet.as_manager()

    class Meta:
        verbose_name = _("messaggio")
        verbose_name_plural = _("messaggi")
        ordering = ["quando", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(risponde_a__isnull=True) | Q(chiuso_il__isnull=True), name="si_chiude_il_primo_messaggio"
            )
        ]
        indexes = [models.Index(fields=["intervento", "quando"], name="messaggi_dell_intervento")]

    def __str__(self) -> str:
        return self.testo[:80]
