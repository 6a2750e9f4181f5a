"""Early warnings: what the portal notices by itself, since when and until when it stood, and who set it aside."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enti.models import Utente
from interventi.models import Intervento
from monitoraggio.scelte import ChiAgisce
from piani_integrati.models import PianoIntegrato


class SegnaleQuerySet(models.QuerySet["Segnale"]):
    def visibili_a(self, utente: Utente | AnonymousUser) -> SegnaleQuerySet:
        """Those of the interventi a person sees; those of a piano as a whole are of who sees everything."""
        if isinstance(utente, AnonymousUser):
            return self.none()
        if utente.vede_tutto:
            return self
        propri = Intervento.objects.visibili_a(utente).filter(pk=OuterRef("intervento"))
        return self.filter(intervento__isnull=False).filter(Exists(propri))

    def aperti(self) -> SegnaleQuerySet:
        """Those that stand, set aside or not."""
        return self.filter(cessato_il__isnull=True)

    def attivi(self) -> SegnaleQuerySet:
        """Those that stand and that nobody has set aside until a later day."""
        fermi = Silenzio.objects.filter(segnale=OuterRef("pk"), tolto_il__isnull=True)
        fermi = fermi.filter(fino_al__gte=timezone.localdate())
        return self.aperti().exclude(Exists(fermi))


class Segnale(models.Model):
    """A warning about an intervento, or about a piano as a whole, while it stands.

    `codice` is one of the catalogue (`monitoraggio.allerte`); `riga` tells apart several of one code on the same object
    (the code of a traguardo, a CIG). `peso` is its risk, from 1 to 100. `motivo` is the reason in words, `evidenza` the
    measured value, the threshold and the dates it comes from, in labels and texts. `entro` is the day it bites.
    """

    intervento = models.ForeignKey(
        Intervento,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="segnali",
        verbose_name=_("intervento"),
    )
    piano = models.ForeignKey(
        PianoIntegrato, on_delete=models.CASCADE, null=True, blank=True, related_name="segnali", verbose_name=_("piano")
    )
    codice = models.CharField(_("codice"), max_length=30)
    riga = models.CharField(_("di che cosa"), max_length=60, blank=True)
    peso = models.PositiveSmallIntegerField(_("rischio"))
    motivo = models.TextField(_("motivo"))
    evidenza = models.JSONField(_("evidenza"), default=list, encoder=DjangoJSONEncoder)
    tocca = models.CharField(_("tocca a"), max_length=10, choices=ChiAgisce)
    entro = models.DateField(_("entro"), null=True, blank=True)
    dal = models.DateTimeField(_("visto la prima volta"), default=timezone.now)
    visto_il = models.DateTimeField(_("visto l'ultima volta"), default=timezone.now)
    cessato_il = models.DateTimeField(_("cessato il"), null=True, blank=True)

    objects = SegnaleQuerySet.as_manager()

    class Meta:
        verbose_name = _("segnale")
        verbose_name_plural = _("segnali")
        ordering = ["-peso", "entro", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(intervento__isnull=False, piano__isnull=True)
                | Q(intervento__isnull=True, piano__isnull=False),
                name="segnale_di_un_intervento_o_di_un_piano",
            ),
            models.UniqueConstraint(
                fields=["intervento", "codice", "riga"],
                condition=Q(cessato_il__isnull=True, intervento__isnull=False),
                name="un_segnale_aperto_per_intervento",
            ),
            models.UniqueConstraint(
                fields=["piano", "codice", "riga"],
                condition=Q(cessato_il__isnull=True, piano__isnull=False),
                name="un_segnale_aperto_per_piano",
            ),
            models.CheckConstraint(condition=Q(peso__gte=1, peso__lte=100), name="rischio_fra_uno_e_cento"),
        ]
        indexes = [
            models.Index(
                fields=["-peso", "entro", "id"], condition=Q(cessato_il__isnull=True), name="segnali_aperti_per_rischio"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.codice}: {self.motivo}"


class Silenzio(models.Model):
    """A warning set aside by somebody until a day, with a reason; taken back, it stays written."""

    segnale = models.ForeignKey(Segnale, on_delete=models.CASCADE, related_name="silenzi", verbose_name=_("segnale"))
    motivo = models.TextField(_("motivo"))
    fino_al = models.DateField(_("fino al"))
    autore = models.ForeignKey(Utente, on_delete=models.PROTECT, verbose_name=_("chi"), related_name="+")
    quando = models.DateTimeField(_("quando"), default=timezone.now)
    tolto_il = models.DateTimeField(_("tolto il"), null=True, blank=True)
    tolto_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("tolto da"), related_name="+"
    )

    class Meta:
        verbose_name = _("segnale messo da parte")
        verbose_name_plural = _("segnali messi da parte")
        ordering = ["-quando", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(motivo=""), name="silenzio_con_motivo"),
            models.UniqueConstraint(
                fields=["segnale"], condition=Q(tolto_il__isnull=True), name="un_silenzio_per_segnale"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.segnale_id} fino al {self.fino_al}"


class SegnaliDaRivedere(models.Model):
    """A change after which the warnings of an intervento are to be looked at again: written with the change itself.

    Not unique: a worker deletes only those it has seen. The number is no foreign key, since the intervento may be gone.
    """

    intervento = models.PositiveBigIntegerField(_("intervento"), db_index=True)
    quando = models.DateTimeField(_("quando"), default=timezone.now)

    class Meta:
        verbose_name = _("segnali da rivedere")
        verbose_name_plural = _("segnali da rivedere")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.intervento)
