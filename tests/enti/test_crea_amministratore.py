"""A new installation gets its first amministratore from the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from enti.models import Utente
from tests import modello


@pytest.mark.django_db
def test_senza_la_citta_metropolitana_dice_che_cosa_fare() -> None:
    with pytest.raises(CommandError, match="carica_riferimenti"):
        call_command("crea_amministratore", email="a@example.org", nome="Anna", cognome="Neri")
    assert not Utente.objects.exists()


@pytest.mark.avvio
def test_la_password_debole_e_rifiutata_e_quella_buona_fa_l_amministratore(tmp_path: Path) -> None:
    nuova = modello.su_sqlite(modello.RIFERIMENTI, tmp_path / "nuova.sqlite3")
    ambiente = {**os.environ, "VAR_DIR": str(tmp_path), "DATABASE_URL": nuova}

    def comando(*argomenti: str, risposta: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *argomenti],
            cwd=settings.BASE_DIR,
            env=ambiente,
            input=risposta,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
        )

    crea = ("crea_amministratore", "--email", "Anna@example.org", "--nome", "Anna", "--cognome", "Neri")
    debole = comando(*crea, risposta="corta\n")
    assert debole.returncode == 1
    assert "La password è troppo corta: servono almeno 12 caratteri." in debole.stderr
    buona = comando(*crea, risposta="tredici-querce-sul-naviglio\n")
    assert buona.returncode == 0, buona.stderr
    chiede = "from enti.models import Utente; print(Utente.objects.get().ruoli)"
    assert "amministratore" in comando("shell", "-c", chiede).stdout
