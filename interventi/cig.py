"""The CIG (codice identificativo di gara): dominio, section 3.

Three forms, each of 10 characters. Ordinary: 7 digits, then 3 hexadecimal digits, (number · 211) mod 4091. Smart: X, Y
or Z, 2 hexadecimal digits, (number · 211) mod 251, then the number in 7 hexadecimal digits. Since 2024: A or B and 9
hexadecimal digits, whose control is not published. The two controls hold for every real code seen.
"""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

from interventi.codici import EsitoCodice, assente, normalizza

__all__ = ["LUNGHEZZA", "normalizza", "valida_cig", "verifica"]

LUNGHEZZA = 10

_ORDINARIO = re.compile(r"[0-9]{7}[0-9A-F]{3}", re.ASCII)
_SMART = re.compile(r"[XYZ][0-9A-F]{9}", re.ASCII)
_NUOVO = re.compile(r"[AB][0-9A-F]{9}", re.ASCII)
_FATTORE, _MODULO_ORDINARIO, _MODULO_SMART = 211, 4091, 251


def verifica(testo: str) -> EsitoCodice:
    """Check a CIG as typed: its form and, where there is one, its control."""
    codice = normalizza(testo)
    if assente(codice):
        errore = "Il CIG manca: scrivi i suoi 10 caratteri, oppure il motivo per cui non c'è."
        return EsitoCodice(codice="", valido=False, errore=errore, assente=True)
    errore = _errore(codice)
    return EsitoCodice(codice=codice, valido=not errore, errore=errore)


def valida_cig(valore: str) -> None:
    """Validator of a field that holds a CIG already normalised (blank is for the field to judge)."""
    if not valore:
        return
    esito = verifica(valore)
    if not esito.valido:
        raise ValidationError(esito.errore, code="cig")
    if esito.codice != valore:
        raise ValidationError("Scrivi il CIG in maiuscolo e senza spazi.", code="cig")


def _errore(codice: str) -> str:
    """What is wrong with the code; blank if nothing is."""
    if len(codice) != LUNGHEZZA:
        caratteri = "un carattere" if len(codice) == 1 else f"{len(codice)} caratteri"
        return f"Il CIG ha {caratteri}, ne servono {LUNGHEZZA}: controlla {codice[:40]}."
    if _ORDINARIO.fullmatch(codice):
        giusto = int(codice[:7]) * _FATTORE % _MODULO_ORDINARIO == int(codice[7:], 16)
    elif _SMART.fullmatch(codice):
        giusto = int(codice[3:], 16) * _FATTORE % _MODULO_SMART == int(codice[1:3], 16)
    elif _NUOVO.fullmatch(codice):
        giusto = True
    else:
        return (
            f"{codice} non ha la forma di un CIG: sono 7 cifre e 3 caratteri di controllo, oppure una lettera fra "
            "A, B, X, Y, Z e 9 caratteri da 0 a 9 e da A a F."
        )
    return (
        "" if giusto else f"I caratteri di controllo del CIG {codice} non tornano: una cifra è sbagliata o scambiata."
    )
