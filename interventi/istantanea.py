"""An intervento with its parts as plain values: as it is, or as the portal knew it at an instant.

Forms start from it, `services.modifica` compares with it, and a clash between two people is solved by three of them:
what was seen, what is there now, what was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Model

from interventi.models import (
    DatiCup,
    Finanziamento,
    Intervento,
    LegameDriver,
    LegameStrategia,
    Localizzazione,
    Procedura,
    Requisiti,
    ValutazioneDnsh,
    VoceQuadroEconomico,
)
from registro import storia

Valori = dict[str, Any]
# Key of a row: its pk, or "n0", "n1"… for those that are not there yet.
ChiaveRiga = int | str


@dataclass(frozen=True)
class Parte:
    """A list of rows of the intervento: what people write in it, and what tells its rows apart."""

    nome: str
    modello: type[Model]
    campi: tuple[str, ...]
    # No two rows of an intervento have the same values here; where ReGiS holds the row, these stay as ReGiS has them.
    chiave: tuple[str, ...]
    # Fields shown or needed by the checks, that people do not write here.
    di_contorno: tuple[str, ...] = ()


CAMPI = (
    "cup", "clp", "submisura", "titolo", "sintesi", "soggetto_attuatore", "stato_cup", "classificazione",
    "livello_progettuale", "inizio_previsto", "inizio_effettivo", "fine_prevista", "fine_effettiva",
    "linea_finanziamento", "monitorato_regis", "finanziamento_totale", "finanziamento_pubblico",
)  # fmt: skip
CHIAVE = ("cup", "clp", "submisura")

PARTI = {
    parte.nome: parte
    for parte in (
        Parte(
            "localizzazioni",
            Localizzazione,
            ("comune", "indirizzo", "cap", "quota"),
            ("comune", "indirizzo", "cap"),
            ("dati_al", "codice_regione", "codice_provincia", "codice_comune"),
        ),
        Parte("finanziamenti", Finanziamento, ("fonte", "importo"), ("fonte",), ("dati_al", "pagato")),
        Parte("quadro_economico", VoceQuadroEconomico, ("voce", "importo"), ("voce",)),
        Parte(
            "procedure",
            Procedura,
            (
                "cig",
                "oggetto",
                "importo",
                "importo_aggiudicato",
                "pubblicata",
                "aggiudicata",
                "motivo_assenza",
            ),
            ("cig",),
            ("dati_al", "codice_pda", "motivo_assenza_codice"),
        ),
        Parte("legami_driver", LegameDriver, ("driver", "motivo"), ("driver",)),
        Parte("legami_strategie", LegameStrategia, ("strategia", "motivo"), ("strategia",)),
    )
}

# One row at most for each intervento.
UNICHE: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "requisiti": (
        Requisiti,
        (
            "edificio", "classe_prima", "classe_dopo", "edificato_prima", "edificato_dopo", "verde_prima", "verde_dopo",
            "mq_beneficiari", "inclusione", "startup", "startup_descrizione", "terzo_settore",
            "terzo_settore_descrizione",
        ),
    ),
    "dnsh": (
        ValutazioneDnsh,
        (
            "regime", "mitigazione", "adattamento", "acque", "economia_circolare", "inquinamento", "biodiversita",
            "checklist_ex_ante", "evidenza_ex_ante", "checklist_ex_post", "evidenza_ex_post",
        ),
    ),
    "dati_cup": (DatiCup, ("anno_decisione", "struttura", "strumento", "tematica")),
}  # fmt: skip


DATE_REGIS = ("dati_al", "finanziamento_al", "pagamenti_al")


@dataclass(frozen=True)
class Istantanea:
    """`dati` of the intervento, `uniche` by name, `righe` by name and key; foreign keys are pks."""

    dati: Valori = field(default_factory=dict)
    uniche: dict[str, Valori] = field(default_factory=lambda: {nome: {} for nome in UNICHE})
    righe: dict[str, dict[ChiaveRiga, Valori]] = field(default_factory=lambda: {nome: {} for nome in PARTI})


def semplice(valore: Any) -> Any:
    """A value as snapshots keep it: objects by their pk."""
    return valore.pk if isinstance(valore, Model) else valore


def leggi(intervento_id: int, *, noto_al: datetime | None = None) -> Istantanea:
    """The intervento now, or as the portal knew it at an instant (empty where it knew nothing)."""

    def righe(modello: type[Model], campo: str, nomi: tuple[str, ...]) -> list[Valori]:
        tutte = modello._default_manager.all() if noto_al is None else storia.noto_al(modello, noto_al)
        return list(tutte.filter(**{campo: intervento_id}).order_by("id").values("id", *nomi))

    dati = righe(Intervento, "id", (*CAMPI, *DATE_REGIS))
    uniche = {nome: righe(modello, "intervento", campi) for nome, (modello, campi) in UNICHE.items()}
    liste = {nome: righe(p.modello, "intervento", (*p.campi, *p.di_contorno)) for nome, p in PARTI.items()}
    return Istantanea(
        dati={**dati[0], "dati_al": _regis_al(dati[0], liste)} if dati else {},
        uniche={nome: trovate[0] if trovate else {} for nome, trovate in uniche.items()},
        righe={nome: {riga["id"]: riga for riga in trovate} for nome, trovate in liste.items()},
    )


def _regis_al(dati: Valori, liste: Mapping[str, list[Valori]]) -> date | None:
    """The last day ReGiS was read for anything of the intervento; None if all of it was entered here."""
    giorni = [dati[nome] for nome in DATE_REGIS]
    giorni += [riga.get("dati_al") for trovate in liste.values() for riga in trovate]
    return max((giorno for giorno in giorni if giorno is not None), default=None)


def con(prima: Istantanea, dati: Mapping[str, Any], parti: Mapping[str, Any]) -> Istantanea:
    """The snapshot as it would be with what was typed (see `services.modifica` for the shape of `parti`)."""
    uniche = {
        nome: {**valori, **{campo: semplice(valore) for campo, valore in (parti.get(nome) or {}).items()}}
        for nome, valori in prima.uniche.items()
    }
    righe = {nome: dict(attuali) for nome, attuali in prima.righe.items()}
    for nome, parte in PARTI.items():
        for posto, riga in enumerate(parti.get(nome, ())):
            chiave = riga.get("id") or f"n{posto}"
            if riga.get("togli"):
                righe[nome].pop(chiave, None)
                continue
            scritti = {campo: semplice(riga[campo]) for campo in parte.campi if campo in riga}
            righe[nome][chiave] = {**righe[nome].get(chiave, {}), **scritti}
    return replace(
        prima,
        dati={**prima.dati, **{campo: semplice(valore) for campo, valore in dati.items()}},
        uniche=uniche,
        righe=righe,
    )
