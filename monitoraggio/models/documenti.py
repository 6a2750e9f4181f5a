"""Atti and giustificativi: each with its versions, kept outside the web root under names that nobody can guess."""

from __future__ import annotations

import uuid
from calendar import isleap
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enti.models import Utente
from interventi.models import Intervento
from monitoraggio.scelte import EsitoAntivirus
from psttm import formati
from registro.models import ConFonte

MEGA = 1_000_000


def peso(byte: int) -> str:
    """A size as people read it: 12,4 MB, 380 kB, 90 byte."""
    if byte >= MEGA:
        return f"{formati.numero(Decimal(byte) / MEGA, 1)}{formati.SPAZIO}MB"
    if byte >= 1000:
        return f"{formati.numero(Decimal(byte) / 1000)}{formati.SPAZIO}kB"
    return f"{byte}{formati.SPAZIO}byte"


class TipoDocumento(ConFonte):
    """A kind of document: which files it takes, how large, and how long they are kept by which norm."""

    codice = models.SlugField(_("codice"), max_length=30, unique=True)
    nome = models.CharField(_("nome"), max_length=120)
    atto = models.BooleanField(_("è un atto"), default=False)
    estensioni = models.JSONField(_("estensioni ammesse"), default=list)
    megabyte = models.PositiveSmallIntegerField(_("dimensione massima (MB)"), default=50)
    anni_conservazione = models.PositiveSmallIntegerField(_("anni di conservazione"), default=10)
    conservare_almeno_fino_al = models.DateField(
        _("in ogni caso fino al"), null=True, blank=True, help_text=_("Quando gli anni si contano da un giorno noto.")
    )
    nota = models.TextField(_("da quando si contano gli anni"), blank=True)
    ordine = models.PositiveSmallIntegerField(_("ordine"), default=0)

    class Meta:
        verbose_name = _("tipo di documento")
        verbose_name_plural = _("tipi di documento")
        ordering = ["ordine", "nome"]

    def __str__(self) -> str:
        return self.nome

    @property
    def ammessi(self) -> str:
        """The allowed files in words."""
        return f"{', '.join(self.estensioni)}; al massimo {self.megabyte} MB"

    @property
    def massimo_byte(self) -> int:
        return self.megabyte * MEGA

    def da_conservare(self, giorno: date) -> date:
        """Until when a document of this kind handed in on this day is kept."""
        anno = giorno.year + self.anni_conservazione
        # A 29 February has no twin in most years: the day after is the safe side.
        fine = (
            date(anno, 3, 1)
            if (giorno.month, giorno.day) == (2, 29) and not isleap(anno)
            else giorno.replace(year=anno)
        )
        return max(fine, self.conservare_almeno_fino_al or fine)


class DocumentoQuerySet(models.QuerySet["Documento"]):
    def visibili_a(self, utente: Utente | AnonymousUser) -> DocumentoQuerySet:
        """As for avanzamenti: staff and Cabina all, a body only those of the interventi it carries out."""
        if isinstance(utente, AnonymousUser):
            return self.none()
        if utente.vede_tutto:
            return self
        return self.filter(intervento__soggetto_attuatore__in=utente.enti) if utente.enti else self.none()

    def presenti(self) -> DocumentoQuerySet:
        return self.filter(eliminato_il__isnull=True)


class Documento(models.Model):
    """A document of an intervento. Deleting it is an act: the row and its reason stay, and the file for its years."""

    intervento = models.ForeignKey(Intervento, on_delete=models.PROTECT, related_name="documenti")
    mese = models.DateField(_("mese"), null=True, blank=True)
    tipo = models.ForeignKey(TipoDocumento, on_delete=models.PROTECT, verbose_name=_("tipo"), related_name="documenti")
    titolo = models.CharField(_("titolo"), max_length=200)
    data = models.DateField(_("data del documento"), null=True, blank=True)
    protocollo = models.CharField(_("protocollo"), max_length=60, blank=True)
    creato_da = models.ForeignKey(Utente, on_delete=models.PROTECT, verbose_name=_("caricato da"), related_name="+")
    creato_il = models.DateTimeField(_("caricato il"), default=timezone.now)
    conservare_fino_al = models.DateField(_("da conservare fino al"))
    eliminato_il = models.DateTimeField(_("eliminato il"), null=True, blank=True)
    eliminato_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("eliminato da"), related_name="+"
    )
    eliminato_atto = models.CharField(_("atto di eliminazione"), max_length=200, blank=True)
    eliminato_motivo = models.TextField(_("motivo dell'eliminazione"), blank=True)

    objects = DocumentoQuerySet.as_manager()

    class Meta:
        verbose_name = _("documento")
        verbose_name_plural = _("documenti")
        ordering = ["-creato_il", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(eliminato_il__isnull=True) | (~Q(eliminato_motivo="") & Q(eliminato_da__isnull=False)),
                name="eliminare_vuole_un_motivo",
            )
        ]

    def __str__(self) -> str:
        return self.titolo

    @property
    def numero_testo(self) -> str:
        return str(self.pk)


def percorso_casuale(_versione: Any, _nome: str) -> str:
    """Where a version is kept: a random name, without the suffix of the original."""
    nome = uuid.uuid4().hex
    return f"monitoraggio/{nome[:2]}/{nome}"


class VersioneDocumento(models.Model):
    """The bytes of a document, as they were handed in. Never replaced: a new file is a new version."""

    documento = models.ForeignKey(Documento, on_delete=models.PROTECT, related_name="versioni")
    numero = models.PositiveSmallIntegerField(_("versione"))
    nome = models.CharField(_("nome del file"), max_length=255)
    deposito = models.FileField(_("file"), upload_to=percorso_casuale, max_length=200)
    dimensione = models.PositiveBigIntegerField(_("dimensione (byte)"))
    sha256 = models.CharField(_("impronta SHA-256"), max_length=64)
    tipo_contenuto = models.CharField(_("tipo di contenuto"), max_length=100)
    antivirus = models.CharField(
        _("antivirus"), max_length=20, choices=EsitoAntivirus, default=EsitoAntivirus.NON_CONFIGURATO
    )
    caricata_da = models.ForeignKey(Utente, on_delete=models.PROTECT, verbose_name=_("caricata da"), related_name="+")
    caricata_il = models.DateTimeField(_("caricata il"), default=timezone.now)
    distrutta_il = models.DateTimeField(_("file distrutto il"), null=True, blank=True)

    class Meta:
        verbose_name = _("versione di un documento")
        verbose_name_plural = _("versioni dei documenti")
        ordering = ["documento", "-numero"]
        constraints = [models.UniqueConstraint(fields=["documento", "numero"], name="una_versione_per_numero")]

    def __str__(self) -> str:
        return self.nome

    @property
    def peso(self) -> str:
        return peso(self.dimensione)


class CaricamentoQuerySet(models.QuerySet["CaricamentoDocumento"]):
    def aperti(self) -> CaricamentoQuerySet:
        """Those that may still go on."""
        return self.filter(versione__isnull=True, errore="")


class CaricamentoDocumento(models.Model):
    """A file on its way: how much of it has arrived. It outlives dropped connections and killed processes.

    The bytes are in the store, a file for each piece (monitoraggio/documenti/pezzi.py); `ricevuti` is moved only after
    they are there to stay.
    """

    chiave = models.UUIDField(_("chiave"), default=uuid.uuid4, unique=True)
    intervento = models.ForeignKey(Intervento, on_delete=models.PROTECT, related_name="+")
    autore = models.ForeignKey(Utente, on_delete=models.PROTECT, verbose_name=_("chi"), related_name="+")
    documento = models.ForeignKey(
        Documento,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("nuova versione di"),
        related_name="+",
    )
    dati = models.JSONField(_("dati del documento"), default=dict)
    nome = models.CharField(_("nome del file"), max_length=255)
    dimensione = models.PositiveBigIntegerField(_("dimensione (byte)"))
    # What the browser can tell of the file before sending it, so that the same file taken up again is recognised.
    impronta = models.CharField(_("impronta del file"), max_length=100, blank=True)
    ricevuti = models.PositiveBigIntegerField(_("ricevuti (byte)"), default=0)
    creato_il = models.DateTimeField(_("iniziato il"), default=timezone.now)
    aggiornato_il = models.DateTimeField(_("ultimo pezzo il"), default=timezone.now)
    versione = models.OneToOneField(
        VersioneDocumento, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("esito"), related_name="+"
    )
    errore = models.TextField(_("errore"), blank=True)

    objects = CaricamentoQuerySet.as_manager()

    class Meta:
        verbose_name = _("caricamento di un documento")
        verbose_name_plural = _("caricamenti di documenti")
        ordering = ["-creato_il"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ricevuti__lte=models.F("dimensione")), name="ricevuti_non_oltre_la_dimensione"
            )
        ]

    def __str__(self) -> str:
        return self.nome

    @property
    def completo(self) -> bool:
        """All of it has arrived: it only has to be checked and taken in."""
        return self.ricevuti == self.dimensione

    @property
    def percentuale(self) -> int:
        return self.ricevuti * 100 // self.dimensione

    @property
    def arrivato(self) -> str:
        """How much has arrived, in words: 23,0 MB di 50,0 MB."""
        return f"{peso(self.ricevuti)} di {peso(self.dimensione)}"
