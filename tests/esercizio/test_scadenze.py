"""Personal data do not outlive their term: on the last day they are there, on the next they are not."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import TestCase, override_settings
from django.utils import timezone

from enti.models import Utente
from esercizio.dati_personali import compiti, scadenze
from monitoraggio.models import Allerta, Riepilogo
from psttm.celery import app
from registro.models import Ripensamento
from registro.ripensamenti import CONSERVATI
from tests.enti.persone import crea_persona

ORA = datetime(2027, 3, 10, 4, 50, tzinfo=timezone.get_default_timezone())
UN_ATTIMO = timedelta(seconds=1)


def test_i_lavoratori_conoscono_ogni_compito_che_toglie_dati() -> None:
    app.loader.import_default_modules()
    nomi = {f"esercizio.{nome}" for nome in vars(scadenze) if nome.startswith("togli_")}
    assert nomi <= set(app.tasks)
    assert nomi <= {voce["task"] for voce in settings.CELERY_BEAT_SCHEDULE.values()}


class ScadenzeTest(TestCase):
    ada: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        cls.ada = crea_persona(nome="ada")

    def test_una_sessione_finita_si_elimina_una_viva_no(self) -> None:
        for fine in (ORA - UN_ATTIMO, ORA):
            sessione = SessionStore()
            sessione.create()
            Session.objects.filter(pk=sessione.session_key).update(expire_date=fine)
        assert scadenze.togli_sessioni(adesso=ORA) == 1
        assert Session.objects.get().expire_date == ORA

    def test_un_ripensamento_si_elimina_un_giorno_dopo_la_scadenza(self) -> None:
        for scade in (ORA - CONSERVATI - UN_ATTIMO, ORA - CONSERVATI):
            Ripensamento.objects.create(
                chiave=uuid.uuid4().hex, utente=self.ada, sessione="s", azione="x", testo="x", scade=scade
            )
        assert scadenze.togli_ripensamenti(adesso=ORA) == 1
        assert Ripensamento.objects.get().scade == ORA - CONSERVATI

    @override_settings(ALLERTE_GIORNI=10)
    def test_un_allerta_letta_o_superata_si_elimina_dopo_i_giorni_una_che_vale_ancora_no(self) -> None:
        vecchia, al_limite = ORA - timedelta(days=10) - UN_ATTIMO, ORA - timedelta(days=10)
        casi: list[tuple[str, dict[str, Any]]] = [
            ("letta", {"creata": vecchia, "letta_il": ORA}),
            ("superata", {"creata": vecchia, "superata_il": ORA}),
            ("vale ancora", {"creata": vecchia}),
            ("recente", {"creata": al_limite, "letta_il": ORA}),
        ]
        for titolo, campi in casi:
            Allerta.objects.create(utente=self.ada, tipo="termine", chiave=titolo, titolo=titolo, **campi)
        for giorno in (date(2027, 2, 27), date(2027, 2, 28)):
            Riepilogo.objects.create(utente=self.ada, giorno=giorno, voci=1)
        assert scadenze.togli_allerte(adesso=ORA) == 3
        assert set(Allerta.objects.values_list("titolo", flat=True)) == {"vale ancora", "recente"}
        assert Riepilogo.objects.get().giorno == date(2027, 2, 28)

    def test_i_compiti_si_possono_ripetere_senza_danno(self) -> None:
        for compito in (compiti.togli_sessioni, compiti.togli_ripensamenti, compiti.togli_allerte):
            compito()
            compito()

    def test_si_elimina_a_blocchi_fino_in_fondo(self) -> None:
        with pytest.MonkeyPatch.context() as prova:
            prova.setattr(scadenze, "PER_VOLTA", 2)
            for giorno in range(1, 6):
                Riepilogo.objects.create(utente=self.ada, giorno=date(2020, 1, giorno), voci=1)
            assert scadenze.togli_allerte(adesso=ORA) == 5
