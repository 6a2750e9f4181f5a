"""The reminders: every morning what each person should know is worked out anew, and compared with what she was told.

What is new is added, what changed is put right, what no longer stands is marked as overtaken. One allerta gathers all
that is alike for a person: "3 interventi da inviare entro il 20/01/2025". Reminders of what stays undone come back
every week, since the week is in their key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enti.permessi import Permesso
from interventi.models import Intervento
from monitoraggio.flusso import StatoAvanzamento, StatoVariazione
from monitoraggio.models import Allerta, Avanzamento, Variazione
from monitoraggio.scadenze import Mese, in_gioco
from monitoraggio.scelte import TipoAllerta
from monitoraggio.selectors import destinatari
from monitoraggio.selectors.attesi import criticita_oltre, da_inviare
from monitoraggio.services import promemoria_segnali
from monitoraggio.services.allerte import Avviso
from psttm import formati

# Only the allerte whose key begins so are ours to overtake.
PREFISSO = "promemoria:"
NOMI_IN_CHIARO = 3
CAMBIANO = ("titolo", "testo", "indirizzo", "intervento_id")


@dataclass(frozen=True)
class Esito:
    """How many allerte were added (or told anew) and how many were overtaken."""

    nuove: int
    superate: int


@dataclass(frozen=True)
class Cosa:
    """Something about an intervento, in a few words."""

    intervento: Intervento
    parole: str = ""

    def __str__(self) -> str:
        return f"{self.intervento.nome}: {self.parole}" if self.parole else self.intervento.nome


def aggiorna(*, oggi: date) -> Esito:
    """Bring the reminders of everybody to what stands on a day. Running it again changes nothing."""
    dei_comuni = destinatari.per_ente(Permesso.COMPILARE_AVANZAMENTI, oggi=oggi)
    giusti = {(utente, avviso.chiave): avviso for utente, avviso in _tutti(oggi, dei_comuni)}
    return _scrivi(giusti)


def _tutti(oggi: date, dei_comuni: dict[int, set[int]]) -> Iterator[tuple[int, Avviso]]:
    for mese in in_gioco(oggi):
        soglia = soglia_di(mese)
        if mese.scaduto or soglia is not None:
            for utente, cose in _per_persona(_da_inviare(mese, dei_comuni), dei_comuni):
                yield utente, _scaduto(mese, cose) if mese.scaduto else _in_scadenza(mese, soglia or 0, cose)
    for utente, avanzamenti in _per_persona_e_mese(_restituiti(oggi, dei_comuni), dei_comuni):
        yield utente, _restituito(avanzamenti, oggi)
    for utente, avanzamenti in _per_persona_e_mese(_bozze_ferme(oggi, dei_comuni), dei_comuni):
        yield utente, _bozza_ferma(avanzamenti)
    yield from _criticita(oggi, dei_comuni)
    yield from promemoria_segnali.avvisi(oggi, dei_comuni, PREFISSO)
    yield from _dell_ufficio(oggi)


def soglia_di(mese: Mese) -> int | None:
    """The nearest of the days at which one is reminded of a term still to come; None while it is far."""
    return min((giorni for giorni in settings.PROMEMORIA_GIORNI if 0 <= mese.mancano <= giorni), default=None)


# --- What the people of a Comune should know -------------------------------------------------------------------------


def _da_inviare(mese: Mese, enti: Collection[int]) -> list[Cosa]:
    righe = da_inviare(mese.mese).filter(soggetto_attuatore__in=enti)
    return [Cosa(intervento) for intervento in righe.only("cup", "clp", "titolo", "soggetto_attuatore")]


def _in_scadenza(mese: Mese, soglia: int, cose: list[Cosa]) -> Avviso:
    giorno = formati.data_breve(mese.termine)
    titolo = ngettext(
        "Da inviare entro il %(giorno)s: %(nome)s", "%(quanti)s interventi da inviare entro il %(giorno)s", len(cose)
    )
    return _avviso(
        TipoAllerta.IN_SCADENZA,
        f"{mese.codice}:{soglia}",
        titolo % {"giorno": giorno, "nome": cose[0], "quanti": len(cose)},
        _("Dati di %(mese)s.") % {"mese": formati.mese(mese.mese)} + _elenco(cose),
        cose,
        f"#mese-{mese.codice}",
    )


def _scaduto(mese: Mese, cose: list[Cosa]) -> Avviso:
    titolo = ngettext(
        "In ritardo, %(mese)s: %(nome)s", "%(quanti)s interventi in ritardo con i dati di %(mese)s", len(cose)
    )
    return _avviso(
        TipoAllerta.SCADUTO,
        f"{mese.codice}:{mese.ritardo // 7}",
        titolo % {"mese": formati.mese(mese.mese), "nome": cose[0], "quanti": len(cose)},
        _("Il termine era il %(giorno)s.") % {"giorno": formati.data_breve(mese.termine)} + _elenco(cose),
        cose,
        f"#mese-{mese.codice}",
    )


def _aperti(stato: StatoAvanzamento, enti: Collection[int]) -> Iterable[Avanzamento]:
    return (
        Avanzamento.objects.filter(stato=stato, intervento__soggetto_attuatore__in=enti)
        .exclude(intervento__situazione__revocata_il__isnull=False)
        .select_related("intervento")
        .defer("bozza")
        .order_by("mese", "intervento__titolo", "pk")
    )


def _restituiti(oggi: date, enti: Collection[int]) -> list[Avanzamento]:
    """Returned before today and not sent again: the day itself they are told by who returns them."""
    return [uno for uno in _aperti(StatoAvanzamento.RESTITUITO, enti) if _deciso(uno) < oggi]


def _deciso(avanzamento: Avanzamento) -> date:
    return timezone.localdate(avanzamento.deciso_il or avanzamento.modificato_il)


def _restituito(avanzamenti: list[Avanzamento], oggi: date) -> Avviso:
    cose = [Cosa(uno.intervento, uno.motivo) for uno in avanzamenti]
    ultimo = max(_deciso(uno) for uno in avanzamenti)
    titolo = ngettext(
        "Da correggere, %(mese)s: %(nome)s", "%(quanti)s avanzamenti di %(mese)s da correggere", len(cose)
    )
    nomi = {"mese": formati.mese(avanzamenti[0].mese), "nome": cose[0].intervento.nome, "quanti": len(cose)}
    return _avviso(
        TipoAllerta.RESTITUITO,
        f"{avanzamenti[0].mese:%Y-%m}:{ultimo}:{(oggi - ultimo).days // 7}",
        titolo % nomi,
        avanzamenti[0].motivo if len(cose) == 1 else "\n".join(str(cosa) for cosa in cose),
        cose,
        "#da-correggere",
        avanzamenti,
    )


def _bozze_ferme(oggi: date, enti: Collection[int]) -> list[Avanzamento]:
    """Drafts of months long ended that nobody has touched since: of the days in settings, both have passed."""
    limite = oggi - timedelta(days=settings.PROMEMORIA_BOZZA_GIORNI)
    return [
        uno
        for uno in _aperti(StatoAvanzamento.BOZZA, enti)
        if uno.riferito_al <= limite and timezone.localdate(uno.modificato_il) <= limite
    ]


def _bozza_ferma(avanzamenti: list[Avanzamento]) -> Avviso:
    cose = [Cosa(uno.intervento) for uno in avanzamenti]
    titolo = ngettext("Bozza mai inviata, %(mese)s: %(nome)s", "%(quanti)s bozze di %(mese)s mai inviate", len(cose))
    return _avviso(
        TipoAllerta.BOZZA_FERMA,
        f"{avanzamenti[0].mese:%Y-%m}",
        titolo % {"mese": formati.mese(avanzamenti[0].mese), "nome": cose[0], "quanti": len(cose)},
        _("Nessuno la tocca da %(giorni)s giorni o più.") % {"giorni": settings.PROMEMORIA_BOZZA_GIORNI}
        + _elenco(cose),
        cose,
        "#bozze",
        avanzamenti,
    )


def _criticita(oggi: date, dei_comuni: dict[int, set[int]]) -> Iterator[tuple[int, Avviso]]:
    righe = criticita_oltre(oggi).filter(avanzamento__intervento__soggetto_attuatore__in=dei_comuni)
    cose, scadenze = [], dict[int, date]()
    for riga in righe:
        intervento = riga.avanzamento.intervento
        cose.append(Cosa(intervento, riga.descrizione))
        scadenze[intervento.pk] = max(riga.scadenza or oggi, scadenze.get(intervento.pk, date.min))
    for utente, sue in _per_persona(cose, dei_comuni):
        titolo = ngettext("Criticità oltre la data: %(nome)s", "%(quanti)s criticità oltre la data", len(sue))
        yield (
            utente,
            _avviso(
                TipoAllerta.CRITICITA,
                # One more that passes its date is something new to tell.
                str(max(scadenze[cosa.intervento.pk] for cosa in sue)),
                titolo % {"nome": sue[0].intervento.nome, "quanti": len(sue)},
                sue[0].parole if len(sue) == 1 else "\n".join(str(cosa) for cosa in sue),
                sue,
                "#criticita",
            ),
        )


# --- What the staff should know --------------------------------------------------------------------------------------


def _dell_ufficio(oggi: date) -> Iterator[tuple[int, Avviso]]:
    settimana = "{}-{}".format(*oggi.isocalendar()[:2])
    giorni = settings.PROMEMORIA_ISTRUTTORIA_GIORNI
    in_attesa = Avanzamento.objects.filter(
        stato=StatoAvanzamento.INVIATO, inviato_il__lt=_inizio(oggi - timedelta(days=giorni))
    ).count()
    if in_attesa:
        titolo = ngettext(
            "Un avanzamento aspetta l'istruttoria da più di %(giorni)s giorni",
            "%(quanti)s avanzamenti aspettano l'istruttoria da più di %(giorni)s giorni",
            in_attesa,
        ) % {"giorni": giorni, "quanti": formati.numero(in_attesa)}
        avviso = _avviso(TipoAllerta.DA_ISTRUIRE, settimana, titolo, "", [], "#da-istruire")
        for utente in destinatari.istruttori(Permesso.ISTRUIRE_AVANZAMENTI, oggi=oggi):
            yield utente, avviso
    # Of each request the istruttori are told when it is made; from the day after, of all that wait together.
    chieste = Variazione.objects.filter(stato=StatoVariazione.RICHIESTA, richiesta_il__lt=_inizio(oggi)).count()
    if chieste:
        titolo = ngettext("Una variazione da decidere", "%(quante)s variazioni da decidere", chieste)
        titolo %= {"quante": formati.numero(chieste)}
        avviso = _avviso(TipoAllerta.VARIAZIONE, settimana, titolo, "", [], "#variazioni")
        for utente in destinatari.istruttori(Permesso.DECIDERE_VARIAZIONI, oggi=oggi):
            yield utente, avviso


def _inizio(giorno: date) -> datetime:
    """When a day begins, in the time zone of the portal."""
    return timezone.make_aware(datetime.combine(giorno, time.min))


# --- Gathering and writing -------------------------------------------------------------------------------------------


def _per_persona(cose: Iterable[Cosa], dei_comuni: dict[int, set[int]]) -> Iterator[tuple[int, list[Cosa]]]:
    raccolte: dict[int, list[Cosa]] = {}
    for cosa in cose:
        for utente in dei_comuni.get(cosa.intervento.soggetto_attuatore_id or 0, ()):
            raccolte.setdefault(utente, []).append(cosa)
    yield from raccolte.items()


def _per_persona_e_mese(
    avanzamenti: Iterable[Avanzamento], dei_comuni: dict[int, set[int]]
) -> Iterator[tuple[int, list[Avanzamento]]]:
    raccolti: dict[tuple[int, date], list[Avanzamento]] = {}
    for uno in avanzamenti:
        for utente in dei_comuni.get(uno.intervento.soggetto_attuatore_id or 0, ()):
            raccolti.setdefault((utente, uno.mese), []).append(uno)
    for (utente, _mese), suoi in raccolti.items():
        yield utente, suoi


def _elenco(cose: list[Cosa]) -> str:
    """The names, where the title does not say the only one; the first few of many."""
    if len(cose) == 1:
        return ""
    testo = "; ".join(str(cosa) for cosa in cose[:NOMI_IN_CHIARO])
    altri = len(cose) - NOMI_IN_CHIARO
    if altri <= 0:
        return f" {testo}."
    return f" {testo} " + ngettext("e un altro.", "e altri %(altri)s.", altri) % {"altri": altri}


def _avviso(
    tipo: TipoAllerta,
    chiave: str,
    titolo: str,
    testo: str,
    cose: list[Cosa],
    ancora: str,
    avanzamenti: Sequence[Avanzamento] = (),
) -> Avviso:
    """It leads to the form of the only avanzamento it speaks of; else to its part of the page of all one's duties."""
    di_chi = {cosa.intervento.pk for cosa in cose}
    modulo = reverse("avanzamento-modifica", args=[avanzamenti[0].pk]) if len(avanzamenti) == 1 else ""
    return Avviso(
        tipo=tipo,
        chiave=f"{PREFISSO}{tipo}:{chiave}",
        titolo=titolo,
        testo=testo,
        indirizzo=modulo or f"{reverse('attese')}{ancora}",
        intervento_id=di_chi.pop() if len(di_chi) == 1 else None,
    )


@transaction.atomic
def _scrivi(giusti: dict[tuple[int, str], Avviso]) -> Esito:
    adesso = timezone.now()
    chiavi = {chiave for _utente, chiave in giusti}
    nostre = Allerta.objects.select_for_update().filter(chiave__startswith=PREFISSO).order_by("pk")
    dette = {(a.utente_id, a.chiave): a for a in nostre.filter(Q(superata_il__isnull=True) | Q(chiave__in=chiavi))}
    cambiate, tornate, superate = [], [], []
    for chi_e_che, allerta in dette.items():
        avviso = giusti.get(chi_e_che)
        if avviso is None:
            if allerta.superata_il is None:
                superate.append(allerta.pk)
            continue
        nuova = avviso.per(allerta.utente_id)
        if any(getattr(allerta, campo) != getattr(nuova, campo) for campo in CAMBIANO):
            for campo in CAMBIANO:
                setattr(allerta, campo, getattr(nuova, campo))
            cambiate.append(allerta)
        if allerta.superata_il is not None:
            tornate.append(allerta.pk)
    # In one order for everybody, so that two who run at once wait for each other and do not block each other.
    nuove = [giusti[quale].per(quale[0]) for quale in sorted(giusti) if quale not in dette]
    Allerta.objects.bulk_create(nuove, ignore_conflicts=True, batch_size=500)
    Allerta.objects.bulk_update(cambiate, ["titolo", "testo", "indirizzo", "intervento"], batch_size=200)
    Allerta.objects.filter(pk__in=superate).update(superata_il=adesso)
    Allerta.objects.filter(pk__in=tornate).update(creata=adesso, superata_il=None, letta_il=None, spedita_il=None)
    return Esito(nuove=len(nuove) + len(tornate), superate=len(superate))
