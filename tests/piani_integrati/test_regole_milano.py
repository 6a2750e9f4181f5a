"""The real four PUI of Milano, imported and judged."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import Any

from django.core.management import call_command

from interventi.models import Intervento
from piani_integrati.regole import REGOLE
from tests.interventi.estratti import PUI, REGIS, ConRiferimenti, con_dati_veri, importa, veri

PIANI = {"COME IN": 34, "SPUGNA": 90, "CAMBIO": 5, "MICA": 14}


@con_dati_veri
class Milano(ConRiferimenti):
    verbale: dict[str, Any]

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        importa(*veri(*REGIS, *PUI))
        call_command("assegna_piani", PUI[0], stdout=io.StringIO(), stderr=io.StringIO())
        uscita = io.StringIO()
        call_command("verifica_piani", "--json", stdout=uscita)
        cls.verbale = json.loads(uscita.getvalue())

    def regole_di(self, codice: str) -> dict[str, dict[str, Any]]:
        (piano,) = [piano for piano in self.verbale["piani"] if piano["codice"] == codice]
        return {regola["codice"]: regola for regola in piano["regole"]}

    def test_ogni_piano_ha_esito_misura_ed_evidenza_di_ogni_regola(self) -> None:
        for codice in PIANI:
            regole = self.regole_di(codice)
            assert list(regole) == [regola.codice for regola in REGOLE]
            for regola in regole.values():
                assert {"esito", "misura", "soglia", "distanza", "fonte", "evidenza", "dati_mancanti"} <= set(regola)

    def test_il_costo_minimo_e_conforme_per_tutti_con_le_somme_del_file(self) -> None:
        somme = Decimal(0)
        for codice in PIANI:
            costo = self.regole_di(codice)["costo_minimo"]
            importi = Intervento.objects.filter(nel_piano__piano__codice=codice).values_list(
                "finanziamento_totale", flat=True
            )
            somma = sum((importo for importo in importi if importo is not None), Decimal("0.00"))
            assert (costo["esito"], Decimal(costo["misura"])) == ("conforme", somma), codice
            somme += somma
        assert somme == Decimal("316018706.96")

    def test_le_regole_senza_dati_non_sono_determinabili(self) -> None:
        for codice, quanti in PIANI.items():
            regole = self.regole_di(codice)
            for senza_dati in ("classi_energetiche", "dnsh", "livello_progettuale", "area_target", "cup"):
                regola = regole[senza_dati]
                assert regola["esito"] == "non_determinabile", (codice, senza_dati)
                assert regola["interventi"]["non_determinabili"] == quanti
                assert len(regola["dati_mancanti"]) == quanti
                assert all(riga["mancano"] for riga in regola["dati_mancanti"])
            assert regole["ivsm"]["esito"] == regole["inclusione"]["esito"] == "non_determinabile"
