"""A report built by hand, with a bit of everything that a report may hold, hostile texts among it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from psttm.grafici.tipi import Barra, Barre, Serie
from rapporti.documento import (
    Cifra,
    Colonna,
    Copertina,
    Documento,
    Grafico,
    Legame,
    Paragrafo,
    Riquadri,
    Segno,
    Sezione,
    Tabella,
    Tavola,
    Unita,
    frase,
)
from rapporti.domanda import Domanda, Perimetro
from rapporti.scelte import TipoPerimetro, TipoRapporto

OSTILE = "=cmd|'/c calc'!A1"
COLONNE = (
    Colonna("cup", "CUP", Unita.CODICE),
    Colonna("clp", "Codice locale", Unita.CODICE),
    Colonna("submisura", "Submisura", Unita.CODICE),
    Colonna("titolo", "Titolo"),
    Colonna("finanziamento", "Finanziamento (€)", Unita.EURO),
    Colonna("percentuale", "Avanzamento", Unita.PERCENTO),
    Colonna("fine", "Fine prevista", Unita.DATA),
    Colonna("area", "Superficie", Unita.METRI_QUADRI),
    Colonna("criticita", "Criticità aperte", Unita.NUMERO),
)
DOMANDA = Domanda(
    TipoRapporto.AVANZAMENTO,
    Perimetro(TipoPerimetro.PIANO, "SPUGNA"),
    date(2024, 12, 31),
    datetime(2025, 1, 20, 9, 30, tzinfo=UTC),
    date(2024, 9, 30),
    datetime(2025, 1, 20, 9, 30, tzinfo=UTC),
)

# Another question, which nobody has answered yet.
ATTESA = replace(DOMANDA, al=date(2024, 11, 30))


def righe(quante: int) -> dict[str, tuple[Any, ...]]:
    return {
        f"i{numero}": (
            f"B4{numero % 10}J22{numero:05}0001",
            f"CLP-{numero}",
            "M5C2I2.2",
            OSTILE if numero == 1 else f"Opera {numero} «è così»; con a capo\n+39",
            None if numero == 2 else Decimal("1000.10") * numero,
            Decimal("33.5"),
            date(2026, 6, 30) if numero % 2 else None,
            Decimal(1234),
            numero % 3,
        )
        for numero in range(1, quante + 1)
    }


def documento(
    quante: int = 12, *, domanda: Domanda = DOMANDA, tavola: dict[str, tuple[Any, ...]] | None = None
) -> Documento:
    """Of `quante` interventi, in two parts."""
    tutte = righe(quante) if tavola is None else tavola
    chiavi = tuple(tutte)
    totale = sum((riga[4] for riga in tutte.values() if riga[4] is not None), Decimal(0))
    quanti = Cifra("programma.interventi", "Interventi", len(chiavi), righe=chiavi)
    denaro = Cifra(
        "programma.finanziamento", "Finanziamento", totale, Unita.MILIONI, righe=chiavi, colonna="finanziamento"
    )
    medio = Cifra(
        "programma.medio",
        "Finanziamento medio",
        totale / len(chiavi),
        Unita.EURO,
        formula="Finanziamento ÷ Interventi",
        da=(denaro.chiave, quanti.chiave),
    )
    return Documento(
        domanda=domanda,
        titolo="Rapporto di avanzamento",
        nome_perimetro="Piano SPUGNA",
        copertina=Copertina(
            "PNRR",
            "Rapporto di avanzamento",
            "Piano SPUGNA",
            (("Situazione al", "31/12/2024"),),
            (frase("Gli interventi sono ", quanti, " per ", denaro, "."), frase("=In media ", medio, ".")),
            (quanti, denaro, medio),
        ),
        sezioni=(
            _parte("piano-spugna", "SPUGNA", chiavi[::2], tutte),
            _parte("piano-cambio", "CAMBIO: [tutto/niente] e molto altro ancora", chiavi[1::2], tutte),
        ),
        tavole=(
            Tavola("interventi", "Interventi", COLONNE, tutte),
            Tavola("traguardi", "Traguardi", (Colonna("codice", "Codice", Unita.CODICE),), {}),
        ),
        interventi=len(chiavi),
        dimostrativo=True,
        avvisi=("Due interventi senza dati.",),
    )


def _parte(ancora: str, titolo: str, chiavi: tuple[str, ...], tutte: dict[str, tuple[Any, ...]]) -> Sezione:
    somma = sum((tutte[chiave][4] for chiave in chiavi if tutte[chiave][4] is not None), Decimal(0))
    denaro = Cifra(
        f"{ancora}.finanziamento",
        f"Finanziamento di {titolo}",
        somma,
        Unita.EURO,
        righe=chiavi,
        colonna="finanziamento",
    )
    quanti = Cifra(f"{ancora}.interventi", f"Interventi di {titolo}", len(chiavi), righe=chiavi)
    tabella = Tabella(
        f"{ancora}-elenco",
        "Interventi: [elenco] del piano, con denaro e date",
        (
            Colonna("titolo", "Intervento"),
            Colonna("stato", "Stato"),
            Colonna("finanziamento", "Finanziamento (mln €)", Unita.MILIONI),
            Colonna("fine", "Fine", Unita.DATA),
            Colonna("avanzamento", "Avanzamento", Unita.PERCENTO),
        ),
        tuple(
            (
                Legame(tutte[k][3], f"/interventi/cup/{tutte[k][0]}/"),
                Segno("in_ritardo", "in ritardo di 3 giorni"),
                tutte[k][4],
                tutte[k][6] or "non nota",
                tutte[k][5],
            )
            for k in chiavi
        ),
        totale=("Totale", "", denaro, None, None),
        nota="Nota della tabella.",
    )
    barre = Barre((Serie("Interventi", "blu"),), (Barra(titolo, (len(chiavi),)),))
    gemella = Tabella(
        f"{ancora}-barre",
        "Interventi per parte",
        (Colonna("parte", "Parte"), Colonna("quanti", "Quanti", Unita.NUMERO)),
        ((titolo, quanti),),
    )
    return Sezione(
        ancora,
        titolo,
        (Paragrafo((frase("Sono ", quanti, "."),)), Riquadri((denaro, quanti))),
        (
            Sezione(f"{ancora}-elenco-sezione", "Elenco", (tabella,)),
            Sezione(
                f"{ancora}-grafico", "Grafico", (Grafico(f"{ancora}-barre", "Barre", barre, "Una barra.", gemella),)
            ),
        ),
    )
