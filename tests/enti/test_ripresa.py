"""A form sent with an expired session is kept, and goes back only to who wrote it."""

from __future__ import annotations

import re
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django import forms
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path, reverse
from pytest_django import Settings

from enti import ripresa
from enti.accesso import richiede
from enti.models import Utente
from enti.permessi import Permesso
from enti.ruoli import Ruolo
from tests.enti.persone import PASSWORD, accesso_di_prova, codice_totp, crea_persona, entra

__all__ = ["accesso_di_prova"]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class AvanzamentoForm(forms.Form):
    stato = forms.ChoiceField(label="Stato dei lavori", choices=[("C", "In corso"), ("F", "Finiti")])
    nota = forms.CharField(label="Che cosa è stato fatto")
    urgente = forms.BooleanField(label="Urgente", required=False)


ricevuti: list[dict[str, list[str]]] = []


@richiede(Permesso.LEGGERE_PIANO, modulo=AvanzamentoForm)
def modulo(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        if "guasto" in request.POST:
            raise RuntimeError
        ricevuti.append(dict(request.POST.lists()))
    return HttpResponse("ricevuto")


urlpatterns = [path("avanzamento/", modulo, name="avanzamento"), path("", include("psttm.urls"))]
handler403 = "psttm.errori.accesso_negato"
handler500 = "psttm.errori.errore_interno"

DATI = {"stato": "C", "nota": "Posati 40 m di tubo\ne chiuso lo scavo", "zone": ["1", "7"]}


def scade(client: Client) -> None:
    """What time does: the session is gone, the cookies are still in the browser."""
    Session.objects.all().delete()


def ricevute() -> list[dict[str, list[str]]]:
    fatte = ricevuti.copy()
    ricevuti.clear()
    return fatte


@pytest.fixture
def persona(client: Client) -> Utente:
    utente = crea_persona(Ruolo.CABINA)
    entra(client, utente)
    client.get(reverse("piano"))
    ricevuti.clear()
    return utente


def rientra(client: Client, utente: Utente, poi: str) -> Any:
    return client.post(reverse("account_login"), {"login": utente.email, "password": PASSWORD, "next": poi})


def test_il_modulo_inviato_a_sessione_scaduta_si_ritrova_dopo_l_accesso(client: Client, persona: Utente) -> None:
    scade(client)
    verso_accesso = client.post("/avanzamento/?anno=2025", DATI, follow=True)
    assert "La sessione era scaduta: quello che avevi scritto è al sicuro." in verso_accesso.content.decode()
    assert ricevute() == []
    dopo = rientra(client, persona, verso_accesso.redirect_chain[-1][0].split("next=")[1])
    assert dopo.headers["Location"] == reverse("ripresa")
    pagina = client.get(reverse("ripresa")).content.decode()
    assert "Stato dei lavori" in pagina
    assert "In corso" in pagina
    assert "Posati 40 m di tubo<br>e chiuso lo scavo" in pagina
    assert 'action="/avanzamento/?anno=2025"' in pagina


def test_un_bottone_lo_invia_di_nuovo_tale_e_quale(client: Client, persona: Utente) -> None:
    scade(client)
    client.post("/avanzamento/", DATI)
    rientra(client, persona, reverse("ripresa"))
    pagina = client.get(reverse("ripresa")).content.decode()
    nascosti = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', pagina.split("ripresa/scarta")[0])
    assert client.post("/avanzamento/", _dizionario(nascosti)).status_code == 200
    (inviato,) = ricevute()
    assert {nome: inviato[nome] for nome in DATI} == {
        "stato": ["C"],
        "nota": ["Posati 40 m di tubo\ne chiuso lo scavo"],
        "zone": ["1", "7"],
    }
    assert client.get(reverse("ripresa")).headers["Location"] == reverse("home")


def _dizionario(coppie: list[tuple[str, str]]) -> dict[str, list[str]]:
    dati: dict[str, list[str]] = {}
    for nome, valore in coppie:
        dati.setdefault(nome, []).append(valore)
    return dati


def test_il_bottone_supera_il_controllo_csrf() -> None:
    client = Client(enforce_csrf_checks=True)
    utente = crea_persona(Ruolo.CABINA)
    segno = _segno(client.get(reverse("account_login")))
    client.post(reverse("account_login"), {"login": utente.email, "password": PASSWORD, "csrfmiddlewaretoken": segno})
    segno = _segno(client.get(reverse("account_change_password")))
    scade(client)
    client.post("/avanzamento/", {**DATI, "csrfmiddlewaretoken": segno})
    segno = _segno(client.get(reverse("account_login")))
    client.post(reverse("account_login"), {"login": utente.email, "password": PASSWORD, "csrfmiddlewaretoken": segno})
    segno = _segno(client.get(reverse("ripresa")))
    assert client.post("/avanzamento/", {**DATI, ripresa.SEGNO: "1", "csrfmiddlewaretoken": segno}).status_code == 200
    assert len(ricevute()) == 1


def _segno(risposta: Any) -> str:
    trovato = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', risposta.content.decode())
    assert trovato is not None
    return trovato[1]


def test_se_l_invio_non_riesce_il_modulo_resta(client: Client, persona: Utente) -> None:
    scade(client)
    client.post("/avanzamento/", {**DATI, "guasto": "1"})
    rientra(client, persona, reverse("ripresa"))
    client.raise_request_exception = False
    assert client.post("/avanzamento/", {**DATI, "guasto": "1", ripresa.SEGNO: "1"}).status_code == 500
    assert "Posati 40 m" in client.get(reverse("ripresa")).content.decode()


def test_si_puo_eliminare_senza_inviarlo(client: Client, persona: Utente) -> None:
    scade(client)
    client.post("/avanzamento/", DATI)
    rientra(client, persona, reverse("ripresa"))
    assert client.post(reverse("ripresa-scarta")).status_code == 302
    assert client.get(reverse("ripresa")).headers["Location"] == reverse("home")
    assert ricevute() == []


def test_un_altra_persona_non_lo_vede_e_per_lei_non_esiste_piu(client: Client, persona: Utente) -> None:
    scade(client)
    client.post("/avanzamento/", DATI)
    altra = crea_persona(Ruolo.RESPONSABILE)
    rientra(client, altra, reverse("ripresa"))
    risposta = client.get(reverse("ripresa"), follow=True)
    assert "Posati" not in risposta.content.decode()
    assert ripresa.CHIAVE not in client.session
    client.post(reverse("account_logout"))
    rientra(client, persona, reverse("ripresa"))
    assert client.get(reverse("ripresa")).headers["Location"] == reverse("home")


def test_chi_non_e_mai_entrato_non_lascia_nulla() -> None:
    client = Client()
    assert (
        client.post("/avanzamento/", DATI).headers["Location"] == f"{reverse('account_login')}?next={reverse('home')}"
    )
    assert Session.objects.count() == 0


def test_il_segno_di_chi_era_entrato_non_si_puo_fabbricare(client: Client, persona: Utente) -> None:
    scade(client)
    client.cookies[ripresa.COOKIE] = f"{persona.pk}:1tQzzz:falso"
    client.post("/avanzamento/", DATI)
    assert ripresa.CHIAVE not in client.session


def test_il_segno_di_chi_era_entrato_viaggia_protetto(client: Client, settings: Settings) -> None:
    settings.SESSION_COOKIE_SECURE = True
    entra(client, crea_persona(Ruolo.CABINA))
    segno = client.cookies[ripresa.COOKIE]
    assert (segno["httponly"], segno["samesite"], segno["secure"]) == (True, "Lax", True)


def test_le_password_e_i_segni_di_servizio_non_si_conservano(client: Client, persona: Utente) -> None:
    scade(client)
    segreti = {"password": "x1", "oldpassword": "x2", "Nuova_Password": "x3", "csrfmiddlewaretoken": "x4"}
    client.post("/avanzamento/", {**DATI, **segreti})
    assert [nome for nome, _ in client.session[ripresa.CHIAVE]["campi"]] == list(DATI)


def test_i_moduli_del_proprio_accesso_non_si_conservano(client: Client, persona: Utente) -> None:
    scade(client)
    risposta = client.post(reverse("mfa_activate_totp"), {"code": "123456"})
    assert risposta.headers["Location"] == f"{reverse('account_login')}?next=/"
    assert ripresa.CHIAVE not in client.session


@pytest.mark.parametrize(("in_piu", "conservato"), [(0, True), (1, False)])
def test_si_conserva_fino_a_duecento_kilobyte_compresi(
    client: Client, persona: Utente, in_piu: int, conservato: bool
) -> None:
    scade(client)
    risposta = client.post("/avanzamento/", {"nota": "a" * (200 * 1024 - len("nota") + in_piu)}, follow=True)
    assert (ripresa.CHIAVE in client.session) is conservato
    assert ("troppo lungo per essere conservato" in risposta.content.decode()) is not conservato


def test_dei_file_si_dice_il_nome_perche_vadano_riallegati(client: Client, persona: Utente) -> None:
    scade(client)
    file = SimpleUploadedFile("verbale di collaudo.pdf", b"%PDF-1.7")
    client.post("/avanzamento/", {**DATI, "allegato": file})
    rientra(client, persona, reverse("ripresa"))
    pagina = client.get(reverse("ripresa")).content.decode()
    assert "C&#x27;era un file, che va allegato di nuovo: verbale di collaudo.pdf." in pagina


def test_una_casella_segnata_si_legge_si(client: Client, persona: Utente) -> None:
    scade(client)
    client.post("/avanzamento/", {"urgente": "on"})
    rientra(client, persona, reverse("ripresa"))
    assert re.search(r"<dt>Urgente</dt>\s*<dd>sì</dd>", client.get(reverse("ripresa")).content.decode())


def test_quello_che_e_scritto_non_diventa_parte_della_pagina(client: Client, persona: Utente) -> None:
    scade(client)
    client.post("/avanzamento/", {"nota": '"><script>alert(1)</script>'})
    rientra(client, persona, reverse("ripresa"))
    assert "<script>alert" not in client.get(reverse("ripresa")).content.decode()


def test_una_pagina_solo_letta_si_riapre_dopo_l_accesso(client: Client, persona: Utente) -> None:
    scade(client)
    risposta = client.get("/avanzamento/?anno=2025")
    assert risposta.headers["Location"] == f"{reverse('account_login')}?next=/avanzamento/%3Fanno%3D2025"


def test_uno_script_riceve_401_e_nulla_viene_conservato(client: Client, persona: Utente) -> None:
    scade(client)
    risposta = client.post("/avanzamento/", DATI, headers={"X-Requested-With": "XMLHttpRequest"})
    assert risposta.status_code == 401
    assert ripresa.CHIAVE not in client.session


def test_il_modulo_sopravvive_anche_al_secondo_fattore(client: Client) -> None:
    utente = crea_persona(Ruolo.COORDINATORE)
    entra(client, utente)
    scade(client)
    client.post("/avanzamento/", DATI)
    rientra(client, utente, reverse("ripresa"))
    cache.clear()  # the code of these thirty seconds is already spent: as if time had passed
    assert client.post(reverse("mfa_authenticate"), {"code": codice_totp()}).headers["Location"] == reverse("ripresa")
    assert "Posati 40 m" in client.get(reverse("ripresa")).content.decode()


def test_chi_deve_attivare_il_secondo_fattore_non_perde_il_modulo(client: Client, persona: Utente) -> None:
    persona.appartenenze.update(ruolo=Ruolo.ISTRUTTORE)
    assert client.post("/avanzamento/", DATI).headers["Location"] == reverse("mfa_activate_totp")
    segreto = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": codice_totp(segreto)})
    assert client.get(reverse("mfa_view_recovery_codes")).context["prosegui"] == reverse("ripresa")
    assert "Posati 40 m" in client.get(reverse("ripresa")).content.decode()


@pytest.mark.parametrize(
    ("intestazioni", "conservato"),
    [
        ({"Origin": "http://testserver"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "https://altrove.example"}, False),
        ({}, False),
    ],
)
def test_una_nostra_pagina_aperta_da_prima_dell_ultimo_accesso_non_perde_il_modulo(
    intestazioni: dict[str, str], conservato: bool
) -> None:
    """Signing in again in another tab changes the CSRF token: the old tab would get a refusal and lose its text."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(crea_persona(Ruolo.CABINA))
    risposta = client.post("/avanzamento/", {**DATI, "csrfmiddlewaretoken": "a" * 64}, headers=intestazioni)
    assert ricevute() == []
    if conservato:
        assert risposta.headers["Location"] == reverse("ripresa")
        assert "Posati 40 m" in client.get(reverse("ripresa")).content.decode()
    else:
        assert risposta.status_code == 403
        assert ripresa.CHIAVE not in client.session


def test_il_segno_di_chi_era_entrato_si_rinnova_solo_quando_cambia_persona(client: Client, persona: Utente) -> None:
    client.cookies = SimpleCookie({nome: segno.value for nome, segno in client.cookies.items()})
    assert ripresa.COOKIE not in client.get(reverse("piano")).cookies
