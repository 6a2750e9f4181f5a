"""The text that the search box looks into: one column per intervento, in plain capitals."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection

from interventi.models import Intervento, Localizzazione, Procedura

PER_VOLTA = 2_000
_SPAZI = re.compile(r"\s+")


def normalizza(testo: str) -> str:
    """Capitals without accents, single spaces: "Cernusco  sul Nàviglio" and "CERNUSCO SUL NAVIGLIO" are the same."""
    if testo.isascii():
        return _SPAZI.sub(" ", testo.upper()).strip()
    scomposto = unicodedata.normalize("NFKD", testo)
    senza_segni = "".join(c for c in scomposto if not unicodedata.combining(c))
    return _SPAZI.sub(" ", senza_segni.upper()).strip()


def testo(*pezzi: str) -> str:
    """The search text made of these pieces, each once, in their order."""
    return normalizza(" | ".join(dict.fromkeys(pezzo for pezzo in pezzi if pezzo)))


def aggiorna(identificativi: Collection[int]) -> None:
    """Write again the search text of these interventi. Call it after writing them, their places or their tenders."""
    elenco = list(identificativi)
    for inizio in range(0, len(elenco), PER_VOLTA):
        _aggiorna(elenco[inizio : inizio + PER_VOLTA])


def _aggiorna(identificativi: list[int]) -> None:
    comuni, cig = defaultdict(list), defaultdict(list)
    luoghi = Localizzazione.objects.filter(intervento__in=identificativi, comune__isnull=False)
    for intervento, nome in luoghi.order_by("pk").values_list("intervento", "comune__nome"):
        comuni[intervento].append(nome)
    gare = Procedura.objects.filter(intervento__in=identificativi).exclude(cig="")
    for intervento, codice in gare.order_by("pk").values_list("intervento", "cig"):
        cig[intervento].append(codice)
    da_scrivere = []
    for riga in Intervento.objects.filter(pk__in=identificativi).select_related("soggetto_attuatore"):
        attuatore = riga.soggetto_attuatore
        nuovo = testo(
            riga.cup,
            riga.clp,
            riga.titolo,
            riga.attuatore_denominazione,
            attuatore.denominazione if attuatore else "",
            *comuni[riga.pk],
            *cig[riga.pk],
        )
        if nuovo != riga.testo_ricerca:
            riga.testo_ricerca = nuovo
            da_scrivere.append(riga)
    Intervento.objects.bulk_update(da_scrivere, ["testo_ricerca"], batch_size=200)
