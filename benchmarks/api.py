"""The whole list of CUPs from a real web server, beside `psql \\copy` of the same SELECT: `python -m benchmarks.api`.

It needs a PostgreSQL database of its own (DATABASE_URL), empty or with the interventi of `benchmarks.elenco`. A web
server answers over HTTP, gzip and access log included; the time is that of the clock, from the request to the last
byte. The same rows are then copied to SQLite, which must give the same answers, letter by letter.
"""

from __future__ import annotations

import gzip
import hashlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic, perf_counter, sleep

import psycopg
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from benchmarks.elenco import riempi
from benchmarks.misure import prepara_dati
from benchmarks.server import porta_libera
from interoperabilita.elenco.cursore import Cursore
from interoperabilita.elenco.domanda import Domanda
from interoperabilita.elenco.righe import Elenco
from interoperabilita.formati.celle import colonne
from interoperabilita.formati.colonne_sql import in_csv
from interoperabilita.models import Ambito, VoceCup
from interoperabilita.risorse.cup import CUP
from interoperabilita.services import pubblicazione
from interventi.models import Intervento
from tests.interoperabilita.chiavi import Consumatore, consumatore

INTERVENTI = 300_000
VOLTE = 5
A_PAGINA = 1_000
PROFONDO = 299_000
ELENCO = "/api/v1/cup"
MEGABYTE_MASSIMI = 50
# Ratios to `psql \copy`: CSV (gzip included), NDJSON, pages of 1,000; on SQLite any of them.
LIMITE_CSV, LIMITE_NDJSON, LIMITE_PAGINE, LIMITE_SQLITE = 1.2, 3.0, 6.0, 9.0
LIMITE_PROFONDITA = 1.3
LIMITE_INTERROGAZIONI = 3


@dataclass
class Misure:
    """What came out: a line is printed for each, and those past their limit are counted."""

    oltre: int = 0

    def di(self, titolo: str, valore: float, limite: float, detto: str) -> None:
        buona = valore <= limite
        self.oltre += not buona
        print(f"{'✓' if buona else '✕'} {titolo}: {detto}", flush=True)

    def rapporto(self, titolo: str, tempo: float, termine: float, limite: float) -> None:
        rapporto = tempo / termine
        self.di(
            titolo, rapporto, limite, f"{rapporto:.2f} volte ({tempo:.2f} e {termine:.2f} s), il limite è {limite:.2f}"
        )


@dataclass
class Server:
    """A web server of the portal and its one worker process."""

    porta: int
    processo: subprocess.Popen[bytes]
    chiave: str
    lavoratore: int = 0

    def scarica(self, indirizzo: str, *, compresso: bool = True) -> float:
        """Seconds to pull an address whole, thrown away as it comes."""
        inizio = perf_counter()
        with self._chiedi(indirizzo, compresso=compresso) as risposta:
            while risposta.read(1 << 17):
                pass
        return perf_counter() - inizio

    def impronta(self, indirizzo: str) -> str:
        """SHA-256 of what an address answers, decompressed."""
        somma = hashlib.sha256()
        with self._chiedi(indirizzo, compresso=False) as risposta:
            while pezzo := risposta.read(1 << 17):
                somma.update(pezzo)
        return somma.hexdigest()

    def pagine(self) -> float:
        """Seconds to pull the list in pages, following each to the next."""
        inizio = perf_counter()
        quante, indirizzo = 0, f"{ELENCO}?limit={A_PAGINA}"
        connessione = http.client.HTTPConnection("127.0.0.1", self.porta, timeout=120)
        while indirizzo:
            connessione.request("GET", indirizzo, headers=self._intestazioni(compresso=True))
            risposta = connessione.getresponse()
            corpo = gzip.decompress(risposta.read())
            assert risposta.status == 200, corpo[:500]
            # The end of the page says where the next is: the rows are counted, not read.
            coda = json.loads(b"{" + corpo[corpo.rindex(b'"paginazione":') :])
            quante += corpo.count(b'{"id":')
            indirizzo = (coda["paginazione"]["successiva"] or "").removeprefix(f"http://127.0.0.1:{self.porta}")
        assert quante == INTERVENTI, quante
        return perf_counter() - inizio

    def pagina(self, indirizzo: str) -> float:
        return min(self.scarica(indirizzo) for _ in range(15))

    def cresce(self, fai: Callable[[], object]) -> float:
        """By how many MB the worker's memory grows at most while this is done."""
        Path(f"/proc/{self.lavoratore}/clear_refs").write_text("5")
        prima = self._memoria("VmRSS")
        fai()
        return self._memoria("VmHWM") - prima

    def _memoria(self, voce: str) -> float:
        for riga in Path(f"/proc/{self.lavoratore}/status").read_text().splitlines():
            if riga.startswith(f"{voce}:"):
                return int(riga.split()[1]) / 1024
        raise LookupError(voce)

    def _intestazioni(self, *, compresso: bool) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.chiave}", "Accept-Encoding": "gzip" if compresso else "identity"}

    @contextmanager
    def _chiedi(self, indirizzo: str, *, compresso: bool) -> Iterator[http.client.HTTPResponse]:
        connessione = http.client.HTTPConnection("127.0.0.1", self.porta, timeout=300)
        connessione.request("GET", indirizzo, headers=self._intestazioni(compresso=compresso))
        risposta = connessione.getresponse()
        assert risposta.status == 200, risposta.read(500)
        yield risposta
        connessione.close()


@contextmanager
def server(chiave: str, ambiente: dict[str, str]) -> Iterator[Server]:
    porta = porta_libera()
    comando = ["gunicorn", "--bind", f"127.0.0.1:{porta}", "--access-logfile", "/dev/null", "--no-control-socket"]
    processo = subprocess.Popen(  # noqa: S603 our own server
        [sys.executable, "-m", *comando],
        env=os.environ | ambiente | {"SECONDO_FATTORE_OBBLIGATORIO": "false"},
        stderr=subprocess.DEVNULL,
    )
    suo = Server(porta, processo, chiave)
    try:
        _aspetta(suo)
        figli = Path(f"/proc/{processo.pid}/task/{processo.pid}/children").read_text().split()
        suo.lavoratore = int(figli[0])
        yield suo
    finally:
        processo.terminate()
        processo.wait()


def _aspetta(suo: Server) -> None:
    scadenza = monotonic() + 60
    while True:
        try:
            suo.scarica(f"{ELENCO}?limit=1")
        except OSError:
            if monotonic() > scadenza:
                raise
            sleep(0.2)
        else:
            return


# --- Beside what --------------------------------------------------------------------------------------------------


def copia_di(consumo: Consumatore) -> Callable[[], float]:
    """What copies the rows of the CSV to /dev/null with psql, and tells the seconds without those of its own start."""
    domanda = Domanda(CUP, consumo.chiave.utente, QueryDict())
    righe = in_csv(Elenco(domanda, pubblicazione.stato()[0]).ordinate(), colonne(CUP.campi))
    connection.ensure_connection()
    scelta = psycopg.ClientCursor(connection.connection).mogrify(*righe.query.sql_with_params())
    server_postgres = os.environ["DATABASE_URL"].replace("postgres://", "postgresql://")

    def psql(comando: str) -> float:
        inizio = perf_counter()
        subprocess.run(["psql", "-X", "-q", "-d", server_postgres, "-c", comando], check=True)  # noqa: S603, S607 ours
        return perf_counter() - inizio

    vuoto = min(psql("\\set x 1") for _ in range(VOLTE))
    return lambda: psql(f"\\copy ({scelta}) to '/dev/null' csv") - vuoto


def prepara() -> Consumatore:
    prepara_dati()
    if not Intervento.objects.exists():
        riempi(1, INTERVENTI)
    pubblicazione.pubblica()
    assert VoceCup.objects.count() == INTERVENTI
    with connection.cursor() as cursore:
        cursore.execute("VACUUM ANALYZE")
    return consumatore(ambiti=[Ambito.CUP])


def interrogazioni_304(consumo: Consumatore) -> int:
    """Queries of a list that did not change, log included."""
    etag = consumo.get(ELENCO)["ETag"]
    with CaptureQueriesContext(connection) as catturate:
        risposta = consumo.get(ELENCO, headers={"if-none-match": etag})
    assert risposta.status_code == 304, risposta.status_code
    return len(catturate)


def misura(misure: Misure, consumo: Consumatore) -> tuple[float, dict[str, str]]:
    """The measures on PostgreSQL; gives the time of `psql \\copy` and what was answered."""
    with server(consumo.segreto, {}) as suo:
        csv, ndjson = f"{ELENCO}.csv", f"{ELENCO}.ndjson"
        copia = copia_di(consumo)
        giri = [(copia(), suo.scarica(csv), suo.scarica(ndjson)) for _ in range(VOLTE)]
        termine, in_csv_, in_ndjson = (min(tempi) for tempi in zip(*giri, strict=True))
        misure.rapporto("Il CSV intero, compresso, rispetto a psql \\copy", in_csv_, termine, LIMITE_CSV)
        misure.rapporto("L'NDJSON intero, rispetto a psql \\copy", in_ndjson, termine, LIMITE_NDJSON)
        pagine = min(suo.pagine() for _ in range(2))
        misure.rapporto(f"Lo scarico a pagine di {A_PAGINA}, rispetto a psql \\copy", pagine, termine, LIMITE_PAGINE)
        prima = suo.pagina(f"{ELENCO}?limit=100")
        profonda = suo.pagina(_a_profondita(consumo))
        misure.rapporto(f"La pagina alla riga {PROFONDO}, rispetto alla prima", profonda, prima, LIMITE_PROFONDITA)
        return termine, {nome: suo.impronta(nome) for nome in (csv, ndjson)}


def misura_memoria(misure: Misure, consumo: Consumatore) -> None:
    """Each pull is the first large answer of a server just started: what it needs is all new."""
    scarichi: dict[str, Callable[[Server], float]] = {
        "il CSV": lambda suo: suo.scarica(f"{ELENCO}.csv"),
        "l'NDJSON": lambda suo: suo.scarica(f"{ELENCO}.ndjson"),
        "lo scarico a pagine": Server.pagine,
    }
    for nome, scarico in scarichi.items():
        with server(consumo.segreto, {}) as suo:
            megabyte = suo.cresce(partial(scarico, suo))
        misure.di(
            f"La memoria del processo web durante {nome}",
            megabyte,
            MEGABYTE_MASSIMI,
            f"cresce di {megabyte:.0f} MB, il limite è {MEGABYTE_MASSIMI}",
        )


def _a_profondita(consumo: Consumatore) -> str:
    """The address of the page that begins after so many rows, as the pull would get to it."""
    domanda = Domanda(CUP, consumo.chiave.utente, QueryDict())
    elenco = Elenco(domanda, pubblicazione.stato()[0])
    (oggetto,) = elenco.ordinate().values_list("oggetto", flat=True)[PROFONDO - 1 : PROFONDO]
    cursore = Cursore(elenco.istante, oggetto, None).scrivi(domanda.canonica)
    return f"{ELENCO}?limit=100&cursor={cursore}"


# --- SQLite -------------------------------------------------------------------------------------------------------


def su_sqlite(misure: Misure, termine: float, impronte: dict[str, str], chiave: str) -> None:
    """The same rows in SQLite: the same answers, and how long they take."""
    with tempfile.TemporaryDirectory(prefix="psttm-misure-") as cartella:
        ambiente = {
            "DATABASE_URL": f"sqlite:///{cartella}/misure.sqlite3",
            "MISURE_ORIGINE": os.environ["DATABASE_URL"],
        }
        subprocess.run([sys.executable, "-m", "benchmarks.travasa"], env=os.environ | ambiente, check=True)
        with server(chiave, ambiente) as suo:
            for nome, limite in ((f"{ELENCO}.csv", LIMITE_SQLITE), (f"{ELENCO}.ndjson", LIMITE_SQLITE)):
                uguale = suo.impronta(nome) == impronte[nome]
                misure.di(f"{nome} su SQLite", not uguale, 0, "la stessa risposta" if uguale else "un'altra risposta!")
                misure.rapporto(f"{nome} su SQLite, rispetto a psql \\copy", suo.scarica(nome), termine, limite)
            misure.rapporto(
                f"Lo scarico a pagine di {A_PAGINA} su SQLite, rispetto a psql \\copy",
                suo.pagine(),
                termine,
                LIMITE_SQLITE,
            )


def main() -> int:
    if connection.vendor != "postgresql":
        print("L'API si misura su PostgreSQL: DATABASE_URL deve indicarne uno, vuoto.")
        return 1
    misure = Misure()
    consumo = prepara()
    termine, impronte = misura(misure, consumo)
    misura_memoria(misure, consumo)
    quante = interrogazioni_304(consumo)
    misure.di(
        "Un elenco che non è cambiato",
        quante,
        LIMITE_INTERROGAZIONI,
        f"{quante} interrogazioni, il limite è {LIMITE_INTERROGAZIONI}",
    )
    su_sqlite(misure, termine, impronte, consumo.segreto)
    return 1 if misure.oltre else 0


if __name__ == "__main__":
    sys.exit(main())
