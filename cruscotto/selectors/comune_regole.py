"""How the rules of the piani judge the interventi of some bodies: what fails, and which data they lack. One query."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from interventi.models import Intervento
from piani_integrati.esiti import Esito
from piani_integrati.mancanze import APERTI, Voce, voci
from piani_integrati.regole import REGOLE, Contesto, Livello, Regola, con_esiti, con_mancanze, da_giudicare
from piani_integrati.regole.tipi import Dato

# The rules that judge an intervento by itself and that it must meet.
SULL_INTERVENTO = tuple(r for r in REGOLE if r.livello is Livello.INTERVENTO and r.obbligatoria)
_GUARDANO = tuple(regola for regola in REGOLE if regola.sugli_interventi)


@dataclass(frozen=True)
class Giudicato:
    """An intervento of an open piano: the rules it breaks, the mandatory data it lacks.

    `dati` are those that its body gives, `dell_ufficio` those that the Città metropolitana loads.
    """

    intervento: Intervento
    piano: str
    slug: str
    non_conformi: tuple[Regola, ...]
    dati: tuple[Dato, ...]
    dell_ufficio: tuple[Dato, ...]

    @property
    def qualcosa(self) -> bool:
        return bool(self.non_conformi or self.dati or self.dell_ufficio)


def giudicati(enti: Collection[int], giorno: date) -> dict[int, Giudicato]:
    """Those with something to say, by primary key: two queries, however many they are."""
    contesto = Contesto.al_giorno(giorno)
    colonne = [f"esito_{regola.codice}" for regola in SULL_INTERVENTO]
    colonne += [f"manca_{dato.codice}" for regola in _GUARDANO for dato in regola.dati]
    suoi = _di_ciascuno(contesto).filter(soggetto_attuatore__in=enti, nel_piano__piano__stato__in=APERTI)
    letti = suoi.order_by().values(
        "pk", "cup", "clp", "titolo", "nel_piano__piano__codice", "nel_piano__piano__slug", *dict.fromkeys(colonne)
    )
    trovati = (_giudicato(riga) for riga in letti)
    return {uno.intervento.pk: uno for uno in trovati if uno.qualcosa}


@lru_cache(maxsize=4)
def _di_ciascuno(contesto: Contesto) -> QuerySet[Intervento]:
    """What the rules say of any intervento: never read, only filtered. It takes longer to write than to ask."""
    return con_mancanze(con_esiti(da_giudicare(), contesto, SULL_INTERVENTO), contesto, _GUARDANO)


def _giudicato(riga: dict[str, Any]) -> Giudicato:
    dell_ufficio = {
        str(dato.manca): dato
        for regola in _GUARDANO
        if regola.obbligatoria
        for dato in regola.dati
        if dato.rotta and riga[f"manca_{dato.codice}"]
    }
    return Giudicato(
        intervento=Intervento(pk=riga["pk"], cup=riga["cup"], clp=riga["clp"], titolo=riga["titolo"]),
        piano=riga["nel_piano__piano__codice"],
        slug=riga["nel_piano__piano__slug"],
        non_conformi=tuple(r for r in SULL_INTERVENTO if riga[f"esito_{r.codice}"] == Esito.NON_CONFORME.value),
        dati=tuple(voce.dato for voce in voci() if voce.obbligatoria and _manca(voce, riga)),
        dell_ufficio=tuple(dell_ufficio.values()),
    )


def _manca(voce: Voce, riga: dict[str, Any]) -> bool:
    return any(riga[f"manca_{codice}"] for codice in voce.codici)
