"""The open sessions: one's own, and for the amministratore those of everybody."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from enti import sessioni
from enti.accesso import persona, richiede
from enti.models import Utente
from enti.permessi import Permesso


@richiede(Permesso.CONTO)
@require_safe
def mie(request: HttpRequest) -> HttpResponse:
    sessioni.iscrivi(request)
    aperte = sessioni.aperte(utente=persona(request), attuale=request.session.session_key)
    contesto = {
        "sessioni": aperte,
        "minuti": settings.SESSION_COOKIE_AGE // 60,
        "ore_massime": settings.SESSIONE_ORE_MASSIME,
    }
    return render(request, "enti/sessioni/mie.html", contesto)


@richiede(Permesso.CONTO)
@require_POST
def chiudi_mia(request: HttpRequest, pk: int) -> HttpResponse:
    utente = persona(request)
    get_object_or_404(UserSession, pk=pk, user=utente)
    sessioni.chiudi(pk=pk, autore=utente)
    messages.success(request, _("Sessione chiusa: da lì bisogna accedere di nuovo."))
    return redirect("sessioni")


@richiede(Permesso.CONTO)
@require_POST
def chiudi_altre(request: HttpRequest) -> HttpResponse:
    utente = persona(request)
    quante = sessioni.chiudi_di(utente=utente, autore=utente, tranne=request.session.session_key)
    messages.success(request, _frase(quante))
    return redirect("sessioni")


# --- For the amministratore ------------------------------------------------------------------------------------------


@richiede(Permesso.AMMINISTRARE)
@require_safe
def tutte(request: HttpRequest) -> HttpResponse:
    """Of everybody, or of the person of the address."""
    numero = request.GET.get("persona", "")
    scelta = Utente.objects.filter(pk=int(numero)).first() if numero.isdecimal() and len(numero) < 16 else None
    aperte = sessioni.aperte(utente=scelta, attuale=request.session.session_key)
    contesto = {"sessioni": aperte, "scelta": scelta, "persone": len({riga.utente.pk for riga in aperte})}
    return render(request, "enti/sessioni/tutte.html", contesto)


@richiede(Permesso.AMMINISTRARE)
@require_POST
def chiudi(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(UserSession, pk=pk)
    di_chi = sessioni.chiudi(pk=pk, autore=persona(request))
    messages.success(request, _("Sessione di %(persona)s chiusa.") % {"persona": di_chi})
    return redirect("sicurezza-sessioni")


@richiede(Permesso.AMMINISTRARE)
@require_POST
def chiudi_di(request: HttpRequest, pk: int) -> HttpResponse:
    di_chi = get_object_or_404(Utente, pk=pk)
    quante = sessioni.chiudi_di(utente=di_chi, autore=persona(request), tranne=request.session.session_key)
    messages.success(request, f"{di_chi}: {_frase(quante)}")
    return redirect("sicurezza-sessioni")


def _frase(quante: int) -> str:
    if not quante:
        return _("Non c'erano altre sessioni aperte.")
    return ngettext("%(quante)s sessione chiusa.", "%(quante)s sessioni chiuse.", quante) % {"quante": quante}
