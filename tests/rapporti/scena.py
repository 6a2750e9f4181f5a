"""A small programme with all its instants fixed: the same rows on every machine, engine and day.

Twelve interventi: five of SPUGNA, four of COME IN, two lines of CAMBIO, one in no piano. Months from January to
December 2024, each approved on the 15th of the next one. It needs the reference data.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps

from enti.models import Comune, Ente
from interventi.models import Classificazione, Finanziamento, Indicatore, Intervento, LegameDriver, Localizzazione
from interventi.scelte import LineaFinanziamento, StatoCup
from monitoraggio import mesi
from monitoraggio.models import (
    Avanzamento,
    Criticita,
    FaseAvanzamento,
    SpostamentoTraguardo,
    Traguardo,
    ValoreIndicatore,
)
from piani_integrati.esiti import Esito
from piani_integrati.models import EsitoRegola, InterventoNelPiano, PianoIntegrato
from psttm.models import Driver
from rapporti.domanda import Domanda, Perimetro
from rapporti.scelte import TipoRapporto
from registro.models import Fonte
from registro.storia import salva
from tests.interventi.opere import submisura

NASCITA = datetime(2024, 1, 2, 9, tzinfo=UTC)
NOTO_AL = datetime(2025, 1, 20, 9, 30, tzinfo=UTC)
AL, CONFRONTO = date(2024, 12, 31), date(2024, 9, 30)
# Comune, piano, line, cost in EUR, months of works planned, percent done a month.
OPERE: tuple[tuple[str, str, str, str, int, int], ...] = (
    ("Rho", "SPUGNA", "", "1200000.00", 10, 10),
    ("Bresso", "SPUGNA", "", "850000.50", 12, 6),
    ("Segrate", "SPUGNA", "", "2000000.00", 20, 5),
    ("Melzo", "SPUGNA", "", "640000.10", 18, 0),
    ("Arese", "SPUGNA", "", "333333.33", 9, 12),
    ("Bresso", "COME IN", "", "900000.00", 8, 13),
    ("Segrate", "COME IN", "", "1500000.00", 10, 10),
    ("Rho", "COME IN", "", "1100000.00", 24, 3),
    ("Legnano", "COME IN", "", "700000.00", 24, 0),
    ("Milano", "CAMBIO", "Linea 2", "5000000.00", 20, 5),
    ("Milano", "CAMBIO", "Linea 15", "4000000.00", 30, 1),
    ("Magenta", "", "", "250000.00", 12, 4),
)


def domanda(dove: Perimetro | None = None, tipo: TipoRapporto = TipoRapporto.AVANZAMENTO) -> Domanda:
    return Domanda(tipo, dove or Perimetro(), AL, NOTO_AL, CONFRONTO, NOTO_AL)


def crea() -> list[Intervento]:
    """All of it, in the order of OPERE."""
    opere = [_opera(numero, *dati) for numero, dati in enumerate(OPERE, start=1)]
    _regole()
    _date_fisse()
    return opere


def _opera(numero: int, comune: str, piano: str, linea: str, costo: str, durata: int, passo: int) -> Intervento:
    natura, _nuova = Classificazione.objects.get_or_create(natura="03")
    opera = Intervento(
        cup=f"B4{numero % 10}J22{numero:05}0001",
        clp=f"SCENA-{numero:02}",
        submisura=submisura(),
        titolo=f"Opera {numero} di {comune} <con segni & «virgolette»>",
        soggetto_attuatore=Ente.objects.get(comune__nome=comune),
        stato_cup=StatoCup.ATTIVO,
        classificazione=natura,
        linea_finanziamento=LineaFinanziamento.NAZIONALE if passo == 0 else LineaFinanziamento.PNRR,
        finanziamento_totale=Decimal(costo),
        monitorato_regis=True,
        pagamenti_totali=Decimal(costo) / 4 if numero % 2 else None,
        pagamenti_al=date(2024, 12, 1) if numero % 2 else None,
    )
    if opera.pagamenti_totali is not None:
        opera.pagamenti_totali = opera.pagamenti_totali.quantize(Decimal("0.01"))
    salva(opera, autore=None)
    luogo = Comune.objects.metropolitani().get(nome=comune)
    istat = luogo.codice_istat
    salva(
        Localizzazione(intervento=opera, comune=luogo, codice_provincia=istat[:3], codice_comune=istat[3:]), autore=None
    )
    comunale = (Decimal(costo) / 10).quantize(Decimal("0.01"))
    salva(Finanziamento(intervento=opera, fonte="pnrr", importo=Decimal(costo) - comunale), autore=None)
    salva(Finanziamento(intervento=opera, fonte="comune", importo=comunale), autore=None)
    salva(Indicatore(intervento=opera, codice="T0039", descrizione="MQ", unita="m²", programmato=1000), autore=None)
    salva(LegameDriver(intervento=opera, driver=Driver.objects.get(numero=5 if linea else 9)), autore=None)
    if piano:
        nel = PianoIntegrato.objects.get(codice=piano)
        salva(InterventoNelPiano(piano=nel, intervento=opera, linea=linea), autore=None)
    traguardo = _traguardo(opera, piano)
    for quale in range(12):
        _mese(opera, numero, date(2024, quale + 1, 1), durata, min(100, passo * (quale + 1)))
    if numero == 3 and traguardo is not None:
        _sposta(traguardo)
    return opera


def _traguardo(opera: Intervento, piano: str) -> Traguardo | None:
    if not piano:
        return None
    in_ritardo = opera.clp.endswith("8")
    traguardo = Traguardo(
        intervento=opera,
        codice="AGG",
        titolo="Aggiudicazione dei lavori",
        tipo="milestone",
        scadenza_iniziale=date(2023, 7, 30),
        scadenza=date(2023, 7, 30),
        conseguito_il=None if in_ritardo else date(2023, 7, 28),
        previsione=date(2025, 3, 31) if in_ritardo else None,
        fonte=Fonte.objects.get(codice="portale"),
    )
    salva(traguardo, autore=None)
    return traguardo


def _sposta(traguardo: Traguardo) -> None:
    SpostamentoTraguardo.objects.create(
        traguardo=traguardo,
        da=date(2023, 7, 30),
        a=date(2023, 9, 30),
        atto="Decreto n. 7",
        data_atto=date(2024, 6, 1),
        motivo="Proroga.",
        quando=NASCITA,
    )
    traguardo.scadenza = date(2023, 9, 30)
    salva(traguardo, autore=None)


def _mese(opera: Intervento, numero: int, mese: date, durata: int, percento: int) -> None:
    fine_mese = mesi.ultimo(mese)
    inizio = date(2024, 1, 10)
    fine_prevista = mesi.ultimo(mesi.avanti(date(2024, 1, 1), durata - 1))
    avviato = percento > 0
    concluso = percento == 100
    costo = opera.finanziamento_totale or Decimal(0)
    quando = datetime(mese.year + mese.month // 12, mese.month % 12 + 1, 15, 10, tzinfo=UTC)
    avanzamento = Avanzamento.objects.create(
        intervento=opera,
        mese=mese,
        riferito_al=fine_mese,
        stato="inviato",
        creato_il=quando,
        modificato_il=quando,
        inviato_il=quando,
        percentuale=percento,
        fase="00314" if concluso else "00313" if avviato else "00312",
        inizio_lavori=inizio if avviato else None,
        fine_prevista=fine_prevista,
        fine_stimata=fine_prevista + timedelta(days=45 if numero % 3 == 0 else 0),
        fine_effettiva=fine_mese if concluso else None,
        impegnato=(costo / 20).quantize(Decimal("0.01")),
        pagato=(costo * percento / 3000).quantize(Decimal("0.01")),
        criticita_aperte=1 if numero in {2, 4} else 0,
        criticita_gravi=1 if numero == 4 else 0,
    )
    date_sue: dict[str, Any] = {"inizio_previsto": inizio, "fine_prevista": fine_prevista}
    date_sue["fine_stimata"] = avanzamento.fine_stimata
    date_sue |= {"inizio_effettivo": inizio if avviato else None, "fine_effettiva": fine_mese if concluso else None}
    FaseAvanzamento.objects.create(avanzamento=avanzamento, riga="f1", fase="00313", **date_sue)
    ValoreIndicatore.objects.create(
        avanzamento=avanzamento, riga="v1", codice="T0039", programmato=1000, realizzato=10 * percento
    )
    if numero in {2, 4}:
        Criticita.objects.create(
            avanzamento=avanzamento,
            riga="c1",
            tipo="gara",
            gravita="alta" if numero == 4 else "media",
            descrizione="La gara è andata deserta.",
            azione="Si ripubblica.",
            responsabile="Il RUP",
            scadenza=date(2024, 11, 30),
        )
    Avanzamento.objects.filter(pk=avanzamento.pk).update(stato="approvato", deciso_il=quando, approvato_il=quando)


def _regole() -> None:
    """What the rules said at the birth of the scene, and then from May."""
    for piano in PianoIntegrato.objects.filter(codice__in=["SPUGNA", "COME IN", "CAMBIO"]):
        maggio = datetime(2024, 5, 1, 9, tzinfo=UTC)
        comune = {"piano": piano, "regola": "costo_minimo", "soglia": "50000000.00"}
        EsitoRegola.objects.create(esito=Esito.NON_DETERMINABILE, dal=NASCITA, al=maggio, **comune)
        EsitoRegola.objects.create(esito=Esito.NON_CONFORME, misura="5023333.93", dal=maggio, **comune)
        EsitoRegola.objects.create(piano=piano, regola="cup", esito=Esito.CONFORME, conformi=5, dal=NASCITA)


def _date_fisse() -> None:
    """The register was known from the birth of the scene on."""
    for modello in apps.get_models():
        if hasattr(modello, "history_date"):
            modello._default_manager.update(history_date=NASCITA)
