"""The data of a ready report, read from the archive."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from rapporti.formati.dati import leggi_dati
from rapporti.formati.letti import Dati
from rapporti.models import Rapporto
from rapporti.services import archivio
from rapporti.services.archivio import Quale

# The data of 2,000 interventi take about 30 MB once read, in each process of the web server.
TENUTI = 2


class DatiAlterati(Exception):
    """The file in the archive is not the one that the report was made with."""


def dati_di(rapporto: Rapporto) -> Dati:
    """Those of the last reports looked at are kept: a ready report never changes.

    Raises DatiAlterati, and what `archivio.apri` raises.
    """
    return _letti(rapporto.impronta_dati, rapporto)


@lru_cache(maxsize=TENUTI)
def _letti(impronta: str, rapporto: Rapporto) -> Dati:
    with archivio.apri(rapporto, Quale.DATI) as file:
        contenuto = file.read()
    if hashlib.sha256(contenuto).hexdigest() != impronta:
        raise DatiAlterati
    return leggi_dati(contenuto)
