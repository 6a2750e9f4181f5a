"""The outcomes that the portal keeps: the matrix of piani and rules, the semaforo of a piano.

Every function costs a constant number of queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import (
    Aggregate,
    Case,
    Count,
    Exists,
    IntegerField,
    JSONField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONArray

from enti.models import Utente
from piani_integrati import racconto
from piani_integrati.esiti import Esito
from piani_integrati.models import (
    Deroga,
    EsitoRegola,
    InterventoNelPiano,
    ModificaDaVerificare,
    PianoIntegrato,
    StatoVerifica,
    TipoPiano,
)
from piani_integrati.racconto import Conto
from piani_integrati.regole import REGOLE, Regola
from piani_integrati.services.verifica import LAVORO_TUTTI
from registro.models import Lavoro
from registro.selectors import lavori_aperti

PIANI_PER_PAGINA = 100


def stato_di(piano: PianoIntegrato) -> StatoVerifica | None:
    """How the piano came out when it was last judged; None if it never was."""
    stato: StatoVerifica | None = getattr(piano, "verifica", None)
    return stato if stato is not None and stato.quando is not None else None


def con_verifica(piani: QuerySet[PianoIntegrato]) -> QuerySet[PianoIntegrato]:
    """Piani with their state, with `in_attesa` (changes that nobody has judged yet) and `con_dimostrativi`."""
    modifiche = ModificaDaVerificare.objects.filter(piano=OuterRef("pk")).order_by()
    quante = Subquery(modifiche.values("piano").annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    inventati = InterventoNelPiano.objects.filter(piano=OuterRef("pk"), intervento__dimostrativo=True)
    return piani.select_related("verifica").annotate(
        in_attesa=Coalesce(quante, Value(0)), con_dimostrativi=Exists(inventati)
    )


# --- The matrix -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Casella:
    """The outcome that the portal keeps of a rule for a piano; None where the rule came after the last verification."""

    regola: Regola
    riga: EsitoRegola | None
    in_deroga: bool = False

    @property
    def nome(self) -> str:
        return racconto.nome_breve(self.regola)

    @property
    def quanti(self) -> int:
        """The interventi that fail, or whose data are missing."""
        if self.riga is None:
            return 0
        return {
            Esito.NON_CONFORME: self.riga.non_conformi,
            Esito.NON_DETERMINABILE: self.riga.non_determinabili,
        }.get(Esito(self.riga.esito), 0)


@dataclass(frozen=True)
class RigaMatrice:
    piano: Any
    stato: StatoVerifica | None
    caselle: list[Casella]


@dataclass(frozen=True)
class Matrice:
    """The piani of a kind and the rules that are about that kind, by their short names, the mandatory ones first."""

    tipo: TipoPiano
    regole: list[tuple[str, Regola]]
    righe: list[RigaMatrice]

    @property
    def obbligatorie(self) -> int:
        return sum(1 for _nome, regola in self.regole if regola.obbligatoria)

    @property
    def facoltative(self) -> int:
        return len(self.regole) - self.obbligatorie

    @property
    def prima_facoltativa(self) -> str:
        return next((regola.codice for _nome, regola in self.regole if not regola.obbligatoria), "")

    @property
    def non_riguardano(self) -> int:
        """How many rules of the catalogue are not about this kind of piano."""
        return len(REGOLE) - len(self.regole)

    @property
    def colonne(self) -> int:
        return len(self.regole) + 2


def pagina_piani(piani: QuerySet[PianoIntegrato], numero: Any) -> Page[PianoIntegrato]:
    """A page of piani: the PUI before the programmes, in each kind the invented ones last."""
    programmi_dopo = Case(When(tipo=TipoPiano.PUI, then=Value(0)), default=Value(1), output_field=IntegerField())
    ordinati = con_verifica(piani).order_by(programmi_dopo, "dimostrativo", "ordine", "codice")
    return Paginator(ordinati, PIANI_PER_PAGINA).get_page(numero)


def matrici(piani: Sequence[PianoIntegrato]) -> list[Matrice]:
    """The kept outcomes of these piani, with their waivers, one matrix for each kind there is: two queries."""
    righe: dict[int, dict[str, EsitoRegola]] = defaultdict(dict)
    attuali = EsitoRegola.objects.filter(piano__in=[piano.pk for piano in piani], al__isnull=True)
    for riga in attuali.filter(passaggio__isnull=True):
        righe[riga.piano_id][riga.regola] = riga
    deroghe = in_deroga(piani)
    trovate = []
    for tipo in (TipoPiano.PUI, TipoPiano.PROGRAMMA):
        sue = sorted((regola for regola in REGOLE if tipo in regola.tipi), key=lambda regola: not regola.obbligatoria)
        suoi = [
            RigaMatrice(
                piano,
                stato_di(piano),
                [
                    Casella(regola, righe[piano.pk].get(regola.codice), (piano.pk, regola.codice) in deroghe)
                    for regola in sue
                ],
            )
            for piano in piani
            if piano.tipo == tipo
        ]
        if suoi:
            trovate.append(Matrice(tipo, nomi_brevi(sue), suoi))
    return trovate


def in_deroga(piani: Sequence[PianoIntegrato]) -> set[tuple[int, str]]:
    """Piano and rule of every waiver that holds now."""
    valide = Deroga.objects.filter(piano__in=[piano.pk for piano in piani], ritirata_il__isnull=True)
    return set(valide.order_by().values_list("piano", "regola").distinct())


def nomi_brevi(regole: Sequence[Regola] = REGOLE) -> list[tuple[str, Regola]]:
    return [(racconto.nome_breve(regola), regola) for regola in regole]


@dataclass(frozen=True)
class Riepilogo:
    """How the piani stand in words, the invented ones apart; when the last was judged, how many changes wait."""

    frasi: list[str]
    quando: datetime | None
    in_attesa: int


def riepilogo() -> Riepilogo:
    """Two queries."""
    giudicati = Q(verifica__quando__isnull=False)
    per_genere = (
        PianoIntegrato.objects.order_by()
        .values("tipo", "dimostrativo")
        .annotate(
            quanti=Count("pk"),
            conformi=Count("pk", filter=giudicati & Q(verifica__esito=Esito.CONFORME)),
            non_conformi=Count("pk", filter=giudicati & Q(verifica__esito=Esito.NON_CONFORME)),
            senza_dati=Count("pk", filter=giudicati & Q(verifica__non_determinabili__gt=0)),
            da_verificare=Count("pk", filter=~giudicati),
            quando=Max("verifica__quando"),
        )
    )
    righe: list[dict[str, Any]] = [dict(riga) for riga in per_genere]
    momenti = [riga.pop("quando") for riga in righe]
    conti = [Conto(**riga) for riga in righe if not riga.pop("dimostrativo")]
    return Riepilogo(
        frasi=[racconto.conto_in_parole(c) for c in sorted(conti, key=lambda conto: conto.tipo != TipoPiano.PUI)],
        quando=max((momento for momento in momenti if momento is not None), default=None),
        in_attesa=ModificaDaVerificare.objects.count(),
    )


def lavoro_aperto(utente: Utente) -> Lavoro | None:
    """The verification of all the piani that is under way, if this person may follow it."""
    return lavori_aperti(utente).filter(tipo=LAVORO_TUTTI).first()


# --- The page of a piano ---------------------------------------------------------------------------------------------


class ElencoJson(Aggregate):
    """The values of a group as a JSON list."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **contesto: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSONB_AGG", **contesto)


def con_esiti_attuali(piani: QuerySet[PianoIntegrato]) -> QuerySet[PianoIntegrato]:
    """Piani with the outcomes that the portal keeps now and the rules with a waiver, at no further query."""
    attuali = EsitoRegola.objects.filter(piano=OuterRef("pk"), al__isnull=True, passaggio__isnull=True).order_by()
    valide = Deroga.objects.filter(piano=OuterRef("pk"), ritirata_il__isnull=True).order_by()
    esiti = attuali.values("piano").annotate(elenco=ElencoJson(JSONArray("regola", "esito"))).values("elenco")
    deroghe = valide.values("piano").annotate(elenco=ElencoJson("regola")).values("elenco")
    return piani.annotate(esiti_attuali=Subquery(esiti), in_deroga=Subquery(deroghe))


@dataclass(frozen=True)
class SezionePiano:
    """What the page of a piano says of the rules: those that are about it, their kept outcomes, which have a waiver."""

    stato: StatoVerifica | None
    in_parole: str
    righe: list[tuple[Regola, Esito, bool]]


def sezione(piano: Any) -> SezionePiano:
    """For a piano of `con_esiti_attuali`, read with its `verifica`: no query."""
    stato = stato_di(piano)
    if stato is None:
        return SezionePiano(None, "", [])
    esiti = {codice: Esito(esito) for codice, esito in piano.esiti_attuali or []}
    righe = [
        (regola, esiti[regola.codice], regola.codice in (piano.in_deroga or []))
        for regola in REGOLE
        if regola.codice in esiti
    ]
    return SezionePiano(
        stato=stato,
        in_parole=racconto.piano_in_parole(
            Esito(stato.esito), stato.conformi, stato.non_conformi, stato.non_determinabili
        ),
        righe=[riga for riga in righe if riga[1] != Esito.NON_APPLICABILE],
    )
