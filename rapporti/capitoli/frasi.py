"""What a group of interventi comes to, in sentences: how many, how far, who pays, what is late."""

from __future__ import annotations

from collections.abc import Sequence

from interventi.scelte import LineaFinanziamento
from monitoraggio.opere.tipi import Opera
from monitoraggio.scelte import GravitaCriticita
from rapporti.capitoli.cifre import conta, somma
from rapporti.capitoli.conti import Conti
from rapporti.capitoli.gruppi import intero
from rapporti.capitoli.lavori import CONCLUSO, DA_AVVIARE, IN_COLLAUDO, IN_CORSO, REVOCATO, SENZA_DATI
from rapporti.capitoli.parole import NOMI, Parte, Parti, accordato, di_chi, nome_breve, numero, quanti, serie, unisci
from rapporti.capitoli.tavole import chiave_problema, giorni_oltre
from rapporti.documento import Cifra, Frase, Unita
from rapporti.lettura.quadro import Quadro
from rapporti.scelte import TipoPerimetro

# How far the works are, in words.
LAVORI_DETTI = {
    CONCLUSO: "conclusi",
    IN_COLLAUDO: "finiti e in attesa di collaudo",
    IN_CORSO: "in corso",
    DA_AVVIARE: "da avviare",
}
FONDI = {
    LineaFinanziamento.PNRR.value: "dal PNRR",
    LineaFinanziamento.MISTA.value: "dal PNRR e con fondi nazionali",
    LineaFinanziamento.NAZIONALE.value: "con fondi nazionali",
}


def composizione(soggetto: str, c: Conti, quadro: Quadro, *, nomi: bool = True) -> Frase:
    """`soggetto` is the beginning: "COME IN comprende"; `nomi` are left out where another sentence has them."""
    in_uno_solo = quadro.domanda.perimetro.tipo == TipoPerimetro.COMUNE
    dove: Parti = (" in ", *quanti(c.comuni, "Comune", "Comuni")) if numero(c.comuni) and not in_uno_solo else ()
    testa: Parti = (f"{soggetto} ", *quanti(c.interventi, "intervento", "interventi"), *dove)
    detti = [stato for stato in LAVORI_DETTI if stato in c.lavori]
    if not detti:
        return unisci(testa, ".", _altri(c, quadro))
    if len(detti) == 1 and numero(c.lavori[detti[0]]) == numero(c.interventi):
        in_tutti = "" if numero(c.interventi) == 1 else " in tutti"
        return unisci(testa, f": i lavori sono {LAVORI_DETTI[detti[0]]}{in_tutti}.")
    voci = [
        (f"{LAVORI_DETTI[stato]} in ", c.lavori[stato], di_chi(c.per_lavori[stato], quadro) if nomi else "")
        for stato in detti
    ]
    return unisci(testa, ": i lavori sono ", serie(voci), ".", _altri(c, quadro))


def _altri(c: Conti, quadro: Quadro) -> Parti:
    """Those revoked, and those of which nobody has told anything."""
    parti: list[Parte] = []
    if REVOCATO in c.lavori:
        revocati = quanti(c.lavori[REVOCATO], "intervento è revocato", "interventi sono revocati")
        parti += [" ", *revocati, di_chi(c.per_lavori[REVOCATO], quadro), "."]
    if c.muti:
        parti.append(" Nessun dato di avanzamento è stato ancora approvato.")
    elif SENZA_DATI in c.lavori:
        muti = quanti(c.lavori[SENZA_DATI], "intervento", "interventi")
        parti += [" Di ", *muti, di_chi(c.per_lavori[SENZA_DATI], quadro), " non ci sono dati."]
    return tuple(parti)


def percentuali(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Frase | None:
    """The percent of each, where they are the few works of a piano, or its lines."""
    if not intero(quadro) and not all(opera.linea for opera in opere):
        return None
    con_dati = [opera for opera in opere if opera.stato.percentuale is not None]
    diversi = {nome_breve(opera, quadro) for opera in con_dati}
    if not 2 <= len(opere) <= NOMI or len(con_dati) < 2 or len(diversi) < len(con_dati):
        return None
    voci: list[Parti] = []
    for opera in con_dati:
        nome = nome_breve(opera, quadro)
        chiave = f"{ancora}.avanzamento.{opera.chiave}"
        riga = [(opera.chiave, opera.stato.percentuale)]
        voci.append((f"{nome} ", somma(chiave, f"Avanzamento: {nome}", riga, "percentuale", Unita.PERCENTO)))
    return unisci("Avanzamento dei lavori: ", serie(voci), ".")


def finanziati(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Frase | None:
    """How many are paid for by whom; None where nobody says."""
    gruppi = [(linea, [o for o in opere if o.linea_finanziamento == linea]) for linea in FONDI]
    presenti = [(linea, sue) for linea, sue in gruppi if sue]
    if not presenti:
        return None
    if len(presenti[0][1]) == len(opere):
        verbo = "È finanziato" if len(opere) == 1 else "Sono tutti finanziati"
        return unisci(f"{verbo} {FONDI[presenti[0][0]]}.")
    voci: list[Parti] = []
    for linea, sue in presenti:
        cifra = per_fondi(ancora, linea, sue)
        testa = (cifra,) if voci else quanti(cifra, "intervento è finanziato", "interventi sono finanziati")
        quali = di_chi(sue, quadro) if linea != LineaFinanziamento.PNRR else ""
        voci.append((*testa, f" {FONDI[linea]}{quali}"))
    return unisci(serie(voci), ".")


def per_fondi(ancora: str, linea: str, opere: Sequence[Opera]) -> Cifra:
    return conta(f"{ancora}.fondi.{linea}", f"Interventi finanziati {FONDI[linea]}", (o.chiave for o in opere))


def ritardi(c: Conti, quadro: Quadro) -> Frase | None:
    """What is late and what is at risk; None where nothing is known of any."""
    if c.muti:
        return None
    tardi, rischio = c.segni.get("in_ritardo"), c.segni.get("a_rischio")
    if tardi is None and rischio is None:
        uno_solo = numero(c.interventi) == 1
        return unisci("Non è in ritardo né a rischio." if uno_solo else "Nessun intervento è in ritardo o a rischio.")
    voci: list[Parti] = []
    if tardi is not None:
        testa = quanti(tardi, "intervento è in ritardo", "interventi sono in ritardo")
        voci.append((*testa, di_chi(c.per_segno["in_ritardo"], quadro)))
    if rischio is not None:
        nomi = di_chi(c.per_segno["a_rischio"], quadro)
        if tardi is None:
            testa = quanti(rischio, "intervento è a rischio", "interventi sono a rischio")
            return unisci("Nessun intervento è in ritardo; ", testa, nomi, ".")
        voci.append((rischio, f" {accordato(rischio, 'è', 'sono')} a rischio{nomi}"))
    return unisci(serie(voci), ".")


def criticita(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Frase | None:
    """How many are open, serious, past the day they had to be solved by; None where there is none."""
    aperte = [(chiave_problema(opera, uno), uno) for opera in opere for uno in opera.problemi]
    if not aperte:
        return None
    gravi = [chiave for chiave, uno in aperte if uno.gravita == GravitaCriticita.ALTA]
    scadute = [chiave for chiave, uno in aperte if giorni_oltre(uno.scadenza, quadro.al) is not None]
    totale = conta(f"{ancora}.criticita", "Criticità aperte", (chiave for chiave, _uno in aperte), "criticita")
    alte = conta(f"{ancora}.criticita-gravi", "Criticità di gravità alta", gravi, "criticita")
    oltre = conta(f"{ancora}.criticita-scadute", "Criticità oltre la data", scadute, "criticita")
    andavano = accordato(oltre, "andava risolta", "andavano risolte")
    return unisci(
        accordato(totale, "È aperta ", "Sono aperte "), totale, " criticità",
        _di_cui(alte, totale, "di gravità alta"),
        _di_cui(oltre, totale, f"oltre la data entro cui {andavano}"),
        ".",
    )  # fmt: skip


def _di_cui(parte: Cifra, totale: Cifra, come: str) -> Parti:
    """How many of them are so: nothing if none, no number if all."""
    if not numero(parte):
        return ()
    if numero(parte) < numero(totale):
        return ", ", parte, f" {come}"
    return (f", {come}" if numero(totale) == 1 else f", tutte {come}",)
