"""`make run`, with real processes, on the embedded defaults and with data of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from tests import modello
from tests.attesa import attendi

ENTRO = 90
DIMENTICATO = """
from datetime import timedelta
from django.utils import timezone
from registro.models import Lavoro
Lavoro.objects.create(tipo="prova", titolo="dimenticato", parametri={"passi": 1, "secondi": 0},
                      battito=timezone.now() - timedelta(days=1))
"""


def _porta_libera() -> int:
    with socket.socket() as prova:
        prova.bind(("127.0.0.1", 0))
        return int(prova.getsockname()[1])


def _ambiente(dati: Path, porta: object) -> dict[str, str]:
    """As on a machine of one's own: no server, no setting but those given here."""
    tolte = {"DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "CELERY_QUEUE", "DJANGO_SETTINGS_MODULE"}
    ambiente = {nome: valore for nome, valore in os.environ.items() if nome not in tolte}
    return ambiente | {"VAR_DIR": str(dati), "PORT": str(porta), "LAVORO_RACCOLTA_SECONDI": "1"}


def _scarica(porta: int, percorso: str) -> str:
    """A page of the running portal; urllib.error.HTTPError for one that does not answer 200."""
    with urllib.request.urlopen(f"http://127.0.0.1:{porta}{percorso}", timeout=10) as risposta:
        return str(risposta.read().decode())


def _manage(ambiente: dict[str, str], codice: str) -> str:
    comando = [sys.executable, "manage.py", "shell", "--no-imports", "-c", codice]
    return subprocess.check_output(comando, cwd=settings.BASE_DIR, env=ambiente, text=True)


def _avvia(ambiente: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """For a start that must fail at once."""
    return subprocess.run(
        [sys.executable, "scripts/avvia.py"],
        cwd=settings.BASE_DIR,
        env=ambiente,
        capture_output=True,
        text=True,
        timeout=ENTRO,
        check=False,
    )


@contextmanager
def _portale(ambiente: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """The portal started and ready, with the file of what it says; it is killed if the test leaves it running."""
    detto = Path(ambiente["VAR_DIR"], "detto.txt")
    detto.parent.mkdir(exist_ok=True)
    with detto.open("wb") as uscita:
        processo = subprocess.Popen(
            [sys.executable, "scripts/avvia.py"],
            cwd=settings.BASE_DIR,
            env=ambiente,
            stdout=uscita,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        attendi(lambda: "pronto" in detto.read_text() or processo.poll() is not None, ENTRO, "il portale è pronto")
        assert processo.poll() is None, detto.read_text()
        yield processo, detto
    finally:
        for rimasto in (processo.pid, *_processi_del_portale(Path(ambiente["VAR_DIR"]))):
            if processo.poll() is None or rimasto != processo.pid:
                os.kill(rimasto, signal.SIGKILL)
        processo.wait()


def _processi_del_portale(dati: Path) -> dict[int, str]:
    """Every process of this machine whose environment has these data: its number and its command."""
    trovati = {}
    for cartella in Path("/proc").glob("[0-9]*"):
        try:
            if f"VAR_DIR={dati}".encode() in (cartella / "environ").read_bytes().split(b"\0"):
                trovati[int(cartella.name)] = (cartella / "cmdline").read_text().replace("\0", " ")
        except OSError:  # it ended while we looked, or is somebody else's
            continue
    return trovati


@pytest.mark.avvio
def test_si_avvia_lavora_si_ferma_con_ctrl_c_e_riparte_con_i_suoi_dati(tmp_path: Path) -> None:
    porta = _porta_libera()
    ambiente = _ambiente(tmp_path / "var", porta)
    with _portale(ambiente) as (processo, detto):
        assert f"http://127.0.0.1:{porta}" in detto.read_text()
        assert "coordinatore@example.org" in detto.read_text()
        stile = re.search(r'href="(/static/[^"]+\.css)"', _scarica(porta, "/"))
        assert stile
        assert "{" in _scarica(porta, stile[1])
        # Nobody sent a message for this job: beat must call the sweeper, the sweeper must send it, a worker run it.
        _manage(ambiente, DIMENTICATO)
        stato = "from registro.models import Lavoro; print(Lavoro.objects.get(tipo='prova').stato, end='')"
        attendi(lambda: _manage(ambiente, stato) == "riuscito", 30, "il lavoro dimenticato è eseguito")
        os.killpg(processo.pid, signal.SIGINT)
        assert processo.wait(timeout=20) == 0
        assert _processi_del_portale(tmp_path / "var") == {}
    with _portale(ambiente) as (processo, detto):
        assert _manage(ambiente, stato) == "riuscito"
        processo.send_signal(signal.SIGTERM)
        assert processo.wait(timeout=20) == 0
        assert "Il portale è fermo" in detto.read_text()
        assert _processi_del_portale(tmp_path / "var") == {}


@pytest.mark.avvio
def test_se_muore_un_processo_si_ferma_tutto_e_si_dice_quale(tmp_path: Path) -> None:
    dati = tmp_path / "var"
    dati.mkdir()
    modello.su_sqlite(modello.RIFERIMENTI, dati / "portale.sqlite3")
    with _portale(_ambiente(dati, _porta_libera())) as (processo, detto):
        lavoratori = [numero for numero, comando in _processi_del_portale(dati).items() if " worker " in comando]
        os.kill(min(lavoratori), signal.SIGKILL)
        assert processo.wait(timeout=20) == 1
        assert "Il processo «worker» è terminato da solo" in detto.read_text()
        assert str(dati / "log" / "worker.log") in detto.read_text()
        assert _processi_del_portale(dati) == {}


def test_una_porta_occupata_e_una_frase_sola(tmp_path: Path) -> None:
    with socket.socket() as occupante:
        occupante.bind(("127.0.0.1", 0))
        occupante.listen()
        porta = occupante.getsockname()[1]
        fatto = _avvia(_ambiente(tmp_path / "var", porta))
    assert fatto.returncode == 1
    assert fatto.stdout == ""
    assert fatto.stderr.count("\n") == 1
    assert f"La porta {porta} è già occupata" in fatto.stderr


@pytest.mark.parametrize("porta", ["0", "65536", "ottomila", "-1", "²"])
def test_una_porta_che_non_e_un_numero_di_porta_e_una_frase_sola(tmp_path: Path, porta: str) -> None:
    fatto = _avvia(_ambiente(tmp_path / "var", porta))
    assert (fatto.returncode, fatto.stdout) == (1, "")
    assert fatto.stderr == f"PORT vale «{porta}»: serve un numero da 1 a 65535.\n"
