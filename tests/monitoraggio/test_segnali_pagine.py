"""The pages of the early warnings: who sees what, filters, counts, the file, setting aside, the sections elsewhere."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from enti.models import Comune, Utente
from enti.ruoli import Ruolo
from interventi.models import LegameDriver, LegameStrategia, Localizzazione
from monitoraggio.models import Segnale, Silenzio
from monitoraggio.scelte import ChiAgisce
from monitoraggio.services import silenzi
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from psttm.models import Driver, Strategia
from tests.enti.persone import crea_persona
from tests.monitoraggio.base import MonitoraggioTestCase, intervento
from tests.monitoraggio.segnali_di_prova import segnale


class SegnaliTestCase(MonitoraggioTestCase):
    def setUp(self) -> None:
        self.oggi = timezone.localdate()
        self.client.force_login(self.istruttore)

    def elenco(self, chi: Utente | None = None, **parametri: Any) -> Any:
        if chi is not None:
            self.client.force_login(chi)
        return self.client.get(reverse("segnali"), parametri)

    def trovati(self, chi: Utente | None = None, **parametri: Any) -> list[Segnale]:
        return [riga.segnale for riga in self.elenco(chi, **parametri).context["righe"]]

    def da_parte(self, quale: Segnale, fino_al: date | None = None) -> Silenzio:
        return silenzi.silenzia(
            segnale_id=quale.pk, motivo="Aspetta.", fino_al=fino_al or self.oggi, autore=self.istruttore
        )


class ElencoTestCase(SegnaliTestCase):
    def test_stanno_dal_piu_grave_e_a_parita_dal_piu_vicino(self) -> None:
        lontano = segnale(self.opera, riga="b", entro=date(2027, 1, 1))
        senza_giorno = segnale(self.opera, riga="c")
        vicino = segnale(self.opera, riga="a", entro=date(2026, 12, 1))
        grave = segnale(self.opera, riga="d", peso=90)
        assert self.trovati() == [grave, vicino, lontano, senza_giorno]

    def test_la_frase_dice_quanti_su_quanti_interventi_e_a_chi_toccano(self) -> None:
        segnale(self.opera, riga="a")
        segnale(self.opera, riga="b", tocca=ChiAgisce.UFFICIO)
        segnale(intervento("Bresso"))
        segnale(None, piano=PianoIntegrato.objects.get(codice="SPUGNA"), tocca=ChiAgisce.UFFICIO)
        pagina = self.elenco()
        assert "4 segnali da guardare su 2 interventi e 1 piano: 2 toccano ai Comuni, 2 alla" in pagina.text
        assert "<strong>4 segnali</strong>" in pagina.text

    def test_vuoto_dice_che_cosa_ci_stara(self) -> None:
        assert "Qui staranno i rischi" in self.elenco().text
        assert "Nessun segnale corrisponde ai filtri" in self.elenco(q="zzzz").text

    def test_ognuno_vede_quelli_degli_interventi_che_vede(self) -> None:
        di_rho, di_bresso = segnale(self.opera), segnale(intervento("Bresso"))
        del_piano = segnale(None, piano=PianoIntegrato.objects.get(codice="SPUGNA"), peso=99)
        assert self.trovati(self.compilatore) == [di_rho]
        assert self.trovati(self.altra) == [di_bresso]
        for ruolo in (Ruolo.CABINA, Ruolo.AMMINISTRATORE):
            assert self.trovati(crea_persona(ruolo)) == [del_piano, di_rho, di_bresso]
        assert self.trovati(self.coordinatore) == [del_piano, di_rho, di_bresso]

    def test_chi_e_messo_da_parte_si_conta_e_si_mostra_a_richiesta(self) -> None:
        visibile, nascosto = segnale(self.opera, riga="a"), segnale(self.opera, riga="b", peso=80)
        silenzio = self.da_parte(nascosto)
        assert self.trovati() == [visibile]
        assert "1 è messo da parte" in self.elenco().text
        assert self.trovati(mostra="da_parte") == [nascosto]
        assert self.trovati(mostra="tutti") == [nascosto, visibile]
        Silenzio.objects.filter(pk=silenzio.pk).update(fino_al=self.oggi - timedelta(days=1))
        assert self.trovati() == [nascosto, visibile]

    def test_cio_che_e_cessato_non_c_e(self) -> None:
        segnale(self.opera, cessato_il=timezone.now())
        assert self.trovati(mostra="tutti") == []

    def test_i_filtri_agiscono_insieme(self) -> None:
        altro = intervento("Bresso")
        driver, sttm = Driver.objects.get(numero=9), Strategia.objects.get(numero=2)
        spugna = PianoIntegrato.objects.get(codice="SPUGNA")
        InterventoNelPiano.objects.create(piano=spugna, intervento=self.opera)
        LegameDriver.objects.create(intervento=self.opera, driver=driver)
        LegameStrategia.objects.create(intervento=altro, strategia=sttm)
        primo, secondo = segnale(self.opera, peso=60), segnale(altro, codice="cup_non_attivo")
        terzo = segnale(None, piano=spugna, tocca=ChiAgisce.UFFICIO, peso=10)
        rho = Comune.objects.get(nome="Rho", zona__isnull=False)
        assert rho.zona is not None
        casi: list[tuple[dict[str, Any], list[Segnale]]] = [
            ({"piano": "SPUGNA"}, [primo, terzo]),
            ({"piano": "null"}, [secondo]),
            ({"driver": "9"}, [primo]),
            ({"strategia": "2"}, [secondo]),
            ({"comune": rho.codice_istat}, [primo]),
            ({"zona": str(rho.zona.numero)}, [primo]),
            ({"codice": "cup_non_attivo"}, [secondo]),
            ({"tocca": "ufficio"}, [terzo]),
            ({"q": altro.cup}, [secondo]),
            ({"piano": "SPUGNA", "tocca": "comune"}, [primo]),
            ({"driver": "9", "codice": "cup_non_attivo"}, []),
        ]
        for parametri, attesi in casi:
            assert self.trovati(**parametri) == attesi, parametri

    def test_una_sttm_prende_anche_cio_che_serve_i_suoi_driver(self) -> None:
        driver = Driver.objects.filter(legami_strategie__strategia__numero=1).order_by("numero")[0]
        LegameDriver.objects.create(intervento=self.opera, driver=driver)
        uno = segnale(self.opera)
        assert self.trovati(strategia="1") == [uno]

    def test_i_miei_sono_quelli_che_attua_il_mio_ente(self) -> None:
        altrui = intervento("Bresso")
        rho = Comune.objects.get(nome="Rho", zona__isnull=False)
        Localizzazione.objects.create(
            intervento=altrui, comune=rho, codice_provincia="015", codice_comune=rho.codice_istat[3:]
        )
        mio, nel_territorio = segnale(self.opera, peso=60), segnale(altrui)
        assert self.trovati(self.compilatore) == [mio, nel_territorio]
        assert self.trovati(self.compilatore, miei="si") == [mio]

    def test_i_nuovi_di_un_giorno_vanno_dalle_sette_alle_sette(self) -> None:
        giorno = date(2026, 3, 10)

        def alle(quale: int, ore: int, minuti: int) -> datetime:
            fuso = timezone.get_default_timezone()
            return datetime(2026, 3, quale, ore, minuti, tzinfo=fuso)

        segnale(self.opera, riga="a", dal=alle(9, 6, 59))
        primo = segnale(self.opera, riga="b", dal=alle(9, 7, 0))
        ultimo = segnale(self.opera, riga="c", dal=alle(10, 6, 59))
        segnale(self.opera, riga="d", dal=alle(10, 7, 0))
        assert self.trovati(nuovi=giorno.isoformat()) == [primo, ultimo]

    def test_un_filtro_che_non_si_legge_e_detto(self) -> None:
        uno = segnale(self.opera)
        pagina = self.elenco(codice="boh", nuovi="ieri")
        assert "Un filtro non si legge" in pagina.text
        assert [riga.segnale for riga in pagina.context["righe"]] == [uno]

    def test_una_pagina_ne_tiene_cinquanta_e_dice_quanti_sono_in_tutto(self) -> None:
        for numero in range(51):
            segnale(self.opera, riga=str(numero))
        assert len(self.trovati()) == 50
        seconda = self.elenco(pagina="2")
        assert len(seconda.context["righe"]) == 1
        assert "<strong>51 segnali</strong>" in seconda.text

    def test_un_codice_che_il_catalogo_non_ha_piu_si_mostra_lo_stesso(self) -> None:
        segnale(self.opera, codice="di_una_volta")
        assert "di_una_volta" in self.elenco().text

    def test_le_interrogazioni_sono_le_stesse_per_dieci_e_per_cinquecento(self) -> None:
        def quante(nome: str) -> int:
            with CaptureQueriesContext(connection) as catturate:
                risposta = self.client.get(reverse(nome), {"mostra": "tutti"})
                risposta.getvalue()
            return len(catturate)

        spugna = PianoIntegrato.objects.get(codice="SPUGNA")
        opere = [self.opera, *(intervento("Bresso") for _ in range(9))]
        InterventoNelPiano.objects.bulk_create(InterventoNelPiano(piano=spugna, intervento=opera) for opera in opere)
        for opera in opere:
            segnale(opera)
        poche = {nome: quante(nome) for nome in ("segnali", "segnali-csv")}
        for numero in range(490):
            segnale(opere[numero % 10], riga=str(numero))
        assert {nome: quante(nome) for nome in poche} == poche


class CsvTestCase(SegnaliTestCase):
    def righe(self, **parametri: str) -> list[dict[str, str]]:
        risposta = self.client.get(reverse("segnali-csv"), parametri)
        testo = risposta.getvalue().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(testo), delimiter=";"))

    def test_ha_le_stesse_righe_dell_elenco_con_date_iso(self) -> None:
        entro = date(2026, 12, 31)
        uno = segnale(self.opera, entro=entro, peso=70)
        segnale(intervento("Bresso"), peso=60)
        self.da_parte(segnale(self.opera, riga="x"), self.oggi)
        righe = self.righe()
        assert [riga["Rischio (da 1 a 100)"] for riga in righe] == ["70", "60"]
        assert righe[0]["Entro"] == "2026-12-31"
        assert righe[0]["CUP"] == self.opera.cup
        assert righe[0]["Visto la prima volta"] == timezone.localtime(uno.dal).isoformat(timespec="seconds")
        assert self.righe(mostra="da_parte")[0]["Messo da parte fino al"] == self.oggi.isoformat()

    def test_nessun_testo_diventa_una_formula(self) -> None:
        segnale(self.opera, motivo='=HYPERLINK("http://male")')
        type(self.opera).objects.filter(pk=self.opera.pk).update(titolo="@somma")
        riga = self.righe()[0]
        assert riga["Motivo"].startswith("'=")
        assert riga["Intervento"] == "'@somma"

    def test_se_un_filtro_non_si_legge_rimanda_all_elenco_che_lo_dice(self) -> None:
        risposta = self.client.get(reverse("segnali-csv"), {"codice": "boh"})
        self.assertRedirects(risposta, f"{reverse('segnali')}?codice=boh")


class PaginaTestCase(SegnaliTestCase):
    def apri(self, quale: Segnale, chi: Utente | None = None) -> Any:
        if chi is not None:
            self.client.force_login(chi)
        return self.client.get(reverse("segnale", args=[quale.pk]))

    def test_dice_motivo_evidenza_rimedio_e_a_chi_tocca(self) -> None:
        testo = self.apri(segnale(self.opera, entro=date(2026, 12, 31))).text
        for parte in ("I lavori sono fermi al 38 %", "Avanzamento fisico", "38,00 %", "Che cosa fare", "Fonte:"):
            assert parte in testo, parte
        assert "Comune di Rho" in testo
        assert "31/12/2026" in testo
        assert "È la prima volta che il portale lo rileva" in testo

    def test_racconta_le_altre_volte(self) -> None:
        prima = segnale(self.opera, cessato_il=timezone.now(), motivo="Fermi nel 2024.")
        segnale(self.opera, riga="altro", cessato_il=timezone.now(), motivo="Di un'altra cosa.")
        ora = segnale(self.opera)
        testo = self.apri(ora).text
        assert "Fermi nel 2024." in testo
        assert "altra cosa" not in testo
        assert f'href="{reverse("segnale", args=[ora.pk])}">guarda com&#x27;è adesso' in self.apri(prima).text.replace(
            "'", "&#x27;"
        )

    def test_di_un_altro_comune_non_c_e(self) -> None:
        assert self.apri(segnale(self.opera), self.altra).status_code == 404

    def test_si_mette_da_parte_e_si_riprende_dalla_pagina(self) -> None:
        uno = segnale(self.opera)
        self.client.force_login(self.responsabile)
        dati = {"motivo": "Il SAL è in firma.", "fino_al": self.oggi.strftime("%d/%m/%Y")}
        pagina = self.client.post(reverse("segnale-silenzia", args=[uno.pk]), dati, follow=True)
        assert "Il SAL è in firma." in pagina.text
        assert "Riprendi fra quelli da guardare" in pagina.text
        pagina = self.client.post(reverse("segnale-riattiva", args=[uno.pk]), follow=True)
        assert "Metti da parte</button>" in pagina.text
        assert f"da {self.responsabile}" in pagina.text

    def test_gli_errori_stanno_al_loro_campo_e_cio_che_e_scritto_resta(self) -> None:
        uno = segnale(self.opera)
        indirizzo = reverse("segnale-silenzia", args=[uno.pk])
        lontano = (self.oggi + timedelta(days=999)).isoformat()
        pagina = self.client.post(indirizzo, {"motivo": "Scritto a lungo.", "fino_al": lontano})
        assert "è troppo lontano" in pagina.context["modulo"].errors["fino_al"][0]
        assert "Scritto a lungo." in pagina.text
        pagina = self.client.post(indirizzo, {"motivo": "", "fino_al": "31/13/2026"})
        assert set(pagina.context["modulo"].errors) == {"motivo", "fino_al"}
        assert not Silenzio.objects.exists()

    def test_chi_lo_vede_e_non_ne_risponde_non_ha_il_modulo_e_non_puo(self) -> None:
        uno = segnale(self.opera)
        for chi in (self.compilatore, crea_persona(Ruolo.CABINA)):
            assert "Metti da parte</button>" not in self.apri(uno, chi).text
            risposta = self.client.post(reverse("segnale-silenzia", args=[uno.pk]), {"motivo": "x", "fino_al": "x"})
            assert risposta.status_code == 403

    def test_riprendere_cio_che_non_e_da_parte_lo_dice(self) -> None:
        uno = segnale(self.opera)
        pagina = self.client.post(reverse("segnale-riattiva", args=[uno.pk]), follow=True)
        assert "non è messo da parte" in pagina.text


class SezioniTestCase(SegnaliTestCase):
    def test_la_pagina_dell_intervento_li_elenca_e_tace_se_non_ce_ne_sono(self) -> None:
        indirizzo = reverse("intervento", args=[self.opera.pk])
        assert 'id="titolo-segnali"' not in self.client.get(indirizzo).text
        segnale(self.opera)
        self.da_parte(segnale(self.opera, riga="x", motivo="Nascosto per ora."))
        testo = self.client.get(indirizzo).text
        assert "I lavori sono fermi al 38 %" in testo
        assert "1 messo da parte" in testo

    def test_la_pagina_del_piano_mostra_i_piu_gravi_e_porta_agli_altri(self) -> None:
        spugna = PianoIntegrato.objects.get(codice="SPUGNA")
        InterventoNelPiano.objects.create(piano=spugna, intervento=self.opera)
        for numero in range(5):
            segnale(self.opera, riga=str(numero), peso=50 + numero)
        segnale(None, piano=spugna, motivo="Il piano è a rischio.", peso=99)
        testo = self.client.get(reverse("piano-integrato", args=["spugna"])).text
        assert "Il piano è a rischio." in testo
        assert "Tutti i 6 segnali del piano" in testo
