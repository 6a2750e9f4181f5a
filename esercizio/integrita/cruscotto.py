"""The count behind the Cruscotto, against a count made now of the whole programme."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

from django.utils import timezone

from cruscotto.conteggio.chiavi import territorio
from cruscotto.conteggio.giorno import Giorno, in_corso
from cruscotto.conteggio.lettura import Quando, conta
from cruscotto.models import DaRicontare, Fotografia, TipoFotografia
from cruscotto.services.scrittura import scritti
from esercizio.integrita.tipi import Trovato
from monitoraggio.opere import programma


def _corrente() -> Fotografia | None:
    return Fotografia.objects.filter(tipo=TipoFotografia.CORRENTE, al=timezone.localdate()).first()


def rinvia() -> str:
    if _corrente() is None or in_corso(Giorno()) is not None or DaRicontare.objects.exists():
        return "il conteggio di oggi non è ancora finito"
    return ""


def trova() -> Iterator[Trovato]:
    fotografia = _corrente()
    if fotografia is None:
        return
    interventi, _piani = programma.interventi(None)
    contate = conta(interventi, Quando(fotografia.al, corrente=True), territorio()).profili
    scritte = dict(scritti(fotografia))
    for chiave in sorted(contate.keys() | scritte.keys(), key=attrgetter("testo")):
        problema = _problema(chiave in contate, chiave in scritte)
        if not problema and contate[chiave].in_json() != scritte[chiave].in_json():
            problema = "le sue cifre non sono quelle dei dati"
        if problema:
            yield f"conteggio di «{chiave.testo}»", problema


def _problema(contata: bool, scritta: bool) -> str:
    if contata and scritta:
        return ""
    return "manca" if contata else "c'è, ma nessun intervento vi appartiene"
