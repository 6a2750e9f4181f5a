"""What the writes of the API have in common: the body, the refusals, the Idempotency-Key."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions

from interoperabilita.accesso import chiave_di
from interoperabilita.api.base import Vista
from interoperabilita.api.errori import Rifiuto, in_problema
from interoperabilita.formati import valori
from interoperabilita.risorse.tipi import Campo
from interoperabilita.schema.operazioni import Parametro
from interoperabilita.scrittura.corpo import CorpoErrato, Errore, JsonErrato, interpreta, leggi
from interoperabilita.services import idempotenza
from interoperabilita.services.idempotenza import GiaUsata, Risposta
from interoperabilita.services.scrittura import NonAdesso, NonInviabile, NonSpetta
from monitoraggio.flusso import TransizioneNonPermessa
from monitoraggio.services.bozze import BozzaRifiutata, NonTrovato

BYTE_AL_MASSIMO = 2_000_000
TIPO = "application/json"
IDEMPOTENCY_KEY = Parametro(
    "Idempotency-Key",
    "Un nome scelto da chi chiama, nuovo per ogni richiesta nuova (per esempio un UUID): la stessa richiesta ripetuta "
    "con lo stesso nome, per esempio dopo una connessione caduta, non si fa due volte e ha la stessa risposta.",
    "0f8fad5b-d9cb-469f-a165-70867728950e",
    forma=r"[\x21-\x7E]{1,100}",
    lunghezza=100,
)
# What is kept of an answer besides its body.
CONSERVATE = ("Content-Type", "Location")


class Scrive(Vista):
    """A view that writes: JSON in, JSON out, with a key."""

    def corpo(self, campi: Sequence[Campo]) -> dict[str, Any]:
        """The body, read to the letter."""
        tipo, _punto, _altro = self.richiesta.headers.get("Content-Type", "").partition(";")
        if tipo.strip().lower() != TIPO:
            raise exceptions.UnsupportedMediaType(tipo)
        try:
            byte = self.richiesta.body
        except RequestDataTooBig:
            raise _troppo_grande() from None
        if len(byte) > BYTE_AL_MASSIMO:
            raise _troppo_grande()
        try:
            letto = interpreta(byte)
        except JsonErrato as errore:
            raise exceptions.ParseError(str(errore)) from None
        with rifiuti():
            return leggi(campi, letto)

    def rispondi(self, gesto: Callable[[], HttpResponse]) -> HttpResponse:
        """The answer of a write; where there is an Idempotency-Key, the one it had the first time."""
        valore = self.richiesta.headers.get(IDEMPOTENCY_KEY.nome)
        if valore is None:
            return gesto()
        if not re.fullmatch(IDEMPOTENCY_KEY.forma, valore):
            testo = _("Serve un testo da 1 a 100 caratteri ASCII, senza spazi.")
            errori = [{"campo": IDEMPOTENCY_KEY.nome, "messaggio": testo}]
            raise Rifiuto(HTTPStatus.BAD_REQUEST, _("Idempotency-Key da correggere"), testo, errori)
        chiave = chiave_di(self.richiesta)
        assert chiave is not None  # noqa: S101 the door lets nobody write without one
        try:
            risposta = idempotenza.una_volta(
                chiave=chiave, valore=valore, impronta=self._impronta(), esegui=lambda: self._conserva(gesto)
            )
        except GiaUsata:
            raise Rifiuto(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                _("Idempotency-Key già usata"),
                _("Con questa Idempotency-Key è già arrivata una richiesta diversa: scegline una nuova."),
                [{"campo": IDEMPOTENCY_KEY.nome, "messaggio": _("È di un'altra richiesta.")}],
            ) from None
        intestazioni = dict(risposta.intestazioni)
        tipo = intestazioni.pop("Content-Type", TIPO)
        return HttpResponse(risposta.corpo, status=risposta.stato, content_type=tipo, headers=intestazioni)

    def _conserva(self, gesto: Callable[[], HttpResponse]) -> Risposta:
        """A refusal undoes what was done, and is an answer like any other; a failure is not, and may be tried again."""
        try:
            with transaction.atomic():
                risposta = gesto()
        except Rifiuto as rifiuto:
            risposta = in_problema(rifiuto, {"view": self})
        return Risposta(
            risposta.status_code,
            risposta.content.decode(),
            {nome: risposta.headers[nome] for nome in CONSERVATE if nome in risposta.headers},
        )

    def _impronta(self) -> str:
        """SHA-256 of method, address and body."""
        richiesta = self.richiesta
        testa = f"{richiesta.method} {richiesta.path}\n".encode()
        return hashlib.sha256(testa + richiesta.body).hexdigest()


def _troppo_grande() -> Rifiuto:
    return Rifiuto(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        _("Corpo troppo grande"),
        _("Il corpo può avere al massimo %(byte)s byte.") % {"byte": BYTE_AL_MASSIMO},
    )


def in_json(dati: Any, stato: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    return HttpResponse(valori.json(dati), status=stato, content_type=TIPO)


@contextmanager
def rifiuti() -> Iterator[None]:
    """What the services refuse, as answers."""
    try:
        yield
    except CorpoErrato as errore:
        raise Rifiuto(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            _("Dati da correggere"),
            _("Non è stato scritto nulla. Da correggere: %(quanti)s.") % {"quanti": len(errore.errori)},
            _detti(errore.errori),
        ) from None
    except NonSpetta:
        raise Rifiuto(
            HTTPStatus.FORBIDDEN,
            _("Non permesso"),
            _("Gli avanzamenti di questo intervento li scrive e li invia il suo soggetto attuatore."),
        ) from None
    except NonAdesso as rifiuto:
        raise Rifiuto(HTTPStatus.CONFLICT, _("Adesso non si può"), str(rifiuto), _detti(rifiuto.errori)) from None
    except TransizioneNonPermessa as rifiuto:
        raise Rifiuto(HTTPStatus.CONFLICT, _("Adesso non si può"), str(rifiuto)) from None
    except NonInviabile as fermo:
        raise Rifiuto(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            _("Non si può ancora inviare"),
            _("Restano %(quanti)s rilievi da risolvere o da spiegare; non è stato scritto nulla.")
            % {"quanti": len(fermo.errori)},
            _detti(fermo.errori),
        ) from None
    except BozzaRifiutata as rifiuto:
        raise Rifiuto(HTTPStatus.UNPROCESSABLE_ENTITY, _("Dati da correggere"), str(rifiuto)) from None
    except NonTrovato as assente:
        raise Rifiuto(HTTPStatus.NOT_FOUND, _("Non c'è"), str(assente)) from None


def _detti(errori: Sequence[Errore]) -> list[dict[str, str]]:
    return [{"campo": errore.dove, "messaggio": errore.testo} for errore in errori]
