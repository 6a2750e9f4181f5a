"""What the interventi give to the strategic plan: to each Driver and STTM, and the extract for the DUP."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from monitoraggio.models.traguardi import StatoTraguardo
from monitoraggio.opere.tipi import Opera, Scadenza
from monitoraggio.selectors.elenco_situazione import PAROLE
from rapporti.capitoli.cifre import calcolata, conta, percento, quota, somma
from rapporti.capitoli.gruppi import del_tutto
from rapporti.capitoli.indicatori import AREA, COMPLETATI, indicatore
from rapporti.capitoli.legami import riga
from rapporti.capitoli.parole import Parti, accordato, quanti, serie, unisci
from rapporti.capitoli.tavole import dichiarato
from rapporti.capitoli.valori import a_fine, fino_a, valori
from rapporti.documento import (
    Blocco,
    Cella,
    Cifra,
    Colonna,
    Frase,
    Paragrafo,
    Segno,
    Sezione,
    Stile,
    Tabella,
    Unita,
    frase,
)
from rapporti.lettura.quadro import Quadro
from rapporti.scelte import TipoPerimetro

PROSSIME = 8
CONTRIBUTI = (
    Colonna("nome", "Driver o STTM", larghezza=34),
    Colonna("interventi", "Interventi", Unita.NUMERO, 10),
    Colonna("finanziamento", "Finanziamento", Unita.MILIONI, 14),
    Colonna("conclusi", "Conclusi", Unita.NUMERO, 9),
    Colonna("fatti", "Lavori fatti", Unita.MILIONI, 14),
    Colonna("percento", "Lavori fatti (%)", Unita.PERCENTO, 10),
    Colonna("piani", "Piani", larghezza=24),
)
INDICATORI = (
    Colonna("nome", "Indicatore", larghezza=34),
    Colonna("programmato", "Programmato", Unita.NUMERO, 14),
    Colonna("realizzato", "Realizzato", Unita.NUMERO, 14),
    Colonna("percento", "Realizzato (%)", Unita.PERCENTO, 10),
)
SCADENZE = (
    Colonna("titolo", "Prossimi passi", larghezza=40),
    Colonna("di", "Di che cosa", larghezza=20),
    Colonna("scadenza", "Scadenza", Unita.DATA, 12),
    Colonna("previsione", "Previsto per il", Unita.DATA, 12),
    Colonna("stato", "Stato", larghezza=12),
)


@dataclass(frozen=True)
class Contributo:
    """Interventi and what they are worth; figures with keys of their own."""

    opere: Sequence[Opera]
    interventi: Cifra
    finanziamento: Cifra
    conclusi: Cifra
    in_curva: Cifra
    fatti: Cifra
    percento: Cifra
    pagato: Cifra


def contributo(opere: Sequence[Opera], quadro: Quadro, nome: str) -> Contributo:
    tutto = del_tutto(quadro)
    delle = valori(tutto.opere, quadro, tutto.ancora).al_mese
    dentro = [opera for opera in opere if opera.chiave in delle]
    in_curva = somma(
        f"{nome}.in-curva",
        "Finanziamento dei lavori che hanno un piano",
        ((o.chiave, o.finanziamento) for o in dentro),
        "finanziamento",
        tavola="lavori",
    )
    fatti = somma(
        f"{nome}.fatti",
        f"Valore dei lavori fatti a fine {a_fine(fino_a(quadro))}",
        ((o.chiave, delle[o.chiave][1]) for o in dentro),
        "guadagnato",
        tavola="lavori",
    )
    return Contributo(
        opere=opere,
        interventi=conta(f"{nome}.interventi", "Interventi", (o.chiave for o in opere)),
        finanziamento=somma(
            f"{nome}.finanziamento", "Finanziamento", ((o.chiave, o.finanziamento) for o in opere), "finanziamento"
        ),
        conclusi=conta(f"{nome}.conclusi", "Interventi conclusi", (o.chiave for o in opere if o.segno == "concluso")),
        in_curva=in_curva,
        fatti=fatti,
        percento=calcolata(
            f"{nome}.fatti-percento",
            "Quota dei lavori fatti",
            percento(fatti.valore, in_curva.valore),
            Unita.PERCENTO,
            f"{fatti.etichetta} ÷ finanziamento dei lavori che hanno un piano ({in_curva.testo}) × 100",
            (fatti,),
        ),
        pagato=somma(f"{nome}.pagato", "Pagato", ((o.chiave, dichiarato(o, o.stato.pagato)) for o in opere), "pagato"),
    )


# --- Who gives how much ----------------------------------------------------------------------------------------------


def strategia(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Sezione:
    """A table of the Driver and one of the STTM, with what is tied to none."""
    legati = [opera for opera in opere if opera.driver]
    frasi = [_quanti_legati(opere, legati, ancora)]
    titolo = "Il contributo alla strategia"
    if not legati:
        return Sezione(f"{ancora}-strategia", titolo, (Paragrafo(tuple(frasi)),))
    driver = [
        (str(uno), contributo(suoi, quadro, f"{ancora}.driver-{numero}"))
        for numero, uno in quadro.driver.items()
        if (suoi := [opera for opera in opere if numero in opera.driver])
    ]
    sttm = [
        (str(una), contributo(sue, quadro, f"{ancora}.sttm-{numero}"))
        for numero, una in quadro.strategie.items()
        if (sue := della_sttm(opere, quadro, numero))
    ]
    senza = [str(uno) for numero, uno in quadro.driver.items() if not any(numero in o.driver for o in opere)]
    if senza and quadro.domanda.perimetro.tipo == TipoPerimetro.PROGRAMMA:
        frasi.append(frase(f"Nessuno contribuisce a: {', '.join(senza)}."))
    blocchi: list[Blocco] = [Paragrafo(tuple(frasi), Stile.SINTESI)]
    blocchi.append(_tabella(f"{ancora}-driver", "Driver", driver, quadro))
    if sttm:
        blocchi.append(_tabella(f"{ancora}-sttm", "Strategie tematico-territoriali (STTM)", sttm, quadro))
    blocchi.append(Paragrafo((frase(NOTA),), Stile.NOTA))
    return Sezione(f"{ancora}-strategia", titolo, tuple(blocchi))


NOTA = (
    "Un intervento può contribuire a più Driver: le righe non si sommano. A una STTM contribuiscono gli interventi che "
    "le sono legati e quelli dei Driver che, secondo il piano strategico, essa sviluppa. I lavori fatti sono quelli "
    "della curva dei lavori."
)


def della_sttm(opere: Sequence[Opera], quadro: Quadro, numero: int) -> list[Opera]:
    """Those tied to it, and those of the Driver that it develops."""
    driver = set(quadro.sviluppi.get(numero, ()))
    return [opera for opera in opere if numero in opera.strategie or driver.intersection(opera.driver)]


def _quanti_legati(opere: Sequence[Opera], legati: Sequence[Opera], ancora: str) -> Frase:
    slegati = conta(
        f"{ancora}.senza-driver", "Interventi senza Driver", (opera.chiave for opera in opere if not opera.driver)
    )
    if not legati:
        return frase("Nessun intervento è ancora legato a un Driver del piano strategico.")
    if slegati.valore == 0:
        return frase("Tutti gli interventi sono legati ad almeno un Driver del piano strategico.")
    verbo = accordato(slegati, "non è ancora legato", "non sono ancora legati")
    return unisci(quanti(slegati, "intervento", "interventi"), f" su {len(opere)} {verbo} ad alcun Driver.")


def _tabella(chiave: str, titolo: str, righe: Sequence[tuple[str, Contributo]], quadro: Quadro) -> Tabella:
    """The largest first."""
    in_ordine = sorted(righe, key=lambda una: -_importo(una[1].finanziamento))
    return Tabella(
        chiave,
        titolo,
        CONTRIBUTI,
        tuple(
            (nome, c.interventi, c.finanziamento, c.conclusi, c.fatti, c.percento, _piani(c.opere, quadro))
            for nome, c in in_ordine
        ),
    )


def _importo(cifra: Cifra) -> Decimal:
    return cifra.valore if isinstance(cifra.valore, Decimal) else Decimal(0)


def _piani(opere: Sequence[Opera], quadro: Quadro) -> str:
    """COME IN 34, PINQuA 22."""
    quanti_suoi = Counter(opera.piano_id for opera in opere)
    voci = [f"{gruppo.codice} {quanti_suoi[gruppo.pk]}" for gruppo in quadro.gruppi if quanti_suoi[gruppo.pk]]
    if quanti_suoi[None]:
        voci.append(f"senza piano {quanti_suoi[None]}")
    return ", ".join(voci)


# --- The extract for the DUP -----------------------------------------------------------------------------------------


def dup(quadro: Quadro) -> tuple[Sezione, ...]:
    """The contributions, then each Driver that something is done for."""
    tutto = del_tutto(quadro)
    sezioni = [strategia(tutto.opere, quadro, tutto.ancora)]
    for numero in quadro.driver:
        suoi = [opera for opera in quadro.opere if numero in opera.driver]
        if suoi:
            sezioni.append(_del_driver(numero, suoi, quadro, tutto.ancora))
    return tuple(sezioni)


def _del_driver(numero: int, opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Sezione:
    """The objective, what is done, the indicators, the next steps."""
    driver = quadro.driver[numero]
    nome = f"{ancora}.driver-{numero}"
    c = contributo(opere, quadro, nome)
    blocchi: list[Blocco] = [Paragrafo(tuple(_fatto(c, quadro, nome)), Stile.SINTESI)]
    obiettivi = quadro.obiettivi.get(numero, [])
    if obiettivi:
        blocchi.append(Paragrafo((frase("Obiettivi del piano strategico che il Driver riprende:"),)))
        blocchi.append(Paragrafo(tuple(frase(f"{codice} {testo}") for codice, testo in obiettivi), elenco=True))
    misure = _indicatori(opere, nome)
    if misure:
        blocchi.append(Tabella(f"driver-{numero}-indicatori", "Indicatori", INDICATORI, tuple(misure)))
    blocchi.append(_passi(numero, opere, quadro))
    return Sezione(f"driver-{numero}", str(driver), tuple(blocchi), sottotitolo=_sottotitolo(numero, quadro))


def _sottotitolo(numero: int, quadro: Quadro) -> str:
    sttm = [quadro.strategie[una].codice for una, driver in quadro.sviluppi.items() if numero in driver]
    testo = quadro.driver[numero].sottotitolo
    return f"{testo} · lo sviluppa la {' e la '.join(sttm)}" if sttm else testo


def _fatto(c: Contributo, quadro: Quadro, nome: str) -> list[Frase]:
    contano = accordato(c.interventi, "Contribuisce ", "Contribuiscono ")
    frasi = [
        unisci(
            contano, quanti(c.interventi, "intervento", "interventi"), " per ", c.finanziamento,
            f" ({_piani(c.opere, quadro)}).",
        )
    ]  # fmt: skip
    gruppi: list[Parti] = []
    for segno, parola in PAROLE.items():
        suoi = [opera.chiave for opera in c.opere if opera.segno == segno]
        if suoi:
            cifra = conta(f"{nome}.stato.{segno.replace('_', '-')}", f"Interventi: {parola}", suoi)
            gruppi.append((cifra, f" {_al_plurale(segno, str(parola), len(suoi))}"))
    frasi.append(unisci("Fra questi, ", serie(gruppi), "."))
    frasi.append(
        frase(
            f"A fine {a_fine(fino_a(quadro))} i lavori fatti valgono ", c.fatti, " su ", c.in_curva, " (", c.percento,
            "); i pagamenti sono ", c.pagato, ".",
        )
    )  # fmt: skip
    return frasi


def _al_plurale(segno: str, parola: str, quanti_sono: int) -> str:
    """concluso, conclusi; the others do not change."""
    return f"{parola[:-1]}i" if quanti_sono > 1 and segno in {"concluso", "non_avviato", "annullato"} else parola


def _indicatori(opere: Sequence[Opera], nome: str) -> list[tuple[Cella, ...]]:
    righe: list[tuple[Cella, ...]] = []
    for codice, parole, unita in (
        (AREA, "Superficie degli interventi (T0039)", Unita.METRI_QUADRI),
        (COMPLETATI, "Interventi completati (T0146)", Unita.NUMERO),
    ):
        misure = indicatore(opere, codice)
        if misure:
            programmato, realizzato = (
                somma(
                    f"{nome}.{codice.lower()}-{quale}",
                    f"{parole}: {quale}",
                    ((chiave, getattr(misura, quale)) for chiave, misura in misure),
                    quale,
                    unita,
                    "indicatori",
                )
                for quale in ("programmato", "realizzato")
            )
            fatta = quota(f"{nome}.{codice.lower()}-percento", f"{parole}: quota", realizzato, programmato)
            righe.append((parole, programmato, realizzato, fatta))
    return righe


def _passi(numero: int, opere: Sequence[Opera], quadro: Quadro) -> Tabella:
    """The traguardi of these interventi and of their piani that are not met yet, by deadline."""
    chiavi, piani = {opera.pk for opera in opere}, {opera.piano_id for opera in opere if opera.piano_id is not None}
    aperti = [
        una
        for una in quadro.scadenze
        if una.stato != StatoTraguardo.CONSEGUITO and (una.intervento_id in chiavi or una.piano_id in piani)
    ]
    nota = ""
    if len(aperti) > PROSSIME:
        nota = f"Altri {len(aperti) - PROSSIME} traguardi nei dati allegati, tavola «traguardi»."
    return Tabella(
        f"driver-{numero}-passi",
        "Prossimi passi",
        SCADENZE,
        tuple(_passo(una, quadro) for una in aperti[:PROSSIME]),
        nota=nota,
        vuota="Nessun traguardo aperto è registrato.",
    )


def _passo(una: Scadenza, quadro: Quadro) -> tuple[Cella, ...]:
    codici = {gruppo.pk: gruppo.codice for gruppo in quadro.gruppi}
    opera = quadro.per_pk().get(una.intervento_id or 0)
    di = opera.nome if opera is not None else codici.get(una.piano_id or 0, una.misura)
    segno = Segno(una.stato, str(StatoTraguardo(una.stato).label))
    return riga(quadro, "traguardi", una.chiave, una.titolo), di, una.scadenza, una.previsione, segno
