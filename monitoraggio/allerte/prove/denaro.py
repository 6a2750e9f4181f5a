"""Money beside the works."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from monitoraggio.allerte import parole
from monitoraggio.allerte.tipi import Caso, Contesto, Scala, Trovato
from psttm import formati

OLTRE = pigro("punti percentuali oltre la soglia")
SCALA_INDIETRO = Scala(30, 70, Decimal(50), OLTRE)
SCALA_AVANTI = Scala(40, 80, Decimal(50), OLTRE)
CENTO = Decimal(100)


def spesa_indietro(caso: Caso, contesto: Contesto) -> Iterator[Trovato]:
    """What is paid is far behind what is built."""
    quote = _quote(caso)
    soglia = contesto.soglie["punti_spesa_indietro"]
    if quote is not None and quote[0] - quote[1] > soglia:
        fisico, pagato = quote
        motivo = _(
            "I lavori sono %(fisico)s e i pagamenti %(pagato)s del finanziamento: la spesa è indietro di %(punti)s."
        )
        yield _trovato(caso, motivo, fisico, pagato, soglia, SCALA_INDIETRO)


def spesa_avanti(caso: Caso, contesto: Contesto) -> Iterator[Trovato]:
    """What is paid is far ahead of what is built."""
    quote = _quote(caso)
    soglia = contesto.soglie["punti_spesa_avanti"]
    if quote is not None and quote[1] - quote[0] > soglia:
        fisico, pagato = quote
        motivo = _(
            "I pagamenti sono %(pagato)s del finanziamento e i lavori %(fisico)s: la spesa è avanti di %(punti)s."
        )
        yield _trovato(caso, motivo, fisico, pagato, soglia, SCALA_AVANTI)


def _quote(caso: Caso) -> tuple[Decimal, Decimal] | None:
    """Percent built and percent paid; None where the works have not begun or something is not known."""
    opera = caso.opera
    if opera.stato.inizio_lavori is None or opera.stato.percentuale is None or not opera.finanziamento:
        return None
    return opera.stato.percentuale, opera.stato.pagato * CENTO / opera.finanziamento


def _trovato(caso: Caso, motivo: str, fisico: Decimal, pagato: Decimal, soglia: Decimal, scala: Scala) -> Trovato:
    distanza = abs(fisico - pagato)
    valori = {
        "fisico": parole.al_percento(fisico),
        "pagato": parole.al_percento(pagato),
        "punti": parole.punti(distanza),
    }
    evidenza = (
        (_("Avanzamento fisico"), formati.percento(fisico, 2)),
        (_("Pagato"), formati.euro(caso.opera.stato.pagato)),
        (_("Finanziamento"), formati.euro(caso.opera.finanziamento)),
        (_("Pagato sul finanziamento"), formati.percento(pagato, 2)),
        (_("Soglia"), parole.punti(soglia)),
        (_("Dati al"), formati.data_breve(caso.opera.stato.riferita_al)),
    )
    return Trovato(motivo % valori, scala.peso(distanza - soglia), "", None, evidenza)
