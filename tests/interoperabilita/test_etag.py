"""A list that did not change is not sent again; formats, compression and HEAD are asked for as HTTP says."""

from __future__ import annotations

import gzip
from typing import Any

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from interoperabilita.services import pubblicazione
from interventi.models import Intervento
from psttm.models import Missione
from tests import riferimenti
from tests.interoperabilita.chiavi import Consumatore, consumatore
from tests.interventi.opere import opera

DEL_FOGLIO = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ListeTestCase(TestCase):
    corpo: bytes
    opera: Intervento
    ministero: Consumatore

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.opera = opera("Prima", comuni=["Rho"], stato_cup="attivo")
        for numero in range(20):
            opera(f"N. {numero}")
        cls.ministero = consumatore()
        pubblicazione.pubblica()

    def leggi(self, indirizzo: str = "cup", etag: str = "", accetta: str = "", **parametri: str) -> Any:
        intestazioni = {"if-none-match": etag} if etag else {}
        if accetta:
            intestazioni["accept"] = accetta
        risposta = self.ministero.get(f"/api/v1/{indirizzo}", parametri, headers=intestazioni)
        # Read to the end, or it would keep its place among the large answers.
        self.corpo = risposta.getvalue()
        return risposta

    def etag(self, indirizzo: str = "cup", **parametri: str) -> str:
        risposta = self.leggi(indirizzo, **parametri)
        assert risposta.status_code == 200, risposta
        return str(risposta.headers["ETag"])


class EtagTest(ListeTestCase):
    def test_e_debole_e_lo_stesso_finche_nulla_cambia(self) -> None:
        etag = self.etag()
        assert etag.startswith('W/"')
        assert self.etag() == etag
        Intervento.objects.filter(pk=self.opera.pk).update(sintesi="Non si pubblica", titolo="Prima")
        assert self.etag() == etag
        Intervento.objects.filter(pk=self.opera.pk).update(titolo="Seconda")
        assert self.etag() != etag

    def test_cambia_solo_con_il_suo_elenco(self) -> None:
        cup, missioni = self.etag("cup"), self.etag("missioni")
        Missione.objects.filter(numero=1).update(titolo="Un altro titolo")
        assert self.etag("cup") == cup
        assert self.etag("missioni") != missioni

    def test_ogni_domanda_ha_il_suo(self) -> None:
        etichette = [
            self.etag(),
            self.etag(limit="1"),
            self.etag(sort="titolo"),
            self.etag(stato="attivo"),
            self.etag(fields="id"),
            self.etag(al="2024-12-31"),
            self.etag("cup.csv"),
            self.etag("cup.ndjson"),
            self.etag("cup.xlsx"),
            self.etag("missioni"),
        ]
        assert len(set(etichette)) == len(etichette)

    def test_se_none_match_ha_il_suo_nome_si_risponde_304(self) -> None:
        for indirizzo in ("cup", "cup.csv", "cup.xlsx", "missioni"):
            etag = self.etag(indirizzo)
            nudo = etag.removeprefix("W/")
            for scritto in (etag, nudo, f'"altro", {etag}', f"{nudo},{etag}", "*"):
                with self.subTest(indirizzo=indirizzo, scritto=scritto):
                    risposta = self.leggi(indirizzo, etag=scritto)
                    assert risposta.status_code == 304
                    assert self.corpo == b""
                    assert risposta.headers["ETag"] == etag
                    assert "Accept-Encoding" in risposta.headers["Vary"]
            for scritto in ('"altro"', nudo.strip('"'), f'W/"{nudo}"', '""'):
                with self.subTest(indirizzo=indirizzo, scritto=scritto):
                    assert self.leggi(indirizzo, etag=scritto).status_code == 200

    def test_dove_le_righe_possono_cambiare_senza_essere_ripubblicate_non_c_e(self) -> None:
        assert "ETag" not in self.leggi(q="N.").headers
        assert self.leggi(q="N.", etag="*").status_code == 200

    def test_un_304_costa_al_massimo_tre_interrogazioni(self) -> None:
        """Who it is, what is published, the line of the log."""
        casi: list[dict[str, str]] = [{}, {"limit": "1"}, {"sort": "-titolo"}, {"al": "2024-12-31"}]
        for parametri in casi:
            etag = self.etag(**parametri)
            with (
                self.subTest(**parametri),
                CaptureQueriesContext(
                    connection,
                ) as fatte,
            ):
                assert self.leggi(etag=etag, **parametri).status_code == 304
            assert len(fatte) <= 3, [una["sql"] for una in fatte.captured_queries]


class NegoziazioneTest(ListeTestCase):
    def formato(self, accetta: str, indirizzo: str = "cup") -> str | int:
        risposta = self.leggi(indirizzo, accetta=accetta)
        if risposta.status_code != 200:
            assert risposta.headers["Content-Type"] == "application/problem+json"
            return int(risposta.status_code)
        assert "Accept" in risposta.headers["Vary"].split(", ")
        return str(risposta.headers["Content-Type"].partition(";")[0])

    def test_accept_sceglie_il_formato(self) -> None:
        casi = {
            "*/*": "application/json",
            "": "application/json",
            "application/json": "application/json",
            "application/*": "application/json",
            "text/*": "text/csv",
            "text/csv": "text/csv",
            "text/csv; charset=utf-8": "text/csv",
            "text/html, text/csv;q=0.9, */*;q=0.1": "text/csv",
            "application/json;q=0.5, application/x-ndjson": "application/x-ndjson",
            "application/json;q=0, */*": "text/csv",
            DEL_FOGLIO: DEL_FOGLIO,
            "text/html,application/xhtml+xml,*/*;q=0.8": "application/json",
        }
        for accetta, atteso in casi.items():
            with self.subTest(accetta=accetta):
                assert self.formato(accetta) == atteso

    def test_un_formato_che_non_c_e_e_406(self) -> None:
        for accetta in ("text/html", "application/xml", "*/*;q=0", "application/json;q=0"):
            with self.subTest(accetta=accetta):
                assert self.formato(accetta) == 406

    def test_l_estensione_vale_piu_di_accept(self) -> None:
        assert self.formato("application/json", "cup.csv") == "text/csv"
        assert self.formato("text/csv", "cup.json") == "application/json"
        assert self.formato("*/*", "cup.pdf") == 404

    def test_accept_encoding_e_letto_con_le_sue_qualita(self) -> None:
        for scritto, compressa in {
            "gzip": True,
            "deflate, gzip;q=0.5": True,
            "GZIP ; q=1.0": True,
            "br": False,
            "gzip;q=0": False,
            "gzip;q=0.000, br": False,
            "identity": False,
            "": False,
        }.items():
            risposta = self.ministero.get("/api/v1/cup", headers={"accept-encoding": scritto})
            with self.subTest(scritto=scritto):
                assert ("Content-Encoding" in risposta.headers) == compressa
                corpo = gzip.decompress(risposta.content) if compressa else risposta.content
                assert corpo == self.ministero.get("/api/v1/cup").content
                assert "Accept-Encoding" in risposta.headers["Vary"]

    def test_head_ha_le_intestazioni_di_get_e_nessun_corpo(self) -> None:
        for indirizzo in ("cup", "cup.csv", "cup.ndjson", "cup.xlsx", "comuni"):
            with self.subTest(indirizzo=indirizzo):
                get, head = self.leggi(indirizzo), self.ministero.head(f"/api/v1/{indirizzo}")
                assert head.status_code == 200
                assert head.getvalue() == b""
                for nome in ("Content-Type", "Content-Disposition", "ETag", "Vary", "X-Aggiornato-Al", "Cache-Control"):
                    assert head.headers.get(nome) == get.headers.get(nome), nome
                assert head.headers.get("Content-Length") in {None, get.headers.get("Content-Length")}
        assert self.ministero.head("/api/v1/cup", headers={"if-none-match": self.etag()}).status_code == 304

    def test_un_host_non_ammesso_non_finisce_nei_collegamenti(self) -> None:
        risposta = self.ministero.get("/api/v1/cup", {"limit": "1"}, headers={"host": "cattivo.example"})
        assert risposta.status_code == 400
        assert risposta.headers["Content-Type"] == "application/problem+json"
        assert b"cattivo" not in risposta.content


class InterrogazioniTest(ListeTestCase):
    """What a list costs does not depend on how many rows there are."""

    def costo(self, indirizzo: str, parametri: dict[str, str]) -> int:
        with CaptureQueriesContext(connection) as fatte:
            risposta = self.leggi(indirizzo, **parametri)
            assert risposta.status_code == 200
        return len(fatte)

    def test_dieci_righe_costano_quanto_mille(self) -> None:
        dal = self.leggi().json()["aggiornato_al"]
        Intervento.objects.filter(titolo__startswith="N.").update(titolo="Cambiata")
        casi: list[tuple[str, dict[str, str]]] = [
            ("cup", {"limit": "10"}),
            ("cup", {"limit": "10", "sort": "-titolo"}),
            ("cup", {"limit": "10", "al": "2024-12-31"}),
            ("cup", {"limit": "10", "modificati_dal": dal}),
            ("cup", {"limit": "10", "stato": "attivo", "fields": "id,cup"}),
            ("cup.csv", {}),
            ("cup.ndjson", {"modificati_dal": dal}),
            ("cup.xlsx", {}),
        ]
        self.leggi()
        pochi = [self.costo(indirizzo, parametri) for indirizzo, parametri in casi]
        submisura = self.opera.submisura_id
        Intervento.objects.bulk_create(
            [
                Intervento(clp=f"M-{numero}", submisura_id=submisura, stato_cup="attivo", titolo="Molte")
                for numero in range(1000)
            ]
        )
        self.leggi()
        molti = [
            self.costo(indirizzo, {**parametri, "limit": "1000"} if "limit" in parametri else parametri)
            for indirizzo, parametri in casi
        ]
        assert molti == pochi
        assert pochi[0] <= 4


def test_una_richiesta_di_un_altro_formato_non_legge_la_banca_dati(db: None) -> None:
    """406 is said before anything is published or read."""
    chi = consumatore()
    with CaptureQueriesContext(connection) as fatte:
        assert chi.get("/api/v1/cup", headers={"accept": "text/html"}).status_code == 406
    assert len(fatte) == 2
