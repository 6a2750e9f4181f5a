"""Reading interventi a block at a time and adding them up by combination.

Every figure is reckoned by the functions of the report, so that the two cannot say different things.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone

from cruscotto.conteggio.chiavi import Chiave, Territorio, di_opera
from cruscotto.conteggio.somme import DECIMALI, PRIMI, Posto, Somme
from monitoraggio.allerte import giudizio
from monitoraggio.allerte import lettura as allerte
from monitoraggio.models import Segnale
from monitoraggio.opere import andamento, giudizi, programma, registro
from monitoraggio.opere.tipi import Opera, Scadenza
from piani_integrati.models import PianoIntegrato
from psttm.campi import CENTESIMI
from rapporti.capitoli import lacune
from rapporti.capitoli.lavori import REVOCATO, lavori_di
from rapporti.capitoli.tavole import dichiarato
from rapporti.capitoli.tempi import fine_dei_lavori
from rapporti.capitoli.valori import escluso, lavoro_di
from rapporti.domanda import Domanda, Perimetro
from rapporti.lettura.quadro import Quadro
from rapporti.scelte import TipoRapporto
from registro.fra import fra

PER_VOLTA = 1_000
# An early warning: how grave, its code, the reason in words; the gravest first.
Avviso = tuple[int, str, str]


@dataclass(frozen=True)
class Quando:
    """The day that is counted. `noto_al` is None for what the portal knows now; `corrente` if the day is today.

    The early warnings of today are those that stand, of another day those that would have.
    """

    al: date
    noto_al: datetime | None = None
    corrente: bool = False


@dataclass(frozen=True)
class Guardato:
    """An intervento that wants looking after, with what the list of them says of it."""

    posto: Posto
    nome: str
    piano: str
    comuni: str
    attuatore: str
    importo: Decimal | None
    avvisi: tuple[Avviso, ...]

    @property
    def rischio(self) -> int:
        return -self.posto.meno_rischio


@dataclass
class Conteggio:
    """What was counted: sums and most at risk of each combination, combination of each intervento.

    `indicatori` are description and unit of each code.
    """

    profili: dict[Chiave, Somme] = field(default_factory=dict)
    guardati: dict[Chiave, list[Guardato]] = field(default_factory=lambda: defaultdict(list))
    posizioni: dict[int, Chiave] = field(default_factory=dict)
    indicatori: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Letta:
    """An intervento with its traguardi and its early warnings."""

    opera: Opera
    scadenze: Sequence[Scadenza]
    avvisi: tuple[Avviso, ...]


def conta(
    interventi: Collection[int],
    quando: Quando,
    territorio: Territorio,
    avanti: Callable[[int], None] = lambda _quanti: None,
) -> Conteggio:
    """Count these interventi of the programme; `avanti` is told how many more are done."""
    conteggio = Conteggio()
    for lette, quadro in a_blocchi(interventi, quando):
        codici = {gruppo.pk: gruppo.codice for gruppo in quadro.gruppi}
        for letta in lette:
            _aggiungi(conteggio, letta, quadro, territorio, codici)
        avanti(len(lette))
    return conteggio


def a_blocchi(interventi: Collection[int], quando: Quando) -> Iterator[tuple[list[Letta], Quadro]]:
    """These interventi as they are counted, some at a time, each block with what the functions of the report read."""
    gruppi = registro.gruppi(PianoIntegrato.objects.values_list("pk", flat=True), quando.noto_al)
    quadro = _quadro(quando, gruppi)
    ordinati = sorted(interventi)
    for inizio in range(0, len(ordinati), PER_VOLTA):
        blocco = ordinati[inizio : inizio + PER_VOLTA]
        lette = list(_del_giorno(blocco, quando) if quando.corrente else _di_allora(blocco, quando))
        for numero, letta in enumerate(lette, start=1):
            letta.opera.chiave = f"i{numero}"
        yield lette, replace(quadro, opere=[letta.opera for letta in lette], appunti={})


def dei_piani(piani: Collection[int], quando: Quando) -> dict[str, dict[str, int]]:
    """The states of the traguardi of the measures, under "", and of each of these piani, by its key: one query."""
    trovati: dict[str, dict[str, int]] = {}
    for una in giudizi.scadenze((), piani, quando.al, quando.noto_al, misure=True):
        suoi = trovati.setdefault(str(una.piano_id or ""), {})
        suoi[una.stato] = suoi.get(una.stato, 0) + 1
    return trovati


def _quadro(quando: Quando, gruppi: list[Any]) -> Quadro:
    """What the functions of the report look at besides the interventi: the day, and the state of the piani."""
    noto_al = quando.noto_al or timezone.now()
    return Quadro(
        domanda=Domanda(TipoRapporto.AVANZAMENTO, Perimetro(), quando.al, noto_al, quando.al, noto_al),
        nome_perimetro="", al=quando.al, noto_al=noto_al, opere=[], gruppi=gruppi, scadenze=[], giudizi=[],
        deroghe=[], comuni={}, zone={}, driver={}, strategie={}, dichiarati=[], contesto=[],
    )  # fmt: skip


# --- Reading ---------------------------------------------------------------------------------------------------------


def _del_giorno(blocco: list[int], quando: Quando) -> Iterator[Letta]:
    opere = registro.opere(blocco, quando.noto_al, parti=True)
    voci = programma.nei_piani(quando.noto_al, blocco)
    andamento.stati(opere, quando.al, quando.noto_al)
    andamento.storia(opere, quando.al, quando.noto_al)
    scadenze: dict[int, list[Scadenza]] = defaultdict(list)
    for scadenza in giudizi.scadenze(blocco, (), quando.al, quando.noto_al, misure=False):
        scadenze[scadenza.intervento_id or 0].append(scadenza)
    avvisi: dict[int, list[Avviso]] = defaultdict(list)
    segnali = Segnale.objects.attivi().filter(fra("intervento_id", blocco)).order_by("-peso", "entro", "pk")
    for intervento, peso, codice, motivo in segnali.values_list("intervento_id", "peso", "codice", "motivo"):
        avvisi[intervento or 0].append((peso, codice, motivo))
    for opera in opere:
        opera.piano_id, opera.linea = voci.get(opera.pk, (None, ""))
        yield Letta(opera, scadenze[opera.pk], tuple(avvisi[opera.pk]))


def _di_allora(blocco: list[int], quando: Quando) -> Iterator[Letta]:
    noto_al = quando.noto_al or timezone.now()
    contesto = allerte.contesto(quando.al, noto_al)
    for caso in allerte.casi(blocco, quando.al, noto_al):
        trovati = [
            (trovato.peso, allarme.codice, trovato.motivo, trovato.entro or date.max)
            for allarme, trovato in giudizio.giudica(caso, contesto)
        ]
        trovati.sort(key=lambda uno: (-uno[0], uno[3], uno[1]))
        avvisi = tuple((peso, codice, str(motivo)) for peso, codice, motivo, _entro in trovati)
        yield Letta(caso.opera, caso.scadenze, avvisi)


# --- Adding up -------------------------------------------------------------------------------------------------------


def _aggiungi(
    conteggio: Conteggio, letta: Letta, quadro: Quadro, territorio: Territorio, codici: dict[int, str]
) -> None:
    opera = letta.opera
    chiave = di_opera(opera, territorio)
    somme = conteggio.profili.setdefault(chiave, Somme())
    conteggio.posizioni[opera.pk] = chiave
    _denaro(somme, opera)
    _stato(somme, letta, quadro)
    _curva(somme, opera, quadro)
    _lacune(somme, opera, quadro)
    for misura in opera.indicatori:
        somme.conta(f"indicatore:{misura.codice}")
        somme.conta(f"programmato:{misura.codice}", _scalato(misura.programmato))
        somme.conta(f"realizzato:{misura.codice}", _scalato(misura.realizzato))
        _descrivi(conteggio, misura.codice, misura.descrizione, misura.unita)
    if letta.avvisi:
        somme.conta("con_segnali")
        for codice in {codice for _peso, codice, _motivo in letta.avvisi}:
            somme.conta(f"segnale:{codice}")
        guardato = _guardato(letta, territorio, codici)
        somme.guarda([guardato.posto])
        if guardato.posto in somme.primi:
            suoi = conteggio.guardati[chiave]
            suoi.append(guardato)
            if len(suoi) > PRIMI:
                suoi.sort(key=lambda uno: uno.posto)
                suoi.pop()


def _denaro(somme: Somme, opera: Opera) -> None:
    somme.conta("interventi")
    somme.conta("finanziamento", centesimi(opera.finanziamento))
    somme.conta("senza_importo", opera.finanziamento is None)
    somme.conta("impegnato", centesimi(dichiarato(opera, opera.stato.impegnato)))
    somme.conta("pagato", centesimi(dichiarato(opera, opera.stato.pagato)))
    somme.conta("economie", centesimi(opera.stato.economie))


def _stato(somme: Somme, letta: Letta, quadro: Quadro) -> None:
    opera = letta.opera
    lavori = lavori_di(opera, quadro.al)
    somme.conta(f"segno:{opera.segno}")
    somme.conta(f"lavori:{lavori}")
    for scadenza in letta.scadenze:
        somme.conta(f"traguardo:{scadenza.stato}")
    if lavori != REVOCATO:
        inizio, fine = opera.base or (None, None)
        somme.date(inizio, fine, fine_dei_lavori(opera))


def _curva(somme: Somme, opera: Opera, quadro: Quadro) -> None:
    lavoro = lavoro_di(opera, quadro)
    if lavoro is not None:
        somme.passi.aggiungi(lavoro)
    elif motivo := escluso(opera, quadro):
        somme.conta(f"fuori:{motivo}")
        somme.conta(f"importo_fuori:{motivo}", centesimi(opera.finanziamento))


def _lacune(somme: Somme, opera: Opera, quadro: Quadro) -> None:
    trovate = {una.lacuna.codice for una in lacune.tutte(quadro)[opera.chiave]}
    somme.conta("con_lacune", bool(trovate))
    for codice in trovate:
        somme.conta(f"lacuna:{codice}")


def _descrivi(conteggio: Conteggio, codice: str, descrizione: str, unita: str) -> None:
    """Of the descriptions that are given of an indicator, the first in the alphabet: the same whatever the order."""
    nuova = (descrizione, unita)
    nota = conteggio.indicatori.get(codice)
    if nota is None or (nuova[0] and (not nota[0] or nuova < nota)):
        conteggio.indicatori[codice] = nuova


def _guardato(letta: Letta, territorio: Territorio, codici: dict[int, str]) -> Guardato:
    opera = letta.opera
    suo = rischio(peso for peso, _codice, _motivo in letta.avvisi)
    return Guardato(
        posto=Posto(-suo, -centesimi(opera.finanziamento), opera.codice, opera.pk),
        nome=opera.nome,
        piano=codici.get(opera.piano_id or 0, ""),
        comuni=territorio.nomi(opera.comuni),
        attuatore=opera.attuatore,
        importo=opera.finanziamento,
        avvisi=letta.avvisi,
    )


def rischio(pesi: Iterable[int]) -> int:
    """The risk of an intervento from those of its warnings, as if each came by itself: 100 × (1 − Π(1 − peso/100))."""
    resta = Decimal(1)
    for peso in pesi:
        resta *= (100 - Decimal(peso)) / 100
    return int((100 * (1 - resta)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def centesimi(importo: Decimal | None) -> int:
    return 0 if importo is None else int(importo * CENTESIMI)


def _scalato(valore: Decimal | None) -> int:
    return 0 if valore is None else int(valore.scaleb(DECIMALI))
