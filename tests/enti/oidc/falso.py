"""A provider of identity that lies, in ways that a real one cannot be made to: each test says how."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.enti.oidc.fornitore import CLIENT

CHIAVE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ALTRA_CHIAVE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KID = "chiave-1"


class Falso:
    """What it answers: the good answers, until a test changes some."""

    def __init__(self, indirizzo: str) -> None:
        self.indirizzo = indirizzo
        self.identita: dict[str, Any] = {"sub": "qualcuno"}
        self.certificato: dict[str, Any] = {"iss": indirizzo, "sub": "qualcuno", "aud": CLIENT}
        self.presentazione: dict[str, Any] = {
            "issuer": indirizzo,
            "authorization_endpoint": f"{indirizzo}/entra",
            "token_endpoint": f"{indirizzo}/gettoni",
            "userinfo_endpoint": f"{indirizzo}/chi",
            "jwks_uri": f"{indirizzo}/chiavi",
        }
        self.firma: Callable[[dict[str, Any]], str] = self.firma_buona
        self.gettoni: Callable[[dict[str, Any]], Any] = lambda buoni: buoni

    @staticmethod
    def firma_buona(certificato: dict[str, Any]) -> str:
        return jwt.encode(certificato, CHIAVE, algorithm="RS256", headers={"kid": KID})

    def risposta(self, percorso: str) -> Any:
        adesso = int(time.time())
        match percorso:
            case "/.well-known/openid-configuration":
                return self.presentazione
            case "/chiavi":
                pubblica = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(CHIAVE.public_key()))
                return {"keys": [pubblica | {"kid": KID, "use": "sig", "alg": "RS256"}]}
            case "/gettoni":
                certificato = {"iat": adesso, "exp": adesso + 60} | self.certificato
                id_token = self.firma({nome: valore for nome, valore in certificato.items() if valore is not None})
                return self.gettoni({"access_token": "x", "token_type": "Bearer", "id_token": id_token})
            case "/chi":
                return self.identita
        return {}


@contextmanager
def falso() -> Iterator[Falso]:
    class Risponde(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            corpo = json.dumps(bugiardo.risposta(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(corpo)))
            self.end_headers()
            self.wfile.write(corpo)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_args: Any) -> None:
            """Nothing to say."""

    servente = ThreadingHTTPServer(("127.0.0.1", 0), Risponde)
    bugiardo = Falso(f"http://127.0.0.1:{servente.server_port}")
    filo = threading.Thread(target=servente.serve_forever, args=[0.05], daemon=True)
    filo.start()
    try:
        yield bugiardo
    finally:
        servente.shutdown()
        servente.server_close()
