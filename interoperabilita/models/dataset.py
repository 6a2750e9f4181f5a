"""The open data: data sets that anybody may take, and their files."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DatasetPubblico(models.Model):
    """A data set as last made. What it is (title, theme, fields) is in `interoperabilita.dataset`.

    `impronta` is that of its content, by which one that did not change is known. `dal` and `al` are the first and the
    last day its rows speak of, where they have days.
    """

    codice = models.SlugField(_("codice"), max_length=40, unique=True)
    pubblicato_il = models.DateTimeField(_("pubblicato il"), default=timezone.now)
    aggiornato_il = models.DateTimeField(_("aggiornato il"), help_text=_("Da quando il contenuto è questo."))
    controllato_il = models.DateTimeField(_("controllato il"), help_text=_("L'ultima volta che si è rifatto."))
    righe = models.PositiveIntegerField(_("righe"))
    dimostrative = models.PositiveIntegerField(_("di cui di dimostrazione"), default=0)
    dal = models.DateField(_("dal"), null=True)
    al = models.DateField(_("al"), null=True)
    impronta = models.CharField(_("impronta del contenuto"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("dataset pubblico")
        verbose_name_plural = _("dataset pubblici")
        ordering = ["codice"]

    def __str__(self) -> str:
        return self.codice


def percorso_casuale(file: Any, nome: str) -> str:
    """A name never used before: whoever is downloading the old file gets it whole."""
    return f"open-data/{uuid.uuid4().hex}"


class FileDataset(models.Model):
    """A distribution of a data set, in one format.

    `precedente` names the file that was here before: it is kept until the data set is made once more.
    """

    dataset = models.ForeignKey(DatasetPubblico, on_delete=models.CASCADE, related_name="file")
    formato = models.CharField(_("formato"), max_length=10)
    deposito = models.FileField(_("file"), upload_to=percorso_casuale, max_length=200)
    precedente = models.CharField(_("file precedente"), max_length=200, blank=True)
    byte = models.PositiveBigIntegerField(_("byte"))
    sha256 = models.CharField(_("impronta SHA-256"), max_length=64)

    class Meta:
        verbose_name = _("file di un dataset")
        verbose_name_plural = _("file dei dataset")
        ordering = ["formato"]
        constraints = [models.UniqueConstraint(fields=["dataset", "formato"], name="un_file_per_formato")]

    def __str__(self) -> str:
        return f"{self.dataset_id} {self.formato}"
