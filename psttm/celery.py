"""The Celery application: one worker command serves the embedded and the production broker alike."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psttm.settings")
app = Celery("psttm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
