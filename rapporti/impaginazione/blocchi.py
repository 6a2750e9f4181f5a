"""The blocks of a report as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from psttm.grafici.disegno import svg
from rapporti.documento import Blocco, Cifra, Grafico, Paragrafo, Riquadri, Tabella
from rapporti.impaginazione.celle import Scritta, classe_di, scritte, scritte_del_totale, testata
from rapporti.impaginazione.misure import misure
from rapporti.impaginazione.tela import Tela

# Rows laid out together: a table of one body only takes longer for each page as it grows.
GRUPPO = 40
AFFIANCATI = 4


def blocco(uno: Blocco, tela: Tela) -> SafeString:
    match uno:
        case Paragrafo():
            return paragrafo(uno, tela)
        case Riquadri(cifre):
            return riquadri(cifre, tela)
        case Grafico():
            return grafico(uno, tela)
        case Tabella():
            return tabella(uno, tela)


def paragrafo(uno: Paragrafo, tela: Tela) -> SafeString:
    frasi = [(tela.frase(frase),) for frase in uno.frasi]
    if uno.elenco:
        return format_html('<ul class="{}">{}</ul>', uno.stile.value, format_html_join("", "<li>{}</li>", frasi))
    return format_html('<p class="{}">{}</p>', uno.stile.value, format_html_join(" ", "{}", frasi))


def riquadri(cifre: Sequence[Cifra], tela: Tela) -> SafeString:
    """Rows of equal tiles, as even as they can be: five are three and two."""
    if not cifre:
        return SafeString("")
    per_riga = ceil(len(cifre) / ceil(len(cifre) / AFFIANCATI))
    file = [cifre[inizio : inizio + per_riga] for inizio in range(0, len(cifre), per_riga)]
    return format_html_join("", '<ul class="riquadri r{}">{}</ul>', ((per_riga, _fila(una, tela)) for una in file))


def _fila(cifre: Sequence[Cifra], tela: Tela) -> SafeString:
    riquadro = '<li><span class="valore">{}</span><span class="etichetta">{}</span></li>'
    return format_html_join("", riquadro, ((tela.cifra(una), una.etichetta) for una in cifre))


def grafico(uno: Grafico, tela: Tela) -> SafeString:
    disegno = SafeString(svg(uno.figura, larghezza=640, descrizione=uno.descrizione))
    figura = format_html("<figure><figcaption>{}</figcaption>{}{}</figure>", uno.titolo, disegno, _nota(uno.nota))
    return figura + tabella(uno.dati, tela) if uno.con_dati else figura


def tabella(una: Tabella, tela: Tela) -> SafeString:
    if not una.righe:
        vuota = '<div class="senza-righe"><p class="titolo">{}</p><p>{}</p>{}</div>'
        return format_html(vuota, una.titolo, una.vuota or "Nessuna riga.", _nota(una.nota))
    righe = scritte(una.righe, una.colonne, tela)
    totale = scritte_del_totale(una.totale, una.colonne, tela)
    sue = misure(una.colonne, [*righe, *totale], una.fitta)
    return format_html(
        '<table class="{}" style="width:{}%"><caption>{}</caption><colgroup>{}</colgroup>'
        "<thead><tr>{}</tr></thead>{}</table>{}",
        sue.corpo,
        sue.tabella,
        una.titolo,
        format_html_join("", '<col style="width:{}%">', ((larga,) for larga in sue.colonne)),
        format_html_join("", '<th scope="col" class="{}">{}</th>', ((classe_di(c), testata(c)) for c in una.colonne)),
        _corpi(righe, totale),
        _nota(una.nota),
    )


def _corpi(righe: Sequence[Sequence[Scritta]], totale: Sequence[Sequence[Scritta]]) -> SafeString:
    """Bodies of as many rows each, none of which is left with a few; the total stands with the last rows."""
    quanti = max(len(righe) // GRUPPO, 1)
    tagli = [len(righe) * numero // quanti for numero in range(quanti + 1)]
    corpi = [SafeString("".join(_riga(riga) for riga in righe[inizio:fine])) for inizio, fine in pairwise(tagli)]
    corpi[-1] += SafeString("".join(_riga(riga, "totale") for riga in totale))
    return format_html_join("", "<tbody>{}</tbody>", ((corpo,) for corpo in corpi))


def _riga(celle: Sequence[Scritta], classe: str = "") -> SafeString:
    prima, *altre = celle
    return format_html(
        '<tr class="{}"><th scope="row" class="{}">{}</th>{}</tr>',
        classe,
        prima.classe,
        prima.html,
        format_html_join("", '<td class="{}">{}</td>', ((una.classe, una.html) for una in altre)),
    )


def _nota(testo: str) -> SafeString:
    return format_html('<p class="sotto">{}</p>', testo) if testo else SafeString("")
