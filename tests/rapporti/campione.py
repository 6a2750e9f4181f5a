"""A report with every kind of block, as large as one likes: for who lays it out, and for who measures that."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from psttm.grafici.tipi import Barra, Barre, CurvaS, LineaDelTempo, Serie, Tappa
from rapporti.documento import (
    Cella,
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
    Stile,
    Tabella,
    Tavola,
    Unita,
    frase,
)
from rapporti.domanda import Domanda, Perimetro
from rapporti.scelte import TipoRapporto

AL = date(2024, 12, 31)
DOMANDA = Domanda(
    TipoRapporto.AVANZAMENTO,
    Perimetro(),
    AL,
    datetime(2025, 1, 20, 9, 30, tzinfo=UTC),
    date(2024, 9, 30),
    datetime(2025, 1, 20, 9, 30, tzinfo=UTC),
)
SEGNI = ("in_linea", "a_rischio", "in_ritardo", "concluso", "non_avviato")
NOMI = (
    "Riqualificazione del parco di via Garibaldi e della piazza antistante",
    "Interventi di depavimentazione e drenaggio urbano sostenibile nel quartiere di San Bernardo, con messa a dimora "
    "di alberature e realizzazione di giardini della pioggia lungo l'asse di viale della Repubblica",
    "Nuova pista ciclabile Linea 7: da Cernusco sul Naviglio a Cassano d'Adda",
    "Scuola primaria «Alessandro Manzoni»: efficientamento energetico e adeguamento sismico",
)
COMUNI = ("Bresso", "Segrate", "Cernusco sul Naviglio", "San Zenone al Lambro", "Cassano d'Adda")
PIANI = ("COME IN", "SPUGNA", "CAMBIO", "MICA")
COLONNE = (
    Colonna("cup", "CUP", Unita.CODICE, 16),
    Colonna("titolo", "Intervento", larghezza=30),
    Colonna("comune", "Comune", larghezza=14),
    Colonna("stato", "Stato", larghezza=10),
    Colonna("percentuale", "Avanzamento", Unita.PERCENTO),
    Colonna("finanziamento", "Finanziamento", Unita.EURO),
    Colonna("pagato", "Pagato", Unita.EURO),
    Colonna("fine", "Fine prevista", Unita.DATA),
)


def campione(quanti: int = 300, *, domanda: Domanda = DOMANDA, piani: tuple[str, ...] = PIANI) -> Documento:
    """Of `quanti` interventi, a piano each in turn."""
    tutte = tuple(f"i{numero}" for numero in range(1, quanti + 1))
    interventi = Cifra("programma.interventi", "Interventi", quanti, righe=tutte)
    denaro = Cifra("programma.finanziamento", "Finanziamento", Decimal("464300000"), Unita.MILIONI, righe=tutte)
    ritardi = Cifra("programma.ritardi", "Interventi in ritardo", quanti // 5, righe=tutte[: quanti // 5])
    quota = Cifra("programma.quota", "Quota pagata", Decimal("33.5"), Unita.PERCENTO, formula="a ÷ b", da=("a", "b"))
    ignota = Cifra("programma.ignota", "Fine stimata", None, Unita.MESE, formula="tempo guadagnato", da=())
    return Documento(
        domanda=domanda,
        titolo="Rapporto di avanzamento",
        nome_perimetro="Tutto il programma",
        copertina=Copertina(
            "PNRR · Piani integrati e forestazione urbana",
            "Rapporto di avanzamento",
            "Tutto il programma",
            (("Per", "Cabina di regia"),),
            (
                frase("30 di ", interventi, " interventi hanno lavori in corso o conclusi."),
                frase(ritardi, " interventi sono in ritardo: il più grave di 212 giorni, a San Zenone al Lambro."),
                frase("È stato pagato il ", quota, " di ", denaro, "."),
                frase("Di 4 interventi la fine prevista è dopo il 30 giugno 2026, termine del PNRR."),
            ),
            (interventi, denaro, quota, ritardi),
        ),
        sezioni=(
            Sezione(
                "quadro",
                "Il quadro",
                (
                    Paragrafo((frase("Metà degli interventi è in linea con il cronoprogramma."),), Stile.SINTESI),
                    Riquadri((interventi, denaro, quota, ritardi, ignota)),
                    Paragrafo(
                        (
                            frase("Sono considerati gli interventi finanziati con ", denaro, "."),
                            frase(
                                "Un intervento è in ritardo quando la fine stimata dei lavori supera quella prevista."
                            ),
                        )
                        * 3
                    ),
                    Paragrafo((frase("Primo punto."), frase("Secondo punto, con ", ritardi, " casi.")), elenco=True),
                    Paragrafo((frase("Fonte: Italia Domani e monitoraggio del portale."),), Stile.NOTA),
                    Paragrafo((frase("Tre Comuni non hanno inviato dati da novembre 2024."),), Stile.AVVISO),
                ),
                (Sezione("quadro-denaro", "Il denaro", (_denaro(), _vuota())),),
                sottotitolo="Che cosa è fatto, che cosa è in ritardo, che cosa è cambiato.",
            ),
            *(_piano(nome, tutte[n :: len(piani)]) for n, nome in enumerate(piani)),
            Sezione("note", "Note su fonti e metodo", (Paragrafo((frase("Le fonti sono quelle dette."),) * 4),)),
        ),
        tavole=(Tavola("interventi", "Interventi", COLONNE, {chiave: _valori(chiave) for chiave in tutte}),),
        interventi=quanti,
        dimostrativo=True,
        avvisi=("Il DUP 2025–2027 non è ancora nel portale: manca la lettura per obiettivi.",),
    )


def sintesi(quanti: int = 40) -> Documento:
    """The same, short, for the Cabina."""
    return campione(quanti, domanda=replace(DOMANDA, tipo=TipoRapporto.SINTESI), piani=("COME IN",))


def _valori(chiave: str) -> tuple[Cella, ...]:
    numero = int(chiave[1:])
    ignoto = numero % 11 == 0
    return (
        f"B{numero % 10}{numero % 7}J22{numero:05}0006",
        NOMI[numero // 4 % len(NOMI)],
        COMUNI[numero % len(COMUNI)],
        SEGNI[numero % len(SEGNI)],
        None if ignoto else Decimal(numero * 7 % 1001) / 10,
        Decimal(numero * 1234567 % 19999999) / 10,
        None if ignoto else Decimal(numero * 234567 % 9999999) / 10,
        AL + timedelta(days=numero * 37 % 700),
    )


def _riga(chiave: str) -> tuple[Cella, ...]:
    cup, titolo, comune, segno, *altre = _valori(chiave)
    return (
        Legame(str(cup), f"/interventi/cup/{cup}/"),
        titolo,
        comune,
        Segno(str(segno), "in ritardo di 92 giorni" if chiave == "i7" else ""),
        *altre,
    )


def _piano(nome: str, chiavi: tuple[str, ...]) -> Sezione:
    ancora = f"piano-{nome.lower().replace(' ', '-')}"
    quanti = Cifra(f"{ancora}.interventi", f"Interventi di {nome}", len(chiavi), righe=chiavi)
    somma = sum((Decimal(str(_valori(chiave)[5])) for chiave in chiavi), Decimal(0))
    denaro = Cifra(f"{ancora}.denaro", "Finanziamento", somma, Unita.EURO, righe=chiavi, colonna="finanziamento")
    elenco = Tabella(
        f"{ancora}-elenco",
        "Tutti gli interventi",
        COLONNE,
        tuple(_riga(chiave) for chiave in chiavi),
        ("Totale", quanti, None, None, None, denaro, None, None),
        "Un trattino dice che il dato manca.",
        fitta=True,
    )
    return Sezione(
        ancora,
        f"Piano {nome}",
        (Paragrafo((frase(quanti, " interventi."),), Stile.SINTESI), Riquadri((quanti, denaro))),
        (
            Sezione(f"{ancora}-curva", "Avanzamento dei lavori", (_curva(ancora),)),
            Sezione(f"{ancora}-stati", "Stato e traguardi", (_barre(ancora), _tappe(ancora))),
            Sezione(f"{ancora}-elenco-titolo", "Elenco", (elenco,)),
        ),
        nuova_pagina=True,
        sottotitolo=f"{len(chiavi)} interventi in {len(COMUNI)} Comuni",
    )


def _curva(ancora: str) -> Grafico:
    mesi = tuple(date(2023 + m // 12, m % 12 + 1, 28) for m in range(40))
    piano = tuple(Decimal(m) * 11_500_000 for m in range(40))
    effettivo = tuple(Decimal(m) * 9_800_000 if m < 24 else None for m in range(40))
    figura = CurvaS(mesi, piano, effettivo, oggi=AL, scadenza=date(2026, 6, 30), totale=Decimal(464_300_000))
    righe = tuple((mese, a, b) for mese, a, b in zip(mesi[::6], piano[::6], effettivo[::6], strict=True))
    colonne = (
        Colonna("mese", "Mese", Unita.MESE),
        Colonna("piano", "Previsto", Unita.MILIONI),
        Colonna("effettivo", "Effettivo", Unita.MILIONI),
    )
    return Grafico(
        f"{ancora}-curva",
        "Pagamenti previsti ed effettivi, cumulati, in milioni di euro",
        figura,
        "La curva effettiva resta sotto quella prevista: 225,4 milioni di euro contro 264,5 a dicembre 2024.",
        Tabella(f"{ancora}-curva-dati", "Previsto ed effettivo", colonne, righe),
        "Previsto: primo cronoprogramma dichiarato.",
        con_dati=True,
    )


def _barre(ancora: str) -> Grafico:
    serie = (Serie("Conclusi", "concluso"), Serie("In corso", "in_linea"), Serie("Da avviare", "non_avviato"))
    barre = tuple(Barra(nome, (3, 12, 5)) for nome in COMUNI)
    colonne = (Colonna("comune", "Comune"), Colonna("quanti", "Interventi", Unita.NUMERO))
    dati = Tabella(f"{ancora}-barre-dati", "Per Comune", colonne, tuple((nome, 20) for nome in COMUNI))
    return Grafico(f"{ancora}-barre", "Interventi per Comune e stato", Barre(serie, barre), "Venti ciascuno.", dati)


def _tappe(ancora: str) -> Grafico:
    tappe = (
        Tappa("Aggiudicazione di tutti i lavori", date(2023, 7, 30), "concluso", conseguito=date(2023, 7, 28)),
        Tappa("33,5 % di lavori", date(2024, 9, 30), "in_ritardo", previsione=date(2025, 2, 28), nota="151 giorni"),
        Tappa("Fine dei lavori", date(2026, 6, 30), "a_rischio"),
    )
    dati = Tabella(f"{ancora}-tappe-dati", "Traguardi", (Colonna("t", "Traguardo"),), tuple((t.nome,) for t in tappe))
    return Grafico(f"{ancora}-tappe", "Traguardi", LineaDelTempo(tappe, AL), "Uno è in ritardo.", dati)


def _denaro() -> Tabella:
    colonne = (
        Colonna("fonte", "Fonte", larghezza=20),
        Colonna("finanziato", "Finanziato", Unita.MILIONI),
        Colonna("pagato", "Pagato", Unita.MILIONI),
        Colonna("quota", "Quota pagata", Unita.PERCENTO),
        Colonna("giudizio", "Giudizio", larghezza=14),
    )
    righe: tuple[tuple[Cella, ...], ...] = (
        ("PNRR", Decimal(277_000_000), Decimal(90_120_000), Decimal("32.5"), Segno("a_rischio")),
        ("Fondo opere indifferibili", Decimal(87_300_000), None, None, Segno("non_determinabile")),
        ("Comuni", Decimal(100_000_000), Decimal(65_420_500), Decimal("65.4"), Segno("in_linea")),
    )
    totale = ("Totale", Decimal(464_300_000), Decimal(155_540_500), Decimal("33.5"), None)
    return Tabella("denaro", "Finanziamenti e pagamenti per fonte", colonne, righe, totale, "Pagamenti secondo ReGiS.")


def _vuota() -> Tabella:
    colonne = (Colonna("che", "Che cosa"), Colonna("quando", "Entro il", Unita.DATA))
    return Tabella("vuota", "Criticità senza responsabile", colonne, (), vuota="Ogni criticità ha il suo responsabile.")
