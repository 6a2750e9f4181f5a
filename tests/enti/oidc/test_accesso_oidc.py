"""Signing in with a provider of identity: a real one, reached as a browser reaches it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from enti.models import Appartenenza, Utente
from enti.ruoli import Ruolo
from registro.models import Evento
from tests.enti.oidc.fornitore import CODICE_FISCALE, Browser, Fornitore, fornitore, serve_il_fornitore
from tests.enti.persone import accesso_di_prova, codice_totp, crea_persona, entra
from tests.enti.test_accesso import verbi

__all__ = ["accesso_di_prova"]
pytestmark = [pytest.mark.django_db, serve_il_fornitore]

CODICE = "RSSMRA80A01F205X"
PERSONE: dict[str, dict[str, Any]] = {
    "con-codice": {CODICE_FISCALE: CODICE, "email": "altra@example.org", "email_verified": True},
    "con-codice-spid": {CODICE_FISCALE: f"TINIT-{CODICE.lower()}"},
    "con-altro-codice": {CODICE_FISCALE: "VRDLGI70B02F205Y", "email": "cabina@example.org", "email_verified": True},
    "con-posta": {"email": "Cabina@example.org", "email_verified": True},
    "con-posta-non-verificata": {"email": "cabina@example.org", "email_verified": False},
    "strano": {CODICE_FISCALE: ["RSSMRA80A01F205X"], "email": 5, "email_verified": "true"},
}


@pytest.fixture(scope="module")
def quello_vero() -> Iterator[Fornitore]:
    with fornitore(PERSONE, "http://testserver") as acceso:
        yield acceso


@pytest.fixture
def con_il_fornitore(quello_vero: Fornitore, settings: Settings) -> Fornitore:
    for nome, valore in quello_vero.impostazioni.items():
        setattr(settings, nome, valore)
    return quello_vero


def persona_con_codice(ruolo: Ruolo, codice: str = CODICE, **campi: Any) -> Utente:
    utente = crea_persona(ruolo, **campi)
    Utente.objects.filter(pk=utente.pk).update(codice_fiscale=codice)
    return utente


def chi(browser: Browser) -> int | None:
    numero = browser.portale.session.get("_auth_user_id")
    return int(numero) if numero else None


@pytest.mark.usefixtures("con_il_fornitore")
@pytest.mark.parametrize("identita", ["con-codice", "con-codice-spid"])
def test_si_entra_con_il_codice_fiscale_e_non_nasce_nulla(identita: str) -> None:
    utente = persona_con_codice(Ruolo.CABINA)
    prima = (Utente.objects.count(), Appartenenza.objects.count())
    browser = Browser()
    risposta = browser.entra(identita, poi=reverse("matrice"))
    assert risposta.headers["Location"] == reverse("matrice")
    assert chi(browser) == utente.pk
    assert browser.portale.get(reverse("piano")).status_code == 200
    assert (Utente.objects.count(), Appartenenza.objects.count()) == prima
    assert not SocialAccount.objects.exists()
    evento = Evento.objects.get(verbo="accesso riuscito")
    assert (evento.autore, evento.nota) == (utente, "con il fornitore di identità")
    utente.refresh_from_db()
    assert (utente.email, utente.nome) == ("cabina@example.org", "Cabina")


@pytest.mark.usefixtures("con_il_fornitore")
@pytest.mark.parametrize("identita", ["con-codice", "con-posta", "strano"])
def test_chi_non_e_nel_portale_resta_fuori_e_sa_a_chi_chiedere(identita: str) -> None:
    crea_persona(Ruolo.CABINA)
    browser = Browser()
    risposta = browser.entra(identita)
    assert risposta.status_code == 403
    assert "Chiedi all&#x27;amministratore" in risposta.content.decode()
    assert chi(browser) is None
    assert Utente.objects.count() == 1
    evento = Evento.objects.get(verbo="accesso rifiutato a un'identità non riconosciuta")
    assert (evento.autore, evento.oggetto, evento.nota) == (None, "", "")
    assert evento.provenienza.indirizzo == "127.0.0.1"


@pytest.mark.usefixtures("con_il_fornitore")
def test_la_posta_basta_solo_se_l_impostazione_lo_dice_e_se_e_verificata(settings: Settings) -> None:
    utente = crea_persona(Ruolo.CABINA)
    settings.OIDC_PER_EMAIL = True
    browser = Browser()
    browser.entra("con-posta")
    assert chi(browser) == utente.pk
    for identita in ("con-posta-non-verificata", "strano"):
        altro = Browser()
        assert altro.entra(identita).status_code == 403
        assert chi(altro) is None


@pytest.mark.usefixtures("con_il_fornitore")
def test_la_posta_non_apre_l_accesso_di_chi_ha_un_altro_codice_fiscale(settings: Settings) -> None:
    utente = persona_con_codice(Ruolo.CABINA)
    settings.OIDC_PER_EMAIL = True
    browser = Browser()
    assert browser.entra("con-altro-codice").status_code == 403
    Utente.objects.filter(pk=utente.pk).update(codice_fiscale=None)
    browser.entra("con-altro-codice")
    assert chi(browser) == utente.pk


@pytest.mark.usefixtures("con_il_fornitore")
@pytest.mark.parametrize("campi", [{"is_active": False}, {"tecnico": True}])
def test_chi_e_sospeso_o_e_un_programma_non_entra(campi: dict[str, bool]) -> None:
    utente = persona_con_codice(Ruolo.CABINA)
    Utente.objects.filter(pk=utente.pk).update(**campi)
    browser = Browser()
    browser.entra("con-codice")
    assert chi(browser) is None


@pytest.mark.usefixtures("con_il_fornitore")
def test_al_personale_dopo_il_fornitore_si_chiede_il_codice() -> None:
    utente = persona_con_codice(Ruolo.ISTRUTTORE)
    browser = Browser()
    risposta = browser.entra("con-codice", poi=reverse("matrice"))
    assert risposta.headers["Location"] == reverse("mfa_authenticate")
    assert chi(browser) is None
    # Neither what the provider said of the person nor her row is kept meanwhile.
    assert CODICE not in str(dict(browser.portale.session))
    assert utente.password not in str(dict(browser.portale.session))
    fatto = browser.portale.post(reverse("mfa_authenticate"), {"code": codice_totp()})
    assert fatto.headers["Location"] == reverse("matrice")
    assert chi(browser) == utente.pk
    assert Evento.objects.get(verbo="accesso riuscito").nota == "con il fornitore di identità e secondo fattore"


@pytest.mark.usefixtures("con_il_fornitore")
def test_il_personale_senza_secondo_fattore_lo_attiva_anche_dopo_il_fornitore() -> None:
    persona_con_codice(Ruolo.ISTRUTTORE, secondo_fattore=False)
    browser = Browser()
    browser.entra("con-codice")
    assert browser.portale.get(reverse("piano")).headers["Location"] == reverse("mfa_activate_totp")


@pytest.mark.usefixtures("con_il_fornitore")
@pytest.mark.parametrize(
    ("acr", "amr", "vale"),
    [
        ("livello-2", "", True),
        ("livello-1", "", False),
        ("", "pwd otp", True),
        ("", "pwd", False),
    ],
)
def test_il_secondo_fattore_del_fornitore_vale_solo_con_i_valori_che_le_impostazioni_dicono(
    settings: Settings, acr: str, amr: str, vale: bool
) -> None:
    persona_con_codice(Ruolo.ISTRUTTORE)
    browser = Browser()
    # Without settings none is good, whatever the provider says.
    assert browser.entra("con-codice", acr=acr, amr=amr).headers["Location"] == reverse("mfa_authenticate")
    settings.OIDC_ACR_SECONDO_FATTORE = ["livello-2"]
    settings.OIDC_AMR_SECONDO_FATTORE = ["otp"]
    settings.OIDC_ACR_RICHIESTI = ["livello-2", "livello-1"]
    browser = Browser()
    assert "acr_values=livello-2+livello-1" in browser.parte()
    risposta = browser.entra("con-codice", acr=acr, amr=amr)
    assert (risposta.headers["Location"] == reverse("home")) is vale
    assert (browser.portale.get(reverse("piano")).status_code == 200) is vale


@pytest.mark.usefixtures("con_il_fornitore")
def test_il_secondo_fattore_del_fornitore_non_vale_per_chi_entra_dopo_con_la_password(settings: Settings) -> None:
    settings.OIDC_ACR_SECONDO_FATTORE = settings.OIDC_ACR_RICHIESTI = ["livello-2"]
    utente = persona_con_codice(Ruolo.ISTRUTTORE)
    browser = Browser()
    browser.entra("con-codice", acr="livello-2")
    assert chi(browser) == utente.pk
    Utente.objects.filter(pk=utente.pk).update(is_active=False)
    assert browser.portale.get(reverse("piano")).status_code == 302
    Utente.objects.filter(pk=utente.pk).update(is_active=True)
    browser.portale.cookies.pop("sessionid", None)
    dati = {"login": utente.email, "password": "tre-cavalli-al-guado"}
    assert browser.portale.post(reverse("account_login"), dati).headers["Location"] == reverse("mfa_authenticate")


@pytest.mark.usefixtures("con_il_fornitore")
def test_uscendo_si_esce_anche_dal_fornitore() -> None:
    utente = persona_con_codice(Ruolo.CABINA)
    browser = Browser()
    browser.entra("con-codice")
    # Signed in there, one is not asked again.
    secondo = Browser()
    secondo.fuori = browser.fuori
    secondo.entra("nessuno")
    assert chi(secondo) == utente.pk
    assert browser.esce() == "http://testserver/"
    assert browser.portale.get(reverse("piano")).status_code == 302
    assert browser.entra("con-posta").status_code == 403
    assert verbi(utente)[-1] == "uscita"


@pytest.mark.usefixtures("con_il_fornitore")
def test_chi_e_entrato_con_la_password_esce_soltanto_dal_portale(client: Client) -> None:
    entra(client, crea_persona(Ruolo.CABINA))
    assert client.post(reverse("account_logout")).headers["Location"] == reverse("home")


@pytest.mark.usefixtures("con_il_fornitore")
@pytest.mark.parametrize("poi", ["", "/piani/"])
def test_chi_rinuncia_dal_fornitore_torna_dov_era_e_puo_riprovare(poi: str) -> None:
    """The sign-in page says it, and still knows where she was going."""
    browser = Browser()
    risposta = browser.entra("", poi=poi)
    accesso = reverse("account_login")
    assert risposta.headers["Location"] == (f"{accesso}?next={poi}" if poi else accesso)
    pagina = browser.portale.get(risposta.headers["Location"]).content.decode()
    assert "Hai annullato l&#x27;accesso con l&#x27;identità digitale" in pagina
    assert Evento.objects.filter(verbo="accesso con il fornitore di identità annullato").count() == 1
    assert browser.entra("nessuno").status_code == 403


@pytest.mark.usefixtures("con_il_fornitore")
def test_un_ritorno_vale_una_volta_e_solo_per_il_browser_che_e_partito() -> None:
    persona_con_codice(Ruolo.CABINA)
    browser, complice = Browser(), Browser()
    ritorno = browser.dal_fornitore(browser.parte(), "con-codice")
    assert complice.portale.get(ritorno).status_code == 502
    assert chi(complice) is None
    browser.portale.get(ritorno)
    assert chi(browser) is not None
    browser.portale.post(reverse("account_logout"))
    assert browser.portale.get(ritorno).status_code == 502
    assert chi(browser) is None


@pytest.mark.usefixtures("con_il_fornitore")
def test_dopo_l_accesso_non_si_finisce_fuori_dal_portale() -> None:
    persona_con_codice(Ruolo.CABINA)
    assert Browser().entra("con-codice", poi="https://altrove.example/").headers["Location"] == reverse("home")


@pytest.mark.usefixtures("con_il_fornitore")
def test_la_sessione_di_prima_non_resta_a_chi_entra_dopo() -> None:
    """Session fixation: the key changes, and what an other person left is gone."""
    utente = persona_con_codice(Ruolo.CABINA)
    altra = crea_persona(Ruolo.CABINA, nome="altra")
    browser = Browser()
    entra(browser.portale, altra)
    chiave = browser.portale.session.session_key
    browser.entra("con-codice")
    assert chi(browser) == utente.pk
    assert browser.portale.session.session_key != chiave


def test_se_il_fornitore_non_risponde_la_pagina_lo_dice(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as libera:
        settings.OIDC_ISSUER = f"http://127.0.0.1:{libera.getsockname()[1]}"
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = "x", "y"
    assert Client().post(reverse("oidc-vai")).status_code == 502


def test_senza_impostazioni_il_fornitore_non_c_e(client: Client) -> None:
    assert "identità digitale" not in client.get(reverse("account_login")).content.decode()
    assert client.post(reverse("oidc-vai")).status_code == 404
    assert client.get(reverse("oidc-ritorno")).status_code == 404


@pytest.mark.usefixtures("con_il_fornitore")
def test_la_pagina_di_accesso_offre_tutt_e_due_le_vie(client: Client) -> None:
    pagina = client.get(f"{reverse('account_login')}?next={reverse('matrice')}").content.decode()
    assert "Entra con SPID o CIE" in pagina
    assert pagina.count(f'name="next" value="{reverse("matrice")}"') == 2
    assert client.get(reverse("oidc-vai")).status_code == 405
