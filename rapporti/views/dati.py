"""What the pages that read the data of a report have in common: the report, its data, and pages for what is missing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from rapporti import selectors
from rapporti.domanda import codice_letto
from rapporti.formati import archiviati
from rapporti.formati.letti import Dati
from rapporti.models import Rapporto
from rapporti.services.archivio import FileMancante

P = ParamSpec("P")


def con_dati(
    vista: Callable[Concatenate[HttpRequest, Rapporto, Dati, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
    """Give a view the report of a code, and its data; where there is none, or not yet, a page that says so."""

    @wraps(vista)
    def trova(request: HttpRequest, codice: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        rapporto = selectors.archivio().filter(codice=codice_letto(codice)).first()
        if rapporto is None:
            return assente(
                request,
                _("Nessun rapporto ha questo codice"),
                _("Il codice è di dodici lettere e cifre, come 7K3M-Q9TD-X20B, e sta in alto su ogni pagina del PDF."),
                reverse("rapporti"),
                _("Vai ai rapporti"),
            )
        if not rapporto.pronto:
            return render(request, "rapporti/cifre/non_pronto.html", {"rapporto": rapporto})
        try:
            dati = archiviati.dati_di(rapporto)
        except FileMancante as errore:
            messages.error(request, str(errore))
            return redirect("rapporto", rapporto.codice)
        except archiviati.DatiAlterati:
            messages.error(
                request,
                _(
                    "I dati di questo rapporto, nell'archivio, non sono più quelli con cui è stato fatto: non si "
                    "mostrano. Avvisa chi assiste il portale."
                ),
            )
            return redirect("rapporto", rapporto.codice)
        return vista(request, rapporto, dati, *args, **kwargs)

    return trova


def assente(request: HttpRequest, titolo: str, spiegazione: str, indirizzo: str, azione: str) -> HttpResponse:
    """404, in words, with where to go instead."""
    contesto = {"titolo": titolo, "spiegazione": spiegazione, "indirizzo": indirizzo, "azione": azione}
    return render(request, "rapporti/cifre/assente.html", contesto, status=HTTPStatus.NOT_FOUND)
