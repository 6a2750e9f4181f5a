"""The data sets: what is in them, that both formats hold the same, that they are replaced whole or not at all."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import time
import tracemalloc
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError
from django.utils import timezone

from enti.models import Comune
from interoperabilita.dataset.elenco import DATASET
from interoperabilita.dataset.scrittura import scritto
from interoperabilita.dataset.tipi import DIMOSTRATIVO, Dataset, Tema
from interoperabilita.models import DatasetPubblico
from interoperabilita.risorse.tipi import Campo, Tipo
from interoperabilita.services import open_data
from interventi.models import Intervento
from monitoraggio.models import Avanzamento, Traguardo
from monitoraggio.services import bozze, passaggi
from piani_integrati.flusso import StatoPiano
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from registro.esecutori import LavoroAnnullato
from registro.models import Evento, Fonte
from tests.interoperabilita.base_open_data import OpenDataTestCase
from tests.interventi.opere import opera
from tests.monitoraggio.base import DICEMBRE, celle_buone, intervento

# What everybody may read of an intervento. A field is added here by who decides that it may be public.
PUBBLICI = [
    "id", "cup", "clp", "submisura", "misura", "piano", "titolo", "soggetto_attuatore", "soggetto_attuatore_cf",
    "soggetto_attuatore_ipa", "comuni", "comuni_istat", "zone_omogenee", "natura", "stato_cup", "linea_finanziamento",
    "monitorato_regis", "finanziamento_totale_eur", "finanziamento_pubblico_eur", "finanziamento_pnrr_eur",
    "finanziamento_pnc_eur", "finanziamento_stato_eur", "finanziamento_stato_bilancio_eur", "finanziamento_foi_eur",
    "finanziamento_fpop_eur", "finanziamento_ue_eur", "finanziamento_regione_eur", "finanziamento_provincia_eur",
    "finanziamento_comune_eur", "finanziamento_altro_pubblico_eur", "finanziamento_privato_eur",
    "finanziamento_da_reperire_eur", "finanziamento_altri_fondi_eur", "pagamenti_regis_eur", "impegnato_eur",
    "pagato_eur", "economie_eur", "fase", "fase_nome", "avanzamento_percento", "inizio_lavori", "fine_prevista",
    "fine_stimata", "fine_effettiva", "revocato_il", "criticita_aperte", "criticita_gravi", "situazione_al",
    "ultimo_approvato_il", "dati_regis_al", "driver", "strategie", "dimostrativo",
]  # fmt: skip


def finto(codice: str, righe: Any) -> Dataset:
    """A data set of ours with other rows: `righe` gives them."""
    campi = (Campo("nome", Tipo.TESTO, "Nome.", "a"), DIMOSTRATIVO)
    return Dataset(codice, "Prova", "Prova.", (Tema.GOVE,), ("prova",), campi, righe, "prova")


class ContenutoTestCase(OpenDataTestCase):
    def approvato_di(self, opera_: Intervento, mese: date, impegnato: str, pagato: str) -> Avanzamento:
        """An approved month, with these amounts in EUR."""
        fine = (mese + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        return Avanzamento.objects.create(
            intervento=opera_,
            mese=mese,
            riferito_al=fine,
            stato="approvato",
            approvato_il=timezone.now(),
            impegnato=Decimal(impegnato),
            pagato=Decimal(pagato),
        )

    def test_csv_e_json_hanno_le_stesse_righe_e_i_campi_del_dizionario(self) -> None:
        self.approvato()
        opera("Scuola", comuni=("Rho", "Bresso"), driver=(2, 9), pnrr="10.50")
        self.rifai()
        for codice, dataset in DATASET.items():
            nomi = [campo.nome for campo in dataset.campi]
            righe, foglio = self.righe(codice), self.foglio(codice)
            assert righe, codice
            assert len(righe) == len(foglio), codice
            for riga, celle in zip(righe, foglio, strict=True):
                assert list(riga) == list(celle) == nomi
                assert not {nome: (riga[nome], celle[nome]) for nome in nomi if not _uguali(riga[nome], celle[nome])}
            documento = self.documento(codice)
            assert documento["righe"] == len(righe) == DatasetPubblico.objects.get(codice=codice).righe
            assert [campo["nome"] for campo in documento["metadati"]["campi"]] == nomi

    def test_i_campi_pubblici_di_un_intervento_sono_questi_e_non_altri(self) -> None:
        self.rifai()
        assert list(self.righe("interventi")[0]) == PUBBLICI

    def test_il_csv_segue_le_convenzioni(self) -> None:
        opera('Piazza; con "virgolette"\ne a capo', cup="B41J22999990001", finanziamento_totale="1234567.80")
        self.rifai()
        contenuto = self.contenuto("interventi", "csv")
        assert contenuto.startswith(b"id;cup;clp;")
        assert contenuto.endswith(b"\r\n")
        assert contenuto.count(b"\n") == contenuto.count(b"\r\n") == len(self.righe("interventi")) + 1
        riga = next(riga for riga in self.foglio("interventi") if riga["cup"] == "B41J22999990001")
        assert riga["titolo"] == 'Piazza; con "virgolette" e a capo'
        assert riga["finanziamento_totale_eur"] == "1234567.80"
        assert riga["monitorato_regis"] == "false"

    def test_nessun_testo_diventa_una_formula(self) -> None:
        for numero, inizio in enumerate(("=", "+", "-", "@")):
            opera(f"{inizio}1+1", cup=f"B41J22999{numero}50001", attuatore_denominazione=f"{inizio}SOMMA(A1)")
        self.rifai()
        celle = [(riga["titolo"], riga["soggetto_attuatore"]) for riga in self.foglio("interventi")]
        assert ("'=1+1", "'=SOMMA(A1)") in celle
        for codice in DATASET:
            for riga in csv.reader(io.StringIO(self.contenuto(codice, "csv").decode(), newline=""), delimiter=";"):
                assert not [cella for cella in riga if cella.startswith(("=", "+", "@", "\t"))], codice
        assert "=1+1" in {riga["titolo"] for riga in self.righe("interventi")}

    def test_bozze_e_inviati_non_ci_sono_e_gli_approvati_ci_sono_dal_giro_dopo(self) -> None:
        inviato = self.inviato(celle=celle_buone(testa__0__percentuale="37"))
        self.rifai()
        assert self.righe("avanzamenti") == []
        assert self.riga("interventi", id=self.opera.pk)["avanzamento_percento"] is None
        passaggi.approva(avanzamento_id=inviato.pk, autore=self.istruttore)
        assert self.righe("avanzamenti") == []
        self.bozza(mese=date(2025, 1, 1), celle=celle_buone(testa__0__percentuale="99"))
        self.rifai()
        (riga,) = self.righe("avanzamenti")
        assert (riga["cup"], riga["mese"], riga["avanzamento_percento"]) == (self.opera.cup, "2024-12-01", 37.0)
        assert self.riga("interventi", id=self.opera.pk)["avanzamento_percento"] == 37.0

    def test_di_un_mese_corretto_c_e_solo_la_versione_in_vigore(self) -> None:
        prima = self.approvato()
        nuova = bozze.correggi(avanzamento_id=prima.pk, motivo="Sbagliato", autore=self.istruttore)
        bozze.salva(avanzamento_id=nuova.pk, revisione=0, celle={"testa-0-percentuale": "11"}, autore=self.compilatore)
        self.rifai()
        assert [(riga["versione"], riga["avanzamento_percento"]) for riga in self.righe("avanzamenti")] == [(1, 10.0)]
        passaggi.invia(avanzamento_id=nuova.pk, autore=self.responsabile)
        passaggi.approva(avanzamento_id=nuova.pk, autore=self.istruttore)
        self.rifai()
        assert [(riga["versione"], riga["avanzamento_percento"]) for riga in self.righe("avanzamenti")] == [(2, 11.0)]

    def test_le_somme_fino_al_mese_ripartono_da_ogni_intervento(self) -> None:
        altra = intervento("Bresso")
        for quale, mese, impegnato, pagato in [
            (self.opera, date(2024, 10, 1), "0.10", "0.05"),
            (self.opera, date(2024, 11, 1), "0.20", "-0.02"),
            (altra, date(2024, 10, 1), "5.00", "1.00"),
        ]:
            self.approvato_di(quale, mese, impegnato, pagato)
        self.rifai()
        assert [
            (riga["id_intervento"], riga["pagato_mese_eur"], riga["impegnato_eur"], riga["pagato_eur"])
            for riga in self.righe("avanzamenti")
        ] == [
            (self.opera.pk, "0.05", "0.10", "0.05"),
            (self.opera.pk, "-0.02", "0.30", "0.03"),
            (altra.pk, "1.00", "5.00", "1.00"),
        ]
        pubblico = DatasetPubblico.objects.get(codice="avanzamenti")
        assert (pubblico.dal, pubblico.al) == (date(2024, 10, 1), date(2024, 11, 30))

    def test_un_piano_in_bozza_non_si_vede_da_nessuna_parte(self) -> None:
        piano = PianoIntegrato.objects.create(
            codice="SEGRETO", slug="segreto", titolo="Piano segreto", fonte=Fonte.objects.get(codice="portale")
        )
        InterventoNelPiano.objects.create(piano=piano, intervento=self.opera)
        Traguardo.objects.create(
            piano=piano,
            codice="T-SEGRETO",
            titolo="Traguardo segreto",
            tipo="milestone",
            scadenza_iniziale=DICEMBRE,
            scadenza=DICEMBRE,
            fonte=piano.fonte,
        )
        self.rifai()
        for codice in DATASET:
            assert b"SEGRETO" not in self.contenuto(codice, "csv"), codice
            assert b"SEGRETO" not in self.contenuto(codice, "json"), codice
        assert self.riga("interventi", id=self.opera.pk)["piano"] == ""
        PianoIntegrato.objects.filter(pk=piano.pk).update(stato=StatoPiano.PRESENTATO)
        self.rifai()
        assert self.riga("interventi", id=self.opera.pk)["piano"] == "SEGRETO"
        assert self.riga("finanziamenti", id_intervento=self.opera.pk)["piano"] == "SEGRETO"
        assert self.riga("piani", codice="SEGRETO")["interventi"] == 1
        assert self.riga("piani", codice="SEGRETO")["finanziamento_pnrr_eur"] == "1000000.00"
        assert self.riga("traguardi", codice="T-SEGRETO")["piano"] == "SEGRETO"

    def test_ogni_fonte_ha_la_sua_riga_e_chi_non_da_nulla_nessuna(self) -> None:
        nuova = opera("Scuola", pnrr="10.50")
        nuova.finanziamenti.create(fonte="comune", importo=Decimal("0.01"))
        nuova.finanziamenti.create(fonte="regione", importo=None)
        self.rifai()
        fonti = [
            (riga["fonte"], riga["fonte_nome"], riga["importo_eur"])
            for riga in self.righe("finanziamenti")
            if riga["id_intervento"] == nuova.pk
        ]
        assert fonti == [("pnrr", "PNRR", "10.50"), ("comune", "Comune", "0.01")]

    def test_il_territorio_ha_tutti_i_comuni_e_conta_chi_ne_tocca_piu_d_uno_in_ognuno(self) -> None:
        opera("Ciclabile", comuni=("Rho", "Bresso"), finanziamento_totale="100.10", fine_effettiva=date(2024, 1, 1))
        self.rifai()
        righe = self.righe("territorio")
        assert len(righe) == Comune.objects.metropolitani().count() == 133
        assert all(riga["zona"] and riga["zona_nome"] for riga in righe)
        rho, bresso = self.riga("territorio", comune="Rho"), self.riga("territorio", comune="Bresso")
        assert (rho["codice_istat"], rho["interventi"], rho["interventi_conclusi"]) == ("015182", 2, 1)
        assert (bresso["interventi"], bresso["finanziamento_totale_eur"]) == (1, "100.10")
        assert rho["finanziamento_totale_eur"] == "1000100.10"

    def test_i_dati_di_dimostrazione_sono_segnati_riga_per_riga_e_contati(self) -> None:
        self.rifai()
        assert not DatasetPubblico.objects.exclude(dimostrative=0).exists()
        opera("Inventata", cup="Z20Z25000010001", comuni=("Rho",), dimostrativo=True, pnrr="1.00")
        self.rifai()
        assert self.riga("interventi", cup="Z20Z25000010001")["dimostrativo"] is True
        assert self.riga("interventi", id=self.opera.pk)["dimostrativo"] is False
        assert self.riga("territorio", comune="Rho")["dimostrativo"] is True
        contati = dict(DatasetPubblico.objects.values_list("codice", "dimostrative"))
        assert contati == {
            "interventi": 1, "finanziamenti": 1, "territorio": 1, "avanzamenti": 0, "piani": 0, "traguardi": 0
        }  # fmt: skip
        assert self.documento("interventi")["righe_dimostrative"] == 1


class AggiornamentoTestCase(OpenDataTestCase):
    def test_il_file_scaricato_ha_i_byte_e_l_impronta_dichiarati(self) -> None:
        self.rifai()
        for codice in DATASET:
            for formato in ("csv", "json"):
                file, contenuto = self.file(codice, formato), self.contenuto(codice, formato)
                assert (file.byte, file.sha256) == (len(contenuto), hashlib.sha256(contenuto).hexdigest())

    def test_se_il_contenuto_non_cambia_restano_file_e_data_e_si_muove_solo_il_controllo(self) -> None:
        assert self.rifai() == list(DATASET)
        campi = ("codice", "controllato_il", "aggiornato_il", "pubblicato_il", "righe", "impronta")
        prima = {riga[0]: riga for riga in DatasetPubblico.objects.values_list(*campi)}
        file = self.nel_deposito()
        assert self.rifai() == []
        for codice, controllato_il, *resto in DatasetPubblico.objects.values_list(*campi):
            assert controllato_il > prima[codice][1]
            assert resto == list(prima[codice][2:])
        assert self.nel_deposito() == file

    def test_se_il_contenuto_cambia_il_vecchio_file_resta_fino_al_giro_dopo(self) -> None:
        self.rifai()
        vecchio, altro = self.file("interventi", "csv"), self.file("piani", "csv")
        da_quando = vecchio.dataset.aggiornato_il
        opera("Nuova")
        assert self.rifai() == ["interventi"]
        nuovo = self.file("interventi", "csv")
        assert nuovo.deposito.name != vecchio.deposito.name
        assert {vecchio.deposito.name, nuovo.deposito.name} <= self.nel_deposito()
        assert nuovo.dataset.aggiornato_il > da_quando
        self.rifai()
        assert vecchio.deposito.name not in self.nel_deposito()
        assert {nuovo.deposito.name, altro.deposito.name} <= self.nel_deposito()
        assert len(self.nel_deposito()) == 2 * len(DATASET)

    def test_cambiando_ogni_volta_restano_solo_l_ultimo_e_il_penultimo(self) -> None:
        nomi = []
        for numero in range(4):
            opera(f"Nuova {numero}")
            self.rifai()
            nomi.append(self.file("interventi", "json").deposito.name)
        assert [nome in self.nel_deposito() for nome in nomi] == [False, False, True, True]

    def test_chi_si_ferma_a_meta_lascia_la_versione_di_prima(self) -> None:
        self.rifai()
        prima, deposito = self.contenuto("interventi", "csv"), self.nel_deposito()

        def righe(istante: datetime) -> Iterator[dict[str, Any]]:
            for numero in range(5_000):
                yield {"nome": str(numero), "dimostrativo": False}

        def ferma() -> None:
            raise LavoroAnnullato

        with patch.dict(DATASET, interventi=finto("interventi", righe)), pytest.raises(LavoroAnnullato):
            open_data.aggiorna(codice="interventi", istante=timezone.now(), controlla=ferma)
        assert (self.contenuto("interventi", "csv"), self.nel_deposito()) == (prima, deposito)

    def test_se_la_base_dati_rifiuta_i_file_nuovi_spariscono_e_i_vecchi_restano(self) -> None:
        self.rifai()
        prima, deposito = DatasetPubblico.objects.values().get(codice="interventi"), self.nel_deposito()
        # A count below zero, which a constraint refuses after the files are in the store.
        rotto = finto("interventi", lambda istante: iter([{"nome": "a", "dimostrativo": -1}]))
        with patch.dict(DATASET, interventi=rotto), pytest.raises(IntegrityError):
            open_data.aggiorna(codice="interventi", istante=timezone.now())
        assert DatasetPubblico.objects.values().get(codice="interventi") == prima
        assert self.nel_deposito() == deposito

    def test_se_il_deposito_non_si_scrive_resta_la_versione_di_prima(self) -> None:
        self.rifai()
        prima = DatasetPubblico.objects.values().get(codice="interventi")
        opera("Nuova")
        # A file where the folder should be.
        guasto = f"{settings.MEDIA_ROOT}/{self.file('interventi', 'csv').deposito.name}"
        with self.settings(MEDIA_ROOT=guasto), pytest.raises(NotADirectoryError):
            self.rifai()
        assert DatasetPubblico.objects.values().get(codice="interventi") == prima
        assert len(self.foglio("interventi")) == prima["righe"]

    def test_chi_fu_ucciso_mentre_scriveva_lascia_file_che_si_tolgono_dopo_un_giorno(self) -> None:
        self.rifai()
        buoni = self.nel_deposito()
        vecchio = default_storage.save("open-data/orfano", ContentFile(b"a"))
        fresco = default_storage.save("open-data/fresco", ContentFile(b"a"))
        ieri = time.time() - 25 * 3600
        for nome in {vecchio, *buoni}:
            os.utime(Path(settings.MEDIA_ROOT, nome), (ieri, ieri))
        self.rifai()
        assert self.nel_deposito() == {*buoni, fresco}

    def test_ogni_cambiamento_resta_nel_registro_e_l_assenza_di_cambiamenti_no(self) -> None:
        self.rifai()
        self.rifai()
        eventi = Evento.objects.filter(tipo_oggetto="interoperabilita.datasetpubblico", verbo="aggiornato")
        assert sorted(eventi.values_list("oggetto", flat=True)) == sorted(DATASET)

    def test_scrivere_molte_righe_non_occupa_piu_memoria(self) -> None:
        def righe(istante: datetime) -> Iterator[dict[str, Any]]:
            for numero in range(100_000):
                yield {"nome": f"{numero} {'lungo ' * 20}", "dimostrativo": False}

        tracemalloc.start()
        try:
            adesso = timezone.now()
            with scritto(finto("grande", righe), istante=adesso, adesso=adesso, controlla=lambda: None) as esito:
                _ora, massimo = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert (esito.righe, esito.file["json"].byte > 14_000_000) == (100_000, True)
        assert massimo < 10_000_000


def _uguali(valore: Any, cella: str) -> bool:
    """Whether a cell of the CSV says what the JSON says, in the words of the conventions."""
    if valore is None:
        return cella == ""
    if isinstance(valore, bool):
        return cella == str(valore).lower()
    if isinstance(valore, list):
        return cella == " | ".join(map(str, valore))
    if isinstance(valore, float):
        return Decimal(cella) == Decimal(str(valore))
    return cella == str(valore)
