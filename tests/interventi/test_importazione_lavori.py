"""The life of an import: handed in, rehearsed, confirmed, applied; and what happens when something goes wrong."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files import File
from django.core.files.base import ContentFile
from django.test import override_settings

from interventi.importazione import lavori as lavori_importazione
from interventi.models import EsitoRiga, Importazione, Intervento, TabellaImportata
from interventi.models.importazioni import StatoImportazione
from interventi.services import importazioni
from interventi.services.importazioni import ImportazioneNonAmmessa
from registro import lavori
from registro.esecuzione import esegui
from registro.models import Lavoro, StatoLavoro
from registro.storia import salva
from tests.interventi.estratti import ConRiferimenti, Estratto, localizzazioni, progetti
from tests.interventi.integrita import quante_versioni, registro, verifica_conti, verifica_storia


def carica(*estratti: Estratto) -> Importazione:
    file: list[tuple[str, File[bytes]]] = [(nome, ContentFile(byte, name=nome)) for nome, byte in estratti]
    return importazioni.carica_file(file=file, perimetro="metropoli", autore=None)


def svolgi(importazione: Importazione) -> Lavoro:
    """Do the job that waits for this import, as a worker does."""
    importazione.refresh_from_db()
    assert importazione.lavoro is not None
    esegui(importazione.lavoro.pk)
    importazione.refresh_from_db()
    return Lavoro.objects.get(pk=importazione.lavoro.pk)


class Vita(ConRiferimenti):
    def tearDown(self) -> None:
        verifica_storia()
        verifica_conti()

    def provata(self, *estratti: Estratto) -> Importazione:
        importazione = carica(*(estratti or (progetti(), localizzazioni())))
        assert svolgi(importazione).stato == StatoLavoro.RIUSCITO
        return importazione

    def test_la_prova_mostra_e_non_scrive(self) -> None:
        prima = registro()
        importazione = self.provata()
        assert importazione.stato == StatoImportazione.DA_CONFERMARE
        assert importazione.conteggi["nuove"] == 2
        assert EsitoRiga.objects.filter(tabella__file__importazione=importazione, esito="nuova").count() == 2
        assert (registro(), quante_versioni()) == (prima, 0)

    def test_confermata_si_applica_e_cio_che_scrive_ha_la_sua_azione(self) -> None:
        importazione = self.provata()
        importazioni.conferma(importazione_id=importazione.pk, autore=None)
        lavoro = svolgi(importazione)
        assert (lavoro.stato, lavoro.fatti) == (StatoLavoro.RIUSCITO, 2)
        assert importazione.stato == StatoImportazione.APPLICATA
        assert Intervento.storico.get().azione == importazione.azione

    def test_se_nel_frattempo_il_registro_cambia_si_torna_a_confermare(self) -> None:
        importazione = self.provata()
        altra = self.provata(progetti({"Titolo Progetto": "Un altro"}), localizzazioni())
        importazioni.conferma(importazione_id=altra.pk, autore=None)
        svolgi(altra)
        prima = registro()
        importazioni.conferma(importazione_id=importazione.pk, autore=None)
        lavoro = svolgi(importazione)
        assert lavoro.stato == StatoLavoro.FALLITO
        assert "Nel frattempo i dati sono cambiati" in lavoro.errore
        assert importazione.stato == StatoImportazione.DA_CONFERMARE
        assert registro() == prima
        assert importazione.conteggi["cambiate"] == 1
        importazioni.conferma(importazione_id=importazione.pk, autore=None)
        svolgi(importazione)
        assert importazione.stato == StatoImportazione.APPLICATA
        assert Intervento.objects.get().titolo == "Piazza nuova"

    def test_un_file_conservato_e_poi_alterato_non_si_applica(self) -> None:
        importazione = self.provata()
        deposito = importazione.file.get(nome="progetti.csv").deposito
        Path(deposito.path).write_bytes(Path(deposito.path).read_bytes().replace(b"Piazza", b"Piscia"))
        importazioni.conferma(importazione_id=importazione.pk, autore=None)
        assert "non è più quello caricato" in svolgi(importazione).errore
        assert importazione.stato == StatoImportazione.RESPINTA
        assert not Intervento.objects.exists()

    def test_un_lavoro_ripetuto_non_applica_due_volte(self) -> None:
        importazione = self.provata()
        importazioni.conferma(importazione_id=importazione.pk, autore=None)
        svolgi(importazione)
        versioni = quante_versioni()
        assert importazione.lavoro is not None
        Lavoro.objects.filter(pk=importazione.lavoro.pk).update(stato=StatoLavoro.IN_CODA)
        assert svolgi(importazione).stato == StatoLavoro.RIUSCITO
        assert quante_versioni() == versioni

    def test_file_che_non_si_leggono_respingono_l_importazione_con_la_ragione(self) -> None:
        importazione = carica(("immagine.csv", b"\x89PNG\r\n\x1a\n\x00\x00"))
        lavoro = svolgi(importazione)
        assert lavoro.stato == StatoLavoro.FALLITO
        assert "immagine.csv" in lavoro.errore
        assert importazione.stato == StatoImportazione.RESPINTA

    def test_un_file_illeggibile_fra_altri_si_dice_e_gli_altri_si_leggono(self) -> None:
        importazione = self.provata(progetti(), localizzazioni(), ("immagine.csv", b"\x89PNG\r\n\x1a\n\x00\x00"))
        assert importazione.file.get(nome="immagine.csv").errore
        assert importazione.conteggi["nuove"] == 2

    def test_un_file_rotto_a_meta_non_lascia_scritto_niente_di_suo(self) -> None:
        nome, byte = localizzazioni({}, {"Indirizzo": "Via Roma"}, nome="rotto.csv")
        importazione = self.provata(progetti(), localizzazioni(), (nome, byte + b'"aperta;mai chiusa' + b"\n" * 3))
        rotto = importazione.file.get(nome="rotto.csv")
        assert bool(rotto.errore) != TabellaImportata.objects.filter(file=rotto).exists()
        importazioni.conferma(importazione_id=importazione.pk, autore=None)
        svolgi(importazione)
        assert importazione.stato == StatoImportazione.APPLICATA

    def test_scartata_non_si_conferma_piu(self) -> None:
        importazione = self.provata()
        importazioni.scarta(importazione_id=importazione.pk, autore=None)
        with pytest.raises(ImportazioneNonAmmessa, match="scartata"):
            importazioni.conferma(importazione_id=importazione.pk, autore=None)

    def test_scartata_mentre_aspetta_ferma_il_lavoro(self) -> None:
        importazione = carica(progetti())
        importazioni.scarta(importazione_id=importazione.pk, autore=None)
        assert svolgi(importazione).stato == StatoLavoro.ANNULLATO
        assert importazione.stato == StatoImportazione.SCARTATA

    def test_interrotta_mentre_si_applicava_si_riprova_dalla_lettura(self) -> None:
        importazione = self.provata()
        importazioni.conferma(importazione_id=importazione.pk, autore=None)
        with pytest.raises(ImportazioneNonAmmessa, match="già un lavoro in corso"):
            importazioni.riprova(importazione_id=importazione.pk, autore=None)
        assert importazione.pk
        importazione.refresh_from_db()
        assert importazione.lavoro is not None
        lavori.annulla(lavoro_id=importazione.lavoro.pk, autore=None)
        importazioni.riprova(importazione_id=importazione.pk, autore=None)
        svolgi(importazione)
        assert importazione.stato == StatoImportazione.DA_CONFERMARE

    def test_un_annullamento_passa_dal_lavoro_e_vuole_un_motivo(self) -> None:
        importazione = self.provata()
        importazioni.conferma(importazione_id=importazione.pk, autore=None)
        svolgi(importazione)
        with pytest.raises(ImportazioneNonAmmessa, match="perché"):
            importazioni.annulla(importazione_id=importazione.pk, autore=None, motivo=" ")
        importazioni.annulla(importazione_id=importazione.pk, autore=None, motivo="File sbagliato")
        assert svolgi(importazione).stato == StatoLavoro.RIUSCITO
        assert importazione.stato == StatoImportazione.DISFATTA
        assert not Intervento.objects.exists()

    def test_un_annullamento_non_ammesso_dice_che_cosa_dipende(self) -> None:
        importazione = self.provata()
        importazioni.conferma(importazione_id=importazione.pk, autore=None)
        svolgi(importazione)
        intervento = Intervento.objects.get()
        salva(intervento, autore=None)
        importazioni.annulla(importazione_id=importazione.pk, autore=None, motivo="File sbagliato")
        lavoro = svolgi(importazione)
        assert lavoro.stato == StatoLavoro.FALLITO
        assert intervento.cup in lavoro.errore
        assert importazione.stato == StatoImportazione.APPLICATA

    def test_si_caricano_solo_i_tipi_ammessi_pieni_e_non_troppo_grandi(self) -> None:
        for nome, byte, parola in [("a.pdf", b"x", "CSV, XLSX o zip"), ("a.csv", b"", "vuoto")]:
            with pytest.raises(ImportazioneNonAmmessa, match=parola):
                carica((nome, byte))
        with override_settings(IMPORTAZIONE_MEGABYTE=1):
            with pytest.raises(ImportazioneNonAmmessa, match="più grande di 1 MB"):
                carica(("a.csv", b"x" * 1_000_001))
            assert carica(("a.csv", b"x" * 1_000_000)).pk
        with override_settings(IMPORTAZIONE_FILE=1), pytest.raises(ImportazioneNonAmmessa, match="al massimo 1"):
            carica(progetti(), localizzazioni())
        with pytest.raises(ImportazioneNonAmmessa, match="almeno un file"):
            carica()
        with pytest.raises(ImportazioneNonAmmessa, match="quali interventi"):
            importazioni.carica_file(file=[("a.csv", File(BytesIO(b"x"), name="a.csv"))], perimetro="x", autore=None)

    def test_il_file_e_conservato_sotto_un_nome_che_non_si_indovina(self) -> None:
        documento = carica(progetti()).file.get()
        assert "progetti" not in str(documento.deposito.name)
        assert len(documento.sha256) == 64

    def test_i_lavori_delle_importazioni_sono_noti(self) -> None:
        assert {lavori_importazione.PROVA, lavori_importazione.APPLICA, lavori_importazione.ANNULLA} <= set(
            lavori.ESECUTORI
        )
