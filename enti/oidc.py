"""Signing in with the provider of identity of the body (its proxy to SPID and CIE), where the settings name one.

allauth's OpenID Connect, with what it leaves out checked here: signature, issuer, audience, that the two answers speak
of the same person. Who that person is, is in `enti.identita`.
"""

from __future__ import annotations

import logging
from typing import Any, cast
from urllib.parse import urlencode

import jwt
import requests
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import get_random_string
from requests import RequestException

from enti.models import Utente

logger = logging.getLogger(__name__)

FORNITORE = "identita"
CHIAVE = "oidc"  # in the session: who came by it, what it vouches for, what closes it
# The algorithms of public keys alone: with a public key taken for a secret, HS256 would let anybody sign.
ALGORITMI = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
OBBLIGATORI = ["iss", "sub", "aud", "exp", "iat"]
TOLLERANZA = 30  # seconds by which two clocks may differ
ATTESA = 5  # seconds
GUASTI = (OAuth2Error, RequestException)


def acceso() -> bool:
    return bool(settings.OIDC_ISSUER)


# --- In the session --------------------------------------------------------------------------------------------------


def _secondo_fattore(certificato: dict[str, Any]) -> bool:
    """Whether the provider signs that it asked for a second factor, in words that the settings accept."""
    modi = certificato.get("amr")
    modi = modi if isinstance(modi, list) else []
    return certificato.get("acr") in settings.OIDC_ACR_SECONDO_FATTORE or any(
        modo in settings.OIDC_AMR_SECONDO_FATTORE for modo in modi
    )


def segna(request: HttpRequest, utente: Utente, accesso: SocialLogin | None) -> None:
    """Note in the session how this person came in; with a password, nothing of an earlier attempt is left."""
    request.session.pop(CHIAVE, None)
    if accesso is None:
        return
    dati = accesso.account.extra_data
    request.session[CHIAVE] = {
        "utente": utente.pk,
        "secondo_fattore": _secondo_fattore(dati["certificato"]),
        "id_token": dati["id_token"],
    }


def entrata_di(request: HttpRequest, utente: Utente) -> dict[str, Any] | None:
    """How this person came in by the provider, in this session; None if she did not."""
    entrata = request.session.get(CHIAVE)
    return entrata if entrata is not None and entrata["utente"] == utente.pk else None


def secondo_fattore_gia_chiesto(request: HttpRequest, utente: Utente) -> bool:
    entrata = entrata_di(request, utente)
    return entrata is not None and bool(entrata["secondo_fattore"])


# --- With the provider -----------------------------------------------------------------------------------------------


def vai(request: HttpRequest, poi: str | None) -> HttpResponse:
    """Send the browser to the provider. Raises OAuth2Error and RequestException where it does not answer."""
    nonce = get_random_string(32)
    parametri = {"nonce": nonce}
    if settings.OIDC_ACR_RICHIESTI:
        parametri["acr_values"] = " ".join(settings.OIDC_ACR_RICHIESTI)
    fornitore = Adattatore(request, FORNITORE).get_provider()
    return cast(
        HttpResponse,
        fornitore.redirect(request, AuthProcess.LOGIN, next_url=poi, auth_params=parametri, nonce=nonce),
    )


def indirizzo_di_uscita(request: HttpRequest) -> str | None:
    """Where the browser ends the session at the provider too, and comes back from; None if there is no such place."""
    entrata = request.session.get(CHIAVE)
    if entrata is None or not acceso():
        return None
    try:
        fine = Adattatore(request, FORNITORE).openid_config.get("end_session_endpoint")
    except GUASTI as errore:
        logger.warning("Il fornitore di identità non risponde, la sua sessione resta aperta: %s", errore)
        return None
    parametri = {
        "id_token_hint": entrata["id_token"],
        "client_id": settings.OIDC_CLIENT_ID,
        "post_logout_redirect_uri": request.build_absolute_uri(reverse("home")),
    }
    return f"{fine}{'&' if '?' in fine else '?'}{urlencode(parametri)}" if fine else None


def _leggi(indirizzo: str, **intestazioni: str) -> dict[str, Any]:
    """What the provider answers. Raises OAuth2Error and RequestException."""
    risposta = requests.get(indirizzo, headers=intestazioni, timeout=ATTESA)
    risposta.raise_for_status()
    return _oggetto(risposta.json())


def _oggetto(valore: Any) -> dict[str, Any]:
    if not isinstance(valore, dict):
        raise OAuth2Error("Il fornitore ha risposto in un'altra forma.")
    return valore


class Fornitore(OpenIDConnectProvider):
    """allauth's, which makes its adapter by itself."""

    def get_oauth2_adapter(self, request: HttpRequest) -> Adattatore:
        return Adattatore(request, FORNITORE)


class Adattatore(OpenIDConnectOAuth2Adapter):
    def get_provider(self) -> Fornitore:
        app = SocialApp(
            provider=Fornitore.id,
            provider_id=FORNITORE,
            name=settings.OIDC_NOME,
            client_id=settings.OIDC_CLIENT_ID,
            secret=settings.OIDC_CLIENT_SECRET,
            settings={
                "server_url": settings.OIDC_ISSUER.rstrip("/"),
                "scope": settings.OIDC_AMBITI,
                "oauth_pkce_enabled": True,
            },
        )
        return Fornitore(self.request, app=app)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("oidc-ritorno"))

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself; refused where it speaks for another, or does not say enough."""
        if not hasattr(self, "_openid_config"):
            self._openid_config = self._presentazione()
        return self._openid_config

    def _presentazione(self) -> dict[str, Any]:
        configurazione = _leggi(self.get_provider().server_url)
        if str(configurazione.get("issuer", "")).rstrip("/") != settings.OIDC_ISSUER.rstrip("/"):
            raise OAuth2Error("Il fornitore si presenta con un altro nome.")
        mancanti = {"authorization_endpoint", "token_endpoint", "jwks_uri"} - configurazione.keys()
        if mancanti:
            raise OAuth2Error(f"Il fornitore non dice {', '.join(sorted(mancanti))}.")
        return configurazione

    def get_access_token_data(self, request: HttpRequest, app: SocialApp, client: Any, **kwargs: Any) -> dict[str, Any]:
        return _oggetto(super().get_access_token_data(request, app, client, **kwargs))

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """It is used once, at once, and kept nowhere."""
        return SocialToken(token=str(data["access_token"]))

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        grezzo = kwargs["response"].get("id_token")
        if not isinstance(grezzo, str):
            raise OAuth2Error("Il fornitore non ha dato l'id_token.")
        certificato = self._verificato(grezzo)
        identita = dict(certificato)
        if "userinfo_endpoint" in self.openid_config:
            altro = _leggi(self.profile_url, Authorization=f"Bearer {token.token}")
            if altro.get("sub") != certificato["sub"]:
                raise OAuth2Error("Le due risposte del fornitore parlano di persone diverse.")
            identita |= altro
        dati = {"identita": identita, "certificato": certificato, "id_token": grezzo}
        conto = SocialAccount(provider=FORNITORE, uid="", extra_data=dati)
        return SocialLogin(provider=self.get_provider(), account=conto)

    def _verificato(self, grezzo: str) -> dict[str, Any]:
        try:
            chiave = jwt.PyJWKClient(self.openid_config["jwks_uri"], timeout=ATTESA).get_signing_key_from_jwt(grezzo)
            certificato: dict[str, Any] = jwt.decode(
                grezzo,
                chiave,
                algorithms=ALGORITMI,
                audience=settings.OIDC_CLIENT_ID,
                issuer=self.openid_config["issuer"],
                leeway=TOLLERANZA,
                options={"require": OBBLIGATORI},
            )
        except jwt.PyJWTError as errore:
            raise OAuth2Error("L'id_token non è valido.") from errore
        if certificato.get("azp", settings.OIDC_CLIENT_ID) != settings.OIDC_CLIENT_ID:
            raise OAuth2Error("L'id_token è per un altro portale.")
        return certificato
