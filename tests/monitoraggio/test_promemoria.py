"""The reminders: each kind on both sides of its day, told once, overtaken by the facts."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enti.models import Appartenenza, Utente
from enti.ruoli import Ruolo
from interventi.models import Intervento
from monitoraggio.models import (
    Allerta,
    Avanzamento,
    Criticita,
    Situazione,
    TermineInvio,
    Variazione,
)
from monitoraggio.scadenze import in_gioco, termine
from monitoraggio.scelte import TipoAllerta, TipoVariazione
from monitoraggio.selectors.attesi import attesi
from monitoraggio.services import allerte, promemoria
from registro.models import Fonte
from tests import riferimenti
from tests.monitoraggio.base import DICEMBRE, NOVEMBRE, MonitoraggioTestCase, intervento, persona

ULTIMO = date(2024, 12, 31)
TERMINE = date(2025, 1, 20)
GENNAIO = date(2025, 1, 1)


def alle(giorno: date) -> datetime:
    """Noon of a day."""
    return datetime.combine(giorno, time(11), UTC)


class PromemoriaTestCase(MonitoraggioTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        # The story of these tests begins in December 2024, whenever the people were given their roles.
        TermineInvio.objects.update(dal=DICEMBRE)
        Appartenenza.objects.update(dal=date(2024, 1, 1))

    def allerte(self, utente: Utente, tipo: TipoAllerta) -> list[Allerta]:
        """What stands for a person, of a kind."""
        return list(Allerta.objects.filter(utente=utente, tipo=tipo, superata_il__isnull=True).order_by("pk"))

    def titoli(self, utente: Utente, tipo: TipoAllerta) -> list[str]:
        return [allerta.titolo for allerta in self.allerte(utente, tipo)]

    def avanzamento(self, stato: str, giorno: date, opera: Intervento | None = None, **campi: Any) -> Avanzamento:
        """An avanzamento of December in a state it came to on a day."""
        quando = alle(giorno)
        date_dello_stato = {
            "bozza": {"modificato_il": quando},
            "inviato": {"inviato_il": quando},
            "restituito": {"inviato_il": quando, "deciso_il": quando},
            "approvato": {"inviato_il": quando, "deciso_il": quando, "approvato_il": quando},
        }[stato]
        dati = {"intervento": opera or self.opera, "mese": DICEMBRE, "riferito_al": ULTIMO, "stato": stato}
        return Avanzamento.objects.create(**(dati | date_dello_stato | campi))


class ScadenzeTestCase(PromemoriaTestCase):
    def test_il_termine_e_l_ultimo_giorno_del_mese_piu_i_giorni_in_vigore(self) -> None:
        assert termine(DICEMBRE) == TERMINE
        assert termine(date(2025, 2, 1)) == date(2025, 3, 20)

    def test_prima_della_prima_regola_non_c_e_termine(self) -> None:
        assert termine(NOVEMBRE) is None

    def test_una_regola_nuova_vale_dal_suo_mese(self) -> None:
        fonte = Fonte.objects.get(codice="portale")
        TermineInvio.objects.create(dal=GENNAIO, giorni=10, fonte=fonte)
        assert termine(DICEMBRE) == TERMINE
        assert termine(GENNAIO) == date(2025, 2, 10)

    def test_un_mese_e_in_gioco_da_quando_finisce(self) -> None:
        assert in_gioco(ULTIMO) == []
        assert [mese.mese for mese in in_gioco(date(2025, 1, 1))] == [DICEMBRE]

    def test_il_giorno_del_termine_non_e_ancora_ritardo(self) -> None:
        assert not in_gioco(TERMINE)[0].scaduto
        assert in_gioco(TERMINE + timedelta(days=1))[0].scaduto

    @override_settings(PROMEMORIA_ARRETRATI=2)
    def test_degli_arretrati_si_ricordano_gli_ultimi(self) -> None:
        mesi = in_gioco(date(2025, 5, 15))
        assert [f"{mese.mese:%m/%Y}" for mese in mesi] == ["02/2025", "03/2025", "04/2025"]


class AttesiTestCase(PromemoriaTestCase):
    def atteso(self) -> bool:
        return attesi(DICEMBRE).filter(pk=self.opera.pk).exists()

    def test_e_atteso_chi_ha_un_attuatore_e_non_ha_ancora_una_situazione(self) -> None:
        assert self.atteso()
        Intervento.objects.filter(pk=self.opera.pk).update(soggetto_attuatore=None)
        assert not self.atteso()

    def test_chi_finisce_nel_mese_e_ancora_atteso_chi_e_finito_prima_no(self) -> None:
        situazione = Situazione.objects.create(intervento=self.opera, fine_effettiva=DICEMBRE)
        assert self.atteso()
        Situazione.objects.filter(pk=situazione.pk).update(fine_effettiva=date(2024, 11, 30))
        assert not self.atteso()

    def test_un_intervento_revocato_non_e_atteso(self) -> None:
        Situazione.objects.create(intervento=self.opera, revocata_il=ULTIMO)
        assert not self.atteso()


class DaInviareTestCase(PromemoriaTestCase):
    def test_si_ricorda_dieci_tre_e_un_giorno_prima_e_non_undici(self) -> None:
        attese = {11: 0, 10: 1, 4: 1, 3: 1, 1: 1, 0: 1}
        for mancano, quante in attese.items():
            promemoria.aggiorna(oggi=TERMINE - timedelta(days=mancano))
            assert len(self.allerte(self.compilatore, TipoAllerta.IN_SCADENZA)) == quante, mancano
        assert Allerta.objects.filter(utente=self.compilatore, tipo=TipoAllerta.IN_SCADENZA).count() == 3

    def test_una_sola_allerta_raccoglie_tutti_gli_interventi_della_persona(self) -> None:
        intervento(), intervento()
        promemoria.aggiorna(oggi=TERMINE)
        assert self.titoli(self.responsabile, TipoAllerta.IN_SCADENZA) == [
            "3 interventi da inviare entro il 20/01/2025"
        ]

    def test_di_uno_solo_si_dice_il_nome(self) -> None:
        promemoria.aggiorna(oggi=TERMINE)
        (allerta,) = self.allerte(self.compilatore, TipoAllerta.IN_SCADENZA)
        assert allerta.titolo == f"Da inviare entro il 20/01/2025: {self.opera.nome}"
        assert allerta.intervento == self.opera

    def test_il_giorno_dopo_il_termine_e_in_ritardo(self) -> None:
        promemoria.aggiorna(oggi=TERMINE)
        assert self.titoli(self.compilatore, TipoAllerta.SCADUTO) == []
        promemoria.aggiorna(oggi=TERMINE + timedelta(days=1))
        assert self.titoli(self.compilatore, TipoAllerta.IN_SCADENZA) == []
        assert self.titoli(self.compilatore, TipoAllerta.SCADUTO) == [f"In ritardo, dicembre 2024: {self.opera.nome}"]

    def test_il_ritardo_si_ricorda_ogni_settimana(self) -> None:
        for giorni in (1, 6, 7):
            promemoria.aggiorna(oggi=TERMINE + timedelta(days=giorni))
        tutte = Allerta.objects.filter(utente=self.compilatore, tipo=TipoAllerta.SCADUTO)
        assert tutte.count() == 2
        assert len(self.allerte(self.compilatore, TipoAllerta.SCADUTO)) == 1

    def test_chi_ha_inviato_non_e_piu_sollecitato_e_chi_ha_una_bozza_si(self) -> None:
        uno = self.avanzamento("bozza", TERMINE)
        promemoria.aggiorna(oggi=TERMINE)
        assert len(self.allerte(self.compilatore, TipoAllerta.IN_SCADENZA)) == 1
        Avanzamento.objects.filter(pk=uno.pk).update(stato="inviato")
        esito = promemoria.aggiorna(oggi=TERMINE)
        assert self.allerte(self.compilatore, TipoAllerta.IN_SCADENZA) == []
        # Those of the compilatore and of the responsabile.
        assert (esito.nuove, esito.superate) == (0, 2)

    def test_chi_riprende_in_bozza_e_avvisato_di_nuovo(self) -> None:
        promemoria.aggiorna(oggi=TERMINE)
        (allerta,) = self.allerte(self.compilatore, TipoAllerta.IN_SCADENZA)
        allerte.leggi(allerta_id=allerta.pk, utente=self.compilatore)
        uno = self.avanzamento("inviato", GENNAIO)
        promemoria.aggiorna(oggi=TERMINE)
        Avanzamento.objects.filter(pk=uno.pk).update(stato="bozza")
        promemoria.aggiorna(oggi=TERMINE)
        (tornata,) = self.allerte(self.compilatore, TipoAllerta.IN_SCADENZA)
        assert (tornata.pk, tornata.letta_il) == (allerta.pk, None)

    def test_ripetere_nello_stesso_giorno_non_aggiunge_nulla(self) -> None:
        prima = promemoria.aggiorna(oggi=TERMINE)
        assert prima.nuove == 2
        assert promemoria.aggiorna(oggi=TERMINE) == promemoria.Esito(nuove=0, superate=0)

    def test_il_testo_segue_i_fatti_senza_tornare_da_leggere(self) -> None:
        secondo = intervento()
        promemoria.aggiorna(oggi=TERMINE)
        (allerta,) = self.allerte(self.compilatore, TipoAllerta.IN_SCADENZA)
        allerte.leggi(allerta_id=allerta.pk, utente=self.compilatore)
        self.avanzamento("inviato", GENNAIO, secondo)
        promemoria.aggiorna(oggi=TERMINE)
        allerta.refresh_from_db()
        assert allerta.titolo.endswith(self.opera.nome)
        assert allerta.letta_il is not None

    def test_a_un_altro_comune_allo_staff_e_a_chi_non_ha_piu_il_ruolo_non_si_dice_nulla(self) -> None:
        Appartenenza.objects.filter(utente=self.compilatore).update(al=TERMINE - timedelta(days=1))
        promemoria.aggiorna(oggi=TERMINE)
        assert {a.utente for a in Allerta.objects.select_related("utente")} == {self.responsabile}


class AltriMotiviTestCase(PromemoriaTestCase):
    def test_cio_che_e_restituito_si_ricorda_dal_giorno_dopo_e_ogni_settimana_con_il_motivo(self) -> None:
        giorno = date(2025, 1, 15)
        avanzamento = self.avanzamento("restituito", giorno, motivo="Manca il certificato.")
        promemoria.aggiorna(oggi=giorno)
        assert self.allerte(self.compilatore, TipoAllerta.RESTITUITO) == []
        promemoria.aggiorna(oggi=giorno + timedelta(days=1))
        (allerta,) = self.allerte(self.compilatore, TipoAllerta.RESTITUITO)
        assert allerta.testo == "Manca il certificato."
        assert allerta.indirizzo == reverse("avanzamento-modifica", args=[avanzamento.pk])
        for dopo in (6, 7):
            promemoria.aggiorna(oggi=giorno + timedelta(days=dopo))
        assert Allerta.objects.filter(utente=self.compilatore, tipo=TipoAllerta.RESTITUITO).count() == 2

    def test_cio_che_e_restituito_non_e_anche_in_ritardo(self) -> None:
        self.avanzamento("restituito", date(2025, 1, 15))
        promemoria.aggiorna(oggi=TERMINE + timedelta(days=1))
        assert self.allerte(self.compilatore, TipoAllerta.SCADUTO) == []

    def test_una_bozza_e_ferma_dal_quindicesimo_giorno_senza_modifiche(self) -> None:
        self.avanzamento("bozza", date(2025, 1, 10))
        promemoria.aggiorna(oggi=date(2025, 1, 24))
        assert self.allerte(self.compilatore, TipoAllerta.BOZZA_FERMA) == []
        promemoria.aggiorna(oggi=date(2025, 1, 25))
        assert self.titoli(self.compilatore, TipoAllerta.BOZZA_FERMA) == [
            f"Bozza mai inviata, dicembre 2024: {self.opera.nome}"
        ]

    def test_una_bozza_scritta_durante_il_mese_e_ferma_dal_quindicesimo_giorno_dopo_la_sua_fine(self) -> None:
        self.avanzamento("bozza", date(2024, 12, 5))
        promemoria.aggiorna(oggi=date(2025, 1, 14))
        assert self.allerte(self.compilatore, TipoAllerta.BOZZA_FERMA) == []
        promemoria.aggiorna(oggi=date(2025, 1, 15))
        assert len(self.allerte(self.compilatore, TipoAllerta.BOZZA_FERMA)) == 1

    def criticita(self, avanzamento: Avanzamento, **campi: Any) -> Criticita:
        dati = {"tipo": "gara", "gravita": "alta", "descrizione": "Gara deserta", "scadenza": TERMINE, "riga": "c1"}
        return Criticita.objects.create(avanzamento=avanzamento, **(dati | campi))

    def approva(self, avanzamento: Avanzamento) -> None:
        quando = alle(GENNAIO)
        avanzamenti = Avanzamento.objects.filter(pk=avanzamento.pk)
        avanzamenti.update(stato="approvato", deciso_il=quando, approvato_il=quando)

    def test_una_criticita_si_ricorda_dal_giorno_dopo_la_sua_data(self) -> None:
        avanzamento = self.avanzamento("inviato", GENNAIO)
        self.criticita(avanzamento)
        self.approva(avanzamento)
        promemoria.aggiorna(oggi=TERMINE)
        assert self.allerte(self.compilatore, TipoAllerta.CRITICITA) == []
        promemoria.aggiorna(oggi=TERMINE + timedelta(days=1))
        (allerta,) = self.allerte(self.compilatore, TipoAllerta.CRITICITA)
        assert allerta.titolo == f"Criticità oltre la data: {self.opera.nome}"
        assert allerta.testo == "Gara deserta"
        assert self.allerte(self.altra, TipoAllerta.CRITICITA) == []

    def test_una_criticita_chiusa_o_senza_data_non_si_ricorda(self) -> None:
        avanzamento = self.avanzamento("inviato", GENNAIO)
        self.criticita(avanzamento, chiusa_il=GENNAIO)
        self.criticita(avanzamento, scadenza=None, riga="c2")
        self.approva(avanzamento)
        promemoria.aggiorna(oggi=TERMINE + timedelta(days=1))
        assert self.allerte(self.compilatore, TipoAllerta.CRITICITA) == []

    def test_conta_l_ultima_parola_sull_intervento_anche_se_non_ancora_approvata(self) -> None:
        avanzamento = self.avanzamento("inviato", GENNAIO)
        self.criticita(avanzamento)
        self.approva(avanzamento)
        dopo = self.avanzamento("inviato", GENNAIO, mese=GENNAIO, riferito_al=date(2025, 1, 31))
        promemoria.aggiorna(oggi=date(2025, 2, 10))
        assert self.allerte(self.compilatore, TipoAllerta.CRITICITA) == []
        self.criticita(dopo, descrizione="Ricorso al TAR")
        promemoria.aggiorna(oggi=date(2025, 2, 10))
        assert [a.testo for a in self.allerte(self.compilatore, TipoAllerta.CRITICITA)] == ["Ricorso al TAR"]

    def test_all_istruttore_si_ricorda_cio_che_aspetta_da_piu_di_sette_giorni(self) -> None:
        self.avanzamento("inviato", date(2025, 1, 13))
        promemoria.aggiorna(oggi=date(2025, 1, 20))
        assert self.allerte(self.istruttore, TipoAllerta.DA_ISTRUIRE) == []
        promemoria.aggiorna(oggi=date(2025, 1, 21))
        assert self.titoli(self.istruttore, TipoAllerta.DA_ISTRUIRE) == [
            "Un avanzamento aspetta l'istruttoria da più di 7 giorni"
        ]
        assert self.allerte(self.coordinatore, TipoAllerta.DA_ISTRUIRE) == []
        assert self.allerte(self.compilatore, TipoAllerta.DA_ISTRUIRE) == []

    def test_all_istruttore_si_ricordano_dal_giorno_dopo_le_variazioni_da_decidere(self) -> None:
        giorno = date(2025, 1, 14)
        variazione = Variazione.objects.create(
            intervento=self.opera,
            tipo=TipoVariazione.ECONOMIA,
            atto="Determina 1",
            data_atto=giorno,
            motivo="Ribasso",
            importo_dopo=100,
            richiesta_il=alle(giorno),
        )
        promemoria.aggiorna(oggi=giorno)
        assert self.allerte(self.istruttore, TipoAllerta.VARIAZIONE) == []
        promemoria.aggiorna(oggi=giorno + timedelta(days=1))
        assert self.titoli(self.istruttore, TipoAllerta.VARIAZIONE) == ["Una variazione da decidere"]
        Variazione.objects.filter(pk=variazione.pk).update(stato="accolta", decisa_il=alle(giorno))
        promemoria.aggiorna(oggi=giorno + timedelta(days=1))
        assert self.allerte(self.istruttore, TipoAllerta.VARIAZIONE) == []

    def test_le_allerte_di_altri_non_sono_toccate(self) -> None:
        avviso = allerte.Avviso(tipo=TipoAllerta.MESSAGGIO, chiave="messaggio:1", titolo="Ciao")
        allerte.avvisa(utenti=[self.compilatore.pk], avviso=avviso)
        promemoria.aggiorna(oggi=TERMINE)
        assert self.titoli(self.compilatore, TipoAllerta.MESSAGGIO) == ["Ciao"]


class BilancioTestCase(PromemoriaTestCase):
    def quante(self, oggi: date) -> int:
        Allerta.objects.all().delete()
        with CaptureQueriesContext(connection) as catturate:
            promemoria.aggiorna(oggi=oggi)
        return len(catturate)

    def popola(self, quanti: int, da: int = 0) -> None:
        """Interventi of each sort: with a criticality past its date, returned, a still draft, nothing sent."""
        for numero in range(da, quanti):
            opera = Intervento.objects.create(
                clp=f"MOLTI-{numero}",
                submisura=self.opera.submisura,
                soggetto_attuatore=self.opera.soggetto_attuatore,
            )
            stato = ("inviato", "restituito", "bozza", "")[numero % 4]
            if stato:
                avanzamento = self.avanzamento(stato, GENNAIO, opera)
                if stato != "bozza":
                    Criticita.objects.create(
                        avanzamento=avanzamento,
                        riga="c1",
                        tipo="gara",
                        gravita="alta",
                        descrizione="Gara deserta",
                        scadenza=GENNAIO,
                    )

    def test_le_interrogazioni_sono_le_stesse_per_cinque_interventi_e_per_duecento(self) -> None:
        oggi = TERMINE + timedelta(days=20)
        self.popola(5)
        poche = self.quante(oggi)
        self.popola(200, da=5)
        assert self.quante(oggi) == poche
        assert len(Allerta.objects.filter(utente=self.compilatore)) == 4


@pytest.mark.django_db(transaction=True)
def test_due_promemoria_insieme_dicono_una_volta_sola() -> None:
    riferimenti.carica()
    compilatore = persona(Ruolo.COMPILATORE)
    Appartenenza.objects.update(dal=date(2024, 1, 1))
    TermineInvio.objects.update(dal=DICEMBRE)
    intervento()
    partenza = threading.Barrier(3, timeout=60)
    errori: list[BaseException] = []

    def lavora() -> None:
        try:
            partenza.wait()
            promemoria.aggiorna(oggi=TERMINE)
        except DatabaseError as errore:
            errori.append(errore)
        finally:
            connection.close()

    lavoratori = [threading.Thread(target=lavora) for _ in range(3)]
    for lavoratore in lavoratori:
        lavoratore.start()
    for lavoratore in lavoratori:
        lavoratore.join()
    assert not errori
    assert Allerta.objects.filter(utente=compilatore).count() == 1
