"""What the monitoring knew: how each intervento stood on the day, month by month until then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Q

from monitoraggio import fasi
from monitoraggio.models import Avanzamento, Criticita, FaseAvanzamento, ValoreIndicatore
from monitoraggio.opere.tipi import Fase, Mese, Misurato, Opera, Problema
from monitoraggio.selectors.elenco_situazione import segno_di
from monitoraggio.selectors.situazione import SENZA_DATI, calcola_dove
from registro.fra import fra

# From the most serious.
GRAVITA = ("alta", "media", "bassa")


def stati(opere: Collection[Opera], al: date, noto_al: datetime | None) -> None:
    """State and mark of each: four queries."""
    trovati = calcola_dove(fra("intervento_id", [opera.pk for opera in opere]), al=al, noto_al=noto_al)
    for opera in opere:
        opera.stato = trovati.get(opera.pk, SENZA_DATI)
        opera.segno = segno_di(opera.stato, al)


def storia(opere: Collection[Opera], al: date, noto_al: datetime | None) -> None:
    """Months in force, phases, first plan, criticalities and indicators: four queries."""
    per_pk = {opera.pk: opera for opera in opere}
    mesi = (
        Avanzamento.objects.filter(fra("intervento_id", per_pk))
        .in_vigore(al=al, noto_al=noto_al)
        .order_by("intervento_id", "riferito_al")
        .values_list("pk", "intervento_id", "riferito_al", "percentuale", "impegnato", "pagato")
    )
    primi: dict[int, int] = {}
    for avanzamento, intervento, riferito_al, percentuale, impegnato, pagato in mesi:
        per_pk[intervento].mesi.append(Mese(riferito_al, percentuale, impegnato, pagato))
        primi.setdefault(intervento, avanzamento)
    ultimi = {opera.stato.avanzamento_id: opera for opera in opere if opera.stato.avanzamento_id is not None}
    di_chi = {avanzamento: per_pk[intervento] for intervento, avanzamento in primi.items()}
    _fasi(ultimi, di_chi)
    _problemi(ultimi, al)
    _indicatori(ultimi)
    for opera in opere:
        if opera.base is None and opera.inizio_regis and opera.fine_regis and opera.inizio_regis <= opera.fine_regis:
            opera.base = (opera.inizio_regis, opera.fine_regis)


def _fasi(ultimi: dict[int, Opera], primi: dict[int, Opera]) -> None:
    """The phases last declared; and the works of the plan first declared, or of ReGiS where it has no dates."""
    posti = {codice: posto for posto, codice in enumerate(fasi.PER_CODICE)}
    righe = FaseAvanzamento.objects.filter(fra("avanzamento_id", {*ultimi, *primi})).values_list(
        "avanzamento_id", "fase", "inizio_previsto", "inizio_effettivo", "fine_prevista", "fine_stimata",
        "fine_effettiva",
    )  # fmt: skip
    lavori: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for avanzamento, codice, *date_sue in righe:
        if avanzamento in ultimi:
            ultimi[avanzamento].fasi.append(Fase(codice, *date_sue))
        inizio, fine = date_sue[0], date_sue[2]
        if avanzamento in primi and codice in fasi.ESECUZIONE and inizio and fine and inizio <= fine:
            lavori[avanzamento].append((inizio, fine))
    for opera in ultimi.values():
        opera.fasi.sort(key=lambda fase: (posti.get(fase.codice, len(posti)), fase.codice))
    for avanzamento, periodi in lavori.items():
        primi[avanzamento].base = (min(inizio for inizio, _f in periodi), max(fine for _i, fine in periodi))


def _problemi(ultimi: dict[int, Opera], al: date) -> None:
    righe = Criticita.objects.filter(fra("avanzamento_id", ultimi)).filter(
        Q(chiusa_il__isnull=True) | Q(chiusa_il__gt=al)
    )
    campi = ("riga", "tipo", "gravita", "descrizione", "azione", "responsabile", "scadenza")
    for avanzamento, *valori in righe.values_list("avanzamento_id", *campi):
        ultimi[avanzamento].problemi.append(Problema(*valori))
    for opera in ultimi.values():
        opera.problemi.sort(key=lambda p: (GRAVITA.index(p.gravita), p.scadenza or date.max, p.riga))


def _indicatori(ultimi: dict[int, Opera]) -> None:
    """What is declared of an indicator stands over what ReGiS had."""
    campi = ("codice", "descrizione", "unita", "programmato", "realizzato")
    detti: dict[int, dict[str, Misurato]] = defaultdict(dict)
    righe = ValoreIndicatore.objects.filter(fra("avanzamento_id", ultimi)).order_by("pk")
    for avanzamento, *valori in righe.values_list("avanzamento_id", *campi):
        detti[avanzamento][valori[0]] = Misurato(*valori)
    for avanzamento, suoi in detti.items():
        opera = ultimi[avanzamento]
        tutti = {uno.codice: uno for uno in opera.indicatori} | suoi
        opera.indicatori = [tutti[codice] for codice in sorted(tutti)]


def primo_giorno(noto_al: datetime) -> date | None:
    """The first day that any approved avanzamento speaks of; None where there is none. One query."""
    approvati = Avanzamento.objects.approvati(noto_al).order_by("riferito_al")
    return approvati.values_list("riferito_al", flat=True).first()
