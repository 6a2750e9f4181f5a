"""The files of a data set, written to disk row by row: one reading of the rows for all the formats, in flat memory."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any

import orjson

from interoperabilita.dataset import titolare
from interoperabilita.dataset.tipi import DIMOSTRATIVO, FORMATI, Dataset, dizionario
from interoperabilita.formati import valori
from interoperabilita.formati.celle import colonne
from interoperabilita.formati.testi import in_testo

PER_VOLTA = 500


class FileScritto:
    """A file on its way: its bytes on disk, how many, and their SHA-256."""

    def __init__(self, disco: IO[bytes]) -> None:
        self.disco = disco
        self.byte = 0
        self._somma = hashlib.sha256()

    def scrivi(self, pezzo: bytes) -> None:
        self.disco.write(pezzo)
        self.byte += len(pezzo)
        self._somma.update(pezzo)

    @property
    def sha256(self) -> str:
        return self._somma.hexdigest()


@dataclass
class Scritto:
    """A data set as written. `impronta` tells whether it is the same as another time; `dal` and `al` are ISO days."""

    file: dict[str, FileScritto]
    righe: int = 0
    dimostrative: int = 0
    dal: str = ""
    al: str = ""
    impronta: str = ""


@contextmanager
def scritto(
    dataset: Dataset, *, istante: datetime, adesso: datetime, controlla: Callable[[], None]
) -> Iterator[Scritto]:
    """The data set as published at `istante`; its files last as long as the context.

    `controlla` is called now and then: it raises when the work must stop.
    """
    with ExitStack() as pila:
        esito = Scritto({formato: FileScritto(pila.enter_context(TemporaryFile())) for formato in FORMATI})
        _scrivi(dataset, esito, istante, adesso, controlla)
        for file in esito.file.values():
            file.disco.seek(0)
        yield esito


def _scrivi(
    dataset: Dataset, esito: Scritto, istante: datetime, adesso: datetime, controlla: Callable[[], None]
) -> None:
    foglio, documento = esito.file["csv"], esito.file["json"]
    in_colonna = colonne(dataset.campi)
    descritto = metadati(dataset)
    somma = hashlib.sha256(orjson.dumps(descritto))
    testa = {**descritto, "aggiornato_il": valori.istante(adesso)}
    foglio.scrivi(_in_csv([[colonna.nome for colonna in in_colonna]]))
    documento.scrivi(b'{"metadati":' + orjson.dumps(testa) + b',"dati":[')
    for blocco in _a_blocchi(dataset.righe(istante)):
        controlla()
        celle = [[in_testo(colonna, colonna.leggi(riga)) for colonna in in_colonna] for riga in blocco]
        corpo = (b",\n" if esito.righe else b"\n") + b",\n".join(orjson.dumps(riga) for riga in blocco)
        somma.update(corpo)
        foglio.scrivi(_in_csv(celle))
        documento.scrivi(corpo)
        esito.righe += len(blocco)
        esito.dimostrative += sum(riga[DIMOSTRATIVO.nome] for riga in blocco)
        if dataset.periodo is not None:
            dal, al = dataset.periodo
            esito.dal = min(filter(None, [esito.dal, *(riga[dal] for riga in blocco)]))
            esito.al = max(esito.al, *(riga[al] for riga in blocco))
    coda = {"righe": esito.righe, "righe_dimostrative": esito.dimostrative}
    documento.scrivi(b"\n]," + orjson.dumps(coda)[1:] + b"\n")
    # The bytes of the CSV too: it is written by rules of its own, which may change while the rows do not.
    somma.update(foglio.sha256.encode())
    esito.impronta = somma.hexdigest()


def metadati(dataset: Dataset) -> dict[str, Any]:
    """What the JSON says of itself: enough to be understood alone."""
    return {
        "codice": dataset.codice,
        "titolo": dataset.titolo,
        "descrizione": dataset.descrizione,
        "titolare": titolare.TITOLARE,
        "licenza": titolare.LICENZA,
        "licenza_url": titolare.LICENZA_URL,
        "pagina": titolare.pagina_di(dataset.codice),
        "frequenza": dataset.frequenza.value,
        "campi": [
            {"nome": voce.nome, "tipo": voce.tipo, "unita": voce.unita, "descrizione": voce.descrizione}
            | ({"valori": dict(voce.valori)} if voce.valori else {})
            for voce in dizionario(dataset)
        ],
    }


def _a_blocchi(righe: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    blocco: list[dict[str, Any]] = []
    for riga in righe:
        blocco.append(riga)
        if len(blocco) == PER_VOLTA:
            yield blocco
            blocco = []
    if blocco:
        yield blocco


def _in_csv(righe: list[list[str]]) -> bytes:
    """RFC 4180, UTF-8, «;»."""
    testo = io.StringIO(newline="")
    csv.writer(testo, delimiter=";", lineterminator="\r\n").writerows(righe)
    return testo.getvalue().encode()
