"""Loading reference data: one way for every room, which can be repeated without doubling or deleting anything.

A room lists its files as `Tabella` values and gives each to `carica_tabella`; whoever builds rows by other means calls
`carica_righe`. An unchanged file (same SHA-256, see `Caricamento`) is skipped. A row that vanished from its file is
reported and never deleted: something may point to it, and only a person can tell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import BooleanField, Field, JSONField, Model, Q

from registro.azione import azione_corrente
from registro.models import Caricamento, Fonte
from registro.righe import DatoErrato, Riga, leggi
from registro.services import annota
from registro.storia import CAMBIATA, CREATA, versiona

Chiave = tuple[Any, ...]
RIGHE_PER_VOLTA = 500


@dataclass(frozen=True)
class Rimando:
    """How a file names a row of another table: `campi` are its natural key, `forma` how the file writes them."""

    modello: type[Model]
    campi: tuple[str, ...]
    forma: str = "{}"

    def chiavi_primarie(self) -> dict[str, Any]:
        """Primary key of every row, by the name files give it."""
        righe = self.modello._default_manager.values_list("pk", *self.campi)
        return {self.forma.format(*nome): pk for pk, *nome in righe}


@dataclass(frozen=True)
class Tabella:
    """A file of reference data and the table it fills."""

    percorso: Path
    modello: type[Model]
    chiave: tuple[str, ...]
    rimandi: Mapping[str, Rimando] = field(default_factory=dict)
    rimandi_multipli: Mapping[str, Rimando] = field(default_factory=dict)
    intoccabili: Q | None = None
    """Rows that belong to people: never changed, even when the file has one with the same key."""
    solo: Q | None = None
    """The rows of the model that the file speaks of, where another file holds the others; None: all of them."""

    @property
    def nome(self) -> str:
        return f"{self.percorso.parent.name}/{self.percorso.name}"


@dataclass(frozen=True)
class Esito:
    """What a load did: `righe` in the file; how many were new or changed; which rows need a person to look at them."""

    tabella: Tabella
    righe: int
    nuove: int = 0
    cambiate: int = 0
    sparite: tuple[str, ...] = ()
    lasciate: tuple[str, ...] = ()

    @property
    def descrizione(self) -> str:
        titolo = str(self.tabella.modello._meta.verbose_name_plural)
        righe = f"{titolo[:1].upper()}{titolo[1:]}: {self.righe} {'riga' if self.righe == 1 else 'righe'}"
        if not (self.nuove or self.cambiate):
            return f"{righe}, già aggiornate" if self.righe != 1 else f"{righe}, già aggiornata"
        return f"{righe} (nuove {self.nuove}, cambiate {self.cambiate})"

    @property
    def avvisi(self) -> list[str]:
        nome = self.tabella.nome
        return [
            *(f"«{riga}» non è in {nome}: nel portale resta; se non serve, toglila a mano." for riga in self.sparite),
            *(f"«{riga}» è in {nome}, ma l'ha aggiunta il personale: resta com'è." for riga in self.lasciate),
        ]


FONTE = Rimando(Fonte, ("codice",))
FONTI = Tabella(settings.FIXTURE_DIR / "registro" / "fonti.yaml", Fonte, ("codice",))


# --- Which files need loading ----------------------------------------------------------------------------------------


def caricamento_dovuto(nome: str, percorsi: Sequence[Path]) -> bool:
    """Whether the files differ from those last loaded under this name. Raises DatoErrato when one is missing."""
    return not Caricamento.objects.filter(nome=nome, impronta=_impronta(percorsi)).exists()


def registra_caricamento(nome: str, percorsi: Sequence[Path], righe: int) -> None:
    """Remember that these files are loaded. Call it inside the transaction of the load."""
    Caricamento.objects.update_or_create(nome=nome, defaults={"impronta": _impronta(percorsi), "righe": righe})


def dimentica_caricamenti() -> None:
    """Make every file due again, changed or not."""
    Caricamento.objects.all().delete()


def _impronta(percorsi: Sequence[Path]) -> str:
    somma = hashlib.sha256()
    for percorso in percorsi:
        try:
            contenuto = percorso.read_bytes()
        except FileNotFoundError:
            raise DatoErrato(percorso.name, f"il file non c'è nella cartella «{percorso.parent.name}».") from None
        somma.update(f"{percorso.name} {len(contenuto)}\n".encode())
        somma.update(contenuto)
    return somma.hexdigest()


# --- Rows ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def carica_righe(modello: type[Model], righe: Iterable[dict[str, Any]], *, chiave: Sequence[str]) -> int:
    """Insert the rows, or update those whose `chiave` is already there; returns how many rows were given.

    `chiave` names the fields of a unique constraint. Only the fields present in the rows are updated. A relation takes
    an object or a primary key. All rows or none: a value that the model or the database refuses, and two rows with the
    same key, raise DatoErrato with the place of the row (see `registro.righe.Riga`) and, where one is at fault, the
    field.
    """
    oggetti: dict[Chiave, tuple[str, Model]] = {}
    campi: dict[str, None] = {}
    for numero, riga in enumerate(righe, start=1):
        posto = _posto(riga, numero)
        oggetto = _oggetto(modello, riga, posto)
        valori = _chiave(oggetto, chiave)
        if valori in oggetti:
            raise DatoErrato(posto, f"la stessa chiave è già in {oggetti[valori][0]}.", campo=", ".join(chiave))
        oggetti[valori] = posto, oggetto
        campi |= dict.fromkeys(riga)
    if not oggetti:
        return 0
    da_aggiornare = [nome for nome in campi if nome not in chiave]
    try:
        with transaction.atomic():
            _scrivi(modello, [oggetto for _, oggetto in oggetti.values()], chiave, da_aggiornare)
    except IntegrityError as rifiuto:
        for posto, oggetto in oggetti.values():
            try:
                with transaction.atomic():
                    _scrivi(modello, [oggetto], chiave, da_aggiornare)
            except IntegrityError as errore:
                raise DatoErrato(posto, _spiega(modello, errore)) from errore
        raise DatoErrato(f"{len(oggetti)} righe", _spiega(modello, rifiuto)) from rifiuto
    return len(oggetti)


def _scrivi(modello: type[Model], oggetti: list[Model], chiave: Sequence[str], campi: list[str]) -> None:
    modello._default_manager.bulk_create(
        oggetti, batch_size=RIGHE_PER_VOLTA, update_conflicts=True, unique_fields=list(chiave), update_fields=campi
    )


def _posto(riga: dict[str, Any], numero: int) -> str:
    return riga.posto if isinstance(riga, Riga) else f"riga {numero}"


def _oggetto(modello: type[Model], riga: dict[str, Any], posto: str) -> Model:
    """A checked, unsaved object. Relations are left to the database: checking each would cost a query a row."""
    oggetto = modello()
    for nome, valore in riga.items():
        campo = _campi(modello).get(nome)
        if campo is None:
            raise DatoErrato(posto, "questo campo non esiste: controlla come è scritto.", campo=nome)
        if isinstance(valore, list | dict) and not isinstance(campo, JSONField):
            raise DatoErrato(posto, "serve un valore solo, non un elenco.", campo=nome)
        if isinstance(valore, bool) and not isinstance(campo, BooleanField | JSONField):
            raise DatoErrato(posto, "sì e no qui non valgono: se è un testo, scrivilo tra virgolette.", campo=nome)
        if isinstance(valore, Model):
            valore = valore.pk
        setattr(oggetto, campo.attname, None if valore == "" and campo.null else valore)
    relazioni = [campo for campo in modello._meta.concrete_fields if campo.is_relation]
    for campo in relazioni:
        if not campo.null and getattr(oggetto, campo.attname) is None:
            raise DatoErrato(posto, "manca, e serve.", campo=campo.name)
    try:
        oggetto.clean_fields(exclude={campo.name for campo in relazioni})
    except ValidationError as errore:
        nome, messaggi = next(iter(errore.message_dict.items()))
        raise DatoErrato(posto, " ".join(messaggi), campo=nome) from None
    return oggetto


@cache
def _campi(modello: type[Model]) -> dict[str, Field[Any, Any]]:
    """Columns of a model by name, and those of relations by the name of their column too."""
    return {nome: campo for campo in modello._meta.concrete_fields for nome in (campo.name, campo.attname)}


def _chiave(oggetto: Model, nomi: Sequence[str]) -> Chiave:
    return tuple(getattr(oggetto, _campi(type(oggetto))[nome].attname) for nome in nomi)


def _spiega(modello: type[Model], errore: IntegrityError) -> str:
    testo = str(errore)
    for vincolo in modello._meta.constraints:
        if vincolo.name in testo:
            return f"il dato non rispetta il vincolo «{vincolo.name.replace('_', ' ')}»."
    return f"il database rifiuta il dato ({testo.splitlines()[0]})."


# --- Tables ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def carica_tabella(tabella: Tabella) -> Esito:
    """Load one file, all of it or nothing, unless it is loaded already; a load that changed something is an event.

    Raises DatoErrato, with file, row and field, when the file is wrong.
    """
    caricato = Caricamento.objects.filter(nome=tabella.nome).first()
    if caricato is not None and not caricamento_dovuto(tabella.nome, [tabella.percorso]):
        return Esito(tabella, caricato.righe)
    modello, chiave = tabella.modello, tabella.chiave
    righe = leggi(tabella.percorso)
    for nome, rimando in tabella.rimandi.items():
        if rimando.modello is not modello:
            _risolvi(righe, nome, rimando)
    multipli = _stacca_multipli(tabella, righe)
    chiavi = [_chiave(_oggetto(modello, riga, riga.posto), chiave) for riga in righe]
    di_persone = _di_persone(tabella)
    prima = _fotografia(tabella)

    _carica_gerarchia(tabella, [riga for riga, c in zip(righe, chiavi, strict=True) if c not in di_persone])
    oggetti = _per_chiave(tabella)
    for c, scelti in zip(chiavi, multipli, strict=True):
        if c not in di_persone:
            for nome, primarie in scelti.items():
                getattr(oggetti[c], nome).set(primarie)

    dopo = _fotografia(tabella)
    nuove = [oggetti[c].pk for c in dopo if c not in prima]
    cambiate = [oggetti[c].pk for c in prima if prima[c] != dopo[c]]
    if hasattr(modello, "storico"):
        versiona(modello, nuove, tipo=CREATA, autore=None, azione=azione_corrente())
        versiona(modello, cambiate, tipo=CAMBIATA, autore=None, azione=azione_corrente())
    esito = Esito(
        tabella,
        len(righe),
        nuove=len(nuove),
        cambiate=len(cambiate),
        sparite=tuple(str(oggetti[c]) for c in prima if c not in {*chiavi, *di_persone}),
        lasciate=tuple(str(oggetti[c]) for c in chiavi if c in di_persone),
    )
    registra_caricamento(tabella.nome, [tabella.percorso], esito.righe)
    if esito.nuove or esito.cambiate:
        conti = {"righe": esito.righe, "nuove": esito.nuove, "cambiate": esito.cambiate}
        annota(
            None, "caricato", dopo={"file": tabella.nome, **conti}, nota="\n".join([esito.descrizione, *esito.avvisi])
        )
    return esito


def _risolvi(righe: list[Riga], nome: str, rimando: Rimando) -> None:
    """Put primary keys in the place of the names the file uses, in single values and in lists."""
    primarie = rimando.chiavi_primarie()
    for riga in righe:
        valore = riga.get(nome)
        for scritto in valore if isinstance(valore, list) else [valore]:
            if scritto is not None and str(scritto) not in primarie:
                altrove = rimando.modello._meta.verbose_name_plural
                raise DatoErrato(riga.posto, f"«{scritto}» non c'è nella tabella «{altrove}».", campo=nome)
        if isinstance(valore, list):
            riga[nome] = [primarie[str(scritto)] for scritto in valore]
        elif valore is not None:
            riga[nome] = primarie[str(valore)]


def _stacca_multipli(tabella: Tabella, righe: list[Riga]) -> list[dict[str, list[Any]]]:
    """Take the many-to-many fields out of the rows: they can be written only once the rows exist."""
    for nome, rimando in tabella.rimandi_multipli.items():
        for riga in righe:
            if not isinstance(riga.setdefault(nome, []), list):
                raise DatoErrato(riga.posto, "serve un elenco, anche di un valore solo.", campo=nome)
        _risolvi(righe, nome, rimando)
    return [{nome: riga.pop(nome) for nome in tabella.rimandi_multipli} for riga in righe]


def _carica_gerarchia(tabella: Tabella, righe: list[Riga]) -> None:
    """Load the rows; where they point to rows of the same table, first without the pointer, then with it."""
    propri = {nome: r for nome, r in tabella.rimandi.items() if r.modello is tabella.modello}
    if propri:
        vuoti = dict.fromkeys(propri)
        carica_righe(tabella.modello, [Riga({**riga, **vuoti}, riga.posto) for riga in righe], chiave=tabella.chiave)
        for nome, rimando in propri.items():
            _risolvi(righe, nome, rimando)
    carica_righe(tabella.modello, righe, chiave=tabella.chiave)


def _per_chiave(tabella: Tabella) -> dict[Chiave, Model]:
    oggetti = tabella.modello._default_manager.filter(tabella.solo or Q()).prefetch_related(*tabella.rimandi_multipli)
    return {_chiave(oggetto, tabella.chiave): oggetto for oggetto in oggetti}


def _di_persone(tabella: Tabella) -> set[Chiave]:
    if tabella.intoccabili is None:
        return set()
    return {_chiave(o, tabella.chiave) for o in tabella.modello._default_manager.filter(tabella.intoccabili)}


def _fotografia(tabella: Tabella) -> dict[Chiave, dict[str, Any]]:
    """Every value of every row, to tell what a load changed."""
    campi = [campo.attname for campo in tabella.modello._meta.concrete_fields]
    return {
        chiave: {campo: getattr(oggetto, campo) for campo in campi}
        | {nome: {altro.pk for altro in getattr(oggetto, nome).all()} for nome in tabella.rimandi_multipli}
        for chiave, oggetto in _per_chiave(tabella).items()
    }
