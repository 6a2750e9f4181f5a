"""The rows of a figure that no list of the monitoring holds, read again as they were counted.

A gap, an early warning, an indicator, the value of the works: these are found by reading an intervento whole, which is
done for a few thousand at most. More than these are told, not listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from cruscotto.conteggio.lettura import Letta, Quando, a_blocchi
from enti.models import Utente
from interventi.models import Intervento
from monitoraggio.allerte.catalogo import PER_CODICE
from monitoraggio.calcolo.curva import Lavoro, guadagnato, previsto
from monitoraggio.calcolo.passi import somma, ultimo_completo
from monitoraggio.opere.tipi import Opera
from monitoraggio.selectors import programma
from monitoraggio.selectors.traguardi import quantita
from psttm import formati
from rapporti.capitoli import lacune
from rapporti.capitoli.lacune import Lacuna
from rapporti.capitoli.valori import lavoro_di
from rapporti.lettura.quadro import Quadro

LAVORI = "lavori"
LACUNE = {lacuna.codice: lacuna for lacuna in Lacuna}


class Troppi(Exception):
    """More interventi than can be read whole at a time: how many."""

    def __init__(self, quanti: int) -> None:
        super().__init__(quanti)
        self.quanti = quanti


@dataclass(frozen=True)
class Riga:
    """An intervento and what the figure counts of it: texts, and the values that are added up."""

    opera: Opera
    celle: tuple[str, ...]
    valori: tuple[Decimal, ...] = ()


@dataclass(frozen=True)
class Cifra:
    """A figure by its name in the address: `colonne` of text, then `somme`, columns of numbers with a total."""

    titolo: str
    spiegazione: str
    colonne: tuple[str, ...]
    somme: tuple[str, ...]
    prendi: Callable[[Letta, Quadro], Sequence[Riga]]
    scrivi: Callable[[Decimal], str] = formati.euro


def cifra(nome: str) -> Cifra | None:
    """None where there is no such figure."""
    genere, _trattino, codice = nome.partition("-")
    if genere == "lacuna" and codice in LACUNE:
        return _lacuna(LACUNE[codice])
    if genere == "segnale" and codice in PER_CODICE:
        allarme = PER_CODICE[codice]
        return Cifra(str(allarme.titolo), str(allarme.spiegazione), (_("Perché"),), (), _con_segnale(codice))
    if genere == "indicatore" and codice:
        titolo = _("Interventi con l'indicatore %(codice)s") % {"codice": codice}
        come = _("Il programmato e il realizzato sono quelli dell'ultimo avanzamento approvato o, se manca, di ReGiS.")
        nomi = (_("Programmato"), _("Realizzato"))
        return Cifra(titolo, come, (_("Indicatore"),), nomi, _con_indicatore(codice), quantita)
    return None


def righe(quale: Cifra, scelti: Mapping[str, str], chi: Utente, quando: Quando) -> list[Riga]:
    """In the order of the CUP; `scelti` are filters as `programma.di` reads them. Raises Troppi."""
    trovate = [
        riga
        for lette, quadro in a_blocchi(_chiavi(scelti, chi, quando), quando)
        for letta in lette
        for riga in quale.prendi(letta, quadro)
    ]
    return sorted(trovate, key=lambda riga: riga.opera.ordine)


def _chiavi(scelti: Mapping[str, str], chi: Utente, quando: Quando) -> list[int]:
    trovati = Intervento.objects.visibili_a(chi).filter(programma.nel_programma(quando.noto_al))
    for nome, valore in scelti.items():
        trovati = trovati.filter(programma.di(nome, valore, quando.noto_al))
    limite = settings.RAPPORTO_INTERVENTI
    chiavi = list(trovati.order_by().values_list("pk", flat=True)[: limite + 1])
    if len(chiavi) > limite:
        raise Troppi(trovati.count())
    return chiavi


# --- Gaps, warnings, indicators --------------------------------------------------------------------------------------


def _lacuna(lacuna: Lacuna) -> Cifra:
    def prendi(letta: Letta, quadro: Quadro) -> Sequence[Riga]:
        sue = [una for una in lacune.tutte(quadro)[letta.opera.chiave] if una.lacuna is lacuna]
        return [Riga(letta.opera, ("; ".join(una.testo for una in sue),))] if sue else ()

    titolo = f"{lacuna.parole[:1].upper()}{lacuna.parole[1:]}"
    return Cifra(titolo, "", (_("In particolare"),), (), prendi)


def _con_segnale(codice: str) -> Callable[[Letta, Quadro], Sequence[Riga]]:
    def prendi(letta: Letta, _quadro: Quadro) -> Sequence[Riga]:
        motivi = [motivo for _peso, suo, motivo in letta.avvisi if suo == codice]
        return [Riga(letta.opera, (" ".join(motivi),))] if motivi else ()

    return prendi


def _con_indicatore(codice: str) -> Callable[[Letta, Quadro], Sequence[Riga]]:
    def prendi(letta: Letta, _quadro: Quadro) -> Sequence[Riga]:
        return [
            Riga(
                letta.opera,
                (una.descrizione,),
                (una.programmato or Decimal(0), una.realizzato or Decimal(0)),
            )
            for una in letta.opera.indicatori
            if una.codice == codice
        ]

    return prendi


# --- The value of the works ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lavori:
    """The works of the curve at the end of a month."""

    fino: date
    righe: list[Riga]


def dei_lavori(fino: date) -> Cifra:
    """How the value of the works at the end of a month is told."""
    return Cifra(
        titolo=_("Valore dei lavori a fine %(mese)s") % {"mese": formati.mese(fino)},
        spiegazione=_(
            "Ogni intervento vale il suo finanziamento; il previsto è quello del piano iniziale, il fatto l'ultima "
            "percentuale approvata. Mancano gli interventi fuori dalla curva."
        ),
        colonne=(),
        somme=(_("Finanziamento"), _("Previsto"), _("Fatto")),
        prendi=lambda _letta, _quadro: (),
    )


def lavori(scelti: Mapping[str, str], chi: Utente, quando: Quando, fino: date | None) -> Lavori:
    """`fino` is the month that the figures speak of: else the last complete one of these works. Raises Troppi."""
    trovati = list(_in_curva(_chiavi(scelti, chi, quando), quando))
    if fino is None:
        fino = ultimo_completo(somma(lavoro for _opera, lavoro in trovati), quando.al)
    pronte = [
        Riga(opera, (), (lavoro.valore, previsto(lavoro, fino), guadagnato(lavoro, fino))) for opera, lavoro in trovati
    ]
    return Lavori(fino, sorted(pronte, key=lambda riga: riga.opera.ordine))


def _in_curva(chiavi: list[int], quando: Quando) -> Iterator[tuple[Opera, Lavoro]]:
    for lette, quadro in a_blocchi(chiavi, quando):
        for letta in lette:
            lavoro = lavoro_di(letta.opera, quadro)
            if lavoro is not None:
                yield letta.opera, lavoro


def totali(trovate: Sequence[Riga], quante: int) -> list[Decimal]:
    """What each column of numbers adds up to."""
    return [sum((riga.valori[posto] for riga in trovate), Decimal(0)) for posto in range(quante)]
