"""The user guide: `docs/guida/*.md` turned once into pages, which the portal then only reads."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

from psttm.aiuto.indice import PAGINE
from psttm.aiuto.tipi import Pagina

SORGENTI = settings.BASE_DIR / "docs" / "guida"
INTRODUZIONE = "index"
# A link to another page of the guide, as the sources write it: readable on a forge too.
A_UNA_PAGINA = re.compile(r"(?P<codice>[a-z-]+)\.md(?P<parte>#.*)?")


class GuidaSbagliata(Exception):
    """A source of the guide is not as it must be; the text says which, and what is missing."""


def costruisci() -> Path:
    """Make the pages of the guide from their sources and write them down. Raises GuidaSbagliata."""
    mancanti = [codice for codice in (INTRODUZIONE, *PAGINE) if not (SORGENTI / f"{codice}.md").exists()]
    if mancanti:
        raise GuidaSbagliata(f"Della guida mancano le pagine: {', '.join(mancanti)} (in {SORGENTI}).")
    pagine = [leggi_sorgente(codice) for codice in (INTRODUZIONE, *PAGINE)]
    file = _file()
    # In one move: who is reading finds the old one or the new one.
    nuovo = file.with_suffix(".nuovo")
    nuovo.write_text(json.dumps([asdict(pagina) for pagina in pagine], ensure_ascii=False), encoding="utf-8")
    nuovo.replace(file)
    return file


def pagine() -> dict[str, Pagina]:
    """The pages by their names, as they were built last; none where they were never built."""
    return {pagina.codice: pagina for pagina in _costruite() if pagina.codice != INTRODUZIONE}


def introduzione() -> Pagina | None:
    """What the table of contents begins with."""
    return next((pagina for pagina in _costruite() if pagina.codice == INTRODUZIONE), None)


def leggi_sorgente(codice: str) -> Pagina:
    """One source: its first heading is the title, the paragraph below it says what the page is for."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    segni = markdown.parse((SORGENTI / f"{codice}.md").read_text(encoding="utf-8"))
    if [segno.tag for segno in segni[:4:3]] != ["h1", "p"]:
        raise GuidaSbagliata(f"docs/guida/{codice}.md deve cominciare con il titolo e una frase.")
    indice = tuple(_ancora(aperto, testo) for aperto, testo in pairwise(segni) if _e_parte(aperto))
    for segno in segni:
        for figlio in segno.children or ():
            _porta_al_portale(figlio)
    corpo = segni[6:]
    return Pagina(
        codice=codice,
        titolo=_piano(segni[1]),
        sommario=_piano(segni[4]),
        html=str(markdown.renderer.render(corpo, markdown.options, {})),
        testo=" ".join(_piano(segno) for segno in corpo if segno.type == "inline"),
        indice=indice,
    )


def _costruite() -> list[Pagina]:
    file = _file()
    return _leggi(file, file.stat().st_mtime_ns) if file.exists() else []


def _file() -> Path:
    return Path(settings.VAR_DIR) / "guida.json"


@lru_cache(maxsize=1)
def _leggi(file: Path, scritto: int) -> list[Pagina]:
    """`scritto` is when it was written: the same file is read once."""
    righe: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return [Pagina(**{**riga, "indice": tuple((a, t) for a, t in riga["indice"])}) for riga in righe]


def _e_parte(segno: Token) -> bool:
    return segno.type == "heading_open" and segno.tag == "h2"


def _ancora(aperto: Token, testo: Token) -> tuple[str, str]:
    titolo = _piano(testo)
    ancora = slugify(titolo)
    aperto.attrSet("id", ancora)
    return ancora, titolo


def _porta_al_portale(segno: Token) -> None:
    """A link to another source becomes the address of its page."""
    trovata = A_UNA_PAGINA.fullmatch(str(segno.attrGet("href") or ""))
    if segno.type == "link_open" and trovata:
        segno.attrSet("href", f"/guida/{trovata['codice']}/{trovata['parte'] or ''}")


def _piano(segno: Token) -> str:
    """The words of a token, without their marks."""
    return "".join(" " if figlio.type == "softbreak" else figlio.content for figlio in segno.children or ())
