"""What was counted of a selection: its sums, and those of the things that it is told by.

One thing, or none, was added up by who counted. Of two or more the combinations that have them all are added up here:
few, since each filter leaves out most.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from cruscotto.conteggio.caselle import luoghi
from cruscotto.conteggio.chiavi import CAMPI_CHIAVE, TUTTO, chiave_di, cosa
from cruscotto.conteggio.somme import Somme, da_json
from cruscotto.models import Casella, Profilo
from cruscotto.tipi import Dimensione
from monitoraggio.calcolo.passi import FATTI, PREVISTI, numero_di

# What was chosen of each kind, by the value that the count knows it by.
Scelta = Mapping[Dimensione, str]
# The key of no piano: what was chosen by a code that is of none.
NESSUN_PIANO = 0
# The field of a Profilo for each kind.
CAMPI = {
    Dimensione.DRIVER: "driver",
    Dimensione.STRATEGIA: "strategie",
    Dimensione.ZONA: "zone",
    Dimensione.COMUNE: "comuni",
}


# The sums as text: there may be thousands, and Django's reading of JSON is most of what they cost.
SCRITTE = Cast("somme", TextField())
# The first of the days of some sums is the earliest one, the others are the latest.
PRIMO = 0


@dataclass(frozen=True)
class Riga:
    """Sums as they are written, of a thing or of a part of it: how many Comuni, or which."""

    valore: str
    somme: Mapping[str, Any]
    comuni: int = 0
    luoghi: Collection[str] = ()


@dataclass
class Parziale:
    """What a group shows of its sums, at the end of a month. Money in cents, days as the count writes them."""

    conti: dict[str, int] = field(default_factory=dict)
    giorni: list[str | None] = field(default_factory=lambda: [None, None, None])
    valore: int = 0
    previsto: int = 0
    fatto: int = 0
    comuni: int = 0
    luoghi: set[str] = field(default_factory=set)

    def aggiungi(self, riga: Riga, previsto: int, fatto: int) -> None:
        somme, conti = riga.somme, self.conti
        for nome, quanti in somme["conti"].items():
            conti[nome] = conti.get(nome, 0) + quanti
        for posto, giorno in enumerate(somme["giorni"]):
            mio = self.giorni[posto]
            if mio is None or (giorno is not None and (giorno < mio) == (posto == PRIMO)):
                self.giorni[posto] = giorno
        self.valore += somme["passi"][1]
        self.previsto += previsto
        self.fatto += fatto
        self.luoghi.update(riga.luoghi)
        self.comuni = riga.comuni or len(self.luoghi)


@dataclass
class Letto:
    """The sums of a selection and how many Comuni it is in; `righe` are those that its groups are made of."""

    somme: Somme
    comuni: int = 0
    righe: dict[Dimensione, list[Riga]] = field(default_factory=dict)
    # Planned and earned at the end of a month, by the sums that they are of: many groups share these.
    al_mese: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict, repr=False, compare=False)

    def gruppi(self, dimensione: Dimensione, fino: date) -> dict[str, Parziale]:
        """Those of a kind, by value, at the end of a month."""
        mese = numero_di(fino)
        trovati: dict[str, Parziale] = {}
        for riga in self.righe.get(dimensione, ()):
            if (mese, id(riga.somme)) not in self.al_mese:
                prima = [valori for valori in riga.somme["mesi"] if valori[0] <= mese]
                self.al_mese[mese, id(riga.somme)] = (
                    sum(valori[1 + PREVISTI] for valori in prima),
                    sum(valori[1 + FATTI] for valori in prima),
                )
            trovati.setdefault(riga.valore, Parziale()).aggiungi(riga, *self.al_mese[mese, id(riga.somme)])
        return trovati


def leggi(fotografia_id: int, scelta: Scelta, zone: Mapping[str, int], *, gruppi: bool) -> Letto:
    """The sums of a selection, with those of its groups if asked: two queries at most.

    `zone` is the zona of each Comune.
    """
    if len(scelta) < 2:
        return _delle_caselle(fotografia_id, scelta, gruppi)
    letto = _della_coppia(fotografia_id, scelta) if len(scelta) == 2 else None
    if letto is not None and not gruppi:
        return letto
    return _dei_profili(fotografia_id, scelta, zone, letto)


def _delle_caselle(fotografia_id: int, scelta: Scelta, gruppi: bool) -> Letto:
    coppia, scelte = TUTTO, [cosa(dimensione, valore) for dimensione, valore in scelta.items()]
    caselle = Casella.objects.filter(fotografia=fotografia_id).order_by()
    if scelte:
        coppia = (scelte[0], "")
    if not gruppi:
        caselle = caselle.filter(prima=coppia[0], seconda=coppia[1])
    elif scelte:
        caselle = caselle.filter(Q(prima=scelte[0]) | Q(seconda=scelte[0]))
    else:
        caselle = caselle.filter(seconda="")
    letto = Letto(Somme())
    for prima, seconda, comuni, scritte in caselle.values_list("prima", "seconda", "comuni", SCRITTE):
        somme = orjson.loads(scritte)
        if (prima, seconda) == coppia:
            letto.somme, letto.comuni = da_json(somme), comuni
        # The thing that was chosen is the only group of its kind.
        if altra := seconda if prima == coppia[0] and seconda else prima:
            nome, _uguale, valore = altra.partition("=")
            letto.righe.setdefault(Dimensione(nome), []).append(Riga(valore, somme, comuni))
    return letto


def _della_coppia(fotografia_id: int, scelta: Scelta) -> Letto | None:
    """What was added up of two things together: each is the only group of its kind."""
    prima, seconda = (cosa(dimensione, valore) for dimensione, valore in scelta.items())
    caselle = Casella.objects.filter(fotografia=fotografia_id, prima=prima, seconda=seconda).order_by()
    for comuni, somme in caselle.values_list("comuni", "somme"):
        righe = {dimensione: [Riga(valore, somme, comuni)] for dimensione, valore in scelta.items()}
        return Letto(da_json(somme), comuni, righe)
    return None


def _dei_profili(fotografia_id: int, scelta: Scelta, zone: Mapping[str, int], gia: Letto | None) -> Letto:
    """From the combinations: all of it, or the groups alone of what was added up already."""
    scelte = [cosa(dimensione, valore) for dimensione, valore in scelta.items()]
    letto, toccati = gia or Letto(Somme()), set()
    for *campi, scritte in _profili(fotografia_id, scelta).values_list(*CAMPI_CHIAVE, SCRITTE):
        somme = orjson.loads(scritte)
        chiave = chiave_di(*campi)
        if gia is None:
            letto.somme.unisci(da_json(somme))
            toccati |= luoghi(chiave, scelte, zone)
        for dimensione, cose in chiave.cose().items():
            if gia is not None and dimensione in scelta:
                continue
            for una in cose:
                valore = una.partition("=")[2]
                if _da_mostrare(dimensione, valore, scelta, zone):
                    dove = luoghi(chiave, [*scelte, una], zone)
                    letto.righe.setdefault(dimensione, []).append(Riga(valore, somme, luoghi=dove))
    if gia is None:
        letto.comuni = len(toccati)
    return letto


def _profili(fotografia_id: int, scelta: Scelta) -> QuerySet[Profilo]:
    profili = Profilo.objects.filter(fotografia=fotografia_id).order_by()
    for dimensione, valore in scelta.items():
        if dimensione == Dimensione.PIANO:
            profili = profili.filter(piano=int(valore) if valore.isdecimal() else NESSUN_PIANO)
        else:
            profili = profili.filter(**{f"{CAMPI[dimensione]}__contains": f"|{valore}|"})
    return profili


def _da_mostrare(dimensione: Dimensione, valore: str, scelta: Scelta, zone: Mapping[str, int]) -> bool:
    """What is chosen of a kind is the only one of it; of a place, what is in it."""
    if dimensione in scelta:
        return valore == scelta[dimensione]
    if dimensione == Dimensione.ZONA and Dimensione.COMUNE in scelta:
        return valore == str(zone.get(scelta[Dimensione.COMUNE], ""))
    if dimensione == Dimensione.COMUNE and Dimensione.ZONA in scelta:
        return str(zone.get(valore, "")) == scelta[Dimensione.ZONA]
    return True
