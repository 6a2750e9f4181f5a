"""The intervento: a project with its CUP, as the Sistema CUP and ReGiS know it."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enti.models import Ente, Utente
from interventi.cup import FORMA_CUP
from interventi.models.origine import DatoRegis
from interventi.scelte import LineaFinanziamento, LivelloProgettuale, NaturaCup, StatoCup
from psttm.campi import ImportoField
from psttm.models import Driver, Misura, Strategia
from registro.storia import storia

# The submisura of what the PNRR does not finance: part of the key too, so that the key has no holes.
FUORI_PNRR = "FUORI-PNRR"


class Submisura(models.Model):
    """A sub-measure as ReGiS names it, tied to the tree of measures of the plan where that knows it."""

    codice = models.CharField(_("codice"), max_length=20, unique=True)
    descrizione = models.CharField(_("descrizione"), max_length=500, blank=True)
    amministrazione = models.CharField(_("amministrazione titolare"), max_length=200, blank=True)
    misura = models.ForeignKey(
        Misura, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("misura"), related_name="submisure"
    )

    class Meta:
        verbose_name = _("submisura")
        verbose_name_plural = _("submisure")
        ordering = ["codice"]

    def __str__(self) -> str:
        return f"{self.codice} {self.descrizione}".strip()


class Classificazione(models.Model):
    """What a CUP is about: nature and type, then sector, subsector and category, by code and name."""

    natura = models.CharField(_("natura"), max_length=2, choices=NaturaCup, blank=True)
    tipologia = models.CharField(_("codice della tipologia"), max_length=2, blank=True)
    tipologia_nome = models.CharField(_("tipologia"), max_length=200, blank=True)
    settore = models.CharField(_("codice del settore"), max_length=2, blank=True)
    settore_nome = models.CharField(_("settore"), max_length=200, blank=True)
    sottosettore = models.CharField(_("codice del sottosettore"), max_length=2, blank=True)
    sottosettore_nome = models.CharField(_("sottosettore"), max_length=200, blank=True)
    categoria = models.CharField(_("codice della categoria"), max_length=3, blank=True)
    categoria_nome = models.CharField(_("categoria"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("classificazione CUP")
        verbose_name_plural = _("classificazioni CUP")
        ordering = ["natura", "tipologia", "settore", "sottosettore", "categoria"]
        constraints = [
            models.UniqueConstraint(
                fields=["natura", "tipologia", "settore", "sottosettore", "categoria"],
                name="una_classificazione_per_codici",
            )
        ]

    def __str__(self) -> str:
        nomi = [self.get_natura_display(), self.tipologia_nome, self.settore_nome, self.categoria_nome]
        return " · ".join(str(nome) for nome in nomi if nome)


class InterventoQuerySet(models.QuerySet["Intervento"]):
    def visibili_a(self, utente: Utente | AnonymousUser) -> InterventoQuerySet:
        """Staff and Cabina see all; a Comune what it carries out and what lies in its territory."""
        if isinstance(utente, AnonymousUser):
            return self.none()
        if utente.vede_tutto:
            return self
        if not utente.enti:
            return self.none()
        qui = self.model._default_manager.filter(pk=OuterRef("pk"), localizzazioni__comune__ente__in=utente.enti)
        return self.filter(Q(soggetto_attuatore__in=utente.enti) | Exists(qui))


class Intervento(DatoRegis):
    """A project of the register. Its key is that of ReGiS: CUP, codice locale progetto (CLP) and submisura.

    Amounts are in EUR. `dati_al`, `finanziamento_al` and `pagamenti_al` are the days ReGiS was read for the
    description, for the total funding and for the payments: each comes from its own table.
    """

    cup = models.CharField(_("CUP"), max_length=15, blank=True, help_text=_("Vuoto finché il CUP non è generato."))
    # Seen with 61 characters in ReGiS, although the Protocollo Unico di Colloquio allows 60.
    clp = models.CharField(_("codice locale progetto"), max_length=100, blank=True)
    submisura = models.ForeignKey(
        Submisura, on_delete=models.PROTECT, verbose_name=_("submisura"), related_name="interventi"
    )
    titolo = models.CharField(_("titolo"), max_length=500, blank=True)
    sintesi = models.TextField(_("sintesi"), blank=True)
    soggetto_attuatore = models.ForeignKey(
        Ente,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("soggetto attuatore"),
        related_name="interventi",
        help_text=_("L'ente che inserisce i dati nel portale."),
    )
    attuatore_denominazione = models.CharField(_("soggetto attuatore in ReGiS"), max_length=255, blank=True)
    attuatore_cf = models.CharField(_("codice fiscale del soggetto attuatore"), max_length=16, blank=True)

    stato_cup = models.CharField(_("stato del CUP"), max_length=12, choices=StatoCup, blank=True)
    classificazione = models.ForeignKey(
        Classificazione,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("classificazione CUP"),
        related_name="interventi",
    )
    tipo_aiuto = models.CharField(_("tipo di aiuto"), max_length=200, blank=True)
    pratt_codice = models.CharField(_("codice della procedura di attivazione"), max_length=30, blank=True)
    pratt_titolo = models.CharField(_("procedura di attivazione"), max_length=500, blank=True)
    progetto_in_essere = models.BooleanField(_("progetto in essere"), null=True, blank=True)
    linea_finanziamento = models.CharField(
        _("linea di finanziamento"), max_length=10, choices=LineaFinanziamento, blank=True
    )
    monitorato_regis = models.BooleanField(_("monitorato in ReGiS"), default=False)

    livello_progettuale = models.PositiveSmallIntegerField(
        _("livello progettuale"), choices=LivelloProgettuale, null=True, blank=True
    )
    inizio_previsto = models.DateField(_("inizio previsto"), null=True, blank=True)
    inizio_effettivo = models.DateField(_("inizio effettivo"), null=True, blank=True)
    fine_prevista = models.DateField(_("fine prevista"), null=True, blank=True)
    fine_effettiva = models.DateField(_("fine effettiva"), null=True, blank=True)
    stato_avanzamento = models.CharField(_("stato del progetto in ReGiS"), max_length=100, blank=True)
    fase_codice = models.CharField(_("codice della fase"), max_length=10, blank=True)
    fase_descrizione = models.CharField(_("fase"), max_length=200, blank=True)
    fase_stato = models.CharField(_("stato della fase"), max_length=60, blank=True)
    validato_il = models.DateField(_("ultima validazione in ReGiS"), null=True, blank=True)
    esito_validazione = models.CharField(_("esito dell'ultima validazione"), max_length=100, blank=True)

    finanziamento_totale = ImportoField(_("finanziamento totale (EUR)"), null=True, blank=True)
    finanziamento_pubblico = ImportoField(_("finanziamento totale pubblico (EUR)"), null=True, blank=True)
    finanziamento_pubblico_netto = ImportoField(_("finanziamento pubblico netto (EUR)"), null=True, blank=True)
    finanziamento_al = models.DateField(_("finanziamento in ReGiS al"), null=True, blank=True, editable=False)
    pagamenti_totali = ImportoField(_("pagamenti totali (EUR)"), null=True, blank=True)
    pagamenti_al = models.DateField(_("pagamenti in ReGiS al"), null=True, blank=True, editable=False)

    driver = models.ManyToManyField(Driver, through="LegameDriver", related_name="interventi", verbose_name=_("Driver"))
    strategie = models.ManyToManyField(
        Strategia, through="LegameStrategia", related_name="interventi", verbose_name=_("STTM")
    )

    dimostrativo = models.BooleanField(_("dato di dimostrazione"), default=False, editable=False)
    aggiornato = models.DateTimeField(_("aggiornato il"), default=timezone.now, editable=False)
    # Codes, title, bodies, Comuni and CIGs in plain capitals: what the search box looks into. See selectors.
    testo_ricerca = models.TextField(_("testo di ricerca"), blank=True, editable=False)

    objects = InterventoQuerySet.as_manager()
    storico = storia(escludi=["testo_ricerca", "aggiornato"])

    class Meta:
        verbose_name = _("intervento")
        verbose_name_plural = _("interventi")
        ordering = ["cup", "clp"]
        constraints = [
            models.UniqueConstraint(fields=["cup", "clp", "submisura"], name="un_intervento_per_cup_clp_submisura"),
            models.CheckConstraint(condition=Q(cup="") | Q(cup__regex=FORMA_CUP), name="cup_vuoto_o_ben_formato"),
            models.CheckConstraint(condition=~Q(cup="") | ~Q(clp=""), name="intervento_con_cup_o_codice_locale"),
            models.CheckConstraint(
                condition=Q(finanziamento_totale__isnull=True) | Q(finanziamento_totale__gte=0),
                name="finanziamento_totale_non_negativo",
            ),
            models.CheckConstraint(
                condition=Q(inizio_effettivo__isnull=True)
                | Q(fine_effettiva__isnull=True)
                | Q(fine_effettiva__gte=models.F("inizio_effettivo")),
                name="intervento_finisce_dopo_l_inizio",
            ),
        ]
        indexes = [
            # What the list counts, sums, filters and sorts by, read from the index alone: interventi.selectors.totali.
            models.Index(
                fields=[
                    "id",
                    "cup",
                    "finanziamento_totale",
                    "pagamenti_totali",
                    "submisura",
                    "stato_cup",
                    "linea_finanziamento",
                    "classificazione",
                    "soggetto_attuatore",
                ],
                name="intervento_in_breve",
            ),
            models.Index(fields=["finanziamento_totale", "id"], name="intervento_per_importo"),
            models.Index(fields=["aggiornato", "id"], name="intervento_per_aggiornamento"),
            models.Index(fields=["titolo", "id"], name="intervento_per_titolo"),
        ]

    def __str__(self) -> str:
        return f"{self.codice} {self.nome}"

    @property
    def codice(self) -> str:
        """The CUP, or the local code while there is none."""
        return self.cup or self.clp

    @property
    def nome(self) -> str:
        """The title; ReGiS publishes none for many, which are then called by their code."""
        return self.titolo or f"Intervento {self.codice}"

    @property
    def regis_al(self) -> date | None:
        """The last day ReGiS was read for any of its tables that describe, place or finance it; None: never."""
        giorni = [self.dati_al, self.finanziamento_al, self.pagamenti_al]
        giorni += [luogo.dati_al for luogo in self.localizzazioni.all()]
        return max((giorno for giorno in giorni if giorno is not None), default=None)
