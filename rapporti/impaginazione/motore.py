"""The one module that knows WeasyPrint: HTML in, PDF out.

It weighs 40 MB in memory and needs libraries of the system that the pages of the portal do not: `stampa` loads it when
there is something to print.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from weasyprint import HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from rapporti.formati.tipi import Allegato
from rapporti.impaginazione.caratteri import facce
from rapporti.impaginazione.conformita import ricorda_le_pagine, rifinitore
from rapporti.memoria import senza_raccolta

FONTCONFIG = Path(__file__).with_name("fontconfig.xml")
DIARIO = logging.getLogger("weasyprint.progress")
PAGINA = "Step 5 - Creating layout - Page"

Passo = Callable[[str, int, int], None]

ricorda_le_pagine()


class SoloCaratteri(URLFetcher):
    """Gives our fonts and what an address holds in itself; nothing of the network, nothing of the disk."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        for faccia in facce():
            if url == faccia.indirizzo:
                return URLFetcherResponse(url, faccia.contenuto, {"Content-Type": "font/ttf"})
        if url.startswith("data:"):
            return super().fetch(url, headers)
        raise ValueError(f"Un rapporto non prende nulla da {url}")


class Cronista(logging.Handler):
    """Tells of each page as it is laid out. What `passo` raises stops the layout."""

    def __init__(self, passo: Passo, stima: int) -> None:
        super().__init__()
        self.passo, self.stima, self.pagina = passo, stima, 0
        self.filo = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread != self.filo or not record.msg.startswith(PAGINA) or not isinstance(record.args, tuple):
            return
        # The pages that quote the number of others are laid out twice.
        self.pagina = max(self.pagina, int(str(record.args[0])))
        self.passo(_("Impaginazione: pagina %(pagina)s") % {"pagina": self.pagina}, self.pagina, self.su)

    @property
    def su(self) -> int:
        """Every page is first laid out, then written."""
        return 2 * max(self.stima, self.pagina)


def in_pdf(
    pagina: str,
    *,
    codice: str,
    quando: datetime,
    legami: Mapping[str, str],
    allegati: Sequence[Allegato],
    passo: Passo,
    stima: int,
) -> tuple[bytes, int]:
    """The PDF of an HTML page and the number of its pages; `stima` is how many are expected."""
    with senza_raccolta(), _seguito_da(Cronista(passo, stima)):
        disposto = HTML(string=pagina, url_fetcher=SoloCaratteri()).render(font_config=_solo_nostri(), pdf_tags=True)
        quante = len(disposto.pages)
        for numero, una in enumerate(disposto.pages, 1):
            una.paint = _annunciata(una.paint, passo, numero, quante)
        pdf = disposto.write_pdf(
            finisher=rifinitore(legami),
            pdf_variant="pdf/a-3a",
            pdf_tags=True,
            pdf_identifier=hashlib.sha256(f"{codice}\n{pagina}".encode()).digest()[:16],
            attachments=[_allegato(uno, quando) for uno in sorted(allegati, key=lambda uno: uno.nome)],
        )
    return pdf, quante


def _annunciata(dipingi: Callable[..., None], passo: Passo, numero: int, quante: int) -> Callable[..., None]:
    def annuncia_e_dipingi(*argomenti: Any, **opzioni: Any) -> None:
        testo = _("Scrittura del PDF: pagina %(numero)s di %(quante)s") % {"numero": numero, "quante": quante}
        passo(testo, quante + numero, 2 * quante)
        dipingi(*argomenti, **opzioni)

    return annuncia_e_dipingi


def _allegato(allegato: Allegato, quando: datetime) -> Attachment:
    return Attachment(
        string=allegato.contenuto,
        name=allegato.nome,
        description=allegato.descrizione,
        created=quando,
        modified=quando,
        relationship="Data",
    )


def _solo_nostri() -> FontConfiguration:
    """A configuration that knows our fonts alone.

    fontconfig reads the name of its file when a configuration is made. It is taken back at once: a program that found
    it in its environment, a browser for one, would have no fonts.
    """
    prima = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(FONTCONFIG)
    try:
        return FontConfiguration()
    finally:
        if prima is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = prima


@contextmanager
def _seguito_da(cronista: Cronista) -> Iterator[None]:
    DIARIO.setLevel(logging.INFO)
    DIARIO.propagate = False
    DIARIO.addHandler(cronista)
    try:
        yield
    finally:
        DIARIO.removeHandler(cronista)
