"""The rules of the piani that are about to fail: they hold, but by little or not for long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro
from django.utils.translation import ngettext

from interventi.scelte import FonteFinanziamento
from monitoraggio.allerte import parole
from monitoraggio.allerte.tipi import Caso, CasoPiano, Contesto, Scala, Trovato
from monitoraggio.opere.tipi import Giudizio
from monitoraggio.scelte import ChiAgisce
from piani_integrati.esiti import Esito
from piani_integrati.models import TipoPiano
from piani_integrati.regole import soglie
from piani_integrati.regole.catalogo import COSTO_MINIMO, DNSH, PER_CODICE, QUOTA_PRIVATA
from psttm import formati

SCALA = Scala(30, 75, Decimal(100), pigro("quanto del margine è già consumato, in %"))
CENTO = Decimal(100)


# --- Of an intervento ------------------------------------------------------------------------------------------------


def regole_vicine(caso: Caso, contesto: Contesto) -> Iterator[Trovato]:
    yield from _quota_privata(caso, contesto)
    yield from _ex_post(caso, contesto)


def _quota_privata(caso: Caso, contesto: Contesto) -> Iterator[Trovato]:
    """The private share is within the rule, and near its limit. The rule is of the Piani Urbani Integrati alone."""
    in_vigore, totale = soglie.QUOTA_PRIVATA.al(contesto.al), caso.opera.finanziamento
    if caso.piano is None or caso.piano.tipo != TipoPiano.PUI or in_vigore is None or not totale:
        return
    privato = next((uno.importo for uno in caso.opera.denari if uno.fonte == FonteFinanziamento.PRIVATO), None)
    massimo, margine = in_vigore.valore, contesto.soglie["punti_quota_privata"]
    if not privato or not massimo - margine <= privato * CENTO / totale <= massimo:
        return
    quota = privato * CENTO / totale
    motivo = _("I privati danno il %(quota)s del costo, %(margine)s sotto il massimo del %(massimo)s.") % {
        "quota": formati.percento(quota, 2),
        "margine": f"{formati.numero(massimo - quota, 2)} punti",
        "massimo": formati.percento(massimo, 0),
    }
    evidenza = (
        (_("Regola"), str(QUOTA_PRIVATA.titolo)),
        (_("Quota dei privati"), formati.euro(privato)),
        (_("Finanziamento totale"), formati.euro(totale)),
        (_("Massimo della regola"), formati.percento(massimo, 2)),
        (_("Margine guardato"), parole.punti(margine)),
        (_("Norma"), str(in_vigore.fonte)),
    )
    yield Trovato(motivo, _peso(margine - (massimo - quota), margine), QUOTA_PRIVATA.codice, None, evidenza)


def _ex_post(caso: Caso, contesto: Contesto) -> Iterator[Trovato]:
    """The works end soon, and of the DNSH only the check-list ex post is missing; later the rule itself says so."""
    fine = caso.opera.stato.fine_stimata or caso.opera.stato.fine_prevista
    if caso.piano is None or caso.dnsh is None or not caso.dnsh.ex_ante_completo or fine is None:
        return
    fatta = caso.dnsh.ex_post_il is not None and caso.dnsh.ex_post_il <= contesto.al
    mancano, soglia = (fine - contesto.al).days, contesto.soglie["giorni_ex_post"]
    if fatta or mancano > soglia:
        return
    evidenza = (
        (_("Regola"), str(DNSH.titolo)),
        (_("Fine stimata"), formati.data_breve(fine)),
        (_("Check-list ex post"), _("manca")),
        (_("Soglia"), parole.giorni(int(soglia))),
        (_("Norma"), str(DNSH.fonte)),
    )
    motivo = _motivo_ex_post(fine, mancano)
    peso = _peso(soglia - max(mancano, 0), max(soglia, Decimal(1)))
    yield Trovato(motivo, peso, DNSH.codice, fine, evidenza, tocca=ChiAgisce.COMUNE)


def _motivo_ex_post(fine: date, mancano: int) -> str:
    giorno = formati.data_breve(fine)
    if mancano < 0:
        testo = _("I lavori dovevano finire il %(fine)s, e manca ancora la check-list DNSH ex post.")
        return testo % {"fine": giorno}
    testo = _("I lavori finiscono il %(fine)s, fra %(giorni)s, e manca ancora la check-list DNSH ex post.")
    return testo % {"fine": giorno, "giorni": parole.giorni(mancano)}


# --- Of a piano ------------------------------------------------------------------------------------------------------


def regole_del_piano(caso: CasoPiano, contesto: Contesto) -> Iterator[Trovato]:
    prima = {giudizio.regola: giudizio.esito for giudizio in caso.prima}
    for giudizio in caso.giudizi:
        if giudizio.regola == COSTO_MINIMO.codice and giudizio.esito == Esito.CONFORME:
            yield from _costo(giudizio, contesto)
        perso = giudizio.esito == Esito.NON_DETERMINABILE and prima.get(giudizio.regola) == Esito.CONFORME
        if perso and giudizio.regola in PER_CODICE:
            yield _perso(giudizio)


def _costo(giudizio: Giudizio, contesto: Contesto) -> Iterator[Trovato]:
    misura, minimo = giudizio.misura, giudizio.soglia
    if misura is None or not minimo:
        return
    margine = minimo * contesto.soglie["percento_costo_minimo"] / CENTO
    resta = misura - minimo
    if not 0 <= resta <= margine:
        return
    motivo = _("Il piano costa %(costo)s: restano %(resta)s sopra il minimo di %(minimo)s.") % {
        "costo": formati.euro(misura),
        "resta": formati.euro(resta),
        "minimo": formati.euro(minimo),
    }
    evidenza = (
        (_("Regola"), str(COSTO_MINIMO.titolo)),
        (_("Costo del piano"), formati.euro(misura)),
        (_("Minimo della regola"), formati.euro(minimo)),
        (_("Margine guardato"), formati.euro(margine)),
        (_("Norma"), str(COSTO_MINIMO.fonte)),
    )
    yield Trovato(motivo, _peso(margine - resta, margine), COSTO_MINIMO.codice, None, evidenza)


def _perso(giudizio: Giudizio) -> Trovato:
    """It was conforming some days ago; now what it needs is missing."""
    regola = PER_CODICE[giudizio.regola]
    quanti = giudizio.non_determinabili
    dal = formati.data_breve(giudizio.dal)
    if quanti:
        motivo = ngettext(
            "La regola «%(regola)s» era conforme, e dal %(dal)s non è determinabile: mancano dati di %(n)s intervento.",
            "La regola «%(regola)s» era conforme, e dal %(dal)s non è determinabile: mancano dati di %(n)s interventi.",
            quanti,
        )
    else:
        motivo = _("La regola «%(regola)s» era conforme, e dal %(dal)s non è determinabile: mancano dati del piano.")
    evidenza = (
        (_("Regola"), str(regola.titolo)),
        (_("Non determinabile dal"), dal),
        (_("Interventi con dati mancanti"), formati.numero(quanti)),
        (_("Norma"), str(regola.fonte)),
    )
    valori = {"regola": regola.titolo, "dal": dal, "n": quanti}
    return Trovato(motivo % valori, SCALA.a, regola.codice, None, evidenza)


def _peso(consumato: Decimal, margine: Decimal) -> int:
    """By how much of the margin is gone."""
    return SCALA.peso(consumato * CENTO / margine) if margine else SCALA.a
