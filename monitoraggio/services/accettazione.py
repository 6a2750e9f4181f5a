"""Taking a document in: its bytes are checked, copied to where they stay, and only then is there a version of it."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Utente
from interventi.models import Intervento
from monitoraggio.documenti import antivirus, contenuto, pezzi
from monitoraggio.documenti.tipi import FileInfetto, FileRifiutato
from monitoraggio.models import CaricamentoDocumento, Documento, TipoDocumento, VersioneDocumento
from monitoraggio.models.documenti import percorso_casuale
from monitoraggio.scelte import EsitoAntivirus
from monitoraggio.services.caricamenti import (
    DatiDocumento,
    DocumentoRifiutato,
    PezzoFuoriPosto,
    aggiungi_pezzo,
    ancora_aperto,
    inizia_caricamento,
    mio,
    tipo_di,
)
from psttm import formati
from registro.services import annota

PEZZO = 1 << 22


def concludi(*, chiave: uuid.UUID, autore: Utente, sha256: str = "") -> VersioneDocumento:
    """Check the file and take it in; asked again, it answers the same version.

    What is refused is recorded, its bytes are thrown away. Raises PezzoFuoriPosto when some are missing,
    DocumentoRifiutato, AntivirusAssente (nothing is lost: ask again), CaricamentoDocumento.DoesNotExist.
    """
    caricamento = mio(chiave, autore)
    if caricamento.versione is not None:
        return caricamento.versione
    ancora_aperto(caricamento)
    try:
        return _esamina_e_accogli(caricamento, autore, sha256)
    except (FileRifiutato, FileNotFoundError, PezzoFuoriPosto) as errore:
        # Somebody else may have ended it in the meantime, and thrown the pieces away: theirs is the one.
        if (accolta := mio(chiave, autore).versione) is not None:
            return accolta
        if isinstance(errore, FileRifiutato):
            _rifiuta(caricamento, autore, errore)
            raise DocumentoRifiutato(str(errore), "file") from errore
        raise PezzoFuoriPosto(min(caricamento.ricevuti, pezzi.presenti(chiave))) from errore


def _esamina_e_accogli(caricamento: CaricamentoDocumento, autore: Utente, sha256: str) -> VersioneDocumento:
    chiave = caricamento.chiave
    ricevuti = min(caricamento.ricevuti, pezzi.presenti(chiave))
    if ricevuti != caricamento.dimensione:
        raise PezzoFuoriPosto(ricevuti)
    # Outside the transaction: these take seconds, and a whole file no longer changes.
    with pezzi.intero(chiave, caricamento.dimensione) as intero, intero.open("rb") as file:
        esame = _esamina(caricamento, intero, sha256)
        deposito = default_storage.save(percorso_casuale(None, ""), File(file))
    tenuto = ""
    try:
        versione = _accogli(chiave, autore, deposito, esame)
        tenuto = versione.deposito.name or ""
    finally:
        if tenuto != deposito:
            default_storage.delete(deposito)
    return versione


def carica_intero(
    *,
    intervento_id: int,
    autore: Utente,
    file: File[bytes],
    dati: DatiDocumento | None = None,
    documento_id: int | None = None,
) -> VersioneDocumento:
    """Take in a file that has arrived whole, as a plain form sends it: the same way, in one go.

    Raises DocumentoRifiutato, AntivirusAssente (the file stays among the open uploads), Intervento.DoesNotExist,
    Documento.DoesNotExist.
    """
    caricamento = inizia_caricamento(
        intervento_id=intervento_id,
        autore=autore,
        nome=file.name or "",
        dimensione=file.size,
        dati=dati,
        documento_id=documento_id,
    )
    inizio = 0
    for pezzo in file.chunks(PEZZO):
        aggiungi_pezzo(chiave=caricamento.chiave, autore=autore, inizio=inizio, pezzo=pezzo)
        inizio += len(pezzo)
    return concludi(chiave=caricamento.chiave, autore=autore)


@dataclass(frozen=True)
class _Esame:
    """What the checks of a file found."""

    sha256: str
    tipo_contenuto: str
    antivirus: EsitoAntivirus


def _esamina(caricamento: CaricamentoDocumento, file: Path, dichiarato: str) -> _Esame:
    """Raises FileRifiutato, AntivirusAssente."""
    sha256 = _sha256(file)
    if dichiarato and dichiarato.lower() != sha256:
        raise FileRifiutato(
            _("Il file arrivato non è uguale a quello sul tuo computer (l'impronta SHA-256 è diversa): ricaricalo.")
        )
    _nessun_doppione(caricamento, sha256)
    tipo_contenuto = contenuto.controlla(file, caricamento.nome)
    return _Esame(sha256, tipo_contenuto, antivirus.esamina(file))


def _sha256(file: Path) -> str:
    with file.open("rb") as byte:
        return hashlib.file_digest(byte, "sha256").hexdigest()


def _nessun_doppione(caricamento: CaricamentoDocumento, sha256: str) -> None:
    """The same bytes are not kept twice in an intervento, nor as two versions of a document one after the other."""
    uguali = VersioneDocumento.objects.filter(sha256=sha256, documento__eliminato_il__isnull=True)
    if caricamento.documento is not None:
        ultima = caricamento.documento.versioni.order_by("-numero").first()
        if ultima is not None and ultima.sha256 == sha256:
            raise FileRifiutato(
                _("Questo file è identico alla versione %(numero)s: non c'è niente di nuovo da caricare.")
                % {"numero": ultima.numero}
            )
        return
    uguale = uguali.filter(documento__intervento=caricamento.intervento).select_related("documento").first()
    if uguale is not None:
        raise FileRifiutato(
            _("Questo file c'è già: è «%(titolo)s», caricato il %(quando)s. Usa quello, senza caricarlo di nuovo.")
            % {"titolo": uguale.documento.titolo, "quando": formati.data_ora(uguale.caricata_il)}
        )


@transaction.atomic
def _accogli(chiave: uuid.UUID, autore: Utente, deposito: str, esame: _Esame) -> VersioneDocumento:
    """The version, once for all: who comes second gets the one that is there. Raises FileRifiutato."""
    caricamento = CaricamentoDocumento.objects.select_for_update().get(chiave=chiave, autore=autore)
    if caricamento.versione is not None:
        return caricamento.versione
    ancora_aperto(caricamento)
    # Two files with the same bytes that end together: the second waits here, and finds the first.
    Intervento.objects.select_for_update(of=("self",)).get(pk=caricamento.intervento_id)
    _nessun_doppione(caricamento, esame.sha256)
    documento = _documento_di(caricamento, autore)
    versione = VersioneDocumento.objects.create(
        documento=documento,
        numero=documento.versioni.count() + 1,
        nome=caricamento.nome,
        deposito=deposito,
        dimensione=caricamento.dimensione,
        sha256=esame.sha256,
        tipo_contenuto=esame.tipo_contenuto,
        antivirus=esame.antivirus,
        caricata_da=autore,
    )
    caricamento.versione = versione
    caricamento.save(update_fields=["versione"])
    annota(
        documento,
        "documento caricato" if versione.numero == 1 else "nuova versione caricata",
        autore=autore,
        dopo={
            "versione": versione.numero,
            "file": versione.nome,
            "byte": versione.dimensione,
            "sha256": versione.sha256,
            "antivirus": str(versione.get_antivirus_display()),
        },
    )
    transaction.on_commit(lambda: pezzi.cancella(chiave))
    return versione


def _documento_di(caricamento: CaricamentoDocumento, autore: Utente) -> Documento:
    """The document that the file is of: that of the upload, locked, or a new one."""
    oggi = timezone.localdate()
    if caricamento.documento_id is not None:
        documento = Documento.objects.select_for_update().get(pk=caricamento.documento_id)
        tipo = TipoDocumento.objects.get(pk=documento.tipo_id)
        if documento.eliminato_il is not None:
            raise DocumentoRifiutato(_("Intanto il documento è stato eliminato: non riceve nuove versioni."))
        documento.conservare_fino_al = max(documento.conservare_fino_al, tipo.da_conservare(oggi))
        documento.save(update_fields=["conservare_fino_al"])
        return documento
    dati = DatiDocumento.da_json(caricamento.dati)
    tipo = tipo_di(dati)
    return Documento.objects.create(
        intervento_id=caricamento.intervento_id,
        mese=dati.mese,
        tipo=tipo,
        titolo=dati.titolo or _titolo(caricamento.nome),
        data=dati.data,
        protocollo=dati.protocollo,
        creato_da=autore,
        conservare_fino_al=tipo.da_conservare(oggi),
    )


def _titolo(nome: str) -> str:
    """A name to call a document by, where none was given: that of its file, without what ends it."""
    return nome.removesuffix(".p7m").removesuffix(".P7M").rpartition(".")[0][:200] or nome[:200]


@transaction.atomic
def _rifiuta(caricamento: CaricamentoDocumento, autore: Utente, rifiuto: FileRifiutato) -> None:
    """Remember what was refused and why; its bytes are not kept."""
    caricamento.errore = str(rifiuto)
    caricamento.save(update_fields=["errore"])
    infetto = isinstance(rifiuto, FileInfetto)
    annota(
        caricamento,
        "file infetto rifiutato" if infetto else "documento rifiutato",
        autore=autore,
        dopo={
            "intervento": caricamento.intervento.codice,
            "byte": caricamento.dimensione,
            **({"minaccia": rifiuto.minaccia} if isinstance(rifiuto, FileInfetto) else {}),
        },
        nota=str(rifiuto),
    )
    chiave = caricamento.chiave
    transaction.on_commit(lambda: pezzi.cancella(chiave))
