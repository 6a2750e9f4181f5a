"""From the text of a cell to its value, as ReGiS and offices write them (numbers: see `numeri`).

A parser takes the text of a cell and gives its value; for a cell that is empty, "N/D" or the like it gives "" (texts,
codes) or None (the rest). It raises CellaErrata when the cell cannot be taken, and the row with it; CellaDubbia, which
carries a value, when the cell was taken in a way that somebody should look at.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.utils import timezone

from interventi import cig, cup
from interventi.scelte import NaturaCup, RuoloSoggetto, StatoCup

Lettore = Callable[[str], Any]

# Written where there is no datum, by ReGiS, by spreadsheets and by people.
MANCANTI = frozenset(
    {"", "-", "--", "---", "–", "—", ".", "..", "...", "n/d", "n.d.", "n.d", "nd", "n/a", "n.a.", "n.a", "#n/d", "#n/a"}
    | {"null", "(null)", "nan", "none", "non disponibile"}
)
_PIU_LUNGO_MANCANTE = max(map(len, MANCANTI))

# Different values kept in memory by the parsers of columns that repeat a few ("Lombardia", "13/12/2024").
RICORDATI = 4096


class CellaErrata(Exception):
    """The cell does not hold what its column promises: the text says what is wrong and how to mend it."""


class CellaDubbia(Exception):
    """The cell was taken as `valore`, for the reason in the text."""

    def __init__(self, valore: Any, ragione: str) -> None:
        super().__init__(ragione)
        self.valore = valore


def manca(cella: str) -> bool:
    """Whether a cell, already without spaces around, holds no datum."""
    return cella.lower() in MANCANTI


# --- Texts -----------------------------------------------------------------------------------------------------------


def pulisci(cella: str) -> str:
    """One line with single spaces: no-break spaces, line ends and what Excel leaves of them (`_x000D_`) are spaces."""
    if "_x000" in cella:
        cella = cella.replace("_x000D_", " ").replace("_x000A_", " ").replace("_x0000_", "")
    pulita = " ".join(cella.split())
    return "" if len(pulita) <= _PIU_LUNGO_MANCANTE and manca(pulita) else pulita


def libero(massimo: int | None = None) -> Lettore:
    """A text of at most so many characters; what is longer is cut, and told."""

    def leggi(cella: str) -> str:
        pulita = pulisci(cella)
        if massimo is not None and len(pulita) > massimo:
            ragione = f"Il testo ha {len(pulita)} caratteri e il portale ne tiene {massimo}: è stato tagliato."
            raise CellaDubbia(pulita[:massimo], ragione)
        return pulita

    return leggi


def ripetuto(massimo: int | None = None) -> Lettore:
    """The same, for columns that repeat few values."""
    return lru_cache(RICORDATI)(libero(massimo))


def chiave(massimo: int) -> Lettore:
    """A text that is part of a key: never cut, because two cut keys could become one."""

    def leggi(cella: str) -> str:
        pulita = pulisci(cella)
        if len(pulita) > massimo:
            raise CellaErrata(f"Il codice ha {len(pulita)} caratteri, al massimo ne servono {massimo}.")
        return pulita

    return leggi


# --- Codes -----------------------------------------------------------------------------------------------------------

# What nearly all of 353,273 real CUPs are like: nothing to say of these. The rest goes to `cup.verifica`.
_CUP_USUALE = re.compile(r"[A-Z][0-9]{2}[A-J](?:0[0-9]|1[0-9]|2[0-4])[0-9]{5}000[1-9]", re.ASCII)
_INTERO = re.compile(r"([0-9]+)(?:[.,]0+)?", re.ASCII)


def codice_cup(cella: str) -> str:
    """A CUP; "" where there is none. Lower case and spaces inside are mended and told, a wrong form is refused.

    A code unusual in one way is taken without a word, or whole extracts would be doubtful; in two ways, or with a year
    still to come, it is told.
    """
    if _CUP_USUALE.fullmatch(cella):
        return cella
    esito = cup.verifica(cella)
    if esito.assente:
        return ""
    if not esito.valido:
        raise CellaErrata(esito.errore)
    scritto = cella.strip()
    detti = [] if esito.codice == scritto else [f"Era scritto «{scritto}»: letto {esito.codice}."]
    if len(esito.avvisi) > 1 or cup.anno_decisione(esito.codice) > timezone.localdate().year:
        detti.extend(esito.avvisi)
    if detti:
        raise CellaDubbia(esito.codice, " ".join(detti))
    return esito.codice


@lru_cache(RICORDATI)
def codice_cig(cella: str) -> str:
    """A CIG; "" where there is none. Zeros lost at the beginning are given back if the control then holds."""
    esito = cig.verifica(cella)
    if esito.assente:
        return ""
    if esito.valido:
        return esito.codice
    completato = esito.codice.zfill(cig.LUNGHEZZA)
    if completato != esito.codice and cig.verifica(completato).valido:
        raise CellaDubbia(completato, f"Mancavano gli zeri iniziali: «{esito.codice}» è stato letto {completato}.")
    raise CellaErrata(esito.errore)


@lru_cache(RICORDATI)
def codice_cig_facoltativo(cella: str) -> str:
    """A CIG that only refers to another tender: a wrong one is left out, and the row is taken."""
    try:
        return str(codice_cig(cella))
    except CellaErrata as errore:
        raise CellaDubbia("", f"{errore} Il codice non è stato preso.") from None


def codice_numerico(cifre: int, *, se_manca: str = "") -> Lettore:
    """A code of so many digits, given back the zeros that spreadsheets take away ("3" is "003")."""

    @lru_cache(RICORDATI)
    def leggi(cella: str) -> str:
        pulita = pulisci(cella)
        if not pulita:
            return se_manca
        intero = _INTERO.fullmatch(pulita)
        if intero is None or len(intero[1]) > cifre:
            raise CellaErrata(f"«{pulita}» non è un codice di {cifre} cifre.")
        return intero[1].zfill(cifre)

    return leggi


_due_cifre = codice_numerico(2)


@lru_cache(RICORDATI)
def codice_natura(cella: str) -> str:
    """The nature of a CUP, 2 digits."""
    codice = str(_due_cifre(cella))
    if codice and codice not in NaturaCup.values:
        raise CellaDubbia(codice, f"La natura «{codice}» non è fra quelle del Sistema CUP.")
    return codice


_cinque_cifre = codice_numerico(5)


@lru_cache(RICORDATI)
def cap(cella: str) -> str:
    """A postal code; "00000" is what ReGiS writes for a whole province, and is none."""
    try:
        codice = str(_cinque_cifre(cella))
    except CellaErrata as errore:
        raise CellaDubbia("", f"{errore} Il CAP non è stato preso.") from None
    return "" if codice == "00000" else codice


_tre_cifre = codice_numerico(3)


@lru_cache(RICORDATI)
def motivo_assenza_cig(cella: str) -> str:
    """The code of why there is no CIG; "000" means that there is one."""
    codice = str(_tre_cifre(cella))
    return "" if codice == "000" else codice


_CODICE_FISCALE = re.compile(r"[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]", re.ASCII)
_MASSIMO_CODICE_FISCALE = 16


@lru_cache(RICORDATI)
def codice_fiscale(cella: str) -> str:
    """The tax code of a body or firm (11 digits, zeros given back) or of a person (16); "" where masked or absent."""
    codice = cup.normalizza(pulisci(cella))
    if not codice.strip("*-.") or not codice.strip("0"):
        return ""
    if codice.startswith("IT") and codice[2:].isdecimal():
        codice = codice[2:]
    numero = _INTERO.fullmatch(codice)
    if numero is not None and len(numero[1]) <= 11:
        codice = numero[1].zfill(11)
        if not controllo_partita_iva(codice):
            ragione = f"La cifra di controllo di «{codice}» non torna: forse è sbagliato o non è italiano."
            raise CellaDubbia(codice, ragione)
        return codice
    if len(codice) > _MASSIMO_CODICE_FISCALE:
        raise CellaDubbia("", f"«{codice}» è più lungo di {_MASSIMO_CODICE_FISCALE} caratteri: non è stato preso.")
    if not _CODICE_FISCALE.fullmatch(codice):
        raise CellaDubbia(codice, f"«{codice}» non ha la forma di un codice fiscale o di una partita IVA.")
    return codice


def controllo_partita_iva(codice: str) -> bool:
    """Whether the last of the 11 digits is the control of the others (Luhn, DM 23/12/1976)."""
    somma = 0
    for posto, carattere in enumerate(codice):
        cifra = int(carattere) * (1 + posto % 2)
        somma += cifra - 9 if cifra > 9 else cifra
    return somma % 10 == 0


def comuni(cella: str) -> list[str]:
    """ISTAT codes of Comuni, 6 digits each, separated by | , ; or spaces."""
    codici = []
    for pezzo in re.split(r"[|,;\s]+", pulisci(cella)):
        if not pezzo:
            continue
        if not (pezzo.isascii() and pezzo.isdecimal() and 4 <= len(pezzo) <= 6):
            raise CellaErrata(f"«{pezzo}» non è un codice ISTAT di Comune: servono sei cifre, come 015146.")
        codici.append(pezzo.zfill(6))
    return codici


# --- Choices ---------------------------------------------------------------------------------------------------------


@lru_cache(RICORDATI)
def stato_cup(cella: str) -> str:
    """ "ATTIVO" or "Attivo" is `StatoCup.ATTIVO`."""
    pulita = pulisci(cella)
    if not pulita or pulita.lower() in StatoCup.values:
        return pulita.lower()
    raise CellaDubbia("", f"«{pulita}» non è uno stato conosciuto del CUP: non è stato preso.")


@lru_cache(RICORDATI)
def si_no(cella: str) -> bool | None:
    """Yes or no, in the ways of forms and spreadsheets."""
    pulita = pulisci(cella).lower()
    if not pulita:
        return None
    if pulita in {"sì", "si", "si'", "s", "yes", "y", "1", "true", "vero"}:
        return True
    if pulita in {"no", "n", "0", "false", "falso"}:
        return False
    raise CellaErrata(f"«{cella.strip()}» non è né sì né no.")


_RUOLI = {
    "programmatore": RuoloSoggetto.PROGRAMMATORE,
    "attuatore": RuoloSoggetto.ATTUATORE,
    "beneficiario": RuoloSoggetto.BENEFICIARIO,
    "realizzatore": RuoloSoggetto.REALIZZATORE,
}


@lru_cache(RICORDATI)
def ruolo_soggetto(cella: str) -> str:
    """The role of a body, from its description ("ATTUATORE DEL PROGETTO")."""
    pulita = pulisci(cella).lower()
    return next((ruolo.value for parola, ruolo in _RUOLI.items() if parola in pulita), RuoloSoggetto.ALTRO.value)


_MESI = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
    "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
)  # fmt: skip


@lru_cache(RICORDATI)
def mese(cella: str) -> int | None:
    """A month by its name ("Dicembre", "dic") or number."""
    pulita = pulisci(cella).lower().rstrip(".")
    if not pulita:
        return None
    intero = _INTERO.fullmatch(pulita)
    if intero is not None and 1 <= int(intero[1]) <= 12:
        return int(intero[1])
    trovati = [numero for numero, nome in enumerate(_MESI, start=1) if len(pulita) >= 3 and nome.startswith(pulita)]
    if len(trovati) != 1:
        raise CellaErrata(f"«{cella.strip()}» non è un mese: scrivi il nome (dicembre) o il numero (12).")
    return trovati[0]


PRIMO_ANNO, ULTIMO_ANNO = 1950, 2100


@lru_cache(RICORDATI)
def anno(cella: str) -> int | None:
    """A year of four digits."""
    pulita = pulisci(cella)
    if not pulita:
        return None
    intero = _INTERO.fullmatch(pulita)
    if intero is None or not PRIMO_ANNO <= int(intero[1]) <= ULTIMO_ANNO:
        raise CellaErrata(f"«{pulita}» non è un anno: servono quattro cifre, come 2026.")
    return int(intero[1])


# --- Dates -----------------------------------------------------------------------------------------------------------

_ORA = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_GIORNO_MESE_ANNO = re.compile(rf"(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{4}}){_ORA}", re.ASCII)
_ANNO_MESE_GIORNO = re.compile(rf"(\d{{4}})[/.-](\d{{1,2}})[/.-](\d{{1,2}}){_ORA}", re.ASCII)
# Day numbers of spreadsheets, from 1/1/1990 to 31/12/2099: shorter numbers are more likely something else.
_GIORNI_EXCEL = range(32_874, 73_051)
_GIORNO_ZERO_EXCEL = date(1899, 12, 30)


@lru_cache(RICORDATI)
def data(cella: str) -> date | None:
    """A day, written 31/12/2024 or 2024-12-31 (an hour after it is left out), or the day number of a spreadsheet."""
    pulita = pulisci(cella)
    if not pulita:
        return None
    if italiana := _GIORNO_MESE_ANNO.fullmatch(pulita):
        return _giorno(pulita, italiana[3], italiana[2], italiana[1])
    if iso := _ANNO_MESE_GIORNO.fullmatch(pulita):
        return _giorno(pulita, iso[1], iso[2], iso[3])
    intero = _INTERO.fullmatch(pulita)
    if intero is not None and int(intero[1]) in _GIORNI_EXCEL:
        letta = _GIORNO_ZERO_EXCEL + timedelta(days=int(intero[1]))
        raise CellaDubbia(letta, f"«{pulita}» è stato letto come numero di giorni di Excel: {letta:%d/%m/%Y}.")
    raise CellaErrata(f"«{pulita}» non è una data: scrivila come 31/12/2024.")


def _giorno(scritto: str, anno_: str, mese_: str, giorno_: str) -> date:
    try:
        letta = date(int(anno_), int(mese_), int(giorno_))
    except ValueError:
        raise CellaErrata(f"«{scritto}» non è una data del calendario.") from None
    if not PRIMO_ANNO <= letta.year <= ULTIMO_ANNO:
        raise CellaDubbia(letta, f"L'anno della data «{scritto}» è insolito: controllalo.")
    return letta
