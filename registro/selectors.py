"""Reading the registro."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from registro.models import ChiGuarda, Evento, EventoQuerySet, Lavoro, LavoroQuerySet
from registro.services import Persona


def cronologia(oggetto: Model) -> EventoQuerySet:
    """All that happened to one object, the latest first."""
    return Evento.objects.filter(tipo_oggetto=oggetto._meta.label_lower, id_oggetto=str(oggetto.pk)).select_related(
        "autore"
    )


def eventi(
    *,
    azione: uuid.UUID | None = None,
    autore: Persona | None = None,
    tipo_oggetto: str = "",
    verbo: str = "",
    dal: date | None = None,
    al: date | None = None,
) -> EventoQuerySet:
    """Events that meet every filter given, the latest first; the days are in Italian time and both included."""
    trovati = Evento.objects.select_related("autore")
    if azione is not None:
        trovati = trovati.filter(azione=azione)
    if autore is not None:
        trovati = trovati.filter(autore_id=autore.pk)
    if tipo_oggetto:
        trovati = trovati.filter(tipo_oggetto=tipo_oggetto)
    if verbo:
        trovati = trovati.filter(verbo=verbo)
    if dal is not None:
        trovati = trovati.filter(quando__date__gte=dal)
    if al is not None:
        trovati = trovati.filter(quando__date__lte=al)
    return trovati


def con_nomi(eventi: Iterable[Evento]) -> list[Evento]:
    """The same events; those about a person have in `su_chi` the name she has today, which no event holds."""
    letti = list(eventi)
    utenti = get_user_model()
    delle_persone = [evento for evento in letti if evento.tipo_oggetto == utenti._meta.label_lower]
    if delle_persone:
        nomi = utenti._default_manager.in_bulk({int(evento.id_oggetto) for evento in delle_persone})
        for evento in delle_persone:
            persona = nomi.get(int(evento.id_oggetto))
            evento.su_chi = "" if persona is None else str(persona)
    return letti


def lavori_visibili_a(utente: ChiGuarda | AnonymousUser) -> LavoroQuerySet:
    """The jobs that this person may follow, the latest first, with who asked for them."""
    return Lavoro.objects.visibili_a(utente).select_related("richiesto_da")


def lavori_aperti(utente: ChiGuarda | AnonymousUser) -> LavoroQuerySet:
    """The jobs waiting or running that this person may follow."""
    return lavori_visibili_a(utente).aperti()
