"""The mail server of a plant: takes every message and keeps it, for whoever wants to count them."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from email.message import EmailMessage


class _Colloquio(socketserver.StreamRequestHandler):
    server: Posta

    def handle(self) -> None:
        self._di("220 posta dell'impianto")
        while riga := self.rfile.readline():
            parola = riga[:4].upper().strip()
            if parola == b"QUIT":
                self._di("221 a presto")
                return
            if parola == b"DATA":
                self._di("354 avanti")
                self.server.messaggi.append(self._messaggio())
            self._di("250 bene")

    def _messaggio(self) -> EmailMessage:
        righe: list[bytes] = []
        while (riga := self.rfile.readline()) not in {b".\r\n", b""}:
            righe.append(riga.removeprefix(b".") if riga.startswith(b"..") else riga)
        return email.message_from_bytes(b"".join(righe), policy=email.policy.default)

    def _di(self, riga: str) -> None:
        self.wfile.write(f"{riga}\r\n".encode())


class Posta(socketserver.ThreadingTCPServer):
    """Context manager: listens at that address until the end."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, indirizzo: str) -> None:
        super().__init__((indirizzo, 0), _Colloquio)
        self.messaggi: list[EmailMessage] = []

    @property
    def url(self) -> str:
        indirizzo, porta = self.server_address[:2]
        return f"smtp://{indirizzo!s}:{porta}"

    def __enter__(self) -> Posta:
        threading.Thread(target=self.serve_forever, name="posta", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()
