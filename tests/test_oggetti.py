"""Every role on every object of every route that names one: who is let in, who is told that there is nothing there.

One table says it, and a route that it does not know fails. What the API shows of each object is in
`tests.interoperabilita.test_chiavi_ruoli`, which walks its routes the same way.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from enti.ruoli import PERSONALE, VEDE_TUTTO, Ruolo
from tests.ostile import bersagli
from tests.ostile.generi import GENERI, genere_di
from tests.ostile.scena import ALTRUI, ANONIMO, FERMO, OGGETTI, OSPITE, SEGRETO, SUO, TUTTI, OstileTestCase
from tests.ostile.sonda import DA_PROGRAMMA, Sonda, in_silenzio
from tests.test_rotte import Rotta, rotte

pytestmark = pytest.mark.ostile

VEDONO = frozenset(ruolo.value for ruolo in VEDE_TUTTO)
STAFF = frozenset(ruolo.value for ruolo in PERSONALE)
UFFICIO = frozenset({Ruolo.ISTRUTTORE.value, Ruolo.COORDINATORE.value})
# What a body carries out, whatever its state; what lies in its territory as well.
ATTUATI, IN_VISTA = frozenset({SUO, FERMO}), frozenset({SUO, OSPITE, FERMO})

# Given the role and the object: whether it is there for her (she may then be told that it is not the moment).
CeSi = Callable[[str, str], bool]


def di_chi_lo_vede(chi: str, quale: str) -> bool:
    """Interventi, what is public of them: of one's body and territory, all for who sees everything."""
    return quale in IN_VISTA or (chi in VEDONO and quale == ALTRUI)


def di_chi_lo_attua(chi: str, quale: str) -> bool:
    """What is of the body that carries it out: all for who sees everything."""
    return quale in ATTUATI or (chi in VEDONO and quale in {OSPITE, ALTRUI})


def da_scrivere(chi: str, quale: str) -> bool:
    """To be written by the body that carries it out, or by the staff that examines it."""
    return quale in ATTUATI or (chi in UFFICIO and quale in {OSPITE, ALTRUI})


def di_una_persona(_chi: str, quale: str) -> bool:
    """Only of who it belongs to: not even the staff sees those of others."""
    return quale in ATTUATI


def di_una_persona_o_di_chi_vede_tutto(chi: str, quale: str) -> bool:
    return quale in ATTUATI or (chi in VEDONO and quale == ALTRUI)


def di_tutti(_chi: str, quale: str) -> bool:
    """Of the programme: for whoever has the permission."""
    return quale in ATTUATI


def degli_enti(chi: str, quale: str) -> bool:
    """Pages of a body: of one's own, and of any for who sees everything. A guest lies in one's territory."""
    return quale in ATTUATI or (chi in VEDONO and quale in {OSPITE, ALTRUI})


def pronto_per_l_ufficio(chi: str, quale: str) -> bool:
    return chi in UFFICIO and quale == FERMO


def da_decidere(chi: str, quale: str) -> bool:
    """Who may not decide is not told that there is something to decide."""
    return chi in UFFICIO and quale in {SUO, OSPITE, ALTRUI, FERMO}


def prima_la_password(_chi: str, _quale: str) -> bool:
    return True


def non_eliminato(chi: str, quale: str) -> bool:
    """The file of a document that was deleted is for those who see everything."""
    return quale == SUO or (chi in VEDONO and quale in {OSPITE, ALTRUI, FERMO})


def in_uso(_chi: str, quale: str) -> bool:
    """What was revoked is only to be read."""
    return quale == SUO


def di_nessuno(_chi: str, _quale: str) -> bool:
    return False


@dataclass(frozen=True)
class Regola:
    """Whether the object is there to be looked at, and to be acted upon."""

    guarda: CeSi
    agisce: CeSi


PER_GENERE: dict[str, Regola] = {
    "intervento": Regola(di_chi_lo_attua, da_scrivere),
    "cup": Regola(di_chi_lo_vede, di_nessuno),
    "ente": Regola(degli_enti, di_nessuno),
    "avanzamento": Regola(di_chi_lo_attua, da_scrivere),
    "messaggio": Regola(di_chi_lo_attua, da_scrivere),
    "segnale": Regola(di_chi_lo_vede, da_scrivere),
    "traguardo": Regola(di_chi_lo_vede, di_chi_lo_vede),
    "variazione": Regola(di_chi_lo_attua, di_chi_lo_attua),
    "documento": Regola(di_chi_lo_attua, da_scrivere),
    "versione": Regola(di_chi_lo_attua, di_nessuno),
    "caricamento": Regola(di_una_persona, di_una_persona),
    "allerta": Regola(di_una_persona, di_una_persona),
    "foglio": Regola(di_una_persona, di_una_persona),
    "lavoro": Regola(di_una_persona_o_di_chi_vede_tutto, di_una_persona_o_di_chi_vede_tutto),
    "vista": Regola(di_una_persona, di_una_persona),
    "scenario": Regola(di_una_persona_o_di_chi_vede_tutto, di_una_persona_o_di_chi_vede_tutto),
    "token": Regola(di_una_persona, di_una_persona),
    "sessione": Regola(di_una_persona, di_una_persona),
    **dict.fromkeys(
        ("persona", "piano", "deroga", "importazione", "differenza", "riunione", "rapporto", "chiave"),
        Regola(di_tutti, di_tutti),
    ),
}
PER_ROTTA: dict[str, Regola] = {
    # The sheet of an intervento is of whoever sees it; what is declared of it, of who carries it out.
    **dict.fromkeys(
        ("intervento", "intervento-storia", "intervento-scheda-cup", "intervento-monitoraggio"),
        Regola(di_chi_lo_vede, di_chi_lo_vede),
    ),
    # Packages of many bodies: of whoever of the staff asked for them, once they are ready.
    "regis-pacchetto": Regola(pronto_per_l_ufficio, di_nessuno),
    "sicurezza-sessione-chiudi": Regola(di_nessuno, di_una_persona_o_di_chi_vede_tutto),
    # The password is asked for again before anybody is looked for.
    "dati-personali-scarica": Regola(prima_la_password, di_nessuno),
    "dati-personali-anonimo": Regola(di_tutti, prima_la_password),
    # Of a workbook that was put aside nothing is kept.
    "foglio-restituito": Regola(in_uso, di_nessuno),
    "documento-file": Regola(non_eliminato, di_nessuno),
    "variazione-decidi": Regola(di_nessuno, da_decidere),
    **dict.fromkeys(("chiave-modifica", "chiave-sostituisci"), Regola(in_uso, in_uso)),
}
# What the forms that act upon an object ask for: good enough to get to where it is decided who may.
MODULO = {
    "motivo": "Perché sì",
    "fino_al": (timezone.localdate() + timedelta(days=20)).isoformat(),
    "testo": "Scritto da altri",
    "atto": "Atto n. 1",
    "data_atto": "2024-12-01",
    "revisione": "0",
    "titolo": "Titolo",
    "tipo": "economia",
    "importo_dopo": "1",
}
# Arguments of these name no object that somebody might not see: what they show is the same for all who may enter.
SENZA_OGGETTI = {
    "missione", "obiettivo", "obiettivo-modifica", "obiettivo-togli", "driver", "strategia", "comune", "zona",
    "interventi-esporta", "cruscotto-righe", "open-data-dataset", "open-data-file", "documentazione-api-operazione",
    "guida-pagina", "guida-primi-passi", "account_reset_password_from_key",
    # A key that nobody can guess, good for who was given it, in her session: tests/psttm/test_ripensamenti.py.
    "ripensa",
}  # fmt: skip
# Where nothing is there, this one answers with the list, the same for what does not exist and for what is of others.
AL_CUP, SCHEDA = "interventi-cup", re.compile(r"/interventi/\d+/")
FUORI = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


def con_argomenti() -> list[Rotta]:
    return [
        rotta
        for rotta in rotte(get_resolver())
        if ("<" in rotta.modello or "(?P" in rotta.modello)
        and rotta.spazio != "admin"
        and not rotta.modello.startswith("/api/")
    ]


def test_ogni_rotta_che_nomina_un_oggetto_dice_di_chi_e() -> None:
    ignote = {rotta.nome for rotta in con_argomenti()} - set(GENERI) - SENZA_OGGETTI
    assert not ignote, f"scrivi in tests/ostile/generi.py che oggetto nomina: {', '.join(sorted(ignote))}"


def test_la_tavola_non_parla_di_rotte_che_non_ci_sono() -> None:
    nomi = {rotta.nome for rotta in con_argomenti()}
    assert not (set(GENERI) | SENZA_OGGETTI | set(PER_ROTTA)) - nomi
    assert set(GENERI.values()) == set(PER_GENERE)


class OgniRuoloSuOgniOggetto(OstileTestCase):
    @pytest.fixture(autouse=True)
    def _conta(self, record_property: Callable[[str, object], None]) -> None:
        self.ricorda = record_property

    def test_chi_guarda_trova_solo_cio_che_la_tavola_dice(self) -> None:
        self.percorri("get")

    def test_chi_agisce_arriva_solo_dove_la_tavola_dice(self) -> None:
        self.percorri("post")

    def percorri(self, metodo: str) -> None:
        sonda = Sonda("oggetti guardati" if metodo == "get" else "oggetti su cui si agisce")
        with in_silenzio():
            for rotta in con_argomenti():
                genere = genere_di(rotta)
                if not genere:
                    continue
                possono = bersagli.ammessi(rotta)
                for chi in TUTTI:
                    # Who may not enter is kept out before any object is looked for: one is enough.
                    for quale in OGGETTI if chi in possono else (SUO,):
                        self.prova(sonda, rotta, metodo, genere, quale, chi)
        sonda.concludi(self.ricorda)

    def prova(self, sonda: Sonda, rotta: Rotta, metodo: str, genere: str, quale: str, chi: str) -> None:
        argomenti = self.scena.argomenti(genere, quale, chi)
        if argomenti is None:
            return
        dove = bersagli.indirizzo(rotta, argomenti)
        cliente = self.clienti[chi]
        come = f"{metodo} {rotta.nome} ({dove}) {quale}, {chi}"
        risposta = sonda.chiedi(come, self.chiedi, cliente, rotta, metodo, dove, chi)
        stato = risposta.status_code
        if chi not in bersagli.ammessi(rotta) or (chi == ANONIMO and stato in FUORI):
            atteso = stato in FUORI
        elif stato == HTTPStatus.METHOD_NOT_ALLOWED:
            return
        else:
            regola = PER_ROTTA.get(rotta.nome, PER_GENERE[genere])
            c_e = (regola.guarda if metodo == "get" else regola.agisce)(chi, quale)
            atteso = _c_e(rotta, risposta) is c_e
        if not atteso:
            sonda.guasti.append(f"{come}: {stato}")
        if quale == ALTRUI and chi not in VEDONO and SEGRETO.encode() in _corpo(risposta):
            sonda.guasti.append(f"{come}: mostra ciò che è di altri")

    def chiedi(self, cliente: Client, rotta: Rotta, metodo: str, dove: str, chi: str) -> Any:
        """As the pages do: with all that a form could hold, or in JSON where they speak it."""
        if metodo == "get":
            return cliente.get(dove, **DA_PROGRAMMA)
        if rotta.nome != "avanzamento-salva":
            return cliente.post(dove, MODULO, **DA_PROGRAMMA)
        utente = self.scena.persone[chi]
        chiave = str(uuid.uuid4())
        corpo = {"chi": utente and utente.pk, "revisione": 0, "chiave": chiave, "celle": {"testa-0-note": "mia"}}
        return cliente.post(dove, corpo, content_type="application/json", **DA_PROGRAMMA)


def _c_e(rotta: Rotta, risposta: Any) -> bool:
    """Whether the answer is about the object: it may still say that there is nothing to be done with it."""
    if rotta.nome == AL_CUP:
        return SCHEDA.fullmatch(risposta.headers.get("Location", "")) is not None
    return risposta.status_code not in {*FUORI, HTTPStatus.NOT_FOUND}


def _corpo(risposta: object) -> bytes:
    return b"" if getattr(risposta, "streaming", False) else bytes(getattr(risposta, "content", b""))
