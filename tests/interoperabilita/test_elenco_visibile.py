"""A body reads what lies in its territory or is its own: the same as on the page, and no trace of the rest."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.test import Client, TestCase

from enti.models import Comune, Ente, Utente
from enti.ruoli import Ruolo
from interoperabilita.services import pubblicazione
from interventi.elenco import Elenco as ElencoDellaPagina
from interventi.models import Intervento, Localizzazione
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.interoperabilita.chiavi import Consumatore, consumatore
from tests.interoperabilita.elenchi import numeri, righe
from tests.interventi.opere import di_rho, opera


def comune(nome: str) -> Comune:
    return Comune.objects.get(nome=nome, zona__isnull=False)


class VisibileTestCase(TestCase):
    sua: Intervento
    del_territorio: Intervento
    altrui: Intervento
    rho: Consumatore
    ministero: Consumatore
    persona: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        ente = Ente.objects.get(comune=comune("Rho"))
        cls.sua = opera("Sua", comuni=["Bresso"], soggetto_attuatore=ente, driver=[2], stato_cup="attivo")
        cls.del_territorio = opera("Nel territorio", comuni=["Rho", "Milano"], pnrr="5.00", stato_cup="chiuso")
        cls.altrui = opera("Altrui", comuni=["Milano"], driver=[2], stato_cup="attivo")
        cls.persona = di_rho()
        cls.rho = consumatore(ente, ruoli=(Ruolo.COMPILATORE,))
        cls.ministero = consumatore()
        pubblicazione.pubblica()

    def cambiati(self, dal: str) -> tuple[set[int], set[int]]:
        corpo = self.rho.get("/api/v1/cup", {"modificati_dal": dal}).json()
        return {riga["id"] for riga in corpo["dati"]}, {riga["id"] for riga in corpo["rimossi"]}

    def adesso(self) -> str:
        return str(self.rho.get("/api/v1/cup").json()["aggiornato_al"])


class ChiVedeTest(VisibileTestCase):
    def test_un_comune_vede_il_suo_e_cio_che_e_nel_suo_territorio(self) -> None:
        assert numeri(self.rho, "cup") == {self.sua.pk, self.del_territorio.pk}
        assert numeri(self.ministero, "cup") == {self.sua.pk, self.del_territorio.pk, self.altrui.pk}
        for formato in ("csv", "ndjson"):
            assert b"Altrui" not in self.rho.get(f"/api/v1/cup.{formato}").getvalue()

    def test_vede_le_stesse_righe_della_pagina_con_gli_stessi_filtri(self) -> None:
        coordinatore = crea_persona(Ruolo.COORDINATORE)
        casi: list[dict[str, str]] = [
            {},
            {"stato": "attivo"},
            {"driver": "2"},
            {"comune": "015182"},
            {"comune": comune("Milano").codice_istat},
            {"zona": str(comune("Rho").zona.numero)},  # type: ignore[union-attr]
            {"misura": self.sua.submisura.codice},
            {"piano": "null"},
            {"importo_da": "1", "stato": "attivo"},
            {"natura": "03"},
            {"linea": "pnrr"},
            {"strategia": "1"},
            {"q": "territorio"},
            {"q": self.sua.cup},
            {"monitoraggio": "non_determinabile"},
            {"stato": "attivo", "driver": "2", "q": "sua"},
        ]
        for persona, chi in ((self.persona, self.rho), (coordinatore, self.ministero)):
            for filtri in casi:
                with self.subTest(chi=str(persona), **filtri):
                    assert numeri(chi, "cup", **filtri) == _della_pagina(persona, filtri)

    def test_chi_e_entrato_dal_browser_legge_lo_stesso(self) -> None:
        cliente = Client()
        cliente.force_login(self.persona)
        assert {r["id"] for r in cliente.get("/api/v1/cup").json()["dati"]} == numeri(self.rho, "cup")


class RimossiTest(VisibileTestCase):
    def test_cio_che_esce_dalla_sua_vista_e_rimosso_e_cio_che_ci_entra_e_nuovo(self) -> None:
        dal = self.adesso()
        Localizzazione.objects.filter(intervento=self.del_territorio, comune=comune("Rho")).delete()
        Localizzazione.objects.create(
            intervento=self.altrui, comune=comune("Rho"), codice_provincia="015", codice_comune="182"
        )
        assert self.cambiati(dal) == ({self.altrui.pk}, {self.del_territorio.pk})
        # Whoever sees everything has seen two rows change, and none go.
        corpo = self.ministero.get("/api/v1/cup", {"modificati_dal": dal}).json()
        assert {riga["id"] for riga in corpo["dati"]} == {self.altrui.pk, self.del_territorio.pk}
        assert corpo["rimossi"] == []

    def test_di_cio_che_non_ha_mai_visto_non_sa_nulla(self) -> None:
        dal = self.adesso()
        Intervento.objects.filter(pk=self.altrui.pk).update(titolo="Altrui, cambiato")
        assert self.cambiati(dal) == (set(), set())
        Intervento.objects.filter(pk=self.altrui.pk).delete()
        assert self.cambiati(dal) == (set(), set())

    def test_cio_che_entra_e_poi_esce_non_e_mai_stato_visto(self) -> None:
        dal = self.adesso()
        luogo = Localizzazione.objects.create(
            intervento=self.altrui, comune=comune("Rho"), codice_provincia="015", codice_comune="182"
        )
        in_mezzo = self.adesso()
        luogo.delete()
        assert self.cambiati(dal) == (set(), set())
        assert self.cambiati(in_mezzo) == (set(), {self.altrui.pk})

    def test_cio_che_nasce_e_muore_fra_due_letture_non_e_mai_esistito(self) -> None:
        dal = self.adesso()
        effimera = opera("Effimera", comuni=["Rho"])
        pubblicazione.pubblica()
        Intervento.objects.filter(pk=effimera.pk).delete()
        assert self.cambiati(dal) == (set(), set())

    def test_la_riga_rimossa_dice_la_sua_chiave_di_regis(self) -> None:
        (prima,) = [riga for riga in righe(self.rho, "cup") if riga["id"] == self.del_territorio.pk]
        dal = self.adesso()
        Localizzazione.objects.filter(intervento=self.del_territorio).delete()
        (rimossa,) = self.rho.get("/api/v1/cup", {"modificati_dal": dal}).json()["rimossi"]
        assert rimossa == {nome: prima[nome] for nome in ("id", "cup", "clp", "submisura")}

    def test_un_istante_nel_futuro_non_ha_cambiamenti(self) -> None:
        """And the answer says from when to ask next: not from the future."""
        corpo = self.rho.get("/api/v1/cup", {"modificati_dal": "2199-12-31T23:59:59-12:00"}).json()
        assert (corpo["dati"], corpo["rimossi"]) == ([], [])
        assert corpo["aggiornato_al"] == self.adesso()

    def test_l_istante_e_lo_stesso_in_qualunque_fuso(self) -> None:
        dal = self.adesso()
        Intervento.objects.filter(pk=self.sua.pk).update(titolo="Sua, cambiata")
        for scritto in (dal, dal.replace("Z", "+00:00"), dal.replace("Z", "-00:00")):
            assert self.cambiati(scritto)[0] == {self.sua.pk}


def _della_pagina(persona: Utente, filtri: dict[str, Any]) -> set[int]:
    parametri = QueryDict(mutable=True)
    parametri.update(filtri)
    return set(ElencoDellaPagina(parametri, persona).filtro.qs.values_list("pk", flat=True))
