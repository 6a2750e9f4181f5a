"""What waits for a decision of the staff: how much of each kind, since when, where it is decided.

Each kind is told only to who may act on it. The counts go by indexes and cost the same however many interventi there
are; who has not sent a month is counted over all of them, and that count is kept for some minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, DateTimeField, Exists, Min, OuterRef, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enti.models import Utente
from enti.permessi import Permesso, consente
from interventi.models import Differenza, Intervento
from interventi.models.importazioni import StatoDifferenza
from monitoraggio.flusso import StatoAvanzamento, StatoVariazione
from monitoraggio.models import Avanzamento, Messaggio, PassoBozza, Variazione
from monitoraggio.poteri import su_tutti
from monitoraggio.scadenze import Mese, in_gioco
from monitoraggio.selectors import messaggi
from monitoraggio.selectors.attesi import da_inviare
from monitoraggio.selectors.istruttoria import correzioni_da_vedere
from monitoraggio.services.blocco import AL_MASSIMO
from piani_integrati.flusso import StatoPiano
from piani_integrati.models import PianoIntegrato
from psttm import formati
from registro.memoria import ricorda

# How many of those to examine are named.
PRIMI = 5
# How long a count over all the interventi is kept, and beyond how many it does not go on: a register may hold many that
# nobody ever tells of, and a page does not walk them all.
CONTO_VALE = timedelta(minutes=10)
MOLTI = 1_000


@dataclass(frozen=True)
class Voce:
    """A kind of thing that waits, in words, with where to go; `segno` where it has waited too long."""

    codice: str
    quanti: int
    testo: str
    indirizzo: str
    nota: str = ""
    segno: str = ""


@dataclass(frozen=True)
class Coda:
    """All that waits for this person. `puliti` of those to examine have no remark and can be approved in one go."""

    voci: list[Voce] = field(default_factory=list)
    primi: list[Avanzamento] = field(default_factory=list)
    puliti: int = 0
    # When who has not sent was counted.
    contati_il: datetime | None = None

    @property
    def vuota(self) -> bool:
        return not self.voci


def coda(utente: Utente, *, oggi: date) -> Coda | None:
    """None for who decides nothing. Five queries at most."""
    istruisce = su_tutti(utente, Permesso.ISTRUIRE_AVANZAMENTI)
    conti = _conti(utente, istruisce=istruisce)
    if not conti:
        return None
    mancanti, contati_il = _mancanti(oggi) if istruisce else ([], None)
    aspettano = conti.get("istruire", (0, None))[0]
    voci = [
        *(_voce(codice, *conto, oggi=oggi) for codice, conto in conti.items() if conto[0]),
        *(_del_mese(mese, quanti) for mese, quanti in mancanti if quanti),
    ]
    return Coda(
        voci=voci,
        primi=_primi() if aspettano else [],
        puliti=_puliti(utente).count() if aspettano else 0,
        contati_il=contati_il if any(quanti for _mese, quanti in mancanti) else None,
    )


# --- Counting --------------------------------------------------------------------------------------------------------


def _conti(utente: Utente, *, istruisce: bool) -> dict[str, tuple[int, datetime | None]]:
    """How many of each kind that this person may act on, and since when the oldest waits: one query."""
    righe = list(_righe(utente, istruisce=istruisce))
    if not righe:
        return {}
    prima, *altre = righe
    return {codice: (quanti, dal) for codice, quanti, dal in prima.union(*altre, all=True)}


def _righe(utente: Utente, *, istruisce: bool) -> Iterator[QuerySet[Any, Any]]:
    if istruisce:
        inviati = Avanzamento.objects.filter(stato=StatoAvanzamento.INVIATO)
        yield _riga("istruire", inviati, "inviato_il")
        yield _riga("correzioni", correzioni_da_vedere(Avanzamento.objects.all()), "inviato_il")
    if su_tutti(utente, Permesso.DECIDERE_VARIAZIONI):
        yield _riga("variazioni", Variazione.objects.filter(stato=StatoVariazione.RICHIESTA), "richiesta_il")
    if istruisce:
        fili = messaggi.senza_risposta(utente, dal_comune=True).order_by().values("pk")
        yield _riga("messaggi", Messaggio.objects.filter(pk__in=fili), "")
    if consente(Permesso.IMPORTARE, utente.ruoli):
        yield _riga("differenze", Differenza.objects.filter(stato=StatoDifferenza.APERTA), "")
    if consente(Permesso.GESTIRE_PIANI, utente.ruoli):
        yield _riga("presentati", PianoIntegrato.objects.filter(stato=StatoPiano.PRESENTATO), "")
        yield _riga("proposte", PianoIntegrato.objects.filter(stato=StatoPiano.BOZZA), "")


def _riga(codice: str, quali: QuerySet[Any], quando: str) -> QuerySet[Any, Any]:
    """A row of the union: of the same types on both engines."""
    dal = Min(quando) if quando else Cast(Value(None), DateTimeField())
    quanti = quali.order_by().annotate(che=Value(codice)).values("che").annotate(quanti=Count("pk"), dal=dal)
    return quanti.values_list("che", "quanti", "dal")


def _mancanti(oggi: date) -> tuple[list[tuple[Mese, int]], datetime | None]:
    """The months past their term and how many interventi have not sent each; counted some minutes ago at most."""
    scaduti = [mese for mese in in_gioco(oggi) if mese.scaduto]
    if not scaduti:
        return [], None
    chiave = f"cruscotto:mancanti:{oggi.isoformat()}:{len(scaduti)}"
    per_mese, quando = ricorda(chiave, CONTO_VALE.total_seconds(), lambda: _conta_i_mancanti(scaduti))
    return [(mese, per_mese.get(mese.codice, 0)) for mese in scaduti], quando


def _conta_i_mancanti(scaduti: list[Mese]) -> tuple[dict[str, int], datetime]:
    righe = [_riga(mese.codice, _i_primi(da_inviare(mese.mese)), "") for mese in scaduti]
    trovati = {codice: quanti for codice, quanti, _dal in righe[0].union(*righe[1:], all=True)}
    return trovati, timezone.now()


def _i_primi(quali: QuerySet[Intervento]) -> QuerySet[Intervento]:
    """Of these, one more than MOLTI at most."""
    return Intervento.objects.filter(pk__in=quali.order_by().values("pk")[: MOLTI + 1])


def _da_piu_tempo() -> QuerySet[Avanzamento]:
    return Avanzamento.objects.filter(stato=StatoAvanzamento.INVIATO).order_by("inviato_il", "pk")


def _primi() -> list[Avanzamento]:
    return list(_da_piu_tempo().select_related("intervento__soggetto_attuatore").defer("bozza")[:PRIMI])


def _puliti(utente: Utente) -> QuerySet[Avanzamento]:
    """Those one can approve in one go without reading remarks: nobody approves what she entered herself."""
    miei = PassoBozza.objects.filter(avanzamento=OuterRef("pk"), autore=utente)
    senza_rilievi = _da_piu_tempo().filter(avvisi=0, errori=0).exclude(inviato_da=utente)
    return senza_rilievi.filter(~Exists(miei))[:AL_MASSIMO]


# --- Words -----------------------------------------------------------------------------------------------------------


def _voce(codice: str, quanti: int, dal: datetime | None, *, oggi: date) -> Voce:
    testo = _testi(quanti)[codice] % {"n": formati.numero(quanti)}
    giorni = (oggi - timezone.localdate(dal)).days if dal is not None else 0
    nota = ""
    if giorni and quanti == 1:
        nota = ngettext("aspetta da un giorno", "aspetta da %(giorni)s giorni", giorni) % {"giorni": giorni}
    elif giorni:
        nota = ngettext("il più vecchio da un giorno", "il più vecchio da %(giorni)s giorni", giorni)
        nota %= {"giorni": giorni}
    tardi = giorni > settings.PROMEMORIA_ISTRUTTORIA_GIORNI
    return Voce(codice, quanti, testo, _indirizzo(codice), nota, "a_rischio" if tardi else "")


def _testi(n: int) -> dict[str, str]:
    return {
        "istruire": ngettext("un avanzamento da istruire", "%(n)s avanzamenti da istruire", n),
        "correzioni": ngettext("una correzione da guardare", "%(n)s correzioni da guardare", n),
        "variazioni": ngettext("una variazione da decidere", "%(n)s variazioni da decidere", n),
        "messaggi": ngettext("un messaggio senza risposta", "%(n)s messaggi senza risposta", n),
        "differenze": ngettext("una differenza con ReGiS da decidere", "%(n)s differenze con ReGiS da decidere", n),
        "presentati": ngettext("un piano presentato, da assegnare", "%(n)s piani presentati, da assegnare", n),
        "proposte": ngettext("una proposta di piano in bozza", "%(n)s proposte di piano in bozza", n),
    }


def _indirizzo(codice: str) -> str:
    match codice:
        case "correzioni":
            return reverse("istruttoria", query={"stato": "correzioni"})
        case "variazioni":
            return reverse("variazioni", query={"stato": StatoVariazione.RICHIESTA.value})
        case "messaggi":
            return f"{reverse('attese')}#messaggi"
        case "differenze":
            return reverse("differenze")
        case "presentati" | "proposte":
            return reverse("piani-integrati")
    return reverse("istruttoria")


def _del_mese(mese: Mese, quanti: int) -> Voce:
    testo = ngettext("un intervento non ha inviato %(mese)s", "%(n)s interventi non hanno inviato %(mese)s", quanti) % {
        "n": formati.numero(quanti) if quanti <= MOLTI else _("più di %(n)s") % {"n": formati.numero(MOLTI)},
        "mese": formati.mese(mese.mese),
    }
    nota = ngettext("scaduto da un giorno", "scaduto da %(n)s giorni", mese.ritardo)
    indirizzo = reverse("istruttoria-mancanti", query={"mese": mese.codice})
    return Voce(f"mese-{mese.codice}", quanti, testo, indirizzo, nota % {"n": mese.ritardo}, "in_ritardo")
