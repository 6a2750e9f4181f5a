"""How the piani are judged: outcomes over time, what waits to be judged again, waivers, scenarios."""

from __future__ import annotations

from decimal import Decimal

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enti.models import Utente
from interventi.models import Intervento
from piani_integrati.esiti import Esito
from piani_integrati.models.piani import Passaggio, PianoIntegrato


class StatoVerifica(models.Model):
    """When a piano was last judged, and how it came out. Its row is also the lock of whoever judges the piano.

    `versione` counts the states of the data of the piano that were judged: it grows when something had changed.
    `esito` is over the mandatory rules.
    """

    piano = models.OneToOneField(PianoIntegrato, on_delete=models.CASCADE, related_name="verifica")
    versione = models.PositiveIntegerField(_("versione dei dati"), default=0)
    quando = models.DateTimeField(_("verificato il"), null=True, blank=True)
    # Outcomes change with the day too: thresholds, indices and terms have dates.
    giorno = models.DateField(_("verificato al"), null=True, blank=True)
    esito = models.PositiveSmallIntegerField(_("esito"), choices=Esito, default=Esito.NON_DETERMINABILE)
    conformi = models.PositiveSmallIntegerField(_("regole conformi"), default=0)
    non_conformi = models.PositiveSmallIntegerField(_("regole non conformi"), default=0)
    non_determinabili = models.PositiveSmallIntegerField(_("regole non determinabili"), default=0)

    class Meta:
        verbose_name = _("stato della verifica")
        verbose_name_plural = _("stati della verifica")

    def __str__(self) -> str:
        return f"Verifica di {self.piano_id}"

    @property
    def segno(self) -> str:
        return Esito(self.esito).codice


class ModificaDaVerificare(models.Model):
    """Something of a piano changed and nobody has judged it yet. Written with the change, in its transaction.

    Rows are only added and, once judged, deleted: writers never wait for one another, and nothing is forgotten when a
    message or a worker gets lost.
    """

    piano = models.ForeignKey(PianoIntegrato, on_delete=models.CASCADE, related_name="modifiche_da_verificare")
    quando = models.DateTimeField(_("quando"), default=timezone.now)

    class Meta:
        verbose_name = _("modifica da verificare")
        verbose_name_plural = _("modifiche da verificare")

    def __str__(self) -> str:
        return f"Modifica di {self.piano_id}"


class EsitoRegola(models.Model):
    """An outcome of a rule for a piano, from an instant to another; `al` is empty for the present one.

    A row is added when something of the outcome changes, never edited but for its end: so the rows of a rule are its
    history. Those with a `passaggio` are the outcomes frozen when the piano was presented: they have no history.
    `misura` and `soglia` are exact decimals in the unit of the rule, kept as text because units differ; empty: none.
    """

    piano = models.ForeignKey(PianoIntegrato, on_delete=models.CASCADE, related_name="esiti")
    regola = models.CharField(_("regola"), max_length=40)
    esito = models.PositiveSmallIntegerField(_("esito"), choices=Esito)
    misura = models.CharField(_("misura"), max_length=40, blank=True)
    soglia = models.CharField(_("soglia"), max_length=40, blank=True)
    conformi = models.PositiveIntegerField(_("interventi conformi"), default=0)
    non_conformi = models.PositiveIntegerField(_("interventi non conformi"), default=0)
    non_determinabili = models.PositiveIntegerField(_("interventi non determinabili"), default=0)
    non_applicabili = models.PositiveIntegerField(_("interventi a cui non si applica"), default=0)
    # Primary keys of the first interventi that cause a failure.
    evidenza = models.JSONField(_("interventi che ne sono causa"), default=list, blank=True)
    versione = models.PositiveIntegerField(_("versione dei dati"), default=0)
    dal = models.DateTimeField(_("dal"), default=timezone.now)
    al = models.DateTimeField(_("al"), null=True, blank=True)
    passaggio = models.ForeignKey(
        Passaggio, on_delete=models.CASCADE, null=True, blank=True, related_name="esiti", verbose_name=_("passaggio")
    )

    class Meta:
        verbose_name = _("esito di una regola")
        verbose_name_plural = _("esiti delle regole")
        ordering = ["piano_id", "regola", "-dal", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["piano", "regola"],
                condition=Q(al__isnull=True, passaggio__isnull=True),
                name="un_esito_attuale_per_regola",
            ),
            models.UniqueConstraint(
                fields=["passaggio", "regola"],
                condition=Q(passaggio__isnull=False),
                name="un_esito_congelato_per_regola",
            ),
            models.CheckConstraint(condition=Q(al__isnull=True) | Q(al__gte=F("dal")), name="esito_finisce_dopo"),
        ]

    def __str__(self) -> str:
        return f"{self.regola} di {self.piano_id}: {self.get_esito_display()}"

    @property
    def segno(self) -> str:
        return Esito(self.esito).codice

    @property
    def misura_esatta(self) -> Decimal | None:
        return Decimal(self.misura) if self.misura else None

    @property
    def soglia_esatta(self) -> Decimal | None:
        return Decimal(self.soglia) if self.soglia else None


class Deroga(models.Model):
    """A waiver granted by an act, for a piano or for one of its interventi. It stands beside an outcome, never over it.

    It is not edited: one that no longer holds is withdrawn, and both stay.
    """

    piano = models.ForeignKey(PianoIntegrato, on_delete=models.PROTECT, related_name="deroghe", verbose_name=_("piano"))
    regola = models.CharField(_("regola"), max_length=40)
    intervento = models.ForeignKey(
        Intervento,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deroghe",
        verbose_name=_("intervento"),
        help_text=_("Vuoto: vale per tutto il piano."),
    )
    atto = models.CharField(_("atto"), max_length=200)
    organo = models.CharField(_("chi l'ha concessa"), max_length=120, blank=True)
    data = models.DateField(_("data dell'atto"))
    motivo = models.TextField(_("motivo"))
    autore = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("registrata da"), related_name="+"
    )
    quando = models.DateTimeField(_("registrata il"), default=timezone.now)
    ritirata_il = models.DateTimeField(_("ritirata il"), null=True, blank=True)
    ritirata_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("ritirata da"), related_name="+"
    )
    motivo_ritiro = models.TextField(_("perché è stata ritirata"), blank=True)

    class Meta:
        verbose_name = _("deroga")
        verbose_name_plural = _("deroghe")
        ordering = ["-data", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(atto="") & ~Q(motivo=""), name="deroga_con_atto_e_motivo"),
            models.CheckConstraint(
                condition=Q(ritirata_il__isnull=True) | ~Q(motivo_ritiro=""), name="deroga_ritirata_con_motivo"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.regola}: {self.atto}"


class Scenario(models.Model):
    """A "what if" of a piano, kept: the changes, not their result, which is worked out on the data of the day.

    `modifiche` is {"interventi": {pk: {campo: valore}}, "esclusi": [pk], "aggiunti": [pk], "ipotetici": [{"nome": …,
    campo: valore}]}; amounts and surfaces are decimal texts (see `piani_integrati.scenari`).
    """

    piano = models.ForeignKey(PianoIntegrato, on_delete=models.CASCADE, related_name="scenari", verbose_name=_("piano"))
    nome = models.CharField(_("nome"), max_length=120)
    modifiche = models.JSONField(_("modifiche"), default=dict, encoder=DjangoJSONEncoder)
    autore = models.ForeignKey(Utente, on_delete=models.PROTECT, verbose_name=_("autore"), related_name="scenari")
    creato = models.DateTimeField(_("creato il"), default=timezone.now)
    aggiornato = models.DateTimeField(_("aggiornato il"), default=timezone.now)

    class Meta:
        verbose_name = _("scenario")
        verbose_name_plural = _("scenari")
        ordering = ["-aggiornato", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["piano", "autore", "nome"], name="uno_scenario_per_nome_e_autore")
        ]

    def __str__(self) -> str:
        return self.nome
