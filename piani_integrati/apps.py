"""Application: how the interventi are grouped and judged."""

from django.apps import AppConfig


class PianiIntegratiConfig(AppConfig):
    name = "piani_integrati"
    verbose_name = "Piani integrati"
