"""The register in the administration site, to look at only: forms and imports write it, and keep its history."""

from __future__ import annotations

from django.contrib import admin

from interventi import models
from registro.amministrazione import SolaLettura, sito


@admin.register(models.Intervento, site=sito)
class InterventoAdmin(SolaLettura):
    list_display = ["codice", "titolo", "submisura", "soggetto_attuatore", "stato_cup", "dati_al"]
    list_select_related = ["submisura", "soggetto_attuatore"]
    list_filter = ["stato_cup", "linea_finanziamento", "monitorato_regis", "dimostrativo"]
    search_fields = ["=cup", "=clp", "titolo"]


class ParteAdmin(SolaLettura):
    """A part: it names its intervento, and is found by its codes."""

    list_select_related = ["intervento"]
    search_fields = ["=intervento__cup", "=intervento__clp"]


@admin.register(models.Localizzazione, site=sito)
class LocalizzazioneAdmin(ParteAdmin):
    list_display = ["intervento", "comune", "indirizzo", "quota"]
    list_select_related = ["intervento", "comune"]


@admin.register(models.Finanziamento, site=sito)
class FinanziamentoAdmin(ParteAdmin):
    list_display = ["intervento", "fonte", "importo", "pagato"]
    list_filter = ["fonte"]


@admin.register(models.VoceQuadroEconomico, site=sito)
class VoceQuadroEconomicoAdmin(ParteAdmin):
    list_display = ["intervento", "voce", "importo"]
    list_filter = ["voce"]


@admin.register(models.Procedura, site=sito)
class ProceduraAdmin(ParteAdmin):
    list_display = ["intervento", "cig", "oggetto", "importo", "aggiudicata"]
    search_fields = ["=intervento__cup", "=intervento__clp", "=cig", "=codice_pda"]


@admin.register(models.Operatore, site=sito)
class OperatoreAdmin(SolaLettura):
    list_display = ["procedura", "tipo", "denominazione", "codice_fiscale"]
    list_select_related = ["procedura"]
    list_filter = ["tipo"]
    search_fields = ["denominazione", "=codice_fiscale", "=procedura__cig"]


@admin.register(models.SoggettoCollegato, site=sito)
class SoggettoCollegatoAdmin(ParteAdmin):
    list_display = ["intervento", "ruolo", "denominazione", "codice_fiscale"]
    list_filter = ["ruolo"]


@admin.register(models.Indicatore, site=sito)
class IndicatoreAdmin(ParteAdmin):
    list_display = ["intervento", "codice", "programmato", "realizzato", "unita"]
    list_filter = ["codice"]


@admin.register(models.Requisiti, models.ValutazioneDnsh, models.DatiCup, site=sito)
class UnicaAdmin(ParteAdmin):
    list_display = ["intervento"]


@admin.register(models.LegameDriver, site=sito)
class LegameDriverAdmin(ParteAdmin):
    list_display = ["intervento", "driver", "motivo"]
    list_select_related = ["intervento", "driver"]
    list_filter = ["driver"]


@admin.register(models.LegameStrategia, site=sito)
class LegameStrategiaAdmin(ParteAdmin):
    list_display = ["intervento", "strategia", "motivo"]
    list_select_related = ["intervento", "strategia"]
    list_filter = ["strategia"]


@admin.register(models.Submisura, site=sito)
class SubmisuraAdmin(SolaLettura):
    list_display = ["codice", "descrizione", "amministrazione", "misura"]
    list_select_related = ["misura"]
    search_fields = ["codice", "descrizione"]


@admin.register(models.Classificazione, site=sito)
class ClassificazioneAdmin(SolaLettura):
    list_display = ["natura", "tipologia_nome", "settore_nome", "sottosettore_nome", "categoria_nome"]
    list_filter = ["natura"]
    search_fields = ["categoria_nome", "settore_nome"]


@admin.register(models.Importazione, site=sito)
class ImportazioneAdmin(SolaLettura):
    list_display = ["pk", "stato", "perimetro", "autore", "creata", "applicata", "disfatta"]
    list_select_related = ["autore"]
    list_filter = ["stato"]


@admin.register(models.Differenza, site=sito)
class DifferenzaAdmin(SolaLettura):
    list_display = ["intervento", "etichetta", "valore_nostro", "valore_regis", "stato"]
    list_select_related = ["intervento"]
    list_filter = ["stato"]
    search_fields = ["=intervento__cup", "=intervento__clp"]
