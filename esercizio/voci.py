"""What the page of the system is made of: rows, each with its mark."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class Grado(IntEnum):
    """How bad a row is: the larger the worse."""

    BENE = 0
    DA_GUARDARE = 1
    GUASTO = 2

    @property
    def segno(self) -> str:
        return self.name.lower()


@dataclass(frozen=True)
class Voce:
    titolo: str
    grado: Grado
    visto: str
    rimedio: str = ""
    rotta: str = ""


@dataclass(frozen=True)
class Stato:
    """All the rows, the worst first."""

    voci: list[Voce]

    def quante(self, grado: Grado) -> int:
        return sum(voce.grado == grado for voce in self.voci)

    @property
    def da_fare(self) -> list[Voce]:
        return [voce for voce in self.voci if voce.grado > Grado.BENE]

    @property
    def a_posto(self) -> list[Voce]:
        return [voce for voce in self.voci if voce.grado == Grado.BENE]

    @property
    def frase(self) -> str:
        guasti, da_guardare = self.quante(Grado.GUASTO), self.quante(Grado.DA_GUARDARE)
        if not guasti and not da_guardare:
            return _("Va tutto bene: %(quante)s controlli su %(quante)s.") % {"quante": len(self.voci)}
        parti = []
        if guasti:
            parti.append(ngettext("%(n)s guasto", "%(n)s guasti", guasti) % {"n": guasti})
        if da_guardare:
            parti.append(ngettext("%(n)s cosa da guardare", "%(n)s cose da guardare", da_guardare) % {"n": da_guardare})
        return _("%(parti)s su %(quante)s controlli.") % {"parti": _(" e ").join(parti), "quante": len(self.voci)}
