"""The reports in the administration site: looked at, never changed."""

from __future__ import annotations

from django.contrib import admin

from rapporti import models
from registro.amministrazione import SolaLettura, sito


@admin.register(models.Rapporto, site=sito)
class RapportoAdmin(SolaLettura):
    list_display = ["codice", "tipo", "nome_perimetro", "al", "noto_al", "richiesto_da", "pronto_il"]
    list_select_related = ["richiesto_da"]
    list_filter = ["tipo", "perimetro"]
    search_fields = ["codice", "nome_perimetro"]


@admin.register(models.Riunione, site=sito)
class RiunioneAdmin(SolaLettura):
    list_display = ["titolo", "giorno", "al", "preparata_il"]


@admin.register(models.InvioRapporto, site=sito)
class InvioRapportoAdmin(SolaLettura):
    list_display = ["rapporto", "utente", "spedito_il"]
    list_select_related = ["rapporto", "utente"]
