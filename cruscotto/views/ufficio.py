"""The Cruscotto of who sees the whole programme: staff and Cabina di regia."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cruscotto.presentazione import pagina as presentazione
from cruscotto.presentazione.barra import barra
from cruscotto.selectors import figure
from cruscotto.selectors.amministratore import da_curare
from cruscotto.selectors.cabina import cabina
from cruscotto.selectors.coda import coda
from cruscotto.tipi import Dimensione
from enti.accesso import persona
from enti.models import Utente
from enti.permessi import Permesso, consente
from monitoraggio import tempo as letture
from monitoraggio.tempo import Tempo


def pagina(request: HttpRequest) -> HttpResponse:
    """What stands where, what to follow, what needs this person: with the filters, on the day that the address says."""
    chi = persona(request)
    tempo = letture.leggi(request.GET)
    filtri, campi = barra(request)
    per, errore = _per(request)
    istantanea = figure.istantanea(tempo)
    contesto: dict[str, Any] = {
        "tempo": tempo,
        "tempo_conserva": letture.da_conservare(request.GET),
        "barra": campi,
        "errore_per": errore,
        "istantanea": istantanea,
        "lavoro": figure.ultimo_conteggio(tempo) if istantanea is None or istantanea.superata else None,
    }
    if istantanea is None:
        return render(request, "cruscotto/ufficio_da_contare.html", contesto)
    lette = figure.leggi(istantanea, filtri, campi.chi)
    contesto |= _di_chi(chi, tempo)
    contesto |= presentazione.contesto(request, lette, per, tempo)
    contesto["conto"] = campi.conto(lette.totali.interventi)
    return render(request, "cruscotto/ufficio.html", contesto)


def _per(request: HttpRequest) -> tuple[Dimensione, str]:
    """What the states are told by, and why what was asked for is not used."""
    chiesto = request.GET.get("per", "").strip().lower()
    if not chiesto or chiesto in Dimensione.values:
        return Dimensione(chiesto or Dimensione.PIANO.value), ""
    errore = _("Gli stati non si raccontano per «%(testo)s»: scegli fra %(quali)s. Qui sotto sono per piano.")
    return Dimensione.PIANO, errore % {"testo": chiesto[:40], "quali": ", ".join(Dimensione.values)}


def _di_chi(chi: Utente, tempo: Tempo) -> dict[str, Any]:
    """What waits for this person: what she decides, or what she looks after, or the meeting of the Cabina."""
    sua = coda(chi, oggi=tempo.oggi)
    if sua is not None:
        return {"coda": sua}
    if consente(Permesso.AMMINISTRARE, chi.ruoli):
        return {"da_curare": da_curare(chi, oggi=tempo.oggi)}
    return {"cabina": cabina(oggi=tempo.oggi)}
