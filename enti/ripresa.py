"""What was typed in a form is kept when the session has expired, and offered again after signing in.

A signed cookie remembers who was signed in; the form waits in the anonymous session, and goes back to that person
only. Passwords are never kept; files cannot be (the browser sends them anew), so only their names are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

ClasseModulo = type[forms.Form] | type[forms.ModelForm]

CHIAVE = "ripresa"
SEGNO = "_ripresa"  # field that tells a form sent again from one sent for the first time
LIMITE_BYTE = 200 * 1024
COOKIE = "persona"
SALE = "enti.ripresa"
DURATA_COOKIE = 30 * 24 * 3600  # seconds
SEGRETI = ("csrfmiddlewaretoken", "password", "passwd", SEGNO)


@dataclass(frozen=True)
class Campo:
    """One field of a kept form: its name and values as sent, its label and values as people read them."""

    nome: str
    valori: list[str]
    etichetta: str
    leggibili: list[str]


@dataclass(frozen=True)
class ModuloSospeso:
    indirizzo: str
    campi: list[Campo]
    allegati: list[str]


def ricorda_persona(request: HttpRequest, risposta: HttpResponse) -> None:
    """Leave a signed mark of who was signed in, so that a kept form goes back only to her."""
    if _persona(request) == request.user.pk:
        return
    risposta.set_signed_cookie(
        COOKIE,
        str(request.user.pk),
        salt=SALE,
        max_age=DURATA_COOKIE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _persona(request: HttpRequest) -> int | None:
    valore = request.get_signed_cookie(COOKIE, default=None, salt=SALE, max_age=DURATA_COOKIE)
    return int(valore) if valore else None


def conserva(request: HttpRequest, perche: str) -> str:
    """Keep the form that is being sent, say why, and give the address to open once signed in.

    A form is kept only if the browser shows who was sending it, and if it is not longer than LIMITE_BYTE.
    """
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    chi = request.user.pk if request.user.is_authenticated else _persona(request)
    if request.method != "POST" or chi is None:
        return reverse("home")
    campi = [
        (nome, [str(valore) for valore in valori])
        for nome, valori in request.POST.lists()
        if not any(segreto in nome.lower() for segreto in SEGRETI)
    ]
    allegati = [file.name for _nome, file_inviati in request.FILES.lists() for file in file_inviati]
    if not campi and not allegati:
        return reverse("home")
    if sum(len(testo.encode()) for nome, valori in campi for testo in (nome, *valori)) > LIMITE_BYTE:
        messages.warning(
            request,
            _(
                "%(perche)s e quello che avevi scritto è troppo lungo per essere conservato qui. "
                "Torna indietro con il browser: nella pagina di prima lo ritrovi, copialo e poi accedi."
            )
            % {"perche": perche},
        )
        return reverse("home")
    request.session[CHIAVE] = {
        "chi": chi,
        "indirizzo": request.get_full_path(),
        "campi": campi,
        "allegati": allegati,
    }
    messages.info(request, _("%(perche)s: quello che avevi scritto è al sicuro.") % {"perche": perche})
    return reverse("ripresa")


def leggi(request: HttpRequest) -> ModuloSospeso | None:
    """The form that waits for the person signed in, if there is one."""
    scarta_se_altrui(request)
    sospeso = request.session.get(CHIAVE)
    if sospeso is None:
        return None
    modulo = _modulo_di(sospeso["indirizzo"])
    campi = [
        Campo(nome, valori, _etichetta(nome, modulo), _leggibili(nome, valori, modulo))
        for nome, valori in sospeso["campi"]
    ]
    return ModuloSospeso(sospeso["indirizzo"], campi, sospeso["allegati"])


def presente(request: HttpRequest) -> bool:
    return CHIAVE in request.session


def scarta(request: HttpRequest) -> None:
    request.session.pop(CHIAVE, None)


def scarta_se_altrui(request: HttpRequest) -> None:
    """Somebody else signed in: what the other person was writing is not hers to see."""
    if request.session.get(CHIAVE, {}).get("chi") != request.user.pk:
        scarta(request)


def chiudi(request: HttpRequest, risposta: HttpResponse) -> None:
    """Let go of the kept form once it has been sent again and has reached its page."""
    if request.method == "POST" and risposta.status_code < 400 and SEGNO in request.POST:
        scarta(request)


def _modulo_di(indirizzo: str) -> ClasseModulo | None:
    """Form class behind an address, where its view names one: it knows how its fields are called."""
    try:
        vista: Any = resolve(indirizzo.split("?", maxsplit=1)[0]).func
    except Resolver404:
        return None
    return getattr(vista, "modulo", None) or getattr(getattr(vista, "view_class", None), "form_class", None)


def _etichetta(nome: str, modulo: ClasseModulo | None) -> str:
    campo = modulo.base_fields.get(nome) if modulo else None
    if campo is not None and campo.label:
        return str(campo.label)
    return nome.replace("_", " ").replace("-", " ").capitalize()


def _leggibili(nome: str, valori: list[str], modulo: ClasseModulo | None) -> list[str]:
    campo = modulo.base_fields.get(nome) if modulo else None
    if isinstance(campo, forms.BooleanField):
        return [_("sì")]
    scelte: Any = flatten_choices(getattr(campo, "choices", ()))
    nomi = {str(valore): str(testo) for valore, testo in scelte}
    return [nomi.get(valore, valore) for valore in valori]


def frase_allegati(allegati: list[str]) -> str:
    return ngettext(
        "C'era un file, che va allegato di nuovo: %(nomi)s.",
        "C'erano %(numero)s file, che vanno allegati di nuovo: %(nomi)s.",
        len(allegati),
    ) % {"numero": len(allegati), "nomi": ", ".join(allegati)}
