"""What the register says: the CUP and its state, the tenders, what ReGiS says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro
from django.utils.translation import ngettext

from interventi.scelte import StatoCup
from monitoraggio import fasi
from monitoraggio.allerte import parole
from monitoraggio.allerte.tipi import Caso, Contesto, DaDecidere, Gara, Scala, Trovato
from monitoraggio.calcolo.tempo import ultimo_finito
from monitoraggio.opere import confronti
from monitoraggio.scelte import ChiAgisce
from psttm import formati

SCALA_CUP = Scala(40, 85, Decimal(180), pigro("giorni oltre la soglia, per un CUP provvisorio"))
SCALA_GARA = Scala(35, 80, Decimal(240), pigro("giorni oltre la soglia"))
SCALA_REGIS = Scala(20, 60, Decimal(20), pigro("quanto la differenza è del finanziamento, in %, o giorni di attesa"))
# The phase of the award, by the nature of the CUP.
AGGIUDICAZIONE = frozenset(fase.codice for fase in fasi.FASI if fase.nome == fasi.nome("00311"))
CENTO = Decimal(100)
MOSTRATE = 3


# --- CUP and tenders -------------------------------------------------------------------------------------------------


def cup_non_attivo(caso: Caso, contesto: Contesto) -> Iterator[Trovato]:
    """No CUP; or one whose state does not go with the intervento. A state that nobody knows says nothing."""
    opera = caso.opera
    evidenza = (
        (_("CUP"), opera.cup or _("manca")),
        (_("Stato del CUP"), _stato_cup(opera.stato_cup)),
        (_("Inizio dei lavori"), formati.data_breve(opera.stato.inizio_lavori)),
    )
    if not opera.cup:
        motivo = _("L'intervento non ha un CUP: senza CUP gli atti che lo finanziano sono nulli.")
        yield Trovato(motivo, SCALA_CUP.a, evidenza=evidenza)
    elif opera.stato_cup in {StatoCup.REVOCATO, StatoCup.CANCELLATO}:
        motivo = _("Il CUP è %(stato)s, ma l'intervento è ancora nel programma.")
        yield Trovato(motivo % {"stato": _stato_cup(opera.stato_cup)}, SCALA_CUP.a, evidenza=evidenza)
    elif opera.segno == "concluso":
        return
    elif opera.stato_cup == StatoCup.CHIUSO:
        motivo = _("Il CUP è chiuso, ma l'intervento non risulta concluso.")
        yield Trovato(motivo, SCALA_CUP.a, evidenza=evidenza)
    elif opera.stato_cup == StatoCup.PROVVISORIO:
        yield from _provvisorio(caso, contesto, evidenza)


def _stato_cup(stato: str) -> str:
    return str(StatoCup(stato).label) if stato else _("non noto")


def _provvisorio(caso: Caso, contesto: Contesto, evidenza: tuple[tuple[str, str], ...]) -> Iterator[Trovato]:
    aggiudicato = _aggiudicato_il(caso, contesto.al)
    if aggiudicato is None:
        return
    passati, soglia = (contesto.al - aggiudicato).days, contesto.soglie["giorni_cup_provvisorio"]
    if passati > soglia:
        motivo = _("Il CUP è ancora provvisorio, %(giorni)s dopo l'aggiudicazione del %(aggiudicato)s.") % {
            "giorni": parole.giorni(passati),
            "aggiudicato": formati.data_breve(aggiudicato),
        }
        altre = (
            (_("Aggiudicazione"), formati.data_breve(aggiudicato)),
            (_("Soglia"), parole.giorni(int(soglia))),
        )
        yield Trovato(motivo, SCALA_CUP.peso(passati - soglia), evidenza=evidenza + altre)


def _aggiudicato_il(caso: Caso, al: date) -> date | None:
    """The first award by the day, by the tenders or by the phase declared."""
    giorni = [gara.aggiudicata_il for gara in caso.gare]
    giorni += [fase.fine_effettiva for fase in caso.opera.fasi if fase.codice in AGGIUDICAZIONE]
    return min((giorno for giorno in giorni if giorno is not None and giorno <= al), default=None)


def gare_senza_aggiudicazione(caso: Caso, contesto: Contesto) -> Iterator[Trovato]:
    soglia = contesto.soglie["giorni_aggiudicazione"]
    for gara in caso.gare:
        if gara.pubblicata_il is None or gara.aggiudicata_il is not None:
            continue
        passati = (contesto.al - gara.pubblicata_il).days
        if passati > soglia:
            yield _gara(gara, gara.pubblicata_il, passati, soglia)


def _gara(gara: Gara, pubblicata_il: date, passati: int, soglia: Decimal) -> Trovato:
    motivo = _("La gara %(cig)s è pubblicata dal %(pubblicata)s, %(giorni)s fa, e non risulta aggiudicata.") % {
        "cig": gara.cig or _("senza CIG"),
        "pubblicata": formati.data_breve(pubblicata_il),
        "giorni": parole.giorni(passati),
    }
    evidenza = (
        (_("Gara"), gara.cig or _("senza CIG")),
        (_("Oggetto"), gara.oggetto or _("non scritto")),
        (_("Pubblicata il"), formati.data_breve(pubblicata_il)),
        (_("Soglia"), parole.giorni(int(soglia))),
    )
    return Trovato(motivo, SCALA_GARA.peso(passati - soglia), gara.cig[:60], None, evidenza)


# --- ReGiS -----------------------------------------------------------------------------------------------------------


def differenze_regis(caso: Caso, contesto: Contesto) -> Iterator[Trovato]:
    """The payments of the same months, the sources and the total, and what waits for a decision."""
    yield from _pagamenti(caso, contesto)
    yield from _fonti(caso, contesto)
    yield from _da_decidere(caso, contesto)


def _pagamenti(caso: Caso, contesto: Contesto) -> Iterator[Trovato]:
    """Only where the portal has the month until which ReGiS was read: a month that is missing is no difference."""
    scarto = confronti.pagamenti(caso.opera, contesto.al)
    if scarto is None or scarto.mesi_al is None or scarto.mesi_al < ultimo_finito(scarto.al):
        return
    distanza = abs(scarto.nostro - scarto.regis)
    if distanza > contesto.soglie["euro_differenza"]:
        motivo = _(
            "Al %(giorno)s ReGiS ha pagamenti per %(regis)s e il portale per %(nostro)s: %(distanza)s di differenza."
        )
        valori = {
            "giorno": formati.data_breve(scarto.al),
            "regis": formati.euro(scarto.regis),
            "nostro": formati.euro(scarto.nostro),
            "distanza": formati.euro(distanza),
        }
        evidenza = (
            (_("ReGiS al"), formati.data_breve(scarto.al)),
            (_("Pagamenti in ReGiS"), formati.euro(scarto.regis)),
            (_("Pagamenti nel portale"), formati.euro(scarto.nostro)),
            (_("Ultimo mese sommato"), formati.mese(scarto.mesi_al)),
        )
        yield Trovato(motivo % valori, _peso(caso, distanza), "pagamenti", None, evidenza)


def _fonti(caso: Caso, contesto: Contesto) -> Iterator[Trovato]:
    somma, totale = confronti.fonti(caso.opera), caso.opera.finanziamento
    if somma is None or totale is None or abs(somma - totale) <= contesto.soglie["euro_differenza"]:
        return
    motivo = _("Le fonti danno %(somma)s e il finanziamento totale è %(totale)s: %(distanza)s di differenza.") % {
        "somma": formati.euro(somma),
        "totale": formati.euro(totale),
        "distanza": formati.euro(abs(somma - totale)),
    }
    evidenza = (
        (_("Somma delle fonti"), formati.euro(somma)),
        (_("Finanziamento totale"), formati.euro(totale)),
        (_("ReGiS al"), formati.data_breve(caso.opera.regis_al)),
    )
    yield Trovato(motivo, _peso(caso, abs(somma - totale)), "fonti", None, evidenza)


def _peso(caso: Caso, distanza: Decimal) -> int:
    """By its share of the funding; the heaviest where this is not known."""
    totale = caso.opera.finanziamento
    return SCALA_REGIS.peso(distanza * CENTO / totale) if totale else SCALA_REGIS.a


def _da_decidere(caso: Caso, contesto: Contesto) -> Iterator[Trovato]:
    soglia = contesto.soglie["giorni_da_decidere"]
    vecchie = [una for una in caso.da_decidere if (contesto.al - una.dal).days > soglia]
    if not vecchie:
        return
    prima = min(una.dal for una in vecchie)
    passati = (contesto.al - prima).days
    motivo = ngettext(
        "%(quante)s differenza con ReGiS aspetta una decisione da %(giorni)s: %(dati)s.",
        "%(quante)s differenze con ReGiS aspettano una decisione, la prima da %(giorni)s: %(dati)s.",
        len(vecchie),
    ) % {"quante": len(vecchie), "giorni": parole.giorni(passati), "dati": _nomi(vecchie)}
    evidenza = [(_("In attesa dal"), formati.data_breve(prima)), (_("Soglia"), parole.giorni(int(soglia)))]
    valori = _("portale: %(nostro)s; ReGiS: %(regis)s")
    evidenza += [
        (una.dato, valori % {"nostro": una.nostro or _("vuoto"), "regis": una.regis or _("vuoto")}) for una in vecchie
    ]
    yield Trovato(
        motivo,
        SCALA_REGIS.peso(passati - soglia),
        "da-decidere",
        None,
        tuple(evidenza),
        tocca=ChiAgisce.UFFICIO,
    )


def _nomi(differenze: list[DaDecidere]) -> str:
    """The names of the first, and how many more there are."""
    nomi = [formati.lower_iniziale(una.dato) for una in differenze[:MOSTRATE]]
    altre = len(differenze) - len(nomi)
    if altre:
        resto = ngettext("e %(n)s altra", "e altre %(n)s", altre) % {"n": altre}
        return f"{', '.join(nomi)} {resto}"
    return ", ".join(nomi[:-1]) + f" e {nomi[-1]}" if len(nomi) > 1 else nomi[0]
