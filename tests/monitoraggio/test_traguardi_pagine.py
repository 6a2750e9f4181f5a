"""The pages of the traguardi: who sees what, on which day, and what the forms take."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from enti.ruoli import Ruolo
from monitoraggio.forms.traguardi import ModificaTraguardoForm
from monitoraggio.models import Traguardo
from monitoraggio.services import traguardi as servizi
from psttm.models import Misura
from registro.models import Fonte
from tests.enti.persone import crea_persona
from tests.monitoraggio.variazioni_di_prova import SCADENZA, VariazioniTestCase


class PagineTestCase(VariazioniTestCase):
    def setUp(self) -> None:
        self.coordinatore = crea_persona(Ruolo.COORDINATORE)
        self.client.force_login(self.coordinatore)
        self.suo = Traguardo.objects.get(intervento=self.intervento)

    def elenco(self, **filtri: Any) -> Any:
        return self.client.get(reverse("traguardi"), filtri)

    def codici(self, **filtri: Any) -> set[str]:
        return {riga.traguardo.codice for riga in self.elenco(**filtri).context["righe"]}

    def invia(self, rotta: str, *argomenti: Any, **dati: Any) -> HttpResponse:
        risposta = self.client.post(reverse(rotta, args=argomenti), dati)
        assert isinstance(risposta, HttpResponse)
        return risposta


class ElencoTestCase(PagineTestCase):
    def test_la_prima_frase_dice_quanti_sono_in_ritardo(self) -> None:
        pagina = self.elenco(al="2024-12-31")
        conti = pagina.context["conti"]
        assert (conti.totale, conti.in_ritardo, conti.conseguiti, conti.ignoti) == (15, 0, 3, 2)
        self.assertContains(pagina, "0 traguardi in ritardo su 15")
        self.assertContains(self.elenco(al="2025-07-01", intervento=self.intervento.cup), "1 traguardo in ritardo su 1")

    def test_si_giudica_al_giorno_chiesto(self) -> None:
        assert "FINE" not in self.codici(al="2025-06-30", stato="in_ritardo")
        assert "FINE" in self.codici(al="2025-07-01", stato="in_ritardo")

    def test_come_si_sapeva_prima_di_ogni_dato_non_c_e_nulla(self) -> None:
        assert self.elenco(noto_al="2020-01-01T10:00").context["conti"].totale == 0
        assert self.elenco(noto_al="2099-12-31T10:00").context["conti"].totale == 15

    def test_una_scadenza_spostata_mostra_anche_quella_d_origine(self) -> None:
        servizi.sposta(
            traguardo_id=self.suo.pk,
            scadenza=date(2027, 1, 31),
            atto="Decreto n. 2",
            data_atto=date(2025, 2, 1),
            motivo="Altro.",
            autore=self.coordinatore,
        )
        pagina = self.elenco(al="2025-07-01", intervento=self.intervento.cup)
        (riga,) = pagina.context["righe"]
        assert (riga.traguardo.scadenza, riga.parola, riga.spostata) == (date(2027, 1, 31), "in linea", True)
        self.assertContains(pagina, "30/06/2025")

    def test_i_filtri_per_piano_misura_chi_tipo_e_scadenza(self) -> None:
        assert self.codici(misura="M5C2I2.02.03") == self.codici(di="misura")
        assert self.codici(piano="SPUGNA") == {"SPUGNA-30", "SPUGNA-FINE"}
        assert self.codici(di="intervento") == {"FINE"}
        assert self.codici(entro="2022-12-31") == {"M5C2-13"}
        assert self.codici(entro="2022-12-30") == set()
        assert self.codici(livello="ita", tipo="target") == {"M5C2-00-ITA-31"}
        assert self.codici(q="conclusione dei lavori", piano="MICA") == {"MICA-FINE"}

    def test_un_filtro_che_non_si_legge_e_detto_e_non_usato(self) -> None:
        pagina = self.elenco(al="ieri")
        self.assertContains(pagina, "«ieri» non è un giorno")
        assert pagina.context["tempo"].giorno == timezone.localdate()
        self.assertContains(self.elenco(entro="domani"), "Un filtro non si legge")

    def test_un_comune_vede_quelli_di_tutti_e_non_quelli_degli_interventi_altrui(self) -> None:
        self.client.force_login(self.altro_comune)
        assert "FINE" not in self.codici()
        assert "M5C2-14" in self.codici()
        assert self.client.get(reverse("traguardo", args=[self.suo.pk])).status_code == 404
        self.client.force_login(self.responsabile)
        assert "FINE" in self.codici()
        assert self.client.get(reverse("traguardo", args=[self.suo.pk])).status_code == 200

    def test_le_interrogazioni_non_crescono_con_i_traguardi(self) -> None:
        def quante() -> int:
            with CaptureQueriesContext(connection) as fatte:
                self.elenco()
            return len(fatte)

        poche = quante()
        fonte = Fonte.objects.get(codice="portale")
        misura = Misura.objects.get(codice="M5C2")
        for numero in range(20):
            Traguardo.objects.create(
                **({"misura": misura} if numero % 2 else {"intervento": self.intervento}),
                codice=f"N{numero}",
                titolo="Altro",
                tipo="target",
                scadenza=SCADENZA,
                scadenza_iniziale=SCADENZA,
                fonte=fonte,
            )
        assert quante() == poche


class ScrivereTestCase(PagineTestCase):
    def test_la_pagina_mostra_la_scadenza_d_origine_la_mossa_e_le_versioni(self) -> None:
        dati = {"scadenza": "30/09/2025", "atto": "Decreto n. 2", "data_atto": "2025-02-01", "motivo": "Nuovo termine."}
        assert self.invia("traguardo-sposta", self.suo.pk, **dati).headers["Location"] == reverse(
            "traguardo", args=[self.suo.pk]
        )
        pagina = self.client.get(reverse("traguardo", args=[self.suo.pk]))
        self.assertContains(pagina, "Scadenza spostata dal 30/06/2025 al 30/09/2025")
        self.assertContains(pagina, "all'origine")
        self.assertContains(pagina, "Decreto n. 2")
        assert [cambio[:1] for cambio in pagina.context["versioni"][0].cambi] == [("Scadenza",)]

    def test_spostare_senza_atto_dice_che_cosa_manca_e_non_sposta(self) -> None:
        pagina = self.invia("traguardo-sposta", self.suo.pk, scadenza="2025-09-30")
        self.assertContains(pagina, "Manca l&#x27;atto")
        self.suo.refresh_from_db()
        assert self.suo.scadenza == SCADENZA

    def test_il_modulo_di_modifica_non_ha_la_scadenza_e_chi_la_manda_lo_stesso_non_la_cambia(self) -> None:
        assert not {"scadenza", "scadenza_iniziale", "codice"} & set(ModificaTraguardoForm.base_fields)
        indirizzo = reverse("traguardo-modifica", args=[self.suo.pk])
        dati = {
            nome: "" if valore is None else str(valore)
            for nome, valore in self.client.get(indirizzo).context["modulo"].initial.items()
        }
        self.invia("traguardo-modifica", self.suo.pk, **dati, scadenza="2030-01-01", scadenza_iniziale="2030-01-01")
        self.invia("traguardo-modifica", self.suo.pk, **dati | {"titolo": "Fine delle opere", "scadenza": "2030-01-01"})
        self.suo.refresh_from_db()
        assert (self.suo.titolo, self.suo.scadenza, self.suo.scadenza_iniziale) == (
            "Fine delle opere",
            SCADENZA,
            SCADENZA,
        )

    def test_un_valore_con_quattro_decimali_torna_com_era(self) -> None:
        self.suo.valore_obiettivo = None
        dati = {"titolo": "Fine", "tipo": "target", "livello": "programma", "fonte": self.suo.fonte_id}
        vista = servizi.versione_di(self.suo.pk)
        self.invia("traguardo-modifica", self.suo.pk, **dati, valore_obiettivo="1.234,5678", unita="m²", vista=vista)
        self.suo.refresh_from_db()
        assert str(self.suo.valore_obiettivo) == "1234.5678"
        pagina = self.client.get(reverse("traguardo-modifica", args=[self.suo.pk]))
        self.assertContains(pagina, 'value="1.234,5678"')

    def test_si_crea_dalla_pagina_di_un_piano_o_di_un_intervento(self) -> None:
        indirizzo = reverse("traguardo-nuovo")
        self.assertContains(self.client.get(indirizzo, {"intervento": self.intervento.pk}), self.intervento.clp)
        dati = {
            "intervento": self.intervento.cup,
            "codice": "SAL-1",
            "titolo": "Primo SAL",
            "tipo": "milestone",
            "livello": "programma",
            "scadenza": "2025-03-31",
            "fonte": Fonte.objects.get(codice="portale").pk,
        }
        assert self.invia("traguardo-nuovo", **dati | {"piano": "SPUGNA"}).status_code == 200
        assert not Traguardo.objects.filter(codice="SAL-1").exists()
        self.invia("traguardo-nuovo", **dati)
        assert Traguardo.objects.get(codice="SAL-1").intervento == self.intervento

    def test_chi_non_e_coordinatore_non_apre_i_moduli(self) -> None:
        for chi in (self.istruttore, self.responsabile, crea_persona(Ruolo.CABINA)):
            self.client.force_login(chi)
            for rotta, argomenti in (
                ("traguardo-nuovo", []),
                ("traguardo-modifica", [self.suo.pk]),
                ("traguardo-sposta", [self.suo.pk]),
            ):
                assert self.client.get(reverse(rotta, args=argomenti)).status_code == 403
                assert self.client.post(reverse(rotta, args=argomenti), {}).status_code == 403

    def test_i_traguardi_stanno_nelle_pagine_del_piano_della_misura_e_dell_intervento(self) -> None:
        self.assertContains(self.client.get(reverse("piano-integrato", args=["spugna"])), "SPUGNA-30")
        self.assertContains(self.client.get(reverse("misure")), "M5C2-00-ITA-31")
        self.assertContains(self.client.get(reverse("intervento", args=[self.intervento.pk])), "Fine dei lavori")
