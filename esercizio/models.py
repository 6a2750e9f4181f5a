"""What is known of the portal as a running system: its signs of life, its backups, its integrity checks."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Segno(models.Model):
    """The last sign of life of a part of the portal, one row a part."""

    nome = models.CharField(_("parte"), max_length=60, unique=True)
    quando = models.DateTimeField(_("quando"), default=timezone.now)
    macchina = models.CharField(_("macchina"), max_length=200, blank=True)
    versione = models.CharField(_("versione"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("segno di vita")
        verbose_name_plural = _("segni di vita")
        ordering = ["nome"]

    def __str__(self) -> str:
        return self.nome


class EsitoCopia(models.TextChoices):
    IN_CORSO = "in_corso", _("in corso")
    RIUSCITA = "riuscita", _("riuscita")
    FALLITA = "fallita", _("non riuscita")


class Copia(models.Model):
    """A backup that was asked for: where its archive is, what is in it, and whether it was read back whole."""

    avviata = models.DateTimeField(_("avviata il"), default=timezone.now, db_index=True)
    conclusa = models.DateTimeField(_("conclusa il"), null=True, blank=True)
    esito = models.CharField(_("esito"), max_length=10, choices=EsitoCopia, default=EsitoCopia.IN_CORSO)
    archivio = models.CharField(_("archivio"), max_length=300, blank=True)
    byte = models.PositiveBigIntegerField(_("byte"), default=0)
    impronta = models.CharField(_("impronta SHA-256"), max_length=64, blank=True)
    contenuto = models.JSONField(_("contenuto"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    errore = models.TextField(_("errore"), blank=True)

    class Meta:
        verbose_name = _("copia di sicurezza")
        verbose_name_plural = _("copie di sicurezza")
        ordering = ["-avviata", "-pk"]

    def __str__(self) -> str:
        return f"{self.avviata:%d/%m/%Y %H:%M} {self.get_esito_display()}"


class Verifica(models.Model):
    """An integrity check that was done, and what it found; no findings means that everything holds."""

    avviata = models.DateTimeField(_("avviata il"), default=timezone.now, db_index=True)
    conclusa = models.DateTimeField(_("conclusa il"), null=True, blank=True)
    controllati = models.JSONField(_("controllati"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    rilievi = models.JSONField(_("rilievi"), default=list, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("verifica di integrità")
        verbose_name_plural = _("verifiche di integrità")
        ordering = ["-avviata", "-pk"]

    def __str__(self) -> str:
        return f"{self.avviata:%d/%m/%Y %H:%M}"
