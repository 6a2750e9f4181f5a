"""Faults are told to a Sentry where the settings name one, without the data of the people they happened to.

Nothing of the request leaves but its route and the number of the action: no query, form, cookie, header, address,
user, local variable, SQL. What is left are texts of errors, where a value may stand: those that look like an
e-mail address, a codice fiscale or a secret are covered.
"""

from __future__ import annotations

import re
from typing import Any

import sentry_sdk
from django.conf import settings

from registro.azione import azione_in_corso

COPERTO = "[coperto]"
DA_COPRIRE = re.compile(
    r"""
    [\w.+'%-]+@[\w-]+(\.[\w-]+)+            # e-mail
    | \b[A-Z]{6}\d\d[A-Z]\d\d[A-Z]\d{3}[A-Z]\b  # codice fiscale
    | \b\w+://[^\s/@]+:[^\s/@]+@            # password in an address
    | \b(\d{1,3}\.){3}\d{1,3}\b             # address of a machine
    """,
    re.VERBOSE | re.IGNORECASE,
)
TACIUTI = ("request", "user", "breadcrumbs", "extra", "modules")


def accendi() -> None:
    if not settings.SENTRY_DSN:
        return
    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        environment=settings.SENTRY_AMBIENTE,
        release=settings.VERSIONE,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=0,
        before_send=pulisci,
    )


def pulisci(evento: Any, suggerimento: dict[str, Any]) -> Any:
    """What of an event may leave."""
    for nome in TACIUTI:
        evento.pop(nome, None)
    evento.setdefault("tags", {})["azione"] = str(azione_in_corso() or "-")
    return _copri(evento)


def _copri(valore: Any) -> Any:
    if isinstance(valore, str):
        return DA_COPRIRE.sub(COPERTO, valore)
    if isinstance(valore, dict):
        return {nome: _copri(dentro) for nome, dentro in valore.items()}
    if isinstance(valore, (list, tuple)):
        return [_copri(dentro) for dentro in valore]
    return valore
