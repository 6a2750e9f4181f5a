"""The wire format: what a value becomes in the file, and what had to be changed of it to fit."""

from __future__ import annotations

import enum
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from monitoraggio.regis.tracciato import FINE_RIGA, SEPARATORE, Campo, Genere, Tabella
from psttm import formati

CENTESIMO = Decimal("0.01")
# What the format cannot carry inside a text, beside line ends and control characters: it has no way to escape them.
VIETATI = frozenset({SEPARATORE, '"'})
# Control characters and lone surrogates, which no UTF-8 file can hold.
CATEGORIE_VIETATE = frozenset({"Cc", "Cs", "Zl", "Zp"})


class Ritocco(enum.Enum):
    """What happened to a value on its way to the file."""

    RIPULITO = "ripulito"
    ACCORCIATO = "accorciato"
    ARROTONDATO = "arrotondato"
    TROPPO_LUNGO = "troppo_lungo"


@dataclass(frozen=True)
class Nota:
    """Something to know of a value that was written: of which field, what, in words."""

    campo: Campo
    ritocco: Ritocco
    testo: str


@dataclass(frozen=True)
class Scritto:
    testo: str
    note: tuple[Nota, ...] = ()


@dataclass(frozen=True)
class RigaScritta:
    """A row with its line end, and which of the fields that it should have are empty."""

    testo: str
    note: tuple[Nota, ...]
    vuoti: tuple[Campo, ...]


def scrivi_riga(tabella: Tabella, valori: Mapping[str, Any]) -> RigaScritta:
    """A row of a table. Fields that `valori` does not name stay empty.

    Raises KeyError for a field that the table does not have, ValueError for an amount with more than two decimals.
    """
    ignoti = set(valori) - {campo.nome for campo in tabella.campi}
    if ignoti:
        raise KeyError(f"{tabella.codice}: {sorted(ignoti)}")
    scritti = [scrivi(campo, valori.get(campo.nome)) for campo in tabella.campi]
    return RigaScritta(
        testo=SEPARATORE.join(scritto.testo for scritto in scritti) + FINE_RIGA,
        note=tuple(nota for scritto in scritti for nota in scritto.note),
        vuoti=tuple(
            campo
            for campo, scritto in zip(tabella.campi, scritti, strict=True)
            if campo.obbligatorio and not scritto.testo
        ),
    )


def scrivi(campo: Campo, valore: Any) -> Scritto:
    """A value as its field wants it; None and blank are the empty field."""
    if valore is None or valore == "":
        return Scritto("")
    if campo.genere is Genere.DATA:
        return Scritto(_giorno(valore))
    if campo.genere in {Genere.IMPORTO, Genere.NUMERO}:
        return _numero(campo, valore)
    return _testo(campo, str(valore))


def _giorno(giorno: date) -> str:
    return f"{giorno.day:02}/{giorno.month:02}/{giorno.year:04}"


def _numero(campo: Campo, valore: Decimal | int) -> Scritto:
    """Two decimals. An amount is exact to the cent already; another measure is rounded, and the note says so."""
    esatto = Decimal(valore)
    centesimi = esatto.quantize(CENTESIMO, rounding=ROUND_HALF_UP)
    note = []
    if centesimi != esatto:
        if campo.genere is Genere.IMPORTO:
            raise ValueError(f"{campo.nome}: {valore} ha più di due decimali")
        frase = _("«%(campo)s» è scritto con due decimali: %(valore)s è diventato %(scritto)s.")
        valori = {"campo": campo.titolo, "valore": _intero(esatto), "scritto": formati.numero(centesimi, 2)}
        note.append(Nota(campo, Ritocco.ARROTONDATO, frase % valori))
    testo = f"{centesimi + 0:f}".replace(".", ",")
    return Scritto(testo, (*note, *_oltre(campo, testo)))


def _intero(valore: Decimal) -> str:
    """All the decimals of a number, the Italian way."""
    return f"{valore.normalize():f}".replace(".", ",")


def _testo(campo: Campo, valore: str) -> Scritto:
    note = []
    pulito = "".join(" " if _vietato(carattere) else carattere for carattere in valore)
    if pulito.strip() != valore.strip():
        frase = _(
            "In «%(campo)s» barre verticali, virgolette doppie e a capo sono diventati spazi: "
            "il tracciato non li ammette."
        )
        note.append(Nota(campo, Ritocco.RIPULITO, frase % {"campo": campo.titolo}))
    testo = " ".join(pulito.split())
    if campo.genere is Genere.CODICE:
        return Scritto(testo, (*note, *_oltre(campo, testo)))
    if len(testo) > campo.lunghezza:
        frase = _(
            "«%(campo)s» è lungo %(quanti)s caratteri: nel tracciato ne stanno %(massimo)s, gli altri sono tagliati."
        )
        valori = {
            "campo": campo.titolo,
            "quanti": formati.numero(len(testo)),
            "massimo": formati.numero(campo.lunghezza),
        }
        note.append(Nota(campo, Ritocco.ACCORCIATO, frase % valori))
        testo = testo[: campo.lunghezza].rstrip()
    return Scritto(testo, tuple(note))


def _vietato(carattere: str) -> bool:
    return carattere in VIETATI or unicodedata.category(carattere) in CATEGORIE_VIETATE


def _oltre(campo: Campo, testo: str) -> tuple[Nota, ...]:
    """Codes and numbers are never cut: they are written whole, and told."""
    if len(testo) <= campo.lunghezza:
        return ()
    frase = _(
        "«%(campo)s» ha %(quanti)s caratteri (%(valore)s), il tracciato ne prevede %(massimo)s: è scritto intero, "
        "ma ReGiS può rifiutarlo."
    )
    valori = {"campo": campo.titolo, "quanti": len(testo), "valore": testo, "massimo": campo.lunghezza}
    return (Nota(campo, Ritocco.TROPPO_LUNGO, frase % valori),)
