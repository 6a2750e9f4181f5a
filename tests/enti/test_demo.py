"""The people of the demonstration: made once, only where the demonstration is switched on."""

from __future__ import annotations

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings

from enti import demo
from enti.models import Ente, Utente
from enti.ruoli import TipoEnte
from registro.models import Evento
from tests import riferimenti


@override_settings(DIMOSTRAZIONE=True)
class TestDimostrazione(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        call_command("carica_demo", stdout=StringIO())

    def test_ogni_persona_ha_il_suo_ruolo_nel_suo_ente_e_la_password_nota(self) -> None:
        for persona in demo.UTENTI:
            utente = Utente.objects.get(email=persona.email)
            assert [(a.ruolo, a.ente.denominazione) for a in utente.appartenenze_attive] == [
                (persona.ruolo, persona.ente)
            ]
            assert "(demo)" in str(utente)
            assert utente.check_password(demo.PASSWORD)

    def test_solo_il_personale_ha_il_secondo_fattore_e_il_codice_di_adesso_vale(self) -> None:
        con_secondo_fattore = set()
        for autenticatore in Authenticator.objects.select_related("user"):
            con_secondo_fattore.add(autenticatore.user.email)
            assert TOTP(autenticatore).validate_code(demo.codice_adesso())
        assert con_secondo_fattore == {u.email for u in Utente.objects.all() if u.personale}
        assert len(con_secondo_fattore) == 3

    def test_ripeterla_non_raddoppia_e_non_tocca_chi_ha_cambiato_password(self) -> None:
        cabina = Utente.objects.get(email="cabina@example.org")
        cabina.set_password("un-altra-password-lunga")
        cabina.save()
        eventi = Evento.objects.count()
        uscita = StringIO()
        call_command("carica_demo", stdout=uscita)
        assert "utenti 0" in uscita.getvalue()
        assert Utente.objects.count() == len(demo.UTENTI)
        assert Ente.objects.filter(tipo=TipoEnte.MINISTERO).count() == 1
        assert Evento.objects.count() == eventi
        cabina.refresh_from_db()
        assert cabina.check_password("un-altra-password-lunga")

    def test_ogni_persona_ha_un_etichetta_per_la_pagina_di_accesso(self) -> None:
        assert demo.UTENTI[0].etichetta == "Compilatore del Comune · Comune di Rho"


@pytest.mark.django_db
def test_senza_dimostrazione_il_comando_si_rifiuta() -> None:
    with override_settings(DIMOSTRAZIONE=False), pytest.raises(CommandError, match="DIMOSTRAZIONE=1"):
        call_command("carica_demo")
    assert not Utente.objects.exists()


@pytest.mark.django_db
def test_senza_dati_di_riferimento_il_comando_dice_di_caricarli() -> None:
    with override_settings(DIMOSTRAZIONE=True), pytest.raises(CommandError, match="carica_riferimenti"):
        call_command("carica_demo")
    assert not Utente.objects.exists()
