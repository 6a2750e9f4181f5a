"""Application: the strategic plan the portal is named after."""

from django.apps import AppConfig


class PsttmConfig(AppConfig):
    name = "psttm"
    verbose_name = "Piano strategico"
