"""Two people changed the same intervento: what each wrote, put side by side, with nothing lost.

Three snapshots tell them apart: what the second saw when she opened the form, what the register holds now, and what
she typed. What she had not touched takes its present value; what both changed is shown to her, with her words kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import ForeignKey, Model
from django.utils.translation import gettext as _

from interventi.istantanea import PARTI, UNICHE, ChiaveRiga, Istantanea, Parte, Valori, semplice
from interventi.models import Intervento
from psttm import formati


@dataclass(frozen=True)
class Contesa:
    """A field that both changed: what the register holds now, what was typed here."""

    campo: str
    adesso: str
    scritto: str


@dataclass(frozen=True)
class Confronto:
    """`mostrata` is what the form shows next; `presi` are the fields that took the value of the other person."""

    mostrata: Istantanea
    contese: list[Contesa]
    presi: list[str]


def confronta(vista: Istantanea, adesso: Istantanea, dati: Valori, parti: Valori) -> Confronto:
    contese: list[Contesa] = []
    presi: list[str] = []

    def unisci(modello: type[Model], davanti: str, prima: Valori, ora: Valori, scritti: Valori) -> Valori:
        uniti = dict(ora)
        for campo, valore in scritti.items():
            scritto, attuale = semplice(valore), ora.get(campo)
            if _uguali(scritto, attuale):
                continue
            del_modello: Any = modello._meta.get_field(campo)
            nome = f"{davanti}{del_modello.verbose_name}"
            if _uguali(scritto, prima.get(campo)):
                presi.append(nome)
                continue
            uniti[campo] = scritto
            if not _uguali(attuale, prima.get(campo)):
                contese.append(Contesa(nome, _testo(modello, campo, attuale), _testo(modello, campo, scritto)))
        return uniti

    dati_uniti = unisci(Intervento, "", vista.dati, adesso.dati, dati)
    uniche = {
        nome: unisci(modello, "", vista.uniche[nome], adesso.uniche[nome], parti.get(nome) or {})
        for nome, (modello, _campi) in UNICHE.items()
    }
    righe = {nome: dict(adesso.righe[nome]) for nome in PARTI}
    for nome, parte in PARTI.items():
        for chiave, riga in _scritte(parti.get(nome, [])):
            prima, ora = vista.righe[nome].get(chiave, {}), adesso.righe[nome].get(chiave)
            if riga.get("togli"):
                if ora is not None:
                    righe[nome][chiave] = {**ora, "togli": True}
                continue
            valori = {campo: riga[campo] for campo in parte.campi if campo in riga}
            if ora is None:
                # New here, or taken away by the other: what was typed comes back as a new row, if it says anything new.
                if any(not _uguali(semplice(v), prima.get(campo)) for campo, v in valori.items()):
                    righe[nome][f"n{chiave}"] = {campo: semplice(v) for campo, v in valori.items()}
                continue
            righe[nome][chiave] = unisci(parte.modello, f"{_nome_riga(parte, ora)}, ", prima, ora, valori)
    return Confronto(replace(adesso, dati=dati_uniti, uniche=uniche, righe=righe), contese, presi)


def _scritte(righe: list[Valori]) -> Iterator[tuple[ChiaveRiga, Valori]]:
    for posto, riga in enumerate(righe):
        yield riga.get("id") or f"n{posto}", riga


def _uguali(uno: Any, altro: Any) -> bool:
    """Nothing is nothing, whether it is None or an empty text."""
    return bool(uno == altro) or (uno in (None, "") and altro in (None, ""))


def _nome_riga(parte: Parte, riga: Valori) -> str:
    campo = parte.chiave[0]
    return f"{parte.modello._meta.verbose_name} {_testo(parte.modello, campo, riga.get(campo))}"


def _testo(modello: type[Model], campo: str, valore: Any) -> str:
    """A value as people read it."""
    if valore in (None, ""):
        return _("(vuoto)")
    del_modello = modello._meta.get_field(campo)
    if isinstance(del_modello, ForeignKey):
        return str(del_modello.related_model._default_manager.filter(pk=valore).first() or valore)
    scelte = dict(getattr(del_modello, "flatchoices", ()))
    if valore in scelte:
        return str(scelte[valore])
    if isinstance(valore, bool):
        return _("sì") if valore else _("no")
    if isinstance(valore, Decimal):
        return formati.numero(valore, 2)
    if isinstance(valore, date):
        return formati.data_breve(valore)
    return str(valore)
