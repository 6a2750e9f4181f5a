"""The monthly workbook: make it, take it back, have it written or put it aside."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path, PurePath
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Utente
from monitoraggio import mesi
from monitoraggio.documenti import antivirus
from monitoraggio.documenti.tipi import AntivirusAssente, FileInfetto
from monitoraggio.foglio.contenuto import componi
from monitoraggio.foglio.lavori import APPLICA, PROVA
from monitoraggio.foglio.lettura import massimo_byte, verifica
from monitoraggio.foglio.scrittura import scrivi
from monitoraggio.foglio.tipi import FoglioRifiutato
from monitoraggio.models import FoglioCaricato
from monitoraggio.models.fogli import StatoFoglio
from monitoraggio.selectors import foglio as selectors
from monitoraggio.selectors.foglio import Scelta
from psttm import formati
from registro import lavori
from registro.services import annota

PEZZO = 1 << 20


def prepara(*, scelta: Scelta, autore: Utente) -> bytes:
    """The workbook of a month, for the interventi that this person fills in. Raises FoglioRifiutato.

    Nothing is written, not even the drafts that are not open yet: their values are those they would be born with, and
    they are opened only if the workbook comes back with something for them.
    """
    if mesi.primo(scelta.mese) > timezone.localdate():
        raise FoglioRifiutato(_("%(mese)s non è ancora cominciato.") % {"mese": formati.mese(scelta.mese).capitalize()})
    interventi = selectors.da_compilare(autore, scelta)
    quanti = interventi.count()
    if not quanti:
        raise FoglioRifiutato(_("Non c'è nessun intervento da compilare per questo mese, con questa scelta."))
    if quanti > settings.FOGLIO_INTERVENTI:
        raise FoglioRifiutato(
            _("Gli interventi sono %(quanti)s, un foglio ne tiene %(massimo)s: scegli un piano o un ente.")
            % {"quanti": formati.numero(quanti), "massimo": formati.numero(settings.FOGLIO_INTERVENTI)}
        )
    return scrivi(componi(scelta.mese, selectors.pratiche(interventi, scelta.mese), timezone.now()))


def carica(*, nome: str, file: File[bytes], mese: date, autore: Utente) -> FoglioCaricato:
    """Take a workbook in and have it rehearsed by a job. Raises FoglioRifiutato."""
    breve = PurePath(nome.replace("\\", "/")).name[-255:]
    if (file.size or 0) > massimo_byte():
        raise FoglioRifiutato(
            _("«%(nome)s» è più grande di %(massimo)s MB: dividilo per piano o per ente.")
            % {"nome": breve, "massimo": settings.FOGLIO_MEGABYTE}
        )
    if not file.size:
        raise FoglioRifiutato(_("«%(nome)s» è vuoto: salvalo di nuovo e ricaricalo.") % {"nome": breve})
    file.open()
    verifica(cast(BinaryIO, file), breve)
    impronta = _esamina(file)
    with transaction.atomic():
        foglio = FoglioCaricato.objects.create(
            mese=mesi.primo(mese),
            autore=autore,
            nome=breve,
            deposito=File(file, name=breve),
            dimensione=file.size,
            sha256=impronta,
        )
        annota(foglio, "foglio caricato", autore=autore, dopo={"mese": foglio.mese, "file": breve, "sha256": impronta})
        _accoda(foglio, PROVA)
    return foglio


@transaction.atomic
def conferma(*, foglio_id: int, autore: Utente) -> FoglioCaricato:
    """Have a workbook written in the drafts. Raises FoglioRifiutato, FoglioCaricato.DoesNotExist."""
    foglio = _mio(foglio_id, autore)
    _esige(foglio, StatoFoglio.DA_CONFERMARE)
    if not foglio.interventi.filter(cambi__gt=0).exists():
        raise FoglioRifiutato(_("In questo foglio non c'è nulla da scrivere nelle bozze."))
    foglio.stato = StatoFoglio.IN_APPLICAZIONE
    _accoda(foglio, APPLICA)
    annota(foglio, "foglio confermato", autore=autore, dopo={"mese": foglio.mese, "file": foglio.nome})
    return foglio


@transaction.atomic
def scarta(*, foglio_id: int, autore: Utente) -> FoglioCaricato:
    """Put a workbook aside; its files are thrown away. Raises FoglioRifiutato, FoglioCaricato.DoesNotExist."""
    foglio = _mio(foglio_id, autore)
    _esige(foglio, StatoFoglio.IN_PROVA, StatoFoglio.DA_CONFERMARE, StatoFoglio.RESPINTO)
    if foglio.lavoro is not None and foglio.lavoro.aperto:
        lavori.annulla(lavoro_id=foglio.lavoro.pk, autore=autore)
    foglio.stato = StatoFoglio.SCARTATO
    foglio.save(update_fields=["stato"])
    annota(foglio, "foglio scartato", autore=autore, dopo={"mese": foglio.mese, "file": foglio.nome})
    transaction.on_commit(lambda: _togli_file(foglio))
    return foglio


@transaction.atomic
def riprova(*, foglio_id: int, autore: Utente) -> FoglioCaricato:
    """Start again the job of a workbook that was interrupted. Raises FoglioRifiutato, FoglioCaricato.DoesNotExist."""
    foglio = _mio(foglio_id, autore)
    _esige(foglio, StatoFoglio.IN_PROVA, StatoFoglio.IN_APPLICAZIONE)
    if foglio.lavoro is not None and foglio.lavoro.aperto:
        raise FoglioRifiutato(_("C'è già un lavoro in corso su questo foglio: aspetta che finisca."))
    _accoda(foglio, PROVA if foglio.stato == StatoFoglio.IN_PROVA else APPLICA)
    return foglio


def elimina_vecchi(*, adesso: datetime) -> int:
    """Throw away the files of workbooks older than FOGLIO_GIORNI; what they changed is in the drafts and stays told."""
    vecchi = list(FoglioCaricato.objects.con_file_da(adesso - timedelta(days=settings.FOGLIO_GIORNI)))
    for foglio in vecchi:
        _togli_file(foglio)
        FoglioCaricato.objects.filter(pk=foglio.pk, stato=StatoFoglio.DA_CONFERMARE).update(stato=StatoFoglio.SCARTATO)
    return len(vecchi)


# --- Helpers --------------------------------------------------------------------------------------------------------


def _esamina(file: File[bytes]) -> str:
    """The fingerprint of the file, which an antivirus has looked at where there is one. Raises FoglioRifiutato."""
    calcolo = hashlib.sha256()
    with tempfile.NamedTemporaryFile(prefix="foglio-") as copia:
        file.seek(0)
        while pezzo := file.read(PEZZO):
            calcolo.update(pezzo)
            copia.write(pezzo)
        copia.flush()
        file.seek(0)
        try:
            antivirus.esamina(Path(copia.name))
        except (FileInfetto, AntivirusAssente) as errore:
            raise FoglioRifiutato(str(errore)) from errore
    return calcolo.hexdigest()


def _mio(foglio_id: int, autore: Utente) -> FoglioCaricato:
    return FoglioCaricato.objects.select_for_update(of=("self",)).di(autore).select_related("lavoro").get(pk=foglio_id)


def _esige(foglio: FoglioCaricato, *stati: StatoFoglio) -> None:
    if foglio.stato not in stati:
        raise FoglioRifiutato(
            _("Il foglio n. %(numero)s è %(stato)s: questa operazione non si può fare.")
            % {"numero": foglio.pk, "stato": foglio.get_stato_display()}
        )


def _accoda(foglio: FoglioCaricato, tipo: str) -> None:
    foglio.lavoro = lavori.accoda(
        tipo=tipo, parametri={"foglio_id": foglio.pk}, chiave=str(foglio.pk), autore=foglio.autore
    )
    foglio.save(update_fields=["lavoro", "stato"])


def _togli_file(foglio: FoglioCaricato) -> None:
    for file in (foglio.deposito, foglio.restituito):
        if file:
            file.storage.delete(file.name or "")
    FoglioCaricato.objects.filter(pk=foglio.pk).update(deposito="", restituito="")
