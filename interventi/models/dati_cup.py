"""What the Sistema CUP asks that ReGiS does not publish: kept here so that the guided sheet can be filled in."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from interventi.models.intervento import Intervento
from registro.storia import storia

# The Sistema CUP takes decisions from this year on (real codes of the nineties exist too).
PRIMO_ANNO, ULTIMO_ANNO = 1990, 2099


class DatiCup(models.Model):
    """Answers for the request of a CUP; blank means that nobody has said yet."""

    intervento = models.OneToOneField(
        Intervento, on_delete=models.CASCADE, related_name="dati_cup", verbose_name=_("intervento")
    )
    anno_decisione = models.PositiveSmallIntegerField(
        _("anno di decisione"),
        null=True,
        blank=True,
        validators=[MinValueValidator(PRIMO_ANNO), MaxValueValidator(ULTIMO_ANNO)],
        help_text=_("L'anno dell'atto con cui l'ente ha deciso di realizzare il progetto."),
    )
    struttura = models.CharField(
        _("nome della struttura, del bene o del beneficiario"),
        max_length=255,
        blank=True,
        help_text=_("Per i lavori la struttura o l'infrastruttura, per esempio: Scuola primaria di via Cairoli."),
    )
    strumento = models.CharField(
        _("strumento di programmazione"),
        max_length=255,
        blank=True,
        help_text=_("Per esempio: programma triennale dei lavori pubblici 2025-2027."),
    )
    tematica = models.CharField(
        _("tematica"), max_length=255, blank=True, help_text=_("Per esempio: rigenerazione urbana.")
    )

    storico = storia()

    class Meta:
        verbose_name = _("dati per la richiesta del CUP")
        verbose_name_plural = _("dati per la richiesta del CUP")
        constraints = [
            models.CheckConstraint(
                condition=Q(anno_decisione__isnull=True)
                | Q(anno_decisione__gte=PRIMO_ANNO, anno_decisione__lte=ULTIMO_ANNO),
                name="anno_di_decisione_plausibile",
            )
        ]

    def __str__(self) -> str:
        return f"Dati CUP di {self.intervento_id}"
