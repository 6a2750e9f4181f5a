"""What the portal tells a person: in the inbox of the portal, and once a day by mail."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enti.models import Utente
from interventi.models import Intervento
from monitoraggio.scelte import TipoAllerta


class Allerta(models.Model):
    """Something a person should know or do. `chiave` keeps the same thing from being told twice."""

    utente = models.ForeignKey(Utente, on_delete=models.CASCADE, related_name="allerte", verbose_name=_("a chi"))
    tipo = models.CharField(_("tipo"), max_length=15, choices=TipoAllerta)
    chiave = models.CharField(_("chiave"), max_length=120)
    intervento = models.ForeignKey(Intervento, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    titolo = models.CharField(_("titolo"), max_length=200)
    testo = models.TextField(_("testo"), blank=True)
    indirizzo = models.CharField(_("indirizzo"), max_length=200, blank=True)
    creata = models.DateTimeField(_("creata il"), default=timezone.now)
    letta_il = models.DateTimeField(_("letta il"), null=True, blank=True)
    # Set when what it speaks of no longer stands: sent, corrected, closed.
    superata_il = models.DateTimeField(_("superata il"), null=True, blank=True)
    spedita_il = models.DateTimeField(_("spedita il"), null=True, blank=True)

    class Meta:
        verbose_name = _("allerta")
        verbose_name_plural = _("allerte")
        ordering = ["-creata", "-pk"]
        constraints = [models.UniqueConstraint(fields=["utente", "chiave"], name="una_allerta_per_chiave")]
        indexes = [models.Index(fields=["utente", "letta_il", "-creata"], name="allerte_della_persona")]

    def __str__(self) -> str:
        return self.titolo


class Riepilogo(models.Model):
    """The digest mail of a person and day: one at most."""

    utente = models.ForeignKey(Utente, on_delete=models.CASCADE, related_name="riepiloghi", verbose_name=_("a chi"))
    giorno = models.DateField(_("giorno"))
    voci = models.PositiveSmallIntegerField(_("voci"))
    # Who sends it takes it first; None once an attempt failed, so that the next one finds it free.
    preso_il = models.DateTimeField(_("preso il"), null=True, blank=True)
    spedito_il = models.DateTimeField(_("spedito il"), null=True, blank=True)

    class Meta:
        verbose_name = _("riepilogo")
        verbose_name_plural = _("riepiloghi")
        ordering = ["-giorno"]
        constraints = [models.UniqueConstraint(fields=["utente", "giorno"], name="un_riepilogo_al_giorno")]

    def __str__(self) -> str:
        return f"{self.utente_id} {self.giorno}"
