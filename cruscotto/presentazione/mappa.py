"""The map of the Comuni coloured by a measure, with a circle for their interventi."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from cruscotto.presentazione.misure import INTERVENTI, MISURE, Misura
from cruscotto.selectors.mappa import Luogo
from cruscotto.tipi import Filtri, Gruppo, Totali
from enti.mappa import ETTOMETRI, LARGHEZZA_KM, VIEWBOX_LEGGERO, contorni_zone, tracciato_leggero
from enti.selectors import limiti_di_classe
from piani_integrati.selectors import classi_di_numeri
from psttm import formati
from psttm.grafici.tipi import NUMERO, PERCENTO, Unita

# The largest circle, in hectometres; the smallest that is seen.
RAGGIO = 19.0
RAGGIO_MINIMO = 1.6
# About how wide a letter of a name is.
LETTERA = 12.0
# A percent has always the same classes, so that two days can be compared.
QUINTI = (Decimal(20), Decimal(40), Decimal(60), Decimal(80))
# Amounts are compared as the legend writes them, in tenths of a million.
CENTOMILA = Decimal("1E5")
# Classes of what is not coloured: no intervento, nothing known, none of what is counted.
NIENTE, IGNOTO, ZERO = "niente", "ignoto", "zero"


@dataclass(frozen=True)
class Voce:
    """A Comune on the map: `dice` are its values in words, `raggio` that of its circle ("" for none)."""

    luogo: Luogo
    classe: str
    dice: str
    indirizzo: str
    scelto: bool
    raggio: str

    @property
    def x(self) -> str:
        return _scritto(self.luogo.centro[0])

    @property
    def y(self) -> str:
        return _scritto(self.luogo.centro[1])

    @property
    def x_nome(self) -> str:
        """Where its name stands, above its circle and inside the map."""
        meta = LETTERA * len(self.luogo.nome) / 2
        return _scritto(min(max(self.luogo.centro[0], meta), LARGHEZZA_KM * ETTOMETRI - meta))

    @property
    def y_nome(self) -> str:
        return _scritto(max(self.luogo.centro[1] - float(self.raggio or 0) - 5, 20))


@dataclass(frozen=True)
class Mappa:
    """`classi` are class and bounds, from the least; `cerchi` radius and number of the circles of the legend."""

    misura: Misura
    voci: list[Voce]
    contorni: tuple[str, ...]
    viewbox: str
    classi: list[tuple[str, str]]
    cerchi: list[tuple[str, str]]
    scelto: Voce | None
    descrizione: str

    @property
    def con_cerchio(self) -> list[Voce]:
        """The largest first, so that it covers none."""
        return sorted((voce for voce in self.voci if voce.raggio), key=lambda voce: -float(voce.raggio))


def contesto(
    request: HttpRequest, luoghi: Sequence[Luogo], gruppi: Sequence[Gruppo], filtri: Filtri, misura: Misura
) -> dict[str, Any]:
    """What `cruscotto/mappa.html` shows: links lead to this same page, to the map."""
    return {
        "mappa": mappa(luoghi, gruppi, misura, filtri.comune, lambda istat: indirizzo(request, comune=istat)),
        "misure": [(una, una is misura, indirizzo(request, misura=una.codice)) for una in MISURE.values()],
        "mappa_intera": reverse("mappa", query=_parametri(request, {})),
    }


def indirizzo(request: HttpRequest, **altro: str) -> str:
    """This address with something else chosen; "" takes it away."""
    parametri = _parametri(request, altro)
    return f"{request.path}?{parametri.urlencode()}#mappa" if parametri else f"{request.path}#mappa"


def _parametri(request: HttpRequest, altro: Mapping[str, str]) -> QueryDict:
    parametri = request.GET.copy()
    parametri.pop("pagina", None)
    for nome, valore in altro.items():
        parametri.pop(nome, None)
        if valore:
            parametri[nome] = valore
    return parametri


def mappa(
    luoghi: Sequence[Luogo], gruppi: Sequence[Gruppo], misura: Misura, scelto: str, indirizzo: Callable[[str], str]
) -> Mappa:
    """`scelto` is the ISTAT code of the Comune that is filtered by; `indirizzo` the page with another ("" for none)."""
    totali = {gruppo.chiave: gruppo.totali for gruppo in gruppi if gruppo.totali.interventi}
    noti = {luogo.istat: totali[luogo.istat] for luogo in luoghi if luogo.istat in totali}
    classe, classi = _classi(misura, noti)
    massimo = max((t.interventi for t in noti.values()), default=0)
    voci = [
        Voce(
            luogo=luogo,
            classe=classe.get(luogo.istat, NIENTE),
            dice=_dice(noti.get(luogo.istat), misura),
            indirizzo=indirizzo("" if luogo.istat == scelto else luogo.istat),
            scelto=luogo.istat == scelto,
            raggio=_scritto(raggio(noti[luogo.istat].interventi, massimo)) if luogo.istat in noti else "",
        )
        for luogo in luoghi
    ]
    if len(noti) < len(luoghi):
        classi.insert(0, (NIENTE, _("nessun intervento")))
    return Mappa(
        misura=misura,
        voci=voci,
        contorni=tuple(tracciato_leggero(zona.tracciato) for zona in contorni_zone()),
        viewbox=VIEWBOX_LEGGERO,
        classi=classi,
        cerchi=[(_scritto(raggio(quanti, massimo)), formati.numero(quanti)) for quanti in _campioni_di_cerchi(massimo)],
        scelto=next((voce for voce in voci if voce.scelto), None),
        descrizione=_descrizione(noti, luoghi, misura),
    )


def raggio(quanti: int, massimo: int) -> float:
    """The area of a circle is in proportion to the number, but for the few too small to be seen. Hectometres."""
    return max(RAGGIO_MINIMO, RAGGIO * math.sqrt(quanti / massimo)) if quanti and massimo else 0


def _campioni_di_cerchi(massimo: int) -> list[int]:
    """About a tenth, a third and the whole of the largest."""
    return sorted({max(1, massimo // 10), max(1, massimo // 3), massimo}) if massimo else []


def _scritto(lunghezza: float) -> str:
    return f"{lunghezza:.1f}"


def _dice(totali: Totali | None, misura: Misura) -> str:
    """5 interventi, finanziamento 3,2 mln €"""
    if totali is None:
        return _("nessun intervento")
    quanti = _("1 intervento") if totali.interventi == 1 else f"{formati.numero(totali.interventi)} {_('interventi')}"
    if misura is INTERVENTI:
        return quanti
    return f"{quanti}, {formati.lower_iniziale(str(misura.breve))} {misura.scrivi(totali)}"


# --- Classes ---------------------------------------------------------------------------------------------------------


def _classi(misura: Misura, noti: Mapping[str, Totali]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The class of each Comune that has interventi, and the classes that there are with their bounds."""
    valori = {istat: misura.valore(totali) for istat, totali in noti.items()}
    ignoti = {istat: IGNOTO for istat, valore in valori.items() if valore is None}
    cifre = {istat: Decimal(valore) for istat, valore in valori.items() if valore is not None}
    if misura.unita is PERCENTO:
        classe, classi = _in_quinti(cifre)
    elif misura.unita is NUMERO:
        classe, classi = _in_numeri(cifre)
    else:
        classe, classi = _in_parti_uguali(cifre, misura.unita)
    if ignoti:
        classi.insert(0, (IGNOTO, _("dato mancante")))
    return classe | ignoti, classi


def _in_quinti(cifre: Mapping[str, Decimal]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The lower bound belongs to a class."""
    fine = f"{formati.SPAZIO}%"
    nomi = [
        f"{_('meno di')} 20{fine}",
        *(f"{da:g} – {a:g}{fine}" for da, a in pairwise(QUINTI)),
        f"80{fine} {_('e oltre')}",
    ]
    classe = {istat: f"c{bisect_right(QUINTI, cifra) + 1}" for istat, cifra in cifre.items()}
    return classe, [(f"c{posto}", nome) for posto, nome in enumerate(nomi, start=1)]


def _in_numeri(cifre: Mapping[str, Decimal]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Classes of whole numbers; zero by itself. Few of them take the middle colours, better seen than the palest."""
    pieni = {istat: int(cifra) for istat, cifra in cifre.items() if cifra}
    limiti = classi_di_numeri(pieni.values())
    saltate = min(2, 5 - len(limiti))
    ultimi = [ultimo for _primo, ultimo in limiti]
    classe = {istat: f"c{saltate + 1 + bisect_left(ultimi, numero)}" for istat, numero in pieni.items()}
    classi = [
        (f"c{posto}", formati.numero(da) if da == a else f"{formati.numero(da)} – {formati.numero(a)}")
        for posto, (da, a) in enumerate(limiti, start=saltate + 1)
    ]
    vuoti = {istat: ZERO for istat, cifra in cifre.items() if not cifra}
    return classe | vuoti, [(ZERO, "0"), *classi] if vuoti else classi


def _in_parti_uguali(cifre: Mapping[str, Decimal], unita: Unita) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """About as many Comuni in each class. Bounds are as the legend writes them, so that none seems in two."""
    tondi = {istat: cifra.quantize(CENTOMILA, ROUND_HALF_UP) for istat, cifra in cifre.items()}
    diversi = sorted(set(tondi.values()))
    soglie = sorted(set(limiti_di_classe(list(tondi.values())))) if len(diversi) > 5 else diversi[1:]
    classe = {istat: f"c{bisect_right(soglie, cifra) + 1}" for istat, cifra in tondi.items()}
    classi = []
    for posto in range(1, len(soglie) + 2):
        dentro = sorted(tondi[istat] for istat, sua in classe.items() if sua == f"c{posto}")
        if dentro:
            da, a = unita.scrivi(dentro[0]), unita.scrivi(dentro[-1])
            nudo = replace(unita, nome="").scrivi(dentro[0])
            classi.append((f"c{posto}", da if da == a else f"{nudo} – {a}"))
    return classe, classi


def _descrizione(noti: Mapping[str, Totali], luoghi: Sequence[Luogo], misura: Misura) -> str:
    """Where there are interventi, and the Comune with the most of what is measured."""
    if not noti:
        return _("Nessun intervento in nessun Comune.")
    testo = _("Interventi in %(quanti)s Comuni su %(tutti)s") % {"quanti": len(noti), "tutti": len(luoghi)}
    valori = [(misura.valore(noti[luogo.istat]), luogo.nome) for luogo in luoghi if luogo.istat in noti]
    cifre = [(Decimal(valore), nome) for valore, nome in valori if valore is not None]
    massimo = max((cifra for cifra, _nome in cifre), default=Decimal(0))
    primi = [nome for cifra, nome in cifre if cifra == massimo]
    if not massimo or len(primi) > 1:
        return f"{testo}."
    detto = _("; il valore più alto, %(valore)s, è a %(nome)s.")
    return testo + detto % {"valore": misura.unita.scrivi(massimo), "nome": primi[0]}
