"""Pressing «Annulla» in the tests: what was offered last, and what the page then says."""

from __future__ import annotations

from typing import Any

from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from registro.models import Ripensamento


def offerto() -> Ripensamento:
    """The last thing that somebody was told she can undo."""
    ultimo = Ripensamento.objects.order_by("-pk").first()
    assert ultimo is not None, "nessuno può annullare nulla"
    return ultimo


def annulla(client: Client, chiave: str = "", torna: str = "/territorio/") -> str:
    """Undo it (the last one, unless told which); what the person reads afterwards."""
    risposta: Any = client.post(reverse("ripensa", args=[chiave or offerto().chiave]), {"torna": torna})
    assert risposta.status_code == 302, risposta.status_code
    return [str(messaggio) for messaggio in get_messages(risposta.wsgi_request)][-1]
