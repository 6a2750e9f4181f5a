"""The data of a report as they are read back: what is asked for is made when it is asked for.

A large report has thousands of figures over thousands of rows, and a page shows one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from rapporti.documento import Cella, Cifra, Colonna, Legame, Segno, Tabella, Tavola, Unita
from rapporti.domanda import Domanda, Perimetro
from rapporti.formati.valori import da_grezzo, intervalli
from rapporti.scelte import TipoPerimetro, TipoRapporto

# The anchor of the first page.
COPERTINA = "copertina"


@dataclass(frozen=True)
class SezioneLetta:
    """A section, at its depth from one; `tabelle` are its tables and the twins of its charts."""

    ancora: str
    titolo: str
    sottotitolo: str
    livello: int
    testi: tuple[str, ...]
    tabelle: tuple[Tabella, ...]


@dataclass(frozen=True)
class Voce:
    """A figure as the list shows it: `quante` are the rows that make it, None where a formula does.

    `capitoli` are the anchors of the sections of the first level where it stands.
    """

    chiave: str
    etichetta: str
    testo: str
    quante: int | None
    capitoli: tuple[str, ...]


class Dati:
    """The JSON of a report, read. `leggi_dati` makes it."""

    def __init__(self, letti: dict[str, Any]) -> None:
        self._letti = letti
        self._letti_posti: dict[str, dict[str, int]] = {}
        self.codice: str = letti["codice"]
        self.titolo: str = letti["titolo"]
        self.nome_perimetro: str = letti["nome_perimetro"]
        self.dimostrativo: bool = letti["dimostrativo"]
        self.interventi: int = letti["interventi"]
        self.avvisi: tuple[str, ...] = tuple(letti["avvisi"])
        self.sintesi: tuple[str, ...] = tuple(letti["sintesi"])

    @cached_property
    def domanda(self) -> Domanda:
        letta = self._letti["domanda"]
        return Domanda(
            tipo=TipoRapporto(letta["tipo"]),
            perimetro=Perimetro(TipoPerimetro(letta["perimetro"]), letta["chiave"]),
            al=date.fromisoformat(letta["al"]),
            noto_al=datetime.fromisoformat(letta["noto_al"]),
            confronto_al=date.fromisoformat(letta["confronto_al"]),
            confronto_noto_al=datetime.fromisoformat(letta["confronto_noto_al"]),
        )

    # --- tables of rows ---

    @cached_property
    def _tavole(self) -> dict[str, dict[str, Any]]:
        return {tavola["chiave"]: tavola for tavola in self._letti["tavole"]}

    @property
    def nomi_tavole(self) -> tuple[str, ...]:
        return tuple(self._tavole)

    def tavola(self, chiave: str, righe: range | None = None) -> Tavola | None:
        """A table of rows, whole or only some places of it (from zero); None if there is none of this name."""
        scritta = self._tavole.get(chiave)
        if scritta is None:
            return None
        tutte = scritta["righe"]
        return self._con_righe(scritta, tutte if righe is None else [tutte[posto] for posto in righe])

    def di_cifra(self, chiave: str, parte: slice = slice(None)) -> Tavola | None:
        """The table of the rows that make a figure, or a part of them; None where a formula makes it."""
        letta = self._cifre[chiave]
        scritta = self._tavole.get(letta.get("tavola", ""))
        if scritta is None:
            return None
        posti = [posto for intervallo in intervalli(letta["righe"]) for posto in intervallo][parte]
        return self._con_righe(scritta, [scritta["righe"][posto - 1] for posto in posti])

    def sommati(self, chiave: str) -> list[Any] | None:
        """The values that make a figure that is the sum of a column; None if it is not, or the column is not there."""
        letta = self._cifre[chiave]
        scritta = self._tavole.get(letta.get("tavola", ""))
        if scritta is None:
            return None
        for numero, colonna in enumerate(scritta["colonne"]):
            if colonna["chiave"] == letta["colonna"]:
                posti = (posto for intervallo in intervalli(letta["righe"]) for posto in intervallo)
                unita = Unita(colonna["unita"])
                return [da_grezzo(scritta["righe"][posto - 1]["valori"][numero], unita) for posto in posti]
        return None

    def riga(self, tavola: str, chiave: str) -> Tavola | None:
        """The table with one row only; None if there is no such row."""
        posto = self._posti(tavola).get(chiave)
        return None if posto is None else self.tavola(tavola, range(posto - 1, posto))

    def cifre_con(self, tavola: str, chiave: str) -> list[Voce]:
        """The figures that a row is part of."""
        posto = self._posti(tavola).get(chiave)
        return [
            voce
            for voce, letta in zip(self.voci, self._letti["cifre"], strict=True)
            if letta.get("tavola") == tavola and any(posto in intervallo for intervallo in intervalli(letta["righe"]))
        ]

    def _posti(self, tavola: str) -> Mapping[str, int]:
        """The place of every row of a table, from one."""
        if tavola not in self._letti_posti:
            scritta = self._tavole.get(tavola, {"righe": []})
            self._letti_posti[tavola] = {riga["chiave"]: posto for posto, riga in enumerate(scritta["righe"], 1)}
        return self._letti_posti[tavola]

    @staticmethod
    def _con_righe(scritta: dict[str, Any], righe: list[dict[str, Any]]) -> Tavola:
        colonne = _colonne(scritta["colonne"])
        unita = [colonna.unita for colonna in colonne]
        return Tavola(
            scritta["chiave"],
            scritta["titolo"],
            colonne,
            {
                riga["chiave"]: tuple(da_grezzo(*coppia) for coppia in zip(riga["valori"], unita, strict=True))
                for riga in righe
            },
        )

    # --- figures ---

    @cached_property
    def _cifre(self) -> dict[str, dict[str, Any]]:
        return {cifra["chiave"]: cifra for cifra in self._letti["cifre"]}

    @cached_property
    def voci(self) -> tuple[Voce, ...]:
        """All the figures, in the order of the report."""
        return tuple(
            Voce(
                letta["chiave"],
                letta["etichetta"],
                letta["testo"],
                None if "formula" in letta else sum(map(len, intervalli(letta["righe"]))),
                tuple(dict.fromkeys(self._capitolo_di[ancora] for ancora in letta["sezioni"])),
            )
            for letta in self._letti["cifre"]
        )

    @property
    def in_evidenza(self) -> tuple[Cifra, ...]:
        """The key figures of the cover."""
        return tuple(filter(None, map(self.cifra, self._letti["in_evidenza"])))

    def cifra(self, chiave: str) -> Cifra | None:
        letta = self._cifre.get(chiave)
        if letta is None:
            return None
        unita = Unita(letta["unita"])
        comune = {
            "chiave": chiave,
            "etichetta": letta["etichetta"],
            "valore": da_grezzo(letta["valore"], unita),
            "unita": unita,
        }
        if "formula" in letta:
            return Cifra(**comune, formula=letta["formula"], da=tuple(letta["da"]))
        chiavi = self._tavole.get(letta["tavola"], {"righe": []})["righe"]
        posti = (posto for intervallo in intervalli(letta["righe"]) for posto in intervallo)
        righe = tuple(chiavi[posto - 1]["chiave"] for posto in posti)
        return Cifra(**comune, tavola=letta["tavola"], righe=righe, colonna=letta["colonna"])

    def usata_da(self, chiave: str) -> list[Voce]:
        """The figures whose formula takes this one."""
        return [
            voce for voce, letta in zip(self.voci, self._letti["cifre"], strict=True) if chiave in letta.get("da", ())
        ]

    # --- sections ---

    @cached_property
    def capitoli(self) -> dict[str, str]:
        """The titles of the sections of the first level by their anchors, the cover first."""
        primi = {letta["ancora"]: letta["titolo"] for letta in self._letti["sezioni"] if letta["livello"] == 1}
        return {COPERTINA: "Copertina", **primi}

    @cached_property
    def _capitolo_di(self) -> dict[str, str]:
        """For every anchor, the section of the first level it is in."""
        capitoli, capitolo = {COPERTINA: COPERTINA}, ""
        for letta in self._letti["sezioni"]:
            capitolo = letta["ancora"] if letta["livello"] == 1 else capitolo
            capitoli[letta["ancora"]] = capitolo
        return capitoli

    def sezioni_di(self, chiave: str) -> tuple[str, ...]:
        """Where a figure stands, in words: "COME IN, Denaro"."""
        titoli = {letta["ancora"]: letta["titolo"] for letta in self._letti["sezioni"]}
        dove = []
        for ancora in self._cifre[chiave]["sezioni"]:
            capitolo = self._capitolo_di[ancora]
            nomi = [self.capitoli[capitolo]] + ([titoli[ancora]] if ancora != capitolo else [])
            dove.append(", ".join(nomi))
        return tuple(dove)

    @cached_property
    def sezioni(self) -> tuple[SezioneLetta, ...]:
        return tuple(
            SezioneLetta(
                letta["ancora"],
                letta["titolo"],
                letta["sottotitolo"],
                letta["livello"],
                tuple(letta["testi"]),
                tuple(self._tabella(tabella) for tabella in letta["tabelle"]),
            )
            for letta in self._letti["sezioni"]
        )

    def _tabella(self, letta: dict[str, Any]) -> Tabella:
        colonne = _colonne(letta["colonne"])
        return Tabella(
            letta["chiave"],
            letta["titolo"],
            colonne,
            tuple(tuple(self._celle(riga, colonne)) for riga in letta["righe"]),
            totale=tuple(self._celle(letta["totale"], colonne)) if letta["totale"] else (),
            nota=letta["nota"],
        )

    def _celle(self, riga: list[Any], colonne: tuple[Colonna, ...]) -> Iterator[Cella]:
        for cella, colonna in zip(riga, colonne, strict=True):
            match cella:
                case {"cifra": chiave}:
                    yield self.cifra(chiave)
                case {"segno": codice, "parola": parola}:
                    yield Segno(codice, parola)
                case {"legame": testo, "indirizzo": indirizzo}:
                    yield Legame(testo, indirizzo)
                case _:
                    yield da_grezzo(cella, colonna.unita)


def _colonne(lette: list[dict[str, str]]) -> tuple[Colonna, ...]:
    return tuple(Colonna(letta["chiave"], letta["nome"], Unita(letta["unita"])) for letta in lette)
