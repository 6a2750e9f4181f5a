"""Whatever file is handed in, under whatever name, wherever a file may be handed in."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import override_settings
from django.urls import reverse

from interventi.importazione import lettura as importazioni
from monitoraggio.documenti import contenuto
from monitoraggio.documenti.tipi import FileRifiutato
from monitoraggio.foglio import lettura as fogli
from monitoraggio.foglio.tipi import FoglioRifiutato
from monitoraggio.selectors.foglio import Scelta
from monitoraggio.services import foglio as servizi
from tests.monitoraggio.base import DICEMBRE, celle_buone
from tests.monitoraggio.carte import zip_con
from tests.ostile import file_ostili, veleni
from tests.ostile.scena import SUO, OstileTestCase
from tests.ostile.sonda import DA_PROGRAMMA, Sonda, in_silenzio

pytestmark = pytest.mark.ostile
CONTENUTI = 4_000
FOGLI = 600
TABELLE = 1_500
INVII = 210
CSV = b'CUP;Titolo Progetto;Costo Ammesso\nB99M24000010001;Scuola;1.000,50\nB99M24000020001;"Via; Roma";2\n'


class ICaricamenti(OstileTestCase):
    @pytest.fixture(autouse=True)
    def _strumenti(self, record_property: Callable[[str, object], None], tmp_path: Path) -> None:
        self.ricorda, self.cartella = record_property, tmp_path

    # --- What reads them ---------------------------------------------------------------------------------------------

    def legge(
        self, sonda: Sonda, come: str, rifiuto: type[Exception], leggi: Callable[..., object], *che_cosa: object
    ) -> None:
        """A reader takes a file or says, in words, why it does not: nothing else comes out of it."""
        sonda.casi += 1
        try:
            leggi(*che_cosa)
        except rifiuto:
            return
        except Exception as errore:  # noqa: BLE001 whatever else it is, is what is looked for
            sonda.guasti.append(f"{come}: {type(errore).__name__}: {str(errore)[:200]}")

    def test_il_controllo_dei_documenti_accetta_o_rifiuta_e_non_si_guasta(self) -> None:
        sonda = Sonda("contenuto dei documenti")
        scelta = veleni.caso("contenuti", connection.vendor)
        percorso = self.cartella / "file"
        strani = list(file_ostili.strani().items())
        for quale in range(CONTENUTI):
            nome, byte = strani[quale] if quale < len(strani) else file_ostili.rovinato(scelta)
            percorso.write_bytes(byte)
            self.legge(sonda, f"{nome} n. {quale}", FileRifiutato, contenuto.controlla, percorso, nome)
        sonda.concludi(self.ricorda)

    def test_la_lettura_dei_fogli_accetta_o_rifiuta_e_non_si_guasta(self) -> None:
        sonda = Sonda("fogli del mese")
        scelta = veleni.caso("fogli", connection.vendor)
        chi = self.scena.persone["responsabile"]
        assert chi is not None
        buono = servizi.prepara(scelta=Scelta(DICEMBRE), autore=chi)
        strani = list(file_ostili.strani().values())

        def leggi(byte: bytes) -> None:
            fogli.verifica(io.BytesIO(byte), "foglio.xlsx")
            fogli.leggi(io.BytesIO(byte), "foglio.xlsx")

        for quale in range(FOGLI):
            byte = strani[quale] if quale < len(strani) else veleni.storpiato(buono, scelta)
            self.legge(sonda, f"foglio n. {quale}", FoglioRifiutato, leggi, byte)
        sonda.concludi(self.ricorda)

    def test_la_lettura_delle_tabelle_accetta_o_rifiuta_e_non_si_guasta(self) -> None:
        sonda = Sonda("tabelle da importare")
        scelta = veleni.caso("tabelle", connection.vendor)
        strani = list(file_ostili.strani().items())

        def leggi(nome: str, byte: bytes) -> None:
            for tabella in importazioni.apri(io.BytesIO(byte), nome):
                for _riga in tabella.righe:
                    pass

        for quale in range(TABELLE):
            if quale < len(strani):
                nome, byte = strani[quale]
                nome = scelta.choice(("a.csv", "a.xlsx", "a.zip", nome))
            else:
                nome, buono = scelta.choice(
                    (("a.csv", CSV * 3), ("a.csv", CSV * 3), ("a.zip", zip_con({"a.csv": CSV * 3})))
                )
                byte = veleni.storpiato(buono, scelta)
            self.legge(sonda, f"{nome} n. {quale}", importazioni.FileNonLeggibile, leggi, nome, byte)
        sonda.concludi(self.ricorda)

    # --- Where they are handed in ------------------------------------------------------------------------------------

    def luoghi(self) -> list[tuple[str, str, str, dict[str, Any]]]:
        """Who hands a file in where, in which field, with what."""
        opera = self.scena.opere[SUO].pk
        documento = self.scena.oggetti["documento"][SUO]["pk"]
        carica = {"tipo": "determina", "titolo": "Prova"}
        return [
            ("compilatore", reverse("documenti-carica", args=[opera]), "file", carica),
            ("compilatore", reverse("documento-versione", args=[documento]), "file", {}),
            ("responsabile", reverse("foglio"), "file", {"mese": DICEMBRE.isoformat()}),
            ("coordinatore", reverse("importazione-nuova"), "file", {"perimetro": "metropoli"}),
            ("coordinatore", reverse("ivsm-importa"), "file", {}),
            ("coordinatore", reverse("piani-assegna-file"), "file", {}),
            ("anonimo", reverse("rapporti-verifica"), "file", {}),
        ]

    def test_nessun_file_guasta_le_pagine_che_lo_ricevono(self) -> None:
        sonda = Sonda("file inviati")
        scelta = veleni.caso("invii", connection.vendor)
        luoghi, strani = self.luoghi(), list(file_ostili.strani().items())
        with in_silenzio(), override_settings(RATELIMIT_ENABLE=False):
            for quale in range(INVII):
                chi, dove, campo, dati = luoghi[quale % len(luoghi)]
                nome, byte = scelta.choice(strani) if quale % 2 else file_ostili.rovinato(scelta)
                if quale % 3 == 0:
                    nome = scelta.choice(file_ostili.NOMI)
                tipo = scelta.choice(("application/pdf", "text/html", "", "a/b\\c", "image/svg+xml"))
                come = f"{dove} {nome[:60]!r} n. {quale}"
                sonda.chiedi(come, self.manda, chi, dove, campo, dati, nome, byte, tipo)
        sonda.concludi(self.ricorda)

    def salva(self, sonda: Sonda, scelta: Random) -> None:
        """The cells that the page of an avanzamento saves by itself."""
        chi, avanzamento = self.scena.persone["compilatore"], self.scena.oggetti["avanzamento"][SUO]
        assert chi is not None
        dati: Any = {"chi": chi.pk, "revisione": 0, "chiave": str(uuid.UUID(int=scelta.getrandbits(128))), "celle": {}}
        for _volta in range(3):
            dati["celle"][scelta.choice((*celle_buone(), *veleni.TESTI))] = scelta.choice((*veleni.JSON, *veleni.TUTTI))
        if scelta.random() < 0.3:
            dati[scelta.choice(list(dati))] = scelta.choice(veleni.JSON)
        if scelta.random() < 0.7 and isinstance(dati["celle"], dict):
            # What is no text stops everything at once.
            dati["celle"] = {nome: str(valore) for nome, valore in dati["celle"].items()}
        dove, corpo = reverse("avanzamento-salva", kwargs=avanzamento), json.dumps(dati)
        manda = self.clienti["compilatore"].post
        sonda.chiedi(f"POST {dove} {corpo[:300]}", manda, dove, corpo, content_type="application/json")

    def manda(self, chi: str, dove: str, campo: str, dati: dict[str, Any], nome: str, byte: bytes, tipo: str) -> Any:
        file = SimpleUploadedFile("x", byte, content_type=tipo)
        # Past the cleaning of a program of ours: the name goes as it is.
        file.__dict__["_name"] = nome
        return self.clienti[chi].post(dove, {**dati, campo: file})

    def test_nessun_inizio_di_caricamento_si_guasta(self) -> None:
        """The JSON by which the page begins an upload in pieces, and the pieces."""
        sonda = Sonda("caricamenti a pezzi")
        scelta = veleni.caso("pezzi", connection.vendor)
        cliente = self.clienti["compilatore"]
        chi = self.scena.persone["compilatore"]
        assert chi is not None
        inizia = reverse("caricamento-inizia", args=[self.scena.opere[SUO].pk])
        aperto = self.scena.argomenti("caricamento", SUO, "compilatore")
        assert aperto is not None
        pezzo, fine = (reverse(nome, kwargs=aperto) for nome in ("caricamento", "caricamento-concludi"))
        buono = {
            "nome": "a.pdf",
            "dimensione": 10,
            "tipo": "determina",
            "titolo": "",
            "impronta": "x",
            "documento": None,
        }
        with in_silenzio():
            for quale in range(1_000):
                dati: Any = dict(buono)
                for nome in scelta.sample(list(buono), 1 + quale % 3):
                    dati[nome] = scelta.choice((*veleni.JSON, *veleni.TUTTI))
                corpo = (
                    scelta.choice((b"", b"[", b"null", b"{}", b"\xff")) if quale % 9 == 0 else json.dumps(dati).encode()
                )
                match quale % 3:
                    case 0 | 1:
                        come = f"POST {inizia} {corpo[:300]!r}"
                        sonda.chiedi(come, cliente.post, inizia, corpo, content_type="application/json")
                    case _:
                        posto = scelta.choice(veleni.NUMERI).encode().decode("latin-1")
                        byte = scelta.randbytes(scelta.choice((0, 1, 10, 11)))
                        con: dict[str, Any] = {"content_type": "application/octet-stream", "HTTP_UPLOAD_OFFSET": posto}
                        sonda.chiedi(f"POST {pezzo} {posto[:40]!r}", cliente.generic, "POST", pezzo, byte, **con)
                if quale % 4 == 0:
                    self.salva(sonda, scelta)
                if quale % 20 == 0:
                    dati = {"sha256": scelta.choice(veleni.TUTTI)}
                    sonda.chiedi(f"POST {fine}", cliente.post, fine, dati, **DA_PROGRAMMA)
        sonda.concludi(self.ricorda)
