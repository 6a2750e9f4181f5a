"""What a person may count: the programme, as it was counted for all; or the interventi that she sees, counted now."""

from __future__ import annotations

from django.utils import timezone

from cruscotto.conteggio import caselle
from cruscotto.conteggio.chiavi import TUTTO, territorio
from cruscotto.conteggio.lettura import Quando, conta
from cruscotto.selectors import figure
from cruscotto.selectors.figure import Selezione
from cruscotto.selectors.letture import Letto, Riga
from cruscotto.tipi import Dimensione, Filtri, Istantanea
from enti.models import Utente
from interventi.models import Intervento
from monitoraggio.selectors import programma
from monitoraggio.tempo import Tempo

# The number of no photograph: what is counted now is not kept.
NESSUNA = 0


def istantanea(chi: Utente, tempo: Tempo) -> Istantanea | None:
    """The count that a person reads; None where it must be made first. Hers alone, who sees a part, is made anew."""
    if chi.vede_tutto:
        return figure.istantanea(tempo)
    corrente = tempo.noto_al is None and tempo.giorno == tempo.oggi
    return Istantanea(NESSUNA, tempo.giorno, tempo.noto_al or timezone.now(), corrente, interventi=0)


def selezione(chi: Utente, quale: Istantanea, filtri: Filtri, tempo: Tempo, dimensione: Dimensione) -> Selezione:
    """Totals and groups of what a person sees, with the filters."""
    if chi.vede_tutto:
        return figure.selezione(quale, filtri, dimensione)
    quando = Quando(quale.al, tempo.noto_al, corrente=quale.corrente)
    dove = territorio()
    conteggio = conta(_visti(chi, filtri, tempo), quando, dove)
    voci = caselle.somma(conteggio.profili.items(), dove.zone)
    letto = Letto(voci[TUTTO].somme, len(voci[TUTTO].luoghi)) if TUTTO in voci else Letto(caselle.Voce().somme)
    for (prima, seconda), voce in voci.items():
        if prima and not seconda:
            nome, _uguale, valore = prima.partition("=")
            riga = Riga(valore, voce.somme.in_json(), len(voce.luoghi))
            letto.righe.setdefault(Dimensione(nome), []).append(riga)
    altrove = {istat: nome for istat, nome, zona in dove.comuni.values() if zona is None}
    return figure.di_letto(letto, quale.al, filtri, dimensione, altrove)


def _visti(chi: Utente, filtri: Filtri, tempo: Tempo) -> list[int]:
    """Of the programme, as its lists show them."""
    visti = Intervento.objects.visibili_a(chi).filter(programma.nel_programma(tempo.noto_al))
    for nome, valore in filtri.parametri.items():
        visti = visti.filter(programma.di(nome, valore, tempo.noto_al))
    return list(visti.order_by().values_list("pk", flat=True))
