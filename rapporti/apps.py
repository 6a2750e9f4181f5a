"""Application: the progress reports for the Cabina di regia."""

from django.apps import AppConfig


class RapportiConfig(AppConfig):
    name = "rapporti"
    verbose_name = "Rapporti"
