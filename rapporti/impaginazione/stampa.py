"""The report as a PDF: the same bytes for the same report, whenever and wherever it is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from importlib import import_module
from types import ModuleType

from django.utils.translation import gettext as _

from rapporti.documento import Documento
from rapporti.errori import RapportoImpossibile
from rapporti.formati.tipi import Allegato
from rapporti.impaginazione.misure import pagine_stimate
from rapporti.impaginazione.pagina import compila

# What is being done, how many units are done, how many there are.
Passo = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Stampato:
    """A PDF and the number of its pages."""

    pdf: bytes = field(repr=False)
    pagine: int


def stampa(documento: Documento, *, allegati: Sequence[Allegato], passo: Passo | None = None) -> Stampato:
    """Lay out a report, with files attached. `passo` is called page by page; what it raises stops the work.

    Raises RapportoImpossibile if a font or a library of the system is missing.
    """
    avvisa = passo or _nessuno
    motore = _motore()
    stima = pagine_stimate(documento)
    avvisa(_("Impaginazione"), 0, 2 * stima)
    pagina = compila(documento)
    pdf, pagine = motore.in_pdf(
        pagina.html,
        codice=documento.codice,
        quando=documento.domanda.noto_al.astimezone(UTC),
        legami=pagina.legami,
        allegati=allegati,
        passo=avvisa,
        stima=stima,
    )
    return Stampato(pdf, pagine)


def _nessuno(testo: str, fatti: int, su: int) -> None:
    """Nobody follows."""


def _motore() -> ModuleType:
    """WeasyPrint, loaded now and not with the portal: see there."""
    try:
        return import_module("rapporti.impaginazione.motore")
    except OSError as errore:
        raise RapportoImpossibile(
            _(
                "Su questa macchina non si possono fare PDF: mancano librerie di sistema (%(causa)s). "
                "Installale con: sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
            )
            % {"causa": str(errore).splitlines()[0]}
        ) from errore
