"""The deadline that a forecast is held against, and where it comes from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from monitoraggio.opere.tipi import Opera, Scadenza
from rapporti.capitoli import tempi
from rapporti.documento import Cifra, Unita
from rapporti.lettura.quadro import Quadro

FINE = re.compile(r"ultimazion|conclu|complet|\bfine\b", re.IGNORECASE)


@dataclass(frozen=True)
class Termine:
    """A deadline: its name, who set it, and the key of its traguardo ("" where it is the end of a piano)."""

    giorno: date
    nome: str
    fonte: str
    riga: str = ""

    def cifra(self, ancora: str) -> Cifra:
        return Cifra(
            f"{ancora}.fine.scadenza",
            "Scadenza dei lavori",
            self.giorno,
            Unita.DATA,
            tavola="traguardi",
            righe=(self.riga,) if self.riga else (),
            colonna="scadenza" if self.riga else "",
            formula=f"{self.nome}; fonte: {self.fonte}",
        )


def termine(opere: Sequence[Opera], quadro: Quadro) -> Termine | None:
    """That of the piano of these interventi, else of their measure, else the end of the piano in the register.

    Of interventi of several piani, the last of those of the piani; where these have none, the last of the interventi.
    """
    chiavi = {opera.pk for opera in opere}
    piani = {opera.piano_id for opera in opere if opera.piano_id is not None}
    misure = {opera.submisura for opera in opere if opera.submisura}
    finali = [una for una in quadro.scadenze if di_fine(una)]
    dei_piani = [una for una in finali if una.piano_id in piani]
    if dei_piani:
        return _ultima(dei_piani, "dei piani" if len(piani) > 1 else "")
    delle_misure = [una for una in finali if una.misura in misure]
    if delle_misure:
        return _ultima(delle_misure, "")
    fini = [gruppo.fine for gruppo in quadro.gruppi if gruppo.pk in piani and gruppo.fine is not None]
    if len(piani) == 1 and fini:
        return Termine(fini[0], "fine del piano", "registro dei piani del portale")
    proprie = [una for una in finali if una.intervento_id in chiavi]
    return _ultima(proprie, "degli interventi") if proprie else None


def per_intervento(quadro: Quadro) -> dict[int, date]:
    """The deadline of each intervento that has one: that of its piano, else its own. Worked out once."""
    if "termini" not in quadro.appunti:
        # They come by deadline: the last one of each stays.
        finali = [una for una in quadro.scadenze if di_fine(una)]
        dei_piani = {una.piano_id: una.scadenza for una in finali if una.piano_id is not None}
        proprie = {una.intervento_id: una.scadenza for una in finali if una.intervento_id is not None}
        trovate = {opera.pk: dei_piani.get(opera.piano_id or 0) or proprie.get(opera.pk) for opera in quadro.opere}
        quadro.appunti["termini"] = {pk: giorno for pk, giorno in trovate.items() if giorno is not None}
    return cast("dict[int, date]", quadro.appunti["termini"])


def di_fine(scadenza: Scadenza) -> bool:
    """Whether it is about the end of works. Only its title says so."""
    return FINE.search(scadenza.titolo) is not None and not tempi.di_gara(scadenza)


def _ultima(scadenze: Sequence[Scadenza], di_chi: str) -> Termine:
    una = max(scadenze, key=lambda questa: questa.scadenza)
    nome = f"traguardo {una.codice}, «{una.titolo}»"
    return Termine(una.scadenza, f"{nome}, il più lontano {di_chi}" if di_chi else nome, una.fonte, una.chiave)
