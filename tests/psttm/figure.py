"""Charts with hard cases, and how to read what was drawn."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import combinations
from xml.etree import ElementTree

from psttm.grafici import testi
from psttm.grafici.campioni import campioni
from psttm.grafici.colori import TINTE
from psttm.grafici.disegno import LARGO, STRETTO, svg
from psttm.grafici.etichette import Riquadro
from psttm.grafici.tipi import (
    MILIONI,
    PERCENTO,
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

LARGHEZZE = (LARGO, STRETTO)
ELEMENTI = {"svg", "title", "g", "line", "polyline", "polygon", "rect", "circle", "path", "text"}
SPAZIO_SVG = "{http://www.w3.org/2000/svg}"
OGGI = date(2024, 12, 31)
CATTIVO = 'Ex "Falck" & <aree> limitrofe\x00\x0b'
SEGNI_GANTT = (
    ("in_ritardo", "in ritardo"),
    ("a_rischio", "a rischio"),
    ("in_linea", "in linea"),
    ("concluso", "conseguito"),
)
LUNGO = "Rigenerazione urbana e riqualificazione energetica del complesso industriale dismesso e delle aree " * 2


def mesi(anno: int, mese: int, quanti: int) -> tuple[date, ...]:
    fine = []
    for passo in range(mese - 1, mese - 1 + quanti):
        a, m = anno + passo // 12, passo % 12 + 1
        fine.append(date(a, m, calendar.monthrange(a, m)[1]))
    return tuple(fine)


def retta(quanti: int, totale: int) -> tuple[Decimal, ...]:
    return tuple(Decimal(totale) * (passo + 1) / quanti for passo in range(quanti))


def tappa(nome: str, scadenza: date, segno: str = "in_linea", nota: str = "", previsione: date | None = None) -> Tappa:
    return Tappa(nome, scadenza, segno, previsione=previsione, nota=nota)


CASI: dict[str, Figura] = {
    "curva normale": CurvaS(
        mesi(2022, 1, 60),
        retta(60, 464_267_194),
        (*retta(60, 300_000_000)[:36], *(None,) * 24),
        (*(None,) * 36, *(Decimal(180_000_000 + 11_000_000 * n) for n in range(1, 25))),
        oggi=OGGI,
        scadenza=date(2026, 6, 30),
        fine_stimata=date(2026, 11, 30),
        fine_da=date(2026, 8, 1),
        fine_a=date(2026, 12, 31),
        totale=Decimal(464_267_194),
    ),
    "curva di un mese": CurvaS(mesi(2024, 12, 1), (Decimal(1),), (Decimal(1),), oggi=OGGI, scadenza=OGGI),
    "curva senza valori": CurvaS(mesi(2024, 1, 12), (None,) * 12, (None,) * 12, oggi=OGGI),
    "curva vuota": CurvaS((), (), ()),
    "curva come il piano": CurvaS(
        mesi(2023, 1, 24),
        retta(24, 100),
        retta(24, 100),
        unita=PERCENTO,
        oggi=OGGI,
        scadenza=OGGI,
        fine_stimata=OGGI,
        fine_da=OGGI,
        fine_a=OGGI,
        totale=100,
    ),
    "curva di dodici anni": CurvaS(
        mesi(2020, 1, 150), retta(150, 2_200_000_000), retta(150, 9), scadenza=date(2031, 1, 1), oggi=OGGI
    ),
    "curva di zeri": CurvaS(mesi(2024, 1, 12), (0,) * 12, (0,) * 12, totale=0, oggi=OGGI),
    "barre di ogni tinta": Barre(
        tuple(Serie(nome, nome) for nome in TINTE),
        (
            Barra("Tutte", tuple(range(len(TINTE)))),
            Barra("Nessuna", (0,) * len(TINTE)),
            Barra("?", (None,) * len(TINTE)),
        ),
    ),
    "barre disuguali": Barre(
        (Serie("pagato", "blu"), Serie("impegnato", "ambra")),
        tuple(Barra(f"{CATTIVO} {LUNGO} {n}", (Decimal(10) ** n, Decimal(10) ** n), LUNGO) for n in range(10)) * 2,
        MILIONI,
    ),
    "barre di una percentuale": Barre((Serie("avanzamento", "blu"),), (Barra("L2", (Decimal(50),)),), PERCENTO, 100),
    "barre vuote": Barre((Serie("x", "blu"),), ()),
    "tempo di quaranta righe": LineaDelTempo(
        tuple(
            Tappa(
                f"{CATTIVO if n % 5 else LUNGO} {n}",
                date(2023 + n // 12, n % 12 + 1, 28),
                ("in_linea", "a_rischio", "in_ritardo", "concluso")[n % 4],
                previsione=date(2025, n % 12 + 1, 1) if n % 3 else None,
                conseguito=date(2024, n % 12 + 1, 9) if n % 4 == 3 else None,
                scadenza_iniziale=date(2023, 1, 1) if n % 2 else None,
                nota=LUNGO if n % 7 == 0 else "in ritardo di 92 giorni",
            )
            for n in range(40)
        ),
        OGGI,
    ),
    "tempo di un mese": LineaDelTempo((tappa("Sola", OGGI),), OGGI),
    "tempo di vent'anni": LineaDelTempo((tappa("A", date(2015, 12, 1)), tappa("B", date(2035, 1, 1))), OGGI),
    "tempo vuoto": LineaDelTempo((), OGGI),
    "gantt di quaranta righe": Gantt(
        tuple(
            RigaGantt(
                f"{CATTIVO if n % 5 else LUNGO} {n}",
                ("", CATTIVO, LUNGO)[n // 10 % 3],
                base=(date(2022, n % 12 + 1, 1), date(2025, n % 12 + 1, 28)) if n % 4 else None,
                svolto=(date(2023, n % 12 + 1, 3), OGGI) if n % 3 else None,
                progresso=(None, 0, Decimal("33.5"), 140)[n % 4],
                fine_stimata=date(2026, n % 12 + 1, 9) if n % 2 else None,
                marche=tuple(
                    Marca(date(2023 + k % 4, k % 12 + 1, 28), SEGNI_GANTT[k % 4][0], CATTIVO, date(2022, 5, 1))
                    for k in range(n % 9 * 4)
                ),
                conti=tuple((segno, 10 ** (n % 7)) for segno, _ in SEGNI_GANTT[: n % 5]),
                nota=LUNGO if n % 7 == 0 else "",
            )
            for n in range(40)
        ),
        OGGI,
        scadenza=date(2026, 6, 30),
        parole=SEGNI_GANTT,
    ),
    "gantt da vicino": Gantt(
        (RigaGantt("Prima", base=(date(2022, 1, 1), date(2022, 6, 30))), RigaGantt("Dopo", fine_stimata=OGGI)),
        OGGI,
        date(2026, 6, 30),
        da=date(2023, 1, 1),
        a=date(2023, 3, 31),
    ),
    "gantt senza date": Gantt((RigaGantt("Nulla si sa"),), OGGI),
    "gantt vuoto": Gantt((), OGGI),
    "mappa": Mappa(
        tuple(Area(f"{CATTIVO} {n}", f"M{n} 0h1v9h-1z", n, n) for n in range(6)),
        ("M0 0h6v9h-6z",),
        "0 0 66.9 54.6",
        ((1, 1), (2, 3), (4, 6), (7, 10), (11, 31)),
        Unita("interventi"),
        tuple((float(n), 1.0, CATTIVO) for n in range(6)),
    ),
    **{f"campione {campione.titolo}": campione.figura for campione in campioni()},
}


def disegna(figura: Figura, larghezza: int = LARGO) -> ElementTree.Element:
    return ElementTree.fromstring(svg(figura, larghezza=larghezza, descrizione="Prova"))  # noqa: S314


def pezzi(radice: ElementTree.Element, nome: str) -> list[ElementTree.Element]:
    return list(radice.iter(f"{SPAZIO_SVG}{nome}"))


def scritte(radice: ElementTree.Element) -> list[str]:
    return [testo.text or "" for testo in pezzi(radice, "text")]


def numero(elemento: ElementTree.Element, nome: str) -> float:
    return float(elemento.attrib[nome])


def riquadri(radice: ElementTree.Element) -> Iterator[tuple[str, Riquadro]]:
    """Every text with the box in which it is written."""
    for testo in pezzi(radice, "text"):
        corpo = numero(testo, "font-size")
        ampiezza = testi.larghezza(testo.text or "", corpo, forte="font-weight" in testo.attrib)
        x = numero(testo, "x") - ampiezza * {"start": 0, "middle": 0.5, "end": 1}[testo.get("text-anchor", "start")]
        yield testo.text or "", Riquadro(x, numero(testo, "y") - 0.74 * corpo, ampiezza, 0.94 * corpo)


def controlla_scritte(figura: Figura, larghezza: int) -> None:
    radice = disegna(figura, larghezza)
    _, _, ampia, alta = (float(lato) for lato in radice.attrib["viewBox"].split())
    tela = Riquadro(-0.5, -0.5, ampia + 1, alta + 1)
    posti = list(riquadri(radice))
    for testo, posto in posti:
        assert tela.contiene(posto), f"{testo!r} esce dal disegno"
    for (testo, posto), (altro, altro_posto) in combinations(posti, 2):
        assert not posto.tocca(altro_posto, 0), f"{testo!r} e {altro!r} si sovrappongono"
