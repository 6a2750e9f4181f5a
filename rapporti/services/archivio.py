"""The archive of the reports: their files in the document store, and the row that says they are ready.

A file gets its name only when it is whole and there to stay, and only while its report is not ready: a ready report
keeps the bytes that its row gives the SHA-256 of.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rapporti.models import Rapporto
from rapporti.services import avvisi, spedizione
from registro import deposito
from registro.services import annota

CARTELLA = "rapporti"


class Quale(Enum):
    """One of the files of a report; the value is how its name ends."""

    PDF = "pdf"
    DATI = "json"
    FOGLIO = "xlsx"


@dataclass(frozen=True)
class Prodotto:
    """A report as it goes in the archive: the PDF, the data it was made from (JSON), its twin in XLSX."""

    pdf: bytes = field(repr=False)
    dati: bytes = field(repr=False)
    foglio: bytes = field(repr=False)
    pagine: int
    interventi: int
    sintesi: tuple[str, ...]

    @property
    def impronta(self) -> str:
        """SHA-256 of the PDF, in hexadecimal."""
        return hashlib.sha256(self.pdf).hexdigest()

    @property
    def impronta_dati(self) -> str:
        return hashlib.sha256(self.dati).hexdigest()


class FileMancante(Exception):
    """The archive has the report but not this file; the message, in Italian, says how to put it back."""


class FileDiverso(Exception):
    """Made again, the report came out different from the one in the archive; the message, in Italian, says why."""


@dataclass(frozen=True)
class _Scritto:
    """A file that waits in the store, whole, for its name."""

    bozza: str
    nome: str

    def metti_al_suo_posto(self) -> None:
        deposito.rinomina(self.bozza, self.nome)


def nome(codice: str, quale: Quale) -> str:
    """Its name in the store: rapporti/7K/7K3M-Q9TD-X20B.pdf"""
    return f"{CARTELLA}/{codice[:2]}/{codice}.{quale.value}"


def archivia(*, rapporto_id: int, prodotto: Prodotto) -> Rapporto:
    """Keep the files and say that the report is ready, unless somebody else has in the meantime.

    The long part, writing, is outside the transaction, which lasts a moment. Raises Rapporto.DoesNotExist.
    """
    codice = Rapporto.objects.values_list("codice", flat=True).get(pk=rapporto_id)
    with _scritti(codice, prodotto) as file:
        return _segna_pronto(rapporto_id, prodotto, file)


@transaction.atomic
def _segna_pronto(rapporto_id: int, prodotto: Prodotto, file: dict[Quale, _Scritto]) -> Rapporto:
    rapporto = Rapporto.objects.select_for_update(of=("self",)).get(pk=rapporto_id)
    if rapporto.pronto:
        return rapporto
    # Under the lock, so that of two workers one only puts its files in place.
    for scritto in file.values():
        scritto.metti_al_suo_posto()
    rapporto.deposito = file[Quale.PDF].nome
    rapporto.dati = file[Quale.DATI].nome
    rapporto.foglio = file[Quale.FOGLIO].nome
    rapporto.impronta, rapporto.impronta_dati = prodotto.impronta, prodotto.impronta_dati
    rapporto.byte, rapporto.pagine, rapporto.interventi = len(prodotto.pdf), prodotto.pagine, prodotto.interventi
    rapporto.sintesi = list(prodotto.sintesi)
    rapporto.versione_portale = settings.SPECTACULAR_SETTINGS["VERSION"]
    rapporto.pronto_il = timezone.now()
    rapporto.save()
    annota(
        rapporto,
        "pronto",
        autore=rapporto.richiesto_da,
        dopo={"impronta": rapporto.impronta, "pagine": rapporto.pagine, "byte": rapporto.byte},
    )
    avvisi.pronto(rapporto)
    spedizione.accoda_invii(rapporto_id=rapporto.pk)
    return rapporto


@contextmanager
def _scritti(codice: str, prodotto: Prodotto) -> Iterator[dict[Quale, _Scritto]]:
    """The three files in the store, under names that nobody looks for; taken away if not put in place."""
    contenuti = {Quale.PDF: prodotto.pdf, Quale.DATI: prodotto.dati, Quale.FOGLIO: prodotto.foglio}
    scritti: dict[Quale, _Scritto] = {}
    try:
        for quale, contenuto in contenuti.items():
            finale = nome(codice, quale)
            bozza = default_storage.save(deposito.bozza_di(finale), ContentFile(contenuto))
            scritti[quale] = _Scritto(bozza, finale)
        yield scritti
        _togli_bozze(codice)
    finally:
        for scritto in scritti.values():
            default_storage.delete(scritto.bozza)


def _togli_bozze(codice: str) -> None:
    """Those left by a worker that was killed while writing."""
    inizio = nome(codice, Quale.PDF).removesuffix(f"{codice}.{Quale.PDF.value}")
    for file in deposito.nomi(inizio.rstrip("/")):
        if file.startswith(f"{inizio}.{codice}."):
            default_storage.delete(file)


# --- Reading ---------------------------------------------------------------------------------------------------------


def apri(rapporto: Rapporto, quale: Quale) -> File[bytes]:
    """A file of a ready report. Raises FileMancante."""
    try:
        return default_storage.open(nome(rapporto.codice, quale), "rb")
    except FileNotFoundError as errore:
        raise FileMancante(
            _(
                "Il file %(nome)s non è più nell'archivio. Il rapporto si può rifare dai dati, uguale: chiedilo nella "
                "sua pagina, con «Rimetti i file»."
            )
            % {"nome": f"{rapporto.codice}.{quale.value}"}
        ) from errore


def intero(rapporto: Rapporto) -> bool:
    """Whether the store has every file of a ready report."""
    return all(default_storage.exists(nome(rapporto.codice, quale)) for quale in Quale)


def rimetti(*, rapporto_id: int, prodotto: Prodotto) -> Rapporto:
    """Put back the lost files of a ready report, made again: if they are the same. Raises FileDiverso."""
    rapporto = Rapporto.objects.pronti().get(pk=rapporto_id)
    if (prodotto.impronta, prodotto.impronta_dati) != (rapporto.impronta, rapporto.impronta_dati):
        raise FileDiverso(
            _(
                "Rifatto oggi, il rapporto %(codice)s non è uguale a quello archiviato, che la versione %(versione)s "
                "del portale disegnava in un altro modo: i suoi file si riprendono solo da una copia di riserva. "
                "Chiedi un rapporto nuovo per avere gli stessi dati nella forma di oggi."
            )
            % {"codice": rapporto.codice, "versione": rapporto.versione_portale}
        )
    with _scritti(rapporto.codice, prodotto) as file:
        for scritto in file.values():
            scritto.metti_al_suo_posto()
    annota(rapporto, "file rimessi nell'archivio")
    return rapporto
