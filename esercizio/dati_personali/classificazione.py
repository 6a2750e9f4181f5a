"""Reading the catalogue: the class of a field, what is missing, which rows are about a person or bear her number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db.models import Field, ForeignKey, Model
from django.utils.translation import gettext as _

from esercizio.dati_personali.catalogo import CATALOGO
from esercizio.dati_personali.tipi import Classe, Modello

# What a past version of a row has besides the row, the same for all of them.
DELLE_VERSIONI = {
    **dict.fromkeys(("azione", "history_id", "history_date", "history_type"), Classe.NESSUNO),
    "history_user": Classe.LEGAME,
    "history_change_reason": Classe.TESTO,
}


@dataclass(frozen=True)
class Scritto:
    """A kind of rows that bear the number of a person: the model, and the fields that do."""

    modello: type[Model]
    campi: tuple[str, ...]

    @property
    def nome(self) -> str:
        return nome_di(self.modello)


def nome_di(modello: type[Model]) -> str:
    """What the rows of a model are called, in Italian."""
    sua, di_cui = voce(modello), versione_di(modello)
    if sua is not None and sua.nome:
        return str(sua.nome)
    if di_cui is not None:
        return _("versioni scritte di: %(nome)s") % {"nome": di_cui._meta.verbose_name_plural}
    return str(modello._meta.verbose_name_plural)


def modelli() -> list[type[Model]]:
    """All of them, those of the libraries and the tables between two models included."""
    return list(apps.get_models(include_auto_created=True))


def campi(modello: type[Model]) -> list[Field]:
    return list(modello._meta.concrete_fields) + list(modello._meta.local_many_to_many)


def voce(modello: type[Model]) -> Modello | None:
    return CATALOGO.get(modello._meta.label)


def classi(modello: type[Model]) -> dict[str, Classe]:
    """The class of each field of a model; a field that nobody classified is not there."""
    if modello._meta.auto_created:
        return dict.fromkeys((campo.name for campo in campi(modello) if not _di_persona(campo)), Classe.NESSUNO)
    sua = voce(modello)
    if sua is not None:
        return sua.classi()
    di_cui = versione_di(modello)
    return {} if di_cui is None else classi(di_cui) | DELLE_VERSIONI


def versione_di(modello: type[Model]) -> type[Model] | None:
    """Of a model of past versions, the model they are versions of."""
    origine: type[Model] | None = getattr(modello, "instance_type", None)
    return origine


def non_classificati() -> list[str]:
    """Every field that the catalogue does not name, and every name in it that no field has."""
    mancano = [
        f"{modello._meta.label}.{campo.name}"
        for modello in modelli()
        for campo in campi(modello)
        if campo.name not in classi(modello)
    ]
    esistenti = {modello._meta.label: {campo.name for campo in campi(modello)} for modello in modelli()}
    di_troppo = [
        f"{etichetta}.{nome} (non c'è)"
        for etichetta, sua in CATALOGO.items()
        for nome in sua.classi()
        if nome not in esistenti.get(etichetta, set())
    ]
    return mancano + di_troppo


def della_persona() -> Iterator[tuple[type[Model], Modello]]:
    """The models whose rows are about one person."""
    for modello in modelli():
        sua = voce(modello)
        if sua is not None and sua.persona:
            yield modello, sua


def scritti() -> Iterator[Scritto]:
    """The kinds of rows about other things, in which people did something."""
    di_persone = {modello for modello, _voce in della_persona()}
    for modello in modelli():
        legami = tuple(campo.name for campo in campi(modello) if _di_persona(campo))
        if legami and modello not in di_persone:
            yield Scritto(modello, legami)


def _di_persona(campo: Field) -> bool:
    return isinstance(campo, ForeignKey) and campo.related_model._meta.label == settings.AUTH_USER_MODEL
