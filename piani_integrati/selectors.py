"""What the pages of the piani read. Every function costs a constant number of queries.

What ReGiS publishes is public: the totals of a piano count all its interventi for everybody who may read the piani.
Which interventi a person can open is another matter, and is said row by row (`visibile`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum

from enti import selectors as territorio
from enti.models import Utente
from interventi.models import Finanziamento, Intervento, LegameDriver, LegameStrategia, Localizzazione
from interventi.scelte import FonteFinanziamento, StatoCup
from interventi.selectors import percento
from piani_integrati.flusso import StatoPiano
from piani_integrati.models import InterventoNelPiano, Passaggio, PianoIntegrato, TipoPiano
from psttm.models import RisultatoDichiarato

ZERO = Decimal("0.00")
# Up to here the page of a piano shows all its interventi; beyond, the largest ones and the way to the full list.
RIGHE_TUTTE = 150
RIGHE_PRIME = 50
# How many of the interventi chosen for a bulk action are named before it.
ESEMPI = 12
ALTRE_FONTI = "Altre fonti, che i dati non distinguono"
# Width of the picture of the money, and how many sources have a colour of their own.
LARGHEZZA = 1000
COLORI = 5


# --- Totals ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Totali:
    """What some interventi add up to, in EUR; `al` are the days ReGiS was read."""

    quanti: int = 0
    comuni: int = 0
    finanziamento: Decimal = ZERO
    pnrr: Decimal = ZERO
    pagato: Decimal = ZERO
    senza_importo: int = 0
    dimostrativi: int = 0
    finanziamento_al: date | None = None
    pagamenti_al: date | None = None

    @property
    def percento_pagato(self) -> Decimal | None:
        return percento(self.pagato, self.finanziamento)

    @property
    def largo_pagato(self) -> int:
        """Of the picture of the money, the part that is paid."""
        return min(int((self.percento_pagato or ZERO) * LARGHEZZA / 100), LARGHEZZA)

    @property
    def dimostrativo(self) -> bool:
        return self.dimostrativi > 0

    @property
    def al(self) -> date | None:
        return max((giorno for giorno in (self.finanziamento_al, self.pagamenti_al) if giorno), default=None)


def totali_per(campo: str, voci: QuerySet[InterventoNelPiano]) -> dict[Any, Totali]:
    """Totals of the interventi of these places in a piano, grouped by a field: two queries."""
    sotto = f"intervento__nel_piano__{campo}"
    luoghi = Localizzazione.objects.filter(intervento__nel_piano__in=voci, comune__isnull=False).order_by()
    comuni = dict(luoghi.values(sotto).annotate(n=Count("comune", distinct=True)).values_list(sotto, "n"))
    return {gruppo: Totali(comuni=comuni.get(gruppo, 0), **somme) for gruppo, somme in _somme(campo, voci).items()}


def _somme(campo: str, voci: QuerySet[InterventoNelPiano]) -> dict[Any, dict[str, Any]]:
    """All that is summed without counting Comuni. No join to a list, which would multiply the sums."""
    dal_pnrr = Finanziamento.objects.filter(intervento=OuterRef("intervento"), fonte=FonteFinanziamento.PNRR)
    righe = (
        voci.order_by()
        .values(campo)
        .annotate(
            quanti=Count("pk"),
            senza_importo=Count("pk", filter=Q(intervento__finanziamento_totale__isnull=True)),
            finanziamento=Sum("intervento__finanziamento_totale"),
            pnrr=Sum(Subquery(dal_pnrr.values("importo")[:1])),
            pagato=Sum("intervento__pagamenti_totali"),
            dimostrativi=Count("pk", filter=Q(intervento__dimostrativo=True)),
            finanziamento_al=Max("intervento__finanziamento_al"),
            pagamenti_al=Max("intervento__pagamenti_al"),
        )
    )
    somme = {}
    for riga in righe:
        gruppo = riga.pop(campo)
        importi = {nome: riga[nome] or ZERO for nome in ("finanziamento", "pnrr", "pagato")}
        somme[gruppo] = {**riga, **importi}
    return somme


@dataclass(frozen=True)
class RigaPiano:
    piano: PianoIntegrato
    totali: Totali


@dataclass(frozen=True)
class ElencoPiani:
    """The piani with what they add up to: together the real ones, apart the demonstration."""

    righe: list[RigaPiano]
    veri: Totali | None
    dimostrativi: Totali | None


def elenco() -> ElencoPiani:
    per_piano = totali_per("piano", InterventoNelPiano.objects.all())
    per_genere = totali_per("intervento__dimostrativo", InterventoNelPiano.objects.all())
    piani = PianoIntegrato.objects.select_related("misura", "verifica").order_by("tipo", "ordine", "codice")
    # "programma" comes before "pui" in the alphabet, after it for whoever reads.
    ordinati = sorted(piani, key=lambda piano: piano.tipo, reverse=True)
    return ElencoPiani(
        righe=[RigaPiano(piano, per_piano.get(piano.pk, Totali())) for piano in ordinati],
        veri=per_genere.get(False),
        dimostrativi=per_genere.get(True),
    )


@dataclass(frozen=True)
class ContiPerTipo:
    """How many piani of each kind, the invented ones apart."""

    pui: int
    programmi: int


def conti_per_tipo(piani: ElencoPiani) -> ContiPerTipo:
    tipi = Counter(riga.piano.tipo for riga in piani.righe if not riga.piano.dimostrativo)
    return ContiPerTipo(tipi[TipoPiano.PUI], tipi[TipoPiano.PROGRAMMA])


# --- One piano -------------------------------------------------------------------------------------------------------


def piano_completo() -> QuerySet[PianoIntegrato]:
    passaggi = Passaggio.objects.select_related("autore").order_by("data", "quando", "pk")
    return PianoIntegrato.objects.select_related("misura", "proponente", "fonte", "verifica").prefetch_related(
        "strategie", "driver", Prefetch("passaggi", passaggi)
    )


def quanti_per_comune(piano: PianoIntegrato) -> dict[int, int]:
    """How many interventi of the piano lie in each Comune, by its primary key; absent where none does."""
    luoghi = Localizzazione.objects.filter(intervento__nel_piano__piano=piano, comune__isnull=False).order_by()
    return dict(luoghi.values("comune").annotate(n=Count("intervento", distinct=True)).values_list("comune", "n"))


def totali_del(piano: PianoIntegrato, per_comune: dict[int, int]) -> Totali:
    """Totals of one piano, whose Comuni are counted already: one query."""
    somme = _somme("piano", piano.voci.all()).get(piano.pk)
    return Totali(comuni=len(per_comune), **somme) if somme else Totali()


@dataclass(frozen=True)
class RigaFonte:
    """What one source gives and what was paid of it; `percento` is its share of the total.

    `classe` is the colour of the source in the picture, `da` and `larga` its place there, from 0 to 1000.
    """

    nome: str
    importo: Decimal
    pagato: Decimal | None
    percento: Decimal | None
    classe: str
    da: int
    larga: int


def fonti_di_finanziamento(piano: PianoIntegrato, totali: Totali) -> list[RigaFonte]:
    """Money by source, the largest first; last what the data do not tell apart. Without those that give nothing."""
    somme = (
        Finanziamento.objects.filter(intervento__nel_piano__piano=piano, importo__gt=0)
        .order_by()
        .values_list("fonte")
        .annotate(Sum("importo"), Sum("pagato"))
    )
    voci = sorted(
        ((str(FonteFinanziamento(fonte).label), dato, pagato) for fonte, dato, pagato in somme),
        key=lambda voce: voce[1],
        reverse=True,
    )
    noto = sum((dato for _nome, dato, _pagato in voci), ZERO)
    pagato_noto = sum((pagato or ZERO for _nome, _dato, pagato in voci), ZERO)
    if totali.finanziamento > noto:
        resto = (ALTRE_FONTI, totali.finanziamento - noto, max(totali.pagato - pagato_noto, ZERO))
        voci.append(resto)
    intero = max(totali.finanziamento, noto)
    righe: list[RigaFonte] = []
    da = 0
    for posto, (nome, dato, pagato) in enumerate(voci, 1):
        larga = int(dato * LARGHEZZA / intero)
        classe = "fonte-altra" if nome == ALTRE_FONTI or posto > COLORI else f"fonte-{posto}"
        righe.append(RigaFonte(nome, dato, pagato, percento(dato, intero), classe, da, larga))
        da += larga
    return righe


def mappa(quanti: dict[int, int]) -> territorio.Mappa:
    """The 133 Comuni coloured by how many interventi lie in each (`quanti_per_comune`)."""
    classi = classi_di_numeri(quanti.values())
    # Few classes take the middle colours, which are seen better than the palest; the legend skips those not used.
    saltate = min(2, territorio.CLASSI - len(classi))
    comuni = territorio.comuni_metropolitani().select_related("zona", "unione", "confine").defer("confine__geometria")
    voci = [
        territorio.VoceMappa(
            comune,
            comune.confine.tracciato if hasattr(comune, "confine") else "",
            _classe(quanti.get(comune.pk, 0), classi, saltate),
            quanti.get(comune.pk, 0),
        )
        for comune in comuni
    ]
    misura = territorio.Misura("Interventi", "numero", 0, lambda comune: quanti.get(comune.pk, 0))
    return territorio.Mappa(voci, misura, [*[(None, None)] * saltate, *classi], 0)


def classi_di_numeri(numeri: Iterable[int]) -> list[tuple[int, int]]:
    """At most five classes of whole numbers, first and last included: one for each number while they are few."""
    diversi = sorted(set(numeri))
    if len(diversi) <= territorio.CLASSI:
        return [(numero, numero) for numero in diversi]
    tagli = [len(diversi) * parte // territorio.CLASSI for parte in range(territorio.CLASSI + 1)]
    return [(diversi[da], diversi[a - 1]) for da, a in pairwise(tagli)]


def _classe(numero: int, classi: list[tuple[int, int]], saltate: int) -> str:
    if not numero:
        return "niente"
    return f"c{saltate + 1 + bisect_left([ultimo for _primo, ultimo in classi], numero)}"


@dataclass(frozen=True)
class RigaIntervento:
    """An intervento in the table of its piano; the link is there for those who may open it."""

    voce: InterventoNelPiano
    intervento: Any
    comuni: list[str]
    visibile: bool
    pnrr: Decimal | None

    @property
    def percento_pagato(self) -> Decimal | None:
        return percento(self.intervento.pagamenti_totali, self.intervento.finanziamento_totale)


@dataclass(frozen=True)
class TabellaInterventi:
    righe: list[RigaIntervento] = field(default_factory=list)
    quanti: int = 0

    @property
    def tutti(self) -> bool:
        return len(self.righe) == self.quanti

    @property
    def con_linea(self) -> bool:
        return any(riga.voce.linea for riga in self.righe)

    @property
    def con_titolo(self) -> bool:
        return any(riga.intervento.titolo for riga in self.righe)


def tabella(piano: PianoIntegrato, quanti: int, utente: Utente) -> TabellaInterventi:
    """The interventi of a piano: all while they are few, then the largest."""
    pnrr = Finanziamento.objects.filter(intervento=OuterRef("intervento"), fonte=FonteFinanziamento.PNRR)
    visibili = Intervento.objects.visibili_a(utente).filter(pk=OuterRef("intervento"))
    luoghi = Localizzazione.objects.select_related("comune").order_by("comune__nome", "pk")
    voci = (
        piano.voci.select_related("intervento__soggetto_attuatore")
        .defer("intervento__testo_ricerca", "intervento__sintesi")
        .annotate(pnrr=Subquery(pnrr.values("importo")[:1]), visibile=Exists(visibili))
        .prefetch_related(Prefetch("intervento__localizzazioni", luoghi))
    )
    if quanti > RIGHE_TUTTE:
        voci = voci.order_by("-intervento__finanziamento_totale", "intervento__cup", "pk")[:RIGHE_PRIME]
    else:
        voci = voci.order_by("linea", "intervento__cup", "pk")
    righe = [
        RigaIntervento(
            voce=voce,
            intervento=voce.intervento,
            comuni=list(dict.fromkeys(str(luogo) for luogo in voce.intervento.localizzazioni.all())),
            visibile=voce.visibile,
            pnrr=voce.pnrr,
        )
        for voce in voci
    ]
    return TabellaInterventi(righe, quanti)


def dichiarati(piano: PianoIntegrato) -> QuerySet[RisultatoDichiarato]:
    """What the sources declare of this piano: never added to what is computed."""
    return RisultatoDichiarato.objects.filter(programma=piano.codice).select_related("fonte")


@dataclass(frozen=True)
class Scelta:
    """What was chosen for a bulk assignment: where the interventi are now, what they are linked to."""

    quanti: int
    finanziamento: Decimal
    # (code of the piano, how many), the ones in no piano under "".
    per_piano: list[tuple[str, int]]
    dimostrativi: int
    con_driver: int
    con_sttm: int
    affidabili: int
    esempi: list[Intervento]

    @property
    def in_un_piano(self) -> int:
        return sum(quanti for codice, quanti in self.per_piano if codice)

    @property
    def altri(self) -> int:
        return self.quanti - len(self.esempi)


def scelta(interventi: QuerySet[Intervento]) -> Scelta:
    """What the page of bulk assignment says before asking."""
    suoi = interventi.order_by()
    con_comuni = Localizzazione.objects.filter(intervento=OuterRef("pk"), comune__isnull=False).order_by()
    numeri = suoi.aggregate(
        quanti=Count("pk"),
        finanziamento=Sum("finanziamento_totale"),
        dimostrativi=Count("pk", filter=Q(dimostrativo=True)),
        con_driver=Count("pk", filter=Exists(LegameDriver.objects.filter(intervento=OuterRef("pk")))),
        con_sttm=Count("pk", filter=Exists(LegameStrategia.objects.filter(intervento=OuterRef("pk")))),
    )
    in_un_comune = con_comuni.values("intervento").annotate(n=Count("comune", distinct=True)).filter(n=1)
    per_piano = suoi.values_list("nel_piano__piano__codice").annotate(quanti=Count("pk"))
    return Scelta(
        quanti=numeri["quanti"],
        finanziamento=numeri["finanziamento"] or ZERO,
        per_piano=sorted((codice or "", quanti) for codice, quanti in per_piano),
        dimostrativi=numeri["dimostrativi"],
        con_driver=numeri["con_driver"],
        con_sttm=numeri["con_sttm"],
        affidabili=suoi.filter(Exists(in_un_comune), soggetto_attuatore__isnull=True).count(),
        esempi=list(interventi.defer("testo_ricerca", "sintesi").order_by("cup", "clp", "pk")[:ESEMPI]),
    )


def senza_piano(utente: Utente) -> QuerySet[Intervento]:
    return Intervento.objects.visibili_a(utente).filter(nel_piano__isnull=True)


# --- The CUPs for the DIPE -------------------------------------------------------------------------------------------


@dataclass
class RigaCup:
    """A CUP and what was granted to it, in EUR; several projects with the same CUP are added up."""

    cup: str
    descrizione: str
    titolare: str
    codice_fiscale: str
    costo: Decimal | None
    finanziamento: Decimal | None
    comuni: list[tuple[str, str]]
    stato: str
    situazione_al: date | None


@dataclass(frozen=True)
class ElencoCup:
    """The CUPs to communicate, those left out with the reason, and the act that grants the money."""

    righe: list[RigaCup]
    esclusi: list[tuple[Any, str]]
    assegnazione: Passaggio | None

    @property
    def costo(self) -> Decimal:
        return sum((riga.costo or ZERO for riga in self.righe), ZERO)

    @property
    def finanziamento(self) -> Decimal:
        return sum((riga.finanziamento or ZERO for riga in self.righe), ZERO)


def elenco_cup(piano: PianoIntegrato) -> ElencoCup:
    """The financed CUPs of a piano (art. 11, c. 2-ter, L. 3/2003), real or of demonstration as the piano is."""
    pnrr = Finanziamento.objects.filter(intervento=OuterRef("pk"), fonte=FonteFinanziamento.PNRR)
    luoghi = Localizzazione.objects.filter(comune__isnull=False).select_related("comune").order_by("comune__nome")
    interventi = (
        Intervento.objects.filter(nel_piano__piano=piano)
        .select_related("soggetto_attuatore")
        .defer("testo_ricerca")
        .annotate(pnrr=Subquery(pnrr.values("importo")[:1]))
        .prefetch_related(Prefetch("localizzazioni", luoghi))
        .order_by("cup", "clp", "pk")
    )
    righe: dict[str, RigaCup] = {}
    esclusi: list[tuple[Any, str]] = []
    for intervento in interventi:
        motivo = _fuori_elenco(intervento)
        if motivo:
            esclusi.append((intervento, motivo))
        elif intervento.cup in righe:
            _somma(righe[intervento.cup], intervento)
        else:
            righe[intervento.cup] = _riga_cup(intervento)
    assegnazione = piano.passaggi.filter(a=StatoPiano.ASSEGNATO).order_by("-data", "-pk").first()
    return ElencoCup(list(righe.values()), esclusi, assegnazione)


def _fuori_elenco(intervento: Intervento) -> str:
    if not intervento.cup:
        return "manca il CUP"
    if intervento.stato_cup in {StatoCup.REVOCATO, StatoCup.CANCELLATO}:
        return f"il CUP è {intervento.get_stato_cup_display()}"
    return ""


def _riga_cup(intervento: Any) -> RigaCup:
    attuatore = intervento.soggetto_attuatore
    return RigaCup(
        cup=intervento.cup,
        descrizione=intervento.titolo,
        titolare=intervento.attuatore_denominazione or (attuatore.denominazione if attuatore else ""),
        codice_fiscale=intervento.attuatore_cf or (attuatore.codice_fiscale if attuatore else ""),
        costo=intervento.finanziamento_totale,
        finanziamento=intervento.pnrr,
        comuni=_comuni(intervento),
        stato=str(intervento.get_stato_cup_display()),
        situazione_al=intervento.finanziamento_al or intervento.dati_al,
    )


def _somma(riga: RigaCup, intervento: Any) -> None:
    for campo, valore in (("costo", intervento.finanziamento_totale), ("finanziamento", intervento.pnrr)):
        if valore is not None:
            setattr(riga, campo, (getattr(riga, campo) or ZERO) + valore)
    riga.comuni = list(dict.fromkeys([*riga.comuni, *_comuni(intervento)]))


def _comuni(intervento: Any) -> list[tuple[str, str]]:
    return list(
        dict.fromkeys((luogo.comune.codice_istat, luogo.comune.nome) for luogo in intervento.localizzazioni.all())
    )
