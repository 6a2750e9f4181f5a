"""The rows of the flat list of CUPs, read from the register and the monitoring: six queries for each block."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from typing import Any

from django.db.models import Max, QuerySet

from interoperabilita.formati import valori
from interoperabilita.pubblicazione.tipi import Costruttore, Riga
from interoperabilita.risorse.cup import DA_REGIS, situazione
from interoperabilita.risorse.tipi import NON_NOTO
from interventi.models import Finanziamento, Intervento, LegameDriver, LegameStrategia, Localizzazione
from monitoraggio.models import Avanzamento
from monitoraggio.selectors.situazione import CAMPI, SENZA_DATI, Stato

_DI_TUTTI = (
    "pk", "cup", "clp", "submisura__codice", "submisura__misura__codice", "nel_piano__piano__codice", "titolo",
    "soggetto_attuatore", "soggetto_attuatore__denominazione", "soggetto_attuatore__codice_fiscale",
    "soggetto_attuatore__codice_ipa", "attuatore_denominazione", "attuatore_cf", "classificazione__natura", "stato_cup",
    "linea_finanziamento", "monitorato_regis", "finanziamento_totale", "finanziamento_pubblico", "pagamenti_totali",
    "dati_al", "dimostrativo", "situazione__pk",
)  # fmt: skip
_SITUAZIONE = tuple(f"situazione__{campo}" for campo in CAMPI)


def righe(oggetti: Collection[int]) -> Iterator[Riga]:
    chiavi = list(oggetti)
    comuni, zone, enti = _luoghi(chiavi)
    fonti: dict[int, dict[str, str]] = defaultdict(dict)
    denaro = Finanziamento.objects.filter(intervento__in=chiavi, importo__isnull=False).order_by("intervento", "fonte")
    for intervento, fonte, importo in denaro.values_list("intervento", "fonte", "importo"):
        fonti[intervento][fonte] = f"{importo:.2f}"
    driver = _numeri(LegameDriver.objects.values_list("intervento", "driver__numero"), chiavi)
    strategie = _numeri(LegameStrategia.objects.values_list("intervento", "strategia__numero"), chiavi)
    approvati = dict(
        Avanzamento.objects.approvati()
        .filter(intervento__in=chiavi)
        .order_by()
        .values_list("intervento")
        .annotate(ultimo=Max("approvato_il"))
    )
    interventi = Intervento.objects.filter(pk__in=chiavi).order_by("pk")
    for i in interventi.values(*_DI_TUTTI, *DA_REGIS, *_SITUAZIONE):
        pk = i["pk"]
        stato = _stato(i)
        attuatore = i["soggetto_attuatore"]
        yield Riga(
            oggetto=pk,
            enti={*enti[pk], attuatore} - {None},
            dati={
                "id": pk,
                "cup": i["cup"],
                "clp": valori.riga(i["clp"]),
                "submisura": i["submisura__codice"],
                "misura": i["submisura__misura__codice"] or "",
                "piano": i["nel_piano__piano__codice"] or "",
                "titolo": valori.riga(i["titolo"]),
                "soggetto_attuatore": valori.riga(
                    i["soggetto_attuatore__denominazione"] or i["attuatore_denominazione"]
                ),
                "soggetto_attuatore_cf": i["soggetto_attuatore__codice_fiscale"] or i["attuatore_cf"],
                "soggetto_attuatore_ipa": i["soggetto_attuatore__codice_ipa"] or "",
                "comuni": [nome for nome, _ in comuni[pk]],
                "comuni_istat": [codice for _, codice in comuni[pk]],
                "zone_omogenee": sorted(zone[pk]),
                "natura": i["classificazione__natura"] or NON_NOTO,
                "stato_cup": i["stato_cup"] or NON_NOTO,
                "linea_finanziamento": i["linea_finanziamento"] or NON_NOTO,
                "monitorato_regis": i["monitorato_regis"],
                "finanziamento_totale_eur": valori.importo(i["finanziamento_totale"]),
                "finanziamento_pubblico_eur": valori.importo(i["finanziamento_pubblico"]),
                "finanziamenti": fonti[pk],
                "pagamenti_regis_eur": valori.importo(i["pagamenti_totali"]),
                **situazione(stato, i),
                "ultimo_approvato_il": valori.istante(approvati.get(pk)),
                "dati_regis_al": valori.giorno(i["dati_al"]),
                "driver": driver[pk],
                "strategie": strategie[pk],
                "dimostrativo": i["dimostrativo"],
            },
        )


def _stato(valori_letti: dict[str, Any]) -> Stato:
    if valori_letti["situazione__pk"] is None:
        return SENZA_DATI
    return Stato(**{campo: valori_letti[f"situazione__{campo}"] for campo in CAMPI})


def _luoghi(chiavi: list[int]) -> tuple[dict[int, list[tuple[str, str]]], dict[int, set[int]], dict[int, set[int]]]:
    """Of each intervento its Comuni, by name and ISTAT code, their zones and the bodies of those Comuni."""
    comuni: dict[int, list[tuple[str, str]]] = defaultdict(list)
    zone: dict[int, set[int]] = defaultdict(set)
    enti: dict[int, set[int]] = defaultdict(set)
    luoghi = Localizzazione.objects.filter(intervento__in=chiavi, comune__isnull=False).order_by("comune__nome")
    campi = ("intervento", "comune__nome", "comune__codice_istat", "comune__zona__numero", "comune__ente")
    for intervento, nome, codice, zona, ente in luoghi.values_list(*campi):
        if (nome, codice) not in comuni[intervento]:
            comuni[intervento].append((nome, codice))
        if zona is not None:
            zone[intervento].add(zona)
        if ente is not None:
            enti[intervento].add(ente)
    return comuni, zone, enti


def _numeri(legami: Any, chiavi: list[int]) -> dict[int, list[int]]:
    numeri: dict[int, list[int]] = defaultdict(list)
    for intervento, numero in legami.filter(intervento__in=chiavi):
        numeri[intervento].append(numero)
    for elenco in numeri.values():
        elenco.sort()
    return numeri


def _con(campo: str) -> Callable[[Collection[int]], QuerySet[Any, int]]:
    """The interventi that have one of these rows there."""
    return lambda chiavi: (
        Intervento.objects.filter(**{f"{campo}__in": chiavi}).order_by().values_list("pk", flat=True).distinct()
    )


CUP = Costruttore(
    risorsa="cup",
    righe=righe,
    attraverso={
        "cup/enti": _con("soggetto_attuatore"),
        "cup/comuni": _con("localizzazioni__comune"),
        "cup/zone": _con("localizzazioni__comune__zona"),
        "cup/submisure": _con("submisura"),
        "cup/classificazioni": _con("classificazione"),
        "cup/misure": _con("submisura__misura"),
        "cup/driver": _con("legami_driver__driver"),
        "cup/strategie": _con("legami_strategie__strategia"),
        "cup/piani": _con("nel_piano__piano"),
    },
)
