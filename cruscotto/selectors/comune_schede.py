"""The interventi of a Comune as cards: how each stands on a day, and what of it wants looking after."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from cruscotto.selectors.comune_azioni import Azione, Genere, da
from cruscotto.selectors.comune_regole import Giudicato
from enti.models import Utente
from interventi.models import Intervento
from monitoraggio.models import Messaggio, Segnale
from monitoraggio.models.traguardi import StatoTraguardo
from monitoraggio.selectors import traguardi
from monitoraggio.selectors.elenco_situazione import REVOCATO, Riga, segno_di, stati
from monitoraggio.selectors.situazione import SENZA_DATI
from monitoraggio.tempo import Tempo
from piani_integrati.models import PianoIntegrato
from piani_integrati.sezioni import con_piano

# Marks of what goes on no more.
FINITI = frozenset({"concluso", REVOCATO})


@dataclass(frozen=True)
class Scadenza:
    """The next traguardo of an intervento, or of its piano where it has none left: how far it is from the day."""

    traguardo: Any
    giorno: date

    @property
    def entro(self) -> date:
        letta: date = self.traguardo.scadenza_letta
        return letta

    @property
    def del_piano(self) -> bool:
        return self.traguardo.intervento_id is None

    @property
    def parola(self) -> str:
        return traguardi.PAROLE[self.traguardo.stato]

    @property
    def distanza(self) -> str:
        giorni = (self.entro - self.giorno).days
        if giorni < 0:
            return _("scaduto %(quando)s") % {"quando": da(self.entro, self.giorno)}
        if giorni == 0:
            return _("scade oggi")
        return _("manca un giorno") if giorni == 1 else _("mancano %(giorni)s giorni") % {"giorni": giorni}


@dataclass(frozen=True)
class Scheda:
    """A card. On a past day it tells how things stood: nothing to do, nothing that would fail."""

    riga: Riga
    piano: PianoIntegrato | None
    scadenza: Scadenza | None
    messaggio: Messaggio | None
    azioni: list[Azione]
    segnali: list[Segnale]
    giudicato: Giudicato | None

    @property
    def intervento(self) -> Any:
        return self.riga.intervento

    @property
    def da_fare(self) -> list[Azione]:
        """Missing data are told with the rules that want them."""
        return [azione for azione in self.azioni if azione.genere is not Genere.DATI]

    @property
    def dati(self) -> Azione | None:
        return next((azione for azione in self.azioni if azione.genere is Genere.DATI), None)

    @property
    def da_rispondere(self) -> bool:
        """Whether the last message is told among the things to do."""
        return any(azione.genere is Genere.DOMANDA for azione in self.azioni)

    @property
    def non_va(self) -> int:
        """How many things would fail: rules broken, data that the body must give for them, early warnings."""
        regole = len(self.giudicato.non_conformi) if self.giudicato is not None else 0
        return regole + self.mancano + len(self.segnali)

    @property
    def mancano(self) -> int:
        return len(self.giudicato.dati) if self.giudicato is not None else 0


@dataclass(frozen=True)
class Adesso:
    """What stands today of the interventi of a person, by primary key; nothing of it on a past day."""

    azioni: Mapping[int, list[Azione]]
    segnali: Mapping[int, list[Segnale]]
    giudicati: Mapping[int, Giudicato]


def schede(chiavi: Sequence[int], utente: Utente, tempo: Tempo, adesso: Adesso) -> list[Scheda]:
    """The cards of a page, in the order of its keys. A fixed number of queries."""
    letti = con_piano(Intervento.objects.filter(pk__in=chiavi)).select_related(
        "soggetto_attuatore", "submisura", "nel_piano__piano"
    )
    trovati = letti.defer("testo_ricerca", "sintesi").in_bulk()
    stato_di = stati(list(chiavi), tempo)
    segni = {pk: segno_di(stato_di.get(pk, SENZA_DATI), tempo.giorno) for pk in trovati}
    piani = {pk: _piano(intervento) for pk, intervento in trovati.items()}
    scadenze = _scadenze(piani, [pk for pk in trovati if segni[pk] in FINITI], utente, tempo)
    messaggi = _messaggi(chiavi, tempo)
    pronte = []
    for pk in chiavi:
        if pk not in trovati:
            continue
        pronte.append(
            Scheda(
                riga=Riga(trovati[pk], stato_di.get(pk, SENZA_DATI), segni[pk]),
                piano=piani[pk],
                scadenza=scadenze.get(pk),
                messaggio=messaggi.get(pk),
                azioni=adesso.azioni.get(pk, []),
                segnali=adesso.segnali.get(pk, []),
                giudicato=adesso.giudicati.get(pk),
            )
        )
    return pronte


def _piano(intervento: Any) -> PianoIntegrato | None:
    voce = getattr(intervento, "nel_piano", None)
    return voce.piano if voce is not None else None


def _scadenze(
    piani: Mapping[int, PianoIntegrato | None], finiti: Collection[int], utente: Utente, tempo: Tempo
) -> dict[int, Scadenza]:
    """The first that is not met of each intervento; else of its piano, from that day on. One query."""
    dei_piani = {piano.pk for piano in piani.values() if piano is not None}
    aperti = (
        traguardi.elenco(utente, al=tempo.giorno, noto_al=tempo.noto_al)
        .filter(Q(intervento__in=piani) | Q(piano__in=dei_piani, scadenza_letta__gte=tempo.giorno))
        .exclude(stato=StatoTraguardo.CONSEGUITO.value)
        .order_by("-scadenza_letta", "-codice", "-id")
    )
    # Read from the last, so that the first is the one that stays.
    per_intervento, per_piano = dict[int, Any](), dict[int, Any]()
    for traguardo in aperti:
        if traguardo.intervento_id is not None:
            per_intervento[traguardo.intervento_id] = traguardo
        else:
            per_piano[traguardo.piano_id] = traguardo
    trovate = {}
    for pk, piano in piani.items():
        del_piano = per_piano.get(piano.pk) if piano is not None and pk not in finiti else None
        uno = per_intervento.get(pk, del_piano)
        if uno is not None:
            trovate[pk] = Scadenza(uno, tempo.giorno)
    return trovate


def _messaggi(chiavi: Collection[int], tempo: Tempo) -> dict[int, Messaggio]:
    """The last message of each intervento, by then. One query."""
    scritti = Messaggio.objects.filter(intervento__in=chiavi)
    if tempo.istante is not None:
        scritti = scritti.filter(quando__lte=tempo.istante)
    ultimi = scritti.order_by().values("intervento").annotate(ultimo=Max("pk")).values("ultimo")
    return {uno.intervento_id: uno for uno in Messaggio.objects.filter(pk__in=ultimi).select_related("autore")}
