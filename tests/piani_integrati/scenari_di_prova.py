"""What the tests of the scenarios share: a small piano of our own, and the sandbox as a browser would send it."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.urls import reverse

from enti.models import Utente
from enti.ruoli import Ruolo
from interventi.models import Finanziamento, Intervento
from interventi.scelte import FonteFinanziamento
from piani_integrati import services
from piani_integrati.models import PianoIntegrato, Scenario
from registro.models import Fonte
from tests.enti.persone import crea_persona
from tests.piani_integrati.base import PianiTestCase, completa, crea_intervento, dichiara_tutto, persona_del_comune

COSTO = "finanziamento_totale"


def fotografia() -> dict[str, list[Any]]:
    """Every row of every table of the database."""
    with connection.cursor() as cursore:
        righe = {}
        for tabella in connection.introspection.table_names(cursore):
            cursore.execute(f"SELECT * FROM {connection.ops.quote_name(tabella)}")  # noqa: S608 our own tables
            righe[tabella] = sorted(map(repr, cursore.fetchall()))
        return righe


def quota(intervento: Intervento, importo: str) -> None:
    Finanziamento.objects.create(intervento=intervento, fonte=FonteFinanziamento.PRIVATO, importo=Decimal(importo))


def metti(piano: PianoIntegrato, interventi: list[Intervento], autore: Utente) -> None:
    services.assegna(piano_id=piano.pk, interventi_ids=[i.pk for i in interventi], autore=autore)


class ScenariTestCase(PianiTestCase):
    prova: PianoIntegrato
    interventi: list[Intervento]
    fuori: Intervento
    cabina: Utente
    di_rho: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.cabina = crea_persona(Ruolo.CABINA)
        cls.di_rho = persona_del_comune("Rho")
        cls.prova = PianoIntegrato.objects.create(
            codice="PROVA", slug="prova", titolo="Piano di prova", fonte=Fonte.objects.get(codice="portale")
        )
        dichiara_tutto(cls.prova)
        cls.interventi = [crea_intervento(1), crea_intervento(2, comuni=("Bresso",)), crea_intervento(3)]
        for intervento in cls.interventi:
            completa(intervento, edificio=True)
        cls.fuori = crea_intervento(9, finanziamento_totale=Decimal("7000.00"))
        quota(cls.interventi[0], "250.00")
        metti(cls.prova, cls.interventi, cls.coordinatore)
        metti(PianoIntegrato.objects.get(codice="MICA"), [cls.fuori], cls.coordinatore)

    def pk(self, posto: int) -> int:
        return self.interventi[posto].pk

    def salva(self, nome: str = "Più costi", autore: Utente | None = None, **altro: Any) -> Scenario:
        modifiche = altro.pop("modifiche", {"interventi": {str(self.pk(0)): {COSTO: "50000000.00"}}})
        return services.salva_scenario(
            piano_id=self.prova.pk, nome=nome, modifiche=modifiche, autore=autore or self.coordinatore, **altro
        )

    def setUp(self) -> None:
        super().setUp()
        self.costo = f"i{self.pk(0)}-{COSTO}"

    def indirizzo(self, nome: str, *argomenti: Any) -> str:
        return reverse(nome, args=[self.prova.slug, *argomenti])

    def apri(self, nome: str = "scenario-nuovo", *argomenti: Any) -> dict[str, str]:
        """What a browser would send back from the sandbox, as it was opened."""
        return campi(self.client.get(self.indirizzo(nome, *argomenti)))

    def manda(self, dati: dict[str, str], bottone: str = "ricalcola", nome: str = "scenario-nuovo", *arg: Any) -> Any:
        risposta = self.client.post(self.indirizzo(nome, *arg), {**dati, bottone: "1"})
        assert risposta.status_code in {200, 302}
        return risposta


class Lettore(HTMLParser):
    """The fields of the form of the sandbox, as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.dentro, self.scelta = False, ""
        self.campi: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        valori = dict(attrs)
        nome = valori.get("name") or ""
        if tag == "form":
            self.dentro = "data-scenario" in valori
        if not self.dentro:
            return
        if tag == "input" and (valori.get("type") != "checkbox" or "checked" in valori):
            self.campi[nome] = valori.get("value") or ("on" if valori.get("type") == "checkbox" else "")
        elif tag == "select":
            self.scelta, self.campi[nome] = nome, ""
        elif tag == "option" and self.scelta and "selected" in valori:
            self.campi[self.scelta] = valori.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.dentro = False
        elif tag == "select":
            self.scelta = ""


def campi(pagina: Any) -> dict[str, str]:
    lettore = Lettore()
    lettore.feed(pagina.content.decode())
    return lettore.campi


def parole_di(pagina: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", pagina.content.decode())).split())


def pagina_intera(pagina: Any) -> str:
    """The text of a page with its no-break spaces."""
    return re.sub(r"[ \n]+", " ", unescape(re.sub(r"<[^>]+>", " ", pagina.content.decode())))
