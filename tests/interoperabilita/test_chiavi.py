"""Keys of the API: what can be asked for them, how one takes the place of another, how they end, who they act as."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from enti.models import Ente, Utente
from enti.ruoli import RUOLI_PER_TIPO, Ruolo, TipoEnte
from interoperabilita.chiavi import Segreto
from interoperabilita.forms.chiavi import ChiaveForm
from interoperabilita.models import AccessoApi, Ambito, ChiaveApi
from interoperabilita.selectors import chiavi as letture
from interoperabilita.selectors.chiavi import Stato
from interoperabilita.services import chiavi as servizi
from interoperabilita.services.chiavi import ChiaveRifiutata, fra_anni
from monitoraggio.tempo import fine_del_giorno
from registro.models import Evento
from tests.enti.persone import crea_persona
from tests.interoperabilita.chiavi import ministero


def ente(tipo: TipoEnte) -> Ente:
    """A body of a kind; a Comune comes with the reference data, and an «altro» does as well here."""
    return Ente.objects.get_or_create(denominazione=f"Ente {tipo}", defaults={"tipo": tipo})[0]


class ChiaviTestCase(TestCase):
    ada: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        cls.ada = crea_persona(Ruolo.AMMINISTRATORE)

    def crea(self, chi: Ente | None = None, **campi: Any) -> tuple[ChiaveApi, Segreto]:
        dati: dict[str, Any] = {"nome": "Estrazione", "ambiti": [Ambito.CUP], "autore": self.ada} | campi
        return servizi.crea(ente_id=(chi or ministero()).pk, **dati)

    def rifiuto(self, **campi: Any) -> ChiaveRifiutata:
        with pytest.raises(ChiaveRifiutata) as preso:
            self.crea(**campi)
        return preso.value


class NuovaTest(ChiaviTestCase):
    def test_senza_dire_altro_dura_un_anno_fino_a_sera(self) -> None:
        chiave, _ = self.crea()
        assert chiave.scade_il == fine_del_giorno(fra_anni(timezone.localdate(), 1))
        assert chiave.limite_minuto == 600

    def test_la_scadenza_va_da_oggi_a_due_anni(self) -> None:
        oggi = timezone.localdate()
        for giorno in (oggi, fra_anni(oggi, 2)):
            chiave, _ = self.crea(fino_al=giorno)
            assert chiave.valida(fine_del_giorno(giorno) - timedelta(seconds=1))
            assert not chiave.valida(fine_del_giorno(giorno))
        for giorno in (oggi - timedelta(days=1), fra_anni(oggi, 2) + timedelta(days=1)):
            rifiuto = self.rifiuto(fino_al=giorno)
            assert rifiuto.campo == "fino_al"
            assert f"{giorno:%d/%m/%Y}" in str(rifiuto) or "massimo" in str(rifiuto)

    def test_le_richieste_al_minuto_vanno_da_una_a_seimila(self) -> None:
        for limite in (1, 6000):
            assert self.crea(limite_minuto=limite)[0].limite_minuto == limite
        for limite in (0, -1, 6001):
            assert self.rifiuto(limite_minuto=limite).campo == "limite_minuto"

    def test_servono_un_nome_e_almeno_un_ambito_che_esiste(self) -> None:
        assert self.rifiuto(nome="  ").campo == "nome"
        assert self.rifiuto(ambiti=[]).campo == "ambiti"
        assert "«tutto»" in str(self.rifiuto(ambiti=[Ambito.CUP, "tutto"]))

    def test_scrivono_solo_i_comuni_e_gli_altri_attuatori(self) -> None:
        scrive = [Ambito.CUP, Ambito.SCRITTURA]
        for tipo in (TipoEnte.MINISTERO, TipoEnte.CITTA_METROPOLITANA):
            assert self.rifiuto(chi=ente(tipo), ambiti=scrive).campo == "ambiti"
        assert self.crea(ente(TipoEnte.ALTRO), ambiti=scrive)[0].ambiti == ["cup", "scrittura"]

    def test_l_utenza_e_tecnica_e_ha_solo_i_ruoli_del_suo_ente(self) -> None:
        attesi = {
            TipoEnte.MINISTERO: {Ruolo.MINISTERO},
            TipoEnte.CITTA_METROPOLITANA: {Ruolo.CABINA},
            TipoEnte.ALTRO: {Ruolo.COMPILATORE},
        }
        for tipo, ruoli in attesi.items():
            utente = self.crea(ente(tipo))[0].utente
            assert utente.tecnico
            assert not utente.has_usable_password()
            assert utente.email.endswith("@servizi.invalid")
            assert utente.ruoli == ruoli <= RUOLI_PER_TIPO[tipo]
            assert utente.enti == {ente(tipo).pk}

    def test_chi_invia_e_anche_responsabile_e_solo_se_scrive(self) -> None:
        altro = ente(TipoEnte.ALTRO)
        assert self.rifiuto(chi=altro, invia=True).campo == "invia"
        chiave, _ = self.crea(altro, ambiti=[Ambito.SCRITTURA], invia=True)
        assert chiave.utente.ruoli == {Ruolo.COMPILATORE, Ruolo.RESPONSABILE}

    def test_ogni_chiave_ha_la_sua_utenza(self) -> None:
        prima, seconda = self.crea()[0], self.crea()[0]
        assert prima.utente_id != seconda.utente_id

    def test_un_client_id_e_di_una_chiave_sola_finche_non_e_revocata(self) -> None:
        prima, _ = self.crea(client_id=" 9b36 ")
        assert prima.client_id == "9b36"
        assert self.rifiuto(client_id="9b36").campo == "client_id"
        servizi.revoca(chiave_id=prima.pk, motivo="prova", autore=self.ada)
        assert self.crea(client_id="9b36")[0].client_id == "9b36"

    def test_il_registro_dice_chi_l_ha_creata_e_mai_la_chiave(self) -> None:
        chiave, segreto = self.crea()
        evento = Evento.objects.get(tipo_oggetto="interoperabilita.chiaveapi", id_oggetto=str(chiave.pk))
        assert (evento.verbo, evento.autore) == ("chiave creata", self.ada)
        assert evento.dopo is not None
        assert evento.dopo["ambiti"] == ["cup"]
        assert segreto.testo not in str(list(Evento.objects.values()))
        assert segreto.testo not in repr(segreto)

    def test_una_chiave_rifiutata_non_lascia_utenze(self) -> None:
        quante = Utente.objects.count()
        self.rifiuto(limite_minuto=0)
        assert Utente.objects.count() == quante

    def test_il_29_febbraio_diventa_il_28(self) -> None:
        assert fra_anni(date(2028, 2, 29), 1) == date(2029, 2, 28)
        assert fra_anni(date(2027, 2, 28), 1) == date(2028, 2, 28)


class SostituzioneTest(ChiaviTestCase):
    def test_la_nuova_ha_le_stesse_impostazioni_e_la_stessa_utenza(self) -> None:
        vecchia, _ = self.crea(ambiti=[Ambito.CUP, Ambito.PIANI], limite_minuto=77, client_id="abc")
        nuova, segreto = servizi.sostituisci(chiave_id=vecchia.pk, autore=self.ada)
        for campo in ("nome", "ente", "utente", "ambiti", "limite_minuto"):
            assert getattr(nuova, campo) == getattr(vecchia, campo), campo
        assert segreto.impronta == nuova.impronta != vecchia.impronta
        vecchia.refresh_from_db()
        assert (vecchia.client_id, nuova.client_id) == ("", "abc")
        assert nuova.sostituisce == vecchia

    def test_la_vecchia_vale_ancora_per_i_giorni_detti_e_non_oltre(self) -> None:
        for giorni in (0, 7, 30):
            vecchia, _ = self.crea()
            prima = timezone.now()
            nuova, _ = servizi.sostituisci(chiave_id=vecchia.pk, autore=self.ada, giorni=giorni)
            vecchia.refresh_from_db()
            fine = nuova.creata_il + timedelta(days=giorni)
            assert prima <= nuova.creata_il
            assert vecchia.valida(fine - timedelta(microseconds=1))
            assert not vecchia.valida(fine)
            assert nuova.valida(fine)

    def test_i_giorni_vanno_da_zero_a_trenta(self) -> None:
        vecchia, _ = self.crea()
        for giorni in (-1, 31):
            with pytest.raises(ChiaveRifiutata, match="da 0 a 30"):
                servizi.sostituisci(chiave_id=vecchia.pk, autore=self.ada, giorni=giorni)

    def test_la_vecchia_non_dura_mai_piu_di_prima(self) -> None:
        domani = timezone.localdate() + timedelta(days=1)
        vecchia, _ = self.crea(fino_al=domani)
        servizi.sostituisci(chiave_id=vecchia.pk, autore=self.ada, giorni=30)
        vecchia.refresh_from_db()
        assert vecchia.scade_il == fine_del_giorno(domani)

    def test_una_scaduta_si_sostituisce_e_resta_scaduta(self) -> None:
        vecchia, _ = self.crea()
        ieri = timezone.now() - timedelta(days=1)
        ChiaveApi.objects.filter(pk=vecchia.pk).update(creata_il=ieri - timedelta(days=1), scade_il=ieri)
        nuova, _ = servizi.sostituisci(chiave_id=vecchia.pk, autore=self.ada)
        vecchia.refresh_from_db()
        assert vecchia.scade_il == ieri
        assert nuova.valida(timezone.now())

    def test_non_si_sostituisce_due_volte_ne_dopo_la_revoca(self) -> None:
        vecchia, _ = self.crea()
        servizi.sostituisci(chiave_id=vecchia.pk, autore=self.ada)
        with pytest.raises(ChiaveRifiutata, match="già stata sostituita"):
            servizi.sostituisci(chiave_id=vecchia.pk, autore=self.ada)
        altra, _ = self.crea()
        servizi.revoca(chiave_id=altra.pk, motivo="prova", autore=self.ada)
        with pytest.raises(ChiaveRifiutata, match="revocata"):
            servizi.sostituisci(chiave_id=altra.pk, autore=self.ada)

    def test_un_token_personale_non_lo_rifa_l_amministratore(self) -> None:
        token, _ = servizi.crea_personale(
            nome="Foglio", ambiti=[Ambito.CUP], fino_al=timezone.localdate(), autore=self.ada
        )
        with pytest.raises(ChiaveRifiutata, match="solo la persona"):
            servizi.sostituisci(chiave_id=token.pk, autore=self.ada)


class RevocaTest(ChiaviTestCase):
    def test_serve_un_motivo_e_resta_scritto(self) -> None:
        chiave, _ = self.crea()
        with pytest.raises(ChiaveRifiutata) as rifiuto:
            servizi.revoca(chiave_id=chiave.pk, motivo=" ", autore=self.ada)
        assert rifiuto.value.campo == "motivo"
        servizi.revoca(chiave_id=chiave.pk, motivo="Persa", autore=self.ada)
        chiave.refresh_from_db()
        assert not chiave.valida(timezone.now())
        assert (chiave.revocata_da, chiave.motivo_revoca) == (self.ada, "Persa")
        evento = Evento.objects.filter(verbo="chiave revocata").get()
        assert (evento.autore, evento.nota) == (self.ada, "Persa")

    def test_non_si_revoca_due_volte(self) -> None:
        chiave, _ = self.crea()
        servizi.revoca(chiave_id=chiave.pk, motivo="Persa", autore=self.ada)
        with pytest.raises(ChiaveRifiutata, match="già stata revocata"):
            servizi.revoca(chiave_id=chiave.pk, motivo="Di nuovo", autore=self.ada)
        assert Evento.objects.filter(verbo="chiave revocata").count() == 1


class ModificaTest(ChiaviTestCase):
    def test_cambia_nome_limite_e_client_id_e_lo_scrive_una_volta(self) -> None:
        chiave, _ = self.crea()
        for _volta in range(2):
            servizi.modifica(chiave_id=chiave.pk, nome="Altro", limite_minuto=9, client_id="c", autore=self.ada)
        chiave.refresh_from_db()
        assert (chiave.nome, chiave.limite_minuto, chiave.client_id) == ("Altro", 9, "c")
        evento = Evento.objects.filter(verbo="chiave modificata").get()
        assert evento.prima is not None
        assert evento.prima["limite_minuto"] == 600

    def test_il_client_id_di_un_altra_e_rifiutato(self) -> None:
        self.crea(client_id="c")
        chiave, _ = self.crea()
        with pytest.raises(ChiaveRifiutata) as rifiuto:
            servizi.modifica(chiave_id=chiave.pk, nome="X", limite_minuto=9, client_id="c", autore=self.ada)
        assert rifiuto.value.campo == "client_id"


class TokenTest(ChiaviTestCase):
    def token(self, chi: Utente, **campi: Any) -> tuple[ChiaveApi, Segreto]:
        dati: dict[str, Any] = {"nome": "Foglio", "ambiti": [Ambito.CUP], "fino_al": timezone.localdate()} | campi
        return servizi.crea_personale(autore=chi, **dati)

    def test_e_solo_per_il_personale_che_agisce_come_se_stesso(self) -> None:
        for ruolo in Ruolo:
            chi = self.ada if ruolo == Ruolo.AMMINISTRATORE else crea_persona(ruolo)
            if ruolo in {Ruolo.ISTRUTTORE, Ruolo.COORDINATORE, Ruolo.AMMINISTRATORE}:
                chiave, _ = self.token(chi)
                assert (chiave.utente, chiave.personale, chiave.client_id) == (chi, True, "")
                assert chiave.ente_id in chi.enti
            else:
                with pytest.raises(ChiaveRifiutata, match="personale della Città metropolitana"):
                    self.token(chi)

    def test_legge_soltanto(self) -> None:
        with pytest.raises(ChiaveRifiutata) as rifiuto:
            self.token(self.ada, ambiti=list(Ambito))
        assert rifiuto.value.campo == "ambiti"
        assert len(self.token(self.ada, ambiti=servizi.DI_LETTURA)[0].ambiti) == len(Ambito) - 1

    def test_dura_al_massimo_un_anno(self) -> None:
        ultimo = fra_anni(timezone.localdate(), 1)
        assert self.token(self.ada, fino_al=ultimo)[0].scade_il == fine_del_giorno(ultimo)
        with pytest.raises(ChiaveRifiutata, match="massimo"):
            self.token(self.ada, fino_al=ultimo + timedelta(days=1))


class StatoTest(ChiaviTestCase):
    def test_lo_stato_cambia_alle_sue_soglie(self) -> None:
        chiave, _ = self.crea()
        adesso = timezone.now()
        attimo = timedelta(microseconds=1)

        def stato(scade_il: Any, *, sostituita: bool = False) -> Stato:
            chiave.scade_il = scade_il
            return letture.stato(chiave, adesso, sostituita=sostituita)

        mese = timedelta(days=30)
        assert stato(adesso + mese + attimo) is Stato.VALIDA
        assert stato(adesso + mese) is Stato.IN_SCADENZA
        assert stato(adesso + attimo) is Stato.IN_SCADENZA
        assert stato(adesso + attimo, sostituita=True) is Stato.IN_SOSTITUZIONE
        assert stato(adesso) is Stato.SCADUTA
        assert stato(adesso, sostituita=True) is Stato.SCADUTA
        chiave.revocata_il = adesso
        assert stato(adesso + mese) is Stato.REVOCATA

    def test_l_ultimo_uso_e_i_conti_vengono_dagli_accessi(self) -> None:
        chiave, _ = self.crea()
        adesso = timezone.now()
        assert letture.righe(letture.chiavi(adesso), adesso)[0].ultimo_uso is None
        for esito, indietro in ((200, 0), (304, 0), (429, 0), (500, 1), (200, 13), (200, 14)):
            AccessoApi.objects.create(
                chiave=chiave,
                metodo="GET",
                indirizzo="/api/v1/cup",
                esito=esito,
                millisecondi=1,
                quando=adesso - timedelta(days=indietro, seconds=1),
            )
        assert letture.righe(letture.chiavi(adesso), adesso)[0].ultimo_uso == adesso - timedelta(seconds=1)
        giorni = letture.per_giorno(chiave, adesso)
        assert len(giorni) == 14
        assert giorni[0].giorno == timezone.localdate(adesso)
        assert sum(giorno.totale for giorno in giorni) == 5
        assert sum(giorno.rifiutate for giorno in giorni) == 1
        assert sum(giorno.guasti for giorno in giorni) == 1


class SegretoTest(ChiaviTestCase):
    """The key is on one page, once; nowhere in the database, nor in what the portal writes of itself."""

    def tutto_il_database(self) -> str:
        testi = []
        with connection.cursor() as cursore:
            for tabella in connection.introspection.table_names(cursore):
                cursore.execute(f'SELECT * FROM "{tabella}"')  # noqa: S608 every table there is
                testi.append(str(cursore.fetchall()))
        return "\n".join(testi)

    def test_la_chiave_non_e_nel_database_ne_nel_diario(self) -> None:
        self.client.force_login(self.ada)
        with self.assertLogs(level="DEBUG") as diario:
            risposta = self.client.post(
                reverse("chiave-nuova"),
                {
                    "ente_id": ministero().pk,
                    "nome": "Estrazione",
                    "ambiti": ["cup"],
                    "fino_al": timezone.localdate().isoformat(),
                    "limite_minuto": "600",
                },
            )
            segreto = risposta.context["segreto"]
            assert risposta.content.decode().count(segreto) == 2
            for indirizzo in ("/api/v1/cup", "/api/v1/cup?limit=tanti", "/api/v1/niente"):
                self.client.get(indirizzo, headers={"authorization": f"Bearer {segreto}"})
                self.client.get(indirizzo, headers={"authorization": f"Basic {segreto}"})
                self.client.get(indirizzo, headers={"authorization": f"Bearer {segreto}x"})
        assert AccessoApi.objects.count() == 9
        chiave = ChiaveApi.objects.get()
        dentro = self.tutto_il_database()
        assert chiave.impronta in dentro
        assert segreto not in dentro
        assert segreto not in "\n".join(diario.output)
        for nome in ("chiave", "chiave-modifica", "chiave-sostituisci", "chiave-revoca"):
            assert segreto not in self.client.get(reverse(nome, args=[chiave.pk])).content.decode()

    def test_la_pagina_che_la_mostra_non_si_conserva(self) -> None:
        self.client.force_login(self.ada)
        risposta = self.client.post(
            reverse("token-personale-nuovo"),
            {"nome": "Foglio", "ambiti": ["cup"], "fino_al": timezone.localdate().isoformat()},
        )
        assert risposta.status_code == 200
        assert risposta["Cache-Control"] == "no-store"
        assert risposta.context["segreto"] in risposta.content.decode()

    def test_sono_256_bit_casuali(self) -> None:
        tante = {Segreto.nuovo().testo for _ in range(200)}
        assert len(tante) == 200
        assert {len(testo) for testo in tante} == {len("psttm_") + 43}

    def test_il_modulo_non_chiede_nulla_che_sia_un_segreto(self) -> None:
        assert set(ChiaveForm.base_fields) == {
            "ente_id", "nome", "ambiti", "invia", "fino_al", "limite_minuto", "client_id",
        }  # fmt: skip
