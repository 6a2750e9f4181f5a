"""Application: what keeps the portal in service, and what tells whoever runs it how it is."""

from celery.signals import task_success, worker_ready
from django.apps import AppConfig
from django.utils.module_loading import import_string

from esercizio import segnalazioni


class EsercizioConfig(AppConfig):
    name = "esercizio"
    verbose_name = "Esercizio"

    def ready(self) -> None:
        segnalazioni.accendi()
        # By name: what they call has models, that are not there before this moment.
        worker_ready.connect(import_string("esercizio.segni.fa_segno"))
        task_success.connect(import_string("esercizio.segni.compito_riuscito"))
