"""Telling people something, once; and what they do with it: they read it, or it is overtaken by the facts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from enti.models import Utente
from monitoraggio.models import Allerta

TITOLO_MASSIMO = 200


@dataclass(frozen=True)
class Avviso:
    """What to tell, in words; `chiave` names the thing, so that nobody is told of it twice."""

    tipo: str
    chiave: str
    titolo: str
    testo: str = ""
    indirizzo: str = ""
    intervento_id: int | None = None

    def per(self, utente_id: int) -> Allerta:
        titolo = self.titolo if len(self.titolo) <= TITOLO_MASSIMO else f"{self.titolo[: TITOLO_MASSIMO - 1]}…"
        return Allerta(
            utente_id=utente_id,
            tipo=self.tipo,
            chiave=self.chiave,
            titolo=titolo,
            testo=self.testo,
            indirizzo=self.indirizzo,
            intervento_id=self.intervento_id,
        )


@transaction.atomic
def avvisa(*, utenti: Collection[int], avviso: Avviso) -> None:
    """Tell these people; whoever was told already is not told again, unless it had been overtaken since."""
    superate = Allerta.objects.filter(utente__in=utenti, chiave=avviso.chiave, superata_il__isnull=False)
    superate.update(creata=timezone.now(), letta_il=None, superata_il=None, spedita_il=None)
    Allerta.objects.bulk_create([avviso.per(utente) for utente in sorted(utenti)], ignore_conflicts=True)


def supera(*, chiavi: Collection[str]) -> int:
    """What these speak of no longer stands, for whoever was told; how many were still standing."""
    return Allerta.objects.filter(chiave__in=chiavi, superata_il__isnull=True).update(superata_il=timezone.now())


@transaction.atomic
def leggi(*, allerta_id: int, utente: Utente) -> Allerta:
    """The person has read it: the first time counts. Raises Allerta.DoesNotExist for those of somebody else."""
    allerta = Allerta.objects.select_for_update().get(pk=allerta_id, utente=utente)
    if allerta.letta_il is None:
        allerta.letta_il = timezone.now()
        allerta.save(update_fields=["letta_il"])
    return allerta


def leggi_tutte(*, utente: Utente, fino_a: int, tipo: str = "", adesso: datetime | None = None) -> int:
    """The person has read all of hers (of a kind) up to this one, the newest she had; how many were still to read.

    All at one instant, `adesso`, by which they can be told from the others.
    """
    da_leggere = Allerta.objects.filter(utente=utente, letta_il__isnull=True, pk__lte=fino_a)
    if tipo:
        da_leggere = da_leggere.filter(tipo=tipo)
    return da_leggere.update(letta_il=adesso or timezone.now())
