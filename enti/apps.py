"""Application: who: bodies, Comuni, people and what they may do."""

from django.apps import AppConfig


class EntiConfig(AppConfig):
    name = "enti"
    verbose_name = "Enti e persone"
