"""Deleting documents by an act, and destroying the files that no norm asks for any longer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Utente
from enti.permessi import Permesso
from monitoraggio.documenti import pezzi
from monitoraggio.models import CaricamentoDocumento, Documento, VersioneDocumento
from monitoraggio.poteri import puo
from monitoraggio.services.caricamenti import DocumentoRifiutato
from psttm import formati
from registro.services import annota


@transaction.atomic
def elimina_documento(*, documento_id: int, autore: Utente, atto: str, motivo: str) -> Documento:
    """Take a document away from the lists by an act: row, act and reason stay, and the file until its term.

    Raises DocumentoRifiutato, Documento.DoesNotExist.
    """
    visti = Documento.objects.visibili_a(autore).select_for_update(of=("self",)).select_related("intervento")
    documento = visti.get(pk=documento_id)
    if not puo(autore, Permesso.ELIMINARE_DOCUMENTI, documento.intervento):
        raise DocumentoRifiutato(_("Il tuo ruolo non permette di eliminare documenti di questo intervento."))
    if documento.eliminato_il is not None:
        raise DocumentoRifiutato(
            _("Il documento è già stato eliminato il %(quando)s.")
            % {"quando": formati.data_ora(documento.eliminato_il)}
        )
    atto, motivo = atto.strip(), motivo.strip()
    if not atto:
        raise DocumentoRifiutato(_("Manca l'atto con cui si elimina: scrivi quale, con numero e data."), "atto")
    if not motivo:
        raise DocumentoRifiutato(_("Manca il motivo: scrivi perché il documento non deve più esserci."), "motivo")
    documento.eliminato_il, documento.eliminato_da = timezone.now(), autore
    documento.eliminato_atto, documento.eliminato_motivo = atto, motivo
    documento.save(update_fields=["eliminato_il", "eliminato_da", "eliminato_atto", "eliminato_motivo"])
    annota(
        documento,
        "documento eliminato",
        autore=autore,
        dopo={"atto": atto, "file_conservato_fino_al": documento.conservare_fino_al},
        nota=motivo,
    )
    return documento


@dataclass(frozen=True)
class Distruzione:
    """What was destroyed, or would be: the versions of deleted documents past their term, and the pieces of nobody."""

    versioni: list[VersioneDocumento]
    caricamenti: list[CaricamentoDocumento]
    file_di_nessuno: list[str]


def da_distruggere(*, oggi: date | None = None) -> Distruzione:
    """The files that no norm and nobody needs any longer."""
    giorno = oggi or timezone.localdate()
    versioni = VersioneDocumento.objects.filter(
        distrutta_il__isnull=True, documento__eliminato_il__isnull=False, documento__conservare_fino_al__lt=giorno
    ).select_related("documento")
    return Distruzione(list(versioni), _abbandonati(), _di_nessuno())


def _abbandonati() -> list[CaricamentoDocumento]:
    limite = timezone.now() - timedelta(days=settings.CARICAMENTI_GIORNI)
    return list(CaricamentoDocumento.objects.aperti().filter(aggiornato_il__lt=limite))


def _di_nessuno() -> list[str]:
    """Pieces of uploads that are over: left by a process that was killed between the database and the disk."""
    aperti = CaricamentoDocumento.objects.aperti().values_list("chiave", flat=True)
    return pezzi.di_nessuno({chiave.hex for chiave in aperti})


def distruggi_scaduti(*, oggi: date | None = None) -> Distruzione:
    """Destroy what `da_distruggere` finds; each document whose file is destroyed has its event."""
    distruzione = da_distruggere(oggi=oggi)
    for versione in distruzione.versioni:
        _distruggi(versione)
    abbandona_caricamenti()
    return distruzione


def abbandona_caricamenti() -> list[CaricamentoDocumento]:
    """Throw away the pieces that nobody went on with, and those of nobody; which uploads they were of."""
    for file in _di_nessuno():
        pezzi.distruggi(file)
    abbandonati = _abbandonati()
    for caricamento in abbandonati:
        _abbandona(caricamento)
    return abbandonati


@transaction.atomic
def _distruggi(versione: VersioneDocumento) -> None:
    """The file first: killed in between, the command run again finds it missing and writes the event."""
    versione.deposito.storage.delete(str(versione.deposito))
    versione.distrutta_il = timezone.now()
    versione.save(update_fields=["distrutta_il"])
    annota(
        versione.documento,
        "file distrutto",
        dopo={"versione": versione.numero, "file": versione.nome, "sha256": versione.sha256},
        nota=_("Il documento era stato eliminato e il termine di conservazione era il %(giorno)s.")
        % {"giorno": formati.data_breve(versione.documento.conservare_fino_al)},
    )


@transaction.atomic
def _abbandona(caricamento: CaricamentoDocumento) -> None:
    """Unless a piece has arrived in the meantime."""
    ancora = CaricamentoDocumento.objects.aperti().select_for_update().filter(pk=caricamento.pk)
    for trovato in ancora.filter(aggiornato_il=caricamento.aggiornato_il):
        trovato.errore = _("Lasciato a metà per %(giorni)s giorni: i pezzi arrivati non si conservano oltre.") % {
            "giorni": settings.CARICAMENTI_GIORNI
        }
        trovato.save(update_fields=["errore"])
        pezzi.cancella(trovato.chiave)
