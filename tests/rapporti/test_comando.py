"""`manage.py genera_rapporto`: the same bytes as the job, and one sentence when something is wrong."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings
from django.utils import timezone

from piani_integrati.models import EsitoRegola, ModificaDaVerificare, PianoIntegrato
from piani_integrati.services.verifica import segna
from rapporti.domanda import istante
from rapporti.models import Rapporto
from rapporti.services import archivio
from rapporti.services.archivio import Quale
from registro.models import Lavoro
from tests.rapporti import scena
from tests.rapporti.scena_pronta import ScenaTestCase, fatto, sintesi

CHIESTO: dict[str, Any] = {"tipo": "sintesi", "piano": "SPUGNA", "al": "2024-12-31", "noto_al": istante(scena.NOTO_AL)}


class ComandoTestCase(ScenaTestCase):
    def setUp(self) -> None:
        super().setUp()
        cartella = TemporaryDirectory()
        self.addCleanup(cartella.cleanup)
        self.cartella = Path(cartella.name)
        self.pdf = self.cartella / "f.pdf"
        self.detto, self.raccontato = io.StringIO(), io.StringIO()

    def genera(self, **altro: Any) -> None:
        opzioni = {"out": self.pdf} | CHIESTO | altro
        call_command("genera_rapporto", stdout=self.detto, stderr=self.raccontato, **opzioni)

    def rifiuto(self, **altro: Any) -> str:
        with pytest.raises(CommandError) as rifiutato:
            self.genera(**altro)
        assert list(self.cartella.iterdir()) == []
        return str(rifiutato.value)

    def test_ha_gli_stessi_byte_del_lavoro(self) -> None:
        self.genera(xlsx=self.cartella / "f.xlsx", json=self.cartella / "f.json")
        rapporto = fatto(sintesi(), self.cabina)
        for file, quale in (("f.pdf", Quale.PDF), ("f.xlsx", Quale.FOGLIO), ("f.json", Quale.DATI)):
            with archivio.apri(rapporto, quale) as archiviato:
                assert (self.cartella / file).read_bytes() == archiviato.read(), file
        assert sorted(uno.name for uno in self.cartella.iterdir()) == ["f.json", "f.pdf", "f.xlsx"]

    def test_dice_codice_pagine_e_impronta_e_racconta_altrove_che_cosa_fa(self) -> None:
        self.genera()
        impronta = hashlib.sha256(self.pdf.read_bytes()).hexdigest()
        prima, codice, sha = self.detto.getvalue().splitlines()
        assert prima.startswith(f"{self.pdf}: ")
        assert "pagine" in prima
        assert codice == f"codice {sintesi().codice}"
        assert sha == f"SHA-256 {impronta}"
        assert self.raccontato.getvalue().startswith("Lettura dei dati …")

    def test_non_conserva_nulla_se_non_glielo_si_chiede(self) -> None:
        self.genera()
        assert not Rapporto.objects.exists()
        self.genera(archivia=True)
        rapporto = Rapporto.objects.get()
        assert (rapporto.pronto, rapporto.lavoro, Lavoro.objects.count()) == (True, None, 0)
        assert rapporto.impronta == hashlib.sha256(self.pdf.read_bytes()).hexdigest()
        self.genera(archivia=True)
        assert Rapporto.objects.count() == 1

    def test_sostituisce_il_file_di_prima(self) -> None:
        self.pdf.write_bytes(b"di prima")
        self.genera()
        assert self.pdf.read_bytes().startswith(b"%PDF-")

    def test_si_confronta_con_un_giorno_o_con_un_rapporto(self) -> None:
        self.genera(confronto="30/06/2024", archivia=True)
        rapporto = Rapporto.objects.get()
        assert rapporto.confronto_al.isoformat() == "2024-06-30"
        self.genera(noto_al="21/01/2025", confronto=rapporto.codice.lower(), archivia=True)
        nuovo = Rapporto.objects.get(confronto_al=rapporto.al)
        assert nuovo.confronto_noto_al == rapporto.noto_al
        assert "non c'è un rapporto pronto" in self.rifiuta_confronto("0000-0000-0000")

    def rifiuta_confronto(self, codice: str) -> str:
        with pytest.raises(CommandError) as rifiutato:
            self.genera(confronto=codice)
        return str(rifiutato.value)

    def test_senza_istante_verifica_prima_i_piani_che_aspettano(self) -> None:
        piano = PianoIntegrato.objects.get(codice="SPUGNA")
        segna([piano.pk])
        self.genera(noto_al=None, archivia=True)
        assert "Verifica di" in self.raccontato.getvalue()
        assert not ModificaDaVerificare.objects.exists()
        esito = EsitoRegola.objects.filter(piano=piano, al__isnull=True).latest("dal")
        assert esito.dal <= Rapporto.objects.get().noto_al <= timezone.now()

    def test_con_un_istante_non_verifica_nulla(self) -> None:
        segna([PianoIntegrato.objects.get(codice="SPUGNA").pk])
        self.genera()
        assert ModificaDaVerificare.objects.exists()

    def test_ogni_rifiuto_e_una_frase(self) -> None:
        assert "i piani e i programmi sono" in self.rifiuto(piano="FUNGHI")
        assert self.rifiuto(zona="1") == (
            "Un rapporto ha un perimetro solo, e qui ce n'è più d'uno: --piano e --zona. Tienine uno."
        )
        assert "non è ancora arrivato" in self.rifiuto(al="31/12/2099")
        assert "primo avanzamento" in self.rifiuto(al="31/12/2020")
        assert "nessun intervento" in self.rifiuto(piano=None, comune="Nosate")
        assert "tra le scelte possibili" in self.rifiuto(tipo="romanzo")
        with override_settings(RAPPORTO_INTERVENTI=4):
            assert "ne tiene al massimo 4" in self.rifiuto()

    def test_una_cartella_che_non_c_e_si_dice_prima_di_lavorare(self) -> None:
        assert "non esiste: creala" in self.rifiuto(out=self.cartella / "altrove" / "f.pdf")
        assert "è una cartella" in self.rifiuto(out=self.cartella)
        assert self.raccontato.getvalue() == ""

    def test_un_file_che_non_si_puo_scrivere_si_dice(self) -> None:
        with pytest.raises(CommandError, match=r"non si può scrivere: File name too long"):
            self.genera(out=self.cartella / f"{'f' * 250}.pdf")
