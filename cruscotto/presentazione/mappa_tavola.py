"""The table that says what the map says: the Comuni that have interventi, with every measure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from cruscotto.collegamenti import Collegamenti
from cruscotto.presentazione.cifre import Cella
from cruscotto.presentazione.mappa import Voce
from cruscotto.presentazione.misure import LUNGO, MISURE, Misura
from cruscotto.selectors.figure import Selezione
from cruscotto.selectors.mappa import Luogo
from cruscotto.tipi import Dimensione, Gruppo


@dataclass(frozen=True)
class Colonna:
    """At the head of the table: `indirizzo` sorts by it; `verso` is "" where the rows are not sorted by it."""

    nome: str
    indirizzo: str
    verso: str


@dataclass(frozen=True)
class Riga:
    nome: Cella
    zona: str
    celle: tuple[tuple[str, Cella], ...]
    scelta: bool


ORDINI = ("comune", "zona", *MISURE)


def ordine_chiesto(testo: str, misura: Misura) -> tuple[str, str]:
    """The order that an address asks for ("-" from the largest), and why what it asks for is not used."""
    testo = testo.strip().lower()
    if not testo or testo.removeprefix("-") in ORDINI:
        return testo or f"-{misura.codice}", ""
    errore = _("Le righe non si ordinano per «%(testo)s»: scegli fra %(quali)s, con un meno davanti dal più grande.")
    return f"-{misura.codice}", errore % {"testo": testo[:LUNGO], "quali": ", ".join(ORDINI)}


def colonne(ordine: str, indirizzo: Callable[[str], str]) -> list[Colonna]:
    """Names go up first, figures down first; the one that the rows are sorted by turns round."""
    nomi = {"comune": _("Comune"), "zona": _("Zona omogenea")} | {m.codice: str(m.breve) for m in MISURE.values()}
    fatte = []
    for codice, nome in nomi.items():
        verso = {codice: "ascending", f"-{codice}": "descending"}.get(ordine, "")
        primo = codice if codice in {"comune", "zona"} else f"-{codice}"
        altro = codice if ordine == f"-{codice}" else f"-{codice}"
        fatte.append(Colonna(nome, indirizzo(altro if verso else primo), verso))
    return fatte


def righe(
    luoghi: Sequence[Luogo], lette: Selezione, ordine: str, voci: Sequence[Voce], vie: Collegamenti
) -> list[Riga]:
    """The Comuni that have interventi."""
    trovati = {gruppo.chiave: gruppo for gruppo in lette.gruppi if gruppo.totali.interventi}
    presenti = [luogo for luogo in luoghi if luogo.istat in trovati]
    di_chi = {voce.luogo.istat: voce for voce in voci}
    nome = ordine.removeprefix("-")

    def valore(luogo: Luogo) -> Any:
        if nome in MISURE:
            return MISURE[nome].valore(trovati[luogo.istat].totali)
        return (luogo.zona if nome == "zona" else luogo.nome).lower()

    noti = [luogo for luogo in presenti if valore(luogo) is not None]
    # What is not known stands last, whichever the way.
    ordinati = sorted(noti, key=valore, reverse=ordine.startswith("-"))
    ordinati += [luogo for luogo in presenti if valore(luogo) is None]
    return [
        Riga(
            nome=Cella(luogo.nome, di_chi[luogo.istat].indirizzo),
            zona=luogo.zona,
            celle=_celle(trovati[luogo.istat], lette.fino, vie),
            scelta=di_chi[luogo.istat].scelto,
        )
        for luogo in ordinati
    ]


def senza_luogo(lette: Selezione, vie: Collegamenti) -> tuple[tuple[str, Cella], ...]:
    """The figures of the interventi that are in no Comune, which the map does not show; none if there are none."""
    trovati = [uno for uno in lette.gruppi if uno.dimensione is Dimensione.COMUNE and not uno.chiave]
    return next((_celle(uno, lette.fino, vie) for uno in trovati if uno.totali.interventi), ())


def _celle(gruppo: Gruppo, fino: date, vie: Collegamenti) -> tuple[tuple[str, Cella], ...]:
    """The figures of a group, each with the list that makes it."""
    sue = vie.del_gruppo(gruppo)
    elenchi = {
        "fisico": sue.lavori_fatti(fino),
        "ritardo": sue.interventi(stato="in_ritardo"),
        "segnali": sue.segnali(),
    }
    return tuple(
        (
            str(misura.breve),
            Cella(
                misura.scrivi(gruppo.totali),
                elenchi.get(misura.codice, sue.interventi()) if misura.valore(gruppo.totali) else "",
            ),
        )
        for misura in MISURE.values()
    )
