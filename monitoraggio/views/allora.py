"""What the pages that are read at a day have in common."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from monitoraggio import tempo as letture
from monitoraggio.tempo import Tempo


def del_tempo(request: HttpRequest, tempo: Tempo, *, su: str = "") -> dict[str, Any]:
    """What `situazione/tempo.html` shows; `su` is the page to read, where the address is of something else."""
    return {"tempo": tempo, "tempo_conserva": letture.da_conservare(request.GET), "tempo_su": su}


def non_ancora(request: HttpRequest, tempo: Tempo, *, titolo: str, sezione: str, su: str) -> HttpResponse:
    """Instead of the page of something that was not there yet: with the way back to today."""
    contesto = {"titolo": titolo, "sezione": sezione, "su": f"{su}{tempo.coda}"} | del_tempo(request, tempo)
    return render(request, "monitoraggio/situazione/non_ancora.html", contesto, status=HTTPStatus.NOT_FOUND)
