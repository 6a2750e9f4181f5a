"""The Celery application: one worker command serves the embedded and the production broker alike."""

import os

from celery import Celery
from celery.signals import before_task_publish

from registro.compiti import porta_azione

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psttm.settings")
app = Celery("psttm", task_cls="registro.compiti:Compito")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
before_task_publish.connect(porta_azione)
