"""The door of the API: who comes with a key, how often, and what is written of it in the log.

Whom a key acts as is signed in for this one request: the rules of `enti.permessi` then hold for her as on the pages.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from time import monotonic
from typing import Any, TypeVar

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.accesso import di_api, problema, richiede
from enti.permessi import Permesso, consente
from interoperabilita import chiavi, limiti, voucher
from interoperabilita.models import AccessoApi, Ambito, ChiaveApi
from registro.azione import azione_corrente

logger = logging.getLogger(__name__)
Vista = TypeVar("Vista", bound=Callable[..., HttpResponseBase])
SICURI = frozenset({"GET", "HEAD", "OPTIONS"})
# A key, or a voucher: neither belongs in an address, but somebody will write one there.
_SEGRETI = re.compile(rf"{chiavi.INIZIO}[\w-]+|eyJ[\w-]+\.[\w-]+(\.[\w-]*)?")
SFIDA = 'Bearer realm="API del Portale PNRR"'


def richiede_chiave(
    permesso: Permesso,
    ambito: Ambito | None,
    *,
    scrive: Permesso | None = None,
    ambito_scrive: Ambito = Ambito.SCRITTURA,
) -> Callable[[Vista], Vista]:
    """Declare who may enter a view of the API, and what a key must be good for.

    `scrive` is what writing at the same address takes, besides: then the key must be good for `ambito_scrive`.
    """

    def segna(vista: Vista) -> Vista:
        vista.ambito = ambito  # type: ignore[attr-defined]
        vista.scrive = scrive  # type: ignore[attr-defined]
        vista.ambito_scrive = ambito_scrive  # type: ignore[attr-defined]
        return richiede(permesso)(vista)

    return segna


def regola_di(vista: Any, metodo: str) -> tuple[Permesso | None, Ambito | None]:
    """What a method of a view takes, as its route declares it."""
    scrive: Permesso | None = getattr(vista, "scrive", None)
    if scrive is not None and metodo not in SICURI:
        return scrive, vista.ambito_scrive
    return getattr(vista, "permesso", None), getattr(vista, "ambito", None)


def chiave_di(request: HttpRequest) -> ChiaveApi | None:
    chiave: ChiaveApi | None = getattr(request, "chiave", None)
    return chiave


class ApiMiddleware:
    """For the addresses of the API alone; it stands before `enti.accesso.AccessoMiddleware`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not di_api(request):
            return self.get_response(request)
        inizio = monotonic()
        rifiuto = self._riconosci(request)
        conto = self._conta(request)
        risposta = _troppe(conto) if conto.oltre else rifiuto or self.get_response(request)
        for nome, valore in conto.intestazioni.items():
            risposta.headers[nome] = valore
        risposta.headers.setdefault("Cache-Control", "private, no-cache")
        _annota(request, risposta, inizio)
        return risposta

    def process_view(self, request: HttpRequest, view_func: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        chiave = chiave_di(request)
        permesso, ambito = regola_di(view_func, request.method or "")
        if chiave is None:
            return None
        if permesso is not None and not consente(permesso, chiave.utente.ruoli):
            return problema(
                HTTPStatus.FORBIDDEN,
                _("Non permesso"),
                _("Chi agisce con questa chiave non ha un ruolo per %(scopo)s.") % {"scopo": permesso.label},
            )
        if ambito is None or ambito in chiave.ambiti:
            return None
        return problema(
            HTTPStatus.FORBIDDEN,
            _("La chiave non basta"),
            _("Per questo indirizzo la chiave deve avere l'ambito «%(ambito)s»: chiedilo all'amministratore.")
            % {"ambito": ambito.value},
        )

    @staticmethod
    def _riconosci(request: HttpRequest) -> HttpResponse | None:
        """Sign in whom the key acts as; an answer where it is not good."""
        scritto = request.headers.get("Authorization", "")
        if not scritto:
            return None if request.method in SICURI or not request.user.is_authenticated else _serve_una_chiave()
        tipo, _spazio, testo = scritto.partition(" ")
        if tipo.lower() != "bearer" or not testo.strip():
            return _non_valida(_("L'intestazione Authorization deve essere «Bearer» seguito dalla chiave."))
        testo = testo.strip()
        if testo.startswith(chiavi.INIZIO):
            chiave = chiavi.di_impronta(chiavi.impronta(testo))
        else:
            chiave = voucher.chiave_di(testo)
        adesso = timezone.now()
        if chiave is None:
            return _non_valida(_("La chiave non è di questo portale: controlla di averla copiata tutta."))
        request.chiave = chiave  # type: ignore[attr-defined]
        if chiave.revocata_il is not None:
            return _non_valida(_("La chiave è stata revocata: chiedine un'altra all'amministratore del portale."))
        if not chiave.valida(adesso):
            return _non_valida(_("La chiave è scaduta: chiedi all'amministratore del portale di rinnovarla."))
        if not chiave.utente.is_active:
            return _non_valida(_("L'utenza di questa chiave è stata chiusa."))
        if chiave.personale and not consente(Permesso.TOKEN_PERSONALI, chiave.utente.ruoli):
            return _non_valida(_("I token personali valgono finché si è del personale della Città metropolitana."))
        request.user = chiave.utente
        return None

    @staticmethod
    def _conta(request: HttpRequest) -> limiti.Conto:
        chiave = chiave_di(request)
        if chiave is not None:
            return limiti.conta(f"chiave:{chiave.pk}", chiave.limite_minuto)
        if request.user.is_authenticated:
            return limiti.conta(f"persona:{request.user.pk}", settings.API_LIMITE_PERSONE)
        return limiti.conta(f"ip:{origine(request)}", settings.API_LIMITE_ANONIMI)


def origine(request: HttpRequest) -> str:
    """The address of the client: psttm.proxy has put it there."""
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


# --- Refusals -----------------------------------------------------------------------------------------------------


def _non_valida(perche: str) -> HttpResponse:
    risposta = problema(HTTPStatus.UNAUTHORIZED, _("Chiave non valida"), perche)
    risposta["WWW-Authenticate"] = f'{SFIDA}, error="invalid_token"'
    return risposta


def _serve_una_chiave() -> HttpResponse:
    risposta = problema(
        HTTPStatus.UNAUTHORIZED,
        _("Serve una chiave"),
        _("Con l'accesso del browser l'API si può solo leggere: per scrivere serve una chiave."),
    )
    risposta["WWW-Authenticate"] = SFIDA
    return risposta


def _troppe(conto: limiti.Conto) -> HttpResponse:
    risposta = problema(
        HTTPStatus.TOO_MANY_REQUESTS,
        _("Troppe richieste"),
        _("Sono ammesse %(limite)s richieste al minuto: riprova fra %(fra)s secondi.")
        % {"limite": conto.limite, "fra": conto.fra},
    )
    risposta["Retry-After"] = str(conto.fra)
    return risposta


# --- Log ----------------------------------------------------------------------------------------------------------


def _senza_segreti(indirizzo: str) -> str:
    return _SEGRETI.sub("***", indirizzo)


def _annota(request: HttpRequest, risposta: HttpResponseBase, inizio: float) -> None:
    """Write the request in the log: what is sent a piece at a time, when the last piece has gone."""
    accesso = AccessoApi(
        metodo=(request.method or "")[:10],
        indirizzo=_senza_segreti(request.get_full_path())[:2000],
        esito=risposta.status_code,
        origine=origine(request),
        chiave=chiave_di(request),
        utente_id=request.user.pk if request.user.is_authenticated else None,
        azione=azione_corrente(),
    )
    if risposta.streaming:
        risposta.streaming_content = _Annotata(risposta.streaming_content, accesso, inizio)  # type: ignore[attr-defined]
    else:
        _scrivi(accesso, inizio)


class _Annotata:
    """The pieces of an answer; when it is closed, whether they all went or the client left, it is written down."""

    def __init__(self, pezzi: Iterator[bytes], accesso: AccessoApi, inizio: float) -> None:
        self._pezzi, self._accesso, self._inizio = pezzi, accesso, inizio

    def __iter__(self) -> Iterator[bytes]:
        return self._pezzi

    def close(self) -> None:
        _scrivi(self._accesso, self._inizio)


def _scrivi(accesso: AccessoApi, inizio: float) -> None:
    accesso.millisecondi = int((monotonic() - inizio) * 1000)
    try:
        accesso.save(force_insert=True)
    except DatabaseError:
        # The answer is good all the same, and the line of the web server is there.
        logger.exception("L'accesso all'API non è stato annotato: %s %s", accesso.metodo, accesso.indirizzo)
