"""Invented charts for the page of the components, each with the table that says the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from enti.mappa import VIEWBOX, contorni_zone
from psttm import formati
from psttm.grafici.assi import mese_dopo
from psttm.grafici.tipi import (
    MILIONI,
    NUMERO,
    Area,
    Barra,
    Barre,
    CurvaS,
    Figura,
    Gantt,
    LineaDelTempo,
    Mappa,
    Marca,
    RigaGantt,
    Serie,
    Tappa,
    Unita,
)

OGGI = date(2024, 12, 31)
PIANO = (1, 3, 6, 10, 16, 23, 31, 40, 50, 60, 69, 77, 84, 90, 94, 97, 99, 100, 100, 100)
EFFETTIVO = (1, 2, 4, 7, 12, 17, 23, 30, 37, 45, 52, 58)
PREVISTO = (64, 70, 76, 82, 87, 92, 96, 100)
PUNTO = Decimal(612_000)


@dataclass(frozen=True)
class Campione:
    """A chart, what it says to those who cannot see it, and its data as rows of text under `colonne`."""

    titolo: str
    descrizione: str
    figura: Figura
    colonne: tuple[str, ...]
    righe: list[tuple[str, ...]]

    def celle(self) -> list[list[tuple[str, str]]]:
        """Each row as cells with the name of their column."""
        return [list(zip(self.colonne, riga, strict=True)) for riga in self.righe]


def campioni() -> list[Campione]:
    return [_curva(), _stati(), _denaro(), _tempo(), _gantt(), _mappa()]


def _curva() -> Campione:
    trimestri: list[date] = []
    mese = date(2022, 1, 1)
    while len(trimestri) < len(PIANO):
        trimestri.append(mese_dopo(mese_dopo(mese_dopo(mese))) - timedelta(days=1))
        mese = trimestri[-1] + timedelta(days=1)
    ignoti = (None,) * len(PREVISTO)
    figura = CurvaS(
        mesi=tuple(trimestri),
        piano=tuple(PUNTO * valore for valore in PIANO),
        effettivo=(*(PUNTO * valore for valore in EFFETTIVO), *ignoti),
        previsto=(*(None for _ in EFFETTIVO), *(PUNTO * valore for valore in PREVISTO)),
        oggi=OGGI,
        scadenza=date(2026, 6, 30),
        fine_stimata=date(2026, 11, 30),
        fine_da=date(2026, 8, 31),
        fine_a=date(2026, 12, 31),
        totale=PUNTO * 100,
    )
    return Campione(
        "Curva di avanzamento, in mln €",
        "Al 31/12/2024 sono stati eseguiti lavori per 35,5 mln € su 61,2; la fine è stimata dopo la scadenza.",
        figura,
        ("Mese", "Piano", "Effettivo", "Previsto"),
        [
            (formati.mese(mese), *(MILIONI.scrivi(valore) for valore in valori))
            for mese, *valori in zip(figura.mesi, figura.piano, figura.effettivo, figura.previsto, strict=True)
        ],
    )


def _stati() -> Campione:
    serie = (
        Serie("concluso", "concluso"),
        Serie("in linea", "in_linea"),
        Serie("a rischio", "a_rischio"),
        Serie("in ritardo", "in_ritardo"),
        Serie("non avviato", "non_avviato"),
        Serie("non determinabile", "non_determinabile"),
    )
    barre = (Barra("COME IN", (2, 20, 6, 4, 2, 0)), Barra("SPUGNA", (25, 18, 5, 4, 35, 3)))
    return _di_barre("Interventi per stato", "Gli interventi di due piani per stato.", Barre(serie, barre, NUMERO))


def _denaro() -> Campione:
    serie = (Serie("pagato", "blu"), Serie("impegnato e non pagato", "ottanio"), Serie("da impegnare", "grigio"))
    milione = Decimal(1_000_000)
    barre = (
        Barra("PNRR", (milione * 61, milione * 102, milione * 48), "29 % pagato"),
        Barra("Risorse dei Comuni", (milione * 12, milione * 9, milione * 31)),
        Barra(
            "Fondo per l'avvio di opere indifferibili, assegnato per l'aumento dei prezzi dei materiali da costruzione",
            (milione * 2, milione, milione * 3),
        ),
    )
    return _di_barre("Denaro per fonte, in mln €", "Il denaro di tre fonti per stato.", Barre(serie, barre, MILIONI))


def _di_barre(titolo: str, descrizione: str, figura: Barre) -> Campione:
    return Campione(
        titolo,
        descrizione,
        figura,
        ("Voce", *(serie.nome for serie in figura.serie)),
        [(barra.nome, *(figura.unita.scrivi(valore) for valore in barra.valori)) for barra in figura.barre],
    )


def _tempo() -> Campione:
    tappe = (
        Tappa(
            "Aggiudicazione di tutti i lavori",
            date(2023, 7, 30),
            "concluso",
            conseguito=date(2023, 7, 28),
            nota="raggiunto",
        ),
        Tappa("Lavori al 33,5 %", date(2024, 9, 30), "in_ritardo", nota="in ritardo di 92 giorni"),
        Tappa(
            "Collaudo delle opere e consegna ai Comuni",
            date(2025, 9, 30),
            "a_rischio",
            previsione=date(2025, 12, 15),
            scadenza_iniziale=date(2025, 3, 31),
            nota="76 giorni oltre la scadenza",
        ),
        Tappa("Fine dei lavori", date(2026, 3, 31), "in_linea", previsione=date(2026, 2, 28)),
        Tappa("Rendicontazione", date(2026, 6, 30), "non_avviato"),
    )
    return Campione(
        "Traguardi nel tempo",
        "Cinque traguardi fra il 2023 e il 2026, uno in ritardo e uno a rischio.",
        LineaDelTempo(tappe, OGGI),
        ("Traguardo", "Scadenza", "Previsto", "Raggiunto", "Nota"),
        [
            (
                tappa.nome,
                formati.data_breve(tappa.scadenza),
                formati.data_breve(tappa.previsione),
                formati.data_breve(tappa.conseguito),
                tappa.nota or "–",
            )
            for tappa in tappe
        ],
    )


def _gantt() -> Campione:
    parole = (
        ("in_ritardo", "in ritardo"),
        ("a_rischio", "a rischio"),
        ("in_linea", "in linea"),
        ("concluso", "conseguito"),
    )
    righe = (
        RigaGantt(
            "Biblioteca e piazza di Bresso",
            "COME IN",
            base=(date(2023, 4, 1), date(2024, 6, 30)),
            svolto=(date(2023, 5, 10), date(2024, 10, 20)),
            marche=(Marca(date(2023, 7, 28), "concluso", "Aggiudicazione"),),
            nota="concluso",
        ),
        RigaGantt(
            "Riqualificazione energetica della scuola primaria e del suo giardino, a Legnano",
            "COME IN",
            base=(date(2023, 9, 1), date(2025, 6, 30)),
            svolto=(date(2024, 2, 1), OGGI),
            fine_stimata=date(2025, 11, 30),
            marche=(
                Marca(date(2024, 9, 30), "in_ritardo", "Lavori al 30 %", iniziale=date(2024, 3, 31)),
                Marca(date(2025, 9, 30), "a_rischio", "Fine dei lavori"),
            ),
            conti=(("in_ritardo", 1), ("a_rischio", 1)),
            nota="92 giorni di ritardo",
        ),
        RigaGantt(
            "90 aree in 32 Comuni",
            "SPUGNA",
            base=(date(2023, 1, 1), date(2026, 3, 31)),
            progresso=Decimal("33.5"),
            fine_stimata=date(2026, 5, 31),
            marche=tuple(Marca(date(2025, mese, 28), "in_linea", "Fine di un cantiere") for mese in (3, 4, 9)),
            conti=(("in_ritardo", 12), ("in_linea", 31), ("concluso", 47)),
        ),
    )
    return Campione(
        "Interventi e traguardi nel tempo",
        "Tre righe fra il 2023 e il 2026: una conclusa, una in ritardo, una che va oltre il piano.",
        Gantt(righe, OGGI, scadenza=date(2026, 6, 30), parole=parole),
        ("Voce", "Piano", "Fine prevista", "Nota"),
        [
            (
                riga.nome,
                " – ".join(formati.data_breve(giorno) for giorno in riga.base or ()),
                formati.data_breve(riga.fine_stimata),
                riga.nota or "–",
            )
            for riga in righe
        ],
    )


def _mappa() -> Campione:
    zone = contorni_zone()
    valori = (3, 0, 8, 1, 5, 2, 12, 30)
    aree = tuple(
        Area(zona.nome, zona.tracciato, classe, valore)
        for zona, valore, classe in zip(zone, valori, (2, 0, 4, 1, 3, 2, 5, 5), strict=True)
    )
    figura = Mappa(
        aree=aree,
        contorni=tuple(zona.tracciato for zona in zone),
        viewbox=VIEWBOX,
        classi=((1, 1), (2, 3), (4, 6), (7, 10), (11, 30)),
        unita=Unita("interventi"),
        etichette=tuple((zona.x, zona.y, zona.nome) for zona in zone),
    )
    return Campione(
        "Interventi per zona omogenea",
        "Il numero di interventi in ogni zona della Città metropolitana.",
        figura,
        ("Zona", "Interventi"),
        [(area.nome, NUMERO.scrivi(area.valore)) for area in aree],
    )
