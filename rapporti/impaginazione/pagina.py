"""The whole report as one HTML page, made to be printed."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from psttm.formati import data_breve, data_ora
from psttm.grafici.segni import FORME, segno_svg
from rapporti.documento import Documento, Sezione
from rapporti.domanda import istante
from rapporti.impaginazione.blocchi import blocco, riquadri
from rapporti.impaginazione.caratteri import facce, solo_coperti
from rapporti.impaginazione.misure import pagine_stimate
from rapporti.impaginazione.tela import Tela
from rapporti.scelte import TipoRapporto

ENTE = "Città metropolitana di Milano"
STILE = Path(__file__).with_name("stile.css")
# A report as short as this needs no list of contents.
BREVE = 6
# How large the summary of the cover may be, by how many characters it has.
AMPIEZZE = (("breve", 420), ("media", 1100))
# Titles of the contents, and the deepest heading that HTML knows.
LIVELLI_INDICE, ULTIMO_LIVELLO = 2, 6


@dataclass(frozen=True)
class Pagina:
    """`legami` says in words where each address of the page leads."""

    html: str = field(repr=False)
    legami: Mapping[str, str] = field(repr=False)


def in_html(documento: Documento) -> str:
    return compila(documento).html


def compila(documento: Documento) -> Pagina:
    """The page, in characters that our fonts can write. Raises RapportoImpossibile if one of them is missing."""
    tela = Tela(settings.URL_BASE.rstrip("/"), documento.codice)
    domanda = documento.domanda
    tela.legami.update({una.ancora: una.titolo for una in _tutte(documento.sezioni)})
    pagina = render_to_string(
        "rapporti/pdf/rapporto.html",
        {
            "documento": documento,
            "ente": ENTE,
            "stile": _stile(),
            "al": data_breve(domanda.al),
            "istante": istante(domanda.noto_al),
            "righe": _righe_di_copertina(documento, tela),
            "sintesi": [tela.frase(frase) for frase in documento.copertina.sintesi],
            "piani": [tela.frase(frase) for frase in documento.copertina.per_piano],
            "ampiezza": _ampiezza(documento),
            "cifre": riquadri(documento.copertina.cifre, tela),
            "indice": _indice(documento.sezioni, LIVELLI_INDICE) if _con_indice(documento) else "",
            "sezioni": SafeString("".join(_sezione(una, 2, tela) for una in documento.sezioni)),
        },
    )
    return Pagina(solo_coperti(pagina), tela.legami)


@lru_cache(maxsize=1)
def _stile() -> SafeString:
    """The style sheet, with our fonts and the shapes of the state marks."""
    regole = [faccia.regola for faccia in facce()]
    for codice in FORME:
        disegno = base64.b64encode(segno_svg(codice, 10).encode()).decode()
        regole.append(f".s-{codice}{{background-image:url(data:image/svg+xml;base64,{disegno})}}")
    return SafeString("\n".join([*regole, STILE.read_text(encoding="utf-8")]))


def _righe_di_copertina(documento: Documento, tela: Tela) -> list[tuple[str, SafeString | str]]:
    """What the report is of, in the order in which one asks; the code leads to where it is verified."""
    domanda = documento.domanda
    verifica = f"{tela.base}/rapporti/verifica/"
    tela.legami[f"{verifica}?codice={documento.codice}"] = f"Verifica del rapporto {documento.codice}"
    righe: list[tuple[str, SafeString | str]] = [
        ("Situazione al", data_breve(domanda.al)),
        ("Come era nota il", data_ora(domanda.noto_al)),
        ("Confronto", _confronto(documento)),
    ]
    dette = {nome for nome, _valore in righe} | {"Codice"}
    righe += [(nome, valore) for nome, valore in documento.copertina.righe if nome not in dette]
    codice = '<a class="k" href="{}?codice={}">{}</a> <span class="quieto">si verifica su {}</span>'
    return [*righe, ("Codice", format_html(codice, verifica, documento.codice, documento.codice, verifica))]


def _confronto(documento: Documento) -> str:
    domanda = documento.domanda
    detto = f"con la situazione al {data_breve(domanda.confronto_al)}"
    if domanda.confronto_noto_al == domanda.noto_al:
        return detto
    return f"{detto}, come era nota il {data_ora(domanda.confronto_noto_al)}"


def _ampiezza(documento: Documento) -> str:
    """The summary is as large as its length allows."""
    lettere = sum(len(frase.testo) for frase in documento.copertina.sintesi)
    return next((classe for classe, massimo in AMPIEZZE if lettere <= massimo), "lunga")


def _con_indice(documento: Documento) -> bool:
    return documento.domanda.tipo != TipoRapporto.SINTESI and pagine_stimate(documento) > BREVE


def _indice(sezioni: Sequence[Sezione], livelli: int) -> SafeString:
    if not sezioni or not livelli:
        return SafeString("")
    voci = ((una.ancora, una.titolo, _indice(una.sezioni, livelli - 1)) for una in sezioni)
    return format_html('<ul class="indice">{}</ul>', format_html_join("", '<li><a href="#{}">{}</a>{}</li>', voci))


def _sezione(una: Sezione, livello: int, tela: Tela) -> SafeString:
    """A part of the report under its title, and those inside it."""
    sotto = format_html('<p class="sottotitolo">{}</p>', una.sottotitolo) if una.sottotitolo else ""
    return format_html(
        '<section class="{}"><h{} id="{}">{}</h{}>{}{}{}</section>',
        f"livello-{livello}" + (" nuova-pagina" if una.nuova_pagina else ""),
        livello,
        una.ancora,
        una.titolo,
        livello,
        sotto,
        SafeString("".join(blocco(uno, tela) for uno in una.blocchi)),
        SafeString("".join(_sezione(parte, min(livello + 1, ULTIMO_LIVELLO), tela) for parte in una.sezioni)),
    )


def _tutte(sezioni: Sequence[Sezione]) -> Iterator[Sezione]:
    for una in sezioni:
        yield una
        yield from _tutte(una.sezioni)
