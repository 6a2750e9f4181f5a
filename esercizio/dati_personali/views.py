"""Pages of the personal data: what the portal keeps of whom and why, one's own, and the end of an account."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from enti.accesso import persona, richiede
from enti.models import Utente
from enti.permessi import Permesso
from esercizio.dati_personali import selectors, services
from esercizio.dati_personali.esportazione import nome_del_file
from esercizio.dati_personali.filters import PersonaFilter
from esercizio.dati_personali.forms import AnonimoForm
from esercizio.dati_personali.termini import TERMINI
from esercizio.dati_personali.tipi import Cancellazione

PER_PAGINA = 50


@richiede(Permesso.PUBBLICO)
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "esercizio/dati_personali/privacy.html", {"termini": TERMINI.values()})


@richiede(Permesso.CONTO)
@require_safe
def miei(request: HttpRequest) -> HttpResponse:
    return render(request, "esercizio/dati_personali/miei.html", _scheda(persona(request)))


@richiede(Permesso.CONTO)
@require_safe
@reauthentication_required
def miei_scarica(request: HttpRequest) -> HttpResponseBase:
    return _scarica(request, persona(request))


@richiede(Permesso.AMMINISTRARE)
@require_safe
def elenco(request: HttpRequest) -> HttpResponse:
    filtro = PersonaFilter(request.GET, queryset=selectors.persone().order_by("cognome", "nome", "pk"))
    pagina = Paginator(filtro.qs, PER_PAGINA).get_page(request.GET.get("pagina"))
    return render(request, "esercizio/dati_personali/elenco.html", {"filtro": filtro, "pagina": pagina})


@richiede(Permesso.AMMINISTRARE)
@require_safe
def scheda(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "esercizio/dati_personali/scheda.html", _scheda(_trova(pk)))


@richiede(Permesso.AMMINISTRARE)
@require_safe
@reauthentication_required
def scarica(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _scarica(request, _trova(pk))


@richiede(Permesso.AMMINISTRARE, modulo=AnonimoForm)
@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True)
def rendi_anonimo(request: HttpRequest, pk: int) -> HttpResponse:
    utente = _trova(pk)
    modulo = AnonimoForm(request.POST or None, utente=utente)
    if request.method == "POST" and modulo.is_valid():
        try:
            services.rendi_anonimo(utente_id=utente.pk, autore=persona(request), **modulo.cleaned_data)
        except services.AnonimatoRifiutato as rifiuto:
            modulo.rifiuta(rifiuto)
        else:
            messages.success(request, _("Fatto: il conto è chiuso, e resta solo il numero."))
            return redirect("dati-personali-scheda", pk=utente.pk)
    contesto = {**_scheda(utente), "modulo": modulo}
    return render(request, "esercizio/dati_personali/rendi_anonimo.html", contesto)


def _trova(pk: int) -> Utente:
    return get_object_or_404(selectors.persone(), pk=pk)


def _scheda(utente: Utente) -> dict[str, Any]:
    conti = selectors.conti(utente)
    return {
        "utente": utente,
        "etichetta": services.etichetta(utente),
        "conti": conti,
        "vanno": [conto for conto in conti if conto.cancellazione is not Cancellazione.RESTA],
        "restano": [conto for conto in conti if conto.cancellazione is Cancellazione.RESTA],
    }


def _scarica(request: HttpRequest, utente: Utente) -> FileResponse:
    """The file, which has no name on the disk and is gone when it has been sent; that it was taken is recorded."""
    file = TemporaryFile()  # noqa: SIM115 — FileResponse closes it
    services.consegna(utente, file, autore=persona(request))
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=nome_del_file(utente), content_type="application/zip")
