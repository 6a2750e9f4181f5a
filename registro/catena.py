"""The chain that seals the registro: each event has a link, with its fingerprint and that of the link before.

Sealing follows the events at a few seconds' distance, in batches and outside people's transactions: a link written in
the transaction of each event would make all writers wait in line for the last one. Whoever changes, removes or moves
a sealed event breaks the chain from there on, and `difetti` says where. Only the end of the chain can be cut unseen
from inside: therefore its head (number and fingerprint) is written in the log, in every check and in every backup.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast

from registro.models import Anello, Evento

ORIGINE = "0" * 64
# So many events in one transaction: on SQLite nobody else writes meanwhile.
PER_VOLTA = 2_000
# PostgreSQL: the name of the lock that lets one seal at a time. On SQLite writing already does.
_UNO_PER_VOLTA = 7_305_120_009
# What the fingerprint is taken of, with the two JSON columns after them.
_CAMPI = ("pk", "azione", "quando", "autore_id", "verbo", "tipo_oggetto", "id_oggetto", "oggetto", "nota")
_INSERISCI = "INSERT INTO registro_anello (numero, evento_id, precedente, impronta) VALUES (%s, %s, %s, %s)"
# Clocks of several machines do not agree to the second, and a long transaction writes its events late.
TOLLERANZA = timedelta(days=1)


@dataclass(frozen=True)
class Testa:
    """How far the chain has come: the number of its last link, and its fingerprint. No link: 0 and ORIGINE."""

    numero: int = 0
    impronta: str = ORIGINE

    def __str__(self) -> str:
        return f"{self.numero}:{self.impronta}"


@dataclass(frozen=True)
class Nota:
    """A head of the chain as it was known at an instant, and where it was written."""

    testa: Testa
    dove: str
    quando: datetime | None = None


@dataclass(frozen=True)
class Difetto:
    """Where the chain does not hold: the event, or the link, and what is wrong with it, in Italian."""

    dove: str
    problema: str


def leggi_testa(testo: str) -> Testa:
    """A head as `str` writes it. Raises ValueError."""
    numero, _, impronta = testo.partition(":")
    if not numero.isdecimal() or len(impronta) != 64 or not set(impronta) <= set("0123456789abcdef"):
        raise ValueError(f"«{testo}» non è una testa della catena")
    return Testa(int(numero), impronta)


def testa() -> Testa:
    ultimo = Anello.objects.order_by("-numero").values_list("numero", "impronta").first()
    return Testa(*ultimo) if ultimo else Testa()


# --- Sealing ---------------------------------------------------------------------------------------------------------


def sigilla(*, tutti: bool = False) -> int:
    """Give a link to the events that have none; how many.

    Events are looked for after the last sealed one, which costs nothing. With `tutti` those before it as well, whose
    transaction was still open when later ones were sealed.
    """
    dopo = 0 if tutti else (Anello.objects.aggregate(ultimo=Max("evento"))["ultimo"] or 0)
    sigillati = 0
    while _da_sigillare(dopo).exists():
        quanti, dopo = _sigilla_parte(dopo)
        sigillati += quanti
    return sigillati


def _da_sigillare(dopo: int) -> QuerySet[Evento]:
    return Evento.objects.filter(pk__gt=dopo, anello__isnull=True).order_by("pk")


@transaction.atomic
def _sigilla_parte(dopo: int) -> tuple[int, int]:
    """Seal a batch of events after that one; how many they were, and the last."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursore:
            cursore.execute("SELECT pg_advisory_xact_lock(%s)", [_UNO_PER_VOLTA])
    attuale = testa()
    righe = []
    for evento in _da_sigillare(dopo).values_list(*_colonne())[:PER_VOLTA]:
        attuale, precedente = _successiva(attuale, evento), attuale.impronta
        dopo = evento[0]
        righe.append((attuale.numero, dopo, precedente, attuale.impronta))
    with connection.cursor() as cursore:
        cursore.executemany(_INSERISCI, righe)
    return len(righe), dopo


def _colonne(davanti: str = "") -> list[Any]:
    """What is sealed of an event, as a query reads it; the JSON as it is kept, which is read here."""
    json_come_testo = [Cast(f"{davanti}{campo}", TextField()) for campo in ("prima", "dopo")]
    return [*(f"{davanti}{campo}" for campo in _CAMPI), *json_come_testo]


def _successiva(attuale: Testa, evento: Sequence[Any]) -> Testa:
    """The head of the chain once this event is sealed."""
    return Testa(attuale.numero + 1, _impronta(attuale.numero + 1, attuale.impronta, evento))


def _impronta(numero: int, precedente: str, evento: Sequence[Any]) -> str:
    """SHA-256 of the event and of the link before, written in one way only, the same on both engines."""
    pk, azione, quando, *testi, prima, dopo = evento
    contenuto = [1, numero, precedente, pk, azione.hex, quando.astimezone(UTC).isoformat(), *testi]
    contenuto += [_json(prima), _json(dopo)]
    testo = json.dumps(contenuto, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(testo.encode()).hexdigest()


def _json(testo: str | None) -> Any:
    """The value of a JSON column: PostgreSQL writes it anew, with its own order of keys and form of numbers."""
    return None if testo is None else json.loads(testo, parse_float=_numero)


def _numero(testo: str) -> float | int:
    valore = float(testo)
    return int(valore) if valore.is_integer() else valore


# --- Checking --------------------------------------------------------------------------------------------------------


def difetti(note: list[Nota]) -> Iterator[Difetto]:
    """Every place where the chain does not hold, and the heads once noted that it no longer contains."""
    yield from _senza_evento()
    attese = {nota.testa.numero: nota for nota in note}
    numero, impronta, quando_nota = 0, ORIGINE, None
    righe = Anello.objects.order_by("numero").values_list("numero", "precedente", "impronta", *_colonne("evento__"))
    for suo, precedente, sua, *evento in righe.iterator(chunk_size=PER_VOLTA):
        if suo != numero + 1:
            yield Difetto(f"anello n. {numero + 1}", _mancano(numero + 1, suo - 1))
        elif precedente != impronta:
            yield Difetto(f"anello n. {suo}", "non segue il precedente: qualcosa è stato tolto, aggiunto o spostato")
        if _impronta(suo, precedente, evento) != sua:
            yield Difetto(_nome(evento), f"non è più quello sigillato con l'anello n. {suo}: è stato cambiato")
        if quando_nota is not None and evento[2] < quando_nota - TOLLERANZA:
            yield Difetto(
                _nome(evento), f"è comparso dopo la verifica del {quando_nota:%d/%m/%Y} con una data anteriore"
            )
        numero, impronta = suo, sua
        nota = attese.pop(suo, None)
        if nota is not None:
            if nota.testa.impronta != sua:
                yield Difetto(f"anello n. {suo}", f"non è quello annotato: {nota.dove}. La catena è stata riscritta")
            quando_nota = nota.quando or quando_nota
    for nota in attese.values():
        if nota.testa.numero > numero:
            yield Difetto(
                f"anello n. {nota.testa.numero}",
                f"è annotato ({nota.dove}) ma la catena finisce al n. {numero}: gli ultimi eventi sono stati tolti",
            )


def _senza_evento() -> Iterator[Difetto]:
    """Links whose event is gone: not to be read with the others, which come with their events."""
    soli = Anello.objects.exclude(Exists(Evento.objects.filter(pk=OuterRef("evento"))))
    for numero, evento in soli.order_by("numero").values_list("numero", "evento_id"):
        yield Difetto(f"evento n. {evento}", f"è stato cancellato: resta il suo anello, n. {numero}")


def _mancano(primo: int, ultimo: int) -> str:
    return "manca" if primo == ultimo else f"mancano questo e i seguenti fino al n. {ultimo}"


def _nome(evento: Sequence[Any]) -> str:
    return f"evento n. {evento[0]}"
