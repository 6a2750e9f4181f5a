"""The sessions of people: seen, closed, and ended in time or with whatever they stood on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings as impostazioni
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from enti import conservazione, sessioni
from enti.models import Utente
from enti.ruoli import Ruolo
from registro.models import Evento
from tests.enti.persone import accesso_di_prova, crea_persona, entra
from tests.enti.test_accesso import NUOVA, PASSWORD, verbi

__all__ = ["accesso_di_prova"]
pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
TELEFONO = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36"


def entrato(utente: Utente, programma: str = FIREFOX) -> Client:
    client = Client(headers={"User-Agent": programma})
    entra(client, utente)
    return client


def aperta(client: Client) -> bool:
    return client.get(reverse("piano")).status_code == 200


def la_sua(client: Client) -> UserSession:
    return UserSession.objects.get(session_key=client.session.session_key)


def test_ognuno_vede_le_proprie_sessioni_con_il_programma_e_da_dove() -> None:
    utente = crea_persona(Ruolo.CABINA)
    ufficio, telefono = entrato(utente), entrato(utente, TELEFONO)
    entrato(crea_persona(Ruolo.CABINA, nome="altra"))
    pagina = ufficio.get(reverse("sessioni")).content.decode()
    assert "Sono aperte 2 sessioni" in pagina
    assert pagina.index("Firefox su Windows") < pagina.index("Chrome su Android")
    assert "127.0.0.1" in pagina
    assert telefono.get(reverse("sessioni")).context["sessioni"][0].programma == "Chrome su Android"


def test_una_sessione_si_chiude_e_l_altra_resta() -> None:
    utente = crea_persona(Ruolo.CABINA)
    ufficio, telefono = entrato(utente), entrato(utente, TELEFONO)
    assert ufficio.post(reverse("sessione-chiudi", args=[la_sua(telefono).pk])).status_code == 302
    assert (aperta(ufficio), aperta(telefono)) == (True, False)
    assert verbi(utente)[-1] == "sessione chiusa"
    assert "È aperta soltanto" in ufficio.get(reverse("sessioni")).content.decode()


def test_nessuno_chiude_la_sessione_di_un_altro() -> None:
    mia, sua = entrato(crea_persona(Ruolo.CABINA)), entrato(crea_persona(Ruolo.CABINA, nome="altra"))
    assert mia.post(reverse("sessione-chiudi", args=[la_sua(sua).pk])).status_code == 404
    assert aperta(sua)
    assert not Evento.objects.filter(verbo="sessione chiusa").exists()


def test_si_chiudono_tutte_le_altre_in_una_volta() -> None:
    utente = crea_persona(Ruolo.CABINA)
    altre = [entrato(utente, TELEFONO), entrato(utente)]
    mia = entrato(utente)
    assert "2 sessioni chiuse" in mia.post(reverse("sessioni-chiudi-altre"), follow=True).content.decode()
    assert aperta(mia)
    assert not any(aperta(altra) for altra in altre)
    assert Evento.objects.get(verbo="sessioni chiuse").dopo == {"quante": 2}
    assert "Non c&#x27;erano altre" in mia.post(reverse("sessioni-chiudi-altre"), follow=True).content.decode()
    assert Evento.objects.filter(verbo="sessioni chiuse").count() == 1


def test_l_amministratore_vede_quelle_di_tutti_e_le_chiude() -> None:
    amministratore = entrato(crea_persona(Ruolo.AMMINISTRATORE))
    utente = crea_persona(Ruolo.CABINA)
    prima, seconda = entrato(utente), entrato(utente, TELEFONO)
    pagina = amministratore.get(reverse("sicurezza-sessioni")).content.decode()
    assert "3 sessioni aperte adesso, di 2 persone" in pagina
    amministratore.post(reverse("sicurezza-sessione-chiudi", args=[la_sua(prima).pk]))
    assert (aperta(prima), aperta(seconda)) == (False, True)
    di_lei = amministratore.get(reverse("sicurezza-sessioni"), {"persona": utente.pk}).content.decode()
    assert "Cabina Prova ha 1 sessione aperta" in di_lei
    amministratore.post(reverse("sicurezza-sessioni-chiudi", args=[utente.pk]))
    assert not aperta(seconda)
    assert aperta(amministratore)
    assert Evento.objects.get(verbo="sessioni chiuse").autore != utente


@pytest.mark.parametrize("persona", ["0", "x", "9" * 40, "-1"])
def test_una_persona_che_non_c_e_vale_tutte(persona: str) -> None:
    amministratore = entrato(crea_persona(Ruolo.AMMINISTRATORE))
    risposta = amministratore.get(reverse("sicurezza-sessioni"), {"persona": persona})
    assert len(risposta.context["sessioni"]) == 1


def test_chi_viene_sospeso_e_fuori_e_riammesso_deve_accedere_di_nuovo() -> None:
    amministratore = entrato(crea_persona(Ruolo.AMMINISTRATORE))
    utente = crea_persona(Ruolo.CABINA)
    client = entrato(utente)
    dati = {"email": utente.email, "nome": utente.nome, "cognome": utente.cognome, "codice_fiscale": ""}
    modifica = reverse("admin:enti_utente_change", args=[utente.pk])
    assert amministratore.post(modifica, dati).status_code == 302
    assert not aperta(client)
    amministratore.post(modifica, dati | {"is_active": "on"})
    assert not aperta(client)
    evento = Evento.objects.filter(verbo="modificato").earliest("pk")
    assert evento.provenienza.programma == FIREFOX


def test_cambiando_la_password_le_altre_sessioni_spariscono_anche_dall_elenco() -> None:
    utente = crea_persona(Ruolo.CABINA)
    mia, altra = entrato(utente), entrato(utente, TELEFONO)
    mia.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NUOVA, "password2": NUOVA})
    assert (aperta(mia), aperta(altra)) == (True, False)
    assert len(sessioni.aperte(utente=utente)) == 1


def test_la_sessione_finisce_dopo_un_ora_senza_attivita() -> None:
    client = entrato(crea_persona(Ruolo.CABINA))
    assert impostazioni.SESSION_COOKIE_AGE == 60 * 60
    riga = Session.objects.filter(pk=client.session.session_key)
    riga.update(expire_date=timezone.now() + timedelta(seconds=5))
    assert aperta(client)
    assert riga.get().expire_date > timezone.now() + timedelta(minutes=59)
    riga.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not aperta(client)


@pytest.mark.parametrize(("passate", "vale"), [(12 * 3600 - 5, True), (12 * 3600, False)])
def test_la_sessione_finisce_dopo_dodici_ore_anche_lavorando(passate: int, vale: bool) -> None:
    utente = crea_persona(Ruolo.CABINA)
    client = entrato(utente)
    sessione = client.session
    sessione[sessioni.INIZIO] -= passate
    sessione.save()
    assert aperta(client) is vale
    assert (verbi(utente)[-1] == "sessione chiusa") is not vale
    assert Session.objects.filter(pk=sessione.session_key).exists() is vale


def test_quanto_dura_al_massimo_lo_dice_un_impostazione(settings: Settings) -> None:
    settings.SESSIONE_ORE_MASSIME = 1
    client = entrato(crea_persona(Ruolo.CABINA))
    sessione = client.session
    sessione[sessioni.INIZIO] -= 3600
    sessione.save()
    assert not aperta(client)


def test_anche_una_sessione_aperta_in_altro_modo_si_vede_e_si_chiude(client: Client) -> None:
    utente = crea_persona(Ruolo.CABINA)
    client.force_login(utente)
    assert aperta(client)
    assert "È aperta soltanto" in client.get(reverse("sessioni")).content.decode()
    assert [riga.utente for riga in sessioni.aperte(utente=utente)] == [utente]
    assert sessioni.chiudi_sessioni(utente) == 1
    assert not aperta(client)


def test_di_una_sessione_finita_non_resta_da_dove_veniva() -> None:
    utente = crea_persona(Ruolo.CABINA)
    finita, viva = entrato(utente), entrato(utente)
    Session.objects.filter(pk=finita.session.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert len(sessioni.aperte(utente=utente)) == 1
    conservazione.dimentica(adesso=timezone.now())
    assert UserSession.objects.get().session_key == viva.session.session_key
