"""Application: what is built."""

from django.apps import AppConfig


class InterventiConfig(AppConfig):
    name = "interventi"
    verbose_name = "Interventi"
