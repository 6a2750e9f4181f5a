"""What a client says of itself in the headers of proxies is believed only when a proxy of ours says it."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from psttm.proxy import DETTE_DA_ALTRI, ProxyMiddleware

PROXY = "172.28.0.10"
FUORI = "203.0.113.9"


def passata(vicino: str, **testate: Any) -> HttpRequest:
    """The request as the portal sees it, arrived from `vicino`."""
    viste: list[HttpRequest] = []

    def portale(request: HttpRequest) -> HttpResponse:
        viste.append(request)
        return HttpResponse()

    ProxyMiddleware(portale)(RequestFactory().get("/", REMOTE_ADDR=vicino, **testate))
    return viste[0]


@pytest.fixture(autouse=True)
def fidati(settings: Settings) -> None:
    settings.PROXY_INDIRIZZI = ["172.28.0.0/24", "fd00:77::/64"]


def test_da_un_proxy_nostro_si_prende_l_indirizzo_del_cliente_e_il_tls() -> None:
    vista = passata(PROXY, HTTP_X_FORWARDED_FOR=FUORI, HTTP_X_FORWARDED_PROTO="https")
    assert (vista.META["REMOTE_ADDR"], vista.is_secure()) == (FUORI, True)


@pytest.mark.parametrize("vicino", [FUORI, "172.28.1.10", "127.0.0.1", "::1", "", "non un indirizzo"])
def test_a_chiunque_altro_non_si_crede(vicino: str) -> None:
    testate = dict.fromkeys(DETTE_DA_ALTRI, "https")
    vista = passata(vicino, **testate | {"HTTP_X_FORWARDED_FOR": "10.0.0.1"})
    assert (vista.META["REMOTE_ADDR"], vista.is_secure()) == (vicino, False)
    assert not [nome for nome in DETTE_DA_ALTRI if nome in vista.META]


@pytest.mark.parametrize(
    ("catena", "cliente"),
    [
        # What the client had written before our proxy added its address is of no account.
        (f"10.0.0.1, {FUORI}", FUORI),
        (f"127.0.0.1, {PROXY}, {FUORI}", FUORI),
        # Two proxies of ours, one behind the other.
        (f"10.9.9.9, {FUORI}, 172.28.0.20", FUORI),
        ("172.28.0.20", "172.28.0.20"),
        ("<script>", PROXY),
        (f"{FUORI}, sconosciuto", PROXY),
        ("", PROXY),
        ("2001:db8::7", "2001:db8::7"),
        (f"::ffff:{FUORI}", FUORI),
    ],
)
def test_l_indirizzo_e_l_ultimo_che_nessun_proxy_nostro_ha(catena: str, cliente: str) -> None:
    assert passata(PROXY, HTTP_X_FORWARDED_FOR=catena).META["REMOTE_ADDR"] == cliente


def test_un_proxy_su_ipv6_o_su_una_presa_di_entrambe_le_famiglie() -> None:
    for vicino in ("fd00:77::1", f"::ffff:{PROXY}"):
        assert passata(vicino, HTTP_X_FORWARDED_FOR=FUORI).META["REMOTE_ADDR"] == FUORI
    assert passata("fd00:78::1", HTTP_X_FORWARDED_FOR=FUORI).META["REMOTE_ADDR"] == "fd00:78::1"


@pytest.mark.parametrize("detto", ["http", "http, https", "HTTPS ", "on", ""])
def test_il_tls_e_detto_in_un_modo_solo(detto: str) -> None:
    assert not passata(PROXY, HTTP_X_FORWARDED_PROTO=detto).is_secure()


def test_anche_di_un_proxy_nostro_non_si_ascolta_altro() -> None:
    vista = passata(PROXY, **dict.fromkeys(DETTE_DA_ALTRI, "altrove.example"))
    rimaste = [nome for nome in DETTE_DA_ALTRI if nome in vista.META]
    assert rimaste == ["HTTP_X_FORWARDED_PROTO", "HTTP_X_REQUEST_ID"]


def test_nessuno_vuol_dire_nessuno(settings: Settings) -> None:
    settings.PROXY_INDIRIZZI = ["nessuno"]
    assert passata(PROXY, HTTP_X_FORWARDED_FOR=FUORI).META["REMOTE_ADDR"] == PROXY
