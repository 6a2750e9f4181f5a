"""The people that the search finds: all for the staff, her colleagues for who works for another body."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from enti.models import Appartenenza, Utente
from enti.permessi import Permesso, consente
from registro.ricerca import Fornitore, Risultato, Trovati, primi_e_conto, righe

MOSTRATI = 10


def visibili_a(utente: Utente) -> QuerySet[Utente]:
    """People, not software; those who left only for who administers them."""
    persone = Utente.objects.filter(tecnico=False)
    if not _amministra(utente):
        persone = persone.filter(is_active=True)
    if utente.personale:
        return persone
    colleghi = Appartenenza.objects.in_vigore().filter(ente__in=utente.enti)
    return persone.filter(pk__in=colleghi.values("utente"))


def _amministra(utente: Utente) -> bool:
    return consente(Permesso.AMMINISTRARE, utente.ruoli)


def per_testo(utente: Utente, testo: str) -> QuerySet[Utente]:
    """Those with every word in their name, mail, or the name of a body of theirs. People are thousands at most."""
    trovate = visibili_a(utente)
    in_vigore = Appartenenza.objects.in_vigore()
    for parola in testo.split():
        dell_ente = in_vigore.filter(ente__denominazione__icontains=parola).values("utente")
        trovate = trovate.filter(
            Q(nome__icontains=parola) | Q(cognome__icontains=parola) | Q(email__icontains=parola) | Q(pk__in=dell_ente)
        )
    return trovate


def persone(utente: Utente, testo: str) -> Trovati:
    trovate = per_testo(utente, testo)
    ruoli = Prefetch("appartenenze", Appartenenza.objects.in_vigore().select_related("ente"), to_attr="di_oggi")
    prime, quante = primi_e_conto(trovate.prefetch_related(ruoli), MOSTRATI)
    return Trovati(
        [_persona(utente, una) for una in prime],
        quante,
        reverse("admin:enti_utente_changelist", query={"q": testo}) if _amministra(utente) else "",
    )


def _persona(utente: Utente, trovata: Any) -> Risultato:
    ruoli = [f"{una.get_ruolo_display()}, {una.ente}" for una in trovata.di_oggi]
    return Risultato(
        titolo=str(trovata),
        indirizzo=reverse("admin:enti_utente_change", args=[trovata.pk]) if _amministra(utente) else "",
        sottotitolo=" · ".join(ruoli) or _("nessun ruolo"),
        dettaglio=trovata.email,
        indirizzo_dettaglio=f"mailto:{trovata.email}",
    )


def righe_persone(utente: Utente, testo: str) -> QuerySet[Any]:
    nome = Concat("nome", Value(" "), "cognome")
    return righe(per_testo(utente, testo), chiave="pk", titolo=nome, sotto="email")


def leggi_persona(chiave: str, nome: str, email: str) -> Risultato:
    """Where the search tells of her, which everybody who finds her may open."""
    return Risultato(nome.strip() or email, reverse("cerca", query={"q": email}), email)


FORNITORE = Fornitore(
    genere="persone",
    plurale=pigro("Persone"),
    singolare=pigro("persona"),
    molti=pigro("persone"),
    cerca=persone,
    righe=righe_persone,
    leggi=leggi_persona,
    posto=70,
)
