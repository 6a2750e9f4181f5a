"""The addresses of the pages of this room, by where they stand in the portal."""

from __future__ import annotations

from django.urls import URLPattern, path

from interoperabilita.views import accessi, documentazione, token
from interoperabilita.views import chiavi as chiavi_viste
from interoperabilita.views import open_data as open_data_viste

chiavi: list[URLPattern] = [
    path("", chiavi_viste.elenco, name="chiavi"),
    path("nuova/", chiavi_viste.nuova, name="chiave-nuova"),
    path("accessi/", accessi.elenco, name="accessi-api"),
    path("accessi/csv/", accessi.in_csv, name="accessi-api-csv"),
    path("miei/", token.miei, name="token-personali"),
    path("miei/nuovo/", token.nuovo, name="token-personale-nuovo"),
    path("miei/<int:pk>/revoca/", token.revoca, name="token-personale-revoca"),
    path("<int:pk>/", chiavi_viste.chiave, name="chiave"),
    path("<int:pk>/modifica/", chiavi_viste.modifica, name="chiave-modifica"),
    path("<int:pk>/sostituisci/", chiavi_viste.sostituisci, name="chiave-sostituisci"),
    path("<int:pk>/revoca/", chiavi_viste.revoca, name="chiave-revoca"),
]
open_data: list[URLPattern] = [
    path("", open_data_viste.elenco, name="open-data"),
    path("catalogo.jsonld", open_data_viste.catalogo, {"formato": "jsonld"}, name="open-data-catalogo-jsonld"),
    path("catalogo.ttl", open_data_viste.catalogo, {"formato": "ttl"}, name="open-data-catalogo-ttl"),
    path("<slug:codice>/", open_data_viste.dataset, name="open-data-dataset"),
    path("<slug:codice>.<slug:formato>", open_data_viste.scarica, name="open-data-file"),
]
documentazione_api: list[URLPattern] = [
    path("", documentazione.guida, name="documentazione-api"),
    path("<slug:nome>/", documentazione.operazione, name="documentazione-api-operazione"),
]
