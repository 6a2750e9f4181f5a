"""Addresses of the piani; included by `psttm.urls`."""

from __future__ import annotations

from django.urls import URLPattern, path

from piani_integrati.views import assegnazioni, piani, scenari, vita

rotte: list[URLPattern] = [
    path("", piani.elenco, name="piani-integrati"),
    path("nuovo/", piani.nuovo, name="piano-integrato-nuovo"),
    path("assegna/", assegnazioni.assegna, name="piani-assegna"),
    path("assegna/file/", assegnazioni.assegna_file, name="piani-assegna-file"),
    path("<slug:slug>/", piani.piano, name="piano-integrato"),
    path("<slug:slug>/modifica/", piani.modifica, name="piano-integrato-modifica"),
    path("<slug:slug>/proposta/", vita.proposta, name="piano-integrato-proposta"),
    path("<slug:slug>/passaggio/<str:passaggio>/", vita.passaggio, name="piano-integrato-passaggio"),
    path("<slug:slug>/cup/", vita.cup, name="piano-integrato-cup"),
    path("<slug:slug>/cup.csv", vita.cup_csv, name="piano-integrato-cup-csv"),
    path("<slug:slug>/scenari/", scenari.elenco, name="piano-integrato-scenari"),
    path("<slug:slug>/scenari/nuovo/", scenari.nuovo, name="scenario-nuovo"),
    path("<slug:slug>/scenari/esiti/", scenari.esiti, name="scenario-esiti"),
    path("<slug:slug>/scenari/confronta/", scenari.confronta, name="scenari-confronta"),
    path("<slug:slug>/scenari/<int:pk>/", scenari.scenario, name="scenario"),
    path("<slug:slug>/scenari/<int:pk>/elimina/", scenari.elimina, name="scenario-elimina"),
]
