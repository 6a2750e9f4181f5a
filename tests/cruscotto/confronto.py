"""The figures of a report in the shape of those of the Cruscotto, to compare the two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cruscotto.tipi import Curva, Filtri, Quantita, Totali
from monitoraggio.opere.tipi import Opera
from rapporti.capitoli import lacune
from rapporti.capitoli.conti import conti
from rapporti.capitoli.gruppi import Insieme, del_tutto
from rapporti.capitoli.valori import valori
from rapporti.documento import Cifra
from rapporti.domanda import Domanda, Perimetro
from rapporti.lettura.leggi import leggi
from rapporti.lettura.quadro import Quadro
from rapporti.scelte import TipoPerimetro, TipoRapporto

# Of each filter, the perimeter of a report.
PERIMETRI = {
    "piano": TipoPerimetro.PIANO,
    "zona": TipoPerimetro.ZONA,
    "comune": TipoPerimetro.COMUNE,
    "driver": TipoPerimetro.DRIVER,
    "strategia": TipoPerimetro.STTM,
}


def quadro_di(filtri: Filtri, al: date, noto_al: datetime) -> Quadro:
    """What the report of these interventi reads: of nothing or of one filter."""
    perimetro = Perimetro()
    for nome, valore in filtri.parametri.items():
        perimetro = Perimetro(PERIMETRI[nome], valore)
    return leggi(Domanda(TipoRapporto.AVANZAMENTO, perimetro, al, noto_al, al, noto_al))


def totali(quadro: Quadro) -> Totali:
    tutto = del_tutto(quadro)
    c, v = conti(tutto.opere, quadro, tutto.ancora), valori(tutto.opere, quadro, tutto.ancora)
    trovate = [una for opera in tutto.opere for una in lacune.tutte(quadro)[opera.chiave]]
    al_mese = v.al_mese.values()
    return Totali(
        interventi=_numero(c.interventi),
        comuni=_numero(c.comuni),
        finanziamento=_euro(c.finanziamento),
        senza_importo=_numero(c.senza_importo),
        impegnato=_euro(c.impegnato),
        pagato=_euro(c.pagato),
        economie=_euro(c.economie),
        valore=sum((lavoro.valore for _opera, lavoro in v.dentro), Decimal(0)),
        previsto=sum((previsto for previsto, _fatto in al_mese), Decimal(0)),
        fatto=sum((fatto for _previsto, fatto in al_mese), Decimal(0)),
        segni={segno: _numero(cifra) for segno, cifra in c.segni.items()},
        lavori={stato: _numero(cifra) for stato, cifra in c.lavori.items()},
        traguardi=dict(Counter(una.stato for una in quadro.scadenze)),
        lacune=dict(Counter(una.lacuna.codice for una in trovate)),
        con_lacune=len({una.opera.chiave for una in trovate}),
    )


def curva(quadro: Quadro) -> Curva:
    tutto = del_tutto(quadro)
    v = valori(tutto.opere, quadro, tutto.ancora)
    return Curva(
        mesi=v.mesi,
        piano=v.piano,
        effettivo=v.effettivo,
        proiezione=v.proiezione,
        fino=v.fino,
        totale=v.totale,
        previsto=v.previsto,
        fatto=v.fatto,
        stima=v.stima,
        inizio=v.inizio,
        fine=v.fine,
        fuori={motivo: (len(opere), _somma(opere)) for motivo, opere in sorted(v.fuori.items())},
    )


def quantita(quadro: Quadro) -> list[tuple[str, Decimal, Decimal, int]]:
    """Code, planned, reached, how many declare it."""
    trovate: dict[str, list[Any]] = {}
    for opera in quadro.opere:
        for una in opera.indicatori:
            somma = trovate.setdefault(una.codice, [Decimal(0), Decimal(0), 0])
            somma[0] += una.programmato or 0
            somma[1] += una.realizzato or 0
            somma[2] += 1
    return [(codice, *trovate[codice]) for codice in sorted(trovate)]


def in_breve(misure: Sequence[Quantita]) -> list[tuple[str, Decimal, Decimal, int]]:
    return [(una.codice, una.programmato, una.realizzato, una.interventi) for una in misure]


def insieme(quadro: Quadro) -> Insieme:
    return del_tutto(quadro)


def _numero(cifra: Cifra) -> int:
    assert isinstance(cifra.valore, int)
    return cifra.valore


def _euro(cifra: Cifra) -> Decimal:
    return cifra.valore if isinstance(cifra.valore, Decimal) else Decimal(0)


def _somma(opere: Sequence[Opera]) -> Decimal:
    return sum((opera.finanziamento or Decimal(0) for opera in opere), Decimal(0))
