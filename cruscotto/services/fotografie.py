"""Counting: the whole programme on a day, and again what changed.

The current photograph is kept in step. `riconta` counts again the combinations that changed interventi were in and are
in now, in one transaction, under the lock of the photograph; a mark is deleted only by who has seen it before reading.
The whole of it is counted by a job, which reads outside any transaction and writes at the end: while that job is open
nobody else counts, and the marks that come meanwhile wait for its end.
"""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from cruscotto.conteggio.chiavi import CAMPI_CHIAVE, Territorio, chiave_di, degli_interventi, territorio
from cruscotto.conteggio.giorno import LAVORO, Giorno, in_corso
from cruscotto.conteggio.lettura import Conteggio, Quando, conta, dei_piani
from cruscotto.models import DaRicontare, Fotografia, Posizione, Profilo, TipoFotografia
from cruscotto.services import scrittura
from monitoraggio.calcolo.tempo import UN_GIORNO, ultimo_finito
from monitoraggio.opere import programma
from registro.esecutori import Avanzatore
from registro.lavori import accoda
from registro.models import Lavoro
from registro.services import Persona


def chiedi(giorno: Giorno, *, autore: Persona | None) -> Lavoro:
    """Ask for the job that counts a day from the beginning; the one that is open already, if there is one."""
    return accoda(tipo=LAVORO, parametri=giorno.parametri, chiave=giorno.chiave, autore=autore)


# --- The whole of it -------------------------------------------------------------------------------------------------


def conta_tutto(giorno: Giorno, avanzatore: Avanzatore) -> Fotografia:
    """Count the programme on a day from the beginning, in place of what was counted of it."""
    marche, versione = _prima_di_contare()
    quando = Quando(giorno.al or timezone.localdate(), giorno.noto_al, corrente=giorno.al is None)
    dove = territorio()
    interventi, _piani = programma.interventi(quando.noto_al)
    avanzatore.passo("Conteggio degli interventi")
    avanzatore.totale(len(interventi))
    conteggio = conta(interventi, quando, dove, avanzatore.avanza)
    avanzatore.passo("Scrittura del conteggio")
    return _scrivi_tutto(giorno, quando, conteggio, dove, marche, versione)


@transaction.atomic
def _prima_di_contare() -> tuple[list[int], int]:
    """The marks that this count makes good, and the version of the data: nobody counts again from here on."""
    corrente = Fotografia.objects.select_for_update().filter(tipo=TipoFotografia.CORRENTE).first()
    marche = list(DaRicontare.objects.values_list("pk", flat=True))
    return marche, 0 if corrente is None else corrente.versione


@transaction.atomic
def _scrivi_tutto(
    giorno: Giorno, quando: Quando, conteggio: Conteggio, dove: Territorio, marche: Collection[int], versione: int
) -> Fotografia:
    fotografia, _nuova = Fotografia.objects.select_for_update().get_or_create(
        **giorno.campi, defaults={"al": quando.al}
    )
    pks = scrittura.scrivi_profili(fotografia, conteggio, conteggio.profili)
    if quando.corrente:
        prima = dict(Posizione.objects.values_list("pk", "profilo_id"))
        scrittura.scrivi_posizioni({pk: pks[chiave] for pk, chiave in conteggio.posizioni.items()}, prima)
        versione += _via(marche)
    scrittura.togli_profili(fotografia, conteggio.profili)
    scrittura.scrivi_caselle(fotografia, conteggio.profili.items(), dove.zone)
    fotografia.al, fotografia.contata_il, fotografia.versione = quando.al, timezone.now(), versione
    fotografia.comune_a_tutti = {}
    _riassumi(fotografia, quando, conteggio, dove)
    return fotografia


def _via(marche: Collection[int]) -> bool:
    """Delete the marks that were made good; whether data had changed, not early warnings alone."""
    cambiati = False
    ordinate = sorted(marche)
    for inizio in range(0, len(ordinate), scrittura.PER_VOLTA):
        righe = DaRicontare.objects.filter(pk__in=ordinate[inizio : inizio + scrittura.PER_VOLTA])
        cambiati = cambiati or righe.filter(dati=True).exists()
        righe.delete()
    return cambiati


def _riassumi(fotografia: Fotografia, quando: Quando, conteggio: Conteggio, dove: Territorio) -> None:
    """What is said of the photograph as a whole; what its names were, they stay until all of it is counted again."""
    profili = Profilo.objects.filter(fotografia=fotografia).order_by()
    piani = profili.filter(piano__isnull=False).values_list("piano", flat=True).distinct()
    fotografia.interventi = profili.aggregate(tutti=Sum("interventi"))["tutti"] or 0
    nomi = {istat: dove.fuori[istat] for chiave in conteggio.profili for istat in chiave.comuni if istat in dove.fuori}
    prima = fotografia.comune_a_tutti
    fotografia.comune_a_tutti = {
        "traguardi": dei_piani(list(piani), quando),
        "indicatori": conteggio.indicatori | prima.get("indicatori", {}),
        "comuni": nomi | prima.get("comuni", {}),
    }
    fotografia.save()


# --- What changed ----------------------------------------------------------------------------------------------------


@transaction.atomic
def riconta() -> int:
    """Count again the interventi that changed; how many marks were made good. With nothing to do it does nothing.

    A photograph that is not of today, or is not there, is asked of the job that counts it all.
    """
    fotografia = Fotografia.objects.select_for_update().filter(tipo=TipoFotografia.CORRENTE).first()
    if in_corso(Giorno()) is not None:
        return 0
    if fotografia is None or fotografia.al != timezone.localdate():
        chiedi(Giorno(), autore=None)
        return 0
    marche = dict(DaRicontare.objects.values_list("pk", "intervento"))
    if not marche:
        return 0
    cambiati = {intervento for intervento in marche.values() if intervento is not None}
    if len(cambiati) > settings.CRUSCOTTO_RICONTA_AL_MASSIMO:
        chiedi(Giorno(), autore=None)
        return 0
    quando = Quando(fotografia.al, corrente=True)
    dove = territorio()
    conteggio = _riconta(fotografia, cambiati, quando, dove)
    fotografia.versione += _via(marche)
    fotografia.contata_il = timezone.now()
    _riassumi(fotografia, quando, conteggio, dove)
    return len(marche)


def _riconta(fotografia: Fotografia, cambiati: Collection[int], quando: Quando, dove: Territorio) -> Conteggio:
    """Count the combinations where these interventi were and are: whole, from all of theirs."""
    adesso = degli_interventi(sorted(cambiati), quando.noto_al, dove)
    toccate = set(adesso.values())
    righe = Profilo.objects.filter(pk__in=Posizione.objects.filter(pk__in=cambiati).values("profilo"))
    toccate |= {chiave_di(*campi) for campi in righe.values_list(*CAMPI_CHIAVE)}
    if not toccate:
        return Conteggio()
    membri = Posizione.objects.filter(
        profilo__in=Profilo.objects.filter(fotografia=fotografia, chiave__in=[chiave.testo for chiave in toccate])
    )
    prima = dict(membri.values_list("pk", "profilo_id")) | dict(
        Posizione.objects.filter(pk__in=cambiati).values_list("pk", "profilo_id")
    )
    conteggio = conta({*prima, *adesso} - (set(cambiati) - set(adesso)), quando, dove)
    # One that changed after the marks were read may belong elsewhere by now: its own mark will count it there.
    posizioni = {pk: chiave for pk, chiave in conteggio.posizioni.items() if chiave in toccate}
    pks = scrittura.scrivi_profili(fotografia, conteggio, toccate)
    scrittura.scrivi_posizioni({pk: pks[chiave] for pk, chiave in posizioni.items()}, prima)
    coppie = {coppia for chiave in toccate for coppia in chiave.coppie(dove.zone)}
    scrittura.scrivi_caselle(fotografia, scrittura.scritti(fotografia), dove.zone, coppie)
    return conteggio


# --- Past days -------------------------------------------------------------------------------------------------------


@transaction.atomic
def dimentica() -> int:
    """Drop the photographs of past days beyond the number that is kept, the oldest first; how many."""
    passate = Fotografia.objects.exclude(tipo=TipoFotografia.CORRENTE).order_by("-contata_il", "-pk")
    vecchie = list(passate.values_list("pk", flat=True)[settings.CRUSCOTTO_GIORNI_CONSERVATI :])
    for pk in vecchie:
        Fotografia.objects.filter(pk=pk).delete()
    return len(vecchie)


def chiedi_la_notte() -> list[Lavoro]:
    """Ask for today from the beginning and, where the programme is small enough, for the last ends of month."""
    oggi = timezone.localdate()
    giorni = [Giorno()]
    corrente = Fotografia.objects.filter(tipo=TipoFotografia.CORRENTE).first()
    if corrente is not None and corrente.interventi <= settings.CRUSCOTTO_INTERVENTI_FINI_MESE:
        fine = ultimo_finito(oggi - UN_GIORNO)
        for _mese in range(settings.CRUSCOTTO_FINI_MESE):
            giorni.append(Giorno(fine))
            fine = ultimo_finito(fine - UN_GIORNO)
    return [chiedi(giorno, autore=None) for giorno in giorni]
