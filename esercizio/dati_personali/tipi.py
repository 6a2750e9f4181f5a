"""How the data of the portal are told apart: what is about a person, how long it stays, what erasing a person does."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Classe(models.TextChoices):
    """What a field can say about people."""

    NESSUNO = "nessuno", _("nessun dato personale")
    UTENTE = "utente", _("dato di chi usa il portale")
    LEGAME = "legame", _("dice chi, con il suo numero")
    CREDENZIALE = "credenziale", _("serve per entrare")
    TERZI = "terzi", _("può indicare una persona fuori dal portale")
    TESTO = "testo", _("testo o file in cui può esserci un nome")


class Cancellazione(models.TextChoices):
    """What becomes of the rows of a person when she is made anonymous."""

    RESTA = "resta", _("restano, con il solo numero")
    ELIMINA = "elimina", _("si eliminano")
    SOSTITUISCI = "sostituisci", _("i dati si sostituiscono con il numero")
    CHIUDI = "chiudi", _("si chiudono, e restano con il solo numero")


@dataclass(frozen=True)
class Modello:
    """Every field of a model in its class, names separated by spaces.

    `nome` is what the rows are called, where the model is of a library and has no Italian name. `persona` is the path
    from a row to the person it is about, "" where rows are about other things and people only did something to them.
    `termine` is the code of what ends their keeping, in `termini.TERMINI`.
    """

    nessuno: str = ""
    utente: str = ""
    legame: str = ""
    credenziale: str = ""
    terzi: str = ""
    testo: str = ""
    nome: str | Promise = ""
    persona: str = ""
    cancellazione: Cancellazione = Cancellazione.RESTA
    termine: str = ""

    def classi(self) -> dict[str, Classe]:
        """Each field that is named, and its class. Raises ValueError when one is named twice."""
        trovate: dict[str, Classe] = {}
        for classe in Classe:
            for campo in getattr(self, classe.value).split():
                if campo in trovate:
                    raise ValueError(campo)
                trovate[campo] = classe
        return trovate


Catalogo = dict[str, Modello]
