"""Signs of life, backups and checks in the administration site: looked at, never changed."""

from __future__ import annotations

from django.contrib import admin

from esercizio import models
from registro.amministrazione import SolaLettura, sito


@admin.register(models.Segno, site=sito)
class SegnoAdmin(SolaLettura):
    list_display = ["nome", "quando", "macchina", "versione"]


@admin.register(models.Copia, site=sito)
class CopiaAdmin(SolaLettura):
    list_display = ["avviata", "conclusa", "esito", "archivio", "byte"]
    list_filter = ["esito"]


@admin.register(models.Verifica, site=sito)
class VerificaAdmin(SolaLettura):
    list_display = ["avviata", "conclusa"]
