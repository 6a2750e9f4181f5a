"""The ledger of an intervento, month by month: commitments, payments and SAL that follow its story, to the cent."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from interventi.scelte import VoceDiSpesa
from monitoraggio.demo import segnali
from monitoraggio.demo.storia import CENTO, Storia
from monitoraggio.mesi import ultimo
from monitoraggio.scelte import TipoImpegno, TipoPagamento

CENTESIMO = Decimal("0.01")
ZERO = Decimal("0.00")
IVA = Decimal("1.10")
ANTICIPO = Decimal("0.2")
Valori = dict[str, Any]
SOGLIE = (25, 50, 75, 95)
# Invented names; 999 is the office of the taxpayers that no Italian office looks after.
STUDI = ("Studio Tecnico Dimostrativo", "Officina Progetti (demo)", "Linea Verde Ingegneria (demo)")
IMPRESE = (
    "Edile Dimostrativa S.r.l.",
    "Costruzioni Esempio S.p.A.",
    "Cantieri di Prova Soc. coop.",
    "Opere Finte S.r.l.",
)


@dataclass
class Movimenti:
    """What happened in a month: values of the rows by section, and the payments still without their voucher."""

    impegni: list[Valori] = field(default_factory=list)
    pagamenti: list[Valori] = field(default_factory=list)
    sal: list[Valori] = field(default_factory=list)
    # Rows that tell of something older than the month, by the name they will have.
    vecchi: list[str] = field(default_factory=list)


def aggiudicato(storia: Storia) -> Decimal:
    """What the works were awarded for, without VAT."""
    gara = next(iter(storia.posto.intervento.procedure.all()), None)
    if gara is not None and gara.importo_aggiudicato is not None:
        return gara.importo_aggiudicato
    lavori = _voce(storia, VoceDiSpesa.LAVORI)
    return (lavori * storia.caso("ribasso").randint(80, 98) / 100).quantize(CENTESIMO)


def cig(storia: Storia) -> str:
    """The CIG of its tender; a smart one that begins with Z, as `interventi.demo` makes them, where it has none."""
    gara = next(iter(storia.posto.intervento.procedure.all()), None)
    if gara is not None:
        return gara.cig
    numero = storia.caso("cig").randint(1, 16**7 - 1)
    return f"Z{numero * 211 % 251:02X}{numero:07X}"


def _voce(storia: Storia, voce: str) -> Decimal:
    return sum((v.importo for v in storia.posto.intervento.quadro_economico.all() if v.voce == voce), ZERO)


def di_ogni_mese(storia: Storia, mesi: Sequence[date]) -> dict[date, Movimenti]:
    """The ledger of these months, in their order: nothing is lost of the months between them."""
    conto = _Conto(storia)
    return {mese: conto.mese(mese, primo=indice == 0) for indice, mese in enumerate(mesi)}


class _Conto:
    """What has been committed and paid so far."""

    def __init__(self, storia: Storia) -> None:
        self.storia = storia
        self.caso: random.Random = storia.caso("denaro")
        self.totali = (_voce(storia, VoceDiSpesa.SPESE_TECNICHE) * 6 / 10).quantize(CENTESIMO)
        self.aggiudicato = aggiudicato(storia)
        self.lavori = (self.aggiudicato * IVA).quantize(CENTESIMO)
        self.cig = cig(storia)
        self.studio, self.impresa = self.caso.choice(STUDI), self.caso.choice(IMPRESE)
        self.partite = [f"999{self.caso.randint(0, 99_999_999):08}" for _ in range(2)]
        self.codici = ["", ""]
        self.mandati = 0
        self.pagato_studio = self.pagato_lavori = ZERO
        self.sal: list[Decimal] = [Decimal(0)]
        self.da_pagare = ZERO
        self.anticipo = self.concluso = False
        self.economia = self.caso.random() < 0.08

    def mese(self, mese: date, *, primo: bool) -> Movimenti:
        fatti = Movimenti()
        fine = ultimo(mese)
        self._progetto(fatti, mese, fine, primo)
        self._contratto(fatti, mese, fine, primo)
        if self.codici[1]:
            self._lavori(fatti, mese, fine)
        return fatti

    def _giorno(self, mese: date, vero: date, primo: bool) -> date:
        """The day of a movement: the true one in its month, or in the first month told; else one of the month."""
        if vero >= mese or primo:
            return vero
        return mese + timedelta(days=self.caso.randint(2, 26))

    def _impegna(self, fatti: Movimenti, chi: int, mese: date, vero: date, primo: bool) -> None:
        giorno = self._giorno(mese, vero, primo)
        self.codici[chi] = f"{self.caso.randint(100, 1899)}/{giorno.year}"
        if giorno < mese:
            fatti.vecchi.append(f"m{len(fatti.impegni) + 1}")
        fatti.impegni.append(
            {
                "tipo": TipoImpegno.IMPEGNO,
                "codice": self.codici[chi],
                "data": giorno,
                "importo": (self.totali, self.lavori)[chi],
                "beneficiario": (self.studio, self.impresa)[chi],
                "beneficiario_cf": self.partite[chi],
                "cig": ("", self.cig)[chi],
                "note": ("Incarico di progettazione e direzione lavori", "Contratto d'appalto")[chi],
            }
        )

    def _paga(self, fatti: Movimenti, chi: int, mese: date, importo: Decimal, causale: str) -> None:
        if importo <= 0:
            return
        self.mandati += 1
        fatti.pagamenti.append(
            {
                "tipo": TipoPagamento.PAGAMENTO,
                "codice": f"M-{self.mandati}/{mese.year}",
                "data": mese + timedelta(days=self.caso.randint(3, 27)),
                "importo": importo,
                "percettore": (self.studio, self.impresa)[chi],
                "percettore_cf": self.partite[chi],
                "importo_percettore": (importo / IVA).quantize(CENTESIMO) if chi else None,
                "impegno": self.codici[chi],
                "cig": ("", self.cig)[chi],
                "causale": causale,
            }
        )
        if chi:
            self.pagato_lavori += importo
        else:
            self.pagato_studio += importo

    def _progetto(self, fatti: Movimenti, mese: date, fine: date, primo: bool) -> None:
        """The design: committed when it begins, paid half when it ends and half when the works begin."""
        incarico = self.storia.tappe[0].inizio + timedelta(days=20)
        if not self.codici[0] and fine >= incarico and self.totali:
            self._impegna(fatti, 0, mese, incarico, primo)
            return
        progetto = self.storia.tappe[1].fine
        meta = (self.totali / 2).quantize(CENTESIMO)
        if self.codici[0] and not self.pagato_studio and fine >= progetto:
            self._paga(fatti, 0, mese, meta, "Progettazione: acconto")
        elif self.pagato_studio == meta and fine >= self.storia.lavori.inizio:
            self._paga(fatti, 0, mese, self.totali - meta, "Progettazione e direzione lavori: saldo")

    def _contratto(self, fatti: Movimenti, mese: date, fine: date, primo: bool) -> None:
        if not self.codici[1] and fine >= self.storia.contratto:
            self._impegna(fatti, 1, mese, self.storia.contratto, primo)

    def _lavori(self, fatti: Movimenti, mese: date, fine: date) -> None:
        """An advance, then what each SAL says in the month after it, then the balance when the testing has ended."""
        if self.concluso:
            return
        if fine >= self.storia.collaudo.fine:
            self._salda(fatti, mese)
            return
        if self.da_pagare:
            self._paga(fatti, 1, mese, self.da_pagare, f"Certificato di pagamento n. {len(self.sal) - 1}")
            self.da_pagare = ZERO
        elif not self.anticipo and fine >= self.storia.lavori.inizio + timedelta(days=30):
            self.anticipo = True
            quota = segnali.ANTICIPATO if self.storia.posto.intervento.clp == segnali.BLOCCATO else ANTICIPO
            self._paga(fatti, 1, mese, (self.lavori * quota).quantize(CENTESIMO), "Anticipazione del prezzo")
        percento = self.storia.percento(fine)
        passate = [soglia for soglia in SOGLIE if self.sal[-1] < soglia <= percento]
        if passate and percento < CENTO:
            quota = (percento - self.sal[-1]) / CENTO
            self.da_pagare = (self.lavori * quota * 7 / 10).quantize(CENTESIMO)
            self._emetti(fatti, str(len(self.sal)), mese, percento)

    def _emetti(self, fatti: Movimenti, numero: str, mese: date, percento: Decimal) -> None:
        self.sal.append(percento)
        fatti.sal.append(
            {
                "numero": numero,
                "data": mese + timedelta(days=self.caso.randint(15, 27)),
                "importo": (self.aggiudicato * percento / CENTO).quantize(CENTESIMO),
                "percentuale": percento,
            }
        )

    def _salda(self, fatti: Movimenti, mese: date) -> None:
        self.concluso = True
        resta = self.lavori - self.pagato_lavori
        if self.economia:
            # A little of the commitment was not needed: it is released.
            avanzo = (self.lavori / 50).quantize(CENTESIMO)
            resta -= avanzo
            fatti.impegni.append(
                {
                    "tipo": TipoImpegno.DISIMPEGNO,
                    "codice": self.codici[1],
                    "data": mese + timedelta(days=20),
                    "importo": avanzo,
                    "beneficiario": self.impresa,
                    "beneficiario_cf": self.partite[1],
                    "cig": self.cig,
                    "note": "Minore spesa accertata con il collaudo",
                }
            )
        self._emetti(fatti, "finale", mese, CENTO)
        self._paga(fatti, 1, mese, resta, "Rata di saldo")


def costi(storia: Storia, fine_mese: date) -> Iterator[tuple[int, Decimal, Decimal]]:
    """The plan of costs at the end of a month: year, realised, still to realise. Together the funding, to the cent."""
    totale = storia.posto.intervento.finanziamento_totale or ZERO

    def fatto(giorno: date) -> Decimal:
        if giorno >= storia.collaudo.fine:
            return totale
        return (totale * storia.percento(giorno) * 97 / 10_000).quantize(CENTESIMO)

    finale = max(storia.collaudo.fine.year, fine_mese.year)
    prima = ZERO
    for anno in range(2023, finale + 1):
        capodanno = date(anno, 12, 31)
        realizzato = max(ZERO, fatto(min(capodanno, fine_mese)) - prima)
        # What is told of the years to come follows the same curve; the last year takes what is left.
        a_fine_anno = totale if anno == finale else fatto(capodanno)
        resta = a_fine_anno - prima - realizzato if capodanno >= fine_mese else ZERO
        yield anno, realizzato, resta
        prima += realizzato + resta
