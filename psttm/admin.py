"""The strategic plan in the administration site, to look at only.

Its rows come from sourced documents: the reference data writes them, and what the source lacks is added by the
coordinatore on the pages of the plan, where each row names its source.
"""

from __future__ import annotations

from django.contrib import admin

from psttm import models
from registro.amministrazione import SolaLettura, sito


@admin.register(models.Obiettivo, site=sito)
class ObiettivoAdmin(SolaLettura):
    list_display = ["codice", "testo", "aggiunto_dal_personale"]
    list_select_related = ["missione"]
    list_filter = ["missione", "aggiunto_dal_personale"]
    search_fields = ["testo"]


@admin.register(models.Misura, site=sito)
class MisuraAdmin(SolaLettura):
    list_display = ["codice", "titolo", "livello", "importo_assegnato"]
    list_filter = ["livello"]
    search_fields = ["codice", "titolo"]


@admin.register(models.RisultatoDichiarato, site=sito)
class RisultatoDichiaratoAdmin(SolaLettura):
    list_display = ["programma", "voce", "valore", "unita", "al"]
    list_filter = ["programma"]
    search_fields = ["voce"]


@admin.register(models.IndicatoreContesto, site=sito)
class IndicatoreContestoAdmin(SolaLettura):
    list_display = ["nome", "ambito", "valore", "unita", "periodo"]
    list_filter = ["tema"]
    search_fields = ["nome"]


sito.register(
    [
        models.PianoStrategico,
        models.Atto,
        models.Missione,
        models.Strategia,
        models.Driver,
        models.Strumento,
        models.Intesa,
    ],
    SolaLettura,
)
