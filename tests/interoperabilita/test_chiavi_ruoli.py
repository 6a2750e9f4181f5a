"""A consumer sees exactly what it may: every role, by key and by session, on every address of the API that is read.

The objects have a CUP of their own, which is looked for in whatever is answered: nothing else tells so surely what was
seen, in any format and in any part of an answer.
"""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.cache import cache
from django.test import Client, TestCase
from django.urls import get_resolver

from enti.models import Ente
from enti.ruoli import RUOLI_PER_TIPO, Ruolo, TipoEnte
from interoperabilita.models import Ambito
from interoperabilita.services import chiavi as servizi
from interoperabilita.services import pubblicazione
from interventi.models import Intervento, Requisiti
from monitoraggio.models import Avanzamento, Traguardo
from monitoraggio.services import bozze
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from piani_integrati.services import verifica
from registro.models import Fonte
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.interoperabilita.chiavi import consumatore, di
from tests.interoperabilita.elenchi import approva
from tests.monitoraggio.base import intervento, persona
from tests.test_rotte import Rotta, rotte

DICEMBRE = date(2024, 12, 1)
FORMATI = ("csv", "ndjson", "xlsx")
# The objects: of Rho, of Bresso, of Bresso but in Rho, of nobody and in Magenta.
OPERE = ("rho", "bresso", "ospite", "nessuno")
TUTTE = frozenset(OPERE)
NESSUNA: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Chi:
    """A consumer, and what it may see: by the territory or by carrying it out, and by carrying it out alone."""

    nome: str
    cliente: Client
    vede: frozenset[str]
    attua: frozenset[str]
    # Whether it has the role, and the scope, for the drafts of what it carries out, and to send them.
    compila: bool = False
    invia: bool = True


@dataclass(frozen=True)
class Prova:
    """What a route shows: to each consumer, of each object that its address names."""

    rotta: Rotta
    chi: Chi
    cup: dict[str, str]
    bozze: dict[str, int]
    errori: list[str] = field(default_factory=list)

    def chiedi(self, modello: str, **parametri: str) -> tuple[int, frozenset[str]]:
        """The status, and the objects that are named in the answer."""
        risposta = self.chi.cliente.get(modello, parametri)
        testo = _testo(risposta)
        return risposta.status_code, frozenset(nome for nome, cup in self.cup.items() if cup in testo)

    def confronta(self, che_cosa: str, avuto: Any, atteso: Any) -> None:
        if avuto != atteso:
            self.errori.append(f"{self.chi.nome}, {self.rotta.nome}, {che_cosa}: {avuto}, e non {atteso}")


def _testo(risposta: Any) -> str:
    corpo: bytes = risposta.getvalue()
    if corpo[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(corpo)) as foglio:
            return "".join(foglio.read(nome).decode() for nome in foglio.namelist())
    return corpo.decode()


def _indirizzi(prova: Prova, **argomenti: str) -> Iterator[str]:
    """The addresses of a route with these arguments, one for each format where it takes one."""
    for formato in FORMATI if "<str:formato>" in prova.rotta.modello else ("",):
        dove = prova.rotta.modello
        for nome, valore in {**argomenti, "formato": formato}.items():
            dove = dove.replace(f"<str:{nome}>", valore)
        yield dove


# --- What each route is expected to show ---------------------------------------------------------------------------


def elenco(prova: Prova, **argomenti: str) -> None:
    """A list of rows of interventi: one's own, whatever is asked for."""
    for dove in _indirizzi(prova, **argomenti):
        domande: list[dict[str, str]] = [{}, {"al": "2025-06-30"}, {"modificati_dal": "2000-01-02T00:00:00Z"}]
        for domanda in domande:
            prova.confronta(f"{dove} {domanda}", prova.chiedi(dove, **domanda), (200, prova.chi.vede))
    for nome, cup in prova.cup.items():
        _stato, trovate = prova.chiedi(dove, q=cup)
        prova.confronta(f"{dove} cercando {nome}", trovate, prova.chi.vede & {nome})


def elenco_del_piano(prova: Prova) -> None:
    elenco(prova, codice="come-in")


def niente_di_un_intervento(prova: Prova) -> None:
    """What is the same for whoever reads the API: it names no intervento."""
    for dove in _indirizzi(prova, codice="come-in"):
        prova.confronta(dove, prova.chiedi(dove), (200, NESSUNA))


def nomi_della_verifica(prova: Prova) -> None:
    """The outcomes are for all; the interventi that make a rule fail are named to who may open them."""
    for dove in _indirizzi(prova, codice="come-in"):
        prova.confronta(dove, prova.chiedi(dove), (200, prova.chi.vede))


def scheda(prova: Prova) -> None:
    for nome, cup in prova.cup.items():
        for dove in _indirizzi(prova, cup=cup):
            atteso = (200, frozenset({nome})) if nome in prova.chi.vede else (404, NESSUNA)
            prova.confronta(f"di {nome}", prova.chiedi(dove), atteso)


def avanzamenti(prova: Prova) -> None:
    """Of what one carries out; of what is only in one's territory, none; of the rest, nobody says that it exists."""
    for nome, cup in prova.cup.items():
        for dove in _indirizzi(prova, cup=cup):
            stato, trovati = prova.chiedi(dove)
            prova.confronta(f"di {nome}", stato, 200 if nome in prova.chi.vede else 404)
            prova.confronta(f"di {nome}", trovati, prova.chi.attua & {nome})


def bozza(prova: Prova) -> None:
    for nome, cup in prova.cup.items():
        for dove in _indirizzi(prova, cup=cup, id=str(prova.bozze[nome])):
            stato, _trovati = prova.chiedi(dove)
            if prova.chi.compila:
                prova.confronta(f"di {nome}", stato, 200 if nome in prova.chi.attua else 404)
            else:
                prova.confronta(f"di {nome}", stato, 403)


def solo_da_scrivere(prova: Prova) -> None:
    for dove in _indirizzi(prova, cup=prova.cup["rho"], id="1"):
        prova.confronta(dove, prova.chiedi(dove)[0], 405 if prova.chi.compila and prova.chi.invia else 403)


def di_tutti(prova: Prova) -> None:
    """Reports tell of everybody: they are for whoever sees everything (here there are none)."""
    for dove in _indirizzi(prova, rapporto="7K3M-Q9TD-X20B"):
        atteso = 200 if prova.rotta.nome == "api-rapporti" else 404
        prova.confronta(dove, prova.chiedi(dove), (atteso if prova.chi.vede == TUTTE else 403, NESSUNA))


def cifre_di_tutti(prova: Prova) -> None:
    """They tell of everybody too; here nothing is counted yet."""
    for dove in _indirizzi(prova):
        prova.confronta(dove, prova.chiedi(dove), (409 if prova.chi.vede == TUTTE else 403, NESSUNA))


def nulla(prova: Prova) -> None:
    prova.confronta("niente", prova.chiedi("/api/v1/niente"), (404, NESSUNA))


ATTESE: dict[str, Callable[[Prova], None]] = {
    "api-cup": elenco,
    "api-intervento": scheda,
    "api-piani": niente_di_un_intervento,
    "api-piano": niente_di_un_intervento,
    "api-piano-cup": elenco_del_piano,
    "api-piano-verifica": nomi_della_verifica,
    "api-traguardi": elenco,
    "api-avanzamenti": avanzamenti,
    "api-avanzamento": bozza,
    "api-avanzamento-invia": solo_da_scrivere,
    "api-cifre": cifre_di_tutti,
    "api-rapporti": di_tutti,
    "api-rapporto": di_tutti,
    "api-rapporto-documento": di_tutti,
    "api-rapporto-dati": di_tutti,
    "api-missioni": niente_di_un_intervento,
    "api-driver": niente_di_un_intervento,
    "api-strategie": niente_di_un_intervento,
    "api-comuni": niente_di_un_intervento,
    "api-status": niente_di_un_intervento,
    "api-openapi-yaml": niente_di_un_intervento,
    "api-openapi-json": niente_di_un_intervento,
    "api-inesistente": nulla,
}


def rotte_api() -> list[Rotta]:
    return [rotta for rotta in rotte(get_resolver()) if rotta.modello.startswith("/api/")]


def test_ogni_rotta_dell_api_dice_chi_vede_che_cosa() -> None:
    ignote = {rotta.nome.removesuffix("-formato") for rotta in rotte_api()} - set(ATTESE)
    assert not ignote, f"scrivi in ATTESE chi vede che cosa a: {', '.join(sorted(ignote))}"


# --- Who asks ------------------------------------------------------------------------------------------------------


class RuoliTest(TestCase):
    cup: dict[str, str]
    bozze: dict[str, int]

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        bresso = Ente.objects.get(comune__nome="Bresso")
        opere: dict[str, Intervento] = {
            "rho": intervento("Rho"),
            "bresso": intervento("Bresso"),
            "ospite": intervento("Rho", soggetto_attuatore=bresso),
            "nessuno": intervento("Magenta", soggetto_attuatore=None),
        }
        assert set(opere) == TUTTE
        cls.cup = {nome: str(opera.cup) for nome, opera in opere.items()}
        piano = PianoIntegrato.objects.get(slug="come-in")
        coordinatore = crea_persona(Ruolo.COORDINATORE, nome="autrice")
        cls.bozze = {}
        for nome, opera in opere.items():
            InterventoNelPiano.objects.create(piano=piano, intervento=opera)
            approva(opera, DICEMBRE)
            cls._traguardo(nome, opera)
            # A rule that each of them makes fail: the energy class does not improve.
            Requisiti.objects.create(intervento=opera, edificio=True, classe_prima="E", classe_dopo="E")
            bozza = bozze.apri(intervento_id=opera.pk, mese=date(2025, 1, 1), autore=coordinatore)
            cls.bozze[nome] = bozza.pk
        verifica.segna([piano.pk])
        verifica.verifica_piano(piano_id=piano.pk)
        pubblicazione.pubblica()

    @staticmethod
    def _traguardo(nome: str, opera: Intervento) -> None:
        Traguardo.objects.create(
            intervento=opera,
            codice=f"T-{nome}",
            titolo=f"Collaudo di {opera.cup}",
            tipo="milestone",
            scadenza=date(2025, 12, 31),
            scadenza_iniziale=date(2025, 12, 31),
            fonte=Fonte.objects.get(codice="portale"),
        )

    def setUp(self) -> None:
        cache.clear()
        self.addCleanup(cache.clear)
        logging.disable(logging.WARNING)
        self.addCleanup(logging.disable, logging.NOTSET)
        senza_fretta = self.settings(API_LIMITE_PERSONE=10_000, API_LIMITE_ANONIMI=10_000)
        senza_fretta.enable()
        self.addCleanup(senza_fretta.disable)

    def guarda(self, chi: Chi) -> None:
        """Every route, seen by one consumer."""
        errori: list[str] = []
        for rotta in rotte_api():
            ATTESE[rotta.nome.removesuffix("-formato")](Prova(rotta, chi, self.cup, self.bozze, errori))
        assert not errori, "\n".join(errori)

    def entrata(self, ruolo: Ruolo, comune: str = "") -> Client:
        chi = persona(ruolo, comune) if comune else crea_persona(ruolo)
        cliente = Client()
        cliente.force_login(chi)
        return cliente

    # --- By key ---

    def test_la_chiave_di_un_comune_che_scrive_vede_il_suo(self) -> None:
        rho = Ente.objects.get(comune__nome="Rho")
        cliente = consumatore(rho, ruoli=RUOLI_PER_TIPO[TipoEnte.COMUNE]).cliente
        self.guarda(Chi("software di Rho", cliente, frozenset({"rho", "ospite"}), frozenset({"rho"}), compila=True))

    def test_la_chiave_di_un_altro_comune_vede_il_suo(self) -> None:
        bresso = Ente.objects.get(comune__nome="Bresso")
        cliente = consumatore(bresso, ruoli=RUOLI_PER_TIPO[TipoEnte.COMUNE]).cliente
        sue = frozenset({"bresso", "ospite"})
        self.guarda(Chi("software di Bresso", cliente, sue, sue, compila=True))

    def test_la_chiave_di_un_ente_che_non_attua_nulla_non_vede_nulla(self) -> None:
        altro = Ente.objects.create(denominazione="Consorzio di prova", tipo=TipoEnte.ALTRO)
        cliente = consumatore(altro, ruoli=RUOLI_PER_TIPO[TipoEnte.ALTRO]).cliente
        self.guarda(Chi("software di un consorzio", cliente, NESSUNA, NESSUNA, compila=True))

    def test_la_chiave_di_un_ministero_vede_tutto_e_non_scrive(self) -> None:
        self.guarda(Chi("ministero", consumatore().cliente, TUTTE, TUTTE))

    def test_la_chiave_della_citta_metropolitana_vede_tutto_e_non_scrive(self) -> None:
        autore = crea_persona(Ruolo.AMMINISTRATORE)
        ente = Ente.objects.get(tipo=TipoEnte.CITTA_METROPOLITANA, denominazione__startswith="Città")
        _chiave, segreto = servizi.crea(
            ente_id=ente.pk, nome="Cruscotto", ambiti=servizi.DI_LETTURA, limite_minuto=6_000, autore=autore
        )
        cliente = Client(headers={"authorization": f"Bearer {segreto.testo}"})
        self.guarda(Chi("Città metropolitana", cliente, TUTTE, TUTTE))

    def test_i_token_del_personale_vedono_tutto_e_non_scrivono(self) -> None:
        ente = Ente.objects.get(tipo=TipoEnte.CITTA_METROPOLITANA, denominazione__startswith="Città")
        for ruolo in (Ruolo.ISTRUTTORE, Ruolo.COORDINATORE, Ruolo.AMMINISTRATORE):
            token = di(crea_persona(ruolo), ente, ambiti=servizi.DI_LETTURA, personale=True)
            self.guarda(Chi(f"token di {ruolo}", token.cliente, TUTTE, TUTTE))

    # --- By session ---

    def test_chi_entra_per_un_comune_legge_il_suo(self) -> None:
        self.guarda(
            Chi(
                "compilatore",
                self.entrata(Ruolo.COMPILATORE, "Rho"),
                frozenset({"rho", "ospite"}),
                frozenset({"rho"}),
                compila=True,
                invia=False,
            )
        )
        sue = frozenset({"bresso", "ospite"})
        self.guarda(Chi("responsabile", self.entrata(Ruolo.RESPONSABILE, "Bresso"), sue, sue, compila=True))

    def test_chi_entra_per_la_citta_metropolitana_legge_tutto(self) -> None:
        for ruolo in (Ruolo.ISTRUTTORE, Ruolo.COORDINATORE):
            self.guarda(Chi(ruolo, self.entrata(ruolo), TUTTE, TUTTE, compila=True))
        for ruolo in (Ruolo.CABINA, Ruolo.AMMINISTRATORE):
            self.guarda(Chi(ruolo, self.entrata(ruolo), TUTTE, TUTTE))

    def test_chi_entra_per_un_ministero_legge_tutto(self) -> None:
        self.guarda(Chi("ministero", self.entrata(Ruolo.MINISTERO), TUTTE, TUTTE))

    def test_chi_non_ha_ruoli_o_non_entra_non_legge_nulla(self) -> None:
        senza = Client()
        senza.force_login(crea_persona())
        for cliente, stato in ((senza, 403), (Client(), 401), (consumatore(ruoli=()).cliente, 403)):
            for dove in (f"/api/v1/{nome}" for nome in ("cup", "piani", "traguardi", "comuni", "interventi/x")):
                assert cliente.get(dove).status_code == stato

    # --- From one to another ---

    def test_il_cursore_e_l_etag_di_un_altro_non_mostrano_il_suo(self) -> None:
        rho = consumatore(Ente.objects.get(comune__nome="Rho"), ruoli=[Ruolo.COMPILATORE])
        prima = consumatore().get("/api/v1/cup", {"limit": "1"})
        seguito = rho.get("/api/v1/cup", {"limit": "1", "cursor": prima.json()["paginazione"]["cursor"]})
        assert seguito.status_code == 422
        stessa = rho.get("/api/v1/cup", {"limit": "1"}, headers={"if-none-match": prima["ETag"]})
        assert stessa.status_code == 200
        assert rho.get("/api/v1/cup", {"limit": "1"}, headers={"if-none-match": stessa["ETag"]}).status_code == 304

    def test_chi_cambia_ente_vede_il_nuovo_da_subito(self) -> None:
        rho, bresso = (Ente.objects.get(comune__nome=nome) for nome in ("Rho", "Bresso"))
        chi = consumatore(rho, ruoli=[Ruolo.COMPILATORE])
        prima = chi.get("/api/v1/cup")
        chi.chiave.utente.appartenenze.update(ente=bresso)
        dopo = chi.get("/api/v1/cup", headers={"if-none-match": prima["ETag"]})
        assert dopo.status_code == 200
        assert {riga["cup"] for riga in dopo.json()["dati"]} == {self.cup["bresso"], self.cup["ospite"]}

    def test_gli_altri_ambiti_non_aprono_il_monitoraggio(self) -> None:
        chi = consumatore(Ente.objects.get(comune__nome="Rho"), ruoli=[Ruolo.COMPILATORE], ambiti=[Ambito.CUP])
        assert chi.get(f"/api/v1/interventi/{self.cup['rho']}").status_code == 200
        assert chi.get(f"/api/v1/interventi/{self.cup['rho']}/avanzamenti").status_code == 403

    def test_i_dati_di_prova_distinguono_davvero(self) -> None:
        """If an object had no avanzamento, or no CUP of its own, the tests above would say less than they seem to."""
        assert len(set(self.cup.values())) == len(OPERE)
        assert Avanzamento.objects.approvati().count() == len(OPERE)
