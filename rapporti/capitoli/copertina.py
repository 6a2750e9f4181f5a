"""The first page, and the sentences that it and the summary share."""

from __future__ import annotations

from collections.abc import Sequence

from psttm import formati
from rapporti.capitoli.conti import conti
from rapporti.capitoli.denaro import frase_del_denaro
from rapporti.capitoli.frasi import composizione, criticita, finanziati, percentuali, ritardi
from rapporti.capitoli.frasi_tempi import gare, oltre_la_scadenza
from rapporti.capitoli.gruppi import Insieme, del_tutto, insiemi, integrati, soggetto
from rapporti.capitoli.parole import con_maiuscola, di_seguito, elenco
from rapporti.capitoli.stati import riquadri
from rapporti.documento import Copertina, Frase
from rapporti.lettura.quadro import Quadro
from rapporti.scelte import TipoPerimetro, TipoRapporto

OCCHIELLO = "Piani urbani integrati e programmi del PNRR"


def copertina(quadro: Quadro, altre: Sequence[Frase] = ()) -> Copertina:
    """What, of when, for whom; what there is to know of the whole and, in a full report, of each Piano Integrato."""
    tutto = del_tutto(quadro)
    piani: list[Frase] = []
    if tutto.gruppo is None and quadro.domanda.tipo == TipoRapporto.AVANZAMENTO:
        piani = [in_breve(uno, quadro) for uno in integrati(quadro) if not conti(uno.opere, quadro, uno.ancora).muti]
    return Copertina(
        occhiello=OCCHIELLO,
        titolo=str(TipoRapporto(quadro.domanda.tipo).label),
        sottotitolo=con_maiuscola(quadro.nome_perimetro),
        righe=tuple(_righe(quadro)),
        sintesi=(*del_perimetro(tutto, quadro), *altre),
        cifre=riquadri(conti(tutto.opere, quadro, tutto.ancora)).cifre,
        per_piano=tuple(piani),
    )


def _righe(quadro: Quadro) -> list[tuple[str, str]]:
    """The piani that it speaks of; days, instants and code stand on every cover."""
    nomi = [uno.nome for uno in insiemi(quadro)]
    return [("Comprende", elenco(nomi))] if len(nomi) > 1 else []


def del_perimetro(insieme: Insieme, quadro: Quadro) -> list[Frase]:
    """What there is to know of a group, a sentence or two at a time."""
    opere, ancora = insieme.opere, insieme.ancora
    c = conti(opere, quadro, ancora)
    per_opera = percentuali(opere, quadro, ancora)
    frasi = [
        [composizione(soggetto(insieme, quadro), c, quadro, nomi=per_opera is None), per_opera],
        [gare(opere, quadro, ancora)],
        [finanziati(opere, quadro, ancora), oltre_la_scadenza(opere, quadro, ancora)],
        [frase_del_denaro(c)],
        [ritardi(c, quadro), criticita(opere, quadro, ancora)],
    ]
    return [di_seguito(presenti) for gruppo in frasi if (presenti := [una for una in gruppo if una is not None])]


def in_breve(insieme: Insieme, quadro: Quadro) -> Frase:
    """The same in a few lines."""
    opere, ancora = insieme.opere, insieme.ancora
    c = conti(opere, quadro, ancora)
    per_opera = percentuali(opere, quadro, ancora)
    frasi = [
        composizione(soggetto(insieme, quadro), c, quadro, nomi=per_opera is None),
        per_opera,
        gare(opere, quadro, ancora),
        oltre_la_scadenza(opere, quadro, ancora),
        ritardi(c, quadro) if {"in_ritardo", "a_rischio"} & set(c.segni) else None,
    ]
    return di_seguito([una for una in frasi if una is not None])


def fuori(quadro: Quadro) -> tuple[str, ...]:
    """What the register knows of the same place or link, outside the programme."""
    if not quadro.fuori:
        return ()
    altri = "un altro intervento" if quadro.fuori == 1 else f"altri {formati.numero(quadro.fuori)} interventi"
    dove = (
        "di questo luogo" if quadro.domanda.perimetro.tipo in {TipoPerimetro.COMUNE, TipoPerimetro.ZONA} else "legati"
    )
    sono = "non è in un piano né monitorato" if quadro.fuori == 1 else "non sono in un piano né monitorati"
    return (f"Il registro conosce {altri} {dove}: {sono}, perciò questo rapporto non ne parla.",)
