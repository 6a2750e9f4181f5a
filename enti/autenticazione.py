"""How people sign in: local accounts by e-mail, second factor by TOTP (django-allauth), every step recorded."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.ratelimit import respond_429
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from enti import avvisi, oidc, ripresa, secondo_fattore, sessioni
from enti.models import Utente
from enti.sicurezza import ENTRATA, annota_sicurezza

STADIO_DI_ALLAUTH, STADIO_NOSTRO = "allauth.mfa.stages.AuthenticateStage", "enti.autenticazione.SecondoFattoreStage"


class SecondoFattoreStage(AuthenticateStage):
    """The code is asked for after a password, and after a provider of identity that did not ask for one itself."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if oidc.secondo_fattore_gia_chiesto(self.request, self.login.user):
            return None, True
        esito: tuple[HttpResponse | None, bool] = super().handle()
        return esito


class SoloPersone(AuthenticationBackend):
    """People sign in; the software of a body never does, and a session of hers, however opened, is nobody's."""

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        return not getattr(user, "tecnico", False) and bool(super().user_can_authenticate(user))


class AdattatoreConto(DefaultAccountAdapter):
    """Accounts are made by the amministratore: nobody signs up alone. What happens to an account is recorded here."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": pigro(
            "L'indirizzo e-mail o la password non sono giusti. Controllali e riprova: "
            "dopo cinque tentativi sbagliati dovrai aspettare cinque minuti."
        ),
        "enter_current_password": pigro("La password attuale non è giusta: scrivi quella con cui accedi."),
        "incorrect_password": pigro("La password non è giusta: controllala e riprova."),
        "invalid_password_reset": pigro("Il collegamento non è più valido: chiedine uno nuovo."),
        "rate_limited": pigro("Troppi tentativi: aspetta cinque minuti e riprova."),
        "too_many_login_attempts": pigro("Troppi tentativi: aspetta cinque minuti e riprova."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def format_email_subject(self, subject: str) -> str:
        return f"Portale PNRR: {subject}"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """The sign-in counts as a confirmation too, for as long as a confirmation lasts."""
        prove = get_authentication_records(self.request, self.request.user)
        if prove and time.time() - prove[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as errore:
            annota_sicurezza(self._utente(credentials), "accesso bloccato per troppi tentativi")
            raise ImmediateHttpResponse(respond_429(request)) from errore

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """What was typed is not kept: people type their password in the wrong field."""
        gia_entrato = request.user if request.user.is_authenticated else None
        verbo = "accesso non riuscito" if gia_entrato is None else "conferma della password non riuscita"
        annota_sicurezza(self._utente(credentials), verbo, autore=gia_entrato)

    def respond_user_inactive(self, request: HttpRequest, user: Utente) -> HttpResponse:
        annota_sicurezza(user, "accesso rifiutato a un utente non attivo")
        return super().respond_user_inactive(request, user)

    def get_login_stages(self) -> list[str]:
        return [STADIO_NOSTRO if stadio == STADIO_DI_ALLAUTH else stadio for stadio in super().get_login_stages()]

    def pre_login(self, request: HttpRequest, user: Utente, **kwargs: Any) -> HttpResponse | None:
        risposta: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if risposta is None:
            # Taken away: what follows would keep it in the session, claims and all, while the second factor is asked.
            oidc.segna(request, user, (kwargs["signal_kwargs"] or {}).pop("sociallogin", None))
        return risposta

    @transaction.atomic
    def login(self, request: HttpRequest, user: Utente) -> None:
        super().login(request, user)
        sessioni.segna(request)
        avviso = avvisi.da_avvisare(user, request)
        annota_sicurezza(user, ENTRATA, autore=user, nota=_modo(request, user), avviso_dovuto=avviso)
        ripresa.scarta_se_altrui(request)

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            annota_sicurezza(request.user, "uscita", autore=request.user)
        super().logout(request)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Whoever came in by the provider of identity goes out of there as well."""
        return oidc.indirizzo_di_uscita(request) or super().get_logout_redirect_url(request)

    @transaction.atomic
    def set_password(self, user: Utente, password: str) -> None:
        """Called both by who changes her password and by who follows the link received by e-mail."""
        if user.tecnico:
            raise PermissionDenied(_("Un'utenza tecnica non ha password."))
        super().set_password(user, password)
        if self.request.user == user:
            sessioni.chiudi_sessioni(user, tranne=self.request.session.session_key)
            annota_sicurezza(user, "password cambiata", autore=user)
        else:
            sessioni.chiudi_sessioni(user)
            annota_sicurezza(user, "password reimpostata con il collegamento e-mail")

    @staticmethod
    def _utente(credentials: dict[str, Any]) -> Utente | None:
        return Utente.objects.filter(email__iexact=credentials.get("email", "")).first()


def _modo(request: HttpRequest, utente: Utente) -> str:
    """How somebody has proved who she is, in words."""
    con_codice = "mfa" in {prova["method"] for prova in get_authentication_records(request, utente)}
    if oidc.entrata_di(request, utente) is None:
        return _("con password e secondo fattore") if con_codice else _("con password")
    if oidc.secondo_fattore_gia_chiesto(request, utente):
        return _("con il fornitore di identità, che ha chiesto anche il secondo fattore")
    return _("con il fornitore di identità e secondo fattore") if con_codice else _("con il fornitore di identità")


def _cifrario() -> MultiFernet:
    """Cipher of the secrets at rest, with the keys of Django: the first writes, all of them read."""
    impronte = (
        hashlib.sha256(b"secondo fattore" + force_bytes(chiave)).digest()
        for chiave in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    )
    return MultiFernet([Fernet(base64.urlsafe_b64encode(impronta)) for impronta in impronte])


class AdattatoreSecondoFattore(DefaultMFAAdapter):
    """Second factor: its secrets are encrypted in the database; staff cannot do without it."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": pigro(
            "Chi lavora per la Città metropolitana non può togliere il secondo fattore. "
            "Se hai cambiato telefono, chiedi all'amministratore di azzerarlo."
        ),
        "cannot_generate_recovery_codes": pigro("Prima dei codici di recupero attiva il secondo fattore."),
        "incorrect_code": pigro(
            "Il codice non è giusto oppure è già stato usato: aspetta che l'app ne mostri uno nuovo e riprova."
        ),
    }

    def encrypt(self, text: str) -> str:
        return _cifrario().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cifrario().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not secondo_fattore.obbligatorio(authenticator.user)
