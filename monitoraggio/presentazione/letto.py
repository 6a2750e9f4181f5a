"""How the content of an avanzamento is read: by section, only what is filled, with what it was before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from monitoraggio import scheda
from monitoraggio.bozza.lettura import righe_per_sezione
from monitoraggio.bozza.precompilazione import riporta
from monitoraggio.models import Traguardo
from monitoraggio.presentazione import modulo
from monitoraggio.scheda import Campo, Genere, Sezione
from psttm import formati

Celle = Mapping[str, str]
Opzioni = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Valore:
    """A cell as it is read; `prima` is what it was, where it changed."""

    campo: Campo
    testo: str
    prima: str = ""
    documento: str = ""

    @property
    def numero(self) -> bool:
        return self.campo.genere in {Genere.IMPORTO, Genere.PERCENTO, Genere.QUANTITA}


@dataclass
class RigaLetta:
    titolo: str
    valori: list[Valore] = field(default_factory=list)
    nuova: bool = False
    tolta: bool = False

    @property
    def cambiata(self) -> bool:
        return self.nuova or self.tolta or any(valore.prima for valore in self.valori)


@dataclass
class SezioneLetta:
    """`colonne` are the fields that at least one row has: the columns of its table."""

    sezione: Sezione
    righe: list[RigaLetta]
    colonne: list[Campo]

    @property
    def cambiate(self) -> int:
        return sum(riga.cambiata for riga in self.righe)


# What is said of one month alone, which is no change.
DEL_MESE = (scheda.cella("testa", "0", "note"), scheda.cella("testa", "0", "senza_movimenti"))
# Sections whose rows have many long fields: read as lists of facts, not as tables.
DISTESE = {"testa", "criticita", "traguardi"}


def leggi(
    celle: Celle,
    prima: Celle | None,
    documenti: Opzioni,
    traguardi: Sequence[Traguardo],
    *,
    stesso_mese: bool,
) -> list[SezioneLetta]:
    """The sections that have something. `prima` is the content to compare with; None: nothing to compare with.

    Between two months only what is carried over is compared, and nothing counts as taken away: movements are of one
    month, closed criticalities are not carried on.
    """
    titoli = {f"t{t.pk}": f"{t.codice} · {t.titolo}" for t in traguardi}
    lette = []
    for sezione in scheda.SEZIONI:
        if sezione is scheda.SPIEGAZIONI:
            continue
        con = prima if stesso_mese or sezione.riportata else None
        if con is not None and not stesso_mese:
            con = riporta(con) | {nome: celle.get(nome, "") for nome in DEL_MESE}
        righe = [r for r in _righe(sezione, celle, con, documenti, titoli) if stesso_mese or not r.tolta]
        if righe:
            presenti = {v.campo.nome for riga in righe for v in riga.valori if v.testo or v.prima}
            colonne = [campo for campo in sezione.campi if campo.nome in presenti]
            for riga in righe:
                riga.valori = [v for v in riga.valori if v.campo in colonne]
            lette.append(SezioneLetta(sezione, righe, colonne))
    return lette


def _righe(
    sezione: Sezione, celle: Celle, prima: Celle | None, documenti: Opzioni, titoli: Mapping[str, str]
) -> list[RigaLetta]:
    adesso = _nomi(sezione, celle)
    allora = [] if prima is None else _nomi(sezione, prima)
    righe = []
    for nome in [*adesso, *(n for n in allora if n not in adesso)]:
        titolo = titoli.get(nome, "") or modulo.nome_riga(sezione, nome, celle if nome in adesso else prima or {})
        riga = RigaLetta(titolo, nuova=prima is not None and nome not in allora, tolta=nome not in adesso)
        for cella, campo in scheda.celle(sezione, nome):
            riga.valori.append(_valore(campo, cella, celle, prima if nome in allora else None, documenti, riga.tolta))
        righe.append(riga)
    return righe


def _nomi(sezione: Sezione, celle: Celle) -> list[str]:
    """The rows in which something is written."""
    return [
        nome
        for nome in righe_per_sezione(celle).get(sezione.nome, [])
        if any(
            celle.get(c, "").strip()
            for c, campo in scheda.celle(sezione, nome)
            if campo.nome not in sezione.di_contorno
        )
    ]


def _valore(campo: Campo, cella: str, celle: Celle, prima: Celle | None, documenti: Opzioni, tolta: bool) -> Valore:
    grezzo = celle.get(cella, "") if not tolta else (prima or {}).get(cella, "")
    opzioni = documenti if campo.genere is Genere.DOCUMENTO else ()
    testo = _testo(campo, grezzo, opzioni)
    if prima is None or tolta or prima.get(cella, "") == grezzo:
        cambiato = ""
    else:
        cambiato = _testo(campo, prima.get(cella, ""), opzioni) or _("vuoto")
    noto = campo.genere is Genere.DOCUMENTO and grezzo in dict(documenti)
    return Valore(campo, testo, cambiato, grezzo if noto else "")


def _testo(campo: Campo, testo: str, opzioni: Opzioni) -> str:
    letto = modulo.mostra(campo, testo, opzioni)
    if letto and campo.genere is Genere.IMPORTO:
        return f"{letto}{formati.SPAZIO}€"
    if letto and campo.genere is Genere.PERCENTO:
        return f"{letto}{formati.SPAZIO}%"
    return letto
