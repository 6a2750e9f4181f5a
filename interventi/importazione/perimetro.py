"""Which interventi that the register does not know yet are taken in: all, or those of the Città metropolitana."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from enti.models import Comune, Ente
from enti.ruoli import TipoEnte
from interventi.importazione.righe import Rifiuto
from interventi.importazione.tipi import RigaLetta, Tabella
from interventi.models.importazioni import Perimetro
from interventi.regioni import CODICI
from interventi.ricerca import normalizza

NESSUNO = "000"
# The province of Milano and its region, as ReGiS and ISTAT number them.
REGIONE, PROVINCIA = "003", "015"
# The tables that say where an intervento is.
CON_LUOGHI = (Tabella.ELENCO, Tabella.LOCALIZZAZIONI)
VIA_DI_USCITA = "scegli «Tutti gli interventi dei file»"

_NON_PAROLE = re.compile(r"[^A-Z0-9]+")


def _parole(nome: str) -> str:
    """A name without accents and apostrophes: CITTA' METROPOLITANA and Città metropolitana are the same."""
    return _NON_PAROLE.sub(" ", normalizza(nome)).strip()


class Territorio:
    """The Comuni and the bodies that rows are matched with, read once."""

    def __init__(self) -> None:
        self.comuni: dict[str, int] = {}
        self.nomi: dict[int, str] = {}
        self.metropolitani: set[str] = set()
        self._regioni: dict[int, str] = {}
        campi = ("pk", "codice_istat", "nome", "zona", "regione")
        for pk, codice, nome, zona, regione in Comune.objects.values_list(*campi):
            self.comuni[codice], self.nomi[pk] = pk, nome
            self._regioni[pk] = regione
            if zona is not None:
                self.metropolitani.add(codice)
        self.enti_per_cf: dict[str, int] = {}
        self.enti_per_nome: dict[str, int] = {}
        self.nostri: set[int] = set()
        self.nomi_enti: dict[int, str] = {}
        for ente in Ente.objects.select_related("comune").order_by("pk"):
            self._aggiungi(ente)

    def _aggiungi(self, ente: Ente) -> None:
        self.nomi_enti[ente.pk] = ente.denominazione
        if ente.codice_fiscale:
            self.enti_per_cf[ente.codice_fiscale] = ente.pk
        self.enti_per_nome.setdefault(_parole(ente.denominazione), ente.pk)
        if ente.comune is not None:
            self.enti_per_nome.setdefault(_parole(f"COMUNE DI {ente.comune.nome}"), ente.pk)
        metropolitano = ente.comune is not None and ente.comune.zona_id is not None
        if metropolitano or ente.tipo == TipoEnte.CITTA_METROPOLITANA:
            self.nostri.add(ente.pk)

    def ente(self, codice_fiscale: str, denominazione: str) -> int | None:
        """The body of ours with this tax code (which may have lost its leading zeros) or with this name."""
        codice = codice_fiscale.zfill(11) if codice_fiscale.isdigit() else codice_fiscale
        if codice in self.enti_per_cf:
            return self.enti_per_cf[codice]
        return self.enti_per_nome.get(_parole(denominazione)) if denominazione else None

    def comune(self, provincia: str, comune: str, nome: str) -> int | None:
        """The Comune with these codes, None for what is not a Comune ("000"). Raises Rifiuto for an unknown code."""
        if comune == NESSUNO:
            return None
        codice = provincia + comune
        if codice not in self.comuni:
            vicini = get_close_matches(_parole(nome), (_parole(n) for n in self.nomi.values()), n=1) if nome else []
            consiglio = f" Il nome più vicino a «{nome}» è {vicini[0].title()}: controlla i codici." if vicini else ""
            raise Rifiuto("Comune", codice, f"Nessun Comune ha il codice ISTAT {codice}.{consiglio}")
        return self.comuni[codice]

    def regione(self, comune: int | None) -> str:
        """The code of the region of a Comune. Bilingual regions carry both names, the Italian one first."""
        return CODICI[self._regioni[comune].split("/", maxsplit=1)[0].strip()] if comune is not None else NESSUNO

    def metropolitano(self, regione: str, provincia: str, comune: str) -> bool:
        if comune == NESSUNO:
            return provincia == PROVINCIA and regione in {REGIONE, NESSUNO}
        return provincia + comune in self.metropolitani


class Confine:
    """What the files themselves say of where their interventi are."""

    def __init__(self, perimetro: str, territorio: Territorio) -> None:
        self.tutto = perimetro == Perimetro.TUTTO
        self.territorio = territorio
        self._dentro: set[tuple[str, str, str]] = set()
        self._altrove: set[int] = set()

    def colloca(self, righe: Iterable[RigaLetta]) -> None:
        """Take note of the places of these rows."""
        for riga in righe:
            if riga.rifiutata:
                continue
            chiave = _chiave(riga.valori)
            if any(self.territorio.metropolitano(*luogo) for luogo in _luoghi(riga.valori)):
                self._dentro.add(chiave)
            else:
                self._altrove.add(hash(chiave))

    def controlla(self, valori: dict[str, Any]) -> None:
        """Raise Rifiuto if an intervento that the register does not know is not to be taken."""
        if self.tutto:
            return
        cup, clp, submisura = _chiave(valori)
        if (cup, clp, submisura) in self._dentro or (cup, "", submisura) in self._dentro:
            return
        ente = self.territorio.ente(valori.get("attuatore_cf") or "", valori.get("attuatore_denominazione") or "")
        if ente in self.territorio.nostri:
            return
        if hash((cup, clp, submisura)) in self._altrove:
            ragione = f"L'intervento è fuori dalla Città metropolitana di Milano; per prenderlo {VIA_DI_USCITA}."
        else:
            ragione = (
                "I file non dicono dove si trova l'intervento: carica insieme il file Localizzazione, "
                f"oppure {VIA_DI_USCITA}."
            )
        raise Rifiuto("CUP", cup, ragione, fuori_perimetro=True)

    def altrove(self, valori: dict[str, Any]) -> bool:
        """Whether the files place the intervento outside our territory."""
        chiave = _chiave(valori)
        return not self.tutto and hash(chiave) in self._altrove and chiave not in self._dentro


def _chiave(valori: dict[str, Any]) -> tuple[str, str, str]:
    return valori["cup"], valori.get("clp") or "", valori.get("submisura") or ""


def _luoghi(valori: dict[str, Any]) -> list[tuple[str, str, str]]:
    if "comuni" in valori:
        return [(NESSUNO, codice[:3], codice[3:]) for codice in valori["comuni"] or ()]
    return [
        (
            valori.get("codice_regione") or NESSUNO,
            valori.get("codice_provincia") or NESSUNO,
            valori.get("codice_comune") or NESSUNO,
        )
    ]
