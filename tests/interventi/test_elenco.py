"""The list of interventi: each filter finds what it says, the address tells all, nobody sees what is not hers."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.test import TestCase
from django.urls import reverse

from enti.models import Utente
from enti.ruoli import Ruolo
from interventi import elenco as elenchi
from interventi.colonne import colonne_possibili
from interventi.elenco import Elenco, scelti
from interventi.models import Classificazione, Intervento, Procedura
from interventi.ricerca import aggiorna
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.interventi.opere import di_rho, opera, submisura
from tests.psttm.test_pagine import leggi


class ElencoTestCase(TestCase):
    persona: Utente
    biblioteca: Intervento
    scuola: Intervento
    muto: Intervento

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.persona = crea_persona(Ruolo.COORDINATORE)
        cls.biblioteca = opera(
            "Nuova biblioteca",
            cup="J41J22000010001",
            comuni=["Rho", "Bresso"],
            driver=[9],
            strategie=[1],
            stato_cup="attivo",
            linea_finanziamento="pnrr",
            finanziamento_totale="1000000.00",
            pagamenti_totali="250000.50",
            pnrr="600000.00",
        )
        cls.scuola = opera(
            "Scuola di città",
            comuni=["Magenta"],
            driver=[2],
            strategie=[2],
            stato_cup="revocato",
            linea_finanziamento="nazionale",
            classificazione=Classificazione.objects.get_or_create(
                natura="03", tipologia="", settore="", sottosettore="", categoria=""
            )[0],
            submisura=submisura("M5C2I2.03.01"),
            finanziamento_totale="999999.99",
        )
        cls.muto = opera(cup="B41J22999990001", attuatore_denominazione="COMUNE DI RHO")

    def setUp(self) -> None:
        self.client.force_login(self.persona)

    def elenco(self, indirizzo: str = "", chi: Utente | None = None) -> Elenco:
        return Elenco(QueryDict(indirizzo), chi or self.persona)

    def trovati(self, indirizzo: str) -> set[Intervento]:
        return set(self.elenco(indirizzo).interventi)

    # --- filters ---

    def test_ogni_filtro_trova_i_suoi(self) -> None:
        per_indirizzo = {
            "comune=015182": {self.biblioteca},
            "zona=4": set(Intervento.objects.filter(localizzazioni__comune__zona__numero=4)),
            "driver=9": {self.biblioteca},
            "strategia=2": {self.scuola},
            "stato=revocato": {self.scuola},
            "linea=nazionale": {self.scuola},
            "natura=03": {self.scuola},
            "misura=M5C2I2.03.01": {self.scuola},
            "misura=M5C2I2.03": {self.scuola},
            "q=biblioteca": {self.biblioteca},
            "comune=015182&stato=revocato": set(),
        }
        for indirizzo, attesi in per_indirizzo.items():
            assert self.trovati(indirizzo) == attesi, indirizzo

    def test_un_nodo_della_misura_comprende_tutto_cio_che_gli_sta_sotto(self) -> None:
        assert self.trovati("misura=M5C2.2") == self.trovati("misura=M5") == {self.biblioteca, self.scuola, self.muto}
        assert self.trovati("misura=M5C2I2.02") == {self.biblioteca, self.muto}

    def test_una_submisura_che_l_albero_non_conosce_si_filtra_lo_stesso(self) -> None:
        strana = opera("Fuori albero", submisura=submisura("M9C9I9.09"))
        assert self.trovati("misura=M9C9I9.09") == {strana}

    def test_gli_importi_comprendono_gli_estremi_al_centesimo(self) -> None:
        assert self.trovati("importo_da=1.000.000") == {self.biblioteca}
        assert self.trovati("importo_da=1000000,01") == set()
        assert self.trovati("importo_a=999.999,99") == {self.scuola}
        assert self.trovati("importo_a=999999.98") == set()

    def test_si_cerca_per_cup_spezzato_per_cig_per_ente_e_senza_accenti(self) -> None:
        Procedura.objects.create(intervento=self.scuola, cig="9472256ABC", oggetto="Lavori")
        aggiorna([self.scuola.pk])
        assert self.trovati("q=j41 j22 00001 0001") == {self.biblioteca}
        assert self.trovati("q=9472256abc") == {self.scuola}
        assert self.trovati("q=SCUOLA+citta") == {self.scuola}
        assert self.trovati("q=comune+di+rho") == {self.muto}
        assert self.trovati("q=100%25") == set()
        assert self.trovati("q=nuova_biblioteca") == set()

    def test_un_filtro_insensato_non_filtra_e_lo_dice_nel_suo_campo(self) -> None:
        pagina = leggi(self.client, f"{reverse('interventi')}?importo_da=tanto&zona=99&driver=boh&ordine=boh")
        assert "3 interventi" in pagina
        assert "«tanto» non si legge come numero" in pagina
        assert 'aria-invalid="true"' in pagina

    # --- what the page says ---

    def test_la_prima_riga_dice_quanti_sono_quanto_valgono_e_di_quanti_non_si_sa(self) -> None:
        pagina = leggi(self.client, reverse("interventi"))
        assert "3 interventi per 2,0\xa0mln\xa0€ di finanziamento" in pagina
        assert "Di 1 non si conosce l'importo." in pagina

    def test_i_totali_sono_di_tutti_i_trovati_non_della_pagina(self) -> None:
        for _numero in range(30):
            opera("Tante", finanziamento_totale="0.10", pagamenti_totali="0.05")
        elenco = self.elenco("q=tante&per_pagina=25")
        assert len(elenco.pagina().object_list) == 25
        assert (elenco.totali.quanti, elenco.totali.finanziamento) == (30, Decimal("3.00"))
        assert elenco.totali.pagato == Decimal("1.50")
        piede = leggi(self.client, f"{reverse('interventi')}?q=tante&per_pagina=25").split("<tfoot>")[1]
        assert "Totale di 30 interventi" in piede
        assert "3,00\xa0€" in piede

    def test_le_pagine_dividono_l_elenco_senza_perdere_ne_ripetere(self) -> None:
        for _numero in range(60):
            opera("Uguali", finanziamento_totale="5.00")
        for ordine in ("", "&ordine=-finanziamento", "&ordine=titolo"):
            viste = [i.pk for n in (1, 2, 3) for i in self.elenco(f"per_pagina=25&pagina={n}{ordine}").pagina()]
            assert len(viste) == len(set(viste)) == 63, ordine

    def test_molti_e_pochi_risultati_si_ordinano_allo_stesso_modo(self) -> None:
        """Above a number of results the order follows an index, below it does not: nobody must notice."""
        for ordine in ("", "ordine=-finanziamento", "ordine=finanziamento", "ordine=-titolo"):
            pochi = list(self.elenco(ordine).pagina())
            with pytest.MonkeyPatch.context() as soglia:
                soglia.setattr(elenchi, "POCHI", 0)
                assert list(self.elenco(ordine).pagina()) == pochi, ordine

    def test_con_ogni_filtro_totali_e_pagine_dicono_lo_stesso(self) -> None:
        """Some filters find page and totals in one reading, others apart; a page after the last is the last."""
        for _numero in range(30):
            opera("Uguali", comuni=["Rho"], stato_cup="chiuso", finanziamento_totale="5.00")
        for filtro in ("comune=015182", "q=uguali", "stato=chiuso"):
            for numero, attesi in (("1", 25), ("2", None), ("99", None), ("0", 25), ("-3", 25), ("boh", 25)):
                elenco = self.elenco(f"{filtro}&per_pagina=25&pagina={numero}")
                quanti = len(self.trovati(filtro))
                assert elenco.totali.quanti == quanti, (filtro, numero)
                assert len(elenco.pagina().object_list) == (attesi or quanti - 25), (filtro, numero)

    def test_un_intervento_senza_titolo_si_chiama_col_suo_cup(self) -> None:
        assert "Intervento B41J22999990001" in leggi(self.client, reverse("interventi"))

    def test_i_comuni_oltre_il_terzo_si_contano(self) -> None:
        opera("Diffuso", comuni=["Rho", "Bresso", "Magenta", "Segrate", "Cormano"])
        pagina = leggi(self.client, f"{reverse('interventi')}?q=diffuso")
        assert 'Bresso, Cormano, Magenta <span class="quieto">e altri 2</span>' in pagina

    def test_senza_interventi_la_pagina_dice_come_averne_a_chi_puo(self) -> None:
        assert "corrisponde ai filtri" in leggi(self.client, f"{reverse('interventi')}?q=zzzz")
        Intervento.objects.all().delete()
        vuota = leggi(self.client, reverse("interventi"))
        assert "Nessun intervento nel portale" in vuota
        assert f'href="{reverse("importazioni")}"' in vuota
        self.client.force_login(crea_persona(Ruolo.CABINA))
        assert "Importa i dati di ReGiS" not in leggi(self.client, reverse("interventi"))

    # --- order ---

    def test_gli_importi_ignoti_stanno_in_fondo_in_ogni_verso(self) -> None:
        assert list(self.elenco("ordine=-finanziamento").pagina()) == [self.biblioteca, self.scuola, self.muto]
        assert list(self.elenco("ordine=finanziamento").pagina()) == [self.scuola, self.biblioteca, self.muto]

    def test_ogni_colonna_ordinabile_ordina_nei_due_versi(self) -> None:
        for colonna in colonne_possibili():
            if colonna.ordina:
                for verso in ("", "-"):
                    assert len(self.elenco(f"ordine={verso}{colonna.chiave}").pagina().object_list) == 3, colonna

    def test_l_intestazione_dice_l_ordine_e_lo_inverte_tenendo_i_filtri(self) -> None:
        pagina = leggi(self.client, f"{reverse('interventi')}?stato=attivo&ordine=-finanziamento&pagina=1")
        assert 'aria-sort="descending"' in pagina
        assert 'href="/interventi/?stato=attivo&ordine=finanziamento"' in pagina

    # --- columns ---

    def test_le_colonne_si_scelgono_nell_indirizzo_e_il_titolo_resta(self) -> None:
        assert [c.chiave for c in self.elenco("colonne=pagato,cup,inesistente").colonne] == ["titolo", "cup", "pagato"]
        previste = [c.chiave for c in self.elenco().colonne]
        assert previste[:2] == ["titolo", "cup"]
        assert [c.chiave for c in self.elenco("colonne=inesistente").colonne] == previste

    def test_la_scelta_delle_colonne_si_abbrevia_nell_indirizzo(self) -> None:
        risposta = self.client.get(f"{reverse('interventi')}?stato=attivo&colonne=titolo&colonne=cup&colonne=pagato")
        assert risposta.headers["Location"] == f"{reverse('interventi')}?stato=attivo&colonne=titolo,cup,pagato"

    def test_tutte_le_colonne_insieme_si_leggono(self) -> None:
        tutte = ",".join(colonna.chiave for colonna in colonne_possibili())
        pagina = leggi(self.client, f"{reverse('interventi')}?colonne={tutte}")
        for atteso in ("600.000,00\xa0€", "25,0\xa0%", "STTM 1", "revocato", "Piani urbani integrati"):
            assert atteso in pagina, atteso

    # --- chips ---

    def test_ogni_filtro_attivo_si_toglie_da_solo_tenendo_il_resto(self) -> None:
        elenco = self.elenco("q=biblioteca&comune=015182&importo_da=1000&ordine=titolo&pagina=2")
        chip = {str(c.nome): c for c in elenco.chip()}
        assert [c.valore for c in elenco.chip()] == ["biblioteca", "Rho", "1.000,00\xa0€"]
        assert chip["Comune"].senza == "?q=biblioteca&importo_da=1000&ordine=titolo"

    def test_la_misura_scelta_si_legge_senza_il_rientro_dell_albero(self) -> None:
        (chip,) = self.elenco("misura=M5C2I2.02.03").chip()
        assert chip.valore.startswith("M5C2I2.02.03 ")

    # --- who sees what ---

    def test_un_comune_vede_cio_che_attua_e_cio_che_sta_nel_suo_territorio(self) -> None:
        chi = di_rho()
        suo = opera("Attuato altrove", comuni=["Magenta"], soggetto_attuatore=chi.appartenenze_attive[0].ente)
        assert set(self.elenco("", chi).interventi) == {self.biblioteca, suo}
        assert self.elenco("", chi).totali.quanti == 2
        assert set(self.elenco("q=scuola", chi).interventi) == set()

    # --- bulk actions ---

    def test_le_azioni_in_blocco_compaiono_solo_a_chi_puo(self) -> None:
        assert 'id="in-blocco"' in leggi(self.client, reverse("interventi"))
        self.client.force_login(crea_persona(Ruolo.CABINA))
        pagina = leggi(self.client, reverse("interventi"))
        assert 'id="in-blocco"' not in pagina
        assert 'name="scelti"' not in pagina

    def test_le_caselle_e_i_filtri_arrivano_all_azione_senza_javascript(self) -> None:
        for _numero in range(60):
            opera("Tante", stato_cup="attivo")
        pagina = leggi(self.client, f"{reverse('interventi')}?stato=attivo&ordine=titolo&colonne=titolo,cup")
        assert len(re.findall(r'form="in-blocco" name="scelti" value="\d+"', pagina)) == 50
        assert '<input type="hidden" name="filtri" value="stato=attivo">' in pagina
        assert "tutti i 61 interventi trovati" in pagina

    def test_gli_scelti_sono_quelli_segnati_o_tutti_quelli_dei_filtri(self) -> None:
        segnati = QueryDict(f"scelti={self.scuola.pk}&scelti=boh&scelti=-1&scelti={'9' * 30}")
        assert set(scelti(segnati, self.persona)) == {self.scuola}
        assert set(scelti(QueryDict("tutti=1&filtri=stato%3Dattivo"), self.persona)) == {self.biblioteca}
        assert set(scelti(QueryDict(""), self.persona)) == set()

    def test_tutti_con_un_filtro_insensato_non_vuol_dire_tutti(self) -> None:
        assert set(scelti(QueryDict("tutti=1&filtri=importo_da%3Dtanto"), self.persona)) == set()

    def test_nessuno_sceglie_cio_che_non_vede(self) -> None:
        chi = di_rho()
        assert set(scelti(QueryDict(f"scelti={self.scuola.pk}&scelti={self.biblioteca.pk}"), chi)) == {self.biblioteca}
        assert set(scelti(QueryDict("tutti=1&filtri="), chi)) == {self.biblioteca}
