"""The count in the administration site: looked at, never changed."""

from __future__ import annotations

from django.contrib import admin

from cruscotto import models
from registro.amministrazione import SolaLettura, sito


@admin.register(models.Fotografia, site=sito)
class FotografiaAdmin(SolaLettura):
    list_display = ["tipo", "al", "noto_al", "contata_il", "interventi", "versione"]
    list_filter = ["tipo"]


@admin.register(models.DaRicontare, site=sito)
class DaRicontareAdmin(SolaLettura):
    list_display = ["intervento", "dati", "quando"]
