"""What the amministratore finds: people, roles, jobs and keys that want looking after."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cruscotto.selectors.amministratore import DaCurare, da_curare
from enti.models import Appartenenza, Ente, Utente
from enti.ruoli import Ruolo
from interoperabilita.models import Ambito, ChiaveApi
from interoperabilita.services import chiavi
from registro.models import Lavoro, StatoLavoro
from tests import riferimenti
from tests.enti.persone import crea_persona


class AmministratoreTestCase(TestCase):
    ada: Utente
    oggi: date

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.oggi = timezone.localdate()
        cls.ada = crea_persona(Ruolo.AMMINISTRATORE)
        Utente.objects.update(last_login=timezone.now())

    def leggi(self, chi: Utente | None = None) -> DaCurare:
        return da_curare(Utente.objects.get(pk=(chi or self.ada).pk), oggi=self.oggi)

    def entrata(self, nome: str, ruolo: Ruolo | None = Ruolo.CABINA) -> Utente:
        persona = crea_persona(ruolo, nome=nome)
        Utente.objects.filter(pk=persona.pk).update(last_login=timezone.now())
        return persona

    def lavoro(self, **campi: Any) -> Lavoro:
        return Lavoro.objects.create(**({"tipo": "prova", "titolo": "Prova", "richiesto_da": self.ada} | campi))

    def test_senza_nulla_lo_dice(self) -> None:
        letto = self.leggi()
        assert letto.vuoto
        pagina = render_to_string("cruscotto/amministratore.html", {"da_curare": letto})
        assert "Niente da curare" in pagina
        assert "Nessuno finora" in pagina

    def test_chi_non_ha_un_ruolo_in_vigore_e_detto_e_le_utenze_tecniche_no(self) -> None:
        senza = self.entrata("senza", None)
        finita = self.entrata("finita")
        Appartenenza.objects.filter(utente=finita).update(
            dal=self.oggi - timedelta(days=9), al=self.oggi - timedelta(days=1)
        )
        ultimo_giorno = self.entrata("ultimo")
        Appartenenza.objects.filter(utente=ultimo_giorno).update(al=self.oggi)
        spenta = self.entrata("spenta", None)
        Utente.objects.filter(pk=spenta.pk).update(is_active=False)
        programma = self.entrata("programma", None)
        Utente.objects.filter(pk=programma.pk).update(tecnico=True)
        assert set(self.leggi().senza_ruolo.righe) == {senza, finita}

    def test_chi_ha_un_ruolo_e_non_e_mai_entrato_e_detto(self) -> None:
        mai = crea_persona(Ruolo.CABINA, nome="mai")
        self.entrata("entrata")
        assert self.leggi().mai_entrati.righe == [mai]
        Utente.objects.filter(pk=mai.pk).update(last_login=timezone.now())
        assert not self.leggi().mai_entrati

    def test_un_ruolo_sta_per_finire_da_trenta_giorni_prima(self) -> None:
        persona = self.entrata("gaia")
        sua = Appartenenza.objects.get(utente=persona)
        for giorni, detto in ((31, False), (30, True), (0, True)):
            Appartenenza.objects.filter(pk=sua.pk).update(al=self.oggi + timedelta(days=giorni))
            assert (self.leggi().in_scadenza.righe == [sua]) is detto, giorni
        Appartenenza.objects.create(
            utente=persona, ente=sua.ente, ruolo=sua.ruolo, dal=self.oggi, al=self.oggi + timedelta(days=400)
        )
        assert not self.leggi().in_scadenza

    def test_i_lavori_non_riusciti_da_una_settimana_e_quelli_fermi_sono_detti(self) -> None:
        adesso = timezone.now()
        fallito = self.lavoro(
            stato=StatoLavoro.FALLITO, concluso=adesso - timedelta(days=6, hours=23), errore="Manca il file."
        )
        self.lavoro(stato=StatoLavoro.FALLITO, concluso=adesso - timedelta(days=7, hours=1))
        soglia = timedelta(seconds=settings.LAVORO_BATTITO_SECONDI)
        fermo = self.lavoro(stato=StatoLavoro.IN_CORSO, battito=adesso - soglia - timedelta(seconds=30))
        self.lavoro(stato=StatoLavoro.IN_CORSO, battito=adesso)
        self.lavoro(stato=StatoLavoro.RIUSCITO, concluso=adesso)
        letto = self.leggi()
        assert set(letto.lavori.righe) == {fallito, fermo}
        pagina = render_to_string("cruscotto/amministratore.html", {"da_curare": letto})
        assert "2 lavori che non vanno" in pagina
        assert "Manca il file." in pagina
        assert "senza segni di vita dal" in pagina

    def test_dei_lavori_che_nessuno_ha_chiesto_si_vede_l_ultimo_di_ogni_tipo(self) -> None:
        self.lavoro(tipo="notte", richiesto_da=None)
        ultimo = self.lavoro(tipo="notte", richiesto_da=None, stato=StatoLavoro.RIUSCITO)
        altro = self.lavoro(tipo="altra-notte", richiesto_da=None)
        self.lavoro(tipo="chiesto")
        assert set(self.leggi().notturni) == {ultimo, altro}

    def test_le_chiavi_in_scadenza_le_aggiunge_chi_le_tiene_e_solo_per_chi_le_da(self) -> None:
        ente = Ente.objects.filter(denominazione="Comune di Rho").get()
        chiave, _ = chiavi.crea(ente_id=ente.pk, nome="Gestionale", ambiti=[Ambito.CUP], autore=self.ada)
        adesso = timezone.now()
        ChiaveApi.objects.filter(pk=chiave.pk).update(scade_il=adesso + timedelta(days=31))
        assert self.leggi().sezioni == []
        ChiaveApi.objects.filter(pk=chiave.pk).update(scade_il=adesso + timedelta(days=29))
        letto = self.leggi()
        assert [sezione["dati"]["chiavi"] for sezione in letto.sezioni] == [[chiave]]
        assert "Gestionale" in render_to_string("cruscotto/amministratore.html", {"da_curare": letto})
        assert self.leggi(crea_persona(Ruolo.COORDINATORE)).sezioni == []

    def test_le_interrogazioni_sono_sei_al_massimo_per_poche_e_per_molte_righe(self) -> None:
        conti = []
        for quante in (1, 20):
            for numero in range(quante):
                self.entrata(f"senza-{quante}-{numero}", None)
                crea_persona(Ruolo.CABINA, nome=f"mai-{quante}-{numero}")
                self.lavoro(stato=StatoLavoro.FALLITO, concluso=timezone.now(), richiesto_da=None, tipo=f"t{numero}")
            chi = Utente.objects.get(pk=self.ada.pk)
            assert chi.ruoli
            with CaptureQueriesContext(connection) as catturate:
                letto = da_curare(chi, oggi=self.oggi)
                render_to_string("cruscotto/amministratore.html", {"da_curare": letto})
            conti.append(len(catturate))
        assert letto.senza_ruolo.totale == 21
        assert letto.senza_ruolo.altri == 16
        assert conti[0] == conti[1] <= 6
