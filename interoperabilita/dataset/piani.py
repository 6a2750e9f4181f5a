"""The piani that were presented, and what the interventi in them amount to. Those still in draft are not there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from interoperabilita.dataset import riservatezza
from interoperabilita.dataset.pubblicati import PER_VOLTA, voci
from interoperabilita.dataset.tipi import DIMOSTRATIVO, Dataset, Tema
from interoperabilita.formati import valori
from interoperabilita.risorse.tipi import Campo, Tipo
from piani_integrati.flusso import StatoPiano
from piani_integrati.models import PianoIntegrato
from piani_integrati.models.piani import TipoPiano

CAMPI = (
    Campo("codice", Tipo.TESTO, "Codice del piano.", "COME IN"),
    Campo("titolo", Tipo.TESTO, "Titolo del piano.", "COME IN: spazi e servizi di inclusione"),
    Campo("tipo", Tipo.SCELTA, "Piano urbano integrato o altro programma.", "pui"),
    Campo("stato", Tipo.SCELTA, "A che punto è la vita del piano.", "in_attuazione"),
    Campo("misura", Tipo.TESTO, "Misura del PNRR che lo finanzia, quando è nota.", "M5C2I2.02"),
    Campo("proponente", Tipo.TESTO, "Ente che lo propone.", "Città metropolitana di Milano"),
    Campo("driver", Tipo.INTERI, "Numeri dei Driver del Piano strategico a cui contribuisce.", [2, 9]),
    Campo("strategie", Tipo.INTERI, "Numeri delle STTM a cui contribuisce.", [1]),
    Campo("presentato_il", Tipo.DATA, "Giorno della presentazione.", "2022-03-22", nullo=True),
    Campo("inizio", Tipo.DATA, "Inizio del piano.", "2022-04-22", nullo=True),
    Campo("fine", Tipo.DATA, "Fine prevista del piano.", "2026-06-30", nullo=True),
    Campo("importo_assegnato_eur", Tipo.IMPORTO, "Importo assegnato al piano, in EUR.", "50000000.00", nullo=True),
    Campo("interventi", Tipo.INTERO, "Quanti interventi ne fanno parte.", 34),
    Campo("interventi_conclusi", Tipo.INTERO, "Di cui conclusi: con una fine effettiva.", 2),
    Campo("finanziamento_totale_eur", Tipo.IMPORTO, "Somma dei finanziamenti totali dei suoi interventi.", "1000.00"),
    Campo("finanziamento_pnrr_eur", Tipo.IMPORTO, "Somma dei finanziamenti PNRR dei suoi interventi.", "1000.00"),
    Campo("impegnato_eur", Tipo.IMPORTO, "Impegnato secondo gli avanzamenti approvati, in EUR.", "900.00"),
    Campo("pagato_eur", Tipo.IMPORTO, "Pagato secondo gli avanzamenti approvati, in EUR.", "400.00"),
    DIMOSTRATIVO,
)
ZERO = Decimal(0)
_SOMME = ("finanziamento_totale_eur", "finanziamento_pnrr_eur", "impegnato_eur", "pagato_eur")


def righe(istante: datetime) -> Iterator[dict[str, Any]]:
    per_piano = {riga["piano"]: riga for riga in _interventi(istante)}
    presentati = PianoIntegrato.objects.exclude(stato=StatoPiano.BOZZA).order_by("codice")
    letti = presentati.select_related("misura", "proponente").prefetch_related("driver", "strategie")
    for piano in letti.iterator(chunk_size=PER_VOLTA):
        suoi = per_piano.get(piano.codice, {})
        yield {
            "codice": piano.codice,
            "titolo": riservatezza.testo(valori.riga(piano.titolo)),
            "tipo": piano.tipo,
            "stato": piano.stato,
            "misura": piano.misura.codice if piano.misura else "",
            "proponente": piano.proponente.denominazione if piano.proponente else "",
            "driver": sorted(driver.numero for driver in piano.driver.all()),
            "strategie": sorted(strategia.numero for strategia in piano.strategie.all()),
            "presentato_il": valori.giorno(piano.presentato_il),
            "inizio": valori.giorno(piano.inizio),
            "fine": valori.giorno(piano.fine),
            "importo_assegnato_eur": valori.importo(piano.importo_assegnato),
            "interventi": suoi.get("quanti", 0),
            "interventi_conclusi": suoi.get("conclusi", 0),
            **{nome: valori.importo(suoi.get(f"somma_{nome}") or ZERO) for nome in _SOMME},
            "dimostrativo": piano.dimostrativo or suoi.get("inventati", 0) > 0,
        }


def _interventi(istante: datetime) -> Any:
    """What the published interventi of each piano amount to, in one query."""
    return (
        voci(istante)
        .exclude(piano="")
        .order_by("piano")
        .values("piano")
        .annotate(
            quanti=Count("pk"),
            conclusi=Count("pk", filter=Q(fine_effettiva__isnull=False)),
            inventati=Count("pk", filter=Q(dimostrativo=True)),
            **{f"somma_{nome}": Sum(nome) for nome in _SOMME},
        )
    )


PIANI = Dataset(
    codice="piani",
    titolo="Piani urbani integrati e programmi",
    descrizione="I Piani urbani integrati e gli altri programmi presentati: stato, date, importo assegnato e ciò a cui "
    "ammontano i loro interventi. I piani ancora in preparazione non ci sono.",
    temi=(Tema.GOVE, Tema.REGI),
    parole=("PNRR", "Piani urbani integrati", "programmi", "rigenerazione urbana"),
    campi=CAMPI,
    righe=righe,
    api="piani",
    significati={
        "tipo": {str(voce.value): str(voce.label) for voce in TipoPiano},
        "stato": {str(voce.value): str(voce.label) for voce in StatoPiano if voce != StatoPiano.BOZZA},
    },
)
