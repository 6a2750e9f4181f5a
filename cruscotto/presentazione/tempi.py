"""The timelines of the Cruscotto: the chart of the groups, that of a group, and the tables that say the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cruscotto.collegamenti import Collegamenti
from cruscotto.periodo import Periodo
from cruscotto.presentazione.cifre import Cella
from cruscotto.presentazione.frasi import Parte
from cruscotto.presentazione.stati import NESSUNO
from cruscotto.selectors.tempi import DA_FARE, Aperto, prossimo
from cruscotto.tipi import Dimensione, Figure, Gruppo, Totali
from monitoraggio.models.traguardi import StatoTraguardo
from monitoraggio.selectors.traguardi import Conti, Riga
from psttm import formati
from psttm.grafici.gantt_marche import giorni_di
from psttm.grafici.tipi import Gantt, Marca, RigaGantt

# The states of a traguardo, the gravest first, as legends and tables call them.
PAROLE = (
    ("in_ritardo", gettext_lazy("in ritardo")),
    ("a_rischio", gettext_lazy("a rischio")),
    ("non_determinabile", gettext_lazy("esito non noto")),
    ("in_linea", gettext_lazy("in linea")),
    ("concluso", gettext_lazy("conseguiti")),
)
Stati = tuple[tuple[str, str], ...]
# How much of it the first page shows.
RIGHE_BREVI, TRAGUARDI_BREVI = 10, 5


@dataclass(frozen=True)
class RigaDelGruppo:
    """A group in the table: `nome` opens it, `conti` are its traguardi by the states of PAROLE."""

    nome: Cella
    inizio: date | None
    fine: date | None
    fine_stimata: date | None
    fatto: Decimal | None
    conti: tuple[tuple[str, str, Cella], ...]
    totale: Cella


@dataclass(frozen=True)
class RigaDiTraguardo:
    """A traguardo in the table: `giorni` after its deadline, met or forecast; None where it is not late at all."""

    riga: Riga
    previsione: date | None
    giorni: int | None
    nota: str

    @property
    def traguardo(self) -> Any:
        return self.riga.traguardo


# --- Groups ----------------------------------------------------------------------------------------------------------


def nome_del_gruppo(gruppo: Gruppo) -> str:
    return gruppo.nome if gruppo.chiave else str(NESSUNO[gruppo.dimensione])


def in_ordine(gruppi: Sequence[Gruppo]) -> list[Gruppo]:
    """Those with something in time, from the most traguardi that are late."""
    pieni = [gruppo for gruppo in gruppi if gruppo.totali.interventi]
    return sorted(pieni, key=lambda uno: (-uno.totali.traguardi.get("in_ritardo", 0), not uno.chiave, uno.nome))


def righe_dei_gruppi(gruppi: Sequence[Gruppo], vie: Collegamenti, aperture: Mapping[str, str]) -> list[RigaDelGruppo]:
    """`aperture` are the addresses that open each, by key."""
    presenti = stati(gruppi)
    return [_riga_del_gruppo(gruppo, vie.del_gruppo(gruppo), aperture[gruppo.chiave], presenti) for gruppo in gruppi]


def stati(gruppi: Sequence[Gruppo]) -> Stati:
    """Those of PAROLE that some traguardo of these groups is in."""
    return tuple(
        (segno, str(parola)) for segno, parola in PAROLE if any(uno.totali.traguardi.get(segno) for uno in gruppi)
    )


def _riga_del_gruppo(gruppo: Gruppo, vie: Collegamenti, apertura: str, stati: Stati) -> RigaDelGruppo:
    traguardi = gruppo.totali.traguardi
    quanti = sum(traguardi.values())
    return RigaDelGruppo(
        nome=Cella(nome_del_gruppo(gruppo), apertura if quanti else ""),
        inizio=gruppo.inizio,
        fine=gruppo.fine,
        fine_stimata=gruppo.fine_stimata,
        fatto=gruppo.totali.fatto_percento,
        conti=tuple((segno, parola, _conto(traguardi.get(segno, 0), segno, vie)) for segno, parola in stati),
        totale=Cella(formati.numero(quanti), vie.traguardi() if quanti else ""),
    )


def _conto(quanti: int, stato: str, vie: Collegamenti) -> Cella:
    return Cella(formati.numero(quanti), vie.traguardi(stato=stato) if quanti else "")


def gantt_dei_gruppi(
    gruppi: Sequence[Gruppo], propri: Sequence[Riga], periodo: Periodo, giorno: date, *, misure: bool
) -> Gantt:
    """A row a group, with the traguardi of its piano; first, where they are asked for, those of the measures."""
    righe = [_riga_di_gantt(gruppo, _del_piano(gruppo, propri)) for gruppo in gruppi]
    delle_misure = [riga for riga in propri if riga.traguardo.misura_id is not None]
    if misure and delle_misure:
        marche = tuple(marca(riga) for riga in delle_misure)
        righe.insert(0, RigaGantt(_("Misure del PNRR"), marche=marche))
    return _gantt(righe, periodo, giorno, ultima_scadenza(propri))


def _del_piano(gruppo: Gruppo, propri: Sequence[Riga]) -> list[Riga]:
    if gruppo.dimensione is not Dimensione.PIANO or not gruppo.chiave:
        return []
    return [riga for riga in propri if riga.traguardo.piano_id is not None and riga.di == gruppo.chiave]


def _riga_di_gantt(gruppo: Gruppo, propri: Sequence[Riga]) -> RigaGantt:
    inizio, fine = gruppo.inizio, gruppo.fine
    traguardi = gruppo.totali.traguardi
    return RigaGantt(
        nome_del_gruppo(gruppo),
        base=(inizio, fine) if inizio and fine and inizio <= fine else None,
        progresso=gruppo.totali.fatto_percento,
        fine_stimata=gruppo.fine_stimata,
        marche=tuple(marca(riga) for riga in propri),
        conti=tuple((segno, traguardi[segno]) for segno, _parola in PAROLE if traguardi.get(segno)),
    )


def ultima_scadenza(righe: Sequence[Riga]) -> date | None:
    """The deadline by which all of it must have ended."""
    return max((riga.scadenza for riga in righe), default=None)


# --- A group ---------------------------------------------------------------------------------------------------------


def righe_dei_traguardi(aperto: Aperto) -> list[RigaDiTraguardo]:
    return [riga_di_traguardo(riga) for riga in aperto.righe]


def riga_di_traguardo(riga: Riga) -> RigaDiTraguardo:
    giorni = ritardo(riga)
    return RigaDiTraguardo(riga, previsione(riga), giorni, _nota(riga, giorni))


def previsione(riga: Riga) -> date | None:
    """When it is forecast: what was met after the day was, that day, still to come."""
    if riga.conseguito_il is not None:
        return None
    giorno: date | None = riga.traguardo.conseguito_il or riga.traguardo.previsione
    return giorno


def ritardo(riga: Riga) -> int | None:
    """How many days after its deadline it was met, is by now, or is forecast; None if it is not late."""
    stato = riga.traguardo.stato
    arrivo: date | None = None
    if riga.conseguito_il is not None:
        arrivo = riga.conseguito_il
    elif stato == StatoTraguardo.IN_RITARDO:
        arrivo = riga.giorno
    elif stato == StatoTraguardo.A_RISCHIO:
        arrivo = previsione(riga)
    return (arrivo - riga.scadenza).days if arrivo is not None and arrivo > riga.scadenza else None


def _nota(riga: Riga, giorni: int | None) -> str:
    if riga.traguardo.stato == StatoTraguardo.NON_DETERMINABILE:
        return _("esito non noto")
    if giorni is None:
        return ""
    valori = {"giorni": formati.numero(giorni)}
    if riga.conseguito_il is not None:
        return ngettext("conseguito %(giorni)s giorno dopo", "conseguito %(giorni)s giorni dopo", giorni) % valori
    if riga.traguardo.stato == StatoTraguardo.A_RISCHIO:
        return ngettext("previsto %(giorni)s giorno dopo", "previsto %(giorni)s giorni dopo", giorni) % valori
    return ngettext("%(giorni)s giorno di ritardo", "%(giorni)s giorni di ritardo", giorni) % valori


def gantt_del_gruppo(aperto: Aperto, propri: Sequence[Riga], periodo: Periodo, giorno: date) -> Gantt:
    """A row for each intervento (or piano) of the page, with its traguardi of the page."""
    di_chi: dict[tuple[int | None, str], list[RigaDiTraguardo]] = {}
    for riga in righe_dei_traguardi(aperto):
        di_chi.setdefault((riga.traguardo.intervento_id, riga.riga.di), []).append(riga)
    righe = []
    for (intervento, di), sue in di_chi.items():
        lavori = aperto.lavori.get(intervento) if intervento is not None else None
        prima = sue[0]
        righe.append(
            RigaGantt(
                prima.riga.nome_di or di,
                base=lavori.base if lavori else None,
                svolto=lavori.svolto if lavori else None,
                fine_stimata=lavori.fine_stimata if lavori else None,
                marche=tuple(marca(una.riga) for una in sue),
                nota=prima.nota,
            )
        )
    return _gantt(righe, periodo, giorno, ultima_scadenza(propri))


def marca(riga: Riga) -> Marca:
    """A traguardo on its row: where it was met, else where it is due."""
    uno = riga.traguardo
    giorno = riga.conseguito_il or riga.scadenza
    parola = dict(PAROLE)[uno.stato] if uno.stato != "concluso" else _("conseguito")
    testo = _("%(titolo)s, %(giorno)s: %(stato)s")
    nome = testo % {"titolo": uno.titolo, "giorno": formati.data_breve(giorno), "stato": parola}
    return Marca(giorno, uno.stato, nome, uno.scadenza_iniziale if riga.spostata else None)


def _gantt(righe: Sequence[RigaGantt], periodo: Periodo, giorno: date, scadenza: date | None) -> Gantt:
    parole = tuple((segno, str(parola)) for segno, parola in PAROLE)
    return Gantt(tuple(righe), giorno, scadenza, periodo.inizio, periodo.fine, parole)


def estremi(figura: Gantt) -> tuple[date, date]:
    """The first and the last day of what a chart has to show, whatever the months chosen."""
    giorni = [giorno for riga in figura.righe for giorno in giorni_di(riga)]
    giorni += [figura.oggi, *([figura.scadenza] if figura.scadenza else [])]
    return min(giorni), max(giorni)


# --- The first page --------------------------------------------------------------------------------------------------


def breve(lette: Figure, dei_piani: Sequence[Riga], vie: Collegamenti) -> dict[str, Any]:
    """What `cruscotto/tempi_breve.html` shows: the piani, and of the traguardi those that are late or come next."""
    da_vedere = _da_vedere(dei_piani)
    gruppi = in_ordine(lette.gruppi[Dimensione.PIANO])[: RIGHE_BREVI - len(da_vedere)]
    righe = [_riga_di_gantt(gruppo, []) for gruppo in gruppi]
    for una in da_vedere:
        nome = f"{una.riga.di}: {formati.lower_iniziale(una.traguardo.titolo)}"
        nota = una.nota or _("scade il %(giorno)s") % {"giorno": formati.data_breve(una.riga.scadenza)}
        gruppo = _("Traguardi in ritardo e prossimi")
        righe.append(RigaGantt(nome, gruppo, marche=(marca(una.riga),), nota=nota))
    figura = _gantt(righe, Periodo(), lette.istantanea.al, ultima_scadenza(dei_piani))
    return {
        "figura": figura,
        "descrizione": descrizione(figura, a_parole(lette.totali.traguardi)),
        "apertura": apertura(lette.totali, vie, prossimo(dei_piani)),
        "traguardi": da_vedere,
        "indirizzo": reverse("tempi", query=vie.filtri | vie.tempo),
    }


def _da_vedere(dei_piani: Sequence[Riga]) -> list[RigaDiTraguardo]:
    """Those that are late, then the next ones."""
    tardi = [riga for riga in dei_piani if riga.traguardo.stato == StatoTraguardo.IN_RITARDO]
    poi = [riga for riga in dei_piani if riga.traguardo.stato in DA_FARE]
    return [riga_di_traguardo(riga) for riga in [*tardi, *poi][:TRAGUARDI_BREVI]]


# --- In words --------------------------------------------------------------------------------------------------------


def apertura(totali: Totali, vie: Collegamenti, poi: Riga | None) -> list[Parte]:
    """12 traguardi su 80 sono in ritardo; il prossimo dei piani scade il 30/06/2026: …"""
    quanti = sum(totali.traguardi.values())
    if not quanti:
        return [Parte(_("Questi interventi non hanno traguardi")), *_prossimo(poi, vie), Parte(".")]
    tardi = totali.traguardi.get("in_ritardo", 0)
    if not tardi:
        parti = [Parte(_("Nessun traguardo su ")), Parte(formati.numero(quanti), vie.traguardi())]
        return [*parti, Parte(_(" è in ritardo")), *_prossimo(poi, vie), Parte(".")]
    return [
        Parte(formati.numero(tardi), vie.traguardi(stato="in_ritardo")),
        Parte(ngettext(" traguardo su ", " traguardi su ", tardi)),
        Parte(formati.numero(quanti), vie.traguardi()),
        Parte(ngettext(" è in ritardo", " sono in ritardo", tardi)),
        *_prossimo(poi, vie),
        Parte("."),
    ]


def apertura_del_gruppo(conti: Conti) -> list[Parte]:
    """3 traguardi su 90 sono in ritardo, 2 a rischio; conseguiti 60."""
    if not conti.totale:
        return [Parte(_("Qui nessun intervento ha traguardi."))]
    tutti = formati.numero(conti.totale)
    if not conti.in_ritardo:
        parti = [Parte(_("Nessun traguardo su %(tutti)s è in ritardo") % {"tutti": tutti})]
    else:
        testo = ngettext(
            "%(tardi)s traguardo su %(tutti)s è in ritardo",
            "%(tardi)s traguardi su %(tutti)s sono in ritardo",
            conti.in_ritardo,
        )
        parti = [Parte(testo % {"tardi": formati.numero(conti.in_ritardo), "tutti": tutti})]
    if conti.a_rischio:
        parti.append(Parte(_(", %(quanti)s a rischio") % {"quanti": formati.numero(conti.a_rischio)}))
    if conti.conseguiti:
        testo = ngettext("; %(quanti)s conseguito", "; %(quanti)s conseguiti", conti.conseguiti)
        parti.append(Parte(testo % {"quanti": formati.numero(conti.conseguiti)}))
    return [*parti, Parte(".")]


def _prossimo(poi: Riga | None, vie: Collegamenti) -> list[Parte]:
    if poi is None:
        return []
    testo = _("; il prossimo, di %(di)s, scade il %(giorno)s: ")
    valori = {"di": poi.di, "giorno": formati.data_breve(poi.scadenza)}
    indirizzo = reverse("traguardo", args=[poi.traguardo.id], query=vie.tempo)
    return [Parte(testo % valori), Parte(poi.traguardo.titolo, indirizzo)]


def descrizione(figura: Gantt, parole: str) -> str:
    """What a chart shows, to those who cannot see it: its table says the rest."""
    testo = ngettext("%(righe)s riga nel tempo%(resto)s", "%(righe)s righe nel tempo%(resto)s", len(figura.righe))
    return testo % {"righe": formati.numero(len(figura.righe)), "resto": f"; {parole}." if parole else "."}


def a_parole(traguardi: Mapping[str, int]) -> str:
    """traguardi: 12 in ritardo, 31 in linea"""
    voci = [f"{formati.numero(traguardi[segno])} {parola}" for segno, parola in PAROLE if traguardi.get(segno)]
    return f"{_('traguardi')}: {', '.join(voci)}" if voci else ""
