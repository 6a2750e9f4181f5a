"""The pages of a list: whatever the order, every row once; and what is read at an instant does not move."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.test import TestCase
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyTestCase

from interoperabilita.risorse.cup import CUP
from interoperabilita.services import pubblicazione
from interventi.models import Intervento, Localizzazione
from monitoraggio.models import Situazione
from monitoraggio.selectors.situazione import calcola
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from tests import riferimenti
from tests.interoperabilita.chiavi import Consumatore, consumatore
from tests.interoperabilita.elenchi import righe
from tests.interoperabilita.sorgenti import OTTOBRE, approvato
from tests.interventi.opere import opera

QUANTE = 23


def varie() -> list[Intervento]:
    """Interventi with equal values, and with none, in every field that a list is sorted by."""
    caso = random.Random(6)  # noqa: S311 no secret
    piani = list(PianoIntegrato.objects.order_by("pk")[:3])
    opere = []
    for numero in range(QUANTE):
        uno = opera(
            caso.choice(["", "Asilo", "asilo", "Ästhetik", "=1+1", "Zoo"]),
            cup="" if caso.random() < 0.3 else f"B41J22{numero:05}0001",
            finanziamento_totale=caso.choice([None, Decimal("0.00"), Decimal("10.10"), Decimal("99999999999.99")]),
            fine_prevista=caso.choice([None, date(2026, 3, 31), date(2027, 1, 1)]),
        )
        if piani and caso.random() < 0.7:
            InterventoNelPiano.objects.create(intervento=uno, piano=caso.choice(piani))
        if caso.random() < 0.6:
            Situazione.objects.create(
                intervento=uno,
                avanzamento=approvato(uno, OTTOBRE),
                riferita_al=OTTOBRE,
                pagato=caso.choice([Decimal("0.00"), Decimal("33.33"), Decimal("5.00")]),
                percentuale=caso.choice([None, Decimal("0"), Decimal("33.33"), Decimal("100")]),
                fine_prevista=caso.choice([None, date(2026, 3, 31)]),
            )
        opere.append(uno)
    return opere


def pagine(chi: Consumatore, **parametri: str) -> Iterator[dict[str, Any]]:
    indirizzo: str | None = "/api/v1/cup"
    while indirizzo is not None:
        corpo = chi.get(indirizzo, parametri if "?" not in indirizzo else None).json()
        assert "dati" in corpo, corpo
        yield corpo
        indirizzo = corpo["paginazione"]["successiva"]


class OrdiniTest(TestCase):
    opere: list[Intervento]
    ministero: Consumatore

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.opere = varie()
        cls.ministero = consumatore()
        pubblicazione.pubblica()

    def test_ogni_ordine_nei_due_versi_da_ogni_riga_una_volta(self) -> None:
        tutte = {uno.pk for uno in self.opere}
        for nome in CUP.ordini:
            for verso in ("", "-"):
                for limite in ("1", "7", str(QUANTE), "1000"):
                    lette = [
                        riga
                        for corpo in pagine(self.ministero, sort=f"{verso}{nome}", limit=limite)
                        for riga in corpo["dati"]
                    ]
                    with self.subTest(ordine=f"{verso}{nome}", limite=limite):
                        assert len(lette) == QUANTE
                        assert {riga["id"] for riga in lette} == tutte
                        self._in_ordine(lette, nome, decrescente=verso == "-")

    @staticmethod
    def _in_ordine(lette: list[dict[str, Any]], nome: str, *, decrescente: bool) -> None:
        valori = [riga[nome] for riga in lette]
        presenti = [valore for valore in valori if valore is not None]
        assert valori[: len(presenti)] == presenti, "chi non ha il valore viene per ultimo"
        if nome.endswith("_eur"):
            presenti = [Decimal(valore) for valore in presenti]
        if nome not in {"titolo", "piano", "cup"}:
            # Texts are in the order of the database.
            assert presenti == sorted(presenti, reverse=decrescente)
        for questa, dopo in pairwise(lette):
            if questa[nome] == dopo[nome] and nome != "id":
                assert questa["id"] < dopo["id"]

    def test_la_pagina_dice_quante_righe_e_l_ultima_non_ha_seguito(self) -> None:
        corpi = list(pagine(self.ministero, limit="10"))
        assert [len(corpo["dati"]) for corpo in corpi] == [10, 10, 3]
        assert corpi[0]["paginazione"]["limit"] == 10
        assert corpi[-1]["paginazione"] == {"limit": 10, "cursor": None, "successiva": None}
        assert corpi[0]["paginazione"]["successiva"].startswith("http://testserver/api/v1/cup?limit=10&cursor=")
        assert len({corpo["aggiornato_al"] for corpo in corpi}) == 1

    def test_i_campi_chiesti_e_nel_loro_ordine(self) -> None:
        for corpo in pagine(self.ministero, fields="titolo,id,titolo", limit="5"):
            assert all(list(riga) == ["titolo", "id"] for riga in corpo["dati"])

    def test_l_ultimo_elemento_di_una_pagina_puo_sparire(self) -> None:
        corpi = pagine(self.ministero, limit="5")
        prima = next(corpi)
        ultimo = prima["dati"][-1]["id"]
        _togli(ultimo)
        lette = {riga["id"] for corpo in corpi for riga in corpo["dati"]}
        assert len(lette) == QUANTE - 5


class AlTest(TestCase):
    """`al` says what the monitoring says of that day."""

    opere: list[Intervento]
    ministero: Consumatore

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.opere = [opera(f"N. {numero}") for numero in range(4)]
        for numero, uno in enumerate(cls.opere[:3]):
            for mese in range(1, 4 + numero):
                fine = date(2024, mese + 1, 1) - timedelta(days=1)
                approvato(
                    uno,
                    fine,
                    percentuale=Decimal(mese * 10),
                    impegnato=Decimal("100.10"),
                    pagato=Decimal("10.01"),
                    fase="00313",
                    fine_prevista=date(2025, mese, 1),
                )
        cls.ministero = consumatore()
        pubblicazione.pubblica()

    def test_ogni_giorno_e_uguale_a_cio_che_dice_il_monitoraggio(self) -> None:
        chiavi = [uno.pk for uno in self.opere]
        giorni = (date(2024, 1, 30), date(2024, 1, 31), date(2024, 3, 31), date(2024, 4, 1), date(2099, 12, 31))
        for giorno in giorni:
            stati = calcola(interventi=chiavi, al=giorno)
            for riga in righe(self.ministero, "cup", al=giorno.isoformat()):
                stato = stati.get(riga["id"])
                with self.subTest(giorno=giorno, intervento=riga["id"]):
                    if stato is None:
                        assert (riga["situazione_al"], riga["pagato_eur"], riga["avanzamento_percento"]) == (None,) * 3
                        continue
                    assert riga["situazione_al"] == str(stato.riferita_al)
                    assert riga["pagato_eur"] == f"{stato.pagato:.2f}"
                    assert riga["impegnato_eur"] == f"{stato.impegnato:.2f}"
                    assert riga["avanzamento_percento"] == float(stato.percentuale or 0)
                    assert riga["fine_prevista"] == str(stato.fine_prevista)

    def test_ogni_formato_dice_lo_stesso_giorno(self) -> None:
        in_pagina = righe(self.ministero, "cup", al="2024-02-29")
        ndjson = self.ministero.get("/api/v1/cup.ndjson", {"al": "2024-02-29"}).getvalue().decode().splitlines()
        assert len(ndjson) == len(in_pagina) == 4
        csv = self.ministero.get("/api/v1/cup.csv", {"al": "2024-02-29"}).getvalue().decode().splitlines()
        assert sum(";20.02;" in riga for riga in csv) == 3


def _togli(pk: int) -> None:
    InterventoNelPiano.objects.filter(intervento=pk).delete()
    Situazione.objects.filter(intervento=pk).delete()
    Localizzazione.objects.filter(intervento=pk).delete()
    Intervento.objects.filter(pk=pk).update(titolo="Tolto", finanziamento_totale=None, cup="", clp=f"TOLTO-{pk}")


MOSSE = st.lists(
    st.tuples(st.sampled_from(["rinomina", "finanzia", "crea", "togli", "pubblica"]), st.integers(0, 30)), max_size=4
)


class FermoNelTempo(PropertyTestCase):
    """Pages of one pull are all of the instant of the first, whatever is written and published between them."""

    ministero: Consumatore

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        for numero in range(12):
            opera(f"N. {numero:02}", finanziamento_totale=Decimal(numero % 4))
        cls.ministero = consumatore()
        pubblicazione.pubblica()

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        fra_le_pagine=st.lists(MOSSE, min_size=4, max_size=4),
        ordine=st.sampled_from(["id", "-id", "titolo", "-finanziamento_totale_eur"]),
    )
    def test_le_scritture_fra_una_pagina_e_l_altra_non_si_vedono(
        self, fra_le_pagine: list[list[tuple[str, int]]], ordine: str
    ) -> None:
        intero = righe(self.ministero, "cup", sort=ordine)
        lette: list[dict[str, Any]] = []
        for posto, corpo in enumerate(pagine(self.ministero, sort=ordine, limit="3")):
            lette += corpo["dati"]
            for mossa, quale in fra_le_pagine[posto % 4]:
                self._muovi(mossa, quale)
        assert lette == intero

    @staticmethod
    def _muovi(mossa: str, quale: int) -> None:
        pks = list(Intervento.objects.order_by("pk").values_list("pk", flat=True))
        pk = pks[quale % len(pks)]
        if mossa == "crea":
            opera(f"Nuova {quale}")
        elif mossa == "togli":
            Intervento.objects.filter(pk=pk).delete()
        elif mossa == "pubblica":
            pubblicazione.pubblica()
        else:
            campi: dict[str, Any] = {"titolo": f"R{quale}"} if mossa == "rinomina" else {"finanziamento_totale": quale}
            Intervento.objects.filter(pk=pk).update(aggiornato=timezone.now(), **campi)
