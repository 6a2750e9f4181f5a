"""What the API publishes, against the rows it is made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from esercizio.integrita.tipi import Trovato
from interoperabilita import inneschi
from interoperabilita.formati import valori
from interoperabilita.models import Pendente, Pubblicazione, Voce, VoceCup
from interoperabilita.pubblicazione.costruttori import COSTRUTTORI
from interoperabilita.pubblicazione.tipi import Costruttore
from interoperabilita.pubblicazione.versioni import contenuto

PER_VOLTA = 2_000


def rinvia() -> str:
    stato = Pubblicazione.objects.first()
    if stato is None or stato.giorno != timezone.localdate() or Pendente.objects.exists():
        return "ci sono cambiamenti che aspettano di essere pubblicati"
    return ""


def trova() -> Iterator[Trovato]:
    for risorsa, costruttore in COSTRUTTORI.items():
        for oggetto, problema in _della_risorsa(risorsa, costruttore):
            yield f"{risorsa} n. {oggetto}", problema


def _della_risorsa(risorsa: str, costruttore: Costruttore) -> Iterator[tuple[int, str]]:
    if costruttore.intera:
        yield from _confronta(costruttore, [0], _aperte(risorsa))
        return
    chiavi = sorted({*_dal_vivo(risorsa), *_aperte(risorsa).values_list("oggetto", flat=True)})
    for inizio in range(0, len(chiavi), PER_VOLTA):
        parte = chiavi[inizio : inizio + PER_VOLTA]
        yield from _confronta(costruttore, parte, _aperte(risorsa).filter(oggetto__range=(parte[0], parte[-1])))


def _aperte(risorsa: str) -> QuerySet[Any]:
    aperte: QuerySet[Any] = VoceCup.objects.all() if risorsa == "cup" else Voce.objects.filter(risorsa=risorsa)
    return aperte.filter(fino_a__isnull=True).order_by()


def _dal_vivo(risorsa: str) -> set[int]:
    """The objects that the rows of the portal give a resource, by the triggers that note them."""
    trovati: set[int] = set()
    with connection.cursor() as cursore:
        for innesco in inneschi.INNESCHI:
            if innesco.risorsa == risorsa and innesco.oggetto == "{r}.id":
                cursore.execute(f"SELECT o.* FROM ({_oggetti(innesco)}) o")  # noqa: S608 our own statement
                trovati.update(oggetto for (oggetto,) in cursore.fetchall())
    return trovati


def _oggetti(innesco: inneschi.Innesco) -> str:
    return innesco.scelta("r", f"{innesco.tabella} r").replace(f"'{innesco.risorsa}', ", "", 1)


def _confronta(costruttore: Costruttore, oggetti: Iterable[int], aperte: QuerySet[Any]) -> Iterator[tuple[int, str]]:
    pubblicate = {
        oggetto: (contenuto(corpo), chi) for oggetto, corpo, chi in aperte.values_list("oggetto", "corpo", "visibile_a")
    }
    for riga in costruttore.righe(list(oggetti)):
        visibile_a = "".join(f" {ente} " for ente in sorted(riga.enti))
        pubblicata = pubblicate.pop(riga.oggetto, None)
        if pubblicata is None:
            yield riga.oggetto, "non è pubblicato"
        elif pubblicata[0] != valori.json(riga.dati)[:-1]:
            yield riga.oggetto, "è pubblicato con altri dati"
        elif pubblicata[1] != visibile_a:
            yield riga.oggetto, "è pubblicato per altri enti"
    for oggetto in pubblicate:
        yield oggetto, "è pubblicato, ma nel portale non c'è"
