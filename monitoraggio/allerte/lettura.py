"""What the early warnings judge, read through `monitoraggio.opere`: the same number of queries for each block."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Min, Q
from django.utils import timezone

from interventi.models import Differenza, Procedura, ValutazioneDnsh
from interventi.models.importazioni import StatoDifferenza
from interventi.scelte import GiudizioDnsh, ObiettivoDnsh
from monitoraggio import scadenze as termini_di_invio
from monitoraggio.allerte import soglie
from monitoraggio.allerte.tipi import Caso, CasoPiano, Contesto, DaDecidere, Dnsh, Gara
from monitoraggio.flusso import StatoAvanzamento
from monitoraggio.models import Avanzamento
from monitoraggio.opere import andamento, giudizi, programma, registro
from monitoraggio.opere.tipi import Scadenza
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from registro.storia import noto_al as versioni_al
from registro.storia import storico_di

PER_VOLTA = 1_000
OBIETTIVI = tuple(obiettivo.value for obiettivo in ObiettivoDnsh)


def contesto(al: date, noto_al: datetime) -> Contesto:
    """The thresholds of the day and the terms of the months: one query."""
    return Contesto(al, noto_al, soglie.al(al), tuple(termini_di_invio.termini()))


def chiavi(noto_al: datetime) -> list[int]:
    """The interventi of the whole programme, in order."""
    return sorted(programma.interventi(noto_al)[0])


def a_blocchi(quali: Collection[int]) -> Iterator[list[int]]:
    """The same pks, each once and in order, in the blocks that are read together."""
    ordinate = sorted(set(quali))
    for inizio in range(0, len(ordinate), PER_VOLTA):
        yield ordinate[inizio : inizio + PER_VOLTA]


def casi(quali: Collection[int], al: date, noto_al: datetime) -> Iterator[Caso]:
    """These interventi as they stood on a day and were known at an instant; those not known then are left out."""
    for blocco in a_blocchi(quali):
        yield from _blocco(blocco, al, noto_al)


def _blocco(blocco: list[int], al: date, noto_al: datetime) -> Iterator[Caso]:
    opere = registro.opere(blocco, noto_al, parti=True)
    voci = programma.nei_piani(noto_al, blocco)
    gruppi = {gruppo.pk: gruppo for gruppo in registro.gruppi({piano for piano, _linea in voci.values()}, noto_al)}
    andamento.stati(opere, al, noto_al)
    andamento.storia(opere, al, noto_al)
    gare, valutati, inviati = _gare(blocco, al, noto_al), _dnsh(blocco, noto_al), _inviati(blocco, noto_al)
    da_decidere, entrati = _da_decidere(blocco, noto_al), _entrati(blocco, noto_al)
    scadenze: dict[int, list[Scadenza]] = defaultdict(list)
    for scadenza in giudizi.scadenze(blocco, (), al, noto_al, misure=False):
        scadenze[scadenza.intervento_id or 0].append(scadenza)
    for opera in opere:
        opera.piano_id, opera.linea = voci.get(opera.pk, (None, ""))
        if opera.base is None and opera.inizio_regis and opera.fine_regis and opera.inizio_regis <= opera.fine_regis:
            opera.base = (opera.inizio_regis, opera.fine_regis)
        yield Caso(
            opera=opera,
            scadenze=sorted(scadenze[opera.pk], key=lambda uno: (uno.scadenza, uno.codice)),
            gare=gare[opera.pk],
            piano=gruppi.get(opera.piano_id or 0),
            atteso_dal=entrati.get(opera.pk) if opera.piano_id is not None else None,
            inviati=inviati[opera.pk],
            dnsh=valutati.get(opera.pk),
            da_decidere=da_decidere[opera.pk],
        )


def _gare(blocco: list[int], al: date, noto_al: datetime) -> dict[int, list[Gara]]:
    """Those published by the day; an award of later is not one yet."""
    trovate: dict[int, list[Gara]] = defaultdict(list)
    righe = versioni_al(Procedura, noto_al).filter(intervento_id__in=blocco).order_by("pubblicata", "cig", "id")
    campi = ("intervento_id", "cig", "codice_pda", "oggetto", "pubblicata", "aggiudicata")
    for intervento, cig, codice, oggetto, pubblicata, aggiudicata in righe.values_list(*campi):
        fatta = aggiudicata if aggiudicata is not None and aggiudicata <= al else None
        trovate[intervento].append(Gara(cig or codice, oggetto, pubblicata, fatta))
    return trovate


def _dnsh(blocco: list[int], noto_al: datetime) -> dict[int, Dnsh]:
    righe = versioni_al(ValutazioneDnsh, noto_al).filter(intervento_id__in=blocco)
    return {riga["intervento_id"]: _valutato(riga) for riga in righe.values()}


def _valutato(riga: dict[str, Any]) -> Dnsh:
    """As the rule reads it: a check-list counts with its evidence, and every objective wants a positive judgement."""
    fatta = riga["checklist_ex_ante"] is not None and bool(riga["evidenza_ex_ante"])
    positivi = all(riga[obiettivo] == GiudizioDnsh.POSITIVO for obiettivo in OBIETTIVI)
    dopo = riga["checklist_ex_post"] if riga["evidenza_ex_post"] else None
    return Dnsh(fatta and positivi and riga["regime"] is not None, dopo)


def _inviati(blocco: list[int], noto_al: datetime) -> dict[int, list[date]]:
    """The months that had been sent by the instant, and that nobody had decided on."""
    trovati: dict[int, list[date]] = defaultdict(list)
    righe = Avanzamento.objects.filter(intervento__in=blocco, inviato_il__lte=noto_al).filter(
        Q(stato=StatoAvanzamento.INVIATO) | Q(stato=StatoAvanzamento.APPROVATO, approvato_il__gt=noto_al)
    )
    for intervento, mese in righe.order_by("mese", "versione").values_list("intervento_id", "mese"):
        trovati[intervento].append(mese)
    return trovati


def _da_decidere(blocco: list[int], noto_al: datetime) -> dict[int, list[DaDecidere]]:
    trovate: dict[int, list[DaDecidere]] = defaultdict(list)
    righe = Differenza.objects.filter(intervento__in=blocco, importazione__applicata__lte=noto_al).filter(
        Q(stato=StatoDifferenza.APERTA) | Q(decisa_il__gt=noto_al)
    )
    campi = ("intervento_id", "etichetta", "valore_nostro", "valore_regis", "importazione__applicata")
    for intervento, dato, nostro, regis, applicata in righe.order_by("pk").values_list(*campi):
        trovate[intervento].append(DaDecidere(dato, nostro, regis, timezone.localdate(applicata)))
    return trovate


def _entrati(blocco: list[int], noto_al: datetime) -> dict[int, date]:
    """The day on which each was first put in a piano."""
    versioni = storico_di(InterventoNelPiano)._default_manager.filter(
        intervento_id__in=blocco, history_date__lte=noto_al
    )
    prime = versioni.order_by().values("intervento_id").annotate(prima=Min("history_date"))
    return {pk: timezone.localdate(prima) for pk, prima in prime.values_list("intervento_id", "prima")}


# --- Piani as a whole ------------------------------------------------------------------------------------------------


def chiavi_dei_piani(noto_al: datetime) -> list[int]:
    return sorted(versioni_al(PianoIntegrato, noto_al).values_list("id", flat=True))


def casi_dei_piani(quali: Collection[int], al: date, noto_al: datetime) -> Iterator[CasoPiano]:
    """These piani as wholes, with the outcomes of the rules now and some days before: the same way."""
    indietro = timedelta(days=int(soglie.al(al).get("giorni_esito_perso", 0)))
    for blocco in a_blocchi(quali):
        gruppi = registro.gruppi(blocco, noto_al)
        allora, ora = giudizi.giudizi(blocco, noto_al - indietro, noto_al)
        lette = giudizi.scadenze((), blocco, al, noto_al, misure=False)
        for gruppo in gruppi:
            yield CasoPiano(
                piano=gruppo,
                scadenze=sorted(
                    (uno for uno in lette if uno.piano_id == gruppo.pk), key=lambda uno: (uno.scadenza, uno.codice)
                ),
                giudizi=[uno for uno in ora if uno.piano_id == gruppo.pk],
                prima=[uno for uno in allora if uno.piano_id == gruppo.pk],
            )
