"""What follows from the history: the plan of the phases, the register in step with it, the events of who made it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import uuid4

from django.db.models import Model

from interventi import ricerca
from interventi.models import Finanziamento, Indicatore, Intervento, Procedura
from interventi.scelte import VoceDiSpesa
from monitoraggio.demo import regis
from monitoraggio.demo.calendario import APPROVATO
from monitoraggio.demo.denaro import CENTESIMO, ZERO, aggiudicato, cig
from monitoraggio.demo.dichiarato import comune
from monitoraggio.demo.persone import COMPILA, Persone
from monitoraggio.demo.regis import Estratto
from monitoraggio.demo.scrittura import Opera, Scritto
from monitoraggio.flusso import AVANZAMENTO
from monitoraggio.models import Avanzamento, FasePianificata
from registro.azione import azione_corrente
from registro.models import Evento
from registro.storia import CAMBIATA, CREATA, versiona

PER_VOLTA = 500
CAMPI_INTERVENTO = [
    "inizio_previsto", "inizio_effettivo", "fine_prevista", "fine_effettiva", "pagamenti_totali", "pagamenti_al",
    "finanziamento_al", "dati_al", "fase_codice", "fase_descrizione", "stato_avanzamento",
]  # fmt: skip
M = TypeVar("M", bound=Model)


def pianifica(opere: Sequence[Opera], prorogate: datetime, approvate: datetime) -> list[FasePianificata]:
    """The plan that the first approved month fixed, then what the proroghe granted since moved of it.

    The versions of the rows are of `approvate` and of `prorogate`.
    """
    fasi = [fase for opera in opere if opera.approvati for fase in _fasi(opera)]
    FasePianificata.objects.bulk_create(fasi, batch_size=PER_VOLTA)
    azione = azione_corrente()
    versiona(FasePianificata, [f.pk for f in fasi], tipo=CREATA, autore=None, azione=azione, quando=approvate)
    mosse = []
    per_chiave = {(fase.intervento_id, fase.fase): fase for fase in fasi}
    for opera in opere:
        storia = opera.storia
        for tappa in (storia.lavori, storia.collaudo):
            fase = per_chiave.get((storia.posto.intervento.pk, tappa.codice))
            if fase is not None and storia.proroga is not None:
                fase.fine_prevista = tappa.fine_prevista + timedelta(days=storia.proroga.giorni)
                mosse.append(fase)
    FasePianificata.objects.bulk_update(mosse, ["fine_prevista"], batch_size=PER_VOLTA)
    versiona(FasePianificata, [f.pk for f in mosse], tipo=CAMBIATA, autore=None, azione=azione, quando=prorogate)
    return fasi


def _fasi(opera: Opera) -> Iterator[FasePianificata]:
    for tappa in opera.storia.tappe:
        yield FasePianificata(
            intervento=opera.storia.posto.intervento,
            fase=tappa.codice,
            inizio_iniziale=tappa.inizio_previsto,
            fine_iniziale=tappa.fine_prevista,
            inizio_previsto=tappa.inizio_previsto,
            fine_prevista=tappa.fine_prevista,
        )


def allinea(opere: Sequence[Opera], oggi: date) -> None:
    """Bring dates, payments, tenders and indicators of the register to what the history says, as ReGiS would."""
    interventi, fondi, indicatori = list[Intervento](), list[Finanziamento](), list[Indicatore]()
    gare, gare_nuove = list[Procedura](), list[Procedura]()
    for opera in opere:
        storia, intervento = opera.storia, opera.storia.posto.intervento
        estratto = regis.estrai(opera)
        estratto.descrivi(intervento)
        intervento.inizio_previsto = storia.lavori.inizio_previsto
        intervento.fine_prevista = estratto.descritto.fine_prevista or storia.collaudo.fine_prevista
        interventi.append(intervento)
        fondi += _ripartisci(intervento, estratto)
        for indicatore in intervento.indicatori.all():
            indicatore.realizzato = estratto.indicatori.get(indicatore.codice, Decimal(0))
            indicatore.dati_al = estratto.al
            indicatori.append(indicatore)
        if storia.aggiudicata <= oggi:
            gara, nuova = _gara(opera)
            (gare_nuove if nuova else gare).append(gara)
    _aggiorna(Intervento, interventi, CAMPI_INTERVENTO)
    _aggiorna(Finanziamento, fondi, ["pagato", "pagato_al"])
    _aggiorna(Indicatore, indicatori, ["realizzato", "dati_al"])
    _aggiorna(Procedura, gare, ["pubblicata", "aggiudicata"])
    Procedura.objects.bulk_create(gare_nuove, batch_size=PER_VOLTA)
    versiona(Procedura, [g.pk for g in gare_nuove], tipo=CREATA, autore=None, azione=azione_corrente())
    ricerca.aggiorna([gara.intervento_id for gara in gare_nuove])


def _aggiorna(modello: type[M], righe: Sequence[M], campi: list[str]) -> None:
    modello._default_manager.bulk_update(righe, campi, batch_size=200)
    versiona(modello, [riga.pk for riga in righe], tipo=CAMBIATA, autore=None, azione=azione_corrente())


def _ripartisci(intervento: Intervento, estratto: Estratto) -> list[Finanziamento]:
    """What was paid of each source, in proportion to it; together what was paid, to the cent."""
    fondi = [fondo for fondo in intervento.finanziamenti.all() if fondo.importo]
    totale = sum((fondo.importo or ZERO for fondo in fondi), ZERO)
    resta = pagato = estratto.pagato
    for fondo in fondi:
        parte = resta if fondo is fondi[-1] else (pagato * (fondo.importo or ZERO) / totale).quantize(CENTESIMO)
        fondo.pagato, fondo.pagato_al = parte, estratto.al
        resta -= parte
    return fondi


def _gara(opera: Opera) -> tuple[Procedura, bool]:
    """The tender with its days as the history tells them; a new one where the register has none."""
    storia, intervento = opera.storia, opera.storia.posto.intervento
    gara = next(iter(intervento.procedure.all()), None)
    nuova = gara is None
    if gara is None:
        lavori = sum((v.importo for v in intervento.quadro_economico.all() if v.voce == VoceDiSpesa.LAVORI), ZERO)
        gara = Procedura(
            intervento=intervento,
            cig=cig(storia),
            codice_pda=f"DEMO{intervento.clp.removeprefix('DEMO-')}",
            oggetto=f"Lavori: {intervento.titolo}",
            oggetto_principale="LAVORI",
            tipo="PROCEDURA APERTA",
            importo=lavori,
            importo_aggiudicato=aggiudicato(storia),
        )
    gara.pubblicata, gara.aggiudicata = storia.tappe[-5].inizio, storia.aggiudicata
    return gara, nuova


def eventi(opere: Sequence[Opera], persone: Persone) -> list[Evento]:
    """The passages of the interventi of the Comuni of the demonstration, as the registro would have them."""
    nuovi = [
        evento
        for opera in opere
        if comune(opera.storia.posto.intervento) in {*COMPILA, "Segrate"}
        for scritto in opera.scritti.values()
        for evento in _passaggi(scritto, persone)
    ]
    nuovi.sort(key=lambda evento: evento.quando)
    return Evento.objects.bulk_create(nuovi, batch_size=PER_VOLTA)


def _passaggi(scritto: Scritto, persone: Persone) -> Iterator[Evento]:
    avanzamento, vita = scritto.avanzamento, scritto.vita
    codice = avanzamento.intervento.codice

    def evento(verbo: str, quando: datetime, **altro: Any) -> Evento:
        return Evento(
            azione=uuid4(),
            quando=quando,
            verbo=verbo,
            tipo_oggetto=Avanzamento._meta.label_lower,
            id_oggetto=str(avanzamento.pk),
            oggetto=str(avanzamento)[:300],
            **altro,
        )

    chi, spedisce, decide = avanzamento.creato_da, avanzamento.inviato_da, persone.istruttore
    if vita.versione == 1:
        yield evento("aperto", vita.creato, autore=chi, dopo={"mese": vita.mese, "intervento": codice})
    else:
        prima = {"versione": vita.versione - 1}
        yield evento("correzione aperta", vita.creato, autore=chi, prima=prima, nota=avanzamento.motivo_correzione)
    invio = {
        "intervento": codice,
        "percentuale": avanzamento.percentuale,
        "impegnato": avanzamento.impegnato,
        "pagato": avanzamento.pagato,
    }
    if vita.primo_invio is not None:
        yield evento(AVANZAMENTO["invia"].verbo, vita.primo_invio, autore=spedisce, dopo=invio)
    if vita.restituito is not None:
        yield evento(AVANZAMENTO["restituisci"].verbo, vita.restituito, autore=decide, nota=vita.motivo)
        if vita.inviato is not None and vita.inviato > vita.restituito:
            yield evento(AVANZAMENTO["invia"].verbo, vita.inviato, autore=spedisce, dopo=invio)
    if vita.stato == APPROVATO and vita.deciso is not None:
        yield evento(AVANZAMENTO["approva"].verbo, vita.deciso, autore=decide, dopo={"versione": vita.versione})
