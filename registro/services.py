"""Recording what happened. Every service that writes ends with `annota`."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.utils.translation import gettext as _

from registro.azione import azione_corrente
from registro.models import Evento

Valori = dict[str, Any]
# Whoever `request.user` may be; an anonymous one is recorded as nobody.
Persona = AbstractBaseUser | AnonymousUser
LUNGHEZZA_OGGETTO = 300


def annota(
    oggetto: Model | None,
    verbo: str,
    *,
    autore: Persona | None = None,
    prima: Valori | None = None,
    dopo: Valori | None = None,
    nota: str = "",
) -> Evento:
    """Add one event to the registro, as part of the current action (`registro.azione`).

    A person is written by her number alone (see `nome_nel_registro`): an event is for ever, and whoever asks to be
    forgotten must find her name nowhere in it. Put no name, address or fiscal code of a user in the values either.

    `verbo` says in Italian what was done ("approvato"); `oggetto` is None when it concerns no single row. `prima` and
    `dopo` hold the fields that changed, in anything Django's JSON encoder takes (amounts become decimal strings).
    Call it inside the transaction of the change, so that both stay or neither does.
    """
    return Evento.objects.create(
        azione=azione_corrente(),
        autore_id=autore.pk if autore is not None else None,
        verbo=verbo,
        tipo_oggetto=oggetto._meta.label_lower if oggetto is not None else "",
        id_oggetto=str(oggetto.pk) if oggetto is not None else "",
        oggetto=nome_nel_registro(oggetto) if oggetto is not None else "",
        prima=prima,
        dopo=dopo,
        nota=nota,
    )


def nome_nel_registro(oggetto: Model) -> str:
    """What an event calls an object: its own words, but a user by her number, which says nothing of her by itself.

    The pages of the registro show the present name beside it (`registro.selectors.con_nomi`).
    """
    if isinstance(oggetto, AbstractBaseUser):
        return _("Utente n. %(numero)s") % {"numero": oggetto.pk}
    return str(oggetto)[:LUNGHEZZA_OGGETTO]
