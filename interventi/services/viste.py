"""Saved views: a person's own names for lists she wants to find again."""

from __future__ import annotations

from django.db import transaction

from enti.models import Utente
from interventi.models import VistaSalvata
from registro.services import annota


@transaction.atomic
def salva_vista(*, utente: Utente, pagina: str, nome: str, indirizzo: str) -> VistaSalvata:
    """Keep the query string of a list under a name; a view of hers with the same name is replaced."""
    Utente.objects.select_for_update().get(pk=utente.pk)
    vista = VistaSalvata.objects.filter(utente=utente, pagina=pagina, nome=nome).first()
    prima = {"filtri": vista.indirizzo} if vista is not None else None
    vista = vista or VistaSalvata(utente=utente, pagina=pagina, nome=nome)
    vista.indirizzo = indirizzo
    vista.save()
    annota(vista, "vista salvata", autore=utente, prima=prima, dopo={"filtri": indirizzo})
    return vista


@transaction.atomic
def togli_vista(*, vista_id: int, utente: Utente) -> None:
    """Take away a view of hers. Raises VistaSalvata.DoesNotExist for those of others."""
    vista = VistaSalvata.objects.select_for_update().get(pk=vista_id, utente=utente)
    annota(vista, "vista tolta", autore=utente, prima={"filtri": vista.indirizzo})
    vista.delete()
