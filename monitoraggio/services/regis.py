"""Preparing what goes to ReGiS. The package of one body is made at once, those of all the bodies by a job.

One body is a few interventi and a fixed number of queries, less than a second: who asks gets the file straight away and
nothing is kept. All of them take as long as there are bodies, so that a job does it and keeps the file for some days.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from typing import IO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Ente, Utente
from enti.permessi import Permesso
from monitoraggio.poteri import su_tutti
from monitoraggio.regis.lavori import PACCHETTI
from monitoraggio.regis.pacchetto import Pacchetto, componi, scrivi_zip
from monitoraggio.selectors.regis import enti_esportabili
from psttm import formati
from registro import lavori
from registro.models import Lavoro
from registro.services import annota


class EsportazioneRifiutata(Exception):
    """What was asked cannot be prepared; the message, in Italian, says why."""


class NonTrovato(Exception):
    """Not a body whose package this person may have."""


@dataclass(frozen=True)
class Preparato:
    """A package and its file, to be closed by who takes it."""

    pacchetto: Pacchetto
    file: IO[bytes]


@transaction.atomic
def prepara(*, ente_id: int, al: date, autore: Utente) -> Preparato:
    """The package of a body on a day. Raises NonTrovato, EsportazioneRifiutata."""
    ente = enti_esportabili(autore).filter(pk=ente_id).first()
    if ente is None:
        raise NonTrovato
    _non_futuro(al)
    return registra(componi(ente, al=al), autore=autore)


@transaction.atomic
def registra(pacchetto: Pacchetto, *, autore: Utente | None) -> Preparato:
    """Write the file of a package, and that it was prepared."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 who takes it closes it
    scrivi_zip(pacchetto, file)
    file.seek(0)
    dopo = {
        "situazione al": pacchetto.al,
        "interventi": len(pacchetto.fatti),
        "righe": pacchetto.totale_righe,
        "mancanze": len(pacchetto.mancanti),
        "SHA-256 delle tabelle": pacchetto.impronta,
    }
    annota(pacchetto.ente, "pacchetto per ReGiS preparato", autore=autore, dopo=dopo)
    return Preparato(pacchetto, file)


@transaction.atomic
def prepara_tutti(*, al: date, autore: Utente) -> Lavoro:
    """Ask for the packages of all the bodies. Raises NonTrovato for who may not have all, EsportazioneRifiutata."""
    if not su_tutti(autore, Permesso.ESPORTARE_REGIS):
        raise NonTrovato
    _non_futuro(al)
    return lavori.accoda(
        tipo=PACCHETTI,
        parametri={"al": al.isoformat()},
        chiave=f"{al.isoformat()}-{autore.pk}",
        autore=autore,
        titolo=_("Pacchetti per ReGiS al %(giorno)s") % {"giorno": formati.data_breve(al)},
    )


def _non_futuro(al: date) -> None:
    if al > timezone.localdate():
        raise EsportazioneRifiutata(
            _("Il %(giorno)s non è ancora arrivato: scegli un giorno fino a oggi.") % {"giorno": formati.data_breve(al)}
        )


def trova_ente(testo: str) -> list[Ente]:
    """The bodies with interventi for ReGiS that a name or a code (IPA, fiscal, ISTAT) calls."""
    cercato = testo.strip().lower()
    enti = Ente.objects.select_related("comune")
    return [
        ente
        for ente in enti
        if cercato
        in {
            ente.denominazione.lower(),
            ente.codice_ipa.lower() or None,
            ente.codice_fiscale or None,
            *((ente.comune.nome.lower(), ente.comune.codice_istat) if ente.comune is not None else ()),
        }
    ]
