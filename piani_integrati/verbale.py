"""The verification of the piani as data for machines: what `manage.py verifica_piani --json` prints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from piani_integrati import regole
from piani_integrati.models import Deroga, EsitoRegola, PianoIntegrato
from piani_integrati.regole import Contesto, Giudizio, Prova, Prove


def verbale(piani: Sequence[PianoIntegrato], contesto: Contesto) -> dict[str, Any]:
    """Outcome, measure and evidence of every rule for these piani, on the data of now and by the norms of a day.

    Amounts are decimal texts in EUR, shares in percent, surfaces in m²; days are ISO.
    """
    giudizi = regole.valuta_molti([piano.pk for piano in piani], contesto)
    registrati = esiti_registrati(piani, contesto.al)
    deroghe = list(
        Deroga.objects.filter(piano__in=piani, ritirata_il__isnull=True, data__lte=contesto.al).select_related(
            "intervento"
        )
    )
    return {
        "al": contesto.al.isoformat(),
        "piani": [
            _piano(piano, giudizi[piano.pk], regole.spiega(piano, contesto), registrati, deroghe) for piano in piani
        ],
    }


def esiti_registrati(piani: Sequence[PianoIntegrato], giorno: date) -> dict[tuple[int, str], EsitoRegola]:
    """The outcomes that the portal kept at the end of a day, by piano and rule; none before it judged at all."""
    righe = EsitoRegola.objects.filter(piano__in=piani, passaggio__isnull=True, dal__date__lte=giorno)
    return {
        (riga.piano_id, riga.regola): riga
        for riga in righe.order_by("dal", "pk")
        if riga.al is None or timezone.localdate(riga.al) > giorno
    }


def _piano(
    piano: PianoIntegrato,
    giudizi: list[Giudizio],
    prove: dict[str, Prove],
    registrati: dict[tuple[int, str], EsitoRegola],
    deroghe: list[Deroga],
) -> dict[str, Any]:
    return {
        "codice": piano.codice,
        "titolo": piano.titolo,
        "stato": piano.stato,
        "esito": regole.complessivo(giudizi).codice,
        "regole": [
            _regola(
                giudizio,
                prove[giudizio.regola.codice],
                registrati.get((piano.pk, giudizio.regola.codice)),
                [d for d in deroghe if d.piano_id == piano.pk and d.regola == giudizio.regola.codice],
            )
            for giudizio in giudizi
        ],
    }


def _regola(giudizio: Giudizio, prove: Prove, registrato: EsitoRegola | None, deroghe: list[Deroga]) -> dict[str, Any]:
    regola = giudizio.regola
    return {
        "codice": regola.codice,
        "titolo": str(regola.titolo),
        "fonte": str(regola.fonte),
        "livello": regola.livello.value,
        "obbligatoria": regola.obbligatoria,
        "esito": giudizio.esito.codice,
        "misura": _testo(giudizio.misura),
        "unita": regola.unita.value,
        "confronto": regola.confronto.codice,
        "soglia": _testo(giudizio.soglia),
        "distanza": _testo(giudizio.distanza),
        "interventi": {
            "conformi": giudizio.conformi,
            "non_conformi": giudizio.non_conformi,
            "non_determinabili": giudizio.non_determinabili,
            "non_applicabili": giudizio.non_applicabili,
        },
        "evidenza": [_prova(prova) for prova in prove.falliti],
        "dati_mancanti": [
            {**_intervento(prova), "mancano": [str(dato.manca) for dato in prova.mancano]} for prova in prove.ignoti
        ],
        "deroghe": [
            {
                "atto": deroga.atto,
                "organo": deroga.organo,
                "data": deroga.data.isoformat(),
                "motivo": deroga.motivo,
                "intervento": deroga.intervento.codice if deroga.intervento else None,
            }
            for deroga in deroghe
        ],
        "registrato": None
        if registrato is None
        else {"esito": regole.Esito(registrato.esito).codice, "dal": registrato.dal.isoformat()},
    }


def _prova(prova: Prova) -> dict[str, Any]:
    return {**_intervento(prova), "misura": _testo(prova.misura)}


def _intervento(prova: Prova) -> dict[str, Any]:
    return {"cup": prova.intervento.cup, "clp": prova.intervento.clp, "titolo": prova.intervento.titolo}


def _testo(valore: Decimal | None) -> str | None:
    return None if valore is None else f"{valore:f}"
