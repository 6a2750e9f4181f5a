"""Somebody who keeps changing the register while others pull it; run as a process of its own.

Everything it commits it then writes in a diary, a line each: the intervento, and the number of its version, which its
title holds too (none if it was deleted).
"""

from __future__ import annotations

import json
import random
import threading
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from enti.models import Utente
from interventi.models import Finanziamento, Intervento
from monitoraggio.flusso import StatoAvanzamento
from monitoraggio.models import Avanzamento
from monitoraggio.services import passaggi
from piani_integrati.models import PianoIntegrato
from piani_integrati.services import assegnazione
from tests.interventi.opere import opera

RESPIRO = 0.02


class Scrittore:
    """`versioni` holds the version of every intervento that is there."""

    def __init__(self, cartella: Path, seme: int) -> None:
        self.diario = (cartella / "diario.jsonl").open("a")
        self.fermo = cartella / "basta"
        self.caso = random.Random(seme)  # noqa: S311 no secret
        self.versioni = dict.fromkeys(Intervento.objects.values_list("pk", flat=True), 0)
        self.con_avanzamenti = set(Avanzamento.objects.values_list("intervento", flat=True))
        self.piani = list(PianoIntegrato.objects.exclude(stato__in=["concluso", "respinto", "revocato"])[:3])

    def scrivi(self) -> None:
        azioni = [self._finanzia] * 3 + [self._sposta] * 3 + [self._crea, self._cancella, self._approva, self._ripensa]
        respiro = threading.Event()
        while not self.fermo.exists():
            self.caso.choice(azioni)()
            # On SQLite whoever writes without a pause leaves nobody else the turn.
            respiro.wait(RESPIRO)

    def _annota(self, intervento: int, versione: int | None) -> None:
        self.diario.write(json.dumps([intervento, versione]) + "\n")
        self.diario.flush()

    def _titolo(self, intervento: int) -> int:
        """Within a transaction: the next version of an intervento."""
        versione = self.versioni[intervento] + 1
        Intervento.objects.filter(pk=intervento).update(titolo=f"Opera {intervento}, versione {versione}")
        return versione

    def _committata(self, intervento: int, versione: int) -> None:
        self.versioni[intervento] = versione
        self._annota(intervento, versione)

    def _uno(self) -> int:
        return self.caso.choice(list(self.versioni))

    def _finanzia(self) -> None:
        intervento = self._uno()
        with transaction.atomic():
            Finanziamento.objects.update_or_create(
                intervento_id=intervento,
                fonte=self.caso.choice(["pnrr", "comune", "regione"]),
                defaults={"importo": Decimal(self.caso.randrange(10**9)) / 100},
            )
            versione = self._titolo(intervento)
        self._committata(intervento, versione)

    def _sposta(self) -> None:
        """To another piano, or to none."""
        intervento, piano = self._uno(), self.caso.choice([*self.piani, None])
        with transaction.atomic():
            if piano is None:
                assegnazione.togli(interventi_ids=[intervento], autore=None)
            else:
                assegnazione.assegna(piano_id=piano.pk, interventi_ids=[intervento], autore=None)
            versione = self._titolo(intervento)
        self._committata(intervento, versione)

    def _crea(self) -> None:
        with transaction.atomic():
            nuovo = opera(
                comuni=[self.caso.choice(["Rho", "Bresso", "Milano"])], pnrr="1000.00", clp=f"N{self.caso.random()}"
            )
            self.versioni[nuovo.pk] = 0
            versione = self._titolo(nuovo.pk)
        self._committata(nuovo.pk, versione)

    def _cancella(self) -> None:
        intervento = self.caso.choice(sorted(self.versioni.keys() - self.con_avanzamenti))
        with transaction.atomic():
            assegnazione.togli(interventi_ids=[intervento], autore=None)
            Intervento.objects.filter(pk=intervento).delete()
        del self.versioni[intervento]
        self._annota(intervento, None)

    def _approva(self) -> None:
        inviato = Avanzamento.objects.filter(stato=StatoAvanzamento.INVIATO).order_by("pk").first()
        if inviato is None:
            return
        with transaction.atomic():
            passaggi.approva(avanzamento_id=inviato.pk, autore=Utente.objects.get(email__startswith="istruttore"))
            versione = self._titolo(inviato.intervento_id)
        self._committata(inviato.intervento_id, versione)

    def _ripensa(self) -> None:
        """What is not committed has not happened."""
        with transaction.atomic():
            Intervento.objects.filter(pk=self._uno()).update(titolo="Da non vedere")
            transaction.set_rollback(True)


def scrivi(cartella: str, seme: int) -> None:
    Scrittore(Path(cartella), seme).scrivi()
