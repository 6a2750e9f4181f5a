"""What can be counted, and the job that counts it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cruscotto.models import TipoFotografia
from monitoraggio.tempo import Tempo
from registro.models import Lavoro

LAVORO = "conteggio"
CORRENTE = "corrente"


@dataclass(frozen=True)
class Giorno:
    """Today (neither), a day, a day as it was known at an instant."""

    al: date | None = None
    noto_al: datetime | None = None

    @property
    def chiave(self) -> str:
        if self.al is None:
            return CORRENTE
        return self.al.isoformat() if self.noto_al is None else f"{self.al.isoformat()} {self.noto_al.isoformat()}"

    @property
    def tipo(self) -> TipoFotografia:
        if self.al is None:
            return TipoFotografia.CORRENTE
        return TipoFotografia.GIORNO if self.noto_al is None else TipoFotografia.ISTANTE

    @property
    def campi(self) -> dict[str, Any]:
        """What tells its photograph from the others."""
        altri = {} if self.al is None else {"al": self.al, "noto_al": self.noto_al}
        return {"tipo": self.tipo, **altri}

    @property
    def parametri(self) -> dict[str, str | None]:
        """For the job."""
        return {
            "al": None if self.al is None else self.al.isoformat(),
            "noto_al": None if self.noto_al is None else self.noto_al.isoformat(),
        }


def del_tempo(tempo: Tempo) -> Giorno:
    """What a page that is read at a time needs counted."""
    if tempo.noto_al is not None:
        return Giorno(tempo.giorno, tempo.noto_al)
    return Giorno() if tempo.giorno == tempo.oggi else Giorno(tempo.giorno)


def in_corso(giorno: Giorno) -> Lavoro | None:
    """The open job that counts a day."""
    return Lavoro.objects.aperti().filter(tipo=LAVORO, chiave=giorno.chiave).first()
