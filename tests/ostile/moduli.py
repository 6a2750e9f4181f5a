"""The forms of a page, as a browser would send them, and ways to send them wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from random import Random
from typing import Any

from tests.ostile.veleni import TUTTI

IGNORATI = frozenset({"csrfmiddlewaretoken", None, ""})
PLAUSIBILI = {"date": "2024-12-31", "number": "1", "email": "prova@example.org", "checkbox": "on", "month": "2024-12"}


@dataclass
class Modulo:
    """Where a form is sent, and what it would be sent with if nothing were touched; what is blank is filled in."""

    azione: str
    campi: dict[str, list[str]] = field(default_factory=dict)


class _Lettore(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.moduli: list[Modulo] = []
        self.aperto: Modulo | None = None
        self.scelta = ""
        self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        dati = dict(attrs)
        if tag == "form":
            self.aperto = Modulo(dati.get("action") or "") if (dati.get("method") or "").lower() == "post" else None
            if self.aperto is not None:
                self.moduli.append(self.aperto)
            return
        if self.aperto is None:
            return
        nome = dati.get("name")
        match tag:
            case "input" | "button" if nome not in IGNORATI:
                self.metti(str(nome), dati.get("value") or PLAUSIBILI.get(dati.get("type") or "", "Prova"))
            case "textarea" if nome not in IGNORATI:
                self.metti(str(nome), "Prova")
            case "select":
                self.scelta = nome or ""
            case "option" if self.scelta and (dati.get("value") or ""):
                if "selected" in dati or self.scelta not in self.aperto.campi:
                    self.aperto.campi[self.scelta] = [str(dati["value"])]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.aperto = None
        elif tag == "select":
            self.scelta = ""

    def metti(self, nome: str, valore: str) -> None:
        assert self.aperto is not None
        self.aperto.campi.setdefault(nome, []).append(valore)


def di_pagina(corpo: bytes, indirizzo: str) -> list[Modulo]:
    """Those that are sent by POST; one that does not say where is sent to the page itself."""
    lettore = _Lettore()
    lettore.feed(corpo.decode(errors="replace"))
    for modulo in lettore.moduli:
        modulo.azione = modulo.azione or indirizzo
    return lettore.moduli


def guasta(campi: dict[str, list[str]], altri: tuple[str, ...], scelta: Random) -> dict[str, Any]:
    """The same fields, some missing, some twice, some with what nobody should write, some that are not there."""
    dati: dict[str, Any] = {nome: list(valori) for nome, valori in campi.items()}
    nomi = list(dati) or list(altri)
    for _volta in range(scelta.randint(1, 4)):
        nome = scelta.choice(nomi if scelta.random() < 0.8 else [*altri, "is_superuser", "id", "pk", "autore", "stato"])
        match scelta.randrange(6):
            case 0:
                dati.pop(nome, None)
            case 1:
                dati[nome] = [*dati.get(nome, []), scelta.choice(TUTTI)]
            case _:
                dati[nome] = [scelta.choice(TUTTI)]
    return dati
