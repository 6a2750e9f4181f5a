"""The changes of a scenario: kept as JSON, applied to the interventi of today, told in words. No database in here.

The JSON is that of `Scenario.modifiche`: {"interventi": {pk: {campo: valore}}, "esclusi": [pk], "aggiunti": [pk],
"ipotetici": [{"nome": …, campo: valore}]}. Amounts (EUR) and surfaces (m²) are decimal texts, null is "not known";
fields are those of `simulazione.CAMPI`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro
from django.utils.translation import ngettext

from interventi.forms.campi import MASSIMO
from interventi.scelte import ClasseEnergetica
from piani_integrati.simulazione import CAMPI, CLASSI, COSTO, PRIVATO, Ipotetico, Modifiche, Valori
from psttm import formati

EDIFICIO = "edificio"
CENTESIMO = Decimal("0.01")
NOME_MASSIMO = 200
IPOTETICI_MASSIMI = 12
# More than any piano has: what comes from a browser is not to grow a query without end.
INTERVENTI_MASSIMI = 5_000
# How each field is called before the intervento it belongs to.
NOMI = {
    COSTO: pigro("costo"),
    PRIVATO: pigro("denaro dei privati"),
    EDIFICIO: pigro("edificio"),
    "classe_prima": pigro("classe energetica prima dei lavori"),
    "classe_dopo": pigro("classe energetica dopo i lavori"),
    "mq_beneficiari": pigro("area che ne beneficia"),
    "edificato_prima": pigro("superficie edificata prima"),
    "edificato_dopo": pigro("superficie edificata dopo"),
    "verde_prima": pigro("superficie a verde prima"),
    "verde_dopo": pigro("superficie a verde dopo"),
}


@dataclass(frozen=True)
class Riga:
    """An intervento as it is now: `valori` hold all of CAMPI, `piano` is the code of the piano it is in, or empty."""

    pk: int
    codice: str
    titolo: str
    piano_id: int | None
    piano: str
    valori: Valori


Righe = Mapping[int, Riga]


# --- JSON ------------------------------------------------------------------------------------------------------------


def in_json(modifiche: Modifiche) -> dict[str, Any]:
    """What `da_json` reads back."""
    return {
        "interventi": {str(pk): _semplici(cambi) for pk, cambi in sorted(modifiche.interventi.items())},
        "esclusi": sorted(modifiche.esclusi),
        "aggiunti": sorted(modifiche.aggiunti),
        "ipotetici": [{"nome": uno.nome, **_semplici(uno.valori)} for uno in modifiche.ipotetici],
    }


def _semplici(valori: Valori) -> dict[str, Any]:
    return {campo: f"{v:f}" if isinstance(v, Decimal) else v for campo, v in valori.items()}


def da_json(dati: Any) -> Modifiche:
    """The changes that a JSON says; what does not have the right shape is not there."""
    dati = dati if isinstance(dati, dict) else {}
    interventi = dati.get("interventi")
    cambi = {
        chiave: letti
        for pk, valori in islice(interventi.items() if isinstance(interventi, dict) else (), INTERVENTI_MASSIMI)
        if (chiave := _chiave(pk)) is not None and (letti := _valori(valori))
    }
    ipotetici = dati.get("ipotetici")
    return Modifiche(
        interventi=cambi,
        esclusi=_chiavi(dati.get("esclusi")),
        aggiunti=_chiavi(dati.get("aggiunti")),
        ipotetici=tuple(
            Ipotetico(uno["nome"].strip()[:NOME_MASSIMO], _valori(uno))
            for uno in (ipotetici[:IPOTETICI_MASSIMI] if isinstance(ipotetici, list) else ())
            if isinstance(uno, dict) and isinstance(uno.get("nome"), str) and uno["nome"].strip()
        ),
    )


def _chiave(pk: Any) -> int | None:
    testo = str(pk)
    return int(testo) if testo.isascii() and testo.isdecimal() and len(testo) < 19 else None


def _chiavi(elenco: Any) -> frozenset[int]:
    chiavi = (_chiave(pk) for pk in (elenco[:INTERVENTI_MASSIMI] if isinstance(elenco, list) else ()))
    return frozenset(pk for pk in chiavi if pk is not None)


def _valori(dati: Any) -> dict[str, Any]:
    letti: dict[str, Any] = {}
    for campo in CAMPI if isinstance(dati, dict) else ():
        if campo not in dati:
            continue
        if dati[campo] is None:
            letti[campo] = None
        elif campo == EDIFICIO:
            letti |= {campo: dati[campo]} if isinstance(dati[campo], bool) else {}
        elif campo in CLASSI:
            letti |= {campo: dati[campo]} if dati[campo] in ClasseEnergetica.values else {}
        else:
            numero = _numero(dati[campo])
            letti |= {} if numero is None else {campo: numero}
    return letti


def _numero(testo: Any) -> Decimal | None:
    """An exact number from zero up, with two decimals at most; never one in floating point."""
    if not isinstance(testo, str):
        return None
    try:
        numero = Decimal(testo)
    except InvalidOperation:
        return None
    if not numero.is_finite() or not 0 <= numero <= MASSIMO or numero != numero.quantize(CENTESIMO):
        return None
    return numero.quantize(CENTESIMO)


# --- On the interventi of today --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Applicate:
    """The changes that make sense today, and in words what was skipped and why."""

    modifiche: Modifiche
    avvisi: list[str] = field(default_factory=list)


def applicabili(modifiche: Modifiche, righe: Righe, piano_id: int) -> Applicate:
    """Leave out what the present rows contradict. `righe` are the interventi that the person may see."""
    spariti = {pk for pk in modifiche.nominati if pk not in righe}
    nel_piano = {pk for pk, riga in righe.items() if riga.piano_id == piano_id}
    aggiunti = {pk for pk in modifiche.aggiunti if pk in righe and pk not in nel_piano}
    usciti = sorted(
        righe[pk].codice
        for pk in (frozenset(modifiche.interventi) | modifiche.esclusi) - spariti
        if pk not in nel_piano and pk not in aggiunti
    )
    tenute = Modifiche(
        interventi={
            pk: diversi
            for pk, cambi in modifiche.interventi.items()
            if pk in nel_piano | aggiunti and (diversi := _diversi(cambi, righe[pk].valori))
        },
        esclusi=modifiche.esclusi & nel_piano,
        aggiunti=frozenset(aggiunti),
        ipotetici=modifiche.ipotetici,
    )
    entrati = sorted(righe[pk].codice for pk in modifiche.aggiunti - spariti if pk in nel_piano)
    return Applicate(tenute, list(_avvisi(len(spariti), usciti, entrati)))


def _diversi(cambi: Valori, adesso: Valori) -> dict[str, Any]:
    return {campo: valore for campo, valore in cambi.items() if valore != adesso[campo]}


def _avvisi(spariti: int, usciti: Sequence[str], entrati: Sequence[str]) -> Iterator[str]:
    if spariti:
        yield ngettext(
            "Un intervento dello scenario non c'è più, o non è fra quelli che puoi vedere: le sue modifiche non sono "
            "contate.",
            "%(quanti)s interventi dello scenario non ci sono più, o non sono fra quelli che puoi vedere: le loro "
            "modifiche non sono contate.",
            spariti,
        ) % {"quanti": spariti}
    if usciti:
        yield ngettext(
            "%(codici)s non è più nel piano: le sue modifiche non sono contate.",
            "%(codici)s non sono più nel piano: le loro modifiche non sono contate.",
            len(usciti),
        ) % {"codici": ", ".join(usciti)}
    if entrati:
        yield ngettext(
            "%(codici)s, che lo scenario aggiungeva, ora è già nel piano.",
            "%(codici)s, che lo scenario aggiungeva, ora sono già nel piano.",
            len(entrati),
        ) % {"codici": ", ".join(entrati)}


def unite(sopra: Modifiche, sotto: Modifiche) -> Modifiche:
    """Two sets of changes as one; where both change the same field, that of `sopra` holds."""
    pks = frozenset(sopra.interventi) | frozenset(sotto.interventi)
    return Modifiche(
        interventi={pk: {**sotto.interventi.get(pk, {}), **sopra.interventi.get(pk, {})} for pk in sorted(pks)},
        esclusi=sopra.esclusi | sotto.esclusi,
        aggiunti=sopra.aggiunti | sotto.aggiunti,
        ipotetici=(*sopra.ipotetici, *sotto.ipotetici),
    )


# --- In words --------------------------------------------------------------------------------------------------------


def conta(modifiche: Modifiche) -> int:
    """How many changes, as `in_parole` tells them: those of an intervento that is left out do not count."""
    dentro = sum(len(cambi) for pk, cambi in modifiche.interventi.items() if pk not in modifiche.esclusi)
    return dentro + len(modifiche.esclusi) + len(modifiche.aggiunti) + len(modifiche.ipotetici)


def in_parole(modifiche: Modifiche, righe: Righe) -> list[str]:
    """Each change in words, those of the same intervento together. The changes must be applicable to the rows."""
    frasi = [_("escluso %(codice)s") % {"codice": codice} for codice in _codici(modifiche.esclusi, righe)]
    for pk in sorted(modifiche.aggiunti, key=lambda chi: righe[chi].codice):
        riga = righe[pk]
        if riga.piano:
            frasi.append(
                _("aggiunto %(codice)s, che ora è in %(piano)s") % {"codice": riga.codice, "piano": riga.piano}
            )
        else:
            frasi.append(_("aggiunto %(codice)s") % {"codice": riga.codice})
    for pk in sorted(modifiche.interventi, key=lambda chi: righe[chi].codice):
        if pk in modifiche.esclusi:
            continue
        riga = righe[pk]
        for campo in CAMPI:
            if campo in modifiche.interventi[pk]:
                frasi.append(
                    _("%(campo)s di %(codice)s da %(prima)s a %(dopo)s")
                    % {
                        "campo": NOMI[campo],
                        "codice": riga.codice,
                        "prima": valore(campo, riga.valori[campo]),
                        "dopo": valore(campo, modifiche.interventi[pk][campo]),
                    }
                )
    return [*frasi, *(_ipotetico(uno) for uno in modifiche.ipotetici)]


def _codici(pks: frozenset[int], righe: Righe) -> list[str]:
    return sorted(righe[pk].codice for pk in pks)


def _ipotetico(uno: Ipotetico) -> str:
    detti = [f"{NOMI[campo]} {valore(campo, v)}" for campo, v in uno.valori.items() if v is not None]
    return _("ipotetico «%(nome)s»: %(dati)s") % {
        "nome": uno.nome,
        "dati": ", ".join(detti) or _("nessun dato"),
    }


def valore(campo: str, cosa: Any) -> str:
    """A value of a field as people read it."""
    if cosa is None:
        return _("non noto")
    if campo == EDIFICIO:
        return _("sì") if cosa else _("no")
    if campo in CLASSI:
        return str(cosa)
    if campo in (COSTO, PRIVATO):
        return formati.euro(cosa)
    return _("%(numero)s m²") % {"numero": formati.numero(cosa, 2)}
