"""The rows that figures are made of, whole and raw."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from enti.models import Comune
from interventi.scelte import FonteFinanziamento, LineaFinanziamento
from monitoraggio import fasi
from monitoraggio.models.traguardi import StatoTraguardo
from monitoraggio.opere.tipi import Denaro, Opera, Problema, Scadenza
from monitoraggio.scelte import GravitaCriticita, LivelloTraguardo, TipoCriticita, TipoTraguardo
from monitoraggio.selectors.elenco_situazione import PAROLE
from rapporti.capitoli.cifre import ZERO
from rapporti.capitoli.lavori import lavori_di
from rapporti.capitoli.tempi import aggiudicato_il, fine_dei_lavori
from rapporti.documento import Colonna, Tavola, Unita
from rapporti.lettura.quadro import Quadro

# The indicator of ReGiS for the square metres of an intervento.
AREA = "T0039"

INTERVENTI = (
    Colonna("cup", "CUP", Unita.CODICE, 16),
    Colonna("clp", "Codice locale", Unita.CODICE, 14),
    Colonna("submisura", "Submisura", Unita.CODICE),
    Colonna("titolo", "Titolo", larghezza=30),
    Colonna("piano", "Piano"),
    Colonna("linea", "Linea"),
    Colonna("attuatore", "Soggetto attuatore", larghezza=16),
    Colonna("comuni", "Comuni", larghezza=16),
    Colonna("stato", "Stato"),
    Colonna("percentuale", "Avanzamento (%)", Unita.PERCENTO),
    Colonna("fase", "Fase procedurale", larghezza=16),
    Colonna("aggiudicazione", "Aggiudicazione", Unita.DATA),
    Colonna("inizio_lavori", "Inizio dei lavori", Unita.DATA),
    Colonna("fine_lavori", "Fine dei lavori, effettiva o attesa", Unita.DATA),
    Colonna("fine_prevista", "Fine prevista", Unita.DATA),
    Colonna("fine_stimata", "Fine stimata", Unita.DATA),
    Colonna("fine_effettiva", "Fine effettiva", Unita.DATA),
    Colonna("finanziamento", "Finanziamento (€)", Unita.EURO, 14),
    Colonna("impegnato", "Impegnato (€)", Unita.EURO, 14),
    Colonna("pagato", "Pagato (€)", Unita.EURO, 14),
    Colonna("economie", "Economie (€)", Unita.EURO, 14),
    Colonna("pagamenti_regis", "Pagato secondo ReGiS (€)", Unita.EURO, 14),
    Colonna("linea_finanziamento", "Linea di finanziamento", larghezza=14),
    Colonna("criticita_aperte", "Criticità aperte", Unita.NUMERO),
    Colonna("area_mq", "Superficie programmata (m²)", Unita.METRI_QUADRI),
    Colonna("riferita_al", "Dati al", Unita.DATA),
    Colonna("lavori", "Lavori"),
    Colonna("driver", "Driver"),
    Colonna("strategie", "STTM"),
)
TRAGUARDI = (
    Colonna("codice", "Codice", Unita.CODICE),
    Colonna("titolo", "Traguardo", larghezza=30),
    Colonna("tipo", "Tipo"),
    Colonna("livello", "Livello"),
    Colonna("oggetto", "Di che cosa", larghezza=20),
    Colonna("attuatore", "Soggetto attuatore", larghezza=16),
    Colonna("scadenza", "Scadenza", Unita.DATA),
    Colonna("scadenza_iniziale", "Scadenza iniziale", Unita.DATA),
    Colonna("previsione", "Previsto per il", Unita.DATA),
    Colonna("conseguito_il", "Conseguito il", Unita.DATA),
    Colonna("giorni", "Giorni di ritardo", Unita.GIORNI),
    Colonna("valore_obiettivo", "Valore da raggiungere", Unita.INDICE),
    Colonna("valore_raggiunto", "Valore raggiunto", Unita.INDICE),
    Colonna("unita", "Unità"),
    Colonna("stato", "Stato"),
    Colonna("evidenza", "Evidenza", larghezza=20),
    Colonna("fonte", "Fonte", larghezza=20),
)
CRITICITA = (
    Colonna("cup", "CUP", Unita.CODICE, 16),
    Colonna("titolo", "Intervento", larghezza=24),
    Colonna("piano", "Piano"),
    Colonna("attuatore", "Soggetto attuatore", larghezza=16),
    Colonna("tipo", "Tipo", larghezza=14),
    Colonna("gravita", "Gravità"),
    Colonna("descrizione", "Che cosa", larghezza=30),
    Colonna("azione", "Azione", larghezza=30),
    Colonna("responsabile", "Responsabile", larghezza=16),
    Colonna("scadenza", "Entro il", Unita.DATA),
    Colonna("giorni", "Giorni oltre la data", Unita.GIORNI),
)
FINANZIAMENTI = (
    Colonna("cup", "CUP", Unita.CODICE, 16),
    Colonna("titolo", "Intervento", larghezza=30),
    Colonna("piano", "Piano"),
    Colonna("fonte", "Fonte", larghezza=20),
    Colonna("importo", "Importo (€)", Unita.EURO, 14),
    Colonna("pagato_regis", "Pagato secondo ReGiS (€)", Unita.EURO, 14),
)
COMUNI = (
    Colonna("istat", "Codice ISTAT", Unita.CODICE),
    Colonna("comune", "Comune", larghezza=20),
    Colonna("zona", "Zona omogenea", larghezza=16),
    Colonna("interventi", "Interventi", Unita.NUMERO),
    Colonna("finanziamento", "Finanziamento degli interventi che lo toccano (€)", Unita.EURO, 14),
)


def tavole(quadro: Quadro) -> tuple[Tavola, ...]:
    """Those of the interventi, of the traguardi, of the criticalities, of the sources of money and of the Comuni."""
    piani = {gruppo.pk: gruppo.codice for gruppo in quadro.gruppi}
    per_pk = quadro.per_pk()
    nomi = {pk: comune.nome for pk, comune in quadro.comuni.items()}

    def piano(opera: Opera) -> str:
        return piani.get(opera.piano_id or 0, "")

    return (
        Tavola(
            "interventi",
            "Interventi",
            INTERVENTI,
            {opera.chiave: _intervento(opera, piano(opera), nomi, quadro.al) for opera in quadro.opere},
        ),
        Tavola(
            "traguardi",
            "Traguardi",
            TRAGUARDI,
            {una.chiave: _traguardo(una, per_pk, piani, quadro.al) for una in quadro.scadenze},
        ),
        Tavola(
            "criticita",
            "Criticità aperte",
            CRITICITA,
            {
                chiave_problema(opera, problema): _problema(opera, problema, piano(opera), quadro.al)
                for opera in quadro.opere
                for problema in opera.problemi
            },
        ),
        Tavola(
            "finanziamenti",
            "Finanziamenti per fonte",
            FINANZIAMENTI,
            {
                chiave_denaro(opera, denaro): _denaro(opera, denaro, piano(opera))
                for opera in quadro.opere
                for denaro in opera.denari
            },
        ),
        Tavola("comuni", "Comuni", COMUNI, _comuni(quadro)),
    )


def chiave_problema(opera: Opera, problema: Problema) -> str:
    return f"{opera.chiave}-{problema.riga}"


def chiave_denaro(opera: Opera, denaro: Denaro) -> str:
    return f"{opera.chiave}-{denaro.fonte}"


def chiave_comune(comune: Comune) -> str:
    return f"c{comune.codice_istat}"


def per_comune(opere: Sequence[Opera]) -> dict[int, list[Opera]]:
    """The interventi of each Comune, by its pk."""
    trovate: dict[int, list[Opera]] = defaultdict(list)
    for opera in opere:
        for comune in opera.comuni:
            trovate[comune].append(opera)
    return trovate


def elenco_di_nomi(chiavi: Sequence[int], nomi: dict[int, str]) -> str:
    return ", ".join(sorted(nomi[chiave] for chiave in chiavi if chiave in nomi))


def dichiarato(opera: Opera, valore: Decimal) -> Decimal | None:
    """An amount of the monitoring; unknown, not zero, where nobody has declared anything."""
    return valore if opera.stato.avanzamento_id is not None else None


def area(opera: Opera) -> Decimal | None:
    """The square metres that it is to give back, as planned."""
    note = [una.programmato for una in opera.indicatori if una.codice == AREA and una.programmato is not None]
    return sum(note, ZERO) if note else None


def giorni_oltre(scadenza: date | None, quando: date) -> int | None:
    """By how many days a day is past a deadline; None where it is not."""
    return (quando - scadenza).days if scadenza is not None and scadenza < quando else None


def ritardo(una: Scadenza, al: date) -> int | None:
    """Days of delay of a traguardo: of the day it was met, of the day of the report if it is past, of its forecast."""
    if una.stato == StatoTraguardo.NON_DETERMINABILE:
        return None
    if una.conseguito_il is not None:
        return giorni_oltre(una.scadenza, una.conseguito_il)
    return giorni_oltre(una.scadenza, al if una.scadenza < al else una.previsione or al)


def _intervento(opera: Opera, piano: str, nomi: dict[int, str], al: date) -> tuple[Any, ...]:
    stato = opera.stato
    linea = opera.linea_finanziamento
    return (
        opera.cup,
        opera.clp,
        opera.submisura,
        opera.nome,
        piano,
        opera.linea,
        opera.attuatore,
        elenco_di_nomi(opera.comuni, nomi),
        str(PAROLE[opera.segno]),
        stato.percentuale,
        fasi.nome(stato.fase) if stato.fase else "",
        aggiudicato_il(opera, al),
        stato.inizio_lavori,
        fine_dei_lavori(opera),
        stato.fine_prevista,
        stato.fine_stimata,
        stato.fine_effettiva,
        opera.finanziamento,
        dichiarato(opera, stato.impegnato),
        dichiarato(opera, stato.pagato),
        stato.economie,
        opera.pagamenti_regis,
        str(LineaFinanziamento(linea).label) if linea else "",
        stato.criticita_aperte,
        area(opera),
        stato.riferita_al,
        lavori_di(opera, al),
        ", ".join(str(numero) for numero in opera.driver),
        ", ".join(str(numero) for numero in opera.strategie),
    )


def _traguardo(una: Scadenza, per_pk: dict[int, Opera], piani: dict[int, str], al: date) -> tuple[Any, ...]:
    opera = per_pk.get(una.intervento_id or 0)
    return (
        una.codice,
        una.titolo,
        str(TipoTraguardo(una.tipo).label),
        str(LivelloTraguardo(una.livello).label),
        opera.codice if opera is not None else piani.get(una.piano_id or 0, "") or una.misura,
        opera.attuatore if opera is not None else "",
        una.scadenza,
        una.scadenza_iniziale,
        una.previsione,
        una.conseguito_il,
        ritardo(una, al),
        una.valore_obiettivo,
        una.valore_raggiunto,
        una.unita,
        str(StatoTraguardo(una.stato).label),
        una.evidenza,
        una.fonte,
    )


def _problema(opera: Opera, problema: Problema, piano: str, al: date) -> tuple[Any, ...]:
    return (
        opera.codice,
        opera.nome,
        piano,
        opera.attuatore,
        str(TipoCriticita(problema.tipo).label),
        str(GravitaCriticita(problema.gravita).label),
        problema.descrizione,
        problema.azione,
        problema.responsabile,
        problema.scadenza,
        giorni_oltre(problema.scadenza, al),
    )


def _comuni(quadro: Quadro) -> dict[str, tuple[Any, ...]]:
    trovate = per_comune(quadro.opere)
    return {
        chiave_comune(comune): (
            comune.codice_istat,
            comune.nome,
            str(comune.zona or ""),
            len(trovate[pk]),
            sum((opera.finanziamento or ZERO for opera in trovate[pk]), ZERO),
        )
        for pk, comune in quadro.comuni.items()
        if pk in trovate
    }


def _denaro(opera: Opera, denaro: Denaro, piano: str) -> tuple[Any, ...]:
    return (
        opera.codice,
        opera.nome,
        piano,
        str(FonteFinanziamento(denaro.fonte).label),
        denaro.importo,
        denaro.pagato,
    )
