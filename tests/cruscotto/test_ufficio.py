"""The first page of who sees the whole programme: what it says, whatever the address asks for."""

from __future__ import annotations

import gzip
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cruscotto.collegamenti import Collegamenti
from cruscotto.conteggio.giorno import Giorno
from cruscotto.models import Fotografia
from cruscotto.presentazione.frasi import apertura
from cruscotto.services import fotografie
from cruscotto.tipi import Totali
from enti.models import Utente
from enti.ruoli import Ruolo
from monitoraggio.models import Avanzamento
from monitoraggio.services.situazione import ricalcola
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from registro.esecutori import Avanzatore
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.interventi.opere import opera
from tests.rapporti import scena

BLOCCHI = ("apertura", "cifre", "da-seguire", "coda", "stati", "curva", "tempi", "mappa", "segnali", "qualita")
BILANCIO = 20
TRANSAZIONE = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
KILOBYTE = 1024


class UfficioTestCase(TestCase):
    persone: dict[Ruolo, Utente]

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        opere = scena.crea()
        ricalcola(interventi=[una.pk for una in opere])
        ruoli = (Ruolo.CABINA, Ruolo.COORDINATORE, Ruolo.ISTRUTTORE, Ruolo.AMMINISTRATORE)
        cls.persone = {ruolo: crea_persona(ruolo) for ruolo in ruoli}
        fotografie.conta_tutto(Giorno(), Avanzatore())

    def pagina(self, domanda: str = "", ruolo: Ruolo = Ruolo.CABINA) -> Any:
        client = Client()
        client.force_login(self.persone[ruolo])
        return client.get(f"{reverse('cruscotto')}{domanda}")

    def parole(self, domanda: str = "", ruolo: Ruolo = Ruolo.CABINA) -> str:
        risposta = self.pagina(domanda, ruolo)
        assert risposta.status_code == 200
        return " ".join(risposta.content.decode().split())

    def apertura(self, domanda: str = "") -> str:
        trovata = re.search(r'id="apertura">(.*?)</p>', self.parole(domanda))
        assert trovata
        return re.sub(r"<[^>]+>", "", trovata[1])

    def test_ogni_blocco_ha_il_suo_nome(self) -> None:
        testo = self.parole()
        for nome in BLOCCHI:
            assert testo.count(f'id="{nome}"') == 1, nome

    def test_la_prima_frase_risponde(self) -> None:
        assert self.apertura() == "8 interventi su 12 sono in ritardo; ne sono conclusi 4."
        assert self.apertura("?piano=CAMBIO") == "2 interventi su 2 sono in ritardo."

    def test_ognuno_trova_cio_che_lo_aspetta(self) -> None:
        assert "La prossima riunione" in self.parole()
        assert "Da decidere" in self.parole(ruolo=Ruolo.ISTRUTTORE)
        assert "Da curare" in self.parole(ruolo=Ruolo.AMMINISTRATORE)

    def test_un_filtro_che_non_c_e_si_dice_e_non_si_usa(self) -> None:
        testo = self.parole("?piano=SPUNGA&zona=1")
        assert "«SPUNGA» non è il codice di un piano" in testo
        assert 'href="#filtro-piano"' in testo
        assert '<a class="filtri-attivo" href="/cruscotto/?piano=SPUNGA">' in testo
        assert "per «boh»: scegli fra piano, driver" in self.parole("?per=boh")

    def test_ogni_filtro_si_toglie_e_tiene_il_resto(self) -> None:
        testo = self.parole("?piano=SPUGNA&driver=9&per=zona")
        assert 'href="/cruscotto/?driver=9&amp;per=zona"' in testo
        assert 'href="/cruscotto/?piano=SPUGNA&amp;per=zona"' in testo
        assert '<input type="hidden" name="per" value="zona">' in testo
        assert "<strong>5 interventi</strong>" in testo

    def test_filtri_che_non_tengono_nulla(self) -> None:
        testo = self.parole("?piano=CAMBIO&comune=015182")
        assert "Nessun intervento corrisponde ai filtri" in testo
        assert 'id="cifre"' not in testo

    def test_un_giorno_non_contato_si_dice_e_si_puo_chiedere(self) -> None:
        testo = self.parole("?al=2024-09-30")
        assert "Le cifre della situazione al 30/09/2024 non sono ancora contate" in testo
        assert f'action="{reverse("cruscotto-conta")}"' in testo
        assert '<input type="hidden" name="al" value="2024-09-30">' in testo
        fotografie.chiedi(Giorno(date(2024, 9, 30)), autore=None)
        assert "si stanno contando" in self.parole("?al=2024-09-30")
        fotografie.conta_tutto(Giorno(date(2024, 9, 30)), Avanzatore())
        assert 'id="cifre"' in self.parole("?al=2024-09-30")

    def test_senza_alcun_conteggio_non_e_una_pagina_vuota(self) -> None:
        Fotografia.objects.all().delete()
        assert "Le cifre di oggi non sono ancora contate" in self.parole()

    def test_un_giorno_che_non_si_legge_si_dice(self) -> None:
        testo = self.parole("?al=ieri")
        assert "«ieri» non è un giorno" in testo
        assert 'id="cifre"' in testo

    def test_i_valori_delle_fonti_non_si_dicono_di_chi_non_li_dichiara(self) -> None:
        assert "Interventi finanziati dal PNRR" in self.parole()
        assert "Cantieri conclusi" in self.parole("?piano=SPUGNA")
        testo = self.parole("?zona=1")
        assert "Dichiarato dalle fonti" not in testo
        assert "non di questa selezione" in testo

    def test_di_un_giorno_passato_le_fonti_dicono_solo_cio_che_dicevano(self) -> None:
        fotografie.conta_tutto(Giorno(date(2024, 9, 30)), Avanzatore())
        testo = self.parole("?piano=SPUGNA&al=2024-09-30")
        assert "Lavori realizzati alla milestone" in testo
        assert "Cantieri conclusi" not in testo

    def test_le_interrogazioni_stanno_nel_bilancio_e_non_crescono(self) -> None:
        prima = {ruolo: self.quante(ruolo) for ruolo in self.persone}
        altri = [opera(f"Piazza {numero}", comuni=["Rho", "Bresso"][: 1 + numero % 2]) for numero in range(40)]
        spugna = PianoIntegrato.objects.get(codice="SPUGNA")
        InterventoNelPiano.objects.bulk_create(InterventoNelPiano(piano=spugna, intervento=uno) for uno in altri)
        assert Avanzamento.objects.exists()
        fotografie.conta_tutto(Giorno(), Avanzatore())
        assert "<strong>52 interventi</strong>" in self.parole()
        dopo = {ruolo: self.quante(ruolo) for ruolo in self.persone}
        assert dopo == prima
        assert max(dopo.values()) <= BILANCIO, dopo

    def quante(self, ruolo: Ruolo) -> int:
        client = Client()
        client.force_login(self.persone[ruolo])
        indirizzo = f"{reverse('cruscotto')}?piano=SPUGNA&per=zona"
        # What a process reads once and keeps is not asked by the page.
        client.get(indirizzo)
        with CaptureQueriesContext(connection) as catturate:
            assert client.get(indirizzo).status_code == 200
        return sum(not domanda["sql"].startswith(TRANSAZIONE) for domanda in catturate.captured_queries)

    def test_la_pagina_pesa_poco(self) -> None:
        for domanda in ("", "?per=comune", "?zona=1&per=driver"):
            assert len(gzip.compress(self.pagina(domanda).content)) < 45 * KILOBYTE, domanda


class RigheTestCase(TestCase):
    """The rows of a figure that no list holds."""

    chi: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        scena.crea()
        cls.chi = crea_persona(Ruolo.CABINA)

    def righe(self, cifra: str, domanda: str = "") -> Any:
        self.client.force_login(self.chi)
        return self.client.get(f"{reverse('cruscotto-righe', args=[cifra])}{domanda}")

    def test_una_cifra_che_non_c_e(self) -> None:
        for nome in ("boh", "lacuna-boh", "segnale-boh", "lacuna"):
            assert self.righe(nome).status_code == 404, nome

    def test_una_cifra_di_zero_righe_lo_dice(self) -> None:
        assert "la cifra è zero" in self.righe("lacuna-titolo").content.decode()

    def test_troppi_interventi_si_dicono(self) -> None:
        with self.settings(RAPPORTO_INTERVENTI=11):
            testo = self.righe("lavori").content.decode()
            assert "La selezione ha 12 interventi" in testo
        with self.settings(RAPPORTO_INTERVENTI=12):
            assert "<strong>12 interventi</strong>" in self.righe("lavori").content.decode()

    def test_il_mese_dei_lavori_e_quello_del_collegamento(self) -> None:
        assert "a fine giugno 2024" in self.righe("lavori", "?mese=2024-06").content.decode()
        for mese in ("", "boh", "2024-13", "0000-01", "2024-00"):
            assert "a fine dicembre 2024" in self.righe("lavori", f"?mese={mese}").content.decode(), mese


@pytest.mark.parametrize(
    ("segni", "frase"),
    [
        ({"in_ritardo": 2, "a_rischio": 1}, "2 interventi su 9 sono in ritardo, 1 a rischio."),
        ({"in_ritardo": 1, "concluso": 1}, "1 intervento su 9 è in ritardo; ne è concluso 1."),
        ({"a_rischio": 4}, "Nessuno dei 9 interventi è in ritardo, 4 sono a rischio."),
        ({"a_rischio": 1}, "Nessuno dei 9 interventi è in ritardo, 1 è a rischio."),
    ],
)
def test_la_prima_frase_e_italiano(segni: dict[str, int], frase: str) -> None:
    vie = Collegamenti({}, {})
    assert "".join(parte.testo for parte in apertura(Totali(interventi=9, segni=segni), vie)) == frase
