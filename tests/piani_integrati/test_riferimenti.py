"""The piani of the reference data: what the sources say of them, kept until people change it."""

from __future__ import annotations

import io

from django.core.management import call_command

from piani_integrati import services
from piani_integrati.demo import carica
from piani_integrati.flusso import StatoPiano
from piani_integrati.models import InterventoNelPiano, Passaggio, PianoIntegrato, TipoPiano
from registro.riferimenti import dimentica_caricamenti
from tests.piani_integrati.base import PianiTestCase, crea_intervento


def ricarica() -> None:
    call_command("carica_riferimenti", "--forza", stdout=io.StringIO(), stderr=io.StringIO())


class RiferimentiTestCase(PianiTestCase):
    def test_ci_sono_i_quattro_pui_e_i_cinque_programmi_ognuno_con_la_sua_fonte(self) -> None:
        pui = PianoIntegrato.objects.filter(tipo=TipoPiano.PUI)
        assert list(pui.values_list("codice", flat=True)) == ["COME IN", "SPUGNA", "CAMBIO", "MICA"]
        assert set(pui.values_list("misura__codice", "stato")) == {("M5C2I2.02.03", StatoPiano.IN_ATTUAZIONE)}
        assert PianoIntegrato.objects.filter(tipo=TipoPiano.PROGRAMMA).count() == 5
        assert not PianoIntegrato.objects.filter(luogo="").exists()

    def test_driver_e_sttm_sono_solo_quelli_detti_dai_testi(self) -> None:
        driver = {piano.codice: [d.numero for d in piano.driver.all()] for piano in PianoIntegrato.objects.all()}
        assert driver["SPUGNA"] == [2]
        assert driver["PINQuA"] == [9]
        assert driver["COME IN"] == driver["CAMBIO"] == driver["MICA"] == driver["Transizione digitale"] == []
        assert list(PianoIntegrato.objects.filter(strategie__isnull=False).values_list("codice", flat=True)) == [
            "PINQuA"
        ]

    def test_ogni_piano_ha_la_sua_prima_versione(self) -> None:
        assert PianoIntegrato.storico.count() == PianoIntegrato.objects.count() == 9

    def test_ricaricare_non_raddoppia_nulla(self) -> None:
        ricarica()
        assert PianoIntegrato.objects.count() == PianoIntegrato.storico.count() == 9
        assert Passaggio.objects.count() == 4

    def test_cio_che_il_personale_ha_cambiato_resta(self) -> None:
        services.correggi(piano_id=self.piano("SPUGNA").pk, dati={"titolo": "Corretto"}, autore=self.coordinatore)
        ricarica()
        assert self.piano("SPUGNA").titolo == "Corretto"

    def test_i_passaggi_non_tornano_in_un_piano_che_ne_ha_altri(self) -> None:
        Passaggio.objects.filter(piano__codice="MICA").update(nota="corretta")
        dimentica_caricamenti()
        ricarica()
        assert Passaggio.objects.get(piano__codice="MICA").nota == "corretta"


class DemoTestCase(PianiTestCase):
    def test_gli_interventi_inventati_vanno_nei_piani_vuoti_di_dati_veri_e_una_volta_sola(self) -> None:
        vero = crea_intervento(1)
        services.assegna(piano_id=self.piano("MICA").pk, interventi_ids=[vero.pk], autore=None)
        for codice in ("COME-IN", "MICA"):
            crea_intervento(2, cup="", clp=f"DEMO-{codice}-001", dimostrativo=True)
        carica()
        nei_piani = dict(InterventoNelPiano.objects.values_list("intervento__clp", "piano__codice"))
        assert nei_piani["DEMO-COME-IN-001"] == "COME IN"
        assert "DEMO-MICA-001" not in nei_piani
        proposta = PianoIntegrato.objects.get(dimostrativo=True)
        assert proposta.stato == StatoPiano.BOZZA
        assert proposta.voci.filter(intervento__cup="").exists(), "qualcuno è ancora senza CUP"
        assert carica() == {"interventi nei piani": 0, "proposte": 0}
