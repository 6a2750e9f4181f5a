"""What of the register the search finds: interventi, Comuni, and the views that a person saved."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro
from django.utils.translation import ngettext

from enti.models import Comune, Utente
from enti.permessi import consente
from interventi import selectors
from interventi.models import Intervento, VistaSalvata
from interventi.viste import pagina_di
from psttm import formati
from registro.ricerca import Fornitore, Risultato, Trovati, contiene, piano, righe

MOSTRATI = 10
COMUNI_MOSTRATI = 20


# --- Interventi -------------------------------------------------------------------------------------------------------


def interventi(utente: Utente, testo: str) -> Trovati:
    trovati = selectors.per_testo(Intervento.objects.visibili_a(utente), testo)
    primi = trovati.defer("testo_ricerca", "sintesi").order_by("cup", "clp", "pk")[:MOSTRATI]
    return Trovati(
        [_intervento(uno) for uno in primi], trovati.order_by().count(), reverse("interventi", query={"q": testo})
    )


def _intervento(uno: Intervento) -> Risultato:
    return Risultato(
        titolo=uno.nome,
        indirizzo=reverse("intervento", args=[uno.pk]),
        sottotitolo=_codici(uno.cup, uno.clp),
        dettaglio="" if uno.finanziamento_totale is None else formati.euro(uno.finanziamento_totale),
    )


def _codici(cup: str, clp: str) -> str:
    return " · ".join(filter(None, (_("CUP %(cup)s") % {"cup": cup} if cup else "", clp)))


def righe_interventi(utente: Utente, testo: str) -> QuerySet[Any]:
    trovati = selectors.per_testo(Intervento.objects.visibili_a(utente), testo)
    # Unsorted: tens of thousands may have a word, and the index of their text knows how many.
    return righe(trovati.order_by(), chiave="pk", titolo="titolo", sotto="cup")


def leggi_intervento(chiave: str, titolo: str, cup: str) -> Risultato:
    nome = titolo or _("Intervento %(codice)s") % {"codice": cup or chiave}
    return Risultato(nome, reverse("intervento", args=[chiave]), _codici(cup, ""))


def codici_interventi(utente: Utente, testo: str) -> list[str]:
    """At most two: more than one is a list to choose from."""
    del_codice = selectors.per_codice(Intervento.objects.visibili_a(utente), testo)
    return [reverse("intervento", args=[pk]) for pk in del_codice.order_by().values_list("pk", flat=True)[:2]]


# --- Comuni -----------------------------------------------------------------------------------------------------------


def comuni(utente: Utente, testo: str) -> Trovati:
    trovati = selectors.comuni_per_nome(testo)
    quanti = selectors.quanti_per_comune(Intervento.objects.visibili_a(utente), trovati[:COMUNI_MOSTRATI])
    risultati = [_comune(comune, quanti.get(comune.pk, 0), testo) for comune in trovati[:COMUNI_MOSTRATI]]
    return Trovati(risultati, len(trovati), reverse("comuni", query={"q": testo}))


def _comune(comune: Comune, suoi: int, testo: str) -> Risultato:
    valori = {"quanti": formati.numero(suoi)}
    return Risultato(
        titolo=comune.nome,
        indirizzo=reverse("comune", args=[comune.codice_istat]),
        sottotitolo=str(comune.zona or ""),
        dettaglio=ngettext("%(quanti)s intervento", "%(quanti)s interventi", suoi) % valori
        if suoi
        else _("nessun intervento"),
        indirizzo_dettaglio=reverse("interventi", query={"comune": comune.codice_istat}) if suoi else "",
        esatto=piano(comune.nome) == piano(testo),
    )


def righe_comuni(utente: Utente, testo: str) -> QuerySet[Any]:
    trovati = Comune.objects.metropolitani().filter(nome__icontains=testo).order_by("nome")
    return righe(trovati, chiave="codice_istat", titolo="nome", sotto="zona__nome")


def leggi_comune(istat: str, nome: str, zona: str) -> Risultato:
    return Risultato(nome, reverse("comune", args=[istat]), zona)


# --- Saved views ------------------------------------------------------------------------------------------------------


def viste(utente: Utente, testo: str) -> Trovati:
    sue = VistaSalvata.objects.filter(utente=utente)
    lette = [_vista(utente, vista.pagina, vista.nome, vista.indirizzo) for vista in sue]
    risultati = [vista for vista in lette if vista is not None and contiene(testo, vista.titolo, vista.sottotitolo)]
    return Trovati(risultati, len(risultati))


def _vista(utente: Utente, codice: str, nome: str, filtri: str) -> Risultato | None:
    pagina = pagina_di(codice)
    if pagina is None or not pagina.da_sola or not consente(pagina.permesso, utente.ruoli):
        return None
    return Risultato(nome, pagina.indirizzo(filtri), str(pagina.titolo))


def righe_viste(utente: Utente, testo: str) -> QuerySet[Any]:
    """Only of the pages that can be reached by themselves, and that she may open."""
    sue = VistaSalvata.objects.filter(utente=utente, nome__icontains=testo).order_by("nome")
    dove = Concat("pagina", Value("?"), "indirizzo")
    return righe(sue, chiave=dove, titolo="nome", sotto="pagina")


def leggi_vista(dove: str, nome: str, codice: str) -> Risultato | None:
    pagina = pagina_di(codice)
    if pagina is None or not pagina.da_sola:
        return None
    return Risultato(nome, pagina.indirizzo(dove.partition("?")[2]), str(pagina.titolo))


FORNITORI = (
    Fornitore(
        genere="comuni",
        plurale=pigro("Comuni"),
        singolare=pigro("Comune"),
        molti=pigro("Comuni"),
        cerca=comuni,
        righe=righe_comuni,
        leggi=leggi_comune,
        posto=10,
    ),
    Fornitore(
        genere="interventi",
        plurale=pigro("Interventi"),
        singolare=pigro("intervento"),
        molti=pigro("interventi"),
        cerca=interventi,
        righe=righe_interventi,
        leggi=leggi_intervento,
        esatti=codici_interventi,
        posto=30,
    ),
    Fornitore(
        genere="viste",
        plurale=pigro("Le mie viste salvate"),
        singolare=pigro("vista salvata"),
        molti=pigro("viste salvate"),
        cerca=viste,
        righe=righe_viste,
        leggi=leggi_vista,
        posto=80,
    ),
)
