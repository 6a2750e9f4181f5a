"""From the figures of a report to the rows that make them, and from those to the portal as it is today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from enti.models import Utente
from interventi.models import Intervento
from monitoraggio.models import Traguardo
from psttm import formati
from rapporti.documento import Cifra, Colonna, Tavola, Unita, scrivi
from rapporti.formati.letti import Dati, Voce

INTERVENTI, TRAGUARDI = "interventi", "traguardi"
# The columns that tell a row from the others, in a table of the page; of other tables, the first ones.
COLONNE = {
    INTERVENTI: ("titolo", "cup", "piano", "attuatore", "stato"),
    TRAGUARDI: ("titolo", "codice", "oggetto", "scadenza", "stato"),
    "criticita": ("titolo", "descrizione", "gravita", "responsabile", "scadenza"),
    "finanziamenti": ("titolo", "cup", "piano", "fonte", "importo"),
    "cambiamenti": ("nome", "codice", "piano", "genere", "da", "a"),
    "regole": ("regola", "piano", "esito", "misura", "soglia"),
    "confronto": ("titolo", "cup", "stato_prima", "stato", "percentuale_prima", "percentuale"),
}
# What names a row, by the first of these columns that its table has.
NOMI = ("titolo", "nome", "regola", "comune", "voce")
PRIME = 5
# Of a report that tells of a whole programme, a row is in figures by the hundred.
CIFRE_DI_UNA_RIGA = 60


@dataclass(frozen=True)
class Riga:
    """A row in a table of the page; `oggi` is the address of the same thing in the portal, if it is there."""

    chiave: str
    nome: str
    celle: tuple[tuple[Colonna, str], ...]
    oggi: str


@dataclass(frozen=True)
class Righe:
    """Some rows of a figure; `prima` is the column that names them, `colonna` the one that is summed, if any."""

    tavola: Tavola
    prima: Colonna
    colonne: tuple[Colonna, ...]
    colonna: Colonna | None
    righe: tuple[Riga, ...]


def cerca(voci: Sequence[Voce], testo: str, parte: str = "") -> list[Voce]:
    """The figures with all these words in their name, whatever the case; of one chapter only, if it is named."""
    parole = testo.casefold().split()
    return [
        voce
        for voce in voci
        if (not parte or parte in voce.capitoli)
        and all(parola in f"{voce.etichetta} {voce.chiave} {voce.testo}".casefold() for parola in parole)
    ]


def come_si_ottiene(dati: Dati, cifra: Cifra) -> str:
    """In words, what the figure is of its rows; "" where a formula makes it."""
    if cifra.formula:
        return ""
    tavola = dati.tavola(cifra.tavola, range(0))
    nome = formati.lower_iniziale(tavola.titolo) if tavola is not None else cifra.tavola
    quante = formati.numero(len(cifra.righe))
    if not cifra.colonna:
        return _("È il numero delle righe elencate qui sotto, della tavola «%(tavola)s»: %(quante)s.") % {
            "tavola": nome,
            "quante": quante,
        }
    colonna = _per_chiave(tavola).get(cifra.colonna) if tavola is not None else None
    return _("È la somma della colonna «%(colonna)s» su %(quante)s righe della tavola «%(tavola)s».") % {
        "colonna": colonna.nome if colonna is not None else cifra.colonna,
        "tavola": nome,
        "quante": quante,
    }


def totale(dati: Dati, cifra: Cifra) -> Decimal | int | None:
    """What the rows in the archive make now; None where a formula makes the figure, or its table is not there."""
    if not cifra.colonna:
        return None if cifra.formula or dati.tavola(cifra.tavola, range(0)) is None else len(cifra.righe)
    valori = dati.sommati(cifra.chiave)
    return None if valori is None else sum((valore for valore in valori if valore is not None), Decimal(0))


def righe(dati: Dati, cifra: Cifra, parte: slice, utente: Utente) -> Righe | None:
    """The rows of a figure from one place to another; None where a formula makes it."""
    tavola = dati.di_cifra(cifra.chiave, parte)
    if tavola is None:
        return None
    colonne = _per_chiave(tavola)
    sommata = colonne.get(cifra.colonna)
    scelte = [colonne[nome] for nome in _scelte(tavola) if nome in colonne]
    if sommata is not None:
        scelte = [*(una for una in scelte if una is not sommata), sommata]
    posti = [tavola.colonne.index(una) for una in scelte]
    vive = _oggi(dati, tavola, utente)
    return Righe(
        tavola,
        scelte[0],
        tuple(scelte[1:]),
        sommata,
        tuple(
            Riga(
                chiave,
                scritto(valori[posti[0]], scelte[0]),
                tuple((una, scritto(valori[posto], una)) for posto, una in zip(posti[1:], scelte[1:], strict=True)),
                vive.get(chiave, ""),
            )
            for chiave, valori in tavola.righe.items()
        ),
    )


def riga(dati: Dati, tavola: str, chiave: str, utente: Utente) -> tuple[Tavola, Riga] | None:
    """One row with all its columns; None if the report has no such row."""
    sola = dati.riga(tavola, chiave)
    if sola is None:
        return None
    ((_chiave, valori),) = sola.righe.items()
    celle = tuple((una, scritto(valore, una)) for una, valore in zip(sola.colonne, valori, strict=True))
    per_chiave = {una.chiave: testo for una, testo in celle if testo != "–"}
    nome = next((per_chiave[una] for una in (*NOMI, *per_chiave) if una in per_chiave), chiave)
    return sola, Riga(chiave, nome, celle, _oggi(dati, sola, utente).get(chiave, ""))


def scritto(valore: Any, colonna: Colonna) -> str:
    """A raw value as people read it: of amounts, every cent."""
    unita = Unita.EURO if colonna.unita is Unita.MILIONI else colonna.unita
    return scrivi(valore, unita) if not isinstance(valore, str) else valore or "–"


def _scelte(tavola: Tavola) -> list[str]:
    """The columns to show, the one that names the row first."""
    tutte = [colonna.chiave for colonna in tavola.colonne]
    if tavola.chiave in COLONNE:
        return list(COLONNE[tavola.chiave])
    nome = next((chiave for chiave in NOMI if chiave in tutte), tutte[0])
    return [nome, *(chiave for chiave in tutte if chiave != nome)][:PRIME]


def _per_chiave(tavola: Tavola) -> dict[str, Colonna]:
    return {colonna.chiave: colonna for colonna in tavola.colonne}


# --- Today --------------------------------------------------------------------------------------------------------


def _oggi(dati: Dati, tavola: Tavola, utente: Utente) -> dict[str, str]:
    """Where the rows are in the portal today, by key: what this person may see, found by what names it for ever."""
    if tavola.chiave == TRAGUARDI:
        return _traguardi(tavola, utente)
    return _interventi(dati, tavola.righe, utente)


def _interventi(dati: Dati, chiavi: Iterable[str], utente: Utente) -> dict[str, str]:
    """Rows of an intervento have its key, or begin with it: "i12", "i12-pnrr"."""
    di_chi = {chiave: chiave.partition("-")[0] for chiave in chiavi}
    nomi: dict[str, tuple[str, ...]] = {}
    for chiave in set(di_chi.values()):
        sua = dati.riga(INTERVENTI, chiave)
        if sua is not None:
            (valori,) = sua.righe.values()
            per_nome = dict(zip(_per_chiave(sua), valori, strict=True))
            nomi[chiave] = tuple(per_nome.get(nome) or "" for nome in ("cup", "clp", "submisura"))
    cup = {nome[0] for nome in nomi.values()}
    visibili = Intervento.objects.visibili_a(utente).filter(cup__in=cup).order_by()
    trovati = {tuple(resto): pk for pk, *resto in visibili.values_list("pk", "cup", "clp", "submisura__codice")}
    return {
        chiave: reverse("intervento", args=[trovati[nomi[sua]]])
        for chiave, sua in di_chi.items()
        if sua in nomi and nomi[sua] in trovati
    }


def _traguardi(tavola: Tavola, utente: Utente) -> dict[str, str]:
    """By their code and what they are of."""
    posti = {colonna.chiave: posto for posto, colonna in enumerate(tavola.colonne)}
    if not {"codice", "oggetto"} <= posti.keys():
        return {}
    nomi = {chiave: (valori[posti["codice"]], valori[posti["oggetto"]]) for chiave, valori in tavola.righe.items()}
    visibili = Traguardo.objects.visibili_a(utente).filter(codice__in={nome[0] for nome in nomi.values()}).order_by()
    campi = ("pk", "codice", "intervento__cup", "intervento__clp", "piano__codice", "misura__codice")
    trovati = {(codice, next(filter(None, di_chi), "")): pk for pk, codice, *di_chi in visibili.values_list(*campi)}
    return {chiave: reverse("traguardo", args=[trovati[nome]]) for chiave, nome in nomi.items() if nome in trovati}
