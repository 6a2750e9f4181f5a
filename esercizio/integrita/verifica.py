"""The integrity check: every control in turn, what was found, a row that remembers it.

The data are read as they were at one instant, while people go on working; before that what waits to be sealed,
published or counted is brought up to date, as its own task would do in a few seconds. Files are read afterwards.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from django.utils import timezone

from cruscotto.services import fotografie
from esercizio.avvisi import integrita as avvisa_chi_amministra
from esercizio.integrita import base_dati, conti, cruscotto, documenti, pubblicazione, registro, situazione, storia
from esercizio.integrita.documenti import Quali
from esercizio.integrita.tipi import Controllo, Rilievo, Trovato
from esercizio.istantanea import istantanea
from esercizio.models import Verifica
from interoperabilita.services.pubblicazione import pubblica
from registro import catena
from registro.catena import Nota

logger = logging.getLogger("registro.catena")

# Of one control so many are written down; the others are counted.
AL_MASSIMO = 100
_DAL_BACKUP = "Riprendi ciò che manca dall'ultima copia di sicurezza e cerca chi ha scritto fuori dal portale."
CONTROLLI: tuple[Controllo, ...] = (
    Controllo("riferimenti", "Riferimenti fra le righe", _DAL_BACKUP, base_dati.riferimenti),
    Controllo(
        "vincoli",
        "Vincoli e indici",
        "Su PostgreSQL: ALTER TABLE … VALIDATE CONSTRAINT per i vincoli, REINDEX per gli indici.",
        base_dati.vincoli,
    ),
    Controllo(
        "inneschi",
        "Inneschi di guardia",
        "Rimettili prima che qualcuno scriva: chi li ha tolti poteva cambiare ciò che non si cambia.",
        base_dati.presenti,
    ),
    Controllo("storia", "Righe e loro storia", _DAL_BACKUP, storia.trova),
    Controllo("conti", "Somme di impegni e pagamenti", _DAL_BACKUP, conti.dichiarati),
    Controllo(
        "situazione",
        "Situazione corrente",
        "Ricostruiscila con «manage.py ricostruisci_situazione».",
        situazione.trova,
    ),
    Controllo(
        "pubblicazione",
        "Ciò che l'API pubblica",
        "Segnala il fatto: i dati del portale sono giusti, chi li riceve ne ha altri.",
        pubblicazione.trova,
        pubblicazione.rinvia,
    ),
    Controllo(
        "somme pubblicate",
        "Somme che l'API pubblica",
        "Segnala il fatto: i dati del portale sono giusti, chi li riceve ne ha altri.",
        conti.pubblicati,
        pubblicazione.rinvia,
    ),
    Controllo(
        "cruscotto",
        "Conteggio del Cruscotto",
        "Rifallo: cancella la fotografia di oggi dall'amministrazione dei dati, il portale la conta di nuovo.",
        cruscotto.trova,
        cruscotto.rinvia,
    ),
)
RIMEDI: dict[str, str] = {controllo.codice: controllo.rimedio for controllo in CONTROLLI} | {
    "registro": "Confronta con l'ultima copia di sicurezza in cui la catena è intera, e avvisa chi risponde dei dati.",
    "documenti": "Riprendi il file dall'ultima copia di sicurezza; i rapporti si rifanno con «Rimetti i file».",
}


def _in_silenzio(_passo: str) -> None:
    """Nobody is told."""


def verifica(
    *,
    quali_documenti: Quali = Quali.CAMPIONE,
    teste: Sequence[Nota] = (),
    racconta: Callable[[str], None] = _in_silenzio,
) -> Verifica:
    """Check everything and keep what was found; `racconta` is told each step.

    `teste` are heads of the chain that whoever asks has from elsewhere: a log, an archive.
    """
    riga = Verifica.objects.create()
    aggiorna()
    rilievi: list[Rilievo] = []
    controllati: dict[str, Any] = {}
    with istantanea():
        controllati["catena"] = str(catena.testa())
        racconta("Catena del registro")
        rilievi += _rilievi("registro", registro.trova(list(teste)))
        for controllo in CONTROLLI:
            racconta(controllo.titolo)
            if rinvio := controllo.rinvia():
                controllati.setdefault("rinviati", {})[controllo.codice] = rinvio
                continue
            rilievi += _rilievi(controllo.codice, controllo.trova())
    racconta("Documenti")
    rilievi += _rilievi("documenti", documenti.trova(quali_documenti, partial(controllati.__setitem__, "documenti")))
    riga.conclusa, riga.controllati = timezone.now(), controllati
    riga.rilievi = [asdict(rilievo) for rilievo in rilievi]
    riga.save()
    avvisa_chi_amministra(riga)
    logger.info("Testa della catena del registro: %s", controllati["catena"])
    return riga


def aggiorna() -> None:
    """Bring up to date what follows the data at a few seconds' distance, so that it can be compared with them."""
    catena.sigilla(tutti=True)
    pubblica()
    fotografie.riconta()


def _rilievi(codice: str, trovati: Iterator[Trovato]) -> list[Rilievo]:
    rilievi: list[Rilievo] = []
    altri = 0
    for dove, problema in trovati:
        if len(rilievi) < AL_MASSIMO:
            rilievi.append(Rilievo(codice, dove, problema))
        else:
            altri += 1
    if altri:
        rilievi.append(Rilievo(codice, "e altri", f"ce ne sono ancora {altri} dello stesso controllo"))
    return rilievi
