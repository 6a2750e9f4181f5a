"""The routes, from the map of addresses, with what fills them and who may open them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import get_resolver, resolve

from enti.accesso import permesso_di
from enti.permessi import CHI_PUO, Permesso
from enti.ruoli import Ruolo
from tests.ostile.generi import genere_di
from tests.ostile.scena import ANONIMO, FERMO, SUO, TUTTI, Scena
from tests.test_rotte import ARGOMENTI, ARGOMENTI_PER_SPAZIO, ARGOMENTO, Rotta, rotte

# Who is tried first where several may enter: who sees and does the most.
PREFERITI = (Ruolo.COORDINATORE, Ruolo.AMMINISTRATORE, Ruolo.RESPONSABILE)
CHIESTI = re.compile(r'request\.GET(?:\.get|\.getlist)?[\[(]"(\w+)"')
INVIATI = re.compile(r'(?:request\.POST|dati)(?:\.get|\.getlist)?[\[(]"(\w+)"')
CAMPI = re.compile(r'\sname="([^"]{1,80})"')


def tutte() -> list[Rotta]:
    """The pages and the API; of the administration, which Django draws, those that are not of rows."""
    return [rotta for rotta in rotte(get_resolver()) if "(?P" not in rotta.modello]


def permesso(rotta: Rotta) -> Permesso:
    regola = permesso_di(resolve(rotta.indirizzo()))
    assert regola is not None, rotta.nome
    return regola


def ammessi(rotta: Rotta) -> frozenset[str]:
    """Who may enter, by `enti.permessi`; the others are kept out whatever they ask."""
    regola = permesso(rotta)
    if regola == Permesso.PUBBLICO:
        return frozenset(TUTTI)
    if regola == Permesso.CONTO:
        return frozenset(TUTTI) - {ANONIMO}
    return frozenset(ruolo.value for ruolo in CHI_PUO[regola])


def chi_entra(rotta: Rotta) -> str:
    possono = ammessi(rotta)
    return next((ruolo.value for ruolo in PREFERITI if ruolo.value in possono), min(possono))


def indirizzi(rotta: Rotta, scena: Scena, chi: str) -> list[str]:
    """Its addresses: with something of whoever asks, and with the same where little may be done."""
    if "<" not in rotta.modello:
        return [rotta.modello]
    genere = genere_di(rotta)
    dove = [indirizzo(rotta, scena.argomenti(genere, quale, chi)) for quale in (SUO, FERMO)] if genere else []
    return [uno for uno in dove if uno] or [rotta.indirizzo()]


def indirizzo(rotta: Rotta, argomenti: dict[str, object] | None) -> str:
    """The address with these arguments, and the examples for the others ("" without any)."""
    if argomenti is None:
        return ""
    esempi = ARGOMENTI.get(rotta.nome, ARGOMENTI_PER_SPAZIO.get(rotta.spazio, {})) | argomenti
    return ARGOMENTO.sub(lambda trovato: str(esempi[trovato[1] or trovato[2]]), rotta.modello)


@cache
def nomi_nel_codice(quali: str) -> tuple[str, ...]:
    """The parameters (`GET`) or the fields (`POST`) that some view reads by name."""
    forma = CHIESTI if quali == "GET" else INVIATI
    return tuple(sorted({nome for testo in _sorgenti() for nome in forma.findall(testo)}))


def _sorgenti() -> Iterator[str]:
    for stanza in settings.INSTALLED_APPS:
        if Path(settings.BASE_DIR, stanza).is_dir():
            for file in Path(settings.BASE_DIR, stanza).rglob("*.py"):
                yield file.read_text(encoding="utf-8")


def campi(pagina: bytes) -> list[str]:
    """The names of what can be filled in on a page."""
    nomi = dict.fromkeys(CAMPI.findall(pagina.decode(errors="replace")))
    return [nome for nome in nomi if nome not in {"viewport", "csrfmiddlewaretoken", "description"}]
