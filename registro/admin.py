"""Events and jobs in the administration site: to look at only."""

from __future__ import annotations

from django.contrib import admin

from registro.amministrazione import SolaLettura, sito
from registro.models import Evento, Fonte, Lavoro


@admin.register(Evento, site=sito)
class EventoAdmin(SolaLettura):
    list_display = ["quando", "autore", "verbo", "oggetto"]
    list_select_related = ["autore"]
    search_fields = ["verbo", "oggetto"]
    ordering = ["-quando", "-pk"]


@admin.register(Lavoro, site=sito)
class LavoroAdmin(SolaLettura):
    list_display = ["creato", "titolo", "stato", "richiesto_da", "battito", "tentativi"]
    list_select_related = ["richiesto_da"]
    list_filter = ["stato"]


@admin.register(Fonte, site=sito)
class FonteAdmin(SolaLettura):
    list_display = ["titolo", "editore", "data", "licenza"]
    search_fields = ["titolo", "editore"]
