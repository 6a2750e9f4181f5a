"""The list of interventi: its rows, its order, its address. Page, export and bulk actions build on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.http import QueryDict

from enti.models import Utente
from interventi import selectors
from interventi.colonne import TITOLO, colonne_possibili, gruppi
from interventi.estensioni import Colonna
from interventi.filters import InterventoFilter
from interventi.models import Intervento
from psttm import formati

PAGINA = "interventi"
PER_PAGINA = 50
PAGINE_POSSIBILI = (25, 50, 100)
COLONNE_IN_VISTA = 9
# Filters that leave few of many.
SELETTIVI = frozenset({"q", "comune", "zona"})
# Up to so many results, finding all of them and sorting them costs less than following the order (see `_chiavi`).
POCHI = 20_000
# What the address may hold besides the filters.
ALTRI_PARAMETRI = ("ordine", "colonne", "per_pagina")


# --- Cells --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cella:
    colonna: Colonna
    valore: Any

    @property
    def a_destra(self) -> bool:
        return self.colonna.genere in {"importo", "numero", "percentuale"}

    @property
    def vuota(self) -> bool:
        return self.valore in (None, "", [])

    @property
    def testo(self) -> str:
        """The value as people read it."""
        if self.vuota:
            return "–"
        match self.colonna.genere:
            case "importo":
                return formati.euro(self.valore)
            case "numero":
                return formati.numero(self.valore)
            case "percentuale":
                return formati.percento(self.valore)
            case "data":
                return formati.data_breve(self.valore)
            case "elenco":
                return ", ".join(self.valore)
        return str(self.valore)

    @property
    def primi(self) -> list[str]:
        return list(self.valore[:3])

    @property
    def altri(self) -> int:
        return max(len(self.valore) - 3, 0)


@dataclass(frozen=True)
class Riga:
    intervento: Intervento
    celle: list[Cella]


@dataclass(frozen=True)
class Testa:
    """The head of a column: `ordine` is what to ask for to sort by it, `verso` how the list is sorted by it now."""

    colonna: Colonna
    ordine: str
    verso: str

    @property
    def a_destra(self) -> bool:
        return self.colonna.genere in {"importo", "numero", "percentuale"}


@dataclass(frozen=True)
class Chip:
    """An active filter, and the address without it."""

    nome: str
    valore: str
    senza: str


class Elenco:
    """The list that an address asks for, as one person may see it."""

    def __init__(self, parametri: QueryDict, utente: Utente) -> None:
        self.parametri = parametri
        self.filtro = InterventoFilter(parametri, queryset=Intervento.objects.visibili_a(utente))
        scelte = self._chiavi_chieste()
        tutte = colonne_possibili()
        self.colonne = [TITOLO] + [
            colonna
            for colonna in tutte
            if colonna is not TITOLO and (colonna.chiave in scelte if scelte else colonna.prevista)
        ]

    # --- what is asked for ---

    def _chiavi_chieste(self) -> set[str]:
        """Columns asked for: "colonne=cup,pagato", or the same name more than once as a form without script sends."""
        chieste = {chiave for valore in self.parametri.getlist("colonne") for chiave in valore.split(",")}
        return chieste & {colonna.chiave for colonna in colonne_possibili()}

    @property
    def colonne_in_indirizzo(self) -> str:
        return ",".join(colonna.chiave for colonna in self.colonne)

    @property
    def larga(self) -> bool:
        """Whether the columns are more than a screen holds: the table then scrolls inside a frame of its own."""
        return len(self.colonne) > COLONNE_IN_VISTA

    @property
    def da_abbreviare(self) -> bool:
        """Whether the address names the columns one by one: there is a shorter one that says the same."""
        return len(self.parametri.getlist("colonne")) > 1

    @property
    def per_pagina(self) -> int:
        chiesto = self.parametri.get("per_pagina", "")
        return int(chiesto) if chiesto in map(str, PAGINE_POSSIBILI) else PER_PAGINA

    @cached_property
    def ordine(self) -> tuple[Colonna | None, bool]:
        """The column to sort by (None: as the register is) and whether from the largest."""
        chiesto = self.parametri.get("ordine", "")
        for colonna in colonne_possibili():
            if colonna.ordina and chiesto.removeprefix("-") == colonna.chiave:
                return colonna, chiesto.startswith("-")
        return None, False

    @property
    def filtri_attivi(self) -> str:
        """The query string of filters alone: what "all the results" of a bulk action means."""
        return self.indirizzo(senza=("pagina", *ALTRI_PARAMETRI)).removeprefix("?")

    def indirizzo(self, *, senza: Sequence[str] = (), **cambi: str) -> str:
        """The query string of this list with some parameters changed or taken away; "" or "?…", always of page one."""
        nuovi = self.parametri.copy()
        noti = {*self.filtro.filters, *ALTRI_PARAMETRI}
        for nome in list(nuovi):
            if nome not in noti or nome in senza or not any(nuovi.getlist(nome)):
                del nuovi[nome]
        if "colonne" in nuovi:
            nuovi["colonne"] = self.colonne_in_indirizzo
        for nome, valore in cambi.items():
            nuovi[nome] = valore
        return f"?{nuovi.urlencode(safe=',')}" if nuovi else ""

    # --- what is found ---

    @cached_property
    def interventi(self) -> QuerySet[Any]:
        """Filtered, without order."""
        return self.filtro.qs.order_by()

    @property
    def ordinati(self) -> QuerySet[Any]:
        """Filtered and sorted, with what the chosen columns need."""
        return self._con_colonne(self.interventi).order_by(*self._criteri())

    def _con_colonne(self, interventi: QuerySet[Any]) -> QuerySet[Any]:
        scelte = set(self.colonne)
        interventi = interventi.defer("testo_ricerca", "sintesi")
        for gruppo in gruppi():
            if scelte & set(gruppo.colonne):
                interventi = gruppo.prepara(interventi)
        return interventi

    def _criteri(self, *, senza_indice: bool = False) -> list[Any]:
        """What to sort by; unknown values come last either way."""
        colonna, decrescente = self.ordine
        percorso = colonna.ordina if colonna else "cup"
        campo: Any = Coalesce(F(percorso), F(percorso)) if senza_indice else F(percorso)
        # Asked only where values may be unknown: it would keep the index of the others from being followed backwards.
        in_fondo = {"nulls_last": True} if _puo_mancare(percorso) else {}
        return [campo.desc(**in_fondo), "-pk"] if decrescente else [campo.asc(**in_fondo), "pk"]

    @property
    def _selettivo(self) -> bool:
        """Whether a filter is in use that leaves few of many, and that takes a search to apply."""
        self.filtro.form.is_valid()
        return any(self.filtro.form.cleaned_data.get(nome) for nome in SELETTIVI)

    @property
    def _numero(self) -> int:
        chiesto = self.parametri.get("pagina", "")
        return max(int(chiesto), 1) if chiesto.isdecimal() and len(chiesto) < 7 else 1

    @cached_property
    def _in_una_lettura(self) -> tuple[list[int], selectors.Totali] | None:
        """The keys of the page and the totals, where finding the interventi is most of the work: done once for both."""
        if not self._selettivo:
            return None
        trovati = self.interventi.order_by(*self._criteri(senza_indice=True))
        return selectors.chiavi_e_totali(trovati, (self._numero - 1) * self.per_pagina, self.per_pagina)

    @cached_property
    def totali(self) -> selectors.Totali:
        return self._in_una_lettura[1] if self._in_una_lettura else selectors.totali(self.interventi)

    def _chiavi(self, pagina: Page[Any]) -> list[int]:
        """Which interventi are on a page, from the indexes alone.

        PostgreSQL believes that few interventi are spread evenly along the order, walks the index of the order to meet
        the first fifty, and reads the whole register when they stand together. Few are better found first and sorted
        afterwards: the order is then written so that no index has it.
        """
        if self._in_una_lettura:
            return self._in_una_lettura[0]
        criteri = self._criteri(senza_indice=self.totali.quanti <= POCHI)
        primo = max(pagina.start_index() - 1, 0)
        return list(self.interventi.order_by(*criteri).values_list("pk", flat=True)[primo : primo + self.per_pagina])

    def pagina(self) -> Page[Any]:
        """The page asked for: first which interventi are on it, then only those in full."""
        pagina = Paginator(range(self.totali.quanti), self.per_pagina).get_page(self._numero)
        chiavi = self._chiavi(pagina)
        interi = self._con_colonne(Intervento.objects.filter(pk__in=chiavi).order_by())
        per_chiave = {intervento.pk: intervento for intervento in interi}
        pagina.object_list = [per_chiave[chiave] for chiave in chiavi if chiave in per_chiave]
        return pagina

    def riga(self, intervento: Any) -> Riga:
        return Riga(intervento, [Cella(colonna, colonna.valore(intervento)) for colonna in self.colonne])

    # --- what the page says of itself ---

    def teste(self) -> list[Testa]:
        attuale, decrescente = self.ordine
        teste = []
        for colonna in self.colonne:
            verso = "" if colonna is not attuale else "descending" if decrescente else "ascending"
            # Amounts are wanted from the largest, the rest from the first.
            prima_il_maggiore = colonna.genere in {"importo", "numero"}
            segno = "-" if (verso == "ascending" or (not verso and prima_il_maggiore)) else ""
            teste.append(Testa(colonna, f"{segno}{colonna.chiave}" if colonna.ordina else "", verso))
        return teste

    def chip(self) -> list[Chip]:
        """The active filters. One that makes no sense is no filter: its field says why."""
        modulo = self.filtro.form
        modulo.is_valid()
        return [
            Chip(str(campo.label), self._valore_del_filtro(campo), self.indirizzo(senza=[campo.name]))
            for campo in modulo.visible_fields()
            if modulo.cleaned_data.get(campo.name) not in (None, "")
        ]

    def _valore_del_filtro(self, campo: Any) -> str:
        valore = self.filtro.form.cleaned_data[campo.name]
        if isinstance(valore, Decimal):
            return formati.euro(valore)
        if isinstance(valore, date):
            return formati.data_breve(valore)
        etichette = dict(getattr(campo.field, "choices", ())) if isinstance(valore, str) else {}
        return str(etichette.get(valore, valore)).strip()


def _puo_mancare(percorso: str) -> bool:
    """Whether a field may hold nothing; beyond a join, always."""
    return "__" in percorso or Intervento._meta.get_field(percorso).null


def scelti(dati: QueryDict, utente: Utente) -> QuerySet[Intervento]:
    """The interventi that a bulk action was asked for: `scelti` are their pks, or with `tutti` all those of `filtri`.

    Only those that this person may see. What is not a number is nobody's pk; filters that make no sense find nothing.
    """
    if dati.get("tutti"):
        elenco = Elenco(QueryDict(dati.get("filtri", "")), utente)
        return elenco.interventi if elenco.filtro.form.is_valid() else Intervento.objects.none()
    chiavi = [int(chiave) for chiave in dati.getlist("scelti") if chiave.isdecimal() and len(chiave) < 19]
    return Intervento.objects.visibili_a(utente).filter(pk__in=chiavi)
