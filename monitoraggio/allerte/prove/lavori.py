"""The works as they are declared month by month: silent, stopped, not begun, near their end, with grave problems."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from monitoraggio import fasi, mesi
from monitoraggio.allerte import parole
from monitoraggio.allerte.tipi import Caso, Contesto, Scala, Trovato
from monitoraggio.calcolo.tempo import fine_mese, mesi_fra
from monitoraggio.opere.tipi import Opera, Problema
from monitoraggio.scadenze import termine
from monitoraggio.scelte import ChiAgisce, GravitaCriticita
from psttm import formati

SCALA_SILENZIO = Scala(35, 80, Decimal(10), pigro("mesi oltre la soglia"))
SCALA_FERMI = Scala(45, 85, Decimal(9), pigro("mesi oltre la soglia"))
SCALA_AVVIO = Scala(40, 80, Decimal(180), pigro("giorni oltre la soglia"))
SCALA_VICINA = Scala(40, 75, Decimal(75), pigro("punti che mancano alla soglia"))
SCALA_CRITICITA = Scala(50, 90, Decimal(180), pigro("giorni oltre la data"))
CENTO = Decimal(100)


def senza_aggiornamenti(caso: Caso, contesto: Contesto) -> Iterator[Trovato]:
    """Several months whose term is past, after the last one approved."""
    mancano = _mesi_mancanti(caso, contesto)
    soglia = contesto.soglie["mesi_senza_dati"]
    if not mancano or len(mancano) < soglia:
        return
    ultimo = caso.opera.stato.riferita_al
    inviati = [mese for mese in mancano if mese in set(caso.inviati)]
    valori = {"mancano": parole.elenco_mesi(mancano), "quanti": parole.mesi(len(mancano))}
    if ultimo is None:
        motivo = _("Nessun avanzamento è mai stato approvato: mancano %(quanti)s, %(mancano)s.") % valori
    else:
        valori["ultimo"] = formati.mese(ultimo)
        motivo = _("L'ultimo mese approvato è %(ultimo)s: mancano %(quanti)s, %(mancano)s.") % valori
    primo_termine = termine(mancano[0], contesto.termini)
    evidenza = [
        (_("Ultimo mese approvato"), formati.mese(ultimo)),
        (_("Mesi mancanti"), formati.numero(len(mancano))),
        (_("Soglia"), parole.mesi(int(soglia))),
        (_("Termine del primo"), formati.data_breve(primo_termine)),
    ]
    if inviati:
        evidenza.append((_("Inviati, da istruire"), ", ".join(formati.mese(mese) for mese in inviati)))
    yield Trovato(
        motivo,
        SCALA_SILENZIO.peso(len(mancano) - soglia),
        entro=primo_termine,
        evidenza=tuple(evidenza),
        # What was sent waits for who examines it, not for who sent it.
        tocca=ChiAgisce.UFFICIO if len(inviati) == len(mancano) else None,
    )


def _mesi_mancanti(caso: Caso, contesto: Contesto) -> list[date]:
    """The months after the last one approved whose term was past on the day, the oldest first."""
    ultimo = caso.opera.stato.riferita_al
    if ultimo is not None:
        mese = mesi.avanti(mesi.primo(ultimo))
    elif caso.atteso_dal is not None:
        mese = mesi.primo(caso.atteso_dal)
    else:
        return []
    trovati = []
    while mesi.ultimo(mese) < contesto.al:
        entro = termine(mese, contesto.termini)
        if entro is not None and entro < contesto.al:
            trovati.append(mese)
        mese = mesi.avanti(mese)
    return trovati


def lavori_fermi(caso: Caso, contesto: Contesto) -> Iterator[Trovato]:
    """The works are open and declare the same percent for months."""
    dal = _fermi_dal(caso.opera)
    if dal is None:
        return
    ultimo = caso.opera.mesi[-1].riferito_al
    quanti, soglia = mesi_fra(dal, ultimo), contesto.soglie["mesi_lavori_fermi"]
    percentuale = caso.opera.stato.percentuale
    if quanti == 0 or quanti < soglia or percentuale is None:
        return
    motivo = _("I lavori sono fermi %(percento)s da %(mesi)s: %(dal)s la percentuale era già questa.") % {
        "percento": parole.al_percento(percentuale),
        "mesi": parole.mesi(quanti),
        "dal": parole.a_mese(dal),
    }
    evidenza = (
        (_("Avanzamento fisico"), formati.percento(percentuale, 2)),
        (_("Raggiunto a fine"), formati.mese(dal)),
        (_("Ultimo mese approvato"), formati.mese(ultimo)),
        (_("Soglia"), parole.mesi(int(soglia))),
        (_("Inizio dei lavori"), formati.data_breve(caso.opera.stato.inizio_lavori)),
    )
    yield Trovato(motivo, SCALA_FERMI.peso(quanti - soglia), "", None, evidenza)


def _fermi_dal(opera: Opera) -> date | None:
    """The end of the month since which nothing grew, counted from the start of the works at the earliest.

    None where the works have not begun, or are all done, or where what is needed to say so was not declared.
    """
    ora, inizio = opera.stato.percentuale, opera.stato.inizio_lavori
    if ora is None or ora >= CENTO or inizio is None or not opera.mesi:
        return None
    dal = opera.mesi[-1].riferito_al
    for mese in reversed(opera.mesi):
        if mese.percentuale is None or mese.percentuale < ora:
            break
        dal = mese.riferito_al
    return max(dal, fine_mese(inizio))


def avvio_in_ritardo(caso: Caso, contesto: Contesto) -> Iterator[Trovato]:
    """By the plan the works should have begun, and the last month declared says that they have not."""
    opera = caso.opera
    previsti = [
        fase.inizio_previsto
        for fase in opera.fasi
        if fase.codice in fasi.ESECUZIONE and fase.inizio_effettivo is None and fase.inizio_previsto is not None
    ]
    if opera.stato.inizio_lavori is not None or not previsti:
        return
    inizio = min(previsti)
    ritardo, soglia = (contesto.al - inizio).days, contesto.soglie["giorni_avvio"]
    if ritardo <= soglia:
        return
    motivo = _("I lavori dovevano cominciare il %(inizio)s, %(giorni)s fa, e non risultano cominciati.") % {
        "inizio": formati.data_breve(inizio),
        "giorni": parole.giorni(ritardo),
    }
    evidenza = (
        (_("Inizio previsto"), formati.data_breve(inizio)),
        (_("Soglia"), parole.giorni(int(soglia))),
        (_("Dati al"), formati.data_breve(opera.stato.riferita_al)),
    )
    yield Trovato(motivo, SCALA_AVVIO.peso(ritardo - soglia), "", inizio, evidenza)


def fine_vicina(caso: Caso, contesto: Contesto) -> Iterator[Trovato]:
    """The planned end comes soon, and too little is done."""
    fine, percentuale = caso.opera.stato.fine_prevista, caso.opera.stato.percentuale
    if fine is None or percentuale is None:
        return
    mancano, soglia = (fine - contesto.al).days, contesto.soglie["percento_fine_vicina"]
    if not 0 <= mancano <= contesto.soglie["giorni_fine_vicina"] or percentuale >= soglia:
        return
    motivo = _("La fine prevista è il %(fine)s, fra %(giorni)s, e i lavori sono %(percento)s.") % {
        "fine": formati.data_breve(fine),
        "giorni": parole.giorni(mancano),
        "percento": parole.al_percento(percentuale),
    }
    evidenza = (
        (_("Fine prevista dal piano"), formati.data_breve(fine)),
        (_("Avanzamento fisico"), formati.percento(percentuale, 2)),
        (_("Soglia"), formati.percento(soglia)),
        (_("Dati al"), formati.data_breve(caso.opera.stato.riferita_al)),
    )
    yield Trovato(motivo, SCALA_VICINA.peso(soglia - percentuale), "", fine, evidenza)


def criticita_gravi(caso: Caso, contesto: Contesto) -> Iterator[Trovato]:
    """A grave problem that is open past its date; or that has neither a date nor an action."""
    for problema in caso.opera.problemi:
        if problema.gravita != GravitaCriticita.ALTA:
            continue
        if problema.scadenza is None:
            if not problema.azione.strip():
                motivo = _("Una criticità grave non ha né una data né un'azione: «%(che_cosa)s».")
                yield _criticita(problema, motivo % {"che_cosa": _corta(problema.descrizione)}, SCALA_CRITICITA.da)
            continue
        oltre = (contesto.al - problema.scadenza).days
        if oltre > contesto.soglie["giorni_criticita"]:
            motivo = _("Una criticità grave andava risolta entro il %(entro)s, %(giorni)s fa: «%(che_cosa)s».") % {
                "entro": formati.data_breve(problema.scadenza),
                "giorni": parole.giorni(oltre),
                "che_cosa": _corta(problema.descrizione),
            }
            yield _criticita(problema, motivo, SCALA_CRITICITA.peso(oltre))


def _criticita(problema: Problema, motivo: str, peso: int) -> Trovato:
    evidenza = (
        (_("Criticità"), problema.descrizione),
        (_("Che cosa si fa"), problema.azione or _("nessuna azione scritta")),
        (_("Chi se ne occupa"), problema.responsabile or _("nessuno")),
        (_("Entro il"), formati.data_breve(problema.scadenza)),
    )
    return Trovato(motivo, peso, problema.riga, problema.scadenza, evidenza)


def _corta(testo: str) -> str:
    piano = " ".join(testo.split()).rstrip(".")
    return piano if len(piano) <= 120 else f"{piano[:119].rstrip()}…"
