"""ClamAV over its socket: the INSTREAM command of clamd, where `settings.CLAMAV` says it is.

Of our own, because the one client kept up to date on PyPI is under the GPL-2.0: the protocol is a length and its bytes.
"""

from __future__ import annotations

import socket
import struct
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from monitoraggio.documenti.tipi import AntivirusAssente, FileInfetto
from monitoraggio.scelte import EsitoAntivirus

PORTA = 3310
PEZZO = 1 << 17
MASSIMA_RISPOSTA = 4096


def esamina(percorso: Path) -> EsitoAntivirus:
    """Have a file looked at, where an antivirus is configured. Raises FileInfetto, AntivirusAssente."""
    if not settings.CLAMAV:
        return EsitoAntivirus.NON_CONFIGURATO
    try:
        risposta = _chiedi(percorso)
    except OSError:
        raise AntivirusAssente(
            _("L'antivirus non risponde, perciò il documento non è ancora accettato: riprova fra qualche minuto.")
        ) from None
    # "stream: OK", or "stream: Eicar-Test-Signature FOUND", or what went wrong and ERROR.
    esito = risposta.partition(":")[2].strip()
    if esito == "OK":
        return EsitoAntivirus.PULITO
    if esito.endswith(" FOUND"):
        minaccia = esito.removesuffix(" FOUND")
        raise FileInfetto(
            _(
                "L'antivirus ha trovato una minaccia nel file (%(minaccia)s): non è stato accettato. "
                "Non aprirlo e avvisa chi assiste il tuo computer."
            )
            % {"minaccia": minaccia},
            minaccia,
        )
    raise AntivirusAssente(
        _("L'antivirus non ha potuto esaminare il file (%(risposta)s): riprova, o avvisa chi assiste il portale.")
        % {"risposta": risposta or _("nessuna risposta")}
    )


def _chiedi(percorso: Path) -> str:
    """What clamd answers to the bytes of a file. Raises OSError when it does not."""
    with _collegati() as presa, percorso.open("rb") as file:
        try:
            presa.sendall(b"zINSTREAM\0")
            while pezzo := file.read(PEZZO):
                presa.sendall(struct.pack("!I", len(pezzo)) + pezzo)
            presa.sendall(struct.pack("!I", 0))
        except (BrokenPipeError, ConnectionResetError):
            # Over its size limit clamd says so and closes at once: the answer may still be there to read.
            return _leggi(presa)
        return _leggi(presa)


def _leggi(presa: socket.socket) -> str:
    risposta = b""
    while b"\0" not in risposta and len(risposta) < MASSIMA_RISPOSTA:
        pezzo = presa.recv(MASSIMA_RISPOSTA)
        if not pezzo:
            break
        risposta += pezzo
    return risposta.partition(b"\0")[0].decode(errors="replace").strip()


def _collegati() -> socket.socket:
    indirizzo = urlsplit(settings.CLAMAV)
    if indirizzo.scheme == "unix" and indirizzo.path:
        presa = socket.socket(socket.AF_UNIX)
        presa.settimeout(settings.CLAMAV_SECONDI)
        try:
            presa.connect(indirizzo.path)
        except OSError:
            presa.close()
            raise
        return presa
    if indirizzo.scheme == "tcp" and indirizzo.hostname:
        return socket.create_connection((indirizzo.hostname, indirizzo.port or PORTA), settings.CLAMAV_SECONDI)
    raise ImproperlyConfigured(f"CLAMAV vale «{settings.CLAMAV}»: serve tcp://host:porta oppure unix:///percorso.")
