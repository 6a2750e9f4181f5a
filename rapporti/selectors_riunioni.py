"""Reading the calendar of the meetings: what each needs, what it has, and why something is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import QuerySet

from monitoraggio.mesi import avanti, primo, ultimo
from piani_integrati.models import PianoIntegrato
from rapporti.models import InvioRapporto, Rapporto, Riunione
from rapporti.scelte import TipoPerimetro, TipoRapporto
from registro.selectors import cronologia

NON_CHIESTO = "rapporto non chiesto"


class Richiesta(NamedTuple):
    """A report that a meeting needs: kind, kind of perimeter, key."""

    tipo: str
    perimetro: str
    chiave: str

    @property
    def testo(self) -> str:
        """As the form sends it."""
        return "|".join(self)

    @property
    def parole(self) -> str:
        """Sintesi per la Cabina di regia · tutto il programma"""
        quale = self.chiave or str(TipoPerimetro(self.perimetro).label).lower()
        return f"{TipoRapporto(self.tipo).label} · {quale}"


@dataclass(frozen=True)
class Voce:
    """A report of a meeting on its page: asked for, or not, and then why."""

    richiesta: Richiesta
    rapporto: Rapporto | None
    perche: str = ""


def richieste_di(riunione: Riunione) -> list[Richiesta]:
    return [Richiesta(*voce) for voce in riunione.richieste]


def di_rapporto(rapporto: Rapporto) -> Richiesta:
    """What a report was asked for as."""
    return Richiesta(rapporto.tipo, rapporto.perimetro, rapporto.chiave)


def mancanti(riunione: Riunione) -> list[Richiesta]:
    """The reports of a meeting that nobody has asked for."""
    chieste = {di_rapporto(rapporto) for rapporto in riunione.rapporti.all()}
    return [richiesta for richiesta in richieste_di(riunione) if richiesta not in chieste]


def perche_non_chiesti(riunione: Riunione) -> dict[Richiesta, str]:
    """Why some of its reports could not be asked for, as it was noted the last time."""
    annotati = cronologia(riunione).filter(verbo=NON_CHIESTO).order_by("quando", "pk")
    return {Richiesta(*evento.dopo["rapporto"]): evento.nota for evento in annotati if evento.dopo}


def al_consueto(giorno: date, giorni_prima: int) -> date:
    """The end of the last month that is over on the day the reports are made."""
    return ultimo(avanti(primo(giorno - timedelta(days=giorni_prima)), -1))


def offerte() -> list[Richiesta]:
    """What a meeting may ask for: the programme in its three kinds, and the progress of each piano. One query."""
    programma = [Richiesta(tipo, TipoPerimetro.PROGRAMMA, "") for tipo in TipoRapporto.values]
    piani = PianoIntegrato.objects.order_by("codice").values_list("codice", flat=True)
    return programma + [Richiesta(TipoRapporto.AVANZAMENTO, TipoPerimetro.PIANO, codice) for codice in piani]


def consuete() -> list[Richiesta]:
    """What a new meeting most likely needs: the same as the last one, or the programme, whole and in short."""
    ultima = Riunione.objects.order_by("-giorno").first()
    if ultima is not None:
        return richieste_di(ultima)
    return [Richiesta(tipo, TipoPerimetro.PROGRAMMA, "") for tipo in (TipoRapporto.AVANZAMENTO, TipoRapporto.SINTESI)]


def calendario() -> QuerySet[Riunione]:
    return Riunione.objects.prefetch_related("rapporti__lavoro")


def prossime(oggi: date) -> QuerySet[Riunione]:
    """Today's and those to come, the next first."""
    return calendario().filter(giorno__gte=oggi).order_by("giorno")


def passate(oggi: date) -> QuerySet[Riunione]:
    return calendario().filter(giorno__lt=oggi).order_by("-giorno")


def voci(riunione: Riunione) -> Sequence[Voce]:
    """Its reports, in the order of the form."""
    fatti = {di_rapporto(rapporto): rapporto for rapporto in riunione.rapporti.all()}
    perche = perche_non_chiesti(riunione) if len(fatti) < len(riunione.richieste) else {}
    return [Voce(r, fatti.get(r), "" if r in fatti else perche.get(r, "")) for r in richieste_di(riunione)]


def spediti(riunione: Riunione) -> tuple[int, int]:
    """To how many people its reports were mailed, and how many still wait for a mail."""
    invii = InvioRapporto.objects.filter(rapporto__riunioni=riunione)
    attesa = invii.filter(spedito_il__isnull=True).values("utente").distinct().count()
    return invii.values("utente").distinct().count() - attesa, attesa
