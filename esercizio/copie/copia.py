"""Making a backup: the database as it is at one instant, then the documents that it speaks of, then the keys.

Documents are never changed once they are there, so those that the database spoke of at that instant are the ones
copied after it; one destroyed in between is named in the manifest, and not a fault.
"""

from __future__ import annotations

import errno
import fcntl
import platform
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from esercizio import avvisi
from esercizio.copie import archivio, base_dati, chiavi
from esercizio.copie.archivio import ArchivioGuasto, Scrittore
from esercizio.copie.base_dati import BaseDatiFerma
from esercizio.copie.chiavi import Chiavi
from esercizio.file_conservati import GUASTI_DEL_DEPOSITO, FileConservato, file_conservati, impronta_di
from esercizio.istantanea import istantanea
from esercizio.models import Copia, EsitoCopia
from registro import catena

NOME = re.compile(r"portale-\d{8}-\d{6}\.tar\.gz")
# One that has not ended after so long was killed.
DURATA_MASSIMA = timedelta(hours=12)


class CopiaNonRiuscita(Exception):
    """The backup was not made; the message, in Italian, says why and what to do."""


@dataclass
class _Presi:
    """What of the documents could not be copied, or was not what the database says."""

    quanti: int = 0
    mancanti: list[dict[str, str]] = field(default_factory=list)
    diversi: list[dict[str, str]] = field(default_factory=list)


def esegui(*, cartella: Path, conserva: int, racconta: Callable[[str], None]) -> Copia:
    """Make a backup in a folder and keep the newest `conserva`. Raises CopiaNonRiuscita, and its row says it too."""
    adesso = timezone.now()
    with _una_alla_volta(cartella):
        _chiudi_le_interrotte(adesso)
        riga = Copia.objects.create(avviata=adesso)
        finale = cartella / f"portale-{timezone.localtime(adesso):%Y%m%d-%H%M%S}.tar.gz"
        try:
            contenuto = _scrivi(finale, riga, racconta)
        except (OSError, BaseDatiFerma, ArchivioGuasto, *GUASTI_DEL_DEPOSITO) as errore:
            _fallita(riga, errore)
            raise CopiaNonRiuscita(riga.errore) from errore
        _riuscita(riga, finale, contenuto)
        for vecchia in _vecchie(cartella, conserva):
            vecchia.unlink(missing_ok=True)
    return riga


@contextmanager
def _una_alla_volta(cartella: Path) -> Iterator[None]:
    try:
        cartella.mkdir(mode=0o700, parents=True, exist_ok=True)
        chiusura = (cartella / ".copia-in-corso").open("w")
    except OSError as errore:
        raise CopiaNonRiuscita(f"Non si può scrivere nella cartella {cartella}: {errore.strerror}.") from errore
    with chiusura:
        try:
            fcntl.flock(chiusura, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as errore:
            raise CopiaNonRiuscita(f"In {cartella} c'è già una copia in corso: aspetta che finisca.") from errore
        yield


def _chiudi_le_interrotte(adesso: datetime) -> None:
    rimaste = Copia.objects.filter(esito=EsitoCopia.IN_CORSO, avviata__lt=adesso - DURATA_MASSIMA)
    rimaste.update(esito=EsitoCopia.FALLITA, conclusa=adesso, errore="Chi la faceva si è interrotto.")


def _scrivi(finale: Path, riga: Copia, racconta: Callable[[str], None]) -> dict[str, Any]:
    for rimasto in finale.parent.glob(".portale-*.parziale"):
        rimasto.unlink()
    with (
        archivio.scrittura(finale, quando=riga.avviata.timestamp()) as scrittore,
        tempfile.TemporaryDirectory(prefix=".copia-", dir=finale.parent) as lavoro,
    ):
        racconta("Copia della base dati")
        catena.sigilla(tutti=True)
        with istantanea():
            base_dati.copia(file := Path(lavoro) / base_dati.membro())
            contenuto = _descrivi(riga)
            da_copiare = list(file_conservati())
        with file.open("rb") as dati:
            scrittore.aggiungi(base_dati.membro(), dati)
        file.unlink()
        racconta("Copia dei documenti")
        presi = _documenti(scrittore, da_copiare)
        contenuto["documenti"] = {"copiati": presi.quanti, "mancanti": presi.mancanti, "diversi": presi.diversi}
        contenuto["chiavi"] = _chiavi(scrittore)
        scrittore.chiudi(contenuto)
        racconta("Rilettura dell'archivio")
    return contenuto


def _descrivi(riga: Copia) -> dict[str, Any]:
    """What the archive says of itself, read in the same instant as the database."""
    return {
        "copia": riga.pk,
        "fatta": riga.avviata.isoformat(),
        "versioni": {
            "portale": settings.VERSIONE,
            "python": platform.python_version(),
            "django": django.get_version(),
            "base_dati": base_dati.versione(),
        },
        "base_dati": base_dati.membro(),
        "migrazioni": base_dati.migrazioni(),
        "righe": base_dati.righe(),
        "catena": str(catena.testa()),
    }


def _documenti(scrittore: Scrittore, da_copiare: list[FileConservato]) -> _Presi:
    presi = _Presi()
    for uno in da_copiare:
        quale = {"nome": uno.nome, "che_cosa": uno.che_cosa}
        try:
            with default_storage.open(uno.nome, "rb") as file:
                membro = scrittore.aggiungi(archivio.DOCUMENTI + uno.nome, file)
        except FileNotFoundError:
            presi.mancanti.append(quale)
            continue
        presi.quanti += 1
        if uno.impronta and membro["impronta"] != uno.impronta:
            presi.diversi.append(quale)
    return presi


def _chiavi(scrittore: Scrittore) -> bool:
    """Whether the keys are in the archive: only where there is a passphrase to seal them with."""
    if not settings.BACKUP_PASSPHRASE:
        return False
    nostre = Chiavi(settings.SECRET_KEY, list(settings.SECRET_KEY_FALLBACKS))
    scrittore.aggiungi(chiavi.MEMBRO, BytesIO(chiavi.cifra(nostre, settings.BACKUP_PASSPHRASE)))
    return True


def _riuscita(riga: Copia, finale: Path, contenuto: dict[str, Any]) -> None:
    with finale.open("rb") as file:
        riga.impronta, riga.byte = impronta_di(file)
    riga.esito, riga.conclusa, riga.archivio = EsitoCopia.RIUSCITA, timezone.now(), str(finale)[-300:]
    riga.contenuto = contenuto
    riga.save()
    avvisi.copia(riga)


def _fallita(riga: Copia, errore: Exception) -> None:
    riga.esito, riga.conclusa = EsitoCopia.FALLITA, timezone.now()
    riga.errore = f"La copia di sicurezza non è riuscita: {motivo(errore)}. Quelle di prima restano dove sono."
    riga.save()
    avvisi.copia(riga)


def motivo(errore: Exception) -> str:
    """What went wrong, in a few words."""
    if isinstance(errore, OSError) and errore.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return "sul disco non c'è più posto"
    return str(errore).rstrip(".")


def _vecchie(cartella: Path, conserva: int) -> list[Path]:
    """All but the newest; nothing that was not made here."""
    nostre = sorted((uno for uno in cartella.iterdir() if NOME.fullmatch(uno.name)), reverse=True)
    return nostre[max(conserva, 1) :]
