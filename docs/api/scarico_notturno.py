#!/usr/bin/env python3
"""Copia locale (SQLite) di un elenco dell'API del Portale PNRR, aggiornata ogni notte con ciò che è cambiato.

    export PSTTM_CHIAVE=psttm_…
    python3 scarico_notturno.py portale.example.org --file cup.sqlite3

La prima volta scarica tutto, poi solo i cambiamenti. Si può interrompere in qualunque momento, anche con kill -9 o
togliendo la corrente: righe, rimozioni e punto raggiunto sono scritti insieme, una pagina alla volta, e la volta dopo
si riprende da lì. Serve solo Python 3.9 o successivo. Le righe sono nella tabella `riga`, il contenuto è JSON:

    SELECT json_extract(dati, '$.cup'), json_extract(dati, '$.titolo') FROM riga;
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import logging
import os
import random
import sqlite3
import ssl
import sys
import time
import urllib.error
import urllib.request
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlencode, urlsplit

TENTATIVI, ATTESA_MASSIMA = 10, 300
DA_RIPROVARE = {429, 500, 502, 503, 504}
TABELLE = """
CREATE TABLE IF NOT EXISTS riga (id INTEGER PRIMARY KEY, giro INTEGER NOT NULL, dati TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS posto (
    unico INTEGER PRIMARY KEY CHECK (unico = 1),
    elenco TEXT NOT NULL,         -- che cosa c'è in questo file: indirizzo e filtri
    aggiornato_al TEXT,           -- fin dove la copia è completa: NULL finché uno scarico intero non è finito
    giro INTEGER NOT NULL,        -- cresce a ogni scarico intero: alla fine le righe dei giri prima non ci sono più
    successiva TEXT,              -- la pagina da cui riprendere, se lo scarico è a metà
    iniziato_il TEXT
);
"""


class Fermo(Exception):
    """Non si può continuare: il testo dice perché."""


class Rifiutata(Exception):
    """Il portale ha risposto con un errore che non passa da solo."""

    def __init__(self, stato: int, dettaglio: str) -> None:
        super().__init__(f"{stato}: {dettaglio}")
        self.stato = stato


class SenzaRinvii(urllib.request.HTTPRedirectHandler):
    """Un rinvio porterebbe la chiave a un altro indirizzo."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


RETE = urllib.request.build_opener(SenzaRinvii)


def chiedi(indirizzo: str, chiave: str) -> dict[str, Any]:
    """Una pagina; se il portale è occupato o non si raggiunge, aspetta e riprova."""
    intestazioni = {"Authorization": f"Bearer {chiave}", "Accept": "application/json", "Accept-Encoding": "gzip"}
    richiesta = urllib.request.Request(indirizzo, headers=intestazioni)  # noqa: S310 lo schema è già controllato
    perche = ""
    for tentativo in range(TENTATIVI):
        attesa = min(ATTESA_MASSIMA, 2**tentativo) * random.uniform(0.5, 1)  # noqa: S311 non è un segreto
        try:
            with RETE.open(richiesta, timeout=120) as risposta:
                corpo = risposta.read()
                if risposta.headers.get("Content-Encoding") == "gzip":
                    corpo = gzip.decompress(corpo)
                return dict(json.loads(corpo))
        except urllib.error.HTTPError as errore:
            dettaglio = _dettaglio(errore)
            if errore.code not in DA_RIPROVARE:
                raise Rifiutata(errore.code, dettaglio) from None
            perche = f"{errore.code}: {dettaglio}"
            detta = errore.headers.get("Retry-After", "")
            attesa = min(int(detta), ATTESA_MASSIMA) + random.random() if detta.isdecimal() else attesa  # noqa: S311
        except urllib.error.URLError as errore:
            if isinstance(errore.reason, ssl.SSLCertVerificationError):
                raise Fermo(f"Il certificato del portale non è valido: {errore.reason}") from None
            perche = str(errore.reason)
        except (OSError, EOFError, http.client.HTTPException, json.JSONDecodeError) as errore:
            perche = str(errore) or type(errore).__name__
        if tentativo + 1 < TENTATIVI:
            logging.warning("%s. Riprovo fra %.0f secondi.", perche, attesa)
            time.sleep(attesa)
    raise Fermo(f"Il portale non risponde ({perche}): la prossima volta si riprende da qui.")


def _dettaglio(errore: urllib.error.HTTPError) -> str:
    """Che cosa dice il portale (application/problem+json), o altrimenti il titolo dell'errore."""
    try:
        return str(json.loads(errore.read())["detail"])
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException):
        return str(errore.reason)


class Copia:
    """Il file SQLite: le righe e il punto a cui si è arrivati."""

    def __init__(self, percorso: str, elenco: str) -> None:
        self.banca = sqlite3.connect(percorso, timeout=60, isolation_level=None)
        self.banca.row_factory = sqlite3.Row
        self.banca.executescript(TABELLE)
        self.banca.execute("INSERT OR IGNORE INTO posto (unico, elenco, giro) VALUES (1, ?, 1)", [elenco])
        if self.posto()["elenco"] != elenco:
            raise Fermo(f"«{percorso}» è la copia di {self.posto()['elenco']}: per altro serve un altro file.")

    def posto(self) -> sqlite3.Row:
        riga: sqlite3.Row = self.banca.execute("SELECT * FROM posto").fetchone()
        return riga

    def salva(self, posto: sqlite3.Row, pagina: dict[str, Any]) -> None:
        """Righe, rimozioni e punto raggiunto: tutto o niente."""
        successiva, intero = pagina["paginazione"]["successiva"], posto["aggiornato_al"] is None
        righe = [(riga["id"], posto["giro"], json.dumps(riga, ensure_ascii=False)) for riga in pagina["dati"]]
        with self.banca:
            self._sposta(posto, successiva=successiva)
            self.banca.executemany("INSERT OR REPLACE INTO riga VALUES (?, ?, ?)", righe)
            rimosse = [(rimossa["id"],) for rimossa in pagina.get("rimossi", [])]
            self.banca.executemany("DELETE FROM riga WHERE id = ?", rimosse)
            if successiva is None:
                self.banca.execute("UPDATE posto SET aggiornato_al = ?, iniziato_il = NULL", [pagina["aggiornato_al"]])
                if intero:
                    self.banca.execute("DELETE FROM riga WHERE giro < ?", [posto["giro"]])

    def daccapo(self, posto: sqlite3.Row, *, tutto: bool) -> None:
        """Ricomincia lo scarico: dal suo inizio, oppure da uno intero. Le righe restano finché non è finito."""
        with self.banca:
            self._sposta(posto, successiva=None)
            if tutto:
                self.banca.execute("UPDATE posto SET aggiornato_al = NULL, giro = giro + 1, iniziato_il = NULL")

    def _sposta(self, posto: sqlite3.Row, *, successiva: str | None) -> None:
        """Comincia la transazione; si ferma se intanto il punto è stato spostato da un altro scarico."""
        self.banca.execute("BEGIN IMMEDIATE")
        if tuple(self.posto()) != tuple(posto):
            raise Fermo("Un altro scarico sta aggiornando lo stesso file: questo si ferma.")
        iniziato = posto["iniziato_il"] or datetime.now(timezone.utc).isoformat(timespec="seconds")  # noqa: UP017 per Python 3.9
        self.banca.execute("UPDATE posto SET successiva = ?, iniziato_il = ?", [successiva, iniziato])


def aggiorna(copia: Copia, base: str, percorso: str, filtri: dict[str, str], chiave: str) -> None:
    """Porta la copia fino a oggi, dal punto a cui è arrivata."""
    while True:
        posto = copia.posto()
        parametri = dict(filtri)
        if posto["aggiornato_al"] is not None:
            parametri["modificati_dal"] = posto["aggiornato_al"]
        # Dell'indirizzo dato dal portale si tiene ciò che viene dopo il nome: la chiave non va altrove.
        dopo = urlsplit(posto["successiva"] or f"{percorso}?{urlencode(parametri)}")
        try:
            pagina = chiedi(f"{base}{dopo.path}?{dopo.query}", chiave)
        except Rifiutata as errore:
            if errore.stato == 410 and (posto["aggiornato_al"] or posto["successiva"]):
                logging.warning("%s", errore)
                copia.daccapo(posto, tutto=True)
            elif errore.stato == 400 and posto["successiva"]:
                logging.warning("Il punto da cui riprendere non vale più: ricomincio questo scarico. %s", errore)
                copia.daccapo(posto, tutto=False)
            elif errore.stato in {401, 403}:
                raise Fermo(f"Il portale non accetta la chiave in PSTTM_CHIAVE ({errore})") from None
            else:
                raise Fermo(f"Il portale ha rifiutato la richiesta ({errore})") from None
            continue
        copia.salva(posto, pagina)
        logging.info("%d righe, %d rimosse", len(pagina["dati"]), len(pagina.get("rimossi", [])))
        if pagina["paginazione"]["successiva"] is None:
            logging.info("La copia è completa fino al %s.", pagina["aggiornato_al"])
            return


def _base(indirizzo: str) -> str:
    """L'indirizzo del portale, in HTTPS; senza, solo sulla propria macchina."""
    parti = urlsplit(indirizzo if "://" in indirizzo else f"https://{indirizzo}")
    if parti.scheme != "https" and not (parti.scheme == "http" and parti.hostname in {"127.0.0.1", "localhost", "::1"}):
        raise Fermo("La chiave si manda solo in HTTPS.")
    return f"{parti.scheme}://{parti.netloc}"


def main() -> None:
    opzioni = argparse.ArgumentParser(description="Aggiorna la copia locale di un elenco del Portale PNRR.")
    opzioni.add_argument("indirizzo", help="del portale, per esempio portale.example.org")
    opzioni.add_argument("--file", default="cup.sqlite3", help="la copia (cup.sqlite3)")
    opzioni.add_argument("--elenco", default="cup", help="cup, piani, traguardi, missioni, driver, strategie, comuni")
    opzioni.add_argument("--piano", help="solo gli interventi di questo piano: il suo codice")
    opzioni.add_argument("--righe", type=int, default=1000, help="righe di una pagina, al massimo 1000")
    scelte = opzioni.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        chiave = os.environ.get("PSTTM_CHIAVE", "").strip()
        if not chiave:
            raise Fermo("Manca la chiave: mettila nella variabile d'ambiente PSTTM_CHIAVE.")
        base, percorso = _base(scelte.indirizzo), f"/api/v1/{scelte.elenco}"
        filtri = {"piano": scelte.piano} if scelte.piano else {}
        copia = Copia(scelte.file, f"{base}{percorso}?{urlencode(filtri)}")
        aggiorna(copia, base, percorso, filtri | {"limit": str(scelte.righe)}, chiave)
    except Fermo as fermo:
        sys.exit(str(fermo))


if __name__ == "__main__":
    main()
