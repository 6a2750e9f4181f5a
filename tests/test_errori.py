"""What goes wrong gets an Italian page that says what to do, and never a traceback."""

from __future__ import annotations

import logging
import re
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path, reverse
from django.views.decorators.http import require_POST
from pytest_django import Settings
from redis.exceptions import RedisError

from enti.accesso import richiede
from enti.permessi import Permesso
from enti.ruoli import Ruolo
from tests.enti.persone import accesso_di_prova, crea_persona

__all__ = ["accesso_di_prova"]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@richiede(Permesso.PUBBLICO)
def guasta(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("segreto nel codice")


@richiede(Permesso.PUBBLICO)
def vietata(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("English text of a library")


@richiede(Permesso.PUBBLICO)
@require_POST
def solo_invio(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ricevuto")


urlpatterns = [
    path("guasta/", guasta),
    path("vietata/", vietata),
    path("solo-invio/", solo_invio),
    path("", include("psttm.urls")),
]
handler400 = "psttm.errori.richiesta_errata"
handler403 = "psttm.errori.accesso_negato"
handler404 = "psttm.errori.pagina_inesistente"
handler429 = "psttm.errori.troppe_richieste"
handler500 = "psttm.errori.errore_interno"


@pytest.fixture
def navigatore() -> Client:
    return Client(raise_request_exception=False, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})


def titolo(risposta: Any) -> str:
    trovato = re.search(r"<h1>(.*?)</h1>", risposta.content.decode())
    assert trovato is not None, risposta.content.decode()
    return trovato[1]


def test_una_pagina_che_non_c_e(navigatore: Client) -> None:
    risposta = navigatore.get("/questa-non-esiste/")
    assert (risposta.status_code, titolo(risposta)) == (404, "Questa pagina non c&#x27;è")
    assert "Controlla l&#x27;indirizzo" in risposta.content.decode()


def test_un_guasto_da_un_numero_da_citare_e_nessun_dettaglio(
    navigatore: Client, caplog: pytest.LogCaptureFixture
) -> None:
    risposta = navigatore.get("/guasta/")
    pagina = risposta.content.decode()
    assert (risposta.status_code, titolo(risposta)) == (500, "Qualcosa non ha funzionato")
    assert risposta.headers["X-Request-ID"] in pagina
    assert uuid.UUID(risposta.headers["X-Request-ID"])
    assert "segreto nel codice" not in pagina
    assert "Traceback" not in pagina
    assert any(riga.levelno == logging.ERROR and "/guasta/" in riga.getMessage() for riga in caplog.records)


def test_la_pagina_del_guasto_non_ha_bisogno_della_base_dati(navigatore: Client) -> None:
    navigatore.force_login(crea_persona(Ruolo.CABINA))

    def rotta(execute: object, sql: str, *resto: object) -> None:
        raise RuntimeError("la base dati non risponde")

    with connection.execute_wrapper(rotta):
        risposta = navigatore.get(reverse("piano"))
    assert (risposta.status_code, titolo(risposta)) == (500, "Qualcosa non ha funzionato")


def test_una_pagina_riservata_dice_a_chi_e_riservata(navigatore: Client) -> None:
    navigatore.force_login(crea_persona(Ruolo.CABINA))
    risposta = navigatore.get(reverse("registro"))
    pagina = risposta.content.decode()
    assert (risposta.status_code, titolo(risposta)) == (403, "Non puoi aprire questa pagina")
    assert "leggere il registro degli eventi" in pagina
    assert "uno di questi ruoli: Coordinatore, Amministratore." in pagina
    assert "Tu hai: Cabina di regia." in pagina


def test_un_rifiuto_di_una_libreria_non_si_legge_in_inglese(navigatore: Client) -> None:
    risposta = navigatore.get("/vietata/")
    assert risposta.status_code == 403
    assert "English" not in risposta.content.decode()


def test_il_metodo_sbagliato_ha_una_pagina_e_dice_quello_giusto(navigatore: Client) -> None:
    risposta = navigatore.get("/solo-invio/")
    assert (risposta.status_code, titolo(risposta)) == (405, "Questa pagina non si apre così")
    assert risposta.headers["Allow"] == "POST"
    assert navigatore.post("/solo-invio/").content == b"ricevuto"


def test_un_modulo_che_non_viene_dalle_nostre_pagine_e_rifiutato() -> None:
    client = Client(enforce_csrf_checks=True, headers={"Accept": "text/html"})
    risposta = client.post(reverse("account_login"), {"login": "a@example.org", "password": "b"})
    assert (risposta.status_code, titolo(risposta)) == (403, "La pagina era vecchia")


@pytest.mark.parametrize(("campi", "stato"), [(9, 405), (11, 413)])
def test_troppi_campi_in_un_modulo(settings: Settings, campi: int, stato: int) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 10
    client = Client(enforce_csrf_checks=True, headers={"Accept": "text/html"})
    client.get(reverse("account_login"))
    dati = {f"campo{n}": "x" for n in range(campi - 1)}
    risposta = client.post(reverse("privacy"), {**dati, "csrfmiddlewaretoken": client.cookies["csrftoken"].value})
    assert risposta.status_code == stato
    if stato == 413:
        assert titolo(risposta) == "Hai inviato troppi dati in una volta"


def test_un_nome_di_sito_sconosciuto_e_una_richiesta_errata(navigatore: Client) -> None:
    risposta = navigatore.get("/", headers={"Host": "altrove.example"})
    assert (risposta.status_code, titolo(risposta)) == (400, "Il portale non capisce questa richiesta")


@pytest.mark.parametrize(
    ("indirizzo", "stato"), [("/questa-non-esiste/", 404), ("/guasta/", 500), ("/vietata/", 403), ("/solo-invio/", 405)]
)
def test_uno_script_riceve_l_errore_in_json(navigatore: Client, indirizzo: str, stato: int) -> None:
    risposta = navigatore.get(indirizzo, headers={"Accept": "application/json"})
    assert risposta.status_code == stato
    assert risposta.headers["Content-Type"] == "application/problem+json"
    assert set(risposta.json()) == {"type", "title", "status", "detail"}


@pytest.mark.parametrize("guasto", [OperationalError, InterfaceError, RedisError])
def test_con_una_parte_assente_si_dice_di_riprovare_e_fra_quanto(navigatore: Client, guasto: type[Exception]) -> None:
    navigatore.force_login(crea_persona(Ruolo.CABINA))

    def rotta(execute: object, sql: str, *resto: object) -> None:
        raise guasto("la connessione è caduta")

    with connection.execute_wrapper(rotta):
        risposta = navigatore.get(reverse("piano"))
        in_json = navigatore.get(reverse("piano"), headers={"Accept": "application/json"})
    assert (risposta.status_code, titolo(risposta)) == (503, "Il portale è fermo per un momento")
    assert (in_json.status_code, in_json.headers["Content-Type"]) == (503, "application/problem+json")
    assert risposta.headers["Retry-After"] == in_json.headers["Retry-After"] == "15"
    assert "la connessione" not in risposta.content.decode()


def test_la_base_dati_che_se_ne_va_mentre_si_salva_la_sessione_non_e_colpa_della_richiesta() -> None:
    """Django makes of it a session that was deleted meanwhile, hence a 400, also where nothing was deleted."""

    def guasta(esegui: Any, sql: Any, parametri: Any, molti: Any, contesto: Any) -> Any:
        if str(sql).startswith('UPDATE "django_session"'):
            raise OperationalError("server closed the connection unexpectedly")
        return esegui(sql, parametri, molti, contesto)

    cliente = Client(raise_request_exception=False, headers={"Accept": "text/html"})
    cliente.force_login(crea_persona(Ruolo.CABINA))
    with connection.execute_wrapper(guasta):
        risposta = cliente.get("/glossario/")
    assert risposta.status_code == 503
    assert risposta["Retry-After"]
    assert cliente.get("/glossario/").status_code == 200
