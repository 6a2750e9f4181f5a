"""Addresses of the security of the portal, for the amministratore."""

from django.urls import path

from enti import viste_sessioni, viste_sicurezza

urlpatterns = [
    path("", viste_sicurezza.registro, name="sicurezza"),
    path("registro.csv", viste_sicurezza.in_csv, name="sicurezza-csv"),
    path("sessioni/", viste_sessioni.tutte, name="sicurezza-sessioni"),
    path("sessioni/<int:pk>/chiudi/", viste_sessioni.chiudi, name="sicurezza-sessione-chiudi"),
    path("persone/<int:pk>/chiudi-sessioni/", viste_sessioni.chiudi_di, name="sicurezza-sessioni-chiudi"),
]
