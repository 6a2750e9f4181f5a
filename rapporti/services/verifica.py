"""Whether a file, or a code, is one of our reports and is as we made it. Nothing is written, and no file is kept."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rapporti.domanda import ALFABETO, CIFRE, GRUPPO, codice_letto
from rapporti.models import Rapporto

MASSIMO_BYTE = 100_000_000
# A reader accepts a PDF that begins a little later, as after the lines that some mail programs add.
INIZIO = 1024
FIRMA = b"%PDF-"
# A file that holds so many different codes was made to give us work.
MASSIMI_CODICI = 50

_CODICE = re.compile(rb"-".join([f"[{ALFABETO}]{{{GRUPPO}}}".encode()] * (CIFRE // GRUPPO)))
_CODA = CIFRE + CIFRE // GRUPPO - 2


class Esito(StrEnum):
    """What came out, of a file or of a code."""

    INTATTO = "intatto"
    MODIFICATO = "modificato"
    NON_NOSTRO = "non_nostro"
    NON_PDF = "non_pdf"
    VUOTO = "vuoto"
    TROPPO_GRANDE = "troppo_grande"
    MANCANTE = "mancante"
    ILLEGGIBILE = "illeggibile"
    CODICE_NOSTRO = "codice_nostro"
    CODICE_IGNOTO = "codice_ignoto"
    CODICE_NON_LETTO = "codice_non_letto"


@dataclass(frozen=True)
class Verifica:
    """The outcome; `rapporto` is the ready report that the file or the code speaks of."""

    esito: Esito
    rapporto: Rapporto | None = None
    impronta: str = ""


class Lettura:
    """A file read once, piece by piece: its fingerprint, how it begins, and the codes written in it."""

    def __init__(self) -> None:
        self.byte = 0
        self._sha256 = hashlib.sha256()
        self._inizio = b""
        self._coda = b""
        self._codici: Counter[str] = Counter()

    def aggiungi(self, pezzo: bytes) -> None:
        self.byte += len(pezzo)
        self._sha256.update(pezzo)
        if len(self._inizio) < INIZIO:
            self._inizio += pezzo[: INIZIO - len(self._inizio)]
        visto = self._coda + pezzo
        for trovato in _CODICE.findall(visto):
            codice = trovato.decode()
            if codice in self._codici or len(self._codici) < MASSIMI_CODICI:
                self._codici[codice] += 1
        # Shorter than a code, so that none is counted twice.
        self._coda = visto[-_CODA:]

    @property
    def impronta(self) -> str:
        """SHA-256, in hexadecimal."""
        return self._sha256.hexdigest()

    @property
    def e_pdf(self) -> bool:
        return FIRMA in self._inizio

    @property
    def codici(self) -> list[str]:
        """The most frequent first: a report has its own in every link, and may name another."""
        return [codice for codice, _volte in self._codici.most_common()]


def leggi(pezzi: Iterable[bytes]) -> Lettura:
    lettura = Lettura()
    for pezzo in pezzi:
        lettura.aggiungi(pezzo)
    return lettura


def del_file(lettura: Lettura) -> Verifica:
    """A file is ours and unchanged if its fingerprint is that of a report; the code in it tells which it was."""
    if not lettura.byte:
        return Verifica(Esito.VUOTO)
    if lettura.byte > MASSIMO_BYTE:
        return Verifica(Esito.TROPPO_GRANDE)
    impronta = lettura.impronta
    if not lettura.e_pdf:
        return Verifica(Esito.NON_PDF, impronta=impronta)
    uguale = Rapporto.objects.pronti().filter(impronta=impronta).first()
    if uguale is not None:
        return Verifica(Esito.INTATTO, uguale, impronta)
    nostri = {rapporto.codice: rapporto for rapporto in Rapporto.objects.pronti().filter(codice__in=lettura.codici)}
    simile = next((nostri[codice] for codice in lettura.codici if codice in nostri), None)
    return Verifica(Esito.MODIFICATO if simile else Esito.NON_NOSTRO, simile, impronta)


def del_codice(testo: str) -> Verifica:
    """A code tells which report it is; only the file tells whether it was changed."""
    codice = codice_letto(testo)
    if not codice:
        return Verifica(Esito.CODICE_NON_LETTO)
    rapporto = Rapporto.objects.pronti().filter(codice=codice).first()
    return Verifica(Esito.CODICE_NOSTRO if rapporto else Esito.CODICE_IGNOTO, rapporto)
