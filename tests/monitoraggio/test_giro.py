"""The monthly round by its services: draft, send, return, mend, approve, correct."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from interventi.models import VoceQuadroEconomico
from monitoraggio.flusso import StatoAvanzamento, TransizioneNonPermessa
from monitoraggio.models import Allerta, Avanzamento, FasePianificata, Situazione, Traguardo
from monitoraggio.scelte import TipoAllerta, TipoTraguardo
from monitoraggio.selectors.situazione import calcola, conservate
from monitoraggio.services import bozze, passaggi
from monitoraggio.services.solleciti import sollecita
from registro.models import Evento, Fonte
from tests.monitoraggio.base import DICEMBRE, NOVEMBRE, MonitoraggioTestCase, celle_buone, intervento

MOVIMENTI = {
    "testa-0-senza_movimenti": "",
    "impegni-n1-tipo": "I",
    "impegni-n1-codice": "100/2024",
    "impegni-n1-data": "2024-12-02",
    "impegni-n1-importo": "500.000,00",
    "impegni-n1-beneficiario": "Edile Uno Srl",
    "impegni-n1-cig": "A000000001",
    "pagamenti-n2-tipo": "P",
    "pagamenti-n2-codice": "M-1",
    "pagamenti-n2-data": "2024-12-20",
    "pagamenti-n2-importo": "120.000,10",
    "pagamenti-n2-impegno": "100/2024",
    "spiegazioni-giustificativo_n2-testo": "Arriva con il prossimo mese.",
}


class GiroTestCase(MonitoraggioTestCase):
    def verbi(self, avanzamento: Avanzamento) -> list[str]:
        eventi = Evento.objects.filter(tipo_oggetto="monitoraggio.avanzamento", id_oggetto=str(avanzamento.pk))
        return list(eventi.order_by("pk").values_list("verbo", flat=True))

    def test_una_bozza_buona_si_invia_e_si_approva(self) -> None:
        avanzamento = self.inviato(celle=celle_buone() | MOVIMENTI)
        assert avanzamento.stato == StatoAvanzamento.INVIATO
        assert (avanzamento.impegnato, avanzamento.pagato) == (Decimal("500000.00"), Decimal("120000.10"))
        approvato = passaggi.approva(avanzamento_id=avanzamento.pk, autore=self.istruttore)
        assert approvato.approvato_il is not None
        assert self.verbi(approvato) == ["aperto", "inviato", "approvato"]
        riga = Situazione.objects.get(intervento=self.opera)
        assert (riga.percentuale, riga.fase, riga.pagato) == (Decimal("10.00"), "00313", Decimal("120000.10"))
        assert conservate() == calcola()

    def test_il_piano_approvato_per_primo_diventa_la_base(self) -> None:
        self.approvato()
        fase = FasePianificata.objects.get(intervento=self.opera, fase="00313")
        assert str(fase.fine_iniziale) == str(fase.fine_prevista) == "2026-03-31"

    def test_gli_importi_spostati_fra_le_voci_diventano_il_quadro_del_registro(self) -> None:
        spostati = {"quadro-lavori-importo": "", "quadro-iva-importo": "400.000", "quadro-imprevisti-importo": "600000"}
        self.approvato(celle=celle_buone() | spostati)
        voci = VoceQuadroEconomico.objects.filter(intervento=self.opera)
        assert dict(voci.values_list("voce", "importo")) == {
            "iva": Decimal("400000.00"),
            "imprevisti": Decimal("600000.00"),
        }

    def test_chi_ha_compilato_non_approva(self) -> None:
        avanzamento = bozze.apri(intervento_id=self.opera.pk, mese=DICEMBRE, autore=self.istruttore)
        bozze.salva(avanzamento_id=avanzamento.pk, revisione=0, celle=celle_buone(), autore=self.istruttore)
        passaggi.invia(avanzamento_id=avanzamento.pk, autore=self.responsabile)
        with pytest.raises(TransizioneNonPermessa, match="un'altra persona"):
            passaggi.approva(avanzamento_id=avanzamento.pk, autore=self.istruttore)
        passaggi.approva(avanzamento_id=avanzamento.pk, autore=self.coordinatore)

    def test_chi_ha_solo_aperto_una_correzione_per_il_comune_la_puo_approvare(self) -> None:
        nuova = bozze.correggi(avanzamento_id=self.approvato().pk, motivo="Lo chiede il Comune", autore=self.istruttore)
        bozze.salva(avanzamento_id=nuova.pk, revisione=0, celle={"testa-0-percentuale": "11"}, autore=self.compilatore)
        passaggi.invia(avanzamento_id=nuova.pk, autore=self.responsabile)
        assert passaggi.approva(avanzamento_id=nuova.pk, autore=self.istruttore).percentuale == Decimal(11)

    def test_un_errore_ferma_l_invio(self) -> None:
        bozza = self.bozza(celle=celle_buone(testa__0__percentuale="centodieci"))
        with pytest.raises(passaggi.NonInviabile) as fermo:
            passaggi.invia(avanzamento_id=bozza.pk, autore=self.responsabile)
        assert [rilievo.controllo.codice for rilievo in fermo.value.rilievi] == ["illeggibile"]
        bozza.refresh_from_db()
        assert bozza.bozza["testa-0-percentuale"] == "centodieci"

    def test_il_traguardo_di_un_altro_ente_non_si_dichiara(self) -> None:
        """Its cells can be made up: the form shows only those of the intervento."""
        altrui = Traguardo.objects.create(
            intervento=intervento("Bresso"),
            codice="T-BRESSO",
            titolo="Collaudo",
            tipo=TipoTraguardo.MILESTONE,
            scadenza=DICEMBRE,
            scadenza_iniziale=DICEMBRE,
            fonte=Fonte.objects.earliest("pk"),
        )
        cella = f"traguardi-t{altrui.pk}-"
        bozza = self.bozza(
            celle=celle_buone() | {f"{cella}conseguito_il": "2024-12-01", f"{cella}evidenza": "Verbale inventato"}
        )
        with pytest.raises(passaggi.NonInviabile) as fermo:
            passaggi.invia(avanzamento_id=bozza.pk, autore=self.responsabile)
        assert [rilievo.controllo.codice for rilievo in fermo.value.rilievi] == ["traguardo_altrui"]
        altrui.refresh_from_db()
        assert altrui.conseguito_il is None

    def test_un_avviso_vuole_una_spiegazione(self) -> None:
        senza = celle_buone() | MOVIMENTI | {"spiegazioni-giustificativo_n2-testo": ""}
        bozza = self.bozza(celle=senza)
        with pytest.raises(passaggi.NonInviabile):
            passaggi.invia(avanzamento_id=bozza.pk, autore=self.responsabile)
        bozze.salva(
            avanzamento_id=bozza.pk,
            revisione=bozza.revisione,
            celle={"spiegazioni-giustificativo_n2-testo": "In arrivo."},
            autore=self.compilatore,
        )
        inviato = passaggi.invia(avanzamento_id=bozza.pk, autore=self.responsabile)
        assert [s.testo for s in inviato.spiegazioni.all()] == ["In arrivo."]

    def test_il_compilatore_non_invia(self) -> None:
        with pytest.raises(TransizioneNonPermessa, match="non spetta a te"):
            passaggi.invia(avanzamento_id=self.bozza().pk, autore=self.compilatore)

    def test_un_altro_comune_non_vede_la_bozza(self) -> None:
        with pytest.raises(bozze.NonTrovato):
            passaggi.invia(avanzamento_id=self.bozza().pk, autore=self.altra)

    def test_restituito_si_corregge_e_si_rimanda(self) -> None:
        avanzamento = self.inviato()
        with pytest.raises(TransizioneNonPermessa, match="serve il motivo"):
            passaggi.restituisci(avanzamento_id=avanzamento.pk, autore=self.istruttore, motivo=" ")
        passaggi.restituisci(avanzamento_id=avanzamento.pk, autore=self.istruttore, motivo="Manca il SAL.")
        bozze.salva(
            avanzamento_id=avanzamento.pk,
            revisione=1,
            celle={"testa-0-percentuale": "12"},
            autore=self.compilatore,
        )
        passaggi.invia(avanzamento_id=avanzamento.pk, autore=self.responsabile)
        approvato = passaggi.approva(avanzamento_id=avanzamento.pk, autore=self.istruttore)
        assert approvato.percentuale == Decimal("12.00")
        assert self.verbi(approvato) == ["aperto", "inviato", "restituito", "inviato", "approvato"]

    def test_chi_deve_correggere_lo_sa_subito_e_finche_non_rimanda(self) -> None:
        avanzamento = self.inviato()
        passaggi.restituisci(avanzamento_id=avanzamento.pk, autore=self.istruttore, motivo="Manca il SAL.")
        allerte = Allerta.objects.filter(tipo=TipoAllerta.RESTITUITO, superata_il__isnull=True)
        assert set(allerte.values_list("utente", "testo")) == {
            (self.compilatore.pk, "Manca il SAL."),
            (self.responsabile.pk, "Manca il SAL."),
        }
        passaggi.invia(avanzamento_id=avanzamento.pk, autore=self.responsabile)
        assert not allerte.exists()

    def test_un_sollecito_e_superato_quando_arriva_l_ultimo_mese_chiesto(self) -> None:
        altra_opera = intervento()
        sollecita(richieste=[(self.opera.pk, DICEMBRE), (altra_opera.pk, DICEMBRE)], testo="", autore=self.istruttore)
        vivi = Allerta.objects.filter(tipo=TipoAllerta.SOLLECITO, superata_il__isnull=True)
        assert vivi.exists()
        self.inviato()
        assert vivi.exists()
        self.inviato(opera=altra_opera)
        assert not vivi.exists()

    def test_il_mese_dopo_riporta_i_valori_di_prima(self) -> None:
        self.approvato(NOVEMBRE)
        dopo = bozze.apri(intervento_id=self.opera.pk, mese=DICEMBRE, autore=self.compilatore)
        assert dopo.bozza["testa-0-percentuale"] == "10,00"
        assert dopo.bozza["fasi-00313-fine_prevista"] == "2026-03-31"
        assert "testa-0-senza_movimenti" not in dopo.bozza

    def test_una_correzione_e_una_versione_nuova(self) -> None:
        prima = self.approvato(celle=celle_buone() | MOVIMENTI)
        nuova = bozze.correggi(avanzamento_id=prima.pk, motivo="Mandato sbagliato", autore=self.compilatore)
        assert (nuova.versione, nuova.corregge_id, nuova.stato) == (2, prima.pk, StatoAvanzamento.BOZZA)
        bozze.salva(
            avanzamento_id=nuova.pk,
            revisione=0,
            celle={"pagamenti-n2-importo": "100.000"},
            autore=self.compilatore,
        )
        passaggi.invia(avanzamento_id=nuova.pk, autore=self.responsabile)
        assert Situazione.objects.get(intervento=self.opera).pagato == Decimal("120000.10")
        passaggi.approva(avanzamento_id=nuova.pk, autore=self.istruttore)
        assert Situazione.objects.get(intervento=self.opera).pagato == Decimal("100000.00")
        prima.refresh_from_db()
        assert prima.pagato == Decimal("120000.10")
        assert conservate() == calcola()

    def test_un_mese_senza_movimenti_resta_senza_rilievi_e_si_corregge_da_li(self) -> None:
        approvato = self.approvato()
        _contesto, rilievi = bozze.valuta(approvato)
        assert rilievi == []
        nuova = bozze.correggi(avanzamento_id=approvato.pk, motivo="Prova", autore=self.compilatore)
        assert nuova.bozza["testa-0-senza_movimenti"] == "si"

    def test_la_base_dati_rifiuta_di_toccare_un_approvato(self) -> None:
        approvato = self.approvato(celle=celle_buone() | MOVIMENTI)
        pagamento = approvato.pagamenti.get()
        for sql, parametri in (
            ("UPDATE monitoraggio_avanzamento SET percentuale = 99 WHERE id = %s", [approvato.pk]),
            ("DELETE FROM monitoraggio_avanzamento WHERE id = %s", [approvato.pk]),
            ("UPDATE monitoraggio_pagamento SET importo = 1 WHERE id = %s", [pagamento.pk]),
            ("DELETE FROM monitoraggio_pagamento WHERE id = %s", [pagamento.pk]),
        ):
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursore:
                cursore.execute(sql, parametri)
        with pytest.raises(IntegrityError), transaction.atomic():
            approvato.impegni.create(riga="n9", codice="X", data=DICEMBRE, importo=Decimal(1))

    def test_un_mese_si_corregge_col_piano_di_allora_anche_dopo_una_proroga(self) -> None:
        vecchio = self.approvato(NOVEMBRE)
        FasePianificata.objects.filter(intervento=self.opera, fase="00313").update(fine_prevista=date(2026, 6, 30))
        VoceQuadroEconomico.objects.filter(intervento=self.opera).update(importo=Decimal("900000.00"))
        nuova = bozze.correggi(avanzamento_id=vecchio.pk, motivo="Prova", autore=self.compilatore)
        assert bozze.valuta(nuova)[1] == []
        dicembre = bozze.apri(intervento_id=self.opera.pk, mese=DICEMBRE, autore=self.compilatore)
        assert dicembre.bozza["fasi-00313-fine_prevista"] == "2026-06-30"

    def test_un_mese_corretto_non_supera_quello_approvato_dopo(self) -> None:
        novembre = self.approvato(NOVEMBRE)
        self.approvato(DICEMBRE, celle_buone(testa__0__percentuale="20"))
        nuova = bozze.correggi(avanzamento_id=novembre.pk, motivo="Prova", autore=self.compilatore)
        for percento, attesi in (("20", []), ("20,01", ["percentuale_in_calo"])):
            salvato = bozze.salva(
                avanzamento_id=nuova.pk,
                revisione=nuova.revisione,
                celle={"testa-0-percentuale": percento},
                autore=self.compilatore,
            )
            nuova = salvato.avanzamento
            assert [rilievo.controllo.codice for rilievo in salvato.rilievi] == attesi, percento
