"""The workbooks that come back filled in: what each would change, what it did change, and what was refused."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enti.models import Utente
from interventi.models import Intervento
from monitoraggio.models.avanzamento import Avanzamento
from registro.models import Lavoro


class StatoFoglio(models.TextChoices):
    IN_PROVA = "in_prova", _("in prova")
    DA_CONFERMARE = "da_confermare", _("da confermare")
    IN_APPLICAZIONE = "in_applicazione", _("in scrittura")
    APPLICATO = "applicato", _("scritto nelle bozze")
    RESPINTO = "respinto", _("non si legge")
    SCARTATO = "scartato", _("scartato")


def percorso_casuale(_foglio: Any, _nome: str) -> str:
    """Where a workbook waits: a name that says nothing and that nobody can guess."""
    nome = uuid.uuid4().hex
    return f"monitoraggio/fogli/{nome[:2]}/{nome}"


class FoglioCaricatoQuerySet(models.QuerySet["FoglioCaricato"]):
    def di(self, utente: Utente) -> FoglioCaricatoQuerySet:
        """A workbook, like the draft in somebody's hands, is seen by who handed it in and by nobody else."""
        return self.filter(autore=utente)

    def con_file_da(self, prima: datetime) -> FoglioCaricatoQuerySet:
        """Those handed in before an instant whose files are still kept."""
        return self.filter(~Q(deposito="") | ~Q(restituito=""), caricato_il__lt=prima)


class FoglioCaricato(models.Model):
    """A workbook handed in. The files go after some days; what it changed stays, as the drafts say too.

    `libro` is the name that the workbook was given when it was made: all that comes back with it, mended or not, is
    the same work going on.
    """

    libro = models.CharField(_("libro"), max_length=20, blank=True)
    mese = models.DateField(_("mese"))
    autore = models.ForeignKey(Utente, on_delete=models.PROTECT, verbose_name=_("chi"), related_name="+")
    nome = models.CharField(_("nome del file"), max_length=255)
    deposito = models.FileField(_("file"), upload_to=percorso_casuale, max_length=200, blank=True)
    restituito = models.FileField(_("file restituito"), upload_to=percorso_casuale, max_length=200, blank=True)
    dimensione = models.PositiveIntegerField(_("dimensione (byte)"))
    sha256 = models.CharField(_("impronta SHA-256"), max_length=64)
    caricato_il = models.DateTimeField(_("caricato il"), default=timezone.now)
    stato = models.CharField(_("stato"), max_length=16, choices=StatoFoglio, default=StatoFoglio.IN_PROVA)
    lavoro = models.ForeignKey(Lavoro, on_delete=models.SET_NULL, null=True, verbose_name=_("lavoro"), related_name="+")
    errore = models.TextField(_("errore"), blank=True)
    # What concerns no intervento that the person fills in: rows refused, columns not known.
    esiti = models.JSONField(_("esiti"), default=list)
    invariati = models.PositiveIntegerField(_("interventi invariati"), default=0)
    applicato_il = models.DateTimeField(_("scritto il"), null=True, blank=True)

    objects = FoglioCaricatoQuerySet.as_manager()

    class Meta:
        verbose_name = _("foglio caricato")
        verbose_name_plural = _("fogli caricati")
        ordering = ["-caricato_il", "-pk"]
        indexes = [models.Index(fields=["autore", "-caricato_il"], name="fogli_di_chi_li_ha_caricati")]

    def __str__(self) -> str:
        return f"Foglio n. {self.pk}"

    @property
    def numero_testo(self) -> str:
        return str(self.pk)


class InterventoNelFoglio(models.Model):
    """What one workbook does to one intervento: seen in the trial, then done.

    `scritte` are the cells that it wrote, {cell: value}, and `revisione` the one they made: from then on they are what
    that workbook started from.
    """

    foglio = models.ForeignKey(FoglioCaricato, on_delete=models.CASCADE, related_name="interventi")
    intervento = models.ForeignKey(Intervento, on_delete=models.CASCADE, related_name="+")
    avanzamento = models.ForeignKey(Avanzamento, on_delete=models.SET_NULL, null=True, related_name="+")
    esiti = models.JSONField(_("esiti"), default=list)
    cambi = models.PositiveIntegerField(_("valori cambiati"), default=0)
    rifiuti = models.PositiveIntegerField(_("valori rifiutati"), default=0)
    applicato_il = models.DateTimeField(_("scritto il"), null=True)
    scritte = models.JSONField(_("celle scritte"), default=dict)
    revisione = models.PositiveIntegerField(_("revisione"), default=0)

    class Meta:
        verbose_name = _("intervento in un foglio")
        verbose_name_plural = _("interventi nei fogli")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["foglio", "intervento"], name="un_intervento_per_foglio_caricato")
        ]

    def __str__(self) -> str:
        return f"{self.foglio_id}: {self.intervento_id}"
