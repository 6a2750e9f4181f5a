"""Asking for the count of a day: the page that shows it follows the job."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cruscotto.conteggio.giorno import del_tempo
from cruscotto.selectors import figure
from cruscotto.services import fotografie
from enti.accesso import persona, richiede
from enti.permessi import Permesso
from monitoraggio import tempo as letture
from monitoraggio.tempo import Tempo


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_POST
def conta(request: HttpRequest) -> HttpResponse:
    """Count a day from the beginning, unless what is known of it is counted already."""
    chi, tempo = persona(request), letture.leggi(request.POST)
    errori = [testo for _campo, testo in tempo.errori]
    if not chi.vede_tutto:
        errori = [_("Un giorno lo fa contare chi vede tutto il programma: chiedilo alla Città metropolitana.")]
    if errori:
        for testo in errori:
            messages.error(request, testo)
        return redirect(_torna(request, Tempo(tempo.oggi)))
    gia = figure.istantanea(tempo)
    if gia is None or gia.superata:
        fotografie.chiedi(del_tempo(tempo), autore=chi)
    return redirect(_torna(request, tempo))


def _torna(request: HttpRequest, tempo: Tempo) -> str:
    """The page with the button; else the first one, at that time."""
    torna = request.POST.get("torna", "")
    if url_has_allowed_host_and_scheme(torna, allowed_hosts=None) and torna.startswith("/"):
        return torna
    return f"{reverse('cruscotto')}{tempo.coda}"
