"""What the pages of the territory read, and who gives roles. Every function costs a constant number of queries."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from enti.models import (
    Appartenenza,
    Comune,
    Confine,
    IndiceVulnerabilita,
    MedianaVulnerabilita,
    MedianaVulnerabilitaQuerySet,
    Popolazione,
    TerritorioIvsm,
    UnioneComuni,
    Utente,
    ZonaOmogenea,
)
from enti.ruoli import Ruolo

CLASSI = 5


@dataclass(frozen=True)
class Misura:
    """Something the map can be coloured by; None when it is unknown for a Comune."""

    nome: str
    unita: str
    decimali: int
    valore: Callable[[Comune], Decimal | int | None]


def densita(comune: Comune) -> Decimal | None:
    """Residents per km²; None when one of the two is unknown."""
    if comune.residenti is None or not comune.superficie_km2:
        return None
    return Decimal(comune.residenti) / comune.superficie_km2


MISURE = {
    "residenti": Misura("Residenti", "abitanti", 0, lambda comune: comune.residenti),
    "densita": Misura("Densità", "abitanti per km²", 0, densita),
    "ivsm": Misura("IVSM", "indice, Italia circa 99", 2, lambda comune: comune.ivsm),
}


@dataclass(frozen=True)
class VoceMappa:
    """One Comune on the map: its shape, the class of colour, the value in figures."""

    comune: Comune
    tracciato: str
    classe: str
    valore: Decimal | int | None


@dataclass(frozen=True)
class Mappa:
    """The map of the 133 Comuni coloured by zona (`misura` None) or by a measure in classes.

    `limiti` are the first and last value of each class, (None, None) for one that is not used.
    """

    voci: list[VoceMappa]
    misura: Misura | None
    limiti: Sequence[tuple[Decimal | int, Decimal | int] | tuple[None, None]]
    senza_dato: int


def comuni_metropolitani() -> QuerySet[Comune]:
    """The 133 Comuni with zona, unione, population and IVSM."""
    return Comune.objects.metropolitani().con_dati().select_related("zona", "unione")


@dataclass(frozen=True)
class SintesiZona:
    """A zona with what its Comuni add up to; `superficie` in km²."""

    zona: ZonaOmogenea
    numero_comuni: int
    residenti: int
    superficie: Decimal


def zone() -> list[SintesiZona]:
    """The zone in their order, with the totals of their Comuni."""
    per_zona: dict[int | None, list[Comune]] = {}
    for comune in comuni_metropolitani():
        per_zona.setdefault(comune.zona_id, []).append(comune)
    return [
        SintesiZona(
            zona=zona,
            numero_comuni=len(per_zona.get(zona.pk, [])),
            residenti=sum(comune.residenti or 0 for comune in per_zona.get(zona.pk, [])),
            superficie=sum((comune.superficie_km2 or Decimal(0) for comune in per_zona.get(zona.pk, [])), Decimal(0)),
        )
        for zona in ZonaOmogenea.objects.select_related("fonte")
    ]


def unioni() -> QuerySet[UnioneComuni]:
    return UnioneComuni.objects.select_related("fonte").prefetch_related("comuni")


def limiti_di_classe(valori: Sequence[Decimal | int]) -> list[Decimal | int]:
    """Upper bounds of the classes but the last: as many values in each class as the ties allow."""
    ordinati = sorted(valori)
    posti = (len(ordinati) * classe // CLASSI for classe in range(1, CLASSI))
    return [ordinati[posto] for posto in posti if 0 < posto < len(ordinati)]


def mappa(nome_misura: str = "") -> Mappa:
    """The map, by zona or by one of MISURE; an unknown name falls back on the zone."""
    misura = MISURE.get(nome_misura)
    tracciati = dict(Confine.objects.values_list("comune_id", "tracciato"))
    comuni = list(comuni_metropolitani())
    if misura is None:
        return Mappa(
            [_voce(c, tracciati, f"z{c.zona.numero}" if c.zona else "c0", c.residenti) for c in comuni], None, [], 0
        )
    valori = {comune.pk: misura.valore(comune) for comune in comuni}
    noti = [valore for valore in valori.values() if valore is not None]
    soglie = limiti_di_classe(noti)
    voci = [_voce(c, tracciati, _classe(valori[c.pk], soglie), valori[c.pk]) for c in comuni]
    estremi = [min(noti), *soglie, max(noti)] if noti else []
    return Mappa(voci, misura, list(pairwise(estremi)), len(comuni) - len(noti))


def _voce(comune: Comune, tracciati: dict[int, str], classe: str, valore: Decimal | int | None) -> VoceMappa:
    return VoceMappa(comune, tracciati.get(comune.pk, ""), classe, valore)


def _classe(valore: Decimal | int | None, soglie: Sequence[Decimal | int]) -> str:
    return "c0" if valore is None else f"c{bisect_right(soglie, valore) + 1}"


def sagoma(scelti: Collection[int]) -> list[dict[str, Any]]:
    """The map in one colour with some Comuni (primary keys) picked out: where something is."""
    tracciati = Confine.objects.values_list("comune_id", "tracciato")
    return [{"tracciato": tracciato, "scelta": pk in scelti} for pk, tracciato in tracciati]


def popolazioni(comune: Comune) -> QuerySet[Popolazione]:
    return comune.popolazioni.select_related("fonte").order_by("anno")


class PostoIvsm(TextChoices):
    """Where a Comune stands to the median of the territory."""

    SOPRA = "sopra", _("sopra la mediana")
    NON_SOPRA = "non-sopra", _("non sopra la mediana")
    SENZA_MEDIANA = "senza-mediana", _("manca la mediana")
    SENZA_VALORE = "senza-valore", _("manca il valore")


@dataclass(frozen=True)
class VoceIvsm:
    """A Comune with its index; `decimali` are those that let the eye tell it from the median."""

    comune: Comune
    indice: IndiceVulnerabilita | None
    posto: PostoIvsm
    decimali: int = 2


@dataclass(frozen=True)
class SituazioneIvsm:
    """The indices of the 133 Comuni and the median of the territory that hold on the day `al`."""

    al: date
    mediana: MedianaVulnerabilita | None
    voci: list[VoceIvsm]

    def conta(self, posto: PostoIvsm) -> int:
        return sum(voce.posto is posto for voce in self.voci)

    @property
    def noti(self) -> int:
        return len(self.voci) - self.conta(PostoIvsm.SENZA_VALORE)

    @property
    def sopra(self) -> int:
        return self.conta(PostoIvsm.SOPRA)

    @property
    def mancanti(self) -> int:
        return self.conta(PostoIvsm.SENZA_VALORE)


def mediane() -> MedianaVulnerabilitaQuerySet:
    """The medians of the Città metropolitana, the latest first."""
    return MedianaVulnerabilita.objects.filter(territorio=TerritorioIvsm.CITTA_METROPOLITANA).select_related("fonte")


def situazione_ivsm(al: date) -> SituazioneIvsm:
    """What is known of the IVSM on a day."""
    mediana = mediane().validi_al(al).first()
    metropolitani = Comune.objects.metropolitani()
    indici = IndiceVulnerabilita.objects.validi_al(al).filter(comune__in=metropolitani)
    di_chi = {indice.comune_id: indice for indice in indici}
    return SituazioneIvsm(al, mediana, [_voce_ivsm(comune, di_chi.get(comune.pk), mediana) for comune in metropolitani])


def _voce_ivsm(comune: Comune, indice: IndiceVulnerabilita | None, mediana: MedianaVulnerabilita | None) -> VoceIvsm:
    if indice is None:
        return VoceIvsm(comune, None, PostoIvsm.SENZA_VALORE)
    if mediana is None:
        return VoceIvsm(comune, indice, PostoIvsm.SENZA_MEDIANA)
    posto = PostoIvsm.SOPRA if indice.valore > mediana.valore else PostoIvsm.NON_SOPRA
    quasi = indice.valore != mediana.valore and round(indice.valore, 2) == round(mediana.valore, 2)
    return VoceIvsm(comune, indice, posto, decimali=8 if quasi else 2)


def amministratori() -> list[Utente]:
    """Who gives roles: people with that role in force, by name. One query."""
    ruoli = Appartenenza.objects.in_vigore().filter(utente=OuterRef("pk"), ruolo=Ruolo.AMMINISTRATORE)
    return list(Utente.objects.filter(Exists(ruoli), is_active=True, tecnico=False))
