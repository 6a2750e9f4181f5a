"""Rows of the register while they are compared, and how one row of a file fares."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Field, Model

from interventi.importazione.scrittura import Valori, scheda
from interventi.importazione.tipi import RigaLetta, Rilievo
from interventi.models.importazioni import Esito
from psttm import formati
from psttm.campi import ImportoField


class Rifiuto(Exception):
    """The row cannot be taken: `ragione` says why and how to mend it. Raised before anything is changed."""

    def __init__(self, colonna: str, valore: object, ragione: str, *, fuori_perimetro: bool = False) -> None:
        super().__init__(ragione)
        self.rilievo = Rilievo(colonna, "" if valore is None else str(valore), ragione, grave=True)
        self.fuori_perimetro = fuori_perimetro


class Riga:
    """A row of the register in memory: its values by `attname`, and which of them changed."""

    __slots__ = ("cambiati", "madre", "modello", "nuova", "valori")

    def __init__(self, modello: type[Model], valori: Valori, *, nuova: bool = False, madre: Riga | None = None) -> None:
        self.modello = modello
        self.valori = valori
        self.nuova = nuova
        self.madre = madre
        self.cambiati: set[str] = set()

    def metti(self, nome: str, valore: Any) -> None:
        self.valori[nome] = valore
        self.cambiati.add(nome)


class Giudizio:
    """How one row of a file fares, while it is being compared."""

    __slots__ = ("cambi", "fuori_perimetro", "letta", "nuova", "oggetto", "rifiutata", "rilievi", "vecchia")

    def __init__(self, letta: RigaLetta) -> None:
        self.letta = letta
        self.oggetto = ""
        self.nuova = False
        self.vecchia = False
        self.rifiutata = letta.rifiutata
        self.fuori_perimetro = False
        self.cambi: list[dict[str, str]] = []
        self.rilievi = list(letta.rilievi)

    def rileva(self, colonna: str, valore: object, ragione: str) -> None:
        """Something doubtful: the row is taken all the same."""
        self.rilievi.append(Rilievo(colonna, "" if valore is None else str(valore), ragione))

    def rifiuta(self, rifiuto: Rifiuto) -> None:
        self.rifiutata, self.fuori_perimetro = True, rifiuto.fuori_perimetro
        self.rilievi.append(rifiuto.rilievo)

    def cambia(self, campo: str, etichetta: str, prima: str, dopo: str) -> None:
        self.cambi.append({"campo": campo, "etichetta": etichetta, "prima": prima, "dopo": dopo})

    @property
    def esito(self) -> Esito:
        if self.rifiutata:
            return Esito.RIFIUTATA
        if self.nuova:
            return Esito.NUOVA
        return Esito.CAMBIATA if self.cambi else Esito.INVARIATA


def piu_vecchia(quando: date | None, altra: date | None) -> bool:
    """Whether what was read at `quando` is older than what was read at `altra`; no date is older than any."""
    return altra is not None and (quando is None or quando < altra)


def etichetta(modello: type[Model], nome: str) -> str:
    testo = str(campo_di(modello, nome).verbose_name)
    return testo[:1].upper() + testo[1:]


def campo_di(modello: type[Model], nome: str) -> Field[Any, Any]:
    return scheda(modello).campi[nome]


def mostra(campo: Field[Any, Any], valore: Any) -> str:
    """A value as people read it; blank where there is none."""
    if valore is None or valore == "":
        return ""
    if campo.choices:
        return str(dict(campo.flatchoices).get(valore, valore))
    if isinstance(valore, bool):
        return "sì" if valore else "no"
    if isinstance(valore, date):
        return formati.data_breve(valore)
    if isinstance(campo, ImportoField):
        return formati.euro(valore)
    if isinstance(valore, Decimal):
        return formati.numero(valore, max(0, -int(valore.normalize().as_tuple().exponent)))
    return str(valore)
