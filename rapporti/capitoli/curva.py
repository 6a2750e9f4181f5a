"""The curve of the works: what was planned, what is done, what is to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from monitoraggio.calcolo.guadagnato import Motivo, Stima
from monitoraggio.calcolo.tempo import UN_GIORNO, fine_mese, giorno_di, posto, ultimo_finito
from monitoraggio.opere.tipi import Opera
from psttm import formati
from psttm.grafici.tipi import CurvaS
from rapporti.capitoli.cifre import ZERO, calcolata, conta, quota, somma
from rapporti.capitoli.parole import Parti, accordato, quanti, serie, unisci
from rapporti.capitoli.termini import termine
from rapporti.capitoli.valori import CENTESIMO, Valori, a_fine, a_mese, gruppi_con_ancora, il, mesi_in_parole, valori
from rapporti.documento import (
    Blocco,
    Cifra,
    Colonna,
    Frase,
    Grafico,
    Paragrafo,
    Riquadri,
    Sezione,
    Stile,
    Tabella,
    Tavola,
    Unita,
    frase,
)
from rapporti.lettura.quadro import Quadro

COLONNE = (
    Colonna("mese", "Fine mese", Unita.MESE, 14),
    Colonna("previsto", "Previsto dal piano (€)", Unita.EURO, 16),
    Colonna("fatto", "Valore dei lavori fatti (€)", Unita.EURO, 16),
    Colonna("proiezione", "Con l'andamento attuale (€)", Unita.EURO, 16),
)


# Less than this would be nothing in millions.
POCO = Decimal(100_000)


class Andamento(Protocol):
    """What the sentences say, of the curve of a report and of that of the Cruscotto."""

    @property
    def fino(self) -> date: ...
    @property
    def stima(self) -> Stima: ...
    @property
    def inizio(self) -> date | None: ...
    @property
    def fine(self) -> date | None: ...
    @property
    def totale(self) -> Decimal: ...
    @property
    def previsto(self) -> Decimal: ...
    @property
    def fatto(self) -> Decimal: ...


@dataclass(frozen=True)
class Cifre:
    """The figures of the curve at the end of its last complete month."""

    totale: Cifra
    previsto: Cifra
    fatto: Cifra
    previsto_percento: Cifra
    fatto_percento: Cifra
    scarto: Cifra
    ritardo: Cifra


def cifre(v: Valori, ancora: str) -> Cifre:
    """With the works that they are sums of."""
    posti = {opera.chiave: (lavoro.valore, *v.al_mese[opera.chiave]) for opera, lavoro in v.dentro}
    return _cifre(v, f"{ancora}.curva", posti)


def cifre_in_tutto(v: Andamento) -> Cifre:
    """The same figures where the works are not at hand, but only what they add up to."""
    return _cifre(v, "curva", {"": (v.totale, v.previsto, v.fatto)})


def _cifre(v: Andamento, nome: str, posti: Mapping[str, tuple[Decimal, Decimal, Decimal]]) -> Cifre:
    mese = a_fine(v.fino)

    def della_colonna(quale: int, fine: str, etichetta: str, colonna: str) -> Cifra:
        valori_suoi = ((chiave, tre[quale]) for chiave, tre in posti.items())
        return somma(f"{nome}.{fine}", etichetta, valori_suoi, colonna, tavola="lavori")

    totale = della_colonna(0, "totale", "Finanziamento dei lavori", "finanziamento")
    previsto = della_colonna(1, "previsto", f"Valore previsto a fine {mese}", "previsto")
    fatto = della_colonna(2, "fatto", f"Valore dei lavori fatti a fine {mese}", "guadagnato")
    dietro = v.stima.ritardo >= 0
    return Cifre(
        totale=totale,
        previsto=previsto,
        fatto=fatto,
        previsto_percento=quota(f"{nome}.previsto-percento", "Quota prevista", previsto, totale),
        fatto_percento=quota(f"{nome}.fatto-percento", "Quota dei lavori fatti", fatto, totale),
        scarto=_scarto(nome, previsto, fatto),
        ritardo=calcolata(
            f"{nome}.ritardo",
            "Ritardo in mesi" if dietro else "Anticipo in mesi",
            abs(v.stima.ritardo).quantize(CENTESIMO),
            Unita.MESI,
            "mesi fra la fine del mese della situazione e il momento in cui il piano iniziale prevedeva il valore dei "
            "lavori fatti" if dietro else
            "mesi fra il momento in cui il piano iniziale prevede il valore dei lavori fatti e la fine del mese della "
            "situazione",
            (fatto, previsto),
        ),
    )  # fmt: skip


def _scarto(nome: str, previsto: Cifra, fatto: Cifra) -> Cifra:
    prima, dopo = (previsto, fatto) if importo(previsto) >= importo(fatto) else (fatto, previsto)
    quanto = importo(prima) - importo(dopo)
    unita = Unita.MILIONI if quanto >= POCO else Unita.EURO
    formula = f"{prima.etichetta} − {dopo.etichetta}"
    return calcolata(f"{nome}.scarto", "Scarto fra previsto e fatto", quanto, unita, formula, (prima, dopo))


def importo(cifra: Cifra) -> Decimal:
    return cifra.valore if isinstance(cifra.valore, Decimal) else ZERO


def curva(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Sezione:
    """The S-curve, with its meaning in words first and what is left out after."""
    v = valori(opere, quadro, ancora)
    titolo = "Lavori previsti e lavori fatti"
    if not v.dentro:
        avviso = Paragrafo(
            (
                unisci(
                    "La curva dei lavori non c'è, perché restano fuori tutti gli interventi: ", _fuori(v, ancora), "."
                ),
            )
        )
        return Sezione(f"{ancora}-curva", titolo, (avviso,))
    delle = cifre(v, ancora)
    frasi = frasi_della_curva(v, delle, _ultimo_concluso(v))
    blocchi: list[Blocco] = [Paragrafo(frasi, Stile.SINTESI)]
    if not _senza_dati(v) and v.stima.motivo is not Motivo.CONCLUSO:
        blocchi.append(Riquadri((delle.previsto, delle.fatto, delle.fatto_percento, delle.ritardo)))
    blocchi.append(_grafico(v, quadro, opere, ancora, frasi))
    blocchi.append(Paragrafo(tuple(_note(v, ancora)), Stile.NOTA))
    return Sezione(f"{ancora}-curva", titolo, tuple(blocchi))


def _senza_dati(v: Andamento) -> bool:
    return v.stima.motivo in {Motivo.SENZA_DATI, Motivo.SENZA_PIANO}


def frase_di_sintesi(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> tuple[Frase, ...]:
    """For the cover: what is done against what was planned; nothing where it cannot be said."""
    v = valori(opere, quadro, ancora)
    return () if _senza_dati(v) else frasi_della_curva(v, cifre(v, ancora), _ultimo_concluso(v))


def frasi_della_curva(v: Andamento, delle: Cifre, ultimo: date | None = None) -> tuple[Frase, ...]:
    """What is done against what was planned; `ultimo` is the day on which the last of the works ended, if known."""
    mese = a_fine(v.fino)
    if _senza_dati(v):
        return (
            frase(
                "Nessun avanzamento è stato ancora approvato: si vede solo il piano iniziale, che a fine ", mese,
                " prevedeva lavori per ", delle.previsto, " su ", delle.totale, ".",
            ),
        )  # fmt: skip
    if v.stima.motivo is Motivo.CONCLUSO:
        return (_conclusi(v, delle, ultimo),)
    fatti = unisci(
        f"A fine {mese} i lavori fatti valgono ", delle.fatto, ", ", il(delle.fatto_percento), " di ", delle.totale,
        "; il piano iniziale ne prevedeva ", delle.previsto, ", ", il(delle.previsto_percento), ".",
    )  # fmt: skip
    if v.stima.motivo is Motivo.NON_COMINCIATO:
        return (fatti,)
    return fatti, _ritardo(v, delle)


def _ultimo_concluso(v: Valori) -> date | None:
    return max((lavoro.concluso_il for _opera, lavoro in v.dentro if lavoro.concluso_il is not None), default=None)


def _conclusi(v: Andamento, delle: Cifre, ultimo: date | None) -> Frase:
    testo = ("I lavori sono conclusi: valgono ", delle.totale)
    if ultimo is None or v.fine is None:
        return frase(*testo, ".")
    return frase(
        *testo,
        f", l'ultimo intervento è finito il {formati.data_breve(ultimo)} e il piano iniziale prevedeva la fine dei "
        f"lavori il {formati.data_breve(v.fine)}.",
    )


def _ritardo(v: Andamento, delle: Cifre) -> Frase:
    scarto = v.stima.ritardo
    if abs(scarto) < CENTESIMO * 5:
        return frase("I lavori sono in pari con il piano iniziale.")
    if scarto < 0:
        return unisci(
            "Sono fatti lavori in più per ", delle.scarto, " e l'anticipo è di ", mesi_in_parole(delle.ritardo), "."
        )
    testo = unisci("Mancano lavori per ", delle.scarto, " e il ritardo è di ", mesi_in_parole(delle.ritardo))
    if v.inizio is None or v.stima.es <= 0:
        return unisci(testo.parti, ".")
    quando = giorno_di(posto(v.inizio - UN_GIORNO) + v.stima.es)
    return unisci(testo.parti, f": quanto è fatto era previsto per {Cifra('', '', quando, Unita.MESE).testo}.")


def _grafico(v: Valori, quadro: Quadro, opere: Sequence[Opera], ancora: str, frasi: Sequence[Frase]) -> Grafico:
    scadenza = termine(opere, quadro)
    dati = Tabella(
        f"{ancora}-curva-dati",
        "Lavori previsti e fatti, mese per mese",
        COLONNE,
        tuple(_righe(v)),
        nota="Valori cumulati alla fine di ogni mese.",
    )
    figura = CurvaS(
        mesi=v.mesi,
        piano=v.piano,
        effettivo=v.effettivo,
        previsto=v.proiezione,
        oggi=quadro.al,
        scadenza=scadenza.giorno if scadenza is not None else None,
        fine_stimata=v.stima.fine,
        fine_da=v.stima.fine_da,
        fine_a=v.stima.fine_a,
        totale=v.totale,
    )
    descrizione = " ".join(una.testo for una in frasi)
    if v.stima.fine is not None:
        descrizione += f" Con l'andamento attuale i lavori finiscono {a_mese(v.stima.fine)}."
    return Grafico(f"{ancora}-curva-grafico", "Lavori previsti e fatti (mln €)", figura, descrizione, dati)


def _righe(v: Valori) -> list[tuple[Any, ...]]:
    proiezione = v.proiezione or (None,) * len(v.mesi)
    return [tuple(riga) for riga in zip(v.mesi, v.piano, v.effettivo, proiezione, strict=True)]


def _note(v: Valori, ancora: str) -> list[Frase]:
    note = [
        frase(
            "Ogni intervento vale il suo finanziamento. Il piano iniziale è quello dichiarato per primo, o quello di "
            "ReGiS, distribuito in parti uguali fra i giorni dei lavori; il fatto è l'ultima percentuale approvata."
        )
    ]
    if v.primo is not None and v.primo > fine_mese(v.mesi[0]) and not _senza_dati(v):
        note.append(
            frase(
                f"La linea dei lavori fatti comincia a {a_fine(v.primo)}, il primo mese con i dati di almeno metà "
                "degli interventi."
            )
        )
    if v.mese_parziale and not _senza_dati(v) and v.stima.motivo is not Motivo.CONCLUSO:
        note.append(
            frase(
                f"La linea dei lavori fatti si ferma a {a_fine(v.fino)}: per {a_fine(ultimo_finito(v.al))} mancano "
                "ancora i dati di più di metà degli interventi in corso."
            )
        )
    if v.muti and not _senza_dati(v):
        muti = conta(
            f"{ancora}.curva.muti", "Interventi nella curva senza avanzamenti", (opera.chiave for opera in v.muti)
        )
        di_quanti = quanti(muti, "intervento", "interventi")
        come = accordato(muti, "conta come non cominciato", "contano come non cominciati")
        note.append(unisci("Di ", di_quanti, f" non è approvato nessun avanzamento: {come}."))
    if v.fuori:
        verbo = "Resta" if sum(map(len, v.fuori.values())) == 1 else "Restano"
        note.append(unisci(f"{verbo} fuori dalla curva ", _fuori(v, ancora), "."))
    return note


def _fuori(v: Valori, ancora: str) -> Parti:
    """How many are left out, why and for how much."""
    gruppi: list[Parti] = []
    for numero, (motivo, opere) in enumerate(sorted(v.fuori.items()), start=1):
        quante = conta(
            f"{ancora}.curva.fuori-{numero}", f"Interventi fuori dalla curva: {motivo}", (o.chiave for o in opere)
        )
        valore = somma(
            f"{ancora}.curva.fuori-{numero}-valore",
            f"Finanziamento fuori dalla curva: {motivo}",
            ((o.chiave, o.finanziamento) for o in opere),
            "finanziamento",
        )
        accordo = "revocati" if motivo == "revocato" and quante.valore != 1 else motivo
        noto = (" (", valore, ")") if valore.valore else ()
        gruppi.append((*quanti(quante, "intervento", "interventi"), f" {accordo}", *noto))
    return serie(gruppi)


def tavola_curva(quadro: Quadro) -> Tavola:
    """Each point of each curve."""
    righe: dict[str, tuple[Any, ...]] = {}
    for uno in gruppi_con_ancora(quadro):
        for mese, *numeri in _righe(valori(uno.opere, quadro, uno.ancora)):
            righe[f"{uno.ancora}-{mese:%Y-%m}"] = (uno.nome, mese, *numeri)
    return Tavola(
        "curva",
        "Lavori previsti e fatti, mese per mese",
        (Colonna("di", "Di che cosa", larghezza=20), *COLONNE),
        righe,
    )
