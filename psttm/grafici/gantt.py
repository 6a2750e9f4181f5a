"""A Gantt: a row each, with what was planned (thin), what went on (thick), what is forecast (dashed), its traguardi."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from psttm import formati
from psttm.grafici.assi import ALTEZZA_TEMPO, Tempo, disegna_tempo
from psttm.grafici.colori import BLU, FILO, PIANO, QUIETO, SFONDO, TESTO
from psttm.grafici.etichette import ALTEZZA, SALITA, bandiere
from psttm.grafici.gantt_legenda import disegna_legenda
from psttm.grafici.gantt_marche import SEGNO, TRATTI_PREVISTO, ammucchia, dentro, giorni_di
from psttm.grafici.tela import CORPO, CORPO_PICCOLO, Tela
from psttm.grafici.testi import a_capo, larghezza
from psttm.grafici.tipi import Gantt, RigaGantt

RIGA_DI_TESTO = 12.0
FILA = 15.0
MARGINE = 12.0  # beside the time, where arrows say that something goes on out of it
BARRE = 20.0  # height of the lane of plan, bar and forecast
MARCHE = 12.0  # and of the traguardi under it
ARIA = 5.0
NOME_DEL_GRUPPO = 20.0
PARTE_DEL_NOME = 0.3
PARTE_DELLA_NOTA = 0.2
TRATTI_SCADENZA = "7 3"


@dataclass(frozen=True)
class Colonne:
    """Room for the names, the stretch of the time, where the notes begin and their room."""

    nomi: float
    tempo: Tempo
    note: float
    ampiezza_note: float


@dataclass(frozen=True)
class Corsia:
    """A row with its texts cut into lines, its counts laid in lines too."""

    riga: RigaGantt
    gruppo: str
    nome: list[str]
    conti: list[list[tuple[str, str, float]]]
    nota: list[str]

    @property
    def righe_di_nota(self) -> int:
        return len(self.conti) + len(self.nota)

    @property
    def disegno(self) -> float:
        """Height of what is drawn in time."""
        return _barre(self.riga) + (MARCHE if self.riga.marche else 0)

    def altezza(self, *, stretta: bool) -> float:
        """Without the name of its group."""
        if stretta:
            return RIGA_DI_TESTO * (len(self.nome) + self.righe_di_nota) + self.disegno + ARIA
        return max(self.disegno, RIGA_DI_TESTO * max(len(self.nome), self.righe_di_nota)) + ARIA


def _barre(riga: RigaGantt) -> float:
    """Height of plan, bar and forecast: a row of traguardi alone has none."""
    soli = riga.marche and not (riga.base or riga.svolto or riga.fine_stimata)
    return 2.0 if soli else BARRE


def disegna(tela: Tela, figura: Gantt) -> float:
    """Draws the rows; returns their height."""
    if not figura.righe:
        tela.testo(tela.larghezza / 2, 24, "Nessun intervento", ancora="middle", colore=QUIETO)
        return 40
    colonne = _colonne(tela, figura)
    corsie = _corsie(figura, colonne)
    inizio = _testata(tela, figura, colonne.tempo)
    altezze = [corsia.altezza(stretta=tela.stretta) for corsia in corsie]
    fondo = inizio + sum(altezze) + NOME_DEL_GRUPPO * sum(bool(corsia.gruppo) for corsia in corsie)
    if not tela.stretta:
        _verticali(tela, figura, colonne.tempo, inizio, fondo)
    y = inizio
    for corsia, altezza in zip(corsie, altezze, strict=True):
        tela.linea((0, y), (tela.larghezza, y), FILO, 0.6)
        if corsia.gruppo:
            tela.rettangolo(0, y + 0.5, tela.larghezza, NOME_DEL_GRUPPO - 1, SFONDO)
            _righe(tela, 0, y + 14, a_capo(corsia.gruppo, tela.larghezza, CORPO, righe=1, forte=True), corsia.gruppo)
            y += NOME_DEL_GRUPPO
        cima = _testi(tela, colonne, corsia, y, altezza)
        if tela.stretta:
            _verticali(tela, figura, colonne.tempo, cima - 1, cima + corsia.disegno)
        _tempo(tela, figura, colonne.tempo, corsia.riga, cima)
        y += altezza
    tela.linea((0, fondo), (tela.larghezza, fondo), FILO, 0.6)
    return disegna_legenda(tela, figura, colonne.tempo, fondo + 16)


def _righe(tela: Tela, x: float, y: float, righe: Sequence[str], intero: str) -> None:
    for indice, riga in enumerate(righe):
        tela.testo(x, y + indice * RIGA_DI_TESTO, riga, forte=True, intero=intero)


# --- Room -------------------------------------------------------------------------------------------------------------


def _colonne(tela: Tela, figura: Gantt) -> Colonne:
    """Beside one another where there is room; in a narrow chart names and notes stand above the time."""
    if tela.stretta:
        tempo = _tempo_della_figura(figura, MARGINE, tela.larghezza - MARGINE)
        return Colonne(tela.larghezza, tempo, 0, tela.larghezza)
    nomi = min(max(larghezza(riga.nome, CORPO) for riga in figura.righe), tela.larghezza * PARTE_DEL_NOME)
    ampiezza = min(max(_ampiezza_della_nota(riga) for riga in figura.righe), tela.larghezza * PARTE_DELLA_NOTA)
    note = tela.larghezza - ampiezza
    destra = note - 8 - MARGINE if ampiezza else note - MARGINE
    return Colonne(nomi, _tempo_della_figura(figura, nomi + 8 + MARGINE, destra), note, ampiezza)


def _ampiezza_della_nota(riga: RigaGantt) -> float:
    conti = sum(_ampiezza_del_conto(formati.numero(quanti)) for _, quanti in riga.conti)
    return max(conti, larghezza(riga.nota, CORPO))


def _ampiezza_del_conto(numero: str) -> float:
    return SEGNO + 3 + larghezza(numero, CORPO) + 9


def _tempo_della_figura(figura: Gantt, sinistra: float, destra: float) -> Tempo:
    giorni = [figura.oggi, *([figura.scadenza] if figura.scadenza else [])]
    for riga in figura.righe:
        giorni += giorni_di(riga)
    giorni = [giorno for giorno in giorni if dentro(giorno, figura.da, figura.a)]
    return Tempo.che_contiene([*giorni, *(giorno for giorno in (figura.da, figura.a) if giorno)], sinistra, destra)


def _corsie(figura: Gantt, colonne: Colonne) -> list[Corsia]:
    corsie: list[Corsia] = []
    prima = ""
    for riga in figura.righe:
        corsie.append(
            Corsia(
                riga,
                riga.gruppo if riga.gruppo != prima else "",
                a_capo(riga.nome, colonne.nomi, CORPO),
                list(_conti_in_righe(riga.conti, colonne.ampiezza_note)),
                a_capo(riga.nota, colonne.ampiezza_note, CORPO) if riga.nota else [],
            )
        )
        prima = riga.gruppo
    return corsie


def _conti_in_righe(conti: Sequence[tuple[str, int]], massimo: float) -> Iterator[list[tuple[str, str, float]]]:
    """Mark, number and abscissa of each count, on as many lines as they need."""
    linea: list[tuple[str, str, float]] = []
    x = 0.0
    for segno, quanti in conti:
        numero = formati.numero(quanti)
        ampiezza = _ampiezza_del_conto(numero)
        if linea and x + ampiezza - 9 > massimo:
            yield linea
            linea, x = [], 0.0
        linea.append((segno, numero, x))
        x += ampiezza
    if linea:
        yield linea


# --- What every row shares --------------------------------------------------------------------------------------------


def _testata(tela: Tela, figura: Gantt, tempo: Tempo) -> float:
    """The days that matter, named above the axis; returns where the rows begin."""
    segnali = [(figura.oggi, f"al {formati.data_breve(figura.oggi)}", TESTO)]
    if figura.scadenza:
        segnali.append((figura.scadenza, f"scadenza {formati.data_breve(figura.scadenza)}", QUIETO))
    visti = [segnale for segnale in segnali if dentro(segnale[0], tempo.inizio, tempo.fine)]
    ampiezze = [larghezza(testo, CORPO, forte=True) for _, testo, _ in visti]
    richieste = [(tempo.x(giorno), ampia) for (giorno, _, _), ampia in zip(visti, ampiezze, strict=True)]
    messe = bandiere(richieste, (0, float(tela.larghezza)), 0) if visti else []
    asse = FILA * (1 + max((messa.fila for messa in messe), default=-1)) + 3
    for (giorno, _, colore), messa, ampia in zip(visti, messe, ampiezze, strict=True):
        alto = asse - 3 - FILA * (messa.fila + 1)
        sotto = messa.x - 2 < tempo.x(giorno) < messa.x + ampia + 2
        tela.linea((tempo.x(giorno), alto + (ALTEZZA if sotto else 0)), (tempo.x(giorno), asse), colore, 1.2)
    for (_, testo, colore), messa in zip(visti, messe, strict=True):
        tela.testo(messa.x, asse - 3 - FILA * (messa.fila + 1) + SALITA, testo, forte=True, colore=colore)
    disegna_tempo(tela, tempo, asse)
    return asse + ALTEZZA_TEMPO


def _verticali(tela: Tela, figura: Gantt, tempo: Tempo, da: float, a: float) -> None:
    """Beginnings of years, the line of the day, that of the deadline."""
    for mese in tempo.inizi_di_mese():
        if mese.month == 1:
            tela.linea((tempo.margine(mese), da), (tempo.margine(mese), a), FILO)
    if figura.scadenza and dentro(figura.scadenza, tempo.inizio, tempo.fine):
        x = tempo.x(figura.scadenza)
        tela.linea((x, da), (x, a), QUIETO, 1.2, TRATTI_SCADENZA)
    if dentro(figura.oggi, tempo.inizio, tempo.fine):
        x = tempo.x(figura.oggi)
        tela.linea((x, da), (x, a), TESTO, 1.2)


# --- A row ------------------------------------------------------------------------------------------------------------


def _testi(tela: Tela, colonne: Colonne, corsia: Corsia, y: float, altezza: float) -> float:
    """Name, counts and note; returns where what is drawn in time begins."""
    if tela.stretta:
        base = y + RIGA_DI_TESTO
        tela.righe(0, base, corsia.nome, RIGA_DI_TESTO, intero=corsia.riga.nome)
        base += RIGA_DI_TESTO * len(corsia.nome)
        _nota(tela, 0, base, corsia)
        return base - RIGA_DI_TESTO + RIGA_DI_TESTO * corsia.righe_di_nota + 3
    mezzo = y + altezza / 2
    base = mezzo + 4 - RIGA_DI_TESTO / 2 * (len(corsia.nome) - 1)
    tela.righe(0, base, corsia.nome, RIGA_DI_TESTO, intero=corsia.riga.nome)
    _nota(tela, colonne.note, mezzo + 4 - RIGA_DI_TESTO / 2 * (corsia.righe_di_nota - 1), corsia)
    return mezzo - corsia.disegno / 2


def _nota(tela: Tela, x: float, base: float, corsia: Corsia) -> None:
    for linea in corsia.conti:
        for segno, numero, scarto in linea:
            tela.segno(segno, (x + scarto + SEGNO / 2, base - 3.8), SEGNO)
            tela.testo(x + scarto + SEGNO + 3, base, numero)
        base += RIGA_DI_TESTO
    tela.righe(x, base, corsia.nota, RIGA_DI_TESTO, colore=QUIETO, intero=corsia.riga.nota)


def _tempo(tela: Tela, figura: Gantt, tempo: Tempo, riga: RigaGantt, y: float) -> None:
    barre = _barre(riga)
    mezzo = y + barre / 2
    _base(tela, tempo, riga, y + 5)
    fatto = riga.svolto or _fatto(riga)
    tratto = _tratto(tempo, *fatto) if fatto else None
    if tratto:
        tela.rettangolo(tratto[0], mezzo - 2, max(tratto[1] - tratto[0], 1), 8, BLU)
    if riga.fine_stimata:
        da = riga.svolto[1] if riga.svolto else max(figura.oggi, riga.base[0]) if riga.base else figura.oggi
        _previsto(tela, tempo, da, riga.fine_stimata, mezzo + 2)
    _marche(tela, figura, tempo, riga, y + barre + SEGNO / 2)
    giorni = giorni_di(riga)
    if giorni and min(giorni) < tempo.inizio:
        tela.freccia((tempo.sinistra - MARGINE + 2, mezzo + 2), -1, QUIETO)
    if giorni and max(giorni) > tempo.fine:
        tela.freccia((tempo.destra + MARGINE - 2, mezzo + 2), 1, QUIETO)


def _fatto(riga: RigaGantt) -> tuple[date, date] | None:
    """The part of the plan that is done, from its beginning."""
    if riga.base is None or not riga.progresso or riga.progresso <= 0:
        return None
    inizio, fine = riga.base
    return inizio, inizio + (fine - inizio) * (min(float(riga.progresso), 100.0) / 100)


def _tratto(tempo: Tempo, da: date, a: date) -> tuple[float, float] | None:
    """From where a day begins to where another ends, as much of it as is in the window."""
    if a < tempo.inizio or da > tempo.fine or a < da:
        return None
    return tempo.margine(max(da, tempo.inizio)), tempo.x(min(a, tempo.fine))


def _base(tela: Tela, tempo: Tempo, riga: RigaGantt, y: float) -> None:
    tratto = _tratto(tempo, *riga.base) if riga.base else None
    if not riga.base or not tratto:
        return
    tela.linea((tratto[0], y), (tratto[1], y), PIANO, 2)
    for giorno, x in zip(riga.base, tratto, strict=True):
        if dentro(giorno, tempo.inizio, tempo.fine):
            tela.linea((x, y - 3), (x, y + 3), PIANO, 1.2)


def _previsto(tela: Tela, tempo: Tempo, da: date, fine: date, y: float) -> None:
    tratto = _tratto(tempo, da, fine)
    if tratto:
        tela.linea((tratto[0], y), (tratto[1], y), BLU, 2, TRATTI_PREVISTO)
    if dentro(fine, tempo.inizio, tempo.fine):
        tela.cerchio((tempo.x(fine), y), 3.2, SFONDO, BLU, 1.6)


def _marche(tela: Tela, figura: Gantt, tempo: Tempo, riga: RigaGantt, y: float) -> None:
    """The marks; those that would touch are one, the gravest, with how many they are. Moved ones have a thin trail."""
    viste = [marca for marca in riga.marche if dentro(marca.giorno, tempo.inizio, tempo.fine)]
    for marca in viste:
        tratto = _tratto(tempo, *sorted((marca.giorno, marca.iniziale))) if marca.iniziale else None
        if marca.iniziale and tratto:
            tela.linea((tratto[0], y), (tempo.x(marca.giorno), y), QUIETO, 0.8)
            if dentro(marca.iniziale, tempo.inizio, tempo.fine):
                x = tempo.x(marca.iniziale)
                tela.linea((x, y - 4), (x, y + 4), QUIETO)
    gravita = [segno for segno, _ in figura.parole]
    for mucchio in ammucchia(viste, tempo, gravita):
        if mucchio.numero:
            tela.rettangolo(mucchio.x - 1, y - 5.5, mucchio.ampiezza + 1, 11, SFONDO)
            tela.testo(mucchio.x + SEGNO + 1, y + 3.5, mucchio.numero, corpo=CORPO_PICCOLO, colore=QUIETO)
        tela.segno(mucchio.segno, (mucchio.x + SEGNO / 2, y), SEGNO, mucchio.nome)
