"""Uploading in pieces: a cut, a repeat, a wrong offset or a reload change neither the bytes nor their number."""

from __future__ import annotations

import hashlib
import json
import tempfile
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as regola
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as ProprietaTestCase

from enti.models import Utente
from enti.ruoli import Ruolo
from interventi.models import Intervento
from monitoraggio.documenti import pezzi
from monitoraggio.models import CaricamentoDocumento, Documento, TipoDocumento, VersioneDocumento
from monitoraggio.scelte import EsitoAntivirus
from monitoraggio.services import accettazione
from monitoraggio.services import caricamenti as servizi
from registro.models import Evento
from tests import riferimenti
from tests.monitoraggio import base, carte
from tests.monitoraggio.base import MonitoraggioTestCase

MEGA = 1_000_000
JSON = {"Accept": "application/json"}


def file_in_deposito() -> list[Path]:
    return [file for file in Path(settings.MEDIA_ROOT, "monitoraggio").rglob("*") if file.is_file()]


def pezzi_in_deposito() -> list[Path]:
    """What the uploads under way have in the store, a folder for each."""
    return list(Path(settings.MEDIA_ROOT, "caricamenti").glob("*"))


class CaricamentoTestCase(MonitoraggioTestCase):
    def setUp(self) -> None:
        cartella = tempfile.TemporaryDirectory()
        self.addCleanup(cartella.cleanup)
        cambiate = override_settings(MEDIA_ROOT=f"{cartella.name}/qui")
        cambiate.enable()
        self.addCleanup(cambiate.disable)
        self.client.force_login(self.compilatore)

    def inizia(self, nome: str, byte: bytes, **altri: Any) -> Any:
        dati = {"tipo": "determina", "nome": nome, "dimensione": len(byte), "impronta": f"{len(byte)}-1-ab", **altri}
        indirizzo = reverse("caricamento-inizia", args=[altri.pop("intervento", self.opera.pk)])
        return self.client.post(indirizzo, json.dumps(dati), content_type="application/json", headers=JSON)

    def pezzo(self, stato: dict[str, Any], inizio: int, byte: bytes) -> Any:
        tipo = "application/octet-stream"
        return self.client.post(stato["pezzi"], byte, content_type=tipo, headers=JSON | {"Upload-Offset": str(inizio)})

    def manda(self, nome: str, byte: bytes, **altri: Any) -> Any:
        """All of a file, in one piece; what ending it answers."""
        with self.captureOnCommitCallbacks(execute=True):
            risposta = self.inizia(nome, byte, **altri)
            if risposta.status_code != 201 or risposta.json()["ricevuta"]:
                return risposta
            stato = risposta.json()
            self.pezzo(stato, 0, byte)
            return self.client.post(stato["concludi"], headers=JSON)

    def letto(self, versione: VersioneDocumento) -> bytes:
        risposta: Any = self.client.get(reverse("documento-file", args=[versione.pk]))
        assert risposta.status_code == 200
        return bytes(risposta.getvalue())


class PezziTestCase(CaricamentoTestCase):
    def test_un_file_di_50_mb_tagliato_a_meta_riprende_e_finisce_con_la_sua_impronta(self) -> None:
        byte = carte.pdf(50 * MEGA)
        prima = self.inizia("contratto.pdf", byte).json()
        for inizio in range(0, 23 * MEGA, MEGA):
            assert self.pezzo(prima, inizio, byte[inizio : inizio + MEGA]).json()["ricevuti"] == inizio + MEGA
        # Half of another piece arrived, its answer did not: the page is loaded again, the file chosen anew.
        self.pezzo(prima, 23 * MEGA, byte[23 * MEGA : 23 * MEGA + 1234])
        self.client.force_login(self.compilatore)
        dopo = self.inizia("contratto.pdf", byte).json()
        assert (dopo["chiave"], dopo["ricevuti"]) == (prima["chiave"], 23 * MEGA + 1234)
        with self.captureOnCommitCallbacks(execute=True):
            ricevuti = dopo["ricevuti"]
            while ricevuti < len(byte):
                ricevuti = self.pezzo(dopo, ricevuti, byte[ricevuti : ricevuti + MEGA]).json()["ricevuti"]
            sha256 = hashlib.sha256(byte).hexdigest()
            ricevuta = self.client.post(dopo["concludi"], {"sha256": sha256}, headers=JSON).json()
        assert ricevuta["sha256"] == sha256
        documento = Documento.objects.get()
        versione = documento.versioni.get()
        assert (ricevuta["numero"], versione.dimensione, versione.nome) == (versione.pk, 50 * MEGA, "contratto.pdf")
        assert self.letto(versione) == byte
        assert len(file_in_deposito()) == 1
        assert not pezzi_in_deposito()
        # The receipt was lost as well: asked again, in every way, it is the same.
        assert self.client.post(dopo["concludi"], headers=JSON).json() == ricevuta
        assert self.inizia("contratto.pdf", byte).json()["ricevuta"] == ricevuta
        assert VersioneDocumento.objects.count() == 1

    def test_un_posto_sbagliato_riceve_quello_giusto(self) -> None:
        byte = carte.pdf(1000)
        stato = self.inizia("a.pdf", byte).json()
        self.pezzo(stato, 0, byte[:300])
        risposta = self.pezzo(stato, 301, byte[301:])
        assert (risposta.status_code, risposta.json()["ricevuti"]) == (409, 300)
        assert self.client.get(stato["pezzi"], headers=JSON).json()["ricevuti"] == 300
        assert self.client.post(stato["concludi"], headers=JSON).status_code == 409
        assert self.pezzo(stato, 300, byte[300:] + b"x").status_code == 422
        for posto in ("", "-1", "uno"):
            risposta = self.client.post(
                stato["pezzi"], b"x", content_type="a/b", headers=JSON | {"Upload-Offset": posto}
            )
            assert risposta.status_code == 400, posto

    def test_un_pezzo_ripetuto_con_altri_byte_dice_che_il_file_e_cambiato(self) -> None:
        byte = carte.pdf(1000)
        stato = self.inizia("a.pdf", byte).json()
        self.pezzo(stato, 0, byte[:500])
        risposta = self.pezzo(stato, 400, bytes(200))
        assert (risposta.status_code, "è cambiato" in risposta.json()["detail"]) == (422, True)
        assert pezzi.presenti(CaricamentoDocumento.objects.get().chiave) == 500

    def test_i_byte_lasciati_da_un_processo_ucciso_non_contano(self) -> None:
        """Written and not yet counted, then counted and not there: the disk says how much there is."""
        byte = carte.pdf(1000)
        stato = self.inizia("a.pdf", byte).json()
        self.pezzo(stato, 0, byte[:300])
        chiave = CaricamentoDocumento.objects.get().chiave
        pezzi.scrivi(chiave, 300, b"?" * 400)
        assert self.pezzo(stato, 300, byte[300:500]).json()["ricevuti"] == 500
        assert pezzi.leggi(chiave, 0, 1000) == byte[:500]
        pezzi.scrivi(chiave, 0, byte[:200])
        assert self.pezzo(stato, 500, byte[500:]).json()["ricevuti"] == 200
        assert self.pezzo(stato, 200, byte[200:]).json()["ricevuti"] == 1000
        assert self.client.post(stato["concludi"], headers=JSON).json()["sha256"] == hashlib.sha256(byte).hexdigest()

    def test_chi_riprende_puo_correggere_quello_che_aveva_dichiarato(self) -> None:
        byte = carte.pdf()
        self.inizia("a.pdf", byte, titolo="Prima")
        ricevuta = self.manda("a.pdf", byte, titolo="Dopo", data="2024-03-01", protocollo="7/2024", mese="2024-12-01")
        documento = Documento.objects.get(pk=ricevuta.json()["documento"]["pk"])
        assert (documento.titolo, documento.data, documento.protocollo) == ("Dopo", date(2024, 3, 1), "7/2024")
        assert (documento.mese, documento.creato_da) == (date(2024, 12, 1), self.compilatore)

    def test_si_lascia_perdere_e_si_ricomincia_da_capo(self) -> None:
        byte = carte.pdf()
        stato = self.inizia("a.pdf", byte).json()
        self.pezzo(stato, 0, byte[:100])
        with self.captureOnCommitCallbacks(execute=True):
            assert self.client.post(stato["annulla"], headers=JSON).status_code == 204
        assert not pezzi_in_deposito()
        nuovo = self.inizia("a.pdf", byte).json()
        assert (nuovo["chiave"] == stato["chiave"], nuovo["ricevuti"]) == (False, 0)
        assert self.pezzo(stato, 0, byte).status_code == 422

    def test_la_sessione_scaduta_lo_dice_e_non_perde_niente(self) -> None:
        byte = carte.pdf(1000)
        stato = self.inizia("a.pdf", byte).json()
        self.pezzo(stato, 0, byte[:500])
        self.client.logout()
        assert self.pezzo(stato, 500, byte[500:]).status_code == 401
        self.client.force_login(self.compilatore)
        assert self.pezzo(stato, 500, byte[500:]).json()["ricevuti"] == 1000

    def test_senza_script_il_modulo_manda_il_file_intero(self) -> None:
        byte = carte.pdf(3 * MEGA)
        dati = {"tipo": "contratto", "file": SimpleUploadedFile("Contratto 7.pdf.p7m", b"")}
        risposta = self.client.post(reverse("documenti-carica", args=[self.opera.pk]), dati)
        self.assertContains(risposta, "è vuoto")
        dati |= {"file": SimpleUploadedFile("C:\\x\\Contratto 7.pdf", byte), "data": "31/12/2024"}
        risposta = self.client.post(reverse("documenti-carica", args=[self.opera.pk]), dati, follow=True)
        documento = Documento.objects.get()
        self.assertRedirects(risposta, reverse("documento", args=[documento.pk]))
        self.assertContains(risposta, hashlib.sha256(byte).hexdigest())
        self.assertContains(risposta, "ricevuta n.")
        assert (documento.titolo, documento.data) == ("Contratto 7", date(2024, 12, 31))
        assert self.letto(documento.versioni.get()) == byte

    def test_troppi_caricamenti_a_meta_non_se_ne_iniziano_altri(self) -> None:
        for numero in range(servizi.MASSIMO_APERTI):
            assert self.inizia(f"{numero}.pdf", carte.pdf()).status_code == 201
        assert "lasciati a metà" in self.inizia("uno-di-troppo.pdf", carte.pdf()).json()["detail"]


class RifiutoTestCase(CaricamentoTestCase):
    def rifiutato(self, risposta: Any, parola: str) -> None:
        assert (risposta.status_code, parola in risposta.json()["detail"]) == (422, True), risposta.content
        assert not Documento.objects.exists()
        assert not file_in_deposito()

    def test_l_estensione_che_il_tipo_non_ammette(self) -> None:
        self.rifiutato(self.manda("foto.jpg", carte.pdf()), "i file ammessi sono pdf, p7m")
        self.rifiutato(self.manda("senza", carte.pdf()), "i file ammessi")

    def test_il_contenuto_che_non_e_quello_del_nome(self) -> None:
        risposta = self.manda("contratto.pdf", b"MZ" + bytes(300))
        self.rifiutato(risposta, "programma")
        assert not pezzi_in_deposito()
        evento = Evento.objects.get(verbo="documento rifiutato")
        assert (evento.autore, evento.oggetto) == (self.compilatore, "contratto.pdf")
        assert "programma" in evento.nota

    def test_la_dimensione_e_ammessa_fino_al_massimo_compreso(self) -> None:
        massimo = TipoDocumento.objects.get(codice="determina").massimo_byte
        byte = carte.pdf()
        assert self.inizia("a.pdf", byte, dimensione=massimo).status_code == 201
        self.rifiutato(self.inizia("b.pdf", byte, dimensione=massimo + 1), "al massimo sono 50")
        self.rifiutato(self.inizia("c.pdf", byte, dimensione=0), "vuoto")

    def test_il_file_che_aperto_diventa_enorme(self) -> None:
        self.rifiutato(self.manda("cronoprogramma.docx", carte.bomba(), tipo="cronoprogramma"), "supera 400 MB")

    def test_il_file_infetto(self) -> None:
        with carte.clamd() as indirizzo, override_settings(CLAMAV=indirizzo):
            infetto = self.manda("a.pdf", carte.pdf()[:-7] + carte.EICAR + b"%%EOF\n")
            self.rifiutato(infetto, "L'antivirus ha trovato una minaccia")
            evento = Evento.objects.get(verbo="file infetto rifiutato")
            assert (evento.dopo or {})["minaccia"] == "Eicar-Test-Signature"
            assert self.manda("b.pdf", carte.pdf(seme=2)).json()["antivirus"] == EsitoAntivirus.PULITO.label

    def test_l_antivirus_che_non_risponde_non_lascia_passare_e_non_perde_il_file(self) -> None:
        with carte.clamd() as indirizzo, override_settings(CLAMAV=indirizzo):
            pass
        with override_settings(CLAMAV=indirizzo):
            risposta = self.manda("a.pdf", carte.pdf())
            assert (risposta.status_code, "riprova" in risposta.json()["detail"]) == (503, True)
            assert risposta["Retry-After"]
            assert not Documento.objects.exists()
            fermo = CaricamentoDocumento.objects.aperti().get()
            pagina = self.client.get(reverse("documenti-carica", args=[self.opera.pk]))
            self.assertContains(pagina, reverse("caricamento-concludi", args=[fermo.chiave]))
        with carte.clamd() as indirizzo, override_settings(CLAMAV=indirizzo):
            self.client.post(reverse("caricamento-concludi", args=[fermo.chiave]))
        assert VersioneDocumento.objects.get().antivirus == EsitoAntivirus.PULITO

    def test_l_intervento_di_un_altro_comune(self) -> None:
        altrui = base.intervento("Bresso")
        assert self.inizia("a.pdf", carte.pdf(), intervento=altrui.pk).status_code == 404
        assert self.client.get(reverse("documenti-carica", args=[altrui.pk])).status_code == 404
        assert not CaricamentoDocumento.objects.exists()

    def test_l_impronta_che_non_e_quella_dichiarata(self) -> None:
        byte = carte.pdf()
        stato = self.inizia("a.pdf", byte).json()
        self.pezzo(stato, 0, byte)
        self.rifiutato(self.client.post(stato["concludi"], {"sha256": "0" * 64}, headers=JSON), "impronta SHA-256")

    def test_lo_stesso_file_due_volte_nello_stesso_intervento(self) -> None:
        assert self.manda("a.pdf", carte.pdf(), titolo="La prima").status_code == 200
        risposta = self.manda("con-altro-nome.pdf", carte.pdf())
        assert (risposta.status_code, "«La prima»" in risposta.json()["detail"]) == (422, True)
        assert VersioneDocumento.objects.count() == len(file_in_deposito()) == 1
        altra = base.intervento("Rho")
        assert self.manda("a.pdf", carte.pdf(), intervento=altra.pk).status_code == 200

    def test_la_data_di_domani_e_il_tipo_che_non_c_e(self) -> None:
        domani = timezone.localdate() + timedelta(days=1)
        oggi = self.inizia("a.pdf", carte.pdf(), data=timezone.localdate().isoformat())
        assert oggi.status_code == 201
        errore = self.inizia("b.pdf", carte.pdf(), data=domani.isoformat()).json()["errori"]
        assert "nel futuro" in errore["data"]
        assert "tipo" in self.inizia("c.pdf", carte.pdf(), tipo="nessuno").json()["errori"]

    def test_una_richiesta_senza_forma(self) -> None:
        indirizzo = reverse("caricamento-inizia", args=[self.opera.pk])
        for corpo in (
            "",
            "[]",
            '{"nome": 1, "dimensione": 1}',
            '{"nome": "a.pdf"}',
            '{"nome": "a.pdf", "dimensione": "1"}',
        ):
            risposta = self.client.post(indirizzo, corpo, content_type="application/json", headers=JSON)
            assert risposta.status_code == 400, corpo

    def test_il_caricamento_di_un_altra_persona_non_c_e(self) -> None:
        byte = carte.pdf()
        stato = self.inizia("a.pdf", byte).json()
        for chi in (self.responsabile, self.altra, self.coordinatore):
            self.client.force_login(chi)
            assert self.client.get(stato["pezzi"], headers=JSON).status_code == 404
            assert self.pezzo(stato, 0, byte).status_code == 404
            assert self.client.post(stato["concludi"], headers=JSON).status_code == 404
            assert self.client.post(stato["annulla"], headers=JSON).status_code == 404
        assert CaricamentoDocumento.objects.aperti().get().ricevuti == 0

    def test_chi_ha_perso_il_ruolo_a_meta_non_finisce(self) -> None:
        byte = carte.pdf()
        stato = self.inizia("a.pdf", byte).json()
        Intervento.objects.filter(pk=self.opera.pk).update(
            soggetto_attuatore=base.Ente.objects.get(comune__nome="Bresso")
        )
        assert self.pezzo(stato, 0, byte).status_code == 404


class AbbandonatiTestCase(CaricamentoTestCase):
    def test_i_caricamenti_abbandonati_si_buttano_dopo_i_loro_giorni(self) -> None:
        byte = carte.pdf()
        for nome, giorni in (("vecchio.pdf", 7), ("recente.pdf", 6)):
            stato = self.inizia(nome, byte).json()
            self.pezzo(stato, 0, byte[:100])
            fermo = timezone.now() - timedelta(days=giorni, hours=1)
            CaricamentoDocumento.objects.filter(chiave=stato["chiave"]).update(aggiornato_il=fermo)
        Path(settings.MEDIA_ROOT, "caricamenti", "resto-di-un-processo-ucciso").write_bytes(b"x")
        uscita = StringIO()
        call_command("distruggi_documenti", "--prova", stdout=uscita)
        assert "vecchio.pdf" in uscita.getvalue()
        assert len(pezzi_in_deposito()) == 3
        with self.captureOnCommitCallbacks(execute=True):
            call_command("distruggi_documenti", stdout=StringIO())
        assert CaricamentoDocumento.objects.aperti().get().nome == "recente.pdf"
        assert len(pezzi_in_deposito()) == 1


class TagliTestCase(ProprietaTestCase):
    """However a file is cut, with repeats and wrong places, what arrives is the file."""

    opera: Intervento
    autore: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.autore = base.persona(Ruolo.COMPILATORE)
        cls.opera = base.intervento()

    @regola(max_examples=40, deadline=None)
    @given(
        byte=st.binary(max_size=400).map(lambda mezzo: b"%PDF-1.4\n" + mezzo + b"\n%%EOF"),
        tagli=st.lists(st.tuples(st.integers(0, 420), st.integers(0, 200)), max_size=25),
    )
    def test_ogni_modo_di_tagliare_da_gli_stessi_byte(self, byte: bytes, tagli: list[tuple[int, int]]) -> None:
        with (
            tempfile.TemporaryDirectory() as cartella,
            override_settings(MEDIA_ROOT=f"{cartella}/qui"),
        ):
            nuovo = servizi.inizia_caricamento(
                intervento_id=self.opera.pk,
                autore=self.autore,
                nome="a.pdf",
                dimensione=len(byte),
                dati=carte.DETERMINA,
            )
            ricevuti = 0
            for inizio, quanti in tagli:
                pezzo = byte[inizio : inizio + quanti]
                if inizio > ricevuti and inizio + len(pezzo) <= len(byte):
                    with pytest.raises(servizi.PezzoFuoriPosto) as errore:
                        servizi.aggiungi_pezzo(chiave=nuovo.chiave, autore=self.autore, inizio=inizio, pezzo=pezzo)
                    assert errore.value.ricevuti == ricevuti
                elif inizio <= len(byte):
                    dopo = servizi.aggiungi_pezzo(chiave=nuovo.chiave, autore=self.autore, inizio=inizio, pezzo=pezzo)
                    ricevuti = max(ricevuti, inizio + len(pezzo))
                    assert dopo.ricevuti == ricevuti
            servizi.aggiungi_pezzo(chiave=nuovo.chiave, autore=self.autore, inizio=ricevuti, pezzo=byte[ricevuti:])
            versione = accettazione.concludi(chiave=nuovo.chiave, autore=self.autore)
            assert versione.sha256 == hashlib.sha256(byte).hexdigest()
            with default_storage.open(str(versione.deposito)) as file:
                assert file.read() == byte
