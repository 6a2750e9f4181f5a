"""The data of a report as JSON: what is archived with the PDF, travels inside it, and the trace pages read.

The same document gives the same bytes. Tables of rows (`tavole`) come whole; a figure says which of their rows make it
by place, from one: "1-34 40". The form is described by docs/rapporti/dati.schema.json.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from rapporti.documento import (
    Cella,
    Cifra,
    Colonna,
    Documento,
    Frase,
    Grafico,
    Legame,
    Paragrafo,
    Riquadri,
    Segno,
    Sezione,
    Tabella,
    Tavola,
)
from rapporti.domanda import Domanda, istante
from rapporti.formati.letti import COPERTINA, Dati
from rapporti.formati.tabelle import in_csv
from rapporti.formati.tipi import Allegato
from rapporti.formati.valori import in_grezzo, in_intervalli

FORMATO = "psttm-rapporto"
# Semantic: a reader of 1.x reads every 1.y.
VERSIONE = "1.0.0"


def in_json(documento: Documento) -> bytes:
    """Raises ValueError where a figure counts rows that its table has not, or two figures have one key."""
    raccolta = _Raccolta({tavola.chiave: _posti(tavola) for tavola in documento.tavole})
    copertina = documento.copertina
    for frase in copertina.frasi:
        raccolta.frase(frase, COPERTINA)
    for cifra in copertina.cifre:
        raccolta.cifra(cifra, COPERTINA)
    sezioni = [_sezione(sezione, livello, raccolta) for sezione, livello in distese(documento.sezioni)]
    tutto = {
        "formato": FORMATO,
        "versione": VERSIONE,
        "codice": documento.codice,
        "domanda": _domanda(documento.domanda),
        "titolo": documento.titolo,
        "nome_perimetro": documento.nome_perimetro,
        "dimostrativo": documento.dimostrativo,
        "interventi": documento.interventi,
        "avvisi": list(documento.avvisi),
        "sintesi": [frase.testo for frase in copertina.frasi],
        "in_evidenza": [cifra.chiave for cifra in copertina.cifre],
        "cifre": [raccolta.scritta(cifra) for cifra in raccolta.cifre.values()],
        "sezioni": sezioni,
        "tavole": [_tavola(tavola) for tavola in documento.tavole],
    }
    return orjson.dumps(tutto) + b"\n"


def leggi_dati(contenuto: bytes) -> Dati:
    """What `in_json` wrote. Raises ValueError if it is something else."""
    letti = orjson.loads(contenuto)
    if not isinstance(letti, dict) or letti.get("formato") != FORMATO:
        raise ValueError("Non sono i dati di un rapporto.")
    if str(letti.get("versione", "")).partition(".")[0] != VERSIONE.partition(".")[0]:
        raise ValueError(f"Dati di un rapporto in un'altra versione: {letti.get('versione')}.")
    return Dati(letti)


def allegati(documento: Documento, dati: bytes) -> tuple[Allegato, ...]:
    """What travels inside the PDF: the data as they are archived, and each table of rows as CSV."""
    tutto = Allegato(
        f"rapporto-{documento.codice}.json",
        "application/json",
        dati,
        "Tutte le cifre del rapporto, con le righe di cui sono fatte",
    )
    tavole = (
        Allegato(f"{tavola.chiave}.csv", "text/csv", in_csv(tavola), f"Le righe di «{tavola.titolo}»")
        for tavola in documento.tavole
    )
    return tutto, *tavole


# --- What there is to write ---------------------------------------------------------------------------------------


def distese(sezioni: tuple[Sezione, ...], livello: int = 1) -> Iterator[tuple[Sezione, int]]:
    """All the sections in the order of reading, each with its depth."""
    for sezione in sezioni:
        yield sezione, livello
        yield from distese(sezione.sezioni, livello + 1)


def _posti(tavola: Tavola) -> Mapping[str, int]:
    return {chiave: posto for posto, chiave in enumerate(tavola.righe, 1)}


@dataclass
class _Raccolta:
    """Every figure of the document once, in the order of reading, with the sections it stands in.

    `posti` are the places of the rows of each table.
    """

    posti: Mapping[str, Mapping[str, int]]
    cifre: dict[str, Cifra] = field(default_factory=dict)
    dove: dict[str, list[str]] = field(default_factory=dict)

    def cifra(self, cifra: Cifra, ancora: str) -> None:
        gia = self.cifre.setdefault(cifra.chiave, cifra)
        if gia is not cifra and gia != cifra:
            raise ValueError(f"Due cifre diverse con la stessa chiave: {cifra.chiave}.")
        sue = self.dove.setdefault(cifra.chiave, [])
        if ancora not in sue:
            sue.append(ancora)

    def frase(self, frase: Frase, ancora: str) -> None:
        for parte in frase.parti:
            if isinstance(parte, Cifra):
                self.cifra(parte, ancora)

    def tabella(self, tabella: Tabella, ancora: str) -> None:
        for riga in (*tabella.righe, tabella.totale):
            for cella in riga:
                if isinstance(cella, Cifra):
                    self.cifra(cella, ancora)

    def scritta(self, cifra: Cifra) -> dict[str, Any]:
        scritta: dict[str, Any] = {
            "chiave": cifra.chiave,
            "etichetta": cifra.etichetta,
            "valore": in_grezzo(cifra.valore, cifra.unita),
            "unita": cifra.unita.value,
            "testo": cifra.testo,
            "sezioni": self.dove[cifra.chiave],
        }
        if cifra.formula:
            return scritta | {"formula": cifra.formula, "da": list(cifra.da)}
        try:
            righe = in_intervalli([self.posti[cifra.tavola][riga] for riga in cifra.righe])
        except (KeyError, ValueError) as errore:
            raise ValueError(f"La cifra {cifra.chiave} non torna con la tavola {cifra.tavola}: {errore}") from errore
        return scritta | {"tavola": cifra.tavola, "righe": righe, "colonna": cifra.colonna}


def _domanda(domanda: Domanda) -> dict[str, str]:
    return {
        "tipo": domanda.tipo.value,
        "perimetro": domanda.perimetro.tipo.value,
        "chiave": domanda.perimetro.chiave,
        "al": domanda.al.isoformat(),
        "noto_al": istante(domanda.noto_al),
        "confronto_al": domanda.confronto_al.isoformat(),
        "confronto_noto_al": istante(domanda.confronto_noto_al),
    }


def _sezione(sezione: Sezione, livello: int, raccolta: _Raccolta) -> dict[str, Any]:
    testi: list[str] = []
    tabelle: list[dict[str, Any]] = []
    for blocco in sezione.blocchi:
        match blocco:
            case Paragrafo():
                testi += [frase.testo for frase in blocco.frasi]
                for frase in blocco.frasi:
                    raccolta.frase(frase, sezione.ancora)
            case Riquadri():
                for cifra in blocco.cifre:
                    raccolta.cifra(cifra, sezione.ancora)
            case Tabella():
                raccolta.tabella(blocco, sezione.ancora)
                tabelle.append(_tabella(blocco, ""))
            case Grafico():
                raccolta.tabella(blocco.dati, sezione.ancora)
                tabelle.append(_tabella(blocco.dati, blocco.descrizione))
    return {
        "ancora": sezione.ancora,
        "titolo": sezione.titolo,
        "sottotitolo": sezione.sottotitolo,
        "livello": livello,
        "testi": testi,
        "tabelle": tabelle,
    }


def _tabella(tabella: Tabella, grafico: str) -> dict[str, Any]:
    unita = [colonna.unita for colonna in tabella.colonne]
    return {
        "chiave": tabella.chiave,
        "titolo": tabella.titolo,
        "grafico": grafico,
        "colonne": _colonne(tabella.colonne),
        "righe": [[_cella(*coppia) for coppia in zip(riga, unita, strict=True)] for riga in tabella.righe],
        "totale": [_cella(*coppia) for coppia in zip(tabella.totale, unita, strict=bool(tabella.totale))],
        "nota": tabella.nota,
    }


def _cella(cella: Cella, unita: Any) -> Any:
    match cella:
        case Cifra():
            return {"cifra": cella.chiave}
        case Segno():
            return {"segno": cella.codice, "parola": cella.parola}
        case Legame():
            return {"legame": cella.testo, "indirizzo": cella.indirizzo}
    return in_grezzo(cella, unita)


def _tavola(tavola: Tavola) -> dict[str, Any]:
    unita = [colonna.unita for colonna in tavola.colonne]
    return {
        "chiave": tavola.chiave,
        "titolo": tavola.titolo,
        "colonne": _colonne(tavola.colonne),
        "righe": [
            {"chiave": chiave, "valori": [in_grezzo(*coppia) for coppia in zip(riga, unita, strict=True)]}
            for chiave, riga in tavola.righe.items()
        ],
    }


def _colonne(colonne: tuple[Colonna, ...]) -> list[dict[str, str]]:
    return [{"chiave": uno.chiave, "nome": uno.nome, "unita": uno.unita.value} for uno in colonne]
