"""One piano of the API: its row with the state of its interventi, its CUPs, its verification."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpResponse
from rest_framework.request import Request

from interoperabilita.api.base import Vista
from interoperabilita.api.liste import Lista
from interoperabilita.api.singolo import rispondi
from interoperabilita.elenco.domanda import Domanda
from interoperabilita.elenco.righe import Elenco
from interoperabilita.risorse import verifica as campi
from interoperabilita.risorse.piani import PIANI
from interoperabilita.risorse.tipi import Tipo
from interoperabilita.schema.operazioni import Gruppo, Operazione, Parametro
from interoperabilita.selectors import piani as letture
from interoperabilita.services import pubblicazione
from piani_integrati.models import PianoIntegrato

AL = Parametro("al", "Il giorno di cui si chiede la situazione.", "2025-12-31", Tipo.DATA)
_QUALE = "Il piano si chiama con il codice, maiuscolo o minuscolo, o con lo slug: «COME IN», «come in» e «come-in»."


def _piano(codice: str) -> PianoIntegrato:
    trovato = letture.per_codice(codice)
    if trovato is None:
        raise Http404
    return trovato


class UnPiano(Vista):
    """What is asked of one piano, on a day or now, as last published."""

    def elenco(self) -> Elenco:
        """The list that the piano is a row of. Raises ParametriErrati."""
        stato, da_pubblicare = pubblicazione.stato()
        if da_pubblicare:
            stato = pubblicazione.al_volo(stato)
        return Elenco(Domanda(PIANI, self.chi(), self.richiesta.GET), stato)


class DettaglioPiano(UnPiano):
    operazioni: Mapping[str, Operazione] = {
        "GET": Operazione(
            "piano",
            "Un piano",
            f"La riga del piano, con il numero di interventi in ogni stato del monitoraggio. {_QUALE}",
            Gruppo.PIANI,
            campi=campi.PIANO,
            nome_schema="DettaglioPiano",
            parametri=(AL,),
        )
    }

    def get(self, request: Request, codice: str) -> HttpResponse:
        trovato, elenco = _piano(codice), self.elenco()
        al = elenco.domanda.al
        righe = elenco.lette(list(elenco.valide().filter(oggetto=trovato.pk).values_list("corpo", flat=True)))
        if not righe:
            # It is so new that it has not been published yet.
            raise Http404
        modificato_il = righe[0].pop("modificato_il")
        per_stato = letture.interventi_per_stato(trovato.pk, al, elenco.istante)
        dati = righe[0] | {"interventi_per_stato": per_stato, "modificato_il": modificato_il}
        return rispondi(self.richiesta, dati, istante=elenco.istante, al=al)


class VerificaPiano(UnPiano):
    operazioni: Mapping[str, Operazione] = {
        "GET": Operazione(
            "verifica_del_piano",
            "Verifica di un piano",
            "L'ultimo esito di ogni regola, con valore, soglia e distanza, le deroghe e gli interventi che la fanno "
            "fallire. Se il piano non è mai stato verificato, «esito_verifica» è «da_verificare» e «regole» è vuoto. "
            f"Con «al», gli esiti che il portale teneva alla fine di quel giorno. {_QUALE}",
            Gruppo.PIANI,
            campi=campi.VERIFICA,
            nome_schema="VerificaPiano",
            parametri=(AL,),
        )
    }

    def get(self, request: Request, codice: str) -> HttpResponse:
        trovato, elenco = _piano(codice), self.elenco()
        al = elenco.domanda.al
        dati = letture.verifica(trovato, al, self.chi())
        return rispondi(self.richiesta, dati, istante=elenco.istante, al=al)


class CupDelPiano(Lista):
    operazioni: Mapping[str, Operazione] = {
        "GET": Operazione(
            "cup_del_piano",
            "CUP di un piano",
            f"L'elenco dei CUP, dei soli interventi del piano. {_QUALE}",
            Gruppo.PIANI,
            senza=("piano",),
        )
    }

    def domanda(self, **argomenti: str) -> Domanda:
        trovato = _piano(argomenti["codice"])
        return Domanda(self.risorsa, self.chi(), self.richiesta.GET, fissi={"piano": trovato.codice})
