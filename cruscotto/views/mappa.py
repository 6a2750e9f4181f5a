"""The map of the 133 Comuni, coloured by a measure, and the table that says the same."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cruscotto.collegamenti import Collegamenti
from cruscotto.presentazione import mappa as disegno
from cruscotto.presentazione import mappa_tavola as tavola
from cruscotto.presentazione.barra import barra
from cruscotto.presentazione.misure import misura_chiesta
from cruscotto.selectors import figure, propri
from cruscotto.selectors import mappa as selectors
from cruscotto.selectors.figure import Selezione
from cruscotto.tipi import Dimensione, Filtri
from enti.accesso import persona, richiede
from enti.permessi import Permesso
from monitoraggio import tempo as letture


@richiede(Permesso.LEGGERE_MONITORAGGIO)
@require_safe
def pagina(request: HttpRequest) -> HttpResponse:
    """All the Comuni, whatever the chosen one, which the map picks out."""
    chi, tempo = persona(request), letture.leggi(request.GET)
    filtri, campi = barra(request)
    misura, errore = misura_chiesta(request.GET.get("misura", ""))
    ordine, errore_ordine = tavola.ordine_chiesto(request.GET.get("ordine", ""), misura)
    contesto: dict[str, Any] = {
        "tempo": tempo,
        "tempo_conserva": letture.da_conservare(request.GET),
        "barra": campi,
        "errori": [uno for uno in (errore, errore_ordine) if uno],
        "istantanea": propri.istantanea(chi, tempo),
    }
    if contesto["istantanea"] is None:
        contesto |= {"lavoro": figure.ultimo_conteggio(tempo), "titolo": _("Mappa degli interventi"), "vista": "mappa"}
        return render(request, "cruscotto/pagina_da_contare.html", contesto)
    di_tutti = selectors.senza_comune(filtri)
    lette = propri.selezione(chi, contesto["istantanea"], di_tutti, tempo, Dimensione.COMUNE)
    luoghi = selectors.luoghi()
    vie = Collegamenti.di(contesto["istantanea"], di_tutti, tempo)
    contesto |= disegno.contesto(request, luoghi, lette.gruppi, filtri, misura)
    contesto |= {
        "conto": campi.conto(_quanti(lette, filtri)),
        "colonne": tavola.colonne(ordine, lambda altro: disegno.indirizzo(request, ordine=altro)),
        "righe": tavola.righe(luoghi, lette, ordine, contesto["mappa"].voci, vie),
        "mancano": sum(voce.classe == disegno.NIENTE for voce in contesto["mappa"].voci),
        "senza_luogo": tavola.senza_luogo(lette, vie),
    }
    return render(request, "cruscotto/mappa_pagina.html", contesto)


def _quanti(lette: Selezione, filtri: Filtri) -> int:
    """The interventi that the filters leave, the Comune too."""
    if not filtri.comune:
        return lette.totali.interventi
    return next((uno.totali.interventi for uno in lette.gruppi if uno.chiave == filtri.comune), 0)
