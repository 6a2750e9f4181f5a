"""Horizontal bars: names at the left (above, where the chart is narrow), parts with their values, total and note."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from psttm.grafici.assi import in_unita
from psttm.grafici.colori import BINARIO, FILO_FORTE, QUIETO, SFONDO, TINTE, Tinta
from psttm.grafici.tela import CORPO, CORPO_PICCOLO, Tela
from psttm.grafici.testi import a_capo, larghezza, tronca
from psttm.grafici.tipi import Barra, Barre, Unita

ALTA = 16.0
RIGA = 13.0
SPAZIO_TRA = 8.0
PARTE_DEL_NOME = 0.38
PARTE_DELLA_NOTA = 0.34
CAMPIONE = 9.0


@dataclass(frozen=True)
class Parte:
    """A part of a bar: where it begins and how long it is, from 0 to 1 of the scale, and what is written of it."""

    inizio: float
    lunga: float
    tinta: Tinta
    testo: str

    def dentro(self, lunghezza: float) -> bool:
        """Whether its value fits inside, when the whole scale is `lunghezza` long."""
        return larghezza(self.testo, CORPO_PICCOLO) + 8 <= self.lunga * lunghezza


@dataclass(frozen=True)
class Disposta:
    """A bar ready to be drawn."""

    nome: str
    righe: list[str]
    parti: list[Parte]
    totale: str
    nota: str
    nota_intera: str

    def fuori(self, lunghezza: float) -> list[Parte]:
        """The parts too short for their value, which is written after the total."""
        return [parte for parte in self.parti if parte.testo and not parte.dentro(lunghezza)]

    def coda(self, lunghezza: float, *, stretta: bool) -> float:
        """Room that total, values left out and note take after the bar; a narrow chart has the note below."""
        fuori = sum(CAMPIONE + 11 + larghezza(parte.testo, CORPO_PICCOLO) for parte in self.fuori(lunghezza))
        nota = larghezza(self.nota, CORPO) + 8 if self.nota and not stretta else 0
        return 5 + larghezza(self.totale, CORPO, forte=True) + fuori + nota

    @property
    def fine(self) -> float:
        return self.parti[-1].inizio + self.parti[-1].lunga if self.parti else 0


def disegna(tela: Tela, figura: Barre) -> float:
    """Draws the bars; returns their height."""
    if not figura.barre:
        tela.testo(tela.larghezza / 2, 24, "Nessun dato", ancora="middle", colore=QUIETO)
        return 40
    y = _legenda(tela, figura) if len(figura.serie) > 1 else 2.0
    ampiezza_nomi = 0.0
    if not tela.stretta:
        naturale = max(larghezza(barra.nome, CORPO) for barra in figura.barre)
        ampiezza_nomi = min(naturale, tela.larghezza * PARTE_DEL_NOME)
    disposte = [_disponi(tela, figura, barra, ampiezza_nomi) for barra in figura.barre]
    sinistra = ampiezza_nomi + 8 if ampiezza_nomi else 0.0
    binario = figura.massimo is not None
    lunghezza = _lunghezza(tela, disposte, tela.larghezza - sinistra, intera=binario)
    cima = y
    for disposta in disposte:
        if tela.stretta:
            y += _sotto_il_nome(tela, disposta, y, lunghezza, binario)
        else:
            y += _accanto_al_nome(tela, disposta, sinistra, y, lunghezza, binario)
        y += SPAZIO_TRA
    fondo = y - SPAZIO_TRA + 2
    if not tela.stretta:
        tela.linea((sinistra, cima - 2), (sinistra, fondo), FILO_FORTE)
    return fondo


def _sotto_il_nome(tela: Tela, disposta: Disposta, y: float, lunghezza: float, binario: bool) -> float:
    tela.righe(0, y + 10, disposta.righe, RIGA, intero=disposta.nome)
    alta = RIGA * len(disposta.righe) + 2
    _barra(tela, disposta, 0, y + alta, lunghezza, binario)
    alta += ALTA
    if disposta.nota:
        tela.testo(0, y + alta + 12, disposta.nota, colore=QUIETO, intero=disposta.nota_intera)
        alta += RIGA + 1
    return alta


def _accanto_al_nome(tela: Tela, disposta: Disposta, x: float, y: float, lunghezza: float, binario: bool) -> float:
    scritta = RIGA * len(disposta.righe)
    alta = max(scritta, ALTA)
    tela.righe(0, y + (alta - scritta) / 2 + 10.5, disposta.righe, RIGA, intero=disposta.nome)
    _barra(tela, disposta, x, y + (alta - ALTA) / 2, lunghezza, binario)
    return alta


def _disponi(tela: Tela, figura: Barre, barra: Barra, ampiezza_nomi: float) -> Disposta:
    massimo = _massimo(figura)
    noti = [in_unita(valore, figura.unita) for valore in barra.valori]
    piene = sum(1 for valore in noti if valore)
    parti = []
    inizio = Decimal(0)
    for serie, valore in zip(figura.serie, noti, strict=True):
        if valore > 0:
            # A part that is the whole bar says nothing that the total does not.
            testo = _solo_numero(valore, figura.unita) if piene > 1 else ""
            tinta = TINTE[serie.tinta] if len(figura.serie) > 1 else replace(TINTE[serie.tinta], trama="")
            parti.append(Parte(float(inizio / massimo), float(valore / massimo), tinta, testo))
            inizio += valore
    ignota = all(valore is None for valore in barra.valori)
    ampiezza_nota = tela.larghezza if tela.stretta else tela.larghezza * PARTE_DELLA_NOTA
    return Disposta(
        nome=barra.nome,
        righe=a_capo(barra.nome, ampiezza_nomi or tela.larghezza, CORPO),
        parti=parti,
        totale=figura.unita.scrivi(None if ignota else sum((Decimal(v) for v in barra.valori if v), Decimal(0))),
        nota=tronca(barra.nota, ampiezza_nota, CORPO),
        nota_intera=barra.nota,
    )


def _massimo(figura: Barre) -> Decimal:
    """The end of the scale: what was asked for, or the longest bar."""
    totali = [sum((in_unita(v, figura.unita) for v in barra.valori), Decimal(0)) for barra in figura.barre]
    massimo = max(*totali, in_unita(figura.massimo, figura.unita), Decimal(0))
    return massimo or Decimal(1)


def _solo_numero(valore: Decimal, unita: Unita) -> str:
    return Unita(decimali=unita.decimali).scrivi(valore)


def _lunghezza(tela: Tela, disposte: list[Disposta], spazio: float, *, intera: bool) -> float:
    """The longest scale with which every bar and what is written after it fit in `spazio`."""
    lunghezza = spazio
    while lunghezza > 40 and not all(
        (1 if intera else disposta.fine) * lunghezza + disposta.coda(lunghezza, stretta=tela.stretta) <= spazio
        for disposta in disposte
    ):
        lunghezza -= 4
    return lunghezza


def _barra(tela: Tela, disposta: Disposta, x: float, y: float, lunghezza: float, binario: bool) -> None:
    if binario:
        tela.rettangolo(x, y, lunghezza, ALTA, BINARIO)
    for parte in disposta.parti:
        da, lunga = x + parte.inizio * lunghezza, max(parte.lunga * lunghezza, 1)
        tela.campitura(da, y, lunga, ALTA, parte.tinta)
        if parte.inizio:
            tela.linea((da, y), (da, y + ALTA), SFONDO)
        if parte.testo and parte.dentro(lunghezza):
            _valore(tela, parte, da + lunga / 2, y)
    fine = lunghezza if binario else disposta.fine * lunghezza
    _coda(tela, disposta, x + fine + 5, y + 12, lunghezza)


def _valore(tela: Tela, parte: Parte, centro: float, y: float) -> None:
    """A value inside its part, on a plain ground where the part is hatched."""
    if parte.tinta.trama:
        ampiezza = larghezza(parte.testo, CORPO_PICCOLO) + 4
        tela.rettangolo(centro - ampiezza / 2, y + 2, ampiezza, ALTA - 4, parte.tinta.fondo)
    tela.testo(centro, y + 11.5, parte.testo, corpo=CORPO_PICCOLO, ancora="middle", colore=parte.tinta.testo)


def _coda(tela: Tela, disposta: Disposta, x: float, base: float, lunghezza: float) -> None:
    tela.testo(x, base, disposta.totale, forte=True)
    x += larghezza(disposta.totale, CORPO, forte=True)
    for parte in disposta.fuori(lunghezza):
        tela.campitura(x + 8, base - CAMPIONE + 0.5, CAMPIONE, CAMPIONE, parte.tinta)
        tela.testo(x + 8 + CAMPIONE + 3, base - 0.5, parte.testo, corpo=CORPO_PICCOLO, colore=QUIETO)
        x += CAMPIONE + 11 + larghezza(parte.testo, CORPO_PICCOLO)
    if disposta.nota and not tela.stretta:
        tela.testo(x + 8, base, disposta.nota, colore=QUIETO, intero=disposta.nota_intera)


def _legenda(tela: Tela, figura: Barre) -> float:
    """Tints and names of the parts, in as many rows as they need; returns where the bars begin."""
    y = 0.0
    for riga in _righe_di_legenda(tela, figura):
        for x, nome, tinta in riga:
            tela.campitura(x, y + 1, 14, 10, tinta)
            tela.testo(x + 19, y + 10, nome)
        y += 16
    return y + 6


def _righe_di_legenda(tela: Tela, figura: Barre) -> Iterator[list[tuple[float, str, Tinta]]]:
    riga: list[tuple[float, str, Tinta]] = []
    x = 0.0
    for serie in figura.serie:
        nome = tronca(serie.nome, tela.larghezza - 20, CORPO)
        ampiezza = 19 + larghezza(nome, CORPO)
        if riga and x + ampiezza > tela.larghezza:
            yield riga
            riga, x = [], 0.0
        riga.append((x, nome, TINTE[serie.tinta]))
        x += ampiezza + 18
    yield riga
