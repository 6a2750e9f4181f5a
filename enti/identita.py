"""From what the provider of identity says to a person of the portal.

Nobody is made, no role is given, nothing is linked: at each sign-in the person is looked for anew, by codice fiscale,
and the amministratore must have added her before.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from enti import oidc
from enti.models import Utente
from enti.sicurezza import annota_sicurezza
from registro.azione import azione_corrente

logger = logging.getLogger(__name__)

# How SPID writes a codice fiscale (regole tecniche, table of the attributes).
PREFISSO_SPID = "TINIT-"


def persona_di(identita: dict[str, Any]) -> Utente | None:
    """The person of these claims, by codice fiscale; by a verified e-mail only where the settings say so.

    An e-mail does not open the access of somebody whose codice fiscale is known and is another.
    """
    codice = _codice_fiscale(identita)
    persone = Utente.objects.filter(tecnico=False)
    if codice:
        trovata = persone.filter(codice_fiscale=codice).first()
        if trovata is not None:
            return trovata
    posta = identita.get("email")
    if not settings.OIDC_PER_EMAIL or identita.get("email_verified") is not True or not isinstance(posta, str):
        return None
    trovata = persone.filter(email__iexact=posta.strip()).first()
    return None if trovata is None or (codice and trovata.codice_fiscale) else trovata


def _codice_fiscale(identita: dict[str, Any]) -> str:
    valore = identita.get(settings.OIDC_CODICE_FISCALE)
    return valore.strip().upper().removeprefix(PREFISSO_SPID) if isinstance(valore, str) else ""


class AdattatoreIdentita(DefaultSocialAccountAdapter):
    """What allauth asks of us on the way: who the person is, and what to answer when it goes wrong."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> oidc.Fornitore:
        """The one of the settings: rows of the database add none."""
        return oidc.Adattatore(request, oidc.FORNITORE).get_provider()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        dati = sociallogin.account.extra_data
        if not constant_time_compare(str(dati["certificato"].get("nonce", "")), sociallogin.state["nonce"]):
            raise OAuth2Error("L'id_token non risponde a questa richiesta.")
        sociallogin.user = persona_di(dati["identita"])
        if sociallogin.user is None:
            annota_sicurezza(None, "accesso rifiutato a un'identità non riconosciuta")
            raise ImmediateHttpResponse(_sconosciuta(request))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> NoReturn:
        """Given up by the person, refused by the provider, or not answered as the protocol wants."""
        if kwargs.get("error") == AuthError.CANCELLED:
            raise ImmediateHttpResponse(_rinuncia(request, kwargs["extra_context"]["state"].get("next") or ""))
        raise ImmediateHttpResponse(guasto(request, kwargs.get("exception") or kwargs.get("error")))


def _rinuncia(request: HttpRequest, poi: str) -> HttpResponse:
    """Back to the sign-in page, which goes on to where the person was going."""
    annota_sicurezza(None, "accesso con il fornitore di identità annullato")
    messages.info(
        request, _("Hai annullato l'accesso con l'identità digitale: puoi riprovare, o entrare con la password.")
    )
    return redirect_to_login(poi) if poi else redirect("account_login")


def guasto(request: HttpRequest, perche: object) -> HttpResponse:
    logger.warning("Accesso con il fornitore di identità non riuscito: %s", perche)
    annota_sicurezza(None, "accesso con il fornitore di identità non riuscito")
    return _pagina(
        request,
        HTTPStatus.BAD_GATEWAY,
        _("L'accesso non è riuscito"),
        _("Il fornitore di identità non ha confermato chi sei."),
        _("Riprova dalla pagina di accesso. Se succede ancora, dai il numero qui sotto a chi assiste il portale."),
    )


def _sconosciuta(request: HttpRequest) -> HttpResponse:
    return _pagina(
        request,
        HTTPStatus.FORBIDDEN,
        _("Il portale non ti conosce ancora"),
        _("Il fornitore di identità ti ha riconosciuto, ma nel portale nessuna persona ha il tuo codice fiscale."),
        _("Chiedi all'amministratore del portale di aggiungerti, o di scrivere il codice fiscale fra i tuoi dati."),
    )


def _pagina(request: HttpRequest, stato: HTTPStatus, titolo: str, spiegazione: str, rimedio: str) -> HttpResponse:
    contesto = {
        "stato": stato.value,
        "titolo": titolo,
        "spiegazione": spiegazione,
        "rimedio": rimedio,
        "numero": azione_corrente(),
    }
    return render(request, "errori/errore.html", contesto, status=stato)
