"""Application: the REST API, its keys, its log, and the open data."""

from django.apps import AppConfig


class InteroperabilitaConfig(AppConfig):
    name = "interoperabilita"
    verbose_name = "Interoperabilità"
