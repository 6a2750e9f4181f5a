"""What stands beside the form of an avanzamento: how complete it is, what is missing, the remarks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from django.utils.translation import gettext as _

from monitoraggio import scheda
from monitoraggio.bozza.completezza import percentuale, voci
from monitoraggio.controlli.tipi import Contesto, Rilievo


@dataclass(frozen=True)
class Nota:
    """A remark as the page shows it: `ancora` is where it leads."""

    id: str
    rilievo: Rilievo
    ancora: str

    @property
    def cella_spiegazione(self) -> str:
        return scheda.cella("spiegazioni", self.rilievo.chiave, "testo")


@dataclass(frozen=True)
class Mancanza:
    """Something that a complete month has and this one lacks, and where to write it."""

    nome: str
    cella: str
    ancora: str


@dataclass(frozen=True)
class Lato:
    """What stands beside the form: how complete it is, what is missing, the remarks."""

    percentuale: int
    mancano: list[Mancanza]
    errori: list[Nota]
    avvisi: list[Nota]

    @property
    def da_spiegare(self) -> int:
        return sum(nota.rilievo.ferma for nota in self.avvisi)

    @property
    def pronto(self) -> bool:
        return not self.errori and not self.da_spiegare

    @property
    def frase(self) -> str:
        """«2 errori, 1 avviso da spiegare»"""
        parti = []
        if self.errori:
            parti.append(_("1 errore") if len(self.errori) == 1 else _("%(n)s errori") % {"n": len(self.errori)})
        if self.da_spiegare:
            uno = _("1 avviso da spiegare")
            parti.append(uno if self.da_spiegare == 1 else _("%(n)s avvisi da spiegare") % {"n": self.da_spiegare})
        return ", ".join(parti) or _("Niente da correggere")


def lato(contesto: Contesto, rilievi: Sequence[Rilievo], ancore: Set[str] | None = None) -> Lato:
    """`ancore` are the cells of the page, where it is known: what speaks of another leads to its section."""
    presenti = voci(contesto)
    tutte = note(rilievi, ancore)
    return Lato(
        percentuale(presenti),
        [Mancanza(str(v.nome), v.cella, _ancora(v.cella, ancore)) for v in presenti if not v.fatta],
        [nota for nota in tutte if nota.rilievo.errore],
        [nota for nota in tutte if not nota.rilievo.errore],
    )


def note(rilievi: Iterable[Rilievo], ancore: Set[str] | None = None) -> list[Nota]:
    usati: dict[str, int] = {}
    fatte = []
    for rilievo in rilievi:
        usati[rilievo.chiave] = usati.get(rilievo.chiave, 0) + 1
        volta = "" if usati[rilievo.chiave] == 1 else f"-{usati[rilievo.chiave]}"
        fatte.append(Nota(f"nota-{rilievo.chiave}{volta}", rilievo, _ancora(rilievo.cella, ancore)))
    return fatte


def _ancora(cella: str, ancore: Set[str] | None) -> str:
    return cella if ancore is None or cella in ancore else f"sezione-{cella.partition('-')[0]}"
