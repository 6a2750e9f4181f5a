"""Writing a count in the rows of a photograph, inside the transaction of whoever counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from cruscotto.conteggio import caselle
from cruscotto.conteggio.chiavi import CAMPI_CHIAVE, Chiave, Coppia, chiave_di, scritto
from cruscotto.conteggio.lettura import Conteggio, Guardato
from cruscotto.conteggio.somme import Somme, da_json
from cruscotto.models import Casella, Fotografia, Posizione, Profilo, Sorvegliato

PER_VOLTA = 500


def scrivi_profili(fotografia: Fotografia, conteggio: Conteggio, chiavi: Iterable[Chiave]) -> dict[Chiave, int]:
    """Write these combinations, with their interventi most at risk; the key of each row. Those left empty are gone."""
    voluti = list(chiavi)
    pieni = [chiave for chiave in voluti if chiave in conteggio.profili]
    righe = [_riga(fotografia, chiave, conteggio.profili[chiave]) for chiave in pieni]
    Profilo.objects.bulk_create(
        righe,
        update_conflicts=True,
        unique_fields=["fotografia", "chiave"],
        update_fields=["zone", "interventi", "somme"],
        batch_size=PER_VOLTA,
    )
    vuoti = [chiave.testo for chiave in voluti if chiave not in conteggio.profili]
    for blocco in _a_blocchi(vuoti):
        Profilo.objects.filter(fotografia=fotografia, chiave__in=blocco).delete()
    pks: dict[str, int] = {}
    for blocco in _a_blocchi([chiave.testo for chiave in pieni]):
        pks |= Profilo.objects.filter(fotografia=fotografia, chiave__in=blocco).values_list("chiave", "pk")
    trovati = {chiave: pks[chiave.testo] for chiave in pieni}
    _scrivi_guardati(conteggio, trovati)
    return trovati


def _riga(fotografia: Fotografia, chiave: Chiave, somme: Somme) -> Profilo:
    return Profilo(
        fotografia=fotografia,
        chiave=chiave.testo,
        piano_id=chiave.piano,
        comuni=scritto(chiave.comuni),
        zone=scritto(chiave.zone),
        driver=scritto(chiave.driver),
        strategie=scritto(chiave.strategie),
        interventi=somme.conti.get("interventi", 0),
        somme=somme.in_json(),
    )


def _scrivi_guardati(conteggio: Conteggio, pks: Mapping[Chiave, int]) -> None:
    for blocco in _a_blocchi(list(pks.values())):
        Sorvegliato.objects.filter(profilo__in=blocco).delete()
    Sorvegliato.objects.bulk_create(
        (_sorvegliato(pk, uno) for chiave, pk in pks.items() for uno in conteggio.guardati.get(chiave, ())),
        batch_size=PER_VOLTA,
    )


def _sorvegliato(profilo: int, uno: Guardato) -> Sorvegliato:
    return Sorvegliato(
        profilo_id=profilo,
        intervento=uno.posto.intervento,
        nome=uno.nome,
        codice=uno.posto.codice,
        piano=uno.piano,
        comuni=uno.comuni,
        attuatore=uno.attuatore,
        rischio=uno.rischio,
        importo=uno.importo,
        motivi=[motivo for _peso, _codice, motivo in uno.avvisi],
        codici=[codice for _peso, codice, _motivo in uno.avvisi],
    )


def togli_profili(fotografia: Fotografia, tranne: Collection[Chiave]) -> None:
    """Those of combinations that are no more."""
    rimasti = {chiave.testo for chiave in tranne}
    presenti = Profilo.objects.filter(fotografia=fotografia).values_list("chiave", flat=True)
    for blocco in _a_blocchi([chiave for chiave in presenti if chiave not in rimasti]):
        Profilo.objects.filter(fotografia=fotografia, chiave__in=blocco).delete()


def scrivi_caselle(
    fotografia: Fotografia,
    profili: Iterable[tuple[Chiave, Somme]],
    zone: Mapping[str, int],
    quali: Collection[Coppia] | None = None,
) -> None:
    """Write the sums of all the things of a photograph, or of these alone, from all of its combinations."""
    trovate = caselle.somma(profili, zone, quali)
    Casella.objects.bulk_create(
        (
            Casella(
                fotografia=fotografia,
                prima=prima,
                seconda=seconda,
                comuni=len(voce.luoghi),
                somme=voce.somme.in_json(),
            )
            for (prima, seconda), voce in trovate.items()
        ),
        update_conflicts=True,
        unique_fields=["fotografia", "prima", "seconda"],
        update_fields=["comuni", "somme"],
        batch_size=PER_VOLTA,
    )
    righe = Casella.objects.filter(fotografia=fotografia).values_list("pk", "prima", "seconda")
    vuote = [pk for pk, *coppia in righe if _vuota((coppia[0], coppia[1]), trovate.keys(), quali)]
    for blocco in _a_blocchi(vuote):
        Casella.objects.filter(pk__in=blocco).delete()


def _vuota(coppia: Coppia, trovate: Collection[Coppia], quali: Collection[Coppia] | None) -> bool:
    return coppia not in trovate and (quali is None or coppia in quali)


def scritti(fotografia: Fotografia) -> Iterator[tuple[Chiave, Somme]]:
    """The combinations of a photograph, as they are written: one query."""
    righe = Profilo.objects.filter(fotografia=fotografia).order_by().values_list(*CAMPI_CHIAVE, "somme")
    for *campi, somme in righe.iterator(chunk_size=PER_VOLTA):
        yield chiave_di(*campi), da_json(somme)


def scrivi_posizioni(posizioni: Mapping[int, int], prima: Mapping[int, int]) -> None:
    """Where each intervento was counted, and where it was before: only what is not the same is written."""
    nuove = [
        Posizione(intervento=intervento, profilo_id=profilo)
        for intervento, profilo in posizioni.items()
        if prima.get(intervento) != profilo
    ]
    Posizione.objects.bulk_create(
        nuove, update_conflicts=True, unique_fields=["intervento"], update_fields=["profilo"], batch_size=10 * PER_VOLTA
    )
    for blocco in _a_blocchi([intervento for intervento in prima if intervento not in posizioni]):
        Posizione.objects.filter(pk__in=blocco).delete()


def _a_blocchi(tutti: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for inizio in range(0, len(tutti), PER_VOLTA):
        yield tutti[inizio : inizio + PER_VOLTA]
