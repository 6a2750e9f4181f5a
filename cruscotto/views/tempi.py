"""The traguardi in time: by piano or by Comune, and those of one of them; as near as one likes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cruscotto import periodo as periodi
from cruscotto.collegamenti import Collegamenti
from cruscotto.filtri import Opzione
from cruscotto.periodo import Periodo
from cruscotto.presentazione import tempi as presentazione
from cruscotto.presentazione.barra import Barra, barra
from cruscotto.selectors import figure, propri
from cruscotto.selectors import tempi as selectors
from cruscotto.selectors.nomi import DI_NESSUNO
from cruscotto.tipi import Dimensione, Filtri, Istantanea
from enti.accesso import persona, richiede
from enti.models import Utente
from enti.permessi import Permesso
from monitoraggio import tempo as letture
from monitoraggio.selectors.programma import NESSUNO
from monitoraggio.tempo import Tempo
from psttm.grafici.tipi import Gantt

PER = {Dimensione.PIANO: gettext_lazy("Per piano"), Dimensione.COMUNE: gettext_lazy("Per Comune")}
LUNGO = 40


@dataclass(frozen=True)
class Domanda:
    """What the address asks for, and by whom."""

    request: HttpRequest
    chi: Utente
    tempo: Tempo
    filtri: Filtri
    per: Dimensione
    periodo: Periodo
    istantanea: Istantanea

    @property
    def vie(self) -> Collegamenti:
        return Collegamenti.di(self.istantanea, self.filtri, self.tempo)


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def pagina(request: HttpRequest) -> HttpResponse:
    """Who works for a Comune reads the interventi that she may see, counted at once; the others what was counted."""
    chi, tempo = persona(request), letture.leggi(request.GET)
    filtri, campi = barra(request)
    per, errore = _per(request)
    periodo = periodi.leggi(request.GET)
    contesto: dict[str, Any] = {
        "tempo": tempo,
        "tempo_conserva": letture.da_conservare(request.GET),
        "barra": campi,
        "linguette": [(nome, una == per, _indirizzo(request, per=una.value)) for una, nome in PER.items()],
        "per": per,
        "periodo": periodo,
        "istantanea": propri.istantanea(chi, tempo),
    }
    aperto, errore_aperto = _da_aprire(request, filtri, campi, per)
    contesto["errori"] = [uno for uno in (errore, errore_aperto) if uno]
    if contesto["istantanea"] is None:
        contesto |= {"lavoro": figure.ultimo_conteggio(tempo), "titolo": _("Traguardi nel tempo"), "vista": "tempi"}
        return render(request, "cruscotto/pagina_da_contare.html", contesto)
    domanda = Domanda(request, chi, tempo, filtri, per, periodo, contesto["istantanea"])
    contesto |= _di_uno(domanda, aperto) if aperto is not None else _di_tutti(domanda, campi)
    return render(request, "cruscotto/tempi.html", contesto)


def _per(request: HttpRequest) -> tuple[Dimensione, str]:
    """What the rows are, and why what was asked for is not used."""
    chiesto = request.GET.get("per", "").strip().lower()
    if not chiesto or chiesto in {una.value for una in PER}:
        return Dimensione(chiesto or Dimensione.PIANO.value), ""
    errore = _("Il tempo non si racconta per «%(testo)s»: scegli fra piano e comune. Qui sotto è per piano.")
    return Dimensione.PIANO, errore % {"testo": chiesto[:LUNGO]}


def _da_aprire(request: HttpRequest, filtri: Filtri, campi: Barra, per: Dimensione) -> tuple[Opzione | None, str]:
    """The group whose traguardi are asked for: by `apri`, or as the only one that the filters leave."""
    scelto = filtri.parametri.get(per.value, "")
    chiesto = scelto or request.GET.get("apri", "").strip()
    if not chiesto:
        return None, ""
    if chiesto == NESSUNO:
        return Opzione(NESSUNO, str(DI_NESSUNO[per])), ""
    fra = next(campo.opzioni for campo in campi.campi if campo.nome == per.value)
    trovata = next((una for una in fra if una.detta(chiesto.lower())), None)
    if trovata is not None:
        return trovata, ""
    errore = _("«%(testo)s» non si apre, perché non c'è: scegli una riga della tabella.")
    return None, errore % {"testo": chiesto[:LUNGO]}


def _di_tutti(domanda: Domanda, campi: Barra) -> dict[str, Any]:
    """A page of groups, with the traguardi of their piani."""
    lette = propri.selezione(domanda.chi, domanda.istantanea, domanda.filtri, domanda.tempo, domanda.per)
    foglio = Paginator(presentazione.in_ordine(lette.gruppi), selectors.PER_PAGINA).get_page(
        domanda.request.GET.get("pagina")
    )
    gruppi = list(foglio)
    dei_piani = selectors.dei_piani(domanda.filtri, domanda.istantanea)
    mostrati = dei_piani if domanda.per is Dimensione.PIANO else []
    figura = presentazione.gantt_dei_gruppi(
        gruppi,
        mostrati,
        domanda.periodo,
        domanda.istantanea.al,
        misure=foglio.number == 1 and not domanda.filtri.parametri,
    )
    aperture = {uno.chiave: _indirizzo(domanda.request, apri=uno.chiave or NESSUNO) for uno in gruppi}
    return {
        "conto": campi.conto(lette.totali.interventi),
        "apertura": presentazione.apertura(lette.totali, domanda.vie, selectors.prossimo(dei_piani)),
        "pagina": foglio,
        "righe": presentazione.righe_dei_gruppi(gruppi, domanda.vie, aperture),
        "dei_piani": [presentazione.riga_di_traguardo(riga) for riga in mostrati],
        "stati": presentazione.stati(gruppi),
        **_disegno(domanda, figura, presentazione.a_parole(lette.totali.traguardi)),
    }


def _di_uno(domanda: Domanda, quale: Opzione) -> dict[str, Any]:
    """A page of the traguardi of a group."""
    parametri = selectors.filtri_del_gruppo(domanda.filtri, domanda.per, quale.chiave)
    aperto = selectors.del_gruppo(domanda.chi, parametri, domanda.tempo, domanda.request.GET.get("pagina"))
    del_piano = [riga for riga in aperto.righe if riga.traguardo.piano_id is not None]
    figura = presentazione.gantt_del_gruppo(aperto, del_piano, domanda.periodo, domanda.istantanea.al)
    vie = replace(domanda.vie, filtri=parametri)
    return {
        "gruppo": quale.nome,
        "tutti": _indirizzo(domanda.request) if domanda.request.GET.get("apri") else "",
        "apertura": presentazione.apertura_del_gruppo(aperto.conti),
        "pagina": aperto.pagina,
        "traguardi": presentazione.righe_dei_traguardi(aperto),
        "interventi": vie.interventi(),
        "elenco": vie.traguardi(),
        **_disegno(domanda, figura, ""),
    }


def _disegno(domanda: Domanda, figura: Gantt, parole: str) -> dict[str, Any]:
    estremi = presentazione.estremi(figura)
    return {
        "figura": figura,
        "descrizione": presentazione.descrizione(figura, parole),
        "comandi": periodi.comandi(domanda.periodo, estremi, domanda.istantanea.al),
        "conserva_periodo": [
            (nome, valore)
            for nome, valori in domanda.request.GET.lists()
            if nome not in {"da", "a"}
            for valore in valori
            if valore
        ],
    }


def _indirizzo(request: HttpRequest, **altro: str) -> str:
    """This address with something else chosen: which row is open, and the page, are not carried along."""
    parametri = request.GET.copy()
    for nome in ("apri", "pagina"):
        parametri.pop(nome, None)
    for nome, valore in altro.items():
        parametri[nome] = valore
    return f"{request.path}?{parametri.urlencode()}" if parametri else request.path
