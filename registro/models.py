"""The ground: where a datum comes from (Fonte), what happened (Evento), what is running (Lavoro)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, NoReturn, Protocol

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class FonteManager(models.Manager["Fonte"]):
    def get_by_natural_key(self, codice: str) -> Fonte:
        return self.get(codice=codice)


class Fonte(models.Model):
    """A document or a data set that facts in the portal are taken from."""

    codice = models.SlugField(_("codice"), max_length=40, unique=True)
    titolo = models.CharField(_("titolo"), max_length=300)
    editore = models.CharField(_("pubblicata da"), max_length=200)
    data = models.DateField(_("data"), null=True, blank=True)
    licenza = models.CharField(_("licenza"), max_length=200, blank=True)
    nota = models.TextField(_("nota"), blank=True)

    objects = FonteManager()

    class Meta:
        verbose_name = _("fonte")
        verbose_name_plural = _("fonti")
        ordering = ["titolo"]

    def __str__(self) -> str:
        return self.titolo

    def natural_key(self) -> tuple[str]:
        return (self.codice,)


class ConFonte(models.Model):
    """A row that says where it comes from: the document and the place in it."""

    fonte = models.ForeignKey(Fonte, on_delete=models.PROTECT, verbose_name=_("fonte"), related_name="+")
    luogo = models.CharField(_("punto della fonte"), max_length=300, blank=True)

    class Meta:
        abstract = True


class RegistroImmutabile(Exception):
    """Raised by whoever tries to change or delete a row that may only be added."""


class EventoQuerySet(models.QuerySet["Evento"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise RegistroImmutabile("Gli eventi del registro non si modificano.")

    def delete(self) -> NoReturn:
        raise RegistroImmutabile("Gli eventi del registro non si cancellano.")


class Evento(models.Model):
    """Something that happened: who, what, when, on what, before and after. Rows are only ever added.

    `azione` is one for everything that a single gesture of a person, or a single job, brought about. The database
    refuses updates and deletions too (see migration `0002_registro_immutabile`).
    """

    azione = models.UUIDField(_("azione"), db_index=True, help_text=_("Lo stesso per tutto ciò che nasce da un gesto."))
    quando = models.DateTimeField(_("quando"), default=timezone.now, db_index=True)
    autore = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("chi"),
        related_name="eventi",
    )
    verbo = models.CharField(_("che cosa"), max_length=60)
    tipo_oggetto = models.CharField(_("tipo di oggetto"), max_length=100, blank=True)
    id_oggetto = models.CharField(_("identificativo dell'oggetto"), max_length=60, blank=True)
    oggetto = models.CharField(_("su che cosa"), max_length=300, blank=True)
    prima = models.JSONField(_("prima"), null=True, blank=True, encoder=DjangoJSONEncoder)
    dopo = models.JSONField(_("dopo"), null=True, blank=True, encoder=DjangoJSONEncoder)
    nota = models.TextField(_("nota"), blank=True)

    # Of an event about a person, who she is today: set by `registro.selectors.con_nomi`.
    su_chi: str = ""

    objects = EventoQuerySet.as_manager()

    class Meta:
        verbose_name = _("evento")
        verbose_name_plural = _("eventi")
        ordering = ["-quando", "-pk"]
        indexes = [models.Index(fields=["tipo_oggetto", "id_oggetto", "-quando"], name="evento_per_oggetto")]

    def __str__(self) -> str:
        return f"{self.quando:%d/%m/%Y %H:%M} {self.verbo} {self.oggetto}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise RegistroImmutabile("Gli eventi del registro non si modificano.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RegistroImmutabile("Gli eventi del registro non si cancellano.")


class AnelloQuerySet(models.QuerySet["Anello"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise RegistroImmutabile("Gli anelli della catena del registro non si modificano.")

    def delete(self) -> NoReturn:
        raise RegistroImmutabile("Gli anelli della catena del registro non si cancellano.")


class Anello(models.Model):
    """A link of the chain that seals the events: the fingerprint of one, taken together with that of the link before.

    `numero` has no holes. Written by `registro.catena` a moment after the event, in the order of sealing, never in the
    transaction of whoever is working. The database refuses updates and deletions here too.
    """

    numero = models.PositiveBigIntegerField(_("numero"), primary_key=True)
    evento = models.OneToOneField(Evento, on_delete=models.PROTECT, verbose_name=_("evento"), related_name="anello")
    precedente = models.CharField(_("impronta dell'anello precedente"), max_length=64)
    impronta = models.CharField(_("impronta SHA-256"), max_length=64)

    objects = AnelloQuerySet.as_manager()

    class Meta:
        verbose_name = _("anello del registro")
        verbose_name_plural = _("anelli del registro")
        ordering = ["numero"]
        constraints = [models.CheckConstraint(condition=Q(numero__gte=1), name="gli_anelli_si_contano_da_uno")]

    def __str__(self) -> str:
        return f"{self.numero} {self.impronta[:12]}"

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RegistroImmutabile("Gli anelli della catena li scrive solo chi sigilla il registro.")

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RegistroImmutabile("Gli anelli della catena del registro non si cancellano.")


class StatoLavoro(models.TextChoices):
    IN_CODA = "in_coda", _("in coda")
    IN_CORSO = "in_corso", _("in corso")
    RIUSCITO = "riuscito", _("concluso")
    FALLITO = "fallito", _("non riuscito")
    ANNULLATO = "annullato", _("annullato")


APERTI = (StatoLavoro.IN_CODA, StatoLavoro.IN_CORSO)


class ChiGuarda(Protocol):
    """What the registro, which knows no user model, needs to know of whoever looks at the jobs."""

    pk: Any

    @property
    def vede_tutto(self) -> bool: ...


class LavoroQuerySet(models.QuerySet["Lavoro"]):
    def aperti(self) -> LavoroQuerySet:
        return self.filter(stato__in=APERTI)

    def senza_battito(self, da: datetime) -> LavoroQuerySet:
        """Jobs that should be moving and have not moved since `da`: queued and forgotten, or started and lost."""
        return self.filter(stato__in=APERTI, battito__lt=da)

    def visibili_a(self, utente: ChiGuarda | AnonymousUser) -> LavoroQuerySet:
        """Those who see everything see every job; the others see the jobs they asked for."""
        if isinstance(utente, AnonymousUser):
            return self.none()
        return self if utente.vede_tutto else self.filter(richiesto_da_id=utente.pk)


class Lavoro(models.Model):
    """A long job. This row, not the broker, is the truth about it: what to do, how far it is, whether it lives."""

    tipo = models.CharField(_("tipo"), max_length=60)
    titolo = models.CharField(_("titolo"), max_length=200)
    stato = models.CharField(_("stato"), max_length=12, choices=StatoLavoro, default=StatoLavoro.IN_CODA)
    parametri = models.JSONField(_("parametri"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    chiave = models.CharField(_("chiave"), max_length=200, blank=True, help_text=_("Un solo lavoro aperto per chiave."))
    richiesto_da = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("richiesto da"),
        related_name="lavori",
    )
    azione = models.UUIDField(_("azione"), default=uuid.uuid4)
    creato = models.DateTimeField(_("richiesto il"), default=timezone.now)
    avviato = models.DateTimeField(_("avviato il"), null=True, blank=True)
    battito = models.DateTimeField(_("ultimo segno di vita"), default=timezone.now, db_index=True)
    concluso = models.DateTimeField(_("concluso il"), null=True, blank=True)
    passo = models.CharField(_("che cosa sta facendo"), max_length=200, blank=True)
    fatti = models.PositiveIntegerField(_("fatti"), default=0)
    totale = models.PositiveIntegerField(_("su"), default=0)
    risultato = models.JSONField(_("risultato"), null=True, blank=True, encoder=DjangoJSONEncoder)
    errore = models.TextField(_("errore"), blank=True)
    tentativi = models.PositiveSmallIntegerField(_("tentativi"), default=0)
    tentativi_massimi = models.PositiveSmallIntegerField(_("tentativi al massimo"), default=3)
    turno = models.UUIDField(_("turno"), null=True, blank=True, help_text=_("Chi lo sta eseguendo adesso."))
    annullamento_chiesto = models.BooleanField(_("annullamento chiesto"), default=False)

    objects = LavoroQuerySet.as_manager()

    class Meta:
        verbose_name = _("lavoro")
        verbose_name_plural = _("lavori")
        ordering = ["-creato", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tipo", "chiave"],
                condition=Q(stato__in=["in_coda", "in_corso"]) & ~Q(chiave=""),
                name="un_solo_lavoro_aperto_per_chiave",
            ),
            models.CheckConstraint(
                condition=Q(totale=0) | Q(fatti__lte=models.F("totale")), name="lavoro_fatti_non_oltre_il_totale"
            ),
        ]

    def __str__(self) -> str:
        return self.titolo

    @property
    def aperto(self) -> bool:
        return self.stato in APERTI

    @property
    def percentuale(self) -> int | None:
        """Whole percent done, from 0 to 100; None while the amount of work is unknown."""
        return self.fatti * 100 // self.totale if self.totale else None

    @property
    def numero_testo(self) -> str:
        return str(self.pk)

    @property
    def frase(self) -> str:
        """What the job is doing and how much is left, in words, while it is open."""
        if self.stato == StatoLavoro.IN_CODA:
            return gettext("In attesa di essere preso in carico.")
        passo = self.passo or gettext("Avviato")
        if not self.totale:
            return passo
        return gettext("%(passo)s · %(fatti)s di %(totale)s, ne mancano %(mancanti)s") % {
            "passo": passo,
            "fatti": self.fatti,
            "totale": self.totale,
            "mancanti": self.mancanti,
        }

    @property
    def mancanti(self) -> int:
        return self.totale - self.fatti


class Caricamento(models.Model):
    """Which version of a file of reference data is loaded, so that an unchanged one is not loaded again."""

    nome = models.CharField(_("nome"), max_length=100, unique=True)
    impronta = models.CharField(_("impronta SHA-256"), max_length=64)
    righe = models.PositiveIntegerField(_("righe"))
    quando = models.DateTimeField(_("quando"), auto_now=True)

    class Meta:
        verbose_name = _("caricamento")
        verbose_name_plural = _("caricamenti")

    def __str__(self) -> str:
        return self.nome


class Ripensamento(models.Model):
    """Something that a person has just done and may undo, from the same session, until `scade` and once."""

    chiave = models.CharField(_("chiave"), max_length=40, unique=True)
    utente = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, verbose_name=_("chi"), related_name="+"
    )
    sessione = models.CharField(_("impronta della sessione"), max_length=64)
    azione = models.CharField(_("azione"), max_length=60)
    dati = models.JSONField(_("dati"), default=dict, encoder=DjangoJSONEncoder)
    testo = models.TextField(_("che cosa si è fatto"))
    scade = models.DateTimeField(_("si annulla fino alle"), db_index=True)
    usato_il = models.DateTimeField(_("annullato il"), null=True, blank=True)

    class Meta:
        verbose_name = _("ripensamento")
        verbose_name_plural = _("ripensamenti")

    def __str__(self) -> str:
        return self.testo
