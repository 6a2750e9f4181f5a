"""Judging the piani and keeping their outcomes.

`segna` writes down, in the transaction of a change, that a piano is to be judged again; after the commit a worker is
told. The rows, not the message, are the truth: a worker that finds none has nothing to do, and `sveglia` finds those
whose message got lost. A piano is judged under a lock of its own, and all its outcomes are written or none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from enti.models import IndiceVulnerabilita, MedianaVulnerabilita, Utente
from interventi.models import Finanziamento, Intervento, Localizzazione, Requisiti, ValutazioneDnsh
from interventi.services.legami import a_blocchi
from piani_integrati import regole
from piani_integrati.models import (
    EsitoRegola,
    InterventoNelPiano,
    ModificaDaVerificare,
    Passaggio,
    PianoIntegrato,
    StatoVerifica,
)
from piani_integrati.regole import Contesto, Esito, Giudizio
from registro.dopo_il_commit import chiama
from registro.lavori import accoda
from registro.models import Lavoro
from registro.osservatori import avvisa

# By name, because the tasks import the services and not the other way round.
COMPITO_PIANO = "piani_integrati.verifica_piano"
LAVORO_TUTTI = "verifica_tutti"
# How many piani are judged and written in one transaction: short enough not to make writers wait.
PER_VOLTA = 250
# A change older than this that nobody has judged lost its message.
ATTESA_SECONDI = 30


# --- What waits to be judged -----------------------------------------------------------------------------------------

# From a row that a rule reads to the interventi it belongs to; the other models are looked at in `_piani_toccati`.
DI_UN_INTERVENTO: tuple[type[Model], ...] = (Localizzazione, Finanziamento, Requisiti, ValutazioneDnsh)
OSSERVATI: tuple[type[Model], ...] = (
    Intervento,
    *DI_UN_INTERVENTO,
    InterventoNelPiano,
    PianoIntegrato,
    IndiceVulnerabilita,
    MedianaVulnerabilita,
)


def alla_modifica(modello: type[Model], identificativi: Collection[int]) -> None:
    """Observer of every row that a rule reads: its piani are to be judged again."""
    piani: set[int] = set()
    for blocco in a_blocchi(identificativi):
        piani |= set(_piani_toccati(modello, blocco))
    segna(piani)


def _piani_toccati(modello: type[Model], pks: list[int]) -> QuerySet[Any, int]:
    if modello is PianoIntegrato:
        return PianoIntegrato.objects.filter(pk__in=pks).values_list("pk", flat=True)
    if modello is MedianaVulnerabilita:
        return PianoIntegrato.objects.values_list("pk", flat=True)
    if modello is InterventoNelPiano:
        voci = InterventoNelPiano.objects.filter(pk__in=pks)
    elif modello is Intervento:
        voci = InterventoNelPiano.objects.filter(intervento__in=pks)
    elif modello is IndiceVulnerabilita:
        comuni = IndiceVulnerabilita.objects.filter(pk__in=pks).values("comune")
        voci = InterventoNelPiano.objects.filter(
            intervento__in=Localizzazione.objects.filter(comune__in=comuni).values("intervento")
        )
    else:
        righe = modello._default_manager.filter(pk__in=pks)
        voci = InterventoNelPiano.objects.filter(intervento__in=righe.values("intervento"))
    return voci.order_by().values_list("piano", flat=True).distinct()


def segna(piani: Collection[int]) -> None:
    """Write down that these piani are to be judged again, and tell a worker once the transaction is committed."""
    if not piani:
        return
    ModificaDaVerificare.objects.bulk_create([ModificaDaVerificare(piano_id=pk) for pk in sorted(piani)])
    for voce in connection.run_on_commit:
        gia = voce[1]
        if isinstance(gia, _DopoIlCommit):
            gia.piani |= set(piani)
            return
    transaction.on_commit(_DopoIlCommit(set(piani)))


@dataclass
class _DopoIlCommit:
    """Told once per transaction, however many rows of a piano it changed."""

    piani: set[int] = field(default_factory=set)

    def __call__(self) -> None:
        for pk in sorted(self.piani):
            if not chiama(COMPITO_PIANO, pk):
                return


def sveglia() -> list[int]:
    """Call again for the piani whose changes nobody has judged in a while; which they are."""
    limite = timezone.now() - timedelta(seconds=ATTESA_SECONDI)
    vecchie = ModificaDaVerificare.objects.filter(quando__lt=limite)
    in_attesa = sorted(vecchie.order_by().values_list("piano", flat=True).distinct())
    return [pk for pk in in_attesa if chiama(COMPITO_PIANO, pk)]


# --- Judging ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def verifica_piano(*, piano_id: int) -> bool:
    """Judge a piano if something of it changed; whether there was anything to do. Repeating it does no harm."""
    if not ModificaDaVerificare.objects.filter(piano=piano_id).exists():
        return False
    _verifica([piano_id], Contesto.al_giorno(timezone.localdate()))
    return True


def chiedi_tutti(*, autore: Utente | None) -> Lavoro:
    """Ask for the job that judges every piano; the one that is open already, if there is one."""
    return accoda(tipo=LAVORO_TUTTI, chiave="tutti", autore=autore)


def a_gruppi() -> list[list[int]]:
    """The primary keys of all the piani, in the groups that are judged one after the other."""
    piani = list(PianoIntegrato.objects.order_by("pk").values_list("pk", flat=True))
    return [piani[inizio : inizio + PER_VOLTA] for inizio in range(0, len(piani), PER_VOLTA)]


@transaction.atomic
def verifica_gruppo(*, piani: Sequence[int]) -> int:
    """Judge these piani, changed or not (days pass, thresholds change); how many outcomes are new."""
    return _verifica(piani, Contesto.al_giorno(timezone.localdate()))


@transaction.atomic
def congela(*, passaggio: Passaggio) -> None:
    """Keep the outcomes as they are for this passage, whatever changes afterwards."""
    contesto = Contesto.al_giorno(timezone.localdate())
    piano = passaggio.piano
    stato = _blocca([piano.pk])[piano.pk]
    adesso = timezone.now()
    EsitoRegola.objects.bulk_create(
        [_riga(piano.pk, giudizio, stato.versione, adesso, passaggio) for giudizio in regole.valuta(piano, contesto)]
    )


def _blocca(piani: Sequence[int]) -> dict[int, StatoVerifica]:
    """The states of these piani, locked in the order of their keys so that two judges never wait for each other."""
    StatoVerifica.objects.bulk_create([StatoVerifica(piano_id=pk) for pk in sorted(piani)], ignore_conflicts=True)
    # By the column: ordering by the piano would join it, and lock it too.
    stati = StatoVerifica.objects.select_for_update(of=("self",)).filter(piano__in=piani).order_by("piano_id")
    return {stato.piano_id: stato for stato in stati}


def _verifica(piani: Sequence[int], contesto: Contesto) -> int:
    stati = _blocca(piani)
    modifiche = dict(ModificaDaVerificare.objects.filter(piano__in=piani).values_list("pk", "piano"))
    modificati = set(modifiche.values())
    giudizi = regole.valuta_molti(piani, contesto)
    adesso = timezone.now()
    attuali: dict[int, dict[str, EsitoRegola]] = defaultdict(dict)
    for attuale in EsitoRegola.objects.filter(piano__in=piani, al__isnull=True, passaggio__isnull=True).order_by():
        attuali[attuale.piano_id][attuale.regola] = attuale
    nuove: list[EsitoRegola] = []
    finite: list[int] = []
    for pk, suoi in giudizi.items():
        stato = stati[pk]
        if pk in modificati or stato.versione == 0:
            stato.versione += 1
        for riga, prima in _cambiate(pk, suoi, attuali[pk], stato.versione, adesso):
            nuove += [riga] if riga is not None else []
            finite += [prima.pk] if prima is not None else []
        _riassumi(stato, suoi, contesto, adesso)
    EsitoRegola.objects.filter(pk__in=finite).update(al=adesso)
    EsitoRegola.objects.bulk_create(nuove, batch_size=2_000)
    avvisa(EsitoRegola, [riga.pk for riga in nuove])
    # An insert that always finds its row: `bulk_update` would write a CASE of hundreds of branches for each field.
    StatoVerifica.objects.bulk_create(
        [stati[pk] for pk in giudizi], update_conflicts=True, unique_fields=["id"], update_fields=RIASSUNTO
    )
    ModificaDaVerificare.objects.filter(pk__in=list(modifiche)).delete()
    return len(nuove)


def _cambiate(
    piano: int, giudizi: list[Giudizio], attuali: dict[str, EsitoRegola], versione: int, adesso: datetime
) -> Iterator[tuple[EsitoRegola | None, EsitoRegola | None]]:
    """What is to be added and, beside it, what it ends; a rule that left the catalogue only ends."""
    rimaste = dict(attuali)
    for giudizio in giudizi:
        prima = rimaste.pop(giudizio.regola.codice, None)
        nuova = _riga(piano, giudizio, versione, adesso)
        if prima is None or any(getattr(prima, campo) != getattr(nuova, campo) for campo in CONTANO):
            yield nuova, prima
    for tolta in rimaste.values():
        yield None, tolta


# The fields that make an outcome another one.
CONTANO = (
    "esito",
    "misura",
    "soglia",
    "conformi",
    "non_conformi",
    "non_determinabili",
    "non_applicabili",
    "evidenza",
)


def _riga(
    piano: int, giudizio: Giudizio, versione: int, adesso: datetime, passaggio: Passaggio | None = None
) -> EsitoRegola:
    return EsitoRegola(
        piano_id=piano,
        regola=giudizio.regola.codice,
        esito=giudizio.esito.value,
        misura="" if giudizio.misura is None else f"{giudizio.misura:f}",
        soglia="" if giudizio.soglia is None else f"{giudizio.soglia:f}",
        conformi=giudizio.conformi,
        non_conformi=giudizio.non_conformi,
        non_determinabili=giudizio.non_determinabili,
        non_applicabili=giudizio.non_applicabili,
        evidenza=list(giudizio.evidenza),
        versione=versione,
        dal=adesso,
        passaggio=passaggio,
    )


RIASSUNTO = ["versione", "quando", "giorno", "esito", "conformi", "non_conformi", "non_determinabili"]


def _riassumi(stato: StatoVerifica, giudizi: list[Giudizio], contesto: Contesto, adesso: datetime) -> None:
    obbligatorie = [giudizio.esito for giudizio in giudizi if giudizio.regola.obbligatoria]
    stato.quando, stato.giorno, stato.esito = adesso, contesto.al, regole.complessivo(giudizi).value
    stato.conformi = obbligatorie.count(Esito.CONFORME)
    stato.non_conformi = obbligatorie.count(Esito.NON_CONFORME)
    stato.non_determinabili = obbligatorie.count(Esito.NON_DETERMINABILE)
