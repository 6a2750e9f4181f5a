"""How far the works of an intervento are."""

from __future__ import annotations

from datetime import date

from monitoraggio import fasi
from monitoraggio.opere.tipi import Opera

# In order. Ended works wait for their testing before the intervento is concluded.
CONCLUSO = "concluso"
IN_COLLAUDO = "in collaudo"
IN_CORSO = "in corso"
DA_AVVIARE = "da avviare"
REVOCATO = "revocato"
SENZA_DATI = "senza dati"
# What a figure or a row of them is called.
NOMI_DEI_LAVORI = {
    CONCLUSO: "Lavori conclusi",
    IN_COLLAUDO: "Lavori finiti, in collaudo",
    IN_CORSO: "Lavori in corso",
    DA_AVVIARE: "Lavori da avviare",
    REVOCATO: "Interventi revocati",
    SENZA_DATI: "Interventi senza dati",
}
LAVORI = (CONCLUSO, IN_COLLAUDO, IN_CORSO, DA_AVVIARE, REVOCATO, SENZA_DATI)


def lavori_di(opera: Opera, al: date) -> str:
    """One of LAVORI, on the day."""
    if opera.segno == "annullato":
        return REVOCATO
    if opera.segno == "concluso":
        return CONCLUSO
    if opera.stato.avanzamento_id is None:
        return SENZA_DATI
    fini = [fase.fine_effettiva for fase in opera.fasi if fase.codice in fasi.ESECUZIONE]
    if fini and all(fine is not None and fine <= al for fine in fini):
        return IN_COLLAUDO
    inizio = opera.stato.inizio_lavori
    return IN_CORSO if inizio is not None and inizio <= al else DA_AVVIARE
