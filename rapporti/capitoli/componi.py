"""The whole report, from what was read."""

from __future__ import annotations

from dataclasses import replace

from rapporti.capitoli import confronto, contesto, curva, metodo, previsione, qualita, strategia
from rapporti.capitoli import denaro as capitolo_del_denaro
from rapporti.capitoli import dichiarati as capitolo_dei_dichiarati
from rapporti.capitoli import stati as capitolo_degli_stati
from rapporti.capitoli.capitolo import capitolo, mancanti, per_intero
from rapporti.capitoli.copertina import copertina, del_perimetro, fuori
from rapporti.capitoli.criticita import criticita
from rapporti.capitoli.denaro import denaro
from rapporti.capitoli.gruppi import Insieme, del_tutto, insiemi
from rapporti.capitoli.mappa import mappa
from rapporti.capitoli.parole import di_seguito
from rapporti.capitoli.ritardi import da_seguire
from rapporti.capitoli.stati import stati
from rapporti.capitoli.tavole import tavole
from rapporti.capitoli.traguardi import traguardi
from rapporti.documento import Blocco, Copertina, Documento, Frase, Paragrafo, Sezione
from rapporti.lettura.quadro import Quadro
from rapporti.scelte import TipoPerimetro, TipoRapporto

# Rows of the lists of a summary for the meeting.
POCHE = 6
POCHISSIME = 5


def componi(quadro: Quadro) -> Documento:
    """The document for the kind that was asked for."""
    tipo = TipoRapporto(quadro.domanda.tipo)
    sezioni = {
        TipoRapporto.AVANZAMENTO: _avanzamento,
        TipoRapporto.SINTESI: _sintesi,
        TipoRapporto.DUP: _dup,
    }[tipo](quadro)
    return Documento(
        domanda=quadro.domanda,
        titolo=str(tipo.label),
        nome_perimetro=quadro.nome_perimetro,
        copertina=_copertina(quadro),
        sezioni=tuple(sezione for sezione in sezioni if sezione is not None),
        tavole=(*tavole(quadro), capitolo_dei_dichiarati.tavola(quadro), *metodo.tavole_di_c(quadro)),
        interventi=len(quadro.opere),
        dimostrativo=any(opera.dimostrativo for opera in quadro.opere),
        avvisi=fuori(quadro),
    )


def _copertina(quadro: Quadro) -> Copertina:
    tutto = del_tutto(quadro)
    altre: list[Frase] = []
    if quadro.domanda.tipo != TipoRapporto.DUP:
        altre += previsione.frase_di_sintesi(tutto.opere, quadro, tutto.ancora)
        cambiamenti = confronto.frase_di_sintesi(tutto.opere, quadro, tutto.ancora)
        altre += [di_seguito(cambiamenti)] if cambiamenti else []
    return copertina(quadro, altre)


# --- Everything ------------------------------------------------------------------------------------------------------


def _avanzamento(quadro: Quadro) -> list[Sezione | None]:
    tutto = del_tutto(quadro)
    di_tutto = (tutto.opere, quadro, tutto.ancora)
    cambiamenti = confronto.confronto(*di_tutto)
    if tutto.gruppo is not None:
        parti = per_intero(tutto, quadro)
        prima = replace(parti[0], blocchi=(*mancanti(parti, tutto, quadro), *parti[0].blocchi))
        centro: list[Sezione | None] = [prima, cambiamenti, *parti[1:]]
    else:
        centro = [_insieme(tutto, quadro), cambiamenti, *(capitolo(uno, quadro) for uno in insiemi(quadro))]
    del_programma = quadro.domanda.perimetro.tipo == TipoPerimetro.PROGRAMMA
    return [
        *centro,
        capitolo_dei_dichiarati.dichiarati(quadro),
        qualita.qualita(*di_tutto),
        strategia.strategia(*di_tutto),
        contesto.contesto(quadro) if del_programma else None,
        metodo.metodo(quadro),
    ]


def _insieme(tutto: Insieme, quadro: Quadro) -> Sezione:
    """The whole of several piani."""
    di_tutto = (tutto.opere, quadro, tutto.ancora)
    parti = [
        _piano_per_piano(quadro),
        curva.curva(*di_tutto),
        previsione.previsione(*di_tutto),
        denaro(*di_tutto),
        traguardi(*di_tutto),
        criticita(*di_tutto),
        mappa(*di_tutto),
    ]
    return Sezione(
        "sintesi",
        "Il quadro d'insieme",
        sezioni=tuple(parte for parte in parti if parte is not None),
        nuova_pagina=True,
    )


def _piano_per_piano(quadro: Quadro) -> Sezione:
    blocchi = (capitolo_degli_stati.per_piano(quadro), capitolo_del_denaro.per_piano(quadro))
    return Sezione("piani", "Piano per piano", blocchi)


# --- For the meeting -------------------------------------------------------------------------------------------------


def _sintesi(quadro: Quadro) -> list[Sezione | None]:
    tutto = del_tutto(quadro)
    di_tutto = (tutto.opere, quadro, tutto.ancora)
    cambiamenti = confronto.confronto(*di_tutto)
    aperte = criticita(*di_tutto, prime=POCHE)
    if tutto.gruppo is not None:
        parti = [stati(*di_tutto), previsione.previsione(*di_tutto), denaro(*di_tutto), traguardi(*di_tutto)]
        return [cambiamenti, *parti, aperte]
    quadro_d_insieme = Sezione(
        "sintesi",
        "Il quadro d'insieme",
        (capitolo_degli_stati.per_piano(quadro), capitolo_del_denaro.per_piano(quadro)),
    )
    piani = Sezione("piani", "Piano per piano", (), tuple(_scheda(uno, quadro) for uno in insiemi(quadro)))
    return [quadro_d_insieme, cambiamenti, aperte, piani]


def _scheda(insieme: Insieme, quadro: Quadro) -> Sezione:
    """A piano in a few lines, with what wants looking after."""
    blocchi: list[Blocco] = [Paragrafo(tuple(del_perimetro(insieme, quadro)), elenco=True)]
    urgenti = da_seguire(insieme.opere, quadro, insieme.ancora, POCHISSIME)
    if urgenti is not None:
        blocchi.append(urgenti)
    return Sezione(insieme.ancora, insieme.titolo, tuple(blocchi))


# --- For the DUP -----------------------------------------------------------------------------------------------------


def _dup(quadro: Quadro) -> list[Sezione | None]:
    return [*strategia.dup(quadro), contesto.contesto(quadro), metodo.metodo(quadro)]
