"""The monitoring in the administration site: terms and kinds of document can be changed there, the rest looked at."""

from __future__ import annotations

from django.contrib import admin

from monitoraggio import models
from monitoraggio.forms.amministrazione import TermineInvioForm, TipoDocumentoForm
from registro.amministrazione import AmministrazioneAnnotata, SolaLettura, sito


@admin.register(models.TermineInvio, site=sito)
class TermineInvioAdmin(AmministrazioneAnnotata):
    """A new term is a new row, from the month it holds from."""

    list_display = ["dal", "giorni", "fonte"]
    list_select_related = ["fonte"]
    form = TermineInvioForm


@admin.register(models.TipoDocumento, site=sito)
class TipoDocumentoAdmin(AmministrazioneAnnotata):
    list_display = ["nome", "atto", "megabyte", "anni_conservazione"]
    form = TipoDocumentoForm


@admin.register(models.Avanzamento, site=sito)
class AvanzamentoAdmin(SolaLettura):
    list_display = ["intervento", "mese", "versione", "stato", "modificato_da", "modificato_il"]
    list_select_related = ["intervento", "modificato_da"]
    list_filter = ["stato"]
    search_fields = ["=intervento__cup", "=intervento__clp"]


@admin.register(models.Traguardo, site=sito)
class TraguardoAdmin(SolaLettura):
    list_display = ["codice", "titolo", "scadenza", "conseguito_il"]
    list_filter = ["tipo", "livello"]
    search_fields = ["codice", "titolo"]


@admin.register(models.Variazione, site=sito)
class VariazioneAdmin(SolaLettura):
    list_display = ["intervento", "tipo", "stato", "richiesta_il", "decisa_il"]
    list_select_related = ["intervento"]
    list_filter = ["tipo", "stato"]
    search_fields = ["=intervento__cup", "=intervento__clp"]


@admin.register(models.Documento, site=sito)
class DocumentoAdmin(SolaLettura):
    list_display = ["titolo", "tipo", "intervento", "creato_il", "eliminato_il"]
    list_select_related = ["tipo", "intervento"]
    list_filter = ["tipo"]
    search_fields = ["titolo", "=intervento__cup"]
