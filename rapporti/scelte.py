"""The closed lists of the reports."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TipoRapporto(models.TextChoices):
    """What a report tells: everything, what is decided upon, or what the DUP needs."""

    AVANZAMENTO = "avanzamento", _("Rapporto di avanzamento")
    SINTESI = "sintesi", _("Sintesi per la Cabina di regia")
    DUP = "dup", _("Estratto per il DUP")


class TipoPerimetro(models.TextChoices):
    """Which interventi it speaks of. All but the first need a key: a code, a number, an ISTAT code."""

    PROGRAMMA = "programma", _("Tutto il programma")
    PIANO = "piano", _("Un piano")
    ZONA = "zona", _("Una zona omogenea")
    COMUNE = "comune", _("Un Comune")
    DRIVER = "driver", _("Un Driver")
    STTM = "sttm", _("Una STTM")
