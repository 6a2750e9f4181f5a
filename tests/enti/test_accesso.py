"""Signing in and out, passwords, and what the registro keeps of them."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse
from pytest_django import Settings

from enti import demo
from enti.models import Utente
from enti.ruoli import Ruolo
from registro.models import Evento
from tests.enti.persone import PASSWORD, accesso_di_prova, crea_persona, entra

__all__ = ["accesso_di_prova"]
pytestmark = pytest.mark.django_db

NUOVA = "otto-barche-nel-porto"


def verbi(utente: Utente) -> list[str]:
    eventi = Evento.objects.filter(tipo_oggetto="enti.utente", id_oggetto=str(utente.pk))
    return list(eventi.exclude(verbo__in=["creato", "ruolo assegnato"]).order_by("pk").values_list("verbo", flat=True))


def test_si_entra_con_indirizzo_e_password_e_il_registro_lo_sa(client: Client) -> None:
    utente = crea_persona(Ruolo.CABINA)
    entra(client, utente)
    assert client.get(reverse("piano")).status_code == 200
    evento = Evento.objects.get(verbo="accesso riuscito")
    assert (evento.autore, evento.id_oggetto) == (utente, str(utente.pk))
    # The event is for ever, and what it came from is not: it stands beside it.
    assert evento.nota == "con password"
    assert (evento.provenienza.indirizzo, evento.provenienza.programma) == ("127.0.0.1", "")


def test_l_indirizzo_vale_con_maiuscole_e_spazi(client: Client) -> None:
    crea_persona(Ruolo.CABINA)
    risposta = client.post(reverse("account_login"), {"login": " Cabina@Example.ORG ", "password": PASSWORD})
    assert risposta.status_code == 302


def test_dopo_l_accesso_si_arriva_alla_pagina_chiesta(client: Client) -> None:
    crea_persona(Ruolo.CABINA)
    chiesta = client.get(reverse("matrice"))
    assert chiesta.headers["Location"] == f"{reverse('account_login')}?next={reverse('matrice')}"
    dati = {"login": "cabina@example.org", "password": PASSWORD, "next": reverse("matrice")}
    assert client.post(reverse("account_login"), dati).headers["Location"] == reverse("matrice")


def test_dopo_l_accesso_non_si_finisce_fuori_dal_portale(client: Client) -> None:
    crea_persona(Ruolo.CABINA)
    dati = {"login": "cabina@example.org", "password": PASSWORD, "next": "https://altrove.example/"}
    assert client.post(reverse("account_login"), dati).headers["Location"] == reverse("home")


def test_l_errore_non_dice_se_l_utente_esiste(client: Client) -> None:
    crea_persona(Ruolo.CABINA)
    pagine = []
    for indirizzo in ("cabina@example.org", "nessuno@example.org"):
        risposta = client.post(reverse("account_login"), {"login": indirizzo, "password": "sbagliata-di-certo"})
        assert risposta.status_code == 200
        senza_segno = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", risposta.content.decode())
        pagine.append(senza_segno.replace(indirizzo, ""))
    assert pagine[0] == pagine[1]
    assert "non sono giusti" in pagine[0]


def test_un_accesso_non_riuscito_resta_nel_registro_senza_quello_che_e_stato_scritto(client: Client) -> None:
    utente = crea_persona(Ruolo.CABINA)
    client.post(reverse("account_login"), {"login": utente.email, "password": "la-mia-password-segreta"})
    client.post(reverse("account_login"), {"login": "la-mia-password@segreta.it", "password": "x"})
    conosciuto, ignoto = Evento.objects.filter(verbo="accesso non riuscito").order_by("pk")
    assert conosciuto.id_oggetto == str(utente.pk)
    assert (ignoto.id_oggetto, ignoto.oggetto) == ("", "")
    assert "segreta" not in str(list(Evento.objects.values()))


def test_al_sesto_tentativo_sbagliato_la_pagina_chiede_di_aspettare(client: Client) -> None:
    utente = crea_persona(Ruolo.CABINA)
    dati = {"login": utente.email, "password": "sbagliata-di-certo"}
    for _ in range(5):
        assert client.post(reverse("account_login"), dati).status_code == 200
    bloccata = client.post(reverse("account_login"), dati)
    assert bloccata.status_code == 429
    assert bloccata.headers["Retry-After"] == "300"
    assert "Aspetta cinque minuti" in bloccata.content.decode()
    assert client.post(reverse("account_login"), {"login": utente.email, "password": PASSWORD}).status_code == 429
    assert verbi(utente)[-1] == "accesso bloccato per troppi tentativi"


def test_chi_e_sospeso_non_entra_e_sa_a_chi_chiedere(client: Client) -> None:
    utente = crea_persona(Ruolo.CABINA)
    Utente.objects.filter(pk=utente.pk).update(is_active=False)
    risposta = client.post(reverse("account_login"), {"login": utente.email, "password": PASSWORD}, follow=True)
    assert "Il tuo accesso è sospeso" in risposta.content.decode()
    assert "_auth_user_id" not in client.session
    assert verbi(utente) == ["accesso rifiutato a un utente non attivo"]


def test_la_sessione_muore_quando_l_utente_viene_sospeso(client: Client) -> None:
    utente = crea_persona(Ruolo.CABINA)
    entra(client, utente)
    Utente.objects.filter(pk=utente.pk).update(is_active=False)
    assert client.get(reverse("piano")).status_code == 302


def test_si_esce_dal_menu_e_dalla_pagina_di_conferma(client: Client) -> None:
    utente = crea_persona(Ruolo.CABINA)
    entra(client, utente)
    conferma = client.get(reverse("account_logout"))
    assert "Vuoi uscire dal portale?" in conferma.content.decode()
    assert client.get(reverse("piano")).status_code == 200
    assert client.post(reverse("account_logout")).status_code == 302
    assert client.get(reverse("piano")).status_code == 302
    assert verbi(utente) == ["accesso riuscito", "uscita"]


def test_nessuno_si_registra_da_solo(client: Client) -> None:
    for indirizzo in ("/accesso/signup/", "/accesso/email/", "/accesso/confirm-email/", "/accesso/login/code/"):
        assert client.get(indirizzo).status_code == 404
        assert client.post(indirizzo, {"email": "io@example.org", "password1": NUOVA}).status_code == 404
    assert "registrati" not in client.get(reverse("account_login")).content.decode().lower()


def test_si_cambia_la_password_e_le_altre_sessioni_si_chiudono(client: Client) -> None:
    utente = crea_persona(Ruolo.CABINA)
    altro_dispositivo = Client()
    entra(client, utente)
    entra(altro_dispositivo, utente)
    dati = {"oldpassword": PASSWORD, "password1": NUOVA, "password2": NUOVA}
    assert client.post(reverse("account_change_password"), dati).headers["Location"] == reverse("home")
    assert client.get(reverse("piano")).status_code == 200
    assert altro_dispositivo.get(reverse("piano")).status_code == 302
    utente.refresh_from_db()
    assert utente.check_password(NUOVA)
    assert verbi(utente)[-1] == "password cambiata"
    assert NUOVA not in str(list(Evento.objects.values()))


@pytest.mark.parametrize(
    ("nuova", "frase"),
    [("undici-lett", "almeno 12 caratteri"), ("password1234", "troppo comune"), ("998877665544", "numeri")],
)
def test_una_password_debole_viene_rifiutata(client: Client, nuova: str, frase: str) -> None:
    utente = crea_persona(Ruolo.CABINA)
    entra(client, utente)
    dati = {"oldpassword": PASSWORD, "password1": nuova, "password2": nuova}
    risposta = client.post(reverse("account_change_password"), dati)
    assert frase in risposta.content.decode()
    utente.refresh_from_db()
    assert utente.check_password(PASSWORD)


def test_chi_dimentica_la_password_ne_sceglie_una_nuova_dal_collegamento(client: Client) -> None:
    utente = crea_persona(Ruolo.CABINA)
    risposta = client.post(reverse("account_reset_password"), {"email": utente.email}, follow=True)
    assert "Controlla la posta" in risposta.content.decode()
    (messaggio,) = mail.outbox
    assert messaggio.subject == "Portale PNRR: scegli una nuova password"
    collegamento = re.search(r"http://testserver(/\S+)", str(messaggio.body))
    assert collegamento is not None
    pagina = client.get(collegamento[1], follow=True)
    salva = client.post(pagina.wsgi_request.path, {"password1": NUOVA, "password2": NUOVA})
    assert salva.headers["Location"] == reverse("account_reset_password_from_key_done")
    utente.refresh_from_db()
    assert utente.check_password(NUOVA)
    assert "_auth_user_id" not in client.session
    assert verbi(utente) == ["password reimpostata con il collegamento e-mail"]
    assert "non è più valido" in Client().get(collegamento[1], follow=True).content.decode()


def test_la_password_dimenticata_non_dice_se_l_utente_esiste(client: Client) -> None:
    risposta = client.post(reverse("account_reset_password"), {"email": "nessuno@example.org"}, follow=True)
    assert "Controlla la posta" in risposta.content.decode()
    assert mail.outbox == []


def test_l_unico_indirizzo_di_una_persona_e_quello_dell_utente(client: Client) -> None:
    """allauth would note addresses of its own, which would open the door even after the address has changed."""
    utente = crea_persona(Ruolo.CABINA)
    client.post(reverse("account_reset_password"), {"email": utente.email})
    entra(client, utente)
    assert not EmailAddress.objects.exists()


@pytest.mark.parametrize("accesa", [True, False])
def test_gli_utenti_della_dimostrazione_si_leggono_solo_quando_e_accesa(
    client: Client, settings: Settings, accesa: bool
) -> None:
    settings.DIMOSTRAZIONE = accesa
    pagina = client.get(reverse("account_login")).content.decode()
    assert ("Questa è una dimostrazione" in pagina) is accesa
    assert all((utente.email in pagina) is accesa for utente in demo.UTENTI)
    assert (demo.PASSWORD in pagina) is accesa


def test_le_pagine_di_chi_e_entrato_non_restano_nelle_copie_del_browser(client: Client) -> None:
    entra(client, crea_persona(Ruolo.CABINA))
    assert "no-store" in client.get(reverse("piano")).headers["Cache-Control"]


def test_la_sessione_dura_finche_si_lavora(client: Client) -> None:
    entra(client, crea_persona(Ruolo.CABINA))
    prima = Session.objects.get(pk=client.session.session_key).expire_date
    assert client.post(reverse("sessione-viva")).status_code == 204
    assert Session.objects.get(pk=client.session.session_key).expire_date > prima


def test_a_uno_script_senza_sessione_si_risponde_401_in_json() -> None:
    risposta = Client().post(reverse("sessione-viva"), headers={"Accept": "application/json"})
    assert risposta.status_code == 401
    assert risposta.headers["Content-Type"] == "application/problem+json"
    assert risposta.json()["status"] == 401


def _senza_regola(request: HttpRequest) -> HttpResponse:
    return HttpResponse("aperta")


urlpatterns = [path("nuova/", _senza_regola, name="nuova")]


@pytest.mark.parametrize("ruolo", [None, Ruolo.AMMINISTRATORE])
def test_una_pagina_senza_regola_e_chiusa_a_tutti(client: Client, ruolo: Ruolo | None) -> None:
    client.force_login(crea_persona(ruolo))
    with override_settings(ROOT_URLCONF=__name__, SECONDO_FATTORE_OBBLIGATORIO=False):
        for altro in (client, Client()):
            assert altro.get("/nuova/", headers={"Accept": "application/json"}).status_code == 403
