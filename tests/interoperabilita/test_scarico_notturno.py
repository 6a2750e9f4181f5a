"""The client of docs/api, as a ministry runs it: killed at any moment, while the register goes on changing."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from enti.ruoli import Ruolo
from interoperabilita.pubblicazione import cup
from interventi.models import Intervento
from monitoraggio.services import bozze, passaggi
from piani_integrati.models import PianoIntegrato
from piani_integrati.services import assegnazione
from tests import riferimenti
from tests.attesa import attendi
from tests.enti.persone import crea_persona
from tests.interoperabilita.chiavi import Consumatore, consumatore
from tests.interoperabilita.servente import ambiente, servente
from tests.interventi.opere import opera
from tests.monitoraggio.base import DICEMBRE, celle_buone, intervento, persona

CLIENTE = settings.BASE_DIR / "docs/api/scarico_notturno.py"
QUANTI, DA_APPROVARE, GIRI = 150, 6, 4
PIANO = "CAMBIO"


class Specchio:
    """A mirror kept by the client, which runs as a process of its own."""

    def __init__(self, file: Path, base: str, chiave: str, *opzioni: str) -> None:
        self.file = file
        self.comando = [sys.executable, str(CLIENTE), base, "--file", str(file), "--righe", "10", *opzioni]
        # A consumer's machine: nothing of the portal's is known there.
        self.ambiente = {"PATH": os.environ["PATH"], "PSTTM_CHIAVE": chiave}

    def parte(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.comando, env=self.ambiente, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )

    def aggiorna(self) -> None:
        processo = self.parte()
        _, errori = processo.communicate(timeout=120)
        assert processo.returncode == 0, errori

    def muore(self, secondi: float) -> None:
        """The client runs for so long, and is killed."""
        processo = self.parte()
        try:
            processo.wait(secondi)
        except subprocess.TimeoutExpired:
            processo.kill()
        processo.communicate()

    def muore_a_meta(self) -> None:
        """It is killed as soon as it has saved a page that is not the last."""
        processo = self.parte()
        attendi(self.a_meta, 60, "il cliente ha salvato una pagina")
        processo.kill()
        processo.communicate()
        assert processo.returncode == -9

    def a_meta(self) -> bool:
        return self.file.exists() and any(self._leggi("SELECT 1 FROM posto WHERE successiva IS NOT NULL"))

    def righe(self) -> dict[int, dict[str, Any]]:
        lette = self._leggi("SELECT id, dati FROM riga")
        return {identificativo: json.loads(dati) for identificativo, dati in lette}

    def _leggi(self, interrogazione: str) -> list[Any]:
        with sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=60) as banca:
            try:
                return banca.execute(interrogazione).fetchall()
            except sqlite3.OperationalError:
                # Its tables are not there yet.
                return []


@contextmanager
def chi_scrive(cartella: Path) -> Iterator[None]:
    """Another process changes the register all the while; the number it begins with is shown if the test fails."""
    seme = random.randrange(10**6)  # noqa: S311 no secret
    codice = f"from tests.interoperabilita import scrittore; scrittore.scrivi({str(cartella)!r}, {seme})"
    errori = cartella / "scrittore.log"
    with errori.open("wb") as uscita:
        processo = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", codice],
            cwd=settings.BASE_DIR,
            env=ambiente(),
            stderr=uscita,
        )
    try:
        attendi(lambda: diario(cartella) or processo.poll() is not None, 60, "chi scrive ha cominciato")
        yield
        assert processo.poll() is None, "chi scrive doveva scrivere fino alla fine"
    finally:
        (cartella / "basta").touch()
        processo.wait(timeout=60)
        sys.stdout.write(f"Seme di chi scrive: {seme}\n{errori.read_text()}")
    assert processo.returncode == 0


def diario(cartella: Path) -> dict[int, int | None]:
    """Of each intervento the last version committed, None if deleted."""
    file = cartella / "diario.jsonl"
    return dict(map(json.loads, file.read_text().splitlines())) if file.exists() else {}


def controlla_che_ci_sia(specchio: Specchio, scritto: dict[int, int | None]) -> None:
    """What was committed before the pull began is in the mirror, or something later is."""
    righe = specchio.righe()
    for identificativo, versione in scritto.items():
        if versione is None:
            assert identificativo not in righe
        elif identificativo in righe:
            assert int(righe[identificativo]["titolo"].rpartition(" ")[2]) >= versione


def tutte(cliente: Client, filtri: str = "") -> list[dict[str, Any]]:
    """The list as it is now, in pages."""
    righe: list[dict[str, Any]] = []
    indirizzo: str | None = f"/api/v1/cup?limit=1000{filtri}"
    while indirizzo:
        pagina = cliente.get(indirizzo).json()
        righe += pagina["dati"]
        indirizzo = pagina["paginazione"]["successiva"]
    return righe


def vere() -> dict[int, dict[str, Any]]:
    """The rows as the register has them, whatever was published."""
    return {riga.oggetto: riga.dati for riga in cup.CUP.righe(list(Intervento.objects.values_list("pk", flat=True)))}


def senza_istante(righe: dict[int, dict[str, Any]]) -> dict[int, dict[str, Any]]:
    return {pk: {nome: v for nome, v in riga.items() if nome != "modificato_il"} for pk, riga in righe.items()}


@pytest.fixture
def chiave() -> Consumatore:
    """A ministry, and a register with something to approve."""
    riferimenti.carica()
    compilatore, responsabile = persona(Ruolo.COMPILATORE), persona(Ruolo.RESPONSABILE)
    crea_persona(Ruolo.ISTRUTTORE)
    for _ in range(DA_APPROVARE):
        bozza = bozze.apri(intervento_id=intervento().pk, mese=DICEMBRE, autore=compilatore)
        bozze.salva(avanzamento_id=bozza.pk, revisione=bozza.revisione, celle=celle_buone(), autore=compilatore)
        passaggi.invia(avanzamento_id=bozza.pk, autore=responsabile)
    opere = [opera(f"Opera {n}, versione 0", comuni=["Rho"], driver=[2]).pk for n in range(QUANTI)]
    Intervento.objects.exclude(pk__in=opere).update(titolo="Opera, versione 0")
    piano = PianoIntegrato.objects.get(codice=PIANO)
    assegnazione.assegna(piano_id=piano.pk, interventi_ids=opere[::2], autore=None)
    return consumatore()


@pytest.mark.django_db(transaction=True)
def test_la_copia_e_uguale_alla_banca_dati_anche_se_il_cliente_muore_mentre_altri_scrivono(
    chiave: Consumatore, tmp_path: Path
) -> None:
    with servente(tmp_path) as portale:
        intera = Specchio(tmp_path / "cup.sqlite3", portale.base, chiave.segreto)
        del_piano = Specchio(tmp_path / "piano.sqlite3", portale.base, chiave.segreto, "--piano", PIANO)
        with chi_scrive(tmp_path):
            for specchio in (intera, del_piano):
                specchio.muore_a_meta()
                specchio.muore_a_meta()
            for _ in range(GIRI):
                for specchio in (intera, del_piano):
                    # Python alone takes a tenth of a second to start.
                    specchio.muore(random.uniform(0.1, 0.6))  # noqa: S311
                    # What was left halfway is as of its beginning: the pull after it is the one that must have it all.
                    specchio.aggiorna()
                    scritto = diario(tmp_path)
                    specchio.aggiorna()
                    controlla_che_ci_sia(specchio, scritto)
        for specchio in (intera, del_piano):
            specchio.aggiorna()
            # A pull that was left halfway ends there: what came after it is for the next one.
            specchio.aggiorna()
    scritto = diario(tmp_path)
    assert None in scritto.values()
    assert len(scritto) > 30
    adesso = tutte(chiave.cliente)
    assert intera.righe() == {riga["id"]: riga for riga in adesso}
    assert len(adesso) == Intervento.objects.count()
    assert senza_istante(intera.righe()) == vere()
    assert del_piano.righe() == {riga["id"]: riga for riga in adesso if riga["piano"] == PIANO}
    assert 0 < len(del_piano.righe()) < len(adesso)
