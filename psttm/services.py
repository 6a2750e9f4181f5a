"""Writes on the strategic plan: lock, check, change, record."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from enti.models import Utente
from enti.permessi import Permesso, consente
from psttm.models import Destinatario, LegameDriverObiettivo, Missione, Obiettivo
from registro.models import Fonte
from registro.ripensamenti import Annullato, NonAnnullabile
from registro.services import annota

# How they are undone (`registro.ripensamenti`).
TOLTO, CORRETTO = "obiettivo tolto", "obiettivo corretto"


class ObiettivoDellaFonte(Exception):
    """The objective is in the official text: it is not changed here."""


@dataclass(frozen=True)
class Corretto:
    """The objective, and its fields before and after, to go back."""

    obiettivo: Obiettivo
    prima: dict[str, Any]
    dopo: dict[str, Any]


def _riga(obiettivo: Obiettivo) -> dict[str, Any]:
    """Its fields as the table has them."""
    campi = (campo.attname for campo in Obiettivo._meta.concrete_fields if not campo.primary_key)
    return {nome: getattr(obiettivo, nome) for nome in campi}


def _legami(obiettivo: Obiettivo) -> list[dict[str, Any]]:
    """Its links with Driver, which go with it."""
    campi = ("driver_id", "motivo", "fonte_id", "luogo")
    return [{nome: getattr(legame, nome) for nome in campi} for legame in obiettivo.legami_driver.order_by("pk")]


def _istantanea(obiettivo: Obiettivo) -> dict[str, Any]:
    return {
        "missione": obiettivo.missione.codice,
        "numero": obiettivo.numero,
        "testo": obiettivo.testo,
        "destinatari": [str(destinatario.label) for destinatario in obiettivo.destinatari],
        "fonte": obiettivo.fonte.codice,
        "luogo": obiettivo.luogo,
    }


def _scrivi(obiettivo: Obiettivo, testo: str, destinatari: Collection[str], fonte: Fonte, luogo: str) -> None:
    obiettivo.testo = testo
    obiettivo.fonte = fonte
    obiettivo.luogo = luogo
    for destinatario in Destinatario:
        setattr(obiettivo, f"per_{destinatario.value}", destinatario.value in destinatari)
    obiettivo.save()


def _numero_libero(missione: Missione) -> int:
    """Next number in a Missione; the lock on the Missione keeps two people from taking the same."""
    Missione.objects.select_for_update().get(pk=missione.pk)
    return (missione.obiettivi.aggregate(ultimo=Max("numero"))["ultimo"] or 0) + 1


@transaction.atomic
def aggiungi_obiettivo(
    *, missione: Missione, testo: str, destinatari: Collection[str], fonte: Fonte, luogo: str, autore: Utente | None
) -> Obiettivo:
    """Add an objective that the source at hand does not list; it takes the next number of its Missione."""
    obiettivo = Obiettivo(missione=missione, numero=_numero_libero(missione), aggiunto_dal_personale=True)
    _scrivi(obiettivo, testo, destinatari, fonte, luogo)
    annota(obiettivo, "aggiunto", autore=autore, dopo=_istantanea(obiettivo))
    return obiettivo


@transaction.atomic
def correggi_obiettivo(
    *,
    obiettivo_id: int,
    missione: Missione,
    testo: str,
    destinatari: Collection[str],
    fonte: Fonte,
    luogo: str,
    autore: Utente,
) -> Corretto:
    """Correct an objective added by the staff. Raises ObiettivoDellaFonte for those of the official text."""
    obiettivo = _del_personale(obiettivo_id)
    prima, righe = _istantanea(obiettivo), _riga(obiettivo)
    if obiettivo.missione_id != missione.pk:
        obiettivo.numero = _numero_libero(missione)
        obiettivo.missione = missione
    _scrivi(obiettivo, testo, destinatari, fonte, luogo)
    annota(obiettivo, "corretto", autore=autore, prima=prima, dopo=_istantanea(obiettivo))
    return Corretto(obiettivo, righe, _riga(obiettivo))


@transaction.atomic
def togli_obiettivo(*, obiettivo_id: int, autore: Utente) -> dict[str, Any]:
    """Take away an objective added by the staff; what it said stays in the registro, and comes back to put it back."""
    obiettivo = _del_personale(obiettivo_id)
    riga = {"pk": obiettivo.pk, **_riga(obiettivo), "legami": _legami(obiettivo)}
    annota(obiettivo, "tolto", autore=autore, prima=_istantanea(obiettivo))
    obiettivo.delete()
    return riga


def _del_personale(obiettivo_id: int) -> Obiettivo:
    obiettivo = (
        Obiettivo.objects.select_for_update(of=("self",)).select_related("missione", "fonte").get(pk=obiettivo_id)
    )
    if not obiettivo.aggiunto_dal_personale:
        raise ObiettivoDellaFonte(str(obiettivo))
    return obiettivo


# --- Undoing ---------------------------------------------------------------------------------------------------------


def rimetti_obiettivo(autore: Utente, dati: dict[str, Any]) -> Annullato:
    """Put back an objective that was taken away, with its number and its links, if nobody has taken the number."""
    _puo_modificare(autore)
    campi = {nome: valore for nome, valore in dati.items() if nome != "legami"}
    Missione.objects.select_for_update().get(pk=dati["missione_id"])
    if Obiettivo.objects.filter(missione=dati["missione_id"], numero=dati["numero"]).exists():
        raise NonAnnullabile(_("Intanto un altro obiettivo ha preso il suo numero: quello tolto non torna."))
    obiettivo = Obiettivo.objects.create(**campi)
    legami = [LegameDriverObiettivo(obiettivo=obiettivo, **uno) for uno in dati["legami"]]
    LegameDriverObiettivo.objects.bulk_create(legami)
    return Annullato(_("L'obiettivo %(codice)s c'è di nuovo.") % {"codice": obiettivo.codice}, obiettivo)


def riporta_obiettivo(autore: Utente, dati: dict[str, Any]) -> Annullato:
    """Give an objective what it said before it was corrected, unless somebody has corrected it again."""
    _puo_modificare(autore)
    obiettivo = Obiettivo.objects.select_for_update(of=("self",)).filter(pk=dati["obiettivo"]).first()
    if obiettivo is None or _riga(obiettivo) != dati["dopo"]:
        raise NonAnnullabile(_("Intanto qualcuno ha cambiato l'obiettivo, o l'ha tolto: resta com'è adesso."))
    prima = dati["prima"]
    altri = Obiettivo.objects.filter(missione=prima["missione_id"], numero=prima["numero"]).exclude(pk=obiettivo.pk)
    if altri.exists():
        raise NonAnnullabile(_("Intanto un altro obiettivo ha preso il numero che aveva: resta com'è adesso."))
    for nome, valore in prima.items():
        setattr(obiettivo, nome, valore)
    obiettivo.save()
    tornato = Obiettivo.objects.select_related("missione").get(pk=obiettivo.pk)
    return Annullato(
        _("L'obiettivo %(codice)s è tornato com'era.") % {"codice": tornato.codice},
        tornato,
        reverse("obiettivo", args=[tornato.missione.numero, tornato.numero]),
    )


def _puo_modificare(autore: Utente) -> None:
    if not consente(Permesso.MODIFICARE_PIANO, autore.ruoli):
        raise NonAnnullabile(_("Il tuo ruolo non permette più di cambiare gli obiettivi: non è cambiato nulla."))
