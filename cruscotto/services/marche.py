"""Marking what is to be counted again, in the transaction of the change; the workers are told after the commit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta

from django.db.models import Exists, Model, OuterRef, Q
from django.utils import timezone

from cruscotto.models import DaRicontare, Fotografia, Posizione, TipoFotografia
from interventi.models import Finanziamento, Indicatore, Intervento, LegameDriver, LegameStrategia, Localizzazione
from interventi.services.legami import a_blocchi
from monitoraggio.models import Avanzamento, Segnale, Situazione, Traguardo
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from registro.dopo_il_commit import chiama_dopo
from registro.fra import fra

# By name, because the tasks import the services and not the other way round.
COMPITO = "cruscotto.riconta"
# A mark older than this that nobody has made good lost its message.
ATTESA_SECONDI = 30

# From the keys of rows to those of the interventi that they belong to; None stands for what belongs to none.
Suoi = Callable[[list[int]], Collection[int | None]]


def _di_righe(modello: type[Model]) -> Suoi:
    def suoi(pks: list[int]) -> Collection[int | None]:
        righe = modello._default_manager.filter(fra("id", pks)).order_by()
        return set(righe.values_list("intervento_id", flat=True).distinct())

    return suoi


def _del_piano(pks: list[int]) -> Collection[int | None]:
    """The state of a piano says whether its works are in the curve."""
    dentro = InterventoNelPiano.objects.filter(piano__in=pks).order_by()
    return {None, *dentro.values_list("intervento_id", flat=True)}


def _stessi(pks: list[int]) -> Collection[int | None]:
    return pks


OSSERVATI: Mapping[type[Model], Suoi] = {
    Intervento: _stessi,
    # Told by the keys of the interventi.
    Situazione: _stessi,
    PianoIntegrato: _del_piano,
    **{
        modello: _di_righe(modello)
        for modello in (
            Finanziamento,
            Indicatore,
            Localizzazione,
            LegameDriver,
            LegameStrategia,
            InterventoNelPiano,
            Traguardo,
            Segnale,
        )
    },
}


def alla_modifica(modello: type[Model], identificativi: Collection[int]) -> None:
    """Observer of every row that a figure reads: the interventi of the programme that it is of are marked."""
    toccati: set[int | None] = set()
    for blocco in a_blocchi(identificativi):
        toccati |= set(OSSERVATI[modello](blocco))
    if modello is Segnale:
        # Those about a piano as a whole are in no figure.
        toccati.discard(None)
    segna(toccati, dati=modello is not Segnale)


def segna(interventi: Collection[int | None], *, dati: bool = True) -> None:
    """Write down that these are to be counted again, if they are of the programme, and tell a worker after the commit.

    The register holds many more: those are left alone, and writing them costs nothing here.
    """
    quali: list[int | None] = [None] if None in interventi else []
    for blocco in a_blocchi([pk for pk in interventi if pk is not None]):
        quali += _del_programma(blocco)
    if not quali:
        return
    DaRicontare.objects.bulk_create([DaRicontare(intervento=pk, dati=dati) for pk in quali], batch_size=2_000)
    chiama_dopo(COMPITO)


def _del_programma(blocco: list[int]) -> list[int]:
    """Those in a piano, monitored, or counted before: one query."""
    suo = {"intervento": OuterRef("pk")}
    righe = Intervento.objects.filter(fra("id", blocco)).filter(
        Q(Exists(InterventoNelPiano.objects.filter(**suo)))
        | Q(Exists(Avanzamento.objects.approvati().filter(**suo)))
        | Q(Exists(Posizione.objects.filter(**suo)))
    )
    return list(righe.order_by().values_list("pk", flat=True))


def in_attesa() -> bool:
    """Whether something changed that nobody has counted in a while, or the photograph is not of today, or not there."""
    limite = timezone.now() - timedelta(seconds=ATTESA_SECONDI)
    if DaRicontare.objects.filter(quando__lt=limite).exists():
        return True
    di_oggi = Fotografia.objects.filter(tipo=TipoFotografia.CORRENTE, al=timezone.localdate())
    return not di_oggi.exists()
