"""What was imported: files, tables found in them, the outcome of each row, the differences to reconcile."""

from __future__ import annotations

import uuid
from pathlib import PurePath
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enti.models import Utente
from interventi.models.intervento import Intervento
from registro.models import Lavoro


class StatoImportazione(models.TextChoices):
    IN_PROVA = "in_prova", _("in lettura")
    DA_CONFERMARE = "da_confermare", _("da confermare")
    IN_APPLICAZIONE = "in_applicazione", _("in applicazione")
    APPLICATA = "applicata", _("applicata")
    RESPINTA = "respinta", _("non riuscita")
    SCARTATA = "scartata", _("scartata")
    DISFATTA = "disfatta", _("annullata")


class Perimetro(models.TextChoices):
    METROPOLI = "metropoli", _("Interventi della Città metropolitana di Milano")
    TUTTO = "tutto", _("Tutti gli interventi dei file")


class Importazione(models.Model):
    """One gesture of importing some files. `azione` ties together all the versions and events that it wrote."""

    stato = models.CharField(_("stato"), max_length=16, choices=StatoImportazione, default=StatoImportazione.IN_PROVA)
    perimetro = models.CharField(_("che cosa prendere"), max_length=10, choices=Perimetro, default=Perimetro.METROPOLI)
    azione = models.UUIDField(_("azione"), default=uuid.uuid4, db_index=True)
    autore = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("chi"), related_name="importazioni"
    )
    lavoro = models.ForeignKey(
        Lavoro, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("lavoro"), related_name="+"
    )
    creata = models.DateTimeField(_("caricata il"), default=timezone.now)
    applicata = models.DateTimeField(_("applicata il"), null=True, blank=True)
    disfatta = models.DateTimeField(_("annullata il"), null=True, blank=True)
    # Of the outcome of every row: what is applied is what was confirmed, or nothing.
    impronta_esito = models.CharField(_("impronta dell'esito"), max_length=64, blank=True)
    # lette, nuove, cambiate, invariate, rifiutate, fuori_perimetro (part of rifiutate), dubbie, differenze
    conteggi = models.JSONField(_("conteggi"), default=dict, blank=True)
    errore = models.TextField(_("errore"), blank=True)

    class Meta:
        verbose_name = _("importazione")
        verbose_name_plural = _("importazioni")
        ordering = ["-creata", "-pk"]

    def __str__(self) -> str:
        return f"Importazione n. {self.pk}"

    @property
    def numero_testo(self) -> str:
        return str(self.pk)


def percorso_casuale(importazione: Any, nome: str) -> str:
    """Where an uploaded file is kept: a name that nobody can guess, with the suffix of the original."""
    return f"importazioni/{uuid.uuid4().hex}{PurePath(nome).suffix.lower()[:10]}"


class FileImportato(models.Model):
    """A file as it was handed in."""

    importazione = models.ForeignKey(Importazione, on_delete=models.CASCADE, related_name="file")
    nome = models.CharField(_("nome"), max_length=255)
    deposito = models.FileField(_("file"), upload_to=percorso_casuale, max_length=200)
    dimensione = models.PositiveBigIntegerField(_("dimensione (byte)"))
    sha256 = models.CharField(_("impronta SHA-256"), max_length=64)
    errore = models.TextField(_("errore"), blank=True)

    class Meta:
        verbose_name = _("file importato")
        verbose_name_plural = _("file importati")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.nome


class TabellaImportata(models.Model):
    """A table found in a file (a zip holds several, a workbook one a sheet), and how its rows fared."""

    file = models.ForeignKey(FileImportato, on_delete=models.CASCADE, related_name="tabelle")
    nome = models.CharField(_("nome"), max_length=255)
    tabella = models.CharField(_("tabella"), max_length=30)
    formato = models.CharField(_("formato"), max_length=60, help_text=_("Per esempio: CSV con «;», UTF-8."))
    dati_al = models.DateField(_("dati al"), null=True, blank=True)
    lette = models.PositiveIntegerField(_("lette"), default=0)
    nuove = models.PositiveIntegerField(_("nuove"), default=0)
    cambiate = models.PositiveIntegerField(_("cambiate"), default=0)
    invariate = models.PositiveIntegerField(_("invariate"), default=0)
    rifiutate = models.PositiveIntegerField(_("rifiutate"), default=0)
    fuori_perimetro = models.PositiveIntegerField(_("di cui fuori perimetro"), default=0)
    dubbie = models.PositiveIntegerField(_("prese con un dubbio"), default=0)
    intestazioni = models.JSONField(_("intestazioni"), default=list)
    colonne_ignote = models.JSONField(_("colonne non riconosciute"), default=list)

    class Meta:
        verbose_name = _("tabella importata")
        verbose_name_plural = _("tabelle importate")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    lette=models.F("nuove") + models.F("cambiate") + models.F("invariate") + models.F("rifiutate")
                ),
                name="ogni_riga_letta_ha_un_esito",
            )
        ]

    def __str__(self) -> str:
        return self.nome


class Esito(models.TextChoices):
    NUOVA = "nuova", _("nuova")
    CAMBIATA = "cambiata", _("cambiata")
    INVARIATA = "invariata", _("invariata")
    RIFIUTATA = "rifiutata", _("rifiutata")


class EsitoRiga(models.Model):
    """How one row fared. Unchanged rows without remarks have none: the table counts them.

    `cambi` is a list of {campo, etichetta, prima, dopo} with values as people read them; `rilievi` a list of
    {colonna, valore, ragione}; `originale` the cells of a row with remarks, to be mended and imported again.
    """

    tabella = models.ForeignKey(TabellaImportata, on_delete=models.CASCADE, related_name="esiti")
    riga = models.PositiveIntegerField(_("riga"))
    esito = models.CharField(_("esito"), max_length=10, choices=Esito)
    fuori_perimetro = models.BooleanField(_("fuori perimetro"), default=False)
    cup = models.CharField(_("CUP"), max_length=60, blank=True)
    oggetto = models.CharField(_("che cosa"), max_length=300, blank=True)
    cambi = models.JSONField(_("cambi"), default=list, encoder=DjangoJSONEncoder)
    rilievi = models.JSONField(_("rilievi"), default=list, encoder=DjangoJSONEncoder)
    originale = models.JSONField(_("valori letti"), null=True, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("esito di una riga")
        verbose_name_plural = _("esiti delle righe")
        ordering = ["tabella", "riga", "pk"]
        indexes = [models.Index(fields=["tabella", "esito", "riga"], name="esiti_per_tabella")]

    def __str__(self) -> str:
        return f"{self.tabella_id}:{self.riga} {self.esito}"


class StatoDifferenza(models.TextChoices):
    APERTA = "aperta", _("da decidere")
    NOSTRO = "nostro", _("tenuto il nostro valore")
    REGIS = "regis", _("preso il valore di ReGiS")


class Differenza(models.Model):
    """ReGiS says otherwise than people entered here. Nothing is overwritten: somebody chooses.

    `tipo_oggetto` and `id_oggetto` name the row (the intervento or one of its parts), `campo` its field. Values are
    kept both as JSON (`regis`, as the field's `value_to_string` writes it) and as people read them.
    """

    intervento = models.ForeignKey(Intervento, on_delete=models.CASCADE, related_name="differenze")
    importazione = models.ForeignKey(Importazione, on_delete=models.PROTECT, related_name="differenze")
    tipo_oggetto = models.CharField(_("tipo di oggetto"), max_length=60)
    id_oggetto = models.PositiveBigIntegerField(_("identificativo"))
    campo = models.CharField(_("campo"), max_length=60)
    etichetta = models.CharField(_("dato"), max_length=200)
    regis = models.JSONField(_("valore in ReGiS"), null=True, encoder=DjangoJSONEncoder)
    regis_al = models.DateField(_("ReGiS al"), null=True, blank=True)
    valore_nostro = models.TextField(_("nel portale"), blank=True)
    valore_regis = models.TextField(_("in ReGiS"), blank=True)
    stato = models.CharField(_("stato"), max_length=8, choices=StatoDifferenza, default=StatoDifferenza.APERTA)
    decisa_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("decisa da"), related_name="+"
    )
    decisa_il = models.DateTimeField(_("decisa il"), null=True, blank=True)
    motivo = models.CharField(_("motivo"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("differenza con ReGiS")
        verbose_name_plural = _("differenze con ReGiS")
        ordering = ["stato", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tipo_oggetto", "id_oggetto", "campo"],
                condition=Q(stato="aperta"),
                name="una_differenza_aperta_per_campo",
            )
        ]

    def __str__(self) -> str:
        return f"{self.etichetta} di {self.intervento_id}"
