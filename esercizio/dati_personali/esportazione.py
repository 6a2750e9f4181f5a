"""All that the portal holds about a person, as a ZIP of JSON files, for her or for whoever answers her request."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Utente
from esercizio.dati_personali import selectors
from psttm import formati

LEGGIMI = """\
I dati di {chi} nel Portale PNRR, al {quando}

Ogni file è un elenco in JSON, una riga del portale per voce. Nei file di ciò che è stato scritto ci sono il numero
della riga, le date e le parole che possono essere di chi le ha scritte; la riga intera si legge nelle pagine.
Non ci sono password, segreti del secondo fattore e chiavi: il portale non le conosce o non le mostra a nessuno.

"""


def esporta(utente: Utente, file: IO[bytes]) -> int:
    """Write the ZIP into `file`; how many rows are in it. Never more than a few rows are in memory."""
    indice = [LEGGIMI.format(chi=utente, quando=formati.data_ora(timezone.now()))]
    totale = 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archivio:
        for nome, etichetta, righe in selectors.dati(utente):
            quante = _scrivi(archivio, f"{etichetta.lower()}.json", righe)
            if quante:
                indice.append(f"{etichetta.lower()}.json: {nome}, {formati.numero(quante)}\n")
                totale += quante
        archivio.writestr("LEGGIMI.txt", "".join(indice))
    return totale


def nome_del_file(utente: Utente) -> str:
    return _("dati-utente-%(numero)s.zip") % {"numero": utente.pk}


def _scrivi(archivio: zipfile.ZipFile, nome: str, righe: Iterable[dict[str, Any]]) -> int:
    """A file with the rows, if there are any."""
    quante = 0
    uscita: IO[bytes] | None = None
    for riga in righe:
        if uscita is None:
            uscita = archivio.open(nome, "w", force_zip64=True)
        testo = json.dumps(riga, cls=DjangoJSONEncoder, ensure_ascii=False)
        uscita.write(("[\n" if quante == 0 else ",\n").encode() + testo.encode())
        quante += 1
    if uscita is not None:
        uscita.write(b"\n]\n")
        uscita.close()
    return quante
