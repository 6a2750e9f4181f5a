"""The rules as the page of one intervento tells them: how it stands, measure by measure, and what is missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from interventi.models import Intervento
from piani_integrati import deroghe, parole
from piani_integrati.esiti import Esito, peggiore
from piani_integrati.models import Deroga, PianoIntegrato
from piani_integrati.regole import Contesto, Livello, Prova, Regola, di_un_intervento
from piani_integrati.regole.tipi import Dato


@dataclass(frozen=True)
class RigaRegola:
    """A rule on the intervento; measure and threshold as people read them."""

    regola: Regola
    prova: Prova
    misura: str
    soglia: str
    deroghe: list[Deroga]

    @property
    def da_risolvere(self) -> bool:
        return self.prova.esito in {Esito.NON_CONFORME, Esito.NON_DETERMINABILE}


@dataclass(frozen=True)
class Semaforo:
    """How an intervento stands with the rules that judge it by itself. `esito` is over the mandatory ones.

    `per_il_piano` are the other data that are missing here, for the rules on the whole piano.
    """

    esito: Esito
    righe: list[RigaRegola]
    per_il_piano: list[Dato]
    non_conformi: int
    non_determinabili: int


def semaforo(intervento: Intervento, piano: PianoIntegrato, contesto: Contesto) -> Semaforo:
    """Two queries. Rules that are not about this kind of piano are left out."""
    prove = [(r, p) for r, p in di_un_intervento(intervento.pk, contesto) if piano.tipo in r.tipi]
    concesse = deroghe.valide_per(intervento, piano)
    righe = [
        _riga(regola, prova, contesto, concesse.get(regola.codice, []))
        for regola, prova in prove
        if regola.livello is Livello.INTERVENTO
    ]
    obbligatori = [riga.prova.esito for riga in righe if riga.regola.obbligatoria]
    quanti = Counter(obbligatori)
    detti = {str(dato.manca) for riga in righe for dato in riga.prova.mancano}
    altri = [dato for regola, prova in prove if regola.livello is Livello.PIANO for dato in prova.mancano]
    return Semaforo(
        esito=peggiore(set(obbligatori)),
        righe=righe,
        per_il_piano=list({str(dato.manca): dato for dato in altri if str(dato.manca) not in detti}.values()),
        non_conformi=quanti[Esito.NON_CONFORME],
        non_determinabili=quanti[Esito.NON_DETERMINABILE],
    )


def _riga(regola: Regola, prova: Prova, contesto: Contesto, concesse: list[Deroga]) -> RigaRegola:
    # What was measured while something is missing is only a part of the measure.
    nota = prova.esito in {Esito.CONFORME, Esito.NON_CONFORME}
    return RigaRegola(
        regola,
        prova,
        parole.valore(regola, prova.misura if nota else None),
        parole.soglia(regola, regola.soglia_al(contesto)),
        concesse,
    )
