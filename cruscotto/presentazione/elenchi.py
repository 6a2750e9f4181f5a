"""Early warnings and gaps of the selection, by kind: how many interventi have each, the most frequent first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cruscotto.collegamenti import Collegamenti
from cruscotto.presentazione.cifre import Cella
from cruscotto.tipi import Totali
from monitoraggio.allerte.catalogo import PER_CODICE
from psttm import formati
from rapporti.capitoli.lacune import Lacuna

GRUPPI: Mapping[str, str] = {"dati": "Avanzamenti", "registro": "Registro", "differenze": "Differenze fra le fonti"}


@dataclass(frozen=True)
class Voce:
    nome: str
    conto: Cella
    spiegazione: str = ""


def segnali(totali: Totali, vie: Collegamenti) -> list[Voce]:
    presenti = [(codice, quanti) for codice, quanti in totali.segnali.items() if quanti and codice in PER_CODICE]
    return [
        Voce(
            str(PER_CODICE[codice].titolo),
            Cella(formati.numero(quanti), vie.segnale(codice)),
            str(PER_CODICE[codice].spiegazione),
        )
        for codice, quanti in sorted(presenti, key=lambda voce: (-voce[1], voce[0]))
    ]


def lacune(totali: Totali, vie: Collegamenti) -> list[tuple[str, list[Voce]]]:
    """By group of gaps, as the reports group them."""
    per_gruppo: dict[str, list[Voce]] = {}
    presenti = [(lacuna, totali.lacune.get(lacuna.codice, 0)) for lacuna in Lacuna]
    for lacuna, quanti in sorted(presenti, key=lambda voce: -voce[1]):
        if quanti:
            conto = Cella(formati.numero(quanti), vie.lacuna(lacuna.codice))
            per_gruppo.setdefault(lacuna.gruppo, []).append(Voce(_con_maiuscola(lacuna.parole), conto))
    return [(nome, per_gruppo[gruppo]) for gruppo, nome in GRUPPI.items() if gruppo in per_gruppo]


def _con_maiuscola(testo: str) -> str:
    return testo[:1].upper() + testo[1:]
