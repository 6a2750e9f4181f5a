"""What each warning is about, as a fact that can be looked up later: for measuring the warnings, never for giving them.

Whoever judges a past month knows what was known then. Here the same month, and the one in which its consequence is to
be seen, are read again with all that is known now. A fact is left out where even now nobody knows how it went.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from interventi.scelte import FonteFinanziamento, StatoCup
from monitoraggio import fasi, mesi
from monitoraggio.allerte.tipi import Caso, Contesto
from monitoraggio.calcolo.tempo import ultimo_finito
from monitoraggio.opere import confronti
from monitoraggio.opere.tipi import Opera
from monitoraggio.scadenze import termine
from monitoraggio.scelte import GravitaCriticita
from piani_integrati.models import TipoPiano
from piani_integrati.regole import soglie as regole
from piani_integrati.regole.catalogo import DNSH, QUOTA_PRIVATA

UN_GIORNO = timedelta(days=1)
CENTO = Decimal(100)
UN_PUNTO = Decimal(1)
DUE_MESI = 60


@dataclass(frozen=True)
class Visto:
    """An intervento at the end of a month, `al`: as judged `allora`, and as that month is known now (`adesso`).

    `dopo` is how it stood at the end of the horizon, `dopo_al`, as known now; `poi` as it was known at that end.
    `contesto` judged it.
    """

    al: date
    dopo_al: date
    allora: Caso
    adesso: Caso
    dopo: Caso
    poi: Caso
    contesto: Contesto


@dataclass(frozen=True)
class Fatto:
    """Something the warning could be given of: on which row, on which day it happened (None: it did not).

    `dichiarato` says whether the dates that people declare told it already.
    """

    riga: str = ""
    avvenuto_il: date | None = None
    dichiarato: bool = False


@dataclass(frozen=True, kw_only=True)
class Conseguenza:
    """The consequence of a warning: what counts as true, and after how many months one looks.

    `con_giorno`: it happens on a day of its own, from which a lead time is counted; else it is seen at the end.
    """

    codice: str
    vero_se: str
    mesi: int
    trova: Callable[[Visto], Iterator[Fatto]]
    con_giorno: bool = False


# --- Ends and deadlines ----------------------------------------------------------------------------------------------


def _fine_mancata(visto: Visto) -> Iterator[Fatto]:
    """The end planned then comes within the horizon: was the work over by it?"""
    fine, stimata = visto.allora.opera.stato.fine_prevista, visto.allora.opera.stato.fine_stimata
    if fine is None or not visto.al <= fine <= visto.dopo_al:
        return
    vera = visto.dopo.opera.stato
    if vera.fine_effettiva is None and (vera.riferita_al is None or vera.riferita_al < fine):
        return
    tardi = vera.fine_effettiva is None or vera.fine_effettiva > fine
    yield Fatto(avvenuto_il=fine + UN_GIORNO if tardi else None, dichiarato=stimata is not None and stimata > fine)


def _fine_gia_mancata(visto: Visto) -> Iterator[Fatto]:
    """The end planned then was past, or not: and in truth the work was not over."""
    fine = visto.allora.opera.stato.fine_prevista
    if fine is None or not _si_sa(visto.adesso, visto.al):
        return
    vera = visto.adesso.opera.stato.fine_effettiva
    aperto = vera is None or vera > visto.al
    yield Fatto(avvenuto_il=fine + UN_GIORNO if aperto and fine < visto.al else None)


def _traguardo_mancato(visto: Visto) -> Iterator[Fatto]:
    """The deadline in force then comes within the horizon: was it met by it? A later act that moves it is no help."""
    poi = {uno.pk: uno for uno in visto.dopo.scadenze}
    for uno in visto.allora.scadenze:
        if uno.conseguito_il is not None or not visto.al <= uno.scadenza <= visto.dopo_al or uno.pk not in poi:
            continue
        conseguito = poi[uno.pk].conseguito_il
        tardi = conseguito is None or conseguito > uno.scadenza
        yield Fatto(
            riga=uno.codice,
            avvenuto_il=uno.scadenza + UN_GIORNO if tardi else None,
            dichiarato=uno.previsione is not None and uno.previsione > uno.scadenza,
        )


def _traguardo_gia_mancato(visto: Visto) -> Iterator[Fatto]:
    """Not met by then in truth, and not only for want of a declaration."""
    ora = {uno.pk: uno for uno in visto.adesso.scadenze}
    for uno in visto.allora.scadenze:
        if uno.conseguito_il is None and uno.pk in ora:
            mancato = uno.scadenza < visto.al and ora[uno.pk].conseguito_il is None
            yield Fatto(riga=uno.codice, avvenuto_il=uno.scadenza + UN_GIORNO if mancato else None)


# --- The works -------------------------------------------------------------------------------------------------------


def _davvero_fermi(visto: Visto) -> Iterator[Fatto]:
    """Until that day nothing was built, after the last month that was known."""
    allora, ora = visto.allora.opera.stato, visto.adesso.opera.stato
    aperti = allora.inizio_lavori is not None and allora.percentuale is not None and allora.percentuale < CENTO
    if not aperti or allora.percentuale is None or ora.percentuale is None or not _si_sa(visto.adesso, visto.al):
        return
    fermi = ora.fine_effettiva is None and ora.percentuale - allora.percentuale < UN_PUNTO
    yield Fatto(avvenuto_il=visto.al if fermi else None)


def _davvero_da_cominciare(visto: Visto) -> Iterator[Fatto]:
    """The planned start was past, and in truth the works had not begun."""
    previsti = [fase.inizio_previsto for fase in visto.allora.opera.fasi if fase.codice in fasi.ESECUZIONE]
    inizi = [inizio for inizio in previsti if inizio is not None]
    if visto.allora.opera.stato.inizio_lavori is not None or not inizi or not _si_sa(visto.adesso, visto.al):
        return
    vero = visto.adesso.opera.stato.inizio_lavori
    fermo = min(inizi) < visto.al and (vero is None or vero > visto.al)
    yield Fatto(avvenuto_il=visto.al if fermo else None)


def _ancora_indietro(visto: Visto) -> Iterator[Fatto]:
    """At the end of the horizon as many months as the threshold, whose term was past, were still not approved."""
    ultimo, quanti = visto.poi.opera.stato.riferita_al, int(visto.contesto.soglie["mesi_senza_dati"])
    if ultimo is None:
        return
    entro = termine(mesi.avanti(mesi.primo(ultimo), quanti), visto.contesto.termini)
    indietro = visto.poi.opera.segno != "concluso" and entro is not None and entro < visto.dopo_al
    yield Fatto(avvenuto_il=visto.dopo_al if indietro else None)


def _criticita_davvero_aperta(visto: Visto) -> Iterator[Fatto]:
    """Its date was past, and in truth it was still open."""
    if not _si_sa(visto.adesso, visto.al):
        return
    aperte = {problema.riga for problema in visto.adesso.opera.problemi}
    for problema in visto.allora.opera.problemi:
        if problema.gravita == GravitaCriticita.ALTA:
            oltre = problema.scadenza is not None and problema.scadenza < visto.al
            yield Fatto(riga=problema.riga, avvenuto_il=visto.al if oltre and problema.riga in aperte else None)


# --- Money -----------------------------------------------------------------------------------------------------------


def _spesa_ancora_indietro(visto: Visto) -> Iterator[Fatto]:
    return _scarto(visto, visto.contesto.soglie["punti_spesa_indietro"], lambda _visto: False, verso=1)


def _spesa_da_correggere(visto: Visto) -> Iterator[Fatto]:
    return _scarto(visto, visto.contesto.soglie["punti_spesa_avanti"], _corretta, verso=-1)


def _scarto(visto: Visto, soglia: Decimal, altrimenti: Callable[[Visto], bool], *, verso: int) -> Iterator[Fatto]:
    """At the end of the horizon the works are ahead of the payments (or the other way) by more than the threshold."""
    prima, poi = _lavori_meno_spesa(visto.allora), _lavori_meno_spesa(visto.dopo)
    if prima is not None and poi is not None and _si_sa(visto.dopo, visto.dopo_al):
        yield Fatto(avvenuto_il=visto.dopo_al if verso * poi > soglia or altrimenti(visto) else None)


def _corretta(visto: Visto) -> bool:
    """Of the same months less is paid, as known now: somebody had written too much."""
    allora = visto.allora.opera.stato
    stessi = [mese.pagato for mese in visto.adesso.opera.mesi if mese.riferito_al <= (allora.riferita_al or date.min)]
    return sum(stessi, Decimal(0)) < allora.pagato


def _lavori_meno_spesa(caso: Caso) -> Decimal | None:
    opera = caso.opera
    if opera.stato.inizio_lavori is None or opera.stato.percentuale is None or not opera.finanziamento:
        return None
    return opera.stato.percentuale - opera.stato.pagato * CENTO / opera.finanziamento


# --- The register ----------------------------------------------------------------------------------------------------


def _regola_violata(visto: Visto) -> Iterator[Fatto]:
    """The private share passes its maximum; or the works are over, and the check-list ex post was not there by then."""
    massimo = regole.QUOTA_PRIVATA.al(visto.al)
    quote = [_quota_privata(caso) for caso in (visto.allora, visto.poi)]
    if massimo is not None and quote[0] is not None and quote[1] is not None and quote[0] <= massimo.valore:
        yield Fatto(riga=QUOTA_PRIVATA.codice, avvenuto_il=visto.dopo_al if quote[1] > massimo.valore else None)
    allora, dopo = visto.allora.dnsh, visto.dopo.dnsh
    if allora is None or dopo is None or not allora.ex_ante_completo or not _si_sa(visto.dopo, visto.dopo_al):
        return
    if allora.ex_post_il is None or allora.ex_post_il > visto.al:
        fine, fatta = visto.dopo.opera.stato.fine_effettiva, dopo.ex_post_il
        violata = fine is not None and fine <= visto.dopo_al and (fatta is None or fatta > fine)
        yield Fatto(riga=DNSH.codice, avvenuto_il=fine if violata else None)


def _quota_privata(caso: Caso) -> Decimal | None:
    if caso.piano is None or caso.piano.tipo != TipoPiano.PUI or not caso.opera.finanziamento:
        return None
    privato = next((uno.importo for uno in caso.opera.denari if uno.fonte == FonteFinanziamento.PRIVATO), None)
    return privato * CENTO / caso.opera.finanziamento if privato else None


def _cup_ancora_non_attivo(visto: Visto) -> Iterator[Fatto]:
    """As the register had it then: it does not say on which day a state began."""
    poi = visto.poi.opera
    if poi.stato_cup or not poi.cup:
        yield Fatto(avvenuto_il=visto.dopo_al if not poi.cup or poi.stato_cup != StatoCup.ATTIVO else None)


def _gara_lunga(visto: Visto) -> Iterator[Fatto]:
    """In the end it took two months more than the threshold, or is still not awarded."""
    poi = {gara.cig: gara for gara in visto.dopo.gare}
    for gara in visto.allora.gare:
        if gara.aggiudicata_il is None and gara.pubblicata_il is not None and gara.cig in poi:
            limite = gara.pubblicata_il + timedelta(days=int(visto.contesto.soglie["giorni_aggiudicazione"]) + DUE_MESI)
            vera = poi[gara.cig].aggiudicata_il
            if limite <= visto.dopo_al:
                yield Fatto(riga=gara.cig[:60], avvenuto_il=limite if vera is None or vera > limite else None)


def _ancora_diverso(visto: Visto) -> Iterator[Fatto]:
    """The payments, the sources and what was to be decided, as they were known at the end of the horizon."""
    prima, poi = visto.allora.opera, visto.poi.opera
    if prima.pagamenti_regis is not None and prima.mesi and _confrontabile(poi):
        diversi = confronti.pagamenti(poi, visto.dopo_al) is not None
        yield Fatto(riga="pagamenti", avvenuto_il=visto.dopo_al if diversi else None)
    if prima.finanziamento and prima.denari:
        yield Fatto(riga="fonti", avvenuto_il=visto.dopo_al if confronti.fonti(poi) is not None else None)
    if visto.allora.da_decidere:
        ancora = any(una.dal <= visto.al for una in visto.poi.da_decidere)
        yield Fatto(riga="da-decidere", avvenuto_il=visto.dopo_al if ancora else None)


def _confrontabile(opera: Opera) -> bool:
    """Whether the portal has the months until the day on which ReGiS was read."""
    ultimo = opera.stato.riferita_al
    return opera.pagamenti_al is not None and ultimo is not None and ultimo >= ultimo_finito(opera.pagamenti_al)


def _si_sa(caso: Caso, al: date) -> bool:
    """Whether what is known now tells how the works stood on a day: they were over, or that month was declared."""
    stato = caso.opera.stato
    return stato.fine_effettiva is not None or (stato.riferita_al is not None and stato.riferita_al >= al)


CONSEGUENZE: tuple[Conseguenza, ...] = (
    Conseguenza(
        codice="traguardo_scaduto",
        vero_se="quel giorno la scadenza era passata e il traguardo davvero non era conseguito",
        mesi=0,
        trova=_traguardo_gia_mancato,
    ),
    Conseguenza(
        codice="traguardo_a_rischio",
        vero_se="la scadenza di allora, che cade nei 12 mesi dopo, è passata senza conseguimento",
        mesi=12,
        trova=_traguardo_mancato,
        con_giorno=True,
    ),
    Conseguenza(
        codice="fine_superata",
        vero_se="quel giorno la fine prevista era passata e i lavori davvero non erano finiti",
        mesi=0,
        trova=_fine_gia_mancata,
    ),
    Conseguenza(
        codice="fine_a_rischio",
        vero_se="la fine prevista allora, che cade nei 12 mesi dopo, è passata senza che i lavori finissero",
        mesi=12,
        trova=_fine_mancata,
        con_giorno=True,
    ),
    Conseguenza(
        codice="fine_vicina",
        vero_se="la fine prevista allora, che cade nei 3 mesi dopo, è passata senza che i lavori finissero",
        mesi=3,
        trova=_fine_mancata,
        con_giorno=True,
    ),
    Conseguenza(
        codice="lavori_fermi",
        vero_se="fino a quel giorno i lavori davvero non erano avanzati",
        mesi=0,
        trova=_davvero_fermi,
    ),
    Conseguenza(
        codice="avvio_in_ritardo",
        vero_se="quel giorno l'inizio previsto era passato e i lavori davvero non erano cominciati",
        mesi=0,
        trova=_davvero_da_cominciare,
    ),
    Conseguenza(
        codice="senza_aggiornamenti",
        vero_se="un mese dopo mancano ancora tanti mesi quanti ne dice la soglia, o di più",
        mesi=1,
        trova=_ancora_indietro,
    ),
    Conseguenza(
        codice="spesa_indietro",
        vero_se="6 mesi dopo la spesa è ancora indietro di più della soglia",
        mesi=6,
        trova=_spesa_ancora_indietro,
    ),
    Conseguenza(
        codice="spesa_avanti",
        vero_se="i pagamenti di quei mesi sono stati corretti, o 3 mesi dopo sono ancora avanti di più della soglia",
        mesi=3,
        trova=_spesa_da_correggere,
    ),
    Conseguenza(
        codice="criticita_grave",
        vero_se="quel giorno la sua data era passata ed era davvero ancora aperta",
        mesi=0,
        trova=_criticita_davvero_aperta,
    ),
    Conseguenza(
        codice="regola_vicina",
        vero_se="nei 6 mesi dopo la quota dei privati supera il massimo, o i lavori finiscono senza check-list ex post",
        mesi=6,
        trova=_regola_violata,
    ),
    Conseguenza(
        codice="cup_non_attivo",
        vero_se="2 mesi dopo il CUP non è ancora attivo",
        mesi=2,
        trova=_cup_ancora_non_attivo,
    ),
    Conseguenza(
        codice="gara_senza_aggiudicazione",
        vero_se="la gara dura due mesi più della soglia, o di più",
        mesi=6,
        trova=_gara_lunga,
        con_giorno=True,
    ),
    Conseguenza(
        codice="differenza_regis",
        vero_se="2 mesi dopo la differenza c'è ancora",
        mesi=2,
        trova=_ancora_diverso,
    ),
)
PER_CODICE: dict[str, Conseguenza] = {una.codice: una for una in CONSEGUENZE}
