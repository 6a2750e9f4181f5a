"""The document store, in a folder and in a bucket: the same names, the same files, the same failures."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from pytest_django import Settings

from monitoraggio.documenti import pezzi
from registro import deposito
from tests.deposito.secchio import secchio, servente_s3, tutti

__all__ = ["secchio", "servente_s3"]


@pytest.fixture(params=["cartella", "secchio"])
def dove(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> str:
    if request.param == "secchio":
        request.getfixturevalue("secchio")
    else:
        settings.MEDIA_ROOT = str(tmp_path / "documenti")
    return str(request.param)


def letto(nome: str) -> bytes:
    with default_storage.open(nome, "rb") as file:
        return bytes(file.read())


def test_un_file_prende_il_suo_nome_intero_e_al_posto_del_vecchio(dove: str) -> None:
    for contenuto in (b"uno", b"due, piu' lungo"):
        deposito.scrivi_intero("rapporti/7K/a.pdf", contenuto)
        assert letto("rapporti/7K/a.pdf") == contenuto
    assert tutti() == ["rapporti/7K/a.pdf"]


def test_rinominare_quello_che_non_c_e(dove: str) -> None:
    default_storage.save("a/vecchio", ContentFile(b"x"))
    with pytest.raises(FileNotFoundError):
        deposito.rinomina("a/assente", "a/vecchio")
    assert letto("a/vecchio") == b"x"


def test_aprire_quello_che_non_c_e(dove: str) -> None:
    with pytest.raises(FileNotFoundError):
        default_storage.open("rapporti/7K/assente.pdf", "rb")
    default_storage.delete("rapporti/7K/assente.pdf")


def test_i_nomi_di_una_cartella(dove: str) -> None:
    assert (deposito.nomi("regis"), deposito.cartelle("regis")) == ([], [])
    for nome in ("regis/a", "regis/b", "regis/dentro/c", "altro/d"):
        default_storage.save(nome, ContentFile(b"x"))
    assert (sorted(deposito.nomi("regis")), deposito.cartelle("regis")) == (["regis/a", "regis/b"], ["regis/dentro"])


def test_una_bozza_sta_accanto_al_file_e_non_ha_un_nome_che_si_cerchi(dove: str) -> None:
    assert deposito.bozza_di("rapporti/7K/a.pdf").startswith("rapporti/7K/.a.pdf.")
    assert deposito.bozza_di("rapporti/7K/a.pdf") != deposito.bozza_di("rapporti/7K/a.pdf")


def test_fuori_dal_deposito_non_si_va(dove: str) -> None:
    with pytest.raises(Exception, match=r"denied|traversal|outside"):
        deposito.scrivi_intero("../fuori", b"x")


def test_un_documento_arrivato_a_pezzi_si_rilegge_intero(dove: str) -> None:
    chiave, byte = uuid.uuid4(), bytes(range(256)) * 40
    for inizio, fine in ((0, 1), (1, 300), (300, 10_000), (10_000, len(byte))):
        pezzi.scrivi(chiave, inizio, byte[inizio:fine])
        assert pezzi.presenti(chiave) == fine
    assert pezzi.leggi(chiave, 250, 10_000) == byte[250:10_250]
    assert pezzi.leggi(chiave, len(byte), 5) == b""
    with pezzi.intero(chiave, len(byte)) as intero:
        assert intero.read_bytes() == byte
    assert not intero.exists()
    pezzi.cancella(chiave)
    assert (pezzi.presenti(chiave), tutti()) == (0, [])


def test_un_pezzo_scritto_di_nuovo_toglie_quello_che_veniva_dopo(dove: str) -> None:
    chiave = uuid.uuid4()
    pezzi.scrivi(chiave, 0, b"a" * 10)
    pezzi.scrivi(chiave, 10, b"?" * 90)
    pezzi.scrivi(chiave, 10, b"b" * 5)
    assert pezzi.leggi(chiave, 0, 100) == b"a" * 10 + b"b" * 5
    pezzi.scrivi(chiave, 4, b"c")
    assert pezzi.presenti(chiave) == 0, "il pezzo di prima comprendeva quel byte: da lì si ricomincia"


def test_un_pezzo_che_manca_in_mezzo_si_vede(dove: str) -> None:
    chiave = uuid.uuid4()
    for inizio in (0, 10, 20):
        pezzi.scrivi(chiave, inizio, b"x" * 10)
    default_storage.delete(f"{pezzi.cartella(chiave)}/{10:012d}-{20:012d}")
    assert pezzi.presenti(chiave) == 10
    with pytest.raises(FileNotFoundError), pezzi.intero(chiave, 30):
        pass


def test_quello_che_non_e_di_nessuno_si_trova_e_si_toglie(dove: str) -> None:
    vivo, morto = uuid.uuid4(), uuid.uuid4()
    for chiave in (vivo, morto):
        pezzi.scrivi(chiave, 0, b"x")
    # What a process killed halfway leaves, beside a piece and where the pieces of all are.
    default_storage.save(f"{pezzi.cartella(morto)}/.bozza", ContentFile(b"x"))
    default_storage.save("caricamenti/resto", ContentFile(b"x"))
    assert pezzi.di_nessuno({vivo.hex}) == sorted(["caricamenti/resto", f"caricamenti/{morto.hex}"])
    for nome in pezzi.di_nessuno({vivo.hex}):
        pezzi.distruggi(nome)
    assert pezzi.di_nessuno({vivo.hex}) == []
    assert pezzi.presenti(vivo) == 1


def test_nella_cartella_entra_solo_il_portale(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "documenti")
    deposito.scrivi_intero("monitoraggio/ab/x", b"x")
    creati = sorted((tmp_path / "documenti").rglob("*"))
    assert [oct(voce.stat().st_mode & 0o777) for voce in creati] == ["0o700", "0o700", "0o600"]
