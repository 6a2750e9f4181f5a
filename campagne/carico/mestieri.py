"""What people of each role do in a working day, and how often: a weight and a step, each a page or a form.

The weights are ours: those who compile mostly write, and their form saves itself; those who examine read one month
after the other; those who direct look at sums. Where a form is, the page before it is opened first.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from random import Random
from typing import Any, Protocol


class Chi(Protocol):
    """Whoever does a step."""

    chi: dict[str, Any]
    mesi: list[str]
    piani: list[str]
    caso: Random

    @property
    def intervento(self) -> int: ...
    def apre(self, percorso: str, nome: str, bene: tuple[int, ...] = ...) -> Any: ...
    def manda(self, percorso: str, nome: str, dati: dict[str, Any], bene: tuple[int, ...] = ...) -> Any: ...
    def manda_json(self, percorso: str, nome: str, dati: dict[str, Any]) -> Any: ...
    def entra(self) -> None: ...


Passo = Callable[[Chi], object]
PAROLE = ("scuola", "ciclabile", "rigenerazione", "parco", "biblioteca", "B1", "piazza")
_SALVA = re.compile(r'data-chi="(\d+)" data-salva="([^"]+)"')
_REVISIONE = re.compile(r'name="revisione" value="(\d+)"')
_DA_ESAMINARE = re.compile(r'href="/monitoraggio/avanzamenti/(\d+)/"')
_VERSIONI = re.compile(r'href="(/monitoraggio/documenti/versioni/\d+/file/)"')


def _pagina(percorso: str, nome: str) -> Passo:
    return lambda chi: chi.apre(percorso, nome)


def _dell_intervento(percorso: str, nome: str) -> Passo:
    return lambda chi: chi.apre(percorso.format(chi.intervento), nome)


def _del_piano(percorso: str, nome: str) -> Passo:
    return lambda chi: chi.apre(percorso.format(chi.caso.choice(chi.piani)), nome)


def _inizio(chi: Chi) -> None:
    """The first page, which for some roles is another."""
    risposta = chi.apre("/", "inizio", (200, 302))
    if risposta.status_code == 302:
        chi.apre(risposta.headers["Location"], "inizio: dove porta")


def _cerca(chi: Chi) -> None:
    chi.apre(f"/cerca/suggerimenti/?q={chi.caso.choice(PAROLE)}", "cerca: suggerimenti")
    chi.apre(f"/cerca/?q={chi.caso.choice(PAROLE)}", "cerca")


def _compila(chi: Chi) -> None:
    """Open a month, and write in it for a while: the form saves itself after each pause."""
    aperto = chi.manda(
        "/monitoraggio/avanzamenti/apri/",
        "avanzamento: apri",
        {"intervento": chi.intervento, "mese": chi.caso.choice(chi.mesi)},
    )
    dove = aperto.headers.get("Location", "") if aperto.headers else ""
    if dove and not dove.endswith("/modifica/"):
        chi.apre(dove, "avanzamento")
    if not dove.endswith("/modifica/"):
        return
    testo = chi.apre(dove, "avanzamento: modulo").text or ""
    salva, revisione = _SALVA.search(testo), _REVISIONE.search(testo)
    if salva is None or revisione is None:
        return
    scritta, numero = f"Nota {uuid.uuid4()}", int(revisione[1])
    for percento in (chi.caso.randint(1, 50), chi.caso.randint(51, 99)):
        celle = {"testa-0-note": scritta, "testa-0-percentuale": str(percento)}
        dati = {"chi": int(salva[1]), "chiave": str(uuid.uuid4()), "revisione": numero, "celle": celle}
        salvato = chi.manda_json(salva[2], "avanzamento: salva da solo", dati)
        numero = (salvato.json() or {}).get("revisione", numero) if salvato.status_code == 200 else numero


def _scrive(chi: Chi) -> None:
    pk = chi.intervento
    chi.apre(f"/monitoraggio/interventi/{pk}/messaggi/", "messaggi")
    dati = {"testo": "Quando arriva il verbale di consegna?", "risponde_a": "", "avanzamento": ""}
    chi.manda(f"/monitoraggio/interventi/{pk}/messaggi/scrivi/", "messaggio: scrivi", dati)


def _documenti(chi: Chi) -> None:
    testo = chi.apre(f"/monitoraggio/interventi/{chi.intervento}/documenti/", "documenti").text or ""
    if scarica := _VERSIONI.search(testo):
        chi.apre(scarica[1], "documento: scarica")


def _esamina(chi: Chi) -> None:
    """Open the list, read one of what is there, now and then approve it. Somebody else may have been quicker."""
    testo = chi.apre(f"/monitoraggio/istruttoria/?pagina={chi.caso.randint(1, 2)}", "istruttoria").text or ""
    trovati = _DA_ESAMINARE.findall(testo)
    if not trovati:
        return
    pk = chi.caso.choice(trovati)
    chi.apre(f"/monitoraggio/avanzamenti/{pk}/", "avanzamento")
    if chi.caso.random() < 0.15:
        chi.manda(f"/monitoraggio/avanzamenti/{pk}/approva/", "avanzamento: approva", {}, (302, 409))


_COMUNI: list[tuple[int, Passo]] = [
    (10, _inizio),
    (10, _pagina("/monitoraggio/attese/", "attese")),
    (14, _compila),
    (8, _dell_intervento("/monitoraggio/interventi/{}/", "intervento: monitoraggio")),
    (6, _dell_intervento("/interventi/{}/", "intervento")),
    (6, _pagina("/interventi/", "interventi")),
    (4, _pagina("/monitoraggio/allerte/", "allerte")),
    (4, _scrive),
    (4, _documenti),
    (3, _cerca),
    (2, _pagina("/monitoraggio/", "situazione")),
    (2, _pagina("/cruscotto/", "cruscotto")),
    (1, _pagina("/guida/", "guida")),
    (1, lambda chi: chi.entra()),
]
MESTIERI: dict[str, list[tuple[int, Passo]]] = {
    "compilatore": _COMUNI,
    "responsabile": _COMUNI,
    "istruttore": [
        (6, _inizio),
        (20, _esamina),
        (8, _dell_intervento("/monitoraggio/interventi/{}/", "intervento: monitoraggio")),
        (6, _dell_intervento("/interventi/{}/", "intervento")),
        (6, _pagina("/interventi/?q=scuola&ordine=-finanziamento", "interventi: ricerca")),
        (6, _pagina("/monitoraggio/segnali/", "segnali")),
        (4, _pagina("/monitoraggio/traguardi/", "traguardi")),
        (3, _pagina("/monitoraggio/variazioni/", "variazioni")),
        (3, _pagina("/monitoraggio/", "situazione")),
        (3, _scrive),
        (3, _cerca),
    ],
    "coordinatore": [
        (6, _inizio),
        (8, _pagina("/cruscotto/", "cruscotto")),
        (4, _pagina("/cruscotto/tempi/", "cruscotto: tempi")),
        (4, _pagina("/piani/", "piani")),
        (6, _del_piano("/piani/{}/", "piano")),
        (4, _del_piano("/piani/{}/verifica/", "piano: verifica")),
        (3, _pagina("/piani/verifica/", "verifica")),
        (3, _pagina("/rapporti/", "rapporti")),
        (3, _pagina("/registro/", "registro")),
        (3, _pagina("/monitoraggio/istruttoria/mancanti/", "istruttoria: mancanti")),
    ],
    "cabina": [
        (6, _inizio),
        (10, _pagina("/cruscotto/", "cruscotto")),
        (5, _pagina("/cruscotto/mappa/", "cruscotto: mappa")),
        (5, _pagina("/cruscotto/tempi/", "cruscotto: tempi")),
        (4, _pagina("/rapporti/", "rapporti")),
        (4, _del_piano("/piani/{}/", "piano")),
        (3, _pagina("/piano-strategico/attuazione/", "piano strategico: attuazione")),
    ],
    "amministratore": [
        (6, _inizio),
        (6, _pagina("/registro/", "registro")),
        (6, _pagina("/lavori/", "lavori")),
        (4, _pagina("/amministrazione/enti/utente/", "utenti")),
        (3, _pagina("/chiavi/", "chiavi")),
    ],
}
