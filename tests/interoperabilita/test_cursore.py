"""A cursor is good for the request that it was given to, as it was given, to whoever sees the same rows."""

from __future__ import annotations

import base64

from django.core import signing
from django.test import TestCase

from enti.models import Ente
from enti.ruoli import Ruolo
from interoperabilita.services import pubblicazione
from tests import riferimenti
from tests.interoperabilita.chiavi import Consumatore, consumatore
from tests.interventi.opere import opera


class CursoreTest(TestCase):
    ministero: Consumatore
    rho: Consumatore
    bresso: Consumatore

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        for numero in range(4):
            opera(f"N. {numero}", comuni=["Rho", "Bresso"])
        cls.ministero = consumatore()
        cls.rho, cls.bresso = (
            consumatore(Ente.objects.get(comune__nome=nome, comune__zona__isnull=False), ruoli=(Ruolo.COMPILATORE,))
            for nome in ("Rho", "Bresso")
        )
        pubblicazione.pubblica()

    def cursore(self, **parametri: str) -> str:
        corpo = self.ministero.get("/api/v1/cup", {"limit": "2", **parametri}).json()
        return str(corpo["paginazione"]["cursor"])

    def rifiutato(self, cursore: str, chi: Consumatore | None = None, **parametri: str) -> bool:
        risposta = (chi or self.ministero).get("/api/v1/cup", {"limit": "2", "cursor": cursore, **parametri})
        if risposta.status_code == 200:
            return False
        assert risposta.status_code in {400, 422}
        assert risposta.headers["Content-Type"] == "application/problem+json"
        (errore,) = risposta.json()["errori"]
        assert errore["campo"] == "cursor"
        assert "successiva" in errore["messaggio"]
        return True

    def test_com_e_stato_dato_vale_anche_con_un_altro_limite(self) -> None:
        cursore = self.cursore()
        assert not self.rifiutato(cursore)
        altro = self.ministero.get("/api/v1/cup", {"limit": "1", "cursor": cursore})
        assert len(altro.json()["dati"]) == 1

    def test_cambiato_o_tagliato_o_inventato_e_rifiutato(self) -> None:
        buono = self.cursore()
        contenuto, *resto = buono.split(":")
        falso = base64.urlsafe_b64encode(b'["2026-01-01T00:00:00.000000Z",0,null,"x"]').decode().rstrip("=")
        for cattivo in (
            "x",
            "null",
            buono[:-1],
            buono[1:],
            f"{buono}A",
            buono.replace(":", "", 1),
            ":".join([falso, *resto]),
            ":".join([contenuto[:-2] + "AA", *resto]),
            signing.dumps([1, 2, 3]),
            signing.dumps([1, 2, 3], salt="interoperabilita.cursore"),
            signing.dumps({"a": 1}, salt="interoperabilita.cursore"),
            signing.dumps(None, salt="interoperabilita.cursore"),
        ):
            with self.subTest(cursore=cattivo):
                assert self.rifiutato(cattivo)

    def test_di_un_altra_domanda_e_rifiutato(self) -> None:
        cursore = self.cursore()
        for nome, valore in {"sort": "titolo", "fields": "id", "al": "2024-12-31", "stato": "attivo"}.items():
            with self.subTest(nome=nome):
                assert self.rifiutato(cursore, None, **{nome: valore})
        assert self.rifiutato(self.cursore(sort="titolo"))
        assert self.rifiutato(self.cursore(sort="titolo"), sort="-titolo")

    def test_di_un_altro_elenco_e_rifiutato(self) -> None:
        comuni = self.ministero.get("/api/v1/comuni", {"limit": "2"}).json()["paginazione"]["cursor"]
        assert self.rifiutato(comuni)

    def test_di_chi_vede_altre_righe_e_rifiutato(self) -> None:
        cursore = self.cursore()
        assert self.rifiutato(cursore, self.rho)
        di_rho = self.rho.get("/api/v1/cup", {"limit": "2"}).json()["paginazione"]["cursor"]
        assert not self.rifiutato(di_rho, self.rho)
        assert self.rifiutato(di_rho, self.bresso)
        assert self.rifiutato(di_rho, self.ministero)
        assert not self.rifiutato(cursore, consumatore())
