"""Traguardi: the state, the services that write them, what is known when."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import TestCase
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyTestCase

from enti.models import Utente
from enti.ruoli import Ruolo
from monitoraggio.models import SpostamentoTraguardo, TermineInvio, Traguardo
from monitoraggio.models.traguardi import StatoTraguardo
from monitoraggio.selectors import traguardi as letture
from monitoraggio.services import traguardi as servizi
from monitoraggio.services.traguardi import TraguardoRifiutato
from piani_integrati.models import PianoIntegrato
from psttm.models import Misura
from registro.models import Caricamento, Evento, Fonte
from tests import riferimenti
from tests.enti.persone import crea_persona

SCADENZA = date(2024, 6, 30)
UN_GIORNO = timedelta(days=1)


def nuovo(**campi: Any) -> Traguardo:
    """A traguardo of SPUGNA, or of whom the test says."""
    di_chi = {"misura", "piano", "intervento"} & set(campi)
    dati: dict[str, Any] = {
        "codice": f"T{Traguardo.objects.count()}",
        "titolo": "Un traguardo",
        "tipo": "milestone",
        "scadenza": SCADENZA,
        "fonte": Fonte.objects.get(codice="portale"),
        **({} if di_chi else {"piano": PianoIntegrato.objects.get(codice="SPUGNA")}),
        **campi,
    }
    return Traguardo.objects.create(**{"scadenza_iniziale": dati["scadenza"], **dati})


def stato(traguardo: Traguardo, giorno: date) -> str:
    return Traguardo.objects.con_stato(giorno).get(pk=traguardo.pk).stato


class StatoTestCase(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()

    def test_il_giorno_della_scadenza_non_e_ritardo_il_giorno_dopo_si(self) -> None:
        traguardo = nuovo()
        assert stato(traguardo, SCADENZA) == StatoTraguardo.IN_LINEA
        assert stato(traguardo, SCADENZA + UN_GIORNO) == StatoTraguardo.IN_RITARDO

    def test_una_previsione_uguale_alla_scadenza_non_e_a_rischio_il_giorno_dopo_si(self) -> None:
        prima = SCADENZA - timedelta(days=90)
        assert stato(nuovo(previsione=SCADENZA), prima) == StatoTraguardo.IN_LINEA
        assert stato(nuovo(previsione=SCADENZA + UN_GIORNO), prima) == StatoTraguardo.A_RISCHIO

    def test_e_conseguito_dal_giorno_in_cui_lo_e_e_non_prima(self) -> None:
        traguardo = nuovo(conseguito_il=SCADENZA, evidenza="verbale")
        assert stato(traguardo, SCADENZA - UN_GIORNO) == StatoTraguardo.IN_LINEA
        assert stato(traguardo, SCADENZA) == StatoTraguardo.CONSEGUITO

    def test_conseguito_dopo_la_scadenza_era_in_ritardo_fino_a_quel_giorno(self) -> None:
        fatto = SCADENZA + timedelta(days=30)
        traguardo = nuovo(conseguito_il=fatto, evidenza="verbale")
        assert stato(traguardo, fatto - UN_GIORNO) == StatoTraguardo.IN_RITARDO
        assert stato(traguardo, fatto) == StatoTraguardo.CONSEGUITO

    def test_di_una_misura_scaduta_di_cui_nessuno_dice_nulla_l_esito_non_e_noto(self) -> None:
        misura = Misura.objects.get(codice="M5C2I2.02.03")
        muto = nuovo(misura=misura)
        detto = nuovo(misura=misura, previsione=SCADENZA + UN_GIORNO)
        assert stato(muto, SCADENZA) == StatoTraguardo.IN_LINEA
        assert stato(muto, SCADENZA + UN_GIORNO) == StatoTraguardo.NON_DETERMINABILE
        assert stato(detto, SCADENZA + UN_GIORNO) == StatoTraguardo.IN_RITARDO


def atteso(scadenza: date, previsione: date | None, conseguito: date | None, giorno: date) -> str:
    """The state of a traguardo of a piano, said a second time and plainly."""
    if conseguito is not None and conseguito <= giorno:
        return "concluso"
    if giorno > scadenza:
        return "in_ritardo"
    oltre = [quando for quando in (previsione, conseguito) if quando is not None and quando > scadenza]
    return "a_rischio" if oltre else "in_linea"


GIORNI = st.dates(date(2024, 6, 1), date(2024, 7, 31))


class ProprietaTestCase(PropertyTestCase):
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(GIORNI, st.none() | GIORNI, st.none() | GIORNI, GIORNI)
    def test_lo_stato_segue_soltanto_dalle_date(
        self, scadenza: date, previsione: date | None, conseguito: date | None, giorno: date
    ) -> None:
        fonte, _ = Fonte.objects.get_or_create(codice="portale", defaults={"titolo": "Portale", "editore": "Noi"})
        piano, _ = PianoIntegrato.objects.get_or_create(
            codice="P", defaults={"slug": "p", "titolo": "P", "fonte": fonte}
        )
        traguardo = nuovo(piano=piano, scadenza=scadenza, previsione=previsione, conseguito_il=conseguito)
        assert stato(traguardo, giorno) == atteso(scadenza, previsione, conseguito, giorno)


class ServiziTestCase(TestCase):
    coordinatore: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.coordinatore = crea_persona(Ruolo.COORDINATORE)

    def dati(self, **altri: Any) -> dict[str, Any]:
        return {
            "piano": PianoIntegrato.objects.get(codice="SPUGNA"),
            "codice": "NUOVO",
            "titolo": "Un traguardo",
            "tipo": "target",
            "livello": "programma",
            "scadenza": SCADENZA,
            "valore_obiettivo": Decimal("90"),
            "unita": "interventi",
            "fonte": Fonte.objects.get(codice="portale"),
            **altri,
        }

    def crea(self, **altri: Any) -> Traguardo:
        return servizi.crea(dati=self.dati(**altri), autore=self.coordinatore)

    def sposta(self, traguardo: Traguardo, **altri: Any) -> SpostamentoTraguardo:
        dati = {
            "scadenza": date(2025, 6, 30),
            "atto": "Decreto n. 1/2024",
            "data_atto": date(2024, 5, 1),
            "motivo": "Nuovo termine.",
            "autore": self.coordinatore,
            **altri,
        }
        return servizi.sposta(traguardo_id=traguardo.pk, **dati)

    def modifica(self, traguardo: Traguardo, **dati: Any) -> Traguardo:
        return servizi.modifica(
            traguardo_id=traguardo.pk,
            dati=dati,
            vista=servizi.versione_di(traguardo.pk),
            autore=self.coordinatore,
        )

    def test_creare_scrive_la_scadenza_iniziale_la_versione_e_l_evento(self) -> None:
        traguardo = self.crea()
        assert traguardo.scadenza_iniziale == SCADENZA
        assert traguardo.storico.get().history_user == self.coordinatore
        evento = Evento.objects.get(verbo="creato", tipo_oggetto="monitoraggio.traguardo")
        assert evento.autore == self.coordinatore
        assert evento.dopo is not None
        assert evento.dopo["scadenza"] == "2024-06-30"

    def test_un_traguardo_e_di_uno_solo(self) -> None:
        for di_chi in ({"piano": None}, {"misura": Misura.objects.get(codice="M5C2I2.02.03")}):
            with pytest.raises(TraguardoRifiutato, match="uno solo"):
                self.crea(**di_chi)

    def test_il_codice_non_si_ripete_nello_stesso_piano_ma_in_un_altro_si(self) -> None:
        self.crea()
        with pytest.raises(TraguardoRifiutato) as rifiuto:
            self.crea()
        assert rifiuto.value.campo == "codice"
        self.crea(piano=PianoIntegrato.objects.get(codice="CAMBIO"))

    def test_la_scadenza_si_sposta_con_un_atto_e_quella_di_prima_resta(self) -> None:
        traguardo = self.crea()
        self.sposta(traguardo)
        self.sposta(traguardo, scadenza=date(2026, 3, 31), motivo="Ancora.")
        traguardo.refresh_from_db()
        assert traguardo.scadenza == date(2026, 3, 31)
        assert traguardo.scadenza_iniziale == SCADENZA
        mosse = [(mossa.da, mossa.a) for mossa in traguardo.spostamenti.all()]
        assert mosse == [(SCADENZA, date(2025, 6, 30)), (date(2025, 6, 30), date(2026, 3, 31))]
        evento = Evento.objects.filter(verbo="scadenza spostata").latest("quando")
        assert (evento.prima, evento.nota) == ({"scadenza": "2025-06-30"}, "Ancora.")
        assert traguardo.storico.count() == 3

    def test_senza_atto_o_motivo_o_con_un_atto_di_domani_la_scadenza_non_si_sposta(self) -> None:
        traguardo = self.crea()
        oggi = timezone.localdate()
        for campo, valore in (
            ("atto", " "),
            ("motivo", ""),
            ("data_atto", oggi + UN_GIORNO),
            ("scadenza", SCADENZA),
        ):
            with pytest.raises(TraguardoRifiutato) as rifiuto:
                self.sposta(traguardo, **{campo: valore})
            assert rifiuto.value.campo == campo
        assert not SpostamentoTraguardo.objects.exists()
        self.sposta(traguardo, data_atto=oggi)

    def test_la_scadenza_non_si_cambia_modificando(self) -> None:
        traguardo = self.crea()
        for campo in ("scadenza", "scadenza_iniziale", "codice", "piano"):
            with pytest.raises(TraguardoRifiutato):
                self.modifica(traguardo, **{campo: date(2030, 1, 1)})
        traguardo.refresh_from_db()
        assert traguardo.scadenza == SCADENZA

    def test_la_scadenza_di_un_traguardo_conseguito_non_si_sposta(self) -> None:
        traguardo = self.crea(conseguito_il=SCADENZA, evidenza="verbale")
        with pytest.raises(TraguardoRifiutato, match="conseguito"):
            self.sposta(traguardo)

    def test_conseguito_vuole_l_evidenza_e_un_giorno_che_non_sia_futuro(self) -> None:
        traguardo = self.crea()
        oggi = timezone.localdate()
        with pytest.raises(TraguardoRifiutato) as rifiuto:
            self.modifica(traguardo, conseguito_il=oggi)
        assert rifiuto.value.campo == "evidenza"
        with pytest.raises(TraguardoRifiutato) as rifiuto:
            self.modifica(traguardo, conseguito_il=oggi + UN_GIORNO, evidenza="verbale")
        assert rifiuto.value.campo == "conseguito_il"
        self.modifica(traguardo, conseguito_il=oggi, evidenza="verbale")
        evento = Evento.objects.get(verbo="modificato", tipo_oggetto="monitoraggio.traguardo")
        assert evento.dopo == {"conseguito_il": oggi.isoformat(), "evidenza": "verbale"}

    def test_chi_modifica_cio_che_un_altro_ha_salvato_nel_frattempo_e_fermato(self) -> None:
        traguardo = self.crea()
        vista = servizi.versione_di(traguardo.pk)
        self.modifica(traguardo, titolo="Primo")
        with pytest.raises(TraguardoRifiutato, match="ricarica"):
            servizi.modifica(
                traguardo_id=traguardo.pk, dati={"titolo": "Secondo"}, vista=vista, autore=self.coordinatore
            )
        traguardo.refresh_from_db()
        assert traguardo.titolo == "Primo"

    def test_li_scrive_solo_il_coordinatore(self) -> None:
        traguardo = self.crea()
        for ruolo in (Ruolo.ISTRUTTORE, Ruolo.CABINA):
            altro = crea_persona(ruolo)
            with pytest.raises(PermissionDenied):
                servizi.crea(dati=self.dati(codice="ALTRO"), autore=altro)
            with pytest.raises(PermissionDenied):
                servizi.modifica(traguardo_id=traguardo.pk, dati={"titolo": "x"}, vista=0, autore=altro)
            with pytest.raises(PermissionDenied):
                self.sposta(traguardo, autore=altro)

    def test_come_si_sapeva_a_un_istante_ha_la_scadenza_e_la_previsione_di_allora(self) -> None:
        traguardo = self.crea()
        allora = timezone.now()
        self.sposta(traguardo)
        self.modifica(traguardo, previsione=date(2025, 5, 1))
        giorno = SCADENZA + UN_GIORNO
        adesso = letture.elenco(self.coordinatore, al=giorno).get(codice="NUOVO")
        prima = letture.elenco(self.coordinatore, al=giorno, noto_al=allora).get(codice="NUOVO")
        assert (adesso.stato, adesso.scadenza, adesso.previsione) == ("in_linea", date(2025, 6, 30), date(2025, 5, 1))
        assert (prima.stato, prima.scadenza, prima.previsione) == ("in_ritardo", SCADENZA, None)
        assert prima.id == adesso.pk


class RiferimentiTestCase(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()

    def ricarica(self) -> str:
        uscita, avvisi = io.StringIO(), io.StringIO()
        Caricamento.objects.filter(nome__startswith="monitoraggio/").delete()
        call_command("carica_riferimenti", stdout=uscita, stderr=avvisi)
        return avvisi.getvalue()

    def test_i_traguardi_nazionali_scadono_l_ultimo_giorno_del_trimestre_e_hanno_una_fonte(self) -> None:
        della_misura = Traguardo.objects.filter(misura__codice="M5C2I2.02.03").order_by("scadenza", "codice")
        scadenze = dict(della_misura.values_list("codice", "scadenza"))
        assert scadenze == {
            "M5C2-13": date(2022, 12, 31),
            "M5C2-00-ITA-30": date(2023, 9, 30),
            "M5C2-00-ITA-31": date(2024, 12, 31),
            "M5C2-14": date(2026, 6, 30),
            "M5C2-14-MQ": date(2026, 6, 30),
        }
        obiettivi = dict(della_misura.values_list("codice", "valore_obiettivo"))
        assert (obiettivi["M5C2-14"], obiettivi["M5C2-14-MQ"]) == (300, 3_000_000)
        assert obiettivi["M5C2-00-ITA-31"] == 30
        assert not Traguardo.objects.filter(luogo="").exists()

    def test_le_milestone_che_le_fonti_danno_per_raggiunte_lo_sono(self) -> None:
        piani = Traguardo.objects.con_stato(date(2024, 12, 31)).filter(piano__isnull=False)
        conseguiti = {traguardo.codice for traguardo in piani if traguardo.stato == StatoTraguardo.CONSEGUITO}
        assert conseguiti == {"COME-IN-AGG", "SPUGNA-30", "MICA-AGG"}
        assert piani.get(codice="SPUGNA-30").valore_raggiunto == Decimal("33.5")

    def test_i_dati_di_un_mese_sono_attesi_venti_giorni_dopo_la_sua_fine(self) -> None:
        assert TermineInvio.objects.get().giorni == 20

    def test_ricaricare_non_raddoppia_e_non_avverte(self) -> None:
        quanti = Traguardo.objects.count()
        versioni = Traguardo.storico.count()
        avvisi = self.ricarica()
        assert "traguard" not in avvisi.lower()
        assert (Traguardo.objects.count(), Traguardo.storico.count()) == (quanti, versioni)

    def test_ricaricare_non_tocca_cio_che_le_persone_hanno_cambiato(self) -> None:
        coordinatore = crea_persona(Ruolo.COORDINATORE)
        fine = Traguardo.objects.get(codice="SPUGNA-FINE")
        servizi.sposta(
            traguardo_id=fine.pk,
            scadenza=date(2026, 8, 31),
            atto="Decreto n. 9/2026",
            data_atto=date(2026, 1, 10),
            motivo="Nuovo termine.",
            autore=coordinatore,
        )
        tredici = Traguardo.objects.get(codice="M5C2-13")
        servizi.modifica(
            traguardo_id=tredici.pk,
            dati={"titolo": "Titolo nostro"},
            vista=servizi.versione_di(tredici.pk),
            autore=coordinatore,
        )
        avvisi = self.ricarica()
        assert avvisi.count("resta com'è") == 2
        fine.refresh_from_db()
        tredici.refresh_from_db()
        assert fine.scadenza == date(2026, 8, 31)
        assert tredici.titolo == "Titolo nostro"

    def test_un_traguardo_aggiunto_da_persone_non_e_detto_sparito_dal_file(self) -> None:
        nuovo(piano=PianoIntegrato.objects.get(codice="CAMBIO"), codice="ALTRO")
        assert "ALTRO" in self.ricarica()
        Traguardo.objects.filter(codice="ALTRO").delete()
        servizi.crea(
            dati={
                "piano": PianoIntegrato.objects.get(codice="CAMBIO"),
                "codice": "NOSTRO",
                "titolo": "Nostro",
                "tipo": "milestone",
                "scadenza": SCADENZA,
                "fonte": Fonte.objects.get(codice="portale"),
            },
            autore=crea_persona(Ruolo.COORDINATORE),
        )
        assert "NOSTRO" not in self.ricarica()
