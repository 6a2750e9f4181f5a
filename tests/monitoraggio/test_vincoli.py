"""In the register too, what a variazione is for changes only by a variazione."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from enti.models import Ente
from interventi.models import VoceQuadroEconomico
from interventi.services.modifica import DatiRifiutati, modifica_intervento
from tests.monitoraggio.base import MonitoraggioTestCase


class VincoliTestCase(MonitoraggioTestCase):
    def modifica(self, dati: dict[str, Any] | None = None, parti: dict[str, Any] | None = None) -> None:
        self.opera.refresh_from_db()
        modifica_intervento(
            intervento_id=self.opera.pk,
            dati=dati or {},
            parti=parti or {},
            autore=self.coordinatore,
            visto_alle=self.opera.aggiornato,
        )

    def voce(self, importo: str) -> dict[str, Any]:
        riga = VoceQuadroEconomico.objects.get(intervento=self.opera)
        return {"quadro_economico": [{"id": riga.pk, "voce": riga.voce, "importo": Decimal(importo)}]}

    def test_prima_di_un_mese_approvato_il_registro_si_corregge(self) -> None:
        self.inviato()
        self.modifica(parti=self.voce("900000.00"))
        assert VoceQuadroEconomico.objects.get(intervento=self.opera).importo == Decimal("900000.00")

    def test_dopo_il_totale_del_quadro_resta(self) -> None:
        self.approvato()
        with pytest.raises(DatiRifiutati, match="solo con una variante"):
            self.modifica(parti=self.voce("999999.99"))
        self.modifica(dati={"titolo": "Un titolo nuovo"}, parti=self.voce("1000000.00"))
        assert VoceQuadroEconomico.objects.get(intervento=self.opera).importo == Decimal("1000000.00")

    def test_dopo_gli_importi_si_spostano_fra_le_voci(self) -> None:
        self.approvato()
        parti = self.voce("600000.00")
        parti["quadro_economico"].append({"voce": "iva", "importo": Decimal("400000.00")})
        self.modifica(parti=parti)
        assert VoceQuadroEconomico.objects.filter(intervento=self.opera).count() == 2

    def test_dopo_il_soggetto_attuatore_resta(self) -> None:
        self.approvato()
        bresso = Ente.objects.get(comune__nome="Bresso")
        with pytest.raises(DatiRifiutati, match="solo con una variazione"):
            self.modifica(dati={"soggetto_attuatore": bresso})
