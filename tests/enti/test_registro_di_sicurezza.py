"""The registro of security: what is in it, who reads it, where events came from and for how long that is known."""

from __future__ import annotations

import csv
import io
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from enti import avvisi, conservazione, secondo_fattore, services, sicurezza
from enti.models import Provenienza, Utente
from enti.programmi import nome_del_programma
from enti.ruoli import Ruolo
from registro.models import Evento
from tests.enti.persone import accesso_di_prova, crea_persona, entra
from tests.enti.test_sessioni import FIREFOX, TELEFONO, entrato

__all__ = ["accesso_di_prova"]
pytestmark = pytest.mark.django_db

PAGINA = "sicurezza"


@pytest.fixture
def amministratore(client: Client) -> Client:
    entra(client, crea_persona(Ruolo.AMMINISTRATORE))
    return client


def verbi_mostrati(client: Client, **filtri: str) -> list[str]:
    return [voce.evento.verbo for voce in client.get(reverse(PAGINA), filtri).context["pagina"].voci]


def in_csv(client: Client, **filtri: str) -> list[list[str]]:
    risposta: Any = client.get(reverse("sicurezza-csv"), filtri)
    assert risposta.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(risposta.getvalue().decode("utf-8-sig")), delimiter=";"))


def test_dal_piu_recente_chi_che_cosa_e_da_dove(amministratore: Client) -> None:
    entrato(crea_persona(Ruolo.CABINA), TELEFONO)
    pagina = amministratore.get(reverse(PAGINA)).content.decode()
    prima_riga = pagina.split("<tbody>")[1].split("</tr>")[0]
    assert "accesso riuscito" in prima_riga
    assert "Cabina Prova" in prima_riga
    assert "127.0.0.1" in prima_riga
    assert "Chrome su Android" in prima_riga


def test_vi_sono_tutti_i_generi_di_eventi(amministratore: Client) -> None:
    utente = crea_persona(Ruolo.ISTRUTTORE)
    autore = Utente.objects.get(email="amministratore@example.org")
    Client().post(reverse("account_login"), {"login": utente.email, "password": "sbagliata"})
    altro = entrato(utente)
    altro.post(reverse("account_logout"))
    secondo_fattore.azzera(utente_id=utente.pk, autore=autore)
    services.revoca_ruolo(appartenenza_id=utente.appartenenze.get().pk, autore=autore)
    mostrati = verbi_mostrati(amministratore)
    assert mostrati[:4] == ["ruolo revocato", "secondo fattore azzerato", "uscita", "accesso riuscito"]
    assert {"accesso non riuscito", "ruolo assegnato", "creato"} < set(mostrati)
    assert verbi_mostrati(amministratore, gruppo="rifiuti") == ["accesso non riuscito"]
    assert verbi_mostrati(amministratore, gruppo="secondo_fattore") == ["secondo fattore azzerato"]


def test_non_vi_e_nulla_che_non_sia_di_sicurezza(amministratore: Client) -> None:
    services.crea_ente(denominazione="Un ente", tipo="altro", autore=None)
    assert Evento.objects.filter(verbo="creato", tipo_oggetto="enti.ente").exists()
    tipi = {voce.evento.tipo_oggetto for voce in amministratore.get(reverse(PAGINA)).context["pagina"].voci}
    assert tipi == {"enti.utente"}


def test_ogni_verbo_dichiarato_sta_nel_registro_degli_eventi() -> None:
    lunghezza = Evento._meta.get_field("verbo").max_length
    assert lunghezza is not None
    assert all(len(verbo) <= lunghezza for verbo in sicurezza.verbi())
    assert {sicurezza.gruppo_di(verbo) for verbo in sicurezza.verbi()} == set(sicurezza.Gruppo)


def test_un_verbo_non_dichiarato_non_si_annota() -> None:
    with pytest.raises(KeyError):
        sicurezza.annota_sicurezza(None, "mai dichiarato")
    assert not Evento.objects.filter(verbo="mai dichiarato").exists()


def test_si_filtra_per_persona_indirizzo_e_giorni(amministratore: Client) -> None:
    utente = crea_persona(Ruolo.CABINA)
    entra(Client(REMOTE_ADDR="192.0.2.7"), utente)
    assert verbi_mostrati(amministratore, persona="cabina prova") == ["accesso riuscito", "ruolo assegnato", "creato"]
    assert verbi_mostrati(amministratore, indirizzo="192.0.2.7") == ["accesso riuscito"]
    assert verbi_mostrati(amministratore, indirizzo="192.0.2.8") == []
    assert verbi_mostrati(amministratore, indirizzo="non è un indirizzo") == []
    oggi, domani = timezone.localdate(), timezone.localdate() + timedelta(days=1)
    assert "accesso riuscito" in verbi_mostrati(amministratore, dal=oggi.isoformat(), al=oggi.isoformat())
    assert verbi_mostrati(amministratore, dal=domani.isoformat()) == []
    sbagliata = amministratore.get(reverse(PAGINA), {"dal": "ieri"}).content.decode()
    assert "Dal: Inserisci una data valida" in sbagliata
    assert amministratore.get(reverse("sicurezza-csv"), {"dal": "ieri"}).status_code == 302


@pytest.mark.parametrize("prima", ["x", "20250101T000000.000000-x", "20250101T000000.000000-" + "9" * 30, "-", "\x00"])
def test_un_posto_senza_senso_e_l_inizio(amministratore: Client, prima: str) -> None:
    assert verbi_mostrati(amministratore, prima=prima)[0] == "accesso riuscito"


def test_le_pagine_sono_di_cinquanta_e_non_saltano_nulla(amministratore: Client) -> None:
    utente = crea_persona(Ruolo.CABINA)
    for _ in range(60):
        sicurezza.annota_sicurezza(utente, "uscita", autore=utente)
    attesi = list(sicurezza_eventi().values_list("pk", flat=True))
    prima = amministratore.get(reverse(PAGINA)).context["pagina"]
    assert len(prima.voci) == 50
    seconda = amministratore.get(reverse(PAGINA), {"prima": prima.oltre}).context["pagina"]
    assert [voce.evento.pk for voce in (*prima.voci, *seconda.voci)] == attesi
    assert seconda.oltre == ""


def sicurezza_eventi() -> Any:
    return Evento.objects.filter(verbo__in=sicurezza.verbi()).order_by("-quando", "-pk")


def test_il_file_ha_tutto_e_chi_lo_scarica_resta_annotato(amministratore: Client) -> None:
    utente = crea_persona(Ruolo.CABINA)
    Utente.objects.filter(pk=utente.pk).update(nome="=1+1")
    entra(Client(REMOTE_ADDR="192.0.2.7", headers={"User-Agent": "@SUM(1)"}), utente)
    testa, scarico, accesso, *_ = in_csv(amministratore)
    riga = dict(zip(testa, accesso, strict=True))
    assert scarico[2] == "registro di sicurezza scaricato"
    assert (riga["gruppo"], riga["che_cosa"], riga["indirizzo_ip"]) == ("accessi", "accesso riuscito", "192.0.2.7")
    assert (riga["autore"], riga["programma"]) == ("'=1+1 Prova", "'@SUM(1)")
    assert [riga[2] for riga in in_csv(amministratore, gruppo="rifiuti")[1:]] == []


def test_le_interrogazioni_non_crescono_con_gli_eventi(amministratore: Client) -> None:
    utente = crea_persona(Ruolo.CABINA)

    def conta() -> int:
        with CaptureQueriesContext(connection) as catturate:
            amministratore.get(reverse(PAGINA))
        return len(catturate)

    amministratore.get(reverse(PAGINA))
    poche = conta()
    for _ in range(20):
        sicurezza.annota_sicurezza(utente, "uscita", autore=utente)
    assert conta() == poche


# --- Where it came from ----------------------------------------------------------------------------------------------


def test_nessun_evento_porta_con_se_l_indirizzo_o_il_programma() -> None:
    utente = crea_persona(Ruolo.ISTRUTTORE)
    client = Client(REMOTE_ADDR="192.0.2.7", headers={"User-Agent": FIREFOX})
    client.post(reverse("account_login"), {"login": utente.email, "password": "sbagliata"})
    entra(client, utente)
    client.post(reverse("account_logout"))
    scritto = str(list(Evento.objects.values()))
    assert "192.0.2.7" not in scritto
    assert "Firefox" not in scritto
    assert Provenienza.objects.filter(indirizzo="192.0.2.7", programma=FIREFOX).count() == 3


def test_la_provenienza_si_dimentica_dopo_un_anno_e_l_evento_resta() -> None:
    utente = crea_persona(Ruolo.CABINA)
    for _ in range(2):
        entrato(utente)
    vecchia, nuova = Provenienza.objects.order_by("pk")
    adesso = timezone.now()
    Provenienza.objects.filter(pk=vecchia.pk).update(quando=adesso - timedelta(days=365, seconds=1))
    Provenienza.objects.filter(pk=nuova.pk).update(quando=adesso - timedelta(days=365) + timedelta(seconds=1))
    assert conservazione.dimentica(adesso=adesso) == 1
    assert Provenienza.objects.get() == nuova
    assert Evento.objects.filter(verbo="accesso riuscito").count() == 2


def test_quanto_a_lungo_si_ricorda_lo_dice_un_impostazione(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conservazione, "PER_VOLTA", 2)
    settings.PROVENIENZE_GIORNI = 1
    utente = crea_persona(Ruolo.CABINA)
    for _ in range(5):
        entrato(utente)
    assert conservazione.dimentica(adesso=timezone.now() + timedelta(hours=23)) == 0
    assert conservazione.dimentica(adesso=timezone.now() + timedelta(days=1, seconds=1)) == 5


def test_un_programma_dal_nome_strano_si_tiene_stampabile_e_corto() -> None:
    utente = crea_persona(Ruolo.CABINA)
    entra(Client(headers={"User-Agent": "a\x1b[31m" + "b" * 1000}), utente)
    programma = Provenienza.objects.get().programma
    assert programma.startswith("a[31mbbb")
    assert len(programma) == 300


@pytest.mark.parametrize(
    ("testo", "nome"),
    [
        (FIREFOX, "Firefox su Windows"),
        (TELEFONO, "Chrome su Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) AppleWebKit/605.1 Version/18 Safari/605.1", "Safari su macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari su iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge su Windows"),
        ("curl/8.5", "un programma sconosciuto"),
        ("", "un programma sconosciuto"),
    ],
)
def test_il_programma_ha_il_nome_che_gli_danno_le_persone(testo: str, nome: str) -> None:
    assert nome_del_programma(testo) == nome


# --- In the log ------------------------------------------------------------------------------------------------------


def test_ogni_evento_e_una_riga_del_diario_senza_nomi(
    caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    utente = crea_persona(Ruolo.CABINA)
    caplog.set_level(logging.INFO, "sicurezza")
    with django_capture_on_commit_callbacks(execute=True):
        client = Client(REMOTE_ADDR="192.0.2.7")
        client.post(reverse("account_login"), {"login": utente.email, "password": "sbagliata"})
        entra(client, utente)
    rifiuto, accesso = caplog.records
    assert (rifiuto.levelname, accesso.levelname) == ("WARNING", "INFO")
    evento = Evento.objects.get(verbo="accesso riuscito")
    attesa = f"accesso riuscito; evento {evento.pk}, oggetto enti.utente:{utente.pk}, autore {utente.pk}, da 192.0.2.7"
    assert accesso.getMessage() == attesa
    assert "cabina" not in caplog.text.lower()


# --- A program never seen before -------------------------------------------------------------------------------------


def test_chi_entra_da_un_programma_nuovo_riceve_un_messaggio_una_volta_sola() -> None:
    utente = crea_persona(Ruolo.CABINA)
    entrato(utente)
    entrato(utente, FIREFOX.replace("140", "141"))
    assert avvisi.spedisci() == 0
    entrato(utente, TELEFONO)
    assert avvisi.spedisci() == 1
    (messaggio,) = mail.outbox
    assert messaggio.to == [utente.email]
    assert messaggio.subject == "Portale PNRR: un nuovo accesso al tuo conto"
    assert "Chrome su Android" in str(messaggio.body)
    assert reverse("sessioni") in str(messaggio.body)
    entrato(utente, TELEFONO)
    assert avvisi.spedisci() == 0


def test_se_la_posta_non_parte_il_messaggio_aspetta(monkeypatch: pytest.MonkeyPatch) -> None:
    utente = crea_persona(Ruolo.CABINA)
    entrato(utente)
    entrato(utente, TELEFONO)

    def guasta(*_args: object) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", guasta)
        assert avvisi.spedisci() == 0
    assert avvisi.spedisci() == 1
    assert len(mail.outbox) == 1


def test_a_chi_nel_frattempo_e_stato_sospeso_non_si_scrive() -> None:
    utente = crea_persona(Ruolo.CABINA)
    entrato(utente)
    entrato(utente, TELEFONO)
    Utente.objects.filter(pk=utente.pk).update(is_active=False)
    avvisi.spedisci()
    assert mail.outbox == []
    assert not Provenienza.objects.filter(avviso_dovuto=True).exists()
