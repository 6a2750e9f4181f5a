"""Saved views: a person's own names for pages she wants to find again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from enti.models import Utente
from interventi.models import VistaSalvata
from registro.ripensamenti import Annullato, NonAnnullabile
from registro.services import annota

# How they are undone (`registro.ripensamenti`).
TOLTA, SOSTITUITA = "vista tolta", "vista sostituita"


@dataclass(frozen=True)
class Salvata:
    """The view, and what it said before where it was replaced by one of the same name."""

    vista: VistaSalvata
    prima: str | None


@transaction.atomic
def salva_vista(*, utente: Utente, pagina: str, nome: str, indirizzo: str) -> Salvata:
    """Keep the query string of a page under a name; a view of hers with the same name is replaced."""
    _blocca(utente)
    vista = VistaSalvata.objects.filter(utente=utente, pagina=pagina, nome=nome).first()
    prima = vista.indirizzo if vista is not None else None
    vista = vista or VistaSalvata(utente=utente, pagina=pagina, nome=nome)
    vista.indirizzo = indirizzo
    vista.save()
    annota(
        vista,
        "vista salvata",
        autore=utente,
        prima={"filtri": prima} if prima is not None else None,
        dopo={"filtri": indirizzo},
    )
    return Salvata(vista, prima)


@transaction.atomic
def togli_vista(*, vista_id: int, utente: Utente) -> dict[str, Any]:
    """Take away a view of hers; what it was, to put it back. Raises VistaSalvata.DoesNotExist for those of others."""
    vista = VistaSalvata.objects.select_for_update().get(pk=vista_id, utente=utente)
    annota(vista, "vista tolta", autore=utente, prima={"filtri": vista.indirizzo})
    vista.delete()
    return {nome: getattr(vista, nome) for nome in ("pagina", "nome", "indirizzo", "apre")}


@transaction.atomic
def apri_con(*, vista_id: int, utente: Utente, apre: bool) -> VistaSalvata:
    """Make a view of hers the one that the portal opens with, or no longer. Raises VistaSalvata.DoesNotExist."""
    _blocca(utente)
    vista = VistaSalvata.objects.get(pk=vista_id, utente=utente)
    VistaSalvata.objects.filter(utente=utente, pagina=vista.pagina, apre=True).exclude(pk=vista.pk).update(apre=False)
    if vista.apre != apre:
        vista.apre = apre
        vista.save(update_fields=["apre"])
        annota(vista, "vista iniziale", autore=utente, prima={"apre": not apre}, dopo={"apre": apre})
    return vista


# --- Undoing ---------------------------------------------------------------------------------------------------------


def rimetti(autore: Utente, dati: dict[str, Any]) -> Annullato:
    """Put back a view that was taken away, unless another has its name by now."""
    _blocca(autore)
    pagina, nome = dati["pagina"], dati["nome"]
    sue = VistaSalvata.objects.filter(utente=autore, pagina=pagina)
    if sue.filter(nome=nome).exists():
        raise NonAnnullabile(
            _("Intanto hai salvato un'altra vista «%(nome)s»: quella tolta non torna.") % {"nome": nome}
        )
    apre = dati["apre"] and not sue.filter(apre=True).exists()
    vista = VistaSalvata.objects.create(utente=autore, pagina=pagina, nome=nome, indirizzo=dati["indirizzo"], apre=apre)
    return Annullato(_("La vista «%(nome)s» è di nuovo fra le tue.") % {"nome": nome}, vista)


def riporta(autore: Utente, dati: dict[str, Any]) -> Annullato:
    """Give a view what it said before it was replaced."""
    vista = VistaSalvata.objects.select_for_update().filter(pk=dati["vista"], utente=autore).first()
    if vista is None or vista.indirizzo != dati["dopo"]:
        raise NonAnnullabile(_("Intanto la vista è cambiata, o non c'è più: resta com'è adesso."))
    vista.indirizzo = dati["prima"]
    vista.save(update_fields=["indirizzo"])
    return Annullato(_("La vista «%(nome)s» è di nuovo quella di prima.") % {"nome": vista.nome}, vista)


def _blocca(utente: Utente) -> None:
    Utente.objects.select_for_update().get(pk=utente.pk)
