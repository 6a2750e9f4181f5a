"""The embedded queue: every message arrives whole, once, and in order."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError

MESSAGGI = 1500


@pytest.fixture
def nome() -> str:
    """kombu remembers for the whole process the queues it has seen: each test uses one of its own."""
    return f"prova-{uuid.uuid4()}"


def _coda(cartella: Path, uscita: Path | None = None) -> Connection:
    # Polling without rest, so that a reader looks at the folder while a message is being written.
    opzioni = {
        "data_folder_in": str(cartella),
        "data_folder_out": str(uscita or cartella),
        "control_folder": str(cartella / "controllo"),
        "polling_interval": 0,
    }
    return Connection("filesystem://localhost//", transport="registro.coda:Trasporto", transport_options=opzioni)


def test_i_messaggi_arrivano_interi_una_volta_e_in_ordine(tmp_path: Path, nome: str) -> None:
    def manda() -> None:
        with _coda(tmp_path) as coda:
            uscita = coda.SimpleQueue(nome)
            for numero in range(MESSAGGI):
                uscita.put({"numero": numero, "testo": "è" * 2000})

    def riceve() -> list[int]:
        with _coda(tmp_path) as coda:
            entrata = coda.SimpleQueue(nome, no_ack=True)
            return [entrata.get(timeout=20).payload["numero"] for _ in range(MESSAGGI)]

    with _coda(tmp_path) as coda:
        coda.SimpleQueue(nome)
    with ThreadPoolExecutor() as fili:
        ricevuti, mandati = fili.submit(riceve), fili.submit(manda)
        mandati.result()
        assert ricevuti.result() == list(range(MESSAGGI))


def test_chi_si_presenta_insieme_su_una_cartella_nuova_riceve_tutto(tmp_path: Path) -> None:
    code = [f"prova-{uuid.uuid4()}" for _ in range(20)]

    def si_presenta(coda: str) -> None:
        with _coda(tmp_path) as broker:
            canale: Any = broker.channel()
            canale._queue_bind("tutti", "", "", coda)

    with ThreadPoolExecutor(len(code)) as fili:
        list(fili.map(si_presenta, code))
    with _coda(tmp_path) as broker:
        canale: Any = broker.channel()
        assert {riga.queue for riga in canale.get_table("tutti")} == set(code)


def test_se_la_cartella_non_si_scrive_si_dice_quale(tmp_path: Path, nome: str) -> None:
    occupata = tmp_path / "coda"
    occupata.write_text("non è una cartella")
    with _coda(tmp_path, uscita=occupata) as coda, pytest.raises(ChannelError, match=str(occupata)):
        coda.SimpleQueue(nome).put({})
