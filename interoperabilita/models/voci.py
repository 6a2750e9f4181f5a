"""What the API publishes, version by version.

Every row of every list is a *voce*: the object it speaks of, the JSON that is answered, the instant from which
(`dal`) and until which (`fino_a`, excluded) this version is the published one. Versions are never changed, only
closed: whoever reads "as of W" gets the same rows however long the pull lasts, and "what changed since T" is exact.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from interventi.scelte import FonteFinanziamento
from psttm.campi import ImportoField


class Pubblicazione(models.Model):
    """The one row that says how far the publication has come; its lock lets one publisher at a time work.

    `ultima` is the instant of the last publication that changed something. What was changed before `orizzonte` can no
    longer be told from what was not: an incremental pull must start after it. `giorno` is the day for which what
    depends on the date (late traguardi) was last published. `cambiate` says of each resource when it last changed.
    """

    ultima = models.DateTimeField(_("ultima pubblicazione"))
    orizzonte = models.DateTimeField(_("si ricordano i cambiamenti dal"))
    giorno = models.DateField(_("giorno"), null=True)
    cambiate = models.JSONField(_("ultimo cambiamento di ogni risorsa"), default=dict)

    class Meta:
        verbose_name = _("stato della pubblicazione")
        verbose_name_plural = _("stato della pubblicazione")

    def __str__(self) -> str:
        return f"Pubblicato fino al {self.ultima:%d/%m/%Y %H:%M:%S}"


class Pendente(models.Model):
    """An object that changed since it was last published: written by triggers, in the transaction that changed it.

    `oggetto` 0 means all the objects of a small resource.
    """

    risorsa = models.CharField(_("risorsa"), max_length=20)
    oggetto = models.BigIntegerField(_("oggetto"))

    class Meta:
        verbose_name = _("cambiamento da pubblicare")
        verbose_name_plural = _("cambiamenti da pubblicare")
        indexes = [models.Index(fields=["risorsa", "oggetto"], name="pendenti_per_oggetto")]

    def __str__(self) -> str:
        return f"{self.risorsa} {self.oggetto}"


class VersioneQuerySet(models.QuerySet["Versione"]):
    def valide(self, istante: datetime) -> VersioneQuerySet:
        """The versions that were published at an instant: one an object at most."""
        return self.filter(Q(fino_a__isnull=True) | Q(fino_a__gt=istante), dal__lte=istante)

    def cambiate(self, da: datetime, fino_a: datetime) -> VersioneQuerySet:
        """The versions opened or closed after `da` and by `fino_a`."""
        return self.filter(Q(dal__gt=da, dal__lte=fino_a) | Q(fino_a__gt=da, fino_a__lte=fino_a))


class Versione(models.Model):
    """A version of a row. `visibile_a` holds the keys of the bodies that may see it, each between spaces."""

    oggetto = models.BigIntegerField(_("oggetto"))
    dal = models.DateTimeField(_("dal"))
    fino_a = models.DateTimeField(_("fino a"), null=True)
    corpo = models.TextField(_("contenuto"))
    visibile_a = models.TextField(_("visibile a"), blank=True)

    objects = VersioneQuerySet.as_manager()

    class Meta:
        abstract = True


class Voce(Versione):
    """A row of one of the smaller lists. `chiave` is what people call it by, `gruppo` what it is a part of."""

    risorsa = models.CharField(_("risorsa"), max_length=20)
    chiave = models.CharField(_("chiave"), max_length=60, blank=True)
    gruppo = models.BigIntegerField(_("gruppo"), null=True)

    class Meta:
        verbose_name = _("voce pubblicata")
        verbose_name_plural = _("voci pubblicate")
        constraints = [
            models.UniqueConstraint(
                fields=["risorsa", "oggetto"], condition=Q(fino_a__isnull=True), name="una_voce_valida_per_oggetto"
            ),
            models.CheckConstraint(
                condition=Q(fino_a__isnull=True) | Q(fino_a__gt=F("dal")), name="voce_finisce_dopo_l_inizio"
            ),
        ]
        indexes = [
            models.Index(fields=["risorsa", "gruppo", "oggetto"], name="voci_per_gruppo"),
            models.Index(fields=["risorsa", "dal"], name="voci_per_inizio"),
            models.Index(fields=["risorsa", "fino_a"], condition=Q(fino_a__isnull=False), name="voci_per_fine"),
        ]

    def __str__(self) -> str:
        return f"{self.risorsa} {self.chiave or self.oggetto}"


class VoceCup(Versione):
    """A row of the flat list of CUPs, with a column for each field: what the CSV is copied from, and sorted by.

    Lists are texts with « | » between the items. Amounts in EUR. Texts are a character longer than where they come
    from: an apostrophe may stand before what a spreadsheet would take for a formula.
    """

    cup = models.CharField(max_length=15, blank=True)
    clp = models.CharField(max_length=101, blank=True)
    submisura = models.CharField(max_length=21)
    misura = models.CharField(max_length=21, blank=True)
    piano = models.CharField(max_length=31, blank=True)
    titolo = models.CharField(max_length=501, blank=True)
    soggetto_attuatore = models.CharField(max_length=256, blank=True)
    soggetto_attuatore_cf = models.CharField(max_length=17, blank=True)
    soggetto_attuatore_ipa = models.CharField(max_length=21, blank=True)
    comuni = models.TextField(blank=True)
    comuni_istat = models.TextField(blank=True)
    zone_omogenee = models.CharField(max_length=60, blank=True)
    natura = models.CharField(max_length=10)
    stato_cup = models.CharField(max_length=12)
    linea_finanziamento = models.CharField(max_length=10)
    monitorato_regis = models.BooleanField()
    finanziamento_totale_eur = ImportoField(null=True)
    finanziamento_pubblico_eur = ImportoField(null=True)
    finanziamento_pnrr_eur = ImportoField(null=True)
    finanziamento_pnc_eur = ImportoField(null=True)
    finanziamento_stato_eur = ImportoField(null=True)
    finanziamento_stato_bilancio_eur = ImportoField(null=True)
    finanziamento_foi_eur = ImportoField(null=True)
    finanziamento_fpop_eur = ImportoField(null=True)
    finanziamento_ue_eur = ImportoField(null=True)
    finanziamento_regione_eur = ImportoField(null=True)
    finanziamento_provincia_eur = ImportoField(null=True)
    finanziamento_comune_eur = ImportoField(null=True)
    finanziamento_altro_pubblico_eur = ImportoField(null=True)
    finanziamento_privato_eur = ImportoField(null=True)
    finanziamento_da_reperire_eur = ImportoField(null=True)
    finanziamento_altri_fondi_eur = ImportoField(null=True)
    pagamenti_regis_eur = ImportoField(null=True)
    impegnato_eur = ImportoField(null=True)
    pagato_eur = ImportoField(null=True)
    economie_eur = ImportoField(null=True)
    fase = models.CharField(max_length=11, blank=True)
    fase_nome = models.CharField(max_length=201, blank=True)
    avanzamento_percento = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    inizio_lavori = models.DateField(null=True)
    fine_prevista = models.DateField(null=True)
    fine_stimata = models.DateField(null=True)
    fine_effettiva = models.DateField(null=True)
    revocato_il = models.DateField(null=True)
    criticita_aperte = models.PositiveSmallIntegerField(default=0)
    criticita_gravi = models.PositiveSmallIntegerField(default=0)
    situazione_al = models.DateField(null=True)
    ultimo_approvato_il = models.DateTimeField(null=True)
    dati_regis_al = models.DateField(null=True)
    driver = models.CharField(max_length=60, blank=True)
    strategie = models.CharField(max_length=60, blank=True)
    dimostrativo = models.BooleanField()

    class Meta:
        verbose_name = _("CUP pubblicato")
        verbose_name_plural = _("CUP pubblicati")
        constraints = [
            models.UniqueConstraint(
                fields=["oggetto"], condition=Q(fino_a__isnull=True), name="un_cup_valido_per_intervento"
            ),
            models.CheckConstraint(
                condition=Q(fino_a__isnull=True) | Q(fino_a__gt=F("dal")), name="cup_finisce_dopo_l_inizio"
            ),
        ]
        indexes = [
            models.Index(fields=["oggetto", "dal"], name="cup_per_oggetto"),
            models.Index(fields=["cup", "oggetto"], name="cup_per_codice"),
            models.Index(fields=["titolo", "oggetto"], name="cup_per_titolo"),
            models.Index(fields=["finanziamento_totale_eur", "oggetto"], name="cup_per_importo"),
            models.Index(fields=["dal", "oggetto"], name="cup_per_inizio"),
            models.Index(fields=["fino_a", "oggetto"], condition=Q(fino_a__isnull=False), name="cup_per_fine"),
        ]

    def __str__(self) -> str:
        return self.cup or self.clp


COLONNE_FONTI: dict[str, str] = {fonte: f"finanziamento_{fonte}_eur" for fonte in FonteFinanziamento.values}
