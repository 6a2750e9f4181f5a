"""The job that counts the programme on a day. Started again, it counts from the beginning."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from cruscotto.conteggio.giorno import LAVORO, Giorno
from cruscotto.services import fotografie, marche
from registro.dopo_il_commit import chiama
from registro.esecutori import Avanzatore, esecutore


@esecutore(LAVORO, titolo="Conteggio del programma")
def conteggio(avanzatore: Avanzatore, *, al: str | None, noto_al: str | None) -> dict[str, Any]:
    giorno = Giorno(
        None if al is None else date.fromisoformat(al), None if noto_al is None else datetime.fromisoformat(noto_al)
    )
    fotografia = fotografie.conta_tutto(giorno, avanzatore)
    fotografie.dimentica()
    # What changed meanwhile waited for this job to end.
    chiama(marche.COMPITO)
    return {"al": fotografia.al.isoformat(), "interventi": fotografia.interventi}
