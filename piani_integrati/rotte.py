"""Addresses of the piani; included by `psttm.urls`."""

from __future__ import annotations

from django.urls import URLPattern, path

from piani_integrati.views import assegnazioni, deroghe, mancanze, piani, scenari, verifica, vita

rotte: list[URLPattern] = [
    path("", piani.elenco, name="piani-integrati"),
    path("nuovo/", piani.nuovo, name="piano-integrato-nuovo"),
    path("assegna/", assegnazioni.assegna, name="piani-assegna"),
    path("assegna/file/", assegnazioni.assegna_file, name="piani-assegna-file"),
    path("verifica/", verifica.matrice, name="verifica"),
    path("verifica/avvia/", verifica.avvia, name="verifica-avvia"),
    path("verifica/mancanze/", mancanze.elenco, name="verifica-mancanze"),
    path("verifica/mancanze/<int:ente>/", mancanze.di_un_ente, name="verifica-mancanze-ente"),
    path("verifica/mancanze/<int:ente>/dati.csv", mancanze.in_csv, name="verifica-mancanze-csv"),
    path("deroghe/<int:pk>/ritira/", deroghe.ritira, name="deroga-ritira"),
    path("<slug:slug>/", piani.piano, name="piano-integrato"),
    path("<slug:slug>/modifica/", piani.modifica, name="piano-integrato-modifica"),
    path("<slug:slug>/proposta/", vita.proposta, name="piano-integrato-proposta"),
    path("<slug:slug>/passaggio/<str:passaggio>/", vita.passaggio, name="piano-integrato-passaggio"),
    path("<slug:slug>/cup/", vita.cup, name="piano-integrato-cup"),
    path("<slug:slug>/cup.csv", vita.cup_csv, name="piano-integrato-cup-csv"),
    path("<slug:slug>/verifica/", verifica.piano, name="piano-integrato-verifica"),
    path("<slug:slug>/verifica/<str:regola>/", verifica.regola, name="piano-integrato-regola"),
    path("<slug:slug>/deroghe/", deroghe.elenco, name="piano-integrato-deroghe"),
    path("<slug:slug>/deroghe/nuova/", deroghe.nuova, name="deroga-nuova"),
    path("<slug:slug>/scenari/", scenari.elenco, name="piano-integrato-scenari"),
    path("<slug:slug>/scenari/nuovo/", scenari.nuovo, name="scenario-nuovo"),
    path("<slug:slug>/scenari/esiti/", scenari.esiti, name="scenario-esiti"),
    path("<slug:slug>/scenari/confronta/", scenari.confronta, name="scenari-confronta"),
    path("<slug:slug>/scenari/<int:pk>/", scenari.scenario, name="scenario"),
    path("<slug:slug>/scenari/<int:pk>/elimina/", scenari.elimina, name="scenario-elimina"),
]
