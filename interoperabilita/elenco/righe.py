"""Which published rows answer a question: of both tables of versions, in the same way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from operator import itemgetter
from typing import Any

import orjson
from django.db.models import F, Min, Q, QuerySet

from interoperabilita.elenco.cursore import Cursore
from interoperabilita.elenco.domanda import Domanda, TroppoVecchio
from interoperabilita.formati import valori
from interoperabilita.models import Pubblicazione, Voce, VoceCup
from interoperabilita.models.voci import VersioneQuerySet
from interoperabilita.pubblicazione.tipi import TUTTI
from interoperabilita.risorse.tipi import Tipo
from monitoraggio.tempo import fine_del_giorno

PER_VOLTA = 2_000


@dataclass(frozen=True)
class Pagina:
    """Some rows, as JSON; those that are no more; how to go on, if there is more."""

    righe: list[str]
    rimosse: list[dict[str, Any]]
    prosegue: Cursore | None


class Elenco:
    """The rows that answer a question, as published at an instant that does not move while one pulls."""

    def __init__(self, domanda: Domanda, pubblicazione: Pubblicazione) -> None:
        """Raises TroppoVecchio when it asks for what is not remembered."""
        self.domanda = domanda
        self.risorsa = domanda.risorsa
        self.istante = domanda.cursore.istante if domanda.cursore else pubblicazione.ultima
        for istante in (self.istante, domanda.modificati_dal):
            if istante is not None and istante < pubblicazione.orizzonte:
                raise TroppoVecchio

    # --- versions ---

    @property
    def in_tabella(self) -> bool:
        """Whether the list has a column for each field, to be filtered and sorted by the database."""
        return self.risorsa.nome == "cup"

    def _versioni(self) -> VersioneQuerySet:
        if self.in_tabella:
            return VoceCup.objects.all()
        voci = Voce.objects.filter(risorsa=self.risorsa.nome)
        return voci if self.domanda.gruppo is None else voci.filter(gruppo__in=self.domanda.gruppo)

    def _visibili(self, versioni: VersioneQuerySet) -> VersioneQuerySet:
        utente = self.domanda.utente
        if utente.vede_tutto or not self.risorsa.per_ente:
            return versioni
        propri = Q(pk__in=[])
        # Whoever acts for nobody sees nothing, not even what is for everybody.
        for ente in [*utente.enti, TUTTI] if utente.enti else []:
            propri |= Q(visibile_a__contains=f" {ente} ")
        return versioni.filter(propri)

    @cached_property
    def _letto_a(self) -> datetime:
        """The instant to read at: a list without a situation of its own answers a day with what was published on it.

        A day before anything was published is answered with the first publication.
        """
        if self.domanda.al is None or self.risorsa.al is not None:
            return self.istante
        prima = self._versioni().aggregate(prima=Min("dal"))["prima"] or self.istante
        return min(self.istante, max(prima, fine_del_giorno(self.domanda.al)))

    def valide(self) -> QuerySet[Any]:
        """The rows of the list, without order."""
        valide: QuerySet[Any] = self._visibili(self._versioni().valide(self._letto_a))
        if self.domanda.filtrate is not None:
            valide = valide.filter(oggetto__in=self.domanda.filtrate)
        return valide

    def ordinate(self) -> QuerySet[Any]:
        """All the rows, in the order asked for: by the database only where it has the column."""
        return self.valide().order_by(*self._criteri())

    def _criteri(self) -> list[Any]:
        if self.domanda.ordine == "id":
            return ["-oggetto" if self.domanda.decrescente else "oggetto"]
        campo = F(self.domanda.ordine)
        return [
            campo.desc(nulls_last=True) if self.domanda.decrescente else campo.asc(nulls_last=True),
            "oggetto",
        ]

    # --- a page ---

    def pagina(self) -> Pagina:
        if self.domanda.modificati_dal is not None:
            return self._pagina_dei_cambiamenti(self.domanda.modificati_dal)
        if not self.in_tabella and self.domanda.ordine != "id":
            return self._pagina_ordinata_qui()
        campi = ["oggetto", "corpo"] + ([self.domanda.ordine] if self.domanda.ordine != "id" else [])
        righe = self.ordinate()
        if self.domanda.cursore is not None:
            righe = righe.filter(self._dopo(self.domanda.cursore))
        lette = list(righe.values_list(*campi)[: self.domanda.limite + 1])
        presenti = lette[: self.domanda.limite]
        prosegue = None
        if len(lette) > self.domanda.limite:
            ultima = presenti[-1]
            prosegue = Cursore(self.istante, ultima[0], _in_cursore(ultima[2]) if len(campi) > 2 else None)
        return Pagina(self.scritte([riga[1] for riga in presenti]), [], prosegue)

    def _dopo(self, da: Cursore) -> Q:
        """What comes after the last row given. Rows without a value come last, whichever the direction."""
        if self.domanda.ordine == "id":
            return Q(oggetto__lt=da.oggetto) if self.domanda.decrescente else Q(oggetto__gt=da.oggetto)
        nome = self.domanda.ordine
        if da.valore is None:
            return Q(**{f"{nome}__isnull": True, "oggetto__gt": da.oggetto})
        verso = "lt" if self.domanda.decrescente else "gt"
        return (
            Q(**{f"{nome}__{verso}": da.valore})
            | Q(**{nome: da.valore, "oggetto__gt": da.oggetto})
            | Q(**{f"{nome}__isnull": True})
        )

    def _pagina_ordinata_qui(self) -> Pagina:
        """Of a small list: all of it is read and sorted; the cursor says how many rows were given."""
        corpi = self._ordinati_qui()
        inizio = self.domanda.cursore.oggetto if self.domanda.cursore is not None else 0
        fine = inizio + self.domanda.limite
        prosegue = Cursore(self.istante, fine, None) if fine < len(corpi) else None
        return Pagina(self.scritte(corpi[inizio:fine]), [], prosegue)

    def _ordinati_qui(self) -> list[str]:
        """By the values that are answered, those of the day asked for; amounts as numbers, although they are texts."""
        corpi = list(self.valide().order_by("oggetto").values_list("corpo", flat=True))
        righe = [orjson.loads(corpo) for corpo in corpi]
        if self.domanda.al is not None and self.risorsa.al is not None:
            self.risorsa.al(righe, self.domanda.al, self.istante)
        nome = self.domanda.ordine
        importo = any(campo.nome == nome and campo.tipo is Tipo.IMPORTO for campo in self.risorsa.campi)
        coppie = [(riga[nome], corpo) for riga, corpo in zip(righe, corpi, strict=True)]
        con_valore = [(Decimal(v) if importo else v, corpo) for v, corpo in coppie if v is not None]
        con_valore.sort(key=itemgetter(0), reverse=self.domanda.decrescente)
        return [corpo for _, corpo in con_valore] + [corpo for v, corpo in coppie if v is None]

    # --- what changed ---

    def _pagina_dei_cambiamenti(self, dal: datetime) -> Pagina:
        oggetti = self._cambiati(
            dal, self.domanda.cursore.oggetto if self.domanda.cursore else 0, self.domanda.limite + 1
        )
        presenti = oggetti[: self.domanda.limite]
        righe, rimosse = self.cambiamenti(dal, presenti)
        prosegue = Cursore(self.istante, presenti[-1], None) if len(oggetti) > self.domanda.limite else None
        return Pagina(righe, rimosse, prosegue)

    def _cambiati(self, dal: datetime, dopo: int, quanti: int) -> list[int]:
        cambiate = self._versioni().cambiate(dal, self.istante).filter(oggetto__gt=dopo)
        return list(cambiate.order_by("oggetto").values_list("oggetto", flat=True).distinct()[:quanti])

    def cambiamenti(self, dal: datetime, oggetti: list[int]) -> tuple[list[str], list[dict[str, Any]]]:
        """Of objects that changed, in order: the rows as they are, and which of those seen before are no more."""
        oggi = dict(self.valide().filter(oggetto__in=oggetti).values_list("oggetto", "corpo"))
        prima = dict(
            self._visibili(self._versioni().valide(dal))
            .filter(oggetto__in=[oggetto for oggetto in oggetti if oggetto not in oggi])
            .values_list("oggetto", "corpo")
        )
        righe = self.scritte([oggi[oggetto] for oggetto in oggetti if oggetto in oggi])
        return righe, [self._rimossa(prima[oggetto]) for oggetto in oggetti if oggetto in prima]

    def _rimossa(self, corpo: str) -> dict[str, Any]:
        riga = orjson.loads(corpo)
        return {nome: riga[nome] for nome in ("id", *self.risorsa.chiave)}

    # --- the whole list, a block at a time ---

    def a_blocchi(self) -> Iterator[tuple[list[str], list[dict[str, Any]]]]:
        """Blocks of rows, and of rows removed, to the end of the list."""
        if self.domanda.modificati_dal is not None:
            ultimo = 0
            while oggetti := self._cambiati(self.domanda.modificati_dal, ultimo, PER_VOLTA):
                ultimo = oggetti[-1]
                yield self.cambiamenti(self.domanda.modificati_dal, oggetti)
            return
        if not self.in_tabella and self.domanda.ordine != "id":
            yield self.scritte(self._ordinati_qui()), []
            return
        blocco: list[str] = []
        for corpo in self.ordinate().values_list("corpo", flat=True).iterator(chunk_size=PER_VOLTA):
            blocco.append(corpo)
            if len(blocco) == PER_VOLTA:
                yield self.scritte(blocco), []
                blocco = []
        yield self.scritte(blocco), []

    # --- rows as they are answered ---

    @property
    def intatte(self) -> bool:
        """Whether rows are answered as they were published, letter by letter."""
        return self.domanda.campi is None and (self.domanda.al is None or self.risorsa.al is None)

    def scritte(self, corpi: list[str]) -> list[str]:
        """The rows with the fields asked for, as they stood on the day asked for."""
        if self.intatte:
            return corpi
        return [valori.json(riga) for riga in self.lette(corpi)]

    def lette(self, corpi: list[str]) -> list[dict[str, Any]]:
        righe = [orjson.loads(corpo) for corpo in corpi]
        if self.domanda.al is not None and self.risorsa.al is not None:
            self.risorsa.al(righe, self.domanda.al, self.istante)
        if self.domanda.campi is None:
            return righe
        return [{nome: riga[nome] for nome in self.domanda.campi} for riga in righe]


def _in_cursore(valore: Any) -> Any:
    """A value of the order, as the cursor holds it: amounts and days as text."""
    return valore if valore is None or isinstance(valore, (str, int)) else str(valore)
