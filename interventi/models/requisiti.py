"""What the eligibility rules ask and ReGiS does not hold: energy, areas, DNSH, inclusion, partners."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from interventi.models.intervento import Intervento
from interventi.scelte import ClasseEnergetica, GiudizioDnsh, ObiettivoDnsh, RegimeDnsh
from psttm.campi import SuperficieField
from registro.storia import storia


class Requisiti(models.Model):
    """Data for the rules of dominio, section 2. Surfaces in m²; None and blank mean that nobody has said yet."""

    intervento = models.OneToOneField(
        Intervento, on_delete=models.CASCADE, primary_key=False, related_name="requisiti", verbose_name=_("intervento")
    )
    edificio = models.BooleanField(
        _("riguarda un edificio riusato, rifunzionalizzato o ristrutturato"), null=True, blank=True
    )
    classe_prima = models.CharField(
        _("classe energetica prima dei lavori"), max_length=2, choices=ClasseEnergetica, blank=True
    )
    classe_dopo = models.CharField(
        _("classe energetica dopo i lavori"), max_length=2, choices=ClasseEnergetica, blank=True
    )
    edificato_prima = SuperficieField(_("superficie edificata prima (m²)"), null=True, blank=True)
    edificato_dopo = SuperficieField(_("superficie edificata dopo (m²)"), null=True, blank=True)
    verde_prima = SuperficieField(_("superficie a verde prima (m²)"), null=True, blank=True)
    verde_dopo = SuperficieField(_("superficie a verde dopo (m²)"), null=True, blank=True)
    mq_beneficiari = SuperficieField(_("superficie dell'area che ne beneficia (m²)"), null=True, blank=True)
    inclusione = models.TextField(
        _("misure per l'autonomia delle persone con disabilità e l'inclusione sociale"), blank=True
    )
    startup = models.BooleanField(_("prevede start-up di servizi pubblici"), null=True, blank=True)
    startup_descrizione = models.TextField(_("quali start-up"), blank=True)
    terzo_settore = models.BooleanField(_("è coprogettato con il terzo settore"), null=True, blank=True)
    terzo_settore_descrizione = models.TextField(_("con chi del terzo settore"), blank=True)

    storico = storia()

    class Meta:
        verbose_name = _("requisiti")
        verbose_name_plural = _("requisiti")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(**{f"{campo}__isnull": True}) | models.Q(**{f"{campo}__gte": 0}),
                name=f"{campo}_non_negativo",
            )
            for campo in ("edificato_prima", "edificato_dopo", "verde_prima", "verde_dopo", "mq_beneficiari")
        ]

    def __str__(self) -> str:
        return f"Requisiti di {self.intervento_id}"


class ValutazioneDnsh(models.Model):
    """The "do no significant harm" assessment: regime, the six objectives, the two check-lists with their evidence."""

    intervento = models.OneToOneField(
        Intervento, on_delete=models.CASCADE, related_name="dnsh", verbose_name=_("intervento")
    )
    regime = models.PositiveSmallIntegerField(_("regime"), choices=RegimeDnsh, null=True, blank=True)
    mitigazione = models.CharField(ObiettivoDnsh.MITIGAZIONE.label, max_length=10, choices=GiudizioDnsh, blank=True)
    adattamento = models.CharField(ObiettivoDnsh.ADATTAMENTO.label, max_length=10, choices=GiudizioDnsh, blank=True)
    acque = models.CharField(ObiettivoDnsh.ACQUE.label, max_length=10, choices=GiudizioDnsh, blank=True)
    economia_circolare = models.CharField(
        ObiettivoDnsh.ECONOMIA_CIRCOLARE.label, max_length=10, choices=GiudizioDnsh, blank=True
    )
    inquinamento = models.CharField(ObiettivoDnsh.INQUINAMENTO.label, max_length=10, choices=GiudizioDnsh, blank=True)
    biodiversita = models.CharField(ObiettivoDnsh.BIODIVERSITA.label, max_length=10, choices=GiudizioDnsh, blank=True)
    checklist_ex_ante = models.DateField(_("check-list ex ante compilata il"), null=True, blank=True)
    evidenza_ex_ante = models.CharField(
        _("evidenza della check-list ex ante"), max_length=300, blank=True, help_text=_("Atto o protocollo.")
    )
    checklist_ex_post = models.DateField(_("check-list ex post compilata il"), null=True, blank=True)
    evidenza_ex_post = models.CharField(
        _("evidenza della check-list ex post"), max_length=300, blank=True, help_text=_("Atto o protocollo.")
    )

    storico = storia()

    class Meta:
        verbose_name = _("valutazione DNSH")
        verbose_name_plural = _("valutazioni DNSH")

    def __str__(self) -> str:
        return f"DNSH di {self.intervento_id}"
