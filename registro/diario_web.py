"""The log of the web server: the same lines as those of the portal, one for each request, written when it is over."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from gunicorn.config import Config
from gunicorn.glogging import Logger

from registro import azione

# Lengths at which what a client writes is cut.
PERCORSO_MASSIMO, PROGRAMMA_MASSIMO = 500, 200
# By the name of the line, what of the request is in it where it is known.
DALLA_RICHIESTA = {"rotta": azione.ROTTA, "persona": azione.PERSONA, "chiave": azione.CHIAVE}


class Diario(Logger):
    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        forma = _forma()
        for diario in (self.error_log, self.access_log):
            for uscita in diario.handlers:
                uscita.setFormatter(forma)
                uscita.addFilter(azione.FiltroAzione())

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        """One line. Without the query, where somebody might write a key; with the person's number, never the name."""
        if not self.cfg.accesslog:
            return
        metodo = environ.get("REQUEST_METHOD", "")
        percorso = str(environ.get(azione.PERCORSO) or environ.get("PATH_INFO", ""))[:PERCORSO_MASSIMO]
        stato = int(str(resp.status).split(" ", 1)[0])
        ms = round(request_time.total_seconds() * 1000)
        dati = {
            "azione": environ.get(azione.AZIONE, "-"),
            "metodo": metodo,
            "percorso": percorso,
            "stato": stato,
            "ms": ms,
            "byte": getattr(resp, "sent", None),
            "indirizzo": environ.get("REMOTE_ADDR"),
            "programma": str(environ.get("HTTP_USER_AGENT", ""))[:PROGRAMMA_MASSIMO],
        }
        dati |= {nome: environ[chiave] for nome, chiave in DALLA_RICHIESTA.items() if chiave in environ}
        self.access_log.info("%s %r %s %s ms", metodo, percorso, stato, ms, extra=dati)

    def exception(self, msg: object, *args: Any, **kwargs: Any) -> None:
        """What failed before the portal could say so: gunicorn names the request, and its query with it."""
        super().exception(msg, *(_senza_parametri(voce) for voce in args), **kwargs)


def _senza_parametri(voce: Any) -> Any:
    return voce.partition("?")[0] if isinstance(voce, str) else voce


def _forma() -> logging.Formatter:
    """The form that the settings give to the lines of the portal."""
    detta = dict(settings.LOGGING["formatters"][settings.FORMA_DEL_LOG])
    if "()" in detta:
        fatta: logging.Formatter = import_string(detta["()"])()
        return fatta
    return logging.Formatter(detta["format"])
