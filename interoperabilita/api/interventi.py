"""All that is known of a CUP."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from rest_framework.request import Request

from interoperabilita.api.base import Vista
from interoperabilita.api.bozze import etichettata
from interoperabilita.formati import valori
from interoperabilita.risorse.interventi import INTERVENTO, RISPOSTA
from interoperabilita.risorse.tipi import Tipo
from interoperabilita.schema.operazioni import Gruppo, Operazione, Parametro
from interoperabilita.selectors.interventi import del_cup, dettagli, scelti


class InterventoDelCup(Vista):
    """The interventi of a CUP, with all their parts."""

    operazioni = {
        "GET": Operazione(
            nome="interventi_del_cup",
            titolo="Scheda di un CUP",
            descrizione="Tutto ciò che si sa degli interventi con questo CUP: i campi dell'elenco dei CUP, il registro "
            "e la situazione secondo gli avanzamenti approvati. «al» riporta la situazione a un giorno; il registro è "
            "quello di oggi.",
            gruppo=Gruppo.CUP,
            campi=RISPOSTA,
            nome_schema="SchedaCup",
            parametri=(
                Parametro(
                    "al",
                    "La situazione a questo giorno, invece di quella di oggi.",
                    "2024-12-31",
                    Tipo.DATA,
                ),
                Parametro(
                    "fields",
                    "I soli campi da dare di ogni intervento, separati da virgole.",
                    ["id"],
                    Tipo.TESTI,
                    scelte=[campo.nome for campo in INTERVENTO],
                ),
            ),
        )
    }

    def get(self, request: Request, cup: str) -> HttpResponse:
        parametri = self.richiesta.GET
        al = date.fromisoformat(parametri["al"]) if "al" in parametri else None
        campi = list(dict.fromkeys(parametri["fields"].split(","))) if "fields" in parametri else None
        trovati = dettagli(del_cup(cup, self.chi()), al)
        if not trovati:
            raise Http404
        return etichettata(self, {"interventi": scelti(trovati, campi), "al": valori.giorno(al)})
