"""Variazioni: asked by an act, decided by others, applied at once, with what stood before still there."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from enti.ruoli import Ruolo
from interventi.models import Intervento, VoceQuadroEconomico
from monitoraggio.flusso import TransizioneNonPermessa
from monitoraggio.models import Allerta, FasePianificata, Situazione, Traguardo, Variazione
from monitoraggio.services import traguardi
from monitoraggio.services.variazioni import Chiesto, VariazioneRifiutata
from monitoraggio.services.variazioni import chiedi as chiedi_vera
from registro.models import Evento
from registro.storia import salva
from tests.enti.persone import crea_persona
from tests.monitoraggio.variazioni_di_prova import FINE, SCADENZA, VariazioniTestCase, del_comune, ente

UN_GIORNO = timedelta(days=1)


class ChiedereTestCase(VariazioniTestCase):
    def test_la_richiesta_conserva_cio_che_c_e_adesso_e_non_cambia_nulla(self) -> None:
        proroga = self.proroga()
        assert (proroga.stato, proroga.data_prima, proroga.data_dopo) == ("richiesta", SCADENZA, date(2025, 9, 30))
        variante = self.chiedi("variante", voci={"lavori": Decimal("850.00"), "imprevisti": Decimal("100.00")})
        assert (variante.importo_prima, variante.importo_dopo) == (Decimal("900.00"), Decimal("950.00"))
        voce = variante.voci.get()
        assert (voce.voce, voce.importo_prima, voce.importo_dopo) == ("lavori", Decimal("800.00"), Decimal("850.00"))
        cambio = self.chiedi("attuatore", attuatore_dopo_id=ente("Bresso").pk)
        assert (cambio.attuatore_prima, cambio.attuatore_dopo) == (ente("Rho"), ente("Bresso"))
        self.intervento.refresh_from_db()
        assert Traguardo.objects.get(intervento=self.intervento).scadenza == SCADENZA
        assert VoceQuadroEconomico.objects.get(intervento=self.intervento, voce="lavori").importo == 800
        assert self.intervento.soggetto_attuatore == ente("Rho")

    def test_chiedere_si_scrive_nel_registro_e_avvisa_chi_decide(self) -> None:
        proroga = self.proroga()
        evento = Evento.objects.get(verbo="richiesta", id_oggetto=str(proroga.pk))
        assert evento.autore == self.responsabile
        assert evento.dopo is not None
        assert "dal 30/06/2025 al 30/09/2025" in evento.dopo["richiesta"]
        assert Allerta.objects.filter(utente=self.istruttore, superata_il__isnull=True).count() == 1

    def test_una_proroga_va_in_avanti_di_almeno_un_giorno(self) -> None:
        for giorno in (SCADENZA - UN_GIORNO, SCADENZA):
            with pytest.raises(VariazioneRifiutata) as rifiuto:
                self.proroga(giorno)
            assert rifiuto.value.campo == "data_dopo"
        assert self.proroga(SCADENZA + UN_GIORNO).pk

    def test_si_proroga_una_cosa_sola_e_dell_intervento(self) -> None:
        nazionale = Traguardo.objects.get(codice="M5C2-14")
        suo = Traguardo.objects.get(intervento=self.intervento)
        for chiesto in (
            {},
            {"traguardo_id": suo.pk, "fase": "00313"},
            {"traguardo_id": nazionale.pk},
            {"fase": "00314"},
        ):
            with pytest.raises(VariazioneRifiutata) as rifiuto:
                self.chiedi("proroga", data_dopo=date(2027, 1, 1), **chiesto)
            assert rifiuto.value.campo == "oggetto"

    def test_una_variante_senza_differenze_o_con_importi_negativi_si_rifiuta(self) -> None:
        for voci in ({"lavori": Decimal("800.00")}, {"lavori": Decimal("-0.01")}, {"nessuna": Decimal("1")}):
            with pytest.raises(VariazioneRifiutata) as rifiuto:
                self.chiedi("variante", voci=voci)
            assert rifiuto.value.campo == "voci"
        assert self.chiedi("variante", voci={"lavori": Decimal("800.01")}).importo_dopo == Decimal("900.01")

    def test_le_economie_non_superano_il_finanziamento_al_centesimo(self) -> None:
        for importo in ("0.00", "1000.01"):
            with pytest.raises(VariazioneRifiutata) as rifiuto:
                self.chiedi("economia", importo_dopo=Decimal(importo))
            assert rifiuto.value.campo == "importo_dopo"
        assert self.chiedi("economia", importo_dopo=Decimal("1000.00")).pk

    def test_l_atto_non_e_di_domani(self) -> None:
        oggi = timezone.localdate()
        chiesto = Chiesto(data_dopo=oggi)

        def del_giorno(giorno: date) -> Variazione:
            return chiedi_vera(
                intervento_id=self.intervento.pk,
                tipo="revoca",
                chiesto=chiesto,
                atto="Determina",
                data_atto=giorno,
                motivo="Non si fa più.",
                autore=self.responsabile,
            )

        with pytest.raises(VariazioneRifiutata) as rifiuto:
            del_giorno(oggi + UN_GIORNO)
        assert rifiuto.value.campo == "data_atto"
        assert del_giorno(oggi).pk

    def test_due_richieste_uguali_da_decidere_non_si_fanno_ma_due_economie_si(self) -> None:
        prima = self.proroga()
        with pytest.raises(VariazioneRifiutata, match=f"n. {prima.pk}"):
            self.proroga(date(2025, 12, 31))
        self.chiedi("proroga", fase="00313", data_dopo=date(2026, 3, 31))
        for _ in range(2):
            self.chiedi("economia", importo_dopo=Decimal("10.00"))
        self.decidi(prima, "ritira", self.responsabile)
        assert self.proroga(date(2025, 12, 31)).pk

    def test_la_chiede_chi_attua_l_intervento_o_l_ufficio_e_nessun_altro(self) -> None:
        for chi in (self.altro_comune, crea_persona(Ruolo.CABINA)):
            with pytest.raises(Intervento.DoesNotExist):
                self.proroga(autore=chi)
        assert self.proroga(autore=self.istruttore).richiesta_da == self.istruttore

    def test_la_vede_chi_attua_l_intervento_e_chi_vede_tutto(self) -> None:
        proroga = self.proroga()
        visibili = Variazione.objects.visibili_a
        for chi in (self.responsabile, self.istruttore, crea_persona(Ruolo.CABINA)):
            assert visibili(chi).filter(pk=proroga.pk).exists()
        assert not visibili(self.altro_comune).exists()


class DecidereTestCase(VariazioniTestCase):
    def test_accogliere_una_proroga_sposta_la_scadenza_con_lo_stesso_atto(self) -> None:
        proroga = self.decidi(self.proroga(), "accogli", motivo="Concessa.")
        traguardo = Traguardo.objects.get(intervento=self.intervento)
        assert (traguardo.scadenza, traguardo.scadenza_iniziale) == (date(2025, 9, 30), SCADENZA)
        mossa = traguardo.spostamenti.get()
        assert (mossa.da, mossa.a, mossa.variazione, mossa.atto) == (
            SCADENZA,
            date(2025, 9, 30),
            proroga,
            "Determina n. 1",
        )
        assert (proroga.stato, proroga.decisa_da, proroga.data_prima) == ("accolta", self.istruttore, SCADENZA)
        assert set(Evento.objects.filter(autore=self.istruttore).values_list("verbo", flat=True)) == {
            "scadenza spostata",
            "accolta",
        }

    def test_accogliere_la_proroga_di_una_fase_cambia_la_fine_e_non_quella_d_origine(self) -> None:
        chiesta = self.chiedi("proroga", fase="00313", data_dopo=date(2026, 3, 31))
        assert chiesta.data_prima == FINE
        self.decidi(chiesta, "accogli")
        fase = FasePianificata.objects.get(intervento=self.intervento)
        assert (fase.fine_prevista, fase.fine_iniziale) == (date(2026, 3, 31), FINE)
        assert fase.storico.first().history_user == self.istruttore

    def test_accogliere_una_variante_scrive_le_voci_che_cambiano_con_la_loro_storia(self) -> None:
        voci = {"lavori": Decimal("850.00"), "imprevisti": Decimal("0.00"), "iva": Decimal("99.99")}
        visto = Intervento.objects.get(pk=self.intervento.pk).aggiornato
        self.decidi(self.chiedi("variante", voci=voci), "accogli")
        righe = VoceQuadroEconomico.objects.filter(intervento=self.intervento)
        assert dict(righe.values_list("voce", "importo")) == voci
        assert righe.get(voce="lavori").storico.first().history_user == self.istruttore
        # Whoever has the form of the intervento open will be told.
        assert Intervento.objects.get(pk=self.intervento.pk).aggiornato > visto

    def test_una_variante_superata_da_un_altra_modifica_non_la_sovrascrive(self) -> None:
        chiesta = self.chiedi("variante", voci={"lavori": Decimal("850.00")})
        voce = VoceQuadroEconomico.objects.get(intervento=self.intervento, voce="lavori")
        voce.importo = Decimal("820.00")
        salva(voce, autore=None)
        with pytest.raises(VariazioneRifiutata, match="cambiato dopo la richiesta"):
            self.decidi(chiesta, "accogli")
        voce.refresh_from_db()
        chiesta.refresh_from_db()
        assert (voce.importo, chiesta.stato) == (Decimal("820.00"), "richiesta")
        self.decidi(chiesta, "respingi", motivo="Il quadro è cambiato.")

    def test_una_variante_non_si_applica_se_e_cambiata_un_altra_voce(self) -> None:
        chiesta = self.chiedi("variante", voci={"lavori": Decimal("850.00")})
        salva(VoceQuadroEconomico(intervento=self.intervento, voce="iva", importo=Decimal("0.01")), autore=None)
        with pytest.raises(VariazioneRifiutata, match="altre voci"):
            self.decidi(chiesta, "accogli")

    def test_una_proroga_superata_da_un_altro_atto_non_si_applica(self) -> None:
        chiesta = self.proroga()
        traguardi.sposta(
            traguardo_id=Traguardo.objects.get(intervento=self.intervento).pk,
            scadenza=date(2025, 7, 31),
            atto="Decreto n. 2",
            data_atto=date(2025, 2, 1),
            motivo="Altro.",
            autore=crea_persona(Ruolo.COORDINATORE),
        )
        with pytest.raises(VariazioneRifiutata, match="cambiata nel frattempo"):
            self.decidi(chiesta, "accogli")
        chiesta.refresh_from_db()
        assert chiesta.stato == "richiesta"

    def test_le_economie_accolte_si_sommano_nella_situazione(self) -> None:
        for importo in ("10.01", "20.02"):
            self.decidi(self.chiedi("economia", importo_dopo=Decimal(importo)), "accogli")
        self.decidi(self.chiedi("economia", importo_dopo=Decimal("5.00")), "respingi", motivo="Non documentata.")
        assert Situazione.objects.get(intervento=self.intervento).economie == Decimal("30.03")

    def test_due_economie_che_insieme_superano_il_finanziamento_non_si_accolgono_entrambe(self) -> None:
        prima, seconda = (self.chiedi("economia", importo_dopo=Decimal("500.01")) for _ in range(2))
        self.decidi(prima, "accogli")
        with pytest.raises(VariazioneRifiutata, match="supererebbero"):
            self.decidi(seconda, "accogli")

    def test_la_revoca_accolta_sta_nella_situazione_e_ferma_le_altre_richieste(self) -> None:
        self.decidi(self.chiedi("revoca", data_dopo=date(2025, 3, 1)), "accogli")
        assert Situazione.objects.get(intervento=self.intervento).revocata_il == date(2025, 3, 1)
        with pytest.raises(VariazioneRifiutata, match="revocato dal 01/03/2025"):
            self.proroga()
        assert self.chiedi("economia", importo_dopo=Decimal("1.00")).pk

    def test_il_cambio_di_attuatore_accolto_passa_l_intervento_all_altro_ente(self) -> None:
        chiesta = self.decidi(self.chiedi("attuatore", attuatore_dopo_id=ente("Bresso").pk), "accogli")
        self.intervento.refresh_from_db()
        assert self.intervento.soggetto_attuatore == ente("Bresso")
        assert chiesta.attuatore_prima == ente("Rho")
        assert not Variazione.objects.visibili_a(self.responsabile).exists()
        assert Variazione.objects.visibili_a(self.altro_comune).filter(pk=chiesta.pk).exists()

    def test_nessuno_decide_cio_che_ha_chiesto(self) -> None:
        chiesta = self.proroga(autore=self.istruttore)
        for passaggio in ("accogli", "respingi"):
            with pytest.raises(TransizioneNonPermessa, match="L'hai chiesta tu"):
                self.decidi(chiesta, passaggio, motivo="Sì.")
        assert self.decidi(chiesta, "accogli", crea_persona(Ruolo.COORDINATORE)).stato == "accolta"

    def test_la_decide_l_ufficio_e_non_il_comune(self) -> None:
        chiesta = self.proroga()
        collega = del_comune("Rho", Ruolo.COMPILATORE)
        for chi in (collega, self.altro_comune, crea_persona(Ruolo.CABINA)):
            for passaggio in ("accogli", "respingi"):
                with pytest.raises(Variazione.DoesNotExist):
                    self.decidi(chiesta, passaggio, chi, "x")
        assert self.decidi(chiesta, "ritira", collega).stato == "ritirata"

    def test_respingere_vuole_il_motivo_e_non_cambia_nulla(self) -> None:
        chiesta = self.proroga()
        with pytest.raises(TransizioneNonPermessa, match="serve il motivo"):
            self.decidi(chiesta, "respingi", motivo="  ")
        respinta = self.decidi(chiesta, "respingi", motivo="Manca l'atto.")
        assert (respinta.stato, respinta.motivo_decisione) == ("respinta", "Manca l'atto.")
        assert Traguardo.objects.get(intervento=self.intervento).scadenza == SCADENZA
        assert Evento.objects.get(verbo="respinta").nota == "Manca l'atto."

    def test_cio_che_e_deciso_non_si_decide_ancora(self) -> None:
        chiesta = self.decidi(self.proroga(), "accogli")
        for passaggio in ("accogli", "respingi", "ritira"):
            with pytest.raises(TransizioneNonPermessa, match="già"):
                self.decidi(chiesta, passaggio, motivo="x")
        assert Evento.objects.filter(verbo="accolta").count() == 1

    def test_la_decisione_avvisa_chi_ha_chiesto_e_toglie_l_avviso_a_chi_decideva(self) -> None:
        self.decidi(self.proroga(), "respingi", motivo="Manca l'atto.")
        assert Allerta.objects.get(utente=self.responsabile).testo == "Manca l'atto."
        assert not Allerta.objects.filter(utente=self.istruttore, superata_il__isnull=True).exists()
