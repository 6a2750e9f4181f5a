"""The web server, wherever it runs from this directory: `make run`, the image of the Dockerfile, the tests."""

import os
import shutil
import socket
import struct
import tempfile
from typing import Any

from django.conf import settings
from django.db import connections

from psttm.caldo import scalda

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psttm.settings")
# Where the processes of this server keep their measures, so that whichever of them is asked tells those of all. Its
# own, whatever else runs on the machine; said before the library of the measures is loaded, which reads it once.
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="psttm-misure-")

wsgi_app = "psttm.wsgi"
worker_class = "gthread"
# The portal is read once, by the process that keeps the others: these begin as copies of it, at once and sharing its
# memory, and an unsafe setting stops the server instead of every process in turn.
preload_app = True
# Whom to believe about TLS and addresses is the portal's own affair (psttm/proxy.py): gunicorn believes nobody.
forwarded_allow_ips = ""
forwarder_headers = ""
threads = settings.WEB_RISPOSTE_INSIEME
accesslog = "-"
logger_class = "registro.diario_web.Diario"


def when_ready(server: Any) -> None:
    """The last thing before the processes that answer are made."""
    _limita_i_clienti_fermi(server)
    scalda()
    # A connection belongs to the process that opened it.
    connections.close_all()


def _limita_i_clienti_fermi(server: Any) -> None:
    """A thread writing to a client that reads nothing would wait for ever.

    Connections have the time limit of the socket that they came through.
    """
    limite = struct.pack("ll", settings.WEB_CLIENTE_FERMO_SECONDI, 0)
    for porta in server.LISTENERS:
        porta.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limite)


def on_exit(server: Any) -> None:
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
