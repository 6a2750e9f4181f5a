"""What a proposal must say before it is presented: one list of values for the piano, one for each of its interventi.

Only whether a datum is there, never whether it is good: that is what the rules judge. A condition is a `Q` that is true
where the datum is missing, so that one query tells all that is missing in all the interventi of a piano.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interventi.models import Intervento, Localizzazione
from interventi.scelte import ObiettivoDnsh
from piani_integrati.models import PianoIntegrato, TipoPiano


@dataclass(frozen=True)
class DatoPiano:
    """`campo` is the field of the form where it is mended."""

    codice: str
    manca: str | Promise
    campo: str
    assente: Callable[[PianoIntegrato], bool]
    obbligatorio: bool = True


@dataclass(frozen=True)
class DatoIntervento:
    """`parte` is the section of the form of the intervento where it is mended, or `rotta` the page that holds it."""

    codice: str
    manca: str | Promise
    parte: str
    assente: Q
    obbligatorio: bool = True
    rotta: str = ""


def _vuoto(campo: str) -> Callable[[PianoIntegrato], bool]:
    return lambda piano: getattr(piano, campo) in (None, "", False)


PER_IL_PIANO = (
    DatoPiano("descrizione", _("la descrizione della proposta"), "descrizione", _vuoto("descrizione")),
    DatoPiano("proponente", _("l'ente proponente"), "proponente", _vuoto("proponente_id")),
    DatoPiano("importo_richiesto", _("l'importo richiesto"), "importo_richiesto", _vuoto("importo_richiesto")),
    DatoPiano(
        "decreto_in_vigore",
        _("il giorno in cui il decreto è entrato in vigore, da cui decorre il termine"),
        "decreto_in_vigore",
        _vuoto("decreto_in_vigore"),
    ),
    DatoPiano("inizio", _("l'inizio previsto"), "inizio", _vuoto("inizio")),
    DatoPiano("fine", _("la fine prevista"), "fine", _vuoto("fine")),
    DatoPiano(
        "inclusione",
        _("le misure per l'autonomia delle persone con disabilità e l'inclusione sociale"),
        "inclusione",
        _vuoto("inclusione"),
    ),
    DatoPiano("dichiara_dnsh", _("la dichiarazione sul principio DNSH"), "dichiara_dnsh", _vuoto("dichiara_dnsh")),
    DatoPiano(
        "dichiara_suolo",
        _("la dichiarazione sul saldo fra aree edificate e aree verdi"),
        "dichiara_suolo",
        _vuoto("dichiara_suolo"),
    ),
    DatoPiano("dichiara_cup", _("la dichiarazione sui CUP"), "dichiara_cup", _vuoto("dichiara_cup")),
    DatoPiano(
        "privati",
        _("come partecipano i privati, o che non partecipano"),
        "cofinanziamento_privato",
        _vuoto("cofinanziamento_privato"),
        obbligatorio=False,
    ),
    DatoPiano(
        "coprogettazione",
        _("la coprogettazione con il terzo settore"),
        "coprogettazione",
        _vuoto("coprogettazione"),
        obbligatorio=False,
    ),
    DatoPiano("startup", _("le start-up di servizi pubblici"), "startup", _vuoto("startup"), obbligatorio=False),
)

_SENZA_COMUNE = ~Exists(Localizzazione.objects.filter(intervento=OuterRef("pk"), comune__isnull=False))
_OBIETTIVI_DNSH = Q(*[Q(**{f"dnsh__{obiettivo}": ""}) for obiettivo in ObiettivoDnsh.values], _connector=Q.OR)

PER_INTERVENTO = (
    DatoIntervento("cup", _("il CUP"), "identita", Q(cup="")),
    DatoIntervento("stato_cup", _("lo stato del CUP"), "cup", ~Q(cup="") & Q(stato_cup="")),
    DatoIntervento("titolo", _("il titolo"), "identita", Q(titolo="")),
    DatoIntervento(
        "attuatore",
        _("il soggetto attuatore"),
        "identita",
        Q(soggetto_attuatore__isnull=True, attuatore_denominazione=""),
    ),
    DatoIntervento("comune", _("il Comune in cui si trova"), "dove", Q(_SENZA_COMUNE)),
    DatoIntervento("costo", _("il finanziamento totale"), "denaro", Q(finanziamento_totale__isnull=True)),
    DatoIntervento(
        "tempi",
        _("le date previste di inizio e di fine"),
        "progetto",
        Q(inizio_previsto__isnull=True) | Q(fine_prevista__isnull=True),
    ),
    DatoIntervento("livello_progettuale", _("il livello progettuale"), "progetto", Q(livello_progettuale__isnull=True)),
    DatoIntervento(
        "mq_beneficiari", _("i m² dell'area che ne beneficia"), "requisiti", Q(requisiti__mq_beneficiari__isnull=True)
    ),
    DatoIntervento(
        "edificio", _("se riguarda un edificio esistente"), "requisiti", Q(requisiti__edificio__isnull=True)
    ),
    DatoIntervento(
        "classi",
        _("le classi energetiche prima e dopo i lavori"),
        "requisiti",
        Q(requisiti__edificio=True) & (Q(requisiti__classe_prima="") | Q(requisiti__classe_dopo="")),
    ),
    DatoIntervento(
        "aree",
        _("le superfici edificate e a verde, prima e dopo"),
        "requisiti",
        Q(requisiti__edificato_prima__isnull=True)
        | Q(requisiti__edificato_dopo__isnull=True)
        | Q(requisiti__verde_prima__isnull=True)
        | Q(requisiti__verde_dopo__isnull=True),
    ),
    DatoIntervento("dnsh_regime", _("il regime DNSH"), "dnsh", Q(dnsh__regime__isnull=True)),
    DatoIntervento(
        "dnsh_obiettivi",
        _("il giudizio DNSH su ognuno dei sei obiettivi ambientali"),
        "dnsh",
        Q(dnsh__isnull=True) | _OBIETTIVI_DNSH,
    ),
    DatoIntervento(
        "dnsh_ex_ante",
        _("la check-list DNSH ex ante, con la sua evidenza"),
        "dnsh",
        Q(dnsh__checklist_ex_ante__isnull=True) | Q(dnsh__evidenza_ex_ante=""),
    ),
    DatoIntervento(
        "inclusione",
        _("le misure di inclusione"),
        "requisiti",
        Q(requisiti__isnull=True) | Q(requisiti__inclusione=""),
        obbligatorio=False,
    ),
    DatoIntervento(
        "terzo_settore",
        _("se è coprogettato con il terzo settore"),
        "requisiti",
        Q(requisiti__terzo_settore__isnull=True),
        obbligatorio=False,
    ),
)

DATI_PIANO = {dato.codice: dato for dato in PER_IL_PIANO}
DATI_INTERVENTO = {dato.codice: dato for dato in PER_INTERVENTO}


@dataclass(frozen=True)
class MancanzeIntervento:
    intervento: Any
    obbligatori: list[DatoIntervento]
    facoltativi: list[DatoIntervento]


@dataclass(frozen=True)
class Completezza:
    """What is still missing in a proposal."""

    piano: list[DatoPiano]
    piano_facoltativi: list[DatoPiano]
    interventi: list[MancanzeIntervento]
    quanti_interventi: int

    @property
    def senza_interventi(self) -> bool:
        return self.quanti_interventi == 0

    @property
    def mancanti(self) -> int:
        """How many mandatory data are missing."""
        negli_interventi = sum(len(riga.obbligatori) for riga in self.interventi)
        return len(self.piano) + negli_interventi + self.senza_interventi

    @property
    def da_completare(self) -> int:
        """How many interventi miss something mandatory."""
        return sum(1 for riga in self.interventi if riga.obbligatori)

    @property
    def completa(self) -> bool:
        return self.mancanti == 0


def con_mancanze(interventi: QuerySet[Intervento]) -> QuerySet[Intervento]:
    """Interventi with `manca_<codice>` for every datum of PER_INTERVENTO."""
    return interventi.annotate(
        **{
            f"manca_{dato.codice}": ExpressionWrapper(dato.assente, output_field=BooleanField())
            for dato in PER_INTERVENTO
        }
    )


def valuta(piano: PianoIntegrato) -> Completezza:
    """What is missing in the piano and in its interventi, in one query. A programme asks only for its interventi."""
    dati_piano = PER_IL_PIANO if piano.tipo == TipoPiano.PUI else ()
    assenti = [dato for dato in dati_piano if dato.assente(piano)]
    interventi = con_mancanze(Intervento.objects.filter(nel_piano__piano=piano)).defer("testo_ricerca", "sintesi")
    righe = [_mancanze(intervento) for intervento in interventi.order_by("cup", "clp", "pk")]
    return Completezza(
        piano=[dato for dato in assenti if dato.obbligatorio],
        piano_facoltativi=[dato for dato in assenti if not dato.obbligatorio],
        interventi=[riga for riga in righe if riga.obbligatori or riga.facoltativi] if dati_piano else [],
        quanti_interventi=len(righe),
    )


def _mancanze(intervento: Intervento) -> MancanzeIntervento:
    assenti = [dato for dato in PER_INTERVENTO if getattr(intervento, f"manca_{dato.codice}")]
    return MancanzeIntervento(
        intervento=intervento,
        obbligatori=[dato for dato in assenti if dato.obbligatorio],
        facoltativi=[dato for dato in assenti if not dato.obbligatorio],
    )
