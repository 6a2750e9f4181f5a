"""The very commands of the image and of docker-compose.yml, read from the files, and the nginx that stands in front.

On the bare machine three words of theirs change: where the web server listens, the name of a worker, and the fixed
paths of the containers, which the environment of the plant gives.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from requests.adapters import HTTPAdapter

from campagne.impianto import OSPITE, Cliente, Parte, attendi, porta_libera, programma
from campagne.impianto.parti import RADICE
from campagne.impianto.serventi import ambiente_nudo

NELLA_RETE, SULLA_MACCHINA = "0.0.0.0:8000", "127.0.0.1:8000"
LAVORATORE = "lavoratore@"
MODELLO = RADICE / "impianto" / "nginx" / "portale.conf.template"


def composizione() -> dict[str, Any]:
    dati: dict[str, Any] = yaml.safe_load((RADICE / "docker-compose.yml").read_text())
    return dati


def istruzioni(parola: str) -> list[str]:
    """What follows a word of the Dockerfile, lines that go on joined."""
    testo = re.sub(r"\\\n\s*", "", (RADICE / "Dockerfile").read_text())
    return re.findall(rf"^{parola} (.+)$", testo, flags=re.MULTILINE)


def comandi() -> dict[str, list[str]]:
    """The commands of web, worker and beat, for a plant: see `campagne.impianto`."""
    servizi = composizione()["services"]
    (web,) = istruzioni("CMD")
    grezzi = {"web": json.loads(web), "worker": servizi["worker"]["command"], "beat": servizi["beat"]["command"]}
    return {nome: [_sul_posto(parola) for parola in comando] for nome, comando in grezzi.items()}


def _sul_posto(parola: str) -> str:
    if parola.startswith(LAVORATORE):
        return "{nome}@impianto"
    return "{indirizzo}" if parola == NELLA_RETE else parola


def salute_dell_immagine(indirizzo: str) -> list[str]:
    """The HEALTHCHECK of the Dockerfile, for a web server at this address."""
    (riga,) = istruzioni("HEALTHCHECK")
    return [parola.replace(SULLA_MACCHINA, indirizzo) for parola in json.loads(riga.partition("CMD ")[2])]


def salute(servizio: str, **cambi: str) -> list[str]:
    """The health check of a service of docker-compose.yml, with these words changed."""
    modo, *parole = composizione()["services"][servizio]["healthcheck"]["test"]
    comando = ["sh", "-c", *parole] if modo == "CMD-SHELL" else parole
    for prima, dopo in {"$$": "$", **cambi}.items():
        comando = [parola.replace(prima, dopo) for parola in comando]
    return comando


def percorso_dei_programmi(python: str) -> str:
    return f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}"


# --- nginx --------------------------------------------------------------------------------------------------------


def configurazione(**variabili: str) -> str:
    """The template, filled in as the nginx image does: only the variables that are defined."""
    testo = MODELLO.read_text()
    for nome, valore in variabili.items():
        testo = testo.replace("${" + nome + "}", valore)
    return testo


@contextmanager
def nginx(cartella: Path, *, web: str) -> Iterator[tuple[int, int, Parte]]:
    """A real nginx with the template of the repository: its ports for HTTP and HTTPS, and the process."""
    http, https = porta_libera(), porta_libera()
    certificato(cartella)
    (cartella / "portale.conf").write_text(
        configurazione(
            NOME_PORTALE=OSPITE,
            PORTALE_WEB=web,
            PORTA_HTTP=f"127.0.0.1:{http}",
            PORTA_HTTPS=f"127.0.0.1:{https}",
            CERTIFICATI_NGINX=str(cartella),
        )
    )
    appoggi = "".join(
        f"{tipo}_temp_path {cartella}/{tipo};\n" for tipo in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (cartella / "nginx.conf").write_text(
        f"{'user root;' if os.geteuid() == 0 else ''}\nworker_processes 1;\ndaemon off;\npid {cartella}/nginx.pid;\n"
        f"error_log stderr warn;\nevents {{ worker_connections 256; }}\n"
        f"http {{ default_type application/octet-stream;\n{appoggi}include {cartella}/portale.conf; }}\n"
    )
    comando = [programma("nginx", Path("/usr/sbin")), "-c", str(cartella / "nginx.conf"), "-p", str(cartella)]
    parte = Parte("nginx", comando, ambiente_nudo(), cartella / "nginx.log")
    parte.avvia()
    try:
        attendi(lambda: (cartella / "nginx.pid").exists(), entro=10, che_cosa=parte.fine_del_diario() or "nginx è su")
        yield http, https, parte
    finally:
        parte.uccidi()


def certificato(cartella: Path) -> None:
    """A self-signed one for the name of the portal, where the template looks for it."""
    chiave = ec.generate_private_key(ec.SECP256R1())
    nome = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, OSPITE)])
    adesso = datetime.now(UTC)
    firmato = (
        x509.CertificateBuilder()
        .subject_name(nome)
        .issuer_name(nome)
        .public_key(chiave.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(adesso - timedelta(hours=1))
        .not_valid_after(adesso + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(OSPITE)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(chiave, hashes.SHA256())
    )
    (cartella / "certificato.pem").write_bytes(firmato.public_bytes(serialization.Encoding.PEM))
    (cartella / "chiave.pem").write_bytes(
        chiave.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


class _ConIlNome(HTTPAdapter):
    """Calls 127.0.0.1, and asks for the certificate of the portal."""

    def init_poolmanager(self, *posizionali: Any, **opzioni: Any) -> None:
        super().init_poolmanager(*posizionali, **opzioni, server_hostname=OSPITE, assert_hostname=OSPITE)


def da_fuori(https: int, cartella: Path) -> Cliente:
    """A browser on the other side of nginx, that believes only its certificate."""
    cliente = Cliente(f"https://127.0.0.1:{https}", verifica=str(cartella / "certificato.pem"))
    cliente.sessione.mount("https://", _ConIlNome())
    return cliente
