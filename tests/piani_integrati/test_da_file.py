"""Assigning from a file: columns by their names, every row accounted for, nothing half written."""

from __future__ import annotations

import csv
import io
import secrets
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.conf import settings
from django.core.management import CommandError, call_command
from django.urls import reverse

from enti.models import Comune
from interventi.importazione.tipi import FileNonLeggibile
from interventi.models import Finanziamento, Intervento, LegameDriver, Localizzazione, Procedura, Submisura
from interventi.scelte import FonteFinanziamento
from piani_integrati import selectors, services
from piani_integrati.flusso import StatoPiano
from piani_integrati.forms import FileProvatoForm
from piani_integrati.lettura import leggi
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from registro.models import Evento
from tests.piani_integrati.base import PianiTestCase, crea_intervento, cup, gara

DATI = Path(settings.BASE_DIR).parent / "shared" / "data"
PUI = DATI / "pui_milano" / "pui_milano_interventi.csv"
GARE = DATI / "regis" / "PNRR_Gare_Aggiudicatari_2023-03-01_milano_e_pui.csv"


def in_byte(*righe: str) -> bytes:
    return "\r\n".join(righe).encode()


def xlsx(*righe: tuple[Any, ...]) -> bytes:
    contenuto = io.BytesIO()
    libro = xlsxwriter.Workbook(contenuto)
    libro.add_worksheet("Vuoto")
    foglio = libro.add_worksheet("Piani")
    for numero, riga in enumerate(righe):
        foglio.write_row(numero, 0, riga)
    libro.close()
    return contenuto.getvalue()


@pytest.mark.parametrize(
    "contenuto",
    [
        in_byte("CUP;Piano", "A1;SPUGNA"),
        b"\xef\xbb\xbf" + in_byte("CUP;Piano (inferito)", "A1;SPUGNA"),
        in_byte("cup,titolo,PIANO", 'A1,"uno, e due",SPUGNA'),
        in_byte("Codice CUP\tPiano integrato", "A1\tSPUGNA"),
        in_byte("", ";;", "CUP;Piano", "", "A1;SPUGNA"),
        "CUP;Piano;Città\nA1;SPUGNA;È".encode("cp1252"),
        "CUP;Piano\nA1;SPUGNA".encode("utf-16"),
    ],
)
def test_le_colonne_si_trovano_dai_nomi(contenuto: bytes) -> None:
    righe = leggi("piani.csv", contenuto)
    assert [(riga.valori["cup"], riga.valori["piano"]) for riga in righe] == [("A1", "SPUGNA")]


def test_un_foglio_di_calcolo_vale_come_un_csv() -> None:
    righe = leggi("piani.xlsx", xlsx(("CUP", "Piano", "Driver"), ("A1", "SPUGNA", 2)))
    assert [riga.valori for riga in righe] == [{"cup": "A1", "piano": "SPUGNA", "driver": "2"}]


@pytest.mark.parametrize(
    ("nome", "contenuto", "dice"),
    [
        ("vuoto.csv", b"", "vuoto"),
        ("foto.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "PNG"),
        ("piani.xlsx", b"PK\x03\x04 troncato", "troncato o rovinato"),
        ("piani.csv", in_byte("CUP;Titolo", "A1;x"), "manca la colonna «Piano»"),
        ("piani.csv", in_byte("Piano;Titolo", "A1;x"), "manca la colonna «CUP»"),
        ("piani.csv", in_byte("CUP;Piano;Codice CUP", "A1;x;A2"), "due colonne «Codice CUP»"),
        ("piani.csv", in_byte("CUP;Piano"), "non ha righe"),
        ("piani.csv", in_byte("CUP;Piano", '"A1;SPUGNA'), ""),
    ],
)
def test_un_file_che_non_va_dice_che_cosa_non_va(nome: str, contenuto: bytes, dice: str) -> None:
    if not dice:
        assert [riga.valori["piano"] for riga in leggi(nome, contenuto)] == [""]
        return
    with pytest.raises(FileNonLeggibile, match=dice):
        leggi(nome, contenuto)


class DaFileTestCase(PianiTestCase):
    def assegna(self, *righe: str, prova: bool = False) -> services.EsitoFile:
        return services.assegna_da_file(
            nome="piani.csv", contenuto=in_byte(*righe), autore=self.coordinatore, prova=prova
        )

    def test_ogni_riga_e_presa_o_rifiutata_con_il_suo_motivo(self) -> None:
        crea_intervento(1)
        crea_intervento(2)
        PianoIntegrato.objects.filter(codice="MICA").update(stato=StatoPiano.CONCLUSO)
        esito = self.assegna(
            "CUP;Piano;Driver",
            f"{cup(1)};spugna;2",
            f"{cup(3)};SPUGNA;",
            "B42J2200001000;SPUGNA;",
            f"{cup(2)};PIPPO;",
            f"{cup(2)};;",
            f"{cup(2)};CAMBIO;99",
            f"{cup(1)};CAMBIO;",
            f"{cup(1)};SPUGNA;",
            f"{cup(2)};MICA;",
        )
        motivi = {rilievo.riga: rilievo.ragione for rilievo in esito.rifiutate}
        assert sorted(motivi) == [3, 4, 5, 6, 7, 8, 10]
        assert "importalo da ReGiS" in motivi[3]
        assert "14 caratteri, ne servono 15" in motivi[4]
        assert "I piani sono: " in motivi[5]
        assert "CAMBIO" in motivi[5]
        assert "Manca il piano" in motivi[6]
        assert "«99» non è fra i valori di Driver" in motivi[7]
        assert "Alla riga 2 lo stesso CUP è del piano SPUGNA" in motivi[8]
        assert "concluso" in motivi[10]
        assert (esito.lette, esito.prese) == (9, 2)
        assert list(InterventoNelPiano.objects.values_list("intervento__cup", "piano__codice")) == [(cup(1), "SPUGNA")]
        assert LegameDriver.objects.get().driver.numero == 2

    def test_lo_stesso_file_due_volte_non_cambia_nulla(self) -> None:
        crea_intervento(1)
        righe = ("CUP;Piano;STTM;Evidenza piano", f"{cup(1)};SPUGNA;STTM 1;gara")
        assert self.assegna(*righe).cambiati == 2
        eventi = Evento.objects.count()
        ancora = self.assegna(*righe)
        assert (ancora.cambiati, ancora.prese, ancora.evento) == (0, 1, None)
        assert Evento.objects.count() == eventi

    def test_la_prova_non_scrive_nulla(self) -> None:
        crea_intervento(1)
        esito = self.assegna("CUP;Piano", f"{cup(1)};SPUGNA", prova=True)
        assert esito.piani[0].nuovi == 1
        assert not InterventoNelPiano.objects.exists()
        assert not InterventoNelPiano.storico.exists()
        assert not Evento.objects.filter(verbo="interventi assegnati").exists()

    def test_un_cup_con_piu_codici_locali_va_tutto_nel_piano_se_il_file_non_distingue(self) -> None:
        primo, secondo = crea_intervento(1, clp="A"), crea_intervento(1, clp="B")
        self.assegna("CUP;Piano;CLP", f"{cup(1)};SPUGNA;B")
        assert list(InterventoNelPiano.objects.values_list("intervento", flat=True)) == [secondo.pk]
        self.assegna("CUP;Piano", f"{cup(1)};SPUGNA")
        assert set(InterventoNelPiano.objects.values_list("intervento", flat=True)) == {primo.pk, secondo.pk}

    def test_una_submisura_che_non_corrisponde_si_spiega(self) -> None:
        crea_intervento(1, clp="A")
        esito = self.assegna("CUP;Piano;Submisura", f"{cup(1)};SPUGNA;M5C2I2.01.00")
        assert "nel registro è in M5C2I2.02.03 A" in esito.rifiutate[0].ragione

    def test_i_dati_inventati_non_si_mescolano_e_la_riga_lo_dice(self) -> None:
        crea_intervento(1)
        crea_intervento(2, dimostrativo=True)
        esito = self.assegna("CUP;Piano", f"{cup(1)};SPUGNA", f"{cup(2)};SPUGNA")
        assert [(r.riga, r.cup) for r in esito.rifiutate] == [(3, cup(2))]
        assert (esito.lette, esito.prese) == (2, 1)

    def test_una_gara_che_nomina_un_altro_piano_e_un_dubbio_e_non_un_rifiuto(self) -> None:
        sospetto, chiaro = crea_intervento(1), crea_intervento(2)
        gara(sospetto, "PIANO URBANO INTEGRATO CITTÀ METROPOLITANA SPUGNA - COMUNI VARI")
        gara(sospetto, "PIANO URBANO INTEGRATO CITTÀ METROPOLITANA SPUGNA - LOTTO 2")
        gara(chiaro, "BICIPLAN METROPOLITANO CAMBIO - LINEA 7")
        esito = self.assegna("CUP;Piano", f"{cup(1)};CAMBIO", f"{cup(2)};CAMBIO")
        assert [(r.riga, r.cup) for r in esito.dubbie] == [(2, cup(1))]
        assert "nomina SPUGNA" in esito.dubbie[0].ragione
        assert InterventoNelPiano.objects.filter(piano__codice="CAMBIO").count() == 2

    def test_dalla_pagina_si_prova_poi_si_scrive_e_la_ricevuta_resta(self) -> None:
        crea_intervento(1)
        indirizzo = reverse("piani-assegna-file")
        contenuto = in_byte("CUP;Piano", f"{cup(1)};SPUGNA", f"{cup(9)};SPUGNA")

        def invia(**campi: str) -> Any:
            file = io.BytesIO(contenuto)
            file.name = "piani.csv"
            return self.client.post(indirizzo, {"file": file, **campi})

        prova = invia(prova="on")
        assert "non è stato scritto nulla" in prova.content.decode()
        assert cup(9) in prova.content.decode()
        assert not InterventoNelPiano.objects.exists()
        fatta = invia()
        assert fatta.status_code == 302
        ricevuta = self.client.get(fatta.headers["Location"]).content.decode()
        assert "Assegnati a SPUGNA: 1." in ricevuta
        assert "righe lette 2, prese 1, rifiutate 1" in ricevuta
        assert cup(9) in ricevuta
        assert "Era già tutto così" in invia().content.decode()

    def test_dopo_la_prova_si_conferma_senza_scegliere_di_nuovo_il_file(self) -> None:
        crea_intervento(1)
        indirizzo = reverse("piani-assegna-file")
        file = io.BytesIO(in_byte("CUP;Piano", f"{cup(1)};SPUGNA"))
        file.name = "piani.csv"
        pagina = self.client.post(indirizzo, {"file": file, "prova": "on"})
        assert "Conferma e assegna" in pagina.content.decode()
        fatta = self.client.post(indirizzo, {"conservato": pagina.context["conservato"]})
        assert fatta.status_code == 302
        assert InterventoNelPiano.objects.get().piano.codice == "SPUGNA"

    def test_un_sigillo_manomesso_non_scrive_nulla_e_dice_di_ripetere(self) -> None:
        crea_intervento(1)
        sigillo = FileProvatoForm.sigilla("piani.csv", in_byte("CUP;Piano", f"{cup(1)};SPUGNA"))
        pagina = self.client.post(reverse("piani-assegna-file"), {"conservato": f"{sigillo}x"})
        assert "scegli di nuovo il file e ripetila" in pagina.content.decode()
        assert not InterventoNelPiano.objects.exists()

    def test_un_file_grande_non_viaggia_con_la_pagina(self) -> None:
        assert FileProvatoForm.sigilla("piani.csv", secrets.token_bytes(2_000_000)) == ""

    def test_dalla_pagina_un_file_sbagliato_torna_con_il_motivo(self) -> None:
        for nome, contenuto, dice in (
            ("piani.pdf", b"%PDF", "non è né CSV né XLSX"),
            ("piani.csv", b"", "0 byte"),
            ("piani.csv", b"\x89PNG\r\n\x1a\n", "PNG"),
        ):
            file = io.BytesIO(contenuto)
            file.name = nome
            pagina = self.client.post(reverse("piani-assegna-file"), {"file": file})
            assert pagina.status_code == 200
            assert dice in pagina.content.decode()

    def test_il_comando_dice_che_cosa_ha_fatto(self) -> None:
        crea_intervento(1)
        file = Path(settings.VAR_DIR) / "piani.csv"
        file.write_bytes(in_byte("CUP;Piano", f"{cup(1)};SPUGNA", f"{cup(2)};SPUGNA"))
        detto, lamentele = io.StringIO(), io.StringIO()
        call_command("assegna_piani", str(file), "--prova", stdout=detto, stderr=lamentele)
        assert "È una prova" in detto.getvalue()
        assert not InterventoNelPiano.objects.exists()
        call_command("assegna_piani", str(file), stdout=detto, stderr=lamentele)
        assert "Assegnati a SPUGNA: 1." in detto.getvalue()
        assert f"Riga 3, {cup(2)}: rifiutata." in lamentele.getvalue()
        call_command("assegna_piani", str(file), stdout=detto, stderr=lamentele)
        assert "0 cambiamenti" in detto.getvalue()
        with pytest.raises(CommandError, match="non si può leggere"):
            call_command("assegna_piani", "/non/esiste.csv", stdout=detto, stderr=lamentele)


def _euro(testo: str) -> Decimal | None:
    return Decimal(testo.replace(",", ".")) if testo else None


@pytest.mark.skipif(not PUI.is_file(), reason="mancano i dati reali di ../shared/data")
class FileVeroTestCase(PianiTestCase):
    """The file of the four piani goes in as it is; here its interventi are made from its own rows."""

    righe: list[dict[str, str]]

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        with PUI.open(encoding="utf-8-sig", newline="") as file:
            cls.righe = list(csv.DictReader(file, delimiter=";"))
        submisura = Submisura.objects.get(codice="M5C2I2.02.03")
        comuni = {comune.codice_istat: comune for comune in Comune.objects.metropolitani()}
        for riga in cls.righe:
            intervento = Intervento.objects.create(
                cup=riga["CUP"],
                submisura=submisura,
                finanziamento_totale=_euro(riga["Finanziamento Totale 2025-03-31"]),
                pagamenti_totali=_euro(riga["Pagamenti Totali 2025-03-31"]),
            )
            for codice in riga["Codici ISTAT Comuni"].split("|"):
                Localizzazione.objects.create(
                    intervento=intervento,
                    comune=comuni[codice],
                    codice_provincia=codice[:3],
                    codice_comune=codice[3:],
                )
            pnrr = _euro(riga["Finanziamento PNRR 2025-03-31"])
            if pnrr is not None:
                Finanziamento.objects.create(intervento=intervento, fonte=FonteFinanziamento.PNRR, importo=pnrr)

    def assegna(self) -> services.EsitoFile:
        return services.assegna_da_file(nome=PUI.name, contenuto=PUI.read_bytes(), autore=self.coordinatore)

    def test_sono_34_90_5_e_14_e_i_totali_tornano_al_centesimo(self) -> None:
        esito = self.assegna()
        assert (esito.lette, esito.prese, esito.rifiutate) == (143, 143, [])
        piani = {riga.piano.codice: riga.totali for riga in selectors.elenco().righe}
        conti = {codice: piani[codice].quanti for codice in ("COME IN", "SPUGNA", "CAMBIO", "MICA")}
        assert conti == {"COME IN": 34, "SPUGNA": 90, "CAMBIO": 5, "MICA": 14}
        assert (piani["COME IN"].comuni, piani["SPUGNA"].comuni) == (34, 32)
        for codice in conti:
            sue = [riga for riga in self.righe if riga["Piano (inferito)"] == codice]
            for campo, colonna in (
                ("finanziamento", "Finanziamento Totale 2025-03-31"),
                ("pnrr", "Finanziamento PNRR 2025-03-31"),
                ("pagato", "Pagamenti Totali 2025-03-31"),
            ):
                somma = sum((_euro(riga[colonna]) or Decimal(0) for riga in sue), Decimal(0))
                assert getattr(piani[codice], campo) == somma, (codice, campo)
        assert sum(totali.senza_importo for totali in piani.values()) == 2
        veri = selectors.elenco().veri
        assert veri is not None
        assert (veri.quanti, veri.comuni) == (143, 65)

    def test_le_linee_ciclabili_e_le_prove_restano_scritte(self) -> None:
        self.assegna()
        linee = InterventoNelPiano.objects.filter(piano__codice="CAMBIO").values_list("linea", flat=True)
        assert sorted(linee) == ["Linea 12", "Linea 15", "Linea 2", "Linea 5", "Linea 7"]
        assert not InterventoNelPiano.objects.filter(evidenza="").exists()

    def test_di_nuovo_non_cambia_nulla(self) -> None:
        self.assegna()
        versioni = InterventoNelPiano.storico.count()
        ancora = self.assegna()
        assert (ancora.cambiati, ancora.prese) == (0, 143)
        assert InterventoNelPiano.storico.count() == versioni

    def test_i_cinque_cup_di_cambio_con_la_gara_di_spugna_sono_dubbi(self) -> None:
        per_cup = {intervento.cup: intervento for intervento in Intervento.objects.all()}
        with GARE.open(encoding="utf-8-sig", newline="") as file:
            for numero, riga in enumerate(csv.DictReader(file, delimiter=";")):
                if riga["CUP"] in per_cup:
                    Procedura.objects.create(
                        intervento=per_cup[riga["CUP"]], oggetto=riga["Oggetto Gara"], codice_pda=str(numero)
                    )
        esito = self.assegna()
        dubbi = Counter(
            InterventoNelPiano.objects.get(intervento__cup=rilievo.cup).piano.codice for rilievo in esito.dubbie
        )
        assert dubbi == {"CAMBIO": 5}
        assert all("nomina SPUGNA" in rilievo.ragione for rilievo in esito.dubbie)
