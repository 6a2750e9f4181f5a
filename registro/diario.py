"""How the log is written: lines of JSON for the machines that collect them, lines of text for people."""

from __future__ import annotations

from typing import Any

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

RIGA = "%(asctime)s %(levelname)s %(name)s [%(azione)s] %(message)s"
NOMI = {
    "levelname": "livello",
    "name": "diario",
    "message": "messaggio",
    "exc_info": "eccezione",
    "stack_info": "pila",
    "process": "processo",
}
# What libraries hang on their lines and must not be written: whole requests, with their query, and arguments of tasks.
TACIUTI = ["request", "server_time", "data", "taskName", "color_message"]


class RigaJson(JsonFormatter):
    """One object a line; whatever a line brings in `extra` is in it by its name."""

    def __init__(self, *args: Any, **opzioni: Any) -> None:
        super().__init__(
            "%(levelname)s %(name)s %(process)d %(azione)s %(message)s",
            rename_fields=NOMI,
            rename_fields_keep_missing=False,
            timestamp="quando",
            json_ensure_ascii=False,
            reserved_attrs=[*RESERVED_ATTRS, *TACIUTI],
        )
