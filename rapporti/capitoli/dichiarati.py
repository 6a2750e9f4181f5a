"""What the sources declare, beside what the portal computes: told apart, never mixed."""

from __future__ import annotations

from collections.abc import Callable

from interventi.scelte import FonteFinanziamento, LineaFinanziamento
from psttm import formati
from psttm.models import RisultatoDichiarato
from rapporti.capitoli.cifre import calcolata, conta, decimale, somma
from rapporti.capitoli.conti import Conti, conti
from rapporti.capitoli.frasi import per_fondi
from rapporti.capitoli.gruppi import INSIEME, Insieme, insiemi
from rapporti.capitoli.lavori import CONCLUSO, DA_AVVIARE, IN_COLLAUDO, IN_CORSO
from rapporti.capitoli.parole import unisci
from rapporti.capitoli.tavole import chiave_denaro
from rapporti.capitoli.tempi import aggiudicato_il
from rapporti.documento import Cella, Cifra, Colonna, Frase, Paragrafo, Sezione, Tabella, Tavola, Unita
from rapporti.lettura.quadro import Quadro
from rapporti.scelte import TipoPerimetro

TAVOLA = "dichiarati"
# The names that the source gives to the programme as a whole and to its figures.
IN_TUTTO, DAL_PNRR, RISORSE = "PNRR nel complesso", "Interventi finanziati dal PNRR", "Risorse del PNRR in gioco"
AGGIUDICATI = "Comuni con lavori aggiudicati"
LINEA = "Avanzamento dei lavori, "
PNRR = {LineaFinanziamento.PNRR.value, LineaFinanziamento.MISTA.value}
Calcolo = Callable[[Insieme, Conti, Quadro], Cifra]


def dichiarati(quadro: Quadro) -> Sezione | None:
    """The figures of the sources that the portal computes too; None where there are none."""
    coppie = [(chiave, uno, calcolata_) for chiave, uno in _validi(quadro) if (calcolata_ := _nel_portale(uno, quadro))]
    if not coppie:
        return None
    tabella = Tabella(
        "dichiarati",
        "Dichiarato dalle fonti e calcolato dal portale",
        (
            Colonna("programma", "Programma", larghezza=14),
            Colonna("voce", "Voce", larghezza=26),
            Colonna("al", "Dichiarato al", larghezza=11),
            Colonna("dichiarato", "Dichiarato", Unita.NUMERO, 12),
            Colonna("calcolato", "Nel portale", Unita.NUMERO, 12),
            Colonna("differenza", "Differenza", Unita.NUMERO, 12),
        ),
        tuple(_riga(chiave, uno, cifra) for chiave, uno, cifra in coppie),
        nota=f"Fonti: {'; '.join(sorted({uno.fonte.titolo for _chiave, uno, _cifra in coppie}))}.",
    )
    spiegazione = unisci(
        "I valori dichiarati sono delle fonti e non entrano nei conti di questo rapporto; la differenza è il valore "
        "del portale meno quello dichiarato."
    )
    return Sezione(
        "dichiarati",
        "Quello che dichiarano le fonti",
        (Paragrafo((*_in_breve(coppie), spiegazione)), tabella),
    )


def tavola(quadro: Quadro) -> Tavola:
    """Every declared figure, as its source gives it."""
    return Tavola(
        TAVOLA,
        "Valori dichiarati dalle fonti",
        (
            Colonna("programma", "Programma", larghezza=16),
            Colonna("voce", "Voce", larghezza=30),
            Colonna("valore", "Valore", Unita.INDICE),
            Colonna("unita", "Unità"),
            Colonna("precisazione", "Precisazione", larghezza=30),
            Colonna("al", "Al", Unita.DATA),
            Colonna("fonte", "Fonte", larghezza=30),
        ),
        {
            chiave: (uno.programma, uno.voce, uno.valore, uno.unita, uno.testo, uno.al, uno.fonte.titolo)
            for chiave, uno in _validi(quadro)
        },
    )


def _validi(quadro: Quadro) -> list[tuple[str, RisultatoDichiarato]]:
    """Those of the day of the report or before it, with their keys: all of the programme, or those of one piano."""
    tipo = quadro.domanda.perimetro.tipo
    if tipo not in {TipoPerimetro.PROGRAMMA, TipoPerimetro.PIANO}:
        return []
    codici = {gruppo.codice for gruppo in quadro.gruppi}
    return [
        (f"d{numero}", uno)
        for numero, uno in enumerate(quadro.dichiarati, start=1)
        if (uno.al is None or uno.al <= quadro.al) and (tipo == TipoPerimetro.PROGRAMMA or uno.programma in codici)
    ]


def _riga(chiave: str, uno: RisultatoDichiarato, cifra: Cifra) -> tuple[Cella, ...]:
    detta = _dichiarata(chiave, uno, cifra.unita)
    scarto = calcolata(
        f"dichiarato.{chiave}.differenza",
        f"Differenza: {uno.programma}, {uno.voce}",
        decimale(cifra) - decimale(detta),
        cifra.unita,
        "Nel portale − dichiarato",
        (cifra, detta),
    )
    return uno.programma, uno.voce, formati.data_breve(uno.al) if uno.al else "senza data", detta, cifra, scarto


def _dichiarata(chiave: str, uno: RisultatoDichiarato, unita: Unita) -> Cifra:
    etichetta = f"Dichiarato: {uno.programma}, {uno.voce}"
    return somma(f"dichiarato.{chiave}", etichetta, [(chiave, uno.valore)], "valore", unita, TAVOLA)


def _in_breve(coppie: list[tuple[str, RisultatoDichiarato, Cifra]]) -> tuple[Frase, ...]:
    """The two figures of the whole in a sentence, where the source gives both."""
    per_voce = {uno.voce: (chiave, uno, cifra) for chiave, uno, cifra in coppie if uno.programma == IN_TUTTO}
    if not {DAL_PNRR, RISORSE} <= set(per_voce):
        return ()
    (chiave, uno, quanti), (altra, risorse, quanto) = per_voce[DAL_PNRR], per_voce[RISORSE]
    quando = f" a {formati.mese(uno.al)}" if uno.al is not None else ""
    chi = "La Cabina di regia dichiarava" if "Cabina di regia" in uno.testo else "La fonte dichiara"
    return (
        unisci(
            f"{chi}{quando} ", _dichiarata(chiave, uno, quanti.unita), " interventi finanziati dal PNRR, per ",
            _dichiarata(altra, risorse, quanto.unita), "; il portale ne segue ", quanti, ", per ", quanto, ".",
        ),
    )  # fmt: skip


# --- What the portal has for it --------------------------------------------------------------------------------------


def _nel_portale(uno: RisultatoDichiarato, quadro: Quadro) -> Cifra | None:
    """The same figure, computed; None where the portal does not hold it or the source gives no value."""
    if uno.valore is None:
        return None
    if uno.programma == IN_TUTTO:
        return {DAL_PNRR: _dal_pnrr, RISORSE: _risorse}.get(uno.voce, lambda _quadro: None)(quadro)
    insieme = next((altro for altro in insiemi(quadro) if altro.nome == uno.programma), None)
    if insieme is None:
        return None
    if uno.voce.startswith(LINEA):
        return _della_linea(insieme, uno.voce.removeprefix(LINEA))
    calcolo = _aggiudicati if uno.voce.startswith(AGGIUDICATI) else CALCOLI.get(uno.voce)
    return calcolo(insieme, conti(insieme.opere, quadro, insieme.ancora), quadro) if calcolo is not None else None


def _dal_pnrr(quadro: Quadro) -> Cifra:
    righe = (opera.chiave for opera in quadro.opere if opera.linea_finanziamento in PNRR)
    return conta(f"{INSIEME}.dal-pnrr", "Interventi finanziati dal PNRR, anche in parte", righe)


def _risorse(quadro: Quadro) -> Cifra:
    quote = (
        (chiave_denaro(opera, uno), uno.importo)
        for opera in quadro.opere
        for uno in opera.denari
        if uno.fonte == FonteFinanziamento.PNRR
    )
    return somma(f"{INSIEME}.risorse-pnrr", "Finanziamento del PNRR", quote, "importo", tavola="finanziamenti")


def _della_linea(insieme: Insieme, linea: str) -> Cifra | None:
    sue = [opera for opera in insieme.opere if opera.linea == linea and opera.stato.percentuale is not None]
    if len(sue) != 1:
        return None
    chiave = f"{insieme.ancora}.avanzamento.{sue[0].chiave}"
    return somma(
        chiave, f"Avanzamento: {linea}", [(sue[0].chiave, sue[0].stato.percentuale)], "percentuale", Unita.PERCENTO
    )


def _interventi(_insieme: Insieme, c: Conti, _quadro: Quadro) -> Cifra:
    return c.interventi


def _comuni(_insieme: Insieme, c: Conti, _quadro: Quadro) -> Cifra:
    return c.comuni


def _lavori(stato: str) -> Calcolo:
    def calcolo(insieme: Insieme, c: Conti, _quadro: Quadro) -> Cifra:
        return c.lavori.get(stato) or conta(f"{insieme.ancora}.lavori.nessuno", "Nessun intervento", ())

    return calcolo


def _nazionali(insieme: Insieme, _c: Conti, _quadro: Quadro) -> Cifra:
    linea = LineaFinanziamento.NAZIONALE.value
    return per_fondi(insieme.ancora, linea, [o for o in insieme.opere if o.linea_finanziamento == linea])


def _aggiudicati(insieme: Insieme, _c: Conti, quadro: Quadro) -> Cifra:
    righe = (opera.chiave for opera in insieme.opere if aggiudicato_il(opera, quadro.al) is not None)
    return conta(f"{insieme.ancora}.aggiudicati", "Interventi con i lavori aggiudicati", righe)


# By the name that the source gives to the figure.
CALCOLI: dict[str, Calcolo] = {
    "Interventi": _interventi,
    "Progetti": _interventi,
    "Superciclabili": _interventi,
    "Misure finanziate": _interventi,
    "CUP in ReGiS attribuiti al piano": _interventi,
    "Comuni": _comuni,
    "Comuni partner": _comuni,
    "Interventi conclusi e inaugurati": _lavori(CONCLUSO),
    "Cantieri conclusi": _lavori(CONCLUSO),
    "Interventi ultimati": _lavori(CONCLUSO),
    "Interventi ultimati in attesa di collaudo": _lavori(IN_COLLAUDO),
    "Interventi con lavori in corso": _lavori(IN_CORSO),
    "Cantieri aperti": _lavori(IN_CORSO),
    "Interventi in corso": _lavori(IN_CORSO),
    "Cantieri da aprire": _lavori(DA_AVVIARE),
    "Interventi finanziati con fondi nazionali": _nazionali,
}
