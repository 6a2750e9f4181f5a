"""The pages of the keys: made, shown once, replaced and revoked by hand; the personal tokens."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from enti.models import Ente, Utente
from enti.ruoli import PERSONALE, Ruolo, TipoEnte
from interoperabilita.models import AccessoApi, Ambito, ChiaveApi
from interoperabilita.services import chiavi as servizi
from tests.enti.persone import crea_persona
from tests.interoperabilita.chiavi import consumatore, ministero

OGGI = timezone.localdate


class PagineTestCase(TestCase):
    ada: Utente
    irene: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        cls.ada = crea_persona(Ruolo.AMMINISTRATORE)
        cls.irene = crea_persona(Ruolo.ISTRUTTORE)

    def setUp(self) -> None:
        self.client.force_login(self.ada)

    def invia(self, nome: str, /, *argomenti: Any, **dati: Any) -> Any:
        return self.client.post(reverse(nome, args=argomenti), dati)

    def pagina(self, nome: str, *argomenti: Any) -> str:
        risposta = self.client.get(reverse(nome, args=argomenti))
        assert risposta.status_code == HTTPStatus.OK
        return str(risposta.content.decode())


class ChiaviPagineTest(PagineTestCase):
    def crea(self, **altro: Any) -> Any:
        dati = {
            "ente_id": ministero().pk,
            "nome": "Estrazione",
            "ambiti": ["cup"],
            "fino_al": OGGI().isoformat(),
            "limite_minuto": "600",
        }
        return self.invia("chiave-nuova", **(dati | altro))

    def test_il_giro_di_una_chiave(self) -> None:
        assert "Qui staranno le chiavi" in self.pagina("chiavi")
        consegna = self.crea()
        segreto = consegna.context["segreto"]
        chiave = ChiaveApi.objects.get()
        assert segreto in consegna.content.decode()
        assert "/api/v1/cup?limit=5" in consegna.content.decode()
        assert "mai usata" in self.pagina("chiavi")

        con_chiave = {"authorization": f"Bearer {segreto}"}
        assert self.client_class().get("/api/v1/cup", headers=con_chiave).status_code == HTTPStatus.OK
        assert "mai usata" not in self.pagina("chiavi")
        assert "/api/v1/cup" in self.pagina("chiave", chiave.pk)

        nuova = self.invia("chiave-sostituisci", chiave.pk, giorni="3", fino_al=OGGI().isoformat())
        assert "vale ancora fino al" in nuova.content.decode()
        assert "in sostituzione" in self.pagina("chiave", chiave.pk)

        assert self.invia("chiave-revoca", chiave.pk, motivo="Persa").status_code == HTTPStatus.FOUND
        assert "Persa" in self.pagina("chiave", chiave.pk)
        assert self.client_class().get("/api/v1/cup", headers=con_chiave).status_code == HTTPStatus.UNAUTHORIZED
        assert "chiave revocata" in self.pagina("chiave", chiave.pk)

    def test_cio_che_il_servizio_rifiuta_sta_al_suo_campo_e_nulla_e_creato(self) -> None:
        storti: dict[str, dict[str, str | list[str]]] = {
            "fino_al": {"fino_al": "2020-01-01"},
            "limite_minuto": {"limite_minuto": "0"},
            "ambiti": {"ambiti": ["scrittura"]},
            "invia": {"invia": "on"},
            "nome": {"nome": " "},
            "ente_id": {"ente_id": "0"},
        }
        for campo, dati in storti.items():
            risposta = self.crea(**dati)
            assert list(risposta.context["modulo"].errors) == [campo]
        assert not ChiaveApi.objects.exists()
        assert not Utente.objects.filter(tecnico=True).exists()

    def test_i_giorni_si_scrivono_anche_all_italiana(self) -> None:
        assert "segreto" in self.crea(fino_al=f"{OGGI():%d/%m/%Y}").context

    def test_le_impostazioni_si_cambiano_e_gli_ambiti_no(self) -> None:
        chiave = consumatore(ambiti=["cup"]).chiave
        self.invia("chiave-modifica", chiave.pk, nome="Altro", limite_minuto="5", client_id="x", ambiti=["piani"])
        chiave.refresh_from_db()
        assert (chiave.nome, chiave.limite_minuto, chiave.client_id, chiave.ambiti) == ("Altro", 5, "x", ["cup"])

    def test_di_un_token_e_di_una_revocata_non_si_cambia_nulla(self) -> None:
        token, _ = servizi.crea_personale(nome="F", ambiti=[Ambito.CUP], fino_al=OGGI(), autore=self.irene)
        revocata = consumatore(revocata_il=timezone.now()).chiave
        for chiave in (token, revocata):
            for nome in ("chiave-modifica", "chiave-sostituisci"):
                assert self.client.get(reverse(nome, args=[chiave.pk])).status_code == HTTPStatus.NOT_FOUND
                assert self.invia(nome, chiave.pk).status_code == HTTPStatus.NOT_FOUND

    def test_l_amministratore_puo_revocare_un_token_altrui(self) -> None:
        token, _ = servizi.crea_personale(nome="F", ambiti=[Ambito.CUP], fino_al=OGGI(), autore=self.irene)
        self.invia("chiave-revoca", token.pk, motivo="Telefono perso")
        token.refresh_from_db()
        assert token.revocata_da == self.ada

    def test_la_pagina_dice_se_la_chiave_puo_inviare(self) -> None:
        ente = Ente.objects.create(denominazione="Consorzio", tipo=TipoEnte.ALTRO)
        for invia in (False, True):
            chiave, _ = servizi.crea(ente_id=ente.pk, nome="G", ambiti=[Ambito.SCRITTURA], invia=invia, autore=self.ada)
            assert ("inviarli alla Città metropolitana" in self.pagina("chiave", chiave.pk)) is invia

    def test_le_interrogazioni_non_crescono_con_le_chiavi_ne_con_gli_accessi(self) -> None:
        conti = []
        for _volta in range(2):
            for numero in range(6):
                chiave = consumatore(nome=f"Chiave {numero}").chiave
                for _ in range(6):
                    AccessoApi.objects.create(
                        chiave=chiave, metodo="GET", indirizzo="/api/v1/cup", esito=200, millisecondi=1
                    )
            for nome, argomenti in (("chiavi", ()), ("chiave", (chiave.pk,)), ("accessi-api", ())):
                with CaptureQueriesContext(connection) as interrogazioni:
                    self.pagina(nome, *argomenti)
                conti.append(len(interrogazioni))
        assert conti[:3] == conti[3:]


class TokenPagineTest(PagineTestCase):
    def nuovo(self, **altro: Any) -> Any:
        dati = {"nome": "Foglio", "ambiti": ["cup"], "fino_al": OGGI().isoformat()} | altro
        return self.invia("token-personale-nuovo", **dati)

    def test_ognuno_vede_e_revoca_solo_i_suoi(self) -> None:
        suo, _ = servizi.crea_personale(nome="Di Ada", ambiti=[Ambito.CUP], fino_al=OGGI(), autore=self.ada)
        self.client.force_login(self.irene)
        assert "segreto" in self.nuovo().context
        assert "Foglio" in self.pagina("token-personali")
        assert "Di Ada" not in self.pagina("token-personali")
        assert self.invia("token-personale-revoca", suo.pk, motivo="x").status_code == HTTPStatus.NOT_FOUND
        mio = ChiaveApi.objects.get(utente=self.irene)
        assert self.invia("token-personale-revoca", mio.pk, motivo="Non serve più").status_code == HTTPStatus.FOUND
        mio.refresh_from_db()
        assert mio.revocata_da == self.irene
        assert "revocato" in self.pagina("token-personali")

    def test_la_scrittura_non_e_fra_gli_ambiti(self) -> None:
        self.client.force_login(self.irene)
        assert 'value="scrittura"' not in self.pagina("token-personale-nuovo")
        assert list(self.nuovo(ambiti=["cup", "scrittura"]).context["modulo"].errors) == ["ambiti"]

    def test_nessun_altro_li_puo_avere(self) -> None:
        for ruolo in set(Ruolo) - PERSONALE:
            self.client.force_login(crea_persona(ruolo))
            assert self.client.get(reverse("token-personali")).status_code == HTTPStatus.FORBIDDEN
            assert self.nuovo().status_code == HTTPStatus.FORBIDDEN
        assert not ChiaveApi.objects.exists()

    def test_solo_l_amministratore_vede_le_chiavi_nel_menu(self) -> None:
        assert reverse("chiavi") in self.pagina("programma")
        assert reverse("chiavi") in self.pagina("admin:index")
        self.client.force_login(self.irene)
        assert reverse("chiavi") + '"' not in self.pagina("programma")
        assert reverse("token-personali") in self.pagina("programma")
        assert self.client.get(reverse("chiavi")).status_code == HTTPStatus.FORBIDDEN
