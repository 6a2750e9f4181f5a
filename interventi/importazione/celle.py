"""From the cells of a row to its values, with what there is to say about them. The hot loop of an import is here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from interventi.importazione.intestazioni import chiave_di
from interventi.importazione.riconoscimento import Riconosciuta
from interventi.importazione.tipi import RigaLetta, Rilievo, Tabella
from interventi.importazione.valori import CellaDubbia, CellaErrata, Lettore, pulisci
from registro.tabella_csv import FORMULE

# What a refused row shows of a CUP that is none.
_CUP_MOSTRATO = 60

Passi = list[tuple[int, str, Lettore]]


class LettoreDiRighe:
    """Reads the rows of one table, whose header was recognised once."""

    def __init__(self, riconosciuta: Riconosciuta) -> None:
        self._intestazioni = riconosciuta.intestazioni
        self._larghezza = riconosciuta.larghezza
        self._tenute = riconosciuta.tenute if riconosciuta.del_portale else None
        self._dati_al = riconosciuta.dati_al
        self._controlla = _CONTROLLI.get(riconosciuta.descrizione.tabella)
        self._fissi = riconosciuta.descrizione.fissi
        self._posto = {colonna.campo: posto for posto, colonna in riconosciuta.colonne}
        self._semplici: Passi = []
        self._voci: dict[str, Passi] = {}
        for posto, colonna in riconosciuta.colonne:
            voce, _, campo = colonna.campo.rpartition(".")
            passi = self._voci.setdefault(voce, []) if voce else self._semplici
            passi.append((posto, campo, colonna.leggi))

    def leggi(self, numero: int, celle: list[str], *, ultima: int | None = None) -> RigaLetta | None:
        """The row with its values; None for an empty one. `ultima` is the last physical line that it takes."""
        if len(celle) != self._larghezza or not celle[0].strip():
            if not any(cella.strip() for cella in celle):
                return None
            if not self._adatta(celle):
                return RigaLetta(numero, {"cup": ""}, celle, [self._celle_sbagliate(numero, len(celle), ultima)])
        if self._tenute is not None:
            celle = [_senza_apostrofo(celle[posto]) for posto in self._tenute]
        valori: dict[str, Any] = {}
        rilievi: list[Rilievo] = []
        if self._dati_al is not None:
            valori["dati_al"] = self._dati_al
        self._leggi_passi(self._semplici, celle, valori, rilievi)
        for voce, passi in self._voci.items():
            self._leggi_voce(voce, passi, celle, valori, rilievi)
        if not valori.get("cup"):
            return self._senza_cup(numero, celle, valori, rilievi)
        if valori.get("submisura") == "":
            rilievi.append(self._grave("submisura", celle, "Manca la submisura, che fa parte della chiave: scrivila."))
        if self._controlla is not None and (trovato := self._controlla(valori)) is not None:
            rilievi.append(self._grave(trovato[0], celle, trovato[1]))
        return RigaLetta(numero, valori, celle, rilievi)

    def _leggi_passi(self, passi: Passi, celle: list[str], valori: dict[str, Any], rilievi: list[Rilievo]) -> None:
        for posto, campo, leggi in passi:
            try:
                valori[campo] = leggi(celle[posto])
            except CellaDubbia as dubbia:
                valori[campo] = dubbia.valore
                rilievi.append(Rilievo(self._intestazioni[posto], celle[posto], str(dubbia)))
            except CellaErrata as errata:
                rilievi.append(Rilievo(self._intestazioni[posto], celle[posto], str(errata), grave=True))

    def _leggi_voce(
        self, voce: str, passi: Passi, celle: list[str], valori: dict[str, Any], rilievi: list[Rilievo]
    ) -> None:
        """An item of a list (a body, a firm): it is there if it has a name or a tax code."""
        letta = dict(self._fissi[voce])
        self._leggi_passi(passi, celle, letta, rilievi)
        elenco = valori.setdefault(voce.partition(".")[0], [])
        if letta["denominazione"] or letta["codice_fiscale"]:
            elenco.append(letta)

    def _senza_cup(self, numero: int, celle: list[str], valori: dict[str, Any], rilievi: list[Rilievo]) -> RigaLetta:
        """A row without a good CUP: refused, because it has no key; or the header once more."""
        if [chiave_di(cella) for cella in celle] == [chiave_di(nome) for nome in self._intestazioni]:
            rilievi = [Rilievo("", "", "È di nuovo la riga delle intestazioni: toglila.", grave=True)]
        elif "cup" in valori:
            ragione = "Manca il CUP, che fa parte della chiave: senza, la riga non si può attribuire a un intervento."
            rilievi.append(self._grave("cup", celle, ragione))
        valori["cup"] = pulisci(celle[self._posto["cup"]])[:_CUP_MOSTRATO]
        return RigaLetta(numero, valori, celle, rilievi)

    def _grave(self, campo: str, celle: list[str], ragione: str) -> Rilievo:
        posto = self._posto.get(campo)
        if posto is None:
            return Rilievo("", "", ragione, grave=True)
        return Rilievo(self._intestazioni[posto], celle[posto], ragione, grave=True)

    def _adatta(self, celle: list[str]) -> bool:
        """Take away the empty cells after the last column; whether the row now has one cell for each column."""
        while len(celle) > self._larghezza and not celle[-1].strip():
            celle.pop()
        return len(celle) == self._larghezza

    def _celle_sbagliate(self, numero: int, quante: int, ultima: int | None) -> Rilievo:
        celle = "una cella" if quante == 1 else f"{quante} celle"
        ragione = f"La riga ha {celle} e l'intestazione {self._larghezza}: controlla separatori e virgolette."
        if ultima is not None and ultima > numero:
            ragione += f" Occupa le linee da {numero} a {ultima} del file: forse una virgoletta non è chiusa."
        return Rilievo("", "", ragione, grave=True)


def _senza_apostrofo(cella: str) -> str:
    """The cell as it was before the portal protected it from being taken for a formula."""
    return cella[1:] if cella[:1] == "'" and cella[1:2] in FORMULE else cella


# --- What a row must hold as a whole: the field to point at and the reason, or None -----------------------------------

Controllo = Callable[[dict[str, Any]], tuple[str, str] | None]


def _date_in_ordine(valori: dict[str, Any]) -> tuple[str, str] | None:
    inizio, fine = valori.get("inizio_effettivo"), valori.get("fine_effettiva")
    if inizio and fine and fine < inizio:
        return "fine_effettiva", f"La fine effettiva viene prima dell'inizio effettivo ({inizio:%d/%m/%Y})."
    return None


def _gara_individuata(valori: dict[str, Any]) -> tuple[str, str] | None:
    if "cig" in valori and not any(valori.get(campo) for campo in ("cig", "codice_pda", "motivo_assenza")):
        return "cig", "La gara non ha CIG, né codice interno PDA, né motivo di assenza del CIG: non si può riconoscere."
    return None


def _operatore_presente(valori: dict[str, Any]) -> tuple[str, str] | None:
    if "cig" in valori and not (valori["cig"] or valori.get("codice_pda")):
        return "cig", "Mancano sia il CIG sia il codice interno PDA: non si sa di quale gara si parla."
    if not valori.get("operatori"):
        return "operatori.riga.denominazione", "Mancano la denominazione e il codice fiscale dell'operatore."
    return None


def _soggetto_presente(valori: dict[str, Any]) -> tuple[str, str] | None:
    if not valori.get("soggetti"):
        return "soggetti.riga.denominazione", "Non c'è nessun soggetto: mancano denominazione e codice fiscale."
    return None


def _indicatore_con_codice(valori: dict[str, Any]) -> tuple[str, str] | None:
    if valori.get("codice") == "":
        return "codice", "Manca il codice dell'indicatore: scrivilo, per esempio T0039."
    return None


_CONTROLLI: dict[Tabella, Controllo] = {
    Tabella.PROGETTI: _date_in_ordine,
    Tabella.GARE: _gara_individuata,
    Tabella.AGGIUDICATARI: _operatore_presente,
    Tabella.SUBAPPALTATORI: _operatore_presente,
    Tabella.SOGGETTI: _soggetto_presente,
    Tabella.INDICATORI: _indicatore_con_codice,
}
