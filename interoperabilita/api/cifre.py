"""The figures of the programme by the API: the same that the Cruscotto shows."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from cruscotto import filtri as parametri
from cruscotto.selectors import figure as letture
from cruscotto.tipi import Filtri, Istantanea
from interoperabilita.api.base import Vista
from interoperabilita.api.errori import Rifiuto
from interoperabilita.api.singolo import rispondi
from interoperabilita.elenco.domanda import ParametriErrati
from interoperabilita.risorse.cifre import CIFRE, PARAMETRI
from interoperabilita.schema.operazioni import Gruppo, Operazione
from interoperabilita.selectors.cifre import dati
from monitoraggio import tempo as letti


class Cifre(Vista):
    operazioni: Mapping[str, Operazione] = {
        "GET": Operazione(
            "cifre_del_programma",
            "Cifre del programma",
            "Le cifre del cruscotto: quanti interventi, per quanto, a che punto, quali traguardi, segnali e dati "
            "mancanti, per piano, Driver, STTM, zona e Comune, e la curva dei lavori. I filtri valgono insieme. Sono "
            "le stesse delle pagine e dei rapporti per lo stesso giorno. 422 se il giorno non è contato.",
            Gruppo.RAPPORTI,
            campi=CIFRE,
            nome_schema="CifreDelProgramma",
            parametri=PARAMETRI,
            altri={
                HTTPStatus.UNPROCESSABLE_ENTITY: "Il giorno non è contato, o un filtro chiede ciò che non c'è.",
                HTTPStatus.CONFLICT: "Le cifre di oggi non sono ancora contate.",
            },
        )
    }

    def get(self, request: Request) -> HttpResponse:
        filtri = self._filtri()
        istantanea = self._istantanea()
        figure = letture.leggi(istantanea, filtri)
        return rispondi(self.richiesta, dati(figure), istante=istantanea.noto_al, al=istantanea.al)

    def _filtri(self) -> Filtri:
        """Raises ParametriErrati."""
        filtri, errori = parametri.leggi(self.richiesta.GET)
        if errori:
            raise ParametriErrati({errore.nome: [errore.testo] for errore in errori}, malformati=False)
        return filtri

    def _istantanea(self) -> Istantanea:
        """Raises ParametriErrati for a day that is not counted, Rifiuto where nothing is counted yet."""
        tempo = letti.leggi(self.richiesta.GET)
        trovata = letture.istantanea(tempo) if not tempo.errori else None
        if trovata is not None:
            return trovata
        if tempo.al is None and not tempo.errori:
            testo = _("Le cifre non sono ancora contate: il conteggio è in corso, riprova fra qualche minuto.")
            raise Rifiuto(HTTPStatus.CONFLICT, _("Non ancora contate"), testo)
        testo = _("Le cifre di questo giorno non sono contate: si contano dal cruscotto, scegliendo il giorno.")
        errori: dict[str, list[Any]] = {nome: [perche] for nome, perche in tempo.errori} or {"al": [testo]}
        raise ParametriErrati(errori, malformati=False)
