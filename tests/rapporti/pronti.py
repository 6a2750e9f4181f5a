"""Ready reports for the tests of what happens to them afterwards: asked for and archived by the services."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pydyf

from enti.models import Utente
from rapporti.domanda import Domanda, Perimetro
from rapporti.models import Rapporto
from rapporti.scelte import TipoRapporto
from rapporti.services import archivio, richieste
from rapporti.services.archivio import Prodotto

NOTO_AL = datetime(2025, 1, 20, 9, 30, tzinfo=UTC)
SINTESI = ("30 di 34 interventi di COME IN hanno i lavori in corso.", "Due sono conclusi: Bresso e Segrate.")


def domanda(**altro: Any) -> Domanda:
    campi: dict[str, Any] = {
        "tipo": TipoRapporto.AVANZAMENTO,
        "perimetro": Perimetro(),
        "al": date(2024, 12, 31),
        "noto_al": NOTO_AL,
        "confronto_al": date(2024, 9, 30),
        "confronto_noto_al": NOTO_AL,
    }
    return Domanda(**(campi | altro))


def pdf(codice: str) -> bytes:
    """A small PDF that says the code where the reports say it: in its metadata, as plain text."""
    documento = pydyf.PDF()
    documento.add_page(pydyf.Dictionary({"Type": "/Page", "Parent": documento.pages.reference}))
    metadati = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><pdf:Keywords>{codice}, PNRR</pdf:Keywords></x:xmpmeta>"
    documento.add_object(pydyf.Stream([metadati.encode()], {"Type": "/Metadata", "Subtype": "/XML"}))
    scritto = BytesIO()
    documento.write(scritto)
    return scritto.getvalue()


def prodotto(codice: str, *, byte: bytes = b"") -> Prodotto:
    return Prodotto(pdf=byte or pdf(codice), dati=b"{}", foglio=b"PK", pagine=12, interventi=34, sintesi=SINTESI)


def chiesto(quale: Domanda, *, autore: Utente | None = None, da_spedire: bool = False) -> Rapporto:
    return richieste.richiedi(domanda=quale, autore=autore, da_spedire=da_spedire)


def pronto(
    quale: Domanda | None = None, *, autore: Utente | None = None, da_spedire: bool = False, byte: bytes = b""
) -> Rapporto:
    """A report asked for and made."""
    rapporto = chiesto(quale or domanda(), autore=autore, da_spedire=da_spedire)
    return archivio.archivia(rapporto_id=rapporto.pk, prodotto=prodotto(rapporto.codice, byte=byte))
