"""What every block of a page needs: where figures and words lead, and in which words."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.html import format_html
from django.utils.safestring import SafeString

from rapporti.documento import Cifra, Frase, Legame


@dataclass
class Tela:
    """`base` is the address of the portal, `codice` the code of the report; `legami` says where addresses lead."""

    base: str
    codice: str
    legami: dict[str, str] = field(default_factory=dict)

    def cifra(self, cifra: Cifra, testo: str = "") -> SafeString:
        """A figure, which leads to its rows; `testo` if it is written otherwise, as in a column with a unit."""
        indirizzo = f"{self.base}/rapporti/{self.codice}/cifre/{cifra.chiave}/"
        self.legami[indirizzo] = f"Da dove viene questa cifra: {cifra.etichetta}, {cifra.testo}"
        return format_html('<a class="c" href="{}">{}</a>', indirizzo, testo or cifra.testo)

    def legame(self, legame: Legame) -> SafeString:
        indirizzo = self.assoluto(legame.indirizzo)
        self.legami[indirizzo.removeprefix("#")] = legame.testo
        return format_html('<a href="{}">{}</a>', indirizzo, legame.testo)

    def assoluto(self, indirizzo: str) -> str:
        """ "#…" stays in the report, "/…" is of the portal; what has a scheme is whole."""
        return f"{self.base}{indirizzo}" if indirizzo.startswith("/") else indirizzo

    def frase(self, frase: Frase) -> SafeString:
        parti = (self.cifra(una) if isinstance(una, Cifra) else format_html("{}", una) for una in frase.parti)
        return SafeString("".join(parti))
