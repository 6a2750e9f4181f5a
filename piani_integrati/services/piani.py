"""Creating a piano, and correcting what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from enti.models import Utente
from piani_integrati.flusso import CHIUSI
from piani_integrati.models import PianoIntegrato
from registro.services import annota
from registro.storia import salva

MULTIPLI = ("strategie", "driver")
# Ends of the addresses of this room: a piano called so could not be reached.
RISERVATI = frozenset({"nuovo", "assegna", "verifica", "deroghe"})


class PianoChiuso(Exception):
    """The piano is over: nothing of it changes any more."""

    def __init__(self, piano: PianoIntegrato) -> None:
        super().__init__(
            _("Il piano %(codice)s è %(stato)s: i suoi dati e i suoi interventi non si cambiano più.")
            % {"codice": piano.codice, "stato": piano.get_stato_display()}
        )


def indirizzo_libero(codice: str) -> str:
    """An address for a new piano, made from its code, that no other has."""
    base = slugify(codice)[:36] or "piano"
    usati = set(PianoIntegrato.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | RISERVATI
    numero = 1
    while (proposto := base if numero == 1 else f"{base}-{numero}") in usati:
        numero += 1
    return proposto


@transaction.atomic
def crea(*, dati: Mapping[str, Any], autore: Utente) -> PianoIntegrato:
    """Add a piano, as a draft. `dati` are fields of the model, `strategie` and `driver` lists of rows."""
    piano = PianoIntegrato(
        **{campo: valore for campo, valore in dati.items() if campo not in MULTIPLI},
        slug=indirizzo_libero(dati["codice"]),
    )
    salva(piano, autore=autore)
    for campo in MULTIPLI:
        getattr(piano, campo).set(dati.get(campo, ()))
    annota(piano, "creato", autore=autore, dopo=_leggibili(dati))
    return piano


@transaction.atomic
def correggi(*, piano_id: int, dati: Mapping[str, Any], autore: Utente) -> PianoIntegrato:
    """Change the fields in `dati` that differ. Raises PianoChiuso, PianoIntegrato.DoesNotExist."""
    piano = PianoIntegrato.objects.select_for_update().get(pk=piano_id)
    if piano.stato in CHIUSI:
        raise PianoChiuso(piano)
    scrivi(piano, dati, autore=autore, verbo="corretto")
    return piano


def scrivi(piano: PianoIntegrato, dati: Mapping[str, Any], *, autore: Utente, verbo: str) -> bool:
    """Write what differs in a locked piano and record it; whether anything did."""
    prima = {campo: list(getattr(piano, campo).all()) if campo in MULTIPLI else getattr(piano, campo) for campo in dati}
    nuovi = {campo: list(valore) if campo in MULTIPLI else valore for campo, valore in dati.items()}
    cambiati = [campo for campo in nuovi if nuovi[campo] != prima[campo]]
    if not cambiati:
        return False
    semplici = [campo for campo in cambiati if campo not in MULTIPLI]
    for campo in semplici:
        setattr(piano, campo, nuovi[campo])
    # A version even when only the links change: it says when, and by whom.
    salva(piano, autore=autore, campi=semplici or ["titolo"])
    for campo in set(cambiati) & set(MULTIPLI):
        getattr(piano, campo).set(nuovi[campo])
    annota(
        piano,
        verbo,
        autore=autore,
        prima=_leggibili({campo: prima[campo] for campo in cambiati}),
        dopo=_leggibili({campo: nuovi[campo] for campo in cambiati}),
    )
    return True


def _leggibili(valori: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the registro keeps them, under the names that people read."""
    campi = {campo.name: campo for campo in (*PianoIntegrato._meta.fields, *PianoIntegrato._meta.many_to_many)}
    return {str(campi[nome].verbose_name): _leggibile(valore) for nome, valore in valori.items()}


def _leggibile(valore: Any) -> Any:
    if isinstance(valore, Model):
        return str(valore)
    return [str(voce) for voce in valore] if isinstance(valore, list | tuple | QuerySet) else valore
