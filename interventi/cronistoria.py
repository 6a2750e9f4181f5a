"""The history of an intervento and of all its parts, as people read it.

Whatever keeps its history and belongs to an intervento is a part of it, by the foreign keys themselves: the parts that
rooms above add are told too, and no name of theirs stands here.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import models
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interventi.models import Importazione, Intervento
from psttm import formati
from psttm.campi import ImportoField, SuperficieField
from registro.models import Evento
from registro.selectors import cronologia
from registro.storia import CAMBIATA, CREATA, TOLTA, noto_al, storico_di

# Fields that say nothing to people: keys, and what the portal notes for itself.
TACIUTI = {"id", "campi_nostri", "dimostrativo"}
# A group with more fields than these stands folded: sooner what is new, which the page of the intervento shows anyway.
TANTI = 12
TANTI_NUOVI = 4


@dataclass(frozen=True)
class Parte:
    """A model that belongs to an intervento: through which foreign key, and from which other part (None: directly)."""

    modello: type[Model]
    legame: str
    di: type[Model]


@cache
def parti() -> tuple[Parte, ...]:
    """The parts of an intervento, then the parts of its parts."""
    trovate: list[Parte] = []
    da_guardare: list[type[Model]] = [Intervento]
    while da_guardare:
        padre = da_guardare.pop(0)
        for relazione in padre._meta.related_objects:
            modello = relazione.related_model
            if hasattr(modello, "storico") and not relazione.many_to_many and isinstance(modello, type):
                trovate.append(Parte(modello, relazione.field.name, padre))
                da_guardare.append(modello)
    return tuple(trovate)


# --- Values in words ----------------------------------------------------------------------------------------------


class Nomi:
    """The names of the rows that the versions point to, read with one query for each table."""

    def __init__(self, versioni: Iterable[tuple[type[Model], Any]]) -> None:
        chiavi: dict[type[Model], set[Any]] = defaultdict(set)
        for modello, versione in versioni:
            for campo in _legami(modello):
                valore = getattr(versione, campo.attname)
                if valore is not None:
                    chiavi[campo.related_model].add(valore)
        self.per_modello: dict[type[Model], dict[Any, str]] = {
            modello: {riga.pk: str(riga) for riga in modello._default_manager.filter(pk__in=sue)}
            for modello, sue in chiavi.items()
        }

    def nome(self, modello: type[Model], chiave: Any) -> str:
        return self.per_modello.get(modello, {}).get(chiave, _("riga non più presente"))


def _padri() -> dict[type[Model], str]:
    return {parte.modello: parte.legame for parte in parti()}


def _legami(modello: type[Model]) -> list[Any]:
    """The foreign keys of a model, but the one to what it is a part of."""
    padre = _padri().get(modello)
    return [campo for campo in modello._meta.concrete_fields if campo.many_to_one and campo.name != padre]


def _campi(modello: type[Model]) -> list[Any]:
    """The fields of the versions of a model that are worth telling."""
    tenuti = {campo.name for campo in storico_di(modello).tracked_fields}
    padre = _padri().get(modello)
    return [campo for campo in modello._meta.concrete_fields if campo.name in tenuti - TACIUTI and campo.name != padre]


def in_parole(campo: Any, valore: Any, nomi: Nomi) -> str:
    """A value of a field as people read it; "" where there is none."""
    if valore is None or valore == "":
        return ""
    if campo.is_relation:
        return nomi.nome(campo.related_model, valore)
    if campo.choices:
        return str(dict(campo.flatchoices).get(valore, valore))
    if isinstance(campo, SuperficieField):
        return f"{formati.numero(valore, 2)}{formati.SPAZIO}m²"
    if isinstance(campo, ImportoField):
        return formati.euro(valore)
    if isinstance(valore, bool):
        return _("sì") if valore else _("no")
    if isinstance(valore, datetime):
        return formati.data_ora(valore)
    if isinstance(valore, date):
        return formati.data_breve(valore)
    if isinstance(valore, Decimal):
        return _decimale(valore)
    return str(valore)


def _decimale(valore: Decimal) -> str:
    """As many decimals as the value has: 5700.0000 is 5.700, 226.6000 is 226,6."""
    decimali = max(-int(valore.normalize().as_tuple().exponent), 0)
    return formati.numero(valore, decimali)


def etichetta(campo: Any) -> str:
    """The name of a field without the unit, which its values carry."""
    nome = str(campo.verbose_name).removesuffix(" (EUR)").removesuffix(" (m²)")
    return nome[:1].upper() + nome[1:]


# --- What happened ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cambio:
    etichetta: str
    prima: str
    dopo: str


@dataclass(frozen=True)
class Voce:
    """One row that was added, changed or taken away: its name (empty for the intervento itself) and its fields."""

    nome: str
    fatto: str
    cambi: list[Cambio]


@dataclass
class Gruppo:
    """The rows of one kind that an action touched."""

    titolo: str
    voci: list[Voce] = field(default_factory=list)

    @property
    def ripiegato(self) -> bool:
        campi = sum(len(voce.cambi) for voce in self.voci)
        nuove = all(voce.fatto == FATTI[CREATA] for voce in self.voci)
        return campi > (TANTI_NUOVI if nuove else TANTI)

    @property
    def conto(self) -> str:
        """How many rows were added, changed and taken away, in words."""
        conti = Counter(voce.fatto for voce in self.voci)
        frasi = (
            ngettext("%(n)s aggiunta", "%(n)s aggiunte", conti["aggiunta"]) % {"n": conti["aggiunta"]},
            ngettext("%(n)s modifica", "%(n)s modifiche", conti["modifica"]) % {"n": conti["modifica"]},
            ngettext("%(n)s rimozione", "%(n)s rimozioni", conti["rimozione"]) % {"n": conti["rimozione"]},
        )
        return ", ".join(frase for frase in frasi if not frase.startswith("0 "))


@dataclass
class Azione:
    """One gesture: when, who, what it did, and the import it belongs to, if any."""

    quando: datetime
    azione: uuid.UUID
    autore: Any
    titolo: str
    nota: str
    importazione: Importazione | None
    gruppi: list[Gruppo]

    @property
    def istante(self) -> datetime:
        """The first whole second at which all of it was there."""
        return self.quando.replace(microsecond=0) + timedelta(seconds=1)


@dataclass(frozen=True)
class Passo:
    """A row before and after an action: the versions, `prima` None where it was not there yet."""

    modello: type[Model]
    versione: Any
    prima: Any


# Nouns, which go with a name of any gender.
FATTI = {CREATA: "aggiunta", CAMBIATA: "modifica", TOLTA: "rimozione"}


def azioni(intervento: Intervento) -> list[Azione]:
    """Every action that touched the intervento or its parts, the latest first."""
    storie = {modello: list(righe) for modello, righe in _versioni(intervento)}
    nomi = Nomi((modello, versione) for modello, righe in storie.items() for versione in righe)
    per_azione: dict[uuid.UUID, dict[tuple[type[Model], int], Passo]] = defaultdict(dict)
    for modello, righe in storie.items():
        for versione, prima in _con_la_precedente(righe):
            della_azione = per_azione[versione.azione]
            gia = della_azione.get((modello, versione.id))
            # A row written twice by one gesture changed once, from what it was before to what it is after.
            della_azione[modello, versione.id] = Passo(modello, versione, gia.prima if gia else prima)
    eventi = {evento.azione: evento for evento in reversed(cronologia(intervento))}
    importazioni = {i.azione: i for i in Importazione.objects.filter(azione__in=list(per_azione))}
    raccontate = [
        _azione(chiave, list(passi.values()), nomi, eventi.get(chiave), importazioni.get(chiave))
        for chiave, passi in per_azione.items()
    ]
    return sorted((a for a in raccontate if a.gruppi), key=lambda a: a.quando, reverse=True)


def _versioni(intervento: Intervento) -> Iterator[tuple[type[Model], list[Any]]]:
    """The versions of the intervento and of each part, a query for each kind; those that no longer exist too."""
    chiavi: dict[type[Model], set[int]] = {Intervento: {intervento.pk}}
    storico = storico_di(Intervento)._default_manager
    yield Intervento, list(storico.filter(id=intervento.pk).select_related("history_user"))
    for parte in parti():
        padri = chiavi.get(parte.di, set())
        chiavi[parte.modello] = set()
        if not padri:
            continue
        versioni = storico_di(parte.modello)._default_manager.filter(**{f"{parte.legame}__in": padri})
        righe = list(versioni.select_related("history_user"))
        chiavi[parte.modello] = {riga.id for riga in righe}
        yield parte.modello, righe


def _con_la_precedente(versioni: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Each version with the one of the same row before it (None for the first)."""
    ultima: dict[int, Any] = {}
    for versione in sorted(versioni, key=lambda v: (v.history_date, v.history_id)):
        yield versione, ultima.get(versione.id)
        ultima[versione.id] = versione


def _azione(
    chiave: uuid.UUID,
    passi: list[Passo],
    nomi: Nomi,
    evento: Evento | None,
    importazione: Importazione | None,
) -> Azione:
    gruppi: dict[type[Model], Gruppo] = {}
    for passo in passi:
        voce = _voce(passo.modello, passo.versione, passo.prima, nomi)
        if voce is not None:
            gruppi.setdefault(passo.modello, Gruppo(_titolo(passo.modello))).voci.append(voce)
    versioni = [passo.versione for passo in passi]
    autori = [versione.history_user for versione in versioni if versione.history_user is not None]
    autore = autori[0] if autori else evento.autore if evento is not None else None
    return Azione(
        quando=max(versione.history_date for versione in versioni),
        azione=chiave,
        autore=autore,
        titolo=_titolo_azione(evento, importazione, passi),
        nota=evento.nota if evento is not None else "",
        importazione=importazione,
        gruppi=list(gruppi.values()),
    )


def _titolo_azione(evento: Evento | None, importazione: Importazione | None, passi: list[Passo]) -> str:
    if importazione is not None:
        return _("Importazione n. %(numero)s dei dati di ReGiS") % {"numero": importazione.pk}
    if evento is not None:
        return evento.verbo[:1].upper() + evento.verbo[1:]
    nuovo = any(passo.modello is Intervento and passo.prima is None for passo in passi)
    return _("Inserito nel portale") if nuovo else _("Modifica")


def _titolo(modello: type[Model]) -> str:
    nome = str(modello._meta.verbose_name)
    return nome[:1].upper() + nome[1:]


def _voce(modello: type[Model], versione: Any, prima: Any, nomi: Nomi) -> Voce | None:
    """What happened to one row; None where nothing that people read has changed."""
    tolta, nuova = versione.history_type == TOLTA, prima is None or prima.history_type == TOLTA
    if tolta and nuova:
        return None
    cambi = []
    for campo in _campi(modello):
        vecchio = "" if nuova else in_parole(campo, getattr(prima, campo.attname), nomi)
        nuovo = "" if tolta else in_parole(campo, getattr(versione, campo.attname), nomi)
        if vecchio != nuovo:
            cambi.append(Cambio(etichetta(campo), vecchio, nuovo))
    if not (cambi or tolta or nuova):
        return None
    fatto = FATTI[TOLTA] if tolta else FATTI[CREATA] if nuova else FATTI[CAMBIATA]
    return Voce("" if modello is Intervento else _nome_riga(modello, versione, nomi), fatto, cambi)


def _nome_riga(modello: type[Model], versione: Any, nomi: Nomi) -> str:
    """What a part is called: what it points to (the Comune, the Driver), or else as it calls itself."""
    for campo in _legami(modello):
        valore = getattr(versione, campo.attname)
        if valore is not None:
            return nomi.nome(campo.related_model, valore)
    if not _nomina_se_stessa(modello):
        return ""
    campi = [campo.attname for campo in modello._meta.concrete_fields]
    return str(modello(**{nome: getattr(versione, nome) for nome in campi if hasattr(versione, nome)}))


def _nomina_se_stessa(modello: type[Model]) -> bool:
    """Whether a row of this kind has a name: there is one such row only for those tied one to one."""
    legame = _padri()[modello]
    return not isinstance(modello._meta.get_field(legame), models.OneToOneField)


# --- As it was ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RigaNota:
    nome: str
    valori: list[tuple[str, str]]


@dataclass(frozen=True)
class ParteNota:
    """The rows of one kind, as they were known: the intervento itself, its sources of money, its tenders."""

    titolo: str
    righe: list[RigaNota]

    @property
    def conto(self) -> str:
        return ngettext("%(quante)s riga", "%(quante)s righe", len(self.righe)) % {"quante": len(self.righe)}


def com_era(intervento: Intervento, quando: datetime) -> list[ParteNota]:
    """The intervento and its parts as the portal knew them at an instant; empty if it did not know it yet."""
    note: dict[type[Model], list[Any]] = {Intervento: list(noto_al(Intervento, quando).filter(id=intervento.pk))}
    if not note[Intervento]:
        return []
    for parte in parti():
        padri = {riga.id for riga in note.get(parte.di, [])}
        righe = noto_al(parte.modello, quando).filter(**{f"{parte.legame}__in": padri}) if padri else []
        note[parte.modello] = sorted(righe, key=lambda riga: riga.id)
    nomi = Nomi((modello, riga) for modello, righe in note.items() for riga in righe)
    return [
        ParteNota(_titolo(modello), [_riga_nota(modello, riga, nomi) for riga in righe])
        for modello, righe in note.items()
        if righe
    ]


def _riga_nota(modello: type[Model], riga: Any, nomi: Nomi) -> RigaNota:
    detti = [(etichetta(campo), in_parole(campo, getattr(riga, campo.attname), nomi)) for campo in _campi(modello)]
    nome = "" if modello is Intervento else _nome_riga(modello, riga, nomi)
    return RigaNota(nome, [(titolo, valore) for titolo, valore in detti if valore])
