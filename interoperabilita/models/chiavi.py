"""Who may use the API: keys of the software of a body, and personal ones of the staff."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enti.models import Ente, Utente


class Ambito(models.TextChoices):
    """What a key is good for; what its holder may see is decided by her roles all the same."""

    RIFERIMENTI = "riferimenti", _("leggere il piano strategico e i Comuni")
    CUP = "cup", _("leggere l'elenco dei CUP e gli interventi")
    PIANI = "piani", _("leggere i piani e le verifiche")
    MONITORAGGIO = "monitoraggio", _("leggere gli avanzamenti e i traguardi")
    RAPPORTI = "rapporti", _("leggere i rapporti e, chi può, chiederne")
    SCRITTURA = "scrittura", _("scrivere gli avanzamenti dei propri interventi")


class ChiaveApi(models.Model):
    """A key. Only the SHA-256 of it is kept: it is 256 random bits, and is shown once.

    It acts as `utente`: for the software of a body a technical one made with the key, for a personal key the person
    herself. `client_id` is that of the body's PDND e-service client: a voucher of that client is as good as the key.
    """

    nome = models.CharField(_("nome"), max_length=120, help_text=_("A che cosa serve, per esempio: estrazione ReGiS."))
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, verbose_name=_("ente"), related_name="chiavi")
    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, verbose_name=_("agisce come"), related_name="chiavi")
    personale = models.BooleanField(_("personale"), default=False)
    prefisso = models.CharField(_("inizio della chiave"), max_length=12)
    impronta = models.CharField(_("impronta SHA-256"), max_length=64, unique=True)
    ambiti = models.JSONField(_("ambiti"), default=list)
    limite_minuto = models.PositiveIntegerField(_("richieste al minuto"), default=600)
    client_id = models.CharField(_("client_id PDND"), max_length=100, blank=True)
    creata_il = models.DateTimeField(_("creata il"), default=timezone.now)
    creata_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, verbose_name=_("creata da"), related_name="+"
    )
    scade_il = models.DateTimeField(_("scade il"))
    revocata_il = models.DateTimeField(_("revocata il"), null=True, blank=True)
    revocata_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("revocata da"), related_name="+"
    )
    motivo_revoca = models.CharField(_("perché è stata revocata"), max_length=300, blank=True)
    sostituisce = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("sostituisce"),
        related_name="sostituita_da",
    )

    class Meta:
        verbose_name = _("chiave dell'API")
        verbose_name_plural = _("chiavi dell'API")
        ordering = ["ente__denominazione", "-creata_il"]
        constraints = [
            models.CheckConstraint(condition=Q(scade_il__gt=F("creata_il")), name="chiave_scade_dopo_la_creazione"),
            models.CheckConstraint(condition=Q(limite_minuto__gt=0), name="chiave_con_un_limite"),
            models.UniqueConstraint(
                fields=["client_id"],
                condition=~Q(client_id="") & Q(revocata_il__isnull=True),
                name="una_chiave_per_client_id",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nome} ({self.prefisso}…)"

    def valida(self, adesso: datetime) -> bool:
        return self.revocata_il is None and adesso < self.scade_il
