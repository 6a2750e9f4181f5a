"""Application: what is built."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class InterventiConfig(AppConfig):
    name = "interventi"
    verbose_name = "Interventi"

    def ready(self) -> None:
        # Every room says in its `sezioni.py` what it adds to the pages of the rooms below.
        autodiscover_modules("sezioni")
