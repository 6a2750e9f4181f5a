"""The register as it was known at an instant: interventi with money, places, links and indicators; piani."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from interventi.models import Finanziamento, Indicatore, Intervento, LegameDriver, LegameStrategia, Localizzazione
from interventi.scelte import FonteFinanziamento
from monitoraggio.opere.tipi import Denaro, Gruppo, Misurato, Opera
from piani_integrati.models import PianoIntegrato
from registro.fra import fra
from registro.storia import noto_al as versioni_al

FONTI = {fonte.value: posto for posto, fonte in enumerate(FonteFinanziamento)}


def opere(chiavi: Collection[int], quando: datetime | None, *, parti: bool) -> list[Opera]:
    """These interventi by CUP, in one query; with their parts, five more. Those deleted by then are left out.

    As known at an instant, or (None) as they are now.
    """
    righe = versioni_al(Intervento, quando).filter(fra("id", chiavi)).order_by()
    lette = [
        _opera(riga)
        for riga in righe.values(
            "id", "cup", "clp", "titolo", "stato_cup", "linea_finanziamento", "monitorato_regis", "dimostrativo",
            "soggetto_attuatore_id", "attuatore_denominazione", "soggetto_attuatore__denominazione",
            "submisura__codice", "classificazione__natura", "finanziamento_totale", "pagamenti_totali",
            "pagamenti_al", "finanziamento_al", "dati_al", "inizio_previsto", "fine_prevista",
        )
    ]  # fmt: skip
    lette.sort(key=lambda opera: opera.ordine)
    if parti:
        _parti({opera.pk: opera for opera in lette}, quando)
    return lette


def _opera(riga: dict[str, Any]) -> Opera:
    giorni = [riga[nome] for nome in ("dati_al", "finanziamento_al", "pagamenti_al") if riga[nome] is not None]
    return Opera(
        pk=riga["id"],
        cup=riga["cup"],
        clp=riga["clp"],
        submisura=riga["submisura__codice"] or "",
        titolo=riga["titolo"],
        natura=riga["classificazione__natura"] or "",
        stato_cup=riga["stato_cup"],
        linea_finanziamento=riga["linea_finanziamento"],
        monitorato_regis=riga["monitorato_regis"],
        dimostrativo=riga["dimostrativo"],
        attuatore_id=riga["soggetto_attuatore_id"],
        attuatore=riga["soggetto_attuatore__denominazione"] or riga["attuatore_denominazione"],
        finanziamento=riga["finanziamento_totale"],
        pagamenti_regis=riga["pagamenti_totali"],
        regis_al=max(giorni, default=None),
        inizio_regis=riga["inizio_previsto"],
        fine_regis=riga["fine_prevista"],
        pagamenti_al=riga["pagamenti_al"],
    )


def _parti(opere: dict[int, Opera], quando: datetime | None) -> None:
    def lette(modello: Any, *campi: str) -> dict[int, list[tuple[Any, ...]]]:
        trovate: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        righe = versioni_al(modello, quando).filter(fra("intervento_id", opere)).order_by()
        for intervento, *valori in righe.values_list("intervento_id", *campi):
            trovate[intervento].append(tuple(valori))
        return trovate

    for pk, fonti in lette(Finanziamento, "fonte", "importo", "pagato").items():
        opere[pk].denari = sorted((Denaro(*valori) for valori in fonti), key=lambda uno: FONTI[uno.fonte])
    for pk, misure in lette(Indicatore, "codice", "descrizione", "unita", "programmato", "realizzato").items():
        opere[pk].indicatori = sorted((Misurato(*valori) for valori in misure), key=lambda uno: uno.codice)
    for pk, luoghi in lette(Localizzazione, "comune_id").items():
        opere[pk].comuni = sorted({comune for (comune,) in luoghi if comune is not None})
    for pk, driver in lette(LegameDriver, "driver__numero").items():
        opere[pk].driver = sorted(numero for (numero,) in driver)
    for pk, strategie in lette(LegameStrategia, "strategia__numero").items():
        opere[pk].strategie = sorted(numero for (numero,) in strategie)


def gruppi(quali: Collection[int], quando: datetime | None) -> list[Gruppo]:
    """These piani and programmes, in the order in which people name them: one query."""
    campi = ("id", "codice", "titolo", "tipo", "slug", "stato", "importo_assegnato", "inizio", "fine", "dimostrativo")
    righe = versioni_al(PianoIntegrato, quando).filter(id__in=quali).values_list(*campi, "ordine")
    # "pui" comes after "programma" in the alphabet, and before it for everybody.
    return [Gruppo(*riga[:-1]) for riga in sorted(righe, key=lambda r: (r[3] != "pui", r[-1], r[1]))]
