"""The months that a timeline shows: `?da=2024-01&a=2025-12`, and the links that move and widen them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from psttm import formati
from psttm.grafici.assi import mese_dopo

# What somebody may write for a month: 2024-01, 01/2024, gennaio 2024.
ANNO_MESE = re.compile(r"(?P<anno>\d{4})[-/. ](?P<mese>\d{1,2})")
MESE_ANNO = re.compile(r"(?P<mese>\d{1,2})[-/. ](?P<anno>\d{4})")
NOME_ANNO = re.compile(r"(?P<nome>[a-z]+) (?P<anno>\d{4})")
PRIMO, ULTIMO = 2000 * 12, 2099 * 12 + 11
ANNO, TRIMESTRE = 12, 3
LUNGO = 40


@dataclass(frozen=True)
class Periodo:
    """Months as numbers (twelve times the year, and the month from 0), both included; None: as far as there is data.

    `scritti` is what the address said, for the fields that show it; `errori` says, by field, why a value is not used.
    """

    da: int | None = None
    a: int | None = None
    scritti: tuple[str, str] = ("", "")
    errori: tuple[tuple[str, str], ...] = ()

    @property
    def tutto(self) -> bool:
        return self.da is None and self.a is None

    @property
    def inizio(self) -> date | None:
        return None if self.da is None else primo_giorno(self.da)

    @property
    def fine(self) -> date | None:
        return None if self.a is None else ultimo_giorno(self.a)

    @property
    def campo_da(self) -> str:
        """What its field shows: the month as addresses write it, or what was typed and cannot be read."""
        return scritto(self.da) if self.da is not None else self.scritti[0]

    @property
    def campo_a(self) -> str:
        return scritto(self.a) if self.a is not None else self.scritti[1]

    @property
    def errore_da(self) -> str:
        return dict(self.errori).get("da", "")

    @property
    def errore_a(self) -> str:
        return dict(self.errori).get("a", "")


@dataclass(frozen=True)
class Comando:
    """A link that changes the months shown: `da` and `a` as an address writes them, "" to take them away.

    One that would change nothing is not `attivo`; `scelto` is what is shown now.
    """

    nome: str
    descrizione: str
    da: str = ""
    a: str = ""
    attivo: bool = True
    scelto: bool = False


def leggi(parametri: Mapping[str, str]) -> Periodo:
    """What an address asks for. A value that makes no sense is not used, and the answer says why."""
    scritti = (parametri.get("da", "").strip(), parametri.get("a", "").strip())
    letti: list[int | None] = []
    errori = []
    for nome, testo in zip(("da", "a"), scritti, strict=True):
        mese = _mese(testo)
        errore = _sbagliato(testo, mese) if testo else ""
        letti.append(None if errore else mese)
        if errore:
            errori.append((nome, errore))
    da, a = letti
    if da is not None and a is not None and da > a:
        testo = _("Il periodo comincia a %(da)s e finisce prima, a %(a)s: scambia i due mesi, o cambiane uno.")
        errori.append(("a", testo % {"da": formati.mese(primo_giorno(da)), "a": formati.mese(primo_giorno(a))}))
        da = a = None
    return Periodo(da, a, scritti, tuple(errori))


def _mese(testo: str) -> int | None:
    testo = " ".join(testo.lower().split())
    trovato = ANNO_MESE.fullmatch(testo) or MESE_ANNO.fullmatch(testo)
    if trovato is not None:
        mese = int(trovato["mese"])
        return int(trovato["anno"]) * 12 + mese - 1 if 1 <= mese <= 12 else None
    detto = NOME_ANNO.fullmatch(testo)
    if detto is None or detto["nome"] not in formati.MESI:
        return None
    return int(detto["anno"]) * 12 + formati.MESI.index(detto["nome"])


def _sbagliato(testo: str, mese: int | None) -> str:
    """Why a month cannot be used; "" if it can."""
    if mese is None:
        return _("«%(testo)s» non è un mese: scrivilo per esempio così, 2024-01.") % {"testo": testo[:LUNGO]}
    if not PRIMO <= mese <= ULTIMO:
        return _("Il %(anno)s è fuori dal diagramma: scegli un mese fra il 2000 e il 2099.") % {"anno": mese // 12}
    return ""


def primo_giorno(mese: int) -> date:
    return date(mese // 12, mese % 12 + 1, 1)


def ultimo_giorno(mese: int) -> date:
    return mese_dopo(primo_giorno(mese)) - timedelta(days=1)


def del_giorno(giorno: date) -> int:
    """The month of a day."""
    return giorno.year * 12 + giorno.month - 1


def scritto(mese: int) -> str:
    return f"{primo_giorno(mese):%Y-%m}"


def comandi(periodo: Periodo, tutto: tuple[date, date], giorno: date) -> list[Comando]:
    """All of it, the year and the quarter of the day; closer, farther; back and forth.

    `tutto` are the first and the last day of what there is to show.
    """
    inizio, fine = (del_giorno(uno) for uno in tutto)
    da = inizio if periodo.da is None else periodo.da
    a = max(da, fine if periodo.a is None else periodo.a)
    oggi = del_giorno(giorno)
    passo = max(1, (a - da + 1) // 2)
    return [
        Comando(_("Tutto"), _("tutto il periodo"), scelto=periodo.tutto),
        _verso(_("Anno"), _("l'anno %(anno)s") % {"anno": oggi // 12}, _intorno(oggi, ANNO), periodo),
        _verso(_("Trimestre"), _("il trimestre del giorno"), _intorno(oggi, TRIMESTRE), periodo),
        _verso("+", _("più da vicino"), _vicino(da, a), periodo, attivo=a > da),
        _lontano(da, a, (inizio, fine), periodo),
        _verso("◀", _("più indietro"), (da - passo, a - passo), periodo, attivo=da > inizio),
        _verso("▶", _("più avanti"), (da + passo, a + passo), periodo, attivo=a < fine),
    ]


def _intorno(mese: int, quanti: int) -> tuple[int, int]:
    """The year or the quarter that a month is in."""
    primo = mese - mese % quanti
    return primo, primo + quanti - 1


def _vicino(da: int, a: int) -> tuple[int, int]:
    """Half as many months, around the same one."""
    quanti = a - da + 1
    meta = max(1, quanti // 2)
    primo = da + (quanti - meta) // 2
    return primo, primo + meta - 1


def _lontano(da: int, a: int, tutto: tuple[int, int], periodo: Periodo) -> Comando:
    """Twice as many months around the same one, up to all there is."""
    quanti = a - da + 1
    primo, ultimo = da - quanti // 2, a + (quanti + 1) // 2
    if primo <= tutto[0] and ultimo >= tutto[1]:
        return Comando("−", _("più da lontano"), attivo=not periodo.tutto)
    return _verso("−", _("più da lontano"), (primo, ultimo), periodo)


def _verso(nome: str, descrizione: str, mesi: tuple[int, int], periodo: Periodo, *, attivo: bool = True) -> Comando:
    da, a = (min(max(mese, PRIMO), ULTIMO) for mese in mesi)
    return Comando(nome, descrizione, scritto(da), scritto(a), attivo, (da, a) == (periodo.da, periodo.a))
