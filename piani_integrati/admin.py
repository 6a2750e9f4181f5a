"""The piani in the administration site: to look at only; the portal writes them."""

from __future__ import annotations

from django.contrib import admin

from piani_integrati.models import InterventoNelPiano, Passaggio, PianoIntegrato
from registro.amministrazione import SolaLettura, sito


@admin.register(PianoIntegrato, site=sito)
class PianoIntegratoAdmin(SolaLettura):
    list_display = ["codice", "titolo", "tipo", "stato", "proponente"]
    list_select_related = ["proponente"]
    list_filter = ["tipo", "stato"]
    search_fields = ["codice", "titolo"]


@admin.register(InterventoNelPiano, site=sito)
class InterventoNelPianoAdmin(SolaLettura):
    list_display = ["intervento", "piano", "linea", "evidenza"]
    list_select_related = ["intervento", "piano"]
    list_filter = ["piano"]
    search_fields = ["intervento__cup", "intervento__clp"]


@admin.register(Passaggio, site=sito)
class PassaggioAdmin(SolaLettura):
    list_display = ["piano", "da", "a", "atto", "data", "autore"]
    list_select_related = ["piano", "autore"]
    list_filter = ["piano"]
