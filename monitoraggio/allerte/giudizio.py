"""Judging: what the warnings of the catalogue find of an intervento, or of a piano as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from monitoraggio.allerte.catalogo import CATALOGO
from monitoraggio.allerte.lettura import contesto
from monitoraggio.allerte.tipi import Allarme, Caso, CasoPiano, Contesto, Trovato
from monitoraggio.scelte import ChiAgisce
from monitoraggio.selectors.elenco_situazione import REVOCATO
from piani_integrati.flusso import StatoPiano

__all__ = ["contesto", "giudica", "giudica_piano"]

CONCLUSO = "concluso"
# What happens to a piano in these states is over.
FINITI = frozenset({StatoPiano.CONCLUSO, StatoPiano.REVOCATO})


def giudica(caso: Caso, contesto: Contesto) -> Iterator[tuple[Allarme, Trovato]]:
    """Every warning about an intervento, in the order of the catalogue. Nothing is read: `caso` has it all."""
    segno, ritirato = caso.opera.segno, caso.piano is not None and caso.piano.stato == StatoPiano.REVOCATO
    if segno == REVOCATO or ritirato:
        return
    for allarme in CATALOGO:
        if allarme.prova is None or not _in_vigore(allarme, contesto):
            continue
        if (segno == CONCLUSO and not allarme.conclusi) or (caso.proposta and not allarme.proposte):
            continue
        for trovato in allarme.prova(caso, contesto):
            yield allarme, trovato


def giudica_piano(caso: CasoPiano, contesto: Contesto) -> Iterator[tuple[Allarme, Trovato]]:
    """Every warning about a piano as a whole: no Comune answers for it, so they are all for the office to act on."""
    if caso.piano.stato in FINITI:
        return
    for allarme in CATALOGO:
        if allarme.prova_piano is not None and _in_vigore(allarme, contesto):
            for trovato in allarme.prova_piano(caso, contesto):
                yield allarme, replace(trovato, tocca=ChiAgisce.UFFICIO)


def _in_vigore(allarme: Allarme, contesto: Contesto) -> bool:
    """Whether all of its thresholds existed on the day."""
    return all(nome in contesto.soglie for nome in allarme.soglie)
