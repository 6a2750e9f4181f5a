"""Traguardi of some interventi of the demonstration, and what is declared of them month by month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from monitoraggio.demo.dichiarato import Punto
from monitoraggio.demo.storia import AGGIUDICAZIONE_COME_IN, CENTO, FINE_PNRR, Storia
from monitoraggio.models import Traguardo
from monitoraggio.scelte import TipoTraguardo
from registro.azione import azione_corrente
from registro.models import Fonte
from registro.storia import CREATA, versiona

LUOGO = "Dimostrazione: traguardo inventato"
MQ = "T0039"
# Days after 30 June 2026 that those on national funds have.
OLTRE_PNRR = 184


@dataclass(frozen=True)
class Promessa:
    """A traguardo of an intervento, and the phase that reaches it. No act has moved its `scadenza_iniziale`."""

    traguardo: Traguardo
    tappa: int
    scadenza_iniziale: date

    @property
    def riga(self) -> str:
        return f"t{self.traguardo.pk}"

    def valori(self, storia: Storia, fine: date) -> dict[str, Any]:
        """What is declared of it at the end of a month."""
        tappa = storia.tappe[self.tappa]
        detto: dict[str, Any] = {}
        if self.traguardo.valore_obiettivo is not None:
            detto["valore"] = Decimal(int(self.traguardo.valore_obiettivo * storia.percento(fine) / CENTO))
        if tappa.fine <= fine:
            return detto | {"conseguito_il": tappa.fine, "evidenza": _evidenza(self, tappa.fine)}
        return detto | {"previsione": storia.stima(tappa.fine, storia.previste(tappa, fine)[1], fine)}


def _evidenza(promessa: Promessa, giorno: date) -> str:
    atto = "Determina di aggiudicazione" if promessa.traguardo.codice == "AGG" else "Certificato di ultimazione"
    return f"{atto} del {giorno:%d/%m/%Y}, agli atti."


def crea(storie: Sequence[Storia], fonte: Fonte) -> dict[int, list[Promessa]]:
    """The traguardi of the interventi that have some, by intervento, still without their history."""
    promesse = [(storia, promessa) for storia in storie for promessa in _di(storia, fonte)]
    nuovi = [promessa.traguardo for _storia, promessa in promesse]
    Traguardo.objects.bulk_create(nuovi, batch_size=500)
    per_intervento: dict[int, list[Promessa]] = {}
    for storia, promessa in promesse:
        per_intervento.setdefault(storia.posto.intervento.pk, []).append(promessa)
    return per_intervento


def _di(storia: Storia, fonte: Fonte) -> Iterator[Promessa]:
    posto = storia.posto
    if posto.filone not in {"COME-IN", "CAMBIO"} and not (posto.fitto and posto.filone == "SPUGNA"):
        return
    come_in = posto.filone == "COME-IN"
    gara = AGGIUDICAZIONE_COME_IN if come_in else storia.tappe[-4].fine_prevista + timedelta(days=30)
    yield _promessa(storia, fonte, -4, "AGG", "Aggiudicazione dei lavori", gara)
    nazionale = come_in and posto.punto is Punto.DA_APRIRE
    fine = FINE_PNRR + timedelta(days=OLTRE_PNRR if nazionale else 0)
    yield _promessa(storia, fonte, -2, "FINE", "Ultimazione dei lavori", fine)
    superficie = next((i for i in posto.intervento.indicatori.all() if i.codice == MQ), None)
    if come_in and superficie is not None and superficie.programmato:
        mq = _promessa(storia, fonte, -2, "MQ", "Superficie rigenerata e restituita all'uso", fine)
        mq.traguardo.tipo = TipoTraguardo.TARGET
        mq.traguardo.valore_obiettivo, mq.traguardo.unita = superficie.programmato, "m²"
        yield mq


def _promessa(storia: Storia, fonte: Fonte, tappa: int, codice: str, titolo: str, scadenza: date) -> Promessa:
    traguardo = Traguardo(
        intervento=storia.posto.intervento,
        codice=codice,
        titolo=titolo,
        tipo=TipoTraguardo.MILESTONE,
        scadenza_iniziale=scadenza,
        scadenza=scadenza,
        fonte=fonte,
        luogo=LUOGO,
    )
    return Promessa(traguardo, tappa, scadenza)


def aggiorna(promesse: dict[int, list[Promessa]], detti: dict[int, dict[str, Any]]) -> None:
    """What the newest approved month says of each traguardo, by its pk, is what the register says of it."""
    toccati = []
    for promessa in (una for sue in promesse.values() for una in sue):
        detto = detti.get(promessa.traguardo.pk)
        if detto is None:
            continue
        promessa.traguardo.previsione = detto["previsione"]
        promessa.traguardo.conseguito_il = detto["conseguito_il"]
        promessa.traguardo.valore_raggiunto = detto["valore"]
        promessa.traguardo.evidenza = detto["evidenza"]
        toccati.append(promessa.traguardo)
    campi = ["previsione", "conseguito_il", "valore_raggiunto", "evidenza"]
    Traguardo.objects.bulk_update(toccati, campi, batch_size=200)
    nati = [promessa.traguardo.pk for sue in promesse.values() for promessa in sue]
    versiona(Traguardo, nati, tipo=CREATA, autore=None, azione=azione_corrente())
