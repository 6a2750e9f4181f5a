"""Undoing an import as a whole, by the history that it wrote, while nothing later depends on it.

History is never deleted: what comes back is a new version, what goes away leaves one that says so.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max, Min, Model
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils import timezone

from enti.models import Utente
from interventi import ricerca
from interventi.importazione.memoria import MODELLI
from interventi.importazione.scrittura import cancella, ripristina
from interventi.models import Differenza, Importazione, Intervento
from interventi.models.importazioni import StatoDifferenza, StatoImportazione
from registro.azione import azione_corrente
from registro.esecutori import Avanzatore
from registro.models import Evento
from registro.services import annota
from registro.storia import CAMBIATA, CREATA, TOLTA, Versione, storico_di, versiona

PER_VOLTA = 5_000
_ESEMPI = 5
VERBO = "annullata"


class NonAnnullabile(Exception):
    """Something later depends on the import: the text lists what, in Italian."""


@dataclass
class _Scritte:
    """The rows of a model that the import wrote."""

    create: set[int] = field(default_factory=set)
    # Row to the version (history_id) it had before.
    prima: dict[int, int] = field(default_factory=dict)
    # Rows changed by the import whose earlier state nobody kept.
    senza_prima: set[int] = field(default_factory=set)


@transaction.atomic
def disfa(importazione: Importazione, avanzatore: Avanzatore, *, autore: Utente | None, motivo: str) -> None:
    """Bring the register back to what it was before the import. Raises NonAnnullabile, and then nothing changes."""
    importazione = Importazione.objects.select_for_update().get(pk=importazione.pk)
    if importazione.stato == StatoImportazione.DISFATTA:
        return
    if importazione.stato != StatoImportazione.APPLICATA:
        raise NonAnnullabile("Si annulla solo un'importazione applicata.")
    scritte = {}
    for modello in MODELLI:
        avanzatore.passo(f"Controllo di ciò che dipende dall'importazione: {modello._meta.verbose_name_plural}")
        scritte[modello] = _scritte_da(modello, importazione)
    senza = [f"{_nome(m, 1)} senza storia" for m, righe in scritte.items() if righe.senza_prima]
    ostacoli = [*senza, *_toccate_dopo(scritte, importazione), *_usate_altrove(scritte, importazione)]
    if ostacoli:
        elenco = "; ".join(ostacoli[:20])
        raise NonAnnullabile(f"L'importazione non si può annullare, perché da allora qualcosa ne dipende: {elenco}.")
    toccati = _interventi_toccati(scritte)
    Differenza.objects.filter(importazione=importazione, stato=StatoDifferenza.APERTA).delete()
    Differenza.objects.filter(intervento__in=list(scritte[Intervento].create)).delete()
    for modello in MODELLI:
        avanzatore.passo(f"Ripristino dei valori precedenti: {modello._meta.verbose_name_plural}")
        _ripristina(modello, scritte[modello], autore)
    for modello in reversed(MODELLI):
        avanzatore.passo(f"Rimozione di ciò che era nuovo: {modello._meta.verbose_name_plural}")
        _togli(modello, scritte[modello], autore)
    rimasti = sorted(toccati - scritte[Intervento].create)
    adesso = timezone.now()
    for gruppo in _a_gruppi(rimasti):
        Intervento.objects.filter(pk__in=gruppo).update(aggiornato=adesso)
    ricerca.aggiorna(rimasti)
    importazione.stato, importazione.disfatta = StatoImportazione.DISFATTA, adesso
    importazione.save(update_fields=["stato", "disfatta"])
    annota(importazione, VERBO, autore=autore, prima=importazione.conteggi, nota=motivo)


def _a_gruppi(elenco: list[int]) -> Iterator[list[int]]:
    for inizio in range(0, len(elenco), PER_VOLTA):
        yield elenco[inizio : inizio + PER_VOLTA]


# --- What the import wrote ------------------------------------------------------------------------------------------


def _scritte_da(modello: type[Model], importazione: Importazione) -> _Scritte:
    versioni = storico_di(modello)._default_manager
    prime = versioni.filter(azione=importazione.azione).values("id").annotate(prima=Min("history_id"))
    prima_di = dict(prime.values_list("id", "prima"))
    scritte = _Scritte()
    create = set(
        versioni.filter(azione=importazione.azione, history_type=CREATA).values_list("id", flat=True).distinct()
    )
    scritte.create = create
    for gruppo in _a_gruppi(sorted(prima_di.keys() - create)):
        ultime: dict[int, int] = {}
        for pk, versione in versioni.filter(id__in=gruppo).order_by("history_id").values_list("id", "history_id"):
            if versione < prima_di[pk]:
                ultime[pk] = versione
        scritte.prima.update(ultime)
        scritte.senza_prima.update(set(gruppo) - ultime.keys())
    return scritte


def _neutre(importazione: Importazione) -> set[uuid.UUID]:
    """The actions that cancel out: this import's, and those of later imports that were undone, with their undoing."""
    disfatte = Importazione.objects.filter(stato=StatoImportazione.DISFATTA)
    annullamenti = Evento.objects.filter(
        tipo_oggetto=Importazione._meta.label_lower,
        id_oggetto__in=[str(pk) for pk in disfatte.values_list("pk", flat=True)],
        verbo=VERBO,
    )
    return {
        importazione.azione,
        *disfatte.values_list("azione", flat=True),
        *annullamenti.values_list("azione", flat=True),
    }


def _toccate_dopo(scritte: dict[type[Model], _Scritte], importazione: Importazione) -> Iterator[str]:
    """Rows written again since, by people or by a later import."""
    neutre = _neutre(importazione)
    for modello, righe in scritte.items():
        versioni = storico_di(modello)._default_manager
        dopo: dict[int, uuid.UUID] = {}
        for gruppo in _a_gruppi(sorted(righe.create | righe.prima.keys())):
            nostre = dict(
                versioni.filter(azione=importazione.azione, id__in=gruppo)
                .values("id")
                .annotate(ultima=Max("history_id"))
                .values_list("id", "ultima")
            )
            altre = versioni.filter(id__in=gruppo).exclude(azione__in=neutre)
            for pk, versione, azione in altre.values_list("id", "history_id", "azione"):
                if versione > nostre[pk]:
                    dopo[pk] = azione
        if dopo:
            yield f"{_nome(modello, len(dopo))} con modifiche successive ({_esempi(modello, sorted(dopo))})"


def _usate_altrove(scritte: dict[type[Model], _Scritte], importazione: Importazione) -> Iterator[str]:
    """Rows of any room that refer to what the import created, and that it did not create itself."""
    for modello, righe in scritte.items():
        for legame in _legami(modello):
            altro = legame.related_model
            sue = scritte[altro].create if altro in scritte else set()
            trovate: set[int] = set()
            for gruppo in _a_gruppi(sorted(righe.create)):
                usate = altro._default_manager.filter(**{f"{legame.field.name}__in": gruppo})
                if altro is Differenza:
                    usate = usate.filter(stato=StatoDifferenza.APERTA).exclude(importazione=importazione)
                trovate.update(set(usate.values_list("pk", flat=True)) - sue)
            if trovate:
                nome = _nome(altro, len(trovate))
                yield f"{nome} legati a {modello._meta.verbose_name_plural} che l'importazione ha creato"


def _legami(modello: type[Model]) -> list[ForeignObjectRel]:
    return [
        campo
        for campo in modello._meta.get_fields(include_hidden=True)
        if isinstance(campo, ForeignObjectRel)
        and (campo.one_to_many or campo.one_to_one)
        and not issubclass(campo.related_model, Versione)
    ]


def _nome(modello: type[Model], quanti: int) -> str:
    nome = modello._meta.verbose_name if quanti == 1 else modello._meta.verbose_name_plural
    return f"{quanti} {nome}"


def _esempi(modello: type[Model], identificativi: list[int]) -> str:
    righe = modello._default_manager.filter(pk__in=identificativi[:_ESEMPI])
    altri = ", …" if len(identificativi) > _ESEMPI else ""
    return ", ".join(str(riga)[:80] for riga in righe) + altri


def _interventi_toccati(scritte: dict[type[Model], _Scritte]) -> set[int]:
    toccati: set[int] = set()
    for modello, righe in scritte.items():
        if modello is Intervento:
            toccati |= righe.create | righe.prima.keys()
            continue
        campo = "intervento" if hasattr(modello, "intervento") else "procedura__intervento"
        for gruppo in _a_gruppi(sorted(righe.create | righe.prima.keys())):
            toccati.update(modello._default_manager.filter(pk__in=gruppo).values_list(campo, flat=True))
    return toccati


# --- Bringing back --------------------------------------------------------------------------------------------------


def _ripristina(modello: type[Model], righe: _Scritte, autore: Utente | None) -> None:
    for gruppo in _a_gruppi(sorted(righe.prima)):
        ripristina(modello, [righe.prima[pk] for pk in gruppo])
        versiona(modello, gruppo, tipo=CAMBIATA, autore=autore, azione=azione_corrente())


def _togli(modello: type[Model], righe: _Scritte, autore: Utente | None) -> None:
    for gruppo in _a_gruppi(sorted(righe.create)):
        versiona(modello, gruppo, tipo=TOLTA, autore=autore, azione=azione_corrente())
        cancella(modello, gruppo)
