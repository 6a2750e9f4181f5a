"""Whatever changes between a page and the next, of a whole pull or of one of changes, the mirror ends up equal."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.conf import settings as impostazioni
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyTestCase

from enti.models import Comune, Ente
from interoperabilita.services import pubblicazione
from interventi.models import Finanziamento, Intervento, Localizzazione
from interventi.scelte import StatoCup
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from tests import riferimenti
from tests.interoperabilita.chiavi import Consumatore, consumatore
from tests.interventi.opere import opera

_spec = importlib.util.spec_from_file_location(
    "scarico_notturno", impostazioni.BASE_DIR / "docs/api/scarico_notturno.py"
)
assert _spec is not None
assert _spec.loader is not None
scarico_notturno = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(scarico_notturno)

COMUNI, STATI, PIANI = ("Rho", "Bresso"), (StatoCup.ATTIVO, StatoCup.CHIUSO), ("CAMBIO", "COME IN")
FILTRI = ("", "piano=CAMBIO", "comune=015182", "stato=attivo", "piano=CAMBIO&stato=attivo", "fields=id,titolo,piano")
QUALE, COPIE = st.integers(0, 5), len(FILTRI)
CAMBIAMENTI = st.one_of(
    st.tuples(st.just("crea"), QUALE, st.integers(0, 1)),
    st.tuples(st.just("titolo"), QUALE, st.integers(0, 1)),
    st.tuples(st.just("importo"), QUALE, st.integers(0, 1)),
    st.tuples(st.just("cancella"), QUALE, st.just(0)),
    st.tuples(st.just("piano"), QUALE, st.integers(0, 2)),
    st.tuples(st.just("comune"), QUALE, st.integers(0, 2)),
    st.tuples(st.just("stato"), QUALE, st.integers(0, 1)),
)
PAGINE = st.tuples(st.just("pagina"), st.integers(0, COPIE - 1), st.just(0))
PASSI = st.lists(st.one_of(CAMBIAMENTI, PAGINE), min_size=10, max_size=40)


class Copia:
    """What the example client keeps, a page at a time."""

    def __init__(self, consumatore: Consumatore, filtri: str) -> None:
        self.consumatore, self.filtri = consumatore, filtri
        self.copia = scarico_notturno.Copia(":memory:", filtri)

    def pagina(self) -> bool:
        """Read the next page; whether it was the last of a pull."""
        posto = self.copia.posto()
        da = f"&modificati_dal={posto['aggiornato_al']}" if posto["aggiornato_al"] else ""
        risposta = self.consumatore.get(posto["successiva"] or f"/api/v1/cup?limit=2&{self.filtri}{da}")
        assert risposta.status_code == 200, risposta.content
        pagina = risposta.json()
        self.copia.salva(posto, pagina)
        return pagina["paginazione"]["successiva"] is None

    def righe(self) -> dict[int, Any]:
        return {
            pk: scarico_notturno.json.loads(dati) for pk, dati in self.copia.banca.execute("SELECT id, dati FROM riga")
        }

    def vere(self) -> dict[int, Any]:
        lette = self.consumatore.get(f"/api/v1/cup?limit=1000&{self.filtri}").json()
        assert lette["paginazione"]["successiva"] is None
        return {riga["id"]: riga for riga in lette["dati"]}


class Registro:
    """Changes to the interventi, each named by its place among those that are there."""

    def __init__(self) -> None:
        self.numero = 0

    def cambia(self, come: str, quale: int, valore: int) -> None:
        chiavi = list(Intervento.objects.order_by("pk").values_list("pk", flat=True))
        if come == "crea":
            nuovo = opera(comuni=[COMUNI[valore]], stato_cup=STATI[valore], pnrr="10.00")
            self._piano(nuovo.pk, quale % 3)
        elif chiavi:
            azione: Callable[[int, int], None] = getattr(self, f"_{come}")
            azione(chiavi[quale % len(chiavi)], valore)

    def _titolo(self, pk: int, valore: int) -> None:
        self.numero += 1
        Intervento.objects.filter(pk=pk).update(titolo=f"Titolo {self.numero}")

    def _importo(self, pk: int, valore: int) -> None:
        Finanziamento.objects.filter(intervento=pk).update(importo=Decimal(valore))

    def _cancella(self, pk: int, valore: int) -> None:
        InterventoNelPiano.objects.filter(intervento=pk).delete()
        Intervento.objects.filter(pk=pk).delete()

    def _piano(self, pk: int, valore: int) -> None:
        InterventoNelPiano.objects.filter(intervento=pk).delete()
        if valore < len(PIANI):
            InterventoNelPiano.objects.create(piano=PianoIntegrato.objects.get(codice=PIANI[valore]), intervento_id=pk)

    def _comune(self, pk: int, valore: int) -> None:
        Localizzazione.objects.filter(intervento=pk).delete()
        if valore < len(COMUNI):
            comune = Comune.objects.metropolitani().get(nome=COMUNI[valore])
            Localizzazione.objects.create(
                intervento_id=pk, comune=comune, codice_provincia="015", codice_comune=comune.codice_istat[3:]
            )

    def _stato(self, pk: int, valore: int) -> None:
        Intervento.objects.filter(pk=pk).update(stato_cup=STATI[valore])


class CopieTest(PropertyTestCase):
    ministero: Consumatore
    di_rho: Consumatore

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.ministero = consumatore()
        cls.di_rho = consumatore(Ente.objects.get(comune__nome="Rho"), ruoli=["compilatore"])
        for numero in range(6):
            nuovo = opera(f"Opera {numero}", comuni=[COMUNI[numero % 2]], stato_cup=STATI[numero % 2], pnrr="10.00")
            Registro()._piano(nuovo.pk, numero % 3)
        pubblicazione.pubblica()

    @given(passi=PASSI)
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_la_copia_di_ogni_elenco_filtrato_finisce_uguale_all_elenco(self, passi: list[Any]) -> None:
        self._segui([Copia(self.ministero, filtri) for filtri in FILTRI], passi)

    @given(passi=PASSI)
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_la_copia_di_chi_vede_solo_il_suo_finisce_uguale_a_cio_che_vede(self, passi: list[Any]) -> None:
        self._segui([Copia(self.di_rho, filtri) for filtri in FILTRI], passi)

    def _segui(self, copie: list[Copia], passi: list[Any]) -> None:
        registro = Registro()
        for come, quale, valore in passi:
            if come == "pagina":
                copie[quale].pagina()
            else:
                registro.cambia(come, quale, valore)
        for copia in copie:
            # The pull that is halfway, as of its beginning, and one more for what changed since.
            for _ in range(2):
                while not copia.pagina():
                    pass
            assert copia.righe() == copia.vere()
