"""What is missing or does not agree, of each intervento."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import cast

from monitoraggio.calcolo.tempo import mesi_fra, ultimo_finito
from monitoraggio.opere import confronti
from monitoraggio.opere.tipi import Opera
from psttm import formati
from rapporti.capitoli.tavole import AREA, area
from rapporti.capitoli.valori import REVOCATO, a_fine, senza_programma
from rapporti.documento import Colonna, Tavola, Unita
from rapporti.lettura.quadro import Quadro

CENTESIMO = Decimal("0.01")


class Lacuna(Enum):
    """The code of a gap, what it is in words, and the group of gaps that it belongs to."""

    SENZA_DATI = ("senza-dati", "nessun avanzamento approvato", "dati")
    VECCHI = ("dati-vecchi", "ultimi dati non aggiornati", "dati")
    FINANZIAMENTO = ("finanziamento", "manca il finanziamento", "registro")
    DATE = ("date", "mancano le date di inizio o di fine", "registro")
    PIANO = ("piano", "non è in nessun piano o programma", "registro")
    TITOLO = ("titolo", "manca il titolo", "registro")
    CUP = ("cup", "manca il CUP", "registro")
    AREA = ("area", f"manca la superficie (indicatore {AREA})", "registro")
    INDICATORI = ("indicatori", "mancano tutti gli indicatori", "registro")
    FONTI = ("fonti", "le fonti non danno il finanziamento totale", "differenze")
    PAGAMENTI = ("pagamenti", "i pagamenti non sono quelli di ReGiS", "differenze")

    @property
    def codice(self) -> str:
        return str(self.value[0])

    @property
    def parole(self) -> str:
        return str(self.value[1])

    @property
    def gruppo(self) -> str:
        return str(self.value[2])


@dataclass(frozen=True)
class Mancanza:
    """A gap of an intervento; `mesi` is how many its data are old."""

    opera: Opera
    lacuna: Lacuna
    testo: str
    mesi: int = 0

    @property
    def chiave(self) -> str:
        return f"{self.opera.chiave}-{self.lacuna.codice}"


COLONNE = (
    Colonna("attuatore", "Soggetto attuatore", larghezza=18),
    Colonna("cup", "CUP", Unita.CODICE, 16),
    Colonna("titolo", "Intervento", larghezza=30),
    Colonna("lacuna", "Che cosa manca", larghezza=20),
    Colonna("testo", "In particolare", larghezza=24),
    Colonna("mesi", "Mesi di ritardo dei dati", Unita.NUMERO),
)


def mese_dovuto(quadro: Quadro) -> date:
    """The last month that was over on the day of the report: the one whose data are due."""
    return ultimo_finito(quadro.al)


def tutte(quadro: Quadro) -> dict[str, tuple[Mancanza, ...]]:
    """Those of each intervento, by its key. Worked out once."""
    if "lacune" not in quadro.appunti:
        dovuto = mese_dovuto(quadro)
        quadro.appunti["lacune"] = {opera.chiave: tuple(_di(opera, quadro, dovuto)) for opera in quadro.opere}
    return cast("dict[str, tuple[Mancanza, ...]]", quadro.appunti["lacune"])


def _di(opera: Opera, quadro: Quadro, dovuto: date) -> Iterator[Mancanza]:
    """Nothing is asked of what was revoked, and no month of a piano that is not assigned yet."""
    if opera.segno == REVOCATO:
        return
    if opera.piano_id not in senza_programma(quadro):
        yield from _dei_dati(opera, dovuto)
    yield from _del_registro(opera)
    yield from _differenze(opera, quadro.al)


def _dei_dati(opera: Opera, dovuto: date) -> Iterator[Mancanza]:
    """Nothing more is asked of what is concluded."""
    ultimi = opera.stato.riferita_al
    if opera.stato.avanzamento_id is None or ultimi is None:
        yield Mancanza(opera, Lacuna.SENZA_DATI, f"si attende {a_fine(dovuto)}")
    elif opera.segno != "concluso" and ultimi < dovuto:
        mesi = mesi_fra(ultimi, dovuto)
        quanti = "un mese" if mesi == 1 else f"{mesi} mesi"
        testo = f"fermi a {a_fine(ultimi)}, {quanti} prima di {a_fine(dovuto)}"
        yield Mancanza(opera, Lacuna.VECCHI, testo, mesi)


def _del_registro(opera: Opera) -> Iterator[Mancanza]:
    if not opera.finanziamento:
        yield Mancanza(opera, Lacuna.FINANZIAMENTO, "non è noto quanto costa")
    if _senza_date(opera):
        yield Mancanza(opera, Lacuna.DATE, "né ReGiS né il monitoraggio le dicono")
    if opera.piano_id is None:
        yield Mancanza(opera, Lacuna.PIANO, "assegnalo a un piano")
    if not opera.titolo:
        yield Mancanza(opera, Lacuna.TITOLO, "si vede solo il codice")
    if not opera.cup:
        yield Mancanza(opera, Lacuna.CUP, f"codice locale {opera.clp}" if opera.clp else "nessun codice")
    if not opera.indicatori:
        yield Mancanza(opera, Lacuna.INDICATORI, "nessun valore programmato né realizzato")
    elif area(opera) is None:
        yield Mancanza(opera, Lacuna.AREA, "non è detto quanti metri quadrati")


def _senza_date(opera: Opera) -> bool:
    fine = opera.fine_regis or opera.stato.fine_prevista or opera.stato.fine_effettiva
    inizio = opera.inizio_regis or opera.stato.inizio_lavori or (opera.base and opera.base[0])
    return fine is None or inizio is None


def _differenze(opera: Opera, al: date) -> Iterator[Mancanza]:
    somma = confronti.fonti(opera)
    if somma is not None:
        testo = f"fonti {formati.euro(somma)}, finanziamento {formati.euro(opera.finanziamento)}"
        yield Mancanza(opera, Lacuna.FONTI, testo)
    scarto = confronti.pagamenti(opera, al)
    if scarto is not None:
        testo = (
            f"al {formati.data_breve(scarto.al)} ReGiS {formati.euro(scarto.regis)}, "
            f"portale {formati.euro(scarto.nostro)}"
        )
        yield Mancanza(opera, Lacuna.PAGAMENTI, testo)


def tavola_lacune(quadro: Quadro) -> Tavola:
    return Tavola(
        "lacune",
        "Che cosa manca e da chi",
        COLONNE,
        {
            una.chiave: (
                una.opera.attuatore, una.opera.codice, una.opera.nome, una.lacuna.parole, una.testo, una.mesi or None,
            )
            for sue in tutte(quadro).values()
            for una in sue
        },
    )  # fmt: skip
