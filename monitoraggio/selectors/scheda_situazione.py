"""All that the page of the monitoring of an intervento tells, on a day, as known at an instant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property

from enti.models import Utente
from enti.permessi import Permesso
from interventi.models import Intervento
from monitoraggio import fasi as nomi_fasi
from monitoraggio.flusso import SEGNI
from monitoraggio.models import Avanzamento, Criticita, FaseAvanzamento, FasePianificata, Impegno, Pagamento
from monitoraggio.poteri import puo
from monitoraggio.scadenze import Mese, in_gioco
from monitoraggio.scelte import TipoImpegno, TipoPagamento
from monitoraggio.selectors import traguardi as dei_traguardi
from monitoraggio.selectors import variazioni as delle_variazioni
from monitoraggio.selectors.elenco_situazione import Riga, riga
from monitoraggio.selectors.situazione import ZERO
from monitoraggio.tempo import Tempo
from registro import storia

# Of the drawing of the percent by month.
LARGO, ALTO = 1000, 200
# More movements than these stand folded, under a line that adds them up.
MOVIMENTI_APERTI = 12
# The versions of months that stand open; the older ones are folded.
VERSIONI_APERTE = 12


@dataclass(frozen=True)
class VersioneMese:
    """A version of a month, with its mark."""

    avanzamento: Avanzamento
    in_vigore: bool

    @property
    def segno(self) -> str:
        return SEGNI[self.avanzamento.stato]


@dataclass(frozen=True)
class Movimenti:
    """Rows of the ledger in force and their sum, net of what was released or recovered. EUR."""

    righe: list[Any]
    totale: Decimal

    @property
    def aperti(self) -> bool:
        return len(self.righe) <= MOVIMENTI_APERTI


@dataclass(frozen=True)
class RigaFase:
    """A phase: the first plan approved, the plan in force, the forecast, the facts."""

    nome: str
    codice: str
    base: Any
    riga: FaseAvanzamento

    @property
    def segno(self) -> str:
        if self.riga.fine_effettiva is not None:
            return "concluso"
        return "in_corso" if self.riga.inizio_effettivo is not None else "non_avviato"

    @property
    def parola(self) -> str:
        return {"concluso": "conclusa", "in_corso": "in corso", "non_avviato": "da iniziare"}[self.segno]

    @property
    def fine_spostata(self) -> bool:
        return bool(self.base and self.base.fine_iniziale and self.base.fine_iniziale != self.riga.fine_prevista)


@dataclass(frozen=True)
class Punto:
    """A month of the drawing, at its place in it."""

    mese: date
    percentuale: Decimal
    x: int
    y: int


@dataclass(frozen=True)
class MeseDaAprire:
    """A month that the intervento has still to tell, and the draft of it if one is open."""

    mese: Mese
    aperto: Avanzamento | None


class Scheda:
    """The page of one intervento for one person. Each part is read when it is shown."""

    def __init__(self, intervento: Intervento, utente: Utente, tempo: Tempo) -> None:
        self.intervento, self.utente, self.tempo = intervento, utente, tempo

    @cached_property
    def riga(self) -> Riga:
        return riga(self.intervento, self.tempo)

    @property
    def vede_dati(self) -> bool:
        """Whether months, movements and words are for this person, or the summary alone."""
        return self.utente.vede_tutto or self.intervento.soggetto_attuatore_id in self.utente.enti

    @property
    def compila(self) -> bool:
        return self.tempo.attuale and puo(self.utente, Permesso.COMPILARE_AVANZAMENTI, self.intervento)

    # --- months ---

    @cached_property
    def in_vigore(self) -> list[Avanzamento]:
        """The version of each month that counts, in order of time."""
        presi = Avanzamento.objects.filter(intervento=self.intervento)
        return list(presi.in_vigore(al=self.tempo.al, noto_al=self.tempo.noto_al).defer("bozza").order_by("mese"))

    @cached_property
    def versioni(self) -> list[VersioneMese]:
        """Every version there was then, latest month first; of an earlier instant only what was approved by then."""
        presi = Avanzamento.objects.visibili_a(self.utente).filter(intervento=self.intervento)
        if self.tempo.al is not None:
            presi = presi.filter(riferito_al__lte=self.tempo.al)
        if self.tempo.noto_al is not None:
            presi = presi.approvati(self.tempo.noto_al)
        contano = {avanzamento.pk for avanzamento in self.in_vigore}
        lette = presi.select_related("inviato_da", "deciso_da", "modificato_da").defer("bozza")
        return [VersioneMese(uno, uno.pk in contano) for uno in lette.order_by("-mese", "-versione")]

    @property
    def ultime(self) -> list[VersioneMese]:
        return self.versioni[:VERSIONI_APERTE]

    @property
    def precedenti(self) -> list[VersioneMese]:
        return self.versioni[VERSIONI_APERTE:]

    @cached_property
    def da_aprire(self) -> list[MeseDaAprire]:
        """The months due that are still to be sent, oldest first; for who may write them."""
        if not self.compila:
            return []
        aperti: dict[date, Avanzamento] = {}
        for versione in self.versioni:
            aperti.setdefault(versione.avanzamento.mese, versione.avanzamento)
        da_scrivere = []
        for mese in in_gioco(timezone.localdate()):
            suo = aperti.get(mese.mese)
            if suo is None or suo.scrivibile:
                da_scrivere.append(MeseDaAprire(mese, suo))
        return da_scrivere

    @cached_property
    def punti(self) -> list[Punto]:
        """Percent by month, for the drawing: from the first month to the last."""
        detti = [uno for uno in self.in_vigore if uno.percentuale is not None]
        if not detti:
            return []
        primo, quanti = detti[0].mese, max(_mesi_fra(detti[0].mese, detti[-1].mese), 1)
        return [
            Punto(
                uno.mese,
                uno.percentuale or ZERO,
                _mesi_fra(primo, uno.mese) * LARGO // quanti,
                ALTO - int((uno.percentuale or ZERO) * ALTO / 100),
            )
            for uno in detti
        ]

    @property
    def spezzata(self) -> str:
        return " ".join(f"{punto.x},{punto.y}" for punto in self.punti)

    # --- contents ---

    @cached_property
    def impegni(self) -> Movimenti:
        return _movimenti(Impegno.objects.all(), self.in_vigore, TipoImpegno.DISIMPEGNO)

    @cached_property
    def pagamenti(self) -> Movimenti:
        return _movimenti(Pagamento.objects.all(), self.in_vigore, TipoPagamento.RECUPERO)

    @cached_property
    def fasi(self) -> list[RigaFase]:
        if self.riga.stato.avanzamento_id is None:
            return []
        basi = {base.fase: base for base in self._basi.filter(intervento=self.intervento.pk)}
        righe = FaseAvanzamento.objects.filter(avanzamento=self.riga.stato.avanzamento_id)
        return [RigaFase(nomi_fasi.nome(una.fase), una.fase, basi.get(una.fase), una) for una in righe]

    @property
    def _basi(self) -> QuerySet[Any]:
        if self.tempo.noto_al is None:
            return FasePianificata.objects.all()
        return storia.noto_al(FasePianificata, self.tempo.noto_al)

    @cached_property
    def criticita(self) -> list[Criticita]:
        """Those open by the last month known, the most serious first."""
        if self.riga.stato.avanzamento_id is None:
            return []
        aperte = Criticita.objects.filter(avanzamento=self.riga.stato.avanzamento_id)
        aperte = aperte.filter(Q(chiusa_il__isnull=True) | Q(chiusa_il__gt=self.tempo.giorno))
        gravita = {"alta": 0, "media": 1, "bassa": 2}
        return sorted(aperte, key=lambda una: (gravita[una.gravita], una.riga))

    @cached_property
    def traguardi(self) -> list[dei_traguardi.Riga]:
        letti = dei_traguardi.elenco(self.utente, al=self.tempo.giorno, noto_al=self.tempo.noto_al)
        return [dei_traguardi.riga(uno, self.tempo.giorno) for uno in letti.filter(intervento=self.intervento.pk)]

    @cached_property
    def variazioni(self) -> list[delle_variazioni.Riga]:
        """Those asked for by then; what was decided later was still to be decided."""
        istante = self.tempo.istante
        chieste = delle_variazioni.elenco(self.utente, istante).filter(intervento=self.intervento)
        return delle_variazioni.righe(chieste, istante)


def _mesi_fra(primo: date, secondo: date) -> int:
    return (secondo.year - primo.year) * 12 + secondo.month - primo.month


def _movimenti(righe: QuerySet[Any], in_vigore: Sequence[Avanzamento], in_meno: str) -> Movimenti:
    """The rows of these months, in order of time, and their exact sum."""
    dei_mesi = list(righe.filter(avanzamento__in=[uno.pk for uno in in_vigore]).order_by("data", "codice", "pk"))
    totale = sum((-riga.importo if riga.tipo == in_meno else riga.importo for riga in dei_mesi), ZERO)
    return Movimenti(dei_mesi, totale)
