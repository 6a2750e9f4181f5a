"""The log of the API as the amministratore reads it, and how long it is kept."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from enti.models import Ente, Utente
from enti.ruoli import Ruolo, TipoEnte
from interoperabilita.models import AccessoApi, ChiaveApi, RichiestaIdempotente
from interoperabilita.selectors import accessi as letture
from interoperabilita.services import conservazione
from interoperabilita.tasks import dimentica_accessi
from tests.enti.persone import crea_persona
from tests.interoperabilita.chiavi import consumatore

QUANDO = datetime(2026, 3, 10, 12, tzinfo=UTC)


def accesso(**campi: Any) -> AccessoApi:
    dati = {"metodo": "GET", "indirizzo": "/api/v1/cup", "esito": 200, "millisecondi": 5, "quando": QUANDO} | campi
    return AccessoApi.objects.create(**dati)


class AccessiTestCase(TestCase):
    ada: Utente
    chiave: ChiaveApi
    altra: ChiaveApi

    @classmethod
    def setUpTestData(cls) -> None:
        cls.ada = crea_persona(Ruolo.AMMINISTRATORE)
        cls.chiave = consumatore(nome="Estrazione").chiave
        ente = Ente.objects.create(denominazione="Altro ente", tipo=TipoEnte.ALTRO)
        cls.altra = consumatore(ente, ruoli=[Ruolo.COMPILATORE], nome="Gestionale").chiave

    def setUp(self) -> None:
        self.client.force_login(self.ada)

    def trovati(self, **filtri: Any) -> list[int]:
        pagina = self.client.get(reverse("accessi-api"), filtri).context["pagina"]
        return [riga.pk for riga in pagina.righe]


class FiltriTest(AccessiTestCase):
    def test_per_chiave_per_ente_e_per_esito(self) -> None:
        suo = accesso(chiave=self.chiave)
        altrui = accesso(chiave=self.altra, esito=304)
        rifiutato = accesso(esito=401)
        guasto = accesso(chiave=self.altra, esito=503)
        assert self.trovati() == [guasto.pk, rifiutato.pk, altrui.pk, suo.pk]
        assert self.trovati(chiave=self.chiave.pk) == [suo.pk]
        assert self.trovati(ente=self.altra.ente_id) == [guasto.pk, altrui.pk]
        for classe, atteso in (("2", suo), ("3", altrui), ("4", rifiutato), ("5", guasto)):
            assert self.trovati(esito=classe) == [atteso.pk]
        assert self.trovati(chiave=self.altra.pk, esito="5") == [guasto.pk]

    def test_le_classi_degli_esiti_hanno_i_bordi_giusti(self) -> None:
        bordi = {esito: accesso(esito=esito).pk for esito in (399, 400, 499, 500)}
        assert self.trovati(esito="4") == [bordi[499], bordi[400]]

    def test_i_giorni_sono_quelli_italiani_e_compresi(self) -> None:
        # 10 March in Italy begins at 23:00 UTC of the day before.
        inizio = datetime(2026, 3, 9, 23, tzinfo=UTC)
        dentro = [accesso(quando=inizio), accesso(quando=inizio + timedelta(days=1, microseconds=-1))]
        accesso(quando=inizio - timedelta(microseconds=1))
        accesso(quando=inizio + timedelta(days=1))
        assert self.trovati(dal="2026-03-10", al="2026-03-10") == [uno.pk for uno in reversed(dentro)]

    def test_per_parole_dell_indirizzo_e_per_numero_della_richiesta(self) -> None:
        numero = uuid.uuid4()
        cercato = accesso(indirizzo="/api/v1/piani/COME%20IN", azione=numero)
        accesso()
        assert self.trovati(indirizzo="come") == [cercato.pk]
        assert self.trovati(azione=str(numero)) == [cercato.pk]
        assert self.trovati(azione=str(uuid.uuid4())) == []

    def test_un_filtro_senza_senso_si_spiega_e_il_file_torna_all_elenco(self) -> None:
        accesso()
        pagina = self.client.get(reverse("accessi-api"), {"dal": "ieri"})
        assert "data valida" in pagina.content.decode()
        file = self.client.get(reverse("accessi-api-csv"), {"dal": "ieri"})
        assert (file.status_code, file["Location"]) == (302, f"{reverse('accessi-api')}?dal=ieri")


class PagineTest(AccessiTestCase):
    def test_si_va_indietro_senza_saltarne_e_senza_ripeterne(self) -> None:
        # Many in the same instant: the place is not told by the instant alone.
        tutti = [accesso(quando=QUANDO + timedelta(seconds=numero // 40)).pk for numero in range(130)]
        visti: list[int] = []
        prima = ""
        while True:
            pagina = self.client.get(reverse("accessi-api"), {"prima": prima}).context["pagina"]
            visti += [riga.pk for riga in pagina.righe]
            # What comes meanwhile is of the first page, and moves nothing.
            accesso(quando=QUANDO + timedelta(days=1))
            prima = pagina.oltre
            if not prima:
                break
        assert visti == list(reversed(tutti))

    def test_cinquanta_stanno_in_una_pagina_e_cinquantuno_no(self) -> None:
        for _ in range(50):
            accesso()
        risposta = self.client.get(reverse("accessi-api"))
        assert risposta.context["pagina"].oltre == ""
        assert "50 richieste<" in risposta.content.decode()
        accesso()
        risposta = self.client.get(reverse("accessi-api"))
        assert risposta.context["pagina"].oltre
        assert "50 richieste, e altre prima" in risposta.content.decode()

    def test_un_posto_che_non_ha_senso_e_l_inizio(self) -> None:
        uno = accesso()
        for prima in (
            "x",
            "20260310T120000.000000",
            "20260310T120000.000000-x",
            "20260310T120000.000000-" + "9" * 30,
            "-",
        ):
            assert self.trovati(prima=prima) == [uno.pk]

    def test_non_si_conta_mai_tutto(self) -> None:
        for _ in range(60):
            accesso(chiave=self.chiave)
        with CaptureQueriesContext(connection) as interrogazioni:
            self.client.get(reverse("accessi-api"), {"chiave": self.chiave.pk})
        di_accessi = [q["sql"] for q in interrogazioni if "interoperabilita_accessoapi" in q["sql"]]
        assert len(di_accessi) == 1
        assert "LIMIT 51" in di_accessi[0]

    def test_la_pagina_vuota_dice_che_cosa_ci_sara(self) -> None:
        assert "Qui staranno le richieste" in self.client.get(reverse("accessi-api")).content.decode()
        accesso()
        vuota = self.client.get(reverse("accessi-api"), {"indirizzo": "zzzz"}).content.decode()
        assert "Nessuna richiesta corrisponde" in vuota


class FileTest(AccessiTestCase):
    def righe(self, **filtri: Any) -> list[list[str]]:
        risposta = self.client.get(reverse("accessi-api-csv"), filtri)
        assert risposta["Content-Type"] == "text/csv; charset=utf-8"
        assert "attachment" in risposta["Content-Disposition"]
        testo = risposta.getvalue().decode("utf-8-sig")
        return list(csv.reader(io.StringIO(testo), delimiter=";"))

    def test_contiene_tutto_cio_che_i_filtri_lasciano(self) -> None:
        for numero in range(1200):
            accesso(chiave=self.chiave, utente=self.chiave.utente, millisecondi=numero)
        accesso(esito=401, origine="198.51.100.9")
        intestazione, *righe = self.righe(chiave=self.chiave.pk)
        assert intestazione == letture.INTESTAZIONE
        assert len(righe) == 1200
        assert righe[0][:5] == ["2026-03-10T12:00:00.000000Z", "GET", "/api/v1/cup", "200", "1199"]
        assert righe[0][6:9] == ["Ministero di prova", "Estrazione", self.chiave.prefisso]
        assert self.righe(esito="4")[1][5:9] == ["198.51.100.9", "", "", ""]

    def test_nessuna_cella_diventa_una_formula(self) -> None:
        ChiaveApi.objects.filter(pk=self.chiave.pk).update(nome='=cmd|" /C calc"!A0')
        accesso(chiave=self.chiave, indirizzo="@SUM(1)", metodo="+1")
        _intestazione, riga = self.righe()
        assert [cella[0] for cella in (riga[1], riga[2], riga[7])] == ["'"] * 3

    def test_costa_le_stesse_interrogazioni_per_poche_righe_e_per_molte(self) -> None:
        conti = []
        for _volta in range(2):
            for _ in range(40):
                accesso(chiave=self.chiave, utente=self.chiave.utente)
            with CaptureQueriesContext(connection) as interrogazioni:
                self.righe()
            conti.append(len(interrogazioni))
        assert conti[0] == conti[1]


class ConservazioneTest(AccessiTestCase):
    def idempotente(self, quando: datetime) -> RichiestaIdempotente:
        return RichiestaIdempotente.objects.create(
            chiave=self.chiave, valore=str(uuid.uuid4()), impronta="x", stato=201, corpo="{}", quando=quando
        )

    def test_gli_accessi_durano_i_giorni_detti_e_non_di_piu(self) -> None:
        adesso = timezone.now()
        attimo = timedelta(microseconds=1)
        resta = accesso(quando=adesso - timedelta(days=10))
        accesso(quando=adesso - timedelta(days=10) - attimo)
        resta_anche = self.idempotente(adesso - timedelta(days=2))
        self.idempotente(adesso - timedelta(days=2) - attimo)
        with self.settings(API_GIORNI_ACCESSI=10, API_GIORNI_IDEMPOTENZA=2):
            assert conservazione.dimentica_accessi(adesso=adesso) == 2
        assert list(AccessoApi.objects.all()) == [resta]
        assert list(RichiestaIdempotente.objects.all()) == [resta_anche]

    def test_si_cancella_a_blocchi(self) -> None:
        for _ in range(7):
            accesso(quando=QUANDO - timedelta(days=1000))
        prima = conservazione.PER_VOLTA
        self.addCleanup(setattr, conservazione, "PER_VOLTA", prima)
        conservazione.PER_VOLTA = 3
        with CaptureQueriesContext(connection) as interrogazioni:
            assert conservazione.dimentica_accessi(adesso=timezone.now()) == 7
        cancellate = [q for q in interrogazioni if q["sql"].startswith('DELETE FROM "interoperabilita_accessoapi"')]
        assert len(cancellate) == 4
        assert all("LIMIT 3" in q["sql"] for q in cancellate)

    def test_il_lavoro_notturno_lo_fa_davvero(self) -> None:
        accesso(quando=timezone.now() - timedelta(days=401))
        recente = accesso(quando=timezone.now() - timedelta(days=399))
        dimentica_accessi()
        assert list(AccessoApi.objects.all()) == [recente]

    def test_le_chiavi_restano_anche_senza_accessi(self) -> None:
        accesso(chiave=self.chiave, quando=datetime.combine(date(2020, 1, 1), datetime.min.time(), UTC))
        dimentica_accessi()
        assert ChiaveApi.objects.filter(pk=self.chiave.pk).exists()
        assert not AccessoApi.objects.exists()
