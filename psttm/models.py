"""The strategic plan (PSTTM 2025-2027) and the programme it frames, every row with its source."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from psttm import formati
from psttm.aiuto.modelli import GiroVisto  # noqa: F401 Django looks for models here
from psttm.campi import ImportoField
from registro.models import ConFonte


class PianoStrategico(ConFonte):
    codice = models.SlugField(_("codice"), unique=True)
    titolo = models.CharField(_("titolo"), max_length=200)
    motto = models.CharField(_("motto"), max_length=200, blank=True)
    anno_inizio = models.PositiveSmallIntegerField(_("primo anno"))
    anno_fine = models.PositiveSmallIntegerField(_("ultimo anno"))
    descrizione = models.TextField(_("descrizione"))

    class Meta:
        verbose_name = _("piano strategico")
        verbose_name_plural = _("piani strategici")
        ordering = ["-anno_inizio"]

    def __str__(self) -> str:
        return self.titolo


class Atto(ConFonte):
    """An act of the plan's life: start, approval, understanding with the Regione."""

    piano = models.ForeignKey(PianoStrategico, on_delete=models.CASCADE, related_name="atti")
    titolo = models.CharField(_("titolo"), max_length=300)
    numero = models.CharField(_("numero"), max_length=80, blank=True)
    organo = models.CharField(_("organo"), max_length=120, blank=True)
    data = models.DateField(_("data"), null=True, blank=True)

    class Meta:
        verbose_name = _("atto")
        verbose_name_plural = _("atti")
        ordering = ["data", "pk"]
        constraints = [models.UniqueConstraint(fields=["piano", "titolo"], name="un_atto_per_titolo")]

    def __str__(self) -> str:
        return self.titolo


class Passo(ConFonte):
    """One of the seven steps of the plan's making."""

    piano = models.ForeignKey(PianoStrategico, on_delete=models.CASCADE, related_name="passi")
    ordine = models.PositiveSmallIntegerField(_("ordine"))
    titolo = models.CharField(_("titolo"), max_length=200)

    class Meta:
        verbose_name = _("passo")
        verbose_name_plural = _("passi")
        ordering = ["ordine"]
        constraints = [models.UniqueConstraint(fields=["piano", "ordine"], name="un_passo_per_ordine")]

    def __str__(self) -> str:
        return self.titolo


class ParolaChiave(ConFonte):
    """A key word of the vision."""

    piano = models.ForeignKey(PianoStrategico, on_delete=models.CASCADE, related_name="parole_chiave")
    ordine = models.PositiveSmallIntegerField(_("ordine"))
    nome = models.CharField(_("nome"), max_length=60)
    descrizione = models.TextField(_("descrizione"))

    class Meta:
        verbose_name = _("parola chiave")
        verbose_name_plural = _("parole chiave")
        ordering = ["ordine"]
        constraints = [models.UniqueConstraint(fields=["piano", "nome"], name="una_parola_chiave_per_nome")]

    def __str__(self) -> str:
        return self.nome


class Missione(ConFonte):
    """One of the six missions of the PNRR, along which the plan orders its objectives."""

    numero = models.PositiveSmallIntegerField(_("numero"), unique=True)
    titolo = models.CharField(_("titolo"), max_length=200)
    descrizione = models.TextField(_("descrizione"))
    temi = models.JSONField(_("temi"), default=list, blank=True)
    obiettivi_nella_fonte = models.BooleanField(
        _("la fonte ne elenca gli obiettivi"), default=True, help_text=_("No per le Missioni 4 e 6: tabella mancante.")
    )

    class Meta:
        verbose_name = _("Missione")
        verbose_name_plural = _("Missioni")
        ordering = ["numero"]

    def __str__(self) -> str:
        return f"M{self.numero} {self.titolo}"

    @property
    def codice(self) -> str:
        return f"M{self.numero}"

    @property
    def numero_testo(self) -> str:
        return str(self.numero)


class Destinatario(models.TextChoices):
    CITTA_METROPOLITANA = "citta_metropolitana", _("Città metropolitana")
    COMUNI = "comuni", _("Comuni")
    CORPI_INTERMEDI = "corpi_intermedi", _("Corpi intermedi e altri attori")


class Obiettivo(ConFonte):
    """A strategic objective of a Missione, with those it is addressed to."""

    missione = models.ForeignKey(
        Missione, on_delete=models.PROTECT, verbose_name=_("Missione"), related_name="obiettivi"
    )
    numero = models.PositiveSmallIntegerField(_("numero"))
    testo = models.TextField(_("testo"), max_length=1000)
    per_citta_metropolitana = models.BooleanField(Destinatario.CITTA_METROPOLITANA.label, default=False)
    per_comuni = models.BooleanField(Destinatario.COMUNI.label, default=False)
    per_corpi_intermedi = models.BooleanField(Destinatario.CORPI_INTERMEDI.label, default=False)
    aggiunto_dal_personale = models.BooleanField(_("aggiunto dal personale"), default=False)

    class Meta:
        verbose_name = _("obiettivo")
        verbose_name_plural = _("obiettivi")
        ordering = ["missione__numero", "numero"]
        constraints = [
            models.UniqueConstraint(fields=["missione", "numero"], name="un_obiettivo_per_numero_nella_missione"),
            models.CheckConstraint(
                condition=Q(per_citta_metropolitana=True) | Q(per_comuni=True) | Q(per_corpi_intermedi=True),
                name="obiettivo_con_almeno_un_destinatario",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.codice} {self.testo}"

    @property
    def codice(self) -> str:
        return f"{self.missione.codice}.{self.numero}"

    @property
    def destinatari(self) -> list[Destinatario]:
        return [d for d in Destinatario if getattr(self, f"per_{d.value}")]


class Strategia(ConFonte):
    """A Strategia tematico-territoriale metropolitana (STTM) of the territorial plan (PTM)."""

    numero = models.PositiveSmallIntegerField(_("numero"), unique=True)
    titolo = models.CharField(_("titolo"), max_length=200)
    descrizione = models.TextField(_("descrizione"))
    approvata = models.CharField(_("approvata"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("STTM")
        verbose_name_plural = _("STTM")
        ordering = ["numero"]

    def __str__(self) -> str:
        return f"{self.codice} {self.titolo}"

    @property
    def codice(self) -> str:
        return f"STTM {self.numero}"


class Driver(ConFonte):
    """One of the ten priority lines of work of the strategic agenda."""

    numero = models.PositiveSmallIntegerField(_("numero"), unique=True)
    titolo = models.CharField(_("titolo"), max_length=120)
    sottotitolo = models.CharField(_("sottotitolo"), max_length=200)
    descrizione = models.TextField(_("descrizione"))
    linee = models.JSONField(_("linee di lavoro"), default=list, blank=True)
    strategie = models.ManyToManyField(
        Strategia, through="LegameDriverStrategia", related_name="driver", verbose_name=_("STTM")
    )
    obiettivi = models.ManyToManyField(
        Obiettivo, through="LegameDriverObiettivo", related_name="driver", verbose_name=_("obiettivi")
    )

    class Meta:
        verbose_name = _("Driver")
        verbose_name_plural = _("Driver")
        ordering = ["numero"]

    def __str__(self) -> str:
        return f"{self.codice} {self.titolo}"

    @property
    def codice(self) -> str:
        return f"Driver {self.numero}"


class LegameDriverStrategia(ConFonte):
    """A STTM develops a Driver: stated by the source."""

    driver = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="legami_strategie")
    strategia = models.ForeignKey(Strategia, on_delete=models.CASCADE, related_name="legami_driver")
    motivo = models.TextField(_("che cosa dice la fonte"))

    class Meta:
        verbose_name = _("legame Driver-STTM")
        verbose_name_plural = _("legami Driver-STTM")
        ordering = ["driver__numero"]
        constraints = [models.UniqueConstraint(fields=["driver", "strategia"], name="un_legame_per_driver_e_strategia")]

    def __str__(self) -> str:
        return f"{self.driver_id} → {self.strategia_id}"


class LegameDriverObiettivo(ConFonte):
    """A Driver takes up an objective: both texts name the same plan, tool or project, said in `motivo`."""

    driver = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="legami_obiettivi")
    obiettivo = models.ForeignKey(Obiettivo, on_delete=models.CASCADE, related_name="legami_driver")
    motivo = models.TextField(_("che cosa hanno in comune i due testi"))

    class Meta:
        verbose_name = _("legame Driver-obiettivo")
        verbose_name_plural = _("legami Driver-obiettivo")
        ordering = ["driver__numero", "obiettivo__missione__numero", "obiettivo__numero"]
        constraints = [models.UniqueConstraint(fields=["driver", "obiettivo"], name="un_legame_per_driver_e_obiettivo")]

    def __str__(self) -> str:
        return f"{self.driver_id} → {self.obiettivo_id}"


class LivelloMisura(models.TextChoices):
    MISSIONE = "missione", _("Missione")
    COMPONENTE = "componente", _("Componente")
    AMBITO = "ambito", _("Ambito di intervento")
    INVESTIMENTO = "investimento", _("Investimento")
    SUBMISURA = "submisura", _("Submisura")


class Misura(ConFonte):
    """A node of the tree of PNRR measures; leaves carry the sub-measure code that ReGiS uses."""

    codice = models.CharField(_("codice"), max_length=20, unique=True)
    titolo = models.CharField(_("titolo"), max_length=250)
    livello = models.CharField(_("livello"), max_length=12, choices=LivelloMisura)
    genitore = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="figlie", verbose_name=_("fa parte di")
    )
    ordine = models.PositiveSmallIntegerField(_("ordine"), default=0)
    importo = ImportoField(_("importo nazionale (EUR)"), null=True, blank=True)
    importo_assegnato = ImportoField(_("assegnato alla Città metropolitana (EUR)"), null=True, blank=True)
    nota = models.TextField(_("nota"), blank=True)

    class Meta:
        verbose_name = _("misura PNRR")
        verbose_name_plural = _("misure PNRR")
        ordering = ["ordine", "codice"]

    def __str__(self) -> str:
        return f"{self.codice} {self.titolo}"


class TipoStrumento(models.TextChoices):
    PROGRAMMA = "programma", _("Programma o progetto")
    PIANO = "piano", _("Piano o atto di pianificazione")
    PIATTAFORMA = "piattaforma", _("Piattaforma")


class Strumento(ConFonte):
    """A tool by which the plan is put into effect, with the STTM it serves where the source states them."""

    nome = models.CharField(_("nome"), max_length=150, unique=True)
    sigla = models.CharField(_("sigla"), max_length=30, blank=True)
    tipo = models.CharField(_("tipo"), max_length=12, choices=TipoStrumento)
    ordine = models.PositiveSmallIntegerField(_("ordine"), default=0)
    descrizione = models.TextField(_("descrizione"))
    strategie = models.ManyToManyField(Strategia, blank=True, related_name="strumenti", verbose_name=_("STTM"))

    class Meta:
        verbose_name = _("strumento di attuazione")
        verbose_name_plural = _("strumenti di attuazione")
        ordering = ["ordine", "nome"]

    def __str__(self) -> str:
        return self.nome


class Intesa(ConFonte):
    """An understanding with one of the six kinds of partner, the plan's way of implementation."""

    ordine = models.PositiveSmallIntegerField(_("ordine"), unique=True)
    partner = models.CharField(_("con chi"), max_length=200)
    scopo = models.TextField(_("per che cosa"))
    atti = models.JSONField(_("atti"), default=list, blank=True)

    class Meta:
        verbose_name = _("intesa")
        verbose_name_plural = _("intese")
        ordering = ["ordine"]

    def __str__(self) -> str:
        return self.partner


# Units that measure; the others of the fixtures only count ("interventi", "Comuni").
UNITA_DI_MISURA = frozenset({"%", "km", "m²", "ettari"})


class RisultatoDichiarato(ConFonte):
    """A figure that a source declares of the programme, on the day it speaks of. Never computed from data."""

    programma = models.CharField(_("programma"), max_length=80)
    ordine = models.PositiveSmallIntegerField(_("ordine"))
    voce = models.CharField(_("voce"), max_length=200)
    valore = models.DecimalField(_("valore"), max_digits=18, decimal_places=2, null=True, blank=True)
    unita = models.CharField(_("unità"), max_length=40, blank=True)
    testo = models.CharField(_("precisazione"), max_length=300, blank=True)
    al = models.DateField(_("situazione al"), null=True, blank=True)
    in_evidenza = models.BooleanField(_("in evidenza nella home"), default=False)

    class Meta:
        verbose_name = _("risultato dichiarato")
        verbose_name_plural = _("risultati dichiarati")
        ordering = ["ordine", "pk"]
        constraints = [models.UniqueConstraint(fields=["programma", "voce"], name="un_risultato_per_programma_e_voce")]

    def __str__(self) -> str:
        return f"{self.programma}: {self.voce}"

    @property
    def cifra(self) -> str:
        """The figure as people read it: with its unit where it measures, alone where it counts what `voce` names."""
        if self.valore is None:
            return ""
        if self.unita == "EUR":
            return formati.euro(self.valore) if self.valore < 1_000_000 else formati.milioni(self.valore)
        decimali = 0 if self.valore == self.valore.to_integral_value() else 2
        numero = formati.numero(self.valore, decimali).removesuffix("0") if decimali else formati.numero(self.valore)
        return f"{numero}{formati.SPAZIO}{self.unita}" if self.unita in UNITA_DI_MISURA else numero


class TemaContesto(models.TextChoices):
    DEMOGRAFIA = "demografia", _("Demografia")
    LAVORO = "lavoro", _("Redditi e occupazione")
    ECONOMIA = "economia", _("Sistema economico")
    SUOLO = "suolo", _("Uso del suolo")
    MOBILITA = "mobilita", _("Sistema della mobilità")
    SERVIZI = "servizi", _("Servizi sovralocali")
    AMBIENTE = "ambiente", _("Ambiente ed emissioni")


class IndicatoreContesto(ConFonte):
    """A figure of the territory («I numeri del territorio»), with unit, year and who measured it."""

    tema = models.CharField(_("tema"), max_length=12, choices=TemaContesto)
    ordine = models.PositiveSmallIntegerField(_("ordine"))
    nome = models.CharField(_("indicatore"), max_length=200)
    ambito = models.CharField(_("territorio"), max_length=80, default="Città metropolitana")
    valore = models.DecimalField(_("valore"), max_digits=16, decimal_places=2)
    decimali = models.PositiveSmallIntegerField(_("decimali da mostrare"), default=0)
    unita = models.CharField(_("unità"), max_length=40)
    periodo = models.CharField(_("anno o periodo"), max_length=20)
    rilevato_da = models.CharField(_("dato di"), max_length=120)

    class Meta:
        verbose_name = _("indicatore di contesto")
        verbose_name_plural = _("indicatori di contesto")
        ordering = ["ordine"]
        constraints = [
            models.UniqueConstraint(fields=["nome", "ambito", "periodo"], name="un_indicatore_per_nome_ambito_periodo")
        ]

    def __str__(self) -> str:
        return self.nome
