"""Files as people have them, and a clamd that answers as the real one does, for the tests of the documents."""

from __future__ import annotations

import io
import random
import socketserver
import struct
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from monitoraggio.services.caricamenti import DatiDocumento

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
DETERMINA = DatiDocumento(tipo="determina", titolo="Determina n. 12", protocollo="123/2024")


def pdf(dimensione: int = 400, *, seme: int = 1) -> bytes:
    """A PDF of this size, whose bytes depend on `seme`."""
    testa, coda = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", b"\nstartxref\n0\n%%EOF\n"
    return testa + random.Random(seme).randbytes(dimensione - len(testa) - len(coda)) + coda  # noqa: S311 not a secret


def zip_con(file: Mapping[str, bytes], compressione: int = zipfile.ZIP_DEFLATED) -> bytes:
    uscita = io.BytesIO()
    with zipfile.ZipFile(uscita, "w", compressione) as archivio:
        for nome, byte in file.items():
            archivio.writestr(nome, byte)
    return uscita.getvalue()


def docx(**altri: bytes) -> bytes:
    return zip_con({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>", **altri})


def xlsx() -> bytes:
    return zip_con({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})


def odt() -> bytes:
    return zip_con({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}, zipfile.ZIP_STORED)


def bomba() -> bytes:
    """A docx of half a megabyte that unpacks to 500."""
    uscita = io.BytesIO()
    with zipfile.ZipFile(uscita, "w", zipfile.ZIP_DEFLATED) as archivio:
        archivio.writestr("[Content_Types].xml", b"<Types/>")
        with archivio.open("word/document.xml", "w", force_zip64=True) as voce:
            for _volta in range(500):
                voce.write(bytes(1_000_000))
    return uscita.getvalue()


class _Clamd(socketserver.BaseRequestHandler):
    """INSTREAM of clamd: pieces preceded by their length, an empty one to end; a virus is what holds EICAR."""

    def handle(self) -> None:
        if self._ricevi(10) != b"zINSTREAM\0":
            self.request.sendall(b"UNKNOWN COMMAND\0")
            return
        byte = b""
        while lunghezza := struct.unpack("!I", self._ricevi(4))[0]:
            byte += self._ricevi(lunghezza)
        server: Any = self.server
        durante, server.durante = server.durante, None
        if durante is not None:
            durante()
        risposte = server.risposte
        if risposte:
            self.request.sendall(risposte.pop(0))
        else:
            self.request.sendall(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in byte else b"stream: OK\0")

    def _ricevi(self, quanti: int) -> bytes:
        byte = b""
        while len(byte) < quanti:
            pezzo = self.request.recv(quanti - len(byte))
            if not pezzo:
                raise ConnectionError("il cliente se n'è andato")
            byte += pezzo
        return byte


@contextmanager
def clamd(*risposte: bytes, percorso: str = "", durante: Callable[[], object] | None = None) -> Iterator[str]:
    """A clamd on a free port or on a Unix socket, by its address for `settings.CLAMAV`. `risposte` come first.

    `durante` happens once, while the first file is being looked at.
    """
    server: Any
    if percorso:
        server = socketserver.ThreadingUnixStreamServer(percorso, _Clamd)
        indirizzo = f"unix://{percorso}"
    else:
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Clamd)
        indirizzo = f"tcp://127.0.0.1:{server.server_address[1]}"
    server.risposte, server.durante = list(risposte), durante
    filo = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    filo.start()
    try:
        yield indirizzo
    finally:
        server.shutdown()
        server.server_close()
        filo.join()
