"""Codes of the regions as ReGiS and the Sistema CUP write them (ISTAT, three digits), by the names of `enti.Comune`."""

from __future__ import annotations

from enti.models import Comune

NOMI = (
    "Piemonte", "Valle d'Aosta", "Lombardia", "Trentino-Alto Adige", "Veneto", "Friuli-Venezia Giulia", "Liguria",
    "Emilia-Romagna", "Toscana", "Umbria", "Marche", "Lazio", "Abruzzo", "Molise", "Campania", "Puglia", "Basilicata",
    "Calabria", "Sicilia", "Sardegna",
)  # fmt: skip
CODICI = {nome: f"{numero:03}" for numero, nome in enumerate(NOMI, start=1)}
NESSUNO = "000"


def luogo(comune: Comune | None) -> dict[str, str]:
    """The three codes of a Comune; "000" at every level where there is none."""
    if comune is None:
        return {"codice_regione": NESSUNO, "codice_provincia": NESSUNO, "codice_comune": NESSUNO}
    # Bilingual regions carry both names: the Italian one comes first.
    regione = comune.regione.split("/", maxsplit=1)[0].strip()
    return {
        "codice_regione": CODICI[regione],
        "codice_provincia": comune.codice_istat[:3],
        "codice_comune": comune.codice_istat[3:],
    }
