"""The review list, and who has not sent."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from enti.models import Utente
from enti.ruoli import Ruolo
from monitoraggio import mesi
from monitoraggio.models import Avanzamento, TermineInvio
from monitoraggio.scadenze import in_gioco
from monitoraggio.selectors.istruttoria import titolo_di
from monitoraggio.services import bozze, passaggi
from tests.enti.persone import crea_persona
from tests.monitoraggio.base import DICEMBRE, NOVEMBRE, MonitoraggioTestCase, celle_buone, intervento
from tests.monitoraggio.test_giro import MOVIMENTI


class Istruttoria(MonitoraggioTestCase):
    def apri(self, nome: str = "istruttoria", *, chi: Utente | None = None, **query: Any) -> Any:
        self.client.force_login(chi or self.istruttore)
        risposta = self.client.get(reverse(nome, query=query or None))
        assert risposta.status_code == 200
        return risposta

    def trovati(self, **query: Any) -> list[int]:
        return [riga.avanzamento.pk for riga in self.apri(**query).context["righe"]]

    def corretto(self) -> Avanzamento:
        """A correction, sent, of an approved month."""
        primo = self.approvato(celle=celle_buone() | MOVIMENTI)
        nuovo = bozze.correggi(avanzamento_id=primo.pk, motivo="Era il mandato sbagliato", autore=self.compilatore)
        return passaggi.invia(avanzamento_id=nuovo.pk, autore=self.responsabile)

    def _mesi_intorno_a_oggi(self) -> tuple[Any, Any]:
        """The last month past its term, and the one after it."""
        scaduto = [mese for mese in in_gioco(timezone.localdate()) if mese.scaduto][-1].mese
        return scaduto, mesi.avanti(scaduto)

    def _bozza_del(self, mese: Any) -> Avanzamento:
        return bozze.apri(intervento_id=self.opera.pk, mese=mese, autore=self.compilatore)


class IstruttoriaTestCase(Istruttoria):
    def test_si_vede_cio_che_aspetta_da_chi_aspetta_di_piu(self) -> None:
        recente = self.inviato()
        vecchio = self.inviato(opera=intervento())
        self.bozza(opera=intervento())
        giorni = timezone.now() - timedelta(days=9)
        Avanzamento.objects.filter(pk=vecchio.pk).update(inviato_il=giorni)
        assert self.trovati() == [vecchio.pk, recente.pk]
        risposta = self.apri()
        self.assertContains(risposta, "2 avanzamenti aspettano una decisione, il più vecchio da 9 giorni")
        assert [riga.attesa for riga in risposta.context["righe"]] == [9, 0]

    def test_a_colpo_d_occhio_si_vede_che_cosa_cambia(self) -> None:
        self.approvato(NOVEMBRE)
        self.inviato(DICEMBRE, celle_buone(testa__0__percentuale="30") | MOVIMENTI)
        risposta = self.apri()
        (riga,) = risposta.context["righe"]
        assert (riga.avanzamento.prima, riga.avanzamento.percentuale) == (Decimal("10.00"), Decimal("30.00"))
        assert riga.avanzamento.pagato == Decimal("120000.10")
        assert [spiegato.testo for spiegato in riga.spiegati] == ["Arriva con il prossimo mese."]
        self.assertContains(risposta, "Arriva con il prossimo mese.")
        assert not riga.mio

    def test_una_spiegazione_porta_il_titolo_del_suo_controllo(self) -> None:
        assert titolo_di("giustificativo_n2") != "giustificativo_n2"
        assert titolo_di("012") == "Il CUP manca o non è valido"
        assert titolo_di("sconosciuto_n2") == "sconosciuto_n2"

    def test_un_modificato_dopo_l_approvazione_resta_segnato_finche_e_visto(self) -> None:
        corretto = self.corretto()
        risposta = self.apri(stato="correzioni")
        self.assertContains(risposta, "modificato dopo l’approvazione")
        assert self.trovati(stato="correzioni") == self.trovati(versione="correzioni") == [corretto.pk]
        assert self.trovati(versione="prima") == []
        passaggi.segna_vista(avanzamento_id=corretto.pk, autore=self.istruttore)
        assert self.trovati(stato="correzioni") == []
        assert self.trovati() == [corretto.pk]
        self.assertNotContains(self.apri(), "modificato dopo l’approvazione")

    def test_le_viste_e_i_filtri(self) -> None:
        inviato = self.inviato()
        restituito = self.inviato(opera=intervento())
        passaggi.restituisci(avanzamento_id=restituito.pk, autore=self.istruttore, motivo="Manca il SAL")
        bozza = self.bozza(opera=intervento())
        avvisato = self.inviato(NOVEMBRE, celle_buone(), opera=intervento())
        Avanzamento.objects.filter(pk=avvisato.pk).update(avvisi=2)
        assert self.trovati() == [inviato.pk, avvisato.pk]
        assert self.trovati(stato="restituiti") == [restituito.pk]
        assert self.trovati(stato="bozze") == [bozza.pk]
        assert set(self.trovati(stato="tutti")) == {inviato.pk, restituito.pk, bozza.pk, avvisato.pk}
        assert self.trovati(mese="2024-11") in ([avvisato.pk], [inviato.pk, avvisato.pk])
        assert self.trovati(avvisi="con") == [avvisato.pk]
        assert self.trovati(avvisi="senza") == [inviato.pk]
        assert self.trovati(q=self.opera.cup) == [inviato.pk]
        assert self.trovati(ente=str(self.opera.soggetto_attuatore_id)) == [inviato.pk, avvisato.pk]

    def test_una_bozza_e_in_ritardo_dal_giorno_dopo_il_termine(self) -> None:
        scaduto, corrente = self._mesi_intorno_a_oggi()
        tardi = self._bozza_del(scaduto)
        self._bozza_del(corrente)
        assert self.trovati(stato="bozze") == [tardi.pk]

    def test_chi_ha_compilato_lo_vede_scritto(self) -> None:
        avanzamento = bozze.apri(intervento_id=self.opera.pk, mese=DICEMBRE, autore=self.istruttore)
        bozze.salva(avanzamento_id=avanzamento.pk, revisione=0, celle=celle_buone(), autore=self.istruttore)
        passaggi.invia(avanzamento_id=avanzamento.pk, autore=self.responsabile)
        assert [riga.mio for riga in self.apri().context["righe"]] == [True]
        assert [riga.mio for riga in self.apri(chi=self.coordinatore).context["righe"]] == [False]

    def test_e_riservata_a_chi_istruisce(self) -> None:
        for chi in (self.compilatore, self.responsabile, crea_persona(Ruolo.CABINA)):
            self.client.force_login(chi)
            for nome in ("istruttoria", "istruttoria-mancanti", "istruttoria-blocco"):
                assert self.client.get(reverse(nome)).status_code == 403

    def test_le_interrogazioni_sono_le_stesse_per_poche_righe_e_per_molte(self) -> None:
        self.inviato(celle=celle_buone() | MOVIMENTI)
        self.apri()
        with CaptureQueriesContext(connection) as poche:
            self.apri()
        for _ in range(5):
            self.inviato(celle=celle_buone() | MOVIMENTI, opera=intervento())
        with CaptureQueriesContext(connection) as molte:
            assert len(self.apri().context["righe"]) == 6
        assert len(molte) == len(poche)


class MancantiTestCase(Istruttoria):
    def test_dice_quali_enti_mancano_e_chi_si_puo_avvisare(self) -> None:
        scaduto, _corrente = self._mesi_intorno_a_oggi()
        intervento("Magenta")
        self._bozza_del(scaduto)
        risposta = self.apri("istruttoria-mancanti", mese=f"{scaduto:%Y-%m}")
        enti = {
            str(ente.ente): (len(ente.interventi), ente.bozze, ente.persone) for ente, _g in risposta.context["enti"]
        }
        assert enti == {"Comune di Rho": (1, 1, 2), "Comune di Magenta": (1, 0, 0)}

    def test_senza_termini_non_si_chiede_nulla(self) -> None:
        TermineInvio.objects.all().delete()
        self.assertContains(self.apri("istruttoria-mancanti"), "Nessun mese da chiedere")
