"""Making the files of a report, in memory: what was asked in, bytes out."""

from __future__ import annotations

from itertools import islice

from django.utils.translation import gettext as _

from rapporti.capitoli.componi import componi
from rapporti.documento import Documento
from rapporti.domanda import Domanda
from rapporti.errori import RapportoImpossibile
from rapporti.formati import dati as formato_dati
from rapporti.formati import foglio as formato_foglio
from rapporti.formati.controllo import difetti
from rapporti.impaginazione.stampa import stampa
from rapporti.lettura.leggi import leggi
from rapporti.memoria import senza_raccolta
from rapporti.services.archivio import Prodotto
from registro.esecutori import Avanzatore

GUASTI = 3


def componi_file(domanda: Domanda, avanzatore: Avanzatore) -> Prodotto:
    """The files that answer the question: the same bytes whenever and wherever they are made. Writes nothing.

    Raises RapportoImpossibile, and what `avanzatore` raises to stop.
    """
    with senza_raccolta():
        documento = _documento(domanda, avanzatore)
        avanzatore.passo(_("Dati allegati e foglio di calcolo"))
        dati = formato_dati.in_json(documento)
        controlla_le_cifre(dati)
        allegati = formato_dati.allegati(documento, dati)
        foglio = formato_foglio.in_xlsx(documento)

    def segui(testo: str, fatti: int, su: int) -> None:
        avanzatore.fatti, avanzatore.su = fatti, su
        avanzatore.passo(testo)

    stampato = stampa(documento, allegati=allegati, passo=segui)
    return Prodotto(
        pdf=stampato.pdf,
        dati=dati,
        foglio=foglio,
        pagine=stampato.pagine,
        interventi=documento.interventi,
        sintesi=tuple(frase.testo for frase in documento.copertina.frasi),
    )


def _documento(domanda: Domanda, avanzatore: Avanzatore) -> Documento:
    """What was read is let go of here: the pages to come need its memory."""
    avanzatore.passo(_("Lettura dei dati"))
    quadro = leggi(domanda)
    avanzatore.passo(_("Composizione dei capitoli e dei grafici"))
    return componi(quadro)


def controlla_le_cifre(dati: bytes) -> None:
    """Every figure again, from the data alone. Raises RapportoImpossibile where its rows do not make it."""
    guasti = list(islice(difetti(formato_dati.leggi_dati(dati)), GUASTI))
    if guasti:
        raise RapportoImpossibile(
            _("Il rapporto non torna con i suoi dati, perciò non si pubblica: segnalalo. %(guasti)s")
            % {"guasti": " ".join(guasti)}
        )
