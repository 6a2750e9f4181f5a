"""The web server, wherever it runs from this directory: `make run`, the image of the Dockerfile, the tests."""

import os
import socket
import struct
from typing import Any

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psttm.settings")

wsgi_app = "psttm.wsgi"
worker_class = "gthread"
threads = settings.WEB_RISPOSTE_INSIEME
accesslog = "-"
# Without the query: somebody might write a key there.
access_log_format = '%(h)s %(l)s %(u)s %(t)s "%(m)s %(U)s %(H)s" %(s)s %(b)s "%(a)s"'


def when_ready(server: Any) -> None:
    """A thread writing to a client that reads nothing would wait for ever.

    Connections have the time limit of the socket that they came through.
    """
    limite = struct.pack("ll", settings.WEB_CLIENTE_FERMO_SECONDI, 0)
    for porta in server.LISTENERS:
        porta.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limite)
