"""The open data made by a real worker, asked for by beat's task and by the command."""

from __future__ import annotations

import hashlib
from io import StringIO

import pytest
from celery import current_app
from django.conf import settings
from django.core.management import call_command

from interoperabilita import tasks
from interoperabilita.dataset.elenco import DATASET
from interoperabilita.models import DatasetPubblico, FileDataset
from interoperabilita.services import open_data
from registro.models import Lavoro, StatoLavoro
from tests import riferimenti
from tests.attesa import attendi
from tests.interventi.opere import opera
from tests.registro.processi import lavoratore


@pytest.mark.django_db(transaction=True)
def test_il_compito_della_notte_rifa_i_dataset_nei_processi() -> None:
    riferimenti.carica()
    tasks.aggiorna_open_data()
    with lavoratore("dati-aperti", battito_secondi=60):
        _finito()
        assert DatasetPubblico.objects.count() == len(DATASET)
        prima = FileDataset.objects.get(dataset__codice="interventi", formato="json")
        opera("Nuova", comuni=("Rho",))
        tasks.aggiorna_open_data()
        lavoro = _finito()
    assert lavoro.risultato == {"dataset": len(DATASET), "cambiati": ["interventi", "territorio"]}
    file = FileDataset.objects.get(dataset__codice="interventi", formato="json")
    assert file.precedente == prima.deposito.name
    with file.deposito.open("rb") as deposito:
        contenuto = deposito.read()
    assert hashlib.sha256(contenuto).hexdigest() == file.sha256
    assert b'"Nuova"' in contenuto


@pytest.mark.django_db
def test_finche_un_lavoro_e_aperto_non_se_ne_chiede_un_altro() -> None:
    uscita = StringIO()
    call_command("aggiorna_open_data", stdout=uscita)
    lavoro = Lavoro.objects.get(tipo=open_data.LAVORO)
    assert f"n. {lavoro.pk}" in uscita.getvalue()
    tasks.aggiorna_open_data()
    assert Lavoro.objects.filter(tipo=open_data.LAVORO).count() == 1


def test_beat_lo_chiede_ogni_notte() -> None:
    compito = settings.CELERY_BEAT_SCHEDULE["open-data"]
    assert compito["task"] in current_app.tasks
    assert (compito["schedule"].hour, compito["schedule"].minute) == ({5}, {0})


def _finito() -> Lavoro:
    """The last job asked for, when it has ended well."""
    lavoro = Lavoro.objects.filter(tipo=open_data.LAVORO).latest("pk")
    attendi(lambda: not _aperto(lavoro.pk), 90, "il lavoro finisce")
    lavoro.refresh_from_db()
    assert lavoro.stato == StatoLavoro.RIUSCITO, lavoro.errore
    return lavoro


def _aperto(pk: int) -> bool:
    return Lavoro.objects.get(pk=pk).aperto
