"""`make prove-guasti`: GIRI rounds (200 if not said), or as many as fit in SECONDI; SEME begins the same ones again.

RITORNO: seconds that the portal has to answer again in, where a machine is busy with other things as well.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from campagne.guasti import guasti
from campagne.guasti.giudizio import giudica
from campagne.guasti.libro import Libro
from campagne.guasti.scrittori import Scrittore, tutti
from campagne.impianto import Impianto, ParteFerma, attendi

GIRI = 200
DURATA_SECONDI = 4.0
# Of the portal, to answer again once its parts are back.
RITORNO_SECONDI = 15.0
# Of the jobs, to end once the workers are back: a dead one is missed first, and its job starts again.
LAVORI_SECONDI = 90.0
OPERE_PER_GIRO = 8
VARIABILI = {"LAVORO_BATTITO_SECONDI": "5", "LAVORO_RACCOLTA_SECONDI": "2"}


class Campagna:
    def __init__(self, impianto: Impianto, seme: int, giri: int) -> None:
        self.impianto, self.seme = impianto, seme
        self.libro = Libro()
        codice = f"from campagne.guasti.scena import prepara; print(prepara({giri * OPERE_PER_GIRO}))"
        scena = json.loads(impianto.python(codice).splitlines()[-1])
        self.scrittori: list[Scrittore] = tutti(impianto, self.libro, scena, random.Random(seme))  # noqa: S311 no secret
        self.ritorni: list[float] = []

    def giro(self, numero: int) -> list[str]:
        """One round: strike, mend, compare; what is wrong."""
        caso = random.Random(f"{self.seme}-{numero}")  # noqa: S311 no secret
        scelti = guasti.scegli(self.impianto, caso, DURATA_SECONDI)
        print(f"giro {numero}: {'; '.join(map(str, scelti))}", flush=True)
        inizio = time.monotonic()
        with ThreadPoolExecutor(len(self.scrittori)) as fili:
            scritti = [fili.submit(uno.scrivi_fino_a, inizio + DURATA_SECONDI) for uno in self.scrittori]
            guasti.colpisci(self.impianto, scelti, inizio)
        for scritto in scritti:
            scritto.result()
        storto, passi = [], list[str]()
        for che_cosa, passo in (
            ("risponde", self._torna),
            ("finisce i lavori", self._chiudi),
            ("niente è perso", lambda: [*giudica(self.impianto, self.libro), *self._scandali()]),
            ("è integro", self._integro),
        ):
            da = time.monotonic()
            storto += passo()
            passi.append(f"{che_cosa} dopo {time.monotonic() - da:.1f} s")
        print(f"    {', '.join(passi)}", flush=True)
        return storto

    def _integro(self) -> list[str]:
        """What the portal says of itself: documents, sums, current situation, published data, chain of the registro."""
        try:
            self.impianto.gestore("verifica_integrita", "--documenti", "tutti")
        except ParteFerma as rilievi:
            return [str(rilievi)]
        return []

    def _torna(self) -> list[str]:
        """Start what is down; the portal must answer in time."""
        self.impianto.riavvia_i_caduti()
        inizio = time.monotonic()
        self.impianto.attendi_pronto(lavoratori=False)
        self.ritorni.append(time.monotonic() - inizio)
        limite = float(os.environ.get("RITORNO") or RITORNO_SECONDI)
        return [f"risponde dopo {self.ritorni[-1]:.1f} s invece di {limite:g}"] if self.ritorni[-1] > limite else []

    def _chiudi(self) -> list[str]:
        """Let end what was left half way: those who write, then the jobs."""
        self.impianto.attendi_pronto(entro=90)
        for uno in self.scrittori:
            uno.completa()
        aperti = "SELECT id, tipo, stato, tentativi FROM registro_lavoro WHERE stato IN ('in_coda', 'in_corso')"

        def finiti() -> bool:
            self.impianto.riavvia_i_caduti()
            return not self.impianto.sql(aperti)

        try:
            attendi(finiti, entro=LAVORI_SECONDI, che_cosa="i lavori finiscono", ogni=0.3)
        except ParteFerma:
            return [f"lavoro che non finisce: {riga}" for riga in self.impianto.sql(aperti)]
        return []

    def _scandali(self) -> list[str]:
        trovati, self.libro.scandali = self.libro.scandali, []
        return trovati


def main() -> int:
    giri = int(os.environ.get("GIRI") or GIRI)
    seme = int(os.environ.get("SEME") or random.SystemRandom().randrange(10**6))
    limite = float(os.environ.get("SECONDI") or "inf")
    inizio = time.monotonic()
    print(f"Campagna dei guasti: {giri} giri al massimo, SEME={seme}", flush=True)
    with Impianto(web=2, worker=2, variabili=VARIABILI, sorveglia=True) as impianto:
        campagna = Campagna(impianto, seme, giri)
        fatti, che_non_va = 0, list[str]()
        piu_lungo = 0.0
        while fatti < giri and not che_non_va and time.monotonic() - inizio + piu_lungo < limite:
            da = time.monotonic()
            che_non_va = campagna.giro(fatti + 1)
            fatti += 1
            piu_lungo = max(piu_lungo, time.monotonic() - da)
            print(f"    {'✕' if che_non_va else '✓'} in {time.monotonic() - da:.1f} s", flush=True)
        for riga in che_non_va:
            print(f"✕ {riga}", flush=True)
        if che_non_va:
            sys.stderr.write(impianto.diari())
    conto = ", ".join(f"{genere} {esito} {n}" for (genere, esito), n in sorted(campagna.libro.conto().items()))
    peggiore = max(campagna.ritorni, default=0.0)
    print(f"{'✕' if che_non_va else '✓'} {fatti} giri; tornato a rispondere al più tardi in {peggiore:.1f} s; {conto}")
    return 1 if che_non_va or not fatti else 0


if __name__ == "__main__":
    sys.exit(main())
