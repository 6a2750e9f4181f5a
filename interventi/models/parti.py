"""The parts of an intervento: where, with what money, through which tenders, with whom, for which indicators."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enti.models import Comune
from interventi.models.intervento import Intervento
from interventi.models.origine import DatoRegis
from interventi.scelte import FonteFinanziamento, RuoloSoggetto, TipoOperatore, VoceDiSpesa
from psttm.campi import ImportoField
from psttm.models import Driver, Strategia
from registro.storia import storia


class Localizzazione(DatoRegis):
    """A place of the intervento. "000" means "not at this level": a whole province, a whole region."""

    intervento = models.ForeignKey(Intervento, on_delete=models.CASCADE, related_name="localizzazioni")
    comune = models.ForeignKey(
        Comune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("Comune"),
        related_name="localizzazioni",
    )
    codice_regione = models.CharField(_("codice della regione"), max_length=3, default="000")
    codice_provincia = models.CharField(_("codice della provincia"), max_length=3, default="000")
    codice_comune = models.CharField(_("codice del Comune nella provincia"), max_length=3, default="000")
    indirizzo = models.CharField(_("indirizzo"), max_length=500, blank=True)
    cap = models.CharField(_("CAP"), max_length=5, blank=True)
    quota = models.DecimalField(
        _("quota (%)"), max_digits=5, decimal_places=2, null=True, blank=True, help_text=_("Quanta parte è qui.")
    )

    storico = storia()

    class Meta:
        verbose_name = _("localizzazione")
        verbose_name_plural = _("localizzazioni")
        ordering = ["codice_regione", "codice_provincia", "codice_comune", "indirizzo"]
        constraints = [
            models.UniqueConstraint(
                fields=["intervento", "codice_regione", "codice_provincia", "codice_comune", "indirizzo", "cap"],
                name="una_localizzazione_per_luogo",
            ),
            models.CheckConstraint(
                condition=Q(quota__isnull=True) | Q(quota__gte=0, quota__lte=100), name="quota_fra_zero_e_cento"
            ),
        ]
        indexes = [models.Index(fields=["comune", "intervento"], name="localizzazione_per_comune")]

    def __str__(self) -> str:
        return str(self.comune or f"{self.codice_regione}-{self.codice_provincia}-{self.codice_comune}")


class Finanziamento(DatoRegis):
    """What one source gives, and what was paid out of it until `dati_al` (both in EUR, None: not known)."""

    intervento = models.ForeignKey(Intervento, on_delete=models.CASCADE, related_name="finanziamenti")
    fonte = models.CharField(_("fonte"), max_length=20, choices=FonteFinanziamento)
    importo = ImportoField(_("importo (EUR)"), null=True, blank=True)
    pagato = ImportoField(_("pagato (EUR)"), null=True, blank=True)
    pagato_al = models.DateField(_("pagato in ReGiS al"), null=True, blank=True, editable=False)

    storico = storia()

    class Meta:
        verbose_name = _("finanziamento")
        verbose_name_plural = _("finanziamenti")
        ordering = ["fonte"]
        constraints = [
            models.UniqueConstraint(fields=["intervento", "fonte"], name="un_finanziamento_per_fonte"),
            models.CheckConstraint(condition=Q(importo__isnull=True) | Q(importo__gte=0), name="importo_non_negativo"),
        ]

    def __str__(self) -> str:
        return str(self.get_fonte_display())


class VoceQuadroEconomico(models.Model):
    """One item of the quadro economico, in EUR."""

    intervento = models.ForeignKey(Intervento, on_delete=models.CASCADE, related_name="quadro_economico")
    voce = models.CharField(_("voce"), max_length=20, choices=VoceDiSpesa)
    importo = ImportoField(_("importo (EUR)"))

    storico = storia()

    class Meta:
        verbose_name = _("voce del quadro economico")
        verbose_name_plural = _("quadro economico")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["intervento", "voce"], name="una_riga_per_voce_di_spesa"),
            models.CheckConstraint(condition=Q(importo__gte=0), name="voce_di_spesa_non_negativa"),
        ]

    def __str__(self) -> str:
        return str(self.get_voce_display())


class Procedura(DatoRegis):
    """A tender of the intervento. `codice_pda` is its key in ReGiS, where several lots may share a CIG."""

    intervento = models.ForeignKey(Intervento, on_delete=models.CASCADE, related_name="procedure")
    cig = models.CharField(_("CIG"), max_length=10, blank=True, db_index=True)
    codice_pda = models.CharField(_("codice ReGiS della procedura"), max_length=60, blank=True)
    codice_utente = models.CharField(_("codice dell'ente"), max_length=60, blank=True)
    cig_accordo_quadro = models.CharField(_("CIG dell'accordo quadro"), max_length=10, blank=True)
    oggetto = models.TextField(_("oggetto"), blank=True)
    oggetto_principale = models.CharField(_("oggetto principale"), max_length=40, blank=True)
    modalita = models.CharField(_("modalità di realizzazione"), max_length=200, blank=True)
    tipo = models.CharField(_("procedura di aggiudicazione"), max_length=250, blank=True)
    motivo_assenza_codice = models.CharField(_("codice del motivo di assenza del CIG"), max_length=5, blank=True)
    motivo_assenza = models.CharField(_("motivo di assenza del CIG"), max_length=300, blank=True)
    importo = ImportoField(_("importo a gara (EUR)"), null=True, blank=True)
    importo_aggiudicato = ImportoField(_("importo aggiudicato (EUR)"), null=True, blank=True)
    pubblicata = models.DateField(_("pubblicata il"), null=True, blank=True)
    aggiudicata = models.DateField(_("aggiudicata il"), null=True, blank=True)

    storico = storia()

    class Meta:
        verbose_name = _("procedura di gara")
        verbose_name_plural = _("procedure di gara")
        ordering = ["pubblicata", "cig", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["intervento", "cig", "codice_pda"], name="una_procedura_per_cig_e_codice_regis"
            ),
            models.CheckConstraint(
                condition=~Q(cig="") | ~Q(codice_pda="") | ~Q(motivo_assenza=""),
                name="procedura_con_cig_codice_o_motivo",
            ),
        ]

    def __str__(self) -> str:
        return self.cig or self.oggetto[:80] or self.codice_pda


class Operatore(DatoRegis):
    """A firm that won a tender, or works in it as a subcontractor."""

    procedura = models.ForeignKey(Procedura, on_delete=models.CASCADE, related_name="operatori")
    tipo = models.CharField(_("tipo"), max_length=15, choices=TipoOperatore, default=TipoOperatore.AGGIUDICATARIO)
    codice_fiscale = models.CharField(_("codice fiscale o partita IVA"), max_length=16, blank=True)
    denominazione = models.CharField(_("denominazione"), max_length=255, blank=True)
    ruolo = models.CharField(_("ruolo"), max_length=100, blank=True)
    forma_giuridica = models.CharField(_("forma giuridica"), max_length=150, blank=True)
    codice_ateco = models.CharField(_("codice ATECO"), max_length=12, blank=True)

    storico = storia()

    class Meta:
        verbose_name = _("operatore economico")
        verbose_name_plural = _("operatori economici")
        ordering = ["tipo", "denominazione"]
        constraints = [
            models.UniqueConstraint(
                fields=["procedura", "tipo", "codice_fiscale", "denominazione", "ruolo"], name="un_operatore_per_ruolo"
            )
        ]

    def __str__(self) -> str:
        return self.denominazione or self.codice_fiscale


class SoggettoCollegato(DatoRegis):
    """A body with a role in the project, as ReGiS lists them (table SC00)."""

    intervento = models.ForeignKey(Intervento, on_delete=models.CASCADE, related_name="soggetti")
    ruolo = models.CharField(_("ruolo"), max_length=15, choices=RuoloSoggetto)
    codice_fiscale = models.CharField(_("codice fiscale"), max_length=16, blank=True)
    denominazione = models.CharField(_("denominazione"), max_length=255, blank=True)
    forma_giuridica = models.CharField(_("forma giuridica"), max_length=150, blank=True)
    codice_ateco = models.CharField(_("codice ATECO"), max_length=12, blank=True)

    storico = storia()

    class Meta:
        verbose_name = _("soggetto collegato")
        verbose_name_plural = _("soggetti collegati")
        ordering = ["ruolo", "denominazione"]
        constraints = [
            models.UniqueConstraint(
                fields=["intervento", "ruolo", "codice_fiscale", "denominazione"], name="un_soggetto_per_ruolo"
            )
        ]

    def __str__(self) -> str:
        return self.denominazione


class Indicatore(DatoRegis):
    """An indicator of ReGiS: value planned and value reached, in its unit (T0039 m², T0146 interventi completed)."""

    intervento = models.ForeignKey(Intervento, on_delete=models.CASCADE, related_name="indicatori")
    codice = models.CharField(_("codice"), max_length=15)
    descrizione = models.CharField(_("descrizione"), max_length=300, blank=True)
    unita = models.CharField(_("unità di misura"), max_length=60, blank=True)
    tipo = models.CharField(_("tipo"), max_length=40, blank=True)
    programmato = models.DecimalField(_("programmato"), max_digits=20, decimal_places=4, null=True, blank=True)
    realizzato = models.DecimalField(_("realizzato"), max_digits=20, decimal_places=4, null=True, blank=True)
    anno = models.PositiveSmallIntegerField(_("anno"), null=True, blank=True)
    mese = models.PositiveSmallIntegerField(_("mese"), null=True, blank=True)

    storico = storia()

    class Meta:
        verbose_name = _("indicatore")
        verbose_name_plural = _("indicatori")
        ordering = ["codice"]
        constraints = [
            models.UniqueConstraint(fields=["intervento", "codice", "tipo"], name="un_indicatore_per_codice"),
            models.CheckConstraint(condition=Q(mese__isnull=True) | Q(mese__gte=1, mese__lte=12), name="mese_vero"),
        ]

    def __str__(self) -> str:
        return f"{self.codice} {self.descrizione}"


class LegameDriver(models.Model):
    """The intervento serves a Driver of the strategic agenda."""

    intervento = models.ForeignKey(Intervento, on_delete=models.CASCADE, related_name="legami_driver")
    driver = models.ForeignKey(Driver, on_delete=models.PROTECT, verbose_name=_("Driver"), related_name="+")
    motivo = models.CharField(_("perché"), max_length=300, blank=True)

    storico = storia()

    class Meta:
        verbose_name = _("legame con un Driver")
        verbose_name_plural = _("legami con i Driver")
        ordering = ["driver__numero"]
        constraints = [
            models.UniqueConstraint(fields=["intervento", "driver"], name="un_legame_per_intervento_e_driver")
        ]
        indexes = [models.Index(fields=["driver", "intervento"], name="interventi_per_driver")]

    def __str__(self) -> str:
        return f"{self.intervento_id} → {self.driver_id}"


class LegameStrategia(models.Model):
    """The intervento serves a STTM."""

    intervento = models.ForeignKey(Intervento, on_delete=models.CASCADE, related_name="legami_strategie")
    strategia = models.ForeignKey(Strategia, on_delete=models.PROTECT, verbose_name=_("STTM"), related_name="+")
    motivo = models.CharField(_("perché"), max_length=300, blank=True)

    storico = storia()

    class Meta:
        verbose_name = _("legame con una STTM")
        verbose_name_plural = _("legami con le STTM")
        ordering = ["strategia__numero"]
        constraints = [
            models.UniqueConstraint(fields=["intervento", "strategia"], name="un_legame_per_intervento_e_sttm")
        ]
        indexes = [models.Index(fields=["strategia", "intervento"], name="interventi_per_sttm")]

    def __str__(self) -> str:
        return f"{self.intervento_id} → {self.strategia_id}"
