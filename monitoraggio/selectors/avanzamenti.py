"""Reading avanzamenti: the form's base, who else writes, the versions of a month, the receipt."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from enti.models import Utente
from monitoraggio.bozza.righe import RELAZIONI
from monitoraggio.controlli.catalogo import PER_CODICE
from monitoraggio.models import Avanzamento, Documento, Traguardo
from psttm import formati

# How long somebody who has saved is said to be writing.
SCRIVE_ANCORA = timedelta(minutes=15)


@dataclass(frozen=True)
class Mano:
    """Who changed a cell last, and when; `chi` is "" for the person who asks."""

    chi: str
    ora: str


def base(avanzamento: Avanzamento) -> dict[str, str]:
    """The cells that the draft was opened with."""
    passo = avanzamento.passi.filter(revisione=0).first()
    return {} if passo is None else {cella: dopo or "" for cella, (_prima, dopo) in passo.cambi.items()}


def ora(quando: datetime) -> str:
    """10:42, in the time zone of the portal."""
    return f"{timezone.localtime(quando):%H:%M}"


def mani(avanzamento: Avanzamento, revisione: int, chi: Utente) -> dict[str, Mano]:
    """Who last changed each cell since a revision."""
    ultime: dict[str, Mano] = {}
    for passo in avanzamento.passi.filter(revisione__gt=revisione).select_related("autore").order_by("revisione"):
        mano = Mano("" if passo.autore_id == chi.pk else str(passo.autore or ""), ora(passo.quando))
        ultime |= dict.fromkeys(passo.cambi, mano)
    return ultime


def altri(avanzamento: Avanzamento, chi: Utente, adesso: datetime | None = None) -> list[Mano]:
    """Who else saved in the draft a short while ago: each once, the last first."""
    da = (adesso or timezone.now()) - SCRIVE_ANCORA
    passi = avanzamento.passi.filter(revisione__gt=0, quando__gte=da, autore__isnull=False).exclude(autore=chi)
    ultime: dict[str, Mano] = {}
    for passo in passi.select_related("autore").order_by("-revisione"):
        ultime.setdefault(str(passo.autore), Mano(str(passo.autore), ora(passo.quando)))
    return list(ultime.values())


def opzioni_documenti(intervento_id: int) -> list[tuple[str, str]]:
    """The documents of an intervento, to choose from."""
    trovati = Documento.objects.presenti().filter(intervento=intervento_id)
    return [
        (str(d.pk), f"{d.titolo}, {formati.data_breve(d.data)}" if d.data else d.titolo)
        for d in trovati.only("pk", "titolo", "data")
    ]


def traguardi(intervento_id: int) -> list[Traguardo]:
    """The traguardi of an intervento with their state today."""
    return list(Traguardo.objects.filter(intervento=intervento_id).con_stato(timezone.localdate()))


def con_contenuto(avanzamenti: QuerySet[Avanzamento]) -> QuerySet[Avanzamento]:
    """With the rows of their content: a fixed number of queries for any number of them."""
    return avanzamenti.prefetch_related(*RELAZIONI.values())


def versioni(avanzamento: Avanzamento) -> list[Avanzamento]:
    """The versions of the same intervento and month, the newest first."""
    stesso = Avanzamento.objects.filter(intervento=avanzamento.intervento_id, mese=avanzamento.mese)
    return list(stesso.select_related("inviato_da", "deciso_da", "creato_da").order_by("-versione"))


def confronto(avanzamento: Avanzamento) -> Avanzamento | None:
    """What its content is compared with: the version it corrects, else the last month in force before it."""
    if avanzamento.corregge_id is not None:
        return con_contenuto(Avanzamento.objects.filter(pk=avanzamento.corregge_id)).first()
    prima = Avanzamento.objects.filter(intervento=avanzamento.intervento_id, mese__lt=avanzamento.mese).approvati()
    return con_contenuto(prima).order_by("-mese", "-versione").first()


def impronta(celle: Mapping[str, str]) -> str:
    """SHA-256 of a content: of its cells in the order of their names, as compact JSON in UTF-8."""
    testo = json.dumps(dict(sorted(celle.items())), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(testo.encode()).hexdigest()


def spiegati(celle: Mapping[str, str]) -> list[tuple[str, str]]:
    """The warnings that were explained: their title, the explanation."""
    spiegazioni = []
    for nome, testo in sorted(celle.items()):
        if nome.startswith("spiegazioni-") and testo.strip():
            chiave = nome.split("-")[1]
            codici = [codice for codice in PER_CODICE if chiave == codice or chiave.startswith(f"{codice}_")]
            titolo = str(PER_CODICE[max(codici, key=len)].titolo) if codici else chiave
            spiegazioni.append((titolo, testo))
    return spiegazioni
