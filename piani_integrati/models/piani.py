"""How the interventi are grouped: integrated plans and programmes, and the passages of their life."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enti.models import Ente, Utente
from interventi.models import Intervento
from piani_integrati.flusso import SEGNI, StatoPiano
from psttm.campi import ImportoField
from psttm.models import Driver, Misura, Strategia
from registro.models import ConFonte
from registro.storia import storia


class TipoPiano(models.TextChoices):
    PUI = "pui", _("Piano urbano integrato")
    PROGRAMMA = "programma", _("Programma")


class PianoIntegrato(ConFonte):
    """A Piano Urbano Integrato, or another programme whose projects have a CUP. Amounts in EUR.

    The statements (`dichiara_*`) are those that the presentation of an integrated proposal requires.
    """

    codice = models.CharField(_("codice"), max_length=30, unique=True)
    slug = models.SlugField(_("indirizzo"), max_length=40, unique=True)
    tipo = models.CharField(_("tipo"), max_length=10, choices=TipoPiano, default=TipoPiano.PUI)
    titolo = models.CharField(_("titolo"), max_length=250)
    descrizione = models.TextField(_("descrizione"), blank=True)
    proponente = models.ForeignKey(
        Ente, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("proponente"), related_name="piani"
    )
    misura = models.ForeignKey(
        Misura, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("misura PNRR"), related_name="piani"
    )
    stato = models.CharField(_("stato"), max_length=15, choices=StatoPiano, default=StatoPiano.BOZZA)
    importo_richiesto = ImportoField(_("importo richiesto (EUR)"), null=True, blank=True)
    importo_assegnato = ImportoField(_("importo assegnato (EUR)"), null=True, blank=True)
    decreto_in_vigore = models.DateField(
        _("entrata in vigore del decreto"), null=True, blank=True, help_text=_("Da qui decorre il termine.")
    )
    presentato_il = models.DateField(_("presentato il"), null=True, blank=True)
    inizio = models.DateField(_("inizio"), null=True, blank=True)
    fine = models.DateField(_("fine prevista"), null=True, blank=True)
    inclusione = models.TextField(
        _("misure per l'autonomia delle persone con disabilità e l'inclusione sociale"), blank=True
    )
    cofinanziamento_privato = models.TextField(_("partecipazione dei privati"), blank=True)
    coprogettazione = models.TextField(_("coprogettazione con il terzo settore"), blank=True)
    startup = models.TextField(_("start-up di servizi pubblici"), blank=True)
    dichiara_dnsh = models.BooleanField(_("dichiara il rispetto del principio DNSH per ogni intervento"), default=False)
    dichiara_suolo = models.BooleanField(
        _("dichiara che il saldo fra aree edificate e aree verdi è assicurato"), default=False
    )
    dichiara_cup = models.BooleanField(_("dichiara che i CUP indicati sono attivi"), default=False)
    strategie = models.ManyToManyField(Strategia, blank=True, related_name="piani", verbose_name=_("STTM"))
    driver = models.ManyToManyField(Driver, blank=True, related_name="piani", verbose_name=_("Driver"))
    interventi = models.ManyToManyField(
        Intervento, through="InterventoNelPiano", related_name="piani", verbose_name=_("interventi")
    )
    ordine = models.PositiveSmallIntegerField(_("ordine"), default=0)
    dimostrativo = models.BooleanField(_("dato di dimostrazione"), default=False, editable=False)

    storico = storia()

    class Meta:
        verbose_name = _("piano")
        verbose_name_plural = _("piani")
        ordering = ["tipo", "ordine", "codice"]
        constraints = [
            models.CheckConstraint(
                condition=Q(inizio__isnull=True) | Q(fine__isnull=True) | Q(fine__gte=models.F("inizio")),
                name="piano_finisce_dopo_l_inizio",
            ),
            models.CheckConstraint(
                condition=Q(importo_assegnato__isnull=True) | Q(importo_assegnato__gte=0),
                name="importo_assegnato_non_negativo",
            ),
            models.CheckConstraint(
                condition=Q(importo_richiesto__isnull=True) | Q(importo_richiesto__gte=0),
                name="importo_richiesto_non_negativo",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.codice} {self.titolo}"

    @property
    def segno(self) -> str:
        """The mark of its state, of those that every page uses."""
        return SEGNI[StatoPiano(self.stato)]


class InterventoNelPiano(models.Model):
    """An intervento belongs to one piano at most; `evidenza` says how that is known."""

    piano = models.ForeignKey(PianoIntegrato, on_delete=models.PROTECT, verbose_name=_("piano"), related_name="voci")
    intervento = models.OneToOneField(
        Intervento, on_delete=models.PROTECT, verbose_name=_("intervento"), related_name="nel_piano"
    )
    linea = models.CharField(_("linea"), max_length=80, blank=True, help_text=_("Per esempio: linea ciclabile 7."))
    evidenza = models.CharField(_("come si sa"), max_length=300, blank=True)

    storico = storia()

    class Meta:
        verbose_name = _("intervento nel piano")
        verbose_name_plural = _("interventi nel piano")
        ordering = ["piano", "pk"]

    def __str__(self) -> str:
        return f"{self.intervento_id} in {self.piano_id}"


class Passaggio(models.Model):
    """A piano passed from a state to another, by an act. Rows are only added."""

    piano = models.ForeignKey(PianoIntegrato, on_delete=models.PROTECT, related_name="passaggi")
    da = models.CharField(_("da"), max_length=15, choices=StatoPiano)
    a = models.CharField(_("a"), max_length=15, choices=StatoPiano)
    atto = models.CharField(
        _("atto"), max_length=200, help_text=_("Tipo e numero, per esempio: DM 22/04/2022, n. 100.")
    )
    organo = models.CharField(_("organo"), max_length=120, blank=True)
    data = models.DateField(_("data dell'atto"))
    nota = models.TextField(_("nota"), blank=True)
    autore = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("chi"), related_name="+"
    )
    quando = models.DateTimeField(_("registrato il"), default=timezone.now)

    class Meta:
        verbose_name = _("passaggio di stato")
        verbose_name_plural = _("passaggi di stato")
        ordering = ["quando", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(da=models.F("a")), name="passaggio_fra_stati_diversi"),
            models.CheckConstraint(condition=~Q(atto=""), name="passaggio_con_un_atto"),
        ]

    def __str__(self) -> str:
        return f"{self.get_da_display()} → {self.get_a_display()}"
