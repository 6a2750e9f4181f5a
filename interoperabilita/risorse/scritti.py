"""What may be written through the API: a field with what its value must be like.

The same values are read by `scrittura.corpo`, which refuses anything else, and make the schema of the requests.
"""

from __future__ import annotations

from dataclasses import dataclass

from interoperabilita.risorse.tipi import Campo

# Any text of more than one line, without the characters that no text has.
SENZA_CONTROLLI = r"^[^\x00-\x08\x0B\x0C\x0E-\x1F\x7F]*$"
IMPORTO = r"^[0-9]{1,12}(\.[0-9]{1,2})?$"
PERCENTO = r"^(100(\.0{1,2})?|[0-9]{1,2}(\.[0-9]{1,2})?)$"
QUANTITA = r"^[0-9]{1,12}(\.[0-9]{1,4})?$"
MESE = r"^(199[0-9]|20[0-9]{2})-(0[1-9]|1[0-2])$"
NOME_RIGA = r"^[A-Za-z0-9_]{1,40}$"


@dataclass(frozen=True)
class CampoScritto(Campo):
    """A field of a body that is sent. `serve`: it must be there.

    `massimo` is of characters for a text, of items for a list, of the number itself for a number, which `minimo` holds
    from below; `forma` is a regular expression of texts.
    """

    serve: bool = False
    minimo: int | None = None
    massimo: int | None = None
    forma: str = ""
