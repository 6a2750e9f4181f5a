"""Monitoring of the demonstration: what the invented interventi declared month by month, since January 2023.

In December 2024 they stand where the sources say (dominio, section 4); from there to today the story goes on, and the
last two months are partly still to be written, sent, mended or approved, whatever day it is. Every month is coherent:
its phases, its ledger and its plan of costs would be let through by the checks that the form makes.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from interventi.demo import DIMOSTRAZIONE
from interventi.models import Intervento, Submisura
from interventi.services.legami import a_blocchi
from monitoraggio.demo import documenti, messaggi, registro, scrittura, segnali, traguardi, variazioni
from monitoraggio.demo.calendario import svolgi
from monitoraggio.demo.contenuto import racconto
from monitoraggio.demo.dichiarato import posti
from monitoraggio.demo.persone import persone
from monitoraggio.demo.scrittura import Opera
from monitoraggio.demo.storia import racconta
from monitoraggio.models import Avanzamento, SegnaliDaRivedere
from monitoraggio.selectors.contesto import con_parti
from monitoraggio.services import promemoria, situazione
from monitoraggio.services import segnali as servizio_segnali
from registro.dimostrazione import RiferimentiMancanti, dimostrazione
from registro.models import Fonte
from registro.services import annota

VOCI = ("avanzamenti", "traguardi degli interventi", "variazioni", "messaggi", "documenti")


@dimostrazione(posto=50)
def carica() -> dict[str, int]:
    """Make the history, all at once; none if there is any already. Raises RiferimentiMancanti."""
    if Avanzamento.objects.filter(intervento__dimostrativo=True).exists():
        return dict.fromkeys(VOCI, 0)
    fonte = Fonte.objects.filter(codice="portale").first()
    if fonte is None:
        raise RiferimentiMancanti("Mancano le fonti: esegui prima «manage.py carica_riferimenti».")
    return _carica(fonte)


@dimostrazione(posto=92)
def segnala() -> dict[str, int]:
    """Look for the early warnings once all is there and judged, so that they stand before any worker starts."""
    viste = list(SegnaliDaRivedere.objects.values_list("pk", flat=True))
    interventi, piani = servizio_segnali.a_gruppi()
    conto = servizio_segnali.Conto()
    for blocco in interventi:
        conto += servizio_segnali.rivedi(interventi=blocco)
    for blocco in piani:
        conto += servizio_segnali.rivedi_piani(piani=blocco)
    if conto.cambiati:
        servizio_segnali.concludi(conto)
    for blocco in a_blocchi(viste):
        SegnaliDaRivedere.objects.filter(pk__in=blocco).delete()
    return {"segnali": conto.aperti}


@transaction.atomic
def _carica(fonte: Fonte) -> dict[str, int]:
    adesso, chi = timezone.now(), persone()
    oggi = timezone.localdate(adesso)
    dimostrativi = con_parti(Intervento.objects.filter(dimostrativo=True)).select_related(
        "classificazione", "submisura", "soggetto_attuatore__comune"
    )
    storie = [racconta(posto, oggi) for posto in posti(list(dimostrativi.order_by("clp")))]
    interventi = {storia.posto.intervento.clp: storia.posto.intervento for storia in storie}
    promesse = traguardi.crea(storie, fonte)
    carte = documenti.crea(interventi, chi, adesso)
    opere = []
    for storia in storie:
        tempi = svolgi(storia, adesso)
        opere.append(Opera(storia, tempi, racconto(storia, tempi, promesse.get(storia.posto.intervento.pk, []))))
    documenti.collega(carte, [(opera.tempi, opera.racconto) for opera in opere])
    scrittura.scrivi(opere, chi, adesso)
    registro.pianifica(opere, prorogate=min(_alle_nove(2025, 6), adesso), approvate=_alle_nove(2023, 2))
    traguardi.aggiorna(promesse, _detti(opere))
    nuove = variazioni.crea(opere, promesse, chi, adesso)
    registro.allinea(opere, oggi)
    registro.eventi(opere, chi)
    fili = messaggi.crea(interventi, chi, adesso)
    segnali.crea(interventi, oggi)
    situazione.ricostruisci()
    promemoria.aggiorna(oggi=oggi)
    fatti = dict(
        zip(
            VOCI,
            (
                sum(len(opera.scritti) for opera in opere),
                sum(len(sue) for sue in promesse.values()),
                len(nuove),
                len(fili),
                len(carte),
            ),
            strict=True,
        )
    )
    annota(Submisura.objects.get(codice=DIMOSTRAZIONE), "storia del monitoraggio caricata", dopo=fatti)
    return fatti


def _alle_nove(anno: int, mese: int) -> datetime:
    return timezone.make_aware(datetime.combine(datetime(anno, mese, 20).date(), time(9)))  # noqa: DTZ001 made aware


def _detti(opere: list[Opera]) -> dict[int, dict[str, Any]]:
    """What the newest approved month of each intervento says of its traguardi, by traguardo."""
    return {
        int(riga.nome.removeprefix("t")): riga.valori
        for opera in opere
        if opera.approvati
        for riga in opera.approvati[-1].lettura["traguardi"]
    }
