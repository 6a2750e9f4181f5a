"""The milestones and targets, with their deadlines: of measures, of piani that were presented, of interventi."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from interoperabilita.dataset import riservatezza
from interoperabilita.dataset.pubblicati import PER_VOLTA
from interoperabilita.dataset.tipi import DIMOSTRATIVO, Dataset, Tema
from interoperabilita.formati import valori
from interoperabilita.risorse.tipi import Campo, Tipo
from monitoraggio.models import Traguardo
from monitoraggio.models.traguardi import StatoTraguardo
from monitoraggio.scelte import LivelloTraguardo, TipoTraguardo
from piani_integrati.flusso import StatoPiano

CAMPI = (
    Campo("id", Tipo.INTERO, "Identificativo del traguardo nel portale.", 12),
    Campo("codice", Tipo.TESTO, "Codice del traguardo.", "M5C2-14"),
    Campo("titolo", Tipo.TESTO, "Titolo del traguardo.", "Completamento dei progetti"),
    Campo("tipo", Tipo.SCELTA, "Milestone (un fatto) o target (una quantità).", "target"),
    Campo("livello", Tipo.SCELTA, "Chi lo ha fissato.", "ue"),
    Campo("misura", Tipo.TESTO, "Misura del PNRR di cui è, se è di una misura.", "M5C2I2.02"),
    Campo("piano", Tipo.TESTO, "Codice del piano di cui è, se è di un piano.", "COME IN"),
    Campo("id_intervento", Tipo.INTERO, "Intervento di cui è, se è di un intervento.", 1024, nullo=True),
    Campo("cup", Tipo.TESTO, "CUP dell'intervento di cui è.", "B45E22000120006"),
    Campo("scadenza_iniziale", Tipo.DATA, "Scadenza con cui il traguardo è nato.", "2023-07-30"),
    Campo("scadenza", Tipo.DATA, "Scadenza in vigore.", "2023-09-30"),
    Campo("previsione", Tipo.DATA, "Giorno in cui si prevede di conseguirlo.", "2023-09-15", nullo=True),
    Campo("conseguito_il", Tipo.DATA, "Giorno in cui è stato conseguito.", "2023-09-20", nullo=True),
    Campo("valore_obiettivo", Tipo.NUMERO, "Quantità da raggiungere, per un target.", 3000000.0, nullo=True),
    Campo("valore_raggiunto", Tipo.NUMERO, "Quantità raggiunta.", 1250000.0, nullo=True),
    Campo("unita_di_misura", Tipo.TESTO, "Unità delle due quantità.", "m²"),
    Campo("stato", Tipo.SCELTA, "Come sta rispetto alla scadenza, nel giorno dell'aggiornamento.", "concluso"),
    Campo("fonte", Tipo.TESTO, "Documento da cui viene.", "Allegato alla decisione del Consiglio"),
    DIMOSTRATIVO,
)
_LETTI = (
    "pk", "codice", "titolo", "tipo", "livello", "misura__codice", "piano__codice", "piano__dimostrativo",
    "intervento_id", "intervento__cup", "intervento__dimostrativo", "scadenza_iniziale", "scadenza", "previsione",
    "conseguito_il", "valore_obiettivo", "valore_raggiunto", "unita", "stato", "fonte__titolo",
)  # fmt: skip


def righe(istante: datetime) -> Iterator[dict[str, Any]]:
    oggi = timezone.localdate()
    traguardi = Traguardo.objects.con_stato(oggi).filter(~Q(piano__stato=StatoPiano.BOZZA) | Q(piano__isnull=True))
    for letto in traguardi.order_by("pk").values(*_LETTI).iterator(chunk_size=PER_VOLTA):
        yield {
            "id": letto["pk"],
            "codice": letto["codice"],
            "titolo": riservatezza.testo(valori.riga(letto["titolo"])),
            "tipo": letto["tipo"],
            "livello": letto["livello"],
            "misura": letto["misura__codice"] or "",
            "piano": letto["piano__codice"] or "",
            "id_intervento": letto["intervento_id"],
            "cup": letto["intervento__cup"] or "",
            "scadenza_iniziale": valori.giorno(letto["scadenza_iniziale"]),
            "scadenza": valori.giorno(letto["scadenza"]),
            "previsione": valori.giorno(letto["previsione"]),
            "conseguito_il": valori.giorno(letto["conseguito_il"]),
            "valore_obiettivo": valori.numero(letto["valore_obiettivo"]),
            "valore_raggiunto": valori.numero(letto["valore_raggiunto"]),
            "unita_di_misura": letto["unita"],
            "stato": letto["stato"],
            "fonte": letto["fonte__titolo"],
            "dimostrativo": bool(letto["piano__dimostrativo"] or letto["intervento__dimostrativo"]),
        }


TRAGUARDI = Dataset(
    codice="traguardi",
    titolo="Traguardi: milestone e target",
    descrizione="Le milestone e i target delle misure del PNRR, dei piani e degli interventi che il portale segue: "
    "scadenza iniziale e in vigore, previsione, conseguimento e stato.",
    temi=(Tema.GOVE,),
    parole=("PNRR", "milestone", "target", "traguardi", "scadenze"),
    campi=CAMPI,
    righe=righe,
    api="traguardi",
    significati={
        "tipo": {str(voce.value): str(voce.label) for voce in TipoTraguardo},
        "livello": {str(voce.value): str(voce.label) for voce in LivelloTraguardo},
        "stato": {str(voce.value): str(voce.label) for voce in StatoTraguardo},
    },
)
