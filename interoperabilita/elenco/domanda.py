"""What a request for a list asks for: every parameter checked, and none ignored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from enti.models import Utente
from interoperabilita.elenco import cursore
from interoperabilita.elenco.cursore import Cursore, CursoreNonValido
from interoperabilita.formati import valori
from interoperabilita.risorse.tipi import Risorsa
from interoperabilita.schema import parametri as descrizione
from interoperabilita.schema.parametri import LIMITE

# Words of AgID's guidelines where there are some, of the house where not.
COMUNI = ("limit", "cursor", "fields", "sort", "al", "modificati_dal")
# Before there is nothing; after, sums of days and changes of time zone leave the calendar.
PRIMO_ANNO, ULTIMO_ANNO = 2_000, 9_998


class ParametriErrati(Exception):
    """Some parameters cannot be used: `errori` says which and why, by name.

    `malformati` when some are not written as the OpenAPI document says; not, when all are but they ask for what
    cannot be: a code that nobody has, two parameters that exclude each other.
    """

    def __init__(self, errori: Mapping[str, list[str]], *, malformati: bool = True) -> None:
        super().__init__(", ".join(errori))
        self.errori, self.malformati = dict(errori), malformati


class TroppoVecchio(Exception):
    """What was published at that instant is not remembered any more: everything must be pulled again."""


@dataclass
class Domanda:
    """A list asked for by somebody. Building it raises ParametriErrati."""

    risorsa: Risorsa
    utente: Utente
    parametri: QueryDict
    # Rows of one object only: the interventi of a piano, the avanzamenti of an intervento.
    gruppo: tuple[int, ...] | None = None
    # Filters that the address itself says.
    fissi: Mapping[str, str] = field(default_factory=dict)

    limite: int = LIMITE
    campi: list[str] | None = None
    ordine: str = "id"
    decrescente: bool = False
    al: date | None = None
    modificati_dal: datetime | None = None
    cursore: Cursore | None = None

    def __post_init__(self) -> None:
        self.errori: dict[str, list[str]] = {}
        self._malformati = False
        self._nomi()
        self._limite()
        self._campi()
        self._ordine()
        self._al()
        self._modificati_dal()
        self._filtri()
        if not self.errori:
            self._cursore()
        if self.errori:
            raise ParametriErrati(self.errori, malformati=self._malformati)

    # --- what the answer needs to know ---

    @cached_property
    def canonica(self) -> str:
        """The question without place and size of the page: two that ask for the same rows are equal."""
        voci = sorted((nome, valore) for nome, valore in self.parametri.items() if nome not in {"cursor", "limit"})
        chi = "tutto" if self.utente.vede_tutto else ",".join(map(str, sorted(self.utente.enti)))
        return valori.json([self.risorsa.nome, chi, self.gruppo, sorted(self.fissi.items()), voci])

    @cached_property
    def filtri(self) -> QueryDict:
        presi = QueryDict(mutable=True)
        for nome, scritti in self.parametri.lists():
            if nome not in COMUNI:
                presi.setlist(nome, scritti)
        for nome, valore in self.fissi.items():
            presi[nome] = valore
        return presi

    @property
    def viva(self) -> bool:
        """Whether the answer may change while what is published does not."""
        return any(valore and nome in self.risorsa.filtri_vivi for nome, valore in self.filtri.items())

    @cached_property
    def filtrate(self) -> Any:
        """The primary keys of the live rows that filters and day leave; None where they leave all."""
        if not any(self.filtri.values()) and not (self.al is not None and self.risorsa.al_sceglie):
            return None
        return self._filtro.qs.order_by().values("pk")

    @cached_property
    def _filtro(self) -> Any:
        if self.al is not None and self.risorsa.righe_al is not None:
            righe = self.risorsa.righe_al(self.utente, self.al)
        else:
            righe = self.risorsa.righe(self.utente)
        return self.risorsa.filtro(self.filtri, queryset=righe)

    # --- reading the parameters ---

    def _errore(self, nome: str, testo: str) -> None:
        """Written as it should be, but it cannot be had."""
        self.errori.setdefault(nome, []).append(testo)

    def _malformato(self, nome: str, testo: str) -> None:
        self._errore(nome, testo)
        self._malformati = True

    def _scritto(self, nome: str) -> str | None:
        """A parameter written as it should be; None where it is not there, or badly written."""
        return None if nome in self.errori else self.parametri.get(nome)

    def _nomi(self) -> None:
        """Which parameters there are, and whether each is written as the OpenAPI document says."""
        descritti = {voce.nome: voce for voce in descrizione.comuni(self.risorsa)}
        descritti |= descrizione.filtri(self.risorsa)
        ammessi = set(descritti) - set(self.fissi)
        for nome, scritti in self.parametri.lists():
            if nome not in ammessi:
                self._malformato(
                    nome[:60],
                    _("Questo elenco non ha il parametro «%(nome)s». Ha: %(ammessi)s.")
                    % {"nome": nome[:60], "ammessi": ", ".join(sorted(ammessi))},
                )
            elif len(scritti) > 1:
                self._malformato(
                    nome, _("Il parametro è scritto %(volte)s volte: ne serve uno.") % {"volte": len(scritti)}
                )
            elif errore := descrizione.errore(descritti[nome], scritti[0]):
                self._malformato(nome, errore)

    def _limite(self) -> None:
        scritto = self._scritto("limit")
        if scritto is not None:
            self.limite = int(scritto)

    def _campi(self) -> None:
        scritto = self._scritto("fields")
        if scritto is not None:
            self.campi = list(dict.fromkeys(scritto.split(",")))

    def _ordine(self) -> None:
        scritto = self._scritto("sort")
        if scritto is not None:
            self.ordine, self.decrescente = scritto.removeprefix("-"), scritto.startswith("-")

    def _al(self) -> None:
        scritto = self._scritto("al")
        if scritto is None:
            return
        self.al = date.fromisoformat(scritto)
        if not PRIMO_ANNO <= self.al.year <= ULTIMO_ANNO:
            self._errore("al", _("Serve un giorno dal 2000-01-01 in poi: prima non c'è nulla."))

    def _modificati_dal(self) -> None:
        scritto = self._scritto("modificati_dal")
        if scritto is None:
            return
        istante = datetime.fromisoformat(scritto)
        if not PRIMO_ANNO <= istante.year <= ULTIMO_ANNO:
            self._errore(
                "modificati_dal", _("Serve un istante dal 2000 in poi: per esempio l'aggiornato_al già avuto.")
            )
            return
        self.modificati_dal = istante.astimezone(UTC)
        if self.parametri.get("sort") is not None:
            self._errore("sort", _("Con modificati_dal le righe sono in ordine di id: togli sort."))
        if self.viva:
            vivi = ", ".join(sorted(nome for nome in self.risorsa.filtri_vivi if self.filtri.get(nome)))
            self._errore(
                "modificati_dal",
                _("Non si può unire a %(vivi)s: il loro esito cambia anche senza che una riga cambi.") % {"vivi": vivi},
            )

    def _filtri(self) -> None:
        if self.errori or not any(self.filtri.values()):
            return
        if not self._filtro.form.is_valid():
            for nome, errori in self._filtro.form.errors.items():
                for errore in errori:
                    self._errore(nome, str(errore))

    def _cursore(self) -> None:
        scritto = self._scritto("cursor")
        if scritto is None:
            return
        try:
            self.cursore = cursore.leggi(scritto, self.canonica)
        except CursoreNonValido:
            self._errore(
                "cursor",
                _("Il cursore non è di questa richiesta: usa l'indirizzo «successiva» così com'è, o ricomincia senza."),
            )
