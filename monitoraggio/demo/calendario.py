"""Which months are told, when each was written, sent and decided, and in which state it is today."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from monitoraggio.demo.dichiarato import di_primi
from monitoraggio.demo.storia import Storia
from monitoraggio.flusso import StatoAvanzamento
from monitoraggio.mesi import avanti, primo

INIZIO = date(2023, 1, 1)
DICEMBRE_2024 = date(2024, 12, 1)
BOZZA, INVIATO = StatoAvanzamento.BOZZA, StatoAvanzamento.INVIATO
APPROVATO, RESTITUITO = StatoAvanzamento.APPROVATO, StatoAvanzamento.RESTITUITO
# At which hour of the day a proroga is granted.
ORA_DEGLI_ATTI = timedelta(hours=11, minutes=20)
# No row at all: the Comune has not begun.
MANCA = "manca"

# The state of the last months of some interventi of Rho and Bresso: by code, by how many months ago.
FISSATI: dict[str, dict[int, str]] = {
    "DEMO-COME-IN-002": {1: BOZZA, 2: APPROVATO},
    "DEMO-SPUGNA-002": {1: RESTITUITO, 2: APPROVATO},
    "DEMO-SPUGNA-066": {1: INVIATO, 2: APPROVATO},
    "DEMO-EDILIZIA-SCOLASTICA-029": {1: MANCA, 2: APPROVATO},
    "DEMO-PINQUA-002": {1: MANCA, 2: MANCA},
    "DEMO-PINQUA-011": {1: APPROVATO, 2: APPROVATO},
    "DEMO-BANDO-PERIFERIE-033": {1: MANCA, 2: APPROVATO},
    "DEMO-SPUGNA-001": {1: MANCA, 2: APPROVATO, 3: BOZZA},
    "DEMO-SPUGNA-065": {1: RESTITUITO, 2: APPROVATO},
    "DEMO-EDILIZIA-SCOLASTICA-028": {1: INVIATO, 2: INVIATO},
    "DEMO-DIGITALE-001": {1: BOZZA, 2: APPROVATO},
    "DEMO-BANDO-PERIFERIE-032": {1: MANCA, 2: RESTITUITO},
    "DEMO-SPUGNA-067": {1: MANCA, 2: MANCA, 3: MANCA},
}
# Of the two last months of the others, how many of a hundred are in which state, from the last month back.
SORTI: dict[int, tuple[tuple[int, str], ...]] = {
    1: ((30, APPROVATO), (65, INVIATO), (73, RESTITUITO), (83, BOZZA), (100, MANCA)),
    2: ((84, APPROVATO), (91, INVIATO), (94, RESTITUITO), (96, BOZZA), (100, MANCA)),
}
MOTIVI = (
    "L'importo del mandato non corrisponde alla quietanza allegata in ReGiS: controllalo e rimanda.",
    "La data di inizio dei lavori è diversa da quella del verbale di consegna: correggi o spiega.",
    "Manca il valore realizzato dell'indicatore dei metri quadrati.",
    "La percentuale sembra alta rispetto al SAL emesso: indica come è stata calcolata.",
)


@dataclass
class Passaggi:
    """The life of one version of a month. What has not happened yet has no time."""

    mese: date
    stato: str
    creato: datetime
    inviato: datetime | None = None
    deciso: datetime | None = None
    # Sent the first time, and why it came back.
    primo_invio: datetime | None = None
    restituito: datetime | None = None
    motivo: str = ""
    versione: int = 1

    @property
    def piano_al(self) -> date:
        """The day whose plan it tells: that of its sending, the day before if sent before the acts of the day."""
        return timezone.localdate((self.inviato or self.creato) - ORA_DEGLI_ATTI)


@dataclass
class Calendario:
    """The months of an intervento: those told, one life each, and the later versions of some of them."""

    mesi: list[date] = field(default_factory=list)
    vite: dict[date, Passaggi] = field(default_factory=dict)

    @property
    def contabili(self) -> list[date]:
        """The months whose movements count: those approved, and those after the last of them."""
        approvati = [mese for mese in self.mesi if self.vite[mese].stato == APPROVATO]
        ultimo_approvato = approvati[-1] if approvati else date.min
        return [m for m in self.mesi if self.vite[m].stato == APPROVATO or m > ultimo_approvato]


def mesi_di(storia: Storia, oggi: date) -> list[date]:
    """The months an intervento tells: all of them, or one a quarter; the last ones in any case, none after its end.

    Those of a piano of which every month is told go on by quarters after 2024; those of the Comuni with people do not.
    """
    ultimo_mese = avanti(primo(oggi), -1)
    fine = min(ultimo_mese, primo(storia.collaudo.fine))
    recenti = avanti(ultimo_mese, -settings.PROMEMORIA_ARRETRATI - 1)
    mesi = []
    mese = INIZIO
    while mese <= fine:
        ogni_mese = storia.posto.fitto and (mese <= DICEMBRE_2024 or di_primi(storia.posto))
        if ogni_mese or mese.month % 3 == 0 or mese >= recenti or mese == fine:
            mesi.append(mese)
        mese = avanti(mese)
    return mesi


def svolgi(storia: Storia, adesso: datetime) -> Calendario:
    """When each month was told, and how far it has come by now."""
    oggi = timezone.localdate(adesso)
    caso = storia.caso("calendario")
    trovato = Calendario()
    approvati = True
    for mese in mesi_di(storia, oggi):
        stato = _stato(storia, mese, oggi, caso)
        if stato == APPROVATO and not approvati:
            stato = INVIATO
        vita = None if stato == MANCA else _vita(storia, mese, stato, adesso, caso)
        if vita is None:
            continue
        # What is approved builds on what was approved before it.
        approvati = (approvati and vita.stato == APPROVATO) or _vecchio(mese, oggi)
        trovato.mesi.append(mese)
        trovato.vite[mese] = vita
    return trovato


def _fa(mese: date, oggi: date) -> int:
    """How many months ago: 1 for the month before this one."""
    return (oggi.year - mese.year) * 12 + oggi.month - mese.month


def _vecchio(mese: date, oggi: date) -> bool:
    return _fa(mese, oggi) > 2


def _stato(storia: Storia, mese: date, oggi: date, caso: random.Random) -> str:
    """The state it should have today; drawn in any case, so that one month does not change the luck of the next."""
    sorte, fa = caso.randrange(100), _fa(mese, oggi)
    fissati = FISSATI.get(storia.posto.intervento.clp, {})
    if fa in fissati:
        return fissati[fa]
    if fa in SORTI:
        return next(stato for limite, stato in SORTI[fa] if sorte < limite)
    da_dire = mese in {INIZIO, DICEMBRE_2024} or mese == primo(storia.collaudo.fine)
    return MANCA if sorte < 3 and storia.posto.fitto and not da_dire else APPROVATO


def _vita(storia: Storia, mese: date, stato: str, adesso: datetime, caso: random.Random) -> Passaggi | None:
    """Its passages up to the state it should have, or as far as they have come by now; None if not even begun."""
    tardi, torna = caso.random() < 0.1, caso.random() < 0.07
    creato = _momento(caso, avanti(mese), caso.randint(2, 8))
    giorno = caso.randint(22, 52) if tardi else caso.randint(10, 20)
    tempi = [creato, _momento(caso, avanti(mese), giorno)]
    if torna or stato == RESTITUITO:
        tempi.append(_dopo(caso, tempi[-1], 2, 5))
        if stato != RESTITUITO:
            tempi.append(_dopo(caso, tempi[-1], 1, 4))
    if stato == APPROVATO:
        tempi.append(_dopo(caso, tempi[-1], 2, 9))
    motivo = caso.choice(MOTIVI)
    if stato == BOZZA:
        tempi = tempi[:1]
    if tempi[-1] > adesso and storia.posto.intervento.clp in FISSATI:
        # It must be there whatever day it is: its passages are pressed into the last hours.
        tempi = [adesso - timedelta(hours=2 * (len(tempi) - n)) for n in range(len(tempi))]
    tempi = [tempo for tempo in tempi if tempo <= adesso]
    return _passaggi(mese, stato, tempi, motivo, torna=torna or stato == RESTITUITO) if tempi else None


def _passaggi(mese: date, stato: str, tempi: Sequence[datetime], motivo: str, *, torna: bool) -> Passaggi:
    """What these times make of a month: created, sent, perhaps returned and sent again, approved."""
    vita = Passaggi(mese=mese, stato=BOZZA, creato=tempi[0])
    resto = list(tempi[1:])
    if resto:
        vita.stato, vita.inviato = INVIATO, resto.pop(0)
        vita.primo_invio = vita.inviato
    if torna and resto:
        vita.stato, vita.restituito, vita.motivo = RESTITUITO, resto.pop(0), motivo
        vita.deciso = vita.restituito
        if resto:
            vita.stato, vita.inviato = INVIATO, resto.pop(0)
    if stato == APPROVATO and resto:
        vita.stato, vita.deciso = APPROVATO, resto.pop(0)
    return vita


def _momento(caso: random.Random, mese: date, giorno: int) -> datetime:
    """A working moment so many days into a month, or after it; no later than the Friday before a weekend."""
    quando = mese + timedelta(days=giorno - 1)
    if quando.weekday() >= 5:
        quando += timedelta(days=(7 if giorno < 9 else 4) - quando.weekday())
    orario = time(caso.randint(8, 16), caso.randint(0, 59), caso.randint(0, 59))
    return timezone.make_aware(datetime.combine(quando, orario))


def _dopo(caso: random.Random, prima: datetime, da: int, a: int) -> datetime:
    quando = prima + timedelta(days=caso.randint(da, a), minutes=caso.randint(1, 50))
    return quando + timedelta(days=2) if quando.weekday() >= 5 else quando


def corregge(
    vita: Passaggi, inviato: datetime, *, stato: str = APPROVATO, deciso: datetime | None = None, motivo: str = ""
) -> Passaggi:
    """The life of a correction of an approved month."""
    return Passaggi(
        mese=vita.mese,
        stato=stato,
        creato=inviato - timedelta(days=1),
        inviato=inviato,
        deciso=deciso,
        primo_invio=inviato,
        motivo=motivo,
        versione=vita.versione + 1,
    )


def correzioni(storia: Storia, tempi: Calendario, adesso: datetime) -> Iterator[Passaggi]:
    """The months corrected after approval: a few soon after, December 2024 of some months later, one still waiting."""
    caso = storia.caso("correzioni")
    clp = storia.posto.intervento.clp
    for mese, vita in tempi.vite.items():
        sorte, giorni = caso.random(), caso.randint(15, 50)
        if vita.stato != APPROVATO or vita.deciso is None:
            continue
        if mese == DICEMBRE_2024 and clp in TARDIVE:
            inviato = vita.deciso + timedelta(days=110)
        elif clp == IN_ATTESA and mese == avanti(primo(timezone.localdate(adesso)), -2):
            dopo = min(vita.deciso + timedelta(days=3), adesso - timedelta(minutes=50))
            yield corregge(vita, dopo, stato=INVIATO)
            continue
        elif storia.posto.fitto and sorte < 0.03:
            inviato = vita.deciso + timedelta(days=giorni)
        else:
            continue
        deciso = inviato + timedelta(days=4)
        if deciso < adesso:
            yield corregge(vita, inviato, deciso=deciso)


# December 2024 of these was corrected in the following spring: what was known before is another figure.
TARDIVE = frozenset({"DEMO-EDILIZIA-SCOLASTICA-029", "DEMO-CAMBIO-001", "DEMO-SPUGNA-002"})
# Corrected after approval, and waiting for the staff to look.
IN_ATTESA = "DEMO-BANDO-PERIFERIE-033"
