"""Who: territory (zone, unioni, Comuni), bodies, people and their roles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enti.provenienze import Provenienza  # noqa: F401 a model of this application, in a file of its own
from enti.ruoli import PERSONALE, VEDE_TUTTO, Ruolo, TipoEnte
from registro.models import ConFonte

# Where those made anonymous have their address: no mail can ever arrive there (RFC 2606).
DOMINIO_ANONIMO = "anonimi.invalid"


class ZonaOmogenea(ConFonte):
    """One of the seven zone omogenee of the Città metropolitana, or the capital city (number 8)."""

    numero = models.PositiveSmallIntegerField(_("numero"), unique=True)
    nome = models.CharField(_("nome"), max_length=80, unique=True)

    class Meta:
        verbose_name = _("zona omogenea")
        verbose_name_plural = _("zone omogenee")
        ordering = ["numero"]

    def __str__(self) -> str:
        return self.nome


class UnioneComuni(ConFonte):
    """A Unione di Comuni of the metropolitan territory."""

    nome = models.CharField(_("nome"), max_length=120, unique=True)

    class Meta:
        verbose_name = _("unione di Comuni")
        verbose_name_plural = _("unioni di Comuni")
        ordering = ["nome"]

    def __str__(self) -> str:
        return self.nome


class ComuneQuerySet(models.QuerySet["Comune"]):
    def metropolitani(self) -> ComuneQuerySet:
        """The Comuni of the Città metropolitana di Milano."""
        return self.filter(zona__isnull=False)

    def con_dati(self) -> ComuneQuerySet:
        """Adds `residenti`, `residenti_anno`, `ivsm` and `ivsm_anno`: the latest known of each, None if unknown."""
        popolazione = Popolazione.objects.filter(comune=models.OuterRef("pk")).order_by("-anno")
        ivsm = IndiceVulnerabilita.objects.filter(comune=models.OuterRef("pk")).order_by("-anno")
        return self.annotate(
            residenti=models.Subquery(popolazione.values("residenti")[:1]),
            residenti_anno=models.Subquery(popolazione.values("anno")[:1]),
            ivsm=models.Subquery(ivsm.values("valore")[:1]),
            ivsm_anno=models.Subquery(ivsm.values("anno")[:1]),
        )


class Comune(ConFonte):
    """An Italian Comune. Those of the Città metropolitana di Milano have a zona omogenea and a centroid too."""

    codice_istat = models.CharField(
        _("codice ISTAT"), max_length=6, unique=True, validators=[RegexValidator(r"^\d{6}$", _("Servono sei cifre."))]
    )
    codice_catastale = models.CharField(
        _("codice catastale (Belfiore)"), max_length=4, unique=True, validators=[RegexValidator(r"^[A-Z]\d{3}$")]
    )
    nome = models.CharField(_("nome"), max_length=100, db_index=True)
    altro_nome = models.CharField(_("nome in altra lingua"), max_length=100, blank=True)
    sigla_provincia = models.CharField(_("sigla della provincia"), max_length=2)
    provincia = models.CharField(_("provincia o città metropolitana"), max_length=100)
    regione = models.CharField(_("regione"), max_length=60)
    cap = models.CharField(_("CAP"), max_length=5, blank=True, help_text=_("Vuoto se il Comune ne ha più d'uno."))
    zona = models.ForeignKey(
        ZonaOmogenea,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("zona omogenea"),
        related_name="comuni",
    )
    unione = models.ForeignKey(
        UnioneComuni, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("unione"), related_name="comuni"
    )
    latitudine = models.FloatField(_("latitudine del centroide (WGS84, gradi)"), null=True, blank=True)
    longitudine = models.FloatField(_("longitudine del centroide (WGS84, gradi)"), null=True, blank=True)
    superficie_km2 = models.DecimalField(_("superficie (km²)"), max_digits=8, decimal_places=2, null=True, blank=True)

    # Added by `ComuneQuerySet.con_dati`.
    residenti: int | None
    residenti_anno: int | None
    ivsm: Decimal | None
    ivsm_anno: int | None

    objects = ComuneQuerySet.as_manager()

    class Meta:
        verbose_name = _("Comune")
        verbose_name_plural = _("Comuni")
        ordering = ["nome"]

    def __str__(self) -> str:
        return self.nome


class Popolazione(ConFonte):
    """Residents of a Comune on 1 January of a year."""

    comune = models.ForeignKey(Comune, on_delete=models.CASCADE, related_name="popolazioni")
    anno = models.PositiveSmallIntegerField(_("anno"))
    residenti = models.PositiveIntegerField(_("residenti"))

    class Meta:
        verbose_name = _("popolazione")
        verbose_name_plural = _("popolazioni")
        ordering = ["-anno"]
        constraints = [models.UniqueConstraint(fields=["comune", "anno"], name="una_popolazione_per_comune_e_anno")]

    def __str__(self) -> str:
        return f"{self.comune_id} {self.anno}"


class IndiceVulnerabilitaQuerySet(models.QuerySet["IndiceVulnerabilita"]):
    def validi_al(self, giorno: date) -> IndiceVulnerabilitaQuerySet:
        """The latest known of each Comune, of a year not after that of the day."""
        return self.filter(anno__lte=giorno.year).filter(
            ~Exists(
                IndiceVulnerabilita.objects.filter(
                    comune=OuterRef("comune"), anno__lte=giorno.year, anno__gt=OuterRef("anno")
                )
            )
        )


class IndiceVulnerabilita(ConFonte):
    """IVSM, the ISTAT index of social and material vulnerability of a Comune (Italy = about 99)."""

    comune = models.ForeignKey(Comune, on_delete=models.CASCADE, related_name="indici_vulnerabilita")
    anno = models.PositiveSmallIntegerField(_("anno"))
    valore = models.DecimalField(_("valore"), max_digits=12, decimal_places=8)

    objects = IndiceVulnerabilitaQuerySet.as_manager()

    class Meta:
        verbose_name = _("indice di vulnerabilità sociale e materiale")
        verbose_name_plural = _("indici di vulnerabilità sociale e materiale")
        ordering = ["-anno"]
        constraints = [
            models.UniqueConstraint(fields=["comune", "anno"], name="un_ivsm_per_comune_e_anno"),
            models.CheckConstraint(condition=Q(valore__gt=0), name="ivsm_positivo"),
        ]

    def __str__(self) -> str:
        return f"{self.comune_id} {self.anno}"


class TerritorioIvsm(models.TextChoices):
    """Territories that a median is published for, by ISTAT's code of the unit."""

    CITTA_METROPOLITANA = "215", _("Città metropolitana di Milano")


class MedianaVulnerabilitaQuerySet(models.QuerySet["MedianaVulnerabilita"]):
    def validi_al(self, giorno: date) -> MedianaVulnerabilitaQuerySet:
        """The latest known of each territory, of a year not after that of the day."""
        return self.filter(anno__lte=giorno.year).filter(
            ~Exists(
                MedianaVulnerabilita.objects.filter(
                    territorio=OuterRef("territorio"), anno__lte=giorno.year, anno__gt=OuterRef("anno")
                )
            )
        )


class MedianaVulnerabilita(ConFonte):
    """The median of the IVSM of a territory, as published for a year."""

    territorio = models.CharField(_("territorio"), max_length=3, choices=TerritorioIvsm)
    anno = models.PositiveSmallIntegerField(_("anno"))
    valore = models.DecimalField(_("valore"), max_digits=12, decimal_places=8)

    objects = MedianaVulnerabilitaQuerySet.as_manager()

    class Meta:
        verbose_name = _("mediana dell'indice di vulnerabilità")
        verbose_name_plural = _("mediane dell'indice di vulnerabilità")
        ordering = ["territorio", "-anno"]
        constraints = [
            models.UniqueConstraint(fields=["territorio", "anno"], name="una_mediana_per_territorio_e_anno"),
            models.CheckConstraint(condition=Q(valore__gt=0), name="mediana_positiva"),
        ]

    def __str__(self) -> str:
        return f"{self.get_territorio_display()} {self.anno}"


class Confine(ConFonte):
    """Simplified boundary of a Comune, kept apart so that lists of Comuni stay light.

    `geometria` is a GeoJSON MultiPolygon in WGS84 degrees; `tracciato` the same shape as an SVG path in the plane of
    the map (kilometres east and south of its north-west corner, see `enti.mappa`).
    """

    comune = models.OneToOneField(Comune, on_delete=models.CASCADE, primary_key=True, related_name="confine")
    geometria = models.JSONField(_("geometria"))
    tracciato = models.TextField(_("tracciato"))

    class Meta:
        verbose_name = _("confine")
        verbose_name_plural = _("confini")

    def __str__(self) -> str:
        return str(self.comune_id)


class Ente(models.Model):
    """A public body that people act for: the Città metropolitana, a Comune, a ministry."""

    denominazione = models.CharField(_("denominazione"), max_length=200, unique=True)
    tipo = models.CharField(_("tipo"), max_length=20, choices=TipoEnte)
    comune = models.OneToOneField(
        Comune, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("Comune"), related_name="ente"
    )
    codice_ipa = models.CharField(_("codice IPA"), max_length=20, blank=True)
    codice_fiscale = models.CharField(_("codice fiscale"), max_length=11, blank=True)

    class Meta:
        verbose_name = _("ente")
        verbose_name_plural = _("enti")
        ordering = ["denominazione"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tipo="comune", comune__isnull=False) | (~Q(tipo="comune") & Q(comune__isnull=True)),
                name="solo_un_ente_comune_ha_un_comune",
            ),
            models.UniqueConstraint(
                fields=["codice_fiscale"], condition=~Q(codice_fiscale=""), name="un_ente_per_codice_fiscale"
            ),
        ]

    def __str__(self) -> str:
        return self.denominazione


class UtenteManager(BaseUserManager["Utente"]):
    def create_user(self, email: str, password: str | None = None, **campi: Any) -> Utente:
        """A user without any role, who therefore sees nothing until a membership is given."""
        if not email:
            raise ValueError("L'indirizzo e-mail è necessario.")
        utente = self.model(email=self.normalize_email(email).lower(), **campi)
        utente.set_password(password)
        utente.save(using=self._db)
        return utente

    def get_by_natural_key(self, email: str | None) -> Utente:
        return self.get(email__iexact=email)


class Utente(AbstractBaseUser):
    """A person. What she may do comes only from her memberships (Appartenenza), never from flags on this row."""

    email = models.EmailField(_("e-mail"), unique=True)
    nome = models.CharField(_("nome"), max_length=80)
    cognome = models.CharField(_("cognome"), max_length=80)
    codice_fiscale = models.CharField(
        _("codice fiscale"),
        max_length=16,
        null=True,
        blank=True,
        unique=True,
        validators=[RegexValidator(r"^[A-Z0-9]{16}$", _("Servono sedici lettere maiuscole o cifre."))],
    )
    is_active = models.BooleanField(_("attivo"), default=True)
    # Not a person: the software of a body, which acts by a key of the API and can never sign in.
    tecnico = models.BooleanField(_("utenza tecnica"), default=False, editable=False)
    creato = models.DateTimeField(_("creato il"), default=timezone.now)

    objects = UtenteManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["nome", "cognome"]

    class Meta:
        verbose_name = _("utente")
        verbose_name_plural = _("utenti")
        ordering = ["cognome", "nome", "email"]
        constraints = [models.UniqueConstraint(Lower("email"), name="una_persona_per_indirizzo")]

    def __str__(self) -> str:
        return f"{self.nome} {self.cognome}".strip() or self.email

    @cached_property
    def appartenenze_attive(self) -> list[Appartenenza]:
        """Memberships in force today, read once per request."""
        if not self.is_active:
            return []
        return list(self.appartenenze.in_vigore().select_related("ente"))

    @property
    def anonimo(self) -> bool:
        """Whether the account is closed for ever, and its number is all that is left of who this was."""
        return self.email.endswith(f"@{DOMINIO_ANONIMO}")

    @property
    def ruoli(self) -> frozenset[str]:
        return frozenset(a.ruolo for a in self.appartenenze_attive)

    @property
    def enti(self) -> frozenset[int]:
        """Primary keys of the bodies this person acts for."""
        return frozenset(a.ente_id for a in self.appartenenze_attive)

    def ha_ruolo(self, ruoli: Iterable[str]) -> bool:
        return not self.ruoli.isdisjoint(ruoli)

    @property
    def vede_tutto(self) -> bool:
        """Sees every body's data, where her roles let her in: a ministry enters by the API only."""
        return self.ha_ruolo(VEDE_TUTTO | {Ruolo.MINISTERO})

    @property
    def personale(self) -> bool:
        """Staff of Città metropolitana."""
        return self.ha_ruolo(PERSONALE)

    # What Django's admin asks of a user: only the amministratore may enter it, and there may do everything.
    @property
    def is_staff(self) -> bool:
        return self.ha_ruolo({Ruolo.AMMINISTRATORE})

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_staff

    def has_perms(self, perm_list: Iterable[str], obj: Any = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class AppartenenzaQuerySet(models.QuerySet["Appartenenza"]):
    def in_vigore(self) -> AppartenenzaQuerySet:
        oggi = timezone.localdate()
        return self.filter(Q(dal__lte=oggi) & (Q(al__isnull=True) | Q(al__gte=oggi)))


class Appartenenza(models.Model):
    """A person acts for a body in a role, from a day and possibly until a day (both included)."""

    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, verbose_name=_("utente"), related_name="appartenenze")
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, verbose_name=_("ente"), related_name="appartenenze")
    ruolo = models.CharField(_("ruolo"), max_length=20, choices=Ruolo)
    dal = models.DateField(_("dal"), default=timezone.localdate)
    al = models.DateField(_("al"), null=True, blank=True)

    objects = AppartenenzaQuerySet.as_manager()

    class Meta:
        verbose_name = _("appartenenza")
        verbose_name_plural = _("appartenenze")
        ordering = ["ente", "ruolo"]
        constraints = [
            models.UniqueConstraint(
                fields=["utente", "ente", "ruolo"], condition=Q(al__isnull=True), name="un_ruolo_aperto_per_ente"
            ),
            models.CheckConstraint(
                condition=Q(al__isnull=True) | Q(al__gte=models.F("dal")), name="appartenenza_finisce_dopo_l_inizio"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_ruolo_display()} · {self.ente}"
