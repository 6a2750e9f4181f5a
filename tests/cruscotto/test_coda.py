"""What waits for the staff: counted, since when, only for who may act, and every link opens its list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cruscotto.selectors.coda import MOLTI, Coda, _del_mese, coda
from enti.models import Utente
from enti.ruoli import Ruolo
from interventi.models import Differenza, Importazione
from monitoraggio.flusso import StatoAvanzamento, StatoVariazione
from monitoraggio.mesi import avanti, primo, ultimo
from monitoraggio.models import Avanzamento, PassoBozza, TermineInvio, Variazione
from monitoraggio.scadenze import Mese
from monitoraggio.scelte import TipoVariazione
from monitoraggio.services import messaggi
from piani_integrati.flusso import StatoPiano
from piani_integrati.models import PianoIntegrato
from tests.enti.persone import crea_persona
from tests.monitoraggio.base import MonitoraggioTestCase, intervento


@pytest.fixture(autouse=True)
def senza_conti_tenuti() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


class CodaTestCase(MonitoraggioTestCase):
    oggi: date
    mese: date

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.oggi = timezone.localdate()
        cls.mese = avanti(primo(cls.oggi), -1)
        PianoIntegrato.objects.update(stato=StatoPiano.IN_ATTUAZIONE)

    def setUp(self) -> None:
        # Nobody is late, unless a test says so.
        TermineInvio.objects.all().delete()

    def inviato_giorni_fa(self, giorni: int, **campi: Any) -> Avanzamento:
        dati: dict[str, Any] = {
            "intervento": intervento(),
            "mese": self.mese,
            "riferito_al": ultimo(self.mese),
            "stato": StatoAvanzamento.INVIATO,
            "inviato_da": self.responsabile,
            "inviato_il": timezone.now() - timedelta(days=giorni),
        }
        return Avanzamento.objects.create(**(dati | campi))

    def una_di_ognuna(self) -> None:
        self.inviato_giorni_fa(3)
        approvato = self.inviato_giorni_fa(90, stato=StatoAvanzamento.APPROVATO, approvato_il=timezone.now())
        self.inviato_giorni_fa(
            2, intervento=approvato.intervento, versione=2, corregge=approvato, stato=StatoAvanzamento.APPROVATO,
            approvato_il=timezone.now(),
        )  # fmt: skip
        Variazione.objects.create(
            intervento=self.opera, tipo=TipoVariazione.ECONOMIA, stato=StatoVariazione.RICHIESTA, atto="D. 1",
            data_atto=self.oggi, motivo="Prova", importo_dopo=1, richiesta_da=self.responsabile,
        )  # fmt: skip
        messaggi.scrivi(intervento_id=self.opera.pk, testo="Ci siete?", autore=self.compilatore)
        Differenza.objects.create(
            intervento=self.opera, importazione=Importazione.objects.create(stato="applicata", conteggi={}),
            campo="titolo", tipo_oggetto="interventi.intervento", id_oggetto=self.opera.pk, etichetta="Titolo",
        )  # fmt: skip
        PianoIntegrato.objects.filter(codice="MICA").update(stato=StatoPiano.PRESENTATO)
        PianoIntegrato.objects.filter(codice="CAMBIO").update(stato=StatoPiano.BOZZA)

    def leggi(self, chi: Utente | None = None) -> Coda:
        letta = coda(Utente.objects.get(pk=(chi or self.istruttore).pk), oggi=self.oggi)
        assert letta is not None
        return letta

    def parole(self, chi: Utente | None = None) -> dict[str, str]:
        return {voce.codice: voce.testo for voce in self.leggi(chi).voci}

    def test_senza_nulla_la_coda_e_vuota_e_lo_dice(self) -> None:
        letta = self.leggi(self.coordinatore)
        assert letta.vuota
        assert "Niente da istruire" in render_to_string("cruscotto/coda.html", {"coda": letta})

    def test_chi_non_decide_nulla_non_ha_una_coda(self) -> None:
        for ruolo in (Ruolo.CABINA, Ruolo.AMMINISTRATORE):
            assert coda(crea_persona(ruolo), oggi=self.oggi) is None
        assert coda(Utente.objects.get(pk=self.compilatore.pk), oggi=self.oggi) is None

    def test_ogni_cosa_che_aspetta_e_contata_solo_per_chi_puo_decidere(self) -> None:
        self.una_di_ognuna()
        di_entrambi = {
            "istruire": "un avanzamento da istruire",
            "correzioni": "una correzione da guardare",
            "variazioni": "una variazione da decidere",
            "messaggi": "un messaggio senza risposta",
        }
        assert self.parole(self.istruttore) == di_entrambi
        assert self.parole(self.coordinatore) == di_entrambi | {
            "differenze": "una differenza con ReGiS da decidere",
            "presentati": "un piano presentato, da assegnare",
            "proposte": "una proposta di piano in bozza",
        }

    def test_ogni_voce_apre_il_suo_elenco(self) -> None:
        self.una_di_ognuna()
        TermineInvio.objects.create(
            dal=date(2022, 1, 1),
            giorni=0,
            fonte_id=PianoIntegrato.objects.first().fonte_id,  # type: ignore[union-attr]
        )
        self.client.force_login(self.coordinatore)
        for voce in self.leggi(self.coordinatore).voci:
            risposta = self.client.get(voce.indirizzo.partition("#")[0])
            assert risposta.status_code == 200, voce
        correzioni = next(v for v in self.leggi().voci if v.codice == "correzioni")
        assert "1 avanzamento" in self.client.get(correzioni.indirizzo).content.decode()

    def test_l_attesa_preme_oltre_i_giorni_dei_promemoria(self) -> None:
        uno = self.inviato_giorni_fa(7)
        [voce] = self.leggi().voci
        assert (voce.nota, voce.segno) == ("aspetta da 7 giorni", "")
        Avanzamento.objects.filter(pk=uno.pk).update(inviato_il=timezone.now() - timedelta(days=8))
        [voce] = self.leggi().voci
        assert (voce.nota, voce.segno) == ("aspetta da 8 giorni", "a_rischio")
        self.inviato_giorni_fa(1)
        [voce] = self.leggi().voci
        assert voce.nota == "il più vecchio da 8 giorni"

    def test_si_nominano_i_primi_cinque_da_chi_aspetta_di_piu(self) -> None:
        inviati = [self.inviato_giorni_fa(giorni) for giorni in (1, 6, 3, 5, 2, 4)]
        letta = self.leggi()
        attesi = [inviati[posto] for posto in (1, 3, 5, 2, 4)]
        assert letta.primi == attesi
        pagina = render_to_string("cruscotto/coda.html", {"coda": letta}, request=RequestFactory().get("/"))
        assert all(reverse("avanzamento", args=[uno.pk]) in pagina for uno in attesi)
        assert "6 avanzamenti da istruire" in pagina

    def test_si_approvano_insieme_quelli_senza_rilievi_che_altri_hanno_compilato(self) -> None:
        pulito = self.inviato_giorni_fa(1)
        self.inviato_giorni_fa(1, avvisi=1)
        self.inviato_giorni_fa(1, inviato_da=self.istruttore)
        mio = self.inviato_giorni_fa(1)
        PassoBozza.objects.create(avanzamento=mio, revisione=1, autore=self.istruttore)
        assert self.leggi().puliti == 1
        self.client.force_login(self.istruttore)
        risposta = self.client.post(
            reverse("istruttoria-blocco"), {"azione": "approva", "tutti": "1", "filtri": "stato=inviati&avvisi=senza"}
        )
        anteprima = risposta.context["anteprima"]
        assert anteprima.presi == [pulito]
        pulito.refresh_from_db()
        assert pulito.stato == StatoAvanzamento.INVIATO

    def test_di_ogni_mese_scaduto_si_dice_quanti_non_hanno_inviato(self) -> None:
        fonte = PianoIntegrato.objects.exclude(fonte=None).first()
        assert fonte is not None
        termine = TermineInvio.objects.create(dal=self.mese, giorni=0, fonte_id=fonte.fonte_id)
        self.inviato_giorni_fa(0)
        letta = self.leggi()
        [voce] = [v for v in letta.voci if v.codice.startswith("mese-")]
        assert voce.quanti == 1
        assert voce.segno == "in_ritardo"
        assert letta.contati_il is not None
        cache.clear()
        termine.giorni = 60
        termine.save()
        assert not [v for v in self.leggi().voci if v.codice.startswith("mese-")]

    def test_le_interrogazioni_sono_cinque_al_massimo_per_uno_e_per_trenta(self) -> None:
        fonte = PianoIntegrato.objects.exclude(fonte=None).first()
        assert fonte is not None
        TermineInvio.objects.create(dal=date(2022, 1, 1), giorni=0, fonte_id=fonte.fonte_id)
        self.una_di_ognuna()
        conti = []
        for quanti in (0, 29):
            for _numero in range(quanti):
                self.inviato_giorni_fa(1)
            cache.clear()
            chi = Utente.objects.get(pk=self.coordinatore.pk)
            assert chi.appartenenze_attive
            with CaptureQueriesContext(connection) as catturate:
                coda(chi, oggi=self.oggi)
            conti.append(len(catturate))
        assert conti[0] == conti[1] <= 5


def test_oltre_mille_che_non_hanno_inviato_non_si_contano() -> None:
    mese = Mese(date(2026, 8, 1), date(2026, 9, 20), -10)
    assert _del_mese(mese, MOLTI).testo == "1.000 interventi non hanno inviato agosto 2026"
    assert _del_mese(mese, MOLTI + 1).testo == "più di 1.000 interventi non hanno inviato agosto 2026"
