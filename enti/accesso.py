"""What pages and API use to enforce `enti.permessi`.

Every view carries a rule, set by `@richiede(...)`; the views of the libraries have theirs in
`permessi.ROTTE_DI_LIBRERIA`. `AccessoMiddleware` enforces the rule before the view runs, and refuses a view that has
none: a new route is closed until somebody says who may enter it.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import ResolverMatch, reverse
from django.utils.translation import gettext as _

from enti import oidc, ripresa, secondo_fattore, sessioni
from enti.models import Utente
from enti.permessi import CHI_PUO, ROTTE_DI_LIBRERIA, Permesso, consente
from enti.ruoli import Ruolo

PREFISSO_API = "/api/"
Vista = TypeVar("Vista", bound=Callable[..., HttpResponseBase])

# What someone who still has to set up the second factor can open: the way to do it, how it
# is done, the way out, the legal notes.
ROTTE_SENZA_SECONDO_FATTORE = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "mfa_activate_totp",
        "sessione-viva",
        "privacy",
        "note-legali",
        "accessibilita",
        "guida",
        "guida-pagina",
    }
)


class AccessoNegato(PermissionDenied):
    """Refused by `enti.permessi`: the text is for the person who reads it."""


def richiede(permesso: Permesso, *, modulo: ripresa.ClasseModulo | None = None) -> Callable[[Vista], Vista]:
    """Declare who may enter a view: the only way to open a route of ours.

    `modulo` is the form the view receives: with it `enti.ripresa` calls the fields by their names.
    """

    def segna(vista: Vista) -> Vista:
        vista.permesso = permesso  # type: ignore[attr-defined]
        vista.modulo = modulo  # type: ignore[attr-defined]
        return vista

    return segna


def persona(request: HttpRequest) -> Utente:
    """Who is asking, on pages that only people signed in can open. Raises PermissionDenied for anybody else."""
    if not isinstance(request.user, Utente):
        raise PermissionDenied
    return request.user


def permesso_di(rotta: ResolverMatch) -> Permesso | None:
    """The rule of a resolved route; None where nobody wrote one."""
    dichiarato: Permesso | None = getattr(rotta.func, "permesso", None)
    if dichiarato is not None:
        return dichiarato
    spazio = rotta.namespaces[0] if rotta.namespaces else rotta.url_name or ""
    return ROTTE_DI_LIBRERIA.get(spazio)


def manca_secondo_fattore(request: HttpRequest) -> bool:
    """Whether this person must set up the second factor before anything else. Read once per request."""
    if not hasattr(request, "_manca_secondo_fattore"):
        utente = request.user
        # A key was given to somebody who had signed in with the second factor.
        request._manca_secondo_fattore = (  # type: ignore[attr-defined]
            getattr(request, "chiave", None) is None
            and utente.is_authenticated
            and secondo_fattore.obbligatorio(utente)
            and not oidc.secondo_fattore_gia_chiesto(request, utente)
            and not secondo_fattore.attivo(utente)
        )
    manca: bool = request._manca_secondo_fattore  # type: ignore[attr-defined]
    return manca


def di_api(request: HttpRequest) -> bool:
    """Whether the address is one of the REST API, which only programs call."""
    return request.path.startswith(PREFISSO_API)


def vuole_json(request: HttpRequest) -> bool:
    """Whether the client is a script: an error page would be of no use to it."""
    return (
        di_api(request)
        or request.headers.get("X-Requested-With") == "XMLHttpRequest"
        or request.content_type == "application/json"
        or request.get_preferred_type(["text/html", "application/json", "application/problem+json"])
        in {"application/json", "application/problem+json"}
    )


def problema(
    stato: HTTPStatus, titolo: str, dettaglio: str, errori: list[dict[str, str]] | None = None
) -> JsonResponse:
    """An error for a script, in the form of RFC 9457; `errori` lists what is wrong, each with its `campo`."""
    corpo: dict[str, Any] = {"type": "about:blank", "title": titolo, "status": stato.value, "detail": dettaglio}
    if errori:
        corpo["errori"] = errori
    return JsonResponse(
        corpo, status=stato, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
    )


def _motivo(permesso: Permesso, ruoli: frozenset[str]) -> str:
    ammessi = [str(ruolo.label) for ruolo in Ruolo if ruolo in CHI_PUO[permesso]]
    propri = [str(ruolo.label) for ruolo in Ruolo if ruolo in ruoli]
    return _(
        "Questa pagina serve a %(scopo)s ed è riservata a chi ha uno di questi ruoli: %(ammessi)s. "
        "Tu hai: %(propri)s. Se ti serve per il tuo lavoro, chiedilo all'amministratore del portale."
    ) % {
        "scopo": permesso.label,
        "ammessi": ", ".join(ammessi),
        "propri": ", ".join(propri) or _("nessun ruolo"),
    }


class AccessoMiddleware:
    """Enforces the rule of every view; personal pages are never stored by caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        risposta = self.get_response(request)
        # After a failure the database may not answer: who is signed in is not asked again.
        # The API has no pages to come back to, and keeps no cookies.
        if di_api(request):
            return risposta
        if risposta.status_code < HTTPStatus.INTERNAL_SERVER_ERROR and request.user.is_authenticated:
            risposta.headers.setdefault("Cache-Control", "no-store")
            ripresa.ricorda_persona(request, risposta)
            ripresa.chiudi(request, risposta)
        return risposta

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        rotta = request.resolver_match
        permesso = permesso_di(rotta) if rotta else None
        if rotta is None or permesso is None:
            raise AccessoNegato(
                _("Questa pagina non ha una regola di accesso, perciò è chiusa a tutti: segnalalo all'amministratore.")
            )
        if request.user.is_authenticated and getattr(request, "chiave", None) is None:
            # Asked of the API too, which writes no session.
            if sessioni.troppo_lunga(request):
                sessioni.termina(request, persona(request))
            elif not di_api(request):
                sessioni.segna(request)
        if manca_secondo_fattore(request) and rotta.url_name not in ROTTE_SENZA_SECONDO_FATTORE:
            return self._chiedi_secondo_fattore(request, permesso)
        if permesso == Permesso.PUBBLICO:
            return None
        if not request.user.is_authenticated:
            return self._chiedi_accesso(request, permesso)
        if not consente(permesso, request.user.ruoli):
            raise AccessoNegato(_motivo(permesso, request.user.ruoli))
        return None

    @staticmethod
    def _chiedi_accesso(request: HttpRequest, permesso: Permesso) -> HttpResponse:
        if vuole_json(request):
            risposta = problema(
                HTTPStatus.UNAUTHORIZED, _("Accesso necessario"), _("La sessione non c'è o è scaduta: accedi di nuovo.")
            )
            risposta["WWW-Authenticate"] = f'{"Bearer" if di_api(request) else "Session"} realm="Portale PNRR"'
            return risposta
        return redirect_to_login(_da_riprendere(request, permesso, _("La sessione era scaduta")))

    @staticmethod
    def _chiedi_secondo_fattore(request: HttpRequest, permesso: Permesso) -> HttpResponse:
        if vuole_json(request):
            return problema(
                HTTPStatus.FORBIDDEN,
                _("Secondo fattore necessario"),
                _("Prima di continuare attiva il secondo fattore."),
            )
        if request.method == "POST":
            _da_riprendere(request, permesso, _("Prima serve il secondo fattore"))
        return redirect("mfa_activate_totp")


def _da_riprendere(request: HttpRequest, permesso: Permesso, perche: str) -> str:
    """Address to come back to. The forms of one's own account hold passwords and codes: they are not kept."""
    if permesso in {Permesso.PUBBLICO, Permesso.CONTO} and request.method != "GET":
        return reverse("home")
    return ripresa.conserva(request, perche)
