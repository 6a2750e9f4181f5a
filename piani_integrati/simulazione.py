"""What if: the rules on a piano as it would be with some changes, worked out without touching anything.

The changes are written in a transaction that is always rolled back, and judged there by the same SQL that judges the
real data: so a scenario can never be judged otherwise than a piano. The rows are written without signals, histories
or observers, so that nothing of it is seen from outside, has a history or asks for a verification.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from interventi.importazione.scrittura import cancella
from interventi.models import Finanziamento, Intervento, Requisiti, Submisura
from interventi.scelte import FonteFinanziamento
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from piani_integrati.regole import Contesto, Giudizio, valuta

# What can be changed of an intervento, and where it is kept. Amounts in EUR, surfaces in m².
COSTO = "finanziamento_totale"
PRIVATO = "privato"
CLASSI = ("classe_prima", "classe_dopo")
DEI_REQUISITI = (
    "edificio",
    *CLASSI,
    "mq_beneficiari",
    "edificato_prima",
    "edificato_dopo",
    "verde_prima",
    "verde_dopo",
)
CAMPI = (COSTO, PRIVATO, *DEI_REQUISITI)
# Who really writes goes first. The simulation locks the interventi in the order of the services, all by one statement,
# and gives up well before the second after which PostgreSQL looks for deadlocks: none of them ends a real write.
ATTESA = "400ms"
# What the engines answer to somebody who waited too long: lock not available, deadlock, serialization failure.
OCCUPATO_POSTGRESQL = frozenset({"55P03", "40P01", "40001"})
FUORI_TEMPO_POSTGRESQL = "57014"
OCCUPATO_SQLITE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})

Valori = Mapping[str, Any]


class SimulazioneOccupata(Exception):
    """Somebody is saving one of these interventi right now, and goes first."""

    def __init__(self) -> None:
        super().__init__(_("Qualcuno sta salvando proprio questi interventi: aspetta un momento e ricalcola."))


@dataclass(frozen=True)
class Ipotetico:
    """An intervento that does not exist yet."""

    nome: str
    valori: Valori


@dataclass(frozen=True)
class Modifiche:
    """Changes to a piano. Primary keys are of interventi; `valori` hold some of CAMPI, None for "not known".

    An intervento both added and left out is left out; one that does not exist is skipped.
    """

    interventi: Mapping[int, Valori] = field(default_factory=dict)
    esclusi: frozenset[int] = frozenset()
    aggiunti: frozenset[int] = frozenset()
    ipotetici: Sequence[Ipotetico] = ()

    @property
    def vuote(self) -> bool:
        return not (self.interventi or self.esclusi or self.aggiunti or self.ipotetici)

    @property
    def nominati(self) -> frozenset[int]:
        """Every intervento that is changed, left out or added."""
        return frozenset(self.interventi) | self.esclusi | self.aggiunti


def simula(piano: PianoIntegrato, modifiche: Modifiche, contesto: Contesto) -> list[Giudizio]:
    """Every rule for the piano with these changes. Raises SimulazioneOccupata, which is mended by trying again.

    Keys of hypothetical interventi in the evidence belong to rows that are no longer there.
    """
    if modifiche.vuote:
        return valuta(piano, contesto)
    try:
        with transaction.atomic():
            _applica(piano, modifiche)
            giudizi = valuta(piano, contesto)
            transaction.set_rollback(True)
    except OperationalError as errore:
        if not _occupata(errore):
            raise
        raise SimulazioneOccupata from errore
    return giudizi


def _occupata(errore: OperationalError) -> bool:
    """Whether the database only asks to wait: anything else is a failure, and must be seen as one."""
    causa = errore.__cause__
    if connection.vendor == "postgresql":
        return _sqlstate(errore) in OCCUPATO_POSTGRESQL
    # The low byte is the kind of error, the others its details.
    return (getattr(causa, "sqlite_errorcode", None) or 0) & 0xFF in OCCUPATO_SQLITE


def _sqlstate(errore: OperationalError) -> str | None:
    stato: str | None = getattr(errore.__cause__, "sqlstate", None)
    return stato


def _applica(piano: PianoIntegrato, modifiche: Modifiche) -> None:
    ci_sono = _blocca(modifiche.nominati)
    _sposta(piano, esclusi=modifiche.esclusi & ci_sono, aggiunti=modifiche.aggiunti & ci_sono - modifiche.esclusi)
    valori = {pk: cambi for pk, cambi in modifiche.interventi.items() if pk in ci_sono}
    valori |= zip(_crea(piano, modifiche.ipotetici), (uno.valori for uno in modifiche.ipotetici), strict=True)
    _costi(valori)
    _quote(valori)
    _requisiti(valori)


def _blocca(pks: frozenset[int]) -> frozenset[int]:
    """Lock these interventi as the services do, the lowest key first; those that exist."""
    if not pks:
        return pks
    righe = Intervento.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=pks).order_by("pk")
    if connection.vendor != "postgresql":
        return frozenset(righe.values_list("pk", flat=True))
    with connection.cursor() as cursore:
        # Of the one wait for each row, and of all of them together. As the locks, they end with the transaction.
        cursore.execute("SELECT current_setting('statement_timeout'), set_config('lock_timeout', %s, true)", [ATTESA])
        (solito, _attesa) = cursore.fetchone()
        cursore.execute("SELECT set_config('statement_timeout', %s, true)", [ATTESA])
        try:
            bloccati = frozenset(righe.values_list("pk", flat=True))
        except OperationalError as errore:
            if _sqlstate(errore) == FUORI_TEMPO_POSTGRESQL:
                raise SimulazioneOccupata from errore
            raise
        cursore.execute("SELECT set_config('statement_timeout', %s, true)", [solito])
    return bloccati


def _sposta(piano: PianoIntegrato, *, esclusi: frozenset[int], aggiunti: frozenset[int]) -> None:
    """What is left out has no place any more; what is added leaves the one it had."""
    posti = InterventoNelPiano.objects.filter(intervento__in=esclusi | aggiunti).values_list(
        "pk", "intervento", "piano"
    )
    cancella(InterventoNelPiano, [pk for pk, chi, dove in posti if chi in aggiunti or dove == piano.pk])
    InterventoNelPiano.objects.bulk_create(
        [InterventoNelPiano(piano=piano, intervento_id=pk) for pk in sorted(aggiunti)], batch_size=500
    )


def _crea(piano: PianoIntegrato, ipotetici: Sequence[Ipotetico]) -> list[int]:
    """Rows for what does not exist, of which nothing is known but its name; their primary keys, in order."""
    if not ipotetici:
        return []
    submisura = Submisura.objects.order_by("pk").values_list("pk", flat=True).first()
    if submisura is None:
        submisura = Submisura.objects.create(codice="IPOTESI").pk
    # No two simulations make the same codes: they would wait for each other.
    serie = uuid.uuid4()
    creati = Intervento.objects.bulk_create(
        [
            Intervento(clp=f"IPOTESI-{serie}-{numero}", submisura_id=submisura, titolo=ipotetico.nome[:500])
            for numero, ipotetico in enumerate(ipotetici)
        ]
    )
    InterventoNelPiano.objects.bulk_create([InterventoNelPiano(piano=piano, intervento=uno) for uno in creati])
    return [uno.pk for uno in creati]


def _costi(valori: Mapping[int, Valori]) -> None:
    Intervento.objects.bulk_update(
        [Intervento(pk=pk, finanziamento_totale=cambi[COSTO]) for pk, cambi in valori.items() if COSTO in cambi],
        [COSTO],
    )


def _quote(valori: Mapping[int, Valori]) -> None:
    """The private money, in the row that there is for it or in a new one."""
    quote: dict[int, Decimal | None] = {pk: cambi[PRIVATO] for pk, cambi in valori.items() if PRIVATO in cambi}
    if not quote:
        return
    righe = Finanziamento.objects.filter(intervento__in=quote, fonte=FonteFinanziamento.PRIVATO)
    presenti = dict(righe.values_list("intervento", "pk"))
    Finanziamento.objects.bulk_update(
        [Finanziamento(pk=riga, importo=quote[pk]) for pk, riga in presenti.items()], ["importo"]
    )
    Finanziamento.objects.bulk_create(
        [
            Finanziamento(intervento_id=pk, fonte=FonteFinanziamento.PRIVATO, importo=importo)
            for pk, importo in quote.items()
            if pk not in presenti
        ]
    )


def _requisiti(valori: Mapping[int, Valori]) -> None:
    cambiano = {pk: {campo: cambi[campo] for campo in DEI_REQUISITI if campo in cambi} for pk, cambi in valori.items()}
    cambiano = {pk: cambi for pk, cambi in cambiano.items() if cambi}
    if not cambiano:
        return
    presenti = {riga.intervento_id: riga for riga in Requisiti.objects.filter(intervento__in=cambiano)}
    nuove = {pk: Requisiti(intervento_id=pk) for pk in cambiano if pk not in presenti}
    for pk, riga in (presenti | nuove).items():
        for campo, valore in cambiano[pk].items():
            # The classes are texts, empty where nobody has said yet.
            setattr(riga, campo, "" if valore is None and campo in CLASSI else valore)
    Requisiti.objects.bulk_update(presenti.values(), DEI_REQUISITI)
    Requisiti.objects.bulk_create(nuove.values())
