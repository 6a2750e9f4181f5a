"""`status`: for everybody, with a database and without."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext

from enti.models import Ente
from enti.ruoli import TipoEnte
from interoperabilita.models import AccessoApi, Pubblicazione
from interoperabilita.services import pubblicazione
from psttm.models import Driver
from tests import riferimenti

CHIEDE = """
from django.conf import settings
from django.test import Client
import json
settings.ALLOWED_HOSTS = ["*"]
risposta = Client().get("/api/v1/status")
print(json.dumps([risposta.status_code, dict(risposta.headers), risposta.json()]))
"""


class StatoTestCase(TestCase):
    def test_risponde_a_chiunque_in_una_interrogazione(self) -> None:
        riferimenti.carica()
        pubblicazione.pubblica()
        with CaptureQueriesContext(connection) as interrogazioni:
            risposta = Client().get("/api/v1/status")
        assert risposta.status_code == 200
        assert risposta.headers["Content-Type"] == "application/json"
        assert risposta.json() == {
            "status": "ok",
            "version": settings.SPECTACULAR_SETTINGS["VERSION"],
            "aggiornato_al": risposta.json()["aggiornato_al"],
            "da_pubblicare": False,
        }
        ultima = Pubblicazione.objects.get().ultima
        assert risposta.json()["aggiornato_al"] == f"{ultima:%Y-%m-%dT%H:%M:%S.%fZ}"
        lette = [voce["sql"] for voce in interrogazioni if "accessoapi" not in voce["sql"]]
        assert len([sql for sql in lette if "SELECT" in sql]) == 1
        assert AccessoApi.objects.get().esito == 200

    def test_prima_di_ogni_pubblicazione_lo_dice(self) -> None:
        Pubblicazione.objects.all().delete()
        corpo = Client().get("/api/v1/status").json()
        assert (corpo["status"], corpo["aggiornato_al"], corpo["da_pubblicare"]) == ("ok", None, True)
        assert not Pubblicazione.objects.exists()

    def test_dice_se_qualcosa_aspetta_di_essere_pubblicato(self) -> None:
        riferimenti.carica()
        pubblicazione.pubblica()
        Driver.objects.filter(numero=1).update(titolo="Altro titolo")
        assert Client().get("/api/v1/status").json()["da_pubblicare"]

    def test_non_dice_nulla_che_non_sia_pubblico(self) -> None:
        Ente.objects.create(denominazione="Ente riservato", tipo=TipoEnte.ALTRO)
        testo = Client().get("/api/v1/status").content.decode()
        for riservato in (settings.SECRET_KEY, str(settings.BASE_DIR), "sqlite", "postgres", "Ente riservato"):
            assert riservato not in testo

    def test_un_parametro_o_un_altro_metodo_si_rifiutano(self) -> None:
        assert Client().get("/api/v1/status", {"x": "1"}).status_code == 400
        risposta = Client().post("/api/v1/status", {}, content_type="application/json")
        assert risposta.status_code == 405


def test_senza_base_dati_e_503_con_quando_riprovare(tmp_path: Path) -> None:
    """A process of the portal whose database is not there."""
    via = {"DATABASE_URL": f"sqlite:///{tmp_path}/manca/portale.sqlite3", "VAR_DIR": str(tmp_path)}
    fatto = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", CHIEDE],
        cwd=settings.BASE_DIR,
        env=os.environ | via,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert fatto.returncode == 0, fatto.stderr
    stato, intestazioni, corpo = json.loads(fatto.stdout.splitlines()[-1])
    assert stato == 503
    assert intestazioni["Content-Type"] == "application/problem+json"
    assert int(intestazioni["Retry-After"]) > 0
    assert corpo["status"] == 503
    assert str(tmp_path) not in json.dumps(corpo)
