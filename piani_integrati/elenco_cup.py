"""The financed CUPs of a piano as a file for the DIPE.

Art. 11, c. 2-ter, L. 3/2003 asks, for every CUP of an act that grants money: the money granted, the day from which the
grant has effect, the whole value of the investment. Title, body, Comuni and state help whoever receives it to check.
UTF-8 with BOM, `;`, ISO dates, decimals with a point, units in the header; no text can become a formula.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from piani_integrati.models import PianoIntegrato
from piani_integrati.selectors import ElencoCup
from registro.tabella_csv import a_pezzi, innocuo

INTESTAZIONE = (
    "CUP",
    "Descrizione",
    "Soggetto titolare",
    "Codice fiscale del soggetto titolare",
    "Valore complessivo dell'investimento (EUR)",
    "Finanziamento PNRR concesso (EUR)",
    "Data di efficacia del finanziamento",
    "Atto di finanziamento",
    "Piano integrato",
    "Submisura PNRR",
    "Codici ISTAT dei Comuni",
    "Comuni",
    "Stato del CUP",
    "Situazione al",
)


def csv_a_pezzi(piano: PianoIntegrato, elenco: ElencoCup) -> Iterator[str]:
    return a_pezzi(INTESTAZIONE, _celle(piano, elenco))


def _celle(piano: PianoIntegrato, elenco: ElencoCup) -> Iterator[list[str]]:
    atto = elenco.assegnazione
    for riga in elenco.righe:
        celle = (
            riga.cup,
            riga.descrizione,
            riga.titolare,
            riga.codice_fiscale,
            _importo(riga.costo),
            _importo(riga.finanziamento),
            _giorno(atto.data if atto else None),
            f"{atto.atto}, {atto.organo}".rstrip(", ") if atto else "",
            piano.codice,
            piano.misura.codice if piano.misura else "",
            "|".join(codice for codice, _nome in riga.comuni),
            "|".join(nome for _codice, nome in riga.comuni),
            riga.stato,
            _giorno(riga.situazione_al),
        )
        yield [innocuo(" ".join(cella.split())) for cella in celle]


def _importo(valore: Decimal | None) -> str:
    return "" if valore is None else f"{valore:f}"


def _giorno(valore: date | None) -> str:
    return "" if valore is None else valore.isoformat()
