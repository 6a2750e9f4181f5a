"""Reads back what `esporta_regis` writes, knowing nothing of how it is written: only the format as ReGiS asks it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

# Spelled out again, on purpose: t text or code, i amount, n number, d day.
TABELLE = {
    "AP00": "t:TITOLO_PROGETTO t:SINTESI_PRG t:TIPO_OPERAZIONE t:CUP t:TIPO_AIUTO d:DATA_INIZIO d:DATA_FINE_PREVISTA "
    "d:DATA_FINE_EFFETTIVA",
    "AP06": "t:COD_REGIONE t:COD_PROVINCIA t:COD_COMUNE t:INDIRIZZO t:COD_CAP",
    "SC00": "t:COD_RUOLO_SOG t:CODICE_FISCALE t:FLAG_SOGGETTO_PUBBLICO t:COD_UNI_IPA t:DENOMINAZIONE_SOG "
    "t:FORMA_GIURIDICA t:COD_ATECO",
    "FN00": "t:COD_FONDO t:COD_NORMA i:IMPORTO",
    "FN02": "t:VOCE_SPESA i:IMPORTO",
    "FN03": "t:ANNO_PIANO i:IMP_REALIZZATO i:IMP_DA_REALIZZARE",
    "FN04": "t:COD_IMPEGNO t:TIPOLOGIA_IMPEGNO d:DATA_IMPEGNO i:IMPORTO_IMPEGNO t:NOTE_IMPEGNO",
    "FN06": "t:COD_PAGAMENTO t:TIPOLOGIA_PAG d:DATA_PAGAMENTO i:IMPORTO_PAG t:CAUSALE_PAGAMENTO",
    "IN01": "t:TIPO_INDICATORE t:COD_INDICATORE n:VAL_PROGRAMMATO n:VALORE_REALIZZATO",
    "PG00": "t:COD_PROC_AGG t:CIG t:MOTIVO_ASSENZA_CIG t:DESCR_PROCEDURA_AGG t:TIPO_PROC_AGG i:IMPORTO_PROCEDURA_AGG "
    "d:DATA_PUBBLICAZIONE i:IMPORTO_AGGIUDICATO d:DATA_AGGIUDICAZIONE",
    "PR00": "t:COD_FASE d:DATA_INIZIO_PREVISTA d:DATA_INIZIO_EFFETTIVA d:DATA_FINE_PREVISTA d:DATA_FINE_EFFETTIVA",
    "PR01": "t:STATO_PROGETTO d:DATA_RIFERIMENTO",
}
Valore = str | Decimal | date | None


class FormatoSbagliato(Exception):
    pass


@dataclass(frozen=True)
class Letto:
    """A package: its tables as rows of values, and the other files as they are."""

    tabelle: dict[str, list[dict[str, Valore]]]
    leggimi: str
    mancanze: str

    def vive(self, tabella: str) -> list[dict[str, Valore]]:
        return [riga for riga in self.tabelle[tabella] if riga["FLG_CANCELLAZIONE"] != "S"]

    def somma(self, tabella: str, importo: str, tipo: str, in_meno: str) -> Decimal:
        """The net sum of a ledger."""
        somma = Decimal(0)
        for riga in self.vive(tabella):
            valore = riga[importo]
            assert isinstance(valore, Decimal)
            somma += -valore if riga[tipo] == in_meno else valore
        return somma


def leggi_zip(contenuto: bytes) -> Letto:
    with zipfile.ZipFile(io.BytesIO(contenuto)) as archivio:
        nomi = set(archivio.namelist())
        if nomi != {f"{codice}.txt" for codice in TABELLE} | {"LEGGIMI.txt", "mancanze.csv"}:
            raise FormatoSbagliato(f"file inattesi o mancanti: {sorted(nomi)}")
        testi = {nome: archivio.read(nome).decode("utf-8") for nome in nomi}
    tabelle = {codice: leggi_tabella(codice, testi[f"{codice}.txt"]) for codice in TABELLE}
    return Letto(tabelle, testi["LEGGIMI.txt"], testi["mancanze.csv"])


def leggi_tabella(codice: str, testo: str) -> list[dict[str, Valore]]:
    if testo and not testo.endswith("\r\n"):
        raise FormatoSbagliato(f"{codice}: l'ultima riga non è chiusa")
    campi = ["t:COD_LOCALE_PROGETTO", *TABELLE[codice].split(), "t:FLG_CANCELLAZIONE"]
    righe = []
    for numero, riga in enumerate(testo.split("\r\n")[:-1], 1):
        celle = riga.split("|")
        if len(celle) != len(campi):
            raise FormatoSbagliato(f"{codice}, riga {numero}: {len(celle)} campi invece di {len(campi)}")
        righe.append({campo[2:]: _leggi(campo[0], cella) for campo, cella in zip(campi, celle, strict=True)})
    return righe


def _leggi(genere: str, cella: str) -> Valore:
    if genere == "t":
        if any(ord(carattere) < 32 or carattere == '"' for carattere in cella):
            raise FormatoSbagliato(f"carattere non ammesso in {cella!r}")
        return cella
    if not cella:
        return None
    if genere == "d":
        giorno, mese, anno = cella.split("/")
        if (len(giorno), len(mese), len(anno)) != (2, 2, 4):
            raise FormatoSbagliato(f"non è una data gg/mm/aaaa: {cella}")
        return date(int(anno), int(mese), int(giorno))
    intero, virgola, decimali = cella.partition(",")
    if not virgola or len(decimali) != 2 or not intero.lstrip("-").isdigit():
        raise FormatoSbagliato(f"non è un importo con due decimali: {cella}")
    return Decimal(f"{intero}.{decimali}")
