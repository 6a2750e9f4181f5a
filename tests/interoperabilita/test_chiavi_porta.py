"""The door of the API: which keys open it, how often, and what it says when it stays closed."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from enti import services as enti
from enti.models import Appartenenza, Utente
from enti.ruoli import Ruolo
from interoperabilita import limiti
from interoperabilita.models import AccessoApi, Ambito, ChiaveApi
from interoperabilita.services import chiavi as servizi
from tests.enti.persone import crea_persona
from tests.interoperabilita.chiavi import consumatore, di, ministero

ELENCO = "/api/v1/cup"
SFIDA = 'Bearer realm="API del Portale PNRR"'


def col(segreto: str, tipo: str = "Bearer") -> Client:
    return Client(headers={"authorization": f"{tipo} {segreto}"})


def problema(risposta: Any, stato: int) -> dict[str, Any]:
    """What the refusal says, which must be problem details (RFC 9457), with the headers that every answer has."""
    assert risposta.status_code == stato
    assert risposta["Content-Type"] == "application/problem+json"
    assert {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "X-Request-ID"} <= set(risposta.headers)
    assert "Set-Cookie" not in risposta.headers
    corpo: dict[str, Any] = risposta.json()
    assert corpo["status"] == stato
    assert corpo["title"]
    assert corpo["detail"]
    return corpo


class PortaTest(TestCase):
    def setUp(self) -> None:
        cache.clear()

    def rifiutata(self, risposta: Any, parola: str) -> None:
        assert parola in problema(risposta, 401)["detail"]
        assert risposta["WWW-Authenticate"] == f'{SFIDA}, error="invalid_token"'

    def test_una_chiave_buona_apre_e_non_lascia_sessioni(self) -> None:
        risposta = consumatore().get(ELENCO)
        assert risposta.status_code == 200
        assert not risposta.cookies

    def test_senza_chiave_si_chiede_una_chiave(self) -> None:
        risposta = Client().get(ELENCO)
        problema(risposta, 401)
        assert risposta["WWW-Authenticate"].startswith("Bearer ")

    def test_una_chiave_sbagliata_e_rifiutata(self) -> None:
        buona = consumatore().segreto
        for storta in (buona[:-1], buona + "x", "psttm_", buona.upper()):
            self.rifiutata(col(storta).get(ELENCO), "copiata tutta")

    def test_un_intestazione_di_altro_tipo_e_rifiutata(self) -> None:
        buona = consumatore()
        for scritto in (f"Basic {buona.segreto}", "Bearer", "Bearer ", buona.segreto):
            self.rifiutata(Client(headers={"authorization": scritto}).get(ELENCO), "Bearer")
        assert col(buona.segreto, "bearer").get(ELENCO).status_code == 200

    def test_una_chiave_nell_indirizzo_non_apre(self) -> None:
        buona = consumatore()
        for nome in ("api_key", "access_token", "key"):
            problema(Client().get(f"{ELENCO}?{nome}={buona.segreto}"), 401)

    def test_la_scadenza_dai_due_lati(self) -> None:
        chi = consumatore(scade_il=timezone.now() + timedelta(minutes=5))
        assert chi.get(ELENCO).status_code == 200
        ChiaveApi.objects.filter(pk=chi.chiave.pk).update(
            creata_il=timezone.now() - timedelta(days=1), scade_il=timezone.now()
        )
        self.rifiutata(chi.get(ELENCO), "scaduta")

    def test_una_chiave_revocata_smette_subito(self) -> None:
        chi = consumatore()
        assert chi.get(ELENCO).status_code == 200
        servizi.revoca(chiave_id=chi.chiave.pk, motivo="prova", autore=chi.chiave.utente)
        self.rifiutata(chi.get(ELENCO), "revocata")

    def test_la_vecchia_e_la_nuova_aprono_tutte_e_due_finche_dura_il_passaggio(self) -> None:
        ada = crea_persona(Ruolo.AMMINISTRATORE)
        vecchia, segreto = servizi.crea(ente_id=ministero().pk, nome="E", ambiti=[Ambito.CUP], autore=ada)
        _nuova, altro = servizi.sostituisci(chiave_id=vecchia.pk, autore=ada, giorni=7)
        assert [col(s.testo).get(ELENCO).status_code for s in (segreto, altro)] == [200, 200]
        passati = timezone.now() - timedelta(days=7)
        ChiaveApi.objects.filter(pk=vecchia.pk).update(creata_il=passati, scade_il=timezone.now())
        assert [col(s.testo).get(ELENCO).status_code for s in (segreto, altro)] == [401, 200]

    def test_con_zero_giorni_la_vecchia_smette_subito(self) -> None:
        ada = crea_persona(Ruolo.AMMINISTRATORE)
        vecchia, segreto = servizi.crea(ente_id=ministero().pk, nome="E", ambiti=[Ambito.CUP], autore=ada)
        _nuova, altro = servizi.sostituisci(chiave_id=vecchia.pk, autore=ada, giorni=0)
        assert [col(s.testo).get(ELENCO).status_code for s in (segreto, altro)] == [401, 200]

    def test_un_utenza_chiusa_chiude_la_chiave(self) -> None:
        chi = consumatore()
        Utente.objects.filter(pk=chi.chiave.utente_id).update(is_active=False)
        self.rifiutata(chi.get(ELENCO), "chiusa")

    def test_senza_ruoli_la_chiave_non_apre_nulla(self) -> None:
        chi = consumatore(ruoli=())
        assert problema(chi.get(ELENCO), 403)

    def test_un_ruolo_finito_chiude_e_uno_che_finisce_oggi_no(self) -> None:
        chi = consumatore()
        oggi = timezone.localdate()
        sue = Appartenenza.objects.filter(utente=chi.chiave.utente)
        sue.update(dal=oggi - timedelta(days=9), al=oggi)
        assert chi.get(ELENCO).status_code == 200
        sue.update(al=oggi - timedelta(days=1))
        problema(chi.get(ELENCO), 403)

    def test_un_token_personale_vale_finche_si_e_del_personale(self) -> None:
        irene = crea_persona(Ruolo.ISTRUTTORE)
        oggi = timezone.localdate()
        _token, segreto = servizi.crea_personale(nome="Foglio", ambiti=[Ambito.CUP], fino_al=oggi, autore=irene)
        assert col(segreto.testo).get(ELENCO).status_code == 200
        enti.revoca_ruolo(appartenenza_id=irene.appartenenze.get().pk, autore=None)
        self.rifiutata(col(segreto.testo).get(ELENCO), "del personale")

    def test_la_chiave_non_entra_nelle_pagine(self) -> None:
        chi = di(crea_persona(Ruolo.AMMINISTRATORE), ministero())
        for nome in ("chiavi", "interventi", "home"):
            risposta = chi.get(reverse(nome))
            assert not risposta.wsgi_request.user.is_authenticated

    def test_dal_browser_si_legge_e_per_scrivere_serve_una_chiave(self) -> None:
        self.client.force_login(crea_persona(Ruolo.RESPONSABILE))
        assert self.client.get(ELENCO).status_code == 200
        for metodo in (self.client.post, self.client.put, self.client.patch, self.client.delete):
            risposta = metodo(ELENCO)
            problema(risposta, 401)
            assert risposta["WWW-Authenticate"] == SFIDA

    def test_ogni_richiesta_e_annotata_col_numero_che_il_client_ha_avuto(self) -> None:
        chi = consumatore()
        risposte = [chi.get(f"{ELENCO}?limit=1"), chi.get(f"{ELENCO}?limit=0"), Client().get(ELENCO)]
        accessi = list(AccessoApi.objects.order_by("pk"))
        assert [accesso.esito for accesso in accessi] == [200, 400, 401]
        assert [str(accesso.azione) for accesso in accessi] == [r["X-Request-ID"] for r in risposte]
        assert [accesso.chiave_id for accesso in accessi] == [chi.chiave.pk, chi.chiave.pk, None]
        assert accessi[0].indirizzo == f"{ELENCO}?limit=1"
        assert accessi[0].utente == chi.chiave.utente
        assert accessi[0].origine == "127.0.0.1"


class LimiteTest(TestCase):
    """Time stands still while one counts: a minute that ends between two requests would count from zero again."""

    def setUp(self) -> None:
        cache.clear()
        self.adesso = 1_800_000_000 + 15
        con = pytest.MonkeyPatch()
        con.setattr(limiti, "time", lambda: self.adesso)
        self.addCleanup(con.undo)
        self.addCleanup(cache.clear)

    def test_l_ultima_ammessa_passa_e_quella_dopo_no(self) -> None:
        chi = consumatore(limite_minuto=3)
        risposte = [chi.get(ELENCO) for _ in range(4)]
        assert [risposta.status_code for risposta in risposte] == [200, 200, 200, 429]
        assert [risposta["X-RateLimit-Remaining"] for risposta in risposte] == ["2", "1", "0", "0"]
        assert {risposta["X-RateLimit-Limit"] for risposta in risposte} == {"3"}
        assert "3 richieste al minuto" in problema(risposte[-1], 429)["detail"]
        assert risposte[-1]["Retry-After"] == risposte[-1]["X-RateLimit-Reset"] == "45"

    def test_finito_il_minuto_si_ricomincia(self) -> None:
        chi = consumatore(limite_minuto=1)
        assert chi.get(ELENCO).status_code == 200
        self.adesso += 44
        ultima = chi.get(ELENCO)
        assert (ultima.status_code, ultima["Retry-After"]) == (429, "1")
        self.adesso += 1
        assert chi.get(ELENCO).status_code == 200

    def test_ogni_chiave_ha_il_suo_conto(self) -> None:
        una, altra = consumatore(limite_minuto=1), consumatore(limite_minuto=1)
        assert [una.get(ELENCO).status_code, una.get(ELENCO).status_code] == [200, 429]
        assert altra.get(ELENCO).status_code == 200

    def test_chi_sbaglia_chiave_e_contato_per_indirizzo(self) -> None:
        with self.settings(API_LIMITE_ANONIMI=2):
            esiti = [col("psttm_sbagliata").get(ELENCO).status_code for _ in range(3)]
        assert esiti == [401, 401, 429]

    def test_una_chiave_revocata_oltre_il_limite_e_contata_lo_stesso(self) -> None:
        chi = consumatore(limite_minuto=1, revocata_il=timezone.now())
        assert [chi.get(ELENCO).status_code for _ in range(2)] == [401, 429]

    def test_chi_e_entrato_dal_browser_ha_il_limite_delle_persone(self) -> None:
        self.client.force_login(crea_persona(Ruolo.CABINA))
        with self.settings(API_LIMITE_PERSONE=2):
            esiti = [self.client.get(ELENCO).status_code for _ in range(3)]
        assert esiti == [200, 200, 429]


@pytest.fixture
def conto_nuovo() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.mark.usefixtures("conto_nuovo")
@pytest.mark.django_db(transaction=True)
def test_sei_usi_insieme_della_stessa_chiave_vanno_tutti_bene(live_server: LiveServer) -> None:
    chi = consumatore()

    def chiedi(_numero: int) -> tuple[int, str]:
        # Not a list: of those each process answers only so many at once (`interoperabilita.posti`).
        richiesta = urllib.request.Request(  # noqa: S310 our own address
            f"{live_server.url}/api/v1/status", headers={"Authorization": f"Bearer {chi.segreto}"}
        )
        with urllib.request.urlopen(richiesta, timeout=60) as risposta:  # noqa: S310
            return int(risposta.status), risposta.headers["X-RateLimit-Limit"]

    with ThreadPoolExecutor(6) as insieme:
        esiti = list(insieme.map(chiedi, range(24)))
    assert esiti == [(200, str(chi.chiave.limite_minuto))] * 24
    assert AccessoApi.objects.filter(chiave=chi.chiave, esito=200).count() == 24
