"""The one way into the database of a report."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from enti.models import Comune
from monitoraggio.opere import andamento, giudizi, registro
from monitoraggio.opere.tipi import Opera
from psttm import formati
from psttm.models import Driver, IndicatoreContesto, RisultatoDichiarato, Strategia
from rapporti.domanda import Domanda
from rapporti.errori import RapportoImpossibile
from rapporti.lettura import perimetro
from rapporti.lettura.quadro import Quadro
from rapporti.scelte import TipoPerimetro


def controlla(domanda: Domanda) -> None:
    """Refuse at once, in a few queries, what `leggi` would refuse later. Raises RapportoImpossibile."""
    nome = perimetro.nome(domanda.perimetro)
    _controlla_il_giorno(domanda)
    chiavi, _nei_piani, fuori = perimetro.interventi(domanda.perimetro, domanda.noto_al)
    _controlla_quanti(nome, len(chiavi))
    if not chiavi:
        raise RapportoImpossibile(perimetro.vuoto(domanda.perimetro, nome, domanda.noto_al, fuori))


def leggi(domanda: Domanda) -> Quadro:
    """What the report needs, at most 40 queries. Raises RapportoImpossibile for a question without an answer."""
    nome = perimetro.nome(domanda.perimetro)
    _controlla_il_giorno(domanda)
    quadro = _situazione(domanda, nome, domanda.al, domanda.noto_al, parti=True)
    if not quadro.opere:
        raise RapportoImpossibile(perimetro.vuoto(domanda.perimetro, nome, domanda.noto_al, quadro.fuori))
    andamento.storia(quadro.opere, quadro.al, quadro.noto_al)
    quadro.deroghe = giudizi.deroghe([gruppo.pk for gruppo in quadro.gruppi], domanda.al, domanda.noto_al)
    _strategie(quadro)
    quadro.dichiarati = list(RisultatoDichiarato.objects.select_related("fonte").order_by("ordine", "voce"))
    quadro.contesto = list(IndicatoreContesto.objects.select_related("fonte").order_by("ordine", "nome", "ambito"))
    comuni = Comune.objects.metropolitani() | Comune.objects.filter(pk__in=_comuni(quadro.opere))
    quadro.comuni = {comune.pk: comune for comune in comuni.select_related("zona", "confine").order_by("nome", "pk")}
    zone = {comune.zona for comune in quadro.comuni.values() if comune.zona is not None}
    quadro.zone = {zona.pk: zona for zona in sorted(zone, key=lambda zona: zona.numero)}
    quadro.prima = _situazione(domanda, nome, domanda.confronto_al, domanda.confronto_noto_al, parti=False)
    piani = {gruppo.pk for gruppo in [*quadro.gruppi, *quadro.prima.gruppi]}
    quadro.prima.giudizi, quadro.giudizi = giudizi.giudizi(piani, domanda.confronto_noto_al, domanda.noto_al)
    return quadro


def _situazione(domanda: Domanda, nome: str, al: date, noto_al: datetime, *, parti: bool) -> Quadro:
    """Interventi with their state, piani and traguardi, at a day and an instant."""
    chiavi, nei_piani, fuori = perimetro.interventi(domanda.perimetro, noto_al)
    _controlla_quanti(nome, len(chiavi))
    opere = registro.opere(chiavi, noto_al, parti=parti)
    for opera in opere:
        opera.piano_id, opera.linea = nei_piani.get(opera.pk, (None, ""))
    gruppi = registro.gruppi({opera.piano_id for opera in opere if opera.piano_id is not None}, noto_al)
    posti = {gruppo.pk: posto for posto, gruppo in enumerate(gruppi)}
    opere.sort(key=lambda opera: (posti.get(opera.piano_id or 0, len(posti)), opera.ordine))
    for numero, opera in enumerate(opere, start=1):
        opera.chiave = f"i{numero}"
    andamento.stati(opere, al, noto_al)
    del_programma = domanda.perimetro.tipo == TipoPerimetro.PROGRAMMA
    piani = list(posti) if domanda.perimetro.tipo in {TipoPerimetro.PROGRAMMA, TipoPerimetro.PIANO} else []
    lette = giudizi.scadenze([opera.pk for opera in opere], piani, al, noto_al, misure=del_programma)
    numeri = {opera.pk: numero for numero, opera in enumerate(opere)}
    lette.sort(
        key=lambda s: (
            s.scadenza,
            s.codice,
            s.misura,
            posti.get(s.piano_id or 0, -1),
            numeri.get(s.intervento_id or 0, -1),
        )
    )
    return Quadro(
        domanda=domanda,
        nome_perimetro=nome,
        al=al,
        noto_al=noto_al,
        opere=opere,
        gruppi=gruppi,
        scadenze=[replace(una, chiave=f"t{numero}") for numero, una in enumerate(lette, start=1)],
        giudizi=[],
        deroghe=[],
        comuni={},
        zone={},
        driver={},
        strategie={},
        dichiarati=[],
        contesto=[],
        fuori=fuori,
    )


def _strategie(quadro: Quadro) -> None:
    """Driver and STTM with what ties them, a row for each tie: two queries."""
    obiettivo = "legami_obiettivi__obiettivo"
    driver = Driver.objects.annotate(
        missione=F(f"{obiettivo}__missione__numero"), punto=F(f"{obiettivo}__numero"), testo=F(f"{obiettivo}__testo")
    )
    for uno in driver.order_by("numero", "missione", "punto"):
        quadro.driver.setdefault(uno.numero, uno)
        if uno.punto is not None:
            quadro.obiettivi.setdefault(uno.numero, []).append((f"M{uno.missione}.{uno.punto}", uno.testo))
    strategie = Strategia.objects.annotate(suo_driver=F("legami_driver__driver__numero"))
    for una in strategie.order_by("numero", "suo_driver"):
        quadro.strategie.setdefault(una.numero, una)
        if una.suo_driver is not None:
            quadro.sviluppi.setdefault(una.numero, []).append(una.suo_driver)


def _comuni(opere: Collection[Opera]) -> set[int]:
    return {comune for opera in opere for comune in opera.comuni}


def _controlla_quanti(nome: str, quanti: int) -> None:
    if quanti > settings.RAPPORTO_INTERVENTI:
        raise RapportoImpossibile(
            _(
                "«%(nome)s» comprende %(quanti)s interventi e un rapporto ne tiene al massimo %(limite)s: chiedi un "
                "rapporto per ogni piano, zona o Comune."
            )
            % {
                "nome": nome,
                "quanti": formati.numero(quanti),
                "limite": formati.numero(settings.RAPPORTO_INTERVENTI),
            }
        )


def _controlla_il_giorno(domanda: Domanda) -> None:
    """A day before any data would give a report of nothing but dashes."""
    primo = andamento.primo_giorno(domanda.noto_al)
    if primo is not None and domanda.al < primo:
        raise RapportoImpossibile(
            _(
                "Al %(giorno)s non c'è ancora nessun dato: il primo avanzamento approvato parla del %(primo)s. Scegli "
                "quel giorno o uno successivo."
            )
            % {"giorno": formati.data_breve(domanda.al), "primo": formati.data_breve(primo)}
        )
