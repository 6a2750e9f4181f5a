"""The rows of the traguardi, judged today: three queries for each block."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from interoperabilita.formati import valori
from interoperabilita.pubblicazione.tipi import TUTTI, Costruttore, Riga
from interoperabilita.risorse.traguardi import CAMPI, del_giorno
from interventi.models import Localizzazione
from monitoraggio.models import Traguardo
from monitoraggio.selectors.traguardi import giudicati


def righe(oggetti: Collection[int]) -> Iterator[Riga]:
    oggi = timezone.localdate()
    letti = Traguardo.objects.filter(pk__in=list(oggetti)).select_related(
        "misura", "piano", "fonte", "intervento__nel_piano__piano"
    )
    letti = letti.defer("intervento__testo_ricerca", "intervento__sintesi").order_by("pk")
    traguardi = list(giudicati(letti, al=oggi))
    enti = _enti({traguardo.intervento_id for traguardo in traguardi} - {None})
    for traguardo in traguardi:
        intervento = traguardo.intervento
        yield Riga(
            oggetto=traguardo.pk,
            chiave=traguardo.codice,
            enti={TUTTI} if intervento is None else {*enti[intervento.pk], intervento.soggetto_attuatore_id} - {None},
            dati=_dati(traguardo, oggi),
        )


def _dati(traguardo: Traguardo, oggi: date) -> dict[str, Any]:
    intervento = traguardo.intervento
    dati = {
        "id": traguardo.pk,
        "codice": traguardo.codice,
        "titolo": valori.riga(traguardo.titolo),
        "tipo": traguardo.tipo,
        "livello": traguardo.livello,
        "di": _di(traguardo),
        "misura": traguardo.misura.codice if traguardo.misura is not None else "",
        "piano": _piano(traguardo),
        "cup": intervento.cup if intervento is not None else "",
        "clp": valori.riga(intervento.clp) if intervento is not None else "",
        "scadenza_iniziale": valori.giorno(traguardo.scadenza_iniziale),
        "previsione": valori.giorno(traguardo.previsione),
        "valore_obiettivo": valori.numero(traguardo.valore_obiettivo),
        "unita": valori.riga(traguardo.unita),
        **del_giorno(traguardo, oggi),
        "nota": valori.riga(traguardo.nota),
        "fonte": valori.riga(traguardo.fonte.titolo),
        "fonte_luogo": valori.riga(traguardo.luogo),
    }
    return {campo.nome: dati[campo.nome] for campo in CAMPI if campo.nome in dati}


def _di(traguardo: Traguardo) -> str:
    if traguardo.misura_id is not None:
        return "misura"
    return "piano" if traguardo.piano_id is not None else "intervento"


def _piano(traguardo: Traguardo) -> str:
    """Its piano, or the one that its intervento is in."""
    if traguardo.piano is not None:
        return traguardo.piano.codice
    voce = getattr(traguardo.intervento, "nel_piano", None)
    return voce.piano.codice if voce is not None else ""


def _enti(interventi: set[Any]) -> dict[int, set[int]]:
    """The bodies of the Comuni that each intervento lies in."""
    enti: dict[int, set[int]] = defaultdict(set)
    luoghi = Localizzazione.objects.filter(intervento__in=interventi, comune__ente__isnull=False)
    for intervento, ente in luoghi.values_list("intervento", "comune__ente"):
        enti[intervento].add(ente)
    return enti


def cambiano(dal: date | None, al: date) -> list[int]:
    """Those whose state may be another since a day: what was due, or met, in between."""
    tutti = Traguardo.objects.order_by("pk").values_list("pk", flat=True)
    if dal is None:
        return list(tutti)
    primo, ultimo = min(dal, al), max(dal, al)
    return list(tutti.filter(Q(scadenza__range=(primo, ultimo)) | Q(conseguito_il__range=(primo, ultimo))))


def _con(campo: str) -> Callable[[Collection[int]], QuerySet[Any, int]]:
    """The traguardi that have one of these rows there."""
    return lambda chiavi: Traguardo.objects.filter(**{f"{campo}__in": chiavi}).order_by().values_list("pk", flat=True)


TRAGUARDI = Costruttore(
    risorsa="traguardi",
    righe=righe,
    ogni_giorno=cambiano,
    dopo="cup",
    attraverso={
        "traguardi/cup": _con("intervento"),
        "traguardi/misure": _con("misura"),
        "traguardi/piani": _con("piano"),
        "traguardi/fonti": _con("fonte"),
    },
)
