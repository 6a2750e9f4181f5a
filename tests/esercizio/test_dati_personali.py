"""Which data are about people, what a person may take with her, and what is left of her when she is forgotten."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import models
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from enti import services as enti
from enti.models import Utente
from enti.ruoli import Ruolo
from esercizio.dati_personali import classificazione, selectors
from esercizio.dati_personali.catalogo import CATALOGO
from esercizio.dati_personali.documento import documento
from esercizio.dati_personali.termini import TERMINI
from esercizio.dati_personali.tipi import Classe
from interoperabilita.models import Ambito
from interoperabilita.services import chiavi
from monitoraggio.models import Allerta
from psttm.models import GiroVisto
from registro.models import Evento, Fonte
from registro.services import annota
from tests.enti.persone import crea_persona, entra
from tests.esercizio.test_anonimato import rendi

MOTIVO = "Richiesta della persona del 3/2/2027"


# --- The catalogue ---------------------------------------------------------------------------------------------------


def test_ogni_campo_di_ogni_tabella_ha_la_sua_classe() -> None:
    assert classificazione.non_classificati() == []


def test_chi_aggiunge_un_campo_senza_classe_lo_viene_a_sapere() -> None:
    """The test above can fail: a field nobody named, and a name that no field has, are both found."""
    vero = CATALOGO["registro.Caricamento"]
    try:
        CATALOGO["registro.Caricamento"] = type(vero)(nessuno="id nome impronta quando inventato")
        assert classificazione.non_classificati() == [
            "registro.Caricamento.righe",
            "registro.Caricamento.inventato (non c'è)",
        ]
    finally:
        CATALOGO["registro.Caricamento"] = vero


def test_un_legame_con_una_persona_non_e_mai_detto_senza_dati_personali() -> None:
    sbagliati = [
        f"{modello._meta.label}.{campo.name}"
        for modello in classificazione.modelli()
        for campo in classificazione.campi(modello)
        if isinstance(campo, models.ForeignKey)
        and campo.related_model is Utente
        and classificazione.classi(modello)[campo.name] is not Classe.LEGAME
    ]
    assert not sbagliati


def test_ogni_tabella_con_dati_di_persone_ha_un_termine_che_esiste() -> None:
    senza = [
        nome
        for nome, voce in CATALOGO.items()
        if voce.termine not in TERMINI and set(voce.classi().values()) - {Classe.NESSUNO, Classe.CREDENZIALE}
    ]
    assert not senza


def test_ogni_termine_e_applicato_da_un_compito_che_gira_o_dice_chi_lo_applica() -> None:
    for codice, termine in TERMINI.items():
        assert bool(termine.compito) != bool(termine.a_mano), codice
        assert "%(" not in termine.durata
        if termine.compito:
            assert termine.compito in settings.CELERY_BEAT_SCHEDULE, codice


def test_il_documento_dei_dati_personali_e_aggiornato() -> None:
    scritto = Path(settings.BASE_DIR, "docs", "dati-personali.md").read_text(encoding="utf-8")
    assert scritto == documento(), "docs/dati-personali.md non è aggiornato: manage.py documenta_dati_personali"


# --- The registro ----------------------------------------------------------------------------------------------------


class RegistroSenzaNomiTest(TestCase):
    def test_un_evento_su_una_persona_porta_il_suo_numero_e_la_pagina_il_suo_nome(self) -> None:
        capo = crea_persona(Ruolo.AMMINISTRATORE)
        ada = enti.crea_utente(email="ada@example.org", nome="Ada", cognome="Brambilla", autore=capo)
        evento = Evento.objects.get(verbo="creato", id_oggetto=str(ada.pk), tipo_oggetto="enti.utente")
        assert (evento.oggetto, evento.dopo, evento.nota) == (f"Utente n. {ada.pk}", None, "")
        self.client.force_login(capo)
        for cercato in ("brambilla", "Ada Brambilla", f"Utente n. {ada.pk}"):
            pagina = self.client.get(reverse("registro"), {"oggetto": cercato})
            self.assertContains(pagina, "Ada Brambilla")
        self.assertNotContains(self.client.get(reverse("registro"), {"oggetto": "Verdi"}), "Ada Brambilla")

    def test_correggere_una_persona_non_lascia_nel_registro_i_suoi_dati(self) -> None:
        capo = crea_persona(Ruolo.AMMINISTRATORE)
        ada = enti.crea_utente(email="ada@example.org", nome="Ada", cognome="Brambilla", autore=capo)
        entra(self.client, capo)
        dati = {"nome": "Ada", "cognome": "Colnaghi", "email": "ada.colnaghi@example.org", "is_active": "on"}
        risposta = self.client.post(reverse("admin:enti_utente_change", args=[ada.pk]), {**dati, "codice_fiscale": ""})
        assert risposta.status_code == 302, risposta.content.decode()[:500]
        evento = Evento.objects.get(verbo="modificato", id_oggetto=str(ada.pk))
        assert evento.dopo == {"dati personali scritti": ["cognome", "email"]}

    def test_nessun_evento_della_vita_di_una_persona_contiene_i_suoi_dati(self) -> None:
        capo = crea_persona(Ruolo.AMMINISTRATORE)
        ada = crea_persona(Ruolo.COORDINATORE, nome="colnaghi")
        entra(Client(), ada)
        chiavi.crea_personale(nome="foglio", ambiti=[Ambito.CUP], fino_al=timezone.localdate(), autore=ada)
        rendi(ada, capo)
        scritti = json.dumps(
            list(Evento.objects.values_list("oggetto", "prima", "dopo", "nota")), default=str, ensure_ascii=False
        ).lower()
        for parola in ("colnaghi@example.org", "colnaghi prova"):
            assert parola not in scritti


# --- What she may take -----------------------------------------------------------------------------------------------


def _aperto(contenuto: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(contenuto)) as archivio:
        assert archivio.testzip() is None
        return {
            nome: json.loads(archivio.read(nome)) if nome.endswith(".json") else archivio.read(nome).decode()
            for nome in archivio.namelist()
        }


class EsportazioneTest(TestCase):
    ada: Utente
    altra: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        cls.ada = crea_persona(Ruolo.COORDINATORE, nome="ada")
        cls.altra = crea_persona(Ruolo.AMMINISTRATORE, nome="altra")
        GiroVisto.objects.create(utente=cls.ada, giro="coordinatore", esito="fatto")
        Allerta.objects.create(utente=cls.altra, tipo="termine", chiave="x", titolo="di un'altra")
        annota(Fonte.objects.create(codice="x", titolo="X", editore="Y"), "corretta", autore=cls.ada, nota="parole mie")

    def test_ognuno_scarica_i_propri_dati_e_nessun_segreto(self) -> None:
        entra(self.client, self.ada)
        risposta = self.client.get(reverse("miei-dati-scarica"))
        assert f"dati-utente-{self.ada.pk}.zip" in risposta.headers["Content-Disposition"]
        file = _aperto(b"".join(risposta))
        assert file["enti.utente.json"][0]["email"] == "ada@example.org"
        assert "password" not in file["enti.utente.json"][0]
        assert "data" not in file["mfa.authenticator.json"][0]
        assert [riga["giro"] for riga in file["psttm.girovisto.json"]] == ["coordinatore"]
        assert "parole mie" in [riga["nota"] for riga in file["registro.evento.json"]]
        assert "monitoraggio.allerta.json" not in file
        assert "altra@example.org" not in json.dumps(file)
        assert "psttm.girovisto.json" in file["LEGGIMI.txt"]
        assert Evento.objects.filter(verbo="dati personali scaricati", autore=self.ada).exists()

    def test_i_dati_di_un_altra_persona_li_scarica_solo_l_amministratore(self) -> None:
        for chi, stato in ((self.ada, 403), (self.altra, 200)):
            with self.subTest(chi=chi.email):
                client = Client()
                entra(client, chi)
                for nome in ("dati-personali-scheda", "dati-personali-scarica", "dati-personali-anonimo"):
                    risposta = client.get(reverse(nome, args=[self.ada.pk]))
                    assert risposta.status_code == stato, nome
                    b"".join(risposta)

    def test_a_sessione_vecchia_si_chiede_di_nuovo_la_password(self) -> None:
        self.client.force_login(self.ada)
        risposta = self.client.get(reverse("miei-dati-scarica"))
        assert risposta.status_code == 302
        assert reverse("account_reauthenticate") in risposta.headers["Location"]

    def test_la_pagina_dice_quante_righe_ci_sono(self) -> None:
        self.client.force_login(self.ada)
        self.assertContains(self.client.get(reverse("miei-dati")), "I miei dati")
        nomi = {conto.nome: conto.righe for conto in selectors.conti(self.ada)}
        assert nomi[str(GiroVisto._meta.verbose_name_plural)] == 1

    def test_il_comando_scrive_lo_stesso_file_una_volta_sola(self) -> None:
        with tempfile.TemporaryDirectory() as cartella:
            call_command("esporta_persona", str(self.ada.pk), "--in", cartella, stdout=io.StringIO())
            file = Path(cartella, f"dati-utente-{self.ada.pk}.zip")
            assert _aperto(file.read_bytes())["enti.utente.json"][0]["email"] == "ada@example.org"
            assert file.stat().st_mode & 63 == 0
            with self.assertRaisesMessage(CommandError, "c'è già"):
                call_command("esporta_persona", str(self.ada.pk), "--in", cartella, stdout=io.StringIO())
        with self.assertRaisesMessage(CommandError, "Nessuna persona ha il numero 0"):
            call_command("esporta_persona", "0", stdout=io.StringIO())
