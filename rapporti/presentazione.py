"""The words of the pages of the reports."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from psttm import formati
from rapporti.models import Rapporto
from rapporti.scelte import TipoPerimetro, TipoRapporto
from registro.models import Lavoro, StatoLavoro

# What each kind is for.
SPIEGAZIONI = {
    TipoRapporto.AVANZAMENTO: pigro(
        "Tutto: avanzamento, denaro, fasi, traguardi, regole, criticità, previsioni, mappa ed elenco degli interventi."
    ),
    TipoRapporto.SINTESI: pigro("Le pagine da discutere: il quadro, una pagina per piano, che cosa è cambiato."),
    TipoRapporto.DUP: pigro("La lettura strategica: il contributo a Driver, STTM e obiettivi del Piano strategico."),
}
NOMI_PERIMETRI = {
    TipoPerimetro.PROGRAMMA: pigro("Tutto il programma"),
    TipoPerimetro.PIANO: pigro("Un piano o un programma"),
    TipoPerimetro.ZONA: pigro("Una zona omogenea"),
    TipoPerimetro.COMUNE: pigro("Un Comune"),
    TipoPerimetro.DRIVER: pigro("Un Driver"),
    TipoPerimetro.STTM: pigro("Una STTM"),
}


@dataclass(frozen=True)
class Posizione:
    """How far a report is: the state mark with its word, and the job to follow or to tell of while it is not ready."""

    segno: str
    parola: str
    lavoro: Lavoro | None = None

    @property
    def in_corso(self) -> bool:
        return self.lavoro is not None and self.lavoro.aperto

    @property
    def errore(self) -> str:
        return self.lavoro.errore if self.lavoro is not None and not self.lavoro.aperto else ""


def posizione(rapporto: Rapporto) -> Posizione:
    if rapporto.pronto:
        return Posizione("riuscito", _("pronto"))
    lavoro = rapporto.lavoro
    if lavoro is None or lavoro.stato == StatoLavoro.RIUSCITO:
        return Posizione("annullato", _("da rifare"), lavoro)
    return Posizione(lavoro.stato, str(lavoro.get_stato_display()), lavoro)


def nome_breve(rapporto: Rapporto) -> str:
    """Its perimeter in a heading: a piano by its code, which the rest of its name only repeats."""
    if rapporto.perimetro == TipoPerimetro.PIANO:
        return rapporto.chiave
    return rapporto.nome_perimetro[:1].upper() + rapporto.nome_perimetro[1:]


def sommario(pronti: int, ultimo: Rapporto | None, in_preparazione: int) -> str:
    """The answer of the archive: how many there are, which is the last, how many are on their way."""
    if ultimo is None:
        frase = _("Nessun rapporto pronto.")
    else:
        valori = {
            "quanti": formati.numero(pronti),
            "nome": nome_breve(ultimo),
            "giorno": formati.data_breve(ultimo.al),
            "quando": formati.data_ora(ultimo.pronto_il),
        }
        if pronti == 1:
            frase = _("Un rapporto pronto: %(nome)s al %(giorno)s, fatto il %(quando)s.") % valori
        else:
            frase = _("%(quanti)s rapporti pronti; l'ultimo, fatto il %(quando)s, è %(nome)s al %(giorno)s.") % valori
    if in_preparazione == 1:
        return frase + " " + _("Uno è in preparazione.")
    if in_preparazione:
        return frase + " " + _("%(quanti)s sono in preparazione.") % {"quanti": formati.numero(in_preparazione)}
    return frase
