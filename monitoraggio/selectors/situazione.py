"""How interventi stand on a day, as known at an instant."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, F, Min, Q, QuerySet, Sum, Value, When

from interventi.services.legami import a_blocchi
from monitoraggio.flusso import StatoVariazione
from monitoraggio.models import Avanzamento, Situazione, Variazione
from monitoraggio.models.avanzamento import SINTESI
from monitoraggio.scelte import TipoVariazione

ZERO = Decimal("0.00")
# What the monitoring says of an intervento, by the marks that every page uses (`portale.SEGNI`).
STATI = {
    "concluso": "concluso",
    "in_ritardo": "in ritardo",
    "a_rischio": "a rischio",
    "in_linea": "in linea",
    "non_avviato": "non avviato",
    "non_determinabile": "senza dati",
}


@dataclass(frozen=True)
class Stato:
    """The row of Situazione of an intervento, for any day and instant. Amounts in EUR."""

    avanzamento_id: int | None = None
    riferita_al: date | None = None
    percentuale: Decimal | None = None
    fase: str = ""
    inizio_lavori: date | None = None
    fine_prevista: date | None = None
    fine_stimata: date | None = None
    fine_effettiva: date | None = None
    impegnato: Decimal = ZERO
    pagato: Decimal = ZERO
    economie: Decimal = ZERO
    criticita_aperte: int = 0
    criticita_gravi: int = 0
    revocata_il: date | None = None


CAMPI = tuple(campo.name for campo in fields(Stato))
SENZA_DATI = Stato()


def calcola(
    *, interventi: Collection[int] | None = None, al: date | None = None, noto_al: datetime | None = None
) -> dict[int, Stato]:
    """The state of these interventi (None: of all), from the avanzamenti and the variazioni themselves.

    Only those of which anything is known are in the answer. A fixed number of queries for each thousand interventi.
    """
    if interventi is None:
        return calcola_dove(Q(), al=al, noto_al=noto_al)
    stati: dict[int, Stato] = {}
    for blocco in a_blocchi(list(interventi)):
        stati |= calcola_dove(Q(intervento__in=blocco), al=al, noto_al=noto_al)
    return stati


def calcola_dove(quali: Q, *, al: date | None, noto_al: datetime | None) -> dict[int, Stato]:
    """The same for the avanzamenti and variazioni that a condition on `intervento` takes: four queries."""
    avanzamenti = Avanzamento.objects.filter(quali)
    valori: dict[int, dict[str, Any]] = {}
    ultimi = avanzamenti.situazione(al=al, noto_al=noto_al).values("pk", "intervento_id", "riferito_al", *SINTESI)
    for riga in ultimi:
        intervento = riga.pop("intervento_id")
        valori[intervento] = {"avanzamento_id": riga.pop("pk"), "riferita_al": riga.pop("riferito_al"), **riga}
    somme = avanzamenti.in_vigore(al=al, noto_al=noto_al).order_by().values("intervento_id")
    for riga in somme.annotate(somma_i=Sum("impegnato"), somma_p=Sum("pagato")):
        valori[riga["intervento_id"]] |= {"impegnato": riga["somma_i"], "pagato": riga["somma_p"]}
    accolte = variazioni_accolte(Variazione.objects.filter(quali), noto_al)
    for intervento, economie in economie_al(accolte, al).values_list("intervento_id", "somma"):
        valori.setdefault(intervento, {})["economie"] = economie
    for intervento, giorno in revoche_al(accolte, al).values_list("intervento_id", "giorno"):
        valori.setdefault(intervento, {})["revocata_il"] = giorno
    return {intervento: Stato(**campi) for intervento, campi in valori.items()}


def variazioni_accolte(variazioni: QuerySet[Variazione], noto_al: datetime | None) -> QuerySet[Variazione]:
    """Those granted, by an instant if one is given."""
    accolte = variazioni.filter(stato=StatoVariazione.ACCOLTA)
    return accolte if noto_al is None else accolte.filter(decisa_il__lte=noto_al)


def economie_al(accolte: QuerySet[Variazione], al: date | None) -> Any:
    """The economies of each intervento by acts of a day at the latest: `intervento_id`, `somma`."""
    economie = accolte.filter(tipo=TipoVariazione.ECONOMIA)
    if al is not None:
        economie = economie.filter(data_atto__lte=al)
    return economie.order_by().values("intervento_id").annotate(somma=Sum("importo_dopo"))


def revoche_al(accolte: QuerySet[Variazione], al: date | None) -> Any:
    """The day each intervento was revoked on, if by a day at the latest: `intervento_id`, `giorno`."""
    revoche = accolte.filter(tipo=TipoVariazione.REVOCA)
    if al is not None:
        revoche = revoche.filter(data_dopo__lte=al)
    return revoche.order_by().values("intervento_id").annotate(giorno=Min("data_dopo"))


def stato_al(giorno: date, prefisso: str = "") -> Case:
    """The mark of STATI of rows that hold a summary (Situazione, Avanzamento), judged on a day.

    Ended: its last phase has an actual end by then. Late: the planned end has passed. At risk: it is forecast to end
    after the plan, or has a serious criticality. Not started: nothing says that the works began. With a `prefisso`
    the rows are of Situazione, which may be missing, or know of variazioni only.
    """
    dato = f"{prefisso}riferita_al__isnull" if prefisso else "riferito_al__isnull"

    def campo(nome: str) -> str:
        return f"{prefisso}{nome}"

    return Case(
        When(**{dato: True}, then=Value("non_determinabile")),
        When(**{campo("fine_effettiva__lte"): giorno}, then=Value("concluso")),
        When(**{campo("fine_prevista__lt"): giorno}, then=Value("in_ritardo")),
        When(
            Q(**{campo("fine_stimata__gt"): F(campo("fine_prevista"))}) | Q(**{campo("criticita_gravi__gt"): 0}),
            then=Value("a_rischio"),
        ),
        When(**{campo("inizio_lavori__isnull"): True}, then=Value("non_avviato")),
        default=Value("in_linea"),
        output_field=CharField(),
    )


def stato_di(stato: Stato, giorno: date) -> str:
    """The same mark for one state already read: the words of `stato_al`, in Python."""
    if stato.avanzamento_id is None:
        return "non_determinabile"
    if stato.fine_effettiva is not None and stato.fine_effettiva <= giorno:
        return "concluso"
    if stato.fine_prevista is not None and stato.fine_prevista < giorno:
        return "in_ritardo"
    oltre = (
        stato.fine_stimata is not None and stato.fine_prevista is not None and stato.fine_stimata > stato.fine_prevista
    )
    if oltre or stato.criticita_gravi:
        return "a_rischio"
    return "non_avviato" if stato.inizio_lavori is None else "in_linea"


def conservate(interventi: Collection[int] | None = None) -> dict[int, Stato]:
    """What the table Situazione says, in the shape of `calcola`."""
    righe = Situazione.objects.all() if interventi is None else Situazione.objects.filter(intervento__in=interventi)
    return {riga.pop("intervento_id"): Stato(**riga) for riga in righe.values("intervento_id", *CAMPI)}
