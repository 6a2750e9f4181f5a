"""Undoing on the piani: an assignment goes back whole or not at all, a waiver is withdrawn, a scenario returns."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enti.models import Appartenenza, Ente
from enti.ruoli import Ruolo
from interventi.models import Intervento, LegameDriver, LegameStrategia
from piani_integrati import services
from piani_integrati.flusso import StatoPiano
from piani_integrati.models import Deroga, InterventoNelPiano, PianoIntegrato, Scenario
from psttm.models import Driver, Strategia
from registro.models import Ripensamento
from registro.selectors import cronologia
from tests.enti.persone import crea_persona
from tests.piani_integrati.base import PianiTestCase, crea_intervento
from tests.registro.annulla import annulla, offerto


def posti() -> dict[int, tuple[str, str, str]]:
    """Piano, line and evidence of every intervento that is in a piano."""
    return {
        voce.intervento_id: (voce.piano.codice, voce.linea, voce.evidenza)
        for voce in InterventoNelPiano.objects.select_related("piano")
    }


class AssegnazioneTestCase(PianiTestCase):
    def assegna(self, *interventi: Intervento, **dati: Any) -> None:
        """By the page, as people do."""
        scelti = {"scelti": [uno.pk for uno in interventi], "quanti": len(interventi), "conferma": "1"}
        risposta = self.client.post(reverse("piani-assegna"), scelti | dati)
        assert risposta.status_code == 302, risposta.context["modulo"].errors

    def test_chi_era_fuori_esce_chi_era_altrove_torna_e_chi_era_uscito_rientra(self) -> None:
        nuovo, altrove, fermo = (crea_intervento(numero) for numero in range(3))
        finto = crea_intervento(3, dimostrativo=True)
        services.assegna(piano_id=self.piano("CAMBIO").pk, interventi_ids=[altrove.pk], autore=None, evidenza="gara")
        services.assegna(piano_id=self.piano("SPUGNA").pk, interventi_ids=[finto.pk], autore=None, evidenza="demo")
        prima = posti()
        self.assegna(nuovo, altrove, piano=self.piano("SPUGNA").pk, motivo="elenco")
        assert finto.pk not in posti(), "un piano non mescola dati veri e inventati"
        assert annulla(self.client) == "Assegnazione annullata: 3 interventi sono tornati com'erano."
        assert posti() == prima
        assert fermo.pk not in posti()
        for codice in ("SPUGNA", "CAMBIO"):
            assert cronologia(self.piano(codice))[0].verbo == "assegnazione annullata"
        tipi = InterventoNelPiano.storico.filter(intervento=altrove).order_by("history_id")
        assert [versione.history_type for versione in tipi] == ["+", "~", "~"], "la storia si allunga, non si riscrive"

    def test_vanno_via_i_legami_e_l_attuatore_dati_insieme(self) -> None:
        intervento = crea_intervento(1)
        gia = services.assegna(piano_id=self.piano("SPUGNA").pk, interventi_ids=[intervento.pk], autore=None)
        assert gia.nuovi == 1
        LegameDriver.objects.create(intervento=intervento, driver=Driver.objects.get(numero=2))
        self.assegna(
            intervento,
            driver=[Driver.objects.get(numero=2).pk, Driver.objects.get(numero=9).pk],
            strategie=[Strategia.objects.get(numero=1).pk],
            motivo="Serve il Driver",
            attuatore="on",
        )
        intervento.refresh_from_db()
        assert intervento.soggetto_attuatore == Ente.objects.get(comune__nome="Rho")
        annulla(self.client)
        intervento.refresh_from_db()
        assert intervento.soggetto_attuatore is None
        assert "soggetto_attuatore" not in intervento.campi_nostri
        assert list(LegameDriver.objects.values_list("driver__numero", flat=True)) == [2], "c'era già"
        assert not LegameStrategia.objects.exists()
        assert posti()[intervento.pk][0] == "SPUGNA"
        assert "COMUNE DI RHO" not in intervento.testo_ricerca

    def test_se_uno_solo_e_cambiato_dopo_non_torna_nessuno(self) -> None:
        interventi = [crea_intervento(numero) for numero in range(3)]
        self.assegna(*interventi, piano=self.piano("SPUGNA").pk)
        chiave = offerto().chiave
        services.assegna(piano_id=self.piano("CAMBIO").pk, interventi_ids=[interventi[0].pk], autore=None)
        adesso = posti()
        assert "Intanto qualcuno ha cambiato alcuni di questi interventi" in annulla(self.client, chiave)
        assert posti() == adesso

    def test_chi_era_stato_tolto_e_intanto_e_in_un_altro_piano_non_rientra(self) -> None:
        intervento = crea_intervento(1)
        services.assegna(piano_id=self.piano("SPUGNA").pk, interventi_ids=[intervento.pk], autore=None)
        self.assegna(intervento, togli="on", motivo="Non c'entra")
        assert posti() == {}
        chiave = offerto().chiave
        services.assegna(piano_id=self.piano("CAMBIO").pk, interventi_ids=[intervento.pk], autore=None)
        assert "Intanto qualcuno ha cambiato" in annulla(self.client, chiave)
        assert posti()[intervento.pk][0] == "CAMBIO"

    def test_chi_era_stato_tolto_rientra_con_linea_e_prova(self) -> None:
        intervento = crea_intervento(1)
        voce = services.Voce(intervento.pk, linea="linea 7", evidenza="decreto")
        services.assegna_voci(piano_id=self.piano("SPUGNA").pk, voci=[voce], autore=None)
        self.assegna(intervento, togli="on", motivo="Non c'entra")
        annulla(self.client)
        assert posti() == {intervento.pk: ("SPUGNA", "linea 7", "decreto")}

    def test_in_un_piano_intanto_concluso_non_si_torna(self) -> None:
        intervento = crea_intervento(1)
        self.assegna(intervento, piano=self.piano("SPUGNA").pk)
        PianoIntegrato.objects.filter(codice="SPUGNA").update(stato=StatoPiano.CONCLUSO)
        assert "Intanto il piano SPUGNA è" in annulla(self.client)
        assert posti()[intervento.pk][0] == "SPUGNA"

    def test_chi_non_gestisce_piu_i_piani_non_annulla(self) -> None:
        intervento = crea_intervento(1)
        self.assegna(intervento, piano=self.piano("SPUGNA").pk)
        Appartenenza.objects.filter(utente=self.coordinatore).update(ruolo=Ruolo.ISTRUTTORE)
        assert "Non gestisci più i piani" in annulla(self.client)
        assert intervento.pk in posti()

    def test_costa_le_stesse_interrogazioni_per_pochi_e_per_molti(self) -> None:
        pochi = [crea_intervento(numero) for numero in range(2)]
        molti = [crea_intervento(numero) for numero in range(10, 50)]
        costi = []
        for interventi in (pochi, molti):
            self.assegna(*interventi, piano=self.piano("SPUGNA").pk)
            with CaptureQueriesContext(connection) as catturate:
                annulla(self.client)
            costi.append(len(catturate))
        assert costi[0] == costi[1]


class DerogaEScenarioTestCase(PianiTestCase):
    def test_una_deroga_appena_registrata_si_ritira_e_resta_scritta(self) -> None:
        piano = self.bozza("PROVA")
        dati = {
            "regola": "costo_minimo",
            "atto": "Decreto n. 1/2025",
            "organo": "Ministero dell'interno",
            "data_atto": "2025-01-01",
            "motivo": "Prova.",
        }
        assert self.client.post(reverse("deroga-nuova", args=[piano.slug]), dati).status_code == 302
        deroga = Deroga.objects.get()
        assert annulla(self.client) == f"La deroga n. {deroga.pk} è ritirata: resta nell'elenco, e non vale."
        deroga.refresh_from_db()
        assert (deroga.ritirata_da, deroga.motivo_ritiro) == (
            self.coordinatore,
            "Annullata subito da chi l'aveva registrata.",
        )

    def test_una_deroga_intanto_ritirata_lo_dice(self) -> None:
        deroga = services.registra_deroga(
            piano_id=self.bozza("PROVA").pk,
            regola="costo_minimo",
            intervento_id=None,
            atto="Decreto",
            organo="",
            data=date(2025, 1, 1),
            motivo="Prova.",
            autore=self.coordinatore,
        )
        services.ritira_deroga(deroga_id=deroga.pk, motivo="Altro.", autore=None)
        self.client.post(
            reverse("deroga-nuova", args=["prova"]),
            {"regola": "cup", "atto": "A", "organo": "O", "data_atto": "2025-01-01", "motivo": "M"},
        )
        Ripensamento.objects.update(dati={"deroga": deroga.pk})
        assert "è già stata ritirata" in annulla(self.client)

    def elimina_scenario(self) -> Scenario:
        scenario = services.salva_scenario(
            piano_id=self.piano("SPUGNA").pk,
            nome="Più costi",
            modifiche={"interventi": {}, "esclusi": [], "aggiunti": [], "ipotetici": [{"nome": "Scuola"}]},
            autore=self.coordinatore,
        )
        risposta = self.client.post(reverse("scenario-elimina", args=["spugna", scenario.pk]))
        assert risposta.status_code == 302
        assert not Scenario.objects.exists()
        return scenario

    def test_uno_scenario_eliminato_torna_com_era(self) -> None:
        scenario = self.elimina_scenario()
        assert annulla(self.client) == "Lo scenario «Più costi» c'è di nuovo."
        tornato = Scenario.objects.get()
        assert (tornato.nome, tornato.modifiche, tornato.autore, tornato.creato) == (
            "Più costi",
            scenario.modifiche,
            self.coordinatore,
            scenario.creato,
        )

    def test_se_il_nome_e_stato_preso_non_torna(self) -> None:
        scenario = self.elimina_scenario()
        Scenario.objects.create(piano=scenario.piano, nome="più COSTI", autore=self.coordinatore)
        assert "Intanto c'è un altro scenario" in annulla(self.client)
        assert Scenario.objects.count() == 1

    def test_di_un_altro_lo_riporta_solo_chi_gestisce_i_piani(self) -> None:
        scenario = self.elimina_scenario()
        Ripensamento.objects.update(
            dati=offerto().dati | {"autore": crea_persona(Ruolo.CABINA).pk, "nome": scenario.nome}
        )
        Appartenenza.objects.filter(utente=self.coordinatore).update(ruolo=Ruolo.ISTRUTTORE)
        assert "Non gestisci più i piani" in annulla(self.client)
        assert not Scenario.objects.exists()
