"""What stands between a hostile page and who is signed in: forged requests, fixed sessions, frames, addresses to be
sent to, fields that nobody asked for."""

from __future__ import annotations

import re
import tomllib
from http import HTTPStatus
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, TestCase
from django.urls import get_resolver, reverse

from enti.models import Appartenenza, Utente
from enti.ruoli import Ruolo
from tests import riferimenti
from tests.enti.persone import accesso_di_prova, crea_persona, entra
from tests.ostile import bersagli
from tests.ostile.scena import ANONIMO
from tests.ostile.sonda import DEL_CHIEDERE, EVENTI, in_silenzio, registra_scritture
from tests.test_rotte import rotte

__all__ = ["accesso_di_prova"]
ALTROVE = (
    "https://male.example.org/",
    "//male.example.org/",
    "/\\male.example.org",
    "javascript:alert(1)",
    "\thttps://male",
)
SENZA_RAGIONE = re.compile(r"# noqa: S\d+\s*$")
# Nothing is written there, and the check would read the whole file first (see its view); the API keeps no cookies.
SENZA_SEGNO = {"rapporti-verifica"}
# Answered before anybody is asked who she is, and only to who asks.
SOLO_LETTE = {"salute-viva", "salute-pronta", "metriche"}


class RichiesteForgiate(TestCase):
    persone: dict[str, Utente]

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.persone = {ruolo.value: crea_persona(ruolo) for ruolo in Ruolo if ruolo != Ruolo.MINISTERO}
        cls.persone["nessun ruolo"] = crea_persona()
        cls.persone["ministero"] = crea_persona(Ruolo.MINISTERO)

    def test_nessun_invio_vale_se_viene_da_un_altro_sito(self) -> None:
        """Every route, as who may enter: without the token, or from elsewhere, it is refused and nothing is written."""
        sbagliate = []
        with in_silenzio():
            for rotta in rotte(get_resolver()):
                if rotta.modello.startswith("/api/") or rotta.nome in SENZA_SEGNO or "(?P<app_label>" in rotta.modello:
                    continue
                chi = bersagli.chi_entra(rotta)
                cliente = Client(enforce_csrf_checks=True, raise_request_exception=False)
                if chi != ANONIMO:
                    cliente.force_login(self.persone[chi])
                with registra_scritture() as scritte:
                    risposta = cliente.post(
                        rotta.indirizzo(), {"csrfmiddlewaretoken": "x" * 64}, HTTP_ORIGIN="https://male.example.org",
                        HTTP_ACCEPT="application/json",
                    )  # fmt: skip
                di_troppo = scritte - DEL_CHIEDERE - {EVENTI}
                atteso = HTTPStatus.METHOD_NOT_ALLOWED if rotta.nome in SOLO_LETTE else HTTPStatus.FORBIDDEN
                if risposta.status_code != atteso or di_troppo:
                    sbagliate.append(f"{rotta.nome} da {chi}: {risposta.status_code} {sorted(di_troppo)}")
        assert not sbagliate, "\n".join(sbagliate)

    def test_dall_api_una_sessione_legge_soltanto(self) -> None:
        """What it may be sent to without a token is refused to who comes with the session of a browser."""
        cliente = Client(enforce_csrf_checks=True, raise_request_exception=False)
        cliente.force_login(self.persone["responsabile"])
        with in_silenzio():
            for rotta in rotte(get_resolver()):
                if rotta.modello.startswith("/api/v1/"):
                    stato = cliente.post(rotta.indirizzo(), "{}", content_type="application/json").status_code
                    assert stato in {401, 403, 404, 405}, (rotta.nome, stato)


@pytest.mark.django_db
@pytest.mark.usefixtures("accesso_di_prova")
class TestSessioni:
    def test_chi_entra_cambia_sessione_e_segno(self, client: Client) -> None:
        """A session that somebody else prepared does not become that of who signs in (fixation)."""
        persona = crea_persona(Ruolo.CABINA)
        client.get(reverse("account_login"))
        prima = client.session
        prima["preparata"] = True
        prima.save()
        client.cookies["sessionid"] = str(prima.session_key)
        segno = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
        entra(client, persona)
        assert client.session.session_key != prima.session_key
        assert client.cookies["csrftoken"].value != segno
        assert (
            not Client(headers={"cookie": f"sessionid={prima.session_key}"}).get(reverse("home")).wsgi_request.user.pk
        )

    def test_chi_esce_lascia_una_sessione_che_non_vale_piu(self, client: Client) -> None:
        entra(client, crea_persona(Ruolo.CABINA))
        chiave = client.session.session_key
        client.post(reverse("account_logout"))
        ancora = Client(headers={"cookie": f"sessionid={chiave}"}).get(
            reverse("sessione-viva"), HTTP_ACCEPT="application/json"
        )
        assert ancora.status_code == HTTPStatus.UNAUTHORIZED

    def test_un_numero_di_sessione_inventato_non_viene_adottato(self, client: Client) -> None:
        inventata = "a" * 32
        client.cookies["sessionid"] = inventata
        entra(client, crea_persona(Ruolo.CABINA))
        assert client.session.session_key != inventata

    @pytest.mark.parametrize("dove", ALTROVE)
    def test_dopo_l_accesso_si_resta_nel_portale(self, client: Client, dove: str) -> None:
        persona = crea_persona(Ruolo.CABINA)
        dati = {"login": persona.email, "password": "tre-cavalli-al-guado", "next": dove}
        risposta = client.post(reverse("account_login"), dati)
        assert risposta.status_code == HTTPStatus.FOUND
        assert risposta["Location"].startswith("/")
        assert not risposta["Location"].startswith(("//", "/\\"))

    @pytest.mark.parametrize("dove", ALTROVE)
    @pytest.mark.parametrize(
        ("rotta", "campo"),
        [("vista-salva", "dove"), ("cruscotto-conta", "torna"), ("account_logout", "next")],
    )
    def test_chi_invia_un_modulo_resta_nel_portale(self, client: Client, rotta: str, campo: str, dove: str) -> None:
        riferimenti.carica()
        client.force_login(crea_persona(Ruolo.COORDINATORE))
        risposta = client.post(reverse(rotta), {campo: dove, "nome": "x", "filtri": "q=x"})
        arrivo = risposta.headers.get("Location", "/")
        assert arrivo.startswith("/")
        assert not arrivo.startswith(("//", "/\\"))


@pytest.mark.django_db
@pytest.mark.usefixtures("accesso_di_prova")
class TestCampiDiTroppo:
    """Fields that no form has, sent with those it has, change nothing (ASVS 15.3.3)."""

    DI_TROPPO = {
        "is_superuser": "on",
        "is_staff": "on",
        "is_active": "on",
        "tecnico": "on",
        "ruolo": Ruolo.AMMINISTRATORE.value,
        "ruoli": Ruolo.AMMINISTRATORE.value,
        "email": "altra@example.org",
        "codice_fiscale": "RSSMRA80A01H501U",
        "pk": "1",
        "id": "1",
        "autore": "1",
        "stato": "approvato",
    }

    def test_dal_proprio_conto_non_ci_si_da_un_ruolo(self, client: Client) -> None:
        persona = crea_persona(Ruolo.CABINA)
        client.force_login(persona)
        prima = Utente.objects.values().get(pk=persona.pk)
        ruoli = list(Appartenenza.objects.filter(utente=persona).values())
        for rotta in (
            "account_change_password",
            "account_reauthenticate",
            "mfa_activate_totp",
            "ripresa-scarta",
            "allerte-lette",
        ):
            client.post(reverse(rotta), self.DI_TROPPO)
        assert Utente.objects.values().get(pk=persona.pk) == prima | {"last_login": prima["last_login"]}
        assert list(Appartenenza.objects.filter(utente=persona).values()) == ruoli

    def test_una_password_nuova_cambia_la_password_e_basta(self, client: Client) -> None:
        persona = crea_persona(Ruolo.CABINA)
        entra(client, persona)
        nuova = "quattro-cavalli-al-guado-9"
        dati = {"oldpassword": "tre-cavalli-al-guado", "password1": nuova, "password2": nuova}
        prima = Utente.objects.values().get(pk=persona.pk)
        assert (
            client.post(reverse("account_change_password"), {**self.DI_TROPPO, **dati}).status_code == HTTPStatus.FOUND
        )
        dopo = Utente.objects.values().get(pk=persona.pk)
        assert {nome for nome, valore in prima.items() if dict(dopo)[nome] != valore} <= {"password", "last_login"}
        assert dopo["password"] != prima["password"]


@pytest.mark.django_db
@pytest.mark.parametrize("rotta", ["home", "privacy", "account_login", "api-status", "open-data", "rapporti-verifica"])
def test_nessuna_pagina_sta_in_una_cornice_di_altri(client: Client, rotta: str) -> None:
    risposta = client.get(reverse(rotta))
    assert risposta["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in risposta["Content-Security-Policy"]


def test_ogni_eccezione_alle_regole_di_sicurezza_dice_perche() -> None:
    """A rule of ruff's S set is put aside line by line, with the reason beside it; whole files of ours never."""
    senza = [
        f"{file.relative_to(settings.BASE_DIR)}:{numero}"
        for stanza in settings.INSTALLED_APPS
        if Path(settings.BASE_DIR, stanza).is_dir()
        for file in Path(settings.BASE_DIR, stanza).rglob("*.py")
        for numero, riga in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if SENZA_RAGIONE.search(riga)
    ]
    assert not senza
    eccezioni = tomllib.loads(Path(settings.BASE_DIR, "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    di_stanze = [dove for dove in eccezioni["per-file-ignores"] if dove.split("/")[0] in settings.INSTALLED_APPS]
    assert not di_stanze
