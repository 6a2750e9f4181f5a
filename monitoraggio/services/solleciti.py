"""Asking the Comuni for months that have not come: an allerta to the people of each body, and a receipt."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enti.models import Utente
from enti.permessi import Permesso
from interventi.models import Intervento
from monitoraggio.flusso import SCRIVIBILI
from monitoraggio.models import Avanzamento
from monitoraggio.poteri import su_tutti
from monitoraggio.scelte import TipoAllerta
from monitoraggio.selectors import destinatari
from monitoraggio.services.allerte import Avviso, avvisa
from psttm import formati
from registro.models import Evento
from registro.services import annota

VERBO = "sollecito"
VERBO_INTERVENTO = "sollecitato"
NOMI_IN_CHIARO = 10

# An intervento and the month that is asked of it.
Richiesta = tuple[int, date]


class SollecitoRifiutato(Exception):
    """This person cannot remind; the text, in Italian, says why."""


@dataclass
class Gruppo:
    """What is asked of a body for a month, and whom it is told."""

    ente_id: int
    ente: str
    mese: date
    interventi: list[Intervento] = field(default_factory=list)
    persone: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Anteprima:
    """What a reminder would tell, and what it leaves out: by name, and why."""

    gruppi: list[Gruppo]
    esclusi: list[tuple[str, str]]

    @property
    def quanti(self) -> int:
        return sum(len(gruppo.interventi) for gruppo in self.gruppi)

    @property
    def persone(self) -> int:
        return len(set().union(*(gruppo.persone for gruppo in self.gruppi)))

    @property
    def gettoni(self) -> list[str]:
        return [f"{uno.pk}.{gruppo.mese:%Y-%m}" for gruppo in self.gruppi for uno in gruppo.interventi]


def anteprima(*, richieste: Collection[Richiesta], autore: Utente) -> Anteprima:
    """Before telling anybody. A constant number of queries."""
    oggi = timezone.localdate()
    chiesti = {intervento for intervento, _mese in richieste}
    visibili = Intervento.objects.visibili_a(autore).select_related("soggetto_attuatore")
    trovati = visibili.defer("testo_ricerca", "sintesi").in_bulk(chiesti)
    stati = _stati(chiesti)
    gia = _gia_sollecitati(chiesti, oggi)
    persone = destinatari.per_ente(Permesso.COMPILARE_AVANZAMENTI, oggi=oggi)
    gruppi: dict[tuple[int, date], Gruppo] = {}
    esclusi = []
    for chiave, mese in sorted(set(richieste)):
        intervento = trovati.get(chiave)
        if intervento is None:
            continue
        perche = _perche_no(intervento, mese, stati[chiave, mese], gia, persone)
        if perche:
            esclusi.append((f"{intervento.codice} · {formati.mese(mese)}", perche))
            continue
        ente = intervento.soggetto_attuatore
        assert ente is not None  # noqa: S101 refused just above
        gruppo = gruppi.setdefault((ente.pk, mese), Gruppo(ente.pk, str(ente), mese, persone=persone[ente.pk]))
        gruppo.interventi.append(intervento)
    return Anteprima(sorted(gruppi.values(), key=lambda uno: (uno.ente, uno.mese)), esclusi)


def _perche_no(
    intervento: Intervento, mese: date, stati: set[str], gia: set[Richiesta], persone: dict[int, set[int]]
) -> str:
    """Why nobody is reminded of it; "" if somebody can be."""
    if stati and stati.isdisjoint(SCRIVIBILI):
        return _("È già arrivato.")
    if intervento.soggetto_attuatore_id is None:
        return _("Non ha un soggetto attuatore nel portale.")
    if not persone.get(intervento.soggetto_attuatore_id):
        return _("%(ente)s non ha ancora persone che compilano.") % {"ente": intervento.soggetto_attuatore}
    if (intervento.pk, mese) in gia:
        return _("È già stato sollecitato oggi.")
    return ""


def _stati(interventi: Collection[int]) -> dict[Richiesta, set[str]]:
    stati: dict[Richiesta, set[str]] = defaultdict(set)
    righe = Avanzamento.objects.filter(intervento__in=interventi).order_by()
    for intervento, mese, stato in righe.values_list("intervento", "mese", "stato"):
        stati[intervento, mese].add(stato)
    return stati


def _gia_sollecitati(interventi: Collection[int], oggi: date) -> set[Richiesta]:
    eventi = Evento.objects.filter(
        verbo=VERBO_INTERVENTO,
        tipo_oggetto=Intervento._meta.label_lower,
        id_oggetto__in=[str(chiave) for chiave in interventi],
        quando__date=oggi,
    )
    righe = eventi.values_list("id_oggetto", "dopo__mese")
    return {(int(chiave), date.fromisoformat(mese)) for chiave, mese in righe}


@transaction.atomic
def sollecita(*, richieste: Collection[Richiesta], testo: str, autore: Utente) -> Evento:
    """Tell the people of each body what is still to come; the event is the receipt. Raises SollecitoRifiutato."""
    if not su_tutti(autore, Permesso.ISTRUIRE_AVANZAMENTI):
        raise SollecitoRifiutato(_("I solleciti li manda la Città metropolitana."))
    trovato = anteprima(richieste=richieste, autore=autore)
    for gruppo in trovato.gruppi:
        avvisa(utenti=gruppo.persone, avviso=_avviso(gruppo, testo))
        for intervento in gruppo.interventi:
            annota(intervento, VERBO_INTERVENTO, autore=autore, dopo={"mese": gruppo.mese}, nota=testo.strip())
    frasi = [
        _("Sollecitati: %(quanti)s interventi di %(enti)s enti, avvisando %(persone)s persone.")
        % {
            "quanti": formati.numero(trovato.quanti),
            "enti": formati.numero(len({gruppo.ente_id for gruppo in trovato.gruppi})),
            "persone": formati.numero(trovato.persone),
        }
    ]
    if trovato.esclusi:
        frasi.append(_("Lasciati fuori: %(quanti)s.") % {"quanti": formati.numero(len(trovato.esclusi))})
    if testo.strip():
        frasi.append(_("Messaggio: %(testo)s") % {"testo": testo.strip()})
    fatti = [
        (uno.pk, f"{uno.codice} · {formati.mese(gruppo.mese)}, {gruppo.ente}")
        for gruppo in trovato.gruppi
        for uno in gruppo.interventi
    ]
    rifiutati = [(0, nome, perche) for nome, perche in trovato.esclusi]
    dopo = {"azione": "sollecita", "fatti": fatti, "rifiutati": rifiutati}
    return annota(None, VERBO, autore=autore, dopo=dopo, nota=" ".join(frasi))


def _avviso(gruppo: Gruppo, testo: str) -> Avviso:
    quanti = len(gruppo.interventi)
    titolo = ngettext(
        "Sollecito per %(mese)s: %(nome)s", "Sollecito per %(mese)s: mancano %(quanti)s interventi", quanti
    ) % {"mese": formati.mese(gruppo.mese), "nome": gruppo.interventi[0].nome, "quanti": quanti}
    frasi = [_("La Città metropolitana chiede i dati di %(mese)s.") % {"mese": formati.mese(gruppo.mese)}]
    if testo.strip():
        frasi.append(f"«{testo.strip()}»")
    if quanti > 1:
        frasi.append(_elenco(gruppo.interventi))
    oggi = timezone.localdate()
    # The same asked twice in a day is told once; asked on another day, or of more interventi, it is told again.
    quali = hashlib.sha256(" ".join(str(uno.pk) for uno in gruppo.interventi).encode()).hexdigest()[:12]
    return Avviso(
        tipo=TipoAllerta.SOLLECITO,
        chiave=f"sollecito:{gruppo.mese:%Y-%m}:{gruppo.ente_id}:{oggi.isoformat()}:{quali}",
        titolo=titolo,
        testo=" ".join(frasi),
        indirizzo=f"{reverse('attese')}#mese-{gruppo.mese:%Y-%m}",
        intervento_id=gruppo.interventi[0].pk if quanti == 1 else None,
    )


def _elenco(interventi: Iterable[Intervento]) -> str:
    nomi = [intervento.nome for intervento in interventi]
    testo = "; ".join(nomi[:NOMI_IN_CHIARO])
    altri = len(nomi) - NOMI_IN_CHIARO
    if altri <= 0:
        return f"{testo}."
    return f"{testo} " + ngettext("e un altro.", "e altri %(altri)s.", altri) % {"altri": altri}


def ricevuta(evento_id: int) -> Evento | None:
    """The receipt with this number, if it is one of ours."""
    return Evento.objects.filter(pk=evento_id, verbo=VERBO).select_related("autore").first()
