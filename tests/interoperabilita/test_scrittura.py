"""A Comune's software writes the draft of a month: the same cells, the same rules and the same checks as the form."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enti.models import Ente
from enti.ruoli import Ruolo
from interoperabilita.models import Ambito
from interventi.models import Intervento
from monitoraggio.bozza.lettura import normalizza
from monitoraggio.models import Avanzamento, PassoBozza
from monitoraggio.services import bozze, passaggi
from tests.interoperabilita.chiavi import consumatore
from tests.interoperabilita.scritture import ScritturaTestCase, bozza, buono, campi_errati, del_comune, indirizzo, manda
from tests.monitoraggio.base import celle_buone, intervento, persona

IMPEGNO = {"codice": "12/2024", "data": "2024-12-02", "importo_eur": "1000.50"}


def impegni(quanti: int) -> list[dict[str, str]]:
    return [{"codice": f"{n}/2024", "data": "2024-12-02", "importo_eur": "1000.00"} for n in range(quanti)]


def pagamenti(quanti: int) -> list[dict[str, str]]:
    return [
        {"codice": f"{n}", "data": "2024-12-12", "importo_eur": "500.00", "impegno": f"{n}/2024"} for n in range(quanti)
    ]


class TestBozza(ScritturaTestCase):
    def test_la_prima_volta_si_apre_e_dice_dove(self) -> None:
        risposta = bozza(self.rho, self.opera)
        assert risposta.status_code == 201
        assert risposta.headers["Location"] == f"http://testserver{indirizzo(self.opera, self.una().pk)}"
        dati = risposta.json()
        assert (dati["id"], dati["stato"], dati["revisione"], dati["mese"]) == (self.una().pk, "bozza", 1, "2024-12")
        assert (dati["errori"], dati["avvisi"], dati["inviabile"]) == ([], [], True)
        assert self.rho.get(risposta.headers["Location"]).json() == dati
        assert self.una().creato_da == self.rho.chiave.utente
        assert PassoBozza.objects.get(avanzamento=self.una(), revisione=1).autore == self.rho.chiave.utente

    def test_la_stessa_richiesta_ripetuta_non_cambia_nulla(self) -> None:
        corpo = buono(senza_movimenti=False, impegni=[IMPEGNO, IMPEGNO])
        assert bozza(self.rho, self.opera, contenuto=corpo).status_code == 201
        prima = dict(self.una().bozza)
        ripetuta = bozza(self.rho, self.opera, contenuto=corpo)
        assert (ripetuta.status_code, ripetuta.json()["revisione"]) == (200, 1)
        assert self.una().bozza == prima

    def test_le_celle_sono_quelle_che_si_scrivono_nel_modulo(self) -> None:
        altra = intervento()
        bozza(self.rho, self.opera)
        nel_modulo = normalizza(self.bozza(opera=altra).bozza)
        indicatori = {self.opera: self.opera.indicatori.get().pk, altra: altra.indicatori.get().pk}
        attese = {
            cella.replace(f"-i{indicatori[altra]}-", f"-i{indicatori[self.opera]}-"): t
            for cella, t in nel_modulo.items()
        }
        assert {c: t for c, t in self.una().bozza.items() if t} == {c: t for c, t in attese.items() if t}

    def test_il_modulo_mostra_cio_che_ha_scritto_il_software_e_viceversa(self) -> None:
        bozza(self.rho, self.opera, contenuto=buono(note="Scritto dal gestionale", impegni=[IMPEGNO]))
        pagina = Client()
        pagina.force_login(self.compilatore)
        testo = pagina.get(reverse("avanzamento-modifica", args=[self.una().pk])).content.decode()
        assert "Scritto dal gestionale" in testo
        assert 'value="1.000,50"' in testo
        bozze.salva(
            avanzamento_id=self.una().pk,
            revisione=1,
            celle={"criticita-n1-descrizione": "Scritta a mano", "testa-0-percentuale": "circa 12"},
            autore=self.compilatore,
        )
        dati = self.rho.get(indirizzo(self.opera, self.una().pk)).json()
        assert [riga["descrizione"] for riga in dati["contenuto"]["criticita"]] == ["Scritta a mano"]
        assert dati["contenuto"]["criticita"][0]["gravita"] == "non_noto"
        assert dati["contenuto"]["percentuale"] is None
        assert ("illeggibile", "/contenuto/percentuale") in {(e["controllo"], e["campo"]) for e in dati["errori"]}

    def test_cio_che_si_rilegge_si_puo_rimandare_com_e(self) -> None:
        celle = celle_buone(
            impegni__n1__tipo="I",
            impegni__n1__codice="7/2024",
            impegni__n1__data="02/12/2024",
            impegni__n1__importo="1.234,56",
            criticita__n1__tipo="gara",
            criticita__n1__gravita="bassa",
            criticita__n1__descrizione="Gara deserta\nsi rifà",
            testa__0__senza_movimenti="",
        )
        salvato = self.bozza(celle=celle)
        letto = self.rho.get(indirizzo(self.opera, salvato.pk)).json()
        assert letto["contenuto"]["impegni"][0]["importo_eur"] == "1234.56"
        risposta = bozza(self.rho, self.opera, contenuto=letto["contenuto"], revisione=letto["revisione"])
        assert (risposta.status_code, risposta.json()["contenuto"]) == (200, letto["contenuto"])
        assert risposta.json()["revisione"] == letto["revisione"]

    def test_un_campo_o_una_sezione_che_manca_resta_com_e_e_null_lo_vuota(self) -> None:
        bozza(self.rho, self.opera, contenuto=buono(note="Restano"))
        corpo = {
            "fasi": [{"fase": "00313", "fine_stimata": None}],
            "indicatori": [{"codice": "T0146", "realizzato": "0.5"}],
        }
        dati = bozza(self.rho, self.opera, contenuto=corpo).json()["contenuto"]
        assert dati["note"] == "Restano"
        fasi = {riga["fase"]: riga for riga in dati["fasi"]}
        assert (fasi["00313"]["fine_stimata"], fasi["00313"]["inizio_effettivo"]) == (None, "2024-03-04")
        assert fasi["00312"]["fine_effettiva"] == "2024-02-10"
        (indicatore,) = dati["indicatori"]
        assert (indicatore["descrizione"], indicatore["realizzato"]) == ("Interventi completati", "0.5")

    def test_le_righe_sono_riconosciute_tolte_e_richiamate(self) -> None:
        due = bozza(self.rho, self.opera, contenuto={"impegni": impegni(2)}).json()["contenuto"]["impegni"]
        uno = bozza(self.rho, self.opera, contenuto={"impegni": [{"codice": "1/2024", "importo_eur": "9.00"}]}).json()
        (rimasta,) = uno["contenuto"]["impegni"]
        assert (rimasta["riga"], rimasta["importo_eur"], rimasta["data"]) == (due[1]["riga"], "9.00", "2024-12-02")
        assert self.una().bozza[f"impegni-{due[0]['riga']}-togli"] == "si"
        # Called back, a row has nothing of what it had before.
        di_nuovo = bozza(
            self.rho, self.opera, contenuto={"impegni": [{"codice": "0/2024"}, {"codice": "1/2024"}]}
        ).json()
        assert [riga["importo_eur"] for riga in di_nuovo["contenuto"]["impegni"]] == [None, "9.00"]
        rinominata = {"riga": rimasta["riga"], "codice": "1/2024 bis"}
        ultimo = bozza(self.rho, self.opera, contenuto={"impegni": [rinominata]}).json()["contenuto"]["impegni"]
        assert [(riga["riga"], riga["importo_eur"]) for riga in ultimo] == [(rimasta["riga"], "9.00")]

    def test_i_controlli_dicono_dove_nella_richiesta(self) -> None:
        movimenti = [*reversed(pagamenti(3)), {"codice": "x", "data": "2024-12-13", "importo_eur": "1.00"}]
        corpo = buono(senza_movimenti=False, impegni=impegni(3), pagamenti=movimenti)
        dati = bozza(self.rho, self.opera, contenuto=corpo).json()
        assert [riga["codice"] for riga in dati["contenuto"]["pagamenti"]] == ["2", "1", "0", "x"]
        assert [(e["controllo"], e["campo"]) for e in dati["errori"]] == [("019", "/contenuto/pagamenti/3/impegno")]
        senza = {a["campo"] for a in dati["avvisi"] if a["controllo"] == "giustificativo"}
        assert senza == {f"/contenuto/pagamenti/{n}/documento" for n in range(4)}
        vuoto = bozza(self.rho, self.opera, contenuto={"indicatori": []}).json()
        assert ("008", "/contenuto/indicatori") in {(e["controllo"], e["campo"]) for e in vuoto["errori"]}

    def test_quaranta_movimenti_costano_quanto_uno(self) -> None:
        bozza(self.rho, self.opera)
        conti = []
        for quanti in (1, 20):
            corpo = buono(senza_movimenti=False, impegni=impegni(quanti), pagamenti=pagamenti(quanti))
            with CaptureQueriesContext(connection) as letture:
                assert bozza(self.rho, self.opera, contenuto=corpo).status_code == 200
            conti.append(len(letture))
        assert conti[0] == conti[1] <= 35


class TestPiuInterventi(ScritturaTestCase):
    def test_un_cup_con_piu_interventi_vuole_sapere_quale(self) -> None:
        secondo = intervento(cup=self.opera.cup, clp="ALTRO-CLP")
        for corpo in ({}, {"clp": "che-non-c-e"}):
            risposta = bozza(self.rho, self.opera, **corpo)
            assert (risposta.status_code, campi_errati(risposta)) == (422, {"/clp"})
            assert "ALTRO-CLP" in risposta.content.decode()
        assert not Avanzamento.objects.exists()
        assert bozza(self.rho, self.opera, clp="ALTRO-CLP").json()["intervento"] == secondo.pk
        assert bozza(self.rho, self.opera, clp=self.opera.clp, submisura="M5C2I2.02.03").status_code == 201


class TestInsieme(ScritturaTestCase):
    """Whoever else writes in the draft is never written over unseen."""

    def test_cio_che_ha_scritto_una_persona_non_si_copre(self) -> None:
        bozza(self.rho, self.opera)
        celle = {"testa-0-percentuale": "33", "impegni-n1-codice": "9/2024"}
        bozze.salva(avanzamento_id=self.una().pk, revisione=1, celle=celle, autore=self.compilatore)
        corpo = buono(percentuale="12", note="nuove", impegni=[IMPEGNO])
        risposta = bozza(self.rho, self.opera, contenuto=corpo)
        assert risposta.status_code == 409
        assert campi_errati(risposta) == {"/contenuto/impegni/0"}
        risposta = bozza(self.rho, self.opera, contenuto=buono(percentuale="12", note="nuove"))
        assert (risposta.status_code, campi_errati(risposta)) == (409, {"/contenuto/percentuale"})
        assert "33" in risposta.content.decode()
        assert "testa-0-note" not in self.una().bozza
        assert self.una().revisione == 2
        letta = bozza(self.rho, self.opera, contenuto=corpo, revisione=2)
        assert (letta.status_code, letta.json()["contenuto"]["percentuale"]) == (200, "12.00")

    def test_cio_che_non_tocca_le_stesse_celle_si_unisce(self) -> None:
        bozza(self.rho, self.opera)
        bozze.salva(avanzamento_id=self.una().pk, revisione=1, celle={"testa-0-note": "mie"}, autore=self.compilatore)
        dati = bozza(self.rho, self.opera, contenuto=buono(percentuale="12")).json()
        assert (dati["contenuto"]["percentuale"], dati["contenuto"]["note"], dati["revisione"]) == ("12.00", "mie", 3)

    def test_con_la_revisione_vale_anche_per_cio_che_si_e_scritto_da_se(self) -> None:
        bozza(self.rho, self.opera)
        assert bozza(self.rho, self.opera, contenuto=buono(percentuale="20")).json()["revisione"] == 2
        assert bozza(self.rho, self.opera, contenuto=buono(percentuale="30"), revisione=1).status_code == 409
        assert bozza(self.rho, self.opera, contenuto=buono(percentuale="30"), revisione=2).status_code == 200


class TestStati(ScritturaTestCase):
    def test_un_mese_inviato_non_si_scrive(self) -> None:
        self.inviato()
        risposta = bozza(self.rho, self.opera)
        assert risposta.status_code == 409
        assert "inviato" in risposta.json()["detail"]

    def test_un_mese_approvato_si_corregge_dicendo_perche(self) -> None:
        self.approvato()
        assert bozza(self.rho, self.opera, contenuto={"note": "di più"}).status_code == 409
        risposta = bozza(self.rho, self.opera, contenuto={"note": "di più"}, correzione="Mancava una nota")
        dati = risposta.json()
        assert (risposta.status_code, dati["versione"], dati["motivo_correzione"]) == (201, 2, "Mancava una nota")
        assert dati["contenuto"]["percentuale"] == "10.00"
        prosegue = bozza(self.rho, self.opera, contenuto={"note": "ancora"}, correzione="Mancava una nota")
        assert (prosegue.status_code, prosegue.json()["id"]) == (200, dati["id"])

    def test_di_un_mese_restituito_si_legge_il_motivo_e_si_riscrive(self) -> None:
        inviato = self.inviato()
        passaggi.restituisci(avanzamento_id=inviato.pk, autore=self.istruttore, motivo="Manca il SAL")
        dati = self.rho.get(indirizzo(self.opera, inviato.pk)).json()
        assert (dati["stato"], dati["motivo"]) == ("restituito", "Manca il SAL")
        corpo = {"sal": [{"numero": "1", "data": "2024-12-20", "importo_eur": "10.00"}]}
        assert bozza(self.rho, self.opera, contenuto=corpo, revisione=dati["revisione"]).status_code == 200


class TestChiPuo(ScritturaTestCase):
    def test_un_ministero_non_scrive_e_non_vede_bozze(self) -> None:
        salvata = self.bozza()
        ministero = consumatore()
        assert bozza(ministero, self.opera).status_code == 403
        assert ministero.get(indirizzo(self.opera, salvata.pk)).status_code == 403
        assert manda(ministero, indirizzo(self.opera, salvata.pk, "invia"), {"revisione": 1}).status_code == 403

    def test_un_altro_comune_non_trova_nulla(self) -> None:
        salvata = self.bozza()
        bresso = del_comune("Bresso")
        assert bozza(bresso, self.opera).status_code == 404
        assert bresso.get(indirizzo(self.opera, salvata.pk)).status_code == 404
        assert manda(bresso, indirizzo(self.opera, salvata.pk, "invia"), {"revisione": 1}).status_code == 404
        salvata.refresh_from_db()
        assert (salvata.revisione, salvata.stato) == (1, "bozza")

    def test_chi_ha_l_intervento_solo_sul_territorio_lo_vede_e_non_lo_scrive(self) -> None:
        self.opera.soggetto_attuatore = Ente.objects.get(comune__nome="Bresso")
        self.opera.save()
        assert bozza(self.rho, self.opera).status_code == 403
        assert not Avanzamento.objects.exists()

    def test_la_chiave_deve_avere_l_ambito_che_scrive(self) -> None:
        legge = del_comune(ambiti=(Ambito.CUP, Ambito.MONITORAGGIO))
        assert bozza(legge, self.opera).status_code == 403
        assert legge.get(indirizzo(self.opera)).status_code == 200
        scrive = del_comune(ambiti=(Ambito.SCRITTURA,))
        assert bozza(scrive, self.opera).status_code == 201
        assert scrive.get(indirizzo(self.opera)).status_code == 403

    def test_dal_browser_non_si_scrive(self) -> None:
        pagina = Client()
        pagina.force_login(persona(Ruolo.RESPONSABILE))
        risposta = manda(pagina, indirizzo(self.opera), {"mese": "2024-12"})  # type: ignore[arg-type]
        assert risposta.status_code == 401
        assert manda(Client(), indirizzo(self.opera), {"mese": "2024-12"}).status_code == 401  # type: ignore[arg-type]
        assert not Avanzamento.objects.exists()

    def test_un_id_di_un_altro_cup_non_c_e(self) -> None:
        altra = Intervento.objects.get(pk=intervento().pk)
        salvata = self.bozza()
        assert self.rho.get(indirizzo(altra, salvata.pk)).status_code == 404
        assert self.rho.get(indirizzo(self.opera, "abc")).status_code == 404
        assert self.rho.get(indirizzo(self.opera, 2**63)).status_code == 404
