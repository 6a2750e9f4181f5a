"""The columns of the list of interventi: ours, and those that the rooms above add."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from interventi import estensioni, selectors
from interventi.estensioni import Aggiunta, Colonna
from interventi.models import Finanziamento, LegameDriver, LegameStrategia, Localizzazione
from interventi.scelte import FonteFinanziamento

UNITA = {"importo": "EUR", "percentuale": "%"}


def _comuni(interventi: QuerySet[Any]) -> QuerySet[Any]:
    luoghi = Localizzazione.objects.filter(comune__isnull=False).select_related("comune").order_by("comune__nome", "pk")
    return interventi.prefetch_related(Prefetch("localizzazioni", luoghi, to_attr="luoghi"))


def _driver(interventi: QuerySet[Any]) -> QuerySet[Any]:
    return interventi.prefetch_related(Prefetch("legami_driver", LegameDriver.objects.select_related("driver")))


def _strategie(interventi: QuerySet[Any]) -> QuerySet[Any]:
    return interventi.prefetch_related(
        Prefetch("legami_strategie", LegameStrategia.objects.select_related("strategia"))
    )


def _pnrr(interventi: QuerySet[Any]) -> QuerySet[Any]:
    del_pnrr = Finanziamento.objects.filter(intervento=OuterRef("pk"), fonte=FonteFinanziamento.PNRR)
    return interventi.annotate(da_pnrr=Subquery(del_pnrr.values("importo")[:1]))


def _colonna(
    chiave: str, titolo: Any, valore: Callable[[Any], Any], genere: str = "testo", ordina: str = "", *, si: bool = False
) -> Colonna:
    """A column of ours: `si` says whether it is shown unless the person chooses otherwise."""
    return Colonna(chiave, titolo, valore, genere, ordina, prevista=si)


def _etichetta(campo: str) -> Callable[[Any], str]:
    return lambda i: str(getattr(i, f"get_{campo}_display")())


# Each group of columns says what it needs to be read with; the list asks for it only if one of them is chosen. The
# rooms above add theirs after the first group, which says what an intervento is and where.
TITOLO = _colonna("titolo", _("Intervento"), lambda i: i.nome, "titolo", "titolo", si=True)
PRIME: tuple[Aggiunta, ...] = (
    Aggiunta(colonne=(TITOLO, _colonna("cup", _("CUP"), lambda i: i.cup, "cup", "cup", si=True))),
    Aggiunta(
        colonne=(
            _colonna(
                "comuni",
                _("Comuni"),
                lambda i: list(dict.fromkeys(luogo.comune.nome for luogo in i.luoghi)),
                "elenco",
                si=True,
            ),
        ),
        prepara=_comuni,
    ),
)
ALTRE: tuple[Aggiunta, ...] = (
    Aggiunta(
        colonne=(
            _colonna(
                "attuatore",
                _("Soggetto attuatore"),
                lambda i: i.soggetto_attuatore.denominazione if i.soggetto_attuatore else i.attuatore_denominazione,
                ordina="attuatore_denominazione",
            ),
        ),
        prepara=lambda interventi: interventi.select_related("soggetto_attuatore"),
    ),
    Aggiunta(
        colonne=(
            _colonna("submisura", _("Submisura"), lambda i: i.submisura.codice, "codice", "submisura__codice"),
            _colonna("submisura_nome", _("Nome della submisura"), lambda i: i.submisura.descrizione),
        ),
        prepara=lambda interventi: interventi.select_related("submisura"),
    ),
    Aggiunta(
        colonne=(
            _colonna("stato", _("Stato del CUP"), _etichetta("stato_cup"), ordina="stato_cup", si=True),
            _colonna(
                "linea", _("Linea di finanziamento"), _etichetta("linea_finanziamento"), ordina="linea_finanziamento"
            ),
            _colonna(
                "finanziamento",
                _("Finanziamento"),
                lambda i: i.finanziamento_totale,
                "importo",
                "finanziamento_totale",
                si=True,
            ),
        ),
    ),
    Aggiunta(colonne=(_colonna("pnrr", _("Di cui PNRR"), lambda i: i.da_pnrr, "importo"),), prepara=_pnrr),
    Aggiunta(
        colonne=(
            _colonna("pagato", _("Pagato"), lambda i: i.pagamenti_totali, "importo", "pagamenti_totali", si=True),
            _colonna(
                "pagato_percento",
                _("Pagato sul finanziamento"),
                lambda i: selectors.percento(i.pagamenti_totali, i.finanziamento_totale),
                "percentuale",
                si=True,
            ),
            _colonna("inizio_previsto", _("Inizio previsto"), lambda i: i.inizio_previsto, "data", "inizio_previsto"),
            _colonna("inizio", _("Inizio effettivo"), lambda i: i.inizio_effettivo, "data", "inizio_effettivo"),
            _colonna("fine_prevista", _("Fine prevista"), lambda i: i.fine_prevista, "data", "fine_prevista"),
            _colonna("fine", _("Fine effettiva"), lambda i: i.fine_effettiva, "data", "fine_effettiva"),
        ),
    ),
    Aggiunta(
        colonne=(
            _colonna(
                "natura", _("Natura"), lambda i: i.classificazione.get_natura_display() if i.classificazione else ""
            ),
            _colonna("settore", _("Settore"), lambda i: i.classificazione.settore_nome if i.classificazione else ""),
        ),
        prepara=lambda interventi: interventi.select_related("classificazione"),
    ),
    Aggiunta(
        colonne=(
            _colonna(
                "driver", _("Driver"), lambda i: [str(legame.driver) for legame in i.legami_driver.all()], "elenco"
            ),
        ),
        prepara=_driver,
    ),
    Aggiunta(
        colonne=(
            _colonna(
                "strategie",
                _("STTM"),
                lambda i: [legame.strategia.codice for legame in i.legami_strategie.all()],
                "elenco",
            ),
        ),
        prepara=_strategie,
    ),
    Aggiunta(
        colonne=(
            _colonna("clp", _("Codice locale progetto"), lambda i: i.clp, "codice", "clp"),
            _colonna("fase", _("Fase"), lambda i: i.fase_descrizione),
            _colonna("dati_al", _("Dati ReGiS al"), lambda i: i.dati_al, "data", "dati_al"),
            _colonna("dimostrazione", _("Dimostrazione"), lambda i: "dato di dimostrazione" if i.dimostrativo else ""),
        ),
    ),
)


def gruppi() -> list[Aggiunta]:
    """Every group of columns, in the order of the list."""
    return [*PRIME, *estensioni.AGGIUNTE, *ALTRE]


def colonne_possibili() -> list[Colonna]:
    return [colonna for gruppo in gruppi() for colonna in gruppo.colonne]
