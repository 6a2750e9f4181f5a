"""The administration site: for the amministratore alone, through our sign-in, every write in the registro."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enti import secondo_fattore
from enti.models import Appartenenza, Comune, Ente, Utente
from enti.ruoli import Ruolo, TipoEnte
from registro.models import Evento, Fonte, Lavoro
from tests.enti.persone import PASSWORD, accesso_di_prova, crea_persona, entra

__all__ = ["accesso_di_prova"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def amministratore(client: Client) -> Utente:
    utente = crea_persona(Ruolo.AMMINISTRATORE)
    entra(client, utente)
    return utente


def test_chi_non_e_entrato_trova_la_porta_del_portale(client: Client) -> None:
    for rotta in ("admin:index", "admin:login", "admin:enti_utente_changelist"):
        assert client.get(reverse(rotta)).headers["Location"].startswith(f"{reverse('account_login')}?next=")


@pytest.mark.parametrize("ruolo", [Ruolo.COORDINATORE, Ruolo.CABINA])
def test_chi_non_e_amministratore_resta_fuori(client: Client, ruolo: Ruolo) -> None:
    entra(client, crea_persona(ruolo))
    for rotta in ("admin:index", "admin:login", "admin:enti_utente_changelist"):
        assert client.get(reverse(rotta)).status_code == 403


def test_la_pagina_di_accesso_di_django_non_fa_entrare_nessuno(client: Client, amministratore: Utente) -> None:
    """It asks for no second factor: with it one could become another amministratore by the password alone."""
    altro = crea_persona(Ruolo.AMMINISTRATORE, nome="altro")
    dati = {"username": altro.email, "password": PASSWORD}
    assert client.post(reverse("admin:login"), dati).headers["Location"] == reverse("account_login")
    assert client.session["_auth_user_id"] == str(amministratore.pk)


@pytest.mark.parametrize(
    ("rotta", "nostra"),
    [
        ("admin:logout", "account_logout"),
        ("admin:password_change", "account_change_password"),
        ("admin:password_change_done", "account_change_password"),
    ],
)
def test_uscita_e_password_sono_quelle_del_portale(
    client: Client, amministratore: Utente, rotta: str, nostra: str
) -> None:
    assert client.post(reverse(rotta)).headers["Location"] == reverse(nostra)
    assert client.session["_auth_user_id"] == str(amministratore.pk)


def test_le_pagine_si_aprono_e_non_hanno_stili_o_script_dentro(client: Client, amministratore: Utente) -> None:
    for rotta in (
        "admin:index",
        "admin:enti_utente_changelist",
        "admin:enti_utente_add",
        "admin:enti_appartenenza_changelist",
        "admin:enti_appartenenza_add",
        "admin:enti_ente_add",
        "admin:enti_comune_changelist",
        "admin:registro_evento_changelist",
        "admin:registro_lavoro_changelist",
        "admin:psttm_obiettivo_changelist",
    ):
        risposta = client.get(reverse(rotta))
        pagina = risposta.content.decode()
        assert risposta.status_code == 200, rotta
        assert "css/amministrazione.css" in pagina
        assert "<script>" not in pagina
        assert " style=" not in pagina


def test_una_persona_nuova_non_ha_ruoli_e_il_registro_sa_chi_l_ha_creata(
    client: Client, amministratore: Utente
) -> None:
    dati = {"email": "Nuova@Example.org", "nome": "Nina", "cognome": "Nuova", "codice_fiscale": "nvunna80a41f205x"}
    segrete = {"password": PASSWORD, "password_ripetuta": PASSWORD}
    assert client.post(reverse("admin:enti_utente_add"), {**dati, **segrete}).status_code == 302
    nuova = Utente.objects.get(email="nuova@example.org")
    assert (nuova.ruoli, nuova.codice_fiscale, nuova.check_password(PASSWORD)) == (
        frozenset(),
        "NVUNNA80A41F205X",
        True,
    )
    evento = Evento.objects.get(verbo="creato", id_oggetto=str(nuova.pk), tipo_oggetto="enti.utente")
    assert evento.autore == amministratore
    assert PASSWORD not in str(evento.dopo)


@pytest.mark.parametrize(
    ("cambi", "frase"),
    [
        ({"password_ripetuta": "un-altra-parola-lunga"}, "Le due password non sono uguali"),
        ({"password": "corta", "password_ripetuta": "corta"}, "almeno 12 caratteri"),
        ({"email": "AMMINISTRATORE@example.org"}, "già"),
        ({"codice_fiscale": "TROPPOCORTO"}, "sedici"),
    ],
)
def test_una_persona_nuova_con_un_dato_sbagliato_non_si_crea(
    client: Client, amministratore: Utente, cambi: dict[str, str], frase: str
) -> None:
    dati = {"email": "nuova@example.org", "nome": "Nina", "cognome": "Nuova", "codice_fiscale": ""}
    risposta = client.post(
        reverse("admin:enti_utente_add"), {**dati, "password": PASSWORD, "password_ripetuta": PASSWORD, **cambi}
    )
    assert frase in risposta.content.decode()
    assert not Utente.objects.filter(email="nuova@example.org").exists()


def test_chi_viene_sospeso_non_entra_piu_e_il_registro_dice_prima_e_dopo(
    client: Client, amministratore: Utente
) -> None:
    utente = crea_persona(Ruolo.CABINA)
    dati = {"email": "cambiata@example.org", "nome": utente.nome, "cognome": utente.cognome, "codice_fiscale": ""}
    assert client.post(reverse("admin:enti_utente_change", args=[utente.pk]), dati).status_code == 302
    evento = Evento.objects.get(verbo="modificato")
    assert evento.autore == amministratore
    assert evento.prima == {"is_active": True}
    assert evento.dopo == {"is_active": False, "dati personali scritti": ["email"]}
    assert not LogEntry.objects.exists()
    utente.refresh_from_db()
    assert utente.codice_fiscale is None


def test_due_persone_non_hanno_lo_stesso_indirizzo(client: Client, amministratore: Utente) -> None:
    utente = crea_persona(Ruolo.CABINA)
    dati = {"email": "AMMINISTRATORE@example.org", "nome": "A", "cognome": "B", "is_active": "on"}
    risposta = client.post(reverse("admin:enti_utente_change", args=[utente.pk]), dati)
    assert "già un utente con questo indirizzo" in risposta.content.decode()


def test_nessuno_si_elimina_ne_persone_ne_eventi(client: Client, amministratore: Utente) -> None:
    evento = Evento.objects.first()
    assert evento is not None
    for indirizzo in (
        f"/amministrazione/enti/utente/{amministratore.pk}/delete/",
        f"/amministrazione/registro/evento/{evento.pk}/delete/",
        "/amministrazione/registro/evento/add/",
    ):
        client.post(indirizzo, {"post": "yes"})
    assert client.post(reverse("admin:registro_evento_change", args=[evento.pk]), {"verbo": "x"}).status_code == 403
    scelta = {"action": "delete_selected", "_selected_action": [amministratore.pk], "post": "yes"}
    client.post(reverse("admin:enti_utente_changelist"), scelta)
    assert Utente.objects.filter(pk=amministratore.pk).exists()
    assert Evento.objects.filter(pk=evento.pk, verbo=evento.verbo).exists()


def test_un_ruolo_si_assegna_attraverso_il_servizio(client: Client, amministratore: Utente) -> None:
    utente = crea_persona()
    ente = Ente.objects.get(tipo=TipoEnte.CITTA_METROPOLITANA)
    dati = {"utente": utente.pk, "ente": ente.pk, "ruolo": Ruolo.CABINA, "dal": "01/01/2025", "al": ""}
    assert client.post(reverse("admin:enti_appartenenza_add"), dati).status_code == 302
    assert Utente.objects.get(pk=utente.pk).ruoli == {Ruolo.CABINA}
    evento = Evento.objects.filter(verbo="ruolo assegnato").first()
    assert evento is not None
    assert (evento.autore, evento.id_oggetto) == (amministratore, str(utente.pk))


def test_un_ruolo_che_l_ente_non_puo_dare_viene_rifiutato_e_si_capisce_perche(
    client: Client, amministratore: Utente
) -> None:
    utente = crea_persona()
    ente = Ente.objects.create(denominazione="Azienda", tipo=TipoEnte.ALTRO)
    dati = {"utente": utente.pk, "ente": ente.pk, "ruolo": Ruolo.AMMINISTRATORE, "dal": "01/01/2025"}
    risposta = client.post(reverse("admin:enti_appartenenza_add"), dati)
    pagina = risposta.content.decode()
    assert risposta.status_code == 200
    assert "Azienda (Altro ente) non può dare il ruolo «Amministratore»" in pagina
    assert f'<option value="{utente.pk}" selected>' in pagina
    assert Utente.objects.get(pk=utente.pk).ruoli == frozenset()


def test_un_ruolo_si_revoca_e_smette_di_valere(client: Client, amministratore: Utente) -> None:
    utente = crea_persona(Ruolo.CABINA)
    Appartenenza.objects.filter(utente=utente).update(dal=timezone.localdate() - timedelta(days=9))
    appartenenza = utente.appartenenze.get()
    scelta = {"action": "revoca", "_selected_action": [appartenenza.pk]}
    pagina = client.post(reverse("admin:enti_appartenenza_changelist"), scelta, follow=True).content.decode()
    assert "Ruolo revocato" in pagina
    assert Utente.objects.get(pk=utente.pk).ruoli == frozenset()
    assert Evento.objects.get(verbo="ruolo revocato").autore == amministratore
    assert (
        "già finito" in client.post(reverse("admin:enti_appartenenza_changelist"), scelta, follow=True).content.decode()
    )


def test_l_amministratore_azzera_il_secondo_fattore_degli_altri_non_il_suo(
    client: Client, amministratore: Utente
) -> None:
    utente = crea_persona(Ruolo.COORDINATORE)
    scelta = {"action": "azzera_secondo_fattore", "_selected_action": [utente.pk, amministratore.pk]}
    pagina = client.post(reverse("admin:enti_utente_changelist"), scelta, follow=True).content.decode()
    assert "Secondo fattore azzerato: Coordinatore Prova" in pagina
    assert "chiedi a un altro amministratore" in pagina
    assert not secondo_fattore.attivo(utente)
    assert secondo_fattore.attivo(amministratore)


def test_un_ente_nuovo_non_e_un_comune_e_resta_nel_registro(client: Client, amministratore: Utente) -> None:
    dati = {"denominazione": "MM S.p.A.", "tipo": TipoEnte.COMUNE, "codice_ipa": "", "codice_fiscale": ""}
    assert "non è tra quelle disponibili" in client.post(reverse("admin:enti_ente_add"), dati).content.decode()
    assert client.post(reverse("admin:enti_ente_add"), {**dati, "tipo": TipoEnte.ALTRO}).status_code == 302
    ente = Ente.objects.get(denominazione="MM S.p.A.")
    evento = Evento.objects.get(tipo_oggetto="enti.ente", id_oggetto=str(ente.pk), verbo="creato")
    assert evento.dopo == {"denominazione": "MM S.p.A.", "tipo": "altro", "codice_ipa": "", "codice_fiscale": ""}


def test_il_tipo_di_un_ente_non_si_cambia_perche_decide_i_ruoli(client: Client, amministratore: Utente) -> None:
    ente = Ente.objects.create(denominazione="Azienda", tipo=TipoEnte.ALTRO)
    dati = {"denominazione": "Azienda nuova", "tipo": TipoEnte.CITTA_METROPOLITANA}
    assert client.post(reverse("admin:enti_ente_change", args=[ente.pk]), dati).status_code == 302
    ente.refresh_from_db()
    assert (ente.denominazione, ente.tipo) == ("Azienda nuova", TipoEnte.ALTRO)


def test_i_dati_di_riferimento_si_guardano_soltanto(client: Client, amministratore: Utente) -> None:
    fonte = Fonte.objects.create(codice="prova", titolo="Prova", editore="Prova")
    rho = Comune.objects.create(
        codice_istat="015182", codice_catastale="H264", nome="Rho", sigla_provincia="MI", fonte=fonte
    )
    lavoro = Lavoro.objects.create(tipo="prova", titolo="Lavoro di prova")
    for oggetto in (fonte, rho, lavoro):
        indirizzo = reverse(f"admin:{oggetto._meta.app_label}_{oggetto._meta.model_name}_change", args=[oggetto.pk])
        assert client.get(indirizzo).status_code == 200
        assert client.post(indirizzo, {"nome": "Altro", "titolo": "Altro"}).status_code == 403
    rho.refresh_from_db()
    assert rho.nome == "Rho"


def test_la_storia_di_una_riga_e_quella_del_registro(client: Client, amministratore: Utente) -> None:
    utente = crea_persona(Ruolo.CABINA)
    risposta = client.get(reverse("admin:enti_utente_history", args=[utente.pk]), follow=True)
    pagina = risposta.content.decode()
    assert risposta.status_code == 200
    assert "ruolo assegnato" in pagina
    assert "accesso riuscito" not in pagina  # those are of the amministratore


def test_l_elenco_delle_persone_costa_sempre_le_stesse_interrogazioni(
    client: Client, amministratore: Utente, django_assert_max_num_queries: object
) -> None:
    for numero in range(12):
        crea_persona(Ruolo.CABINA, nome=f"persona{numero}")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get(reverse("admin:enti_utente_changelist"))
