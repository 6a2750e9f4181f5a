"""Everything that the portal keeps, kept in a bucket: another machine reads it, and nothing stays on this one."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test.signals import setting_changed
from django.urls import reverse
from django.utils import timezone

from interoperabilita.services import open_data
from interventi.models import Intervento
from interventi.models.importazioni import StatoImportazione
from interventi.services import importazioni
from monitoraggio.models import CaricamentoDocumento, Documento
from monitoraggio.models.fogli import StatoFoglio
from monitoraggio.regis import archivio as regis
from monitoraggio.services import foglio as fogli
from rapporti.services import archivio
from rapporti.services.archivio import FileMancante, Quale
from registro.models import StatoLavoro
from tests.deposito.secchio import secchio, servente_s3, tutti
from tests.interoperabilita.base_open_data import OpenDataTestCase
from tests.interventi.estratti import ConRiferimenti, localizzazioni, progetti
from tests.interventi.test_importazione_lavori import carica, svolgi
from tests.monitoraggio import carte
from tests.monitoraggio.base_foglio import FoglioTestCase, impegno, in_fondo
from tests.monitoraggio.test_documenti_caricamento import JSON, CaricamentoTestCase
from tests.rapporti.pronti import prodotto, pronto

__all__ = ["secchio", "servente_s3"]
pytestmark = pytest.mark.usefixtures("secchio")


class DocumentiTestCase(CaricamentoTestCase):
    def test_un_documento_arriva_a_pezzi_si_scarica_e_si_distrugge(self) -> None:
        byte = carte.pdf(700_000)
        stato = self.inizia("a.pdf", byte).json()
        for inizio in range(0, len(byte), 300_000):
            self.pezzo(stato, inizio, byte[inizio : inizio + 300_000])
        assert len(tutti("caricamenti")) == 3
        with self.captureOnCommitCallbacks(execute=True):
            ricevuta = self.client.post(stato["concludi"], headers=JSON).json()
        assert ricevuta["sha256"] == hashlib.sha256(byte).hexdigest()
        versione = Documento.objects.get().versioni.get()
        assert self.letto(versione) == byte
        assert tutti() == [str(versione.deposito)]
        default_storage.delete(str(versione.deposito))
        assert not default_storage.exists(str(versione.deposito))

    def test_un_caricamento_abbandonato_lascia_il_deposito(self) -> None:
        byte = carte.pdf()
        stato = self.inizia("a.pdf", byte).json()
        self.pezzo(stato, 0, byte[:100])
        CaricamentoDocumento.objects.update(aggiornato_il=timezone.now() - timedelta(days=8))
        with self.captureOnCommitCallbacks(execute=True):
            call_command("distruggi_documenti", stdout=io.StringIO())
        assert tutti() == []

    def test_senza_il_servizio_si_dice_di_riprovare(self) -> None:
        """What comes when nobody is at the address of the bucket; nothing is lost, the upload goes on afterwards."""
        byte = carte.pdf()
        stato = self.inizia("a.pdf", byte).json()
        self.client.raise_request_exception = False
        with patch.dict(settings.STORAGES["default"]["OPTIONS"], {"endpoint_url": "http://127.0.0.1:1"}):
            setting_changed.send(sender=None, setting="STORAGES", value=settings.STORAGES, enter=True)
            risposta = self.pezzo(stato, 0, byte)
        assert (risposta.status_code, risposta.headers["Retry-After"]) == (503, "15")
        setting_changed.send(sender=None, setting="STORAGES", value=settings.STORAGES, enter=True)
        assert self.pezzo(stato, 0, byte).json()["ricevuti"] == len(byte)


class FogliTestCase(FoglioTestCase):
    def test_un_foglio_si_carica_si_applica_si_restituisce_e_si_butta(self) -> None:
        self.bozza()
        byte = self.modificato(lambda libro: in_fondo(libro, "impegni", str(self.opera.cup), **impegno()))
        foglio = self.scritto(byte)
        assert foglio.stato == StatoFoglio.APPLICATO, foglio.errore
        assert all(nome.startswith("monitoraggio/fogli/") for nome in tutti())
        self.client.force_login(self.compilatore)
        reso = self.client.get(reverse("foglio-restituito", args=[foglio.pk]))
        assert zipfile.ZipFile(io.BytesIO(reso.getvalue())).namelist()
        fogli.elimina_vecchi(adesso=timezone.now() + timedelta(days=365))
        assert tutti() == []


class OpenDataSuS3TestCase(OpenDataTestCase):
    def test_i_dati_aperti_si_scrivono_si_scaricano_e_gli_orfani_si_tolgono(self) -> None:
        self.rifai()
        assert self.foglio("interventi") is not None
        risposta = self.client.get(reverse("open-data-file", args=["interventi", "csv"]))
        assert risposta.getvalue() == self.contenuto("interventi", "csv")
        quanti = len(tutti("open-data"))
        default_storage.save("open-data/orfano", io.BytesIO(b"x"))
        assert open_data.elimina_orfani(adesso=timezone.now()) == 0
        assert open_data.elimina_orfani(adesso=timezone.now() + timedelta(days=2)) == 1
        assert len(tutti("open-data")) == quanti


class ImportazioniTestCase(ConRiferimenti):
    def test_un_importazione_si_prova_e_si_applica(self) -> None:
        importazione = carica(progetti(), localizzazioni())
        assert svolgi(importazione).stato == StatoLavoro.RIUSCITO
        importazioni.conferma(importazione_id=importazione.pk, autore=None)
        svolgi(importazione)
        assert importazione.stato == StatoImportazione.APPLICATA
        assert Intervento.objects.exists()
        assert len(tutti("importazioni")) == 2


@pytest.mark.django_db
def test_un_rapporto_si_archivia_si_legge_e_si_rimette() -> None:
    rapporto = pronto()
    for quale in Quale:
        with archivio.apri(rapporto, quale) as file:
            assert file.read()
    codice = rapporto.codice
    attesi = sorted(f"rapporti/{codice[:2]}/{codice}.{quale.value}" for quale in Quale)
    assert tutti() == attesi
    default_storage.delete(attesi[0])
    assert not archivio.intero(rapporto)
    with pytest.raises(FileMancante):
        archivio.apri(rapporto, Quale.DATI)
    with patch.object(type(rapporto), "impronta", rapporto.impronta, create=True):
        archivio.rimetti(rapporto_id=rapporto.pk, prodotto=prodotto(codice))
    assert archivio.intero(rapporto)


def test_i_pacchetti_per_regis_si_conservano_pochi_giorni() -> None:
    assert regis.elimina_vecchi() == 0
    nome = regis.conserva(io.BytesIO(b"PK"))
    trovato = regis.apri(nome)
    assert trovato is not None
    assert trovato.read() == b"PK"
    assert regis.apri("regis/assente") is None
    assert regis.elimina_vecchi() == 0
    with patch.object(regis, "GIORNI", -1):
        assert regis.elimina_vecchi() == 1
    assert tutti() == []
