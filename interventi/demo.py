"""Interventi of the demonstration: invented, in the numbers that the sources declare (34, 90, 5, 14 …).

Nothing here is real: titles, amounts, dates and tenders are drawn with a fixed seed; CUPs begin with Z, which no real
one does; everything is marked `dimostrativo`, under the submisura DIMOSTRAZIONE, and never adds to real data.
Some data is left out on purpose, for the portal to find missing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Model

from enti.models import Comune, Ente
from enti.ruoli import TipoEnte
from interventi import ricerca
from interventi.models import (
    Classificazione,
    Finanziamento,
    Indicatore,
    Intervento,
    LegameDriver,
    Localizzazione,
    Procedura,
    Requisiti,
    Submisura,
    ValutazioneDnsh,
    VoceQuadroEconomico,
)
from interventi.scelte import (
    FonteFinanziamento,
    GiudizioDnsh,
    LineaFinanziamento,
    LivelloProgettuale,
    NaturaCup,
    ObiettivoDnsh,
    RegimeDnsh,
    StatoCup,
    VoceDiSpesa,
)
from psttm.models import Driver
from registro.azione import azione_corrente
from registro.dimostrazione import RiferimentiMancanti, dimostrazione
from registro.services import annota
from registro.storia import CREATA, versiona

DIMOSTRAZIONE = "DIMOSTRAZIONE"
SEME = 2025
CENTESIMO = Decimal("0.01")
MILANO = "Milano"
# The Comuni of the people of the demonstration come first, so that they find something of theirs.
PRIMI = ("Bresso", "Rho", "Segrate")


@dataclass(frozen=True)
class Filone:
    """A group of interventi: how many, in how many Comuni, what they build, for how much (thousands of EUR)."""

    codice: str
    quanti: int
    comuni: int
    opere: tuple[str, ...]
    edifici: bool
    migliaia: tuple[int, int]
    driver: tuple[int, ...] = ()
    a_milano: int = 0


FILONI = (
    Filone(
        "COME-IN",
        34,
        34,
        (
            "Recupero dell'ex magazzino comunale come centro di comunità",
            "Riqualificazione della biblioteca e degli spazi per le associazioni",
            "Nuova vita all'ex scuola: laboratori e sportello sociale",
            "Rifunzionalizzazione del centro civico e della palestra di quartiere",
        ),
        edifici=True,
        migliaia=(900, 4800),
        driver=(9, 10),
    ),
    Filone(
        "SPUGNA",
        90,
        32,
        (
            "Depavimentazione e giardini della pioggia nel parcheggio di via Roma",
            "Aiuole drenanti e alberature lungo il viale della stazione",
            "Vasca verde di laminazione nel parco pubblico",
            "Pavimentazioni permeabili in piazza del mercato",
            "Trincee drenanti nel parcheggio della scuola",
        ),
        edifici=False,
        migliaia=(180, 1100),
        driver=(2,),
    ),
    Filone(
        "CAMBIO",
        5,
        12,
        ("Superciclabile, linea dimostrativa",),
        edifici=False,
        migliaia=(7000, 18000),
        driver=(5,),
    ),
    Filone(
        "MICA",
        14,
        1,
        (
            "Abbattimento delle barriere architettoniche nella stazione",
            "Parcheggio per biciclette al nodo di interscambio",
            "Percorsi pedonali verso il nodo di interscambio",
        ),
        edifici=False,
        migliaia=(800, 15000),
        driver=(5,),
        a_milano=14,
    ),
    Filone(
        "EDILIZIA-SCOLASTICA",
        36,
        9,
        ("Adeguamento sismico ed efficienza energetica dell'istituto superiore",),
        edifici=True,
        migliaia=(600, 9000),
        driver=(7,),
        a_milano=17,
    ),
    Filone(
        "PINQUA",
        22,
        9,
        ("Recupero di alloggi sociali e spazi condivisi", "Riqualificazione del cortile e dei percorsi del quartiere"),
        edifici=True,
        migliaia=(500, 3500),
        driver=(9,),
    ),
    Filone(
        "FORESTAZIONE", 2, 19, ("Nuovi boschi metropolitani, lotto",), edifici=False, migliaia=(600, 1500), driver=(2,)
    ),
    Filone("DIGITALE", 3, 1, ("Servizi digitali per i cittadini", "Migrazione al cloud"), False, (120, 900), (1,)),
    Filone(
        "BANDO-PERIFERIE", 51, 31, ("Riqualificazione dello spazio pubblico di quartiere",), False, (150, 1900), (9,)
    ),
)
CLASSI = ("G", "F", "E", "D", "C", "B", "A1", "A2", "A3", "A4")


@dimostrazione(posto=20)
def carica() -> dict[str, int]:
    """Make the interventi, all at once; none if there are any already. Raises RiferimentiMancanti."""
    if Intervento.objects.filter(dimostrativo=True).exists():
        return {"interventi": 0}
    submisura = Submisura.objects.filter(codice=DIMOSTRAZIONE).first()
    if submisura is None:
        raise RiferimentiMancanti("Mancano i dati di riferimento: esegui prima «manage.py carica_riferimenti».")
    return {"interventi": _carica(submisura)}


@transaction.atomic
def _carica(submisura: Submisura) -> int:
    caso = random.Random(SEME)  # noqa: S311 not for secrets
    comuni = _comuni(caso)
    bozze = [bozza for filone in FILONI for bozza in _del_filone(filone, submisura, comuni, caso)]
    _crea([bozza.intervento for bozza in bozze])
    parti: dict[type[Model], list[Model]] = {}
    for bozza in bozze:
        for parte in _parti(bozza, caso):
            parti.setdefault(type(parte), []).append(parte)
    for righe in parti.values():
        _crea(righe)
    ricerca.aggiorna([bozza.intervento.pk for bozza in bozze])
    annota(submisura, "dimostrazione caricata", dopo={"interventi": len(bozze)})
    return len(bozze)


def _crea(righe: Sequence[Model]) -> None:
    modello = type(righe[0])
    modello._default_manager.bulk_create(righe, batch_size=500)
    versiona(modello, [riga.pk for riga in righe], tipo=CREATA, autore=None, azione=azione_corrente())


def _comuni(caso: random.Random) -> list[Comune]:
    """The Comuni outside Milano, those of the people of the demonstration first; Milano is the last."""
    tutti = list(Comune.objects.metropolitani().order_by("codice_istat"))
    if not tutti:
        raise RiferimentiMancanti("Mancano i Comuni: esegui prima «manage.py carica_riferimenti».")
    altri = [comune for comune in tutti if comune.nome not in {*PRIMI, MILANO}]
    caso.shuffle(altri)
    primi = sorted((comune for comune in tutti if comune.nome in PRIMI), key=lambda c: c.nome)
    return [*primi, *altri, *(comune for comune in tutti if comune.nome == MILANO)]


@dataclass
class Bozza:
    """An intervento still to be written, with what its parts are made from."""

    intervento: Intervento
    filone: Filone
    luoghi: list[Comune]
    totale: Decimal
    driver: list[Driver]
    quote: dict[FonteFinanziamento, Decimal]
    pagamenti: dict[FonteFinanziamento, Decimal]


def _del_filone(filone: Filone, submisura: Submisura, comuni: list[Comune], caso: random.Random) -> Iterator[Bozza]:
    enti = {ente.comune_id: ente for ente in Ente.objects.filter(comune__isnull=False)}
    metropoli = Ente.objects.filter(tipo=TipoEnte.CITTA_METROPOLITANA).first()
    classificazione = _classificazione(filone)
    driver = list(Driver.objects.filter(numero__in=filone.driver))
    milano, altri = comuni[-1], _scelti(filone, comuni[:-1])
    for numero in range(1, filone.quanti + 1):
        diffuso = filone.quanti < filone.comuni
        if numero <= filone.a_milano:
            luoghi = [milano]
        elif diffuso:
            luoghi = altri[numero - 1 :: filone.quanti]
        else:
            luoghi = [altri[(numero - 1) % len(altri)]]
        totale = Decimal(caso.randint(filone.migliaia[0] * 10, filone.migliaia[1] * 10)) * 100 + Decimal("0.50")
        inizio = date(2023, 1, 1) + timedelta(days=caso.randint(0, 500))
        fine = date(2025, 3, 1) + timedelta(days=caso.randint(0, 480))
        aperto, concluso = caso.random() < 0.85, caso.random() < 0.25
        opera = filone.opere[(numero - 1) % len(filone.opere)]
        in_pnrr = caso.random() < 0.9
        intervento = Intervento(
            cup=_cup(filone, numero),
            clp=f"DEMO-{filone.codice}-{numero:03}",
            submisura=submisura,
            titolo=f"{opera}{f' {numero}' if filone.quanti <= 5 else ''} ({luoghi[0].nome}) – dimostrazione",
            sintesi="Dato inventato per la dimostrazione del portale: non corrisponde a un progetto vero.",
            soggetto_attuatore=metropoli if diffuso else enti.get(luoghi[0].pk),
            stato_cup=StatoCup.ATTIVO,
            classificazione=classificazione,
            linea_finanziamento=LineaFinanziamento.PNRR if in_pnrr else LineaFinanziamento.NAZIONALE,
            monitorato_regis=True,
            livello_progettuale=caso.choice([LivelloProgettuale.PFTE, LivelloProgettuale.ESECUTIVO, None]),
            inizio_previsto=inizio,
            inizio_effettivo=inizio + timedelta(days=caso.randint(0, 90)) if aperto else None,
            fine_prevista=fine,
            fine_effettiva=fine - timedelta(days=caso.randint(0, 60)) if aperto and concluso else None,
            finanziamento_totale=totale,
            dimostrativo=True,
        )
        quote = _quote(totale, in_pnrr, caso)
        pagamenti = _pagamenti(intervento, quote, caso)
        intervento.pagamenti_totali = sum(pagamenti.values(), Decimal("0.00"))
        yield Bozza(intervento, filone, luoghi, totale, driver, quote, pagamenti)


def _scelti(filone: Filone, comuni: list[Comune]) -> list[Comune]:
    """The first Comuni and then, for each group, others."""
    primi, altri = comuni[: len(PRIMI)], comuni[len(PRIMI) :]
    inizio = 11 * FILONI.index(filone) % len(altri)
    return [*primi, *altri[inizio:], *altri[:inizio]][: filone.comuni]


def _classificazione(filone: Filone) -> Classificazione:
    natura = NaturaCup.SERVIZI if filone.codice == "DIGITALE" else NaturaCup.LAVORI
    return Classificazione.objects.get_or_create(
        natura=natura, tipologia="", settore="", sottosettore="", categoria=""
    )[0]


def _cup(filone: Filone, numero: int) -> str:
    return f"Z{20 + FILONI.index(filone):02}Z25{numero:05}0001"


def _parti(bozza: Bozza, caso: random.Random) -> Iterator[Model]:
    intervento = bozza.intervento
    for comune in bozza.luoghi:
        yield Localizzazione(
            intervento=intervento,
            comune=comune,
            codice_regione="003",
            codice_provincia=comune.codice_istat[:3],
            codice_comune=comune.codice_istat[3:],
            cap=comune.cap,
        )
    yield from _denaro(bozza)
    yield from _gara(bozza, caso)
    yield from _requisiti(bozza, caso)
    for codice, nome, unita, valore in (
        ("T0039", "MQ DELL'INTERVENTO", "Metri quadrati", caso.randint(300, 20_000)),
        ("T0146", "NR. DI INTERVENTI COMPLETATI", "Numero", 1),
    ):
        fatto = valore if intervento.fine_effettiva else 0
        yield Indicatore(
            intervento=intervento,
            codice=codice,
            descrizione=nome,
            unita=unita,
            tipo="Target",
            programmato=valore,
            realizzato=fatto,
        )
    for driver in bozza.driver:
        yield LegameDriver(intervento=intervento, driver=driver, motivo="Dimostrazione")


def _quote(totale: Decimal, in_pnrr: bool, caso: random.Random) -> dict[FonteFinanziamento, Decimal]:
    """How much each source gives: together the total, to the cent."""
    pnrr = (totale * caso.randint(60, 90) / 100).quantize(CENTESIMO) if in_pnrr else Decimal("0.00")
    privato = (totale / 10).quantize(CENTESIMO) if caso.random() < 0.1 else Decimal("0.00")
    return {
        FonteFinanziamento.PNRR: pnrr,
        FonteFinanziamento.PRIVATO: privato,
        FonteFinanziamento.COMUNE: totale - pnrr - privato,
    }


def _pagamenti(
    intervento: Intervento, quote: dict[FonteFinanziamento, Decimal], caso: random.Random
) -> dict[FonteFinanziamento, Decimal]:
    """What was paid of each: all of it when works have ended, nothing before they begin."""
    centesimi = caso.randint(0, 60) if intervento.inizio_effettivo else 0
    parte = Decimal(100 if intervento.fine_effettiva else centesimi) / 100
    return {fonte: (quota * parte).quantize(CENTESIMO) for fonte, quota in quote.items()}


def _denaro(bozza: Bozza) -> Iterator[Model]:
    """Sources, what was paid of each, and a quadro economico of the same total."""
    for fonte, quota in bozza.quote.items():
        if quota:
            yield Finanziamento(intervento=bozza.intervento, fonte=fonte, importo=quota, pagato=bozza.pagamenti[fonte])
    lavori = (bozza.totale * 7 / 10).quantize(CENTESIMO)
    iva = (bozza.totale / 10).quantize(CENTESIMO)
    voci = {VoceDiSpesa.LAVORI: lavori, VoceDiSpesa.IVA: iva, VoceDiSpesa.SPESE_TECNICHE: bozza.totale - lavori - iva}
    for voce, importo in voci.items():
        yield VoceQuadroEconomico(intervento=bozza.intervento, voce=voce, importo=importo)


def _gara(bozza: Bozza, caso: random.Random) -> Iterator[Model]:
    inizio = bozza.intervento.inizio_effettivo
    if inizio is None:
        return
    base = (bozza.totale * 7 / 10).quantize(CENTESIMO)
    yield Procedura(
        intervento=bozza.intervento,
        cig=_cig(caso.randint(1, 16**7 - 1)),
        codice_pda=f"DEMO{caso.randint(1, 10**9)}",
        oggetto=f"Lavori: {bozza.intervento.titolo}",
        oggetto_principale="LAVORI",
        tipo="PROCEDURA APERTA",
        importo=base,
        importo_aggiudicato=(base * caso.randint(80, 98) / 100).quantize(CENTESIMO),
        pubblicata=inizio - timedelta(days=120),
        aggiudicata=inizio - timedelta(days=30),
    )


def _cig(numero: int) -> str:
    """A smart CIG that begins with Z, with its control: well formed and of no real tender we know of."""
    return f"Z{numero * 211 % 251:02X}{numero:07X}"


def _requisiti(bozza: Bozza, caso: random.Random) -> Iterator[Model]:
    prima = caso.randrange(0, 5)
    dopo = min(prima + caso.randint(1, 4), len(CLASSI) - 1)
    noto = caso.random() < 0.8
    superficie = Decimal(caso.randint(200, 6000))
    yield Requisiti(
        intervento=bozza.intervento,
        edificio=bozza.filone.edifici,
        classe_prima=CLASSI[prima] if bozza.filone.edifici else "",
        classe_dopo=CLASSI[dopo] if bozza.filone.edifici and noto else "",
        edificato_prima=superficie,
        edificato_dopo=superficie,
        verde_prima=superficie,
        verde_dopo=superficie + 100 if noto else None,
        mq_beneficiari=superficie * 2 if noto else None,
        inclusione="Percorsi senza barriere e spazi per le associazioni." if noto else "",
        startup=False,
        terzo_settore=caso.random() < 0.5,
    )
    giudizio = GiudizioDnsh.POSITIVO if noto else ""
    yield ValutazioneDnsh(
        intervento=bozza.intervento,
        regime=RegimeDnsh.DUE,
        checklist_ex_ante=date(2022, 9, 30) if noto else None,
        evidenza_ex_ante="Check-list di dimostrazione" if noto else "",
        **{obiettivo.value: giudizio for obiettivo in ObiettivoDnsh},
    )
