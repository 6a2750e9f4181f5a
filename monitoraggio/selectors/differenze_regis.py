"""Where ReGiS and the monitoring say different things: each datum as of the day that ReGiS was read for it.

What is ours comes from the avanzamenti in force that speak of that day or of an earlier one, never of a later one.
Nothing here is written or proposed: whoever reads it decides where to mend.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Max, OuterRef, QuerySet, Subquery, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from enti.models import Utente
from enti.permessi import Permesso
from interventi.importazione.differenze import da_json
from interventi.models import Differenza, Indicatore, Intervento
from interventi.services.legami import a_blocchi
from monitoraggio.models import Avanzamento, ValoreIndicatore, VoceQuadro
from monitoraggio.poteri import enti_con, su_tutti


class Dato(enum.Enum):
    """What is compared, with the words for it: its name, and what it is here."""

    PAGAMENTI = "pagamenti"
    FINANZIAMENTO = "finanziamento"
    INDICATORE = "indicatore"
    FASE = "fase"
    STATO = "stato"
    FINE = "fine"


TITOLI: dict[Dato, str | Promise] = {
    Dato.PAGAMENTI: pigro("Pagamenti"),
    Dato.FINANZIAMENTO: pigro("Finanziamento totale"),
    Dato.INDICATORE: pigro("Indicatore, valore realizzato"),
    Dato.FASE: pigro("Fase"),
    Dato.STATO: pigro("Stato di avanzamento"),
    Dato.FINE: pigro("Fine effettiva"),
}
QUI: dict[Dato, str | Promise] = {
    Dato.PAGAMENTI: pigro("somma dei pagamenti approvati, al netto dei recuperi"),
    Dato.FINANZIAMENTO: pigro("totale del quadro economico approvato"),
    Dato.INDICATORE: pigro("valore realizzato approvato"),
    Dato.FASE: pigro("fase dell'ultimo mese approvato"),
    Dato.STATO: pigro("stato secondo le fasi approvate"),
    Dato.FINE: pigro("fine effettiva approvata"),
}
IMPORTI = frozenset({Dato.PAGAMENTI, Dato.FINANZIAMENTO})


class Confronto(enum.Enum):
    """How the two values stand; without one of them nothing can be said."""

    DIVERSO = "diverso"
    UGUALE = "uguale"
    NON_CONFRONTABILE = "non_confrontabile"


@dataclass(frozen=True)
class Riga:
    """A datum of an intervento in ReGiS and here, on `regis_al`; `nostro_al` is the day that ours speaks of.

    Amounts and indicators are Decimal, days dates, the rest text. `ultimo_al` is the last day approved here so far.
    """

    intervento: Intervento
    dato: Dato
    regis: Any
    nostro: Any
    regis_al: date
    nostro_al: date | None
    ultimo_al: date | None
    nota: str = ""
    unita: str = ""

    @property
    def titolo(self) -> str:
        return str(TITOLI[self.dato])

    @property
    def confronto(self) -> Confronto:
        if self.nostro_al is None or (self.regis is None and self.dato is not Dato.FINE):
            return Confronto.NON_CONFRONTABILE
        if self.dato is Dato.STATO:
            return _stati(self.regis, self.nostro)
        return Confronto.UGUALE if self.regis == self.nostro else Confronto.DIVERSO

    @property
    def differenza(self) -> Decimal | None:
        """Ours minus that of ReGiS, of what can be subtracted."""
        if isinstance(self.regis, Decimal) and isinstance(self.nostro, Decimal):
            return self.nostro - self.regis
        return None

    @property
    def giorni(self) -> int | None:
        """The same in days, between two dates."""
        if isinstance(self.regis, date) and isinstance(self.nostro, date):
            return (self.nostro - self.regis).days
        return None

    @property
    def piu_recente(self) -> str:
        """Which of the two was brought up to date last: "regis", "qui", or "pari"."""
        if self.ultimo_al is None or self.ultimo_al < self.regis_al:
            return "regis"
        return "pari" if self.ultimo_al == self.regis_al else "qui"


CONCLUSO, IN_CORSO, NON_AVVIATO = pigro("concluso"), pigro("in corso"), pigro("non avviato")
# How ReGiS may word its states; what is none of them is shown and not judged.
PAROLE_STATO: tuple[tuple[str, str | Promise], ...] = (
    ("non avviat", NON_AVVIATO),
    ("da avviare", NON_AVVIATO),
    ("conclus", CONCLUSO),
    ("ultimat", CONCLUSO),
    ("completat", CONCLUSO),
    ("in esercizio", CONCLUSO),
    ("in corso", IN_CORSO),
    ("avviat", IN_CORSO),
)


def _stati(regis: str, nostro: str) -> Confronto:
    letto = next((str(stato) for parola, stato in PAROLE_STATO if parola in regis.lower()), None)
    if letto is None:
        return Confronto.NON_CONFRONTABILE
    return Confronto.UGUALE if letto == nostro else Confronto.DIVERSO


def _stato(avanzamento: Avanzamento) -> str:
    if avanzamento.fine_effettiva is not None:
        return str(CONCLUSO)
    return str(IN_CORSO if avanzamento.fase else NON_AVVIATO)


def interventi(utente: Utente) -> QuerySet[Intervento]:
    """Those whose monitoring the person reads: all for the staff and the Cabina, else those of their own bodies."""
    if su_tutti(utente, Permesso.LEGGERE_MONITORAGGIO):
        return Intervento.objects.all()
    return Intervento.objects.filter(soggetto_attuatore__in=enti_con(utente, Permesso.LEGGERE_MONITORAGGIO))


def confronta(quali: QuerySet[Intervento]) -> list[Riga]:
    """Every datum that ReGiS gave for these interventi, by intervento. A fixed number of queries each two thousand."""
    righe: list[Riga] = []
    for blocco in a_blocchi(list(quali.order_by().values_list("pk", flat=True))):
        righe += _confronta(blocco)
    posto = {dato: numero for numero, dato in enumerate(Dato)}
    return sorted(righe, key=lambda r: (r.intervento.codice, r.intervento.pk, posto[r.dato], r.nota))


def _al(giorno: str, intervento: str = "pk") -> Subquery:
    """The avanzamento in force on a day which a field holds: what `Avanzamento.objects.situazione(al=day)` gives."""
    fin_li = Avanzamento.objects.approvati().filter(intervento=OuterRef(intervento), riferito_al__lte=OuterRef(giorno))
    return Subquery(fin_li.order_by("-riferito_al", "-versione").values("pk")[:1])


def _confronta(blocco: list[int]) -> Iterator[Riga]:
    letti = (
        Intervento.objects.filter(pk__in=blocco)
        .select_related("soggetto_attuatore", "situazione")
        .defer("sintesi", "testo_ricerca")
        .annotate(al_dati=_al("dati_al"), al_finanziamento=_al("finanziamento_al"))
    )
    trovati = list(letti)
    pk_avanzamenti = {i.al_dati for i in trovati} | {i.al_finanziamento for i in trovati}
    avanzamenti = Avanzamento.objects.defer("bozza").in_bulk([pk for pk in pk_avanzamenti if pk is not None])
    quadri = dict(
        VoceQuadro.objects.filter(avanzamento__in=avanzamenti)
        .order_by()
        .values("avanzamento")
        .annotate(somma=Sum("importo"))
        .values_list("avanzamento", "somma")
    )
    pagato = {
        riga["intervento"]: (riga["somma"], riga["fino_al"])
        for riga in Avanzamento.objects.filter(intervento__in=blocco)
        .in_vigore()
        .filter(riferito_al__lte=F("intervento__pagamenti_al"))
        .order_by()
        .values("intervento")
        .annotate(somma=Sum("pagato"), fino_al=Max("riferito_al"))
    }
    detti = _detti_da_regis(blocco)
    for intervento in trovati:
        ultimo = getattr(intervento, "situazione", None)
        ultimo_al = ultimo.riferita_al if ultimo is not None else None
        yield from _denaro(intervento, ultimo_al, pagato, quadri, avanzamenti, detti)
        yield from _descrizione(intervento, ultimo_al, avanzamenti, detti)
    yield from _indicatori(blocco, {i.pk: i for i in trovati}, detti)


Detti = dict[tuple[str, int, str], Any]
IGNOTO = object()


def _detti_da_regis(blocco: list[int]) -> Detti:
    """What ReGiS last said of the data that people entered here in its place, by kind of row, key and field."""
    righe = Differenza.objects.filter(intervento__in=blocco).order_by("pk")
    return {(riga.tipo_oggetto, riga.id_oggetto, riga.campo): da_json(riga) for riga in righe}


def _di_regis(oggetto: Intervento | Indicatore, campo: str, detti: Detti) -> Any:
    """The value of ReGiS: the one kept, unless people replaced it; IGNOTO where ReGiS never contradicted them."""
    if campo not in oggetto.campi_nostri:
        return getattr(oggetto, campo)
    return detti.get((oggetto._meta.label_lower, oggetto.pk, campo), IGNOTO)


def _denaro(
    intervento: Any,
    ultimo_al: date | None,
    pagato: dict[int, tuple[Decimal, date]],
    quadri: dict[int, Decimal],
    avanzamenti: dict[int, Avanzamento],
    detti: Detti,
) -> Iterator[Riga]:
    pagamenti = _di_regis(intervento, "pagamenti_totali", detti)
    if intervento.pagamenti_al is not None and pagamenti not in (None, IGNOTO):
        somma, fino_al = pagato.get(intervento.pk, (None, None))
        yield Riga(intervento, Dato.PAGAMENTI, pagamenti, somma, intervento.pagamenti_al, fino_al, ultimo_al)
    totale = _di_regis(intervento, "finanziamento_totale", detti)
    if intervento.finanziamento_al is not None and totale not in (None, IGNOTO):
        quadro = quadri.get(intervento.al_finanziamento)
        al = avanzamenti[intervento.al_finanziamento].riferito_al if quadro is not None else None
        yield Riga(intervento, Dato.FINANZIAMENTO, totale, quadro, intervento.finanziamento_al, al, ultimo_al)


def _descrizione(
    intervento: Any, ultimo_al: date | None, avanzamenti: dict[int, Avanzamento], detti: Detti
) -> Iterator[Riga]:
    if intervento.dati_al is None:
        return
    nostro = avanzamenti.get(intervento.al_dati)
    al = nostro.riferito_al if nostro is not None else None
    fase = _di_regis(intervento, "fase_codice", detti)
    if fase not in ("", None, IGNOTO):
        nota = _("%(codice)s in ReGiS: %(nome)s") % {"codice": fase, "nome": intervento.fase_descrizione}
        yield Riga(
            intervento, Dato.FASE, fase, nostro.fase if nostro else None, intervento.dati_al, al, ultimo_al, nota
        )
    stato = _di_regis(intervento, "stato_avanzamento", detti)
    if stato not in ("", None, IGNOTO):
        yield Riga(intervento, Dato.STATO, stato, _stato(nostro) if nostro else None, intervento.dati_al, al, ultimo_al)
    fine = _di_regis(intervento, "fine_effettiva", detti)
    if fine is not IGNOTO and (fine is not None or (nostro is not None and nostro.fine_effettiva is not None)):
        yield Riga(
            intervento,
            Dato.FINE,
            fine,
            nostro.fine_effettiva if nostro else None,
            intervento.dati_al,
            al,
            ultimo_al,
        )


def _indicatori(blocco: list[int], interventi: dict[int, Any], detti: Detti) -> Iterator[Riga]:
    suoi = Indicatore.objects.filter(intervento__in=blocco, dati_al__isnull=False)
    righe = list(suoi.annotate(al_dati=_al("dati_al", "intervento")))
    pk = {riga.al_dati for riga in righe if riga.al_dati is not None}
    giorni = dict(Avanzamento.objects.filter(pk__in=pk).values_list("pk", "riferito_al"))
    nostri = {
        (valore.avanzamento_id, valore.codice): valore.realizzato
        for valore in ValoreIndicatore.objects.filter(avanzamento__in=pk)
    }
    for riga in righe:
        regis = _di_regis(riga, "realizzato", detti)
        if regis in (None, IGNOTO) or riga.dati_al is None:
            continue
        nostro = nostri.get((riga.al_dati, riga.codice))
        intervento = interventi[riga.intervento_id]
        ultimo = getattr(intervento, "situazione", None)
        yield Riga(
            intervento,
            Dato.INDICATORE,
            regis,
            nostro,
            riga.dati_al,
            giorni.get(riga.al_dati) if nostro is not None else None,
            ultimo.riferita_al if ultimo is not None else None,
            nota=f"{riga.codice} {riga.descrizione}".strip(),
            unita=riga.unita,
        )
