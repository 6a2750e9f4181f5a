"""What the workbook does not take: whole files, rows, cells; and the file that is given back."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import SimpleTestCase, override_settings
from django.utils import timezone

from monitoraggio import scheda
from monitoraggio.foglio import colonne
from monitoraggio.foglio.lettura import SPACCHETTATO, leggi, verifica
from monitoraggio.foglio.tipi import FoglioRifiutato, Genere, Libro, Valore
from monitoraggio.models import Avanzamento, FoglioCaricato
from monitoraggio.models.fogli import StatoFoglio
from monitoraggio.services import foglio as servizi
from tests.monitoraggio.base import NOVEMBRE, intervento
from tests.monitoraggio.base_foglio import FoglioTestCase, impegno, in_fondo, libro_di, pagina, riga

IMPORTO = scheda.IMPEGNI.campo("importo")
DATA = scheda.IMPEGNI.campo("data")
PERCENTO = scheda.TESTA.campo("percentuale")


class CelleTestCase(SimpleTestCase):
    def test_le_celle_si_leggono_come_si_scrivono_in_italia(self) -> None:
        casi: list[tuple[scheda.Campo, Valore, str]] = [
            (IMPORTO, "1.234,56", "1.234,56"),
            (IMPORTO, " € 1 234,5 ", "1.234,50"),
            (IMPORTO, 1234.56, "1.234,56"),
            (IMPORTO, 999999999999.99, "999.999.999.999,99"),
            (DATA, date(2024, 12, 31), "2024-12-31"),
            (DATA, datetime(2024, 12, 31, 10, 30, tzinfo=UTC), "2024-12-31"),
            (DATA, "31/12/2024", "2024-12-31"),
            (DATA, 45657.0, "2024-12-31"),
            (PERCENTO, 45.5, "45,50"),
            (PERCENTO, "45,5 %", "45,50"),
            (PERCENTO, "0,46 %", "0,46"),
            (PERCENTO, 0, "0,00"),
            (PERCENTO, 1.01, "1,01"),
            (PERCENTO, 100.0, "100,00"),
            (scheda.IMPEGNI.campo("tipo"), "disimpegno", "D"),
            (scheda.IMPEGNI.campo("cig"), "a000000001 ", "A000000001"),
            (scheda.COSTI.campo("anno"), 2024.0, "2024"),
            (scheda.TESTA.campo("senza_movimenti"), True, "si"),
            (scheda.TESTA.campo("senza_movimenti"), "No", ""),
            (scheda.INDICATORI.campo("realizzato"), 1.234, "1,234"),
            (scheda.INDICATORI.campo("realizzato"), "1.234", "1.234"),
        ]
        for campo, valore, atteso in casi:
            with self.subTest(campo=campo.nome, valore=valore):
                assert colonne.da_cella(campo, valore) == atteso

    def test_le_celle_che_non_si_leggono_dicono_perche(self) -> None:
        casi: list[tuple[scheda.Campo, Valore, str]] = [
            (IMPORTO, "centomila", "non si legge come numero"),
            (IMPORTO, -5.0, "negativo"),
            (IMPORTO, 10 / 3, "più di due decimali"),
            (DATA, 20241231.0, "non è un giorno"),
            (DATA, "31/02/2024", "non è un giorno"),
            (DATA, time(10, 30), "un'ora"),
            (PERCENTO, 0.455, "45,5 per cento"),
            (PERCENTO, 1.0, "due modi"),
            (PERCENTO, 100.01, "più di 100"),
            (scheda.IMPEGNI.campo("tipo"), "Acconto", "non è fra le scelte"),
            (scheda.IMPEGNI.campo("codice"), date(2024, 1, 1), "formato «Testo»"),
            (scheda.IMPEGNI.campo("codice"), "x" * 21, "al massimo sono 20"),
            (scheda.TESTA.campo("senza_movimenti"), "forse", "non è un sì"),
        ]
        for campo, valore, atteso in casi:
            with self.subTest(campo=campo.nome, valore=valore):
                with pytest.raises(ValidationError) as errore:
                    colonne.da_cella(campo, valore)
                assert atteso in " ".join(errore.value.messages)


class FileTestCase(FoglioTestCase):
    def rifiutato(self, byte: bytes, nome: str = "foglio.xlsx") -> str:
        with pytest.raises(FoglioRifiutato) as rifiuto:
            servizi.carica(nome=nome, file=ContentFile(byte), mese=NOVEMBRE, autore=self.compilatore)
        assert not FoglioCaricato.objects.exists()
        return str(rifiuto.value)

    def test_cio_che_non_e_un_xlsx_si_rifiuta_subito(self) -> None:
        byte = self.scarica()
        assert "non è un file .xlsx" in self.rifiutato(byte, "foglio.ods")
        assert "non è un file .xlsx" in self.rifiutato(byte, "foglio.xlsm")
        assert "vuoto" in self.rifiutato(b"")
        assert "non si apre" in self.rifiutato(b"CUP;Importo\r\n")
        assert "immagine PNG" in self.rifiutato(b"\x89PNG\r\n\x1a\n" + bytes(99))
        assert "password" in self.rifiutato(b"\xd0\xcf\x11\xe0" + bytes(99))

    def test_il_file_troncato_si_rifiuta_con_una_frase_chiara(self) -> None:
        byte = self.scarica()
        for lungo in (len(byte) // 2, len(byte) - 10):
            assert "troncato o rovinato" in self.rifiutato(byte[:lungo])

    def test_la_bomba_zip_non_si_apre(self) -> None:
        archivio = io.BytesIO(self.scarica())
        with zipfile.ZipFile(archivio, "a", zipfile.ZIP_DEFLATED) as aperto:
            aperto.writestr("xl/worksheets/sheet99.xml", b"0" * (SPACCHETTATO + 1))
        assert len(archivio.getvalue()) < 1_000_000
        assert "supera 80 MB" in self.rifiutato(archivio.getvalue())

    def test_il_foglio_con_celle_lontanissime_non_riempie_la_memoria(self) -> None:
        archivio = io.BytesIO()
        cartella = xlsxwriter.Workbook(archivio)
        cartella.add_worksheet("Impegni").write_string(1_048_575, 16_383, "x")
        cartella.close()
        assert "troppo esteso" in self.rifiutato(archivio.getvalue())

    @override_settings(FOGLIO_MEGABYTE=0.001)
    def test_la_dimensione_massima_vale(self) -> None:
        assert "più grande di" in self.rifiutato(self.scarica())

    def test_una_cartella_di_altri_si_respinge_leggendola(self) -> None:
        archivio = io.BytesIO()
        cartella = xlsxwriter.Workbook(archivio)
        cartella.add_worksheet("Impegni").write_string(0, 0, "CUP")
        cartella.close()
        foglio = self.carica(archivio.getvalue())
        assert foglio.stato == StatoFoglio.RESPINTO
        assert "Non è un foglio scaricato da questa pagina" in foglio.errore

    def test_il_foglio_di_un_altro_mese_si_respinge(self) -> None:
        foglio = self.carica(self.scarica(mese=NOVEMBRE))
        assert foglio.stato == StatoFoglio.RESPINTO
        assert "è di novembre 2024" in foglio.errore
        assert not Avanzamento.objects.exists()

    def test_una_formula_in_errore_non_passa_per_una_cella_vuota(self) -> None:
        byte = self._con_xml(self.scarica(), b'<c r="J7" t="e"><f>1/0</f><v>#DIV/0!</v></c>')
        foglio = self.carica(byte)
        assert foglio.stato == StatoFoglio.RESPINTO
        assert "La cella J7 contiene una formula in errore" in foglio.errore

    def test_le_colonne_nascoste_servono(self) -> None:
        byte = self.scarica()
        libro_xml = self._senza_titolo(byte, "_riga", "altro")
        with pytest.raises(FoglioRifiutato, match="non ci sono più le colonne _riga"):
            leggi(io.BytesIO(libro_xml), "foglio.xlsx")

    def test_una_colonna_e_un_foglio_in_piu_si_dicono(self) -> None:
        foglio = self.carica(self._senza_titolo(self.scarica(), "Beneficiario", "Fornitore"))
        note = self.esiti(foglio, Genere.NOTA)
        assert [(n.foglio, n.colonna) for n in note] == [("Impegni", "Fornitore")]
        assert self.esiti(foglio, Genere.CAMBIO, Genere.RIFIUTO) == []

    @staticmethod
    def _con_xml(byte: bytes, cella: bytes) -> bytes:
        fuori = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(byte)) as dentro, zipfile.ZipFile(fuori, "w") as nuovo:
            for nome in dentro.namelist():
                testo = dentro.read(nome)
                if nome == "xl/worksheets/sheet3.xml":
                    testo = testo.replace(b"</row></sheetData>", cella + b"</row></sheetData>")
                    assert cella in testo
                nuovo.writestr(nome, testo)
        return fuori.getvalue()

    @staticmethod
    def _senza_titolo(byte: bytes, titolo: str, altro: str) -> bytes:
        """The same file with a header changed, as somebody who types over it."""
        fuori = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(byte)) as dentro, zipfile.ZipFile(fuori, "w") as nuovo:
            for nome in dentro.namelist():
                testo = dentro.read(nome)
                if nome == "xl/sharedStrings.xml":
                    assert f"<t>{titolo}</t>".encode() in testo
                    testo = testo.replace(f"<t>{titolo}</t>".encode(), f"<t>{altro}</t>".encode())
                nuovo.writestr(nome, testo)
        return fuori.getvalue()


class RigheRifiutateTestCase(FoglioTestCase):
    def test_il_cup_di_altri_e_quello_che_non_c_e_hanno_la_stessa_risposta(self) -> None:
        di_bresso = intervento("Bresso")

        def modifica(libro: Libro) -> None:
            in_fondo(libro, "impegni", di_bresso.cup, **impegno())
            in_fondo(libro, "impegni", "B99M24999990001", **impegno())
            riga(libro, "sal").intervento = di_bresso.pk
            riga(libro, "sal").valori["numero"] = "1"

        foglio = self.carica(self.modificato(modifica))
        rifiuti = self.esiti(foglio, Genere.RIFIUTO)
        assert len(rifiuti) == 3
        assert {r.ragione for r in rifiuti} == {
            "Fra gli interventi che compili non c'è nessuno con questo CUP: controllalo."
        }
        assert not foglio.interventi.exists()
        assert di_bresso.titolo.encode() not in foglio.restituito.read()

    def test_il_foglio_di_un_altro_comune_non_scrive_nulla(self) -> None:
        intervento("Bresso")
        di_bresso = self.scarica(self.altra)
        byte = self.modificato(
            lambda lib: lib.schede["testa"].righe[0].valori.update(percentuale=Decimal(9)), di_bresso
        )
        foglio = self.carica(byte)
        assert self.esiti(foglio, Genere.CAMBIO) == []
        assert self.esiti(foglio, Genere.RIFIUTO) != []
        assert not Avanzamento.objects.exists()

    def test_lo_stesso_cup_su_due_progetti_vuole_il_codice_locale(self) -> None:
        gemello = intervento(cup=self.opera.cup)

        def modifica(libro: Libro) -> None:
            in_fondo(libro, "impegni", self.opera.cup, **impegno("1"))
            in_fondo(libro, "impegni", self.opera.cup, **impegno("2")).clp = gemello.clp

        foglio = self.carica(self.modificato(modifica))
        assert ["anche il codice locale" in r.ragione for r in self.esiti(foglio, Genere.RIFIUTO)] == [True]
        assert [riga.intervento for riga in foglio.interventi.all()] == [gemello]

    def test_la_cella_rifiutata_non_ferma_le_altre_della_riga(self) -> None:
        byte = self.modificato(lambda libro: riga(libro, "impegni").valori.update(impegno() | {"importo": "tanto"}))
        foglio = self.scritto(byte)
        dopo = self.bozza_di()
        assert [nome for nome in dopo if nome.startswith("impegni-") and nome.endswith("-importo")] == []
        assert "100/2024" in dopo.values()
        rifiuto = self.esiti(foglio, Genere.RIFIUTO)[0]
        assert (rifiuto.foglio, rifiuto.colonna, rifiuto.dopo) == ("Impegni", "Importo (EUR)", "tanto")


class FoglioRestituitoTestCase(FoglioTestCase):
    def test_le_celle_rifiutate_sono_segnate_e_elencate(self) -> None:
        def modifica(libro: Libro) -> None:
            riga(libro, "impegni").valori.update(impegno() | {"importo": "tanto"})
            riga(libro, "testa", "0").valori["percentuale"] = Decimal(20)

        foglio = self.scritto(self.modificato(modifica))
        byte = foglio.restituito.read()
        esiti = pagina(byte, "Esiti")
        assert esiti[0][:3] == ["Foglio", "Riga", "Colonna"]
        rifiutate = [r for r in esiti if r[4] == "rifiutato"]
        assert [(r[0], r[2], r[3], r[5]) for r in rifiutate] == [("Impegni", "Importo (EUR)", self.opera.cup, "tanto")]
        impegni = pagina(byte, "Impegni")
        numero = int(str(rifiutate[0][1]).removesuffix(".0"))
        posto = impegni[0].index("Importo (EUR) *")
        assert impegni[numero - 1][posto] == "tanto"
        with zipfile.ZipFile(io.BytesIO(byte)) as archivio:
            cartella = archivio.read("xl/workbook.xml").decode()
            nomi = re.findall(r'<sheet name="([^"]+)"', cartella)
            xml = archivio.read(f"xl/worksheets/sheet{nomi.index('Impegni') + 1}.xml").decode()
            stili = archivio.read("xl/styles.xml").decode()
            commenti = "".join(archivio.read(n).decode() for n in archivio.namelist() if "/comments" in n)
        cella = re.search(rf'<c r="{chr(65 + posto)}{numero}" s="(\d+)"', xml)
        assert cella is not None
        formato = re.findall(r"<xf [^>]*?fillId=\"(\d+)\"", stili.split("<cellXfs")[1])[int(cella[1])]
        fondi = re.findall(r"<fill>.*?</fill>", stili)
        assert "FBD5D5" in fondi[int(formato)]
        assert "non si legge come numero" in commenti

    def test_si_corregge_e_si_ricarica_il_foglio_restituito(self) -> None:
        def modifica(libro: Libro) -> None:
            riga(libro, "impegni").valori.update(impegno() | {"importo": "tanto"})
            in_fondo(libro, "pagamenti", self.opera.cup, codice="M-1", importo="poco")

        restituito = self.scritto(self.modificato(modifica)).restituito.read()

        def correzione(libro: Libro) -> None:
            for sezione, importo in (("impegni", "700"), ("pagamenti", "1.234,5")):
                sbagliata = next(r for r in libro.schede[sezione].righe if r.valori["importo"] in {"tanto", "poco"})
                sbagliata.valori["importo"] = importo

        foglio = self.scritto(self.modificato(correzione, restituito))
        assert {c.dopo for c in self.esiti(foglio, Genere.CAMBIO)} == {"700,00", "1.234,50"}
        assert self.esiti(foglio, Genere.RIFIUTO, Genere.SCONTRO) == []
        importi = [
            v for n, v in self.bozza_di().items() if n.split("-")[0] in {"impegni", "pagamenti"} and "importo" in n
        ]
        assert sorted(importi) == ["1.234,50", "700,00"]

    def test_il_foglio_restituito_dice_gli_avvisi_con_il_posto_per_spiegarli(self) -> None:
        def modifica(libro: Libro) -> None:
            riga(libro, "impegni").valori.update(impegno("100/2024"))
            riga(libro, "pagamenti").valori.update(
                tipo="Pagamento", codice="M-1", data=date(2024, 12, 20), importo=Decimal(10), impegno="100/2024"
            )

        byte = self.scritto(self.modificato(modifica)).restituito.read()
        libro = libro_di(byte)
        da_spiegare = libro.schede["spiegazioni"].righe
        assert any("giustificativo" in r.nome for r in da_spiegare)
        for r in da_spiegare:
            r.valori["testo"] = "In arrivo."
        self.scritto(self.modificato(lambda nuovo: nuovo.schede.update(spiegazioni=libro.schede["spiegazioni"]), byte))
        assert "In arrivo." in {v for n, v in self.bozza_di().items() if n.startswith("spiegazioni-giustificativo")}

    def test_i_file_vecchi_si_eliminano_e_gli_esiti_restano(self) -> None:
        foglio = self.scritto(
            self.modificato(lambda lib: riga(lib, "testa", "0").valori.update(percentuale=Decimal(20)))
        )
        deposito, nomi = foglio.deposito.storage, (foglio.deposito.name, foglio.restituito.name)
        assert all(nome is not None and ".xlsx" not in nome and deposito.exists(nome) for nome in nomi)
        with override_settings(FOGLIO_GIORNI=30):
            assert servizi.elimina_vecchi(adesso=foglio.caricato_il + timedelta(days=30)) == 0
            assert servizi.elimina_vecchi(adesso=timezone.now() + timedelta(days=31)) == 1
        assert not any(deposito.exists(str(nome)) for nome in nomi)
        foglio.refresh_from_db()
        assert foglio.stato == StatoFoglio.APPLICATO
        assert len(self.esiti(foglio, Genere.CAMBIO)) == 1

    def test_scartare_elimina_il_file_e_non_scrive(self) -> None:
        foglio = self.carica(
            self.modificato(lambda lib: riga(lib, "testa", "0").valori.update(percentuale=Decimal(20)))
        )
        nome = str(foglio.deposito.name)
        with self.captureOnCommitCallbacks(execute=True):
            servizi.scarta(foglio_id=foglio.pk, autore=self.compilatore)
        assert not foglio.deposito.storage.exists(nome)
        assert not Avanzamento.objects.exists()


class VerificaTestCase(SimpleTestCase):
    def test_la_verifica_lascia_il_file_all_inizio(self) -> None:
        archivio = io.BytesIO()
        cartella = xlsxwriter.Workbook(archivio)
        cartella.add_worksheet()
        cartella.close()
        verifica(archivio, "Prova.XLSX")
        assert archivio.tell() == 0
