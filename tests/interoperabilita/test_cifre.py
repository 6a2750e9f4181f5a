"""The figures by the API; and that page, report and API say the same of the same day."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import orjson
from django.core.cache import cache
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cruscotto.conteggio.giorno import Giorno
from cruscotto.models import Fotografia
from cruscotto.services import fotografie
from cruscotto.tipi import Totali
from enti.models import Utente
from enti.ruoli import Ruolo
from interoperabilita.models import Ambito
from rapporti.capitoli.componi import componi
from rapporti.domanda import Domanda, Perimetro
from rapporti.formati.dati import in_json
from rapporti.lettura.leggi import leggi
from rapporti.scelte import TipoPerimetro, TipoRapporto
from registro.esecutori import Avanzatore
from tests import riferimenti
from tests.cruscotto.confronto import totali
from tests.enti.persone import crea_persona
from tests.interoperabilita.chiavi import Consumatore, consumatore
from tests.rapporti import scena

DOVE = "/api/v1/cifre"
TUTTO = Perimetro()
# The same interventi for page and API, and for a report; with the name that its figures begin with.
SELEZIONI = [
    ({}, TUTTO, "programma"),
    ({"piano": "SPUGNA"}, Perimetro(TipoPerimetro.PIANO, "SPUGNA"), "piano-spugna"),
    ({"zona": "1"}, Perimetro(TipoPerimetro.ZONA, "1"), "programma"),
    ({"comune": "015182"}, Perimetro(TipoPerimetro.COMUNE, "015182"), "programma"),
    ({"driver": "9"}, Perimetro(TipoPerimetro.DRIVER, "9"), "programma"),
    ({"strategia": "1"}, Perimetro(TipoPerimetro.STTM, "1"), "programma"),
]
IN_EURO = {
    "finanziamento": "finanziamento_eur",
    "impegnato": "impegnato_eur",
    "pagato": "pagato_eur",
    "economie": "economie_eur",
    "curva.totale": "valore_lavori_eur",
    "curva.previsto": "lavori_previsti_eur",
    "curva.fatto": "lavori_fatti_eur",
}


class CifreTestCase(TestCase):
    ministero: Consumatore
    cabina: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        scena.crea()
        cls.cabina = crea_persona(Ruolo.CABINA)
        cls.ministero = consumatore(ambiti=[Ambito.RAPPORTI])
        for giorno in (Giorno(), Giorno(scena.AL)):
            fotografie.conta_tutto(giorno, Avanzatore())

    def setUp(self) -> None:
        cache.clear()
        self.addCleanup(cache.clear)

    def chiedi(self, stato: int = 200, /, **parametri: Any) -> Any:
        risposta = self.ministero.cliente.get(DOVE, parametri)
        assert risposta.status_code == stato, risposta.content
        return orjson.loads(risposta.content)


class StesseCifreTest(CifreTestCase):
    def test_pagina_rapporto_e_api_dicono_le_stesse_cifre_dello_stesso_giorno(self) -> None:
        confrontate = 0
        for parametri, perimetro, ancora in SELEZIONI:
            with self.subTest(parametri or "tutto"):
                allegate, dette = self.rapporto(perimetro)
                dati = self.chiedi(al=scena.AL.isoformat(), **parametri)["dati"]
                pagina = self.pagina(parametri)
                confrontate += self.confronta(allegate, dette, ancora, dati, pagina)
        assert confrontate > 100

    def rapporto(self, perimetro: Perimetro) -> tuple[dict[str, Any], Totali]:
        """The figures of the data attached to the report, by their key, and all that its chapters reckon."""
        adesso = timezone.now()
        domanda = Domanda(TipoRapporto.AVANZAMENTO, perimetro, scena.AL, adesso, scena.CONFRONTO, adesso)
        quadro = leggi(domanda)
        allegati = orjson.loads(in_json(componi(quadro)))["cifre"]
        return {cifra["chiave"]: cifra for cifra in allegati}, totali(quadro)

    def pagina(self, parametri: dict[str, str]) -> str:
        """What the page says, in plain words."""
        self.client.force_login(self.cabina)
        risposta = self.client.get("/cruscotto/", {"al": scena.AL.isoformat(), **parametri})
        senza_segni = re.sub(r"<[^>]+>", " ", risposta.content.decode())
        return re.sub(r"\s+", " ", html.unescape(senza_segni))

    def confronta(self, allegate: dict[str, Any], dette: Totali, ancora: str, dati: dict[str, Any], pagina: str) -> int:
        """How many figures were compared."""
        scritte = {nome: allegate[f"{ancora}.{nome}"] for nome in IN_EURO if f"{ancora}.{nome}" in allegate}
        assert {nome: Decimal(dati[IN_EURO[nome]]) for nome in scritte} == {
            nome: Decimal(str(cifra["valore"])) for nome, cifra in scritte.items()
        }
        # On the page in the words of the report.
        for nome in ("finanziamento", "impegnato", "pagato", "curva.fatto", "curva.totale"):
            if nome in scritte:
                assert _parole(scritte[nome]["testo"]) in pagina, nome
        quanti = {nome: getattr(dette, nome) for nome in ("interventi", "comuni", "senza_importo")}
        assert {nome: dati[nome] for nome in quanti} == quanti
        assert f"{quanti['interventi']} intervent" in pagina
        assert Decimal(dati["finanziamento_eur"]) == dette.finanziamento
        conti = {
            "per_stato": ("stato", dette.segni, "stato"),
            "per_lavori": ("lavori", dette.lavori, "lavori"),
            "traguardi": ("stato", dette.traguardi, ""),
            "lacune": ("lacuna", dette.lacune, "lacune"),
        }
        quante = len(scritte) + len(quanti) + 1
        for elenco, (nome, detti, nelle_cifre) in conti.items():
            assert {riga[nome]: riga["quanti"] for riga in dati[elenco]} == dict(detti), elenco
            quante += len(detti)
            for codice, numero in detti.items():
                allegata = allegate.get(f"{ancora}.{nelle_cifre}.{codice.replace('_', '-').replace(' ', '-')}")
                assert allegata is None or allegata["valore"] == numero, (elenco, codice)
        riga_dei_totali = re.search(r"Tutta la selezione ((?:\d+ )+)(?=[\d.]+,)", pagina)
        assert riga_dei_totali is not None
        interventi, *per_stato = map(int, riga_dei_totali[1].split())
        assert interventi == quanti["interventi"]
        assert sum(per_stato) == quanti["interventi"]
        return quante + self.fine(allegate, ancora, dati, pagina)

    @staticmethod
    def fine(rapporto: dict[str, Any], ancora: str, dati: dict[str, Any], pagina: str) -> int:
        """The forecast, where there is one, to the month that the report prints."""
        cifra = rapporto.get(f"{ancora}.fine.stimata")
        stimata = dati["curva"]["fine_stimata"]
        if cifra is None or stimata is None:
            return 0
        assert cifra["valore"] == stimata
        assert _parole(cifra["testo"]) in pagina
        return 1


def _parole(testo: str) -> str:
    return re.sub(r"\s+", " ", testo)


class ApiTest(CifreTestCase):
    def test_un_giorno_non_contato_e_rifiutato_con_la_ragione(self) -> None:
        risposta = self.chiedi(422, al="2023-05-31")
        assert risposta["errori"][0]["campo"] == "al"
        assert "non sono contate" in risposta["errori"][0]["messaggio"]

    def test_prima_di_ogni_conteggio_e_un_conflitto_che_dice_di_riprovare(self) -> None:
        Fotografia.objects.all().delete()
        assert "riprova" in self.chiedi(409)["detail"]

    def test_un_filtro_che_non_esiste_e_rifiutato_al_suo_nome(self) -> None:
        sbagliati = {"piano": "NESSUNO", "zona": "99", "driver": "99", "strategia": "9", "comune": "000000"}
        for nome, valore in sbagliati.items():
            assert [errore["campo"] for errore in self.chiedi(422, **{nome: valore})["errori"]] == [nome]
        self.chiedi(400, zona="otto")
        self.chiedi(400, anno="2024")

    def test_i_filtri_valgono_insieme(self) -> None:
        tutti = self.chiedi()["dati"]["interventi"]
        uno = self.chiedi(piano="SPUGNA")["dati"]["interventi"]
        due = self.chiedi(piano="SPUGNA", comune="015182")["dati"]
        assert 0 < due["interventi"] <= uno < tutti
        assert due["filtri"] == {"piano": "SPUGNA", "driver": None, "strategia": None, "zona": None, "comune": "015182"}

    def test_chi_ha_gia_la_risposta_ne_ha_304(self) -> None:
        prima = self.ministero.cliente.get(DOVE)
        poi = self.ministero.cliente.get(DOVE, headers={"if-none-match": prima["ETag"]})
        assert (prima.status_code, poi.status_code, poi.content) == (200, 304, b"")

    def test_oggi_e_lo_stesso_scritto_o_taciuto(self) -> None:
        assert self.chiedi() == self.chiedi(al=timezone.localdate().isoformat())

    def test_domani_non_e_contato(self) -> None:
        self.chiedi(422, al=(timezone.localdate() + timedelta(days=1)).isoformat())

    def test_le_interrogazioni_sono_poche(self) -> None:
        self.chiedi()
        with CaptureQueriesContext(connection) as catturate:
            self.chiedi(al=date(2024, 12, 31).isoformat(), piano="SPUGNA", zona="1")
        assert len(catturate) <= 20
