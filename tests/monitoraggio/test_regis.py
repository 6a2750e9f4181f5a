"""ReGiS out: what is approved goes out and nothing else, the facts come back the same, what is missing is said."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from enti.models import Ente
from interventi.models import Intervento, Procedura, SoggettoCollegato
from interventi.scelte import RuoloSoggetto
from monitoraggio.models import Avanzamento
from monitoraggio.regis.mancanze import Peso, mese_atteso
from monitoraggio.regis.pacchetto import Pacchetto, componi, scrivi_zip
from monitoraggio.selectors.situazione import calcola
from monitoraggio.services import bozze, passaggi
from monitoraggio.services import regis as servizi
from registro.models import Evento
from tests.monitoraggio.base import DICEMBRE, NOVEMBRE, MonitoraggioTestCase, celle_buone, intervento
from tests.monitoraggio.lettore_puc import FormatoSbagliato, Letto, leggi_zip

FINE_NOVEMBRE, FINE_DICEMBRE = date(2024, 11, 30), date(2024, 12, 31)
DI_NOVEMBRE = {
    "testa-0-senza_movimenti": "",
    "impegni-n1-tipo": "I",
    "impegni-n1-codice": "100/2024",
    "impegni-n1-data": "2024-11-05",
    "impegni-n1-importo": "500.000,00",
    "impegni-n1-beneficiario": "Edile Uno Srl",
    "impegni-n1-cig": "A000000001",
    "impegni-n1-note": 'Determina n. 12 | "urgente"\r\nlotto 1',
    "pagamenti-n2-tipo": "P",
    "pagamenti-n2-codice": "M-1",
    "pagamenti-n2-data": "2024-11-20",
    "pagamenti-n2-importo": "120.000,10",
    "pagamenti-n2-impegno": "100/2024",
    "pagamenti-n2-causale": "Primo SAL",
    "spiegazioni-giustificativo_n2-testo": "Arriva con il prossimo mese.",
}
DI_DICEMBRE = {
    "testa-0-percentuale": "12",
    "testa-0-senza_movimenti": "",
    "pagamenti-n3-tipo": "P",
    "pagamenti-n3-codice": "M-2",
    "pagamenti-n3-data": "2024-12-10",
    "pagamenti-n3-importo": "0,33",
    "pagamenti-n3-impegno": "100/2024",
    "pagamenti-n3-causale": "Spese di bollo",
    "spiegazioni-giustificativo_n3-testo": "Arriva.",
}


def letto(pacchetto: Pacchetto) -> Letto:
    contenuto = io.BytesIO()
    scrivi_zip(pacchetto, contenuto)
    return leggi_zip(contenuto.getvalue())


class RegisTestCase(MonitoraggioTestCase):
    rho: Ente
    bresso: Ente

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.rho, cls.bresso = Ente.objects.get(comune__nome="Rho"), Ente.objects.get(comune__nome="Bresso")
        Intervento.objects.filter(pk=cls.opera.pk).update(monitorato_regis=True)

    def due_mesi(self) -> tuple[Avanzamento, Avanzamento]:
        return (
            self.approvato(NOVEMBRE, celle_buone() | DI_NOVEMBRE),
            self.approvato(DICEMBRE, DI_DICEMBRE),
        )

    def correggi(self, avanzamento: Avanzamento, celle: dict[str, str]) -> Avanzamento:
        nuova = bozze.correggi(avanzamento_id=avanzamento.pk, motivo="Mandato sbagliato", autore=self.compilatore)
        bozze.salva(avanzamento_id=nuova.pk, revisione=0, celle=celle, autore=self.compilatore)
        passaggi.invia(avanzamento_id=nuova.pk, autore=self.responsabile)
        return passaggi.approva(avanzamento_id=nuova.pk, autore=self.istruttore)


class PacchettoTestCase(RegisTestCase):
    def test_il_pacchetto_riletto_da_gli_stessi_fatti(self) -> None:
        _novembre, dicembre = self.due_mesi()
        pacchetto = letto(componi(self.rho, al=FINE_DICEMBRE))
        (progetto,) = pacchetto.tabelle["AP00"]
        assert (progetto["COD_LOCALE_PROGETTO"], progetto["CUP"]) == (self.opera.clp, self.opera.cup)
        assert progetto["TITOLO_PROGETTO"] == self.opera.titolo
        assert (progetto["DATA_INIZIO"], progetto["DATA_FINE_PREVISTA"]) == (date(2024, 1, 10), date(2026, 3, 31))
        (luogo,) = pacchetto.tabelle["AP06"]
        assert (luogo["COD_REGIONE"], luogo["COD_PROVINCIA"], luogo["COD_COMUNE"]) == ("003", "015", "182")
        (fondo,) = pacchetto.tabelle["FN00"]
        assert (fondo["COD_FONDO"], fondo["IMPORTO"]) == ("PNRR", Decimal("1000000.00"))
        (voce,) = pacchetto.tabelle["FN02"]
        assert (voce["VOCE_SPESA"], voce["IMPORTO"]) == ("Lavori a base di gara", Decimal("1000000.00"))
        (costo,) = pacchetto.tabelle["FN03"]
        assert (costo["ANNO_PIANO"], costo["IMP_DA_REALIZZARE"]) == ("2024", Decimal("1000000.00"))
        (impegno,) = pacchetto.tabelle["FN04"]
        assert (impegno["COD_IMPEGNO"], impegno["TIPOLOGIA_IMPEGNO"]) == ("100/2024", "I")
        assert (impegno["DATA_IMPEGNO"], impegno["IMPORTO_IMPEGNO"]) == (date(2024, 11, 5), Decimal("500000.00"))
        assert impegno["NOTE_IMPEGNO"] == "Determina n. 12 urgente lotto 1"
        mandati = {r["COD_PAGAMENTO"]: (r["DATA_PAGAMENTO"], r["IMPORTO_PAG"]) for r in pacchetto.tabelle["FN06"]}
        assert mandati == {
            "M-1": (date(2024, 11, 20), Decimal("120000.10")),
            "M-2": (date(2024, 12, 10), Decimal("0.33")),
        }
        (indicatore,) = pacchetto.tabelle["IN01"]
        assert (indicatore["COD_INDICATORE"], indicatore["VAL_PROGRAMMATO"]) == ("T0146", Decimal("1.00"))
        iter_di_progetto = {r["COD_FASE"]: r for r in pacchetto.tabelle["PR00"]}
        for fase in dicembre.fasi.all():
            riga = iter_di_progetto[fase.fase]
            assert riga["DATA_INIZIO_PREVISTA"] == fase.inizio_previsto
            assert riga["DATA_INIZIO_EFFETTIVA"] == fase.inizio_effettivo
            assert riga["DATA_FINE_PREVISTA"] == fase.fine_prevista
            assert riga["DATA_FINE_EFFETTIVA"] == fase.fine_effettiva
        (stato,) = pacchetto.tabelle["PR01"]
        assert (stato["STATO_PROGETTO"], stato["DATA_RIFERIMENTO"]) == ("In corso di esecuzione", FINE_DICEMBRE)
        assert all(r["COD_LOCALE_PROGETTO"] == self.opera.clp for t in pacchetto.tabelle.values() for r in t)

    def test_le_somme_dei_movimenti_sono_i_totali_approvati(self) -> None:
        self.due_mesi()
        pacchetto = componi(self.rho, al=FINE_DICEMBRE)
        riletto, stato = letto(pacchetto), calcola(interventi=[self.opera.pk], al=FINE_DICEMBRE)[self.opera.pk]
        impegni = riletto.somma("FN04", "IMPORTO_IMPEGNO", "TIPOLOGIA_IMPEGNO", "D")
        pagamenti = riletto.somma("FN06", "IMPORTO_PAG", "TIPOLOGIA_PAG", "R")
        assert impegni == stato.impegnato == pacchetto.impegnato == Decimal("500000.00")
        assert pagamenti == stato.pagato == pacchetto.pagato == Decimal("120000.43")

    def test_un_disimpegno_e_un_recupero_si_sottraggono(self) -> None:
        self.approvato(NOVEMBRE, celle_buone() | DI_NOVEMBRE)
        in_meno = {
            "testa-0-senza_movimenti": "",
            "impegni-n4-tipo": "D",
            "impegni-n4-codice": "100/2024",
            "impegni-n4-data": "2024-12-11",
            "impegni-n4-importo": "1.000,01",
            "impegni-n4-beneficiario": "Edile Uno Srl",
            "impegni-n4-cig": "A000000001",
            "pagamenti-n5-tipo": "R",
            "pagamenti-n5-codice": "R-1",
            "pagamenti-n5-data": "2024-12-12",
            "pagamenti-n5-importo": "20,05",
            "pagamenti-n5-impegno": "100/2024",
            "pagamenti-n5-causale": "Recupero",
            "spiegazioni-giustificativo_n5-testo": "Arriva.",
        }
        self.approvato(DICEMBRE, in_meno)
        riletto = letto(componi(self.rho, al=FINE_DICEMBRE))
        assert riletto.somma("FN04", "IMPORTO_IMPEGNO", "TIPOLOGIA_IMPEGNO", "D") == Decimal("498999.99")
        assert riletto.somma("FN06", "IMPORTO_PAG", "TIPOLOGIA_PAG", "R") == Decimal("119980.05")

    def test_esce_solo_cio_che_e_approvato(self) -> None:
        self.approvato(NOVEMBRE, celle_buone() | DI_NOVEMBRE)
        prima = componi(self.rho, al=FINE_DICEMBRE).testi
        inviato = self.inviato(DICEMBRE, DI_DICEMBRE)
        assert componi(self.rho, al=FINE_DICEMBRE).testi == prima
        passaggi.approva(avanzamento_id=inviato.pk, autore=self.istruttore)
        assert componi(self.rho, al=FINE_DICEMBRE).testi["FN06"] != prima["FN06"]

    def test_un_giorno_di_prima_non_cambia_per_i_mesi_dopo(self) -> None:
        self.approvato(NOVEMBRE, celle_buone() | DI_NOVEMBRE)
        prima = componi(self.rho, al=FINE_NOVEMBRE).testi
        self.approvato(DICEMBRE, DI_DICEMBRE)
        assert componi(self.rho, al=FINE_NOVEMBRE).testi == prima
        # A month speaks of its last day: the day before, it is not there yet.
        assert componi(self.rho, al=FINE_DICEMBRE - timedelta(days=1)).testi == prima
        assert componi(self.rho, al=FINE_DICEMBRE).testi != prima

    def test_una_correzione_prende_il_posto_del_mese(self) -> None:
        novembre, _dicembre = self.due_mesi()
        istante = timezone.now()
        prima = componi(self.rho, al=FINE_DICEMBRE, noto_al=istante).testi
        self.correggi(novembre, {"pagamenti-n2-importo": "100.000,05"})
        riletto = letto(componi(self.rho, al=FINE_DICEMBRE))
        mandati = {r["COD_PAGAMENTO"]: r["IMPORTO_PAG"] for r in riletto.vive("FN06")}
        assert mandati == {"M-1": Decimal("100000.05"), "M-2": Decimal("0.33")}
        assert not [r for r in riletto.tabelle["FN06"] if r["FLG_CANCELLAZIONE"] == "S"]
        # What was known before the correction is still what it was.
        assert componi(self.rho, al=FINE_DICEMBRE, noto_al=istante).testi == prima

    def test_cio_che_una_correzione_toglie_esce_da_cancellare(self) -> None:
        novembre, _dicembre = self.due_mesi()
        self.correggi(novembre, {"pagamenti-n2-codice": "M-1BIS"})
        riletto = letto(componi(self.rho, al=FINE_DICEMBRE))
        assert {r["COD_PAGAMENTO"] for r in riletto.vive("FN06")} == {"M-1BIS", "M-2"}
        (tolta,) = [r for r in riletto.tabelle["FN06"] if r["FLG_CANCELLAZIONE"] == "S"]
        assert tolta["COD_PAGAMENTO"] == "M-1"
        assert riletto.somma("FN06", "IMPORTO_PAG", "TIPOLOGIA_PAG", "R") == Decimal("120000.43")

    def test_gli_interventi_di_un_altro_comune_non_ci_sono_mai(self) -> None:
        self.due_mesi()
        # In Rho by its place, of Bresso by who carries it out.
        altrui = intervento(monitorato_regis=True, soggetto_attuatore=self.bresso, titolo="Opera di Bresso a Rho")
        di_rho = componi(self.rho, al=FINE_DICEMBRE)
        assert [f.intervento.pk for f in di_rho.fatti] == [self.opera.pk]
        assert not any(altrui.clp in testo or altrui.cup in testo for testo in di_rho.testi.values())
        di_bresso = componi(self.bresso, al=FINE_DICEMBRE)
        assert not any(self.opera.clp in testo for testo in di_bresso.testi.values())
        with pytest.raises(servizi.NonTrovato):
            servizi.prepara(ente_id=self.rho.pk, al=FINE_DICEMBRE, autore=self.altra)

    def test_chi_non_e_monitorato_in_regis_resta_fuori_e_si_dice(self) -> None:
        intervento(monitorato_regis=False)
        pacchetto = componi(self.rho, al=FINE_DICEMBRE)
        assert (len(pacchetto.fatti), pacchetto.esclusi) == (1, 1)
        assert "Fuori dal pacchetto: 1 intervento che" in letto(pacchetto).leggimi

    def test_senza_codice_locale_la_chiave_e_il_cup(self) -> None:
        intervento(monitorato_regis=True, clp="", cup="C11B22000010001")
        chiavi = {r["COD_LOCALE_PROGETTO"] for r in letto(componi(self.rho, al=FINE_DICEMBRE)).tabelle["AP00"]}
        assert chiavi == {self.opera.clp, "C11B22000010001"}

    def test_una_gara_dei_mesi_dopo_non_c_e_ancora(self) -> None:
        Procedura.objects.filter(intervento=self.opera).update(
            pubblicata=date(2024, 11, 1), aggiudicata=date(2024, 12, 15), importo_aggiudicato=Decimal("9.00")
        )
        Procedura.objects.create(intervento=self.opera, cig="A000000002", pubblicata=date(2024, 12, 1))
        (gara,) = letto(componi(self.rho, al=FINE_NOVEMBRE)).tabelle["PG00"]
        assert (gara["CIG"], gara["DATA_AGGIUDICAZIONE"], gara["IMPORTO_AGGIUDICATO"]) == ("A000000001", None, None)
        assert len(letto(componi(self.rho, al=FINE_DICEMBRE)).tabelle["PG00"]) == 2

    def test_le_interrogazioni_non_crescono_con_gli_interventi(self) -> None:
        self.due_mesi()
        with CaptureQueriesContext(connection) as poche:
            componi(self.rho, al=FINE_DICEMBRE)
        for _numero in range(4):
            altro = intervento(monitorato_regis=True)
            self.approvato(NOVEMBRE, celle_buone() | DI_NOVEMBRE, altro)
        with CaptureQueriesContext(connection) as molte:
            assert len(componi(self.rho, al=FINE_DICEMBRE).fatti) == 5
        assert len(molte) == len(poche)


class MancanzeTestCase(RegisTestCase):
    def mancanze(self, al: date = FINE_DICEMBRE) -> set[tuple[str, str]]:
        trovate = componi(self.rho, al=al).mancanze
        return {(m.tabella.codice, m.campo) for m in trovate if m.peso is Peso.MANCA}

    def avvisi(self) -> dict[tuple[str, str], str]:
        trovate = componi(self.rho, al=FINE_DICEMBRE).mancanze
        return {(m.tabella.codice, m.campo): m.testo for m in trovate if m.peso is Peso.AVVISO}

    def test_senza_avanzamenti_mancano_tutte_le_tabelle_del_monitoraggio(self) -> None:
        assert {("FN03", ""), ("IN01", ""), ("PR00", ""), ("PR01", "STATO_PROGETTO")} <= self.mancanze()

    def test_ogni_campo_vuoto_e_detto_con_la_sua_tabella(self) -> None:
        self.due_mesi()
        mancanze = self.mancanze()
        assert {("AP00", "SINTESI_PRG"), ("AP00", "TIPO_OPERAZIONE"), ("AP00", "TIPO_AIUTO")} <= mancanze
        assert {("SC00", "COD_RUOLO_SOG"), ("PG00", "DATA_PUBBLICAZIONE"), ("PG00", "TIPO_PROC_AGG")} <= mancanze
        assert not {t for t, _campo in mancanze} & {"AP06", "FN00", "FN02", "FN06", "PR01"}

    def test_un_intervento_completo_non_ha_mancanze(self) -> None:
        classe = self.opera.classificazione
        assert classe is not None
        classe.tipologia = "01"
        classe.save()
        Intervento.objects.filter(pk=self.opera.pk).update(
            sintesi="Rigenerazione di una piazza.", tipo_aiuto="Non costituisce aiuto di Stato"
        )
        Procedura.objects.filter(intervento=self.opera).update(
            oggetto="Lavori", tipo="PROCEDURA APERTA", importo=Decimal("1.00"), pubblicata=date(2024, 1, 1)
        )
        for ruolo, codice in (
            (RuoloSoggetto.PROGRAMMATORE, "80215430580"),
            (RuoloSoggetto.BENEFICIARIO, "00893240150"),
        ):
            SoggettoCollegato.objects.create(
                intervento=self.opera,
                ruolo=ruolo,
                codice_fiscale=codice,
                denominazione="Ente",
                forma_giuridica="Comune",
            )
        celle = (
            celle_buone()
            | DI_NOVEMBRE
            | {
                "fasi-00312-inizio_previsto": "2024-01-01",
                "fasi-00312-fine_prevista": "2024-02-01",
                "indicatori-n9-codice": "T0146",
                "indicatori-n9-togli": "si",
            }
        )
        bozza = self.bozza(NOVEMBRE, celle)
        indicatori = [nome for nome in bozza.bozza if nome.startswith("indicatori-i") and nome.endswith("-codice")]
        bozze.salva(
            avanzamento_id=bozza.pk,
            revisione=bozza.revisione,
            celle={nome.replace("-codice", "-realizzato"): "0" for nome in indicatori},
            autore=self.compilatore,
        )
        passaggi.invia(avanzamento_id=bozza.pk, autore=self.responsabile)
        passaggi.approva(avanzamento_id=bozza.pk, autore=self.istruttore)
        pacchetto = componi(self.rho, al=FINE_NOVEMBRE)
        assert [(m.tabella.codice, m.campo, m.testo) for m in pacchetto.mancanti] == []
        assert len(list(csv.reader(io.StringIO(letto(pacchetto).mancanze), delimiter=";"))) == (
            1 + len(pacchetto.avvisi)
        )

    def test_un_mese_non_approvato_manca(self) -> None:
        self.approvato(NOVEMBRE, celle_buone() | DI_NOVEMBRE)
        assert ("PR01", "DATA_RIFERIMENTO") not in self.mancanze(FINE_NOVEMBRE)
        assert ("PR01", "DATA_RIFERIMENTO") not in self.mancanze(FINE_DICEMBRE - timedelta(days=1))
        assert ("PR01", "DATA_RIFERIMENTO") in self.mancanze(FINE_DICEMBRE)

    def test_il_codice_locale_oltre_i_sessanta_caratteri_e_detto(self) -> None:
        for lungo, detto in ((60, False), (61, True)):
            Intervento.objects.filter(pk=self.opera.pk).update(clp="X" * lungo)
            assert (("AP00", "COD_LOCALE_PROGETTO") in self.avvisi()) is detto
            assert componi(self.rho, al=FINE_DICEMBRE).testi["AP00"].startswith("X" * lungo + "|")

    def test_un_testo_tagliato_o_ripulito_e_detto(self) -> None:
        Intervento.objects.filter(pk=self.opera.pk).update(sintesi="s" * 1301)
        self.approvato(NOVEMBRE, celle_buone() | DI_NOVEMBRE)
        avvisi = self.avvisi()
        assert "1.301 caratteri" in avvisi["AP00", "SINTESI_PRG"]
        assert "spazi" in avvisi["FN04", "NOTE_IMPEGNO"]

    def test_due_righe_con_la_stessa_chiave_sono_dette(self) -> None:
        intervento(monitorato_regis=True, clp=self.opera.clp)
        testi = [m.testo for m in componi(self.rho, al=FINE_DICEMBRE).mancanti if m.campo == "COD_LOCALE_PROGETTO"]
        assert len(testi) == 2
        assert all("2 interventi" in testo for testo in testi)

    def test_l_elenco_delle_mancanze_non_diventa_una_formula(self) -> None:
        Intervento.objects.filter(pk=self.opera.pk).update(titolo="=SOMMA(A1)")
        righe = list(
            csv.DictReader(
                io.StringIO(letto(componi(self.rho, al=FINE_DICEMBRE)).mancanze.lstrip("\ufeff")), delimiter=";"
            )
        )
        assert {riga["intervento"] for riga in righe} == {"'=SOMMA(A1)"}
        assert {riga["genere"] for riga in righe} <= {"manca", "da sapere"}

    def test_il_mese_atteso_e_l_ultimo_finito(self) -> None:
        assert mese_atteso(date(2024, 12, 31)) == DICEMBRE
        assert mese_atteso(date(2024, 12, 30)) == NOVEMBRE
        assert mese_atteso(date(2025, 1, 1)) == DICEMBRE


class ServiziTestCase(RegisTestCase):
    def test_preparare_un_pacchetto_resta_scritto(self) -> None:
        preparato = servizi.prepara(ente_id=self.rho.pk, al=FINE_DICEMBRE, autore=self.compilatore)
        with preparato.file as file:
            assert leggi_zip(file.read()).tabelle["AP00"]
        evento = Evento.objects.get(verbo="pacchetto per ReGiS preparato")
        assert (evento.autore_id, evento.id_oggetto) == (self.compilatore.pk, str(self.rho.pk))
        assert evento.dopo is not None
        assert evento.dopo["SHA-256 delle tabelle"] == preparato.pacchetto.impronta

    def test_un_giorno_che_non_e_arrivato_non_si_esporta(self) -> None:
        oggi = timezone.localdate()
        servizi.prepara(ente_id=self.rho.pk, al=oggi, autore=self.compilatore).file.close()
        with pytest.raises(servizi.EsportazioneRifiutata, match="non è ancora arrivato"):
            servizi.prepara(ente_id=self.rho.pk, al=oggi + timedelta(days=1), autore=self.compilatore)

    def test_un_comune_non_chiede_i_pacchetti_di_tutti(self) -> None:
        with pytest.raises(servizi.NonTrovato):
            servizi.prepara_tutti(al=FINE_DICEMBRE, autore=self.responsabile)


class ComandoTestCase(RegisTestCase):
    def esegui(self, *argomenti: str) -> str:
        uscita = io.StringIO()
        call_command("esporta_regis", *argomenti, stdout=uscita)
        return uscita.getvalue()

    def test_il_comando_scrive_uno_zip_per_ente_e_dice_che_cosa_manca(self) -> None:
        self.due_mesi()
        intervento("Bresso", monitorato_regis=True)
        with tempfile.TemporaryDirectory() as cartella:
            testo = self.esegui("--al", "31/12/2024", "--cartella", cartella)
            nomi = sorted(percorso.name for percorso in Path(cartella).iterdir())
            assert len(nomi) == 2
            assert all(nome.startswith("regis-") and nome.endswith("-2024-12-31.zip") for nome in nomi)
            di_rho = next(Path(cartella) / nome for nome in nomi if "rho" in nome)
            assert leggi_zip(di_rho.read_bytes()).vive("FN06")
        assert "1 interventi" in testo
        assert "pagamenti 120.000,43" in testo
        assert "  AP00: 3 mancanze" in testo

    def test_un_ente_si_indica_per_nome_o_per_codice(self) -> None:
        intervento("Bresso", monitorato_regis=True)
        for chi in ("Rho", "rho", self.rho.denominazione, "015182"):
            with tempfile.TemporaryDirectory() as cartella:
                self.esegui("--ente", chi, "--al", "2024-12-31", "--cartella", cartella)
                assert len(list(Path(cartella).iterdir())) == 1

    def test_cio_che_non_ha_senso_e_rifiutato_a_parole(self) -> None:
        for argomenti, parole in (
            (["--ente", "Atlantide"], "nessuno"),
            (["--al", "ieri"], "non è un giorno"),
            (["--al", "31/12/2999"], "non è ancora arrivato"),
        ):
            with pytest.raises(CommandError, match=parole), tempfile.TemporaryDirectory() as cartella:
                self.esegui(*argomenti, "--cartella", cartella)

    def test_chi_non_ha_soggetto_attuatore_e_detto(self) -> None:
        intervento(monitorato_regis=True, soggetto_attuatore=None)
        with tempfile.TemporaryDirectory() as cartella:
            assert "in nessun pacchetto: 1 interventi" in self.esegui("--cartella", cartella)


def test_lo_zip_e_integro(tmp_path: Path) -> None:
    """The reader of our tests refuses what is not a package."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archivio:
        archivio.writestr("AP00.txt", "a|b\r\n")
    with pytest.raises(FormatoSbagliato, match="file inattesi"):
        leggi_zip((tmp_path / "a.zip").read_bytes())
