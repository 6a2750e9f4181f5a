"""What a view of the API says of itself, so that document, documentation page and checks are made from it.

The convention: every `Vista` has `operazioni`, a dict from the HTTP method to an `Operazione`:

    class VerificaDelPiano(Vista):
        operazioni = {
            "GET": Operazione(
                nome="verifica_del_piano",          # operationId: snake_case, no HTTP verb, never used twice
                titolo="Verifica di un piano",
                descrizione="Gli esiti di tutte le regole, con i dati su cui si fondano.",
                gruppo=Gruppo.PIANI,
                campi=CAMPI,                        # what the JSON of the answer holds
                nome_schema="VerificaDelPiano",     # PascalCase
            )
        }

- A `Lista` needs nothing when its address is that of its `risorsa`; one at another address (the CUPs of a piano) only
  has an `Operazione` with `nome`, `titolo`, `descrizione`, `gruppo`, and in `senza` the filters that the address says:
  fields, other parameters and formats are those of the `risorsa`.
- Arguments of the address are described in `PERCORSO`, by their name.
- A view that is not a list takes no parameter that is not in `parametri`: `Vista` answers 400 to any other.
- A write has `corpo=Corpo("NomeSchema", CAMPI)`, `stato=HTTPStatus.CREATED`, and `intestazioni` (parameters too).
- `altri` are the outcomes that its method does not always have: {HTTPStatus.CONFLICT: "È già stato inviato."}.
- A route without an operation fails `tests/interoperabilita/test_openapi.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from typing import Any

from interoperabilita.risorse.tipi import Campo, Tipo


class Gruppo(Enum):
    """The tags of the document: how operations are grouped, in this order."""

    CUP = "CUP e interventi"
    PIANI = "Piani"
    MONITORAGGIO = "Monitoraggio"
    RAPPORTI = "Rapporti"
    RIFERIMENTI = "Piano strategico e territorio"
    SERVIZIO = "Servizio"


@dataclass(frozen=True)
class Parametro:
    """A parameter of the address, of the query or a header: how it must be written, to the letter.

    `forma` is a regular expression that all of it must match; `minimo` and `massimo` are of a number, `lunghezza` of
    a text.
    """

    nome: str
    descrizione: str
    esempio: Any
    tipo: Tipo = Tipo.TESTO
    forma: str = ""
    scelte: Sequence[str] = ()
    minimo: int | None = None
    massimo: int | None = None
    lunghezza: int | None = None
    obbligatorio: bool = False


@dataclass(frozen=True)
class Corpo:
    """The JSON object that a write takes. Fields may be left out, unless they are `CampoScritto` with `serve`."""

    nome_schema: str
    campi: Sequence[Campo]
    esempio: Mapping[str, Any] = field(default_factory=dict)
    # Whether the body itself may be left out.
    facoltativo: bool = False


@dataclass(frozen=True)
class Operazione:
    """What a method of a view does: see the top of this module."""

    nome: str
    titolo: str
    descrizione: str
    gruppo: Gruppo
    campi: Sequence[Campo] = ()
    nome_schema: str = ""
    parametri: Sequence[Parametro] = ()
    intestazioni: Sequence[Parametro] = ()
    corpo: Corpo | None = None
    stato: HTTPStatus = HTTPStatus.OK
    altri: Mapping[HTTPStatus, str] = field(default_factory=dict)
    # Media types of an answer that is a file, or an object of which others say the fields.
    formati: Sequence[str] = ()
    # An example of it, where it is JSON.
    esempio: Mapping[str, Any] = field(default_factory=dict)
    # Of a list: the filters that its address itself says.
    senza: Sequence[str] = ()


# The arguments of the addresses, by name.
PERCORSO: Mapping[str, Parametro] = {
    "cup": Parametro("cup", "CUP dell'intervento, 15 caratteri.", "B45E22000120006", forma=r"[A-Za-z0-9]{15}"),
    "codice": Parametro(
        "codice", "Codice, come sta nell'elenco.", "COME IN", lunghezza=60, forma=r"[^/\x00-\x1F\x7F]+"
    ),
    "rapporto": Parametro(
        "rapporto", "Codice del rapporto.", "7K3M-Q9TD-X20B", lunghezza=14, forma=r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}"
    ),
    "id": Parametro("id", "Identificativo.", 1024, tipo=Tipo.INTERO, minimo=1, massimo=2**63 - 1),
}
