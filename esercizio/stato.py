"""The state of the system in rows for the amministratore: each with its mark, what was seen, and what to do."""

from __future__ import annotations

from datetime import datetime

from esercizio import controlli
from esercizio.voci import Stato


def leggi(*, adesso: datetime) -> Stato:
    voci = [
        *controlli.parti(),
        *controlli.coda(),
        controlli.giro(adesso),
        controlli.lavoratori(adesso),
        controlli.compiti(adesso),
        *controlli.lavori(adesso),
        controlli.posta(adesso),
        controlli.copia(adesso),
        controlli.verifica(adesso),
        *controlli.dischi(),
    ]
    return Stato(sorted(voci, key=lambda voce: -voce.grado))
