"""The piani in the administration site: to look at only; the portal writes them."""

from __future__ import annotations

from django.contrib import admin

from piani_integrati.models import (
    Deroga,
    EsitoRegola,
    InterventoNelPiano,
    ModificaDaVerificare,
    Passaggio,
    PianoIntegrato,
    Scenario,
    StatoVerifica,
)
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


@admin.register(StatoVerifica, site=sito)
class StatoVerificaAdmin(SolaLettura):
    list_display = ["piano", "esito", "conformi", "non_conformi", "non_determinabili", "quando", "giorno"]
    list_select_related = ["piano"]
    list_filter = ["esito"]


@admin.register(ModificaDaVerificare, site=sito)
class ModificaDaVerificareAdmin(SolaLettura):
    list_display = ["piano", "quando"]
    list_select_related = ["piano"]


@admin.register(EsitoRegola, site=sito)
class EsitoRegolaAdmin(SolaLettura):
    list_display = ["piano", "regola", "esito", "misura", "soglia", "dal", "al", "passaggio"]
    list_select_related = ["piano", "passaggio"]
    list_filter = ["esito", "piano"]
    search_fields = ["regola"]


@admin.register(Deroga, site=sito)
class DerogaAdmin(SolaLettura):
    list_display = ["piano", "regola", "intervento", "atto", "data", "autore", "ritirata_il"]
    list_select_related = ["piano", "intervento", "autore"]
    list_filter = ["piano"]
    search_fields = ["regola", "atto"]


@admin.register(Scenario, site=sito)
class ScenarioAdmin(SolaLettura):
    list_display = ["nome", "piano", "autore", "aggiornato"]
    list_select_related = ["piano", "autore"]
    search_fields = ["nome"]
