"""The sandbox of a scenario as people use it: they change, recalculate, add, save; nothing of the piano moves."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from html import unescape

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from interventi.models import Intervento
from piani_integrati import services
from piani_integrati.flusso import StatoPiano
from piani_integrati.models import InterventoNelPiano, PianoIntegrato, Scenario
from piani_integrati.selectors_scenari import RIGHE_MASSIME
from tests.piani_integrati.base import completa, crea_intervento, cup
from tests.piani_integrati.scenari_di_prova import (
    COSTO,
    ScenariTestCase,
    campi,
    fotografia,
    metti,
    pagina_intera,
    parole_di,
    quota,
)


class BancoTestCase(ScenariTestCase):
    def test_il_banco_mostra_i_dati_di_adesso_e_gli_esiti_di_adesso(self) -> None:
        pagina = self.client.get(self.indirizzo("scenario-nuovo"))
        dati = campi(pagina)
        assert dati[self.costo] == "1.000,00"
        assert dati[f"i{self.pk(0)}-privato"] == "250,00"
        assert dati[f"i{self.pk(0)}-edificio"] == "true"
        assert (dati[f"i{self.pk(0)}-classe_prima"], dati[f"i{self.pk(0)}-classe_dopo"]) == ("E", "B")
        assert dati[f"i{self.pk(0)}-mq_beneficiari"] == "500,00"
        assert f"i{self.pk(0)}-escluso" not in dati
        assert "Il piano è non conforme: cambia un dato e qui vedi che cosa si muove." in parole_di(pagina)
        assert not pagina.context["esiti"].confronto.mosse_prima

    def test_cambiare_un_costo_muove_gli_esiti_e_non_tocca_nulla(self) -> None:
        dati = self.apri()
        prima = fotografia()
        pagina = self.manda({**dati, self.costo: " 49 998 000 "})
        dopo = fotografia()
        assert {nome for nome in prima if prima[nome] != dopo[nome]} <= {"django_session"}
        letto = parole_di(pagina)
        assert "✕ non conforme → diventa ✓ conforme Migliora: prima non conforme, ora conforme" in letto
        assert "3.000,00\xa0€ → diventa 50.000.000,00\xa0€" in pagina_intera(pagina)
        assert campi(pagina)[self.costo] == "49.998.000,00"
        assert "ora 1.000,00\xa0€" in pagina_intera(pagina)
        sotto = self.manda({**dati, self.costo: "49997999,99"})
        assert "prima non conforme, ora conforme" not in parole_di(sotto)

    def test_si_scrive_in_ogni_forma_e_si_rilegge_nella_nostra(self) -> None:
        dati = self.apri()
        for scritto in ("1.234,56", "1234.56", "1 234,56", "€ 1.234,56", "1234,56"):
            assert campi(self.manda({**dati, self.costo: scritto}))[self.costo] == "1.234,56", scritto

    def test_un_valore_che_non_si_legge_resta_scritto_e_l_errore_e_accanto(self) -> None:
        dati = self.apri()
        privato = f"i{self.pk(1)}-privato"
        pagina = self.manda({**dati, self.costo: "50.000.000", privato: "tanto", "nome": "Il mio"})
        rimasti = campi(pagina)
        assert (rimasti[self.costo], rimasti[privato], rimasti["nome"]) == ("50.000.000,00", "tanto", "Il mio")
        html = pagina.content.decode()
        assert f'id="id_{privato}_error">«tanto» non si legge come numero' in html
        assert f'href="#id_{privato}">Dai privati (€), {cup(2)}</a>' in html
        assert "prima non conforme, ora conforme" in parole_di(pagina), "ciò che si legge è contato"
        corretta = self.manda({**rimasti, privato: "10"})
        assert campi(corretta)[privato] == "10,00"
        assert corretta.context["esiti"].quante == 2

    def test_svuotare_un_campo_vuol_dire_che_il_dato_non_c_e(self) -> None:
        dati = self.apri()
        vuoti = {f"i{self.pk(0)}-privato": "", f"i{self.pk(0)}-classe_dopo": "", f"i{self.pk(0)}-edificio": "unknown"}
        pagina = self.manda({**dati, **vuoti})
        frasi = pagina.context["esiti"].frasi
        assert f"denaro dei privati di {cup(1)} da 250,00\xa0€ a non noto" in frasi
        assert f"classe energetica dopo i lavori di {cup(1)} da B a non noto" in frasi
        assert f"edificio di {cup(1)} da sì a non noto" in frasi

    def test_escludere_tutti_lascia_il_piano_senza_nulla_da_giudicare(self) -> None:
        dati = self.apri()
        esclusi = {f"i{intervento.pk}-escluso": "on" for intervento in self.interventi}
        pagina = self.manda({**dati, **esclusi})
        assert pagina.context["esiti"].frasi == [f"escluso {cup(n)}" for n in (1, 2, 3)]
        assert campi(pagina)[f"i{self.pk(2)}-escluso"] == "on"
        assert "prima conforme, ora non determinabile" in parole_di(pagina)

    def test_cio_che_un_altro_corregge_nel_frattempo_non_diventa_una_modifica(self) -> None:
        dati = self.apri()
        Intervento.objects.filter(pk=self.pk(0)).update(finanziamento_totale=Decimal("2000.00"))
        pagina = self.manda(dati)
        assert pagina.context["esiti"].quante == 0
        assert campi(pagina)[self.costo] == "2.000,00"
        cambiata = self.manda({**dati, self.costo: "3.000,00"})
        assert cambiata.context["esiti"].frasi == [f"costo di {cup(1)} da 2.000,00\xa0€ a 3.000,00\xa0€"]
        assert self.manda({**dati, self.costo: "2.000,00"}).context["esiti"].quante == 0, "ora è già così"

    def test_lo_stato_che_viaggia_con_il_modulo_si_puo_rovinare_senza_danni(self) -> None:
        dati = self.apri()
        for rovinato in ("", "{", "[]", '{"viste": 3, "ipotetici": [true, -1, "x", 99999], "resto": "no"}'):
            pagina = self.manda({**dati, "stato": rovinato, self.costo: "5"})
            assert pagina.context["esiti"].quante == 0, rovinato
        altrui = json.dumps({"viste": {str(self.fuori.pk): {COSTO: None}}, "resto": {"esclusi": [self.fuori.pk]}})
        pagina = self.manda({**dati, "stato": altrui, f"i{self.fuori.pk}-{COSTO}": "5"})
        assert pagina.context["esiti"].quante == 0, "un intervento di un altro piano non si cambia da qui"

    # --- Who sees what --------------------------------------------------------------------------------------------

    def test_gli_interventi_che_non_si_possono_vedere_si_contano_e_non_si_cambiano(self) -> None:
        self.client.force_login(self.di_rho)
        pagina = self.client.get(self.indirizzo("scenario-nuovo"))
        assert "Un intervento, di un altro ente, conta negli esiti ma non si cambia da qui." in parole_di(pagina)
        assert cup(2) not in pagina.content.decode()
        dati = campi(pagina)
        assert self.costo in dati
        stato = json.loads(dati["stato"])
        stato["viste"][str(self.pk(1))] = stato["viste"][str(self.pk(0))]
        stato["resto"] = {"interventi": {str(self.pk(1)): {COSTO: "99.00"}}, "esclusi": [self.pk(1)]}
        finto = self.manda({**dati, "stato": json.dumps(stato), f"i{self.pk(1)}-{COSTO}": "50.000.000"})
        assert finto.context["esiti"].quante == 0
        assert cup(2) not in finto.content.decode()
        assert "non è fra quelli che puoi vedere" in parole_di(finto)

    def test_ognuno_vede_i_suoi_scenari_e_chi_vede_tutto_li_vede_tutti(self) -> None:
        suo = self.salva("Di Rho", autore=self.di_rho)
        altro = self.salva("Del coordinatore")
        self.client.force_login(self.di_rho)
        elenco = parole_di(self.client.get(self.indirizzo("piano-integrato-scenari")))
        assert "1 scenario salvato, i tuoi." in elenco
        assert "Di Rho" in elenco
        assert "Del coordinatore" not in elenco
        assert self.client.get(self.indirizzo("scenario", suo.pk)).status_code == 200
        assert self.client.get(self.indirizzo("scenario", altro.pk)).status_code == 404
        assert self.client.post(self.indirizzo("scenario-elimina", altro.pk)).status_code == 404
        self.client.force_login(self.cabina)
        elenco = parole_di(self.client.get(self.indirizzo("piano-integrato-scenari")))
        assert "2 scenari salvati." in elenco
        pagina = self.client.get(self.indirizzo("scenario", suo.pk))
        assert "Salva lo scenario" not in parole_di(pagina)
        assert "Salva come mio nuovo scenario" in parole_di(pagina)
        assert "Elimina lo scenario" not in parole_di(pagina)
        negata = self.client.post(self.indirizzo("scenario-elimina", suo.pk), follow=True)
        assert "lo cambia soltanto chi l'ha scritto" in parole_di(negata)
        assert Scenario.objects.filter(pk=suo.pk).exists()

    def test_senza_scenari_l_elenco_dice_come_cominciare(self) -> None:
        pagina = self.client.get(self.indirizzo("piano-integrato-scenari"))
        assert "Nessuno scenario salvato" in parole_di(pagina)
        assert f'href="{self.indirizzo("scenario-nuovo")}"' in pagina.content.decode()
        assert f'href="{self.indirizzo("scenario-nuovo")}"' in (
            self.client.get(reverse("piano-integrato", args=["prova"])).content.decode()
        )

    # --- Bringing in ----------------------------------------------------------------------------------------------

    def test_si_aggiunge_un_intervento_con_il_suo_cup_e_lo_si_toglie(self) -> None:
        dati = self.apri()
        pagina = self.manda({**dati, "cup_aggiungi": f" {cup(9)[:3].lower()} {cup(9)[3:]}"}, "aggiungi")
        assert pagina.context["esiti"].frasi == [f"aggiunto {cup(9)}, che ora è in MICA"]
        dati = campi(pagina)
        assert dati[f"i{self.fuori.pk}-{COSTO}"] == "7.000,00"
        assert dati["cup_aggiungi"] == ""
        costoso = {**dati, f"i{self.fuori.pk}-{COSTO}": "49.997.000"}
        assert "prima non conforme, ora conforme" in parole_di(self.manda(costoso))
        assert self.manda({**costoso, f"i{self.fuori.pk}-escluso": "on"}).context["esiti"].quante == 0
        assert InterventoNelPiano.objects.get(intervento=self.fuori).piano.codice == "MICA"

    def test_premere_invio_nel_campo_del_cup_aggiunge(self) -> None:
        pagina = self.manda({**self.apri(), "cup_aggiungi": cup(9)}, "ricalcola")
        assert pagina.context["esiti"].quante == 1

    def test_un_cup_che_non_si_puo_aggiungere_dice_perche_e_resta_scritto(self) -> None:
        invisibile = crea_intervento(20, comuni=("Bresso",))
        crea_intervento(21, dimostrativo=True)
        in_un_piano_concluso = crea_intervento(22)
        concluso = self.bozza("FINITO")
        metti(concluso, [in_un_piano_concluso], self.coordinatore)
        PianoIntegrato.objects.filter(pk=concluso.pk).update(stato=StatoPiano.CONCLUSO)
        casi = (
            (self.coordinatore, "", "Scrivi il CUP dell'intervento."),
            (self.coordinatore, cup(1), f"{cup(1)} è già in questo piano."),
            (self.coordinatore, cup(77), f"Nessun intervento con il CUP {cup(77)}, fra quelli che puoi vedere."),
            (self.coordinatore, "B99Z2500001", "Il CUP ha 11 caratteri, ne servono 15"),
            (self.coordinatore, cup(21), "è un dato di dimostrazione"),
            (self.coordinatore, cup(22), "è nel piano FINITO, che non si cambia più"),
            (self.di_rho, invisibile.cup, f"Nessun intervento con il CUP {cup(20)}, fra quelli che puoi vedere."),
            (self.di_rho, cup(2), f"Nessun intervento con il CUP {cup(2)}, fra quelli che puoi vedere."),
        )
        for chi, codice, frase in casi:
            with self.subTest(codice):
                self.client.force_login(chi)
                pagina = self.manda({**self.apri(), self.costo: "5", "cup_aggiungi": codice}, "aggiungi")
                assert frase in parole_di(pagina)
                assert campi(pagina)["cup_aggiungi"] == codice
                assert pagina.context["esiti"].quante == 1, "il resto rimane"

    def test_dati_veri_e_di_dimostrazione_non_si_mescolano_nemmeno_per_prova(self) -> None:
        Intervento.objects.filter(pk__in=[i.pk for i in self.interventi]).update(dimostrativo=True)
        pagina = self.manda({**self.apri(), "cup_aggiungi": cup(9)}, "aggiungi")
        assert "è un intervento vero, e questo piano contiene dati di dimostrazione" in parole_di(pagina)

    def test_gli_interventi_ipotetici_contano_e_senza_nome_lo_chiedono(self) -> None:
        dati = campi(self.manda(self.apri(), "ipotetico"))
        assert dati["n0-nome"] == ""
        pagina = self.manda({**dati, f"n0-{COSTO}": "50.000.000", "n0-edificio": "true"})
        assert "Manca il nome dell'intervento ipotetico." in parole_di(pagina)
        assert "prima non conforme, ora conforme" in parole_di(pagina)
        dati = campi(pagina)
        assert dati[f"n0-{COSTO}"] == "50.000.000,00"
        pagina = self.manda({**dati, "n0-nome": " Scuola  nuova "})
        assert pagina.context["esiti"].frasi == ["ipotetico «Scuola nuova»: costo 50.000.000,00\xa0€, edificio sì"]
        due = campi(self.manda({**dati, "n0-nome": "Scuola nuova"}, "ipotetico"))
        assert (due["n0-nome"], due["n1-nome"]) == ("Scuola nuova", "")
        assert self.manda({**due, "n0-togli": "on"}).context["esiti"].quante == 0
        for _volta in range(12):
            due = campi(self.manda(due, "ipotetico"))
        assert "n11-nome" in due
        assert "n12-nome" not in due

    # --- Saving ---------------------------------------------------------------------------------------------------

    def test_si_salva_si_riapre_e_si_cambia_ancora(self) -> None:
        dati = campi(self.manda(self.apri(), "ipotetico"))
        dati |= {self.costo: "50.000.000", "n0-nome": "Scuola", "n0-mq_beneficiari": "3,5", "nome": "Più costi"}
        risposta = self.manda({**dati, f"i{self.pk(1)}-escluso": "on"}, "salva")
        scenario = Scenario.objects.get()
        assert risposta["Location"] == self.indirizzo("scenario", scenario.pk)
        assert scenario.modifiche == {
            "interventi": {str(self.pk(0)): {COSTO: "50000000.00"}},
            "esclusi": [self.pk(1)],
            "aggiunti": [],
            "ipotetici": [{"nome": "Scuola", "mq_beneficiari": "3.50"}],
        }
        aperto = self.apri("scenario", scenario.pk)
        assert aperto[self.costo] == "50.000.000,00"
        assert aperto[f"i{self.pk(1)}-escluso"] == "on"
        assert (aperto["n0-nome"], aperto["n0-mq_beneficiari"], aperto["nome"]) == ("Scuola", "3,50", "Più costi")
        aperto.pop(f"i{self.pk(1)}-escluso")
        self.manda({**aperto, "n0-togli": "on", "nome": "Meno cose"}, "salva", "scenario", scenario.pk)
        scenario.refresh_from_db()
        assert scenario.nome == "Meno cose"
        assert scenario.modifiche["esclusi"] == scenario.modifiche["ipotetici"] == []
        vecchio = self.manda({**aperto, "nome": "Tardi"}, "salva", "scenario", scenario.pk)
        assert "mentre lo stavi provando: salva il tuo come nuovo" in parole_di(vecchio)
        self.manda({**aperto, "nome": "Tardi"}, "come_nuovo", "scenario", scenario.pk)
        assert set(Scenario.objects.values_list("nome", flat=True)) == {"Meno cose", "Tardi"}

    def test_non_si_salva_cio_che_non_si_legge_ne_senza_nome_ne_senza_modifiche(self) -> None:
        dati = self.apri()
        self.salva("Già mio")
        casi = (
            ({self.costo: "tanto", "nome": "x"}, "«tanto» non si legge come numero"),
            ({self.costo: "5", "nome": " "}, "Manca il nome: serve per ritrovare lo scenario."),
            ({self.costo: "5", "nome": "a" * 121}, "Il nome ha 121 caratteri: al massimo sono 120."),
            ({self.costo: "5", "nome": "già MIO"}, "Hai già uno scenario «già MIO» in questo piano"),
            ({"nome": "x"}, "Non c'è nulla da salvare"),
        )
        for cambi, frase in casi:
            with self.subTest(frase):
                pagina = self.manda({**dati, **cambi}, "salva")
                assert "Lo scenario non è stato salvato:" in parole_di(pagina)
                assert frase in parole_di(pagina)
                assert campi(pagina)["nome"] == cambi["nome"]
        assert Scenario.objects.count() == 1

    def test_salvando_restano_anche_i_dati_che_la_tabella_non_mostra(self) -> None:
        scenario = self.salva(modifiche={"interventi": {str(self.pk(0)): {"verde_dopo": "1.00", COSTO: "7.00"}}})
        aperto = self.apri("scenario", scenario.pk)
        self.manda({**aperto, self.costo: "8"}, "salva", "scenario", scenario.pk)
        scenario.refresh_from_db()
        assert scenario.modifiche["interventi"] == {str(self.pk(0)): {COSTO: "8.00", "verde_dopo": "1.00"}}

    def test_di_chi_e_uscito_dal_piano_si_avvisa(self) -> None:
        scenario = self.salva(modifiche={"interventi": {str(self.pk(0)): {COSTO: "7.00"}}, "esclusi": [self.pk(1)]})
        services.togli(interventi_ids=[self.pk(0)], autore=self.coordinatore)
        pagina = self.client.get(self.indirizzo("scenario", scenario.pk))
        assert f"{cup(1)} non è più nel piano: le sue modifiche non sono contate." in parole_di(pagina)
        assert pagina.context["esiti"].frasi == [f"escluso {cup(2)}"]

    def test_si_elimina_solo_inviando_il_modulo(self) -> None:
        scenario = self.salva()
        elimina = self.indirizzo("scenario-elimina", scenario.pk)
        assert self.client.get(elimina).status_code == 405
        pagina = self.client.post(elimina, follow=True)
        assert "Scenario «Più costi» eliminato." in parole_di(pagina)
        assert not Scenario.objects.exists()

    # --- The fragment ---------------------------------------------------------------------------------------------

    def test_il_frammento_dice_gli_esiti_e_come_si_scrivono_i_valori(self) -> None:
        dati = {**self.apri(), self.costo: "50000000", f"i{self.pk(1)}-privato": "x"}
        frammento = self.manda(dati, "ricalcola", "scenario-esiti")
        html = frammento.content.decode()
        assert "<html" not in html
        assert "1 regola migliora." in parole_di(frammento)
        (normali,) = re.findall(r'data-normali="([^"]*)"', html)
        (cambiati,) = re.findall(r'data-cambiati="([^"]*)"', html)
        assert json.loads(unescape(normali)) == {f"id_{self.costo}": "50.000.000,00"}
        assert json.loads(unescape(cambiati)) == [f"id_{self.costo}"]
        assert f'data-campo="id_i{self.pk(1)}-privato"' in html
        assert self.client.get(self.indirizzo("scenario-esiti")).status_code == 405

    # --- Many -----------------------------------------------------------------------------------------------------

    def test_un_piano_grande_mostra_prima_chi_non_va_e_porta_dentro_gli_altri(self) -> None:
        molti = [crea_intervento(numero) for numero in range(100, 100 + RIGHE_MASSIME + 10)]
        for intervento in molti:
            completa(intervento)
            quota(intervento, "0.00")
        guasto = molti[-1]
        quota_alta(guasto)
        metti(self.prova, molti, self.coordinatore)
        pagina = self.client.get(self.indirizzo("scenario-nuovo"))
        voci = pagina.context["tabella"].voci
        assert len(voci) == RIGHE_MASSIME
        assert voci[0].riga.pk == guasto.pk
        assert f"Qui {RIGHE_MASSIME} interventi su {RIGHE_MASSIME + 13}" in parole_di(pagina)
        dati = campi(pagina)
        assert len(dati) + RIGHE_MASSIME < settings_massimo(), "anche spuntandoli tutti"
        nascosto = next(i for i in molti if f"i{i.pk}-{COSTO}" not in dati)
        trovata = campi(self.manda({**dati, "cup_mostra": nascosto.cup}, "mostra"))
        suo = f"i{nascosto.pk}-{COSTO}"
        assert trovata[suo] == "1.000,00"
        cambiata = self.manda({**trovata, suo: "9"})
        assert campi(cambiata)[suo] == "9,00", "chi è cambiato resta in tabella"
        assert "non è in questo piano" in parole_di(self.manda({**dati, "cup_mostra": cup(9)}, "mostra"))
        self.manda({**campi(cambiata), "nome": "Nove"}, "salva")
        assert suo in self.apri("scenario", Scenario.objects.get().pk)

    def test_le_modifiche_che_non_stanno_in_tabella_restano(self) -> None:
        molti = [crea_intervento(numero) for numero in range(100, 100 + RIGHE_MASSIME + 5)]
        metti(self.prova, molti, self.coordinatore)
        scenario = self.salva(modifiche={"interventi": {str(i.pk): {COSTO: "7.00"} for i in molti}})
        pagina = self.client.get(self.indirizzo("scenario", scenario.pk))
        assert "Altri 5 interventi cambiati non stanno in tabella" in parole_di(pagina)
        self.manda({**campi(pagina), "nome": "Tutti"}, "salva", "scenario", scenario.pk)
        scenario.refresh_from_db()
        assert len(scenario.modifiche["interventi"]) == RIGHE_MASSIME + 5

    def test_nessuna_pagina_costa_di_piu_se_gli_interventi_sono_molti(self) -> None:
        scenario, altro = self.salva(), self.salva("Altro", modifiche={"esclusi": [self.pk(2)]})
        dati = self.apri()

        def conta() -> dict[str, int]:
            scritti = {**dati, self.costo: "5"}
            chiamate = {
                "elenco": lambda: self.client.get(self.indirizzo("piano-integrato-scenari")),
                "nuovo": lambda: self.client.get(self.indirizzo("scenario-nuovo")),
                "scenario": lambda: self.client.get(self.indirizzo("scenario", scenario.pk)),
                "esiti": lambda: self.manda(scritti, "ricalcola", "scenario-esiti"),
                "ricalcola": lambda: self.manda(scritti),
                "confronta": lambda: self.client.get(
                    self.indirizzo("scenari-confronta"), {"a": scenario.pk, "b": altro.pk}
                ),
            }
            conti = {}
            for nome, chiama in chiamate.items():
                with CaptureQueriesContext(connection) as catturate:
                    assert chiama().status_code == 200
                conti[nome] = len(catturate)
            return conti

        pochi = conta()
        molti = [crea_intervento(numero) for numero in range(100, 160)]
        metti(self.prova, molti, self.coordinatore)
        for numero in range(8):
            self.salva(f"Scenario {numero}")
        dati = self.apri()
        assert conta() == pochi
        assert max(pochi.values()) <= 42


def quota_alta(intervento: Intervento) -> None:
    intervento.finanziamenti.update(importo=Decimal("999.00"))


def settings_massimo() -> int:
    massimo = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    assert massimo is not None
    return massimo
