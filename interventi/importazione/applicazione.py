"""Rehearsing an import, and applying it: what is applied is what was confirmed, or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice

from django.db import connection, transaction
from django.utils import timezone

from enti.models import Comune
from interventi.importazione import ombre
from interventi.importazione.memoria import Contesto, concludi
from interventi.importazione.passata import FileGuasto, Raccolta, inventario, percorri
from interventi.importazione.perimetro import Confine, Territorio
from interventi.importazione.scrittura import inserisci, scheda
from interventi.importazione.voci import Voci
from interventi.models import EsitoRiga, FileImportato, Importazione, TabellaImportata
from interventi.models.importazioni import StatoImportazione
from registro.azione import azione
from registro.esecutori import Avanzatore
from registro.services import annota

PER_VOLTA = 5_000
_UN_PEZZO = 1 << 20
# Any number of our own: one import at a time writes in the register.
_UNA_PER_VOLTA = 7_203_151


class NienteDaLeggere(Exception):
    """None of the files could be read: the text says why for each."""


class DatiCambiati(Exception):
    """Between confirming and applying, the register or the files changed."""


def prova(importazione: Importazione, avanzatore: Avanzatore) -> None:
    """Rehearse the import and keep its outcome, to be confirmed. Nothing in the register changes.

    Raises NienteDaLeggere, and then the import is RESPINTA.
    """
    _riferimenti()
    try:
        raccolta = _fino_in_fondo(importazione, avanzatore, in_prova=True)
    except NienteDaLeggere as errore:
        respingi(importazione, str(errore))
        raise
    try:
        avanzatore.passo("Registrazione degli esiti")
        with transaction.atomic():
            attuale = Importazione.objects.select_for_update().get(pk=importazione.pk)
            if attuale.stato != StatoImportazione.IN_PROVA:
                return
            _registra(importazione, raccolta)
            importazione.stato, importazione.errore = StatoImportazione.DA_CONFERMARE, ""
            importazione.save(update_fields=["stato", "errore", "impronta_esito", "conteggi"])
            annota(importazione, "provata", dopo=importazione.conteggi)
    finally:
        raccolta.chiudi()
    importazione.refresh_from_db()


def applica(importazione: Importazione, avanzatore: Avanzatore, *, confermata: bool) -> None:
    """Write in the register what the files say, in one transaction.

    With `confermata` the outcome must be the one that was confirmed: DatiCambiati if it is not, and nothing is
    written. Raises NienteDaLeggere too.
    """
    _riferimenti()
    if confermata:
        _stesse_impronte(importazione)
    avanzatore.totale(importazione.conteggi.get("lette", 0))
    with azione(importazione.azione), transaction.atomic():
        raccolta = _fino_in_fondo(importazione, avanzatore, in_prova=False)
        try:
            if confermata and raccolta.impronta != importazione.impronta_esito:
                raise DatiCambiati
            if not confermata:
                _registra(importazione, raccolta)
        finally:
            raccolta.chiudi()
        importazione.stato, importazione.applicata = StatoImportazione.APPLICATA, timezone.now()
        importazione.errore = ""
        importazione.save(update_fields=["stato", "applicata", "errore", "impronta_esito", "conteggi"])
        annota(importazione, "applicata", autore=importazione.autore, dopo=importazione.conteggi)


def respingi(importazione: Importazione, errore: str) -> None:
    """The import cannot go on; what could not be read stays written beside it."""
    importazione.stato, importazione.errore = StatoImportazione.RESPINTA, errore
    importazione.save(update_fields=["stato", "errore"])
    annota(importazione, "non riuscita", nota=errore)


def _fino_in_fondo(importazione: Importazione, avanzatore: Avanzatore, *, in_prova: bool) -> Raccolta:
    """One whole pass. A file that breaks half way is left out, and the pass begun again without it."""
    file = list(importazione.file.order_by("pk"))
    avanzatore.passo("Riconoscimento delle tabelle")
    tabelle = inventario(file)
    while True:
        tabelle = [tabella for tabella in tabelle if not tabella.file.errore]
        _salva_errori(file)
        if not tabelle:
            raise NienteDaLeggere(" ".join(f"«{documento.nome}»: {documento.errore}" for documento in file))
        try:
            if in_prova:
                return ombre.senza_toccare(partial(_passa, importazione, tabelle, avanzatore, in_prova=True))
            with transaction.atomic():
                return _passa(importazione, tabelle, avanzatore, in_prova=False)
        except FileGuasto as guasto:
            guasto.file.errore = str(guasto)
            avanzatore.totale(0)


def _passa(importazione: Importazione, tabelle: list, avanzatore: Avanzatore, *, in_prova: bool) -> Raccolta:
    if not in_prova and connection.vendor == "postgresql":
        with connection.cursor() as cursore:
            cursore.execute("SELECT pg_advisory_xact_lock(%s)", [_UNA_PER_VOLTA])
    territorio = Territorio()
    contesto = Contesto(
        importazione=importazione,
        autore=importazione.autore,
        quando=timezone.now(),
        territorio=territorio,
        confine=Confine(importazione.perimetro, territorio),
        voci=Voci(),
        in_prova=in_prova,
    )
    raccolta = percorri(contesto, tabelle, avanzatore)
    raccolta.differenze = contesto.differenze
    if not in_prova:
        avanzatore.passo("Aggiornamento della ricerca")
        concludi(contesto)
    return raccolta


def _salva_errori(file: Iterable[FileImportato]) -> None:
    for documento in file:
        documento.save(update_fields=["errore"])


def _riferimenti() -> None:
    if not Comune.objects.exists():
        raise NienteDaLeggere("Mancano i Comuni: carica prima i dati di riferimento (manage.py carica_riferimenti).")


def impronta(documento: FileImportato) -> str:
    """SHA-256 of a file as it is stored now."""
    calcolo = hashlib.sha256()
    with documento.deposito.open("rb") as aperto:
        while pezzo := aperto.read(_UN_PEZZO):
            calcolo.update(pezzo)
    return calcolo.hexdigest()


def _stesse_impronte(importazione: Importazione) -> None:
    for documento in importazione.file.all():
        if impronta(documento) != documento.sha256:
            raise NienteDaLeggere(
                f"Il file «{documento.nome}» conservato dal portale non è più quello caricato: caricalo di nuovo."
            )


# --- Outcomes -------------------------------------------------------------------------------------------------------


def _registra(importazione: Importazione, raccolta: Raccolta) -> None:
    """Keep the outcome of a pass in the place of any earlier one."""
    # The tables by their keys: through a join PostgreSQL may choose to look for them again for every row.
    vecchie = list(TabellaImportata.objects.filter(file__importazione=importazione).values_list("pk", flat=True))
    EsitoRiga.objects.filter(tabella__in=vecchie).delete()
    TabellaImportata.objects.filter(pk__in=vecchie).delete()
    tabelle = [
        TabellaImportata.objects.create(
            file=trovata.file,
            nome=trovata.nome,
            tabella=trovata.tabella,
            formato=trovata.formato,
            dati_al=trovata.dati_al,
            intestazioni=trovata.intestazioni,
            colonne_ignote=trovata.colonne_ignote,
            **trovata.conteggi,
        )
        for trovata in raccolta.tabelle
    ]
    righe = _esiti([tabella.pk for tabella in tabelle], raccolta)
    while gruppo := list(islice(righe, PER_VOLTA)):
        inserisci(EsitoRiga, gruppo)
    importazione.impronta_esito = raccolta.impronta
    importazione.conteggi = raccolta.conteggi() | {"differenze": raccolta.differenze}


def _esiti(tabelle: list[int], raccolta: Raccolta) -> Iterator[dict]:
    nomi = list(scheda(EsitoRiga).campi)
    for posto, riga, esito, fuori, cup, oggetto, cambi, rilievi, originale in raccolta.righe():
        valori = {
            "id": None,
            "tabella_id": tabelle[posto],
            "riga": riga,
            "esito": esito,
            "fuori_perimetro": fuori,
            "cup": cup,
            "oggetto": oggetto,
            "cambi": cambi,
            "rilievi": [dict(zip(("colonna", "valore", "ragione"), rilievo, strict=True)) for rilievo in rilievi],
            "originale": originale,
        }
        yield {nome: valori[nome] for nome in nomi}
