"""What the portal holds about a person, counted; and all of it, row by row, for whoever has the right to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, DateField, IntegerField, Model, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from enti.models import Utente
from esercizio.dati_personali.classificazione import (
    Scritto,
    campi,
    classi,
    della_persona,
    nome_di,
    scritti,
    versione_di,
)
from esercizio.dati_personali.tipi import Cancellazione, Classe, Modello
from registro.models import Evento

# Rows read from the database at a time while they are exported.
PER_VOLTA = 2_000
SU_DI_LEI = _("eventi sul conto")
PERSONALI = frozenset({Classe.UTENTE, Classe.LEGAME, Classe.TESTO, Classe.NESSUNO})


@dataclass(frozen=True)
class Conto:
    """How many rows of a kind there are about a person, and what becomes of them when she is made anonymous."""

    nome: str
    righe: int
    cancellazione: Cancellazione


def persone() -> QuerySet[Utente]:
    """The people of the portal, those made anonymous included; the software of the bodies is nobody's data."""
    return Utente.objects.filter(tecnico=False)


def righe_della_persona(utente: Utente) -> Iterator[tuple[type[Model], Modello, QuerySet[Any]]]:
    """The rows that are about her, model by model."""
    for modello, sua in della_persona():
        yield modello, sua, modello._default_manager.filter(**{sua.persona: utente.pk})


def righe_scritte(utente: Utente) -> Iterator[tuple[Scritto, QuerySet[Any]]]:
    """The rows about other things that bear her number."""
    for scritto in scritti():
        sue = Q()
        for campo in scritto.campi:
            sue |= Q(**{campo: utente.pk})
        yield scritto, scritto.modello._default_manager.filter(sue)


def eventi_su(utente: Utente) -> QuerySet[Evento]:
    """What others, or the portal, did to her account."""
    su_di_lei = Evento.objects.filter(tipo_oggetto=Utente._meta.label_lower, id_oggetto=str(utente.pk))
    return su_di_lei.filter(~Q(autore=utente.pk) | Q(autore__isnull=True))


def conti(utente: Utente) -> list[Conto]:
    """What there is about her, kind by kind, without the kinds that have nothing. One query, however many they are."""
    quali: list[tuple[str, Cancellazione, QuerySet[Any]]] = [
        (nome_di(modello), sua.cancellazione, righe) for modello, sua, righe in righe_della_persona(utente)
    ]
    quali += [(scritto.nome, Cancellazione.RESTA, righe) for scritto, righe in righe_scritte(utente)]
    quali.append((str(SU_DI_LEI), Cancellazione.RESTA, eventi_su(utente)))
    contate = [_quante(righe) for _nome, _fine, righe in quali]
    numeri = Utente.objects.filter(pk=utente.pk).values_list(*contate).get()
    return [Conto(nome, n, fine) for (nome, fine, _righe), n in zip(quali, numeri, strict=True) if n]


def _quante(righe: QuerySet[Any]) -> Coalesce:
    """How many rows there are, as a column of another query."""
    in_tutto = righe.order_by().annotate(tutte=Value(1)).values("tutte").annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(in_tutto, output_field=IntegerField()), 0)


def dati(utente: Utente) -> Iterator[tuple[str, str, Iterator[dict[str, Any]]]]:
    """Every row about her: the name of its kind, in words and for a file, and the rows one at a time.

    Of rows about her, everything but what opens the account; of those she wrote, when, and the words that may be hers.
    """
    for modello, _sua, righe in righe_della_persona(utente):
        nomi = [campo.name for campo in campi(modello) if classi(modello)[campo.name] in PERSONALI]
        yield nome_di(modello), modello._meta.label, _righe(righe, nomi)
    for scritto, righe in righe_scritte(utente):
        yield scritto.nome, scritto.modello._meta.label, _righe(righe, _di_chi_scrive(scritto))
    nomi = [campo.name for campo in campi(Evento)]
    yield str(SU_DI_LEI), f"{Evento._meta.label}.sul-conto", _righe(eventi_su(utente), nomi)


def _di_chi_scrive(scritto: Scritto) -> list[str]:
    """Of a row about something else: its number, its dates, who she was in it, and the words people write in it."""
    modello, parole = scritto.modello, versione_di(scritto.modello) is None
    return [
        campo.name
        for campo in campi(modello)
        if campo.primary_key
        or campo.name in scritto.campi
        or isinstance(campo, DateField)
        or (parole and classi(modello)[campo.name] is Classe.TESTO)
    ]


def _righe(righe: QuerySet[Any], nomi: list[str]) -> Iterator[dict[str, Any]]:
    return righe.order_by("pk").values(*nomi).iterator(chunk_size=PER_VOLTA)
