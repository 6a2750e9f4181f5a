"""The body of a write: JSON, read to the letter by the fields that it may have. Every error is told, with its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson
from django.utils.translation import gettext as _

from interoperabilita.risorse.scritti import CampoScritto
from interoperabilita.risorse.tipi import Campo, Tipo

_GIORNO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Beyond these many errors nobody reads on.
ERRORI_AL_MASSIMO = 200


class JsonErrato(Exception):
    """It is not well-formed JSON in UTF-8: the text says where."""


@dataclass(frozen=True)
class Errore:
    """What is wrong, and where: `dove` is a JSON Pointer (RFC 6901)."""

    dove: str
    testo: str


class CorpoErrato(Exception):
    """The body is not as it must be: every error with its place."""

    def __init__(self, errori: Sequence[Errore]) -> None:
        super().__init__(f"{len(errori)} errori")
        self.errori = list(errori)


def interpreta(byte: bytes) -> Any:
    """The JSON of a body; an empty one is an object without fields. Raises JsonErrato."""
    if not byte.strip():
        return {}
    try:
        return orjson.loads(byte)
    except orjson.JSONDecodeError as errore:
        raise JsonErrato(str(errore)) from None


def leggi(campi: Sequence[Campo], corpo: Any) -> dict[str, Any]:
    """The fields of a body that are there, of the types they must be of. Raises CorpoErrato with all that is wrong."""
    lettura = _Lettura()
    letto = lettura.oggetto(campi, corpo, "")
    if lettura.errori:
        raise CorpoErrato(lettura.errori)
    return letto


@dataclass
class _Lettura:
    errori: list[Errore] = field(default_factory=list)

    def _errore(self, dove: str, testo: str) -> None:
        if len(self.errori) < ERRORI_AL_MASSIMO:
            self.errori.append(Errore(dove, testo))

    def oggetto(self, campi: Sequence[Campo], valore: Any, dove: str) -> dict[str, Any]:
        if not isinstance(valore, dict):
            self._errore(dove, _("Serve un oggetto JSON, fra parentesi graffe."))
            return {}
        conosciuti = {campo.nome: campo for campo in campi}
        letto: dict[str, Any] = {}
        for nome, dato in valore.items():
            posto = f"{dove}/{_in_puntatore(nome)}"
            if nome not in conosciuti:
                self._errore(posto, _("Questo campo non c'è. Ci sono: %(nomi)s.") % {"nomi": ", ".join(conosciuti)})
            else:
                letto[nome] = self._valore(conosciuti[nome], dato, posto)
        for campo in campi:
            if isinstance(campo, CampoScritto) and campo.serve and campo.nome not in valore:
                self._errore(f"{dove}/{campo.nome}", _("Manca, e serve."))
        return letto

    def _valore(self, campo: Campo, valore: Any, dove: str) -> Any:
        if valore is None:
            if not campo.nullo:
                self._errore(dove, _("Non può essere null."))
            return None
        match campo.tipo:
            case Tipo.OGGETTO:
                return self.oggetto(campo.campi, valore, dove)
            case Tipo.OGGETTI:
                return self._elenco(campo, valore, dove)
        if testo := _sbagliato(campo, valore):
            self._errore(dove, testo)
        return valore

    def _elenco(self, campo: Campo, valore: Any, dove: str) -> list[Any]:
        if not isinstance(valore, list):
            self._errore(dove, _("Serve un elenco, fra parentesi quadre."))
            return []
        massimo = campo.massimo if isinstance(campo, CampoScritto) else None
        if massimo is not None and len(valore) > massimo:
            self._errore(dove, _("Le righe sono %(quante)s: al massimo %(massimo)s.") % _quanti(len(valore), massimo))
            return []
        return [self.oggetto(campo.campi, voce, f"{dove}/{posto}") for posto, voce in enumerate(valore)]


def _in_puntatore(nome: str) -> str:
    return nome[:80].replace("~", "~0").replace("/", "~1")


def _quanti(quante: int, massimo: int) -> dict[str, int]:
    return {"quante": quante, "massimo": massimo}


def _sbagliato(campo: Campo, valore: Any) -> str:
    """Why a value cannot be of this field; "" if it can."""
    match campo.tipo:
        case Tipo.BOOLEANO:
            return "" if isinstance(valore, bool) else _("Serve true o false.")
        case Tipo.INTERO:
            return _intero(campo, valore)
        case Tipo.SCELTA:
            scelte = ", ".join(campo.scelte)
            giusto = isinstance(valore, str) and valore in campo.scelte
            return "" if giusto else _("Serve uno di questi valori: %(scelte)s.") % {"scelte": scelte}
    if not isinstance(valore, str):
        if campo.tipo is Tipo.IMPORTO or (isinstance(valore, int | float) and not isinstance(valore, bool)):
            return _("Serve un testo fra virgolette, per esempio «%(esempio)s».") % {"esempio": campo.esempio}
        return _("Serve un testo.")
    if campo.tipo is Tipo.DATA:
        return _giorno(valore)
    return _testo(campo, valore)


def _intero(campo: Campo, valore: Any) -> str:
    if not isinstance(valore, int) or isinstance(valore, bool):
        return _("Serve un numero intero, senza virgolette né decimali.")
    if isinstance(campo, CampoScritto):
        if campo.minimo is not None and valore < campo.minimo:
            return _("Il minimo è %(minimo)s.") % {"minimo": campo.minimo}
        if campo.massimo is not None and valore > campo.massimo:
            return _("Il massimo è %(massimo)s.") % {"massimo": campo.massimo}
    return ""


def _giorno(valore: str) -> str:
    try:
        if not _GIORNO.fullmatch(valore):
            raise ValueError
        date.fromisoformat(valore)
    except ValueError:
        return _("Serve un giorno come 2026-10-31.")
    return ""


def _testo(campo: Campo, valore: str) -> str:
    if not isinstance(campo, CampoScritto):
        return ""
    if campo.massimo is not None and len(valore) > campo.massimo:
        return _("Il testo ha %(quante)s caratteri: al massimo %(massimo)s.") % _quanti(len(valore), campo.massimo)
    if campo.forma and not re.fullmatch(campo.forma, valore):
        if campo.tipo is Tipo.IMPORTO:
            return _("Serve un importo in euro con il punto e al massimo due decimali, per esempio «125000.00».")
        if "[^" in campo.forma:
            return _("Il testo contiene caratteri di controllo: toglili.")
        return _("Non ha la forma giusta: per esempio «%(esempio)s».") % {"esempio": campo.esempio}
    return ""
