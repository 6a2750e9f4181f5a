"""The avanzamenti of a CUP: the approved ones to read, the draft of a month to write."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from interoperabilita.api.base import Json, Vista
from interoperabilita.api.liste import Lista
from interoperabilita.api.scrive import IDEMPOTENCY_KEY, Scrive, in_json, rifiuti
from interoperabilita.elenco.domanda import Domanda
from interoperabilita.risorse.bozza import BOZZA, ESEMPIO_BOZZA, RICHIESTA_BOZZA
from interoperabilita.schema.operazioni import Corpo, Gruppo, Operazione
from interoperabilita.scrittura import risposta
from interoperabilita.scrittura.celle import Scritto, righe
from interoperabilita.scrittura.corpo import CorpoErrato, Errore
from interoperabilita.selectors.interventi import del_cup
from interoperabilita.services import scrittura
from interventi.models import Intervento


class Avanzamenti(Lista):
    """The approved avanzamenti of the interventi of a CUP that who asks may see."""

    operazioni = {
        "GET": Operazione(
            nome="elenco_avanzamenti",
            titolo="Avanzamenti di un CUP",
            descrizione="Gli avanzamenti approvati degli interventi con questo CUP: ogni mese, in ogni versione "
            "approvata. Con «al» i mesi fino a quel giorno, ognuno nella versione in vigore. Un ente vede solo quelli "
            "degli interventi che attua.",
            gruppo=Gruppo.MONITORAGGIO,
        )
    }

    def domanda(self, **argomenti: str) -> Domanda:
        chi = self.chi()
        trovati = list(del_cup(argomenti["cup"], chi).values_list("pk", "soggetto_attuatore"))
        if not trovati:
            raise Http404
        gruppo = tuple(pk for pk, attuatore in trovati if chi.vede_tutto or attuatore in chi.enti)
        return Domanda(self.risorsa, chi, self.richiesta.GET, gruppo=gruppo)


class AvanzamentiDaScrivere(Avanzamenti, Scrive):
    """The same, and the draft of a month."""

    operazioni = {
        **Avanzamenti.operazioni,
        "POST": Operazione(
            nome="bozza_di_avanzamento",
            titolo="Scrivi la bozza di un mese",
            descrizione="Apre la bozza del mese, o prosegue quella aperta, e ci scrive ciò che il corpo contiene: con "
            "le stesse regole del modulo del portale, tutto o nulla. La risposta dice che cosa manca, che cosa non "
            "torna e dove. 201 se la bozza è nuova, 200 se c'era già. Una sezione che non c'è nel corpo resta com'è; "
            "di impegni, pagamenti, SAL, indicatori, piano dei costi e criticità si mandano tutte le righe.",
            gruppo=Gruppo.MONITORAGGIO,
            campi=BOZZA,
            nome_schema="BozzaAvanzamento",
            corpo=Corpo("BozzaDaScrivere", RICHIESTA_BOZZA, ESEMPIO_BOZZA),
            intestazioni=(IDEMPOTENCY_KEY,),
            altri={
                HTTPStatus.CREATED: "La bozza è nuova.",
                HTTPStatus.CONFLICT: "Il mese è già inviato o approvato, o qualcuno ha cambiato la bozza.",
            },
        ),
    }

    def controlla_parametri(self) -> None:
        if self.request.method == "POST":
            Vista.controlla_parametri(self)

    def get_renderers(self) -> list[BaseRenderer]:
        return [Json()] if self.request.method == "POST" else super().get_renderers()

    def post(self, request: Request, cup: str) -> HttpResponse:
        interventi = list(del_cup(cup, self.chi()).select_related("submisura", "soggetto_attuatore"))
        if not interventi:
            raise Http404
        corpo = self.corpo(RICHIESTA_BOZZA)
        with rifiuti():
            intervento = _quale(interventi, corpo)
            scritto = righe(corpo.get("contenuto", {}))
        return self.rispondi(lambda: self._compila(intervento, corpo, scritto))

    def _compila(self, intervento: Intervento, corpo: dict[str, Any], scritto: Scritto) -> HttpResponse:
        with rifiuti():
            esito = scrittura.compila(
                intervento=intervento,
                mese=date.fromisoformat(f"{corpo['mese']}-01"),
                scritto=scritto,
                correzione=corpo.get("correzione", ""),
                revisione=corpo.get("revisione"),
                autore=self.chi(),
            )
        detta = in_json(
            risposta.bozza(esito.avanzamento, esito.contesto, esito.rilievi, esito.ordine),
            HTTPStatus.CREATED if esito.nuovo else HTTPStatus.OK,
        )
        indirizzo = reverse("api-avanzamento", args=[intervento.cup, esito.avanzamento.pk])
        detta.headers["Location"] = self.richiesta.build_absolute_uri(indirizzo)
        return detta


def _quale(interventi: Iterable[Intervento], corpo: dict[str, Any]) -> Intervento:
    """The one that the body means. Raises CorpoErrato, which says which ones there are."""
    trovati = [
        uno
        for uno in interventi
        if corpo.get("clp") in {None, "", uno.clp} and corpo.get("submisura") in {None, "", uno.submisura.codice}
    ]
    if len(trovati) == 1:
        return trovati[0]
    ci_sono = "; ".join(f"clp «{uno.clp}», submisura «{uno.submisura.codice}»" for uno in interventi)
    if trovati:
        testo = _("Questo CUP ha più interventi: scrivi di quale. Ci sono: %(quali)s.") % {"quali": ci_sono}
    else:
        testo = _("Questo CUP non ha un intervento così. Ci sono: %(quali)s.") % {"quali": ci_sono}
    raise CorpoErrato([Errore("/clp", testo)])
