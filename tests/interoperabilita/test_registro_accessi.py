"""Every request to the API is a line of the log, whatever its outcome; and no line holds a secret."""

from __future__ import annotations

from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client, TestCase
from django.urls import reverse

from interoperabilita.models import AccessoApi
from interoperabilita.services import pubblicazione
from tests import riferimenti
from tests.interoperabilita.chiavi import Consumatore, consumatore
from tests.interventi.opere import opera


class RegistroAccessiTest(TestCase):
    ministero: Consumatore

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        opera("Una", comuni=["Rho"])
        cls.ministero = consumatore()
        pubblicazione.pubblica()

    def ultimo(self) -> AccessoApi:
        accesso = AccessoApi.objects.order_by("pk").last()
        assert accesso is not None
        return accesso

    def test_una_riga_per_ogni_esito(self) -> None:
        etag = self.ministero.get("/api/v1/cup").headers["ETag"]
        stretto = consumatore(limite_minuto=1)
        stretto.get("/api/v1/cup")
        casi = [
            (self.ministero.cliente, "/api/v1/cup", {}, 200),
            (self.ministero.cliente, "/api/v1/cup", {"if-none-match": etag}, 304),
            (self.ministero.cliente, "/api/v1/cup?limit=0", {}, 400),
            (Client(), "/api/v1/cup", {}, 401),
            (Client(), "/api/v1/cup", {"authorization": "Bearer psttm_sbagliata"}, 401),
            (self.ministero.cliente, "/api/v1/non-c-e", {}, 404),
            (self.ministero.cliente, "/api/v1/cup", {"accept": "text/html"}, 406),
            (stretto.cliente, "/api/v1/cup", {}, 429),
        ]
        for cliente, indirizzo, intestazioni, esito in casi:
            quanti = AccessoApi.objects.count()
            with self.subTest(indirizzo=indirizzo, esito=esito):
                risposta = cliente.get(indirizzo, headers=intestazioni)
                assert risposta.status_code == esito
                assert AccessoApi.objects.count() == quanti + 1
                accesso = self.ultimo()
                assert (accesso.esito, accesso.metodo, accesso.indirizzo) == (esito, "GET", indirizzo)
                assert str(accesso.azione) == risposta.headers["X-Request-ID"]
        assert self.ultimo().chiave == stretto.chiave

    def test_di_una_risposta_a_pezzi_la_riga_si_scrive_alla_fine(self) -> None:
        risposta = self.ministero.get("/api/v1/cup.csv")
        quanti = AccessoApi.objects.count()
        assert b"Una" in risposta.getvalue()
        assert AccessoApi.objects.count() == quanti + 1
        assert (self.ultimo().indirizzo, self.ultimo().esito) == ("/api/v1/cup.csv", 200)

    def test_anche_se_il_cliente_se_ne_va_prima_di_leggere(self) -> None:
        quanti = AccessoApi.objects.count()
        risposta = self.ministero.get("/api/v1/cup.csv")
        # What a web server does; the signal would close the connection that the test goes on with.
        request_finished.disconnect(close_old_connections)
        try:
            risposta.close()
        finally:
            request_finished.connect(close_old_connections)
        assert AccessoApi.objects.count() == quanti + 1

    def test_anche_di_una_head(self) -> None:
        quanti = AccessoApi.objects.count()
        assert self.ministero.head("/api/v1/cup.csv").getvalue() == b""
        self.ministero.head("/api/v1/cup")
        assert AccessoApi.objects.count() == quanti + 2
        assert self.ultimo().metodo == "HEAD"

    def test_una_chiave_scritta_nell_indirizzo_non_resta_scritta(self) -> None:
        segreto = self.ministero.segreto
        gettone = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJwZG5kIn0.c2lnbmF0dXJl-_x"
        for indirizzo in (
            f"/api/v1/cup?key={segreto}",
            f"/api/v1/cup?q=a&access_token={gettone}&limit=1",
            f"/api/v1/cup/{segreto}",
            f"/api/v1/cup?{segreto}",
        ):
            with self.subTest(indirizzo=indirizzo):
                risposta = self.ministero.get(indirizzo)
                assert risposta.status_code in {400, 404}
                scritto = self.ultimo().indirizzo
                assert segreto not in scritto
                assert "c2lnbmF0dXJl" not in scritto
                assert "***" in scritto
        assert "limit=1" in AccessoApi.objects.filter(indirizzo__contains="access_token").get().indirizzo

    def test_un_indirizzo_lunghissimo_si_annota_troncato(self) -> None:
        self.ministero.get("/api/v1/cup", {"q": "à" * 3000})
        assert len(self.ultimo().indirizzo) == 2000

    def test_le_pagine_del_portale_non_sono_qui(self) -> None:
        quanti = AccessoApi.objects.count()
        Client().get(reverse("account_login"))
        assert AccessoApi.objects.count() == quanti
