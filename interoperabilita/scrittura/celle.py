"""From what was sent to the cells of a draft: rows are recognised, and what is no longer there is taken away."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from interoperabilita.risorse.bozza import CHIAVI, RIGA, nome_campo, nome_sezione
from interoperabilita.risorse.tipi import NON_NOTO
from interoperabilita.scrittura.corpo import CorpoErrato, Errore
from monitoraggio import scheda
from monitoraggio.bozza.lettura import leggi_valore, normalizza, righe_per_sezione, scrivi_valore
from monitoraggio.scheda import Campo, Genere, Sezione

# What tells the rows of a section apart, where they are sent without the name that they have in the draft.
DISTINGUE: dict[str, tuple[str, ...]] = {
    "sal": ("numero",),
    "impegni": ("tipo", "codice"),
    "pagamenti": ("tipo", "codice"),
    "indicatori": ("codice",),
    "costi": ("anno",),
    "criticita": ("descrizione",),
}
# Choices that a new row has even if nobody says so, as on the page.
GIA_SCELTI = {"impegni": {"tipo": "I"}, "pagamenti": {"tipo": "P"}}


@dataclass(frozen=True)
class RigaScritta:
    """A row that was sent: the texts of its cells, by field of the form. `nome` is "" where it must be recognised."""

    nome: str
    testi: dict[str, str]
    dove: str


Scritto = dict[str, list[RigaScritta]]


@dataclass
class Celle:
    """What is to be written in a draft; where in the request each cell was; the rows that go, in order those sent."""

    scritte: dict[str, str] = field(default_factory=dict)
    dove: dict[str, str] = field(default_factory=dict)
    ordine: dict[str, list[str]] = field(default_factory=dict)
    tolte: list[tuple[str, str]] = field(default_factory=list)


# --- Values -------------------------------------------------------------------------------------------------------


def righe(contenuto: Mapping[str, Any], radice: str = "/contenuto") -> Scritto:
    """The rows of a `contenuto` that has the right fields. Raises CorpoErrato for values that the form refuses."""
    errori: list[Errore] = []
    scritto: Scritto = {}
    testi = _testi(scheda.TESTA, contenuto, radice, errori)
    if testi:
        scritto["testa"] = [RigaScritta("0", testi, radice)]
    for sezione in scheda.SEZIONI:
        nome = nome_sezione(sezione)
        if sezione is not scheda.TESTA and nome in contenuto:
            scritto[sezione.nome] = list(_righe(sezione, contenuto[nome], f"{radice}/{nome}", errori))
    if errori:
        raise CorpoErrato(errori)
    return scritto


def _righe(sezione: Sezione, voci: list[dict[str, Any]], radice: str, errori: list[Errore]) -> Iterator[RigaScritta]:
    chiave = CHIAVI.get(sezione.nome, RIGA)
    viste: set[str] = set()
    for posto, voce in enumerate(voci):
        dove = f"{radice}/{posto}"
        nome = str(voce.get(chiave.nome, ""))
        if nome and nome in viste:
            errori.append(Errore(f"{dove}/{chiave.nome}", _("C'è due volte: «%(nome)s».") % {"nome": nome}))
        viste.add(nome)
        # A traguardo is named by its key in the register.
        nome = f"t{nome}" if sezione is scheda.TRAGUARDI else nome
        yield RigaScritta(nome, _testi(sezione, voce, dove, errori), dove)


def _testi(sezione: Sezione, voce: Mapping[str, Any], dove: str, errori: list[Errore]) -> dict[str, str]:
    testi = {}
    for campo in sezione.campi:
        nome = nome_campo(campo)
        if nome in voce:
            try:
                testi[campo.nome] = _testo(campo, voce[nome])
            except ValidationError as errore:
                errori.append(Errore(f"{dove}/{nome}", " ".join(errore.messages)))
    return testi


def _testo(campo: Campo, valore: Any) -> str:
    """A value as the form keeps it. Raises ValidationError."""
    if valore is None or valore is False or (campo.genere is Genere.SCELTA and valore == NON_NOTO):
        return ""
    if campo.genere in {Genere.IMPORTO, Genere.PERCENTO, Genere.QUANTITA}:
        valore = scrivi_valore(campo, Decimal(valore))
    testo = "si" if valore is True else str(valore).replace("\r\n", "\n").strip()
    if campo.genere is Genere.TESTO:
        testo = testo.replace("\n", " ")
    return scrivi_valore(campo, leggi_valore(campo, testo))


# --- Cells --------------------------------------------------------------------------------------------------------


def celle(scritto: Scritto, bozza: Mapping[str, str]) -> Celle:
    """The cells that change in a draft. A section that was not sent stays as it is, and so does a field."""
    adesso = normalizza(bozza)
    vive = righe_per_sezione(bozza)
    trovate = Celle()
    for nome, inviate in scritto.items():
        sezione = scheda.PER_NOME[nome]
        presenti = [riga for riga in vive.get(nome, []) if _piena(sezione, riga, adesso)]
        nomi = [riga.nome for riga in inviate]
        if sezione.righe == "libere":
            nomi = _riconosci(sezione, inviate, presenti, adesso)
            for riga in presenti:
                if riga not in nomi:
                    trovate.scritte[scheda.cella(nome, riga, scheda.TOLTA)] = "si"
                    trovate.tolte.append((nome, riga))
        trovate.ordine[nome] = nomi
        for riga, inviata in zip(nomi, inviate, strict=True):
            _scrivi(trovate, sezione, riga, inviata, adesso, nuova=sezione.righe == "libere" and riga not in presenti)
    return trovate


def _piena(sezione: Sezione, riga: str, adesso: Mapping[str, str]) -> bool:
    return any(
        adesso.get(cella) for cella, campo in scheda.celle(sezione, riga) if campo.nome not in sezione.di_contorno
    )


def _scrivi(
    trovate: Celle, sezione: Sezione, riga: str, inviata: RigaScritta, adesso: Mapping[str, str], *, nuova: bool
) -> None:
    """A new row has nothing but what was sent, whatever somebody typed in it before taking it away."""
    testi = dict(inviata.testi)
    if nuova:
        testi = {**{campo.nome: "" for campo in sezione.campi}, **GIA_SCELTI.get(sezione.nome, {}), **testi}
    for cella, campo in scheda.celle(sezione, riga):
        trovate.dove[cella] = f"{inviata.dove}/{nome_campo(campo)}"
        if campo.nome in testi and adesso.get(cella, "") != testi[campo.nome]:
            trovate.scritte[cella] = testi[campo.nome]
    togli = scheda.cella(sezione.nome, riga, scheda.TOLTA)
    trovate.dove[togli] = inviata.dove
    if adesso.get(togli):
        trovate.scritte[togli] = ""


def _riconosci(
    sezione: Sezione, inviate: list[RigaScritta], presenti: list[str], adesso: Mapping[str, str]
) -> list[str]:
    """The name of each row sent: its own, that of the row of the draft that is like it, or a new one.

    Several rows that are alike are the first, the second and so on, in the order they have: the same request twice
    finds the same rows.
    """
    dette = {riga.nome for riga in inviate if riga.nome}
    simili: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for nome in presenti:
        if nome not in dette:
            celle_sue = {
                campo: adesso.get(scheda.cella(sezione.nome, nome, campo), "") for campo in _distingue(sezione)
            }
            simili[_chiave(sezione, celle_sue)].append(nome)
    usati = {*presenti, *dette}
    nomi = []
    for riga in inviate:
        chiave = _chiave(sezione, {**GIA_SCELTI.get(sezione.nome, {}), **riga.testi})
        if riga.nome:
            nomi.append(riga.nome)
        elif simili[chiave]:
            nomi.append(simili[chiave].pop(0))
        else:
            nomi.append(_nuovo(sezione, chiave, usati))
            usati.add(nomi[-1])
    return nomi


def _distingue(sezione: Sezione) -> tuple[str, ...]:
    return DISTINGUE[sezione.nome]


def _chiave(sezione: Sezione, testi: Mapping[str, str]) -> tuple[str, ...]:
    return tuple("".join(testi.get(campo, "").split()).casefold() for campo in _distingue(sezione))


def _nuovo(sezione: Sezione, chiave: tuple[str, ...], usati: set[str]) -> str:
    numero = 0
    while True:
        impronta = hashlib.sha256("|".join([sezione.nome, *chiave, str(numero)]).encode()).hexdigest()
        if (nome := f"a{impronta[:20]}") not in usati:
            return nome
        numero += 1
