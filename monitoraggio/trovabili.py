"""What of the monitoring the search finds: documents, and traguardi."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from enti.models import Utente
from enti.permessi import Permesso, consente
from monitoraggio.models import Documento, Traguardo, VersioneDocumento
from monitoraggio.models.documenti import DocumentoQuerySet
from psttm import formati
from registro.ricerca import Fornitore, Risultato, Trovati, piano, righe

MOSTRATI = 10
# Of the files whose name has the words, so many are looked at, from the latest: where there are more, the words are in
# the titles too.
FILE_LETTI = 1_000


def _puo(utente: Utente) -> bool:
    return consente(Permesso.LEGGERE_MONITORAGGIO, utente.ruoli)


# --- Documents --------------------------------------------------------------------------------------------------------


def _parole(testo: str, *campi: str) -> Q:
    """Every word in one of these fields. PostgreSQL has an index for each (migration 0004)."""
    tutte = Q()
    for parola in testo.split():
        una = Q()
        for campo in campi:
            una |= Q(**{f"{campo}__icontains": parola})
        tutte &= una
    return tutte


def _presenti(utente: Utente) -> DocumentoQuerySet:
    trovati = Documento.objects.visibili_a(utente).presenti()
    return trovati if _puo(utente) else trovati.none()


def documenti_per_testo(utente: Utente, testo: str) -> DocumentoQuerySet:
    """Those present with every word in title and protocol, or in the name of a file.

    The files are read first: a condition on another table would keep PostgreSQL from the indexes of this one.
    """
    con_nome = VersioneDocumento.objects.filter(_parole(testo, "nome")).order_by("-pk")
    per_file = list(con_nome.values_list("documento", flat=True)[:FILE_LETTI])
    return _presenti(utente).filter(_parole(testo, "titolo", "protocollo") | Q(pk__in=per_file))


def documenti(utente: Utente, testo: str) -> Trovati:
    trovati = documenti_per_testo(utente, testo)
    primi = Documento.objects.filter(pk__in=trovati.values("pk")[:MOSTRATI]).select_related("tipo", "intervento")
    primi = primi.defer("intervento__testo_ricerca", "intervento__sintesi")
    return Trovati([_documento(uno) for uno in primi], trovati.order_by().count())


def _documento(uno: Documento) -> Risultato:
    protocollo = _("prot. %(numero)s") % {"numero": uno.protocollo} if uno.protocollo else ""
    return Risultato(
        titolo=uno.titolo,
        indirizzo=reverse("documento", args=[uno.pk]),
        sottotitolo=" · ".join(filter(None, (uno.tipo.nome, protocollo, uno.intervento.nome))),
        dettaglio=formati.data_breve(uno.data or uno.creato_il),
    )


def righe_documenti(utente: Utente, testo: str) -> QuerySet[Any] | None:
    if not _puo(utente):
        return None
    trovati = _presenti(utente).filter(_parole(testo, "titolo", "protocollo"))
    return righe(trovati, chiave="pk", titolo="titolo", sotto="tipo__nome")


def leggi_documento(chiave: str, titolo: str, tipo: str) -> Risultato:
    return Risultato(titolo, reverse("documento", args=[chiave]), tipo)


# --- Traguardi --------------------------------------------------------------------------------------------------------


def traguardi_per_testo(utente: Utente, testo: str) -> QuerySet[Any]:
    """As the list of traguardi is searched, so that the list has as many."""
    trovati = Traguardo.objects.visibili_a(utente).filter(Q(codice__icontains=testo) | Q(titolo__icontains=testo))
    return trovati if _puo(utente) else trovati.none()


def traguardi(utente: Utente, testo: str) -> Trovati:
    trovati = traguardi_per_testo(utente, testo)
    primi = trovati.select_related("misura", "piano", "intervento")
    primi = primi.defer("intervento__testo_ricerca", "intervento__sintesi")
    return Trovati(
        [_traguardo(uno, testo) for uno in primi[:MOSTRATI]],
        trovati.order_by().count(),
        reverse("traguardi", query={"q": testo}),
    )


def _traguardo(uno: Traguardo, testo: str) -> Risultato:
    di_chi = uno.intervento.nome if uno.intervento is not None else str(uno.piano or uno.misura)
    return Risultato(
        titolo=str(uno),
        indirizzo=reverse("traguardo", args=[uno.pk]),
        sottotitolo=di_chi,
        dettaglio=_("entro il %(giorno)s") % {"giorno": formati.data_breve(uno.scadenza)},
        esatto=piano(uno.codice) == piano(testo),
    )


def righe_traguardi(utente: Utente, testo: str) -> QuerySet[Any] | None:
    if not _puo(utente):
        return None
    return righe(traguardi_per_testo(utente, testo), chiave="pk", titolo="codice", sotto="titolo")


def leggi_traguardo(chiave: str, codice: str, titolo: str) -> Risultato:
    return Risultato(f"{codice} {titolo}", reverse("traguardo", args=[chiave]))


FORNITORI = (
    Fornitore(
        genere="traguardi",
        plurale=pigro("Traguardi"),
        singolare=pigro("traguardo"),
        molti=pigro("traguardi"),
        cerca=traguardi,
        righe=righe_traguardi,
        leggi=leggi_traguardo,
        posto=40,
    ),
    Fornitore(
        genere="documenti",
        plurale=pigro("Documenti"),
        singolare=pigro("documento"),
        molti=pigro("documenti"),
        cerca=documenti,
        righe=righe_documenti,
        leggi=leggi_documento,
        posto=50,
    ),
)
