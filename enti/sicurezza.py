"""The events of security: which they are, and the one way to record them.

Each is an event of the registro, with its Provenienza where it came by a request, and one line of the logger
`sicurezza`, for whoever gathers the logs. The rooms above declare theirs with `dichiara`.
"""

from __future__ import annotations

import logging
from functools import partial

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, TextChoices
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from enti.provenienze import Provenienza
from registro.models import Evento
from registro.services import Persona, Valori, annota

logger = logging.getLogger("sicurezza")
LUNGHEZZA_PROGRAMMA = 300


class Gruppo(TextChoices):
    ACCESSI = "accessi", _("accessi e uscite")
    RIFIUTI = "rifiuti", _("rifiuti e blocchi")
    SECONDO_FATTORE = "secondo_fattore", _("secondo fattore")
    PASSWORD = "password", _("password")
    SESSIONI = "sessioni", _("sessioni chiuse")
    PERSONE = "persone", _("persone e ruoli")
    CHIAVI = "chiavi", _("chiavi dell'API")
    ESPORTAZIONI = "esportazioni", _("esportazioni")


ENTRATA = "accesso riuscito"
SENZA_OGGETTO = ""

_GRUPPI: dict[str, Gruppo] = {}
# The kinds of object that events of security are about: by them, and not by the verb, the registro has an index.
_TIPI: set[str] = {SENZA_OGGETTO}


def dichiara(gruppo: Gruppo, tipo_oggetto: str, *verbi: str) -> None:
    """From now on these verbs, about objects of this kind, are events of security."""
    _TIPI.add(tipo_oggetto)
    _GRUPPI.update(dict.fromkeys(verbi, gruppo))


def tipi() -> list[str]:
    return sorted(_TIPI)


def verbi(gruppo: str = "") -> list[str]:
    """Those of a group, or all of them."""
    return [verbo for verbo, suo in _GRUPPI.items() if not gruppo or suo == gruppo]


def gruppo_di(verbo: str) -> Gruppo:
    return _GRUPPI[verbo]


@transaction.atomic
def annota_sicurezza(
    oggetto: Model | None,
    verbo: str,
    *,
    autore: Persona | None = None,
    prima: Valori | None = None,
    dopo: Valori | None = None,
    nota: str = "",
    avviso_dovuto: bool = False,
) -> Evento:
    """As `annota`, for a verb that is declared here (KeyError otherwise): with where it came from, and its log line.

    Neither address nor program belongs in `nota`: the registro is for ever.
    """
    gruppo = gruppo_di(verbo)
    evento = annota(oggetto, verbo, autore=autore, prima=prima, dopo=dopo, nota=nota)
    richiesta = context.request
    indirizzo = indirizzo_di(richiesta) if richiesta is not None else None
    if richiesta is not None:
        Provenienza.objects.create(
            evento=evento,
            quando=evento.quando,
            indirizzo=indirizzo,
            programma=programma_di(richiesta),
            avviso_dovuto=avviso_dovuto,
        )
    transaction.on_commit(partial(_scrivi, evento, gruppo, indirizzo))
    return evento


def indirizzo_di(richiesta: HttpRequest) -> str | None:
    """None where nobody can tell, as behind a socket of the file system."""
    try:
        return str(get_adapter().get_client_ip(richiesta))
    except PermissionDenied:
        return None


def programma_di(richiesta: HttpRequest) -> str:
    """What the client calls itself: printable, because it is shown and written to logs."""
    testo = richiesta.headers.get("User-Agent", "")
    return "".join(c for c in testo if c.isprintable())[:LUNGHEZZA_PROGRAMMA]


def _scrivi(evento: Evento, gruppo: Gruppo, indirizzo: str | None) -> None:
    campi = {
        "evento": evento.pk,
        "gruppo": gruppo.value,
        "verbo": evento.verbo,
        "oggetto": f"{evento.tipo_oggetto}:{evento.id_oggetto}" if evento.tipo_oggetto else "-",
        "autore": evento.autore_id or "-",
        "indirizzo": indirizzo or "-",
    }
    logger.log(
        logging.WARNING if gruppo == Gruppo.RIFIUTI else logging.INFO,
        "%(verbo)s; evento %(evento)s, oggetto %(oggetto)s, autore %(autore)s, da %(indirizzo)s",
        campi,
        extra={"sicurezza": campi},
    )


for _gruppo, _suoi in {
    Gruppo.ACCESSI: (ENTRATA, "uscita", "accesso con il fornitore di identità annullato"),
    Gruppo.RIFIUTI: (
        "accesso non riuscito",
        "accesso bloccato per troppi tentativi",
        "accesso rifiutato a un utente non attivo",
        "accesso rifiutato a un'identità non riconosciuta",
        "accesso con il fornitore di identità non riuscito",
        "conferma della password non riuscita",
        "codice del secondo fattore non accettato",
    ),
    Gruppo.SECONDO_FATTORE: (
        "secondo fattore attivato",
        "secondo fattore disattivato",
        "secondo fattore azzerato",
        "codici di recupero rigenerati",
        "codice di recupero usato",
    ),
    Gruppo.PASSWORD: ("password cambiata", "password reimpostata con il collegamento e-mail"),
    Gruppo.SESSIONI: ("sessione chiusa", "sessioni chiuse"),
    Gruppo.PERSONE: ("creato", "modificato", "utenza tecnica creata", "ruolo assegnato", "ruolo revocato"),
    Gruppo.ESPORTAZIONI: ("registro di sicurezza scaricato",),
}.items():
    dichiara(_gruppo, "enti.utente", *_suoi)
