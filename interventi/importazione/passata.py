"""One pass over the files of an import: every row compared, written, and accounted for.

The same code rehearses and applies. The outcome of each row goes to a temporary file, so that memory stays flat
whatever the size of the files; its digest tells whether two passes came to the same end.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import IO, Any

from django.db.models import Model

from interventi.importazione import confronto, confronto_gare
from interventi.importazione.lettura import apri
from interventi.importazione.memoria import Contesto, Memoria
from interventi.importazione.perimetro import CON_LUOGHI
from interventi.importazione.righe import Giudizio, Rifiuto
from interventi.importazione.tipi import FileNonLeggibile, RigaLetta, Tabella, TabellaLetta
from interventi.models import (
    FileImportato,
    Finanziamento,
    Indicatore,
    Localizzazione,
    Operatore,
    Procedura,
    SoggettoCollegato,
)
from interventi.models.importazioni import Esito
from registro.esecutori import Avanzatore

PER_VOLTA = 2_000
_MASSIMO_OGGETTO = 300
_MASSIMO_CUP = 60
_JSON = json.JSONEncoder(ensure_ascii=False)

Confronta = Callable[[Memoria, Giudizio], None]


@dataclass(frozen=True)
class Modo:
    """How a kind of table is compared: its function, and the parts of the interventi that it needs."""

    confronta: Confronta
    parti: tuple[type[Model], ...]


MODI: dict[Tabella, Modo] = {
    Tabella.PROGETTI: Modo(confronto.progetti, (Finanziamento,)),
    Tabella.ELENCO: Modo(confronto.elenco, (Finanziamento, Localizzazione, Indicatore)),
    Tabella.LOCALIZZAZIONI: Modo(confronto.localizzazioni, (Localizzazione,)),
    Tabella.SOGGETTI: Modo(confronto.soggetti, (SoggettoCollegato,)),
    Tabella.PAGAMENTI: Modo(confronto.pagamenti, (Finanziamento,)),
    Tabella.INDICATORI: Modo(confronto.indicatori, (Indicatore,)),
    Tabella.GARE: Modo(confronto_gare.gare, (Procedura, Operatore)),
    Tabella.AGGIUDICATARI: Modo(confronto_gare.operatori, (Procedura, Operatore)),
    Tabella.SUBAPPALTATORI: Modo(confronto_gare.operatori, (Procedura, Operatore)),
}
# What, beside the key of the intervento, tells apart the rows of a table.
_DISTINGUE: dict[Tabella, tuple[str, ...]] = {
    Tabella.PROGETTI: (),
    Tabella.ELENCO: (),
    Tabella.PAGAMENTI: (),
    Tabella.LOCALIZZAZIONI: ("codice_regione", "codice_provincia", "codice_comune", "indirizzo", "cap"),
    Tabella.INDICATORI: ("codice", "tipo"),
    Tabella.GARE: ("cig", "codice_pda", "motivo_assenza"),
    Tabella.AGGIUDICATARI: ("cig", "codice_pda"),
    Tabella.SUBAPPALTATORI: ("cig", "codice_pda"),
    Tabella.SOGGETTI: (),
}
_CHI = ("ruolo", "codice_fiscale", "denominazione")


class FileGuasto(Exception):
    """A file turned out to be unreadable while its rows were being taken: the pass is to be undone, and done again."""

    def __init__(self, file: FileImportato, ragione: str) -> None:
        super().__init__(ragione)
        self.file = file


@dataclass
class TabellaTrovata:
    """A table of a file, by its place in it; and how its rows fared."""

    file: FileImportato
    posto: int
    nome: str
    tabella: Tabella
    formato: str
    intestazioni: list[str]
    colonne_ignote: list[str]
    dati_al: date | None = None
    conteggi: Counter[str] = field(default_factory=Counter)


class Raccolta:
    """The outcomes of a pass: tables with their counts, rows worth keeping in a temporary file, the digest of all."""

    def __init__(self, tabelle: list[TabellaTrovata]) -> None:
        self.tabelle = tabelle
        self._deposito: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 closed by `chiudi`
        self._impronta = hashlib.sha256()
        # Differences raised or brought up to date.
        self.differenze = 0

    def aggiungi(self, posto: int, giudizio: Giudizio) -> None:
        """Take note of how a row fared. Unchanged rows without remarks are only counted."""
        tabella, esito, letta = self.tabelle[posto], giudizio.esito, giudizio.letta
        conteggi = tabella.conteggi
        conteggi["lette"] += 1
        conteggi[_PLURALI[esito]] += 1
        quando = letta.valori.get("dati_al")
        if quando is not None and (tabella.dati_al is None or quando > tabella.dati_al):
            tabella.dati_al = quando
        if esito == Esito.RIFIUTATA:
            conteggi["fuori_perimetro"] += giudizio.fuori_perimetro
        elif giudizio.rilievi:
            conteggi["dubbie"] += 1
        if esito == Esito.INVARIATA and not giudizio.rilievi:
            self._impronta.update(f"{posto} {letta.numero}\n".encode())
            return
        rilievi = [[r.colonna, r.valore, r.ragione] for r in giudizio.rilievi]
        cambi = [] if giudizio.nuova else giudizio.cambi
        riga = _JSON.encode(
            [
                posto,
                letta.numero,
                str(esito),
                giudizio.fuori_perimetro,
                str(letta.valori.get("cup") or "")[:_MASSIMO_CUP],
                giudizio.oggetto[:_MASSIMO_OGGETTO],
                cambi,
                rilievi,
                letta.celle if rilievi else None,
            ],
        )
        self._impronta.update(riga.encode())
        self._deposito.write(riga + "\n")

    def righe(self) -> Iterator[list[Any]]:
        """The outcomes kept, in order: table, row, outcome, outside, CUP, what, changes, remarks, cells."""
        self._deposito.seek(0)
        for riga in self._deposito:
            yield json.loads(riga)

    @property
    def impronta(self) -> str:
        return self._impronta.hexdigest()

    def conteggi(self) -> dict[str, int]:
        nomi = ("lette", *_PLURALI.values(), "fuori_perimetro", "dubbie")
        return {nome: sum(tabella.conteggi[nome] for tabella in self.tabelle) for nome in nomi}

    def chiudi(self) -> None:
        self._deposito.close()


_PLURALI = {
    Esito.NUOVA: "nuove",
    Esito.CAMBIATA: "cambiate",
    Esito.INVARIATA: "invariate",
    Esito.RIFIUTATA: "rifiutate",
}


def inventario(file: Iterable[FileImportato]) -> list[TabellaTrovata]:
    """The tables of these files, in the order in which they are taken. `errore` is set on files that cannot be read."""
    trovate = []
    for documento in file:
        try:
            trovate += list(_tabelle_di(documento))
            documento.errore = ""
        except FileNonLeggibile as errore:
            documento.errore = str(errore)
    ordine = list(Tabella)
    leggibili = [trovata for trovata in trovate if not trovata.file.errore]
    return sorted(leggibili, key=lambda t: (ordine.index(t.tabella), t.nome, t.file.sha256, t.posto))


def _tabelle_di(documento: FileImportato) -> Iterator[TabellaTrovata]:
    with documento.deposito.open("rb") as aperto:
        for posto, letta in enumerate(apri(aperto, documento.nome)):
            yield TabellaTrovata(
                file=documento,
                posto=posto,
                nome=letta.nome,
                tabella=letta.tabella,
                formato=letta.formato,
                intestazioni=letta.intestazioni,
                colonne_ignote=letta.colonne_ignote,
            )


def _righe(trovata: TabellaTrovata) -> Iterator[RigaLetta]:
    """The rows of a table. Raises FileGuasto."""
    try:
        with trovata.file.deposito.open("rb") as aperto:
            # Kept in a name: the reader closes what it opened when nobody holds it any more.
            lette = apri(aperto, trovata.file.nome)
            letta: TabellaLetta = next(islice(lette, trovata.posto, None))
            yield from letta.righe
    except FileNonLeggibile as errore:
        raise FileGuasto(trovata.file, str(errore)) from errore


def percorri(contesto: Contesto, tabelle: list[TabellaTrovata], avanzatore: Avanzatore) -> Raccolta:
    """Compare and write all the rows of these tables. Raises FileGuasto: whoever opened the transaction undoes it."""
    raccolta = Raccolta(tabelle)
    try:
        if not contesto.confine.tutto:
            _colloca(contesto, tabelle, avanzatore)
        for posto, trovata in enumerate(tabelle):
            _percorri_tabella(contesto, raccolta, posto, trovata, avanzatore)
    except BaseException:
        raccolta.chiudi()
        raise
    return raccolta


def _colloca(contesto: Contesto, tabelle: Sequence[TabellaTrovata], avanzatore: Avanzatore) -> None:
    for trovata in tabelle:
        if trovata.tabella in CON_LUOGHI:
            avanzatore.passo(f"Luoghi degli interventi: {trovata.nome}")
            contesto.confine.colloca(_righe(trovata))


def _percorri_tabella(
    contesto: Contesto, raccolta: Raccolta, posto: int, trovata: TabellaTrovata, avanzatore: Avanzatore
) -> None:
    trovata.dati_al, trovata.conteggi = None, Counter()
    modo, doppioni = MODI[trovata.tabella], Doppioni(trovata.tabella)
    righe = _righe(trovata)
    while gruppo := list(islice(righe, PER_VOLTA)):
        avanzatore.passo(f"{trovata.tabella.label}, {trovata.nome}: righe dalla {gruppo[0].numero}")
        memoria = Memoria(contesto, {riga.valori["cup"] for riga in gruppo if not riga.rifiutata}, modo.parti)
        for letta in gruppo:
            giudizio = Giudizio(letta)
            if not giudizio.rifiutata:
                _giudica(modo.confronta, memoria, doppioni, giudizio)
            raccolta.aggiungi(posto, giudizio)
        memoria.scarica()
        avanzatore.avanza(len(gruppo))


def _giudica(confronta: Confronta, memoria: Memoria, doppioni: Doppioni, giudizio: Giudizio) -> None:
    try:
        gia = doppioni.controlla(giudizio.letta)
        if gia:
            giudizio.rileva("", "", f"La riga ripete la {gia}.")
            return
        confronta(memoria, giudizio)
    except Rifiuto as rifiuto:
        giudizio.rifiuta(rifiuto)
    else:
        if giudizio.vecchia and giudizio.esito == Esito.INVARIATA:
            giudizio.rileva("", "", "Qualche valore è più vecchio di quello che c'è, che resta.")


class Doppioni:
    """Which keys a table has shown already, and where. Hashes only: 300,000 rows take some tens of MB."""

    def __init__(self, tabella: Tabella) -> None:
        self.tabella = tabella
        self._linee: dict[int, tuple[int, int]] = {}
        self._gare: dict[int, tuple[int, int]] = {}

    def controlla(self, letta: RigaLetta) -> int:
        """The line that this row repeats, 0 if none. Raises Rifiuto where the same key has other values."""
        valori = letta.valori
        chiave: tuple[Any, ...] = (valori["cup"], valori.get("clp"), valori.get("submisura"))
        chiave += tuple(valori.get(nome) for nome in _DISTINGUE[self.tabella])
        if self.tabella == Tabella.GARE:
            gara = tuple(valore for nome, valore in valori.items() if nome != "operatori")
            self._confronta(self._gare, hash(chiave), hash(gara), letta)
        persone = valori.get("operatori") or valori.get("soggetti") or ()
        chiave += tuple(persona.get(nome) for persona in persone for nome in _CHI)
        return self._confronta(self._linee, hash(chiave), hash(tuple(letta.celle)), letta)

    def _confronta(self, visti: dict[int, tuple[int, int]], chiave: int, contenuto: int, letta: RigaLetta) -> int:
        linea, prima = visti.setdefault(chiave, (letta.numero, contenuto))
        if linea == letta.numero:
            return 0
        if prima != contenuto:
            ragione = (
                f"La riga {linea} dello stesso file ha la stessa chiave e valori diversi: tieni solo quella giusta."
            )
            raise Rifiuto("CUP", letta.valori["cup"], ragione)
        return linea
