"""What an avanzamento declares, row by row: written when it is sent, frozen when it is approved.

Phases, indicators, criticalities and the rest are the state at the end of the month, all of it. Impegni, pagamenti and
SAL are what happened in the month: the ledger of an intervento is that of all its months in force.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from interventi.scelte import VoceDiSpesa
from monitoraggio.models.avanzamento import Avanzamento
from monitoraggio.models.documenti import Documento
from monitoraggio.models.traguardi import Traguardo
from monitoraggio.scelte import GravitaCriticita, TipoCriticita, TipoImpegno, TipoPagamento
from psttm.campi import ImportoField


class Contenuto(models.Model):
    """A row of an avanzamento. `riga` is its name in the draft, by which a remark finds it again."""

    riga = models.CharField(_("riga"), max_length=40)

    class Meta:
        abstract = True


class FaseAvanzamento(Contenuto):
    """A procedural phase with planned (baseline), forecast and actual dates."""

    avanzamento = models.ForeignKey(Avanzamento, on_delete=models.CASCADE, related_name="fasi")
    fase = models.CharField(_("fase"), max_length=10)
    inizio_previsto = models.DateField(_("inizio previsto"), null=True, blank=True)
    inizio_stimato = models.DateField(_("inizio stimato"), null=True, blank=True)
    inizio_effettivo = models.DateField(_("inizio effettivo"), null=True, blank=True)
    fine_prevista = models.DateField(_("fine prevista"), null=True, blank=True)
    fine_stimata = models.DateField(_("fine stimata"), null=True, blank=True)
    fine_effettiva = models.DateField(_("fine effettiva"), null=True, blank=True)

    class Meta:
        verbose_name = _("fase")
        verbose_name_plural = _("fasi")
        ordering = ["fase"]
        constraints = [models.UniqueConstraint(fields=["avanzamento", "fase"], name="una_riga_per_fase")]

    def __str__(self) -> str:
        return self.fase


class Sal(Contenuto):
    """A stato di avanzamento lavori issued in the month: number, day, amount of the works done until then."""

    avanzamento = models.ForeignKey(Avanzamento, on_delete=models.CASCADE, related_name="sal")
    numero = models.CharField(_("numero"), max_length=20)
    data = models.DateField(_("data"))
    importo = ImportoField(_("importo dei lavori eseguiti (EUR)"))
    percentuale = models.DecimalField(_("lavori eseguiti (%)"), max_digits=5, decimal_places=2, null=True, blank=True)
    documento = models.ForeignKey(Documento, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("stato di avanzamento lavori")
        verbose_name_plural = _("stati di avanzamento lavori")
        ordering = ["data", "numero", "pk"]

    def __str__(self) -> str:
        return f"SAL {self.numero}"


class ValoreIndicatore(Contenuto):
    """An indicator: value planned and value reached so far."""

    avanzamento = models.ForeignKey(Avanzamento, on_delete=models.CASCADE, related_name="valori_indicatori")
    codice = models.CharField(_("codice"), max_length=15)
    descrizione = models.CharField(_("descrizione"), max_length=300, blank=True)
    unita = models.CharField(_("unità di misura"), max_length=60, blank=True)
    programmato = models.DecimalField(_("programmato"), max_digits=20, decimal_places=4, null=True, blank=True)
    realizzato = models.DecimalField(_("realizzato"), max_digits=20, decimal_places=4, null=True, blank=True)

    class Meta:
        verbose_name = _("valore di un indicatore")
        verbose_name_plural = _("valori degli indicatori")
        ordering = ["codice", "pk"]

    def __str__(self) -> str:
        return self.codice


class Impegno(Contenuto):
    """A commitment of the month, or its release (`tipo` D), towards a payee."""

    avanzamento = models.ForeignKey(Avanzamento, on_delete=models.CASCADE, related_name="impegni")
    tipo = models.CharField(_("tipo"), max_length=1, choices=TipoImpegno, default=TipoImpegno.IMPEGNO)
    codice = models.CharField(_("numero"), max_length=20)
    data = models.DateField(_("data"))
    importo = ImportoField(_("importo (EUR)"))
    beneficiario = models.CharField(_("beneficiario"), max_length=255, blank=True)
    beneficiario_cf = models.CharField(_("codice fiscale o partita IVA"), max_length=16, blank=True)
    cig = models.CharField(_("CIG"), max_length=10, blank=True)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    documento = models.ForeignKey(Documento, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("impegno")
        verbose_name_plural = _("impegni")
        ordering = ["data", "codice", "pk"]
        constraints = [models.CheckConstraint(condition=Q(importo__gt=0), name="impegno_positivo")]

    def __str__(self) -> str:
        return self.codice


class Pagamento(Contenuto):
    """A payment of the month, or its recovery (`tipo` R), against a commitment, with its voucher."""

    avanzamento = models.ForeignKey(Avanzamento, on_delete=models.CASCADE, related_name="pagamenti")
    tipo = models.CharField(_("tipo"), max_length=1, choices=TipoPagamento, default=TipoPagamento.PAGAMENTO)
    codice = models.CharField(_("numero del mandato"), max_length=20)
    data = models.DateField(_("data"))
    importo = ImportoField(_("importo (EUR)"))
    percettore = models.CharField(_("percettore"), max_length=255, blank=True)
    percettore_cf = models.CharField(_("codice fiscale o partita IVA"), max_length=16, blank=True)
    importo_percettore = ImportoField(_("importo al percettore (EUR)"), null=True, blank=True)
    impegno = models.CharField(_("numero dell'impegno"), max_length=20, blank=True)
    cig = models.CharField(_("CIG"), max_length=10, blank=True)
    causale = models.CharField(_("causale"), max_length=1000, blank=True)
    documento = models.ForeignKey(Documento, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("pagamento")
        verbose_name_plural = _("pagamenti")
        ordering = ["data", "codice", "pk"]
        constraints = [models.CheckConstraint(condition=Q(importo__gt=0), name="pagamento_positivo")]

    def __str__(self) -> str:
        return self.codice


class VoceQuadro(Contenuto):
    """An item of the quadro economico: its amount may move among items, the total only by a variazione."""

    avanzamento = models.ForeignKey(Avanzamento, on_delete=models.CASCADE, related_name="voci_quadro")
    voce = models.CharField(_("voce"), max_length=20, choices=VoceDiSpesa)
    importo = ImportoField(_("importo (EUR)"))

    class Meta:
        verbose_name = _("voce del quadro economico")
        verbose_name_plural = _("quadro economico")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["avanzamento", "voce"], name="una_voce_per_avanzamento")]

    def __str__(self) -> str:
        return str(self.get_voce_display())


class CostoAnno(Contenuto):
    """A year of the plan of costs (FN03): realised and still to realise."""

    avanzamento = models.ForeignKey(Avanzamento, on_delete=models.CASCADE, related_name="piano_costi")
    anno = models.PositiveSmallIntegerField(_("anno"))
    realizzato = ImportoField(_("realizzato (EUR)"), null=True, blank=True)
    da_realizzare = ImportoField(_("da realizzare (EUR)"), null=True, blank=True)

    class Meta:
        verbose_name = _("anno del piano dei costi")
        verbose_name_plural = _("piano dei costi")
        ordering = ["anno"]
        constraints = [models.UniqueConstraint(fields=["avanzamento", "anno"], name="un_costo_per_anno")]

    def __str__(self) -> str:
        return str(self.anno)


class Criticita(Contenuto):
    """A critical issue as it stands this month: the same `riga` from month to month, until it is closed."""

    avanzamento = models.ForeignKey(Avanzamento, on_delete=models.CASCADE, related_name="criticita")
    tipo = models.CharField(_("tipo"), max_length=15, choices=TipoCriticita)
    gravita = models.CharField(_("gravità"), max_length=6, choices=GravitaCriticita)
    descrizione = models.TextField(_("che cosa succede"))
    azione = models.TextField(_("che cosa si fa"), blank=True)
    responsabile = models.CharField(_("chi se ne occupa"), max_length=200, blank=True)
    scadenza = models.DateField(_("entro il"), null=True, blank=True)
    seguito = models.TextField(_("novità di questo mese"), blank=True)
    chiusa_il = models.DateField(_("chiusa il"), null=True, blank=True)

    class Meta:
        verbose_name = _("criticità")
        verbose_name_plural = _("criticità")
        ordering = ["riga"]

    def __str__(self) -> str:
        return self.descrizione[:80]


class TraguardoAvanzamento(Contenuto):
    """What the Comune declares of a traguardo of its intervento."""

    avanzamento = models.ForeignKey(Avanzamento, on_delete=models.CASCADE, related_name="traguardi")
    traguardo = models.ForeignKey(Traguardo, on_delete=models.PROTECT, related_name="+")
    previsione = models.DateField(_("previsto per il"), null=True, blank=True)
    conseguito_il = models.DateField(_("conseguito il"), null=True, blank=True)
    valore = models.DecimalField(_("valore raggiunto"), max_digits=20, decimal_places=4, null=True, blank=True)
    evidenza = models.TextField(_("evidenza"), blank=True)

    class Meta:
        verbose_name = _("traguardo dichiarato")
        verbose_name_plural = _("traguardi dichiarati")
        ordering = ["traguardo__scadenza", "pk"]

    def __str__(self) -> str:
        return str(self.traguardo_id)


class Spiegazione(Contenuto):
    """The words with which the Comune explains a warning; `riga` names the warning."""

    avanzamento = models.ForeignKey(Avanzamento, on_delete=models.CASCADE, related_name="spiegazioni")
    testo = models.TextField(_("spiegazione"))

    class Meta:
        verbose_name = _("spiegazione")
        verbose_name_plural = _("spiegazioni")
        ordering = ["riga"]

    def __str__(self) -> str:
        return self.testo[:80]
