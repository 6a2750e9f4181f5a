"""Reading files with the IVSM of the Comuni and its medians, as they arrive from offices and spreadsheets.

A file is CSV with `;` or `,`, in UTF-8 (with or without BOM) or windows-1252. It needs a column with the ISTAT code of
the Comune and one with the value; the year is in a column of its own or in the name of the value's ("IVSM (2018)").
Where the code is that of a territory, the value is the median there. Nothing here touches the database: see
`enti.services.importa_ivsm`.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from enti.models import TerritorioIvsm

COLONNE_CODICE = ("codice_istat", "cod_istat", "codice_istat_comune", "codice_comune", "istat", "pro_com_t", "pro_com")
COLONNE_VALORE = ("valore", "ivsm", "valore_ivsm", "indice", "indice_ivsm")
COLONNE_ANNO = ("anno", "anno_riferimento", "anno_di_riferimento")
COLONNE_FONTE = ("fonte", "fonti", "fonte_dato", "fonte_del_dato")
VALORE_CON_ANNO = re.compile(r"(?:valore_)?ivsm_((?:19|20)\d{2})")

# How files call the territory of a median: ISTAT's code of the Città metropolitana, and that of the province it was,
# which may have lost its zero.
TERRITORI = {
    "215": TerritorioIvsm.CITTA_METROPOLITANA,
    "015": TerritorioIvsm.CITTA_METROPOLITANA,
    "15": TerritorioIvsm.CITTA_METROPOLITANA,
}

# What spreadsheets and ISTAT write where there is no datum.
SENZA_DATO = frozenset({"", "-", "–", "..", "...", "n/d", "nd", "n.d."})

# The index has mean 100 and standard deviation 10: outside this range a decimal mark was lost on the way.
MINIMO, MASSIMO = Decimal(50), Decimal(200)
DECIMALI = Decimal("1e-8")

NUMERO = re.compile(r"\d+(?:[.,]\d+)?", re.ASCII)
CODICE = re.compile(r"\d{4,6}", re.ASCII)
ANNO = re.compile(r"(?:19|20)\d{2}", re.ASCII)


class FileNonLeggibile(Exception):
    """The file as a whole cannot be read; the message says what to mend."""


class CellaNonValida(Exception):
    """One cell does not hold what its column promises."""


@dataclass(frozen=True)
class RigaIvsm:
    """A value read: `riga` is the line of the file, the header being line 1; `fonte` may be empty.

    `codice_istat` is the six figures of a Comune or, for a median, one of TerritorioIvsm.
    """

    riga: int
    codice_istat: str
    anno: int
    valore: Decimal
    fonte: str

    @property
    def mediana(self) -> bool:
        return self.codice_istat in TerritorioIvsm.values

    @property
    def di_chi(self) -> str:
        """Whose value it is, as said in a sentence."""
        if self.mediana:
            return f"la mediana della {TerritorioIvsm(self.codice_istat).label}"
        return f"il Comune {self.codice_istat}"


@dataclass(frozen=True)
class Scarto:
    """A line that was not taken, and why."""

    riga: int
    motivo: str

    def __str__(self) -> str:
        return f"riga {self.riga}: {self.motivo}"


@dataclass(frozen=True)
class Lettura:
    """What was found in a file: values, lines not taken, count of empty values."""

    righe: list[RigaIvsm]
    scarti: list[Scarto]
    senza_valore: int


@dataclass(frozen=True)
class _Colonne:
    codice: int
    valori: list[tuple[int, str]]  # position, and the year in the header ("" where each line has its own)
    anno: int  # -1 where the year is in the header
    fonte: int  # -1 where there is none


def leggi(contenuto: bytes, *, fonte: str = "") -> Lettura:
    """Values of a file; `fonte` is what to say of their source where the file does not.

    Codes that lost their leading zeros get them back; values keep 8 decimals; an empty value is no datum and no error.
    Raises FileNonLeggibile when encoding or columns cannot be understood.
    """
    testo = _decodifica(contenuto)
    lettore = csv.reader(io.StringIO(testo, newline=""), delimiter=_separatore(testo))
    try:
        intestazione = next(lettore, [])
        colonne = _colonne(intestazione)
        return _leggi_righe(((lettore.line_num, celle) for celle in lettore), colonne, len(intestazione), fonte)
    except csv.Error as errore:
        raise FileNonLeggibile(f"La riga {lettore.line_num} non è CSV ben scritto ({errore}).") from errore


def _decodifica(contenuto: bytes) -> str:
    for codifica in ("utf-8-sig", "windows-1252"):
        try:
            testo = contenuto.decode(codifica)
        except UnicodeDecodeError:
            continue
        if "\0" in testo:
            break
        return testo
    raise FileNonLeggibile("Il file non è un testo in UTF-8 o windows-1252: salvalo come CSV UTF-8 e ripeti.")


def _separatore(testo: str) -> str:
    prima_riga = testo.split("\n", 1)[0]
    return ";" if ";" in prima_riga else ","


def _nome_semplice(intestazione: str) -> str:
    """The header without accents, signs and capitals: "IVSM (2018)" and "ivsm_2018" are the same column."""
    senza_accenti = unicodedata.normalize("NFKD", intestazione).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "_", senza_accenti.lower()).strip("_")


def _colonne(intestazione: Sequence[str]) -> _Colonne:
    nomi = [_nome_semplice(nome) for nome in intestazione]
    codice = _trova(nomi, COLONNE_CODICE)
    anno = _trova(nomi, COLONNE_ANNO)
    con_anno = [(posto, trovato[1]) for posto, nome in enumerate(nomi) if (trovato := VALORE_CON_ANNO.fullmatch(nome))]
    semplice = _trova(nomi, COLONNE_VALORE)
    valori = con_anno or ([(semplice, "")] if semplice >= 0 else [])
    if codice < 0:
        raise FileNonLeggibile("Manca la colonna del Comune: chiamala «codice_istat».")
    if not valori:
        raise FileNonLeggibile("Manca la colonna dell'indice: chiamala «valore», oppure «ivsm_2018» con il suo anno.")
    if not con_anno and anno < 0:
        raise FileNonLeggibile(
            "Manca l'anno: aggiungi la colonna «anno», oppure chiama la colonna dell'indice «ivsm_2018»."
        )
    return _Colonne(codice=codice, valori=valori, anno=anno, fonte=_trova(nomi, COLONNE_FONTE))


def _trova(nomi: Sequence[str], ammessi: Sequence[str]) -> int:
    return next((nomi.index(nome) for nome in ammessi if nome in nomi), -1)


def _leggi_righe(righe: Iterable[tuple[int, list[str]]], colonne: _Colonne, larghezza: int, fonte: str) -> Lettura:
    lette: dict[tuple[str, int], RigaIvsm] = {}
    scarti: list[Scarto] = []
    senza_valore = 0
    for numero, celle in righe:
        if not any(cella.strip() for cella in celle):
            continue
        if len(celle) != larghezza:
            motivo = f"ha {len(celle)} celle e l'intestazione {larghezza}: controlla separatori e virgolette."
            scarti.append(Scarto(numero, motivo))
            continue
        for posto, anno in colonne.valori:
            if celle[posto].strip().lower() in SENZA_DATO:
                senza_valore += 1
                continue
            try:
                letta = _riga(numero, celle, colonne, posto, anno, fonte)
            except CellaNonValida as errore:
                scarti.append(Scarto(numero, str(errore)))
                continue
            prima = lette.setdefault((letta.codice_istat, letta.anno), letta)
            if prima is not letta:
                motivo = f"per {letta.di_chi} il {letta.anno} è già alla riga {prima.riga}."
                scarti.append(Scarto(numero, motivo))
    return Lettura(righe=list(lette.values()), scarti=scarti, senza_valore=senza_valore)


def _riga(numero: int, celle: Sequence[str], colonne: _Colonne, posto: int, anno: str, fonte: str) -> RigaIvsm:
    return RigaIvsm(
        riga=numero,
        codice_istat=_codice(celle[colonne.codice].strip()),
        anno=anno_di(anno or celle[colonne.anno].strip()),
        valore=valore_di(celle[posto].strip()),
        fonte=(celle[colonne.fonte].strip() if colonne.fonte >= 0 else "") or fonte,
    )


def _codice(testo: str) -> str:
    if testo in TERRITORI:
        return TERRITORI[testo].value
    if not testo:
        raise CellaNonValida("manca il codice ISTAT del Comune.")
    if not CODICE.fullmatch(testo):
        raise CellaNonValida(
            f"«{testo}» non è un codice ISTAT di Comune: servono sei cifre, come 015182, oppure 215 per la mediana "
            "della Città metropolitana."
        )
    return testo.zfill(6)


def anno_di(testo: str) -> int:
    """The year written in a cell or a field. Raises CellaNonValida."""
    if not ANNO.fullmatch(testo):
        raise CellaNonValida(f"«{testo}» non è un anno: servono quattro cifre, come 2018.")
    return int(testo)


def valore_di(testo: str) -> Decimal:
    """The value written in a cell or a field, with 8 decimals. Raises CellaNonValida."""
    if not NUMERO.fullmatch(testo):
        raise CellaNonValida(f"«{testo}» non è un valore dell'indice: scrivi un numero come 97,85.")
    valore = Decimal(testo.replace(",", "."))
    if not MINIMO <= valore <= MASSIMO:
        raise CellaNonValida(f"{testo} è fuori dai valori possibili dell'indice, da 50 a 200: controlla la virgola.")
    return valore.quantize(DECIMALI)
