"""The count behind the Cruscotto: what a page would otherwise have to add up over every intervento of the programme.

A Fotografia is the programme on a day. Its interventi fall into Profili, one for each combination of piano, Comuni,
Driver and STTM: whatever the five filters choose is a set of Profili. The sums of what is asked most (nothing, one
filter, two) are kept ready in Caselle. Sums are in `somme`, as `cruscotto.conteggio.somme` writes them: whole numbers
only (money in cents), so that they add up exactly on every engine.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from piani_integrati.models import PianoIntegrato
from psttm.campi import ImportoField


class TipoFotografia(models.TextChoices):
    CORRENTE = "corrente", _("di oggi")
    GIORNO = "giorno", _("di un giorno")
    ISTANTE = "istante", _("di un giorno, come era noto a un istante")


class Fotografia(models.Model):
    """The programme counted on a day. Its row is the lock of whoever counts it again.

    `versione` numbers the states of the data: that of the current one grows when something changed and was counted
    again; the others keep the one they were counted at.
    """

    tipo = models.CharField(_("tipo"), max_length=10, choices=TipoFotografia)
    al = models.DateField(_("al"))
    noto_al = models.DateTimeField(_("come era noto il"), null=True, blank=True)
    versione = models.PositiveIntegerField(_("versione dei dati"), default=0)
    contata_il = models.DateTimeField(_("contata il"), default=timezone.now)
    interventi = models.PositiveIntegerField(_("interventi"), default=0)
    # What belongs to no intervento: traguardi of measures and piani, names of the indicators and of Comuni elsewhere.
    comune_a_tutti = models.JSONField(_("di tutti"), default=dict)

    class Meta:
        verbose_name = _("fotografia")
        verbose_name_plural = _("fotografie")
        ordering = ["-contata_il", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["tipo"], condition=Q(tipo="corrente"), name="una_fotografia_corrente"),
            models.UniqueConstraint(fields=["al"], condition=Q(tipo="giorno"), name="una_fotografia_per_giorno"),
            models.UniqueConstraint(
                fields=["al", "noto_al"], condition=Q(tipo="istante"), name="una_fotografia_per_giorno_e_istante"
            ),
            models.CheckConstraint(
                condition=(Q(tipo="istante") & Q(noto_al__isnull=False))
                | (~Q(tipo="istante") & Q(noto_al__isnull=True)),
                name="solo_un_istante_ha_noto_al",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_tipo_display()} {self.al:%d/%m/%Y}"


class Profilo(models.Model):
    """The interventi that have the same piano, Comuni, Driver and STTM.

    Sets are written between bars, "|015146|015182|", and so are the zone and the STTM that they come to: a filter is a
    LIKE on either engine. `strategie` are those tied to them or developed by one of their Driver. `chiave` is short for
    the combination.
    """

    fotografia = models.ForeignKey(Fotografia, on_delete=models.CASCADE, related_name="profili")
    chiave = models.CharField(_("chiave"), max_length=32)
    piano = models.ForeignKey(PianoIntegrato, on_delete=models.CASCADE, null=True, related_name="+")
    comuni = models.TextField(_("Comuni"), blank=True)
    zone = models.TextField(_("zone"), blank=True)
    driver = models.TextField(_("Driver"), blank=True)
    strategie = models.TextField(_("STTM"), blank=True)
    interventi = models.PositiveIntegerField(_("interventi"))
    somme = models.JSONField(_("somme"))

    class Meta:
        verbose_name = _("profilo")
        verbose_name_plural = _("profili")
        constraints = [models.UniqueConstraint(fields=["fotografia", "chiave"], name="un_profilo_per_combinazione")]

    def __str__(self) -> str:
        return self.chiave


class Casella(models.Model):
    """The sums of the interventi of one thing, or of two of different kinds together; of all of them if `prima` is "".

    A thing is written "piano=12", "comune=015182": its kind is a value of Dimensione, and "driver=" is no Driver at
    all. `seconda` is "" for one alone. `comuni` is how many Comuni they are in; of a place, those that are in it.
    """

    fotografia = models.ForeignKey(Fotografia, on_delete=models.CASCADE, related_name="caselle")
    prima = models.CharField(_("prima"), max_length=30, blank=True)
    seconda = models.CharField(_("seconda"), max_length=30, blank=True)
    comuni = models.PositiveIntegerField(_("Comuni"))
    somme = models.JSONField(_("somme"))

    class Meta:
        verbose_name = _("casella")
        verbose_name_plural = _("caselle")
        constraints = [models.UniqueConstraint(fields=["fotografia", "prima", "seconda"], name="una_casella_per_cosa")]
        indexes = [models.Index(fields=["fotografia", "seconda"], name="caselle_per_la_seconda")]

    def __str__(self) -> str:
        return f"{self.prima} {self.seconda}".strip()


class Sorvegliato(models.Model):
    """One of the interventi most at risk of a profilo, as the list of those that want looking after says it.

    `motivi` are the reasons of its early warnings in words, the gravest first; `codici` are their codes.
    """

    profilo = models.ForeignKey(Profilo, on_delete=models.CASCADE, related_name="sorvegliati")
    # Not a foreign key: what a past day knew of it stays, whatever becomes of it.
    intervento = models.PositiveBigIntegerField(_("intervento"), db_index=True)
    nome = models.TextField(_("nome"))
    codice = models.CharField(_("codice"), max_length=100, blank=True)
    piano = models.CharField(_("piano"), max_length=30, blank=True)
    comuni = models.TextField(_("Comuni"), blank=True)
    attuatore = models.CharField(_("soggetto attuatore"), max_length=500, blank=True)
    rischio = models.PositiveSmallIntegerField(_("rischio"))
    importo = ImportoField(_("finanziamento (EUR)"), null=True)
    motivi = models.JSONField(_("motivi"))
    codici = models.JSONField(_("segnali"))

    class Meta:
        verbose_name = _("intervento da guardare")
        verbose_name_plural = _("interventi da guardare")
        ordering = ["-rischio", "pk"]

    def __str__(self) -> str:
        return self.nome


class Posizione(models.Model):
    """Which profilo of the current photograph an intervento was counted in."""

    # Not a foreign key: one that is deleted is still to be taken out of its profilo.
    intervento = models.PositiveBigIntegerField(_("intervento"), primary_key=True)
    profilo = models.ForeignKey(Profilo, on_delete=models.CASCADE, related_name="posizioni")

    class Meta:
        verbose_name = _("posizione")
        verbose_name_plural = _("posizioni")

    def __str__(self) -> str:
        return str(self.pk)


class DaRicontare(models.Model):
    """A change after which an intervento is to be counted again: written with the change, in its transaction.

    Not unique: a worker deletes only those it has seen. None: what belongs to no intervento changed. `dati` is false
    where only an early warning did, which past days reckon by themselves.
    """

    intervento = models.PositiveBigIntegerField(_("intervento"), null=True, db_index=True)
    dati = models.BooleanField(_("sono cambiati i dati"), default=True)
    quando = models.DateTimeField(_("quando"), default=timezone.now)

    class Meta:
        verbose_name = _("intervento da ricontare")
        verbose_name_plural = _("interventi da ricontare")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.intervento or "")
