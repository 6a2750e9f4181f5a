"""`manage.py ricostruisci_situazione`: the table made anew, and checked."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from monitoraggio.models import Situazione
from monitoraggio.selectors.situazione import calcola, conservate
from tests.monitoraggio.base import MonitoraggioTestCase, celle_buone, intervento
from tests.monitoraggio.test_giro import MOVIMENTI


class RicostruisciTestCase(MonitoraggioTestCase):
    def comando(self, *argomenti: str) -> tuple[str, str]:
        uscita, errori = io.StringIO(), io.StringIO()
        try:
            call_command("ricostruisci_situazione", *argomenti, stdout=uscita, stderr=errori, no_color=True)
        finally:
            self.errori = errori.getvalue()
        return uscita.getvalue(), self.errori

    def test_la_verifica_tace_quando_tutto_torna(self) -> None:
        self.approvato(celle=celle_buone() | MOVIMENTI)
        uscita, errori = self.comando("--verifica")
        assert "è quella che dicono gli avanzamenti" in uscita
        assert errori == ""

    def test_la_verifica_dice_ogni_discordanza_per_cup_ed_esce_con_uno(self) -> None:
        self.approvato(celle=celle_buone() | MOVIMENTI)
        mancante = intervento()
        self.approvato(opera=mancante)
        inventata = intervento()
        Situazione.objects.filter(intervento=self.opera).update(pagato="1.00", fase="00314")
        Situazione.objects.filter(intervento=mancante).delete()
        Situazione.objects.create(intervento=inventata)
        with pytest.raises(CommandError, match="sbagliata: 3") as errore:
            self.comando("--verifica")
        assert errore.value.returncode == 1
        assert self.errori.splitlines() == [
            f"{self.opera.cup}: fase è 00314, dovrebbe essere 00313",
            f"{self.opera.cup}: pagato è 1.00, dovrebbe essere 120000.10",
            f"{mancante.cup}: manca la situazione",
            f"{inventata.cup}: ha una situazione, ma nulla è approvato",
        ]
        assert Situazione.objects.get(intervento=self.opera).fase == "00314"

    def test_la_ricostruzione_rimette_tutto_a_posto(self) -> None:
        self.approvato(celle=celle_buone() | MOVIMENTI)
        self.approvato(opera=intervento())
        Situazione.objects.all().delete()
        Situazione.objects.create(intervento=intervento())
        uscita, _errori = self.comando()
        assert "Situazione ricostruita: 2 interventi con dati." in uscita
        assert conservate() == calcola()
        self.comando("--verifica")
