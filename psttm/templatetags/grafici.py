"""Charts inside pages."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from psttm.grafici.disegno import AMPIO, LARGO, STRETTO, svg
from psttm.grafici.tipi import Figura

register = template.Library()


@register.simple_tag
def grafico(figura: Figura, descrizione: str, ampio: bool = False) -> SafeString:
    """A chart drawn for a wide column and for a narrow one; `css/grafici.css` shows the one that fits.

    `descrizione` says in a sentence what it shows, to those who cannot see it. `ampio` draws it for the whole page too.
    """
    misure = {"ampio": AMPIO} if ampio else {}
    disegni = [
        (nome, SafeString(svg(figura, larghezza=larghezza, descrizione=descrizione)))
        for nome, larghezza in {**misure, "largo": LARGO, "stretto": STRETTO}.items()
    ]
    dentro = format_html_join("", '<div class="grafico-{}">{}</div>', disegni)
    return format_html('<div class="grafico{}">{}</div>', " con-ampio" if ampio else "", dentro)
