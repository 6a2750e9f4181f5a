"""Who stands in front of the portal, and is believed about whom it speaks for.

What a proxy says of the client travels in headers that anybody can write. Those of the addresses in PROXY_INDIRIZZI
are believed; from anybody else they are taken away before anything reads them, so that nobody can pass for another
address, or an unprotected connection for a protected one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

NESSUNO = "nessuno"
# What speaks for somebody else. The request's own number is taken from a proxy alone too: see registro.azione.
DETTE_DA_ALTRI = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_SERVER",
    "HTTP_X_REAL_IP",
    "HTTP_X_REQUEST_ID",
    "HTTP_X_ORIGINAL_URL",
    "HTTP_X_REWRITE_URL",
)
# Of those, what the portal reads of a proxy it believes.
ASCOLTATE = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_REQUEST_ID")


class ProxyMiddleware:
    """The first of all: after it REMOTE_ADDR is the address of the client, and what is left of the headers is true."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        vicino = str(request.META.get("REMOTE_ADDR", ""))
        passati = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
        fidato = _fidato(vicino)
        for nome in DETTE_DA_ALTRI:
            if not fidato or nome not in ASCOLTATE:
                request.META.pop(nome, None)
        request.META.pop("HTTP_X_FORWARDED_FOR", None)
        if fidato:
            request.META["REMOTE_ADDR"] = _cliente(vicino, passati)
        return self.get_response(request)


def _cliente(vicino: str, passati: str) -> str:
    """The last address of the chain that no proxy of ours has: what stands before it, anybody may have written."""
    cliente = vicino
    for scritto in reversed(passati.split(",")):
        indirizzo = _indirizzo(scritto.strip())
        if indirizzo is None:
            break
        cliente = str(indirizzo)
        if not _fidato(cliente):
            break
    return cliente


def _fidato(scritto: str) -> bool:
    indirizzo = _indirizzo(scritto)
    return indirizzo is not None and any(indirizzo in rete for rete in _reti(tuple(settings.PROXY_INDIRIZZI)))


def _indirizzo(scritto: str) -> IPv4Address | IPv6Address | None:
    try:
        indirizzo = ip_address(scritto)
    except ValueError:
        return None
    # An IPv4 client on a socket of both families.
    return getattr(indirizzo, "ipv4_mapped", None) or indirizzo


@lru_cache(maxsize=8)
def _reti(scritte: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(rete) for rete in scritte if rete != NESSUNO)
