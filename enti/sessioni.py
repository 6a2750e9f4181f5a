"""The sessions of people: which are open, since when and from where, and how they end.

Django's table holds a session, but does not name its person outside the signed data; allauth's names her, and holds
address and program, but not whether it is still open. A session is open while both rows are there; whoever must be
sure that none is left open reads the signed data.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Utente
from enti.programmi import nome_del_programma
from enti.sicurezza import annota_sicurezza, indirizzo_di

INIZIO = "iniziata"
SECONDI_PER_ORA = 3600


@dataclass(frozen=True)
class SessioneAperta:
    """An open session as its person knows it; `attuale` is the one that asks."""

    pk: int
    utente: Utente
    iniziata: datetime
    ultima_attivita: datetime
    programma: str
    indirizzo: str
    attuale: bool


# --- Reading ---------------------------------------------------------------------------------------------------------


def aperte(*, utente: Utente | None = None, attuale: str | None = None) -> list[SessioneAperta]:
    """Those of a person, or of everybody, the last used first. Two queries."""
    righe = UserSession.objects.select_related("user")
    if utente is not None:
        righe = righe.filter(user=utente)
    vive = dict(Session.objects.filter(expire_date__gt=timezone.now()).values_list("pk", "expire_date"))
    durata = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    trovate = [
        SessioneAperta(
            pk=riga.pk,
            utente=riga.user,
            iniziata=riga.created_at,
            ultima_attivita=vive[riga.session_key] - durata,
            programma=nome_del_programma(riga.user_agent),
            indirizzo=riga.ip,
            attuale=riga.session_key == attuale,
        )
        for riga in righe
        if riga.session_key in vive
    ]
    return sorted(trovate, key=lambda sessione: (not sessione.attuale, -sessione.ultima_attivita.timestamp()))


# --- How long it lasts -----------------------------------------------------------------------------------------------


def segna(request: HttpRequest) -> None:
    """Note when a session of somebody signed in began, once, whatever way it was opened."""
    if INIZIO not in request.session:
        request.session[INIZIO] = int(time.time())


def iscrivi(request: HttpRequest) -> None:
    """Put the session that asks among those listed, if signing in did not: as one opened by the release before."""
    if not UserSession.objects.filter(session_key=request.session.session_key).exists() and indirizzo_di(request):
        UserSession.objects.create_from_request(request)


def troppo_lunga(request: HttpRequest) -> bool:
    """Whether one must sign in again, however much she has been working (OWASP ASVS 7.3.2)."""
    inizio = request.session.get(INIZIO)
    return inizio is not None and time.time() - inizio >= settings.SESSIONE_ORE_MASSIME * SECONDI_PER_ORA


# --- Ending ----------------------------------------------------------------------------------------------------------


def termina(request: HttpRequest, utente: Utente) -> None:
    """End the session that asks, which has lasted as long as one may."""
    annota_sicurezza(utente, "sessione chiusa", nota=_("Era arrivata alla durata massima."))
    logout(request)


@transaction.atomic
def chiudi_sessioni(utente: Utente, *, tranne: str | None = None) -> int:
    """End the sessions of a person, except one; gives how many. Not recorded: whatever asks for it is.

    Done whenever what she proved on entering holds no more: another password, another second factor, the access shut.
    All live sessions are read, so that none is left because nobody wrote whose it was.
    """
    sue = [
        sessione.pk
        for sessione in Session.objects.filter(expire_date__gt=timezone.now())
        if sessione.pk != tranne and sessione.get_decoded().get(SESSION_KEY) == str(utente.pk)
    ]
    Session.objects.filter(pk__in=sue).delete()
    UserSession.objects.filter(user=utente).exclude(session_key=tranne or "").delete()
    return len(sue)


@transaction.atomic
def chiudi(*, pk: int, autore: Utente) -> Utente:
    """End one session; gives whose it was. Raises UserSession.DoesNotExist."""
    riga = UserSession.objects.select_for_update().select_related("user").get(pk=pk)
    Session.objects.filter(pk=riga.session_key).delete()
    riga.delete()
    annota_sicurezza(riga.user, "sessione chiusa", autore=autore)
    return riga.user


@transaction.atomic
def chiudi_di(*, utente: Utente, autore: Utente, tranne: str | None = None) -> int:
    """End the sessions of a person because somebody asked to, who is recorded; gives how many."""
    quante = chiudi_sessioni(utente, tranne=tranne)
    if quante:
        annota_sicurezza(utente, "sessioni chiuse", autore=autore, dopo={"quante": quante})
    return quante


def dimentica_finite() -> int:
    """Delete address and program of the sessions that are over; gives how many."""
    vive = Session.objects.filter(expire_date__gt=timezone.now()).values("pk")
    return UserSession.objects.exclude(session_key__in=vive).delete()[0]
