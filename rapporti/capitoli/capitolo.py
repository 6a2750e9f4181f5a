"""The chapter of a piano: what there is to know, then each subject with its picture."""

from __future__ import annotations

from collections.abc import Sequence

from rapporti.capitoli import curva, previsione, regole
from rapporti.capitoli.conti import conti
from rapporti.capitoli.copertina import del_perimetro
from rapporti.capitoli.criticita import criticita
from rapporti.capitoli.denaro import denaro
from rapporti.capitoli.elenco import elenco
from rapporti.capitoli.fasi import fasi
from rapporti.capitoli.gruppi import Insieme, intero
from rapporti.capitoli.mappa import mappa
from rapporti.capitoli.parole import elenco as elenco_di
from rapporti.capitoli.parole import numero, quanti
from rapporti.capitoli.stati import riquadri, stati
from rapporti.capitoli.traguardi import traguardi
from rapporti.documento import Blocco, Paragrafo, Sezione, Stile, frase
from rapporti.lettura.quadro import Quadro

# In a report on several piani, one with at most these interventi has no charts.
PICCOLO = 4
# What to call the subjects that a chapter may lack, by the end of their anchor.
ASSENZE = {
    "curva": "andamento dei lavori",
    "denaro": "finanziamenti",
    "traguardi": "milestone e target",
    "fasi": "fasi procedurali",
}


def capitolo(insieme: Insieme, quadro: Quadro) -> Sezione:
    """That of a piano among others."""
    piccolo = len(insieme.opere) <= PICCOLO
    parti = _essenziali(insieme, quadro) if piccolo else per_intero(insieme, quadro)
    return Sezione(
        insieme.ancora,
        insieme.titolo,
        (*testa(insieme, quadro), *(() if piccolo else mancanti(parti, insieme, quadro))),
        tuple(parti),
        nuova_pagina=not piccolo,
        sottotitolo=_quanti(insieme, quadro),
    )


def _quanti(insieme: Insieme, quadro: Quadro) -> str:
    c = conti(insieme.opere, quadro, insieme.ancora)
    interventi, comuni = quanti(c.interventi, "intervento", "interventi"), quanti(c.comuni, "Comune", "Comuni")
    return frase(*interventi, *((" in ", *comuni) if numero(c.comuni) else ())).testo


def testa(insieme: Insieme, quadro: Quadro) -> tuple[Blocco, ...]:
    """Key figures, unless it is of one intervento only, and what there is to know."""
    frasi = Paragrafo(tuple(del_perimetro(insieme, quadro)), Stile.SINTESI, elenco=True)
    if len(insieme.opere) == 1:
        return (frasi,)
    return riquadri(conti(insieme.opere, quadro, insieme.ancora)), frasi


def per_intero(insieme: Insieme, quadro: Quadro) -> list[Sezione]:
    """Every subject that there are data for."""
    opere, ancora = insieme.opere, insieme.ancora
    muti = conti(opere, quadro, ancora).muti
    parti = [
        stati(opere, quadro, ancora),
        *(() if muti else (curva.curva(opere, quadro, ancora), previsione.previsione(opere, quadro, ancora))),
        denaro(opere, quadro, ancora),
        traguardi(opere, quadro, ancora),
        fasi(opere, quadro, ancora),
        _regole(insieme, quadro),
        criticita(opere, quadro, ancora),
        mappa(opere, quadro, ancora),
        elenco(opere, quadro, ancora),
    ]
    return [parte for parte in parti if parte is not None]


def _essenziali(insieme: Insieme, quadro: Quadro) -> list[Sezione]:
    opere, ancora = insieme.opere, insieme.ancora
    parti = [
        traguardi(opere, quadro, ancora),
        _regole(insieme, quadro),
        criticita(opere, quadro, ancora),
        elenco(opere, quadro, ancora),
    ]
    return [parte for parte in parti if parte is not None]


def _regole(insieme: Insieme, quadro: Quadro) -> Sezione | None:
    """They judge a whole piano, so they say nothing of what a place or a link takes of it."""
    if insieme.gruppo is None or not intero(quadro):
        return None
    return regole.regole(insieme.gruppo, quadro, insieme.ancora)


def mancanti(parti: Sequence[Sezione], insieme: Insieme, quadro: Quadro) -> tuple[Blocco, ...]:
    """One line on the subjects that are not there."""
    ancora = insieme.ancora
    presenti = {parte.ancora for parte in parti}
    assenti = [nome for suffisso, nome in ASSENZE.items() if f"{ancora}-{suffisso}" not in presenti]
    if not assenti:
        return ()
    return (Paragrafo((frase(f"Non ci sono dati su {elenco_di(assenti)}."),), Stile.NOTA),)
