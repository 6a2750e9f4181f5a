"""What the API reads of one piano, besides its published row. Every function costs a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from enti.models import Utente
from interoperabilita.formati import valori
from interoperabilita.risorse.piani import esiti_tenuti, verifiche
from interventi.models import Intervento
from monitoraggio.selectors.elenco_situazione import PAROLE, con_situazione
from monitoraggio.tempo import Tempo, fine_del_giorno
from piani_integrati.deroghe import titolo_di
from piani_integrati.esiti import Esito
from piani_integrati.models import Deroga, EsitoRegola, PianoIntegrato, StatoVerifica
from piani_integrati.regole import PER_CODICE, REGOLE, Unita
from piani_integrati.selectors_verifica import visibili

_POSTI = {regola.codice: posto for posto, regola in enumerate(REGOLE)}


def per_codice(testo: str) -> PianoIntegrato | None:
    """The piano with this code, in capitals or not, or this slug: «COME IN», «come in» and «come-in» are the same."""
    trovato = PianoIntegrato.objects.filter(codice=testo).first()
    if trovato is not None:
        return trovato
    # Compared here: SQLite knows capitals of ASCII letters only.
    cercato = testo.casefold()
    nomi = list(PianoIntegrato.objects.order_by("pk").values_list("pk", "codice", "slug"))
    candidati = [pk for pk, codice, _slug in nomi if codice.casefold() == cercato]
    candidati += [pk for pk, _codice, slug in nomi if slug.casefold() == cercato]
    return PianoIntegrato.objects.get(pk=candidati[0]) if candidati else None


def interventi_per_stato(piano: int, al: date | None, noto_al: datetime) -> dict[str, int]:
    """How many interventi of a piano are in each state of the monitoring, on a day or now."""
    tempo = Tempo(oggi=timezone.localdate(), al=al, noto_al=None if al is None else noto_al)
    suoi = con_situazione(Intervento.objects.filter(nel_piano__piano=piano), tempo).order_by()
    conti = dict(suoi.values_list("stato").annotate(n=Count("pk")))
    return {stato: conti.get(stato, 0) for stato in PAROLE}


def verifica(piano: PianoIntegrato, al: date | None, utente: Utente) -> dict[str, Any]:
    """The outcomes that the portal keeps of every rule, now or at the end of a day.

    Outcomes and counts are for all who may read the piani; single interventi are named only to who may open them.
    """
    istante = None if al is None else fine_del_giorno(al)
    righe = list(esiti_tenuti(istante).filter(piano=piano))
    righe.sort(key=lambda riga: (_POSTI.get(riga.regola, len(_POSTI)), riga.regola))
    deroghe = _deroghe(piano, al)
    cause = {pk for riga in righe if riga.esito == Esito.NON_CONFORME for pk in riga.evidenza}
    cause |= {d.intervento_id for sue in deroghe.values() for d in sue if d.intervento_id is not None}
    nomi = visibili(cause, utente)
    stato = StatoVerifica.objects.filter(piano=piano).first()
    return {
        "codice": piano.codice,
        "slug": piano.slug,
        **verifiche([piano.pk], istante)[piano.pk],
        "verificato_il": valori.istante(stato.quando) if stato is not None and al is None else None,
        "da_aggiornare": piano.modifiche_da_verificare.exists(),
        "regole": [_regola(riga, deroghe[riga.regola], nomi) for riga in righe],
    }


def _deroghe(piano: PianoIntegrato, al: date | None) -> dict[str, list[Deroga]]:
    """The waivers that hold now, or held at the end of a day, by rule."""
    valide = Deroga.objects.filter(piano=piano).order_by("-data", "-pk")
    if al is None:
        valide = valide.filter(ritirata_il__isnull=True)
    else:
        valide = valide.filter(
            Q(ritirata_il__isnull=True) | Q(ritirata_il__gt=fine_del_giorno(al)),
            data__lte=al,
        )
    per_regola: dict[str, list[Deroga]] = defaultdict(list)
    for deroga in valide:
        per_regola[deroga.regola].append(deroga)
    return per_regola


def _regola(riga: EsitoRegola, deroghe: list[Deroga], nomi: dict[int, Intervento]) -> dict[str, Any]:
    regola = PER_CODICE.get(riga.regola)
    fallita = riga.esito == Esito.NON_CONFORME
    cause = [nomi[pk] for pk in riga.evidenza if pk in nomi] if fallita else []
    return {
        "codice": riga.regola,
        "titolo": titolo_di(riga.regola),
        "fonte": str(regola.fonte) if regola is not None else "",
        "livello": regola.livello.value if regola is not None else "",
        "obbligatoria": regola.obbligatoria if regola is not None else False,
        "esito": Esito(riga.esito).codice,
        "valore": riga.misura,
        "confronto": regola.confronto.codice if regola is not None else "",
        "soglia": riga.soglia,
        "distanza": _distanza(riga),
        "unita": regola.unita.value if regola is not None else "",
        "interventi_conformi": riga.conformi,
        "interventi_non_conformi": riga.non_conformi,
        "interventi_non_determinabili": riga.non_determinabili,
        "interventi_non_applicabili": riga.non_applicabili,
        "cause": [_intervento(intervento) for intervento in cause],
        "altre_cause": max(riga.non_conformi - len(cause), 0) if fallita else 0,
        "deroghe": [_deroga(d, nomi) for d in deroghe if d.intervento_id is None or d.intervento_id in nomi],
        "dal": valori.istante(riga.dal),
    }


def _distanza(riga: EsitoRegola) -> str:
    """Measure less threshold, exact; "" where there is nothing to measure."""
    regola = PER_CODICE.get(riga.regola)
    if not riga.misura or not riga.soglia or regola is None or regola.unita is Unita.SI_NO:
        return ""
    return f"{Decimal(riga.misura) - Decimal(riga.soglia):f}"


def _intervento(intervento: Intervento) -> dict[str, Any]:
    return {
        "id": intervento.pk,
        "cup": intervento.cup,
        "clp": valori.riga(intervento.clp),
        "titolo": valori.riga(intervento.titolo),
    }


def _deroga(deroga: Deroga, nomi: dict[int, Intervento]) -> dict[str, Any]:
    intervento = nomi.get(deroga.intervento_id or 0)
    return {
        "atto": valori.riga(deroga.atto),
        "organo": valori.riga(deroga.organo),
        "data": valori.giorno(deroga.data),
        "motivo": valori.riga(deroga.motivo),
        "cup": intervento.cup if intervento is not None else "",
        "clp": valori.riga(intervento.clp) if intervento is not None else "",
    }
