"""The life of a piano on one screen: its states, the passages between them, and who may make each."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class StatoPiano(models.TextChoices):
    BOZZA = "bozza", _("bozza")
    PRESENTATO = "presentato", _("presentato")
    ASSEGNATO = "assegnato", _("assegnato")
    IN_ATTUAZIONE = "in_attuazione", _("in attuazione")
    CONCLUSO = "concluso", _("concluso")
    REVOCATO = "revocato", _("revocato")


# Shape and colour of each state, among the marks that every page uses (`portale.SEGNI`).
SEGNI = {
    StatoPiano.BOZZA: "non_avviato",
    StatoPiano.PRESENTATO: "in_coda",
    StatoPiano.ASSEGNATO: "in_linea",
    StatoPiano.IN_ATTUAZIONE: "in_corso",
    StatoPiano.CONCLUSO: "concluso",
    StatoPiano.REVOCATO: "annullato",
}


@dataclass(frozen=True)
class Transizione:
    """One passage: from which states, to which, and the words for the button and for the registro."""

    da: frozenset[StatoPiano]
    a: StatoPiano
    etichetta: str
    verbo: str


TRANSIZIONI: dict[str, Transizione] = {
    "presenta": Transizione(
        frozenset({StatoPiano.BOZZA}), StatoPiano.PRESENTATO, str(_("Presenta la proposta")), "presentato"
    ),
    "riporta-in-bozza": Transizione(
        frozenset({StatoPiano.PRESENTATO}), StatoPiano.BOZZA, str(_("Riporta in bozza")), "riportato in bozza"
    ),
    "assegna": Transizione(
        frozenset({StatoPiano.PRESENTATO}), StatoPiano.ASSEGNATO, str(_("Registra l'assegnazione")), "assegnato"
    ),
    "avvia": Transizione(
        frozenset({StatoPiano.ASSEGNATO}), StatoPiano.IN_ATTUAZIONE, str(_("Avvia l'attuazione")), "avviato"
    ),
    "concludi": Transizione(
        frozenset({StatoPiano.IN_ATTUAZIONE}), StatoPiano.CONCLUSO, str(_("Dichiara concluso")), "concluso"
    ),
    "revoca": Transizione(
        frozenset({StatoPiano.PRESENTATO, StatoPiano.ASSEGNATO, StatoPiano.IN_ATTUAZIONE}),
        StatoPiano.REVOCATO,
        str(_("Registra la revoca")),
        "revocato",
    ),
}


# From here on nothing of the piano changes: neither its data nor its interventi.
CHIUSI = frozenset({StatoPiano.CONCLUSO, StatoPiano.REVOCATO})


class TransizioneNonPermessa(Exception):
    """The piano cannot make this passage from the state it is in; the text says which ones it can."""


def possibili(stato: str) -> dict[str, Transizione]:
    """The passages open from a state, by their code."""
    return {codice: t for codice, t in TRANSIZIONI.items() if stato in t.da}


def transizione(passaggio: str, stato: str) -> Transizione:
    """The passage, if it is open from this state. Raises TransizioneNonPermessa."""
    aperte = possibili(stato)
    if passaggio in aperte:
        return aperte[passaggio]
    nome = TRANSIZIONI[passaggio].etichetta if passaggio in TRANSIZIONI else passaggio
    altre = ", ".join(f"«{t.etichetta}»" for t in aperte.values()) or gettext("nessuno")
    raise TransizioneNonPermessa(
        gettext(
            "Il piano è «%(stato)s»: il passaggio «%(nome)s» da qui non si può fare. Passaggi possibili: %(altre)s."
        )
        % {"stato": StatoPiano(stato).label, "nome": nome, "altre": altre}
    )
