"""What the timelines read: the traguardi of measures and piani, those of a group, and the works they are of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from cruscotto.tipi import Dimensione, Filtri, Istantanea
from enti.models import Utente
from interventi.models import Intervento
from monitoraggio import fasi
from monitoraggio.filters.traguardi import ElencoTraguardiFilter
from monitoraggio.models import Avanzamento, FaseAvanzamento, Traguardo
from monitoraggio.models.traguardi import StatoTraguardo
from monitoraggio.selectors import programma
from monitoraggio.selectors import traguardi as letture
from monitoraggio.selectors.programma import NESSUNO
from monitoraggio.selectors.traguardi import Conti, Riga
from monitoraggio.tempo import Tempo
from registro import storia

PER_PAGINA = 40
DA_FARE = {StatoTraguardo.A_RISCHIO, StatoTraguardo.IN_LINEA}


def istante(istantanea: Istantanea) -> datetime | None:
    """What the rows of a count are known at: None for the current one, which reads them as they are."""
    return None if istantanea.corrente else istantanea.noto_al


def dei_piani(filtri: Filtri, istantanea: Istantanea) -> list[Riga]:
    """The traguardi of the measures, and of the piani that have interventi, by deadline: one query.

    With a piano, its own; what is chosen otherwise has none of its own.
    """
    if set(filtri.parametri) - {Dimensione.PIANO.value}:
        return []
    al, noto_al = istantanea.al, istante(istantanea)
    # By the index of the interventi, where those without one lie together: most traguardi are of an intervento.
    righe: QuerySet[Any] = storia.noto_al(Traguardo, noto_al).filter(intervento__isnull=True)
    if filtri.piano:
        righe = righe.filter(piano__codice=filtri.piano)
    else:
        righe = righe.filter(Q(misura__isnull=False) | Q(piano__in=programma.piani(noto_al)))
    letti = letture.giudicati(righe, al=al, noto_al=noto_al).select_related("misura", "piano")
    return [letture.riga(uno, al) for uno in letti.order_by("scadenza_letta", "codice", "id")]


def prossimo(righe: Sequence[Riga]) -> Riga | None:
    """The first that is still to be met, of those that are not late."""
    return min(
        (riga for riga in righe if riga.traguardo.stato in DA_FARE), key=lambda riga: riga.scadenza, default=None
    )


@dataclass(frozen=True)
class Lavori:
    """When an intervento is carried out: planned first, and as it went. `fine_stimata` is of what is not ended."""

    base: tuple[date, date] | None
    svolto: tuple[date, date] | None
    fine_stimata: date | None


@dataclass(frozen=True)
class Aperto:
    """The traguardi of a group: how many by state, and a page of them, those that want looking after first."""

    conti: Conti
    pagina: Page[Any]
    righe: list[Riga]
    lavori: Mapping[int, Lavori]


def del_gruppo(utente: Utente, parametri: Mapping[str, str], tempo: Tempo, quale: str | None) -> Aperto:
    """Of the interventi of the programme that a person sees and, for a piano, of the piano itself.

    `parametri` say which, as `filtri_del_gruppo` does; `quale` is the page. Five queries.
    """
    righe = letture.elenco(utente, al=tempo.giorno, noto_al=tempo.noto_al)
    chiesto = {**parametri, **tempo.parametri}
    if parametri.get(Dimensione.PIANO.value, NESSUNO) == NESSUNO:
        chiesto["programma"] = "si"
    if not utente.vede_tutto:
        chiesto["di"] = "intervento"
    righe = ElencoTraguardiFilter(chiesto, queryset=righe).qs
    conti = letture.conti(righe)
    fogli = Paginator(righe, PER_PAGINA)
    fogli.count = conti.totale
    pagina = fogli.get_page(quale)
    lette = [letture.riga(uno, tempo.giorno) for uno in pagina]
    propri = {uno.intervento_id: uno.intervento for uno in pagina if uno.intervento_id is not None}
    return Aperto(conti, pagina, lette, _lavori(list(propri.values()), tempo))


def filtri_del_gruppo(filtri: Filtri, per: Dimensione, chiave: str) -> dict[str, str]:
    """As the lists of the monitoring are asked for a group: what belongs to none has a name of its own."""
    return filtri.parametri | {per.value: chiave}


def _lavori(interventi: Sequence[Intervento], tempo: Tempo) -> dict[int, Lavori]:
    """Three queries."""
    chiavi, giorno = [uno.pk for uno in interventi], tempo.giorno
    ultimi = Avanzamento.objects.filter(intervento__in=chiavi).situazione(al=tempo.al, noto_al=tempo.noto_al)
    letti = ultimi.values_list("intervento_id", "inizio_lavori", "fine_stimata", "fine_effettiva")
    stati = {intervento: tuple(date_sue) for intervento, *date_sue in letti}
    basi = _basi(chiavi, tempo)
    fatti = {}
    for uno in interventi:
        inizio, stimata, effettiva = stati.get(uno.pk, (None, None, None))
        fine = effettiva if effettiva and effettiva <= giorno else None
        fatti[uno.pk] = Lavori(
            base=basi.get(uno.pk) or _di_regis(uno),
            svolto=(inizio, max(inizio, fine or giorno)) if inizio and inizio <= giorno else None,
            fine_stimata=None if fine else stimata,
        )
    return fatti


def _di_regis(intervento: Intervento) -> tuple[date, date] | None:
    """As the reports do where no plan was declared."""
    inizio, fine = intervento.inizio_previsto, intervento.fine_prevista
    return (inizio, fine) if inizio and fine and inizio <= fine else None


def _basi(chiavi: Collection[int], tempo: Tempo) -> dict[int, tuple[date, date]]:
    """The works as the first month in force planned them: two queries."""
    in_vigore = Avanzamento.objects.filter(intervento__in=chiavi).in_vigore(al=tempo.al, noto_al=tempo.noto_al)
    primi: dict[int, int] = {}
    for avanzamento, intervento in in_vigore.order_by("riferito_al").values_list("pk", "intervento_id"):
        primi.setdefault(intervento, avanzamento)
    periodi: dict[int, list[tuple[date, date]]] = defaultdict(list)
    righe = FaseAvanzamento.objects.filter(avanzamento__in=list(primi.values()), fase__in=fasi.ESECUZIONE)
    for avanzamento, inizio, fine in righe.values_list("avanzamento_id", "inizio_previsto", "fine_prevista"):
        if inizio and fine and inizio <= fine:
            periodi[avanzamento].append((inizio, fine))
    return {
        intervento: (min(inizio for inizio, _ in periodi[primo]), max(fine for _, fine in periodi[primo]))
        for intervento, primo in primi.items()
        if primo in periodi
    }
