"""Template tags of the help, which every page has without loading them: terms, tour, guide of this page."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from psttm.aiuto.giri import giro_di
from psttm.aiuto.glossario import PER_ANCORA
from psttm.aiuto.indice import pagina_per
from psttm.aiuto.modelli import GiroVisto
from psttm.aiuto.tipi import Giro, Passo

register = template.Library()

# The browser opens and closes it, by itself: see the style sheet `aiuto.css` for where it stands.
TERMINE = (
    '<button type="button" class="termine" popovertarget="termine-{ancora}">{parola}</button>'
    '<span class="termine-voce" id="termine-{ancora}" popover><strong>{nome}</strong> {definizione} '
    '<a href="{indirizzo}">Nel glossario<span class="visually-hidden">: {nome}</span></a></span>'
)


@register.simple_tag(takes_context=True)
def termine(context: Context, ancora: str, parola: str = "") -> SafeString:
    """A word of the glossary with its definition at hand; only the first time on a page, afterwards the word alone."""
    voce = PER_ANCORA[ancora]
    scritta = parola or voce.nel_testo
    spiegati = _spiegati(context)
    if ancora in spiegati:
        return format_html("{}", scritta)
    spiegati.add(ancora)
    return format_html(
        TERMINE,
        ancora=ancora,
        parola=scritta,
        nome=voce.nome,
        definizione=voce.definizione,
        indirizzo=f"{reverse('glossario')}#{ancora}",
    )


@register.simple_tag(takes_context=True)
def parole(context: Context, *ancore: str) -> SafeString:
    """A quiet line with the words of a page whose sentences are computed: those not explained yet."""
    da_spiegare = [ancora for ancora in ancore if ancora not in _spiegati(context)]
    if not da_spiegare:
        return format_html("")
    voci = format_html_join(" · ", "{}", ((termine(context, ancora),) for ancora in da_spiegare))
    return format_html('<p class="parole">Parole: {}</p>', voci)


def _spiegati(context: Context) -> set[str]:
    """The terms that this page explained already, whichever templates it is made of."""
    richiesta = context.get("request")
    if richiesta is None:
        return set()
    if not hasattr(richiesta, "termini_spiegati"):
        richiesta.termini_spiegati = set()
    spiegati: set[str] = richiesta.termini_spiegati
    return spiegati


@register.simple_tag(takes_context=True)
def indirizzo_guida(context: Context) -> str:
    """Where the guide explains this page; empty where only the whole guide does."""
    richiesta = context.get("request")
    codice, _, parte = pagina_per(richiesta.path).partition("#") if richiesta else ("", "", "")
    if not codice:
        return ""
    return reverse("guida-pagina", args=[codice]) + (f"#{parte}" if parte else "")


@register.inclusion_tag("componenti/giro.html", takes_context=True)
def offri_giro(context: Context) -> dict[str, Any]:
    """The guided tour of this person: offered until she has seen it or put it off, started by `?giro=si`."""
    richiesta = context["request"]
    giro = giro_di(richiesta.user.ruoli)
    subito = richiesta.GET.get("giro") == "si"
    if giro is None or (not subito and GiroVisto.objects.filter(utente=richiesta.user, giro=giro.ruolo).exists()):
        return {"giro": None}
    return {"giro": giro, "subito": subito, "passi": passi(giro), "request": richiesta}


def passi(giro: Giro) -> list[dict[str, str]]:
    """The steps as the script reads them."""
    return [
        {
            "elemento": passo.elemento,
            "titolo": str(passo.titolo),
            "testo": str(passo.testo),
            "indirizzo": _indirizzo(passo),
        }
        for passo in giro.passi
    ]


def _indirizzo(passo: Passo) -> str:
    return reverse(passo.rotta) if passo.rotta else ""


@register.simple_tag
def indirizzo_passo(passo: Passo) -> str:
    return _indirizzo(passo)


@register.filter
def ha_giro(utente: Any) -> bool:
    """Whether somebody has a tour of her own to take again."""
    return bool(utente.is_authenticated and giro_di(utente.ruoli))
