"""The timelines: states and works on a day, by piano and by Comune, for who sees all and for who works for a Comune."""

from __future__ import annotations

import html
import re
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cruscotto.collegamenti import Collegamenti
from cruscotto.conteggio.giorno import Giorno
from cruscotto.presentazione import tempi as presentazione
from cruscotto.selectors import figure, propri
from cruscotto.selectors import tempi as selectors
from cruscotto.selectors.tempi import Aperto
from cruscotto.services import fotografie
from cruscotto.tipi import Dimensione, Filtri, Istantanea
from enti.models import Utente
from enti.ruoli import Ruolo
from interventi.models import Intervento
from monitoraggio.models import Traguardo
from monitoraggio.tempo import Tempo
from piani_integrati.models import PianoIntegrato
from registro.esecutori import Avanzatore
from registro.models import Fonte
from registro.storia import salva
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.monitoraggio.base import persona
from tests.rapporti import scena

TEMPO = Tempo(oggi=date(2025, 2, 1), al=scena.AL, noto_al=scena.NOTO_AL)
TEMPI = reverse("tempi")
BUDGET = 20
CONTO = re.compile(r'<p class="filtri-conto"[^>]*>\s*<strong>([\d.]+) ')
LINK = re.compile(r'<a href="([^"]*)">([\d.]+)</a>')


def traguardo(di: Intervento | PianoIntegrato, codice: str, scadenza: date, **altro: Any) -> Traguardo:
    chi = {"intervento": di} if isinstance(di, Intervento) else {"piano": di}
    nuovo = Traguardo(
        **chi, codice=codice, titolo=f"Traguardo {codice}", tipo="milestone", scadenza=scadenza,
        scadenza_iniziale=scadenza, fonte=Fonte.objects.get(codice="portale"), **altro,
    )  # fmt: skip
    salva(nuovo, autore=None)
    return nuovo


class TempiTestCase(TestCase):
    opere: list[Intervento]
    cabina: Utente
    rho: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.opere = scena.crea()
        cls.cabina = crea_persona(Ruolo.CABINA)
        cls.rho = persona(Ruolo.COMPILATORE)
        spugna = PianoIntegrato.objects.get(codice="SPUGNA")
        traguardo(spugna, "SPUGNA-METÀ", date(2024, 9, 30))
        traguardo(spugna, "SPUGNA-POI", date(2026, 3, 31))
        scena._date_fisse()
        cls.conta_il_giorno()

    @staticmethod
    def conta_il_giorno() -> None:
        fotografie.conta_tutto(Giorno(scena.AL, scena.NOTO_AL), Avanzatore())

    def setUp(self) -> None:
        self.client.force_login(self.cabina)

    def istantanea(self) -> Istantanea:
        trovata = figure.istantanea(TEMPO)
        assert trovata is not None
        return trovata

    def pagina(self, **parametri: str) -> str:
        risposta = self.client.get(TEMPI, parametri | TEMPO.parametri)
        assert risposta.status_code == 200
        return html.unescape(risposta.content.decode())

    def aperto(self, tempo: Tempo = TEMPO, chi: Utente | None = None, **parametri: str) -> Aperto:
        return selectors.del_gruppo(chi or self.cabina, parametri, tempo, None)


class GruppoTestCase(TempiTestCase):
    """Opera 1 of the scene: planned from 10/01/2024 for ten months, ten percent a month, ended in October."""

    def stato(self, uno: Traguardo, tempo: Tempo) -> str:
        (riga,) = (riga for riga in self.aperto(tempo, piano="SPUGNA").righe if riga.traguardo.id == uno.pk)
        return str(riga.traguardo.stato)

    def test_il_giorno_della_scadenza_e_ancora_in_linea_e_quello_dopo_e_in_ritardo(self) -> None:
        uno = traguardo(self.opere[0], "X", date(2024, 10, 15))
        assert self.stato(uno, Tempo(TEMPO.oggi, al=date(2024, 10, 15))) == "in_linea"
        assert self.stato(uno, Tempo(TEMPO.oggi, al=date(2024, 10, 16))) == "in_ritardo"

    def test_cio_che_fu_conseguito_dopo_il_giorno_quel_giorno_era_previsto(self) -> None:
        uno = traguardo(self.opere[0], "X", date(2024, 10, 15), conseguito_il=date(2024, 11, 1))
        prima, dopo = (Tempo(TEMPO.oggi, al=giorno) for giorno in (date(2024, 10, 31), date(2024, 11, 1)))
        assert (self.stato(uno, prima), self.stato(uno, dopo)) == ("in_ritardo", "concluso")
        lette = [presentazione.riga_di_traguardo(una) for una in self.aperto(prima, piano="SPUGNA").righe]
        (riga,) = (una for una in lette if una.traguardo.id == uno.pk)
        assert (riga.previsione, riga.riga.conseguito_il, riga.giorni) == (date(2024, 11, 1), None, 16)

    def test_una_scadenza_spostata_mostra_quella_iniziale_dal_giorno_dell_atto(self) -> None:
        opera = self.opere[2]

        def marca(al: date) -> tuple[date, date | None]:
            righe = self.aperto(Tempo(TEMPO.oggi, al=al, noto_al=scena.NOTO_AL), piano="SPUGNA").righe
            (riga,) = (una for una in righe if una.traguardo.intervento_id == opera.pk)
            segno = presentazione.marca(riga)
            return riga.scadenza, segno.iniziale

        assert marca(date(2024, 5, 31)) == (date(2023, 7, 30), None)
        assert marca(date(2024, 6, 1)) == (date(2023, 9, 30), date(2023, 7, 30))

    def test_i_giorni_dopo_la_scadenza(self) -> None:
        casi: list[tuple[dict[str, Any], int | None, str]] = [
            ({}, 61, "61 giorni di ritardo"),
            ({"conseguito_il": date(2024, 11, 1)}, 1, "conseguito 1 giorno dopo"),
            ({"conseguito_il": date(2024, 10, 31)}, None, ""),
        ]
        for numero, (campi, giorni, nota) in enumerate(casi):
            uno = traguardo(self.opere[0], f"G{numero}", date(2024, 10, 31), **campi)
            lette = self.aperto(Tempo(TEMPO.oggi, al=scena.AL), piano="SPUGNA").righe
            (riga,) = (presentazione.riga_di_traguardo(una) for una in lette if una.traguardo.id == uno.pk)
            assert (riga.giorni, riga.nota) == (giorni, nota)
        futuro = traguardo(self.opere[0], "F", date(2025, 1, 31), previsione=date(2025, 2, 2))
        lette = self.aperto(Tempo(TEMPO.oggi, al=scena.AL), piano="SPUGNA").righe
        (riga,) = (presentazione.riga_di_traguardo(una) for una in lette if una.traguardo.id == futuro.pk)
        assert (riga.giorni, riga.nota) == (2, "previsto 2 giorni dopo")

    def test_vengono_prima_quelli_in_ritardo_da_piu_tempo(self) -> None:
        traguardo(self.opere[1], "VECCHIO", date(2024, 3, 1))
        righe = self.aperto(Tempo(TEMPO.oggi, al=scena.AL), piano="SPUGNA").righe
        tardi = [riga.traguardo.codice for riga in righe if riga.traguardo.stato == "in_ritardo"]
        assert tardi[0] == "VECCHIO"
        assert [riga.traguardo.codice for riga in righe][: len(tardi)] == tardi

    def test_una_pagina_ha_quaranta_traguardi(self) -> None:
        for numero in range(41):
            traguardo(self.opere[0], f"N{numero}", date(2024, 1, 1) + timedelta(days=numero))
        aperto = self.aperto(Tempo(TEMPO.oggi, al=scena.AL), piano="SPUGNA")
        assert (len(aperto.righe), aperto.pagina.paginator.num_pages) == (40, 2)

    def lavori(self, quale: int, al: date, noto_al: datetime | None = None) -> selectors.Lavori:
        aperto = self.aperto(Tempo(TEMPO.oggi, al=al, noto_al=noto_al), piano=scena.OPERE[quale][1])
        return aperto.lavori[self.opere[quale].pk]

    def test_il_piano_e_quello_dichiarato_per_primo(self) -> None:
        assert self.lavori(0, scena.AL).base == (date(2024, 1, 10), date(2024, 10, 31))

    def test_i_lavori_in_corso_arrivano_al_giorno_e_quelli_finiti_alla_loro_fine(self) -> None:
        corso, fine = self.lavori(0, date(2024, 6, 30)), self.lavori(0, date(2024, 11, 15))
        assert corso.svolto == (date(2024, 1, 10), date(2024, 6, 30))
        assert (fine.svolto, fine.fine_stimata) == ((date(2024, 1, 10), date(2024, 10, 31)), None)
        assert corso.fine_stimata is not None

    def test_i_lavori_mai_cominciati_hanno_solo_il_piano(self) -> None:
        lavori = self.lavori(3, scena.AL)
        assert lavori.svolto is None
        assert lavori.base is not None

    def test_a_un_istante_si_sa_solo_cio_che_era_approvato(self) -> None:
        # The month of June was approved on the 15th of July.
        prima = self.lavori(0, scena.AL, datetime(2024, 7, 14, tzinfo=scena.NASCITA.tzinfo))
        assert prima.svolto == (date(2024, 1, 10), scena.AL)
        assert prima.fine_stimata is not None


class PagineTestCase(TempiTestCase):
    def test_la_frase_dice_quanti_sono_in_ritardo_e_quale_viene_dopo(self) -> None:
        pagina = re.sub(r"<[^>]+>", "", self.pagina(piano=""))
        totali = figure.totali(self.istantanea(), Filtri())
        quanti, tardi = sum(totali.traguardi.values()), totali.traguardi["in_ritardo"]
        assert f"{tardi} traguardi su {quanti} sono in ritardo; il prossimo, di" in pagina
        righe = selectors.dei_piani(Filtri(piano="SPUGNA"), self.istantanea())
        prossimo = selectors.prossimo(righe)
        assert prossimo is not None
        assert prossimo.traguardo.codice == "SPUGNA-POI"

    def test_ogni_conto_apre_un_elenco_lungo_altrettanto(self) -> None:
        for per in ("piano", "comune"):
            pagina = self.pagina(per=per)
            tavola = pagina[pagina.index("<tbody>") : pagina.index("</tbody>")]
            trovati = LINK.findall(tavola)
            assert trovati
            for indirizzo, conto in trovati:
                elenco = self.client.get(indirizzo).content.decode()
                trovato = CONTO.search(elenco)
                assert trovato is not None
                assert trovato[1] == conto, indirizzo

    def test_un_piano_si_apre_con_i_suoi_traguardi_e_quelli_dei_suoi_interventi(self) -> None:
        pagina = self.pagina(apri="SPUGNA")
        assert "SPUGNA nel tempo" in pagina
        assert "Traguardo SPUGNA-METÀ" in pagina
        assert self.opere[0].titolo in pagina
        assert self.opere[5].titolo not in pagina
        assert "Tutti i piani" in pagina

    def test_scegliere_un_piano_fra_i_filtri_lo_apre(self) -> None:
        assert "SPUGNA nel tempo" in self.pagina(piano="SPUGNA")
        rho = self.pagina(per="comune", comune="015182")
        assert "Rho nel tempo" in rho
        assert self.opere[7].titolo in rho

    def test_cio_che_non_si_capisce_e_detto_con_che_cosa_scegliere(self) -> None:
        pagina = self.pagina(per="boh", apri="zzz", da="2024-13", a="ieri", driver="99")
        for testo in (
            "Il tempo non si racconta per «boh»: scegli fra piano e comune.",
            "«zzz» non si apre, perché non c'è: scegli una riga della tabella.",
            "«2024-13» non è un mese: scrivilo per esempio così, 2024-01.",
            "«ieri» non è un mese",
            "«99» non è un Driver",
        ):
            assert testo in pagina

    def test_da_vicino_la_pagina_ha_solo_quei_mesi_e_tiene_il_resto_dell_indirizzo(self) -> None:
        pagina = self.pagina(apri="SPUGNA", da="2024-01", a="2024-12")
        assert "continua fuori dal periodo" in pagina
        assert "apri=SPUGNA&al=2024-12-31" in pagina
        assert 'name="apri" value="SPUGNA"' in pagina

    def test_un_giorno_non_ancora_contato_si_puo_contare(self) -> None:
        risposta = self.client.get(TEMPI, {"al": "2024-11-30"})
        self.assertContains(risposta, "Conta questo giorno")

    def test_senza_interventi_si_dice_che_cosa_fare(self) -> None:
        assert "Nessun intervento corrisponde ai filtri" in self.pagina(zona="1", driver="3")

    def test_la_linea_del_tempo_breve_ha_al_piu_dieci_righe(self) -> None:
        lette = figure.leggi(self.istantanea(), Filtri())
        dei_piani = selectors.dei_piani(Filtri(), self.istantanea())
        breve = presentazione.breve(lette, dei_piani, Collegamenti.di(self.istantanea(), Filtri(), TEMPO))
        righe = breve["figura"].righe
        assert len(righe) <= 10
        assert "SPUGNA" in [riga.nome for riga in righe]
        assert "SPUGNA: traguardo SPUGNA-METÀ" in [riga.nome for riga in righe]

    def test_gli_stati_senza_traguardi_non_hanno_colonna(self) -> None:
        gruppi = figure.gruppi(self.istantanea(), Filtri(), Dimensione.PIANO)
        detti = [segno for segno, _parola in presentazione.stati(gruppi)]
        assert detti == [segno for segno, _ in presentazione.PAROLE if segno in detti]
        assert all(any(uno.totali.traguardi.get(segno) for uno in gruppi) for segno in detti)

    def conta(self, **parametri: str) -> int:
        self.pagina(**parametri)
        with CaptureQueriesContext(connection) as catturate:
            self.pagina(**parametri)
        return len(catturate)

    def test_le_interrogazioni_sono_poche_e_le_stesse_per_molte_righe(self) -> None:
        pagine: tuple[dict[str, str], ...] = (
            {},
            {"per": "comune"},
            {"apri": "SPUGNA"},
            {"per": "comune", "apri": "015182"},
            {"zona": "1"},
        )
        prima = [self.conta(**pagina) for pagina in pagine]
        for opera in self.opere:
            for numero in range(8):
                traguardo(opera, f"M{numero}", date(2025, 3, 1))
        scena._date_fisse()
        self.conta_il_giorno()
        dopo = [self.conta(**pagina) for pagina in pagine]
        assert max(dopo) <= BUDGET
        assert prima == dopo


class DelComuneTestCase(TempiTestCase):
    """Who works for a Comune sees her interventi alone, whatever she asks for."""

    def setUp(self) -> None:
        self.client.force_login(self.rho)

    def test_nessuna_pagina_le_mostra_gli_interventi_degli_altri(self) -> None:
        mie = {opera.pk for opera in self.opere if Intervento.objects.visibili_a(self.rho).filter(pk=opera.pk)}
        assert len(mie) == 2
        pagine = [{}, {"per": "comune"}, *({"apri": piano} for piano in ("SPUGNA", "COME IN", "CAMBIO", "null"))]
        pagine += [{"per": "comune", "apri": istat} for istat in ("015182", "015032", "015146")]
        pagine += [{"piano": "CAMBIO"}, {"comune": "015146"}, {"driver": "9"}]
        for parametri in pagine:
            pagina = self.pagina(**parametri)
            for opera in self.opere:
                if opera.pk not in mie:
                    assert opera.titolo not in pagina, parametri
                    assert opera.cup not in pagina, parametri

    def test_i_suoi_conti_sono_dei_suoi_interventi(self) -> None:
        lette = propri.selezione(self.rho, self._istantanea(), Filtri(), TEMPO, Dimensione.PIANO)
        assert lette.totali.interventi == 2
        assert {uno.chiave: uno.totali.interventi for uno in lette.gruppi} == {"SPUGNA": 1, "COME IN": 1}
        aperto = self.aperto(chi=self.rho, piano="SPUGNA")
        assert {riga.traguardo.intervento_id for riga in aperto.righe} == {self.opere[0].pk}

    def test_le_sue_cifre_sono_quelle_che_tutti_vedono_del_suo_comune(self) -> None:
        sue = propri.selezione(self.rho, self._istantanea(), Filtri(), TEMPO, Dimensione.COMUNE)
        tutte = figure.gruppi(self.istantanea(), Filtri(comune="015182"), Dimensione.COMUNE)
        assert [uno.totali for uno in sue.gruppi] == [uno.totali for uno in tutte]
        assert [(uno.inizio, uno.fine) for uno in sue.gruppi] == [(uno.inizio, uno.fine) for uno in tutte]

    def test_apre_la_pagina_senza_che_nessuno_abbia_contato_il_giorno(self) -> None:
        risposta = self.client.get(f"{TEMPI}?{urlencode({'al': '2024-11-30'})}")
        self.assertContains(risposta, "2 interventi")
        self.assertNotContains(risposta, "Conta questo giorno")

    def _istantanea(self) -> Istantanea:
        trovata = propri.istantanea(self.rho, TEMPO)
        assert trovata is not None
        return trovata
