"""The list of the situation as open data: ISO dates, plain decimals, units in the head, no text that is a formula."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils import timezone

from monitoraggio.selectors.elenco_situazione import Riga
from monitoraggio.tempo import Tempo
from registro.tabella_csv import innocuo

INTESTAZIONE = [
    "CUP",
    "Codice locale progetto",
    "Submisura",
    "Titolo",
    "Soggetto attuatore",
    "Stato",
    "Avanzamento fisico (%)",
    "Codice della fase",
    "Fase",
    "Inizio dei lavori",
    "Fine prevista",
    "Fine stimata",
    "Fine effettiva",
    "Finanziamento (EUR)",
    "Impegnato (EUR)",
    "Pagato (EUR)",
    "Economie (EUR)",
    "Criticità aperte",
    "Criticità gravi",
    "Revocato il",
    "Ultimo mese approvato al",
    "Letto al",
    "Noto al",
]


def valori(riga: Riga, tempo: Tempo) -> list[str]:
    intervento, stato = riga.intervento, riga.stato
    ente = intervento.soggetto_attuatore
    return [
        innocuo(intervento.cup),
        innocuo(intervento.clp),
        innocuo(intervento.submisura.codice),
        innocuo(intervento.titolo),
        innocuo(ente.denominazione if ente is not None else intervento.attuatore_denominazione),
        riga.parola,
        _numero(stato.percentuale),
        stato.fase,
        riga.fase,
        _giorno(stato.inizio_lavori),
        _giorno(stato.fine_prevista),
        _giorno(stato.fine_stimata),
        _giorno(stato.fine_effettiva),
        _numero(intervento.finanziamento_totale),
        _numero(stato.impegnato if riga.con_dati else None),
        _numero(stato.pagato if riga.con_dati else None),
        _numero(stato.economie),
        str(stato.criticita_aperte) if riga.con_dati else "",
        str(stato.criticita_gravi) if riga.con_dati else "",
        _giorno(stato.revocata_il),
        _giorno(stato.riferita_al),
        tempo.giorno.isoformat(),
        tempo.noto_al.astimezone(timezone.get_default_timezone()).isoformat() if tempo.noto_al is not None else "",
    ]


def _giorno(valore: date | None) -> str:
    return "" if valore is None else valore.isoformat()


def _numero(valore: Decimal | None) -> str:
    return "" if valore is None else f"{valore:f}"
