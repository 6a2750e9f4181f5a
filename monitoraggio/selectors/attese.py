"""What is expected of a person: for her body, what is to be sent, mended, answered; of the staff, what to decide."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from django.db.models import Count, DateField, Model, QuerySet, Value, Window
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enti.models import Utente
from enti.permessi import CHI_PUO, Permesso
from interventi.models import Intervento
from monitoraggio.flusso import SCRIVIBILI, StatoAvanzamento, StatoVariazione
from monitoraggio.models import Avanzamento, Criticita, Messaggio, Variazione
from monitoraggio.poteri import su_tutti
from monitoraggio.scadenze import Mese, in_gioco
from monitoraggio.selectors import messaggi
from monitoraggio.selectors.attesi import criticita_oltre, da_inviare
from psttm import formati

# Of the lists of the staff, which may be long, the first rows: those that have waited most.
PRIME = 10
# Days left from which a term is close.
VICINO = 3

Riga = TypeVar("Riga", bound=Model)


@dataclass(frozen=True)
class MeseAtteso:
    """A month and how many interventi have sent nothing of it."""

    mese: Mese
    quanti: int

    @property
    def segno(self) -> str:
        if self.mese.scaduto:
            return "in_ritardo"
        return "a_rischio" if self.mese.mancano <= VICINO else "in_linea"

    @property
    def quanto_manca(self) -> str:
        if self.mese.scaduto:
            testo = ngettext("in ritardo di un giorno", "in ritardo di %(giorni)s giorni", self.mese.ritardo)
            return testo % {"giorni": self.mese.ritardo}
        if self.mese.mancano == 0:
            return _("scade oggi")
        testo = ngettext("manca un giorno", "mancano %(giorni)s giorni", self.mese.mancano)
        return testo % {"giorni": self.mese.mancano}


@dataclass(frozen=True)
class DaInviare:
    """An intervento and the months it has not sent, oldest first, each with its draft if somebody began one."""

    intervento: Intervento
    mesi: list[tuple[MeseAtteso, Avanzamento | None]]

    @property
    def primo(self) -> tuple[MeseAtteso, Avanzamento | None]:
        """Where to begin: a month goes on from the one before."""
        return self.mesi[0]


@dataclass(frozen=True)
class Elenco(Generic[Riga]):
    """The first rows of a list, and how many there are in all."""

    righe: list[Riga]
    totale: int

    @property
    def altre(self) -> int:
        return self.totale - len(self.righe)


@dataclass(frozen=True)
class DelComune:
    """What is expected of who writes the data of the interventi that her bodies carry out."""

    mesi: list[MeseAtteso] = field(default_factory=list)
    da_inviare: list[DaInviare] = field(default_factory=list)
    restituiti: list[Avanzamento] = field(default_factory=list)
    bozze: list[Avanzamento] = field(default_factory=list)
    criticita: list[Criticita] = field(default_factory=list)
    messaggi: list[Messaggio] = field(default_factory=list)

    @property
    def qualcosa(self) -> bool:
        return bool(self.mesi or self.restituiti or self.bozze or self.criticita or self.messaggi)


@dataclass(frozen=True)
class DellUfficio:
    """What is expected of who examines the data of everybody."""

    da_istruire: Elenco[Avanzamento]
    variazioni: Elenco[Variazione]
    correzioni: Elenco[Avanzamento]
    messaggi: Elenco[Messaggio]

    @property
    def qualcosa(self) -> bool:
        return any(e.totale for e in (self.da_istruire, self.variazioni, self.correzioni, self.messaggi))


@dataclass(frozen=True)
class Attese:
    comune: DelComune | None
    ufficio: DellUfficio | None

    @property
    def qualcosa(self) -> bool:
        return any(parte is not None and parte.qualcosa for parte in (self.comune, self.ufficio))

    @property
    def frase(self) -> str:
        """All of it in words, in a row; "" if nothing is expected."""
        pezzi = [*_pezzi_dell_ufficio(self.ufficio), *_pezzi_del_comune(self.comune)]
        if len(pezzi) < 2:
            return "".join(pezzi)
        return _("%(prime)s e %(ultima)s") % {"prime": ", ".join(pezzi[:-1]), "ultima": pezzi[-1]}


def attese(utente: Utente, *, oggi: date) -> Attese:
    """What is expected of a person on a day. A constant number of queries."""
    enti = {a.ente_id for a in utente.appartenenze_attive if a.ruolo in CHI_PUO[Permesso.COMPILARE_AVANZAMENTI]}
    istruisce = su_tutti(utente, Permesso.ISTRUIRE_AVANZAMENTI)
    return Attese(
        comune=del_comune(utente, enti, oggi=oggi, risponde=not istruisce) if enti else None,
        ufficio=dell_ufficio(utente) if istruisce else None,
    )


def del_comune(utente: Utente, enti: set[int], *, oggi: date, risponde: bool) -> DelComune:
    aperti = list(
        Avanzamento.objects.filter(stato__in=SCRIVIBILI, intervento__soggetto_attuatore__in=enti)
        .select_related("intervento", "deciso_da", "modificato_da")
        .defer("bozza")
        .order_by("mese", "intervento__titolo", "pk")
    )
    bozze = {(a.intervento_id, a.mese): a for a in aperti if a.stato == StatoAvanzamento.BOZZA}
    mesi, righe = _da_inviare(enti, bozze, oggi)
    gia_dette = {bozza.pk for riga in righe for _mese, bozza in riga.mesi if bozza is not None}
    return DelComune(
        mesi=mesi,
        da_inviare=righe,
        restituiti=[uno for uno in aperti if uno.stato == StatoAvanzamento.RESTITUITO],
        bozze=[bozza for bozza in bozze.values() if bozza.pk not in gia_dette],
        criticita=list(criticita_oltre(oggi).filter(avanzamento__intervento__soggetto_attuatore__in=enti)),
        messaggi=list(messaggi.senza_risposta(utente, dal_comune=False).filter(intervento__soggetto_attuatore__in=enti))
        if risponde
        else [],
    )


def _da_inviare(
    enti: set[int], bozze: dict[tuple[int, date], Avanzamento], oggi: date
) -> tuple[list[MeseAtteso], list[DaInviare]]:
    """The months in play and what is missing of each, gathered by intervento. One query for all the months."""
    mesi = in_gioco(oggi)
    if not mesi:
        return [], []
    mancanti: list[QuerySet[Any]] = [
        da_inviare(mese.mese)
        .filter(soggetto_attuatore__in=enti)
        .order_by()
        .only("cup", "clp", "titolo", "soggetto_attuatore")
        .annotate(mese_atteso=Value(mese.mese, output_field=DateField()))
        for mese in mesi
    ]
    righe = sorted(mancanti[0].union(*mancanti[1:], all=True), key=lambda uno: (uno.nome, uno.pk, uno.mese_atteso))
    quanti = Counter(riga.mese_atteso for riga in righe)
    attesi = {mese.mese: MeseAtteso(mese, quanti[mese.mese]) for mese in mesi if quanti[mese.mese]}
    per_intervento: dict[int, DaInviare] = {}
    for riga in righe:
        raccolta = per_intervento.setdefault(riga.pk, DaInviare(riga, []))
        raccolta.mesi.append((attesi[riga.mese_atteso], bozze.get((riga.pk, riga.mese_atteso))))
    return list(attesi.values()), list(per_intervento.values())


def dell_ufficio(utente: Utente) -> DellUfficio:
    avanzamenti = Avanzamento.objects.select_related("intervento__soggetto_attuatore").defer("bozza")
    # What the Comune changed after it had been approved, until somebody says it has seen it.
    corretti = avanzamenti.filter(
        versione__gt=1, stato__in=[StatoAvanzamento.INVIATO, StatoAvanzamento.APPROVATO], visto__isnull=True
    )
    chieste = Variazione.objects.filter(stato=StatoVariazione.RICHIESTA)
    return DellUfficio(
        da_istruire=_prime(avanzamenti.filter(stato=StatoAvanzamento.INVIATO).order_by("inviato_il", "pk")),
        variazioni=_prime(chieste.select_related("intervento__soggetto_attuatore").order_by("richiesta_il", "pk")),
        correzioni=_prime(corretti.order_by("inviato_il", "pk")),
        messaggi=_prime(messaggi.senza_risposta(utente, dal_comune=True)),
    )


def _prime(righe: QuerySet[Riga]) -> Elenco[Riga]:
    """The first rows and the total, in one query."""
    prime = list(righe.annotate(in_tutto=Window(Count("pk")))[:PRIME])
    return Elenco(prime, getattr(prime[0], "in_tutto", 0) if prime else 0)


def _pezzi_dell_ufficio(parte: DellUfficio | None) -> list[str]:
    if parte is None:
        return []
    istruire, variazioni = parte.da_istruire.totale, parte.variazioni.totale
    correzioni, senza_risposta = parte.correzioni.totale, parte.messaggi.totale
    return _pieni(
        (istruire, ngettext("un avanzamento da istruire", "%(n)s avanzamenti da istruire", istruire)),
        (variazioni, ngettext("una variazione da decidere", "%(n)s variazioni da decidere", variazioni)),
        (correzioni, ngettext("una correzione da guardare", "%(n)s correzioni da guardare", correzioni)),
        (senza_risposta, ngettext("un messaggio senza risposta", "%(n)s messaggi senza risposta", senza_risposta)),
    )


def _pezzi_del_comune(parte: DelComune | None) -> list[str]:
    if parte is None:
        return []
    restituiti, bozze = len(parte.restituiti), len(parte.bozze)
    criticita, senza_risposta = len(parte.criticita), len(parte.messaggi)
    return [
        *_pezzi_da_inviare(parte),
        *_pieni(
            (restituiti, ngettext("un avanzamento da correggere", "%(n)s avanzamenti da correggere", restituiti)),
            (bozze, ngettext("una bozza rimasta aperta", "%(n)s bozze rimaste aperte", bozze)),
            (criticita, ngettext("una criticità oltre la data", "%(n)s criticità oltre la data", criticita)),
            (senza_risposta, ngettext("un messaggio senza risposta", "%(n)s messaggi senza risposta", senza_risposta)),
        ),
    ]


def _pezzi_da_inviare(parte: DelComune) -> list[str]:
    """What is late, all together, then what is due by each day to come."""
    scaduti = [atteso.mese for atteso in parte.mesi if atteso.mese.scaduto]
    in_ritardo = sum(riga.primo[0].mese.scaduto for riga in parte.da_inviare)
    if len(scaduti) == 1:
        testo = ngettext(
            "un intervento in ritardo con i dati di %(mese)s",
            "%(n)s interventi in ritardo con i dati di %(mese)s",
            in_ritardo,
        )
    else:
        testo = ngettext(
            "un intervento in ritardo con %(mesi)s mesi", "%(n)s interventi in ritardo, su %(mesi)s mesi", in_ritardo
        )
    piu_vecchio = min((mese.mese for mese in scaduti), default=None)
    nomi = {"n": formati.numero(in_ritardo), "mesi": len(scaduti), "mese": formati.mese(piu_vecchio)}
    pezzi = [testo % nomi] if scaduti else []
    for atteso in parte.mesi:
        if not atteso.mese.scaduto:
            testo = ngettext(
                "un intervento da inviare entro il %(giorno)s",
                "%(n)s interventi da inviare entro il %(giorno)s",
                atteso.quanti,
            )
            giorno = formati.data_breve(atteso.mese.termine)
            pezzi.append(testo % {"n": formati.numero(atteso.quanti), "giorno": giorno})
    return pezzi


def _pieni(*voci: tuple[int, str]) -> list[str]:
    return [testo % {"n": formati.numero(quanti)} for quanti, testo in voci if quanti]
