"""The pages of the variazioni: asked by a form a kind, decided by another person, shown with what stood before."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enti.ruoli import Ruolo
from interventi.models import VoceQuadroEconomico
from monitoraggio.models import Traguardo, Variazione
from tests.enti.persone import crea_persona
from tests.monitoraggio.variazioni_di_prova import VariazioniTestCase, chiedi, ente

COMUNI = {"atto": "Determina n. 7", "data_atto": "2025-01-15", "motivo": "Serve."}


class PagineTestCase(VariazioniTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.responsabile)

    def modulo(self, tipo: str, dati: dict[str, Any] | None = None) -> Any:
        indirizzo = reverse("variazione-nuova", args=[self.intervento.pk]) + f"?tipo={tipo}"
        return self.client.get(indirizzo) if dati is None else self.client.post(indirizzo, COMUNI | dati)

    def decide(self, variazione: Variazione, passaggio: str, **dati: Any) -> Any:
        return self.client.post(reverse("variazione-decidi", args=[variazione.pk, passaggio]), dati)


class ChiedereTestCase(PagineTestCase):
    def test_ogni_tipo_ha_solo_i_suoi_campi(self) -> None:
        voci = {nome for nome in self.modulo("variante").context["modulo"].fields if nome.startswith("voce_")}
        assert len(voci) == 10
        comuni = {"atto", "data_atto", "motivo"}
        for tipo, propri in {
            "proroga": {"oggetto", "data_dopo"},
            "variante": voci,
            "economia": {"importo_dopo"},
            "revoca": {"data_dopo"},
            "attuatore": {"attuatore_dopo"},
        }.items():
            assert set(self.modulo(tipo).context["modulo"].fields) == comuni | propri

    def test_senza_tipo_la_pagina_spiega_le_cinque_variazioni(self) -> None:
        pagina = self.client.get(reverse("variazione-nuova", args=[self.intervento.pk]))
        for tipo in ("proroga", "variante", "economia", "revoca", "attuatore"):
            self.assertContains(pagina, f"?tipo={tipo}")

    def test_una_proroga_si_chiede_e_si_riceve_la_ricevuta(self) -> None:
        traguardo = Traguardo.objects.get(intervento=self.intervento)
        risposta = self.modulo("proroga", {"oggetto": f"traguardo-{traguardo.pk}", "data_dopo": "30/09/2025"})
        chiesta = Variazione.objects.get()
        self.assertRedirects(risposta, reverse("variazione", args=[chiesta.pk]))
        pagina = self.client.get(reverse("variazione", args=[chiesta.pk]))
        self.assertContains(pagina, "Richiesta inviata alla Città metropolitana")
        self.assertContains(pagina, "dal 30/06/2025 al 30/09/2025")
        assert pagina.context["decisioni"] == {}

    def test_la_variante_propone_gli_importi_di_adesso_e_ne_legge_di_scritti_in_ogni_modo(self) -> None:
        self.assertContains(self.modulo("variante"), 'value="800,00"')
        mancante = self.modulo("variante", {"voce_lavori": "", "voce_imprevisti": "100"})
        self.assertContains(mancante, "per togliere la voce scrivi 0")
        self.modulo("variante", {"voce_lavori": "1.850,50", "voce_imprevisti": "100", "voce_iva": "0"})
        voce = Variazione.objects.get().voci.get()
        assert (voce.voce, voce.importo_prima, voce.importo_dopo) == ("lavori", Decimal("800.00"), Decimal("1850.50"))

    def test_un_errore_del_servizio_sta_al_suo_campo(self) -> None:
        pagina = self.modulo("economia", {"importo_dopo": "1.000,01"})
        assert "supererebbero" in pagina.context["modulo"].errors["importo_dopo"][0]
        pagina = self.modulo("proroga", {"oggetto": "fase-00313", "data_dopo": "2025-12-31"})
        assert "dopo quella di adesso" in pagina.context["modulo"].errors["data_dopo"][0]
        assert not Variazione.objects.exists()

    def test_il_nuovo_attuatore_non_e_quello_di_adesso(self) -> None:
        pagina = self.modulo("attuatore", {"attuatore_dopo": ente("Rho").pk})
        assert "attuatore_dopo" in pagina.context["modulo"].errors
        assert self.modulo("attuatore", {"attuatore_dopo": ente("Bresso").pk}).status_code == 302

    def test_un_altro_comune_e_la_cabina_non_chiedono(self) -> None:
        indirizzo = reverse("variazione-nuova", args=[self.intervento.pk]) + "?tipo=economia"
        for chi, codice in ((self.altro_comune, 404), (crea_persona(Ruolo.CABINA), 403)):
            self.client.force_login(chi)
            assert self.client.get(indirizzo).status_code == codice
            assert self.client.post(indirizzo, COMUNI | {"importo_dopo": "1"}).status_code == codice
        assert not Variazione.objects.exists()

    def test_chi_ha_l_intervento_nel_suo_territorio_ma_non_lo_attua_non_chiede(self) -> None:
        self.intervento.soggetto_attuatore = ente("Bresso")
        self.intervento.save()
        self.intervento.localizzazioni.create(comune=ente("Rho").comune)
        assert self.client.get(reverse("intervento", args=[self.intervento.pk])).status_code == 200
        assert self.modulo("economia").status_code == 404


class DecidereTestCase(PagineTestCase):
    def test_l_ufficio_accoglie_e_si_vedono_il_prima_e_il_dopo(self) -> None:
        chiesta = self.chiedi("variante", voci={"lavori": Decimal("850.00")})
        self.client.force_login(self.istruttore)
        pagina = self.client.get(reverse("variazione", args=[chiesta.pk]))
        assert set(pagina.context["decisioni"]) == {"accogli", "respingi"}
        self.assertRedirects(self.decide(chiesta, "accogli"), reverse("variazione", args=[chiesta.pk]))
        pagina = self.client.get(reverse("variazione", args=[chiesta.pk]))
        for testo in ("Variazione accolta e applicata", "800,00", "850,00", "900,00", "950,00"):
            self.assertContains(pagina, testo)
        assert VoceQuadroEconomico.objects.get(intervento=self.intervento, voce="lavori").importo == 850

    def test_respingere_senza_motivo_lo_chiede_e_lascia_tutto_com_e(self) -> None:
        chiesta = self.proroga()
        self.client.force_login(self.istruttore)
        pagina = self.decide(chiesta, "respingi")
        self.assertContains(pagina, "serve il motivo")
        chiesta.refresh_from_db()
        assert chiesta.stato == "richiesta"
        assert self.decide(chiesta, "respingi", motivo="Manca l'atto.").status_code == 302

    def test_una_richiesta_superata_dice_perche_non_si_applica(self) -> None:
        chiesta = self.chiedi("variante", voci={"lavori": Decimal("850.00")})
        VoceQuadroEconomico.objects.filter(voce="lavori").update(importo=Decimal("1.00"))
        self.client.force_login(self.istruttore)
        self.assertContains(self.decide(chiesta, "accogli"), "cambiato dopo la richiesta")

    def test_chi_l_ha_chiesta_la_ritira_e_non_la_decide(self) -> None:
        chiesta = chiedi(self.intervento, "economia", self.istruttore, importo_dopo=Decimal("1.00"))
        self.client.force_login(self.istruttore)
        pagina = self.client.get(reverse("variazione", args=[chiesta.pk]))
        assert pagina.context["decisioni"] == {}
        self.assertContains(self.decide(chiesta, "accogli"), "hai chiesta tu")
        assert self.decide(chiesta, "ritira").status_code == 302

    def test_chi_non_puo_non_decide_nemmeno_indovinando_l_indirizzo(self) -> None:
        chiesta = self.proroga()
        for chi in (self.responsabile, self.altro_comune, crea_persona(Ruolo.CABINA)):
            self.client.force_login(chi)
            assert self.decide(chiesta, "accogli").status_code == 404
        self.client.force_login(self.istruttore)
        assert self.decide(chiesta, "inventato").status_code == 404
        assert self.client.get(reverse("variazione-decidi", args=[chiesta.pk, "accogli"])).status_code == 405
        chiesta.refresh_from_db()
        assert chiesta.stato == "richiesta"


class ElencoTestCase(PagineTestCase):
    def elenco(self, **filtri: Any) -> Any:
        return self.client.get(reverse("variazioni"), filtri)

    def test_prima_quelle_da_decidere_dalla_piu_vecchia(self) -> None:
        decisa = self.decidi(self.chiedi("economia", importo_dopo=Decimal("1.00")), "accogli")
        prima, seconda = self.proroga(), self.chiedi("economia", importo_dopo=Decimal("2.00"))
        pagina = self.elenco()
        assert [riga.variazione for riga in pagina.context["righe"]] == [prima, seconda, decisa]
        self.assertContains(pagina, "2 richieste da decidere su 3; 1 accolta.")

    def test_i_filtri_per_stato_tipo_ente_e_testo(self) -> None:
        proroga = self.proroga()
        economia = self.chiedi("economia", importo_dopo=Decimal("1.00"), atto="Delibera n. 99")
        self.decidi(economia, "accogli")
        for filtri, attese in (
            ({"stato": "richiesta"}, [proroga]),
            ({"tipo": "economia"}, [economia]),
            ({"ente": ente("Rho").pk}, [proroga, economia]),
            ({"q": self.intervento.cup}, [proroga, economia]),
            ({"q": "delibera"}, [economia]),
            ({"piano": "SPUGNA"}, []),
        ):
            assert [riga.variazione for riga in self.elenco(**filtri).context["righe"]] == attese, filtri

    def test_un_altro_comune_non_le_vede_ne_in_elenco_ne_per_indirizzo(self) -> None:
        chiesta = self.proroga()
        self.client.force_login(self.altro_comune)
        assert self.elenco().context["righe"] == []
        assert self.client.get(reverse("variazione", args=[chiesta.pk])).status_code == 404

    def test_la_pagina_dell_intervento_le_mostra_a_chi_puo_vederle(self) -> None:
        self.proroga()
        indirizzo = reverse("intervento", args=[self.intervento.pk])
        self.assertContains(self.client.get(indirizzo), "Chiedi una variazione")
        self.client.force_login(crea_persona(Ruolo.CABINA))
        pagina = self.client.get(indirizzo)
        self.assertContains(pagina, "dal 30/06/2025 al 30/09/2025")
        self.assertNotContains(pagina, "Chiedi una variazione")

    def test_le_interrogazioni_non_crescono_con_le_variazioni(self) -> None:
        def quante() -> int:
            with CaptureQueriesContext(connection) as fatte:
                self.elenco()
            return len(fatte)

        self.proroga()
        poche = quante()
        for _ in range(15):
            self.chiedi("economia", importo_dopo=Decimal("1.00"))
        assert quante() == poche
