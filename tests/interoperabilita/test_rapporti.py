"""The reports by the API: read with a key, asked for by who may, never another file than the one in the archive."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from enti.models import Ente
from enti.ruoli import RUOLI_PER_TIPO, Ruolo, TipoEnte
from interoperabilita.models import Ambito
from rapporti.domanda import Perimetro
from rapporti.formati.dati import leggi_dati
from rapporti.models import Rapporto
from rapporti.scelte import TipoPerimetro, TipoRapporto
from registro.models import Lavoro
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.interoperabilita.chiavi import Consumatore, consumatore, di
from tests.rapporti import scena
from tests.rapporti.archiviati import PDF, chiesto, pronto
from tests.rapporti.documenti import DOMANDA

DOVE = "/api/v1/rapporti"
CHIESTO: dict[str, Any] = {
    "tipo": "avanzamento",
    "perimetro": "piano",
    "chiave": "SPUGNA",
    "al": "2024-12-31",
    "noto_al": "2025-01-20T10:30:00+01:00",
}


class RapportiTestCase(TestCase):
    ministero: Consumatore
    istruttore: Consumatore
    rapporto: Rapporto

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.ministero = consumatore(ambiti=[Ambito.RAPPORTI])
        ente = Ente.objects.get(tipo=TipoEnte.CITTA_METROPOLITANA, denominazione__startswith="Città")
        cls.istruttore = di(crea_persona(Ruolo.ISTRUTTORE), ente, ambiti=[Ambito.RAPPORTI], personale=True)
        cls.rapporto = pronto()

    def setUp(self) -> None:
        cache.clear()
        self.addCleanup(cache.clear)

    def chiedi(self, chi: Consumatore | None = None, **campi: Any) -> Any:
        corpo = {nome: valore for nome, valore in (CHIESTO | campi).items() if valore is not None}
        return (chi or self.istruttore).post(DOVE, json.dumps(corpo), content_type="application/json")


class LetturaTest(RapportiTestCase):
    def test_un_ministero_legge_l_elenco_dei_rapporti_pronti(self) -> None:
        chiesto(replace(DOMANDA, al=date(2024, 11, 30)))
        righe = self.ministero.get(DOVE).json()["dati"]
        assert [riga["codice"] for riga in righe] == [self.rapporto.codice]
        riga = righe[0]
        assert riga["stato"] == "pronto"
        assert (riga["tipo"], riga["perimetro"], riga["chiave"]) == ("avanzamento", "piano", "SPUGNA")
        assert riga["noto_al"] == "2025-01-20T09:30:00.000000Z"
        assert riga["impronta"] == hashlib.sha256(PDF).hexdigest()
        assert riga["sintesi"][0].startswith("Gli interventi sono 12")
        assert riga["documento"] == f"http://testserver{DOVE}/{self.rapporto.codice}/documento"
        assert riga["pagina"] == f"http://testserver/rapporti/{self.rapporto.codice}/"

    def test_l_elenco_viene_a_pagine_che_non_saltano_e_non_ripetono(self) -> None:
        for mese in range(1, 9):
            pronto(domanda=replace(DOMANDA, al=date(2024, 12, mese)))
        # Two that were ready at the same instant.
        visti: list[str] = []
        dove = f"{DOVE}?limit=2"
        while dove:
            pagina = self.ministero.get(dove).json()
            visti += [riga["codice"] for riga in pagina["dati"]]
            dove = pagina["paginazione"]["successiva"]
        attesi = list(Rapporto.objects.pronti().order_by("-pronto_il", "-pk").values_list("codice", flat=True))
        assert visti == attesi
        assert len(visti) == 9

    def test_i_filtri_scelgono(self) -> None:
        programma = pronto(domanda=replace(DOMANDA, perimetro=Perimetro(), tipo=TipoRapporto.SINTESI))
        zona = pronto(domanda=replace(DOMANDA, perimetro=Perimetro(TipoPerimetro.ZONA, "3"), al=date(2024, 11, 30)))
        casi = {
            "tipo=sintesi": {programma.codice},
            "perimetro=zona": {zona.codice},
            "chiave=SPUGNA": {self.rapporto.codice},
            "al=2024-12-31": {programma.codice, self.rapporto.codice},
            "perimetro=piano&al=2024-11-30": set(),
        }
        for filtri, attesi in casi.items():
            righe = self.ministero.get(f"{DOVE}?{filtri}").json()["dati"]
            assert {riga["codice"] for riga in righe} == attesi, filtri

    def test_un_cursore_di_un_altra_domanda_si_rifiuta(self) -> None:
        pronto(domanda=replace(DOMANDA, al=date(2024, 11, 30)))
        cursore = self.ministero.get(f"{DOVE}?limit=1").json()["paginazione"]["cursor"]
        assert self.ministero.get(f"{DOVE}?tipo=dup&cursor={cursore}").status_code == 422
        for sbagliato in ("x", "a:b:c"):
            assert self.ministero.get(f"{DOVE}?cursor={sbagliato}").status_code == 422
        for malformato in ("limit=0", "tipo=x", "al=ieri", "colore=blu"):
            assert self.ministero.get(f"{DOVE}?{malformato}").status_code == 400

    def test_l_elenco_costa_lo_stesso_per_uno_e_per_molti(self) -> None:
        conti = []
        for quanti in (1, 8):
            for numero in range(quanti):
                pronto(domanda=replace(DOMANDA, al=date(2023, quanti, numero + 1), confronto_al=date(2022, 1, 1)))
            with CaptureQueriesContext(connection) as conto:
                self.ministero.get(DOVE)
            conti.append(len(conto))
        assert conti[0] == conti[1] <= 6

    def test_il_documento_e_i_dati_sono_quelli_dell_archivio(self) -> None:
        risposta = self.ministero.get(f"{DOVE}/{self.rapporto.codice}/documento")
        assert risposta.status_code == 200
        assert risposta["Content-Type"] == "application/pdf"
        assert risposta["ETag"] == f'"{self.rapporto.impronta}"'
        assert risposta["Content-Length"] == str(len(PDF))
        assert risposta.getvalue() == PDF
        assert self.rapporto.nome_file in risposta["Content-Disposition"]
        dati = self.ministero.get(f"{DOVE}/{self.rapporto.codice}/dati").getvalue()
        assert hashlib.sha256(dati).hexdigest() == self.rapporto.impronta_dati
        assert leggi_dati(dati).codice == self.rapporto.codice

    def test_chi_ha_gia_la_risposta_non_la_riscarica(self) -> None:
        for pezzo in (
            "",
            f"/{self.rapporto.codice}",
            f"/{self.rapporto.codice}/documento",
            f"/{self.rapporto.codice}/dati",
        ):
            prima = self.ministero.get(f"{DOVE}{pezzo}")
            ancora = self.ministero.get(f"{DOVE}{pezzo}", headers={"if-none-match": prima["ETag"]})
            assert (ancora.status_code, ancora.getvalue()) == (304, b""), pezzo
            assert self.ministero.get(f"{DOVE}{pezzo}", headers={"if-none-match": '"altro"'}).status_code == 200
        assert self.ministero.head(f"{DOVE}/{self.rapporto.codice}/documento").status_code == 200

    def test_un_rapporto_non_pronto_lo_segue_solo_chi_puo_chiederne(self) -> None:
        attesa = chiesto(replace(DOMANDA, al=date(2024, 11, 30)))
        assert self.ministero.get(f"{DOVE}/{attesa.codice}").status_code == 404
        riga = self.istruttore.get(f"{DOVE}/{attesa.codice}").json()
        assert (riga["stato"], riga["documento"], riga["impronta"], riga["pronto_il"]) == ("in_attesa", "", "", None)
        assert self.istruttore.get(f"{DOVE}/{attesa.codice}/documento").status_code == 409
        assert self.istruttore.get(f"{DOVE}/{attesa.codice}/dati").status_code == 409

    def test_un_file_perso_si_dice(self) -> None:
        Path(default_storage.path(self.rapporto.deposito)).unlink()
        risposta = self.ministero.get(f"{DOVE}/{self.rapporto.codice}/documento")
        assert risposta.status_code == 409
        assert "non è più nell'archivio" in risposta.json()["detail"]

    def test_un_codice_che_non_c_e(self) -> None:
        for codice in ("7K3M-Q9TD-X20B", "x", "7k3m-q9td-x20b"):
            assert self.ministero.get(f"{DOVE}/{codice}").status_code == 404

    def test_chi_legge(self) -> None:
        rho = Ente.objects.get(comune__nome="Rho")
        comune = consumatore(rho, ruoli=RUOLI_PER_TIPO[TipoEnte.COMUNE], ambiti=[Ambito.RAPPORTI])
        senza_ambito = consumatore(ambiti=[Ambito.CUP, Ambito.PIANI, Ambito.MONITORAGGIO])
        for pezzo in (
            "",
            f"/{self.rapporto.codice}",
            f"/{self.rapporto.codice}/documento",
            f"/{self.rapporto.codice}/dati",
        ):
            assert comune.get(f"{DOVE}{pezzo}").status_code == 403
            assert senza_ambito.get(f"{DOVE}{pezzo}").status_code == 403
            assert self.client.get(f"{DOVE}{pezzo}").status_code == 401
            assert self.istruttore.get(f"{DOVE}{pezzo}").status_code == 200


class RichiestaTest(RapportiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        scena.crea()

    def test_chi_puo_chiede_un_rapporto_e_lo_segue(self) -> None:
        risposta = self.chiedi(chiave="COME IN")
        assert risposta.status_code == 202, risposta.content
        riga = risposta.json()
        assert risposta["Location"] == riga["indirizzo"]
        rapporto = Rapporto.objects.get(codice=riga["codice"])
        assert rapporto.richiesto_da == self.istruttore.chiave.utente
        assert rapporto.domanda.testo == (
            "avanzamento|piano:COME IN|2024-12-31|2025-01-20T09:30:00Z|2024-09-30|2025-01-20T09:30:00Z"
        )
        assert self.istruttore.get(riga["indirizzo"]).json() == riga

    def test_la_stessa_domanda_da_lo_stesso_rapporto_e_un_lavoro_solo(self) -> None:
        prima, dopo = self.chiedi(chiave="COME IN").json(), self.chiedi(chiave="come-in").json()
        assert prima["codice"] == dopo["codice"]
        assert Lavoro.objects.filter(chiave=prima["codice"]).count() == 1

    def test_un_rapporto_pronto_si_ha_subito(self) -> None:
        risposta = self.chiedi()
        assert risposta.status_code == 200
        assert risposta.json()["codice"] == self.rapporto.codice
        assert risposta.json()["stato"] == "pronto"
        assert not Lavoro.objects.filter(chiave=self.rapporto.codice).exists()

    def test_con_una_idempotency_key_la_risposta_e_quella_della_prima_volta(self) -> None:
        corpo = json.dumps({nome: valore for nome, valore in CHIESTO.items() if nome != "noto_al"})
        argomenti: dict[str, Any] = {"content_type": "application/json", "headers": {"idempotency-key": "una"}}
        prima = self.istruttore.post(DOVE, corpo, **argomenti)
        dopo = self.istruttore.post(DOVE, corpo, **argomenti)
        assert prima.status_code == dopo.status_code == 202
        assert prima.content == dopo.content
        assert prima["Location"] == dopo["Location"]

    def test_una_domanda_sbagliata_dice_quale_campo_e_come_rimediare(self) -> None:
        domani = (timezone.now() + timedelta(days=1)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        casi: list[tuple[dict[str, Any], str]] = [
            ({"tipo": "romanzo"}, "/tipo"),
            ({"perimetro": "regione"}, "/perimetro"),
            ({"chiave": "NESSUNO"}, "/chiave"),
            ({"chiave": None}, "/chiave"),
            ({"perimetro": "zona", "chiave": "99"}, "/chiave"),
            ({"al": "31/12/2024"}, "/al"),
            ({"al": None}, "/al"),
            ({"al": "0001-01-01"}, "/al"),
            ({"noto_al": domani}, "/noto_al"),
            ({"noto_al": "0001-01-01T00:00:00+14:00"}, "/noto_al"),
            ({"noto_al": "9999-12-31T23:59:59-12:00"}, "/noto_al"),
            ({"noto_al": "2025-01-20"}, "/noto_al"),
            ({"confronto_al": "2025-06-30"}, "/confronto_al"),
            ({"confronto_noto_al": "2025-02-01T00:00:00Z"}, "/confronto_noto_al"),
            ({"al": 5}, "/al"),
            ({"colore": "blu"}, "/colore"),
        ]
        prima = Rapporto.objects.count()
        for campi, dove in casi:
            risposta = self.chiedi(**campi)
            assert risposta.status_code == 422, (campi, risposta.content)
            errori = risposta.json()["errori"]
            assert [errore["campo"] for errore in errori] == [dove], campi
            assert len(errori[0]["messaggio"]) > 10
        assert Rapporto.objects.count() == prima
        assert not Lavoro.objects.exists()

    def test_una_domanda_senza_risposta_si_rifiuta_subito(self) -> None:
        risposta = self.chiedi(noto_al="2001-01-01T00:00:00Z", al="2000-12-31")
        assert risposta.status_code == 422
        assert risposta.json()["errori"][0]["messaggio"]
        assert not Lavoro.objects.exists()

    def test_un_ministero_non_ne_chiede_e_nemmeno_un_comune(self) -> None:
        rho = Ente.objects.get(comune__nome="Rho")
        comune = consumatore(rho, ruoli=RUOLI_PER_TIPO[TipoEnte.COMUNE])
        for chi in (self.ministero, comune):
            assert self.chiedi(chi).status_code == 403
        assert self.client.post(DOVE, CHIESTO, content_type="application/json").status_code == 401
        self.client.force_login(self.istruttore.chiave.utente)
        assert self.client.post(DOVE, CHIESTO, content_type="application/json").status_code == 401

    def test_un_amministratore_legge_e_non_chiede(self) -> None:
        ente = Ente.objects.get(tipo=TipoEnte.CITTA_METROPOLITANA, denominazione__startswith="Città")
        chi = di(crea_persona(Ruolo.AMMINISTRATORE), ente, ambiti=[Ambito.RAPPORTI], personale=True)
        assert chi.get(DOVE).status_code == 200
        assert self.chiedi(chi).status_code == 403

    def test_un_corpo_che_non_e_json(self) -> None:
        assert self.istruttore.post(DOVE, "x", content_type="application/json").status_code == 400
        assert self.istruttore.post(DOVE, "x", content_type="text/plain").status_code == 415


def test_le_date_degli_esempi_sono_di_prova() -> None:
    assert datetime.fromisoformat(CHIESTO["noto_al"]).astimezone(UTC) == DOMANDA.noto_al
