"""Requests that change what is otherwise fixed: deadlines, amounts, the body that carries an intervento out."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enti.models import Ente, Utente
from interventi.models import Intervento
from interventi.scelte import VoceDiSpesa
from monitoraggio.flusso import SEGNI, StatoVariazione
from monitoraggio.models.documenti import Documento
from monitoraggio.models.traguardi import Traguardo
from monitoraggio.scelte import TipoVariazione
from psttm.campi import ImportoField
from registro.storia import storia


class VariazioneQuerySet(models.QuerySet["Variazione"]):
    def visibili_a(self, utente: Utente | AnonymousUser) -> VariazioneQuerySet:
        """As for avanzamenti."""
        if isinstance(utente, AnonymousUser):
            return self.none()
        if utente.vede_tutto:
            return self
        return self.filter(intervento__soggetto_attuatore__in=utente.enti) if utente.enti else self.none()


class Variazione(models.Model):
    """A request by an act, with its reason, and what the staff decided. What stood before is kept in it.

    A proroga moves the deadline of a `traguardo` or the planned end of a `fase` from `data_prima` to `data_dopo`; a
    variante changes the total of the quadro economico from `importo_prima` to `importo_dopo` (its `voci`); an economia
    releases `importo_dopo`; a revoca ends the intervento on `data_dopo`; the last kind hands it to `attuatore_dopo`.
    Amounts in EUR.
    """

    intervento = models.ForeignKey(Intervento, on_delete=models.PROTECT, related_name="variazioni")
    tipo = models.CharField(_("tipo"), max_length=12, choices=TipoVariazione)
    stato = models.CharField(_("stato"), max_length=10, choices=StatoVariazione, default=StatoVariazione.RICHIESTA)
    atto = models.CharField(_("atto"), max_length=200)
    data_atto = models.DateField(_("data dell'atto"))
    motivo = models.TextField(_("motivo"))
    documento = models.ForeignKey(
        Documento, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("documento"), related_name="+"
    )
    traguardo = models.ForeignKey(
        Traguardo, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("traguardo"), related_name="+"
    )
    fase = models.CharField(_("fase"), max_length=10, blank=True)
    data_prima = models.DateField(_("data di prima"), null=True, blank=True)
    data_dopo = models.DateField(_("data nuova"), null=True, blank=True)
    importo_prima = ImportoField(_("importo di prima (EUR)"), null=True, blank=True)
    importo_dopo = ImportoField(_("importo nuovo (EUR)"), null=True, blank=True)
    attuatore_prima = models.ForeignKey(
        Ente, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("attuatore di prima"), related_name="+"
    )
    attuatore_dopo = models.ForeignKey(
        Ente, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("attuatore nuovo"), related_name="+"
    )
    richiesta_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, verbose_name=_("richiesta da"), related_name="+"
    )
    richiesta_il = models.DateTimeField(_("richiesta il"), default=timezone.now)
    decisa_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("decisa da"), related_name="+"
    )
    decisa_il = models.DateTimeField(_("decisa il"), null=True, blank=True)
    motivo_decisione = models.TextField(_("motivo della decisione"), blank=True)

    objects = VariazioneQuerySet.as_manager()

    class Meta:
        verbose_name = _("variazione")
        verbose_name_plural = _("variazioni")
        ordering = ["-richiesta_il", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(tipo="proroga")
                | Q(data_dopo__isnull=False, traguardo__isnull=False, fase="")
                | (Q(data_dopo__isnull=False, traguardo__isnull=True) & ~Q(fase="")),
                name="una_proroga_sposta_una_cosa_sola",
            ),
            models.CheckConstraint(
                condition=~Q(tipo__in=["variante", "economia"]) | Q(importo_dopo__isnull=False),
                name="variante_ed_economia_hanno_un_importo",
            ),
            models.CheckConstraint(
                condition=~Q(tipo="attuatore") | Q(attuatore_dopo__isnull=False), name="cambio_verso_qualcuno"
            ),
            models.CheckConstraint(
                condition=~Q(tipo="revoca") | Q(data_dopo__isnull=False), name="una_revoca_ha_una_data"
            ),
            models.CheckConstraint(
                condition=Q(stato="richiesta", decisa_il__isnull=True)
                | (~Q(stato="richiesta") & Q(decisa_il__isnull=False)),
                name="variazione_decisa_ha_la_sua_data",
            ),
        ]
        indexes = [models.Index(fields=["stato", "richiesta_il"], name="variazioni_da_decidere")]

    def __str__(self) -> str:
        return f"{self.get_tipo_display()} n. {self.pk}"

    @property
    def numero_testo(self) -> str:
        return str(self.pk)

    @property
    def segno(self) -> str:
        """The mark of its state, among those of `portale.SEGNI`."""
        return SEGNI[self.stato]


class VoceVariante(models.Model):
    """An item of the quadro economico in a variante: what it was, what it becomes. EUR."""

    variazione = models.ForeignKey(Variazione, on_delete=models.CASCADE, related_name="voci")
    voce = models.CharField(_("voce"), max_length=20, choices=VoceDiSpesa)
    importo_prima = ImportoField(_("importo di prima (EUR)"), default=0)
    importo_dopo = ImportoField(_("importo nuovo (EUR)"))

    class Meta:
        verbose_name = _("voce di una variante")
        verbose_name_plural = _("voci di una variante")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["variazione", "voce"], name="una_riga_per_voce_di_variante")]

    def __str__(self) -> str:
        return str(self.get_voce_display())


class SpostamentoTraguardo(models.Model):
    """The deadline of a traguardo moved by an act: the old and the new one. Only added."""

    traguardo = models.ForeignKey(Traguardo, on_delete=models.PROTECT, related_name="spostamenti")
    da = models.DateField(_("scadenza di prima"))
    a = models.DateField(_("scadenza nuova"))
    atto = models.CharField(_("atto"), max_length=200)
    data_atto = models.DateField(_("data dell'atto"))
    motivo = models.TextField(_("motivo"))
    variazione = models.ForeignKey(
        Variazione, on_delete=models.PROTECT, null=True, blank=True, related_name="spostamenti"
    )
    autore = models.ForeignKey(Utente, on_delete=models.PROTECT, null=True, verbose_name=_("chi"), related_name="+")
    quando = models.DateTimeField(_("registrato il"), default=timezone.now)

    class Meta:
        verbose_name = _("spostamento di scadenza")
        verbose_name_plural = _("spostamenti di scadenza")
        ordering = ["quando", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(da=F("a")), name="spostamento_cambia_la_scadenza")]

    def __str__(self) -> str:
        return f"{self.traguardo_id}: {self.da} → {self.a}"


class FasePianificata(models.Model):
    """The dates a phase is held to: those first approved (`_iniziale`) and those in force, moved only by a proroga."""

    intervento = models.ForeignKey(Intervento, on_delete=models.PROTECT, related_name="fasi_pianificate")
    fase = models.CharField(_("fase"), max_length=10)
    inizio_iniziale = models.DateField(_("inizio previsto all'origine"), null=True, blank=True)
    fine_iniziale = models.DateField(_("fine prevista all'origine"), null=True, blank=True)
    inizio_previsto = models.DateField(_("inizio previsto"), null=True, blank=True)
    fine_prevista = models.DateField(_("fine prevista"), null=True, blank=True)

    storico = storia()

    class Meta:
        verbose_name = _("fase pianificata")
        verbose_name_plural = _("fasi pianificate")
        ordering = ["fase"]
        constraints = [models.UniqueConstraint(fields=["intervento", "fase"], name="una_pianificazione_per_fase")]

    def __str__(self) -> str:
        return self.fase
