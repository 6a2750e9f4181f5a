"""The day and the instant that a page is read at: `?al=` and `?noto_al=`, and the words for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from psttm import formati

GIORNI = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
ISTANTI = (
    "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S",
    "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y alle %H:%M", "%Y-%m-%d %H:%M",
)  # fmt: skip
PRIMO_GIORNO = date(2000, 1, 1)
PARAMETRI = ("al", "noto_al")


@dataclass(frozen=True)
class Tempo:
    """When a page speaks of (`al`) and what it may know (`noto_al`); neither: how things stand now.

    `scritti` is what the address said, for the fields that show it; `errori` says, by field, why a value is not used.
    """

    oggi: date
    al: date | None = None
    noto_al: datetime | None = None
    # A day alone was written for the instant: all that was known by its end.
    noto_a_fine_giorno: bool = False
    scritti: tuple[str, str] = ("", "")
    errori: tuple[tuple[str, str], ...] = ()

    @property
    def attuale(self) -> bool:
        return self.al is None and self.noto_al is None

    @property
    def giorno(self) -> date:
        """The day that states are judged on: what was known at an instant, without a day, speaks of that day."""
        if self.al is not None:
            return self.al
        return timezone.localdate(self.noto_al) if self.noto_al is not None else self.oggi

    @property
    def istante(self) -> datetime | None:
        """Until when to see what has no day but that of its recording: the end of `al`, or `noto_al` if it is earlier.

        None: all of it.
        """
        if self.al is None:
            return self.noto_al
        fine = fine_del_giorno(self.al)
        return fine if self.noto_al is None else min(fine, self.noto_al)

    @property
    def parole(self) -> str:
        """situazione al 31/12/2024, come era nota il 15/01/2025"""
        giorno = formati.data_breve(self.giorno)
        if self.noto_al is None:
            return _("situazione al %(giorno)s") % {"giorno": giorno}
        quando = formati.data_breve(self.noto_al) if self.noto_a_fine_giorno else formati.data_ora(self.noto_al)
        return _("situazione al %(giorno)s, come era nota il %(quando)s") % {"giorno": giorno, "quando": quando}

    @property
    def parametri(self) -> dict[str, str]:
        """What an address must carry to read another page at the same time."""
        valori = {}
        if self.al is not None:
            valori["al"] = self.al.isoformat()
        if self.noto_al is not None:
            locale = timezone.localtime(self.noto_al)
            valori["noto_al"] = f"{locale:%Y-%m-%d}" if self.noto_a_fine_giorno else f"{locale:%Y-%m-%dT%H:%M:%S}"
        return valori

    @property
    def coda(self) -> str:
        """The end of an address read at the same time: "" or "?al=2024-12-31"."""
        return f"?{urlencode(self.parametri)}" if self.parametri else ""

    @property
    def campo_al(self) -> str:
        """What its field shows: the day as browsers write it, or what was typed and cannot be read."""
        return self.al.isoformat() if self.al is not None else self.scritti[0]

    @property
    def campo_noto_al(self) -> str:
        return formati.data_breve(self.noto_al) if self.noto_a_fine_giorno else self._istante_scritto()

    def _istante_scritto(self) -> str:
        if self.noto_al is None:
            return self.scritti[1]
        locale = timezone.localtime(self.noto_al)
        # With its seconds, where it has any: read again, it must be the same instant.
        return f"{locale:%d/%m/%Y %H:%M:%S}" if locale.second else f"{locale:%d/%m/%Y %H:%M}"

    @property
    def errore_al(self) -> str:
        return dict(self.errori).get("al", "")

    @property
    def errore_noto_al(self) -> str:
        return dict(self.errori).get("noto_al", "")


def leggi(parametri: Mapping[str, str] | QueryDict) -> Tempo:
    """What an address asks for. A value that makes no sense is not used, and the answer says why."""
    al, noto = parametri.get("al", "").strip(), parametri.get("noto_al", "").strip()
    tempo = Tempo(oggi=timezone.localdate(), scritti=(al, noto))
    errori: list[tuple[str, str]] = []
    if al:
        giorno = _giorno(al)
        if isinstance(giorno, str):
            errori.append(("al", giorno))
        else:
            tempo = replace(tempo, al=giorno)
    if noto:
        istante = _istante(noto)
        if isinstance(istante, str):
            errori.append(("noto_al", istante))
        else:
            tempo = replace(tempo, noto_al=istante[0], noto_a_fine_giorno=istante[1])
    return replace(tempo, errori=tuple(errori))


def fine_del_giorno(giorno: date) -> datetime:
    """The last instant of a day, in the time zone of the portal."""
    return datetime.combine(giorno, time.max, tzinfo=timezone.get_current_timezone())


def _in_formati(testo: str, forme: tuple[str, ...]) -> datetime | None:
    for forma in forme:
        try:
            return datetime.strptime(testo, forma)  # noqa: DTZ007 in the time zone of the portal, given by the callers
        except ValueError:
            continue
    return None


def _giorno(testo: str) -> date | str:
    """The day, or the words for why it cannot be used."""
    letto = _in_formati(testo, GIORNI)
    if letto is None:
        return _("«%(testo)s» non è un giorno: scrivilo per esempio così, 31/12/2024.") % {"testo": testo[:40]}
    return _fuori(letto.date(), letto.date() > timezone.localdate()) or letto.date()


def _istante(testo: str) -> tuple[datetime, bool] | str:
    """The instant and whether it is the end of a day, or the words for why it cannot be used."""
    giorno = _in_formati(testo, GIORNI)
    if giorno is not None:
        fine = fine_del_giorno(giorno.date())
        return _fuori(giorno.date(), giorno.date() > timezone.localdate()) or (fine, True)
    letto = _in_formati(testo, ISTANTI)
    if letto is None:
        return _("«%(testo)s» non è un giorno né un'ora: scrivi per esempio 15/01/2025 o 15/01/2025 10:42.") % {
            "testo": testo[:40]
        }
    istante = letto.replace(tzinfo=timezone.get_current_timezone())
    return _fuori(letto.date(), istante > timezone.now()) or (istante, False)


def _fuori(giorno: date, futuro: bool) -> str:
    """Why a day cannot be asked for; "" if it can."""
    if futuro:
        return _("Il %(giorno)s non è ancora arrivato: si legge fino a oggi.") % {"giorno": formati.data_breve(giorno)}
    if giorno < PRIMO_GIORNO:
        return _("Il portale non sa nulla di prima del %(giorno)s.") % {"giorno": formati.data_breve(PRIMO_GIORNO)}
    return ""


def da_conservare(parametri: QueryDict) -> list[tuple[str, str]]:
    """What else an address asks for, which the form of the day must carry along."""
    tolti = (*PARAMETRI, "pagina")
    return [(nome, valore) for nome, valori in parametri.lists() if nome not in tolti for valore in valori]
