"""The data of the campaign, and the people in it: made inside the portal.

The file gets what the users of the campaign must know: who they are, their sessions, the keys of the API, what there is
to be opened. Their sessions are begun here, as if they had signed in this morning.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from importlib import import_module
from pathlib import Path

from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from campagne.carico.moltiplica import moltiplica
from cruscotto.conteggio.giorno import Giorno
from cruscotto.services import fotografie
from enti.demo import SEGRETO_TOTP
from enti.models import Appartenenza, Ente, Utente
from enti.permessi import DEI_COMUNI
from enti.ruoli import TipoEnte
from interoperabilita import inneschi
from interoperabilita.models import VoceCup
from interoperabilita.services import pubblicazione
from interventi.models import Intervento
from monitoraggio import mesi
from monitoraggio.models import Avanzamento
from piani_integrati.models import PianoIntegrato
from registro.esecutori import Avanzatore
from tests.interoperabilita.chiavi import consumatore

VOLTE = 7
# A hundred people, by role: most compile for the Comuni, some examine, few direct.
PERSONE = {"compilatore": 48, "responsabile": 18, "istruttore": 18, "coordinatore": 6, "cabina": 6, "amministratore": 4}
ENTI = 12
PASSWORD = "una-parola-di-carico-2026"  # noqa: S105 of people who live as long as the campaign


@dataclass(frozen=True)
class Persona:
    """Somebody of the campaign: `sessione` is the key of an open session, `interventi` those she works on."""

    pk: int
    email: str
    ruolo: str
    sessione: str
    interventi: list[int]


def prepara(file: Path) -> None:
    moltiplica(VOLTE)
    _metti_in_pari()
    persone = _persone()
    dati = {
        "password": PASSWORD,
        "biscotti": {"sessione": settings.SESSION_COOKIE_NAME, "csrf": settings.CSRF_COOKIE_NAME},
        "persone": [asdict(persona) for persona in persone],
        "chiavi": [consumatore(limite_minuto=600).segreto for _ in range(2)],
        "piani": list(PianoIntegrato.objects.values_list("slug", flat=True)),
        "mesi": [mese.isoformat() for mese in _mesi_aperti()],
        "cup": VoceCup.objects.filter(fino_a=None).count(),
        "interventi": Intervento.objects.count(),
        "avanzamenti": Avanzamento.objects.count(),
    }
    file.write_text(json.dumps(dati))


def _metti_in_pari() -> None:
    """What the portal reckons by itself of its data: published for the API, judged, counted, signalled."""
    inneschi.annota_tutto(connection)
    pubblicazione.pubblica()
    call_command("verifica_piani", stdout=sys.stderr)
    fotografie.conta_tutto(Giorno(), Avanzatore())
    with connection.cursor() as cursore:
        cursore.execute("VACUUM ANALYZE")


def _persone() -> list[Persona]:
    """Of the Comuni with most interventi, and of the Città metropolitana for who is not of a Comune."""
    suoi = Counter(Intervento.objects.exclude(soggetto_attuatore=None).values_list("soggetto_attuatore_id", flat=True))
    comuni = [pk for pk, _quanti in suoi.most_common(ENTI)]
    metropoli = Ente.objects.get(tipo=TipoEnte.CITTA_METROPOLITANA).pk
    parola, tutti = make_password(PASSWORD), []
    for ruolo, quante in PERSONE.items():
        for numero in range(quante):
            ente = comuni[numero % ENTI] if ruolo in DEI_COMUNI else metropoli
            tutti.append(_persona(f"{ruolo}.{numero}@carico.example.org", ruolo, ente, parola))
    return tutti


def _persona(email: str, ruolo: str, ente: int, parola: str) -> Persona:
    utente = Utente.objects.create(email=email, nome="Carico", cognome=email.partition("@")[0], password=parola)
    Appartenenza.objects.create(utente=utente, ente_id=ente, ruolo=ruolo)
    if utente.personale:
        TOTP.activate(utente, SEGRETO_TOTP)
    interventi = Intervento.objects.order_by("?")
    if ruolo in DEI_COMUNI:
        interventi = interventi.filter(soggetto_attuatore_id=ente)
    return Persona(utente.pk, email, ruolo, _sessione(utente), list(interventi.values_list("pk", flat=True)[:40]))


def _sessione(utente: Utente) -> str:
    """The key of a session as the sign-in leaves it."""
    sessione = import_module(settings.SESSION_ENGINE).SessionStore()
    sessione[SESSION_KEY] = str(utente.pk)
    sessione[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    sessione[HASH_SESSION_KEY] = utente.get_session_auth_hash()
    sessione.create()
    return str(sessione.session_key)


def _mesi_aperti() -> list[date]:
    """The months that are still filled in: the three before this one."""
    adesso = mesi.primo(timezone.localdate())
    return [mesi.avanti(adesso, -quanti) for quanti in (1, 2, 3)]
