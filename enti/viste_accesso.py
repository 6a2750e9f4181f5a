"""Pages of signing in and of the second factor (allauth's, with our forms, words and records), and of `ripresa`."""

from __future__ import annotations

from typing import Any

from allauth.account import views as conto
from allauth.mfa.base import views as codice
from allauth.mfa.recovery_codes import views as recupero
from allauth.mfa.totp import views as totp
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from enti import demo, forms, oidc, ripresa, secondo_fattore, sessioni
from enti.accesso import manca_secondo_fattore, persona, richiede
from enti.permessi import Permesso
from enti.sicurezza import annota_sicurezza


class Accesso(conto.LoginView):
    form_class = forms.AccessoForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contesto: dict[str, Any] = super().get_context_data(**kwargs)
        if oidc.acceso():
            contesto["fornitore_di_identita"] = settings.OIDC_NOME
        if settings.DIMOSTRAZIONE:
            contesto |= {"utenti_demo": demo.UTENTI, "password_demo": demo.PASSWORD}
        return contesto


class Conferma(conto.ReauthenticateView):
    form_class = forms.ConfermaPasswordForm


class CambioPassword(conto.PasswordChangeView):
    form_class = forms.CambioPasswordForm


class PasswordDimenticata(conto.PasswordResetView):
    form_class = forms.PasswordDimenticataForm


class NuovaPassword(conto.PasswordResetFromKeyView):
    form_class = forms.NuovaPasswordForm


class Codice(codice.AuthenticateView):
    form_class = forms.CodiceForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contesto: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.DIMOSTRAZIONE:
            contesto["codice_demo"] = demo.codice_adesso()
        return contesto


class ConfermaCodice(codice.ReauthenticateView):
    form_class = forms.ConfermaCodiceForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contesto: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.DIMOSTRAZIONE:
            contesto["codice_demo"] = demo.codice_adesso()
        return contesto


class SecondoFattore(codice.IndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contesto: dict[str, Any] = super().get_context_data(**kwargs)
        return contesto | {"obbligatorio": secondo_fattore.obbligatorio(self.request.user)}


class AttivaSecondoFattore(totp.ActivateTOTPView):
    form_class = forms.AttivaSecondoFattoreForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contesto: dict[str, Any] = super().get_context_data(**kwargs)
        segreto = contesto["form"].secret
        return contesto | {
            "gruppi_segreto": [segreto[i : i + 4] for i in range(0, len(segreto), 4)],
            "necessario_adesso": manca_secondo_fattore(self.request),
        }

    @transaction.atomic
    def form_valid(self, form: BaseForm) -> HttpResponse:
        risposta: HttpResponse = super().form_valid(form)
        sessioni.chiudi_sessioni(self.request.user, tranne=self.request.session.session_key)
        _annota(self.request, "secondo fattore attivato")
        return risposta


class TogliSecondoFattore(totp.DeactivateTOTPView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contesto: dict[str, Any] = super().get_context_data(**kwargs)
        return contesto | {"obbligatorio": secondo_fattore.obbligatorio(self.request.user)}

    @transaction.atomic
    def form_valid(self, form: BaseForm) -> HttpResponse:
        risposta: HttpResponse = super().form_valid(form)
        _annota(self.request, "secondo fattore disattivato")
        return risposta


class CodiciRecupero(recupero.ViewRecoveryCodesView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contesto: dict[str, Any] = super().get_context_data(**kwargs)
        return contesto | {"prosegui": reverse("ripresa" if ripresa.presente(self.request) else "home")}


class NuoviCodiciRecupero(recupero.GenerateRecoveryCodesView):
    @transaction.atomic
    def form_valid(self, form: BaseForm) -> HttpResponse:
        risposta: HttpResponse = super().form_valid(form)
        _annota(self.request, "codici di recupero rigenerati")
        return risposta


class ScaricaCodiciRecupero(recupero.DownloadRecoveryCodesView):
    content_type = "text/plain; charset=utf-8"

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        risposta: HttpResponse = super().render_to_response(context, **kwargs)
        risposta["Content-Disposition"] = 'attachment; filename="codici-di-recupero.txt"'
        return risposta


def _annota(request: HttpRequest, verbo: str) -> None:
    utente = persona(request)
    annota_sicurezza(utente, verbo, autore=utente)


# --- What was being typed when the session expired --------------------------------------------------------------------


@richiede(Permesso.CONTO)
@require_safe
def mostra_ripresa(request: HttpRequest) -> HttpResponse:
    modulo = ripresa.leggi(request)
    if modulo is None:
        return redirect("home")
    contesto = {
        "modulo": modulo,
        "segno_ripresa": ripresa.SEGNO,
        "frase_allegati": ripresa.frase_allegati(modulo.allegati) if modulo.allegati else "",
    }
    return render(request, "enti/ripresa.html", contesto)


@richiede(Permesso.CONTO)
@require_POST
def scarta_ripresa(request: HttpRequest) -> HttpResponse:
    ripresa.scarta(request)
    messages.success(request, _("Quello che era stato conservato è stato eliminato."))
    return redirect("home")


@richiede(Permesso.CONTO)
@require_POST
def sessione_viva(request: HttpRequest) -> HttpResponse:
    """Whoever is still there stays signed in: every request of hers postpones the end of the session."""
    return HttpResponse(status=204)
