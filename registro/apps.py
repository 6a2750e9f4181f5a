"""Application: what happened and what is running."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class RegistroConfig(AppConfig):
    name = "registro"
    verbose_name = "Registro"

    def ready(self) -> None:
        # Web processes ask for jobs and workers run them: both must know every kind that the rooms declare.
        autodiscover_modules("tasks")
