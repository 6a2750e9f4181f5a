"""The reports that the search finds: by the code that their pages print, and by their perimeter."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from enti.models import Utente
from enti.permessi import Permesso, consente
from psttm import formati
from rapporti.domanda import codice_letto
from rapporti.filters import RapportoFilter
from rapporti.models import Rapporto
from rapporti.presentazione import nome_breve
from registro.ricerca import Fornitore, Risultato, Trovati, primi_e_conto, righe

MOSTRATI = 5


def _puo(utente: Utente) -> bool:
    return consente(Permesso.LEGGERE_RAPPORTI, utente.ruoli)


def per_testo(utente: Utente, testo: str) -> QuerySet[Any]:
    """As the archive is searched, so that the archive has as many."""
    trovati = RapportoFilter().per_testo(Rapporto.objects.all(), "q", testo)
    return trovati if _puo(utente) else trovati.none()


def rapporti(utente: Utente, testo: str) -> Trovati:
    primi, quanti = primi_e_conto(per_testo(utente, testo), MOSTRATI)
    return Trovati([_rapporto(uno) for uno in primi], quanti, reverse("rapporti", query={"q": testo}))


def _rapporto(uno: Rapporto) -> Risultato:
    return Risultato(
        titolo=f"{nome_breve(uno)} al {formati.data_breve(uno.al)}",
        indirizzo=reverse("rapporto", args=[uno.codice]),
        sottotitolo=f"{uno.get_tipo_display()} · {uno.codice}",
        dettaglio="" if uno.pronto else _("non ancora pronto"),
    )


def righe_rapporti(utente: Utente, testo: str) -> QuerySet[Any] | None:
    if not _puo(utente):
        return None
    return righe(per_testo(utente, testo), chiave="codice", titolo="nome_perimetro", sotto="al")


def leggi_rapporto(codice: str, nome: str, al: str) -> Risultato:
    anno, mese, giorno = al[:10].split("-")
    titolo = f"{nome[:1].upper()}{nome[1:]} al {giorno}/{mese}/{anno}"
    return Risultato(titolo, reverse("rapporto", args=[codice]), codice)


def codici(utente: Utente, testo: str) -> list[str]:
    """The one with this code, however it was typed."""
    codice = codice_letto(testo)
    if not codice or not _puo(utente) or not Rapporto.objects.filter(codice=codice).exists():
        return []
    return [reverse("rapporto", args=[codice])]


FORNITORE = Fornitore(
    genere="rapporti",
    plurale=pigro("Rapporti"),
    singolare=pigro("rapporto"),
    molti=pigro("rapporti"),
    cerca=rapporti,
    righe=righe_rapporti,
    leggi=leggi_rapporto,
    esatti=codici,
    posto=60,
)
