"""Writing the workbook: sheets that guide who types, and the same with the marks of what was refused.

No text of a draft can become a formula: strings are written as strings, and those that begin like one are kept so by
the apostrophe of spreadsheets even when somebody edits the cell (OWASP, "CSV injection").
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from monitoraggio import scheda
from monitoraggio.bozza.lettura import PRIMO_GIORNO, ULTIMO_GIORNO
from monitoraggio.foglio import colonne, parole
from monitoraggio.foglio.colonne import CHIAVE_INTERVENTO, CHIAVE_RIGA, CLP, CUP, TITOLO, Colonna
from monitoraggio.foglio.tipi import Esito, Genere, Libro, RigaFoglio, Scheda, Valore
from monitoraggio.scheda import Campo, Sezione
from monitoraggio.scheda import Genere as Tipo
from registro.tabella_csv import FORMULE

VERSIONE = "1"
# Rows under the last one that are ready to be typed in.
LIBERE = 300
NUMERI = {
    Tipo.IMPORTO: "#,##0.00",
    Tipo.PERCENTO: "0.00",
    Tipo.QUANTITA: "#,##0.####",
    Tipo.DATA: "dd/mm/yyyy",
    Tipo.ANNO: "0",
    # Text, or a spreadsheet would take away zeros and turn 1/2024 into a day.
    Tipo.TESTO: "@",
    Tipo.CIG: "@",
}
LARGHEZZE = {Tipo.IMPORTO: 17, Tipo.PERCENTO: 12, Tipo.QUANTITA: 15, Tipo.DATA: 13, Tipo.ANNO: 8, Tipo.CIG: 13}
LARGHEZZE |= {Tipo.SPUNTA: 16, Tipo.SCELTA: 22, Tipo.AREA: 48}
FONDI = {Genere.RIFIUTO: "#FBD5D5", Genere.SCONTRO: "#FBD5D5", Genere.ERRORE: "#FDE9CC", Genere.AVVISO: "#FDE9CC"}
GRIGIO = "#EEF1F4"
# What is free in a sheet that is protected, without a password, from slips of the hand.
PERMESSI = {
    "sort": True,
    "autofilter": True,
    "insert_rows": True,
    "delete_rows": True,
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "objects": True,
}
_PRIME = 5  # CUP, local code, title, two hidden keys
_LUNGO_AIUTO, _LUNGO_TITOLO, _LUNGO_COMMENTO = 255, 32, 1000
_ALTA = 36
Posto = tuple[str, int, str]


class _Scrittore:
    def __init__(self, libro: Libro, segni: Sequence[Esito]) -> None:
        self.libro = libro
        self.segni = segni
        self.per_cella: dict[Posto, list[Esito]] = defaultdict(list)
        for esito in segni:
            if esito.genere in FONDI and esito.riga:
                self.per_cella[(esito.sezione, esito.riga, esito.campo)].append(esito)
        self.file = io.BytesIO()
        opzioni = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.cartella = xlsxwriter.Workbook(self.file, opzioni)
        self.formato = cache(self._formato)
        self.titolo = self.cartella.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#0066CC", "font_color": "#FFFFFF"}
        )

    def _formato(self, numeri: str = "", fondo: str = "", bloccato: bool = False, testuale: bool = False) -> Any:
        modo: dict[str, Any] = {"valign": "top", "locked": bloccato, "quote_prefix": testuale}
        if numeri in {"", "@"}:
            modo["text_wrap"] = True
        if numeri:
            modo["num_format"] = numeri
        if fondo or bloccato:
            modo["bg_color"] = fondo or GRIGIO
        return self.cartella.add_format(modo)

    def scrivi(self) -> bytes:
        self.cartella.set_properties({"title": parole.titolo(self.libro.mese), "author": "Portale PNRR"})
        self._leggimi()
        if self.segni:
            self._esiti()
        for nome, letta in self.libro.schede.items():
            self._scheda(scheda.PER_NOME[nome], letta)
        self._portale()
        self.cartella.close()
        return self.file.getvalue()

    # --- Sheets of values ---------------------------------------------------------------------------------------

    def _scheda(self, sezione: Sezione, letta: Scheda) -> None:
        foglio = self.cartella.add_worksheet(colonne.nome_foglio(sezione))
        presenti = [c for c in colonne.colonne(sezione) if not letta.colonne or c.campo.nome in letta.colonne]
        fissa = colonne.FISSE.get(sezione.nome, "")
        self._intesta(foglio, fissa, presenti)
        ultima = 0
        for posto, riga in enumerate(letta.righe, start=1):
            ultima = riga.numero - 1 if riga.numero else posto
            self._riga(foglio, ultima, sezione, riga, fissa, presenti)
        prima = _PRIME + bool(fissa)
        for posto, colonna in enumerate(presenti, start=prima):
            regola = _regola(colonna.campo)
            if regola is not None:
                foglio.data_validation(1, posto, ultima + LIBERE, posto, regola)
        foglio.autofilter(0, 0, max(ultima, 1), prima + len(presenti) - 1)
        foglio.freeze_panes(1, 3)
        foglio.protect("", PERMESSI)
        foglio.set_landscape()
        foglio.fit_to_pages(1, 0)
        foglio.repeat_rows(0)

    def _intesta(self, foglio: Any, fissa: str, presenti: Sequence[Colonna]) -> None:
        libero, nascosta = self.formato(), {"hidden": True}
        foglio.set_column(0, 0, 19, self.formato("@"))
        foglio.set_column(1, 1, 15, self.formato("@"))
        foglio.set_column(2, 2, 34, libero)
        foglio.set_column(3, 4, 10, libero, nascosta)
        if fissa:
            foglio.set_column(_PRIME, _PRIME, 60 if fissa == colonne.FISSE["spiegazioni"] else 38, libero)
        prima = _PRIME + bool(fissa)
        for posto, colonna in enumerate(presenti, start=prima):
            campo = colonna.campo
            testo_breve = 18 if campo.massimo <= 20 else 28
            foglio.set_column(posto, posto, LARGHEZZE.get(campo.genere, testo_breve), self.formato(_numeri(campo)))
        titoli = [CUP, CLP, TITOLO, CHIAVE_INTERVENTO, CHIAVE_RIGA, *([fissa] if fissa else [])]
        for posto, titolo in enumerate([*titoli, *(colonna.titolo for colonna in presenti)]):
            foglio.write_string(0, posto, titolo, self.titolo)
        foglio.set_row(0, _ALTA)

    def _riga(
        self, foglio: Any, numero: int, sezione: Sezione, riga: RigaFoglio, fissa: str, presenti: Sequence[Colonna]
    ) -> None:
        # A row that was typed at the bottom stays open; those of the portal look locked, and are.
        del_portale = riga.intervento is not None
        intera = self.per_cella.get((sezione.nome, numero + 1, ""))
        for posto, testo in enumerate((riga.cup, riga.clp, riga.titolo)):
            segnata = intera if posto == 0 else None
            self._cella(foglio, numero, posto, testo, "@" if posto < 2 else "", segnata, bloccata=del_portale)
        foglio.write_string(numero, 3, str(riga.intervento or ""), self.formato("", "", True))
        foglio.write_string(numero, 4, riga.nome, self.formato("", "", True))
        if fissa:
            self._cella(foglio, numero, _PRIME, riga.fissa, "", None, bloccata=del_portale)
        for posto, colonna in enumerate(presenti, start=_PRIME + bool(fissa)):
            nome = colonna.campo.nome
            segnata = self.per_cella.get((sezione.nome, numero + 1, nome))
            bloccata = nome in riga.bloccati
            self._cella(
                foglio, numero, posto, riga.valori.get(nome), _numeri(colonna.campo), segnata, bloccata=bloccata
            )

    def _cella(
        self,
        foglio: Any,
        riga: int,
        posto: int,
        valore: Valore,
        numeri: str,
        segni: Sequence[Esito] | None,
        *,
        bloccata: bool = False,
    ) -> None:
        fondo = FONDI[segni[0].genere] if segni else ""
        if segni:
            nota = "\n".join(dict.fromkeys(esito.ragione for esito in segni))[:_LUNGO_COMMENTO]
            foglio.write_comment(riga, posto, nota, {"author": "Portale PNRR", "x_scale": 2.2, "y_scale": 1.4})
        if valore is None or valore == "":
            if fondo or bloccata:
                foglio.write_blank(riga, posto, None, self.formato(numeri, fondo, bloccata))
        elif isinstance(valore, bool):
            foglio.write_boolean(riga, posto, valore, self.formato(numeri, fondo, bloccata))
        elif isinstance(valore, int | float | Decimal):
            foglio.write_number(riga, posto, valore, self.formato(numeri, fondo, bloccata))
        elif isinstance(valore, date | time | timedelta):
            forma = numeri if "yy" in numeri else "hh:mm" if isinstance(valore, time | timedelta) else "dd/mm/yyyy"
            foglio.write_datetime(riga, posto, _istante(valore), self.formato(forma, fondo, bloccata))
        else:
            testuale = valore.startswith(FORMULE)
            foglio.write_string(riga, posto, valore, self.formato(numeri, fondo, bloccata, testuale))

    # --- The other sheets ---------------------------------------------------------------------------------------

    def _leggimi(self) -> None:
        foglio = self.cartella.add_worksheet(colonne.LEGGIMI)
        foglio.hide_gridlines(2)
        foglio.set_column(0, 0, 100)
        grande = self.cartella.add_format({"bold": True, "font_size": 16, "valign": "top"})
        capitolo = self.cartella.add_format({"bold": True, "valign": "top", "font_color": "#0066CC"})
        testo = self.cartella.add_format({"text_wrap": True, "valign": "top"})
        numero = 0
        for titolo, frasi in parole.leggimi(self.libro, restituito=bool(self.segni)):
            foglio.write_string(numero, 0, titolo, grande if numero == 0 else capitolo)
            for frase in frasi:
                numero += 1
                foglio.write_string(numero, 0, frase, testo)
            numero += 2
        foglio.protect("", PERMESSI)

    def _esiti(self) -> None:
        foglio = self.cartella.add_worksheet(colonne.ESITI)
        titoli = parole.TITOLI_ESITI
        for posto, (titolo, larghezza) in enumerate(titoli):
            foglio.set_column(posto, posto, larghezza)
            foglio.write_string(0, posto, str(titolo), self.titolo)
        for numero, esito in enumerate(self.segni, start=1):
            valori: list[Valore] = [
                esito.foglio, esito.riga or None, esito.colonna, esito.cup, str(parole.GENERI[esito.genere]),
                esito.dopo, esito.prima, esito.ragione,
            ]  # fmt: skip
            for posto, valore in enumerate(valori):
                self._cella(foglio, numero, posto, valore, "0" if posto == 1 else "", None)
        foglio.freeze_panes(1, 0)
        foglio.autofilter(0, 0, len(self.segni), len(titoli) - 1)
        foglio.activate()

    def _portale(self) -> None:
        """What the portal must find again to tell what was changed: very hidden, so that nobody mends it by mistake."""
        foglio = self.cartella.add_worksheet(colonne.PORTALE)
        foglio.very_hidden()
        righe = [
            ("libro", VERSIONE, self.libro.identita, self.libro.mese.isoformat(), self.libro.scaricato.isoformat())
        ]
        for pk, soggetto in self.libro.soggetti.items():
            righe.append(
                ("intervento", str(pk), str(soggetto.avanzamento or ""), str(soggetto.revisione), soggetto.cup)
            )
        for pk, celle in self.libro.base.items():
            righe += [("cella", str(pk), nome, testo, "") for nome, testo in celle.items()]
        for numero, riga in enumerate(righe):
            for posto, testo in enumerate(riga):
                foglio.write_string(numero, posto, testo)
        foglio.protect("")


def _numeri(campo: Campo) -> str:
    if campo.genere is Tipo.TESTO and campo.massimo > 255:
        return ""
    return NUMERI.get(campo.genere, "")


def _istante(valore: date | datetime | time | timedelta) -> datetime | time | timedelta:
    if isinstance(valore, date) and not isinstance(valore, datetime):
        return datetime(valore.year, valore.month, valore.day)  # noqa: DTZ001 a day has no time zone
    return valore


def _regola(campo: Campo) -> dict[str, Any] | None:
    """What a spreadsheet lets be typed in a column, with words of ours when it does not."""
    regola: dict[str, Any] = {"ignore_blank": True}
    if campo.genere in {Tipo.IMPORTO, Tipo.QUANTITA}:
        regola |= {"validate": "decimal", "criteria": ">=", "value": 0}
    elif campo.genere is Tipo.PERCENTO:
        # A warning that can be passed over: less than one per cent is typed as a text.
        limiti = {"minimum": 0, "maximum": 100}
        regola |= {"validate": "decimal", "criteria": "between", **limiti, "error_type": "warning"}
    elif campo.genere is Tipo.DATA:
        regola |= {"validate": "date", "criteria": "between", "minimum": PRIMO_GIORNO, "maximum": ULTIMO_GIORNO}
    elif campo.genere is Tipo.ANNO:
        primo, ultimo = PRIMO_GIORNO.year, ULTIMO_GIORNO.year
        regola |= {"validate": "integer", "criteria": "between", "minimum": primo, "maximum": ultimo}
    elif campo.genere is Tipo.SCELTA:
        regola |= {"validate": "list", "source": [str(nome) for _valore, nome in campo.scelte]}
    elif campo.genere is Tipo.SPUNTA:
        regola |= {"validate": "list", "source": [colonne.SI]}
    elif campo.genere in {Tipo.TESTO, Tipo.AREA, Tipo.CIG}:
        regola |= {"validate": "length", "criteria": "<=", "value": campo.massimo}
    else:
        return None
    regola |= {"error_title": _("Valore non accettato"), "error_message": parole.errore_di(campo)[:_LUNGO_AIUTO]}
    if campo.aiuto:
        regola |= {
            "input_title": str(campo.etichetta)[:_LUNGO_TITOLO],
            "input_message": str(campo.aiuto)[:_LUNGO_AIUTO],
        }
    return regola


def scrivi(libro: Libro, segni: Sequence[Esito] = ()) -> bytes:
    """The bytes of the workbook; with marks, they are on their cells and listed in a sheet of their own."""
    return _Scrittore(libro, segni).scrivi()
