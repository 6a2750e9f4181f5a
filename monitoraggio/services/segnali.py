"""The early warnings of today, kept in step with what they judge: opened, brought up to date, closed.

`segna` writes down, in the transaction of a change, that an intervento is to be looked at again; after the commit a
worker is told. The rows, not the message, are the truth: a worker that finds none has nothing to do, and `sveglia`
finds those whose message got lost. At night all are looked at, since days pass too. Whoever judges an intervento holds
its row, so that two who do it at once find the same, one after the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from enti.models import Utente
from interventi.models import Differenza, Finanziamento, Intervento, Procedura, ValutazioneDnsh
from interventi.services.legami import a_blocchi
from monitoraggio.allerte import lettura
from monitoraggio.allerte.giudizio import giudica, giudica_piano
from monitoraggio.allerte.tipi import Allarme, Trovato
from monitoraggio.models import Avanzamento, Segnale, SegnaliDaRivedere, Situazione, Traguardo
from monitoraggio.opere import programma
from piani_integrati.models import EsitoRegola, InterventoNelPiano, PianoIntegrato
from registro.azione import azione
from registro.dopo_il_commit import chiama, chiama_dopo
from registro.lavori import accoda
from registro.models import Lavoro
from registro.osservatori import avvisa
from registro.services import annota

# By name, because the tasks import the services and not the other way round.
COMPITO = "monitoraggio.rivedi_segnali"
LAVORO_TUTTI = "rivedi_segnali"
# A change older than this that nobody has looked at lost its message.
ATTESA_SECONDI = 30
# By object, code and `riga`.
Chiave = tuple[int, str, str]
Trovati = dict[Chiave, tuple[Allarme, Trovato]]


@dataclass
class Conto:
    """What came of a look at some objects."""

    aperti: int = 0
    aggiornati: int = 0
    cessati: int = 0

    def __iadd__(self, altro: Conto) -> Conto:
        self.aperti += altro.aperti
        self.aggiornati += altro.aggiornati
        self.cessati += altro.cessati
        return self

    @property
    def cambiati(self) -> int:
        return self.aperti + self.aggiornati + self.cessati

    def valori(self) -> dict[str, int]:
        return {"aperti": self.aperti, "aggiornati": self.aggiornati, "cessati": self.cessati}


# --- What waits to be looked at --------------------------------------------------------------------------------------

# From a row that a warning reads to its intervento; the other models are looked at in `_toccati`.
DI_UN_INTERVENTO: tuple[type[Model], ...] = (
    Avanzamento, Finanziamento, ValutazioneDnsh, Procedura, Differenza, InterventoNelPiano,
)  # fmt: skip
# Who observes Situazione is told the keys of the interventi.
CON_LA_SUA_CHIAVE: tuple[type[Model], ...] = (Intervento, Situazione)
OSSERVATI: tuple[type[Model], ...] = (*CON_LA_SUA_CHIAVE, *DI_UN_INTERVENTO, Traguardo, PianoIntegrato, EsitoRegola)


def alla_modifica(modello: type[Model], identificativi: Collection[int]) -> None:
    """Observer of every row that a warning reads: its interventi are to be looked at again."""
    interventi: set[int] = set()
    for blocco in a_blocchi(identificativi):
        interventi |= set(_toccati(modello, blocco))
    segna(interventi)


def _toccati(modello: type[Model], pks: list[int]) -> Iterator[int]:
    """Those of the programme: a register holds many more, which no warning is about."""
    if modello in CON_LA_SUA_CHIAVE:
        yield from _del_programma(Q(pk__in=pks))
    elif modello is PianoIntegrato:
        yield from _pks(InterventoNelPiano.objects.filter(piano__in=pks))
    elif modello is EsitoRegola:
        yield from _uno_per_piano(list(EsitoRegola.objects.filter(pk__in=pks).values_list("piano", flat=True)))
    elif modello is Traguardo:
        righe = list(Traguardo.objects.filter(pk__in=pks).values_list("intervento", "piano"))
        yield from (intervento for intervento, _piano in righe if intervento is not None)
        yield from _uno_per_piano([piano for _intervento, piano in righe if piano is not None])
    else:
        righe_sue = modello._default_manager.filter(pk__in=pks)
        yield from _del_programma(Q(pk__in=righe_sue.values("intervento")))


def _pks(voci: QuerySet[Any]) -> QuerySet[Any, int]:
    return voci.order_by().values_list("intervento", flat=True).distinct()


def _del_programma(quali: Q) -> QuerySet[Any, int]:
    nel_piano = InterventoNelPiano.objects.filter(intervento=OuterRef("pk")).order_by()
    monitorati = Avanzamento.objects.filter(intervento=OuterRef("pk")).order_by()
    interventi = Intervento.objects.filter(quali).filter(Q(Exists(nel_piano)) | Q(Exists(monitorati)))
    return interventi.order_by().values_list("pk", flat=True)


def _uno_per_piano(piani: Collection[int]) -> list[int]:
    """One intervento of each piano: a piano is looked at with any of its interventi."""
    voci = InterventoNelPiano.objects.filter(piano__in=piani).order_by("piano", "-intervento")
    return list(dict(voci.values_list("piano", "intervento")).values())


def segna(interventi: Collection[int]) -> None:
    """Write down that these interventi are to be looked at again, and tell a worker once, after the commit."""
    if not interventi:
        return
    adesso = timezone.now()
    SegnaliDaRivedere.objects.bulk_create(
        [SegnaliDaRivedere(intervento=pk, quando=adesso) for pk in sorted(interventi)], batch_size=2_000
    )
    chiama_dopo(COMPITO)


def sveglia() -> bool:
    """Call again if something has been waiting for a while; whether somebody was told."""
    limite = timezone.now() - timedelta(seconds=ATTESA_SECONDI)
    return SegnaliDaRivedere.objects.filter(quando__lt=limite).exists() and chiama(COMPITO)


# --- Looking ---------------------------------------------------------------------------------------------------------


def rivedi_in_attesa() -> Conto:
    """Look at all that waits, block by block, until nothing does. Repeating it does no harm."""
    conto = Conto()
    with azione():
        while (del_blocco := _prossimo_blocco()) is not None:
            conto += del_blocco
    return conto


def _prossimo_blocco() -> Conto | None:
    """The oldest that wait; None if nothing does. The marks that come meanwhile are of who comes next.

    Interventi and piani are locked one after the other, never together: who assigns the ones to the others takes both.
    """
    marche = dict(SegnaliDaRivedere.objects.order_by("pk").values_list("pk", "intervento")[: lettura.PER_VOLTA])
    if not marche:
        return None
    interventi = sorted(set(marche.values()))
    conto = rivedi(interventi=interventi)
    conto += rivedi_piani(piani=_piani_di(interventi))
    with transaction.atomic():
        SegnaliDaRivedere.objects.filter(pk__in=list(marche)).delete()
        if conto.cambiati:
            concludi(conto)
    return conto


def _piani_di(interventi: Collection[int]) -> list[int]:
    voci = InterventoNelPiano.objects.filter(intervento__in=interventi)
    return sorted(set(voci.order_by().values_list("piano", flat=True)))


def chiedi_tutti(*, autore: Utente | None) -> Lavoro:
    """Ask for the job that looks at the whole programme; the one that is open already, if there is one."""
    return accoda(tipo=LAVORO_TUTTI, chiave="tutti", autore=autore)


def a_gruppi() -> tuple[list[list[int]], list[list[int]]]:
    """The interventi of the programme, with those that a warning still stands on, and the piani: by blocks."""
    adesso = timezone.now()
    aperti = Segnale.objects.aperti()
    interventi = {*lettura.chiavi(adesso), *_numeri(aperti, "intervento")}
    piani = {*lettura.chiavi_dei_piani(adesso), *_numeri(aperti, "piano")}
    return list(lettura.a_blocchi(interventi)), list(lettura.a_blocchi(piani))


def _numeri(segnali: QuerySet[Segnale], campo: str) -> set[int]:
    righe = segnali.filter(**{f"{campo}__isnull": False}).order_by()
    return set(righe.values_list(campo, flat=True).distinct())


@transaction.atomic
def rivedi(*, interventi: Collection[int]) -> Conto:
    """Look at these interventi as of today. One that left the programme has no warning any more."""
    conto = Conto()
    for blocco in lettura.a_blocchi(interventi):
        righe = Intervento.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=blocco)
        presenti = list(righe.order_by("pk").values_list("pk", flat=True))
        adesso = timezone.now()
        oggi = timezone.localdate(adesso)
        contesto = lettura.contesto(oggi, adesso)
        trovati: Trovati = {}
        for caso in lettura.casi(programma.fra(presenti, adesso), oggi, adesso):
            for allarme, trovato in giudica(caso, contesto):
                trovati[caso.opera.pk, allarme.codice, trovato.riga] = allarme, trovato
        conto += _allinea("intervento", presenti, trovati, adesso)
    return conto


@transaction.atomic
def rivedi_piani(*, piani: Collection[int]) -> Conto:
    """Look at these piani as wholes, as of today."""
    conto = Conto()
    for blocco in lettura.a_blocchi(piani):
        righe = PianoIntegrato.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=blocco)
        presenti = list(righe.order_by("pk").values_list("pk", flat=True))
        adesso = timezone.now()
        oggi = timezone.localdate(adesso)
        contesto = lettura.contesto(oggi, adesso)
        trovati: Trovati = {}
        for caso in lettura.casi_dei_piani(presenti, oggi, adesso):
            for allarme, trovato in giudica_piano(caso, contesto):
                trovati[caso.piano.pk, allarme.codice, trovato.riga] = allarme, trovato
        conto += _allinea("piano", presenti, trovati, adesso)
    return conto


def concludi(conto: Conto) -> None:
    """Write in the registro what a run came to."""
    annota(None, "segnali rivisti", dopo=conto.valori())


# --- Rows ------------------------------------------------------------------------------------------------------------

# What makes a warning that stands another one, and is written again.
CAMBIANO = ("peso", "motivo", "evidenza", "tocca", "entro")


def _allinea(campo: str, quali: Collection[int], trovati: Trovati, adesso: datetime) -> Conto:
    """Make the open rows of these objects say what was found. Of each kind of writing, one statement a block."""
    gia = _Righe(campo)
    aperti = {gia.chiave(riga): riga for riga in Segnale.objects.aperti().filter(**{f"{campo}__in": quali})}
    for chiave, (allarme, trovato) in trovati.items():
        gia.metti(aperti.pop(chiave, None), chiave, allarme, trovato, adesso)
    cessati = [riga.pk for riga in aperti.values()]
    Segnale.objects.filter(pk__in=cessati).update(cessato_il=adesso)
    Segnale.objects.filter(pk__in=gia.fermi).update(visto_il=adesso)
    # An insert that always finds its row: `bulk_update` would write a CASE of hundreds of branches for each field.
    Segnale.objects.bulk_create(
        gia.cambiati, update_conflicts=True, unique_fields=["id"], update_fields=[*CAMBIANO, "visto_il"], batch_size=500
    )
    nuovi = Segnale.objects.bulk_create(gia.nuovi, batch_size=500)
    toccati = [*cessati, *(riga.pk for riga in gia.cambiati), *(riga.pk for riga in nuovi)]
    if toccati:
        avvisa(Segnale, toccati)
    return Conto(len(nuovi), len(gia.cambiati), len(cessati))


@dataclass
class _Righe:
    """The rows to be written, of interventi or of piani."""

    campo: str
    nuovi: list[Segnale] = field(default_factory=list)
    cambiati: list[Segnale] = field(default_factory=list)
    fermi: list[int] = field(default_factory=list)

    def chiave(self, riga: Segnale) -> Chiave:
        return getattr(riga, f"{self.campo}_id"), riga.codice, riga.riga

    def metti(self, riga: Segnale | None, chiave: Chiave, allarme: Allarme, trovato: Trovato, adesso: datetime) -> None:
        """Put what was found where it belongs: a new row, one that changed, one that stands as it was."""
        valori: dict[str, Any] = {
            "peso": trovato.peso,
            "motivo": trovato.motivo,
            "evidenza": [list(voce) for voce in trovato.evidenza],
            "tocca": (trovato.tocca or allarme.tocca).value,
            "entro": trovato.entro,
        }
        if riga is None:
            di_chi, codice, quale = chiave
            nuova = Segnale(codice=codice, riga=quale, dal=adesso, visto_il=adesso, **valori)
            setattr(nuova, f"{self.campo}_id", di_chi)
            self.nuovi.append(nuova)
        elif all(getattr(riga, nome) == valore for nome, valore in valori.items()):
            self.fermi.append(riga.pk)
        else:
            for nome, valore in valori.items():
                setattr(riga, nome, valore)
            riga.visto_il = adesso
            self.cambiati.append(riga)
