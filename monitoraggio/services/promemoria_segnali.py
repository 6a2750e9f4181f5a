"""What the inbox says of the early warnings: once, on the day they are seen or come back from being set aside.

One allerta a day and person gathers them; it is overtaken when none of them stands any more, or after some time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enti.permessi import Permesso
from monitoraggio.models import Segnale, Silenzio
from monitoraggio.scelte import ChiAgisce, TipoAllerta
from monitoraggio.selectors import destinatari
from monitoraggio.selectors.segnali import giorno_di, inizio_del_giro, per_rischio
from monitoraggio.services.allerte import Avviso
from psttm import formati

IN_CHIARO = 3
CAMPI = (
    "pk", "tocca", "motivo", "dal", "fermo_fino_al", "intervento_id", "intervento__soggetto_attuatore",
    "intervento__titolo", "intervento__cup", "intervento__clp", "piano__codice",
)  # fmt: skip


@dataclass
class Gruppo:
    """What a person is told of together: how many, and the gravest by name."""

    quanti: int = 0
    primi: list[dict[str, Any]] = field(default_factory=list)
    interventi: set[int | None] = field(default_factory=set)

    def metti(self, riga: dict[str, Any]) -> None:
        self.quanti += 1
        self.interventi.add(riga["intervento_id"])
        if len(self.primi) < IN_CHIARO:
            self.primi.append(riga)


def avvisi(oggi: date, dei_comuni: Mapping[int, Collection[int]], prefisso: str) -> Iterator[tuple[int, Avviso]]:
    """What each person is to know of those that stand on a day. Two queries, however many they are."""
    ufficio = destinatari.istruttori(Permesso.ISTRUIRE_AVANZAMENTI, oggi=oggi)
    gruppi: dict[tuple[int, str, date], Gruppo] = {}
    for riga in _recenti(oggi).iterator():
        giorno = giorno_di(riga["dal"], riga["fermo_fino_al"])
        if not oggi - timedelta(days=settings.PROMEMORIA_SEGNALI_GIORNI) < giorno <= oggi:
            continue
        tocca = riga["tocca"]
        del_comune = dei_comuni.get(riga["intervento__soggetto_attuatore"] or 0, ())
        for utente in del_comune if tocca == ChiAgisce.COMUNE else ufficio:
            gruppi.setdefault((utente, tocca, giorno), Gruppo()).metti(riga)
    for (utente, tocca, giorno), gruppo in gruppi.items():
        yield utente, _avviso(f"{prefisso}{TipoAllerta.SEGNALE}:{tocca}:{giorno}", tocca, giorno, gruppo)


def _recenti(oggi: date) -> Any:
    """Those to look at that are new or came back lately, the gravest first."""
    da = oggi - timedelta(days=settings.PROMEMORIA_SEGNALI_GIORNI + 1)
    scaduti = Silenzio.objects.filter(segnale=OuterRef("pk"), tolto_il__isnull=True, fino_al__lt=oggi)
    recenti = Q(dal__gte=inizio_del_giro(da)) | Exists(scaduti.filter(fino_al__gte=da))
    segnali = Segnale.objects.attivi().filter(recenti).annotate(fermo_fino_al=Subquery(scaduti.values("fino_al")[:1]))
    return per_rischio(segnali).values(*CAMPI)


def _avviso(chiave: str, tocca: str, giorno: date, gruppo: Gruppo) -> Avviso:
    solo = gruppo.interventi.copy().pop() if len(gruppo.interventi) == 1 else None
    if gruppo.quanti == 1:
        titolo = _("Nuovo segnale: %(nome)s") % {"nome": _nome(gruppo.primi[0])}
        testo, indirizzo = gruppo.primi[0]["motivo"], reverse("segnale", args=[gruppo.primi[0]["pk"]])
        return Avviso(TipoAllerta.SEGNALE, chiave, titolo, testo, indirizzo, solo)
    quanti = {"quanti": formati.numero(gruppo.quanti)}
    quali = {"tocca": tocca, "nuovi": giorno.isoformat()}
    if tocca == ChiAgisce.COMUNE:
        titolo = _("%(quanti)s nuovi segnali sui tuoi interventi") % quanti
        quali["miei"] = "si"
    else:
        titolo = _("%(quanti)s nuovi segnali per gli uffici") % quanti
    indirizzo = reverse("segnali", query=quali)
    return Avviso(TipoAllerta.SEGNALE, chiave, titolo, _testo(gruppo), indirizzo, solo)


def _testo(gruppo: Gruppo) -> str:
    righe = [f"{_nome(riga)}: {riga['motivo']}" for riga in gruppo.primi]
    altri = gruppo.quanti - len(righe)
    if altri:
        righe.append(ngettext("E un altro.", "E altri %(altri)s.", altri) % {"altri": formati.numero(altri)})
    return "\n".join(righe)


def _nome(riga: dict[str, Any]) -> str:
    """As `Intervento.nome` says it, or the code of the piano."""
    if riga["intervento_id"] is None:
        return str(riga["piano__codice"])
    codice = riga["intervento__cup"] or riga["intervento__clp"]
    return str(riga["intervento__titolo"] or _("Intervento %(codice)s") % {"codice": codice})
