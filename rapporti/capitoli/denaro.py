"""Money: who gives it, and how much of it is committed and paid."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from interventi.scelte import FonteFinanziamento
from monitoraggio.opere.tipi import Opera
from psttm import formati
from psttm.grafici.tipi import MILIONI, Barra, Barre, Serie
from rapporti.capitoli.cifre import ZERO, calcolata, conta, decimale, percento, somma
from rapporti.capitoli.conti import Conti, conti, differenza
from rapporti.capitoli.gruppi import insiemi
from rapporti.capitoli.parole import Parte, elenco, numero, quanti, unisci
from rapporti.capitoli.tavole import chiave_denaro, dichiarato
from rapporti.documento import (
    Blocco,
    Cella,
    Cifra,
    Colonna,
    Frase,
    Grafico,
    Legame,
    Paragrafo,
    Sezione,
    Stile,
    Tabella,
    Unita,
)
from rapporti.lettura.quadro import Quadro


def frase_del_denaro(c: Conti) -> Frase | None:
    """Financed, committed, paid; None where no amount is known."""
    if not c.finanziamento.valore:
        return None
    parti: list[Parte] = ["Il finanziamento è di ", c.finanziamento]
    if not c.muti:
        parti += ["; sono impegnati ", c.impegnato, " (", c.impegnato_percento, ") e pagati ", c.pagato]
        parti += [" (", c.pagato_percento, ")"]
    if c.economie.valore:
        parti += [", con economie di ", c.economie]
    parti.append(".")
    if numero(c.senza_importo):
        parti += [" Di ", *quanti(c.senza_importo, "intervento", "interventi"), " il finanziamento non è noto."]
    return unisci(*parti)


def denaro(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Sezione | None:
    """By source and by state; None where no amount is known."""
    c = conti(opere, quadro, ancora)
    in_breve = frase_del_denaro(c)
    if in_breve is None:
        return None
    fonti = _fonti(opere)
    blocchi: list[Blocco] = [Paragrafo((in_breve,))]
    if not c.muti:
        blocchi.append(_grafico(c, fonti, ancora))
    if fonti:
        blocchi.append(_tabella_fonti(fonti, c, ancora))
    regis = _confronto_con_regis(opere, quadro, ancora)
    if regis:
        blocchi.append(Paragrafo(tuple(regis), Stile.NOTA))
    return Sezione(f"{ancora}-denaro", "Il denaro: fonti, impegni e pagamenti", tuple(blocchi))


# --- By source -------------------------------------------------------------------------------------------------------

Fonti = dict[str, list[tuple[str, Decimal | None, Decimal | None]]]


def _fonti(opere: Sequence[Opera]) -> Fonti:
    """Key, amount and payments by ReGiS of each share, by source in the order of ReGiS."""
    trovate: Fonti = {}
    for fonte in FonteFinanziamento.values:
        quote = [
            (chiave_denaro(opera, uno), uno.importo, uno.pagato)
            for opera in opere
            for uno in opera.denari
            if uno.fonte == fonte
        ]
        if quote:
            trovate[fonte] = quote
    return trovate


def _nome(fonte: str) -> str:
    return str(FonteFinanziamento(fonte).label)


def _tabella_fonti(fonti: Fonti, c: Conti, ancora: str) -> Tabella:
    righe: list[tuple[Cella, ...]] = []
    tutte = [quota for quote in fonti.values() for quota in quote]
    totale = _importo(ancora, "fonti", "Finanziamento da tutte le fonti", tutte)
    for fonte, quote in fonti.items():
        nome = _nome(fonte)
        chiave = f"fonte.{fonte.replace('_', '-')}"
        importo = _importo(ancora, chiave, f"Finanziamento: {nome}", quote)
        parte = calcolata(
            f"{ancora}.{chiave}.quota", f"Quota: {nome}", percento(importo.valore, totale.valore), Unita.PERCENTO,
            f"{importo.etichetta} ÷ {totale.etichetta} × 100", (importo, totale),
        )  # fmt: skip
        righe.append((nome, _quante(ancora, chiave, nome, quote), importo, parte, _pagato(ancora, chiave, nome, quote)))
    return Tabella(
        f"{ancora}-fonti",
        "Finanziamento per fonte",
        (
            Colonna("fonte", "Fonte", larghezza=24),
            Colonna("interventi", "Interventi", Unita.NUMERO),
            Colonna("importo", "Finanziato (mln €)", Unita.MILIONI),
            Colonna("quota", "Quota (%)", Unita.PERCENTO),
            Colonna("pagato_regis", "Pagato secondo ReGiS (mln €)", Unita.MILIONI),
        ),
        tuple(righe),
        ("Totale", c.interventi, totale, None, _pagato(ancora, "fonti", "tutte le fonti", tutte)),
        nota=_scarto_dal_totale(totale, c),
    )


def _quante(ancora: str, chiave: str, nome: str, quote: Sequence[tuple[str, object, object]]) -> Cifra:
    return conta(f"{ancora}.{chiave}.interventi", f"Interventi: {nome}", (riga for riga, *_ in quote), "finanziamenti")


def _importo(ancora: str, chiave: str, etichetta: str, quote: Sequence[tuple[str, Decimal | None, object]]) -> Cifra:
    righe = [(riga, importo) for riga, importo, _pagato in quote]
    return somma(f"{ancora}.{chiave}.importo", etichetta, righe, "importo", Unita.MILIONI, "finanziamenti")


def _pagato(ancora: str, chiave: str, nome: str, quote: Sequence[tuple[str, object, Decimal | None]]) -> Cifra | None:
    righe = [(riga, pagato) for riga, _importo, pagato in quote]
    if all(pagato is None for _riga, pagato in righe):
        return None
    etichetta = f"Pagato secondo ReGiS: {nome}"
    return somma(f"{ancora}.{chiave}.regis", etichetta, righe, "pagato_regis", Unita.MILIONI, "finanziamenti")


def _scarto_dal_totale(totale: Cifra, c: Conti) -> str:
    """Sources that do not add up to the funding are said, never mended."""
    scarto = decimale(totale) - decimale(c.finanziamento)
    if not scarto:
        return ""
    verso = "più" if scarto > 0 else "meno"
    return (
        f"La somma delle fonti è {formati.euro(abs(scarto))} in {verso} del finanziamento complessivo degli interventi."
    )


# --- By state --------------------------------------------------------------------------------------------------------


def _grafico(c: Conti, fonti: Fonti, ancora: str) -> Grafico:
    """Funding, commitments and payments on the same scale."""
    valori = (("Finanziato", c.finanziamento, ""), ("Impegnato", c.impegnato, c.impegnato_percento.testo),
              ("Pagato", c.pagato, c.pagato_percento.testo))  # fmt: skip
    figura = Barre(
        (Serie("importo", "blu"),),
        tuple(Barra(nome, (decimale(cifra),), nota) for nome, cifra, nota in valori),
        MILIONI,
    )
    dati = Tabella(
        f"{ancora}-denaro",
        "Finanziato, impegnato e pagato",
        (
            Colonna("voce", "Voce", larghezza=20),
            Colonna("importo", "Importo (€)", Unita.EURO),
            Colonna("quota", "Del finanziamento (%)", Unita.PERCENTO),
        ),
        tuple(
            (nome, cifra.valore, percento(cifra.valore, c.finanziamento.valore))
            for nome, cifra, _nota in (*valori, ("Economie", c.economie, ""))
        ),
    )
    per_fonte = [f"{_nome(fonte)} {MILIONI.scrivi(_totale(quote))}" for fonte, quote in fonti.items()]
    descrizione = (
        f"Finanziati {c.finanziamento.testo}{f' ({elenco(per_fonte)})' if per_fonte else ''}; impegnati "
        f"{_con_quota(c.impegnato, c.impegnato_percento)}; pagati {_con_quota(c.pagato, c.pagato_percento)}."
    )
    return Grafico(f"{ancora}-denaro", "Finanziato, impegnato e pagato (mln €)", figura, descrizione, dati)


def _totale(quote: Sequence[tuple[str, Decimal | None, object]]) -> Decimal:
    return sum((importo for _riga, importo, _pagato in quote if importo is not None), ZERO)


def _con_quota(cifra: Cifra, quota: Cifra) -> str:
    return f"{cifra.testo}, {quota.testo}" if quota.valore is not None else cifra.testo


# --- Of every piano --------------------------------------------------------------------------------------------------


def per_piano(quadro: Quadro) -> Tabella:
    """Financed, committed and paid of each piano of the perimeter."""
    righe: list[tuple[Cella, ...]] = []
    for uno in insiemi(quadro):
        c = conti(uno.opere, quadro, uno.ancora)
        righe.append((Legame(uno.nome, f"#{uno.ancora}"), c.interventi, *_somme(c)))
    tutto = conti(quadro.opere, quadro, "programma")
    return Tabella(
        "programma-denaro-piani",
        "Il denaro per piano",
        (
            Colonna("piano", "Piano", larghezza=20),
            Colonna("interventi", "Interventi", Unita.NUMERO),
            Colonna("finanziamento", "Finanziato (mln €)", Unita.MILIONI),
            Colonna("impegnato", "Impegnato (mln €)", Unita.MILIONI),
            Colonna("impegnato_percento", "Impegnato (%)", Unita.PERCENTO),
            Colonna("pagato", "Pagato (mln €)", Unita.MILIONI),
            Colonna("pagato_percento", "Pagato (%)", Unita.PERCENTO),
        ),
        tuple(righe),
        ("Totale", tutto.interventi, *_somme(tutto)),
    )


def _somme(c: Conti) -> tuple[Cifra | None, ...]:
    """What is not known is not zero."""
    if not c.finanziamento.valore:
        return (None,) * 5
    if c.muti:
        return (c.finanziamento, *(None,) * 4)
    return c.finanziamento, c.impegnato, c.impegnato_percento, c.pagato, c.pagato_percento


# --- Beside ReGiS ----------------------------------------------------------------------------------------------------


def _confronto_con_regis(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> list[Frase]:
    """What ReGiS says is paid, and what was declared of the same interventi."""
    noti = [opera for opera in opere if opera.pagamenti_regis is not None]
    if not noti:
        return []
    quante = conta(f"{ancora}.regis.interventi", "Interventi con pagamenti in ReGiS", (o.chiave for o in noti))
    regis = somma(
        f"{ancora}.regis.pagato", "Pagato secondo ReGiS", ((o.chiave, o.pagamenti_regis) for o in noti),
        "pagamenti_regis",
    )  # fmt: skip
    detto = somma(
        f"{ancora}.regis.dichiarato", "Pagato secondo gli avanzamenti",
        ((o.chiave, dichiarato(o, o.stato.pagato)) for o in noti), "pagato",
    )  # fmt: skip
    giorni = sorted({opera.regis_al for opera in noti if opera.regis_al is not None})
    al = f" al {formati.data_breve(giorni[-1])}" if giorni else ""
    quanti_ = quanti(quante, "intervento", "interventi")
    scarto = differenza(f"{ancora}.regis.differenza", "ReGiS meno avanzamenti", regis, detto)
    if not scarto.valore:
        return [unisci("Per ", *quanti_, f" ReGiS{al} dà pagati ", regis, ", quanto gli avanzamenti.")]
    testa = ("Per ", *quanti_, f" ReGiS{al} dà pagati ", regis)
    avanzamenti = f"; gli avanzamenti, al {formati.data_breve(quadro.al)}, ne dichiarano "
    return [unisci(testa, avanzamenti, detto, ": la differenza è di ", scarto, ".")]
