"""What is typed in the drafts of the demonstration that are still open, and the savings that led there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from interventi.models import Intervento
from monitoraggio import scheda
from monitoraggio.demo.calendario import BOZZA, Passaggi
from monitoraggio.models import Avanzamento, PassoBozza

# A payment typed without saying of which commitment and without its voucher, and the indicators blank.
CON_UN_ERRORE = "DEMO-COME-IN-002"


def a_meta(nata: Mapping[str, str], dettate: Mapping[str, str], intervento: Intervento, mese: date) -> dict[str, str]:
    """A draft left half way: only the progress was typed over what came from the month before."""
    percentuale = scheda.cella("testa", "0", "percentuale")
    scritte = dict(nata) | {percentuale: dettate.get(percentuale, "")}
    if intervento.clp == CON_UN_ERRORE:
        pagamento = {
            "tipo": "P",
            "codice": f"M-90/{mese.year}",
            "data": (mese + timedelta(days=17)).isoformat(),
            "importo": "12.500,00",
            "percettore": "Cantieri di Prova Soc. coop.",
            "causale": "Certificato di pagamento",
        }
        scritte = {cella: "" if _realizzato(cella) else testo for cella, testo in scritte.items()}
        scritte |= {scheda.cella("pagamenti", "n1", campo): testo for campo, testo in pagamento.items()}
    return {cella: testo for cella, testo in scritte.items() if testo}


def _realizzato(cella: str) -> bool:
    return cella.startswith("indicatori-") and cella.endswith("-realizzato")


def passi(avanzamento: Avanzamento, nata: Mapping[str, str], vita: Passaggi) -> list[PassoBozza]:
    """How it was born, and one saving with all that was typed since; `revisione` follows."""
    cambi = {
        cella: [nata.get(cella), testo] for cella, testo in avanzamento.bozza.items() if testo != nata.get(cella, "")
    }
    primo = PassoBozza(
        avanzamento=avanzamento,
        revisione=0,
        quando=vita.creato,
        cambi={cella: [None, testo] for cella, testo in nata.items()},
    )
    if not cambi:
        return [primo]
    avanzamento.revisione = 1
    scritta = vita.creato + timedelta(minutes=35) if vita.stato == BOZZA else vita.primo_invio
    return [
        primo,
        PassoBozza(
            avanzamento=avanzamento,
            revisione=1,
            autore=avanzamento.creato_da,
            quando=scritta or vita.creato,
            cambi=cambi,
        ),
    ]
