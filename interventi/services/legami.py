"""Writes on many interventi at once: links with Driver and STTM, and the body that carries them out.

The interventi are locked in blocks, and what changes is written by a few statements a block, however many they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.db import transaction
from django.db.models import Count, Min, Model
from django.utils import timezone

from enti.models import Comune, Utente
from interventi import ricerca
from interventi.models import Intervento, LegameDriver, LegameStrategia, Localizzazione
from psttm.models import Driver, Strategia
from registro.azione import azione_corrente
from registro.services import annota
from registro.storia import CAMBIATA, CREATA, versiona

PER_VOLTA = 2_000


def a_blocchi(identificativi: Collection[int]) -> Iterator[list[int]]:
    """The same pks, each once and in order, in blocks that one statement can take."""
    ordinati = sorted(set(identificativi))
    for inizio in range(0, len(ordinati), PER_VOLTA):
        yield ordinati[inizio : inizio + PER_VOLTA]


def blocca(identificativi: Collection[int], autore: Utente | None) -> list[int]:
    """Lock these interventi for the rest of the transaction; the pks of those that `autore` may see."""
    interventi = Intervento.objects.all() if autore is None else Intervento.objects.visibili_a(autore)
    bloccati: list[int] = []
    for blocco in a_blocchi(identificativi):
        righe = interventi.select_for_update(of=("self",)).filter(pk__in=blocco).order_by("pk")
        bloccati += righe.values_list("pk", flat=True)
    return bloccati


@transaction.atomic
def collega(
    *,
    interventi_ids: Collection[int],
    driver: Collection[Driver] = (),
    strategie: Collection[Strategia] = (),
    motivo: str = "",
    autore: Utente | None,
) -> int:
    """Link the interventi to Driver and STTM; how many links are new. Those that are there already stay as they are."""
    pks = blocca(interventi_ids, autore)
    nuovi = 0
    for quale in driver:
        nuovi += _collega(LegameDriver, "driver", quale, pks, motivo, autore)
    for sttm in strategie:
        nuovi += _collega(LegameStrategia, "strategia", sttm, pks, motivo, autore)
    return nuovi


def _collega(modello: type[Model], campo: str, altro: Model, pks: list[int], motivo: str, autore: Utente | None) -> int:
    quanti = 0
    for blocco in a_blocchi(pks):
        legami: Any = modello._default_manager
        gia = set(legami.filter(**{campo: altro, "intervento__in": blocco}).values_list("intervento", flat=True))
        mancanti = [pk for pk in blocco if pk not in gia]
        righe = [modello(**{campo: altro, "intervento_id": pk, "motivo": motivo}) for pk in mancanti]
        creati = legami.bulk_create(righe, batch_size=500)
        versiona(modello, [riga.pk for riga in creati], tipo=CREATA, autore=autore, azione=azione_corrente())
        _segna_aggiornati(mancanti)
        quanti += len(creati)
    if quanti:
        annota(altro, "collegato a interventi", autore=autore, dopo={"interventi": quanti, "motivo": motivo})
    return quanti


@transaction.atomic
def attuatore_dal_comune(*, interventi_ids: Collection[int], autore: Utente | None) -> int:
    """Make the Comune where it lies the body that carries out each intervento; how many changed.

    Only where the intervento lies in one Comune, which is a body of the portal, and has no such body yet.
    """
    quanti = 0
    for blocco in a_blocchi(blocca(interventi_ids, autore)):
        ente_di = _ente_del_comune(blocco)
        righe = list(Intervento.objects.filter(pk__in=list(ente_di), soggetto_attuatore__isnull=True))
        for intervento in righe:
            intervento.soggetto_attuatore_id = ente_di[intervento.pk]
            if "soggetto_attuatore" not in intervento.campi_nostri:
                intervento.campi_nostri = [*intervento.campi_nostri, "soggetto_attuatore"]
        Intervento.objects.bulk_update(righe, ["soggetto_attuatore", "campi_nostri"], batch_size=200)
        pks = [intervento.pk for intervento in righe]
        versiona(Intervento, pks, tipo=CAMBIATA, autore=autore, azione=azione_corrente())
        ricerca.aggiorna(pks)
        _segna_aggiornati(pks)
        quanti += len(pks)
    if quanti:
        annota(None, "soggetto attuatore dal Comune", autore=autore, dopo={"interventi": quanti})
    return quanti


def _ente_del_comune(pks: list[int]) -> dict[int, int]:
    """The body of the one Comune where each of these interventi lies; left out those in more Comuni, or in none."""
    soli = dict(
        Localizzazione.objects.filter(intervento__in=pks, comune__isnull=False)
        .order_by()
        .values("intervento")
        .annotate(comuni=Count("comune", distinct=True), solo=Min("comune"))
        .filter(comuni=1)
        .values_list("intervento", "solo")
    )
    enti = dict(Comune.objects.filter(pk__in=set(soli.values()), ente__isnull=False).values_list("pk", "ente"))
    return {intervento: enti[comune] for intervento, comune in soli.items() if comune in enti}


def _segna_aggiornati(pks: list[int]) -> None:
    Intervento.objects.filter(pk__in=pks).update(aggiornato=timezone.now())
