"""The rules on the page of an intervento: how it stands, what is missing and where to mend it, the waivers beside."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from enti.models import Comune, IndiceVulnerabilita
from enti.ruoli import Ruolo
from interventi.models import Intervento
from piani_integrati import services
from piani_integrati.esiti import Esito
from piani_integrati.models import Deroga, InterventoNelPiano, PianoIntegrato
from piani_integrati.regole import Contesto
from piani_integrati.semaforo import Semaforo, semaforo
from registro.models import Fonte
from tests.enti.persone import crea_persona
from tests.piani_integrati.base import PianiTestCase, completa, crea_intervento, persona_del_comune


class SezioneRegoleTestCase(PianiTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.prova = self.bozza("PROVA")
        self.opera = crea_intervento(1)
        InterventoNelPiano.objects.create(piano=self.prova, intervento=self.opera)

    def conforme(self) -> None:
        """Everything is said, and everything is as the rules want it."""
        completa(self.opera)
        Intervento.objects.filter(pk=self.opera.pk).update(finanziamento_pubblico=Decimal("1000.00"))
        rho = Comune.objects.get(nome="Rho", zona__isnull=False)
        fonte = Fonte.objects.get(codice="portale")
        IndiceVulnerabilita.objects.create(comune=rho, anno=2018, valore=Decimal("99.01"), fonte=fonte)

    def semaforo(self) -> Semaforo:
        piano = PianoIntegrato.objects.get(pk=self.prova.pk)
        return semaforo(self.opera, piano, Contesto.al_giorno(timezone.localdate()))

    def sezione(self) -> str:
        """The text of the section, alone."""
        risposta = self.client.get(reverse("intervento", args=[self.opera.pk]))
        assert risposta.status_code == 200
        pagina = " ".join(unescape(risposta.content.decode()).split())
        return pagina.partition('<h2 id="titolo-regole">')[2].partition("</section>")[0]

    def deroga(self, regola: str, intervento: Intervento | None, atto: str, **altro: Any) -> Deroga:
        dati: dict[str, Any] = {
            "piano_id": self.prova.pk,
            "regola": regola,
            "intervento_id": intervento.pk if intervento else None,
            "atto": atto,
            "organo": "DIPE",
            "data": date(2025, 4, 1),
            "motivo": "Ammesso.",
            "autore": None,
        }
        return services.registra_deroga(**dati | altro)

    def test_chi_non_e_in_un_piano_non_ha_la_sezione(self) -> None:
        InterventoNelPiano.objects.all().delete()
        assert self.sezione() == ""

    def test_il_semaforo_e_il_peggiore_degli_esiti_obbligatori(self) -> None:
        assert self.semaforo().esito == Esito.NON_DETERMINABILE
        self.conforme()
        assert self.semaforo().esito == Esito.CONFORME
        assert "conforme</span> nell'insieme delle regole obbligatorie. È il giudizio di oggi" in self.sezione()
        Intervento.objects.filter(pk=self.opera.pk).update(stato_cup="revocato", livello_progettuale=None)
        visto = self.semaforo()
        assert (visto.esito, visto.non_conformi, visto.non_determinabili) == (Esito.NON_CONFORME, 1, 1)
        assert "1 non è rispettata, 1 non si può giudicare perché mancano dati." in self.sezione()

    def test_una_regola_facoltativa_o_non_applicabile_non_pesa(self) -> None:
        self.conforme()
        esiti = {riga.regola.codice: riga.prova.esito for riga in self.semaforo().righe}
        assert esiti["classi_energetiche"] == Esito.NON_APPLICABILE, "non è un edificio"
        assert "startup" not in esiti, "guarda il piano intero"
        assert self.semaforo().esito == Esito.CONFORME

    def test_misura_e_soglia_si_leggono_accanto_all_esito(self) -> None:
        self.conforme()
        righe = {riga.regola.codice: (riga.misura, riga.soglia) for riga in self.semaforo().righe}
        assert righe["area_target"] == ("500,00 m²", "più di 0,00 m²")
        assert righe["ivsm"] == ("99,01", "più di 99,00")
        self.opera.requisiti.delete()
        righe = {riga.regola.codice: (riga.misura, riga.soglia) for riga in self.semaforo().righe}
        assert righe["area_target"] == ("–", "più di 0,00 m²")

    def test_cio_che_manca_porta_al_modulo_per_chi_puo_correggere(self) -> None:
        modulo = reverse("intervento-modifica", args=[self.opera.pk])
        sezione = self.sezione()
        assert f'<a href="{modulo}#dnsh">il regime DNSH</a>' in sezione
        assert f'<a href="{modulo}#progetto">il livello progettuale</a>' in sezione
        assert f'<a href="{reverse("ivsm")}">l\'IVSM del Comune in cui si trova</a>' in sezione
        assert f'<a href="{modulo}#requisiti">le superfici edificate e a verde, prima e dopo</a>' in sezione
        for chi in (crea_persona(Ruolo.CABINA), persona_del_comune("Rho")):
            self.client.force_login(chi)
            sezione = self.sezione()
            assert "il regime DNSH" in sezione
            assert "da caricare dalla Città metropolitana" in sezione
            assert modulo not in sezione
            assert reverse("ivsm") not in sezione
            assert "Registra una deroga" not in sezione

    def test_un_programma_mostra_solo_le_sue_regole(self) -> None:
        PianoIntegrato.objects.filter(pk=self.prova.pk).update(tipo="programma")
        assert [riga.regola.codice for riga in self.semaforo().righe] == ["dnsh", "cup"]
        assert self.semaforo().per_il_piano == []

    def test_le_deroghe_valide_stanno_accanto_all_esito_che_non_cambia(self) -> None:
        self.conforme()
        Intervento.objects.filter(pk=self.opera.pk).update(stato_cup="revocato")
        altra = crea_intervento(2)
        InterventoNelPiano.objects.create(piano=self.prova, intervento=altra)
        altro_piano = self.bozza("ALTRO")
        prima = [riga.prova for riga in self.semaforo().righe]
        propone = f"{reverse('deroga-nuova', args=['prova'])}?regola=cup&intervento={self.opera.pk}"
        assert propone in self.sezione()
        self.deroga("cup", self.opera, "Nota sua")
        self.deroga("cup", None, "Decreto del piano")
        self.deroga("cup", altra, "Nota di un altro")
        self.deroga("cup", None, "Decreto di un altro piano", piano_id=altro_piano.pk)
        ritirata = self.deroga("cup", self.opera, "Nota ritirata")
        services.ritira_deroga(deroga_id=ritirata.pk, motivo="Errore.", autore=None)
        assert [riga.prova for riga in self.semaforo().righe] == prima
        sezione = self.sezione()
        assert 'non conforme</span> <br><span class="quieto">con deroga' in sezione
        assert "con deroga: Nota sua, DIPE" in sezione
        assert "con deroga a tutto il piano: Decreto del piano, DIPE" in sezione
        for estranea in ("Nota di un altro", "Decreto di un altro piano", "Nota ritirata"):
            assert estranea not in sezione
        assert propone not in sezione, "una deroga c'è già"

    def test_la_sezione_costa_le_stesse_interrogazioni_con_una_deroga_e_con_molte(self) -> None:
        def quante() -> int:
            with CaptureQueriesContext(connection) as catturate:
                self.sezione()
            return len(catturate)

        self.deroga("cup", self.opera, "Prima")
        poche = quante()
        for numero in range(20):
            self.deroga("dnsh", None, f"Atto {numero}")
        assert quante() == poche
        InterventoNelPiano.objects.all().delete()
        assert poche - quante() == 3, "il giorno, il giudizio, le deroghe"
