"""Every error of the API as RFC 9457 problem details, in Italian: what, where, how to mend it."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions

from enti.accesso import problema
from interoperabilita.elenco.domanda import ParametriErrati, TroppoVecchio
from interoperabilita.formati.xlsx import TroppeRighe
from interoperabilita.posti import PostiOccupati
from registro.azione import azione_corrente

logger = logging.getLogger(__name__)
RIPROVA_SECONDI = 30


class Rifiuto(Exception):
    """A request that cannot be met: status, title, words, and the errors by place where there are any."""

    def __init__(
        self, stato: HTTPStatus, titolo: str, dettaglio: str, errori: list[dict[str, str]] | None = None
    ) -> None:
        super().__init__(dettaglio)
        self.stato, self.titolo, self.dettaglio, self.errori = stato, titolo, dettaglio, errori


def in_problema(errore: Exception, contesto: dict[str, Any]) -> HttpResponse:
    """The answer to an exception of a view: DRF's EXCEPTION_HANDLER."""
    match errore:
        case Rifiuto():
            return problema(errore.stato, errore.titolo, errore.dettaglio, errore.errori)
        case ParametriErrati():
            voci = [{"campo": nome, "messaggio": testo} for nome, testi in errore.errori.items() for testo in testi]
            return problema(
                HTTPStatus.BAD_REQUEST if errore.malformati else HTTPStatus.UNPROCESSABLE_ENTITY,
                _("Parametri da correggere"),
                " ".join(f"{voce['campo']}: {voce['messaggio']}" for voce in voci),
                voci,
            )
        case TroppoVecchio():
            return problema(
                HTTPStatus.GONE,
                _("Serve uno scarico intero"),
                _("I cambiamenti da quell'istante non si ricordano più: scarica di nuovo tutto, senza modificati_dal."),
            )
        case PostiOccupati():
            risposta = problema(
                HTTPStatus.SERVICE_UNAVAILABLE,
                _("Troppi scarichi insieme"),
                _("Altri stanno scaricando: riprova fra %(fra)s secondi.") % {"fra": errore.fra},
            )
            risposta["Retry-After"] = str(errore.fra)
            return risposta
        case TroppeRighe():
            return problema(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                _("Troppe righe per un foglio"),
                _("Un foglio di calcolo ne contiene 1.048.575: aggiungi un filtro, oppure chiedi CSV o NDJSON."),
            )
        case Http404():
            return problema(
                HTTPStatus.NOT_FOUND, _("Non c'è"), _("A questo indirizzo non c'è nulla che tu possa leggere.")
            )
        case PermissionDenied() | exceptions.PermissionDenied():
            return problema(
                HTTPStatus.FORBIDDEN, _("Non permesso"), _("Il tuo accesso non permette questa operazione.")
            )
        case exceptions.MethodNotAllowed():
            risposta = problema(
                HTTPStatus.METHOD_NOT_ALLOWED,
                _("Metodo non ammesso"),
                _("Qui si può usare: %(metodi)s.") % {"metodi": ", ".join(_ammessi(contesto))},
            )
            risposta["Allow"] = ", ".join(_ammessi(contesto))
            return risposta
        case exceptions.NotAcceptable():
            formati = ", ".join(resa.media_type for resa in contesto["view"].get_renderers())
            return problema(
                HTTPStatus.NOT_ACCEPTABLE,
                _("Formato non disponibile"),
                _("Nell'intestazione Accept serve uno di questi formati: %(formati)s.") % {"formati": formati},
            )
        case exceptions.UnsupportedMediaType():
            return problema(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                _("Tipo di contenuto non accettato"),
                _("Il corpo deve essere JSON, con Content-Type: application/json."),
            )
        case exceptions.ParseError():
            return problema(
                HTTPStatus.BAD_REQUEST,
                _("JSON non valido"),
                _("Il corpo non è JSON ben formato: %(errore)s") % {"errore": str(errore.detail)[:200]},
            )
        case RequestDataTooBig():
            return problema(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                _("Troppi dati in una volta"),
                _("Il corpo può essere al massimo di %(massimo)s byte.")
                % {"massimo": settings.DATA_UPLOAD_MAX_MEMORY_SIZE},
            )
        case SuspiciousOperation():
            return problema(
                HTTPStatus.BAD_REQUEST,
                _("Richiesta non valida"),
                _("L'indirizzo o i dati inviati non hanno la forma giusta."),
            )
        case OperationalError() | InterfaceError():
            # The database is away, or somebody holds what is needed: what was written is all undone.
            logger.error("La base dati non risponde all'API", exc_info=errore)
            risposta = problema(
                HTTPStatus.SERVICE_UNAVAILABLE,
                _("Servizio non disponibile"),
                _("La base dati adesso non risponde: riprova fra %(secondi)s secondi.") % {"secondi": RIPROVA_SECONDI},
            )
            risposta["Retry-After"] = str(RIPROVA_SECONDI)
            return risposta
    logger.error("Errore dell'API", exc_info=errore)
    return problema(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("Qualcosa non ha funzionato"),
        _("Il guasto è stato annotato: se succede ancora, segnala il numero %(numero)s.")
        % {"numero": azione_corrente()},
    )


def _ammessi(contesto: dict[str, Any]) -> list[str]:
    metodi: list[str] = contesto["view"].allowed_methods
    return metodi
