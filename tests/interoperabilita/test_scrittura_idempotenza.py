"""The same request asked again with the same Idempotency-Key is done once, even when it is asked by six at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from interoperabilita.models import RichiestaIdempotente
from interoperabilita.services import idempotenza
from interventi.models import Intervento
from monitoraggio.models import Avanzamento, PassoBozza
from registro.models import Evento
from tests import riferimenti
from tests.interoperabilita.chiavi import Consumatore
from tests.interoperabilita.scritture import bozza, buono, campi_errati, del_comune, indirizzo, manda
from tests.monitoraggio.base import MonitoraggioTestCase, intervento

INSIEME = 6
CHIAVE = "0f8fad5b-d9cb-469f-a165-70867728950e"


def con_chiave(chi: Consumatore, opera: Intervento, chiave: str = CHIAVE, **corpo: Any) -> Any:
    return manda(chi, indirizzo(opera), {"mese": "2024-12", "contenuto": buono(), **corpo}, Idempotency_Key=chiave)


class TestIdempotenza(MonitoraggioTestCase):
    rho: Consumatore

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.rho = del_comune()

    def test_la_stessa_richiesta_ha_la_stessa_risposta_e_si_fa_una_volta(self) -> None:
        prima = con_chiave(self.rho, self.opera)
        # What is done meanwhile is not undone, nor told.
        bozza(self.rho, self.opera, contenuto={"percentuale": "50"})
        ripetuta = con_chiave(self.rho, self.opera)
        assert (prima.status_code, ripetuta.status_code) == (201, 201)
        assert ripetuta.content == prima.content
        for intestazione in ("Location", "Content-Type"):
            assert ripetuta.headers[intestazione] == prima.headers[intestazione]
        assert Avanzamento.objects.get().bozza["testa-0-percentuale"] == "50,00"

    def test_la_stessa_chiave_per_altro_e_rifiutata(self) -> None:
        con_chiave(self.rho, self.opera)
        altra = con_chiave(self.rho, self.opera, contenuto={"percentuale": "50"})
        assert (altra.status_code, campi_errati(altra)) == (422, {"Idempotency-Key"})
        altrove = con_chiave(self.rho, intervento())
        assert altrove.status_code == 422
        assert Avanzamento.objects.get().bozza["testa-0-percentuale"] == "10,00"

    def test_di_un_altro_consumatore_e_un_altra_chiave(self) -> None:
        assert con_chiave(self.rho, self.opera).status_code == 201
        assert con_chiave(del_comune(), self.opera).status_code == 200
        assert RichiestaIdempotente.objects.count() == 2

    def test_anche_un_rifiuto_si_ripete_com_era(self) -> None:
        self.inviato()
        prima = con_chiave(self.rho, self.opera)
        Avanzamento.objects.update(stato="bozza")
        ripetuta = con_chiave(self.rho, self.opera)
        assert (prima.status_code, ripetuta.status_code) == (409, 409)
        assert ripetuta.content == prima.content
        assert ripetuta.headers["Content-Type"] == "application/problem+json"
        assert con_chiave(self.rho, self.opera, "un-altra").status_code == 200

    def test_un_guasto_non_si_conserva_e_si_riprova(self) -> None:
        def rompi() -> idempotenza.Risposta:
            Avanzamento.objects.create(intervento=self.opera, mese="2024-12-01", riferito_al="2024-12-31")
            raise ZeroDivisionError

        argomenti: dict[str, Any] = {"chiave": self.rho.chiave, "valore": CHIAVE, "impronta": "0" * 64}
        with pytest.raises(ZeroDivisionError):
            idempotenza.una_volta(esegui=rompi, **argomenti)
        assert not RichiestaIdempotente.objects.exists()
        assert not Avanzamento.objects.exists()
        riuscita = idempotenza.Risposta(200, "{}")
        assert idempotenza.una_volta(esegui=lambda: riuscita, **argomenti) == riuscita

    def test_la_chiave_e_scritta_bene_o_rifiutata(self) -> None:
        for sbagliata in ("", "con spazi", "è", "a" * 101):
            risposta = con_chiave(self.rho, self.opera, sbagliata)
            assert (risposta.status_code, campi_errati(risposta)) == (400, {"Idempotency-Key"}), sbagliata
        assert not Avanzamento.objects.exists()
        assert con_chiave(self.rho, self.opera, "a" * 100).status_code == 201

    def test_anche_l_invio_si_ripete(self) -> None:
        dati = bozza(self.rho, self.opera).json()
        dove = indirizzo(self.opera, dati["id"], "invia")
        prima, ripetuta = (manda(self.rho, dove, {"revisione": 1}, Idempotency_Key=CHIAVE) for _volta in range(2))
        assert (prima.status_code, ripetuta.status_code) == (200, 200)
        assert ripetuta.content == prima.content
        assert Evento.objects.filter(verbo="inviato").count() == 1


@pytest.fixture
def rho(transactional_db: None) -> Consumatore:
    """Rho's software, in a database where transactions are really committed."""
    riferimenti.carica()
    return del_comune()


def insieme(gesto: Any) -> list[Any]:
    esiti: list[Any] = [None] * INSIEME
    via = threading.Barrier(INSIEME, timeout=60)

    def uno(numero: int) -> None:
        try:
            via.wait(30)
            esiti[numero] = gesto(numero)
        finally:
            connection.close()

    fili = [threading.Thread(target=uno, args=(numero,)) for numero in range(INSIEME)]
    for filo in fili:
        filo.start()
    for filo in fili:
        filo.join(60)
    return esiti


def test_sei_richieste_insieme_con_una_chiave_ne_fanno_una(rho: Consumatore) -> None:
    opera = intervento()
    corpo = buono(senza_movimenti=False, impegni=[{"codice": "1", "data": "2024-12-02", "importo_eur": "5.00"}])
    esiti = insieme(lambda _n: con_chiave(rho, opera, contenuto=corpo))
    assert [esito.status_code for esito in esiti] == [201] * INSIEME
    assert len({esito.content for esito in esiti}) == 1
    avanzamento = Avanzamento.objects.get()
    assert PassoBozza.objects.filter(avanzamento=avanzamento).count() == 2
    assert RichiestaIdempotente.objects.count() == 1


def test_sei_richieste_insieme_con_sei_chiavi_scrivono_una_bozza(rho: Consumatore) -> None:
    opera = intervento()
    esiti = insieme(lambda n: con_chiave(rho, opera, f"chiave-{n}"))
    assert {esito.status_code for esito in esiti} <= {200, 201}
    assert len({esito.json()["id"] for esito in esiti}) == 1
    assert Avanzamento.objects.get().revisione == 1


def test_sei_invii_insieme_con_una_chiave_ne_fanno_uno(rho: Consumatore) -> None:
    opera = intervento()
    dati = bozza(rho, opera).json()
    dove = indirizzo(opera, dati["id"], "invia")
    esiti = insieme(lambda _n: manda(rho, dove, {"revisione": 1}, Idempotency_Key=CHIAVE))
    assert [esito.status_code for esito in esiti] == [200] * INSIEME
    assert Evento.objects.filter(verbo="inviato").count() == 1
