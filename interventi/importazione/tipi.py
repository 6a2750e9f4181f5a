"""What reading hands over to comparing: tables recognised by their columns, and their rows with parsed values.

The names in `RigaLetta.valori`, by table (a column that the file does not have is not in the dict; a cell that is
empty, "N/D" or the like gives "" for texts and None for the rest; a refused row has the fields that could be read, and
in `cup` what was written there):

- every table: `cup`, `clp` (absent in tables of 2022), `submisura` (absent in Soggetti of 2023),
  `submisura_descrizione`, `dati_al` (date of extraction or of update of that row)
- PROGETTI: `amministrazione`, `pratt_codice`, `pratt_titolo`, `stato_cup` (StatoCup value), `stato_avanzamento`,
  `natura`, `tipologia`, `tipologia_nome`, `settore`, `settore_nome`, `sottosettore`, `sottosettore_nome`, `categoria`,
  `categoria_nome` (codes with their zeros: 2 digits, categoria 3), `titolo`, `sintesi`, `tipo_aiuto`,
  `fin_<fonte>` for the values of FonteFinanziamento, `finanziamento_totale`, `finanziamento_pubblico`,
  `finanziamento_pubblico_netto`, `attuatore_denominazione`, `attuatore_cf`, `progetto_in_essere` (bool),
  `inizio_previsto`, `inizio_effettivo`, `fine_prevista`, `fine_effettiva`, `validato_il`, `esito_validazione`,
  `fase_codice`, `fase_descrizione`, `fase_stato`
- LOCALIZZAZIONI: `codice_regione`, `codice_provincia`, `codice_comune` (3 digits each, "000" where missing),
  `comune_nome`, `indirizzo`, `cap`, `quota`
- SOGGETTI: `soggetti`, a list of dicts with `ruolo` (RuoloSoggetto value), `codice_fiscale`, `denominazione`,
  `forma_giuridica`, `codice_ateco` (one per row from 2023 on, up to three in 2022)
- GARE: the fields of Procedura, and `operatori` where the file has the winner on the same row (2022, 2023): a list of
  dicts with the fields of Operatore
- AGGIUDICATARI, SUBAPPALTATORI: `cig`, `codice_pda`, `codice_utente`, `operatori` (one)
- PAGAMENTI: `finanziamento_totale`, `fin_pnrr`, `pagamenti_totali`, `pag_<fonte>`
- INDICATORI: `codice`, `descrizione`, `unita`, `tipo`, `programmato`, `realizzato`, `anno`, `mese`
- ELENCO: a list of CUPs with what is known of each, such as the one derived for the four PUI: `comuni` (6-digit ISTAT
  codes), `finanziamento_totale`, `fin_pnrr`, `pagamenti_totali`, `pag_pnrr` (of the newest date in the headers, which
  is `dati_al`), `mq_programmati`, `mq_realizzati`, `completati_programmati`, `completati_realizzati`, `piano`,
  `evidenza`, `linea`
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tabella(models.TextChoices):
    """The kinds of table, in the order in which they are taken in."""

    PROGETTI = "progetti", _("Progetti")
    ELENCO = "elenco", _("Elenco di CUP")
    LOCALIZZAZIONI = "localizzazioni", _("Localizzazione")
    SOGGETTI = "soggetti", _("Soggetti")
    PAGAMENTI = "pagamenti", _("Pagamenti")
    INDICATORI = "indicatori", _("Indicatori")
    GARE = "gare", _("Gare")
    AGGIUDICATARI = "aggiudicatari", _("Aggiudicatari")
    SUBAPPALTATORI = "subappaltatori", _("Subappaltatori")


class FileNonLeggibile(Exception):
    """A whole file, or a table of it, cannot be read: the text says what, where and how to mend it, in Italian."""


@dataclass(frozen=True)
class Rilievo:
    """Something to say about a cell: why the row is refused (`grave`), or what was doubtful and how it was read."""

    colonna: str
    valore: str
    ragione: str
    grave: bool = False


@dataclass(slots=True)
class RigaLetta:
    """One row: its number in the file (the header is 1; for CSV the physical line where the row begins)."""

    numero: int
    valori: dict[str, Any]
    celle: list[str]
    rilievi: list[Rilievo] = field(default_factory=list)

    @property
    def rifiutata(self) -> bool:
        return any(rilievo.grave for rilievo in self.rilievi)


@dataclass
class TabellaLetta:
    """A table found in a file. `righe` is read as it is consumed: it can be gone through once."""

    nome: str
    tabella: Tabella
    formato: str
    intestazioni: list[str]
    colonne_ignote: list[str]
    righe: Iterator[RigaLetta]
