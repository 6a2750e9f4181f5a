"""Vouchers of the PDND: checked with the keys that a real server publishes, and refused for every reason there is."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from jwt.algorithms import RSAAlgorithm
from pytest_django import Settings

from interoperabilita import voucher
from interoperabilita.models import ChiaveApi
from tests.interoperabilita.chiavi import Consumatore, consumatore

CLIENT = "9b361d49-33f4-4f1e-a88b-4e12661f2309"
EMITTENTE = "interop.example.org"
DESTINATARIO = "https://portale.example.org/api/v1"
KID = "chiave-1"
ELENCO = "/api/v1/cup"


@pytest.fixture(scope="module")
def privata() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def altrui() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Chiavi(ThreadingHTTPServer):
    """Publishes public keys; counts how many times they were read, and can be made to answer badly."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Sportello)
        self.letture = 0
        self.stato = 200
        self.corpo: bytes = b""

    @property
    def indirizzo(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/.well-known/jwks.json"

    def pubblica(self, **chiavi: rsa.RSAPrivateKey) -> None:
        pubbliche = [
            json.loads(RSAAlgorithm.to_jwk(chiave.public_key())) | {"kid": kid.replace("_", "-"), "use": "sig"}
            for kid, chiave in chiavi.items()
        ]
        self.corpo = json.dumps({"keys": pubbliche}).encode()


class _Sportello(BaseHTTPRequestHandler):
    server: Chiavi

    def do_GET(self) -> None:
        self.server.letture += 1
        self.send_response(self.server.stato)
        self.end_headers()
        self.wfile.write(self.server.corpo)

    def log_message(self, *_args: Any) -> None:
        """Silent."""


@pytest.fixture
def pdnd(privata: rsa.RSAPrivateKey, settings: Settings) -> Iterator[Chiavi]:
    cache.clear()
    server = Chiavi()
    server.pubblica(chiave_1=privata)
    filo = Thread(target=server.serve_forever)
    filo.start()
    settings.PDND_JWKS_URL = server.indirizzo
    settings.PDND_ISSUER = EMITTENTE
    settings.PDND_AUDIENCE = DESTINATARIO
    yield server
    server.shutdown()
    filo.join()
    server.server_close()
    cache.clear()


@pytest.fixture
def ministero(db: None) -> Consumatore:
    return consumatore(client_id=CLIENT)


def contenuto(**altro: Any) -> dict[str, Any]:
    """What the PDND writes in a voucher (its manual, «Utilizzare i voucher»); None takes a claim away."""
    adesso = int(time())
    tutto = {
        "iss": EMITTENTE,
        "aud": DESTINATARIO,
        "sub": CLIENT,
        "client_id": CLIENT,
        "purposeId": "1b361d49-33f4-4f1e-a88b-4e12661f2300",
        "jti": "12297ac1-c192-4573-8350-207a4213e5ac",
        "iat": adesso,
        "nbf": adesso,
        "exp": adesso + 600,
    } | altro
    return {nome: valore for nome, valore in tutto.items() if valore is not None}


def firma(chiave: Any, algoritmo: str = "RS256", kid: str = KID, typ: str = "at+jwt", **altro: Any) -> str:
    return jwt.encode(contenuto(**altro), chiave, algorithm=algoritmo, headers={"kid": kid, "typ": typ})


def apri(testo: str) -> Any:
    return Client(headers={"authorization": f"Bearer {testo}"}).get(ELENCO)


def stato(testo: str) -> int:
    risposta = apri(testo)
    if risposta.status_code == 401:
        assert risposta["Content-Type"] == "application/problem+json"
        assert 'error="invalid_token"' in risposta["WWW-Authenticate"]
    return int(risposta.status_code)


@pytest.mark.usefixtures("pdnd")
def test_un_voucher_buono_vale_come_la_chiave_del_suo_client(
    ministero: Consumatore, privata: rsa.RSAPrivateKey
) -> None:
    risposta = apri(firma(privata))
    assert risposta.status_code == 200
    assert risposta.wsgi_request.user == ministero.chiave.utente
    assert risposta["X-RateLimit-Limit"] == str(ministero.chiave.limite_minuto)


def senza(nome: str) -> Callable[[rsa.RSAPrivateKey], str]:
    manca: dict[str, Any] = {nome: None}
    return lambda privata: firma(privata, **manca)


# A clock may be ten seconds off: a voucher is good, or not, well beyond them.
MOLTO = 60
CATTIVI: dict[str, Callable[[rsa.RSAPrivateKey], str]] = {
    "per un altro servizio": lambda privata: firma(privata, aud="https://altro.example.org"),
    "di un altro emittente": lambda privata: firma(privata, iss="interop.example.com"),
    "scaduto": lambda privata: firma(privata, exp=int(time()) - MOLTO),
    "non ancora valido": lambda privata: firma(privata, nbf=int(time()) + MOLTO),
    "emesso nel futuro": lambda privata: firma(privata, iat=int(time()) + MOLTO),
    "senza scadenza": senza("exp"),
    "senza inizio": senza("nbf"),
    "senza emissione": senza("iat"),
    "senza emittente": senza("iss"),
    "senza destinatario": senza("aud"),
    "senza client": senza("client_id"),
    "di un client sconosciuto": lambda privata: firma(privata, client_id="un-altro"),
    "di un client vuoto": lambda privata: firma(privata, client_id=""),
    "di un client che non è un testo": lambda privata: firma(privata, client_id=["x", CLIENT]),
    "legato a una chiave del client": lambda privata: firma(privata, cnf={"jkt": "x"}),
    "di un altro tipo": lambda privata: firma(privata, typ="JWT"),
    "con un altro algoritmo": lambda privata: firma(privata, "RS512"),
    "con una chiave mai vista": lambda privata: firma(privata, kid="chiave-9"),
    "tagliato": lambda privata: firma(privata)[:-20],
    "senza firma": lambda privata: firma(privata).rpartition(".")[0] + ".",
    "che non è un voucher": lambda _privata: "a.b.c",
}


@pytest.mark.usefixtures("pdnd", "ministero")
@pytest.mark.parametrize("cattivo", CATTIVI.values(), ids=list(CATTIVI))
def test_un_voucher_cattivo_e_rifiutato(
    privata: rsa.RSAPrivateKey, cattivo: Callable[[rsa.RSAPrivateKey], str]
) -> None:
    assert stato(cattivo(privata)) == 401
    assert stato(firma(privata)) == 200


@pytest.mark.usefixtures("pdnd", "ministero")
def test_un_voucher_firmato_da_altri_e_rifiutato(altrui: rsa.RSAPrivateKey) -> None:
    assert stato(firma(altrui)) == 401


@pytest.mark.usefixtures("pdnd", "ministero")
def test_un_voucher_dichiarato_senza_firma_e_rifiutato() -> None:
    assert stato(firma(None, "none")) == 401
    for algoritmo in ("none", "None", "NONE"):
        testa = base64.urlsafe_b64encode(json.dumps({"alg": algoritmo, "typ": "at+jwt", "kid": KID}).encode())
        corpo = base64.urlsafe_b64encode(json.dumps(contenuto()).encode())
        assert stato(f"{testa.decode().rstrip('=')}.{corpo.decode().rstrip('=')}.") == 401


@pytest.mark.usefixtures("pdnd", "ministero")
def test_la_chiave_pubblica_non_serve_da_segreto(privata: rsa.RSAPrivateKey) -> None:
    """The confusion of algorithms: what everybody can read, taken for the secret of HS256."""
    pem = privata.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    testa, corpo, _firma = jwt.encode(
        contenuto(), "x" * 32, algorithm="HS256", headers={"kid": KID, "typ": "at+jwt"}
    ).split(".")
    mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(f"{testa}.{corpo}".encode(), pem)
    assert stato(f"{testa}.{corpo}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}") == 401


@pytest.mark.usefixtures("pdnd", "ministero")
def test_dieci_secondi_di_differenza_fra_gli_orologi_si_perdonano(privata: rsa.RSAPrivateKey) -> None:
    adesso = int(time())
    assert stato(firma(privata, exp=adesso - 3)) == 200
    assert stato(firma(privata, nbf=adesso + 3, iat=adesso + 3)) == 200


@pytest.mark.usefixtures("pdnd")
def test_il_voucher_non_vale_piu_della_chiave(ministero: Consumatore, privata: rsa.RSAPrivateKey) -> None:
    chiave = ChiaveApi.objects.filter(pk=ministero.chiave.pk)
    chiave.update(ambiti=["piani"])
    assert stato(firma(privata)) == 403
    chiave.update(ambiti=["cup"], creata_il=timezone.now() - timedelta(days=2), scade_il=timezone.now())
    assert stato(firma(privata)) == 401
    chiave.update(scade_il=timezone.now() + timedelta(days=1))
    assert stato(firma(privata)) == 200
    chiave.update(revocata_il=timezone.now())
    assert stato(firma(privata)) == 401


@pytest.mark.usefixtures("ministero")
@pytest.mark.parametrize("manca", ["PDND_JWKS_URL", "PDND_ISSUER", "PDND_AUDIENCE"])
def test_senza_impostazioni_nessun_voucher_e_accettato(
    pdnd: Chiavi, settings: Settings, privata: rsa.RSAPrivateKey, manca: str
) -> None:
    setattr(settings, manca, "")
    assert stato(firma(privata)) == 401
    assert pdnd.letture == 0


@pytest.mark.usefixtures("ministero")
def test_le_chiavi_si_leggono_una_volta_sola(pdnd: Chiavi, privata: rsa.RSAPrivateKey) -> None:
    assert [stato(firma(privata)) for _ in range(3)] == [200] * 3
    assert pdnd.letture == 1


@pytest.mark.usefixtures("ministero")
def test_una_chiave_nuova_della_pdnd_si_va_a_leggere_ma_non_a_ogni_richiesta(
    pdnd: Chiavi, privata: rsa.RSAPrivateKey, altrui: rsa.RSAPrivateKey
) -> None:
    assert stato(firma(privata)) == 200
    pdnd.pubblica(chiave_1=privata, chiave_2=altrui)
    # Just read: names that nobody knows do not make the portal ask again and again.
    assert [stato(firma(altrui, kid="chiave-2")) for _ in range(3)] == [401] * 3
    assert pdnd.letture == 1
    cache.delete(voucher._nomi_in_cache()[1])
    assert stato(firma(altrui, kid="chiave-2")) == 200
    assert stato(firma(privata)) == 200
    assert pdnd.letture == 2


@pytest.mark.usefixtures("ministero")
@pytest.mark.parametrize(
    ("risposta", "corpo"),
    [(500, b"{}"), (302, b""), (200, b"non e JSON"), (200, b"[]"), (200, b'{"keys": []}'), (200, b"\xff\xfe")],
)
def test_chiavi_che_non_si_leggono_sono_un_401_e_un_avviso(
    pdnd: Chiavi, privata: rsa.RSAPrivateKey, caplog: pytest.LogCaptureFixture, risposta: int, corpo: bytes
) -> None:
    pdnd.stato, pdnd.corpo = risposta, corpo
    with caplog.at_level(logging.WARNING, "interoperabilita.voucher"):
        assert [stato(firma(privata)) for _ in range(2)] == [401, 401]
    assert "non si leggono" in caplog.text
    assert pdnd.letture == 1


@pytest.mark.usefixtures("ministero")
def test_con_la_pdnd_spenta_le_chiavi_gia_lette_bastano(
    pdnd: Chiavi, settings: Settings, privata: rsa.RSAPrivateKey
) -> None:
    assert stato(firma(privata)) == 200
    pdnd.stato = 500
    cache.delete(voucher._nomi_in_cache()[1])
    assert stato(firma(privata)) == 200
    # Nobody listens on this port.
    settings.PDND_JWKS_URL = "http://127.0.0.1:9/jwks.json"
    assert stato(firma(privata)) == 401


@pytest.mark.usefixtures("pdnd")
def test_chi_arriva_col_voucher_puo_usare_anche_la_chiave(ministero: Consumatore, privata: rsa.RSAPrivateKey) -> None:
    assert stato(firma(privata)) == ministero.get(ELENCO).status_code == 200
