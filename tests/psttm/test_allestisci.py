"""What `manage.py allestisci` does when it is not alone: other machines start with it, others still work."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import TransactionTestCase

from psttm.management.commands import allestisci
from psttm.statici import DepositoStatici
from psttm.turno import turno
from tests.attesa import attendi

NUMERO = 7_305_999


@contextmanager
def _un_altro_durante(mio: Path, suo: Path) -> Iterator[list[str]]:
    """Somebody who wants the turn while one has it: what happens to him, in order. At the end he has had it."""
    fatti: list[str] = []

    def prova() -> None:
        with turno(file=suo, numero=NUMERO, attesa=lambda: fatti.append("aspetta")):
            fatti.append("tocca a lui")
        connection.close()

    filo = threading.Thread(target=prova)
    with turno(file=mio, numero=NUMERO, attesa=_mai):
        filo.start()
        attendi(lambda: bool(fatti), 20, "l'altro arriva")
        yield fatti
    filo.join(20)


def _mai() -> None:
    raise AssertionError("non c'era nessuno da aspettare")


@pytest.mark.django_db(transaction=True)
def test_due_programmi_di_una_macchina_fanno_a_turno(tmp_path: Path) -> None:
    file = tmp_path / "allestimento"
    with _un_altro_durante(file, file) as fatti:
        assert fatti == ["aspetta"]
    assert fatti == ["aspetta", "tocca a lui"]


class DueMacchine(TransactionTestCase):
    """On PostgreSQL, which several machines share."""

    __test__ = connection.vendor == "postgresql"

    @pytest.fixture(autouse=True)
    def _cartella(self, tmp_path: Path) -> None:
        self.cartella = tmp_path

    def test_due_macchine_di_una_base_dati_fanno_a_turno(self) -> None:
        with _un_altro_durante(self.cartella / "una", self.cartella / "altra") as fatti:
            assert fatti == ["aspetta"]
        assert fatti == ["aspetta", "tocca a lui"]

    def test_una_tabella_in_uso_si_aspetta_poco_e_si_riprova(self) -> None:
        """Behind a change that waits, everybody else would wait too."""
        detto = io.StringIO()
        comando = allestisci.Command(stderr=detto)
        altra = connection.copy()
        altra.set_autocommit(False)
        with altra.cursor() as cursore, pytest.MonkeyPatch.context() as patch:
            patch.setattr(allestisci, "ATTESA_DI_UNA_TABELLA", "50ms")
            cursore.execute("LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE")
            # Whoever was using the table is done during the first pause.
            patch.setattr(allestisci, "sleep", lambda _secondi: altra.rollback())
            comando._base_dati()
        altra.close()
        assert detto.getvalue().count("Una tabella è in uso") == 1
        with connection.cursor() as cursore:
            cursore.execute("SHOW lock_timeout")
            assert cursore.fetchone()[0] == "0"


def test_i_file_statici_della_versione_di_prima_restano_fino_alla_prossima(tmp_path: Path) -> None:
    deposito = DepositoStatici(location=str(tmp_path))
    for nome in ("css/a.1.css", "css/a.1.css.gz", "css/a.2.css", "css/a.3.css", "css/a.3.css.br", "staticfiles.json"):
        deposito._save(nome, ContentFile(b"x"))
    deposito.togli_tranne({"css/a.2.css", "css/a.3.css"})
    rimasti = {file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*") if file.is_file()}
    assert rimasti == {"css/a.2.css", "css/a.3.css", "css/a.3.css.br", "staticfiles.json"}
