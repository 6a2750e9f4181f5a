"""The pages of the verification: what they say of every rule, to whom they name the interventi, how history is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from enti.ruoli import Ruolo
from interventi.models import Finanziamento, Intervento
from interventi.scelte import FonteFinanziamento, StatoCup
from piani_integrati import racconto, regole, selectors_verifica, services
from piani_integrati.esiti import Esito
from piani_integrati.models import Deroga, EsitoRegola, ModificaDaVerificare, PianoIntegrato, TipoPiano
from piani_integrati.racconto import Conto
from piani_integrati.regole import PER_CODICE, REGOLE, Contesto, Giudizio
from psttm import formati
from registro.models import Lavoro
from tests.enti.persone import crea_persona
from tests.piani_integrati.base import (
    PianiTestCase,
    completa,
    crea_intervento,
    cup,
    dichiara_tutto,
    persona_del_comune,
)


class VerificaTestCase(PianiTestCase):
    """A piano of ours, with interventi whose private share each test says."""

    def leggi(self, nome: str, *argomenti: str, **parametri: str) -> str:
        risposta = self.client.get(reverse(nome, args=argomenti), parametri)
        assert risposta.status_code == 200, nome
        return " ".join(unescape(risposta.content.decode()).split())

    def metti(self, codice: str, *interventi: Intervento) -> None:
        services.assegna(
            piano_id=self.piano(codice).pk, interventi_ids=[i.pk for i in interventi], autore=self.coordinatore
        )

    def intervento(self, numero: int, *, privato: str | None = "0.00", comune: str = "Rho") -> Intervento:
        """A complete intervento of 1.000,00 EUR."""
        intervento = crea_intervento(numero, comuni=(comune,))
        completa(intervento)
        if privato is not None:
            self.privati(intervento, privato)
        return intervento

    def privati(self, intervento: Intervento, importo: str) -> None:
        Finanziamento.objects.update_or_create(
            intervento=intervento, fonte=FonteFinanziamento.PRIVATO, defaults={"importo": Decimal(importo)}
        )

    def verifica(self, *codici: str) -> None:
        services.verifica.verifica_gruppo(piani=[self.piano(codice).pk for codice in codici])

    def deroga(self, codice: str, **campi: Any) -> Deroga:
        """A waiver of the rule on the private share, for all the piano unless told otherwise."""
        dati: dict[str, Any] = {
            "piano_id": self.piano(codice).pk,
            "regola": "quota_privata",
            "intervento_id": None,
            "atto": "DM 14/2024",
            "organo": "Ministero dell'interno",
            "data": date(2024, 3, 12),
            "motivo": "Copre gli oneri.",
            "autore": self.coordinatore,
        }
        return services.registra_deroga(**(dati | campi))

    def indietro(self, giorni: int) -> None:
        """Let time pass: whatever was judged until now was judged days earlier."""
        quanto = timedelta(days=giorni)
        EsitoRegola.objects.update(dal=F("dal") - quanto, al=F("al") - quanto)


class MatriceTestCase(VerificaTestCase):
    def test_prima_di_ogni_verifica_si_spiega_e_chi_puo_la_avvia(self) -> None:
        pagina = self.leggi("verifica")
        assert "Nessun piano è stato ancora verificato" in pagina
        assert reverse("verifica-avvia") in pagina
        self.client.force_login(crea_persona(Ruolo.CABINA))
        pagina = self.leggi("verifica")
        assert "Nessun piano è stato ancora verificato" in pagina
        assert reverse("verifica-avvia") not in pagina

    def test_la_matrice_dice_ogni_esito_con_la_parola_e_porta_alla_regola(self) -> None:
        self.metti("SPUGNA", self.intervento(1, privato="300.00"), self.intervento(2, privato=None))
        self.verifica("SPUGNA", "PINQuA")
        pagina = self.leggi("verifica")
        assert (
            "1 Piano urbano integrato su 4 non è conforme; di 1 mancano dati; 3 non sono ancora verificati." in pagina
        )
        assert "Nessun programma su 5 è non conforme; di 1 mancano dati; 4 non sono ancora verificati." in pagina
        for regola in REGOLE:
            assert reverse("piano-integrato-regola", args=["spugna", regola.codice]) in pagina
            assert str(regola.titolo) in pagina, "ciò che la testa della colonna abbrevia"
        casella = self._casella(pagina, "spugna", "quota_privata")
        assert "SPUGNA, Quota privata: " in casella
        assert '<span class="segno-parola">non conforme</span>' in casella
        assert '<span class="quanti">1<span class="visually-hidden"> intervento</span>' in casella
        assert "con una deroga" not in casella
        self.deroga("SPUGNA")
        assert "con una deroga" in self._casella(self.leggi("verifica"), "spugna", "quota_privata")

    def _casella(self, pagina: str, slug: str, codice: str) -> str:
        inizio = pagina.index(reverse("piano-integrato-regola", args=[slug, codice]))
        return pagina[inizio : pagina.index("</td>", inizio)]

    def test_dei_programmi_si_mostrano_solo_le_regole_che_li_riguardano(self) -> None:
        self.verifica("SPUGNA", "PINQuA")
        pagina = self.leggi("verifica")
        riguardano = {regola.codice for regola in REGOLE if TipoPiano.PROGRAMMA in regola.tipi}
        assert riguardano == {"dnsh", "cup"}
        for regola in REGOLE:
            presente = reverse("piano-integrato-regola", args=["pinqua", regola.codice]) in pagina
            assert presente is (regola.codice in riguardano), regola.codice
        assert "Le altre 12 regole riguardano soltanto i Piani urbani integrati." in pagina

    def test_dice_quando_e_stato_giudicato_e_quante_modifiche_aspettano(self) -> None:
        self.verifica(*PianoIntegrato.objects.values_list("codice", flat=True))
        assert "Nessuna modifica aspetta di essere verificata." in self.leggi("verifica")
        ModificaDaVerificare.objects.create(piano=self.piano("SPUGNA"))
        ModificaDaVerificare.objects.create(piano=self.piano("SPUGNA"))
        pagina = self.leggi("verifica")
        stato = self.piano("SPUGNA").verifica
        quando = formati.data_ora(stato.quando)
        assert f"verificato il {quando}, versione dei dati 1; 2 modifiche da verificare" in pagina
        assert "2 modifiche aspettano di essere verificate." in pagina

    def test_si_filtra_per_esito_e_per_tipo_e_i_filtri_si_tolgono(self) -> None:
        self.metti("SPUGNA", self.intervento(1, privato="300.00"))
        self.verifica("SPUGNA", "CAMBIO", "PINQuA")
        pagina = self.leggi("verifica", esito="non_conforme")
        assert "1 piano" in pagina
        assert reverse("piano-integrato-verifica", args=["spugna"]) in pagina
        assert reverse("piano-integrato-verifica", args=["cambio"]) not in pagina
        assert "Esito: non conforme" in pagina
        assert "togli questo filtro" in pagina
        programmi = self.leggi("verifica", tipo="programma")
        assert "5 piani" in programmi
        assert reverse("piano-integrato-verifica", args=["spugna"]) not in programmi
        da_verificare = self.leggi("verifica", esito="da_verificare", tipo="pui")
        assert reverse("piano-integrato-verifica", args=["mica"]) in da_verificare
        assert reverse("piano-integrato-verifica", args=["spugna"]) not in da_verificare
        assert "non ancora verificato" in da_verificare
        assert "Nessun piano corrisponde ai filtri" in self.leggi("verifica", esito="conforme")

    def test_le_proposte_inventate_stanno_dopo_le_vere_e_non_si_contano(self) -> None:
        finto = self.bozza("AAA-FINTO", dimostrativo=True)
        self.metti("AAA-FINTO", crea_intervento(9, dimostrativo=True, stato_cup=StatoCup.REVOCATO))
        self.verifica("SPUGNA", "AAA-FINTO")
        pagina = self.leggi("verifica")
        assert "Nessun Piano urbano integrato su 4 è non conforme" in pagina
        vero = pagina.index(reverse("piano-integrato-verifica", args=["mica"]))
        assert (
            vero
            < pagina.index("Proposte di dimostrazione")
            < pagina.index(reverse("piano-integrato-verifica", args=[finto.slug]))
        )

    def test_chi_gestisce_i_piani_avvia_la_verifica_di_tutti_e_una_sola_per_volta(self) -> None:
        avvia = reverse("verifica-avvia")
        assert self.client.get(avvia).status_code == 405
        risposta = self.client.post(avvia)
        lavoro = Lavoro.objects.get(tipo="verifica_tutti")
        assert risposta.headers["Location"] == reverse("lavoro", args=[lavoro.pk])
        assert lavoro.richiesto_da == self.coordinatore
        assert self.client.post(avvia).headers["Location"] == reverse("lavoro", args=[lavoro.pk])
        assert Lavoro.objects.filter(tipo="verifica_tutti").count() == 1
        pagina = self.leggi("verifica")
        assert reverse("lavoro-stato", args=[lavoro.pk]) in pagina, "la barra del lavoro in corso"
        assert avvia not in pagina
        for utente in (crea_persona(Ruolo.CABINA), crea_persona(Ruolo.ISTRUTTORE), persona_del_comune("Rho")):
            self.client.force_login(utente)
            assert self.client.post(avvia).status_code == 403
            assert avvia not in self.leggi("verifica")
        assert Lavoro.objects.filter(tipo="verifica_tutti").count() == 1


class PianoTestCase(VerificaTestCase):
    def test_ogni_esito_ha_misura_soglia_distanza_norma_e_chi_ne_e_causa(self) -> None:
        self.bozza()
        peggiore, appena = self.intervento(1, privato="300.00"), self.intervento(2, privato="250.01")
        self.metti("NUOVO", peggiore, appena, self.intervento(3, privato="250.00"), self.intervento(4, privato=None))
        pagina = self.leggi("piano-integrato-verifica", "nuovo")
        riga = self._riga(pagina, "quota_privata")
        for testo in ("non conforme", "30,00\xa0%", "al massimo 25,00\xa0%", "+5,00\xa0%"):
            assert testo in self._grezza("quota_privata"), testo
        assert str(PER_CODICE["quota_privata"].fonte) in riga
        assert "2 non conformi</a>:" in riga
        assert riga.index(cup(1)) < riga.index(cup(2)), "il peggiore per primo"
        assert reverse("intervento", args=[peggiore.pk]) in riga
        assert cup(3) not in riga
        assert "1 con dati mancanti" in riga
        assert "quanto danno i privati" in riga
        assert "alle fonti" not in riga

    def _riga(self, pagina: str, codice: str) -> str:
        inizio = pagina.index(f'<tr id="{codice}">')
        return pagina[inizio : pagina.index("</tr>", inizio)]

    def _grezza(self, codice: str, **parametri: str) -> str:
        """The row as it is sent, with its no-break spaces."""
        risposta = self.client.get(reverse("piano-integrato-verifica", args=["nuovo"]), parametri)
        return self._riga(unescape(risposta.content.decode()), codice)

    def test_la_prima_riga_conta_le_regole_obbligatorie_e_non_le_facoltative(self) -> None:
        piano = self.bozza()
        dichiara_tutto(piano)
        self.metti("NUOVO", self.intervento(1, privato="300.00"))
        giudizi = {g.regola.codice: g for g in regole.valuta(piano, Contesto.al_giorno(timezone.localdate()))}
        falliti = [g for g in giudizi.values() if g.regola.obbligatoria and g.esito == Esito.NON_CONFORME]
        ignoti = [g for g in giudizi.values() if g.regola.obbligatoria and g.esito == Esito.NON_DETERMINABILE]
        assert giudizi["startup"].esito != Esito.CONFORME
        assert {g.regola.codice for g in falliti} == {"costo_minimo", "quota_privata", "termine"}
        assert [g.regola.codice for g in ignoti] == ["ivsm"]
        pagina = self.leggi("piano-integrato-verifica", "nuovo")
        assert "Non è conforme: 3 regole non sono rispettate, di 1 mancano dati." in pagina
        assert pagina.index("titolo-obbligatorie") < pagina.index("titolo-facoltative")
        assert pagina.index('<tr id="quota_privata">') < pagina.index("titolo-facoltative")
        assert pagina.index("titolo-facoltative") < pagina.index('<tr id="startup">')

    def test_la_deroga_sta_accanto_all_esito_finche_vale(self) -> None:
        self.bozza()
        self.metti("NUOVO", self.intervento(1, privato="300.00"))
        deroga = self.deroga("NUOVO")
        pagina = self.leggi("piano-integrato-verifica", "nuovo")
        riga = self._riga(pagina, "quota_privata")
        assert "non conforme" in riga
        assert "in deroga: " in riga
        assert "DM 14/2024</a>, 12/03/2024" in riga
        assert "Di 1 regola c'è una deroga: sta accanto all'esito e non lo cambia." in pagina
        assert "in deroga" not in self._grezza("quota_privata", al="2024-03-11")
        assert "in deroga" in self._grezza("quota_privata", al="2024-03-12")
        services.ritira_deroga(deroga_id=deroga.pk, motivo="Superata", autore=self.coordinatore)
        assert "in deroga" not in self._grezza("quota_privata")
        ieri = timezone.localdate() - timedelta(days=1)
        assert "in deroga" in self._grezza("quota_privata", al=ieri.isoformat()), "ieri valeva ancora"

    def test_prima_che_la_norma_fosse_in_vigore_la_regola_non_si_applica(self) -> None:
        self.bozza()
        self.metti("NUOVO", self.intervento(1, privato="300.00"))
        prima = self.leggi("piano-integrato-verifica", "nuovo", al="2021-11-06")
        assert '<tr id="quota_privata">' not in prima
        assert "Nessuna regola obbligatoria lo riguarda." in prima
        assert "i dati del piano e degli interventi sono quelli di adesso" in prima
        dopo = self.leggi("piano-integrato-verifica", "nuovo", al="2021-11-07")
        assert "non conforme" in self._riga(dopo, "quota_privata")
        regola = reverse("piano-integrato-regola", args=["nuovo", "quota_privata"])
        assert f"{regola}?al=2021-11-07" in dopo, "la regola si apre allo stesso giorno"
        spiegata = self.leggi("piano-integrato-regola", "nuovo", "quota_privata", al="2021-11-06")
        assert "Non si applica: il 06/11/2021 la regola non era in vigore." in spiegata

    def test_un_giorno_scritto_male_si_dice_al_campo_e_la_pagina_resta(self) -> None:
        for scritto in ("ieri", "2024-02-30", "1999-12-31", "2100-01-01", "", "0001-01-01"):
            for nome, argomenti in (
                ("piano-integrato-verifica", ("spugna",)),
                ("piano-integrato-regola", ("spugna", "termine")),
            ):
                pagina = self.leggi(nome, *argomenti, al=scritto)
                assert 'id="id_al_error"' in pagina, scritto
                assert "oggi" in pagina
        assert "Scrivi un giorno fra il 01/01/2000 e il 31/12/2099." in self.leggi(
            "piano-integrato-verifica", "spugna", al="1999-12-31"
        )
        for scritto in ("2000-01-01", "2099-12-31", "31/12/2024"):
            assert 'id="id_al_error"' not in self.leggi("piano-integrato-verifica", "spugna", al=scritto)

    def test_a_un_giorno_passato_accanto_sta_l_esito_registrato_allora(self) -> None:
        self.bozza()
        intervento = self.intervento(1, privato="200.00")
        self.metti("NUOVO", intervento)
        self.verifica("NUOVO")
        self.indietro(10)
        self.privati(intervento, "300.00")
        self.verifica("NUOVO")
        cinque_fa = timezone.localdate() - timedelta(days=5)
        pagina = self.leggi("piano-integrato-verifica", "nuovo", al=cinque_fa.isoformat())
        riga = self._riga(pagina, "quota_privata")
        assert f"registrato il {formati.data_breve(cinque_fa)}" in riga
        assert "diverso dal giudizio di adesso" in riga
        assert "diverso dal giudizio di adesso" not in self._riga(pagina, "cup")
        molto_prima = timezone.localdate() - timedelta(days=30)
        assert "Quel giorno il portale non aveva registrato alcun esito." in self.leggi(
            "piano-integrato-verifica", "nuovo", al=molto_prima.isoformat()
        )

    def test_la_presentazione_congela_gli_esiti_e_si_dice_dove_oggi_e_diverso(self) -> None:
        piano, intervento = self.bozza(), self.intervento(1, privato="200.00")
        dichiara_tutto(piano)
        self.metti("NUOVO", intervento)
        assert "Alla presentazione" not in self._grezza("quota_privata")
        services.passa(
            piano_id=piano.pk,
            passaggio="presenta",
            atto="Nota prot. 12/2026",
            organo="",
            data=date(2025, 3, 12),
            nota="",
            autore=self.coordinatore,
        )
        uguale = self.leggi("piano-integrato-verifica", "nuovo")
        assert "Nessun esito è diverso da allora." in uguale
        self.privati(intervento, "300.00")
        self.verifica("NUOVO")
        pagina = self.leggi("piano-integrato-verifica", "nuovo")
        assert "12/03/2025" in pagina
        assert "Da allora è cambiato l'esito di una regola:" in pagina
        assert "Quota privata</a> (conforme allora, non conforme oggi)" in pagina
        riga = self._riga(pagina, "quota_privata")
        assert 'data-colonna="Alla presentazione"' in riga
        assert riga.count("oggi è diverso") == 1
        assert "oggi è diverso" not in self._riga(pagina, "cup")
        regola = self.leggi("piano-integrato-regola", "nuovo", "quota_privata")
        assert "il 12/03/2025; oggi è diverso" in regola

    def test_il_piano_e_l_elenco_dei_piani_hanno_il_semaforo_con_la_parola(self) -> None:
        self.metti("SPUGNA", self.intervento(1, privato="300.00"))
        assert "non verificato" in self.leggi("piani-integrati")
        assert "Il portale non ha ancora verificato questo piano." in self.leggi("piano-integrato", "spugna")
        self.verifica("SPUGNA")
        elenco = self.leggi("piani-integrati")
        inizio = elenco.index(f'href="{reverse("piano-integrato-verifica", args=["spugna"])}"')
        assert "non conforme" in elenco[inizio : elenco.index("</td>", inizio)]
        pagina = self.leggi("piano-integrato", "spugna")
        assert "Non è conforme: 2 regole non sono rispettate" in pagina
        assert reverse("piano-integrato-regola", args=["spugna", "quota_privata"]) in pagina
        assert reverse("piano-integrato-verifica", args=["spugna"]) in pagina


class RegolaTestCase(VerificaTestCase):
    def test_la_prima_riga_risponde_e_ogni_causa_porta_al_modulo_che_la_rimedia(self) -> None:
        self.bozza()
        grave, lieve = self.intervento(1, privato="250.01"), self.intervento(2, privato="400.00")
        self.metti("NUOVO", grave, lieve, self.intervento(3), self.intervento(4, privato=None))
        grezza = unescape(
            self.client.get(reverse("piano-integrato-regola", args=["nuovo", "quota_privata"])).content.decode()
        )
        assert (
            "No: non la rispettano 2 interventi su 4 a cui si applica; il valore peggiore è 40,00\xa0%, la soglia è "
            "al massimo 25,00\xa0%, la distanza +15,00\xa0%. Di un altro intervento mancano dati."
        ) in grezza
        assert grezza.index(cup(2)) < grezza.index(cup(1)), "il peggiore per primo"
        assert "25,01\xa0%" in grezza
        assert "+0,01\xa0%" in grezza
        pagina = " ".join(grezza.split())
        assert "Interventi che ne sono causa (2)" in pagina
        assert f"{reverse('intervento-modifica', args=[grave.pk])}#denaro" in pagina
        assert "Interventi con dati mancanti (1)" in pagina
        assert cup(4) in pagina[pagina.index('id="ignoti"') :]
        assert str(PER_CODICE["quota_privata"].rimedio) in pagina
        nuova = reverse("deroga-nuova", args=["nuovo"])
        assert f"{nuova}?regola=quota_privata&intervento={grave.pk}" in pagina

    def test_i_dati_mancanti_portano_alla_parte_o_alla_pagina_che_li_contiene(self) -> None:
        self.bozza()
        intervento = crea_intervento(1)
        self.metti("NUOVO", intervento)
        dnsh = self.leggi("piano-integrato-regola", "nuovo", "dnsh")
        assert f'{reverse("intervento-modifica", args=[intervento.pk])}#dnsh">il regime DNSH</a>' in dnsh
        ivsm = self.leggi("piano-integrato-regola", "nuovo", "ivsm")
        assert f"{reverse('ivsm')}\">l'IVSM del Comune in cui si trova</a>" in ivsm
        inclusione = self.leggi("piano-integrato-regola", "nuovo", "inclusione")
        assert f"{reverse('piano-integrato-proposta', args=['nuovo'])}#id_inclusione" in inclusione
        self.client.force_login(crea_persona(Ruolo.CABINA))
        dnsh = self.leggi("piano-integrato-regola", "nuovo", "dnsh")
        assert "il regime DNSH" in dnsh
        assert reverse("intervento-modifica", args=[intervento.pk]) not in dnsh
        inclusione = self.leggi("piano-integrato-regola", "nuovo", "inclusione")
        assert "id_inclusione" not in inclusione
        assert "Lo scrive la Città metropolitana." in inclusione

    def test_una_proposta_gia_presentata_non_si_manda_a_correggere(self) -> None:
        pagina = self.leggi("piano-integrato-regola", "spugna", "inclusione")
        assert "la proposta non si corregge più" in pagina
        assert "id_inclusione" not in pagina
        termine = self.leggi("piano-integrato-regola", "spugna", "termine")
        assert f"{reverse('piano-integrato-modifica', args=['spugna'])}#id_decreto_in_vigore" in termine

    def test_una_regola_o_un_piano_che_non_ci_sono_non_si_trovano(self) -> None:
        for argomenti in (["spugna", "inventata"], ["nessuno", "cup"]):
            assert self.client.get(reverse("piano-integrato-regola", args=argomenti)).status_code == 404
        assert self.client.get(reverse("piano-integrato-verifica", args=["nessuno"])).status_code == 404

    def test_a_un_programma_una_regola_dei_pui_non_si_applica(self) -> None:
        pagina = self.leggi("piano-integrato-regola", "pinqua", "costo_minimo")
        assert "Non si applica: la regola non riguarda i piani di tipo «Programma»." in pagina

    def test_chi_e_di_un_comune_vede_i_suoi_e_degli_altri_solo_quanti_sono(self) -> None:
        self.bozza()
        suo = self.intervento(1, privato="300.00")
        altrui = [self.intervento(n, privato="400.00", comune="Bresso") for n in (2, 3)]
        muto = self.intervento(4, privato=None, comune="Bresso")
        self.metti("NUOVO", suo, *altrui, muto)
        self.deroga("NUOVO", intervento_id=altrui[0].pk)
        self.verifica("NUOVO")
        self.client.force_login(persona_del_comune("Rho"))
        for nome, argomenti in (
            ("piano-integrato-verifica", ("nuovo",)),
            ("piano-integrato-regola", ("nuovo", "quota_privata")),
            ("verifica", ()),
        ):
            pagina = self.leggi(nome, *argomenti)
            for nascosto in (*altrui, muto):
                assert nascosto.titolo not in pagina, nome
                assert nascosto.cup not in pagina, nome
                assert f'"{reverse("intervento", args=[nascosto.pk])}"' not in pagina, nome
        regola = self.leggi("piano-integrato-regola", "nuovo", "quota_privata")
        assert "No: non la rispettano 3 interventi su 4 a cui si applica" in regola
        assert "Opera 1" in regola
        assert "Altri 2 sono di altri enti, e qui non si vedono." in regola
        assert "Un intervento di un altro ente, che qui non si vede." in regola
        assert "un intervento di un altro ente" in regola, "la deroga"
        assert reverse("intervento-modifica", args=[suo.pk]) not in regola
        assert reverse("deroga-nuova", args=["nuovo"]) not in regola
        piano = self.leggi("piano-integrato-verifica", "nuovo")
        assert "3 non conformi</a>:" in piano
        assert "e altri 2" in piano

    def test_le_cause_si_sfogliano_e_le_mancanze_con_un_parametro_loro(self) -> None:
        self.bozza()
        falliti = [self.intervento(n, privato="300.00") for n in range(1, 28)]
        muti = [self.intervento(n, privato=None) for n in range(30, 57)]
        self.metti("NUOVO", *falliti, *muti)
        prima = self.leggi("piano-integrato-regola", "nuovo", "quota_privata")
        assert "?pagina=2" in prima
        assert "?mancanze=2#ignoti" in prima
        assert cup(27) not in prima
        seconda = self.leggi("piano-integrato-regola", "nuovo", "quota_privata", pagina="2", mancanze="2")
        assert cup(27) in seconda
        assert cup(1) not in seconda
        assert cup(56) in seconda
        assert cup(30) not in seconda

    def test_le_deroghe_dicono_atto_chi_perche_e_fino_a_quando(self) -> None:
        self.bozza()
        self.metti("NUOVO", self.intervento(1, privato="300.00"))
        vale = self.deroga("NUOVO")
        vecchia = self.deroga("NUOVO", atto="Nota 5/2023", organo="", data=date(2023, 1, 2), motivo="Provvisoria.")
        services.ritira_deroga(deroga_id=vecchia.pk, motivo="Superata dal DM.", autore=self.coordinatore)
        pagina = self.leggi("piano-integrato-regola", "nuovo", "quota_privata")
        for testo in (
            "DM 14/2024",
            "Ministero dell'interno",
            "Copre gli oneri.",
            "dal 12/03/2024, finché non è ritirata",
        ):
            assert testo in pagina, testo
        oggi = formati.data_breve(timezone.localdate())
        assert f"fino al {oggi}: ritirata da {self.coordinatore}, Superata dal DM." in pagina
        assert reverse("deroga-ritira", args=[vale.pk]) in pagina
        assert reverse("deroga-ritira", args=[vecchia.pk]) not in pagina
        assert f"{reverse('deroga-nuova', args=['nuovo'])}?regola=quota_privata" in pagina
        self.client.force_login(crea_persona(Ruolo.ISTRUTTORE))
        pagina = self.leggi("piano-integrato-regola", "nuovo", "quota_privata")
        assert "DM 14/2024" in pagina
        assert reverse("deroga-ritira", args=[vale.pk]) not in pagina
        assert reverse("deroga-nuova", args=["nuovo"]) not in pagina

    def test_se_il_piano_nell_insieme_rispetta_la_regola_nessuno_ne_e_causa(self) -> None:
        self.bozza()
        cresce, cala = self.intervento(1), self.intervento(2)
        cresce.requisiti.edificato_dopo = Decimal("15.00")
        cresce.requisiti.save()
        cala.requisiti.edificato_dopo = Decimal("5.00")
        cala.requisiti.save()
        self.metti("NUOVO", cresce, cala)
        pagina = self.leggi("piano-integrato-regola", "nuovo", "verde_edificato")
        assert "Sì: il valore è 0,00 m²" in pagina
        assert 'id="falliti"' not in pagina
        cala.requisiti.edificato_dopo = Decimal("5.01")
        cala.requisiti.save()
        pagina = self.leggi("piano-integrato-regola", "nuovo", "verde_edificato")
        assert "No: il valore è 0,01 m²" in pagina
        assert "Ne è causa 1 intervento." in pagina
        falliti = pagina[pagina.index('id="falliti"') : pagina.index('id="deroghe"')]
        assert cup(1) in falliti
        assert cup(2) not in falliti


class StoriaTestCase(VerificaTestCase):
    def frasi(self, codice: str, regola: str) -> list[str]:
        vista = selectors_verifica.della_regola(
            self.piano(codice), PER_CODICE[regola], timezone.localdate(), self.coordinatore
        )
        return [frase.replace("\xa0", " ") for _momento, frase in vista.storia]

    def test_la_storia_dice_fino_a_quando_era_conforme_e_chi_l_ha_fatta_cambiare(self) -> None:
        self.bozza()
        uno, due = self.intervento(1, privato="200.00"), self.intervento(2, privato="100.00")
        self.metti("NUOVO", uno, due)
        self.verifica("NUOVO")
        self.indietro(10)
        self.privati(uno, "250.10")
        self.verifica("NUOVO")
        self.indietro(5)
        self.privati(due, "300.00")
        self.verifica("NUOVO")
        self.indietro(1)
        self.privati(uno, "100.00")
        self.privati(due, "100.00")
        self.verifica("NUOVO")
        giorno = {fa: formati.data_breve(timezone.localdate() - timedelta(days=fa)) for fa in (16, 6, 1, 0)}
        assert self.frasi("NUOVO", "quota_privata") == [
            f"Non conforme fino al {giorno[0]}; poi conforme: il valore peggiore è passato da 30,00 % a 10,00 %; "
            f"non ne sono più causa {cup(1)} e {cup(2)}.",
            f"Ancora non conforme: il valore peggiore è passato da 25,01 % a 30,00 % a causa di {cup(2)}.",
            f"Conforme fino al {giorno[6]}; poi non conforme: il valore peggiore è passato da 20,00 % a 25,01 % "
            f"a causa di {cup(1)}.",
            f"Alla prima verifica, il {giorno[16]}: conforme, il valore peggiore è 20,00 %.",
        ]
        pagina = self.leggi("piano-integrato-regola", "nuovo", "quota_privata")
        assert f"Conforme fino al {giorno[6]}; poi non conforme" in pagina
        cambi = self.leggi("piano-integrato-verifica", "nuovo")
        assert f"Conforme fino al {giorno[6]}; poi non conforme" in cambi
        assert "Ancora non conforme" not in cambi, "la pagina del piano dice solo i cambi di esito"
        self.client.force_login(persona_del_comune("Bresso"))
        altrui = self.leggi("piano-integrato-regola", "nuovo", "quota_privata")
        assert "a causa di un intervento." in altrui
        assert cup(1) not in altrui

    def test_la_storia_dice_quando_i_dati_mancanti_arrivano(self) -> None:
        self.bozza()
        intervento = self.intervento(1, privato=None)
        self.metti("NUOVO", intervento)
        self.verifica("NUOVO")
        self.privati(intervento, "0.00")
        self.verifica("NUOVO")
        oggi = formati.data_breve(timezone.localdate())
        assert self.frasi("NUOVO", "quota_privata")[0] == (
            f"Non determinabile fino al {oggi}; poi conforme: il valore peggiore è 0,00 %; "
            "non mancano più dati degli interventi."
        )

    def test_il_passare_dei_giorni_non_riempie_la_storia(self) -> None:
        piano = self.bozza()
        comune = {"piano": piano, "regola": "termine", "soglia": "120"}
        adesso = timezone.now()
        for giorni, esito in ((119, 3), (121, 2), (122, 2), (123, 2)):
            dal = adesso - timedelta(days=200 - giorni)
            ultimo = giorni == 123
            misura = "" if esito == Esito.NON_DETERMINABILE else str(giorni)
            EsitoRegola.objects.create(
                **comune, esito=esito, misura=misura, dal=dal, al=None if ultimo else dal + timedelta(days=1)
            )
        frasi = self.frasi("NUOVO", "termine")
        assert len(frasi) == 2
        assert "poi non conforme: il valore è 121 giorni." in frasi[0]

    def test_oltre_cinquanta_cause_si_dice_quante_e_non_quali(self) -> None:
        piano = self.bozza()
        adesso = timezone.now()
        comune = {"piano": piano, "regola": "area_target", "esito": 2, "misura": "0", "soglia": "0"}
        EsitoRegola.objects.create(
            **comune, non_conformi=50, evidenza=list(range(1, 51)), dal=adesso - timedelta(days=2), al=adesso
        )
        EsitoRegola.objects.create(**comune, non_conformi=51, evidenza=list(range(2, 52)), dal=adesso)
        assert self.frasi("NUOVO", "area_target")[0] == (
            "Ancora non conforme: gli interventi non conformi sono passati da 50 a 51; "
            "gli interventi a cui si applica sono passati da 50 a 51."
        )


class InterrogazioniTestCase(VerificaTestCase):
    def conta(self, indirizzi: list[str]) -> dict[str, int]:
        conti = {}
        for indirizzo in indirizzi:
            with CaptureQueriesContext(connection) as catturate:
                assert self.client.get(indirizzo).status_code == 200
            conti[indirizzo] = len(catturate)
        return conti

    def test_cinque_interventi_costano_quanto_cinquanta(self) -> None:
        indirizzi = [
            reverse("verifica"),
            reverse("piani-integrati"),
            reverse("piano-integrato", args=["spugna"]),
            reverse("piano-integrato-verifica", args=["spugna"]),
            reverse("piano-integrato-verifica", args=["spugna"], query={"al": "2024-06-30"}),
            *(reverse("piano-integrato-regola", args=["spugna", regola.codice]) for regola in REGOLE),
        ]

        def aggiungi(numeri: range) -> None:
            for numero in numeri:
                privato = {0: "300.00", 1: None}.get(numero % 3, "0.00")
                self.metti("SPUGNA", self.intervento(numero, privato=privato))
            self.verifica("SPUGNA")

        aggiungi(range(5))
        pochi = self.conta(indirizzi)
        aggiungi(range(5, 50))
        assert self.conta(indirizzi) == pochi
        assert max(pochi.values()) <= 24, pochi


@pytest.mark.parametrize("codici", [("SPUGNA",)])
@pytest.mark.django_db
def test_un_piano_spiegato_costa_al_piu_quindici_interrogazioni(
    codici: tuple[str, ...], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    """Judgement, evidence of every rule, waivers, frozen outcomes, history and names: all that its page says."""
    PianiTestCase.setUpTestData()
    caso = VerificaTestCase()
    coordinatore = PianiTestCase.coordinatore
    interventi = [caso.intervento(numero, privato="300.00" if numero % 2 else None) for numero in range(20)]
    piano = PianoIntegrato.objects.get(codice=codici[0])
    services.assegna(piano_id=piano.pk, interventi_ids=[i.pk for i in interventi], autore=coordinatore)
    services.verifica.verifica_gruppo(piani=[piano.pk])
    with django_assert_max_num_queries(15):
        contesto = Contesto.al_giorno(timezone.localdate())
        giudizi = regole.valuta(piano, contesto)
        prove = regole.spiega(piano, contesto)
        attuali = list(EsitoRegola.objects.filter(piano=piano, al__isnull=True, passaggio__isnull=True))
    assert len(attuali) == len(REGOLE)
    quota = next(giudizio for giudizio in giudizi if giudizio.regola.codice == "quota_privata")
    assert (quota.non_conformi, quota.non_determinabili) == (10, 10)
    assert (len(prove["quota_privata"].falliti), len(prove["quota_privata"].ignoti)) == (10, 10)
    with django_assert_max_num_queries(15):
        vista = selectors_verifica.del_piano(piano, date(2024, 6, 30), coordinatore)
    assert vista.esito == Esito.NON_CONFORME


@pytest.mark.parametrize(
    ("conto", "frase"),
    [
        (Conto("pui", 4, 0, 1, 3, 0), "1 Piano urbano integrato su 4 non è conforme; di 3 mancano dati."),
        (Conto("pui", 4, 0, 2, 0, 0), "2 Piani urbani integrati su 4 non sono conformi."),
        (Conto("pui", 4, 3, 0, 1, 0), "Nessun Piano urbano integrato su 4 è non conforme; di 1 mancano dati."),
        (Conto("programma", 5, 5, 0, 0, 0), "Tutti i 5 programmi sono conformi."),
        (Conto("programma", 1, 1, 0, 0, 0), "1 programma su 1 è conforme."),
        (Conto("programma", 5, 0, 0, 0, 5), "Nessun programma su 5 è ancora verificato."),
        (Conto("programma", 5, 4, 0, 0, 1), "Nessun programma su 5 è non conforme; 1 non è ancora verificato."),
    ],
)
def test_quanti_piani_non_sono_conformi_si_dice_in_parole(conto: Conto, frase: str) -> None:
    assert racconto.conto_in_parole(conto) == frase


@pytest.mark.parametrize(
    ("esito", "conti", "frase"),
    [
        (Esito.NON_CONFORME, (6, 1, 4), "Non è conforme: 1 regola non è rispettata, di 4 mancano dati."),
        (Esito.NON_CONFORME, (9, 2, 0), "Non è conforme: 2 regole non sono rispettate."),
        (
            Esito.NON_DETERMINABILE,
            (3, 0, 8),
            "Non si può ancora dire se è conforme: di 8 regole mancano dati, 3 sono rispettate.",
        ),
        (Esito.NON_DETERMINABILE, (0, 0, 1), "Non si può ancora dire se è conforme: di 1 regola mancano dati."),
        (Esito.CONFORME, (11, 0, 0), "È conforme: rispetta tutte le 11 regole obbligatorie che lo riguardano."),
        (Esito.CONFORME, (1, 0, 0), "È conforme: rispetta la sola regola obbligatoria che lo riguarda."),
        (Esito.NON_APPLICABILE, (0, 0, 0), "Nessuna regola obbligatoria lo riguarda."),
    ],
)
def test_come_sta_un_piano_si_dice_in_parole(esito: Esito, conti: tuple[int, int, int], frase: str) -> None:
    assert racconto.piano_in_parole(esito, *conti) == frase


@pytest.mark.parametrize(
    ("giudizio", "frase"),
    [
        (
            Giudizio(PER_CODICE["cup"], Esito.CONFORME, Decimal(1), Decimal(1), conformi=3),
            "Sì: la rispettano tutti i 3 interventi a cui si applica.",
        ),
        (
            Giudizio(PER_CODICE["costo_minimo"], Esito.NON_CONFORME, Decimal("49999999.99"), Decimal(50_000_000)),
            "No: il valore è 49.999.999,99 €, la soglia è almeno 50.000.000,00 €, la distanza −0,01 €.",
        ),
        (
            Giudizio(PER_CODICE["livello_progettuale"], Esito.NON_CONFORME, Decimal(10), Decimal(20), non_conformi=1),
            "No: non la rispetta 1 intervento su 1 a cui si applica; il valore peggiore è «Studio di fattibilità», la "
            "soglia è «almeno Progettazione preliminare».",
        ),
        (
            Giudizio(PER_CODICE["dnsh"], Esito.NON_DETERMINABILE),
            "Non si può dire: il piano non ha ancora interventi.",
        ),
        (
            Giudizio(PER_CODICE["dnsh"], Esito.NON_DETERMINABILE, conformi=2, non_determinabili=1, non_applicabili=5),
            "Non si può dire: di 1 intervento su 3 mancano dati; gli altri 2 la rispettano.",
        ),
        (
            Giudizio(PER_CODICE["classi_energetiche"], Esito.NON_APPLICABILE, soglia=Decimal(2), non_applicabili=4),
            "Non si applica: la regola non riguarda alcun intervento del piano (4 in tutto).",
        ),
        (
            Giudizio(PER_CODICE["inclusione"], Esito.NON_DETERMINABILE, soglia=Decimal(1)),
            "Non si può dire, perché alla proposta del piano manca questo: le misure per l'autonomia delle persone con "
            "disabilità e l'inclusione sociale.",
        ),
    ],
)
def test_ogni_regola_risponde_in_parole(giudizio: Giudizio, frase: str) -> None:
    risposta = racconto.risposta(PianoIntegrato(tipo=TipoPiano.PUI), giudizio, Contesto(date(2026, 1, 1)))
    assert risposta.replace("\xa0", " ") == frase


def test_il_nome_breve_non_e_un_codice_e_serve_a_ogni_regola() -> None:
    nomi = {regola.codice: racconto.nome_breve(regola) for regola in REGOLE}
    assert nomi["quota_privata"] == "Quota privata"
    assert nomi["dnsh"] == "DNSH"
    assert nomi["area_target"] == "Area target"
    assert len(set(nomi.values())) == len(REGOLE)
    assert not any("_" in nome for nome in nomi.values())


def test_gli_interventi_si_nominano_finche_sono_pochi_e_poi_si_contano() -> None:
    codici = {pk: f"C{pk}" for pk in range(1, 8)}
    assert racconto.elenco([1], codici) == "C1"
    assert racconto.elenco([2, 1], codici) == "C1 e C2"
    assert racconto.elenco(range(1, 6), codici) == "C1, C2, C3, C4 e C5"
    assert racconto.elenco(range(1, 7), codici) == "C1, C2, C3, C4, C5 e un altro intervento"
    assert racconto.elenco([1, 98, 99], codici) == "C1 e altri 2 interventi"
    assert racconto.elenco([98], codici) == "un intervento"
    assert racconto.elenco([98, 99], codici) == "2 interventi"
