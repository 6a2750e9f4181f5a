"""Pages for what goes wrong: what happened, what to do, and the number to quote. Scripts get the same as JSON."""

from __future__ import annotations

import sys
from collections.abc import Callable
from http import HTTPStatus

import psycopg
from botocore.exceptions import ConnectionError as DepositoAssente
from botocore.exceptions import HTTPClientError
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as CodaAssente
from redis.exceptions import RedisError

from enti import ripresa
from enti.accesso import AccessoNegato, permesso_di, problema, vuole_json
from enti.permessi import Permesso
from registro.azione import azione_corrente

ATTESA_SECONDI = 300
RIPROVA_SECONDI = 15
# What comes of a part of the plant that is away: the database, within Django or read straight, the cache, the queue,
# the bucket of the documents.
PARTE_ASSENTE = (
    OperationalError,
    InterfaceError,
    psycopg.OperationalError,
    RedisError,
    CodaAssente,
    DepositoAssente,
    HTTPClientError,
)


def _pagina(
    request: HttpRequest, stato: HTTPStatus, titolo: str, spiegazione: str, rimedio: str, *, spoglia: bool = False
) -> HttpResponse:
    """The page of an error; `spoglia` is drawn without request, so that neither database nor session can fail it."""
    if vuole_json(request):
        return problema(stato, titolo, f"{spiegazione} {rimedio}")
    contesto = {
        "stato": stato.value,
        "titolo": titolo,
        "spiegazione": spiegazione,
        "rimedio": rimedio,
        "numero": azione_corrente(),
    }
    if spoglia:
        return HttpResponse(render_to_string("errori/spoglia.html", contesto), status=stato)
    return render(request, "errori/errore.html", contesto, status=stato)


def richiesta_errata(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 when it is too big. Drawn bare: the request itself is not to be trusted.

    Django answers 400 where the session could not be saved, also when that is because the database went away.
    """
    if _manca_una_parte(exception):
        return _parte_assente(request)
    if isinstance(exception, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)):
        return _pagina(
            request,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            _("Hai inviato troppi dati in una volta"),
            _("Il modulo supera la misura che il portale accetta, perciò non è stato registrato nulla."),
            _("Torna indietro, dividi il contenuto in più invii e riprova."),
            spoglia=True,
        )
    return _pagina(
        request,
        HTTPStatus.BAD_REQUEST,
        _("Il portale non capisce questa richiesta"),
        _("L'indirizzo o i dati inviati non hanno la forma giusta."),
        _("Torna indietro e riprova; se hai copiato l'indirizzo, controlla che sia intero."),
        spoglia=True,
    )


def accesso_negato(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, AccessoNegato):
        spiegazione, rimedio = str(exception), _("Non è stato modificato nulla.")
    else:
        spiegazione = _("Il tuo accesso non permette questa operazione.")
        rimedio = _(
            "Non è stato modificato nulla. Se ti serve per il tuo lavoro, chiedilo all'amministratore del portale."
        )
    return _pagina(request, HTTPStatus.FORBIDDEN, _("Non puoi aprire questa pagina"), spiegazione, rimedio)


def pagina_inesistente(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _pagina(
        request,
        HTTPStatus.NOT_FOUND,
        _("Questa pagina non c'è"),
        _("A questo indirizzo non c'è nulla, oppure quello che c'era è stato tolto."),
        _("Controlla l'indirizzo, oppure parti dalla pagina iniziale."),
    )


def errore_interno(request: HttpRequest) -> HttpResponse:
    if isinstance(sys.exception(), PARTE_ASSENTE):
        return _parte_assente(request)
    return _pagina(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("Qualcosa non ha funzionato"),
        _("Il portale non è riuscito a rispondere. Il guasto è stato annotato con il numero scritto qui sotto."),
        _("Riprova fra qualche minuto. Se succede ancora, dai quel numero a chi assiste il portale."),
        spoglia=True,
    )


def _manca_una_parte(errore: BaseException | None) -> bool:
    """Whether a part that is away is behind it, however far."""
    while errore is not None:
        if isinstance(errore, PARTE_ASSENTE):
            return True
        errore = errore.__context__
    return False


def _parte_assente(request: HttpRequest) -> HttpResponse:
    """The database or the cache does not answer: nothing is wrong with the request, which may be made again."""
    risposta = _pagina(
        request,
        HTTPStatus.SERVICE_UNAVAILABLE,
        _("Il portale è fermo per un momento"),
        _("Una parte di cui il portale ha bisogno adesso non risponde: di solito torna entro un minuto."),
        _("Riprova fra poco. Se stavi inviando qualcosa, prima guarda se c'è già: può essere arrivato lo stesso."),
        spoglia=True,
    )
    risposta["Retry-After"] = str(RIPROVA_SECONDI)
    return risposta


def troppe_richieste(request: HttpRequest) -> HttpResponse:
    risposta = _pagina(
        request,
        HTTPStatus.TOO_MANY_REQUESTS,
        _("Troppi tentativi"),
        _("Da qui sono arrivati troppi tentativi in poco tempo, perciò per un po' il portale non ne accetta altri."),
        _("Aspetta cinque minuti e riprova. Se non ricordi la password, dopo l'attesa puoi sceglierne una nuova."),
    )
    risposta["Retry-After"] = str(ATTESA_SECONDI)
    return risposta


def richiesta_non_verificata(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF failure. From our own pages it is only an old page (somebody signed in again meanwhile in another tab):
    what was typed is kept and offered again. From anywhere else it is refused."""
    rotta = request.resolver_match
    permesso = permesso_di(rotta) if rotta else None
    if permesso not in {None, Permesso.PUBBLICO, Permesso.CONTO} and _dalle_nostre_pagine(request):
        indirizzo = ripresa.conserva(request, _("La pagina era aperta da prima del tuo ultimo accesso"))
        return redirect(indirizzo) if request.user.is_authenticated else redirect_to_login(indirizzo)
    return _pagina(
        request,
        HTTPStatus.FORBIDDEN,
        _("La pagina era vecchia"),
        _("Il portale non ha potuto verificare che la richiesta venisse da te, perciò non è stato registrato nulla."),
        _("Torna indietro, ricarica la pagina e riprova. Il browser deve accettare i cookie di questo sito."),
    )


def _dalle_nostre_pagine(request: HttpRequest) -> bool:
    """Whether the browser says that the form was on a page of this site; it says so on every POST."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}" or (
        request.headers.get("Sec-Fetch-Site") == "same-origin"
    )


class MetodoNonAmmessoMiddleware:
    """Gives a page to the 405, which Django answers with an empty body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        risposta = self.get_response(request)
        if not isinstance(risposta, HttpResponseNotAllowed) or risposta.content:
            return risposta
        pagina = _pagina(
            request,
            HTTPStatus.METHOD_NOT_ALLOWED,
            _("Questa pagina non si apre così"),
            _("L'indirizzo accetta solo l'invio di un modulo, oppure solo la lettura."),
            _("Torna alla pagina da cui venivi e usa il suo pulsante."),
        )
        pagina["Allow"] = risposta["Allow"]
        return pagina
