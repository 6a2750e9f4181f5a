"""Backups: what was copied comes back equal; what is not whole, or not for this portal, changes nothing."""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from enti.models import Utente
from enti.ruoli import Ruolo
from esercizio.copie import archivio, base_dati
from esercizio.copie.compiti import copia_notturna, lavoro
from esercizio.models import Copia, EsitoCopia
from interventi.models import FileImportato, Importazione
from monitoraggio.models import Allerta
from registro import catena
from registro.esecutori import Avanzatore, ErroreDelLavoro
from registro.models import Evento, Lavoro
from registro.services import annota
from tests import modello
from tests.enti.persone import crea_persona

pytestmark = pytest.mark.django_db(transaction=True)

FRASE = "una frase lunga e segreta"
DOCUMENTO = b"%PDF-1.7 la determina di affidamento"
# What restoring itself writes, and what is not brought back.
ALTRE = {
    "django_session",
    "django_migrations",
    "esercizio_copia",
    "esercizio_verifica",
    "registro_evento",
    "registro_anello",
}
# Written anew, the same, by the check that ends a restore.
ALTRE |= {"interoperabilita_pubblicazione", "interoperabilita_pendente", "registro_lavoro", "cruscotto_fotografia"}

Contenuto = dict[str, str]


@pytest.fixture(autouse=True)
def cartelle(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT, settings.BACKUP_PASSPHRASE = str(tmp_path / "documenti"), FRASE
    return tmp_path / "copie"


@pytest.fixture
def portale() -> FileImportato:
    """People, events, and a document in the store."""
    autore = crea_persona(nome="chi-importa")
    annota(autore, "creato", autore=autore, dopo={"importo": "1234.50", "note": "è così: «à»", "n": 1.5})
    return deposita(Importazione.objects.create(autore=autore), DOCUMENTO)


def deposita(importazione: Importazione, byte: bytes, nome: str = "determina.pdf") -> FileImportato:
    return FileImportato.objects.create(
        importazione=importazione,
        nome=nome,
        deposito=ContentFile(byte, name=nome),
        dimensione=len(byte),
        sha256=hashlib.sha256(byte).hexdigest(),
    )


def contenuto() -> Contenuto:
    """A fingerprint of each table and of each document."""
    trovato = {}
    with connection.cursor() as cursore:
        for tabella in set(base_dati.tabelle()) - ALTRE:
            cursore.execute(f'SELECT * FROM "{tabella}" ORDER BY 1')  # noqa: S608 a table of ours
            trovato[tabella] = hashlib.sha256(repr(cursore.fetchall()).encode()).hexdigest()
    radice = Path(default_storage.path(""))
    for file in radice.rglob("*"):
        if file.is_file():
            trovato[str(file.relative_to(radice))] = hashlib.sha256(file.read_bytes()).hexdigest()
    return trovato


def copia(cartella: Path, **opzioni: Any) -> Path:
    call_command("backup", "--cartella", cartella, stdout=io.StringIO(), stderr=io.StringIO(), **opzioni)
    return Path(Copia.objects.latest("pk").archivio)


def ripristina(percorso: Path, *opzioni: str) -> str:
    uscita = io.StringIO()
    call_command("ripristina", str(percorso), *opzioni, stdout=uscita, stderr=io.StringIO())
    return uscita.getvalue()


def svuota() -> None:
    call_command("flush", interactive=False, verbosity=0)
    for file in Path(default_storage.path("")).rglob("*"):
        if file.is_file():
            file.unlink()


# --- There and back --------------------------------------------------------------------------------------------------


def test_copia_svuota_ripristina_e_tutto_e_uguale(portale: FileImportato, cartelle: Path) -> None:
    prima = contenuto()
    fatta = copia(cartelle)
    testa, eventi = catena.testa(), list(Evento.objects.order_by("pk").values())
    svuota()
    assert contenuto() != prima
    detto = ripristina(fatta)
    assert contenuto() == prima
    assert "Verifica di integrità: tutto è integro." in detto
    dopo = list(Evento.objects.order_by("pk").values())
    assert dopo[: len(eventi)] == eventi
    assert dopo[len(eventi)]["verbo"] == "ripristinato da una copia di sicurezza"
    assert catena.Anello.objects.get(numero=testa.numero).impronta == testa.impronta
    with default_storage.open(str(FileImportato.objects.get().deposito.name)) as file:
        assert file.read() == DOCUMENTO


def test_dopo_un_ripristino_si_scrive_come_prima(portale: FileImportato, cartelle: Path) -> None:
    """Sequences and triggers are back too."""
    fatta = copia(cartelle)
    svuota()
    ripristina(fatta)
    nuovo = deposita(Importazione.objects.create(autore=Utente.objects.get()), b"altro")
    assert nuovo.pk > portale.pk
    ultimo = annota(None, "provato")
    with pytest.raises(Exception, match="non si modificano"), connection.cursor() as cursore:
        cursore.execute("UPDATE registro_evento SET nota = 'x' WHERE id = %s", [ultimo.pk])


def test_un_portale_nuovo_senza_tabelle_si_riempie_con_il_comando(portale: FileImportato, cartelle: Path) -> None:
    fatta = copia(cartelle)
    prima = contenuto()
    nuovo = cartelle.parent / "nuovo"
    nuovo.mkdir()
    nome = "ripristino_" + cartelle.parent.parent.name.replace("-", "_")
    if connection.vendor == "sqlite":
        indirizzo = f"sqlite:///{nuovo / 'nuovo.sqlite3'}"
    else:
        modello._crea(nome, "template1")
        indirizzo = modello._indirizzo(nome)
    ambiente = {"VAR_DIR": str(nuovo), "DATABASE_URL": indirizzo, "BACKUP_PASSPHRASE": FRASE}
    ambiente |= {"MEDIA_ROOT": str(nuovo / "documenti"), "CELERY_BROKER_URL": "memory://"}
    comando = [sys.executable, "manage.py", "ripristina", str(fatta), "--chiavi", str(nuovo / "chiavi")]
    esito = subprocess.run(comando, env=os.environ | ambiente, capture_output=True, text=True, check=False)
    assert esito.returncode == 0, esito.stderr
    assert "tutto è integro" in esito.stdout
    assert (
        prima[str(portale.deposito.name)]
        == hashlib.sha256((nuovo / "documenti" / str(portale.deposito.name)).read_bytes()).hexdigest()
    )
    assert (nuovo / "chiavi").read_text().startswith("SECRET_KEY=")
    assert (nuovo / "chiavi").stat().st_mode & 0o077 == 0
    if connection.vendor != "sqlite":
        modello.butta(nome)


def test_le_sessioni_di_allora_non_tornano(portale: FileImportato, cartelle: Path) -> None:
    Session.objects.create(session_key="a" * 32, session_data="x", expire_date="2099-01-01T00:00:00Z")
    fatta = copia(cartelle)
    ripristina(fatta, "--sovrascrivi")
    assert not Session.objects.exists()


def test_la_copia_dice_che_cosa_contiene(portale: FileImportato, cartelle: Path) -> None:
    manifesto = archivio.controlla(copia(cartelle))
    riga = Copia.objects.get()
    assert (riga.esito, riga.byte > 0, len(riga.impronta)) == (EsitoCopia.RIUSCITA, True, 64)
    assert manifesto["righe"]["interventi_fileimportato"] == 1
    assert manifesto["righe"]["registro_evento"] == Evento.objects.count()
    assert manifesto["catena"] == str(catena.testa()) == riga.contenuto["catena"]
    assert [m["nome"] for m in manifesto["membri"]] == [
        base_dati.membro(), f"documenti/{portale.deposito.name}", "chiavi.json",
    ]  # fmt: skip
    assert manifesto["documenti"] == {"copiati": 1, "mancanti": [], "diversi": []}


def test_i_documenti_mancanti_o_cambiati_sono_detti_per_nome(portale: FileImportato, cartelle: Path) -> None:
    altro = deposita(portale.importazione, b"altro", "altro.pdf")
    default_storage.delete(str(altro.deposito.name))
    Path(portale.deposito.path).write_bytes(b"cambiato")
    documenti = archivio.controlla(copia(cartelle))["documenti"]
    assert [uno["nome"] for uno in documenti["mancanti"]] == [altro.deposito.name]
    assert [uno["nome"] for uno in documenti["diversi"]] == [portale.deposito.name]


# --- Refused, with nothing changed -----------------------------------------------------------------------------------


def rifiuta(percorso: Path, parole: str, *opzioni: str) -> None:
    prima, eventi = contenuto(), Evento.objects.count()
    with pytest.raises(CommandError, match=parole):
        ripristina(percorso, *opzioni)
    assert (contenuto(), Evento.objects.count()) == (prima, eventi)


def test_un_portale_non_vuoto_si_sostituisce_solo_se_lo_si_dice(portale: FileImportato, cartelle: Path) -> None:
    prima = contenuto()
    fatta = copia(cartelle)
    Path(portale.deposito.path).write_bytes(b"rovinato")
    deposita(portale.importazione, b"venuto dopo", "dopo.pdf")
    crea_persona(nome="venuta-dopo")
    rifiuta(fatta, "non è vuoto")
    (estraneo := Path(default_storage.path("appunti.txt"))).write_text("di altri")
    ripristina(fatta, "--sovrascrivi")
    estraneo.unlink()  # it is there still: what is not the portal's is left alone
    assert contenuto() == prima


def test_un_deposito_non_vuoto_basta_a_rifiutare(portale: FileImportato, cartelle: Path) -> None:
    fatta = copia(cartelle)
    svuota()
    default_storage.save("monitoraggio/ab/ab", ContentFile(b"di altri"))
    rifiuta(fatta, "deposito dei documenti")


@pytest.mark.parametrize(
    "rovina",
    [
        pytest.param(lambda byte: byte[: len(byte) // 2], id="a metà"),
        pytest.param(lambda byte: byte[:-1], id="senza l'ultimo byte"),
        pytest.param(lambda byte: byte[:10], id="appena cominciata"),
        pytest.param(lambda _: b"", id="vuota"),
        pytest.param(lambda _: b"tutt'altro" * 100, id="tutt'altro"),
    ],
)
def test_una_copia_rovinata_non_si_ripristina(
    portale: FileImportato, cartelle: Path, rovina: Callable[[bytes], bytes]
) -> None:
    fatta = copia(cartelle)
    fatta.write_bytes(rovina(fatta.read_bytes()))
    rifiuta(fatta, "non è buona", "--sovrascrivi")


def test_un_bit_cambiato_si_trova_ovunque_cambi_qualcosa(portale: FileImportato, cartelle: Path) -> None:
    """Two bits of a compressed file may say the same: then nothing of what is restored has changed."""
    fatta = copia(cartelle)
    byte, giusto = fatta.read_bytes(), archivio.controlla(fatta)
    trovati = 0
    for posto in range(len(byte) // 40, len(byte), len(byte) // 40):
        fatta.write_bytes(byte[:posto] + bytes([byte[posto] ^ 1]) + byte[posto + 1 :])
        try:
            assert archivio.controlla(fatta) == giusto
        except archivio.ArchivioGuasto:
            trovati += 1
    assert trovati > 20
    fatta.write_bytes(byte[:-1] + bytes([byte[-1] ^ 1]))
    rifiuta(fatta, "non è buona", "--sovrascrivi")


def _rifatta(fatta: Path, cambia: Callable[[str, bytes], bytes], **manifesto: Any) -> Path:
    """An archive that agrees with itself and is not the one that was made."""
    letti: dict[str, bytes] = {}
    archivio.scorri(fatta, lambda nome, file: letti.update({nome: file.read()}))
    vero = json.loads(letti.pop(archivio.MANIFESTO))
    altra = fatta.with_name("altra.tar.gz")
    with archivio.scrittura(altra, quando=0) as scrittore:
        for nome, byte in letti.items():
            scrittore.aggiungi(nome, BytesIO(cambia(nome, byte)))
        scrittore.chiudi({k: v for k, v in vero.items() if k not in {"membri", "formato"}} | manifesto)
    return altra


def test_se_la_base_dati_non_si_ripristina_anche_i_documenti_restano_com_erano(
    portale: FileImportato, cartelle: Path
) -> None:
    fatta = _rifatta(copia(cartelle), lambda nome, byte: b"x" if nome.startswith("base") else byte)
    Path(portale.deposito.path).write_bytes(b"un altro contenuto")
    rifiuta(fatta, "Nulla è cambiato", "--sovrascrivi")


def test_la_copia_di_una_versione_piu_nuova_si_rifiuta_dicendolo(portale: FileImportato, cartelle: Path) -> None:
    fatta = copia(cartelle)
    nuova = _rifatta(fatta, lambda _, byte: byte, migrazioni=[["registro", "0099_del_futuro"]])
    rifiuta(nuova, r"registro\.0099_del_futuro.*aggiorna prima il portale", "--sovrascrivi")


def test_la_copia_di_un_altro_tipo_di_base_dati_si_rifiuta(portale: FileImportato, cartelle: Path) -> None:
    altra = _rifatta(copia(cartelle), lambda _, byte: byte, base_dati="base-dati.oracle")
    rifiuta(altra, "stesso tipo di base dati", "--sovrascrivi")


def test_un_formato_sconosciuto_si_rifiuta(portale: FileImportato, cartelle: Path) -> None:
    altra = cartelle / "altra.tar.gz"
    copia(cartelle)
    with pytest.raises(archivio.ArchivioGuasto), archivio.scrittura(altra, quando=0) as scrittore:
        scrittore.aggiungi(archivio.MANIFESTO, BytesIO(json.dumps({"formato": 99, "membri": []}).encode()))
    assert not altra.exists()


def test_un_nome_che_esce_dal_deposito_non_scrive_nulla(portale: FileImportato, cartelle: Path) -> None:
    fatta = copia(cartelle)
    cattiva = fatta.with_name("cattiva.tar.gz")
    vero = archivio.controlla(fatta)
    letti: dict[str, bytes] = {}
    archivio.scorri(fatta, lambda nome, file: letti.update({nome: file.read()}))
    with archivio.scrittura(cattiva, quando=0) as scrittore:
        scrittore.aggiungi("documenti/../../fuori", BytesIO(b"x"))
        scrittore.aggiungi(base_dati.membro(), BytesIO(letti[base_dati.membro()]))
        scrittore.chiudi({k: v for k, v in vero.items() if k not in {"membri", "formato"}})
    rifiuta(cattiva, "non è un documento del portale", "--sovrascrivi")
    assert not (cartelle.parent / "fuori").exists()


# --- Keys ------------------------------------------------------------------------------------------------------------


def test_con_un_altra_frase_si_rifiuta_e_senza_frase_si_ripristina_senza_chiavi(
    portale: FileImportato, cartelle: Path
) -> None:
    fatta = copia(cartelle)
    with override_settings(BACKUP_PASSPHRASE="un'altra frase"):
        rifiuta(fatta, "non è quella con cui furono cifrate", "--sovrascrivi")
    with override_settings(BACKUP_PASSPHRASE=""):
        assert "Le chiavi non sono state riprese" in ripristina(fatta, "--sovrascrivi")


def test_senza_frase_la_copia_si_fa_e_dice_che_le_chiavi_non_ci_sono(portale: FileImportato, cartelle: Path) -> None:
    errori = io.StringIO()
    with override_settings(BACKUP_PASSPHRASE=""):
        call_command("backup", "--cartella", cartelle, stdout=io.StringIO(), stderr=errori)
    assert "Le chiavi del portale non sono nella copia" in errori.getvalue()
    assert archivio.controlla(max(cartelle.glob("*.gz")))["chiavi"] is False


def test_nella_copia_la_chiave_non_si_legge(portale: FileImportato, cartelle: Path) -> None:
    letti: dict[str, bytes] = {}
    with override_settings(SECRET_KEY="questa-non-deve-leggersi"):
        archivio.scorri(copia(cartelle), lambda nome, file: letti.update({nome: file.read()}))
    assert not any(b"questa-non-deve-leggersi" in byte for byte in letti.values())


# --- Making them -----------------------------------------------------------------------------------------------------


def test_si_conservano_le_piu_nuove_e_cio_che_non_e_nostro_resta(portale: FileImportato, cartelle: Path) -> None:
    cartelle.mkdir()
    altri = {"appunti.txt", "portale-vecchio.tar.gz"}
    vecchie = {f"portale-2020010{n}-020000.tar.gz" for n in range(1, 4)}
    for nome in altri | vecchie:
        (cartelle / nome).write_bytes(b"x")
    fatta = copia(cartelle, conserva=2)
    assert {uno.name for uno in cartelle.iterdir() if not uno.name.startswith(".")} == altri | {
        fatta.name,
        "portale-20200103-020000.tar.gz",
    }


def test_una_copia_e_solo_di_chi_la_fa(portale: FileImportato, cartelle: Path) -> None:
    assert copia(cartelle).stat().st_mode & 0o077 == 0


def test_una_copia_interrotta_non_lascia_un_archivio_e_la_prossima_la_toglie(
    portale: FileImportato, cartelle: Path
) -> None:
    cartelle.mkdir()
    (cartelle / ".portale-20250101-020000.tar.gz.parziale").write_bytes(b"a met")
    fatta = copia(cartelle)
    assert list(cartelle.glob("*.tar.gz*")) == [fatta]
    assert not list(cartelle.glob(".*.parziale"))


def test_due_copie_nella_stessa_cartella_non_si_fanno_insieme(portale: FileImportato, cartelle: Path) -> None:
    cartelle.mkdir()
    with (cartelle / ".copia-in-corso").open("w") as chiusura:
        fcntl.flock(chiusura, fcntl.LOCK_EX)
        with pytest.raises(CommandError, match="già una copia in corso"):
            copia(cartelle)
    assert copia(cartelle).exists()


def test_con_il_disco_pieno_non_resta_nulla_e_chi_amministra_lo_sa(portale: FileImportato, cartelle: Path) -> None:
    """No file of this process may grow beyond this: the archive would."""
    amministratore = crea_persona(Ruolo.AMMINISTRATORE)
    buona = copia(cartelle)
    for numero in range(9):
        deposita(portale.importazione, os.urandom(7 << 20), f"{numero}.bin")
    morbido, duro = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (48 << 20, duro))
    try:
        with pytest.raises(CommandError, match="sul disco non c'è più posto"):
            copia(cartelle)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (morbido, duro))
    assert list(cartelle.glob("*portale*")) == [buona]
    assert not list(cartelle.glob(".*portale*"))
    assert Copia.objects.latest("pk").esito == EsitoCopia.FALLITA
    assert Allerta.objects.get(utente=amministratore).titolo == "La copia di sicurezza non è riuscita"


def test_in_una_cartella_dove_non_si_scrive_lo_si_dice(portale: FileImportato, cartelle: Path) -> None:
    cartelle.write_text("sono un file")
    with pytest.raises(CommandError, match="Non si può scrivere nella cartella"):
        call_command("backup", "--cartella", cartelle, stdout=io.StringIO(), stderr=io.StringIO())


def test_di_notte_si_copia_solo_dove_e_detto(portale: FileImportato, cartelle: Path, settings: Any) -> None:
    settings.BACKUP_DIR = ""
    copia_notturna()
    assert not Lavoro.objects.exists()
    settings.BACKUP_DIR, settings.BACKUP_CONSERVA = str(cartelle), 3
    copia_notturna()
    assert Lavoro.objects.get().tipo == "copia_di_sicurezza"
    assert Path((lavoro(Avanzatore()) or {})["archivio"]).exists()
    settings.BACKUP_DIR = str(cartelle / "file")
    (cartelle / "file").write_text("x")
    with pytest.raises(ErroreDelLavoro):
        lavoro(Avanzatore())
