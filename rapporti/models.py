"""The archive of the reports, the meetings they are made for, and who was sent them."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from enti.models import Utente
from rapporti.domanda import Domanda, Perimetro
from rapporti.scelte import TipoPerimetro, TipoRapporto
from registro.models import Lavoro


class RapportoQuerySet(models.QuerySet["Rapporto"]):
    def pronti(self) -> RapportoQuerySet:
        return self.filter(pronto_il__isnull=False)


class Rapporto(models.Model):
    """A report, asked for once: the question that it answers, the job that makes it and, once ready, its files.

    A ready report never changes, and triggers of the database hold it so. The files are in the document store, under
    names made from the code: `deposito` of the PDF, `dati` of the data it was made from (JSON), `foglio` of the XLSX.
    `impronta` is the SHA-256 of the PDF in hexadecimal.
    """

    codice = models.CharField(_("codice"), max_length=14, unique=True)
    tipo = models.CharField(_("tipo"), max_length=12, choices=TipoRapporto)
    perimetro = models.CharField(_("perimetro"), max_length=12, choices=TipoPerimetro)
    chiave = models.CharField(_("quale"), max_length=30, blank=True)
    nome_perimetro = models.CharField(_("perimetro in parole"), max_length=200)
    al = models.DateField(_("situazione al"))
    noto_al = models.DateTimeField(_("come era nota il"))
    confronto_al = models.DateField(_("rispetto alla situazione al"))
    confronto_noto_al = models.DateTimeField(_("come era nota il, per il confronto"))

    richiesto_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("richiesto da"), related_name="+"
    )
    richiesto_il = models.DateTimeField(_("richiesto il"), default=timezone.now)
    lavoro = models.ForeignKey(
        Lavoro, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("lavoro"), related_name="+"
    )
    # Mail it to the members of the Cabina as soon as it is ready.
    da_spedire = models.BooleanField(_("da spedire alla Cabina"), default=False)

    pronto_il = models.DateTimeField(_("pronto il"), null=True, blank=True)
    versione_portale = models.CharField(_("versione del portale"), max_length=20, blank=True)
    deposito = models.CharField(_("file PDF"), max_length=100, blank=True)
    dati = models.CharField(_("file dei dati"), max_length=100, blank=True)
    foglio = models.CharField(_("file XLSX"), max_length=100, blank=True)
    impronta = models.CharField(_("impronta SHA-256"), max_length=64, blank=True)
    impronta_dati = models.CharField(_("impronta SHA-256 dei dati"), max_length=64, blank=True)
    byte = models.PositiveBigIntegerField(_("dimensione (byte)"), default=0)
    pagine = models.PositiveIntegerField(_("pagine"), default=0)
    interventi = models.PositiveIntegerField(_("interventi"), default=0)
    # The sentences of the cover, for the archive and the mail.
    sintesi = models.JSONField(_("sintesi"), default=list, blank=True, encoder=DjangoJSONEncoder)

    objects = RapportoQuerySet.as_manager()

    class Meta:
        verbose_name = _("rapporto")
        verbose_name_plural = _("rapporti")
        ordering = ["-richiesto_il", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tipo", "perimetro", "chiave", "al", "noto_al", "confronto_al", "confronto_noto_al"],
                name="un_rapporto_per_domanda",
            ),
            models.CheckConstraint(
                condition=Q(perimetro="programma", chiave="") | (~Q(perimetro="programma") & ~Q(chiave="")),
                name="perimetro_con_la_sua_chiave",
            ),
            models.CheckConstraint(
                condition=Q(pronto_il__isnull=True, impronta="", deposito="")
                | (Q(pronto_il__isnull=False) & ~Q(impronta="") & ~Q(deposito="")),
                name="pronto_ha_file_e_impronta",
            ),
            models.CheckConstraint(
                condition=Q(confronto_al__lte=models.F("al"), confronto_noto_al__lte=models.F("noto_al")),
                name="il_confronto_viene_prima",
            ),
        ]
        indexes = [
            models.Index(fields=["impronta"], name="rapporto_per_impronta"),
            models.Index(fields=["tipo", "perimetro", "chiave", "-al"], name="rapporto_per_domanda"),
        ]

    def __str__(self) -> str:
        return f"{self.get_tipo_display()} {self.codice}"

    @property
    def domanda(self) -> Domanda:
        """The question, from which the report can be made again."""
        return Domanda(
            tipo=TipoRapporto(self.tipo),
            perimetro=Perimetro(TipoPerimetro(self.perimetro), self.chiave),
            al=self.al,
            noto_al=self.noto_al,
            confronto_al=self.confronto_al,
            confronto_noto_al=self.confronto_noto_al,
        )

    @property
    def pronto(self) -> bool:
        return self.pronto_il is not None

    @property
    def nome_file(self) -> str:
        """rapporto-avanzamento-come-in-2024-12-31-7K3M-Q9TD-X20B.pdf"""
        pezzi = ["rapporto", self.tipo, slugify(self.chiave) or self.perimetro, self.al.isoformat(), self.codice]
        return f"{'-'.join(pezzi)}.pdf"


class Riunione(models.Model):
    """A meeting of the Cabina di regia, and how many days before it its reports are made.

    They speak of `al`; changes are told since the reports of the meeting before. `richieste` is what to make, each as
    [kind, kind of perimeter, key].
    """

    giorno = models.DateField(_("giorno"), unique=True)
    titolo = models.CharField(_("titolo"), max_length=200, default=_("Cabina di regia"))
    al = models.DateField(_("situazione al"))
    giorni_prima = models.PositiveSmallIntegerField(_("giorni prima"), default=3)
    richieste = models.JSONField(_("rapporti da preparare"), default=list, encoder=DjangoJSONEncoder)
    spedire = models.BooleanField(_("spedire ai membri della Cabina"), default=True)
    creata_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("creata da"), related_name="+"
    )
    creata_il = models.DateTimeField(_("creata il"), default=timezone.now)
    preparata_il = models.DateTimeField(_("preparata il"), null=True, blank=True)
    rapporti = models.ManyToManyField(Rapporto, blank=True, related_name="riunioni", verbose_name=_("rapporti"))

    class Meta:
        verbose_name = _("riunione")
        verbose_name_plural = _("riunioni")
        ordering = ["-giorno"]
        constraints = [
            models.CheckConstraint(condition=Q(al__lte=models.F("giorno")), name="riunione_parla_del_passato"),
        ]

    def __str__(self) -> str:
        return f"{self.titolo} del {self.giorno:%d/%m/%Y}"

    @property
    def si_prepara_il(self) -> date:
        """The day on which beat asks for its reports."""
        return self.giorno - timedelta(days=self.giorni_prima)


class InvioRapporto(models.Model):
    """A report mailed to a person: once. Whoever sends it takes it first; freed if the attempt fails."""

    rapporto = models.ForeignKey(Rapporto, on_delete=models.CASCADE, related_name="invii")
    utente = models.ForeignKey(Utente, on_delete=models.CASCADE, related_name="+", verbose_name=_("a chi"))
    preso_il = models.DateTimeField(_("preso il"), null=True, blank=True)
    spedito_il = models.DateTimeField(_("spedito il"), null=True, blank=True)

    class Meta:
        verbose_name = _("invio di un rapporto")
        verbose_name_plural = _("invii dei rapporti")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["rapporto", "utente"], name="un_invio_per_persona_e_rapporto")]

    def __str__(self) -> str:
        return f"{self.rapporto_id} a {self.utente_id}"
