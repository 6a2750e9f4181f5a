"""Template tags and filters that every page has without loading them: formats and shared components."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms, template
from django.core.paginator import Page
from django.db.models import Model
from django.template.context import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from psttm import formati
from registro.models import Evento, Lavoro, StatoLavoro
from registro.ripensamenti import SEGNO as SEGNO_RIPENSAMENTO

register = template.Library()

for filtro in (formati.numero, formati.euro, formati.milioni, formati.percento, formati.lower_iniziale):
    register.filter(filtro.__name__, filtro)
for filtro_data in (formati.data_breve, formati.data_ora, formati.mese):
    register.filter(filtro_data.__name__, filtro_data)

GIORNO = re.compile(r"\d{4}-\d{2}-\d{2}")

# State marks: shape, word and colour together, so that none of the three carries the meaning alone.
SEGNI = {
    "in_linea": ("●", "in linea"),
    "a_rischio": ("▲", "a rischio"),
    "in_ritardo": ("■", "in ritardo"),
    "concluso": ("✓", "concluso"),
    "non_avviato": ("○", "non avviato"),
    "conforme": ("✓", "conforme"),
    "non_conforme": ("✕", "non conforme"),
    "non_determinabile": ("?", "non determinabile"),
    "non_applicabile": ("–", "non applicabile"),
    "in_coda": ("○", "in coda"),
    "in_corso": ("●", "in corso"),
    "riuscito": ("✓", "concluso"),
    "fallito": ("✕", "non riuscito"),
    "annullato": ("–", "annullato"),
    "bene": ("✓", "bene"),
    "da_guardare": ("▲", "da guardare"),
    "guasto": ("■", "guasto"),
}


@register.simple_tag
def icona(nome: str, descrizione: str = "") -> SafeString:
    """An icon of the Bootstrap Italia sprite; decorative unless it has a description."""
    indirizzo = f"{static('svg/sprites.svg')}#{nome}"
    if descrizione:
        return format_html(
            '<svg class="icon icon-sm" role="img" aria-label="{}"><use href="{}"></use></svg>', descrizione, indirizzo
        )
    return format_html('<svg class="icon icon-sm" aria-hidden="true"><use href="{}"></use></svg>', indirizzo)


@register.inclusion_tag("componenti/segno.html")
def segno(codice: str, parola: str = "") -> dict[str, str]:
    """State mark: a shape, a word, a colour."""
    forma, parola_propria = SEGNI[codice]
    return {"codice": codice, "forma": forma, "parola": parola or parola_propria}


@register.simple_tag
def segno_breve(codice: str, parola: str = "") -> SafeString:
    """The same mark for narrow cells, whose style may show the word only to who cannot see the shape."""
    forma, parola_propria = SEGNI[codice]
    marca = '<span class="segno segno-{}"><span class="segno-forma" aria-hidden="true">{}</span>'
    return format_html(marca + ' <span class="segno-parola">{}</span></span>', codice, forma, parola or parola_propria)


@register.inclusion_tag("componenti/segno.html")
def segno_lavoro(lavoro: Lavoro) -> dict[str, str]:
    forma, _ = SEGNI[lavoro.stato]
    return {"codice": lavoro.stato, "forma": forma, "parola": str(StatoLavoro(lavoro.stato).label)}


@register.simple_tag
def importo(valore: Any) -> SafeString:
    """An amount in euro, with figures that line up."""
    return format_html('<span class="cifra">{}</span>', formati.euro(valore))


@register.inclusion_tag("componenti/codice.html")
def cup(valore: str) -> dict[str, Any]:
    """A CUP grouped for the eye and copied without spaces."""
    return {"nome": "CUP", "valore": valore, "gruppi": formati.gruppi_cup(valore)}


@register.inclusion_tag("componenti/codice.html")
def codice(valore: str, nome: str) -> dict[str, Any]:
    """Any other code (CIG, ISTAT, IPA): fixed width, with a button that copies it."""
    return {"nome": nome, "valore": valore, "gruppi": [valore]}


@register.simple_tag
def si_no(valore: bool) -> SafeString:
    """A tick where something holds; where it does not, a word for those who cannot see the blank."""
    if valore:
        segno_vero = '<span class="si"><span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></span>'
        return format_html(segno_vero, "✓", "sì")
    return format_html('<span class="visually-hidden">{}</span>', "no")


@register.simple_tag
def data(valore: Any) -> SafeString:
    """A day that machines can read too."""
    if valore is None:
        return format_html("{}", "–")
    return format_html('<time datetime="{}">{}</time>', valore.isoformat(), formati.data_breve(valore))


@register.inclusion_tag("componenti/vuoto.html")
def vuoto(titolo: str, testo: str, azione: str = "", indirizzo: str = "") -> dict[str, str]:
    """Empty state: what will be here and how to get it there."""
    return {"titolo": titolo, "testo": testo, "azione": azione, "indirizzo": indirizzo}


@register.inclusion_tag("componenti/ricevuta.html")
def ricevuta(titolo: str, numero: Any, quando: Any, testo: str = "") -> dict[str, Any]:
    """Receipt of something done: it stays on the page, with a number and a time."""
    return {"titolo": titolo, "numero": numero, "quando": quando, "testo": testo}


@register.inclusion_tag("componenti/barra_lavoro.html")
def barra_lavoro(lavoro: Lavoro) -> dict[str, Lavoro]:
    """Bar of a long job: what is being done and how much is left; the page follows it by itself."""
    return {"lavoro": lavoro}


@register.inclusion_tag("componenti/fonte.html")
def fonte(oggetto: Model) -> dict[str, Model]:
    """Where a row comes from: document and place."""
    return {"oggetto": oggetto}


@register.inclusion_tag("componenti/cambiamenti.html")
def cambiamenti(evento: Evento) -> dict[str, list[dict[str, Any]]]:
    """The fields that an event changed, before and after; those that stayed the same are left out."""
    prima, dopo = evento.prima or {}, evento.dopo or {}
    campi = [campo for campo in {**prima, **dopo} if (prima.get(campo) or None) != (dopo.get(campo) or None)]
    return {
        "righe": [
            {
                "campo": campo.replace("_", " "),
                "prima": _leggibile(prima.get(campo)),
                "dopo": _leggibile(dopo.get(campo)),
            }
            for campo in campi
        ]
    }


def _leggibile(valore: Any) -> str | None:
    """A recorded value as people read it: days the Italian way, yes and no, lists in a row."""
    if valore in (None, "", [], {}):
        return None
    if isinstance(valore, dict):
        return ", ".join(f"{nome} {_leggibile(voce)}" for nome, voce in valore.items())
    if isinstance(valore, bool):
        return "sì" if valore else "no"
    if isinstance(valore, list):
        return ", ".join(str(_leggibile(voce)) for voce in valore)
    if isinstance(valore, str) and GIORNO.fullmatch(valore):
        return formati.data_breve(date.fromisoformat(valore))
    return str(valore)


@register.filter
def ripensamento(messaggio: Any) -> dict[str, Any] | None:
    """The key by which what a message tells of can be undone, and until when; None where it cannot."""
    segno, _due_punti, resto = (messaggio.extra_tags or "").partition(":")
    if segno != SEGNO_RIPENSAMENTO:
        return None
    chiave, _due_punti, secondi = resto.partition(":")
    return {"chiave": chiave, "fino": timezone.localtime(datetime.fromtimestamp(int(secondi), UTC))}


@register.filter
def gradi(valore: float | None) -> str:
    """Degrees with five decimals, about a metre: 45,46420°."""
    return "–" if valore is None else f"{formati.numero(Decimal(str(valore)), 5)}°"


@register.inclusion_tag("componenti/filtri.html", takes_context=True)
def filtri(context: Context, filtro: Any, conto: str, nome: str = "Filtri", altri: str = "") -> dict[str, Any]:
    """Filter bar: fields, count of results, and each active filter as a link that takes it away.

    `altri` names, with spaces between, the fields that stand folded until one of them is used.
    """
    richiesta = context["request"]
    ripiegati = altri.split()
    attivi = []
    for campo in filtro.form.visible_fields():
        valore = filtro.form.cleaned_data.get(campo.name) if filtro.form.is_valid() else None
        if valore in (None, "") or isinstance(valore, list):
            continue  # an order of the rows is no filter
        parametri = richiesta.GET.copy()
        for chiave in (campo.name, "pagina"):
            parametri.pop(chiave, None)
        scelte = {} if isinstance(campo.field, forms.ModelChoiceField) else dict(getattr(campo.field, "choices", ()))
        attivi.append(
            {
                "nome": campo.label,
                "valore": _giorno_o_istante(scelte.get(valore, valore)),
                "senza": f"{richiesta.path}?{parametri.urlencode()}" if parametri else richiesta.path,
            }
        )
    campi = filtro.form.visible_fields()
    # What the page is read by, and is no filter, stays when the filters are taken away.
    nascosti = [campo.name for campo in filtro.form.hidden_fields() if richiesta.GET.get(campo.name)]
    tenuti = urlencode({nome: richiesta.GET[nome] for nome in nascosti})
    return {
        "filtro": filtro,
        "principali": [campo for campo in campi if campo.name not in ripiegati],
        "altri": [campo for campo in campi if campo.name in ripiegati],
        "altri_usati": any(richiesta.GET.get(nome) for nome in ripiegati),
        "conto": conto,
        "nome": nome,
        "attivi": attivi,
        "base": f"{richiesta.path}?{tenuti}" if tenuti else richiesta.path,
    }


def _giorno_o_istante(valore: Any) -> Any:
    """Days and instants the Italian way, everything else as it is."""
    if isinstance(valore, datetime):
        return formati.data_ora(valore)
    return formati.data_breve(valore) if isinstance(valore, date) else valore


@register.inclusion_tag("componenti/pagine.html", takes_context=True)
def pagine(context: Context, pagina: Page[Any]) -> dict[str, Any]:
    return {"pagina": pagina, "request": context["request"]}


@register.simple_tag(takes_context=True)
def indirizzo_con(context: Context, **parametri: Any) -> str:
    """This address with some parameters changed; an empty value takes the parameter away."""
    richiesta = context["request"]
    nuovi = richiesta.GET.copy()
    for nome, valore in parametri.items():
        if valore in (None, ""):
            nuovi.pop(nome, None)
        else:
            nuovi[nome] = str(valore)
    return f"{richiesta.path}?{nuovi.urlencode()}" if nuovi else richiesta.path


@register.inclusion_tag("componenti/briciole.html")
def briciole(*passi: str) -> dict[str, list[dict[str, str]]]:
    """Breadcrumb: pairs of name and address, then the name of this page."""
    coppie = [{"nome": passi[i], "indirizzo": passi[i + 1]} for i in range(0, len(passi) - 1, 2)]
    return {"passi": [*coppie, {"nome": passi[-1], "indirizzo": ""}]}


@register.simple_tag
def indirizzo(nome: str, *argomenti: Any) -> str:
    """Address of a route, usable as an argument of other tags."""
    return reverse(nome, args=argomenti)


@register.simple_block_tag
def tabella(content: SafeString, didascalia: str, classe: str = "") -> SafeString:
    """A table: hairlines, sticky head, figures aligned; on a narrow screen every row becomes a card.

    Cells name their column in `data-colonna`, which the cards show. The caption is for screen readers.
    """
    cornice = '<table class="tabella {}"><caption class="visually-hidden">{}</caption>{}</table>'
    return format_html(cornice, classe, didascalia, content)
