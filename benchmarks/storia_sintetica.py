"""A programme that never was, with its whole history: what happened, what was declared of it, and when it was known.

Drawn from a seed, the same on every machine. Delays, stops, optimism, silence and errors are those written here as
constants: the warnings know nothing of them, and are measured on how many they find. Each version of the register is
dated at the day on which the portal would have had it.
"""

from __future__ import annotations

import copy
import random
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import log
from typing import Any

from django.db.models import Model

from enti.models import Ente
from interventi.models import Classificazione, Finanziamento, Intervento, Procedura, Submisura, ValutazioneDnsh
from interventi.scelte import GiudizioDnsh, ObiettivoDnsh, RegimeDnsh, StatoCup
from monitoraggio import mesi
from monitoraggio.models import Avanzamento, Criticita, FaseAvanzamento, Traguardo
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from registro.models import Fonte
from registro.storia import CAMBIATA, CREATA, storico_di

SEME = 20260
NASCITA = date(2022, 12, 31)
PRIMO_MESE, ULTIMO_MESE = date(2023, 1, 1), date(2025, 12, 1)
# How many in a hundred: stop for months; declare delays as they know them, only at the end, or before there are any.
SI_FERMANO, ONESTI, OTTIMISTI = 25, 50, 35
# In a hundred months, how many each sends in time, from the most careful to the least; of the others, never sent.
PUNTUALI, MAI_MANDATI = (97, 85, 60), 40
PAGAMENTI_FERMI, CUP_PROVVISORI, REGIS_SBAGLIATO, CON_PRIVATI, PAGAMENTI_SBAGLIATI = 12, 8, 10, 15, 10
AZIONE = uuid.UUID(int=SEME)
LAVORI, GARA = "00313", "00311"
CENTO = Decimal(100)


@dataclass
class Vita:
    """What happens to an intervento, in truth. `fermi` are the days between which the works stand still."""

    caso: random.Random
    costo: Decimal
    pubblicata: date
    aggiudicata: date
    aggiudicazione_prevista: date
    inizio_previsto: date
    inizio: date
    fine_prevista: date
    fine: date
    fermi: tuple[date, date] | None
    preavviso: int
    indole: str
    puntuale: int
    pagamenti_fermi: tuple[date, date] | None
    attesa_pagamenti: int
    anticipo: Decimal
    versioni: list[Model] = field(default_factory=list)

    def percento(self, giorno: date) -> Decimal:
        """In whole points, up to 99 until the works end: slow, quick, slow again, and still while they are stopped."""
        if giorno < self.inizio:
            return Decimal(0)
        if giorno >= self.fine:
            return CENTO
        parte = Decimal(self._lavorati(giorno)) / max(1, self._lavorati(self.fine))
        curva = (parte + 3 * parte**2 - 2 * parte**3) / 2
        return Decimal(min(99, int(curva * 100)))

    def _lavorati(self, giorno: date) -> int:
        fermi = 0
        if self.fermi is not None:
            fermi = max(0, (min(giorno, self.fermi[1]) - self.fermi[0]).days)
        return (giorno - self.inizio).days - fermi

    def pagato(self, giorno: date) -> Decimal:
        """What was paid by a day: the advance, then the works of some time before; nothing new while it is blocked."""
        if self.pagamenti_fermi is not None and giorno < self.pagamenti_fermi[1]:
            giorno = min(giorno, self.pagamenti_fermi[0])
        if giorno < self.inizio:
            return Decimal("0.00")
        fatto = self.percento(giorno - timedelta(days=self.attesa_pagamenti)) / CENTO
        quota = max(self.anticipo, fatto * Decimal("0.95"))
        return (self.costo * quota).quantize(Decimal("0.01"))

    def stimata(self, giorno: date) -> date:
        """The end that its Comune tells on a day: the plan until it knows better, or says so."""
        manca = (self.fine_prevista - giorno).days
        if self.indole == "cauto" and manca < self.preavviso:
            return max(self.fine, self.fine_prevista) + timedelta(days=30)
        if self.fine <= self.fine_prevista or manca > (self.preavviso if self.indole == "onesto" else 20):
            return max(self.fine_prevista, giorno + timedelta(days=15))
        return max(self.fine + timedelta(days=self.preavviso % 31 - 15), giorno + timedelta(days=15))


def crea(quanti: int) -> list[int]:
    """The programme: its primary keys. It needs the reference data."""
    piani = list(PianoIntegrato.objects.filter(tipo="pui", stato="in_attuazione").order_by("codice"))
    comune = {
        "submisura": Submisura.objects.get_or_create(codice="SINTESI", defaults={"descrizione": "Sintesi"})[0],
        "soggetto_attuatore": Ente.objects.get(comune__nome="Rho"),
        "classificazione": Classificazione.objects.get_or_create(natura="03")[0],
    }
    _versiona(PianoIntegrato.objects.all())
    chiavi, versioni = [], defaultdict[type[Model], list[Model]](list)
    for numero in range(quanti):
        vita = _vita(random.Random(f"{SEME}-{numero}"))  # noqa: S311 not for secrets
        chiavi.append(_registra(numero, vita, piani[numero % len(piani)], comune))
        for riga in vita.versioni:
            versioni[type(riga)].append(riga)
    for modello, righe in versioni.items():
        modello._default_manager.bulk_create(righe, batch_size=500)
    return chiavi


def _versiona(righe: Any) -> None:
    """They were there from the birth of the programme."""
    storico = storico_di(righe.model)
    storico._default_manager.filter(history_date__gt=_istante(NASCITA), history_type=CREATA).delete()
    storico._default_manager.bulk_create(_versione(riga, NASCITA, CREATA) for riga in righe)


# --- What happens ----------------------------------------------------------------------------------------------------


def _vita(caso: random.Random) -> Vita:
    def dopo(giorno: date, da: int, a: int) -> date:
        return giorno + timedelta(days=caso.randint(da, a))

    pubblicata = dopo(date(2022, 10, 1), 0, 360)
    prevista = pubblicata + timedelta(days=100)
    aggiudicata = pubblicata + timedelta(days=max(30, int(caso.lognormvariate(log(105), 0.5))))
    inizio_previsto, inizio = prevista + timedelta(days=60), dopo(aggiudicata, 20, 90)
    durata = 30 * caso.randint(8, 22)
    vera = int(durata * caso.lognormvariate(log(0.92), 0.2))
    fermi = None
    if caso.randint(1, 100) <= SI_FERMANO:
        da = dopo(inizio, vera // 5, 4 * vera // 5)
        fermi = (da, dopo(da, 60, 220))
        vera += (fermi[1] - fermi[0]).days
    blocco = dopo(inizio, 30, vera)
    return Vita(
        caso=caso,
        costo=Decimal(caso.randint(200, 8_000)) * 1_000,
        pubblicata=pubblicata,
        aggiudicata=aggiudicata,
        aggiudicazione_prevista=prevista,
        inizio_previsto=inizio_previsto,
        inizio=inizio,
        fine_prevista=inizio_previsto + timedelta(days=durata),
        fine=inizio + timedelta(days=vera),
        fermi=fermi,
        preavviso=caso.randint(60, 240),
        indole=_una(caso, {"onesto": ONESTI, "ottimista": OTTIMISTI, "cauto": 100 - ONESTI - OTTIMISTI}),
        puntuale=caso.choice(PUNTUALI),
        pagamenti_fermi=(blocco, dopo(blocco, 150, 300)) if caso.randint(1, 100) <= PAGAMENTI_FERMI else None,
        attesa_pagamenti=caso.randint(20, 90),
        anticipo=Decimal(caso.choice((0, 0, 0, 10, 10, 20, 20, 30, 30, 45))) / CENTO,
    )


def _una(caso: random.Random, quote: dict[str, int]) -> str:
    return caso.choices(list(quote), weights=list(quote.values()))[0]


# --- What is known of it ---------------------------------------------------------------------------------------------


def _registra(numero: int, vita: Vita, piano: PianoIntegrato, comune: dict[str, Any]) -> int:
    intervento = Intervento(
        cup=f"S99J22{numero:05}0001",
        clp=f"SINTESI-{numero}",
        titolo=f"Intervento sintetico {numero}",
        stato_cup=StatoCup.ATTIVO,
        finanziamento_totale=vita.costo,
        inizio_previsto=vita.inizio_previsto,
        fine_prevista=vita.fine_prevista,
        monitorato_regis=True,
        **comune,
    )
    intervento.save_base(raw=True)
    nel_piano = InterventoNelPiano(intervento=intervento, piano=piano)
    nel_piano.save_base(raw=True)
    vita.versioni.append(_versione(nel_piano, NASCITA, CREATA))
    _storia_dell_intervento(intervento, vita)
    _fonti(intervento, vita)
    _gara(intervento, vita, numero)
    _dnsh(intervento, vita)
    _mesi(intervento, vita)
    _traguardo(intervento, vita, "AGG", vita.aggiudicazione_prevista + timedelta(days=30), vita.aggiudicata)
    if numero % 2:
        _traguardo(intervento, vita, "FINE", vita.fine_prevista + timedelta(days=vita.caso.randint(0, 60)), vita.fine)
    return intervento.pk


def _storia_dell_intervento(intervento: Intervento, vita: Vita) -> None:
    """The CUP, provisional for some; and the payments as ReGiS has them at each quarter, wrong for some."""
    caso = vita.caso
    definitivo = NASCITA
    if caso.randint(1, 100) <= CUP_PROVVISORI:
        definitivo = vita.aggiudicata + timedelta(days=caso.randint(0, 200))
    for trimestre in range(13):
        letto = mesi.ultimo(mesi.avanti(PRIMO_MESE, 3 * trimestre - 1))
        sbagliato = caso.randint(1, 100) <= REGIS_SBAGLIATO
        riga = copy.copy(intervento)
        riga.stato_cup = StatoCup.PROVVISORIO if letto < definitivo else StatoCup.ATTIVO
        riga.pagamenti_totali = vita.pagato(letto) * Decimal("0.9" if sbagliato else "1")
        riga.pagamenti_totali = riga.pagamenti_totali.quantize(Decimal("0.01"))
        riga.pagamenti_al = riga.dati_al = letto
        quando = NASCITA if trimestre == 0 else letto + timedelta(days=20)
        vita.versioni.append(_versione(riga, quando, CREATA if trimestre == 0 else CAMBIATA))


def _fonti(intervento: Intervento, vita: Vita) -> None:
    """Some are paid by privates too, whose share grows with a variante."""
    caso, quota = vita.caso, Decimal(0)
    if caso.randint(1, 100) <= CON_PRIVATI:
        quota = Decimal(caso.randint(15, 25))
    privato = (vita.costo * quota / CENTO).quantize(Decimal("0.01"))
    pnrr = Finanziamento(intervento=intervento, fonte="pnrr", importo=vita.costo - privato)
    pnrr.save_base(raw=True)
    vita.versioni.append(_versione(pnrr, NASCITA, CREATA))
    if privato:
        riga = Finanziamento(intervento=intervento, fonte="privato", importo=privato)
        riga.save_base(raw=True)
        vita.versioni.append(_versione(riga, NASCITA, CREATA))
        if caso.random() < 0.4:
            # The variante adds to the private share, and takes from the other.
            mossa = (vita.costo * Decimal(caso.randint(1, 6)) / CENTO).quantize(Decimal("0.01"))
            quando = vita.inizio + timedelta(days=caso.randint(30, 400))
            for fondo, importo in ((riga, privato + mossa), (pnrr, vita.costo - privato - mossa)):
                nuovo = copy.copy(fondo)
                nuovo.importo = importo
                vita.versioni.append(_versione(nuovo, quando, CAMBIATA))


def _gara(intervento: Intervento, vita: Vita, numero: int) -> None:
    """Known from its publication on; its award some days after it."""
    gara = Procedura(intervento=intervento, cig=f"S{numero:09}", pubblicata=vita.pubblicata)
    gara.save_base(raw=True)
    vita.versioni.append(_versione(gara, max(NASCITA, vita.pubblicata + timedelta(days=7)), CREATA))
    nota = copy.copy(gara)
    nota.aggiudicata = vita.aggiudicata
    saputa = max(vita.aggiudicata, NASCITA) + timedelta(days=vita.caso.randint(5, 60))
    vita.versioni.append(_versione(nota, saputa, CAMBIATA))


def _dnsh(intervento: Intervento, vita: Vita) -> None:
    """Complete before the works; the check-list after them is ready in time for three in four."""
    valutazione = ValutazioneDnsh(
        intervento=intervento,
        regime=RegimeDnsh.values[0],
        checklist_ex_ante=NASCITA,
        evidenza_ex_ante="Atto",
        **{obiettivo.value: GiudizioDnsh.POSITIVO for obiettivo in ObiettivoDnsh},
    )
    valutazione.save_base(raw=True)
    vita.versioni.append(_versione(valutazione, NASCITA, CREATA))
    fatta = copy.copy(valutazione)
    fatta.checklist_ex_post = vita.fine + timedelta(days=vita.caso.randint(-90, 30))
    fatta.evidenza_ex_post = "Atto"
    vita.versioni.append(_versione(fatta, fatta.checklist_ex_post, CAMBIATA))


def _traguardo(intervento: Intervento, vita: Vita, codice: str, scadenza: date, conseguito: date) -> None:
    """Forecast when its Comune tells of a delay; met on its day, and known some days later."""
    traguardo = Traguardo(
        intervento=intervento,
        codice=codice,
        titolo=codice,
        tipo="milestone",
        scadenza=scadenza,
        scadenza_iniziale=scadenza,
        fonte=Fonte.objects.get(codice="portale"),
    )
    traguardo.save_base(raw=True)
    vita.versioni.append(_versione(traguardo, NASCITA, CREATA))
    detto = None
    if codice == "FINE":
        for mese in _tutti_i_mesi():
            al = mesi.ultimo(mese)
            previsione = vita.stimata(al)
            if al < conseguito and previsione != vita.fine_prevista and previsione != detto:
                riga = copy.copy(traguardo)
                riga.previsione = detto = previsione
                vita.versioni.append(_versione(riga, al, CAMBIATA))
    fatto = copy.copy(traguardo)
    fatto.conseguito_il, fatto.previsione, fatto.evidenza = conseguito, detto, "Atto"
    saputo = conseguito + timedelta(days=vita.caso.randint(5, 60))
    vita.versioni.append(_versione(fatto, saputo, CAMBIATA))


# --- Month by month --------------------------------------------------------------------------------------------------


def _tutti_i_mesi() -> Iterator[date]:
    mese = PRIMO_MESE
    while mese <= ULTIMO_MESE:
        yield mese
        mese = mesi.avanti(mese)


def _mesi(intervento: Intervento, vita: Vita) -> None:
    """What is sent and approved: late, or never, by how careful the Comune is. The last one is that of the end."""
    gia_pagato, sbagliato = Decimal("0.00"), _mese_sbagliato(vita)
    for mese in _tutti_i_mesi():
        al = mesi.ultimo(mese)
        quando = _approvato_il(vita, al)
        if quando is None:
            continue
        pagato = vita.pagato(al)
        avanzamento = _avanzamento(intervento, vita, mese, al, pagato - gia_pagato)
        if mese == sbagliato:
            avanzamento.pagato += (vita.costo * 2 / 5).quantize(Decimal("0.01"))
        _approva(avanzamento, vita, quando)
        if mese == sbagliato:
            giusto = copy.copy(avanzamento)
            giusto.pk, giusto.stato, giusto.versione, giusto.corregge = None, "inviato", 2, avanzamento
            giusto.pagato, giusto.motivo_correzione = pagato - gia_pagato, "Importo sbagliato"
            _approva(giusto, vita, quando + timedelta(days=vita.caso.randint(40, 150)))
        gia_pagato = pagato
        if vita.fine <= al:
            return


def _mese_sbagliato(vita: Vita) -> date | None:
    """The month in which too much is written as paid, and put right some months later."""
    if vita.caso.randint(1, 100) > PAGAMENTI_SBAGLIATI:
        return None
    return mesi.primo(vita.inizio + timedelta(days=vita.caso.randint(30, (vita.fine - vita.inizio).days)))


def _approvato_il(vita: Vita, al: date) -> date | None:
    if vita.caso.randint(1, 100) <= vita.puntuale:
        return al + timedelta(days=vita.caso.randint(10, 32))
    if vita.caso.randint(1, 100) <= MAI_MANDATI and vita.fine > al:
        return None
    return al + timedelta(days=vita.caso.randint(60, 150))


def _avanzamento(intervento: Intervento, vita: Vita, mese: date, al: date, pagato: Decimal) -> Avanzamento:
    stimata = vita.stimata(al)
    return Avanzamento(
        intervento=intervento,
        mese=mese,
        riferito_al=al,
        stato="inviato",
        percentuale=vita.percento(al),
        fase=LAVORI if vita.inizio <= al else GARA,
        inizio_lavori=vita.inizio if vita.inizio <= al else None,
        fine_prevista=vita.fine_prevista,
        fine_stimata=stimata if vita.fine > al else None,
        fine_effettiva=vita.fine if vita.fine <= al else None,
        pagato=pagato,
        criticita_gravi=int(_critico(vita, al)),
        criticita_aperte=int(_critico(vita, al)),
    )


def _approva(avanzamento: Avanzamento, vita: Vita, quando: date) -> None:
    """With its rows: then nothing of it can be changed any more."""
    istante = _istante(quando)
    avanzamento.inviato_il = istante - timedelta(days=5)
    avanzamento.save_base(raw=True)
    _contenuto(avanzamento, vita, avanzamento.riferito_al)
    decisa = {"stato": "approvato", "deciso_il": istante, "approvato_il": istante}
    Avanzamento.objects.filter(pk=avanzamento.pk).update(**decisa)


def _critico(vita: Vita, al: date) -> bool:
    """Two thirds of the stops are told, as grave problems, while they last."""
    return vita.fermi is not None and vita.fermi[0] <= al < vita.fermi[1] and vita.preavviso % 3 != 0


def _contenuto(avanzamento: Avanzamento, vita: Vita, al: date) -> None:
    cominciati = vita.inizio <= al
    FaseAvanzamento(
        avanzamento=avanzamento,
        riga=LAVORI,
        fase=LAVORI,
        inizio_previsto=vita.inizio_previsto,
        inizio_effettivo=vita.inizio if cominciati else None,
        fine_prevista=vita.fine_prevista,
        fine_stimata=avanzamento.fine_stimata,
        fine_effettiva=avanzamento.fine_effettiva,
    ).save_base(raw=True)
    if _critico(vita, al) and vita.fermi is not None:
        Criticita(
            avanzamento=avanzamento,
            riga="c1",
            tipo="cantiere",
            gravita="alta",
            descrizione="Cantiere fermo.",
            azione="Si riprende.",
            scadenza=vita.fermi[0] + timedelta(days=30 + vita.preavviso % 90),
        ).save_base(raw=True)


def _istante(giorno: date) -> datetime:
    return datetime.combine(giorno, time(9), tzinfo=UTC)


def _versione(riga: Any, quando: date, tipo: str) -> Any:
    """The row as it is now, as the portal had it from that day on."""
    storico = storico_di(type(riga))
    campi = {campo.attname: getattr(riga, campo.attname) for campo in storico.tracked_fields}
    return storico(**campi, history_date=_istante(quando), history_type=tipo, azione=AZIONE)
