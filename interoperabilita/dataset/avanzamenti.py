"""How each intervento went, month by month: of each month the approved version in force, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from interoperabilita.dataset import riservatezza
from interoperabilita.dataset.finanziamenti import DELL_INTERVENTO
from interoperabilita.dataset.pubblicati import PER_VOLTA
from interoperabilita.dataset.tipi import DIMOSTRATIVO, Dataset, Tema
from interoperabilita.formati import valori
from interoperabilita.risorse.tipi import Campo, Tipo
from monitoraggio import fasi
from monitoraggio.models import Avanzamento

CAMPI = (
    *DELL_INTERVENTO,
    Campo("mese", Tipo.DATA, "Primo giorno del mese.", "2026-10-01"),
    Campo("riferito_al", Tipo.DATA, "Ultimo giorno del mese: quello di cui l'avanzamento parla.", "2026-10-31"),
    Campo("versione", Tipo.INTERO, "1 la prima volta; più di 1 se il mese è stato corretto.", 1),
    Campo("approvato_il", Tipo.ISTANTE, "Quando questa versione è stata approvata.", "2026-11-18T10:12:00.000000Z"),
    Campo("fase", Tipo.TESTO, "Codice ReGiS della fase in corso.", "00313"),
    Campo("fase_nome", Tipo.TESTO, "Nome della fase in corso.", "Esecuzione dei lavori"),
    Campo("avanzamento_percento", Tipo.PERCENTO, "Avanzamento fisico a fine mese, in percento.", 45.5, nullo=True),
    Campo("impegnato_mese_eur", Tipo.IMPORTO, "Impegnato nel mese, in EUR, al netto dei disimpegni.", "90000.00"),
    Campo("pagato_mese_eur", Tipo.IMPORTO, "Pagato nel mese, in EUR, al netto dei recuperi.", "41000.00"),
    Campo("impegnato_eur", Tipo.IMPORTO, "Impegnato fino a questo mese compreso, in EUR.", "900000.00"),
    Campo("pagato_eur", Tipo.IMPORTO, "Pagato fino a questo mese compreso, in EUR.", "410000.00"),
    Campo("inizio_lavori", Tipo.DATA, "Inizio effettivo dei lavori.", "2023-10-02", nullo=True),
    Campo("fine_prevista", Tipo.DATA, "Fine secondo il cronoprogramma.", "2026-03-31", nullo=True),
    Campo("fine_stimata", Tipo.DATA, "Fine che si stimava in quel mese.", "2026-04-30", nullo=True),
    Campo("fine_effettiva", Tipo.DATA, "Fine effettiva.", None, nullo=True),
    Campo("criticita_aperte", Tipo.INTERO, "Criticità aperte.", 1),
    Campo("criticita_gravi", Tipo.INTERO, "Di cui gravi.", 0),
    DIMOSTRATIVO,
)
_LETTI = (
    "intervento_id", "intervento__cup", "intervento__clp", "intervento__submisura__codice", "intervento__dimostrativo",
    "mese", "riferito_al", "versione", "approvato_il", "fase", "percentuale", "impegnato", "pagato", "inizio_lavori",
    "fine_prevista", "fine_stimata", "fine_effettiva", "criticita_aperte", "criticita_gravi",
)  # fmt: skip


def righe(istante: datetime) -> Iterator[dict[str, Any]]:
    in_vigore = Avanzamento.objects.in_vigore(noto_al=istante).order_by("intervento_id", "mese")
    intervento, impegnato, pagato = 0, Decimal(0), Decimal(0)
    for letto in in_vigore.values(*_LETTI).iterator(chunk_size=PER_VOLTA):
        if letto["intervento_id"] != intervento:
            intervento, impegnato, pagato = letto["intervento_id"], Decimal(0), Decimal(0)
        impegnato, pagato = impegnato + letto["impegnato"], pagato + letto["pagato"]
        yield {
            "id_intervento": intervento,
            "cup": letto["intervento__cup"],
            "clp": riservatezza.testo(valori.riga(letto["intervento__clp"])),
            "submisura": letto["intervento__submisura__codice"],
            "mese": valori.giorno(letto["mese"]),
            "riferito_al": valori.giorno(letto["riferito_al"]),
            "versione": letto["versione"],
            "approvato_il": valori.istante(letto["approvato_il"]),
            "fase": letto["fase"],
            "fase_nome": fasi.nome(letto["fase"]),
            "avanzamento_percento": valori.percento(letto["percentuale"]),
            "impegnato_mese_eur": valori.importo(letto["impegnato"]),
            "pagato_mese_eur": valori.importo(letto["pagato"]),
            "impegnato_eur": valori.importo(impegnato),
            "pagato_eur": valori.importo(pagato),
            "inizio_lavori": valori.giorno(letto["inizio_lavori"]),
            "fine_prevista": valori.giorno(letto["fine_prevista"]),
            "fine_stimata": valori.giorno(letto["fine_stimata"]),
            "fine_effettiva": valori.giorno(letto["fine_effettiva"]),
            "criticita_aperte": letto["criticita_aperte"],
            "criticita_gravi": letto["criticita_gravi"],
            "dimostrativo": letto["intervento__dimostrativo"],
        }


AVANZAMENTI = Dataset(
    codice="avanzamenti",
    titolo="Avanzamento mensile degli interventi",
    descrizione="Come è andato ogni intervento, mese per mese, secondo gli avanzamenti approvati dalla Città "
    "metropolitana di Milano: fase, percentuale di realizzazione, somme impegnate e pagate nel mese e fino a quel "
    "mese, date, numero di criticità. Di un mese corretto c'è solo la versione in vigore; bozze e avanzamenti non "
    "approvati non ci sono.",
    temi=(Tema.GOVE, Tema.ECON),
    parole=("PNRR", "CUP", "monitoraggio", "avanzamento", "spesa pubblica"),
    campi=CAMPI,
    righe=righe,
    api="interventi/{cup}/avanzamenti",
    periodo=("mese", "riferito_al"),
)
