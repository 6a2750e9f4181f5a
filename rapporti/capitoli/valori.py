"""What the works are worth by plan and by progress, for the chapters of the curve and of the forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, cast

from monitoraggio.calcolo import passi as calcolo
from monitoraggio.calcolo.curva import Lavoro, guadagnato, percento_al, previsto
from monitoraggio.calcolo.passi import Andamento
from monitoraggio.calcolo.tempo import ultimo_finito
from monitoraggio.opere.programma import SENZA_PROGRAMMA
from monitoraggio.opere.tipi import Opera
from rapporti.capitoli.gruppi import Insieme, del_tutto, insiemi
from rapporti.capitoli.parole import Parti
from rapporti.documento import Cifra, Colonna, Tavola, Unita
from rapporti.lettura.quadro import Quadro

REVOCATO = "annullato"
CENTESIMO = Decimal("0.01")
LAVORI = (
    Colonna("cup", "CUP", Unita.CODICE, 16),
    Colonna("titolo", "Intervento", larghezza=30),
    Colonna("piano", "Piano"),
    Colonna("finanziamento", "Finanziamento (€)", Unita.EURO, 14),
    Colonna("inizio", "Inizio dei lavori da piano", Unita.DATA),
    Colonna("fine", "Fine dei lavori da piano", Unita.DATA),
    Colonna("previsto", "Valore previsto (€)", Unita.EURO, 14),
    Colonna("percentuale", "Avanzamento (%)", Unita.PERCENTO),
    Colonna("guadagnato", "Valore dei lavori fatti (€)", Unita.EURO, 14),
    Colonna("escluso", "Perché non è nella curva", larghezza=16),
)


@dataclass(frozen=True, kw_only=True)
class Valori(Andamento):
    """The curve of some interventi, with those that it is of and those that are left out, by reason."""

    dentro: tuple[tuple[Opera, Lavoro], ...]
    fuori: dict[str, tuple[Opera, ...]]
    al: date
    # Value planned and value earned of each intervento at the end of `fino`, by its key.
    al_mese: dict[str, tuple[Decimal, Decimal]]

    @property
    def muti(self) -> tuple[Opera, ...]:
        """Those in the curve of which nothing was ever declared: they count as not begun."""
        return tuple(opera for opera, lavoro in self.dentro if not lavoro.detti and lavoro.concluso_il is None)

    @property
    def mese_parziale(self) -> bool:
        """Whether the last month over by the day of the report is left out, for want of data."""
        return self.fino < ultimo_finito(self.al)


def valori(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Valori:
    """Worked out once for each anchor."""
    nome = f"valori.{ancora}"
    if nome not in quadro.appunti:
        quadro.appunti[nome] = _valori(opere, quadro)
    return cast(Valori, quadro.appunti[nome])


def fino_a(quadro: Quadro) -> date:
    """The last complete month of the whole perimeter, so that a report speaks of one month only."""
    if "fino" not in quadro.appunti:
        lavori = (lavoro for opera in quadro.opere if (lavoro := lavoro_di(opera, quadro)) is not None)
        quadro.appunti["fino"] = calcolo.ultimo_completo(calcolo.somma(lavori), quadro.al)
    return cast(date, quadro.appunti["fino"])


def lavoro_di(opera: Opera, quadro: Quadro) -> Lavoro | None:
    """What the curve knows of an intervento; None where it cannot be in it. Worked out once."""
    noti = cast("dict[str, Lavoro | None]", quadro.appunti.setdefault("lavori", {}))
    if opera.chiave not in noti:
        noti[opera.chiave] = _lavoro(opera, quadro)
    return noti[opera.chiave]


def _lavoro(opera: Opera, quadro: Quadro) -> Lavoro | None:
    if escluso(opera, quadro) or opera.base is None or opera.finanziamento is None:
        return None
    concluso = opera.stato.fine_effettiva
    return Lavoro(
        opera.finanziamento,
        *opera.base,
        tuple((mese.riferito_al, mese.percentuale) for mese in opera.mesi),
        concluso if concluso is not None and concluso <= quadro.al else None,
    )


def escluso(opera: Opera, quadro: Quadro) -> str:
    """Why an intervento is not in the curve; "" if it is."""
    if opera.segno == REVOCATO:
        return "revocato"
    if opera.piano_id in senza_programma(quadro):
        return "di un piano non ancora assegnato o revocato"
    if not opera.finanziamento:
        return "senza finanziamento"
    return "" if opera.base is not None else "senza date dei lavori"


def senza_programma(quadro: Quadro) -> set[int]:
    """The piani whose works nobody has been charged with."""
    if "senza-programma" not in quadro.appunti:
        quadro.appunti["senza-programma"] = {gruppo.pk for gruppo in quadro.gruppi if gruppo.stato in SENZA_PROGRAMMA}
    return cast("set[int]", quadro.appunti["senza-programma"])


def _valori(opere: Sequence[Opera], quadro: Quadro) -> Valori:
    fino = fino_a(quadro)
    dentro = tuple((opera, lavoro) for opera in opere if (lavoro := lavoro_di(opera, quadro)) is not None)
    fuori: dict[str, tuple[Opera, ...]] = {}
    for opera in opere:
        if motivo := escluso(opera, quadro):
            fuori[motivo] = (*fuori.get(motivo, ()), opera)
    curva = calcolo.andamento(calcolo.somma(lavoro for _opera, lavoro in dentro), fino, quadro.al)
    return Valori(
        **{campo.name: getattr(curva, campo.name) for campo in fields(curva)},
        dentro=dentro,
        fuori=fuori,
        al=quadro.al,
        al_mese={opera.chiave: (previsto(lavoro, fino), guadagnato(lavoro, fino)) for opera, lavoro in dentro},
    )


def tavola_lavori(quadro: Quadro) -> Tavola:
    """Each intervento at the end of the last complete month: what the figures of the curve are sums of."""
    fino = fino_a(quadro)
    codici = {gruppo.pk: gruppo.codice for gruppo in quadro.gruppi}
    return Tavola(
        "lavori",
        f"Valore dei lavori al {fino:%d/%m/%Y}",
        LAVORI,
        {opera.chiave: _riga(opera, codici.get(opera.piano_id or 0, ""), quadro, fino) for opera in quadro.opere},
    )


def _riga(opera: Opera, piano: str, quadro: Quadro, fino: date) -> tuple[Any, ...]:
    lavoro = lavoro_di(opera, quadro)
    inizio, fine = opera.base or (None, None)
    testa = (opera.codice, opera.nome, piano, opera.finanziamento, inizio, fine)
    if lavoro is None:
        return (*testa, None, opera.stato.percentuale, None, escluso(opera, quadro))
    return (*testa, previsto(lavoro, fino), percento_al(lavoro, fino), guadagnato(lavoro, fino), "")


def gruppi_con_ancora(quadro: Quadro) -> list[Insieme]:
    """The whole perimeter and each piano: whatever the report may draw a curve of."""
    tutti = {uno.ancora: uno for uno in (del_tutto(quadro), *insiemi(quadro))}
    return list(tutti.values())


# --- Words -----------------------------------------------------------------------------------------------------------


def a_fine(mese: date) -> str:
    """dicembre 2024, of the end of a month."""
    return Cifra("", "", mese, Unita.MESE).testo


def a_mese(giorno: date) -> str:
    """a marzo 2029, ad aprile 2030."""
    mese = a_fine(giorno)
    return f"{'ad' if mese.startswith('a') else 'a'} {mese}"


def il(cifra: Cifra, preposizione: str = "") -> Parti:
    """A figure with its article: il 38,4 %, l'8,7 %, lo 0,5 %; with a preposition: del 38,4 %, all'8,7 %."""
    intero = cifra.testo.lstrip("\N{MINUS SIGN}").split(",")[0]
    radici = {"": ("il", "l'", "lo"), "di": ("del", "dell'", "dello"), "a": ("al", "all'", "allo")}
    normale, elisa, zeta = radici[preposizione]
    if intero in {"1", "11"} or intero.startswith("8"):
        return elisa, cifra
    return f"{zeta if intero == '0' else normale} ", cifra


def mesi_in_parole(cifra: Cifra) -> Parti:
    """3,4 mesi, 1 mese."""
    return cifra, " mese" if cifra.testo in {"1", "1,0"} else " mesi"
