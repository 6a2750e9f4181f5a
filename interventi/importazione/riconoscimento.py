"""Which table a row of headers belongs to: by the names of its columns, never by the name of the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from interventi.importazione.colonne import COMUNI, DESCRIZIONI, Colonna, Descrizione
from interventi.importazione.intestazioni import PREFISSO_PORTALE, chiave_di, separa_data
from interventi.importazione.tipi import FileNonLeggibile

# Fewer known columns than these are no table; nor is a header most of which nobody knows.
_MINIMO_CONOSCIUTE = 3
_PARTE_CONOSCIUTA = 2

_CHIAVI_COMUNI = frozenset(chiave for colonna in COMUNI for chiave in colonna.chiavi)
_PER_CHIAVE = [
    (descrizione, {chiave: colonna for colonna in descrizione.colonne for chiave in colonna.chiavi})
    for descrizione in DESCRIZIONI
]


@dataclass(frozen=True)
class TabellaRifiutata:
    """A kind of table that is known and not taken: any of `segni` among the columns tells it."""

    nome: str
    segni: tuple[str, ...]
    invece: str


RIFIUTATE = (
    TabellaRifiutata(
        "PNRR_TAG_Progetti di Italia Domani",
        ("Tipo Tag Clima", "Tipo Tag Digitale"),
        "carica invece PNRR_Progetti",
    ),
    TabellaRifiutata(
        "un elenco di progetti di OpenCUP",
        ("CODI_CODICE_NATURA", "DESCRIZIONE_SINTETICA_CUP", "COD_NATURA_DIPE"),
        "carica invece PNRR_Progetti di Italia Domani",
    ),
    TabellaRifiutata(
        "un elenco di localizzazioni di OpenCUP",
        ("CODICE_AREA_GEOGRAFICA", "SIGLA_PROVINCIA"),
        "carica invece PNRR_Localizzazione di Italia Domani",
    ),
)


@dataclass(frozen=True)
class Riconosciuta:
    """A header understood. `colonne` gives the columns to read with their places; `dati_al` the date in the headers.

    Places are counted among the cells kept, `tenute`: those that the portal added to a file to be mended are left out.
    """

    descrizione: Descrizione
    intestazioni: list[str]
    larghezza: int
    tenute: list[int]
    colonne: list[tuple[int, Colonna]]
    ignote: list[str]
    mancanti: list[str]
    dati_al: date | None
    conosciute: int

    @property
    def del_portale(self) -> bool:
        return len(self.tenute) < self.larghezza


@dataclass(frozen=True)
class _Intestazione:
    """A header: its whole name, and its name without the date at its end if it has one."""

    posto: int
    chiave: str
    senza_data: str
    data: date | None


def riconosci(celle: Sequence[str]) -> Riconosciuta | None:
    """The table whose columns these are, or None. Raises FileNonLeggibile for a table that is known and not taken."""
    tutte = [cella.strip().strip("\ufeff").strip() for cella in celle]
    while tutte and not tutte[-1]:
        tutte.pop()
    tenute = [posto for posto, nome in enumerate(tutte) if not chiave_di(nome).startswith(PREFISSO_PORTALE)]
    intestazioni = [tutte[posto] for posto in tenute]
    del_file = [_leggi(posto, nome) for posto, nome in enumerate(intestazioni) if nome]
    _rifiuta_le_altre({letta.chiave for letta in del_file})
    migliore, conosciute = None, 0
    for descrizione, per_chiave in _PER_CHIAVE:
        note = {nome for letta in del_file if (nome := _nome_noto(letta, per_chiave))}
        if len(note) > conosciute and not note <= _CHIAVI_COMUNI:
            migliore, conosciute = (descrizione, per_chiave), len(note)
    if migliore is None or conosciute < _MINIMO_CONOSCIUTE or conosciute * _PARTE_CONOSCIUTA < len(del_file):
        return None
    trovata = _riconosciuta(*migliore, intestazioni, del_file, tenute, len(tutte), conosciute)
    essenziali = sum(colonna.essenziale for colonna in trovata.descrizione.colonne)
    return None if len(trovata.mancanti) * 2 > essenziali else trovata


def _leggi(posto: int, nome: str) -> _Intestazione:
    senza_data, data = separa_data(nome)
    return _Intestazione(posto, chiave_di(nome), chiave_di(senza_data), data)


def _nome_noto(letta: _Intestazione, per_chiave: dict[str, Colonna]) -> str:
    """The spelling by which a table knows this header; blank if it does not."""
    if letta.chiave in per_chiave:
        return letta.chiave
    colonna = per_chiave.get(letta.senza_data)
    return letta.senza_data if colonna is not None and colonna.datata else ""


def _rifiuta_le_altre(chiavi: set[str]) -> None:
    for rifiutata in RIFIUTATE:
        if any(chiave_di(segno) in chiavi for segno in rifiutata.segni):
            raise FileNonLeggibile(
                f"Questo file è {rifiutata.nome}: il portale non ne prende i dati; {rifiutata.invece}."
            )


def _riconosciuta(
    descrizione: Descrizione,
    per_chiave: dict[str, Colonna],
    intestazioni: list[str],
    del_file: list[_Intestazione],
    tenute: list[int],
    larghezza: int,
    conosciute: int,
) -> Riconosciuta:
    note = [(letta, nome) for letta in del_file if (nome := _nome_noto(letta, per_chiave))]
    ignote = [intestazioni[letta.posto] for letta in del_file if not _nome_noto(letta, per_chiave)]
    # Of columns that differ by their date only the newest are read: older ones tell what was known before.
    date_usate = [letta.data for letta, nome in note if letta.data and per_chiave[nome].campo]
    ultima = max(date_usate, default=None)
    attuali = [(letta, nome) for letta, nome in note if letta.data is None or letta.data == ultima]
    posti: dict[str, list[int]] = {}
    for letta, nome in attuali:
        posti.setdefault(nome, []).append(letta.posto)
    colonne, presi = [], set()
    for colonna in descrizione.colonne:
        nome_presente = next((chiave for chiave in colonna.chiavi if chiave in posti), None)
        if nome_presente is None or not colonna.campo or colonna.campo in presi:
            continue
        if len(posti[nome_presente]) > 1:
            scritto = intestazioni[posti[nome_presente][0]]
            raise FileNonLeggibile(
                f"La colonna «{scritto}» c'è più di una volta: togli quella in più e ricarica il file."
            )
        colonne.append((posti[nome_presente][0], colonna))
        presi.add(colonna.campo)
    mancanti = [colonna.nomi[0] for colonna in descrizione.colonne if colonna.essenziale and colonna.campo not in presi]
    return Riconosciuta(
        descrizione=descrizione,
        intestazioni=intestazioni,
        larghezza=larghezza,
        tenute=tenute,
        colonne=colonne,
        ignote=ignote,
        mancanti=mancanti,
        dati_al=ultima,
        conosciute=conosciute,
    )
