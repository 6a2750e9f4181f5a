"""Charts inside pages."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from psttm.grafici.disegno import LARGO, STRETTO, svg
from psttm.grafici.tipi import Figura

register = template.Library()


@register.simple_tag
def grafico(figura: Figura, descrizione: str) -> SafeString:
    """A chart drawn for a wide column and for a narrow one; `css/grafici.css` shows the one that fits.

    `descrizione` says in a sentence what it shows, to those who cannot see it.
    """
    largo, stretto = (
        SafeString(svg(figura, larghezza=larghezza, descrizione=descrizione)) for larghezza in (LARGO, STRETTO)
    )
    cornice = '<div class="grafico"><div class="grafico-largo">{}</div><div class="grafico-stretto">{}</div></div>'
    return format_html(cornice, largo, stretto)
