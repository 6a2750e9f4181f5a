"""The Comuni of the Città metropolitana, and how many interventi touch each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from enti.models import Comune
from interoperabilita.dataset.pubblicati import PER_VOLTA, voci
from interoperabilita.dataset.tipi import DIMOSTRATIVO, Dataset, Tema
from interoperabilita.formati import valori
from interoperabilita.risorse.tipi import SEPARATORE, Campo, Tipo

CAMPI = (
    Campo("codice_istat", Tipo.TESTO, "Codice ISTAT del Comune, sei cifre.", "015182"),
    Campo("comune", Tipo.TESTO, "Nome del Comune.", "Rho"),
    Campo("codice_catastale", Tipo.TESTO, "Codice catastale (Belfiore).", "H264"),
    Campo("zona", Tipo.INTERO, "Numero della zona omogenea; 8 è Milano.", 4),
    Campo("zona_nome", Tipo.TESTO, "Nome della zona omogenea.", "Nord Ovest"),
    Campo("unione", Tipo.TESTO, "Unione di Comuni di cui fa parte, se ce n'è una.", ""),
    Campo("superficie_km2", Tipo.NUMERO, "Superficie, in km².", 22.24, nullo=True),
    Campo("latitudine_gradi", Tipo.NUMERO, "Latitudine del centro del territorio.", 45.53, nullo=True),
    Campo("longitudine_gradi", Tipo.NUMERO, "Longitudine del centro del territorio.", 9.04, nullo=True),
    Campo("residenti", Tipo.INTERO, "Residenti al 1° gennaio dell'ultimo anno noto.", 50904, nullo=True),
    Campo("residenti_anno", Tipo.INTERO, "Anno dei residenti.", 2025, nullo=True),
    Campo("ivsm", Tipo.NUMERO, "Indice ISTAT di vulnerabilità sociale e materiale.", 97.1, nullo=True),
    Campo("ivsm_anno", Tipo.INTERO, "Anno dell'indice.", 2021, nullo=True),
    Campo("interventi", Tipo.INTERO, "Interventi che toccano il Comune; chi ne tocca più d'uno conta in ognuno.", 12),
    Campo("interventi_conclusi", Tipo.INTERO, "Di cui conclusi: con una fine effettiva.", 3),
    Campo(
        "finanziamento_totale_eur",
        Tipo.IMPORTO,
        "Somma dei finanziamenti di questi interventi, in EUR: chi tocca più Comuni è intero in ognuno, perciò le "
        "righe non si sommano fra loro.",
        "12500000.00",
    ),
    DIMOSTRATIVO,
)


@dataclass
class _Conto:
    interventi: int = 0
    conclusi: int = 0
    finanziamento: Decimal = Decimal(0)
    inventati: int = 0


def righe(istante: datetime) -> Iterator[dict[str, Any]]:
    conti = _conti(istante)
    comuni = Comune.objects.metropolitani().con_dati().select_related("zona", "unione").order_by("codice_istat")
    for comune in comuni:
        conto = conti[comune.codice_istat]
        yield {
            "codice_istat": comune.codice_istat,
            "comune": comune.nome,
            "codice_catastale": comune.codice_catastale,
            "zona": comune.zona.numero if comune.zona else None,
            "zona_nome": comune.zona.nome if comune.zona else "",
            "unione": comune.unione.nome if comune.unione else "",
            "superficie_km2": valori.numero(comune.superficie_km2),
            "latitudine_gradi": comune.latitudine,
            "longitudine_gradi": comune.longitudine,
            "residenti": comune.residenti,
            "residenti_anno": comune.residenti_anno,
            "ivsm": valori.numero(comune.ivsm),
            "ivsm_anno": comune.ivsm_anno,
            "interventi": conto.interventi,
            "interventi_conclusi": conto.conclusi,
            "finanziamento_totale_eur": valori.importo(conto.finanziamento),
            "dimostrativo": conto.inventati > 0,
        }


def _conti(istante: datetime) -> dict[str, _Conto]:
    conti: dict[str, _Conto] = defaultdict(_Conto)
    letti = voci(istante).values_list("comuni_istat", "fine_effettiva", "finanziamento_totale_eur", "dimostrativo")
    for comuni, fine, finanziamento, inventato in letti.iterator(chunk_size=PER_VOLTA):
        for codice in comuni.split(SEPARATORE):
            conto = conti[codice]
            conto.interventi += 1
            conto.conclusi += fine is not None
            conto.finanziamento += finanziamento or 0
            conto.inventati += inventato
    return conti


TERRITORIO = Dataset(
    codice="territorio",
    titolo="Comuni della Città metropolitana di Milano e loro interventi",
    descrizione="I Comuni del territorio metropolitano con codici, zona omogenea, superficie, residenti e indice di "
    "vulnerabilità sociale e materiale, e per ognuno quanti interventi lo toccano e quanto valgono.",
    temi=(Tema.REGI, Tema.GOVE),
    parole=("Comuni", "zone omogenee", "territorio", "PNRR", "vulnerabilità sociale e materiale"),
    campi=CAMPI,
    righe=righe,
    api="comuni",
)
