"""What a provider says is believed only when it is signed, for us, now, and of one person."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from enti.models import Utente
from enti.ruoli import Ruolo
from registro.models import Evento
from tests.enti.oidc.falso import ALTRA_CHIAVE, CHIAVE, KID, Falso, falso
from tests.enti.oidc.fornitore import CLIENT, CODICE_FISCALE, SEGRETO
from tests.enti.persone import accesso_di_prova, crea_persona

__all__ = ["accesso_di_prova"]
pytestmark = pytest.mark.django_db

CODICE = "RSSMRA80A01F205X"


@pytest.fixture
def bugiardo(settings: Settings) -> Iterator[Falso]:
    with falso() as servente:
        settings.OIDC_ISSUER = servente.indirizzo
        settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT, SEGRETO
        servente.identita[CODICE_FISCALE] = CODICE
        Utente.objects.filter(pk=crea_persona(Ruolo.CABINA).pk).update(codice_fiscale=CODICE)
        yield servente


def entra(bugiardo: Falso, client: Client) -> Any:
    """As far as the provider, which says yes at once, and back."""
    risposta = client.post(reverse("oidc-vai"))
    if risposta.status_code != 302:
        return risposta
    domanda = parse_qs(urlsplit(risposta.headers["Location"]).query)
    bugiardo.certificato.setdefault("nonce", domanda["nonce"][0])
    assert domanda["code_challenge_method"] == ["S256"]
    return client.get(reverse("oidc-ritorno"), {"code": "x", "state": domanda["state"][0]})


def dentro(client: Client) -> bool:
    return "_auth_user_id" in client.session


def _alg_none(certificato: dict[str, Any]) -> str:
    parti = [{"alg": "none", "kid": KID}, certificato]
    return ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parti) + "."


def _hs256_con_la_chiave_pubblica(certificato: dict[str, Any]) -> str:
    """The oldest trick: the public key, known to all, taken for a secret."""
    pubblica = CHIAVE.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    testa, corpo = (
        base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=")
        for p in ({"alg": "HS256", "kid": KID, "typ": "JWT"}, certificato)
    )
    firma = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(testa + b"." + corpo, pubblica)
    return b".".join([testa, corpo, base64.urlsafe_b64encode(firma).rstrip(b"=")]).decode()


def test_con_risposte_buone_si_entra(bugiardo: Falso, client: Client) -> None:
    assert entra(bugiardo, client).headers["Location"] == reverse("home")
    assert dentro(client)


BUGIE: dict[str, Callable[[Falso], Any]] = {
    "firma di un altro": lambda f: setattr(
        f, "firma", lambda c: jwt.encode(c, ALTRA_CHIAVE, algorithm="RS256", headers={"kid": KID})
    ),
    "nessuna firma": lambda f: setattr(f, "firma", _alg_none),
    "chiave pubblica come segreto": lambda f: setattr(f, "firma", _hs256_con_la_chiave_pubblica),
    "chiave sconosciuta": lambda f: setattr(
        f, "firma", lambda c: jwt.encode(c, CHIAVE, algorithm="RS256", headers={"kid": "mai-vista"})
    ),
    "senza nome della chiave": lambda f: setattr(f, "firma", lambda c: jwt.encode(c, CHIAVE, algorithm="RS256")),
    "non è un gettone": lambda f: setattr(f, "firma", lambda _c: "non.un.gettone"),
    "per un altro": lambda f: f.certificato.update(aud="un-altro"),
    "per noi fra altri, ma chiesto da un altro": lambda f: f.certificato.update(aud=[CLIENT, "b"], azp="b"),
    "di un altro fornitore": lambda f: f.certificato.update(iss="https://altrove.example"),
    "scaduto": lambda f: f.certificato.update(exp=int(time.time()) - 60),
    "senza scadenza": lambda f: f.certificato.update(exp=None),
    "di domani": lambda f: f.certificato.update(iat=int(time.time()) + 3600),
    "di un'altra richiesta": lambda f: f.certificato.update(nonce="visto-altrove"),
    "di nessuna richiesta": lambda f: f.certificato.update(nonce=None),
    "di due persone": lambda f: f.identita.update(sub="un-altro"),
    "senza id_token": lambda f: setattr(f, "gettoni", lambda g: {"access_token": g["access_token"]}),
    "con id_token che non è un testo": lambda f: setattr(f, "gettoni", lambda g: g | {"id_token": 5}),
    "gettone di un'altra forma": lambda f: setattr(
        f, "gettoni", lambda g: g | {"access_token": 5, "expires_in": "x", "id_token": "x"}
    ),
    "senza gettoni": lambda f: setattr(f, "gettoni", lambda _g: {"error": "invalid_grant"}),
    "gettoni di un'altra forma": lambda f: setattr(f, "gettoni", lambda _g: ["access_token"]),
    "identità di un'altra forma": lambda f: setattr(f, "identita", ["sub"]),
    "si presenta con un altro nome": lambda f: f.presentazione.update(issuer="https://altrove.example"),
    "non dice dove sono le chiavi": lambda f: f.presentazione.pop("jwks_uri"),
    "presentazione di un'altra forma": lambda f: setattr(f, "presentazione", ["issuer"]),
}


@pytest.mark.parametrize("bugia", BUGIE)
def test_una_bugia_non_fa_entrare_nessuno(bugiardo: Falso, client: Client, bugia: str) -> None:
    BUGIE[bugia](bugiardo)
    risposta = entra(bugiardo, client)
    assert risposta.status_code == 502
    assert "L&#x27;accesso non è riuscito" in risposta.content.decode()
    assert not dentro(client)
    assert Evento.objects.filter(verbo="accesso con il fornitore di identità non riuscito").count() == 1


def test_il_secondo_fattore_vale_solo_se_e_firmato(bugiardo: Falso, client: Client, settings: Settings) -> None:
    settings.OIDC_ACR_SECONDO_FATTORE, settings.OIDC_AMR_SECONDO_FATTORE = ["livello-2"], ["otp"]
    Utente.objects.filter(pk=crea_persona(Ruolo.ISTRUTTORE).pk).update(codice_fiscale="VRDLGI70B02F205Y")
    bugiardo.identita |= {CODICE_FISCALE: "VRDLGI70B02F205Y", "acr": "livello-2", "amr": ["otp"]}
    assert entra(bugiardo, client).headers["Location"] == reverse("mfa_authenticate")
    assert not dentro(client)


@pytest.mark.parametrize("amr", ["otp", None, 5, {"otp": True}])
def test_i_modi_di_un_altra_forma_non_sono_un_secondo_fattore(
    bugiardo: Falso, client: Client, settings: Settings, amr: object
) -> None:
    settings.OIDC_AMR_SECONDO_FATTORE = ["otp"]
    Utente.objects.filter(pk=crea_persona(Ruolo.ISTRUTTORE).pk).update(codice_fiscale="VRDLGI70B02F205Y")
    bugiardo.identita[CODICE_FISCALE] = "VRDLGI70B02F205Y"
    bugiardo.certificato["amr"] = amr
    assert entra(bugiardo, client).headers["Location"] == reverse("mfa_authenticate")


@pytest.mark.parametrize(
    "parametri", [{}, {"state": "x"}, {"code": "x"}, {"code": "x", "state": "x" * 5000}, {"error": "<script>"}]
)
def test_un_ritorno_mai_chiesto_non_fa_nulla(bugiardo: Falso, client: Client, parametri: dict[str, str]) -> None:
    risposta = client.get(reverse("oidc-ritorno"), parametri)
    assert risposta.status_code == 502
    assert "<script>" not in risposta.content.decode().split("<main")[1]
    assert not dentro(client)
