"""GET interventi/{cup}: all that is known of a CUP, for who may see it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from enti.models import Ente
from interoperabilita.models import Ambito
from interoperabilita.risorse.interventi import INTERVENTO
from interoperabilita.risorse.tipi import Campo, Tipo
from interventi.models import (
    Finanziamento,
    Intervento,
    LegameDriver,
    LegameStrategia,
    Procedura,
    Requisiti,
    SoggettoCollegato,
    ValutazioneDnsh,
)
from monitoraggio.services import passaggi
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from psttm.models import Driver, Strategia
from tests.interoperabilita.chiavi import Consumatore, consumatore
from tests.interoperabilita.scritture import del_comune
from tests.monitoraggio.base import NOVEMBRE, MonitoraggioTestCase, celle_buone, intervento


def scheda(chi: Consumatore, opera: Intervento, **parametri: str) -> Any:
    return chi.get(f"/api/v1/interventi/{opera.cup}", parametri)


def forme(campi: Any, dati: dict[str, Any], dove: str = "") -> list[str]:
    """Where an object is not as its fields say."""
    sbagliate = (
        [f"{dove}: {set(dati) ^ {campo.nome for campo in campi}}"] if {c.nome for c in campi} != set(dati) else []
    )
    for campo in campi:
        valore, qui = dati.get(campo.nome), f"{dove}/{campo.nome}"
        if valore is None:
            sbagliate += [] if campo.nullo else [f"{qui} è nullo"]
        elif campo.tipo is Tipo.OGGETTO:
            sbagliate += forme(campo.campi, valore, qui)
        elif campo.tipo is Tipo.OGGETTI:
            for voce in valore:
                sbagliate += forme(campo.campi, voce, qui)
        elif not isinstance(valore, _TIPI[campo.tipo]) or (campo.tipo is Tipo.SCELTA and valore not in campo.scelte):
            sbagliate.append(f"{qui}: {valore!r}")
    return sbagliate


_TIPI: dict[Tipo, Any] = {
    Tipo.TESTO: str,
    Tipo.INTERO: int,
    Tipo.IMPORTO: str,
    Tipo.PERCENTO: float,
    Tipo.NUMERO: float,
    Tipo.DATA: str,
    Tipo.ISTANTE: str,
    Tipo.BOOLEANO: bool,
    Tipo.SCELTA: str,
    Tipo.TESTI: list,
    Tipo.INTERI: list,
    Tipo.PER_FONTE: dict,
}


class TestScheda(MonitoraggioTestCase):
    ministero: Consumatore

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.ministero = consumatore()

    def completa(self) -> None:
        opera = self.opera
        Finanziamento.objects.filter(intervento=opera).update(pagato=Decimal("12.50"), pagato_al=date(2025, 3, 31))
        Procedura.objects.filter(intervento=opera).update(
            oggetto="Lavori", importo=Decimal("900000.00"), pubblicata=date(2023, 5, 2)
        )
        ente = {"intervento": opera, "dati_al": date(2025, 3, 31)}
        SoggettoCollegato.objects.create(
            **ente, ruolo="attuatore", codice_fiscale="00893240150", denominazione="Comune di Rho"
        )
        SoggettoCollegato.objects.create(
            **ente, ruolo="beneficiario", codice_fiscale="RSSMRA70A01F205X", denominazione="Rossi Mario"
        )
        LegameDriver.objects.create(intervento=opera, driver=Driver.objects.get(numero=2), motivo="Rigenera")
        LegameStrategia.objects.create(intervento=opera, strategia=Strategia.objects.get(numero=1), motivo="Apre")
        Requisiti.objects.create(intervento=opera, edificio=True, classe_prima="F", verde_prima=Decimal("10.50"))
        ValutazioneDnsh.objects.create(intervento=opera, regime=2, acque="positivo", checklist_ex_ante=date(2023, 1, 2))
        InterventoNelPiano.objects.create(
            piano=PianoIntegrato.objects.get(codice="COME IN"), intervento=opera, linea="Linea 7"
        )

    def test_c_e_tutto_cio_che_si_sa(self) -> None:
        self.completa()
        self.approvato(mese=NOVEMBRE)
        (dati,) = scheda(self.ministero, self.opera).json()["interventi"]
        assert not forme(INTERVENTO, dati)
        assert (dati["cup"], dati["clp"], dati["avanzamento_percento"]) == (self.opera.cup, self.opera.clp, 10.0)
        assert (dati["linea_nel_piano"], dati["piano"]) == ("Linea 7", "COME IN")
        assert dati["localizzazioni"][0]["comune_istat"] == "015182"
        assert dati["fonti"] == [
            {
                "fonte": "pnrr",
                "importo_eur": "1000000.00",
                "pagato_eur": "12.50",
                "regis_al": None,
                "pagato_regis_al": "2025-03-31",
            }
        ]
        assert dati["quadro_economico"] == [{"voce": "lavori", "importo_eur": "1000000.00"}]
        (gara,) = dati["procedure"]
        assert (gara["cig"], gara["importo_eur"], gara["pubblicata_il"]) == ("A000000001", "900000.00", "2023-05-02")
        assert [(riga["driver"], riga["motivo"]) for riga in dati["legami_driver"]] == [(2, "Rigenera")]
        assert [(riga["strategia"], riga["motivo"]) for riga in dati["legami_strategie"]] == [(1, "Apre")]
        assert (dati["requisiti"]["edificio"], dati["requisiti"]["startup"]) == ("si", "non_noto")
        assert (dati["requisiti"]["classe_dopo"], dati["requisiti"]["verde_prima_mq"]) == ("non_noto", 10.5)
        assert (dati["dnsh"]["acque"], dati["dnsh"]["mitigazione"]) == ("positivo", "non_noto")
        assert (dati["mesi_approvati"], dati["numero_traguardi"]) == (1, 0)

    def test_di_una_persona_non_si_dice_chi_e(self) -> None:
        self.completa()
        risposta = scheda(self.ministero, self.opera)
        (dati,) = risposta.json()["interventi"]
        assert [(r["ruolo"], r["persona_fisica"], r["denominazione"]) for r in dati["soggetti"]] == [
            ("attuatore", False, "Comune di Rho"),
            ("beneficiario", True, ""),
        ]
        assert "Rossi" not in risposta.content.decode()
        assert "RSSMRA" not in risposta.content.decode()

    def test_un_cup_puo_avere_piu_interventi(self) -> None:
        secondo = intervento(cup=self.opera.cup, clp="ALTRO")
        intervento()
        dati = scheda(self.ministero, self.opera).json()["interventi"]
        assert [uno["id"] for uno in dati] == [self.opera.pk, secondo.pk]

    def test_le_letture_non_crescono_con_gli_interventi(self) -> None:
        self.completa()
        conti = []
        for volta in range(2):
            with CaptureQueriesContext(connection) as letture:
                assert scheda(self.ministero, self.opera).status_code == 200
            conti.append(len(letture))
            intervento(cup=self.opera.cup, clp=f"ALTRO-{volta}")
        assert conti[0] == conti[1] <= 25

    def test_lo_vede_chi_vede_l_intervento(self) -> None:
        assert scheda(del_comune("Rho"), self.opera).status_code == 200
        assert scheda(del_comune("Bresso"), self.opera).status_code == 404
        Intervento.objects.update(soggetto_attuatore=Ente.objects.get(comune__nome="Bresso"))
        assert scheda(del_comune("Rho"), self.opera).status_code == 200
        assert scheda(del_comune("Bresso"), self.opera).status_code == 200
        assert scheda(consumatore(ambiti=(Ambito.MONITORAGGIO,)), self.opera).status_code == 403

    def test_il_cup_si_scrive_anche_minuscolo_e_uno_che_non_c_e_e_404(self) -> None:
        assert self.ministero.get(f"/api/v1/interventi/{self.opera.cup.lower()}").status_code == 200
        for sbagliato in ("B99M24999990001", "B99", "non-un-cup", "B99M2499999000%20", "%00", "è" * 15):
            risposta = self.ministero.get(f"/api/v1/interventi/{sbagliato}")
            assert (risposta.status_code, risposta.headers["Content-Type"]) == (404, "application/problem+json")

    def test_al_riporta_la_situazione_a_un_giorno(self) -> None:
        self.approvato(mese=NOVEMBRE)
        self.approvato(celle=celle_buone(testa__0__percentuale="25"))
        valori = {
            al: scheda(self.ministero, self.opera, **({"al": al} if al else {})).json()
            for al in ("", "2024-12-31", "2024-12-30", "2024-11-29")
        }
        assert {al: v["interventi"][0]["avanzamento_percento"] for al, v in valori.items()} == {
            "": 25.0,
            "2024-12-31": 25.0,
            "2024-12-30": 10.0,
            "2024-11-29": None,
        }
        assert (valori[""]["al"], valori["2024-12-30"]["al"]) == (None, "2024-12-30")

    def test_fields_da_i_soli_campi_chiesti(self) -> None:
        dati = scheda(self.ministero, self.opera, fields="cup,fonti,cup").json()["interventi"]
        assert [list(uno) for uno in dati] == [["cup", "fonti"]]
        for sbagliati in (
            {"fields": "cup,ignoto"},
            {"al": "ieri"},
            {"al": "2024-02-30"},
            {"sort": "cup"},
            {"fields": ""},
        ):
            risposta = scheda(self.ministero, self.opera, **sbagliati)
            assert (risposta.status_code, risposta.headers["Content-Type"]) == (400, "application/problem+json")

    def test_304_finche_non_cambia_nulla(self) -> None:
        etag = scheda(self.ministero, self.opera).headers["ETag"]
        assert etag.startswith('W/"')
        dove = f"/api/v1/interventi/{self.opera.cup}"
        uguale = self.ministero.get(dove, headers={"If-None-Match": etag})
        assert (uguale.status_code, uguale.content, uguale.headers["ETag"]) == (304, b"", etag)
        Procedura.objects.filter(intervento=self.opera).update(oggetto="Un altro")
        assert self.ministero.get(dove, headers={"If-None-Match": etag}).status_code == 200

    def test_una_bozza_e_un_invio_non_si_vedono(self) -> None:
        etag = scheda(self.ministero, self.opera).headers["ETag"]
        inviato = self.inviato()
        assert scheda(self.ministero, self.opera).headers["ETag"] == etag
        passaggi.approva(avanzamento_id=inviato.pk, autore=self.istruttore)
        assert scheda(self.ministero, self.opera).headers["ETag"] != etag


def test_i_campi_hanno_nomi_e_esempi_della_loro_forma() -> None:
    def controlla(campi: Any) -> None:
        assert len({campo.nome for campo in campi}) == len(campi)
        for campo in campi:
            assert isinstance(campo, Campo)
            if campo.tipo in {Tipo.OGGETTO, Tipo.OGGETTI}:
                controlla(campo.campi)
            elif campo.esempio is None:
                assert campo.nullo, campo.nome
            else:
                assert isinstance(campo.esempio, _TIPI[campo.tipo]), campo.nome

    controlla(INTERVENTO)
