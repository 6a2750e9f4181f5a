"""The rules before and after some changes, or with two different sets of them: what moves, and in which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro
from django.utils.translation import ngettext

from piani_integrati import parole
from piani_integrati.esiti import GRAVITA, Esito
from piani_integrati.regole import Giudizio, Livello, Regola, Unita, complessivo
from piani_integrati.regole.tipi import Testo


@dataclass(frozen=True)
class Mossa:
    """A rule before and after."""

    prima: Giudizio
    dopo: Giudizio

    @property
    def regola(self) -> Regola:
        return self.dopo.regola

    @property
    def cambia_esito(self) -> bool:
        return self.prima.esito != self.dopo.esito

    @property
    def cambia(self) -> bool:
        """Whether the outcome, or what is measured, is another one."""
        return self.cambia_esito or (self.prima.misura, self.prima.soglia) != (self.dopo.misura, self.dopo.soglia)

    @property
    def migliora(self) -> bool:
        return self.cambia_esito and _gravita(self.dopo.esito) > _gravita(self.prima.esito)

    @property
    def peggiora(self) -> bool:
        return self.cambia_esito and not self.migliora

    @property
    def frase(self) -> str:
        """What moved: "prima non conforme, ora conforme"; empty where nothing did."""
        if self.cambia_esito:
            return _("prima %(prima)s, ora %(dopo)s") % {
                "prima": self.prima.esito.label,
                "dopo": self.dopo.esito.label,
            }
        return _("cambia la misura, l'esito no") if self.cambia else ""

    @property
    def conti(self) -> list[tuple[Testo, int, int]]:
        """How many interventi have each outcome, before and after, where that changes."""
        if self.regola.livello is not Livello.INTERVENTO:
            return []
        numeri = (
            (Esito.CONFORME, self.prima.conformi, self.dopo.conformi),
            (Esito.NON_CONFORME, self.prima.non_conformi, self.dopo.non_conformi),
            (Esito.NON_DETERMINABILE, self.prima.non_determinabili, self.dopo.non_determinabili),
            (Esito.NON_APPLICABILE, self.prima.non_applicabili, self.dopo.non_applicabili),
        )
        return [(PLURALI[esito], prima, dopo) for esito, prima, dopo in numeri if prima != dopo]

    @property
    def con_misura(self) -> bool:
        """Whether there is a measure to tell; a yes or no is told by the outcome."""
        misurata = self.prima.misura is not None or self.dopo.misura is not None
        return misurata and self.regola.unita is not Unita.SI_NO

    @property
    def misura_prima(self) -> str:
        return parole.valore(self.regola, self.prima.misura)

    @property
    def misura(self) -> str:
        return parole.valore(self.regola, self.dopo.misura)

    @property
    def soglia(self) -> str:
        return parole.soglia(self.regola, self.dopo.soglia)

    @property
    def distanza_prima(self) -> str:
        return parole.distanza(self.regola, self.prima.distanza)

    @property
    def distanza(self) -> str:
        return parole.distanza(self.regola, self.dopo.distanza)


PLURALI = {
    Esito.CONFORME: pigro("conformi"),
    Esito.NON_CONFORME: pigro("non conformi"),
    Esito.NON_DETERMINABILE: pigro("non determinabili"),
    Esito.NON_APPLICABILE: pigro("non applicabili"),
}


def _gravita(esito: Esito) -> int:
    """From the worst; what does not apply asks for nothing."""
    return GRAVITA.index(esito) if esito in GRAVITA else len(GRAVITA)


@dataclass(frozen=True)
class Confronto:
    """All the rules before and after, in the order of the catalogue."""

    mosse: Sequence[Mossa]

    @classmethod
    def fra(cls, prima: Sequence[Giudizio], dopo: Sequence[Giudizio]) -> Confronto:
        return cls([Mossa(uno, altro) for uno, altro in zip(prima, dopo, strict=True)])

    @property
    def mosse_prima(self) -> list[Mossa]:
        """What moved: first where the outcome is another one."""
        return sorted((mossa for mossa in self.mosse if mossa.cambia), key=lambda mossa: not mossa.cambia_esito)

    @property
    def ferme(self) -> list[Mossa]:
        return [mossa for mossa in self.mosse if not mossa.cambia]

    @property
    def esito_prima(self) -> Esito:
        return complessivo(mossa.prima for mossa in self.mosse)

    @property
    def esito(self) -> Esito:
        return complessivo(mossa.dopo for mossa in self.mosse)

    @property
    def titolo(self) -> str:
        """The headline: how the piano would come out, and how many rules move."""
        if self.esito == self.esito_prima:
            testo = _("Il piano resta %(esito)s") % {"esito": self.esito.label}
        else:
            testo = _("Il piano, ora %(prima)s, sarebbe %(dopo)s") % {
                "prima": self.esito_prima.label,
                "dopo": self.esito.label,
            }
        migliori = sum(mossa.migliora for mossa in self.mosse)
        peggiori = sum(mossa.peggiora for mossa in self.mosse)
        conti = []
        if migliori:
            conti.append(ngettext("%(n)s regola migliora", "%(n)s regole migliorano", migliori) % {"n": migliori})
        if peggiori:
            conti.append(ngettext("%(n)s regola peggiora", "%(n)s regole peggiorano", peggiori) % {"n": peggiori})
        coda = ", ".join(conti) or _("nessuna regola cambia esito")
        return _("%(testo)s: %(conti)s.") % {"testo": testo, "conti": coda}

    @property
    def differenze(self) -> str:
        """In words, for two things of which neither is the past of the other."""
        esiti = sum(mossa.cambia_esito for mossa in self.mosse)
        altre = len(self.mosse_prima) - esiti
        if not esiti and not altre:
            return _("ogni regola ha lo stesso esito e la stessa misura")
        frasi = []
        if esiti:
            frasi.append(
                ngettext("%(n)s regola ha un esito diverso", "%(n)s regole hanno un esito diverso", esiti)
                % {"n": esiti}
            )
        else:
            frasi.append(_("nessuna regola ha un esito diverso"))
        if altre:
            frasi.append(
                ngettext("%(n)s ha solo una misura diversa", "%(n)s hanno solo una misura diversa", altre)
                % {"n": altre}
            )
        return ", ".join(frasi)
