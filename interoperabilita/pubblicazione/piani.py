"""The rows of the piani: eight queries for each block, whatever the number of their interventi.

What their interventi add up to is all in the rows of the list of CUPs: when one of those is published anew, so is its
piano (`inneschi`), once no other CUP is waiting.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from interoperabilita.formati import valori
from interoperabilita.pubblicazione.tipi import Costruttore, Riga
from interoperabilita.risorse.piani import Andamento, verifiche
from interventi.models import Finanziamento, Localizzazione
from piani_integrati.models import InterventoNelPiano, PianoIntegrato

ZERO = Decimal("0.00")
_LETTI = (
    "pk", "codice", "slug", "tipo", "titolo", "descrizione", "proponente__denominazione", "misura__codice", "stato",
    "importo_richiesto", "importo_assegnato", "presentato_il", "decreto_in_vigore", "inizio", "fine", "fonte__titolo",
    "luogo", "dimostrativo",
)  # fmt: skip


def righe(oggetti: Collection[int]) -> Iterator[Riga]:
    piani = list(oggetti)
    somme, comuni, fonti = _somme(piani), _comuni(piani), _fonti(piani)
    esiti = verifiche(piani)
    driver = _numeri(PianoIntegrato.driver.through.objects.values_list("pianointegrato", "driver__numero"), piani)
    strategie = _numeri(
        PianoIntegrato.strategie.through.objects.values_list("pianointegrato", "strategia__numero"), piani
    )
    for p in PianoIntegrato.objects.filter(pk__in=piani).order_by("pk").values(*_LETTI):
        pk = p["pk"]
        yield Riga(
            oggetto=pk,
            chiave=p["codice"],
            dati={
                "id": pk,
                "codice": p["codice"],
                "slug": p["slug"],
                "tipo": p["tipo"],
                "titolo": valori.riga(p["titolo"]),
                "descrizione": valori.riga(p["descrizione"]),
                "proponente": valori.riga(p["proponente__denominazione"] or ""),
                "misura": p["misura__codice"] or "",
                "stato": p["stato"],
                "importo_richiesto_eur": valori.importo(p["importo_richiesto"]),
                "importo_assegnato_eur": valori.importo(p["importo_assegnato"]),
                "presentato_il": valori.giorno(p["presentato_il"]),
                "decreto_in_vigore": valori.giorno(p["decreto_in_vigore"]),
                "inizio": valori.giorno(p["inizio"]),
                "fine": valori.giorno(p["fine"]),
                **_degli_interventi(somme.get(pk), comuni.get(pk, 0), fonti[pk]),
                **esiti[pk],
                "driver": driver[pk],
                "strategie": strategie[pk],
                "fonte": valori.riga(p["fonte__titolo"]),
                "fonte_luogo": valori.riga(p["luogo"]),
                "dimostrativo": p["dimostrativo"],
            },
        )


def _somme(piani: list[int]) -> dict[int, dict[str, Any]]:
    """By piano, over tables with one row for each intervento at most: nothing is summed twice."""
    voci = InterventoNelPiano.objects.filter(piano__in=piani).order_by().values("piano")
    conti = voci.annotate(
        quanti=Count("pk"),
        senza_importo=Count("pk", filter=Q(intervento__finanziamento_totale__isnull=True)),
        totale=Sum("intervento__finanziamento_totale"),
        pubblico=Sum("intervento__finanziamento_pubblico"),
        regis=Sum("intervento__pagamenti_totali"),
        monitorati=Count("intervento__situazione__avanzamento"),
        impegnato=Sum("intervento__situazione__impegnato"),
        pagato=Sum("intervento__situazione__pagato"),
        economie=Sum("intervento__situazione__economie"),
        criticita_aperte=Sum("intervento__situazione__criticita_aperte"),
        criticita_gravi=Sum("intervento__situazione__criticita_gravi"),
    )
    return {riga["piano"]: dict(riga) for riga in conti}


def _comuni(piani: list[int]) -> dict[int, int]:
    di_chi = "intervento__nel_piano__piano"
    luoghi = Localizzazione.objects.filter(**{f"{di_chi}__in": piani}, comune__isnull=False).order_by()
    return dict(luoghi.values_list(di_chi).annotate(n=Count("comune", distinct=True)))


def _fonti(piani: list[int]) -> dict[int, dict[str, str]]:
    di_chi = "intervento__nel_piano__piano"
    fonti: dict[int, dict[str, str]] = defaultdict(dict)
    denaro = Finanziamento.objects.filter(**{f"{di_chi}__in": piani}, importo__isnull=False)
    for piano, fonte, somma in denaro.order_by("fonte").values_list(di_chi, "fonte").annotate(somma=Sum("importo")):
        fonti[piano][fonte] = f"{somma:.2f}"
    return fonti


def _degli_interventi(somme: dict[str, Any] | None, comuni: int, fonti: dict[str, str]) -> dict[str, Any]:
    lette = somme or {}
    andamento = Andamento(
        monitorati=lette.get("monitorati") or 0,
        impegnato=lette.get("impegnato") or ZERO,
        pagato=lette.get("pagato") or ZERO,
        economie=lette.get("economie") or ZERO,
        criticita_aperte=lette.get("criticita_aperte") or 0,
        criticita_gravi=lette.get("criticita_gravi") or 0,
    )
    return {
        "numero_interventi": lette.get("quanti") or 0,
        "numero_comuni": comuni,
        "interventi_senza_importo": lette.get("senza_importo") or 0,
        "finanziamento_totale_eur": valori.importo(lette.get("totale")),
        "finanziamento_pubblico_eur": valori.importo(lette.get("pubblico")),
        "finanziamenti": fonti,
        "pagamenti_regis_eur": valori.importo(lette.get("regis")),
        **andamento.campi(),
    }


def _numeri(legami: QuerySet[Any, Any], piani: list[int]) -> dict[int, list[int]]:
    numeri: dict[int, list[int]] = defaultdict(list)
    for piano, numero in legami.filter(pianointegrato__in=piani):
        numeri[piano].append(numero)
    for elenco in numeri.values():
        elenco.sort()
    return numeri


def _con(campo: str) -> Callable[[Collection[int]], QuerySet[Any, int]]:
    """The piani that have one of these rows there."""
    return lambda chiavi: (
        PianoIntegrato.objects.filter(**{f"{campo}__in": chiavi}).order_by().values_list("pk", flat=True).distinct()
    )


PIANI = Costruttore(
    risorsa="piani",
    righe=righe,
    dopo="cup",
    attraverso={
        "piani/misure": _con("misura"),
        "piani/driver": _con("driver"),
        "piani/strategie": _con("strategie"),
        "piani/enti": _con("proponente"),
        "piani/fonti": _con("fonte"),
    },
)
