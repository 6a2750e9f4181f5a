"""The web server, wherever it runs from this directory: `make run`, the image of the Dockerfile, the tests."""

import os
import shutil
import socket
import struct
import tempfile
from typing import Any

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psttm.settings")
# Where the processes of this server keep their measures, so that whichever of them is asked tells those of all. Its
# own, whatever else runs on the machine; said before the library of the measures is loaded, which reads it once.
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="psttm-misure-")

wsgi_app = "psttm.wsgi"
worker_class = "gthread"
# Whom to believe about TLS and addresses is the portal's own affair (psttm/proxy.py): gunicorn believes nobody.
forwarded_allow_ips = ""
forwarder_headers = ""
threads = settings.WEB_RISPOSTE_INSIEME
accesslog = "-"
logger_class = "registro.diario_web.Diario"


def when_ready(server: Any) -> None:
    """A thread writing to a client that reads nothing would wait for ever.

    Connections have the time limit of the socket that they came through.
    """
    limite = struct.pack("ll", settings.WEB_CLIENTE_FERMO_SECONDI, 0)
    for porta in server.LISTENERS:
        porta.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limite)


def on_exit(server: Any) -> None:
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
