"""What is wrong with a report: figures that are not their rows, empty parts, names that stand for two things."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from rapporti.documento import (
    Blocco,
    Cella,
    Cifra,
    Documento,
    Frase,
    Grafico,
    Legame,
    Paragrafo,
    Riquadri,
    Sezione,
    Tabella,
    Tavola,
)


def sezioni_di(documento: Documento) -> Iterator[Sezione]:
    """Every section, with those inside it."""

    def tutte(sezione: Sezione) -> Iterator[Sezione]:
        yield sezione
        for figlia in sezione.sezioni:
            yield from tutte(figlia)

    for sezione in documento.sezioni:
        yield from tutte(sezione)


def blocchi_di(documento: Documento) -> Iterator[Blocco]:
    for sezione in sezioni_di(documento):
        yield from sezione.blocchi


def tabelle_di(documento: Documento) -> Iterator[Tabella]:
    for blocco in blocchi_di(documento):
        if isinstance(blocco, Tabella):
            yield blocco
        if isinstance(blocco, Grafico):
            yield blocco.dati


def celle_di(documento: Documento) -> Iterator[Cella]:
    for tabella in tabelle_di(documento):
        for riga in (*tabella.righe, tabella.totale):
            yield from riga


def frasi_di(documento: Documento) -> Iterator[Frase]:
    yield from documento.copertina.frasi
    for blocco in blocchi_di(documento):
        if isinstance(blocco, Paragrafo):
            yield from blocco.frasi


def cifre_di(documento: Documento) -> Iterator[Cifra]:
    yield from documento.copertina.cifre
    for una in frasi_di(documento):
        yield from (parte for parte in una.parti if isinstance(parte, Cifra))
    for blocco in blocchi_di(documento):
        if isinstance(blocco, Riquadri):
            yield from blocco.cifre
    yield from (cella for cella in celle_di(documento) if isinstance(cella, Cifra))


def difetti(documento: Documento) -> list[str]:
    """Nothing, in a good report."""
    return [*_delle_cifre(documento), *_delle_parti(documento), *_delle_frasi(documento)]


def _delle_cifre(documento: Documento) -> Iterator[str]:
    tavole = {tavola.chiave: tavola for tavola in documento.tavole}
    cifre: dict[str, Cifra] = {}
    for cifra in cifre_di(documento):
        if cifre.setdefault(cifra.chiave, cifra) != cifra:
            yield f"{cifra.chiave}: due cifre diverse con la stessa chiave"
        if not re.fullmatch(r"[A-Za-z0-9.-]+", cifra.chiave):
            yield f"{cifra.chiave}: chiave con altri caratteri"
    for cifra in cifre.values():
        yield from (f"{cifra.chiave}: «{da}» non c'è" for da in cifra.da if da not in cifre)
        if cifra.righe:
            yield from _delle_righe(cifra, tavole)
        if not cifra.righe and not cifra.formula and cifra.valore != 0:
            yield f"{cifra.chiave}: vale {cifra.valore} senza righe né formula"


def _delle_righe(cifra: Cifra, tavole: dict[str, Tavola]) -> Iterator[str]:
    tavola = tavole.get(cifra.tavola)
    if tavola is None:
        yield f"{cifra.chiave}: la tavola «{cifra.tavola}» non c'è"
        return
    mancano = [riga for riga in cifra.righe if riga not in tavola.righe]
    if mancano:
        yield f"{cifra.chiave}: mancano le righe {mancano[:3]}"
    elif not cifra.formula and cifra.valore != _valore(cifra, tavola):
        yield f"{cifra.chiave}: vale {cifra.valore}, le righe danno {_valore(cifra, tavola)}"


def _valore(cifra: Cifra, tavola: Tavola) -> Decimal | int:
    if not cifra.colonna:
        return len(cifra.righe)
    posto = [colonna.chiave for colonna in tavola.colonne].index(cifra.colonna)
    valori = [tavola.righe[riga][posto] for riga in cifra.righe]
    return sum((valore for valore in valori if valore is not None), Decimal(0))


def _delle_parti(documento: Documento) -> Iterator[str]:
    ancore = Counter(sezione.ancora for sezione in sezioni_di(documento))
    yield from (f"due parti si chiamano {ancora}" for ancora, volte in ancore.items() if volte > 1)
    chiavi = Counter(blocco.chiave for blocco in blocchi_di(documento) if isinstance(blocco, Tabella | Grafico))
    yield from (f"due tabelle o grafici si chiamano {chiave}" for chiave, volte in chiavi.items() if volte > 1)
    for sezione in sezioni_di(documento):
        if not sezione.blocchi and not sezione.sezioni:
            yield f"{sezione.ancora}: parte vuota"
    for tabella in tabelle_di(documento):
        larghe = {len(riga) for riga in (*tabella.righe, tabella.totale) if riga}
        if larghe - {len(tabella.colonne)}:
            yield f"{tabella.chiave}: righe di {larghe} celle, colonne {len(tabella.colonne)}"
    for tavola in documento.tavole:
        if any(len(riga) != len(tavola.colonne) for riga in tavola.righe.values()):
            yield f"{tavola.chiave}: righe e colonne non corrispondono"
    for cella in celle_di(documento):
        if isinstance(cella, Legame) and cella.indirizzo.startswith("#") and cella.indirizzo[1:] not in ancore:
            yield f"{cella.indirizzo} non porta da nessuna parte"


def _delle_frasi(documento: Documento) -> Iterator[str]:
    # Those without figures may be words of a source: titles, evidence.
    computate = [una for una in frasi_di(documento) if any(isinstance(parte, Cifra) for parte in una.parti)]
    for una in computate:
        testo = una.testo.replace("\xa0", " ")
        if re.search(r"  |\.\.|,,| [.,;]|\( | \)", testo) or not testo.endswith((".", ":", "?")):
            yield f"frase malformata: {testo}"
        if re.search(r"(?<![\d.,/])1 (interventi|criticità sono|giorni|Comuni)\b", testo):
            yield f"singolare e plurale non concordano: {testo}"
    for blocco in blocchi_di(documento):
        if isinstance(blocco, Grafico) and not blocco.descrizione.strip():
            yield f"{blocco.chiave}: grafico senza descrizione"
