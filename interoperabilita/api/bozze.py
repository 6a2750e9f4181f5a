"""A draft of an avanzamento: read back by who writes it, and sent."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from rest_framework.request import Request

from enti.permessi import Permesso
from interoperabilita.api.base import Vista
from interoperabilita.api.scrive import IDEMPOTENCY_KEY, Scrive, in_json, rifiuti
from interoperabilita.risorse.bozza import BOZZA, ESEMPIO_INVIO, RICHIESTA_INVIO
from interoperabilita.schema.operazioni import Corpo, Gruppo, Operazione
from interoperabilita.scrittura import risposta
from interoperabilita.scrittura.celle import Scritto, righe
from interoperabilita.services import scrittura
from monitoraggio.models import Avanzamento
from monitoraggio.poteri import puo
from monitoraggio.services import bozze


def avanzamento_di(vista: Vista, cup: str, pk: str) -> Avanzamento:
    """The avanzamento at this address, for who may write it. Raises Http404."""
    chi = vista.chi()
    visibili = Avanzamento.objects.visibili_a(chi).select_related("intervento")
    trovato = visibili.filter(pk=int(pk), intervento__cup=cup.upper()).first()
    if trovato is None or not puo(chi, Permesso.COMPILARE_AVANZAMENTI, trovato.intervento):
        raise Http404
    return trovato


def etichettata(vista: Vista, dati: dict[str, Any]) -> HttpResponse:
    """The answer to a read, or 304 where it is the one that the client has."""
    detta = in_json(dati)
    etag = f'W/"{hashlib.sha256(detta.content).hexdigest()[:32]}"'
    detta.headers["ETag"] = etag
    patch_vary_headers(detta, ("Accept", "Authorization", "Cookie"))
    return get_conditional_response(vista.richiesta, etag=etag, response=detta) or detta


class Bozza(Vista):
    """An avanzamento in any state, as its writer sees it."""

    operazioni = {
        "GET": Operazione(
            nome="avanzamento_da_scrivere",
            titolo="Rileggi una bozza",
            descrizione="Un avanzamento del proprio ente, in qualunque stato: la revisione, ciò che contiene, che cosa "
            "dicono i controlli e, se è stato restituito, perché.",
            gruppo=Gruppo.MONITORAGGIO,
            campi=BOZZA,
            nome_schema="BozzaAvanzamento",
        )
    }

    def get(self, request: Request, cup: str, id: str) -> HttpResponse:
        avanzamento = avanzamento_di(self, cup, id)
        return etichettata(self, risposta.bozza(avanzamento, *bozze.valuta(avanzamento)))


class Invio(Scrive):
    """The sending of a draft."""

    operazioni = {
        "POST": Operazione(
            nome="invio_di_avanzamento",
            titolo="Invia una bozza",
            descrizione="Invia la bozza alla Città metropolitana, come è stata letta: alla revisione che si indica, "
            "con le spiegazioni degli avvisi che ancora mancano. Se restano errori, o avvisi senza spiegazione: 422, e "
            "non si invia.",
            gruppo=Gruppo.MONITORAGGIO,
            campi=BOZZA,
            nome_schema="BozzaAvanzamento",
            corpo=Corpo("InvioAvanzamento", RICHIESTA_INVIO, ESEMPIO_INVIO),
            intestazioni=(IDEMPOTENCY_KEY,),
            altri={HTTPStatus.CONFLICT: "È già inviato o approvato, o qualcuno ha cambiato la bozza."},
        )
    }

    def post(self, request: Request, cup: str, id: str) -> HttpResponse:
        avanzamento = avanzamento_di(self, cup, id)
        corpo = self.corpo(RICHIESTA_INVIO)
        with rifiuti():
            spiegazioni = righe({nome: corpo[nome] for nome in ("spiegazioni",) if nome in corpo}, "")
        return self.rispondi(lambda: self._invia(avanzamento, corpo["revisione"], spiegazioni))

    def _invia(self, avanzamento: Avanzamento, revisione: int, spiegazioni: Scritto) -> HttpResponse:
        with rifiuti():
            esito = scrittura.invia(
                avanzamento_id=avanzamento.pk, revisione=revisione, spiegazioni=spiegazioni, autore=self.chi()
            )
        return in_json(risposta.bozza(esito.avanzamento, esito.contesto, esito.rilievi))
