"""The pages and the files of the open data, for who is nobody in particular."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from interoperabilita.dataset.elenco import DATASET
from interoperabilita.dataset.tipi import dizionario
from interoperabilita.models import DatasetPubblico
from tests.interoperabilita.base_open_data import OpenDataTestCase
from tests.interventi.opere import opera

BUDGET = 2


class PagineTestCase(OpenDataTestCase):
    def pagina(self, indirizzo: str) -> str:
        risposta = self.client.get(indirizzo)
        assert risposta.status_code == 200
        return risposta.content.decode()

    def inizia_scarico(self, codice: str = "interventi", formato: str = "csv", **intestazioni: str) -> Any:
        """An answer of which nothing is read yet: it keeps its place."""
        return self.client.get(reverse("open-data-file", args=[codice, formato]), headers=intestazioni)

    def scarica(self, codice: str = "interventi", formato: str = "csv", **intestazioni: str) -> Any:
        """An answer read to its end: `corpo` is what it held."""
        risposta = self.inizia_scarico(codice, formato, **intestazioni)
        risposta.corpo = risposta.getvalue()
        return risposta

    def test_prima_del_primo_giro_la_pagina_dice_che_cosa_ci_sara(self) -> None:
        pagina = self.pagina(reverse("open-data"))
        assert pagina.count(">in preparazione<") == len(DATASET)
        assert reverse("open-data-catalogo-ttl") not in pagina.partition("<main")[2]
        assert "Il dataset è in preparazione" in self.pagina(reverse("open-data-dataset", args=["piani"]))
        assert self.scarica().status_code == 404

    def test_la_pagina_elenca_ogni_dataset_con_righe_data_e_scarichi(self) -> None:
        self.rifai()
        DatasetPubblico.objects.filter(codice="territorio").update(aggiornato_il="2025-01-31T23:30:00Z")
        pagina = self.pagina(reverse("open-data"))
        for codice, dataset in DATASET.items():
            assert escape(dataset.titolo) in pagina
            for formato in ("csv", "json"):
                assert f'href="/open-data/{codice}.{formato}"' in pagina
        assert '<td class="numero" data-colonna="Righe">133</td>' in pagina
        assert "01/02/2025" in pagina
        for indirizzo in ("/open-data/catalogo.jsonld", "/open-data/catalogo.ttl"):
            assert f'href="{indirizzo}"' in pagina
        assert "CC BY 4.0" in pagina

    def test_il_pie_di_ogni_pagina_porta_ai_dati_aperti(self) -> None:
        assert f'href="{reverse("open-data")}"' in self.pagina(reverse("privacy")).partition("<footer")[2]

    def test_la_pagina_di_un_dataset_ha_dizionario_citazione_e_le_prime_dieci_righe_del_file(self) -> None:
        for numero in range(12):
            opera(f"Opera <{numero}>")
        self.rifai()
        pagina = self.pagina(reverse("open-data-dataset", args=["interventi"]))
        for voce in dizionario(DATASET["interventi"]):
            assert escape(voce.descrizione) in pagina
        assert "Realizzazione di lavori pubblici" in pagina
        assert pagina.count("&lt;") == 9
        assert f"{settings.URL_BASE}/api/v1/cup" in pagina
        oggi = f"{timezone.localdate():%d/%m/%Y}"
        assert f"aggiornato al {oggi}" in pagina
        assert f"{settings.URL_BASE}/open-data/interventi/" in pagina
        for formato in ("csv", "json"):
            assert self.file("interventi", formato).sha256 in pagina

    def test_la_pagina_dice_quante_righe_sono_di_dimostrazione(self) -> None:
        self.rifai()
        for indirizzo in ("/open-data/", "/open-data/interventi/"):
            assert "inventati per la dimostrazione" not in self.pagina(indirizzo)
        opera("Inventata", dimostrativo=True)
        self.rifai()
        assert "dati inventati per la dimostrazione" in self.pagina("/open-data/")
        assert "Una riga su 2 è o comprende dati inventati" in self.pagina("/open-data/interventi/")
        assert "inventati per la dimostrazione" not in self.pagina("/open-data/avanzamenti/")

    def test_lo_scarico_da_i_byte_del_file_come_allegato(self) -> None:
        self.rifai()
        for codice in DATASET:
            for formato, tipo in (("csv", "text/csv"), ("json", "application/json")):
                risposta = self.scarica(codice, formato)
                corpo = risposta.corpo
                file = self.file(codice, formato)
                assert hashlib.sha256(corpo).hexdigest() == file.sha256
                assert risposta.headers["Content-Length"] == str(len(corpo)) == str(file.byte)
                assert risposta.headers["Content-Disposition"] == f'attachment; filename="{codice}.{formato}"'
                assert risposta.headers["Content-Type"].startswith(tipo)
                assert risposta.headers["Access-Control-Allow-Origin"] == "*"

    def test_chi_ha_gia_il_file_non_lo_riscarica_finche_non_cambia(self) -> None:
        self.rifai()
        prima = self.scarica()
        etag, modificato = prima.headers["ETag"], prima.headers["Last-Modified"]
        assert etag == f'"{self.file("interventi", "csv").sha256}"'
        for intestazioni in ({"if-none-match": etag}, {"if-modified-since": modificato}):
            risposta = self.scarica(**intestazioni)
            assert (risposta.status_code, risposta.corpo) == (304, b"")
            assert (risposta.headers["ETag"], risposta.headers["Last-Modified"]) == (etag, modificato)
        opera("Nuova")
        self.rifai()
        assert self.scarica(**{"if-none-match": etag}).status_code == 200

    def test_il_catalogo_si_richiede_solo_se_e_cambiato(self) -> None:
        self.rifai()
        for formato, tipo in (("jsonld", "application/ld+json"), ("ttl", "text/turtle; charset=utf-8")):
            indirizzo = reverse(f"open-data-catalogo-{formato}")
            prima = self.client.get(indirizzo)
            assert prima.headers["Content-Type"] == tipo
            etag = prima.headers["ETag"]
            assert self.client.get(indirizzo, headers={"if-none-match": etag}).status_code == 304
            opera(f"Nuova {formato}")
            self.rifai()
            assert self.client.get(indirizzo, headers={"if-none-match": etag}).status_code == 200

    def test_cio_che_non_c_e_non_si_trova(self) -> None:
        self.rifai()
        for indirizzo in (
            "/open-data/nulla/",
            "/open-data/nulla.csv",
            "/open-data/interventi.xlsx",
            "/open-data/catalogo.rdf",
            "/open-data/catalogo/",
        ):
            assert self.client.get(indirizzo).status_code == 404, indirizzo

    def test_un_file_sparito_dal_deposito_non_si_trova(self) -> None:
        self.rifai()
        file = self.file("interventi", "csv")
        file.deposito.storage.delete(str(file.deposito.name))
        assert self.scarica().status_code == 404
        assert self.scarica(formato="json").status_code == 200

    def test_si_puo_solo_leggere(self) -> None:
        self.rifai()
        for indirizzo in ("/open-data/", "/open-data/interventi/", "/open-data/interventi.csv"):
            assert self.client.post(indirizzo).status_code == 405

    def test_chi_trova_occupati_i_posti_per_scaricare_e_invitato_a_tornare_e_poi_scarica(self) -> None:
        self.rifai()
        in_corso = [self.inizia_scarico() for _ in range(settings.OPEN_DATA_SCARICHI_INSIEME)]
        assert {risposta.status_code for risposta in in_corso} == {200}
        respinta = self.scarica()
        assert respinta.status_code == 503
        assert int(respinta.headers["Retry-After"]) > 0
        assert "Troppi scarichi insieme" in respinta.content.decode()
        problema = self.scarica(accept="application/json")
        assert (problema.status_code, problema.headers["Content-Type"]) == (503, "application/problem+json")
        # Who has the file already takes no place, and pages are always there.
        assert self.scarica(**{"if-none-match": in_corso[0].headers["ETag"]}).status_code == 304
        assert self.client.get("/open-data/").status_code == 200
        primo = in_corso.pop().getvalue()
        assert self.scarica().corpo == primo
        assert [risposta.getvalue() == primo for risposta in in_corso] == [True] * len(in_corso)

    def test_ogni_indirizzo_costa_due_interrogazioni_al_massimo(self) -> None:
        self.rifai()
        for indirizzo in (
            "/open-data/",
            "/open-data/interventi/",
            "/open-data/interventi.csv",
            "/open-data/catalogo.ttl",
            "/open-data/catalogo.jsonld",
        ):
            with CaptureQueriesContext(connection) as fatte:
                risposta = self.client.get(indirizzo)
            assert risposta.getvalue()
            assert (risposta.status_code, len(fatte) <= BUDGET) == (200, True), indirizzo
