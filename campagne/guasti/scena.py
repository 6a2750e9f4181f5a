"""What the writers of the campaign need in the database; run inside the portal, before it is struck."""

from __future__ import annotations

import json
from datetime import date

from enti.models import Utente
from monitoraggio.services import bozze
from tests.interoperabilita.scritture import del_comune
from tests.monitoraggio.base import intervento

COMPILATORE = "compilatore.rho@example.org"
DICEMBRE = date(2024, 12, 1)


def prepara(opere: int) -> str:
    """Works of Rho (as many to be sent and approved as said), a draft, a key of the API; where they are, as JSON."""
    compilatore = Utente.objects.get(email=COMPILATORE)
    bozza = bozze.apri(intervento_id=intervento().pk, mese=DICEMBRE, autore=compilatore)
    return json.dumps(
        {
            "messaggi": intervento().pk,
            "documenti": intervento().pk,
            "bozza": bozza.pk,
            "compilatore": compilatore.pk,
            "segreto": del_comune().segreto,
            "cup": [intervento().cup for _numero in range(opere)],
        }
    )
