"""All that the first page shows of a selection, ready for its template."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from cruscotto.collegamenti import Collegamenti
from cruscotto.presentazione import cifre, curva, elenchi, frasi, mappa, stati
from cruscotto.presentazione import tempi as linee
from cruscotto.presentazione.misure import misura_chiesta
from cruscotto.selectors import tempi
from cruscotto.selectors.mappa import luoghi
from cruscotto.tipi import Dimensione, Figure
from monitoraggio.tempo import Tempo


def contesto(request: HttpRequest, figure: Figure, per: Dimensione, tempo: Tempo) -> dict[str, Any]:
    """Three queries: what the sources declare, the traguardi of measures and piani, the shapes of the Comuni."""
    filtri, totali, quando = figure.filtri, figure.totali, figure.istantanea
    vie = Collegamenti.di(quando, filtri, tempo)
    dei_piani = tempi.dei_piani(filtri, quando)
    misura, errore = misura_chiesta(request.GET.get("misura", ""))
    return {
        "totali": totali,
        "apertura": frasi.apertura(totali, vie),
        "cifre": cifre.righe(totali, figure.quantita, figure.curva, vie),
        "dichiarati": cifre.dichiarati(filtri, quando.al),
        "obiettivi": cifre.obiettivi(dei_piani),
        "fonti_mute": bool(set(filtri.parametri) - {Dimensione.PIANO.value}),
        "attenzione": figure.attenzione,
        "tutti_i_segnali": vie.segnali(),
        "stati": stati.stati(per, figure, vie),
        "curva": curva.disegno(figure.curva, quando.al, vie, linee.ultima_scadenza(dei_piani)),
        "segnali": elenchi.segnali(totali, vie),
        "lacune": elenchi.lacune(totali, vie),
        "tempi": linee.breve(figure, dei_piani, vie),
        "errore_misura": errore,
        **mappa.contesto(request, luoghi(), figure.gruppi[Dimensione.COMUNE], filtri, misura),
    }
