"""A document on its way in: declared, sent in pieces that may be lost or doubled, checked, and only then taken in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Utente
from enti.permessi import Permesso
from interventi.models import Intervento
from monitoraggio.documenti import contenuto, pezzi
from monitoraggio.models import CaricamentoDocumento, Documento, TipoDocumento, VersioneDocumento
from monitoraggio.models.documenti import MEGA
from monitoraggio.poteri import puo
from monitoraggio.selectors import documenti as selectors
from psttm import formati

# Somebody who starts so many uploads without ending any is not handing in documents.
MASSIMO_APERTI = 50


class DocumentoRifiutato(Exception):
    """What was asked of a document cannot be done; the message, in Italian, says why. `campo` is the field to mend."""

    def __init__(self, testo: str, campo: str = "") -> None:
        super().__init__(testo)
        self.campo = campo


class PezzoFuoriPosto(Exception):
    """The piece does not follow what has arrived: the next one must start at `ricevuti`."""

    def __init__(self, ricevuti: int) -> None:
        super().__init__(
            _("Sono arrivati %(ricevuti)s byte: il prossimo pezzo comincia da lì.") % {"ricevuti": ricevuti}
        )
        self.ricevuti = ricevuti


@dataclass(frozen=True)
class DatiDocumento:
    """What is declared of a document: the code of its kind, how it is called, its day, protocol and month."""

    tipo: str
    titolo: str = ""
    data: date | None = None
    protocollo: str = ""
    mese: date | None = None

    def in_json(self) -> dict[str, Any]:
        return {
            "tipo": self.tipo,
            "titolo": self.titolo,
            "data": self.data.isoformat() if self.data else None,
            "protocollo": self.protocollo,
            "mese": self.mese.isoformat() if self.mese else None,
        }

    @classmethod
    def da_json(cls, valori: dict[str, Any]) -> DatiDocumento:
        giorni = {nome: date.fromisoformat(valori[nome]) if valori[nome] else None for nome in ("data", "mese")}
        return cls(tipo=valori["tipo"], titolo=valori["titolo"], protocollo=valori["protocollo"], **giorni)


@transaction.atomic
def inizia_caricamento(
    *,
    intervento_id: int,
    autore: Utente,
    nome: str,
    dimensione: int,
    dati: DatiDocumento | None = None,
    documento_id: int | None = None,
    impronta: str = "",
) -> CaricamentoDocumento:
    """Declare a file that is about to arrive: a new document (`dati`), or a new version of one (`documento_id`).

    The same file declared again by the same person, told by `impronta`, is the upload already begun, or the one already
    taken in: it is continued, never doubled.

    Raises DocumentoRifiutato, Intervento.DoesNotExist, Documento.DoesNotExist.
    """
    intervento = _da_scrivere(intervento_id, autore)
    documento = None if documento_id is None else _documento(documento_id, intervento)
    if documento is not None:
        tipo, dati = documento.tipo, None
    elif dati is not None:
        tipo = tipo_di(dati)
    else:
        raise DocumentoRifiutato(_("Scegli il tipo di documento."), "tipo")
    nome = _pulito(nome)
    _controlla_file(nome, dimensione, tipo)
    if impronta and (gia := _gia_iniziato(intervento, autore, documento, nome, dimensione, impronta)) is not None:
        if gia.versione_id is None and dati is not None:
            gia.dati = dati.in_json()
            gia.save(update_fields=["dati"])
        return gia
    if CaricamentoDocumento.objects.aperti().filter(autore=autore).count() >= MASSIMO_APERTI:
        raise DocumentoRifiutato(
            _("Hai %(quanti)s caricamenti lasciati a metà: concludili o lasciali perdere, poi ricomincia.")
            % {"quanti": MASSIMO_APERTI}
        )
    return CaricamentoDocumento.objects.create(
        intervento=intervento,
        autore=autore,
        documento=documento,
        dati=dati.in_json() if dati is not None else {},
        nome=nome,
        dimensione=dimensione,
        impronta=impronta,
    )


@transaction.atomic
def aggiungi_pezzo(*, chiave: uuid.UUID, autore: Utente, inizio: int, pezzo: bytes) -> CaricamentoDocumento:
    """Add the bytes that start at `inizio`; those that have arrived already count once.

    Raises PezzoFuoriPosto when some are missing in between, DocumentoRifiutato, CaricamentoDocumento.DoesNotExist.
    """
    caricamento = _bloccato(chiave, autore)
    # Never more than is really there: what says how much arrived is the disk.
    ricevuti = min(caricamento.ricevuti, pezzi.presenti(chiave))
    if inizio < 0 or inizio + len(pezzo) > caricamento.dimensione:
        raise DocumentoRifiutato(
            _("Arriva più di quanto dichiarato: il file è cambiato. Lascia perdere questo caricamento e ricomincia."),
            "file",
        )
    if inizio > ricevuti:
        raise PezzoFuoriPosto(ricevuti)
    gia = pezzo[: ricevuti - inizio]
    if gia and pezzi.leggi(chiave, inizio, len(gia)) != gia:
        raise DocumentoRifiutato(
            _("Il file è cambiato da quando hai cominciato: lascia perdere questo caricamento e ricomincia."), "file"
        )
    if nuovi := pezzo[len(gia) :]:
        pezzi.scrivi(chiave, ricevuti, nuovi)
        ricevuti += len(nuovi)
    caricamento.ricevuti, caricamento.aggiornato_il = ricevuti, timezone.now()
    caricamento.save(update_fields=["ricevuti", "aggiornato_il"])
    return caricamento


@transaction.atomic
def annulla_caricamento(*, chiave: uuid.UUID, autore: Utente) -> CaricamentoDocumento:
    """Give up an upload and throw its bytes away. Raises DocumentoRifiutato, CaricamentoDocumento.DoesNotExist."""
    caricamento = _bloccato(chiave, autore)
    caricamento.errore = _("Lasciato perdere da chi lo aveva iniziato.")
    caricamento.save(update_fields=["errore"])
    transaction.on_commit(lambda: pezzi.cancella(chiave))
    return caricamento


# --- Who and what --------------------------------------------------------------------------------------------------


def _da_scrivere(intervento_id: int, autore: Utente) -> Intervento:
    """The intervento, locked, so that the same file declared twice at once is found by the second."""
    intervento = selectors.interventi(autore).select_for_update(of=("self",)).get(pk=intervento_id)
    if not puo(autore, Permesso.COMPILARE_AVANZAMENTI, intervento):
        raise DocumentoRifiutato(_("Il tuo ruolo non permette di caricare documenti di questo intervento."))
    return intervento


def _documento(documento_id: int, intervento: Intervento) -> Documento:
    documento = Documento.objects.select_related("tipo").get(pk=documento_id, intervento=intervento)
    if documento.eliminato_il is not None:
        raise DocumentoRifiutato(
            _("Il documento è stato eliminato il %(quando)s: non riceve nuove versioni.")
            % {"quando": formati.data_ora(documento.eliminato_il)}
        )
    return documento


def mio(chiave: uuid.UUID, autore: Utente) -> CaricamentoDocumento:
    caricamento = selectors.caricamento(autore, chiave)
    if not puo(autore, Permesso.COMPILARE_AVANZAMENTI, caricamento.intervento):
        raise DocumentoRifiutato(_("Il tuo ruolo non permette di caricare documenti di questo intervento."))
    return caricamento


def _bloccato(chiave: uuid.UUID, autore: Utente) -> CaricamentoDocumento:
    """One's own upload, locked and still open."""
    caricamento = CaricamentoDocumento.objects.select_for_update().get(pk=mio(chiave, autore).pk)
    if caricamento.versione_id is not None:
        raise DocumentoRifiutato(_("Il documento è già stato accettato: non c'è altro da caricare."))
    ancora_aperto(caricamento)
    return caricamento


def ancora_aperto(caricamento: CaricamentoDocumento) -> None:
    if caricamento.errore:
        raise DocumentoRifiutato(caricamento.errore, "file")


def _gia_iniziato(
    intervento: Intervento,
    autore: Utente,
    documento: Documento | None,
    nome: str,
    dimensione: int,
    impronta: str,
) -> CaricamentoDocumento | None:
    """The upload of the same file to the same place: still open, or taken in and still the last version there."""
    stesso = CaricamentoDocumento.objects.filter(intervento=intervento, autore=autore, documento=documento, errore="")
    stesso = stesso.filter(nome=nome, dimensione=dimensione, impronta=impronta)
    for caricamento in stesso.select_related("versione__documento"):
        versione = caricamento.versione
        if versione is None:
            return caricamento
        successive = VersioneDocumento.objects.filter(documento=versione.documento_id, numero__gt=versione.numero)
        if versione.documento.eliminato_il is None and not successive.exists():
            return caricamento
    return None


def tipo_di(dati: DatiDocumento) -> TipoDocumento:
    if dati.data is not None and dati.data > timezone.localdate():
        raise DocumentoRifiutato(
            _("La data del documento (%(data)s) è nel futuro: controllala.") % {"data": formati.data_breve(dati.data)},
            "data",
        )
    try:
        return TipoDocumento.objects.get(codice=dati.tipo)
    except TipoDocumento.DoesNotExist:
        raise DocumentoRifiutato(_("Scegli il tipo di documento."), "tipo") from None


def _pulito(nome: str) -> str:
    """The name alone, without folders and without what cannot be seen; its end is kept if it must be cut."""
    nome = "".join(lettera for lettera in nome.replace("\\", "/").rpartition("/")[2] if lettera.isprintable()).strip()
    return nome[-255:]


def _controlla_file(nome: str, dimensione: int, tipo: TipoDocumento) -> None:
    if contenuto.estensione(nome) not in tipo.estensioni:
        raise DocumentoRifiutato(
            _("«%(nome)s» non si può caricare come «%(tipo)s»: i file ammessi sono %(ammessi)s.")
            % {"nome": nome, "tipo": tipo.nome, "ammessi": ", ".join(tipo.estensioni)},
            "file",
        )
    if dimensione <= 0:
        raise DocumentoRifiutato(
            _("«%(nome)s» è vuoto (0 byte): salvalo di nuovo e ricaricalo.") % {"nome": nome}, "file"
        )
    if dimensione > tipo.massimo_byte:
        raise DocumentoRifiutato(
            _("«%(nome)s» pesa %(mega)s MB, per «%(tipo)s» al massimo sono %(massimo)s: riducilo o dividilo.")
            % {
                "nome": nome,
                "mega": formati.numero(-(-dimensione // MEGA)),
                "tipo": tipo.nome,
                "massimo": tipo.megabyte,
            },
            "file",
        )
