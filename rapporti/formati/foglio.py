"""The XLSX twin: what there is to know, a sheet for each kind of table, the rows that figures are made of.

Tables of the same kind (the money of every piano) are one under the other on one sheet, with the part that each is of
in the first column: so they can be filtered and summed. Real numbers and dates; no text can become a formula; the same
document gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC

import xlsxwriter

from psttm import formati
from rapporti.documento import Colonna, Documento, Grafico, Sezione, Tabella, Tavola, Unita
from rapporti.formati.celle_xlsx import LUNGO_NOME, Celle, larghezza, nome_foglio
from rapporti.formati.indirizzi import di_cifra, di_verifica
from rapporti.formati.valori import in_testa

TITOLO_RIGHE, TITOLO_PARTE = "Riga", "Parte"
# How keys begin of tables that are of the whole programme.
DI_TUTTO = "programma-"


@dataclass
class Genere:
    """Tables of one kind, each with the name of what it is of; `sezione` is where the first stands."""

    titolo: str
    sezione: Sezione
    tabelle: list[tuple[str, Tabella]] = field(default_factory=list)

    @property
    def colonne(self) -> list[Colonna]:
        """Those of all: some tables have columns that others have not, as of a state that none of theirs is in."""
        tutte: dict[str, Colonna] = {}
        for _parte, tabella in self.tabelle:
            for colonna in tabella.colonne:
                tutte.setdefault(colonna.chiave, colonna)
        return list(tutte.values())


def in_xlsx(documento: Documento) -> bytes:
    buffer = io.BytesIO()
    libro = xlsxwriter.Workbook(
        buffer,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "dd/mm/yyyy",
        },
    )
    libro.set_properties(
        {
            "title": documento.titolo,
            "subject": documento.nome_perimetro,
            "author": "Città metropolitana di Milano",
            "comments": f"Rapporto {documento.codice}",
            "created": documento.domanda.noto_al.astimezone(UTC).replace(tzinfo=None),
        }
    )
    celle = Celle(libro)
    nomi: set[str] = set()
    _sintesi(libro.add_worksheet(nome_foglio("Sintesi", nomi)), documento, celle)
    for genere in generi(documento.sezioni):
        _genere(libro.add_worksheet(nome_foglio(genere.titolo, nomi)), genere, celle)
    for tavola in documento.tavole:
        foglio = libro.add_worksheet(nome_foglio(f"Dati {_nome(tavola)}", nomi))
        colonne = (Colonna("riga", TITOLO_RIGHE, Unita.CODICE), *tavola.colonne)
        righe = [(chiave, *valori) for chiave, valori in tavola.righe.items()]
        _elenco(foglio, 0, colonne, righe, celle)
    libro.close()
    return buffer.getvalue()


def _nome(tavola: Tavola) -> str:
    """Its title where it fits in the name of a sheet, after "Dati"; else what its file is called."""
    return formati.lower_iniziale(tavola.titolo) if len(tavola.titolo) <= LUNGO_NOME - 5 else tavola.chiave


# --- Kinds of tables ----------------------------------------------------------------------------------------------


def generi(sezioni: Sequence[Sezione]) -> list[Genere]:
    """The tables of the report, and the twins of its charts, by kind, in the order of reading."""
    per_nome: dict[tuple[str, str], Genere] = {}
    for tabella, strada in _tabelle(sezioni, ()):
        parte, nome = _parte(tabella.chiave, strada)
        # Rows of other things (piani, not sources) are another kind, whatever their table is called.
        di_che_cosa = tabella.colonne[0].nome
        genere = per_nome.setdefault((nome, di_che_cosa), Genere(tabella.titolo, strada[-1]))
        genere.tabelle.append((parte, tabella))
    return _insieme(list(per_nome.values()))


def _insieme(generi: list[Genere]) -> list[Genere]:
    """Lone tables of one section with the same columns make one kind, each named by its title."""
    uniti: list[Genere] = []
    per_sezione: dict[tuple[str, tuple[Colonna, ...]], Genere] = {}
    for genere in generi:
        if len(genere.tabelle) > 1:
            uniti.append(genere)
            continue
        tabella = genere.tabelle[0][1]
        gia = per_sezione.setdefault((genere.sezione.ancora, tabella.colonne), genere)
        if gia is genere:
            uniti.append(genere)
            continue
        if len(gia.tabelle) == 1:
            gia.tabelle[0] = (gia.titolo, gia.tabelle[0][1])
            gia.titolo = gia.sezione.titolo
        gia.tabelle.append((tabella.titolo, tabella))
    return uniti


def _tabelle(sezioni: Sequence[Sezione], sopra: tuple[Sezione, ...]) -> Iterator[tuple[Tabella, tuple[Sezione, ...]]]:
    """Each with the sections that it stands in, from the outermost."""
    for sezione in sezioni:
        strada = (*sopra, sezione)
        for blocco in sezione.blocchi:
            if isinstance(blocco, Tabella):
                yield blocco, strada
            elif isinstance(blocco, Grafico):
                yield blocco.dati, strada
        yield from _tabelle(sezione.sezioni, strada)


def _parte(chiave: str, strada: Sequence[Sezione]) -> tuple[str, str]:
    """Of what a table is, and what it is whatever it is of: "piano-come-in-denaro" is the "denaro" of COME IN."""
    if chiave.startswith(DI_TUTTO):
        return strada[0].titolo, chiave.removeprefix(DI_TUTTO)
    for sezione in strada:
        if chiave.startswith(f"{sezione.ancora}-"):
            return sezione.titolo, chiave.removeprefix(f"{sezione.ancora}-")
    return strada[0].titolo, chiave


# --- Sheets -------------------------------------------------------------------------------------------------------


def _sintesi(foglio: xlsxwriter.worksheet.Worksheet, documento: Documento, celle: Celle) -> None:
    domanda = documento.domanda
    foglio.set_column(0, 0, 90)
    foglio.set_column(1, 1, 24)
    foglio.set_column(2, 2, 70)
    foglio.write_string(0, 0, documento.titolo, celle.titolo)
    foglio.write_string(1, 0, documento.nome_perimetro, celle.forte)
    fatti = [
        ("Situazione al", formati.data_breve(domanda.al)),
        ("Come era nota il", formati.data_ora(domanda.noto_al)),
        ("Cambiamenti rispetto al", formati.data_breve(domanda.confronto_al)),
        ("Interventi", formati.numero(documento.interventi)),
        ("Codice del rapporto", documento.codice),
    ]
    if documento.dimostrativo:
        fatti.append(("Attenzione", "dati di dimostrazione, in tutto o in parte inventati"))
    riga = 3
    for nome, valore in fatti:
        foglio.write_string(riga, 0, nome)
        foglio.write_string(riga, 1, valore)
        riga += 1
    foglio.write_string(riga, 0, "Si verifica a questo indirizzo")
    celle.indirizzo(foglio, riga, 1, di_verifica(documento.codice), di_verifica(documento.codice))
    riga = _capo(foglio, riga + 2, "In sintesi", celle)
    for testo in (*(frase.testo for frase in documento.copertina.frasi), *documento.avvisi):
        celle.scrivi(foglio, riga, 0, testo, Unita.TESTO)
        riga += 1
    riga = _capo(foglio, riga + 1, "Cifre principali", celle)
    for cifra in documento.copertina.cifre:
        celle.scrivi(foglio, riga, 0, cifra.etichetta, Unita.TESTO)
        celle.scrivi(foglio, riga, 1, cifra.valore, cifra.unita)
        dove = di_cifra(documento.codice, cifra.chiave)
        celle.indirizzo(foglio, riga, 2, dove, dove)
        riga += 1


def _capo(foglio: xlsxwriter.worksheet.Worksheet, riga: int, titolo: str, celle: Celle) -> int:
    foglio.write_string(riga, 0, titolo, celle.testa)
    return riga + 1


def _genere(foglio: xlsxwriter.worksheet.Worksheet, genere: Genere, celle: Celle) -> None:
    """The title, one head, the rows of all; their totals and notes below, where filters do not take them."""
    piu = len(genere.tabelle) > 1
    colonne = [*((Colonna("parte", TITOLO_PARTE),) if piu else ()), *genere.colonne]
    righe: list[list[object]] = []
    totali: list[list[object]] = []
    for parte, tabella in genere.tabelle:
        posti = {colonna.chiave: posto for posto, colonna in enumerate(tabella.colonne)}
        for dove, sue in ((righe, tabella.righe), (totali, (tabella.totale,) if tabella.totale else ())):
            for riga in sue:
                valori = [riga[posti[una.chiave]] if una.chiave in posti else None for una in genere.colonne]
                dove.append([*((parte,) if piu else ()), *valori])
    foglio.write_string(0, 0, genere.titolo, celle.titolo)
    fine = _elenco(foglio, 1, colonne, righe, celle)
    if not righe:
        celle.scrivi(foglio, fine, 0, genere.tabelle[0][1].vuota or "Nessuna riga.", Unita.TESTO)
        fine += 1
    # On one table the total closes its column; of many, they stand apart.
    ultima = fine + 1 if piu else fine
    for numero, totale in enumerate(totali, ultima):
        for posto, (cella, colonna) in enumerate(zip(totale, colonne, strict=True)):
            celle.scrivi(foglio, numero, posto, cella, colonna.unita, forte=True)
    note = dict.fromkeys(tabella.nota for _parte, tabella in genere.tabelle if tabella.nota)
    for numero, nota in enumerate(note, ultima + len(totali) + 1):
        foglio.write_string(numero, 0, nota)


def _elenco(
    foglio: xlsxwriter.worksheet.Worksheet,
    da: int,
    colonne: Sequence[Colonna],
    righe: Sequence[Sequence[object]],
    celle: Celle,
) -> int:
    """A head that stays in sight, and rows that can be filtered; the number of the first free row."""
    for posto, colonna in enumerate(colonne):
        nome = in_testa(colonna.nome, colonna.unita)
        foglio.set_column(posto, posto, larghezza(nome, colonna.unita, (riga[posto] for riga in righe)))
    foglio.freeze_panes(da + 1, 1)
    for posto, colonna in enumerate(colonne):
        foglio.write_string(da, posto, in_testa(colonna.nome, colonna.unita), celle.testa)
    for numero, riga in enumerate(righe, da + 1):
        for posto, (cella, colonna) in enumerate(zip(riga, colonne, strict=True)):
            celle.scrivi(foglio, numero, posto, cella, colonna.unita)
    foglio.autofilter(da, 0, max(da + len(righe), da + 1), len(colonne) - 1)
    return da + 1 + len(righe)
