"""The avanzamento: how an intervento stood at the end of a month, declared by its Comune, approved by the staff."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enti.models import Utente
from interventi.models import Intervento
from monitoraggio.flusso import APERTI, SCRIVIBILI, StatoAvanzamento
from psttm import formati
from psttm.campi import ImportoField


class AvanzamentoQuerySet(models.QuerySet["Avanzamento"]):
    def visibili_a(self, utente: Utente | AnonymousUser) -> AvanzamentoQuerySet:
        """Staff and Cabina see all; a body only those of the interventi it carries out, wherever they lie."""
        if isinstance(utente, AnonymousUser):
            return self.none()
        if utente.vede_tutto:
            return self
        return self.filter(intervento__soggetto_attuatore__in=utente.enti) if utente.enti else self.none()

    def approvati(self, noto_al: datetime | None = None) -> AvanzamentoQuerySet:
        """Those approved, by an instant if one is given."""
        approvati = self.filter(stato=StatoAvanzamento.APPROVATO)
        return approvati if noto_al is None else approvati.filter(approvato_il__lte=noto_al)

    def in_vigore(self, *, al: date | None = None, noto_al: datetime | None = None) -> AvanzamentoQuerySet:
        """The approved version of each intervento and month until a day, as known at an instant.

        A month speaks of its last day: in the middle of a month the month before is the last one known.
        """
        piu_nuova = Avanzamento.objects.approvati(noto_al).filter(
            intervento=OuterRef("intervento"), mese=OuterRef("mese"), versione__gt=OuterRef("versione")
        )
        presi = self.approvati(noto_al).filter(~Exists(piu_nuova))
        return presi if al is None else presi.filter(riferito_al__lte=al)

    def situazione(self, *, al: date | None = None, noto_al: datetime | None = None) -> AvanzamentoQuerySet:
        """The last approved avanzamento of each intervento on a day, as known at an instant: one row each.

        On PostgreSQL it is one DISTINCT ON: filter the interventi before calling it, not after.
        """
        presi = self.approvati(noto_al)
        if al is not None:
            presi = presi.filter(riferito_al__lte=al)
        if connection.features.can_distinct_on_fields:
            return presi.order_by("intervento_id", "-riferito_al", "-versione").distinct("intervento_id")
        posto = Window(
            RowNumber(),
            partition_by=F("intervento_id"),
            order_by=[F("riferito_al").desc(), F("versione").desc()],
        )
        return presi.annotate(posto=posto).filter(posto=1).order_by("intervento_id")


class Avanzamento(models.Model):
    """One version of what is declared of an intervento for a month.

    While it is written, `bozza` holds what was typed, cell by cell and letter by letter (see `monitoraggio.bozza`), and
    `revisione` counts its savings. Sending it writes the rows of `monitoraggio.models.contenuti` and the summary
    below; approving it freezes all of them for good, which triggers of the database hold too. A correction is a new
    row with the next `versione`. `impegnato` and `pagato` are the amounts of the month, in EUR, net of disimpegni and
    recuperi.
    """

    intervento = models.ForeignKey(Intervento, on_delete=models.PROTECT, related_name="avanzamenti")
    mese = models.DateField(_("mese"), help_text=_("Il primo giorno del mese."))
    riferito_al = models.DateField(_("situazione al"), help_text=_("L'ultimo giorno del mese."))
    versione = models.PositiveSmallIntegerField(_("versione"), default=1)
    corregge = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("corregge"),
        related_name="corretto_da",
    )
    motivo_correzione = models.TextField(_("perché si corregge"), blank=True)
    stato = models.CharField(_("stato"), max_length=12, choices=StatoAvanzamento, default=StatoAvanzamento.BOZZA)

    bozza = models.JSONField(_("bozza"), default=dict, blank=True)
    revisione = models.PositiveIntegerField(_("revisione"), default=0)
    creato_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, verbose_name=_("creato da"), related_name="+"
    )
    creato_il = models.DateTimeField(_("creato il"), default=timezone.now)
    modificato_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, verbose_name=_("modificato da"), related_name="+"
    )
    modificato_il = models.DateTimeField(_("modificato il"), default=timezone.now)
    inviato_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("inviato da"), related_name="+"
    )
    inviato_il = models.DateTimeField(_("inviato il"), null=True, blank=True)
    deciso_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("deciso da"), related_name="+"
    )
    deciso_il = models.DateTimeField(_("deciso il"), null=True, blank=True)
    approvato_il = models.DateTimeField(_("approvato il"), null=True, blank=True)
    motivo = models.TextField(_("motivo"), blank=True, help_text=_("Perché è stato restituito o sbloccato."))

    # As of the last saving: for lists, which would be slow if they judged every draft again.
    completezza = models.PositiveSmallIntegerField(_("completezza (%)"), default=0)
    errori = models.PositiveSmallIntegerField(_("errori"), default=0)
    avvisi = models.PositiveSmallIntegerField(_("avvisi"), default=0)

    # Summary of the content, written when it is sent.
    percentuale = models.DecimalField(
        _("avanzamento fisico (%)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    fase = models.CharField(_("fase"), max_length=10, blank=True)
    inizio_lavori = models.DateField(_("inizio dei lavori"), null=True, blank=True)
    fine_prevista = models.DateField(_("fine prevista"), null=True, blank=True)
    fine_stimata = models.DateField(_("fine stimata"), null=True, blank=True)
    fine_effettiva = models.DateField(_("fine effettiva"), null=True, blank=True)
    impegnato = ImportoField(_("impegnato nel mese (EUR)"), default=0)
    pagato = ImportoField(_("pagato nel mese (EUR)"), default=0)
    criticita_aperte = models.PositiveSmallIntegerField(_("criticità aperte"), default=0)
    criticita_gravi = models.PositiveSmallIntegerField(_("criticità gravi"), default=0)
    note = models.TextField(_("note"), blank=True)

    objects = AvanzamentoQuerySet.as_manager()

    class Meta:
        verbose_name = _("avanzamento")
        verbose_name_plural = _("avanzamenti")
        ordering = ["-mese", "intervento", "-versione"]
        constraints = [
            models.UniqueConstraint(
                fields=["intervento", "mese", "versione"], name="un_avanzamento_per_mese_e_versione"
            ),
            models.UniqueConstraint(
                fields=["intervento", "mese"],
                condition=Q(stato__in=["bozza", "inviato", "restituito"]),
                name="un_solo_avanzamento_aperto_per_mese",
            ),
            models.CheckConstraint(
                condition=Q(stato="approvato", approvato_il__isnull=False)
                | (~Q(stato="approvato") & Q(approvato_il__isnull=True)),
                name="approvato_ha_la_sua_data",
            ),
            models.CheckConstraint(
                condition=Q(versione=1, corregge__isnull=True) | Q(versione__gt=1, corregge__isnull=False),
                name="una_correzione_corregge_qualcosa",
            ),
            models.CheckConstraint(
                condition=Q(percentuale__isnull=True) | Q(percentuale__gte=0, percentuale__lte=100),
                name="percentuale_fra_zero_e_cento",
            ),
        ]
        indexes = [
            # What `situazione` walks through, newest first.
            models.Index(
                F("intervento"),
                F("riferito_al").desc(),
                F("versione").desc(),
                condition=Q(stato="approvato"),
                name="avanzamenti_approvati",
            ),
            models.Index(fields=["stato", "inviato_il", "id"], name="avanzamenti_da_istruire"),
            models.Index(fields=["mese", "stato"], name="avanzamenti_del_mese"),
        ]

    def __str__(self) -> str:
        return f"Avanzamento di {formati.mese(self.mese)}, versione {self.versione}"

    @property
    def aperto(self) -> bool:
        return self.stato in APERTI

    @property
    def scrivibile(self) -> bool:
        return self.stato in SCRIVIBILI

    @property
    def numero_testo(self) -> str:
        return str(self.pk)


class PassoBozza(models.Model):
    """One saving of a draft: who, when, and each cell that changed, before and after. Only added.

    `chiave` is chosen by who saves: the same saving sent twice, by a connection that dropped, counts once.
    `cambi` is {cell: [before, after]}, None for a cell that was not there.
    """

    avanzamento = models.ForeignKey(Avanzamento, on_delete=models.CASCADE, related_name="passi")
    revisione = models.PositiveIntegerField(_("revisione"))
    chiave = models.UUIDField(_("chiave"), default=uuid.uuid4)
    autore = models.ForeignKey(Utente, on_delete=models.PROTECT, null=True, verbose_name=_("chi"), related_name="+")
    quando = models.DateTimeField(_("quando"), default=timezone.now)
    cambi = models.JSONField(_("cambi"), default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("salvataggio di una bozza")
        verbose_name_plural = _("salvataggi di bozze")
        ordering = ["revisione"]
        constraints = [
            models.UniqueConstraint(fields=["avanzamento", "revisione"], name="un_passo_per_revisione"),
            models.UniqueConstraint(fields=["avanzamento", "chiave"], name="un_salvataggio_conta_una_volta"),
        ]

    def __str__(self) -> str:
        return f"{self.avanzamento_id} r{self.revisione}"


class Visto(models.Model):
    """Staff has seen that the Comune changed what had been approved."""

    avanzamento = models.OneToOneField(Avanzamento, on_delete=models.CASCADE, related_name="visto")
    autore = models.ForeignKey(Utente, on_delete=models.PROTECT, verbose_name=_("chi"), related_name="+")
    quando = models.DateTimeField(_("quando"), default=timezone.now)

    class Meta:
        verbose_name = _("correzione vista")
        verbose_name_plural = _("correzioni viste")

    def __str__(self) -> str:
        return str(self.avanzamento_id)


class Situazione(models.Model):
    """How an intervento stands today: what `Avanzamento.objects.situazione()` says, kept in step in each transaction.

    `impegnato` and `pagato` are the sums of all the months in force, `economie` those of the variations granted.
    """

    intervento = models.OneToOneField(Intervento, on_delete=models.CASCADE, related_name="situazione")
    avanzamento = models.ForeignKey(Avanzamento, on_delete=models.CASCADE, related_name="+", null=True)
    riferita_al = models.DateField(_("situazione al"), null=True)
    percentuale = models.DecimalField(_("avanzamento fisico (%)"), max_digits=5, decimal_places=2, null=True)
    fase = models.CharField(_("fase"), max_length=10, blank=True)
    inizio_lavori = models.DateField(_("inizio dei lavori"), null=True)
    fine_prevista = models.DateField(_("fine prevista"), null=True)
    fine_stimata = models.DateField(_("fine stimata"), null=True)
    fine_effettiva = models.DateField(_("fine effettiva"), null=True)
    impegnato = ImportoField(_("impegnato (EUR)"), default=0)
    pagato = ImportoField(_("pagato (EUR)"), default=0)
    economie = ImportoField(_("economie (EUR)"), default=0)
    criticita_aperte = models.PositiveSmallIntegerField(_("criticità aperte"), default=0)
    criticita_gravi = models.PositiveSmallIntegerField(_("criticità gravi"), default=0)
    revocata_il = models.DateField(_("revocato il"), null=True)

    class Meta:
        verbose_name = _("situazione")
        verbose_name_plural = _("situazioni")
        indexes = [models.Index(fields=["fine_stimata"], name="situazione_per_fine")]

    def __str__(self) -> str:
        return f"Situazione di {self.intervento_id}"


# What the summary of an avanzamento and the row of Situazione have in common.
SINTESI: tuple[str, ...] = (
    "percentuale",
    "fase",
    "inizio_lavori",
    "fine_prevista",
    "fine_stimata",
    "fine_effettiva",
    "criticita_aperte",
    "criticita_gravi",
)
Valori = dict[str, Any]
