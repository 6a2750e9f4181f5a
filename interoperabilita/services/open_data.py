"""The open data are made again: whole and at once, or not at all.

Files have random names and are never rewritten. A file that is replaced stays until the data set is made once more,
so that whoever is downloading it gets it whole; a data set whose content did not change keeps its files and its date.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from functools import partial

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from interoperabilita.dataset.elenco import DATASET
from interoperabilita.dataset.scrittura import Scritto, scritto
from interoperabilita.models import DatasetPubblico, FileDataset
from interoperabilita.models.dataset import percorso_casuale
from registro import deposito, lavori
from registro.models import Lavoro
from registro.services import annota

LAVORO = "open-data"
CARTELLA = "open-data"
# What was left by somebody who died while writing; nobody writes for so long.
ORFANI_DOPO = timedelta(days=1)


def chiedi() -> Lavoro:
    """Have the workers make the open data; while they are at it, nothing more is asked."""
    return lavori.accoda(tipo=LAVORO, chiave=LAVORO)


def aggiorna(*, codice: str, istante: datetime, controlla: Callable[[], None] = lambda: None) -> bool:
    """Make a data set as published at `istante`; tells whether its content changed.

    Files are written outside the transaction, which lasts a moment. Raises what `controlla` raises.
    """
    adesso = timezone.now()
    with ExitStack() as pila:
        nuovo = pila.enter_context(scritto(DATASET[codice], istante=istante, adesso=adesso, controlla=controlla))
        if DatasetPubblico.objects.filter(codice=codice, impronta=nuovo.impronta).exists():
            _conferma(codice=codice, adesso=adesso)
            return False
        nomi: dict[str, str] = {}
        with ExitStack() as da_disfare:
            for formato, file in nuovo.file.items():
                nomi[formato] = default_storage.save(percorso_casuale(None, ""), File(file.disco))
                da_disfare.callback(default_storage.delete, nomi[formato])
            _sostituisci(codice=codice, nuovo=nuovo, nomi=nomi, adesso=adesso)
            da_disfare.pop_all()
    return True


@transaction.atomic
def _conferma(*, codice: str, adesso: datetime) -> None:
    """The content is what it was: only when it was looked at moves."""
    dataset = DatasetPubblico.objects.select_for_update().get(codice=codice)
    dataset.controllato_il = adesso
    dataset.save(update_fields=["controllato_il"])
    for file in dataset.file.exclude(precedente=""):
        _dimentica_precedente(file)
        file.save(update_fields=["precedente"])


@transaction.atomic
def _sostituisci(*, codice: str, nuovo: Scritto, nomi: dict[str, str], adesso: datetime) -> DatasetPubblico:
    campi = {
        "aggiornato_il": adesso,
        "controllato_il": adesso,
        "righe": nuovo.righe,
        "dimostrative": nuovo.dimostrative,
        "dal": _giorno(nuovo.dal),
        "al": _giorno(nuovo.al),
        "impronta": nuovo.impronta,
    }
    dataset, _nuovo = DatasetPubblico.objects.select_for_update().get_or_create(codice=codice, defaults=campi)
    prima = {"righe": dataset.righe, "impronta": dataset.impronta}
    for campo, valore in campi.items():
        setattr(dataset, campo, valore)
    dataset.save(update_fields=list(campi))
    presenti = {file.formato: file for file in dataset.file.all()}
    for formato, scritta in nuovo.file.items():
        file = presenti.get(formato) or FileDataset(dataset=dataset, formato=formato)
        _dimentica_precedente(file)
        file.precedente = file.deposito.name or ""
        file.deposito.name = nomi[formato]
        file.byte, file.sha256 = scritta.byte, scritta.sha256
        file.save()
    annota(dataset, "aggiornato", prima=prima, dopo={"righe": nuovo.righe, "impronta": nuovo.impronta})
    return dataset


def _dimentica_precedente(file: FileDataset) -> None:
    if file.precedente:
        transaction.on_commit(partial(default_storage.delete, file.precedente))
        file.precedente = ""


def _giorno(scritto_iso: str) -> date | None:
    return date.fromisoformat(scritto_iso) if scritto_iso else None


def elimina_orfani(*, adesso: datetime) -> int:
    """Delete the files that no data set names, left by who was killed while writing; returns how many."""
    tenuti = {nome for coppia in FileDataset.objects.values_list("deposito", "precedente") for nome in coppia}
    limite = adesso - ORFANI_DOPO
    nomi = [nome for nome in deposito.nomi(CARTELLA) if nome not in tenuti]
    orfani = [nome for nome in nomi if default_storage.get_modified_time(nome) < limite]
    for nome in orfani:
        default_storage.delete(nome)
    return len(orfani)
