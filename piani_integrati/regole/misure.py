"""Measures and conditions of the rules, as SQL expressions over the interventi or over the piani.

Amounts and surfaces are read as the whole cents the database keeps: sums, comparisons and shares are exact on both
engines. The rows come from `giudizio.da_giudicare`, which joins the private money of each intervento as `privati`.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.db.models import (
    BigIntegerField,
    Case,
    DecimalField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual

from interventi.models import Finanziamento, Localizzazione
from interventi.scelte import ClasseEnergetica, FonteFinanziamento, GiudizioDnsh, ObiettivoDnsh, StatoCup
from piani_integrati.regole.tipi import Contesto, Espressione

# The scale from the worst; the plain "A" of certificates before 2015 is today's A1.
SCALA_ENERGETICA = {
    ClasseEnergetica.G: 1,
    ClasseEnergetica.F: 2,
    ClasseEnergetica.E: 3,
    ClasseEnergetica.D: 4,
    ClasseEnergetica.C: 5,
    ClasseEnergetica.B: 6,
    ClasseEnergetica.A: 7,
    ClasseEnergetica.A1: 7,
    ClasseEnergetica.A2: 8,
    ClasseEnergetica.A3: 9,
    ClasseEnergetica.A4: 10,
}
CENTESIMI_DI_PERCENTO = 10_000
NESSUNO, TUTTI = Q(pk__isnull=True), Q(pk__isnull=False)


def _intero(campo: str) -> Cast:
    """A column kept in whole cents, as the plain number it is."""
    return Cast(F(campo), BigIntegerField())


def _uno_se(condizione: Q) -> Case:
    return Case(When(condizione, then=Value(1)), default=Value(0), output_field=IntegerField())


# --- Money -----------------------------------------------------------------------------------------------------------

# Public money that covers the whole cost leaves nothing to private hands, even where ReGiS does not say so.
TUTTO_PUBBLICO = Q(finanziamento_pubblico__gte=F("finanziamento_totale"), finanziamento_totale__isnull=False)
# Neither do public sources that add up to it. SUM and MIN are written as plain functions: as aggregates the ORM would
# group what is one row already, and these run once for every intervento.
NON_PUBBLICHE = (FonteFinanziamento.PRIVATO, FonteFinanziamento.DA_REPERIRE, FonteFinanziamento.ALTRI_FONDI)
PUBBLICHE = Subquery(
    Finanziamento.objects.filter(intervento=OuterRef("pk"))
    .exclude(fonte__in=NON_PUBBLICHE)
    .order_by()
    .values(somma=Func(F("importo"), function="SUM", output_field=BigIntegerField()))
)
COPERTO = Q(finanziamento_totale__isnull=False) & Q(
    GreaterThanOrEqual(Coalesce(PUBBLICHE, Value(0)), Cast(F("finanziamento_totale"), BigIntegerField()))
)
PRIVATO_IGNOTO = Q(privati__importo__isnull=True) & ~TUTTO_PUBBLICO & ~COPERTO
# Of nothing there is no share.
QUOTA_IGNOTA = PRIVATO_IGNOTO | Q(finanziamento_totale=0, privati__importo=0)


def costo(contesto: Contesto) -> Espressione:
    return _intero("finanziamento_totale")


def _privato() -> Coalesce:
    return Coalesce(_intero("privati__importo"), Value(0), output_field=BigIntegerField())


def quota_privata(contesto: Contesto) -> Espressione:
    """Hundredths of percent, rounded up: what passes the threshold by a cent does not look equal to it."""
    totale = _intero("finanziamento_totale")
    quota = ExpressionWrapper(
        (_privato() * Value(CENTESIMI_DI_PERCENTO) + totale - Value(1)) / totale, output_field=BigIntegerField()
    )
    return Case(When(finanziamento_totale__gt=0, then=quota), default=None, output_field=BigIntegerField())


def quota_entro(contesto: Contesto, soglia: Decimal) -> Q:
    """Private money × 100 % ≤ threshold × total cost, in whole cents and hundredths of percent."""
    parte = ExpressionWrapper(_privato() * Value(CENTESIMI_DI_PERCENTO), output_field=BigIntegerField())
    limite = ExpressionWrapper(
        _intero("finanziamento_totale") * Value(int(soglia * 100)), output_field=BigIntegerField()
    )
    return ~Q(GreaterThan(parte, limite))


def con_privati(contesto: Contesto) -> Espressione:
    return _uno_se(Q(privati__importo__gt=0))


# --- Buildings, areas, inclusion -------------------------------------------------------------------------------------


def _gradino(campo: str) -> Case:
    gradini = [When(**{campo: classe.value, "then": Value(posto)}) for classe, posto in SCALA_ENERGETICA.items()]
    return Case(*gradini, default=None, output_field=IntegerField())


def classi_guadagnate(contesto: Contesto) -> Espressione:
    return ExpressionWrapper(
        _gradino("requisiti__classe_dopo") - _gradino("requisiti__classe_prima"), output_field=IntegerField()
    )


def area_target(contesto: Contesto) -> Espressione:
    return _intero("requisiti__mq_beneficiari")


def suolo_consumato(contesto: Contesto) -> Espressione:
    """How much the built area grows; less than nothing where it shrinks."""
    return ExpressionWrapper(
        _intero("requisiti__edificato_dopo") - _intero("requisiti__edificato_prima"), output_field=BigIntegerField()
    )


def suolo_cresce(contesto: Contesto) -> Q:
    return Q(requisiti__edificato_dopo__gt=F("requisiti__edificato_prima"))


STARTUP_IGNOTA = Q(requisiti__startup__isnull=True)


def con_startup(contesto: Contesto) -> Espressione:
    return _uno_se(Q(requisiti__startup=True))


def con_terzo_settore(contesto: Contesto) -> Espressione:
    return _uno_se(Q(requisiti__terzo_settore=True))


def scritto(campo: str, *, altrimenti: int | None) -> Case:
    """1 where the piano describes it, `altrimenti` where it does not."""
    vuoto = Value(altrimenti, output_field=IntegerField())
    return Case(When(**{campo: ""}, then=vuoto), default=Value(1), output_field=IntegerField())


# --- DNSH ------------------------------------------------------------------------------------------------------------


def obiettivi_danneggiati(contesto: Contesto) -> Espressione:
    negativi = [_uno_se(Q(**{f"dnsh__{obiettivo}": GiudizioDnsh.NEGATIVO})) for obiettivo in ObiettivoDnsh.values]
    return sum(negativi[1:], start=negativi[0])


def un_danno(contesto: Contesto, soglia: Decimal) -> Q:
    return Q(
        *[Q(**{f"dnsh__{obiettivo}": GiudizioDnsh.NEGATIVO}) for obiettivo in ObiettivoDnsh.values], _connector=Q.OR
    )


def senza_ex_post(contesto: Contesto) -> Q:
    """Works that have ended, and nobody has checked afterwards."""
    return Q(fine_effettiva__lte=contesto.al) & (
        Q(dnsh__isnull=True) | Q(dnsh__checklist_ex_post__isnull=True) | Q(dnsh__evidenza_ex_post="")
    )


# --- Design, CUP, term -----------------------------------------------------------------------------------------------


def livello_progettuale(contesto: Contesto) -> Espressione:
    return F("livello_progettuale")


# A closed CUP was active, and its project is done.
CUP_VALIDO = Q(stato_cup__in=[StatoCup.ATTIVO, StatoCup.CHIUSO])


def cup_valido(contesto: Contesto) -> Espressione:
    return _uno_se(CUP_VALIDO)


def giorni_alla_presentazione(contesto: Contesto, soglia: Decimal) -> Espressione:
    """From the day the decree is in force to the presentation; to the day of judgement, once the term has passed."""
    presentata = ExpressionWrapper(F("presentato_il") - F("decreto_in_vigore"), output_field=DurationField())
    finora = ExpressionWrapper(Value(contesto.al) - F("decreto_in_vigore"), output_field=DurationField())
    scaduto = Q(presentato_il__isnull=True, decreto_in_vigore__lt=contesto.al - timedelta(days=int(soglia)))
    return Case(
        When(presentato_il__isnull=False, then=presentata),
        When(scaduto, then=finora),
        default=None,
        output_field=DurationField(),
    )


# --- IVSM ------------------------------------------------------------------------------------------------------------


def _in_un_comune(quale: Q) -> Q:
    """A place of the intervento in a Comune such as this."""
    return Q(Exists(Localizzazione.objects.filter(quale, intervento=OuterRef("pk"), comune__isnull=False)))


def senza_indice(contesto: Contesto) -> Q:
    """A Comune whose index is not known."""
    return _in_un_comune(~Q(comune__in=contesto.indici().values("comune")))


def senza_mediana(contesto: Contesto, sbarra: Decimal) -> Q:
    """Whether the median, which nobody has given, would decide: an index that the general threshold does not clear."""
    if contesto.mediana_ivsm is not None:
        return NESSUNO
    return _in_un_comune(Q(comune__in=contesto.indici().filter(valore__lte=sbarra).values("comune")))


def ivsm_minimo(contesto: Contesto) -> Espressione:
    """The lowest index among the Comuni of the intervento."""
    indici = contesto.indici().filter(comune__localizzazioni__intervento=OuterRef("pk")).order_by()
    return Subquery(indici.values(minimo=Func(F("valore"), function="MIN", output_field=DecimalField())))


def ivsm_sotto(contesto: Contesto, sbarra: Decimal) -> Q:
    """A Comune whose index does not pass the threshold, however the others stand; the median must be known."""
    if contesto.mediana_ivsm is None:
        return NESSUNO
    return _in_un_comune(Q(comune__in=contesto.indici().filter(valore__lte=sbarra).values("comune")))
