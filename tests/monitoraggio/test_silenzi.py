"""Setting a warning aside and taking it back: who may, until when, on both sides of each day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import override_settings
from django.utils import timezone

from enti.models import Utente
from monitoraggio.models import Segnale, Silenzio
from monitoraggio.services import silenzi
from monitoraggio.services.silenzi import SilenzioRifiutato
from piani_integrati.models import PianoIntegrato
from registro.models import Evento
from tests.monitoraggio.base import MonitoraggioTestCase
from tests.monitoraggio.segnali_di_prova import segnale

PERCHE = "La proroga è stata chiesta."


class SilenziTestCase(MonitoraggioTestCase):
    def setUp(self) -> None:
        self.segnale = segnale(self.opera)
        self.oggi = timezone.localdate()

    def silenzia(self, fino_al: date | None = None, autore: Utente | None = None, motivo: str = PERCHE) -> Silenzio:
        return silenzi.silenzia(
            segnale_id=self.segnale.pk,
            motivo=motivo,
            fino_al=fino_al or self.oggi,
            autore=autore or self.responsabile,
        )

    def attivo(self) -> bool:
        return Segnale.objects.attivi().filter(pk=self.segnale.pk).exists()

    def scade(self, silenzio: Silenzio) -> None:
        """Its last day was yesterday."""
        Silenzio.objects.filter(pk=silenzio.pk).update(fino_al=self.oggi - timedelta(days=1))

    def test_messo_da_parte_fino_a_oggi_non_si_guarda_oggi_e_torna_domani(self) -> None:
        silenzio = self.silenzia()
        assert not self.attivo()
        self.scade(silenzio)
        assert self.attivo()

    def test_resta_nel_registro_con_il_motivo_e_il_giorno(self) -> None:
        self.silenzia(motivo=f"  {PERCHE} ")
        evento = Evento.objects.latest("pk")
        assert (evento.verbo, evento.nota, evento.autore_id) == ("messo da parte", PERCHE, self.responsabile.pk)
        assert evento.dopo == {"fino_al": self.oggi.isoformat()}

    def test_ripreso_si_guarda_di_nuovo_e_resta_scritto_chi_l_ha_ripreso(self) -> None:
        self.silenzia()
        silenzi.riattiva(segnale_id=self.segnale.pk, autore=self.istruttore)
        silenzio = Silenzio.objects.get()
        assert self.attivo()
        assert (silenzio.tolto_da, silenzio.motivo) == (self.istruttore, PERCHE)
        assert Evento.objects.latest("pk").verbo == "ripreso"

    def test_si_riprende_solo_cio_che_e_da_parte(self) -> None:
        with pytest.raises(SilenzioRifiutato, match="non è messo da parte"):
            silenzi.riattiva(segnale_id=self.segnale.pk, autore=self.responsabile)
        self.scade(self.silenzia())
        with pytest.raises(SilenzioRifiutato, match="non è messo da parte"):
            silenzi.riattiva(segnale_id=self.segnale.pk, autore=self.responsabile)

    def test_ieri_e_passato_oggi_no(self) -> None:
        with pytest.raises(SilenzioRifiutato, match="è già passato") as rifiuto:
            self.silenzia(self.oggi - timedelta(days=1))
        assert rifiuto.value.campo == "fino_al"
        assert self.silenzia(self.oggi).fino_al == self.oggi

    @override_settings(SEGNALI_SILENZIO_GIORNI=30)
    def test_l_ultimo_giorno_consentito_e_compreso(self) -> None:
        with pytest.raises(SilenzioRifiutato, match="per 30 giorni al massimo") as rifiuto:
            self.silenzia(self.oggi + timedelta(days=31))
        assert rifiuto.value.campo == "fino_al"
        self.silenzia(self.oggi + timedelta(days=30))
        assert not self.attivo()

    def test_senza_motivo_non_si_mette_da_parte(self) -> None:
        with pytest.raises(SilenzioRifiutato, match="Manca il motivo") as rifiuto:
            self.silenzia(motivo="   ")
        assert rifiuto.value.campo == "motivo"
        assert self.attivo()

    def test_finche_e_da_parte_non_lo_si_rimette(self) -> None:
        self.silenzia()
        with pytest.raises(SilenzioRifiutato, match="già messo da parte"):
            self.silenzia(self.oggi + timedelta(days=5))

    def test_scaduto_lo_si_rimette_e_il_primo_resta_scritto(self) -> None:
        prima = self.silenzia()
        self.scade(prima)
        self.silenzia(self.oggi + timedelta(days=5))
        prima.refresh_from_db()
        assert timezone.localdate(prima.tolto_il) == self.oggi - timedelta(days=1)
        assert prima.tolto_da is None
        assert not self.attivo()

    def test_cio_che_e_cessato_non_si_mette_da_parte(self) -> None:
        Segnale.objects.update(cessato_il=timezone.now())
        with pytest.raises(SilenzioRifiutato, match="è cessato"):
            self.silenzia()

    def test_se_cessa_e_torna_il_vecchio_silenzio_non_lo_nasconde(self) -> None:
        self.silenzia(self.oggi + timedelta(days=30))
        Segnale.objects.update(cessato_il=timezone.now())
        torna = segnale(self.opera)
        assert list(Segnale.objects.attivi()) == [torna]

    def test_lo_mettono_da_parte_il_responsabile_dell_attuatore_e_gli_uffici(self) -> None:
        for chi in (self.responsabile, self.istruttore, self.coordinatore):
            self.silenzia(autore=chi)
            silenzi.riattiva(segnale_id=self.segnale.pk, autore=chi)

    def test_il_compilatore_no(self) -> None:
        with pytest.raises(PermissionDenied):
            self.silenzia(autore=self.compilatore)

    def test_di_chi_non_lo_vede_non_esiste(self) -> None:
        with pytest.raises(Segnale.DoesNotExist):
            self.silenzia(autore=self.altra)

    def test_di_un_piano_lo_mettono_da_parte_solo_gli_uffici(self) -> None:
        piano = PianoIntegrato.objects.get(codice="SPUGNA")
        self.segnale = segnale(None, piano=piano)
        with pytest.raises(Segnale.DoesNotExist):
            self.silenzia(autore=self.responsabile)
        self.silenzia(autore=self.istruttore)
        assert not self.attivo()
