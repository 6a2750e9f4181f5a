"""Rules for passwords, where Django's own speak no Italian, or know none."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

PAROLE = Path(__file__).with_name("parole_comuni.txt")
# What people write in place of a letter.
TRAVESTIMENTI = str.maketrans("@4031!5$7", "aaoeiisst")
INTORNO = "0123456789!?.,;:-_*+#@$&%()=/ "
ACCENTI = str.maketrans("àèéìòù", "aeeiou")
SEQUENZE = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "1234567890", "0987654321")
LUNGHEZZA_SEQUENZA = 4


class LunghezzaMinima(MinimumLengthValidator):
    """Django's rule; the error of Django 5.2 has no Italian translation."""

    def get_error_message(self) -> str:
        return _("La password è troppo corta: servono almeno %(quanti)s caratteri.") % {"quanti": self.min_length}


class NonComune:
    """Refuses what Italians choose first: a word or two that everybody thinks of, or a run of keys, with digits around.

    Django's own list is of English passwords, most of them shorter than ours may be (OWASP ASVS 6.2.4, 6.2.11).
    """

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if _comune(password):
            raise ValidationError(
                _(
                    "La password è fra le prime che si provano: una parola molto usata, o tasti in fila, con qualche "
                    "numero intorno. Scegli almeno tre parole che non c'entrano l'una con l'altra."
                ),
                code="password_comune",
            )

    def get_help_text(self) -> str:
        return _("Una o due parole molto usate con dei numeri, come «Milano2025!», non vanno bene.")


def _comune(password: str) -> bool:
    minuscola = password.lower().translate(ACCENTI)
    if _ripetuta(minuscola):
        return True
    # Digits and signs, once they are no disguise, say nothing.
    return any(_di_parole_comuni(re.sub(r"[\W\d_]+", "", forma)) for forma in _forme(minuscola))


def _forme(minuscola: str) -> tuple[str, str, str]:
    """As it is written, and with the disguises taken off but for what stands after the word, or around it."""
    senza_coda, senza_intorno = minuscola.rstrip(INTORNO), minuscola.strip(INTORNO)
    return minuscola, senza_coda.translate(TRAVESTIMENTI), senza_intorno.translate(TRAVESTIMENTI)


def _ripetuta(testo: str) -> bool:
    """A few characters again and again: «abcabcabcabc»."""
    return any(testo == (testo[:n] * len(testo))[: len(testo)] for n in range(1, len(testo) // 3 + 1))


def _di_parole_comuni(lettere: str) -> bool:
    """Whether nothing is left once two words at most, or runs of keys, are taken away; no letters at all is nothing."""
    resto = _senza_sequenze(lettere)
    if not resto:
        return True
    parole = _parole()
    return resto in parole or any(resto[:i] in parole and resto[i:] in parole for i in range(1, len(resto)))


def _senza_sequenze(lettere: str) -> str:
    for sequenza in SEQUENZE:
        for lunghezza in range(len(sequenza), LUNGHEZZA_SEQUENZA - 1, -1):
            for inizio in range(len(sequenza) - lunghezza + 1):
                lettere = lettere.replace(sequenza[inizio : inizio + lunghezza], "")
    return lettere


@cache
def _parole() -> frozenset[str]:
    return frozenset(PAROLE.read_text(encoding="utf-8").split())
