"""The CUP (codice unico di progetto): dominio, section 3."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils import timezone

from interventi.codici import EsitoCodice, ParteCodice, assente, normalizza

__all__ = ["FORMA_CUP", "LUNGHEZZA", "anno_decisione", "normalizza", "spiega", "valida_cup", "verifica"]

FORMA_CUP = r"^[A-Z][0-9]{2}[A-Z][0-9]{11}$"
LUNGHEZZA = 15

_FORMA = re.compile(r"[A-Z][0-9]{2}[A-Z][0-9]{11}", re.ASCII)
# What 353,272 real codes are like. Outside it a code is unusual, not wrong: no check digit is published.
_LETTERE_1, _LETTERE_4 = "BCDEFGHIJ", "ABCDEFGHIJ"
_CODE_USUALI = frozenset(f"000{cifra}" for cifra in range(1, 10))
_PRIMO_ANNO = 2000


def verifica(testo: str) -> EsitoCodice:
    """Check a CUP as typed. Only the form can be wrong; unusual letters, years and tails are warned about."""
    codice = normalizza(testo)
    if assente(codice):
        return EsitoCodice(codice="", valido=False, errore="Il CUP manca: scrivi i suoi 15 caratteri.", assente=True)
    if _FORMA.fullmatch(codice):
        return EsitoCodice(codice=codice, valido=True, avvisi=_avvisi(codice))
    return EsitoCodice(codice=codice, valido=False, errore=_errore(codice))


def valida_cup(valore: str) -> None:
    """Validator of a field that holds a CUP already normalised (blank is for the field to judge)."""
    if valore and not _FORMA.fullmatch(valore):
        raise ValidationError(verifica(valore).errore or "Scrivi il CUP in maiuscolo e senza spazi.", code="cup")


def spiega(testo: str) -> list[ParteCodice]:
    """The parts of a well-formed CUP and what is known of each; an empty list for anything else."""
    esito = verifica(testo)
    if not esito.valido:
        return []
    cup = esito.codice
    anno = anno_decisione(cup)
    return [
        ParteCodice(1, 1, cup[0], "Lettera assegnata dal Sistema CUP: il significato non è pubblicato."),
        ParteCodice(2, 3, cup[1:3], "Cifre assegnate dal Sistema CUP: il significato non è pubblicato."),
        ParteCodice(4, 4, cup[3], "Lettera assegnata dal Sistema CUP: il significato non è pubblicato."),
        ParteCodice(5, 6, cup[4:6], f"Anno della decisione: {anno}."),
        ParteCodice(7, 11, cup[6:11], "Numero progressivo."),
        ParteCodice(12, 15, cup[11:], "Parte finale, di solito da 0001 a 0009: il significato non è pubblicato."),
    ]


def anno_decisione(cup: str) -> int:
    """Year of the decision of a well-formed CUP: two digits, the nineties of the last century included."""
    cifre = int(cup[4:6])
    return 1900 + cifre if cifre >= 90 else 2000 + cifre


def _avvisi(cup: str) -> list[str]:
    avvisi = []
    if cup[0] not in _LETTERE_1:
        avvisi.append(f"Comincia con «{cup[0]}»: i CUP conosciuti cominciano con una lettera da B a J.")
    if cup[3] not in _LETTERE_4:
        avvisi.append(f"Il quarto carattere è «{cup[3]}»: nei CUP conosciuti è una lettera da A a J.")
    anno = anno_decisione(cup)
    if not _PRIMO_ANNO <= anno <= timezone.localdate().year:
        avvisi.append(f"L'anno della decisione sarebbe il {anno} (quinta e sesta posizione): controllalo.")
    if cup[11:] not in _CODE_USUALI:
        avvisi.append(f"Finisce con «{cup[11:]}»: di solito le ultime quattro cifre vanno da 0001 a 0009.")
    return avvisi


def _errore(codice: str) -> str:
    """What is wrong with a code that has not the form of a CUP, most telling reason first."""
    if len(codice) != LUNGHEZZA:
        caratteri = "un carattere" if len(codice) == 1 else f"{len(codice)} caratteri"
        return f"Il CUP ha {caratteri}, ne servono {LUNGHEZZA}: controlla {codice[:40]}."
    for posto, carattere in enumerate(codice, start=1):
        lettera = posto in (1, 4)
        if lettera and not ("A" <= carattere <= "Z"):
            return f"Il carattere {posto} del CUP è «{carattere}», ma ci vuole una lettera: controlla {codice}."
        if not lettera and not ("0" <= carattere <= "9"):
            scambio = {"O": " (la lettera O al posto dello zero?)", "I": " (la lettera I al posto di uno?)"}
            return (
                f"Il carattere {posto} del CUP è «{carattere}»{scambio.get(carattere, '')}, "
                f"ma ci vuole una cifra: controlla {codice}."
            )
    return f"Il CUP non è scritto bene: controlla {codice}."
