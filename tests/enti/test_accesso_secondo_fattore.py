"""The second factor: asked of staff before anything else, never bypassed, recorded."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from enti import demo, secondo_fattore
from enti.models import Utente
from enti.ruoli import PERSONALE, Ruolo
from registro.models import Evento
from tests.enti.persone import PASSWORD, SEGRETO, accesso_di_prova, codice_totp, crea_persona, entra, segreto_di
from tests.enti.test_accesso import verbi

__all__ = ["accesso_di_prova"]
pytestmark = pytest.mark.django_db


def scrivi_password(client: Client, utente: Utente) -> str:
    risposta = client.post(reverse("account_login"), {"login": utente.email, "password": PASSWORD})
    return str(risposta.headers["Location"])


def attiva(client: Client, utente: Utente) -> None:
    """Set up the second factor as the page asks."""
    pagina = client.get(reverse("mfa_activate_totp"))
    segreto = pagina.context["form"].secret
    risposta = client.post(reverse("mfa_activate_totp"), {"code": codice_totp(segreto)})
    assert risposta.headers["Location"] == reverse("mfa_view_recovery_codes")
    assert segreto_di(utente) == segreto


def test_chi_ha_il_secondo_fattore_entra_solo_con_il_codice(client: Client) -> None:
    utente = crea_persona(Ruolo.COORDINATORE)
    assert scrivi_password(client, utente) == reverse("mfa_authenticate")
    assert client.get(reverse("piano")).status_code == 302
    assert client.post(reverse("mfa_authenticate"), {"code": codice_totp()}).headers["Location"] == reverse("home")
    assert client.get(reverse("piano")).status_code == 200
    assert "secondo fattore" in Evento.objects.get(verbo="accesso riuscito").nota


def test_un_codice_sbagliato_non_fa_entrare_e_resta_nel_registro(client: Client) -> None:
    utente = crea_persona(Ruolo.COORDINATORE)
    scrivi_password(client, utente)
    risposta = client.post(reverse("mfa_authenticate"), {"code": "abcdef"})
    assert "Il codice non è giusto" in risposta.content.decode()
    assert client.get(reverse("piano")).status_code == 302
    assert verbi(utente) == ["codice del secondo fattore non accettato"]


def test_un_codice_vale_una_volta_sola(client: Client) -> None:
    utente = crea_persona(Ruolo.COORDINATORE)
    codice = codice_totp()
    scrivi_password(client, utente)
    assert client.post(reverse("mfa_authenticate"), {"code": codice}).status_code == 302
    altro = Client()
    scrivi_password(altro, utente)
    assert altro.post(reverse("mfa_authenticate"), {"code": codice}).status_code == 200
    assert altro.get(reverse("piano")).status_code == 302


def test_dopo_troppi_codici_sbagliati_la_pagina_chiede_di_aspettare(client: Client) -> None:
    utente = crea_persona(Ruolo.COORDINATORE)
    scrivi_password(client, utente)
    for _ in range(5):
        assert client.post(reverse("mfa_authenticate"), {"code": "abcdef"}).status_code == 200
    assert client.post(reverse("mfa_authenticate"), {"code": codice_totp()}).status_code == 429


def test_la_pagina_del_codice_senza_password_riporta_all_accesso(client: Client) -> None:
    assert client.get(reverse("mfa_authenticate")).headers["Location"] == reverse("account_login")
    assert client.post(reverse("mfa_authenticate"), {"code": codice_totp()}).status_code == 302


@pytest.mark.parametrize("ruolo", sorted(PERSONALE))
def test_il_personale_senza_secondo_fattore_lo_attiva_prima_di_tutto(client: Client, ruolo: Ruolo) -> None:
    utente = crea_persona(ruolo, secondo_fattore=False)
    scrivi_password(client, utente)
    for pagina in ("home", "piano", "lavori", "admin:index", "account_change_password", "mfa_index"):
        assert client.get(reverse(pagina)).headers["Location"] == reverse("mfa_activate_totp"), pagina
    attiva(client, utente)
    assert client.get(reverse("home")).headers["Location"] == reverse("cruscotto")
    assert client.get(reverse("piano")).status_code == 200
    assert verbi(utente) == ["accesso riuscito", "secondo fattore attivato"]


def test_nessuna_via_laterale_salta_l_attivazione(client: Client) -> None:
    utente = crea_persona(Ruolo.COORDINATORE, secondo_fattore=False)
    scrivi_password(client, utente)
    for rotta in (
        "mfa_deactivate_totp",
        "mfa_generate_recovery_codes",
        "mfa_view_recovery_codes",
        "mfa_reauthenticate",
    ):
        assert client.post(reverse(rotta)).headers["Location"] == reverse("mfa_activate_totp"), rotta
    risposta = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": reverse("piano")})
    assert risposta.headers["Location"] == reverse("piano")
    assert client.get(reverse("piano")).headers["Location"] == reverse("mfa_activate_totp")
    Authenticator.objects.create(user=utente, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert client.get(reverse("piano")).headers["Location"] == reverse("mfa_activate_totp")
    assert client.get(reverse("accessibilita")).status_code == 200


def test_chi_diventa_personale_a_sessione_aperta_deve_attivarlo(client: Client) -> None:
    utente = crea_persona(Ruolo.CABINA)
    entra(client, utente)
    assert client.get(reverse("piano")).status_code == 200
    utente.appartenenze.update(ruolo=Ruolo.ISTRUTTORE)
    assert client.get(reverse("piano")).headers["Location"] == reverse("mfa_activate_totp")


def test_chi_lo_attiva_chiude_le_sessioni_aperte_con_la_sola_password(client: Client) -> None:
    utente = crea_persona(Ruolo.COORDINATORE, secondo_fattore=False)
    con_la_password_rubata = Client()
    scrivi_password(con_la_password_rubata, utente)
    scrivi_password(client, utente)
    attiva(client, utente)
    assert client.get(reverse("piano")).status_code == 200
    assert con_la_password_rubata.get(reverse("piano")).headers["Location"].startswith(reverse("account_login"))


def test_un_codice_sbagliato_non_attiva_nulla(client: Client) -> None:
    utente = crea_persona(Ruolo.COORDINATORE, secondo_fattore=False)
    scrivi_password(client, utente)
    client.get(reverse("mfa_activate_totp"))
    assert client.post(reverse("mfa_activate_totp"), {"code": "000000x"}).status_code == 200
    assert not secondo_fattore.attivo(utente)


def test_la_pagina_di_attivazione_mostra_il_qr_e_la_chiave_a_gruppi_di_quattro(client: Client) -> None:
    scrivi_password(client, crea_persona(Ruolo.COORDINATORE, secondo_fattore=False))
    pagina = client.get(reverse("mfa_activate_totp"))
    assert 'src="data:image/svg+xml;base64,' in pagina.content.decode()
    gruppi = pagina.context["gruppi_segreto"]
    assert {len(gruppo) for gruppo in gruppi} == {4}
    assert "".join(gruppi) == pagina.context["form"].secret


def test_il_personale_non_puo_toglierlo(client: Client) -> None:
    utente = crea_persona(Ruolo.COORDINATORE)
    entra(client, utente)
    assert "non può toglierlo" in client.get(reverse("mfa_deactivate_totp")).content.decode()
    client.post(reverse("mfa_deactivate_totp"))
    assert secondo_fattore.attivo(utente)


def test_chi_non_e_personale_lo_mette_e_lo_toglie(client: Client) -> None:
    utente = crea_persona(Ruolo.CABINA)
    entra(client, utente)
    attiva(client, utente)
    assert client.post(reverse("mfa_deactivate_totp")).headers["Location"] == reverse("mfa_index")
    assert not secondo_fattore.attivo(utente)
    assert verbi(utente)[1:] == ["secondo fattore attivato", "secondo fattore disattivato"]


def test_passato_il_tempo_serve_di_nuovo_la_password(client: Client, settings: Settings) -> None:
    utente = crea_persona(Ruolo.CABINA)
    entra(client, utente)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    risposta = client.get(reverse("mfa_activate_totp"))
    assert risposta.headers["Location"].startswith(reverse("account_reauthenticate"))
    sbagliata = client.post(reverse("account_reauthenticate"), {"password": "non-questa-di-certo"})
    assert "La password non è giusta" in sbagliata.content.decode()
    assert verbi(utente)[-1] == "conferma della password non riuscita"


def test_si_conferma_anche_con_il_codice(client: Client) -> None:
    entra(client, crea_persona(Ruolo.COORDINATORE))
    cache.clear()
    dati = {"code": codice_totp(), "next": reverse("mfa_index")}
    assert client.post(reverse("mfa_reauthenticate"), dati).headers["Location"] == reverse("mfa_index")


def test_con_un_codice_di_recupero_si_entra_una_volta_sola(client: Client) -> None:
    utente = crea_persona(Ruolo.COORDINATORE)
    entra(client, utente)
    client.post(reverse("mfa_generate_recovery_codes"))
    codici = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert len(codici) == 10
    client.post(reverse("account_logout"))
    scrivi_password(client, utente)
    assert client.post(reverse("mfa_authenticate"), {"code": codici[0]}).status_code == 302
    assert client.get(reverse("piano")).status_code == 200
    assert verbi(utente)[-2:] == ["codice di recupero usato", "accesso riuscito"]
    client.post(reverse("account_logout"))
    scrivi_password(client, utente)
    assert client.post(reverse("mfa_authenticate"), {"code": codici[0]}).status_code == 200


def test_i_codici_di_recupero_si_scaricano(client: Client) -> None:
    utente = crea_persona(Ruolo.COORDINATORE)
    entra(client, utente)
    client.post(reverse("mfa_generate_recovery_codes"))
    risposta = client.get(reverse("mfa_download_recovery_codes"))
    assert risposta.headers["Content-Disposition"] == 'attachment; filename="codici-di-recupero.txt"'
    codici = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert all(codice in risposta.content.decode() for codice in codici)
    assert verbi(utente)[-1] == "codici di recupero rigenerati"


def test_il_segreto_non_si_legge_nella_base_dati() -> None:
    utente = crea_persona(Ruolo.COORDINATORE)
    assert SEGRETO not in str(list(Authenticator.objects.values()))
    assert segreto_di(utente) == SEGRETO


def test_il_segreto_si_legge_ancora_quando_la_chiave_del_portale_cambia(settings: Settings) -> None:
    utente = crea_persona(Ruolo.COORDINATORE)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "un'altra chiave, lunga abbastanza per non essere indovinata da nessuno"
    assert segreto_di(utente) == SEGRETO


def test_l_amministratore_azzera_quello_di_chi_ha_perso_il_telefono(client: Client) -> None:
    utente, amministratore = crea_persona(Ruolo.COORDINATORE), crea_persona(Ruolo.AMMINISTRATORE)
    entra(client, utente)
    secondo_fattore.azzera(utente_id=utente.pk, autore=amministratore)
    assert client.get(reverse("piano")).headers["Location"].startswith(reverse("account_login"))
    scrivi_password(client, utente)
    assert client.get(reverse("piano")).headers["Location"] == reverse("mfa_activate_totp")
    assert Evento.objects.get(verbo="secondo fattore azzerato").autore == amministratore


def test_nessuno_azzera_il_proprio() -> None:
    amministratore = crea_persona(Ruolo.AMMINISTRATORE)
    with pytest.raises(secondo_fattore.AzzeramentoNonAmmesso, match="altro amministratore"):
        secondo_fattore.azzera(utente_id=amministratore.pk, autore=amministratore)
    assert secondo_fattore.attivo(amministratore)


def test_non_si_azzera_quello_che_non_c_e() -> None:
    with pytest.raises(secondo_fattore.AzzeramentoNonAmmesso, match="non ha un secondo fattore"):
        secondo_fattore.azzera(utente_id=crea_persona(Ruolo.CABINA).pk, autore=crea_persona(Ruolo.AMMINISTRATORE))


@pytest.mark.parametrize("accesa", [True, False])
def test_il_codice_della_dimostrazione_si_legge_solo_quando_e_accesa(
    client: Client, settings: Settings, accesa: bool
) -> None:
    settings.DIMOSTRAZIONE = accesa
    scrivi_password(client, crea_persona(Ruolo.COORDINATORE))
    codici = {demo.codice_adesso()}
    pagina = client.get(reverse("mfa_authenticate")).content.decode()
    codici.add(demo.codice_adesso())
    assert any(codice in pagina for codice in codici) is accesa


@pytest.mark.django_db(transaction=True)
def test_chi_cambia_il_secondo_fattore_riceve_un_messaggio(client: Client) -> None:
    utente = crea_persona(Ruolo.CABINA)
    entra(client, utente)
    attiva(client, utente)
    (messaggio,) = mail.outbox
    assert messaggio.to == [utente.email]
    assert messaggio.subject == "Portale PNRR: secondo fattore attivato"
    assert "Se non sei stato tu" in str(messaggio.body)
