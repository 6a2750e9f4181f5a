"""The embedded queue: files in a folder, so that jobs run on a machine without any message server.

kombu's own transport shows its files to the readers before it has written them: measured, one message in two thousand
is read empty, and an empty one stops the worker. Here a file gets its name only when it is whole.
"""

from __future__ import annotations

import contextlib
import uuid
from pathlib import Path
from time import monotonic_ns
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Canale(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        cartella = Path(self.data_folder_out)
        # Readers take the files in order of name and skip those whose name begins with a dot.
        nome = f"{monotonic_ns():020d}_{uuid.uuid4()}.{queue}.msg"
        bozza = cartella / f".{nome}"
        try:
            bozza.write_text(dumps(payload))
            bozza.rename(cartella / nome)
        except OSError as errore:
            raise ChannelError(f"Non si può scrivere nella cartella della coda «{cartella}».") from errore

    def _queue_bind(self, exchange: str, routing_key: Any, pattern: Any, queue: Any) -> None:
        # Two processes that start together on a new folder would both write the first table of addresses.
        tavola = Path(self.control_folder, f"{exchange}.exchange")
        if not tavola.exists():
            tavola.parent.mkdir(exist_ok=True)
            bozza = tavola.with_name(f".{uuid.uuid4()}")
            bozza.write_text("[]")
            with contextlib.suppress(FileExistsError):
                tavola.hardlink_to(bozza)
            bozza.unlink()
        super()._queue_bind(exchange, routing_key, pattern, queue)


class Trasporto(filesystem.Transport):
    Channel = Canale
