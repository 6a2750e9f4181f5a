"""What the Cruscotto of a Comune shows: the next thing to do, the others, the interventi as cards.

Hers are the interventi that a body of hers carries out: those that only lie in its territory are told by others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cruscotto.selectors.comune_azioni import Azione, DatiMancanti, Genere, Gruppo, azioni, gruppi
from cruscotto.selectors.comune_regole import Giudicato, giudicati
from cruscotto.selectors.comune_schede import FINITI, Adesso, Scheda, schede
from enti.models import Ente, Utente
from enti.permessi import Permesso
from interventi import selectors as interventi
from interventi.models import Intervento
from monitoraggio.mesi import primo
from monitoraggio.models import Segnale
from monitoraggio.poteri import enti_con
from monitoraggio.scadenze import termine
from monitoraggio.selectors.attese import DelComune, del_comune
from monitoraggio.selectors.elenco_situazione import con_situazione
from monitoraggio.tempo import Tempo

PER_PAGINA = 24


class Mostra(TextChoices):
    """Which cards; the values are those of the address."""

    TUTTI = "", _("Tutti")
    DA_FARE = "da-fare", _("Da fare")
    CONCLUSI = "conclusi", _("Conclusi")


@dataclass(frozen=True)
class Chiesto:
    """What the address asks for."""

    mostra: Mostra = Mostra.TUTTI
    q: str = ""
    pagina: Any = 1


@dataclass(frozen=True)
class DaFare:
    """The one next thing, then the others by kind, the most pressing first; `termine` is the next one to keep.

    A month whose term is far is never the next thing: without others, the person is even (`pari`). `attendono` are
    the drafts that are ready and that somebody else sends.
    """

    prossima: Azione | None = None
    altre: list[Gruppo] = field(default_factory=list)
    attendono: list[Azione] = field(default_factory=list)
    termine: date | None = None

    @property
    def pari(self) -> bool:
        return self.prossima is None


@dataclass(frozen=True)
class Cruscotto:
    """The page. `da_fare` is None on a past day, when nothing is offered."""

    enti: list[Ente]
    tempo: Tempo
    da_fare: DaFare | None
    chiesto: Chiesto
    conti: dict[Mostra, int]
    pagina: Page[Any]
    schede: list[Scheda]

    @property
    def suoi(self) -> int:
        return self.conti[Mostra.TUTTI]

    @property
    def viste(self) -> list[tuple[Mostra, int]]:
        """The lists there are, with their numbers: on a past day nothing is to be done."""
        return [
            (uno, quanti) for uno, quanti in self.conti.items() if uno != Mostra.DA_FARE or self.da_fare is not None
        ]


def leggi(utente: Utente, tempo: Tempo, chiesto: Chiesto) -> Cruscotto:
    """A fixed number of queries, whatever the number of interventi."""
    fatte: list[Azione] = []
    adesso, da_fare = Adesso({}, {}, {}), None
    suoi = con_situazione(Intervento.objects.filter(soggetto_attuatore__in=utente.enti), tempo)
    if tempo.attuale:
        attese = del_comune(utente, set(utente.enti), oggi=tempo.oggi, risponde=True)
        regole = giudicati(utente.enti, tempo.oggi)
        invia = enti_con(utente, Permesso.INVIARE_AVANZAMENTI)
        fatte = azioni(attese, _mancanti(regole.values()), oggi=tempo.oggi, invia=invia)
        adesso = Adesso(_per_intervento(fatte), _segnali(utente), regole)
        da_fare = _da_fare(fatte, attese, tempo.oggi)
    if chiesto.q:
        suoi = interventi.per_testo(suoi, chiesto.q)
    righe = list(suoi.order_by().values_list("pk", "stato", "posto", "titolo"))
    scelte = _scelte(righe, fatte)
    pagina = Paginator(scelte[chiesto.mostra], PER_PAGINA).get_page(chiesto.pagina)
    return Cruscotto(
        enti=sorted({a.ente for a in utente.appartenenze_attive}, key=lambda ente: ente.denominazione),
        tempo=tempo,
        da_fare=da_fare,
        chiesto=chiesto,
        conti={uno: len(scelte[uno]) for uno in Mostra},
        pagina=pagina,
        schede=schede(list(pagina.object_list), utente, tempo, adesso),
    )


def _mancanti(regole: Iterable[Giudicato]) -> list[DatiMancanti]:
    return [
        DatiMancanti(uno.intervento, uno.piano, tuple(str(dato.manca) for dato in uno.dati))
        for uno in regole
        if uno.dati
    ]


def _per_intervento(fatte: Sequence[Azione]) -> dict[int, list[Azione]]:
    trovate: dict[int, list[Azione]] = defaultdict(list)
    for azione in fatte:
        trovate[azione.intervento.pk].append(azione)
    return trovate


def _segnali(utente: Utente) -> dict[int, list[Segnale]]:
    trovati: dict[int, list[Segnale]] = defaultdict(list)
    for segnale in Segnale.objects.attivi().filter(intervento__soggetto_attuatore__in=utente.enti):
        trovati[segnale.intervento_id or 0].append(segnale)
    return trovati


def _da_fare(fatte: Sequence[Azione], attese: DelComune, oggi: date) -> DaFare:
    raccolti = gruppi(fatte)
    pressanti = [gruppo for gruppo in raccolti if gruppo.genere is not Genere.PROSSIMO]
    prossima = pressanti[0].prima if pressanti else None
    resto = [Gruppo(g.genere, [a for a in g.azioni if a is not prossima]) for g in raccolti]
    a_venire = [atteso.mese.termine for atteso in attese.mesi if not atteso.mese.scaduto]
    return DaFare(
        prossima=prossima,
        altre=[gruppo for gruppo in resto if gruppo.azioni],
        attendono=[azione for azione in fatte if not azione.mia],
        # Without months to send, the next is the one that is running. Only asked for where it is shown.
        termine=min(a_venire, default=None) or (termine(primo(oggi)) if prossima is None else None),
    )


def _scelte(righe: Sequence[tuple[int, str, int, str]], fatte: Sequence[Azione]) -> dict[Mostra, list[int]]:
    """The keys of every list, the most pressing first; what is over comes last."""
    posti: dict[int, tuple[int, date]] = {}
    for azione in fatte:
        if azione.mia and azione.genere is not Genere.PROSSIMO:
            posti.setdefault(azione.intervento.pk, (azione.genere, azione.dal))
    ultimo = (len(Genere) + 1, date.max)
    ordinate = sorted(righe, key=lambda riga: (posti.get(riga[0], ultimo), riga[1] in FINITI, *riga[2:], riga[0]))
    return {
        Mostra.TUTTI: [riga[0] for riga in ordinate],
        Mostra.DA_FARE: [riga[0] for riga in ordinate if riga[0] in posti],
        Mostra.CONCLUSI: [riga[0] for riga in ordinate if riga[1] in FINITI],
    }
