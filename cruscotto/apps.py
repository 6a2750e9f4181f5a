"""Application: what each person sees first, what stands where, what needs her, what is about to go wrong."""

from django.apps import AppConfig


class CruscottoConfig(AppConfig):
    name = "cruscotto"
    verbose_name = "Cruscotto"
