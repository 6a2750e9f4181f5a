"""Addresses of the documents of the interventi."""

from django.urls import URLPattern, path

from monitoraggio.views import caricamenti, documenti

rotte: list[URLPattern] = [
    path("interventi/<int:pk>/documenti/", documenti.elenco, name="documenti"),
    path("interventi/<int:pk>/documenti.json", documenti.in_json, name="documenti-json"),
    path("interventi/<int:pk>/documenti/carica/", documenti.carica, name="documenti-carica"),
    path("interventi/<int:pk>/documenti/caricamenti/", caricamenti.inizia, name="caricamento-inizia"),
    path("documenti/caricamenti/<uuid:chiave>/", caricamenti.caricamento, name="caricamento"),
    path("documenti/caricamenti/<uuid:chiave>/concludi/", caricamenti.concludi, name="caricamento-concludi"),
    path("documenti/caricamenti/<uuid:chiave>/annulla/", caricamenti.annulla, name="caricamento-annulla"),
    path("documenti/<int:pk>/", documenti.documento, name="documento"),
    path("documenti/<int:pk>/versione/", documenti.nuova_versione, name="documento-versione"),
    path("documenti/<int:pk>/elimina/", documenti.elimina, name="documento-elimina"),
    path("documenti/versioni/<int:pk>/file/", documenti.scarica, name="documento-file"),
]
