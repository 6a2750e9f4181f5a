"""Milestones and targets, of a measure, of a piano or of an intervento, and the acts that moved their deadlines."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from enti.models import Utente
from interventi.models import Intervento
from monitoraggio.scelte import LivelloTraguardo, TipoTraguardo
from piani_integrati.models import PianoIntegrato
from psttm.models import Misura
from registro.models import ConFonte
from registro.storia import storia


class StatoTraguardo(models.TextChoices):
    """Never stored: computed from deadline, forecast and actual date. The values are marks of `portale.SEGNI`."""

    CONSEGUITO = "concluso", _("conseguito")
    IN_RITARDO = "in_ritardo", _("in ritardo")
    A_RISCHIO = "a_rischio", _("a rischio")
    IN_LINEA = "in_linea", _("in linea")
    NON_DETERMINABILE = "non_determinabile", _("esito non noto")


def stato_al(giorno: date, scadenza: str = "scadenza") -> Case:
    """The state on a day: met by then; late past the deadline; at risk if forecast after it; else on time.

    `scadenza` names the field that holds the deadline to judge by.

    A traguardo of a measure is met by all the metropolitan cities together, and nobody declares it here: past its
    deadline, without a word about it, nobody knows.
    """
    taciuto = Q(misura__isnull=False, previsione__isnull=True, conseguito_il__isnull=True)
    return Case(
        When(conseguito_il__lte=giorno, then=Value(StatoTraguardo.CONSEGUITO.value)),
        When(taciuto, **{f"{scadenza}__lt": giorno}, then=Value(StatoTraguardo.NON_DETERMINABILE.value)),
        When(**{f"{scadenza}__lt": giorno}, then=Value(StatoTraguardo.IN_RITARDO.value)),
        When(previsione__gt=F(scadenza), then=Value(StatoTraguardo.A_RISCHIO.value)),
        When(conseguito_il__gt=F(scadenza), then=Value(StatoTraguardo.A_RISCHIO.value)),
        default=Value(StatoTraguardo.IN_LINEA.value),
        output_field=models.CharField(),
    )


class TraguardoQuerySet(models.QuerySet["Traguardo"]):
    def visibili_a(self, utente: Utente | AnonymousUser) -> TraguardoQuerySet:
        """Those of measures and piani are for everybody signed in, those of interventi for who sees the intervento."""
        if isinstance(utente, AnonymousUser):
            return self.none()
        if utente.vede_tutto:
            return self
        propri = Intervento.objects.visibili_a(utente).filter(pk=OuterRef("intervento"))
        return self.filter(Q(intervento__isnull=True) | models.Exists(propri))

    def con_stato(self, giorno: date) -> TraguardoQuerySet:
        """Adds `stato`, as it is on a day."""
        return self.annotate(stato=stato_al(giorno))


class Traguardo(ConFonte):
    """A milestone or a target: due on `scadenza` by a source, forecast, reached, with what proves it.

    It is of exactly one misura, piano or intervento. `scadenza_iniziale` is the deadline it was born with; only
    `monitoraggio.services.traguardi.sposta` moves `scadenza`, by an act.
    """

    misura = models.ForeignKey(
        Misura, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("misura"), related_name="traguardi"
    )
    piano = models.ForeignKey(
        PianoIntegrato,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("piano"),
        related_name="traguardi",
    )
    intervento = models.ForeignKey(
        Intervento,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("intervento"),
        related_name="traguardi",
    )
    codice = models.CharField(_("codice"), max_length=30)
    titolo = models.CharField(_("titolo"), max_length=300)
    tipo = models.CharField(_("tipo"), max_length=10, choices=TipoTraguardo)
    livello = models.CharField(
        _("livello"), max_length=10, choices=LivelloTraguardo, default=LivelloTraguardo.PROGRAMMA
    )
    scadenza_iniziale = models.DateField(_("scadenza iniziale"))
    scadenza = models.DateField(_("scadenza"))
    valore_obiettivo = models.DecimalField(
        _("valore da raggiungere"), max_digits=20, decimal_places=4, null=True, blank=True
    )
    unita = models.CharField(_("unità di misura"), max_length=60, blank=True)
    previsione = models.DateField(_("previsto per il"), null=True, blank=True)
    conseguito_il = models.DateField(_("conseguito il"), null=True, blank=True)
    valore_raggiunto = models.DecimalField(
        _("valore raggiunto"), max_digits=20, decimal_places=4, null=True, blank=True
    )
    evidenza = models.TextField(_("evidenza"), blank=True)
    nota = models.TextField(_("nota"), blank=True)

    # Added by `con_stato`.
    stato: str

    objects = TraguardoQuerySet.as_manager()
    storico = storia()

    class Meta:
        verbose_name = _("traguardo")
        verbose_name_plural = _("traguardi")
        ordering = ["scadenza", "codice"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(misura__isnull=False, piano__isnull=True, intervento__isnull=True)
                    | Q(misura__isnull=True, piano__isnull=False, intervento__isnull=True)
                    | Q(misura__isnull=True, piano__isnull=True, intervento__isnull=False)
                ),
                name="traguardo_di_una_misura_un_piano_o_un_intervento",
            ),
            # Each holds where the second field is not null, with no condition: the loading of data names them.
            models.UniqueConstraint(fields=["codice", "misura"], name="un_traguardo_per_misura_e_codice"),
            models.UniqueConstraint(fields=["codice", "piano"], name="un_traguardo_per_piano_e_codice"),
            models.UniqueConstraint(fields=["codice", "intervento"], name="un_traguardo_per_intervento_e_codice"),
        ]

    def __str__(self) -> str:
        return f"{self.codice} {self.titolo}"

    @property
    def spostato(self) -> bool:
        return self.scadenza != self.scadenza_iniziale


class TermineInvio(ConFonte):
    """How many days after the end of a month its data are due, from a month on."""

    dal = models.DateField(_("dal mese"), unique=True)
    giorni = models.PositiveSmallIntegerField(_("giorni dalla fine del mese"))

    class Meta:
        verbose_name = _("termine di invio")
        verbose_name_plural = _("termini di invio")
        ordering = ["dal"]

    def __str__(self) -> str:
        return f"{self.giorni} giorni dal {self.dal}"
