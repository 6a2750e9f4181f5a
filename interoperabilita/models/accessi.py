"""What was asked of the API: the log of its requests, and the answers to be repeated."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enti.models import Utente
from interoperabilita.models.chiavi import ChiaveApi


class AccessoApi(models.Model):
    """A request to the API and its outcome (AgID ModI): when, what, by whom, from where. Rows are only added.

    `indirizzo` never holds a credential: none is accepted there. `azione` is the request id that the client was given.
    """

    quando = models.DateTimeField(_("quando"), default=timezone.now)
    metodo = models.CharField(_("metodo"), max_length=10)
    indirizzo = models.CharField(_("indirizzo"), max_length=2000)
    esito = models.PositiveSmallIntegerField(_("esito"))
    millisecondi = models.PositiveIntegerField(_("durata (ms)"))
    origine = models.CharField(_("indirizzo IP"), max_length=45, blank=True)
    chiave = models.ForeignKey(
        ChiaveApi, on_delete=models.PROTECT, null=True, verbose_name=_("chiave"), related_name="accessi"
    )
    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, null=True, verbose_name=_("chi"), related_name="+")
    azione = models.UUIDField(_("azione"), default=uuid.uuid4, db_index=True)

    class Meta:
        verbose_name = _("accesso all'API")
        verbose_name_plural = _("accessi all'API")
        ordering = ["-quando", "-pk"]
        indexes = [
            models.Index(fields=["-quando", "-id"], name="accessi_per_istante"),
            models.Index(fields=["chiave", "-quando"], name="accessi_per_chiave"),
        ]

    def __str__(self) -> str:
        return f"{self.metodo} {self.indirizzo} {self.esito}"


class RichiestaIdempotente(models.Model):
    """A write asked with an Idempotency-Key, and its answer: asked again, it is answered again and not done twice.

    `impronta` is the SHA-256 of method, path and body: the same key for something else is refused.
    """

    chiave = models.ForeignKey(ChiaveApi, on_delete=models.PROTECT, verbose_name=_("chiave"), related_name="+")
    valore = models.CharField(_("Idempotency-Key"), max_length=100)
    impronta = models.CharField(_("impronta SHA-256"), max_length=64)
    stato = models.PositiveSmallIntegerField(_("stato"))
    corpo = models.TextField(_("risposta"))
    intestazioni = models.JSONField(_("intestazioni"), default=dict)
    quando = models.DateTimeField(_("quando"), default=timezone.now)

    class Meta:
        verbose_name = _("richiesta da non ripetere")
        verbose_name_plural = _("richieste da non ripetere")
        constraints = [models.UniqueConstraint(fields=["chiave", "valore"], name="una_richiesta_per_idempotency_key")]
        indexes = [models.Index(fields=["quando"], name="richieste_per_istante")]

    def __str__(self) -> str:
        return self.valore
