"""What was planned, what is reached, what the sources declare: the first block of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cruscotto.collegamenti import Collegamenti
from cruscotto.tipi import Curva, Filtri, Quantita, Totali, percento
from monitoraggio.selectors import traguardi
from psttm import formati
from psttm.models import RisultatoDichiarato
from rapporti.capitoli.lavori import DA_AVVIARE, IN_COLLAUDO, IN_CORSO

# The figures of the sources that have no euro and count no interventi: dwellings, hectares, square metres.
UNITA_FISICHE = ("alloggi", "ettari", "m²")
LAVORI: dict[str, Any] = {
    IN_CORSO: gettext_lazy("lavori in corso"),
    IN_COLLAUDO: gettext_lazy("in collaudo"),
    DA_AVVIARE: gettext_lazy("da avviare"),
}
OBIETTIVI = 8


@dataclass(frozen=True)
class Cella:
    """A figure and the rows it is made of."""

    testo: str
    indirizzo: str = ""


@dataclass(frozen=True)
class Riga:
    """How much is reached, out of how much, its share in hundredths, and what else there is to know.

    `dovuto` is how much of it was due by now: a mark on the bar.
    """

    nome: str
    parte: Cella
    intero: Cella
    percento: Decimal | None
    note: tuple[tuple[Cella, str], ...] = ()
    dovuto: Decimal | None = None

    @property
    def nella_barra(self) -> Decimal:
        """What the bar can show of it: more than all of it is all of it."""
        return min(self.percento or Decimal(0), Decimal(100))


def righe(totali: Totali, quantita: list[Quantita], curva: Curva, vie: Collegamenti) -> list[Riga]:
    denaro = [(_("Impegnato"), totali.impegnato), (_("Pagato"), totali.pagato)] if totali.finanziamento else []
    return [
        _interventi(totali, vie),
        *([_lavori(curva, vie)] if curva.totale else []),
        *(_denaro(nome, valore, totali, vie) for nome, valore in denaro),
        *(_misurata(una, vie) for una in quantita),
    ]


def _interventi(totali: Totali, vie: Collegamenti) -> Riga:
    conclusi = totali.segni.get("concluso", 0)
    return Riga(
        nome=_("Interventi conclusi"),
        parte=Cella(formati.numero(conclusi), vie.interventi(stato="concluso")),
        intero=Cella(formati.numero(totali.interventi), vie.interventi()),
        percento=percento(Decimal(conclusi), Decimal(totali.interventi)),
        note=(*_lavori_per_stato(totali, vie), _comuni(totali, vie)),
    )


def _lavori_per_stato(totali: Totali, vie: Collegamenti) -> list[tuple[Cella, str]]:
    return [
        (Cella(formati.numero(totali.lavori[stato]), vie.lavori(stato)), str(nome))
        for stato, nome in LAVORI.items()
        if totali.lavori.get(stato)
    ]


def _comuni(totali: Totali, vie: Collegamenti) -> tuple[Cella, str]:
    parola = ngettext("Comune", "Comuni", totali.comuni)
    return Cella(formati.numero(totali.comuni), f"{vie.cruscotto(per='comune')}#stati"), parola


def _lavori(curva: Curva, vie: Collegamenti) -> Riga:
    dovuto = percento(curva.previsto, curva.totale)
    parole = _("previsti dal piano iniziale a fine %(mese)s") % {"mese": formati.mese(curva.fino)}
    return Riga(
        nome=_("Lavori fatti"),
        parte=Cella(formati.milioni(curva.fatto), vie.lavori_fatti(curva.fino)),
        intero=Cella(formati.milioni(curva.totale), vie.lavori_fatti(curva.fino)),
        percento=percento(curva.fatto, curva.totale),
        note=((Cella(formati.milioni(curva.previsto), vie.lavori_fatti(curva.fino)), parole),),
        dovuto=dovuto,
    )


def _denaro(nome: str, valore: Decimal, totali: Totali, vie: Collegamenti) -> Riga:
    return Riga(
        nome=nome,
        parte=Cella(formati.milioni(valore), vie.interventi()),
        intero=Cella(formati.milioni(totali.finanziamento), vie.interventi()),
        percento=percento(valore, totali.finanziamento),
    )


def _misurata(una: Quantita, vie: Collegamenti) -> Riga:
    indirizzo = vie.righe(f"indicatore-{una.codice}")
    return Riga(
        nome=f"{nome_indicatore(una)} ({una.codice})",
        parte=Cella(_misura(una.realizzato, una), indirizzo),
        intero=Cella(_misura(una.programmato, una), indirizzo),
        percento=percento(una.realizzato, una.programmato),
    )


# What ReGiS writes in capitals and in short.
INDICATORI: dict[str, Any] = {
    "T0039": gettext_lazy("Superficie degli interventi"),
    "T0146": gettext_lazy("Interventi completati secondo ReGiS"),
}
UNITA = {"metri quadrati": "m²", "numero": "", "ettari": "ha"}


def nome_indicatore(una: Quantita) -> str:
    return str(INDICATORI.get(una.codice) or una.descrizione.capitalize())


def _misura(valore: Decimal, una: Quantita) -> str:
    unita = UNITA.get(una.unita.lower(), una.unita)
    return traguardi.con_unita(valore, unita)


# --- What the sources say --------------------------------------------------------------------------------------------


def dichiarati(filtri: Filtri, al: date) -> list[RisultatoDichiarato]:
    """What the sources declared by that day, of the programme or of a piano; they tell no other part of it.

    Of the whole programme, what they put first and what is measured in things.
    """
    if set(filtri.parametri) - {"piano"}:
        return []
    righe = RisultatoDichiarato.objects.filter(Q(al__isnull=True) | Q(al__lte=al), valore__isnull=False)
    if filtri.piano:
        righe = righe.filter(programma=filtri.piano)
    else:
        righe = righe.filter(Q(in_evidenza=True) | Q(unita__in=UNITA_FISICHE))
    return list(righe.select_related("fonte").order_by("ordine", "pk"))


@dataclass(frozen=True)
class Obiettivo:
    """A traguardo of a misura or of a piano with a value to reach, and its share if its source says what is reached."""

    riga: traguardi.Riga
    percento: Decimal | None


def obiettivi(righe: Sequence[traguardi.Riga]) -> list[Obiettivo]:
    """Of the traguardi of measures and piani, by deadline, those with a value to reach."""
    con_valore = [una for una in righe if una.traguardo.valore_obiettivo is not None]
    return [Obiettivo(una, _raggiunto(una)) for una in con_valore[:OBIETTIVI]]


def _raggiunto(una: traguardi.Riga) -> Decimal | None:
    valore = una.traguardo.valore_raggiunto
    if valore is None or una.da_conseguire:
        return None
    return percento(valore, una.traguardo.valore_obiettivo)
