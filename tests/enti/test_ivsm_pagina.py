"""The page of the IVSM: what it says in each state, and how values and medians come in through it."""

from __future__ import annotations

import html
import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse

from enti import selectors, services
from enti.forms import BYTE_MASSIMI
from enti.ivsm import leggi
from enti.models import Comune, IndiceVulnerabilita, MedianaVulnerabilita, TerritorioIvsm, Utente
from enti.ruoli import Ruolo
from registro.models import Evento
from tests import riferimenti
from tests.enti.persone import crea_persona

TESTA = "codice_istat;valore;anno;fonte"


def in_parole(risposta: Any) -> str:
    assert risposta.status_code == 200
    return re.sub(r"[ \n]+", " ", html.unescape(risposta.content.decode()))


def carica(*righe: str) -> None:
    lettura = leggi("\n".join([TESTA, *righe]).encode())
    services.importa_ivsm(righe=lettura.righe, scarti=lettura.scarti, autore=None)


class PaginaIvsmTestCase(TestCase):
    coordinatore: Utente
    lettrice: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.coordinatore = crea_persona(Ruolo.COORDINATORE)
        cls.lettrice = crea_persona(Ruolo.COMPILATORE)

    def setUp(self) -> None:
        self.client.force_login(self.coordinatore)

    def pagina(self, **parametri: str) -> str:
        return in_parole(self.client.get(reverse("ivsm"), parametri))

    def invia(self, *righe: str, nome: str = "ivsm.csv", solo_valide: bool = False, contenuto: bytes = b"") -> Any:
        dati: dict[str, Any] = {
            "file": SimpleUploadedFile(nome, contenuto or "\r\n".join([TESTA, *righe]).encode("utf-8-sig"))
        }
        if solo_valide:
            dati["solo_valide"] = "on"
        return self.client.post(reverse("ivsm-importa"), dati)

    def registra(self, **dati: str) -> Any:
        return self.client.post(reverse("ivsm-mediana"), dati)

    # --- What it says ------------------------------------------------------------------------------------------------

    def test_senza_nulla_dice_che_cosa_manca_e_come_si_porta(self) -> None:
        pagina = self.pagina()
        assert "Nessuno dei 133 Comuni ha ancora un IVSM." in pagina
        assert "La mediana non è ancora registrata" in pagina
        assert "Qui staranno gli indici dei Comuni" in pagina
        assert "<tr data-riga>" not in pagina

    def test_la_prima_riga_conta_i_comuni_e_li_confronta_con_la_mediana(self) -> None:
        carica("015182;97,10;2018;a", "015032;97,11;2018;a", "015146;99,5;2018;a")
        assert "3 Comuni su 133 hanno un IVSM; manca la mediana del territorio con cui confrontarli." in self.pagina()
        carica("215;97,10;2018;b")
        pagina = self.pagina()
        assert "3 Comuni su 133 hanno un IVSM; 2 superano la mediana del territorio, che è 97,10 (2018)." in pagina
        assert "Mancano i valori di 130 Comuni" in pagina

    def test_un_comune_solo_e_detto_al_singolare(self) -> None:
        carica("015182;97,85;2018;a", "215;97,10;2018;b")
        assert "1 Comune su 133 ha un IVSM; 1 supera la mediana del territorio" in self.pagina()
        carica("215;98;2018;b")
        assert "1 Comune su 133 ha un IVSM; nessuno supera la mediana del territorio" in self.pagina()

    def test_la_tabella_ha_tutti_i_comuni_con_valore_anno_fonte_e_confronto(self) -> None:
        carica("015182;97,85;2018;ISTAT 2020", "015032;97;2018;ISTAT 2020", "215;97,10;2018;Decreto")
        pagina = self.pagina()
        assert pagina.count("<tr data-riga>") == 133
        rho = next(riga for riga in pagina.split("<tr data-riga>") if ">Rho<" in riga)
        for atteso in (">97,85<", ">2018<", "sopra la mediana", "ISTAT 2020"):
            assert atteso in rho
        assert "non sopra la mediana" not in rho
        bresso = next(riga for riga in pagina.split("<tr data-riga>") if ">Bresso<" in riga)
        assert "non sopra la mediana" in bresso
        magenta = next(riga for riga in pagina.split("<tr data-riga>") if ">Magenta<" in riga)
        assert "manca il valore" in magenta
        assert "Decreto" in pagina

    def test_i_comuni_si_guardano_per_gruppo(self) -> None:
        carica("015182;97,85;2018;a", "015032;97;2018;a", "215;97,10;2018;b")
        for mostra, quanti in (("sopra", 1), ("non-sopra", 1), ("senza-valore", 131), ("boh", 133)):
            assert self.pagina(mostra=mostra).count("<tr data-riga>") == quanti
        assert "Nessun Comune è in questo gruppo" in self.pagina(mostra="senza-mediana")

    def test_un_valore_vicinissimo_alla_mediana_si_distingue_a_occhio(self) -> None:
        carica("015182;97,10000001;2018;a", "015032;97,10;2018;a", "215;97,10;2018;b")
        assert ">97,10000001<" in self.pagina(mostra="sopra")
        assert ">97,10<" in self.pagina(mostra="non-sopra")

    def test_contano_i_valori_dell_anno_e_non_quelli_di_un_anno_che_deve_venire(self) -> None:
        carica("015182;97;2018;a", "015182;98;2019;a", "015182;99;2021;a", "215;97,50;2018;b", "215;98,50;2021;b")
        per_anno = {}
        for anno in (2017, 2018, 2019, 2020, 2021):
            situazione = selectors.situazione_ivsm(date(anno, 12, 31))
            valori = [voce.indice.valore for voce in situazione.voci if voce.indice]
            per_anno[anno] = (valori, situazione.mediana.valore if situazione.mediana else None, situazione.sopra)
        assert per_anno == {
            2017: ([], None, 0),
            2018: ([Decimal(97)], Decimal("97.5"), 0),
            2019: ([Decimal(98)], Decimal("97.5"), 1),
            2020: ([Decimal(98)], Decimal("97.5"), 1),
            2021: ([Decimal(99)], Decimal("98.5"), 1),
        }

    def test_le_pagine_del_territorio_e_del_comune_portano_qui(self) -> None:
        for indirizzo in (reverse("territorio"), reverse("comune", args=["015182"])):
            assert f'href="{reverse("ivsm")}"' in in_parole(self.client.get(indirizzo))

    # --- Who may do what ---------------------------------------------------------------------------------------------

    def test_chi_legge_vede_i_valori_ma_non_i_moduli(self) -> None:
        carica("015182;97,85;2018;a")
        assert 'type="file"' in self.pagina()
        assert "Registra la mediana di un anno" in self.pagina()
        self.client.force_login(self.lettrice)
        pagina = self.pagina()
        assert "1 Comune su 133" in pagina
        assert "La registra il coordinatore." in pagina
        assert 'type="file"' not in pagina
        assert "Registra la mediana di un anno" not in pagina

    def test_chi_legge_non_puo_inviare_nulla(self) -> None:
        self.client.force_login(self.lettrice)
        assert self.invia("015182;97,85;2018;a").status_code == 403
        assert self.registra(anno="2018", valore="97,10", luogo="x").status_code == 403
        assert not IndiceVulnerabilita.objects.exists()
        assert not MedianaVulnerabilita.objects.exists()

    # --- The file ----------------------------------------------------------------------------------------------------

    def test_un_file_buono_entra_e_lascia_una_ricevuta(self) -> None:
        righe = ["015182;97,85;2018;ISTAT", "15032;97,10;2018;", "15;97,10;2018;Decreto"]
        risposta = self.invia(*righe, nome="Valori.CSV")
        evento = Evento.objects.latest("pk")
        assert risposta.headers["Location"] == f"{reverse('ivsm')}?ricevuta={evento.pk}"
        assert evento.autore == self.coordinatore
        pagina = in_parole(self.client.get(risposta.headers["Location"]))
        assert f"Ricevuta n. {evento.pk}" in pagina
        assert "Valori nuovi 3, cambiati 0, già presenti 0 (fra tutti, mediane 1); righe non caricate 0." in pagina
        assert IndiceVulnerabilita.objects.get(comune__nome="Bresso").luogo == "File Valori.CSV"
        assert MedianaVulnerabilita.objects.get().luogo == "Decreto"

    def test_righe_sbagliate_sono_elencate_e_non_entra_nulla(self) -> None:
        eventi = Evento.objects.count()
        pagina = in_parole(self.invia("015182;97,85;2018;a", "999999;98;2018;a", "215;9710;2018;a"))
        assert "Nel file 2 righe non vanno: non è stato caricato nulla." in pagina
        righe = re.findall(r'<th scope="row" class="numero">(\d+)</th><td class="spezza">([^<]+)</td>', pagina)
        assert righe == [
            ("3", "Nessun Comune ha il codice ISTAT 999999: controlla il codice."),
            ("4", "9710 è fuori dai valori possibili dell'indice, da 50 a 200: controlla la virgola."),
        ]
        assert not IndiceVulnerabilita.objects.exists()
        assert not MedianaVulnerabilita.objects.exists()
        assert Evento.objects.count() == eventi

    def test_con_solo_le_righe_valide_la_ricevuta_elenca_le_altre(self) -> None:
        risposta = self.invia("015182;97,85;2018;a", "999999;98;2018;a", solo_valide=True)
        pagina = in_parole(self.client.get(risposta.headers["Location"]))
        assert "righe non caricate 1." in pagina
        assert "Nessun Comune ha il codice ISTAT 999999" in pagina
        assert IndiceVulnerabilita.objects.get().comune == Comune.objects.get(nome="Rho")

    def test_lo_stesso_file_due_volte_dice_che_c_era_gia_tutto(self) -> None:
        self.invia("015182;97,85;2018;a")
        eventi = Evento.objects.count()
        assert "I valori del file c'erano già tutti" in in_parole(self.invia("015182;97,85;2018;a"))
        assert Evento.objects.count() == eventi
        assert "nessun valore da caricare" in in_parole(self.invia("015182;;2018;a"))

    def test_di_molte_righe_sbagliate_si_vedono_le_prime(self) -> None:
        limite = services.SCARTI_NEL_REGISTRO
        pagina = in_parole(self.invia(*[f"015182;X;{anno};a" for anno in range(1, limite + 2)]))
        assert f"Nel file {limite + 1} righe non vanno" in pagina
        assert pagina.count('<td class="spezza">') == limite
        assert f"al massimo {limite} righe" in pagina

    def test_un_file_che_non_e_quello_dice_perche(self) -> None:
        for nome, contenuto, dice in (
            ("valori.xlsx", b"PK", "«valori.xlsx» non è un CSV"),
            ("valori.csv", b"", "Il file è vuoto"),
            ("valori.csv", b"nome;valore;anno\nRho;97;2018\n", "Manca la colonna del Comune"),
            ("valori.csv", b"x" * (BYTE_MASSIMI + 1), "più grande di 5 MB"),
            ("valori.csv", "codice_istat;valore;anno\n".encode("utf-16"), "salvalo come CSV UTF-8"),
        ):
            dati = {"file": SimpleUploadedFile(nome, contenuto)}
            assert dice in in_parole(self.client.post(reverse("ivsm-importa"), dati)), nome
        assert "Manca il file" in in_parole(self.client.post(reverse("ivsm-importa")))
        assert not IndiceVulnerabilita.objects.exists()

    # --- The median --------------------------------------------------------------------------------------------------

    def test_la_mediana_si_registra_dal_modulo_con_la_virgola_o_con_il_punto(self) -> None:
        for valore in ("97,10", " 97.1 "):
            risposta = self.registra(anno="2018", valore=valore, luogo="Presentazione dei piani integrati")
            assert risposta.status_code == 302
        mediana = MedianaVulnerabilita.objects.get()
        assert (mediana.territorio, mediana.anno, mediana.valore, mediana.luogo) == (
            TerritorioIvsm.CITTA_METROPOLITANA,
            2018,
            Decimal("97.1"),
            "Presentazione dei piani integrati",
        )
        evento = Evento.objects.get(verbo=services.MEDIANA_REGISTRATA)
        assert evento.autore == self.coordinatore
        assert "La mediana era già così" in in_parole(self.client.get(risposta.headers["Location"]))
        pagina = self.pagina(ricevuta=str(evento.pk))
        assert f"Ricevuta n. {evento.pk}" in pagina
        assert "Mediana 2018, Città metropolitana di Milano: 97,10." in pagina

    def test_una_mediana_sbagliata_dice_che_cosa_correggere_e_tiene_quello_che_era_scritto(self) -> None:
        pagina = in_parole(self.registra(anno="18", valore="9710", luogo="Decreto"))
        for atteso in ("«18» non è un anno", "controlla la virgola", 'value="18"', 'value="9710"', 'value="Decreto"'):
            assert atteso in pagina
        pagina = in_parole(self.registra())
        for atteso in ("Manca l'anno", "Manca il valore della mediana", "Manca la fonte"):
            assert atteso in pagina
        assert not MedianaVulnerabilita.objects.exists()

    def test_le_mediane_sono_elencate_per_anno_con_quella_in_vigore(self) -> None:
        carica("215;96,90;2011;Primo", "215;97,10;2018;Secondo", "215;98;2099;Futuro")
        pagina = self.pagina()
        righe = re.findall(r'<th scope="row">(\d{4})(.*?)</th><td class="numero">([\d,]+)</td>', pagina)
        assert [(anno, "in vigore" in segno, valore) for anno, segno, valore in righe] == [
            ("2099", False, "98,00"),
            ("2018", True, "97,10"),
            ("2011", False, "96,90"),
        ]

    def test_una_ricevuta_che_non_c_e_o_che_e_di_altro_non_si_apre(self) -> None:
        altro = Evento.objects.exclude(verbo=services.INDICI_IMPORTATI).latest("pk")
        for chiesta in ("0", "x", str(altro.pk), "9" * 30):
            assert self.client.get(reverse("ivsm"), {"ricevuta": chiesta}).status_code == 404
