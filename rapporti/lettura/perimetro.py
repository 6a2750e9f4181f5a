"""The name of a perimeter, and the interventi that were in it at an instant."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from enti.models import Comune, ZonaOmogenea
from interventi.models import LegameDriver, LegameStrategia, Localizzazione
from monitoraggio.opere import programma
from piani_integrati.models import PianoIntegrato
from psttm import formati
from psttm.models import Driver, Strategia
from rapporti.domanda import Perimetro
from rapporti.errori import RapportoImpossibile
from rapporti.scelte import TipoPerimetro
from registro.storia import noto_al as versioni_al


def scritto(tipo: TipoPerimetro, testo: str) -> Perimetro:
    """The perimeter that somebody wrote: a piano by code or address, a Comune by ISTAT code or name, others by number.

    Raises RapportoImpossibile where there is no such thing, or where the whole programme is given a key.
    """
    testo = testo.strip()
    if tipo == TipoPerimetro.PROGRAMMA:
        return Perimetro() if not testo else _sbagliato(_("tutto il programma non ha una chiave, toglila"))
    if tipo == TipoPerimetro.PIANO:
        piano = PianoIntegrato.objects.filter(Q(codice__iexact=testo) | Q(slug=testo.lower())).first()
        return Perimetro(tipo, piano.codice) if piano is not None else _sbagliato(_piani())
    if tipo == TipoPerimetro.COMUNE:
        comune = Comune.objects.metropolitani().filter(Q(codice_istat=testo) | Q(nome__iexact=testo)).first()
        testo = comune.codice_istat if comune is not None else testo
    elif testo.isdecimal():
        testo = str(int(testo))
    perimetro = Perimetro(tipo, testo)
    nome(perimetro)
    return perimetro


def nome(perimetro: Perimetro) -> str:
    """In words: "COME IN, Spazi e servizi …", "zona omogenea Nord Ovest", "Comune di Rho". One query at most.

    Raises RapportoImpossibile where there is no such thing.
    """
    chiave = perimetro.chiave
    match perimetro.tipo:
        case TipoPerimetro.PROGRAMMA:
            return _("tutto il programma")
        case TipoPerimetro.PIANO:
            piano = PianoIntegrato.objects.filter(codice=chiave).first()
            return f"{piano.codice}, {piano.titolo}" if piano is not None else _sbagliato(_piani())
        case TipoPerimetro.ZONA:
            zona = _per_numero(ZonaOmogenea.objects, chiave)
            if zona is None:
                _sbagliato(_("le zone omogenee vanno da 1 a 8"))
            return _("zona omogenea %(nome)s") % {"nome": zona}
        case TipoPerimetro.COMUNE:
            comune = Comune.objects.metropolitani().filter(codice_istat=chiave).first()
            if comune is None:
                _sbagliato(_("serve il nome o il codice ISTAT, di sei cifre, di uno dei 133 Comuni: per Rho è 015182"))
            return _("Comune di %(nome)s") % {"nome": comune}
        case TipoPerimetro.DRIVER:
            driver = _per_numero(Driver.objects, chiave)
            return str(driver) if driver is not None else _sbagliato(_("i Driver vanno da 1 a 10"))
        case TipoPerimetro.STTM:
            strategia = _per_numero(Strategia.objects, chiave)
            return str(strategia) if strategia is not None else _sbagliato(_("le STTM vanno da 1 a 3"))


def _per_numero(righe: Any, chiave: str) -> Any:
    return righe.filter(numero=int(chiave)).first() if chiave.isdecimal() and len(chiave) < 4 else None


def _sbagliato(come: str) -> Any:
    raise RapportoImpossibile(_("Il perimetro chiesto non esiste: %(come)s.") % {"come": come})


def _piani() -> str:
    codici = ", ".join(PianoIntegrato.objects.values_list("codice", flat=True))
    return _("i piani e i programmi sono %(codici)s") % {"codici": codici}


def interventi(perimetro: Perimetro, noto_al: datetime) -> tuple[set[int], dict[int, tuple[int, str]], int]:
    """The pks of those in it, piano and line of each that is in one, and how many others of the place there are.

    The programme is that of `monitoraggio.opere.programma`. Three queries.
    """
    tutti, nei_piani = programma.interventi(noto_al)
    if perimetro.tipo == TipoPerimetro.PROGRAMMA:
        return tutti, nei_piani, 0
    if perimetro.tipo == TipoPerimetro.PIANO:
        # A code is never given to another piano.
        piano = PianoIntegrato.objects.values_list("pk", flat=True).get(codice=perimetro.chiave)
        return {pk for pk, (suo, _linea) in nei_piani.items() if suo == piano}, nei_piani, 0
    trovati = set(_legati(perimetro, noto_al))
    return trovati & tutti, nei_piani, len(trovati - tutti)


def _legati(perimetro: Perimetro, noto_al: datetime) -> Collection[int]:
    chiave = perimetro.chiave
    match perimetro.tipo:
        case TipoPerimetro.COMUNE:
            righe = versioni_al(Localizzazione, noto_al).filter(comune__codice_istat=chiave)
        case TipoPerimetro.ZONA:
            righe = versioni_al(Localizzazione, noto_al).filter(comune__zona__numero=int(chiave))
        case TipoPerimetro.DRIVER:
            righe = versioni_al(LegameDriver, noto_al).filter(driver__numero=int(chiave))
        case _:
            righe = versioni_al(LegameStrategia, noto_al).filter(strategia__numero=int(chiave))
    trovati = righe.order_by().values_list("intervento_id", flat=True)
    if perimetro.tipo == TipoPerimetro.STTM:
        # As the chapter on the strategy says it: a STTM develops some Driver, and what serves these serves it too.
        suoi = versioni_al(LegameDriver, noto_al).filter(driver__legami_strategie__strategia__numero=int(chiave))
        trovati = trovati.union(suoi.order_by().values_list("intervento_id", flat=True))
    return set(trovati)


def vuoto(perimetro: Perimetro, nome_suo: str, noto_al: datetime, fuori: int) -> str:
    """Why there is nothing to report on, and what to do."""
    if fuori:
        return _(
            "Per «%(nome)s» nessun intervento è in un piano o è monitorato: il registro ne conosce %(quanti)s, che "
            "solo ReGiS racconta. Assegnali a un piano, oppure scegli un altro perimetro."
        ) % {"nome": nome_suo, "quanti": formati.numero(fuori)}
    if perimetro.tipo == TipoPerimetro.PROGRAMMA:
        return _(
            "Il %(quando)s il portale non conosceva nessun intervento del programma: scegli una data più vicina, "
            "oppure importa gli interventi e assegnali ai piani."
        ) % {"quando": formati.data_ora(noto_al)}
    return _(
        "Il %(quando)s «%(nome)s» non aveva nessun intervento: scegli una data più vicina, un altro perimetro, oppure "
        "assegna gli interventi al piano, al luogo, al Driver o alla STTM."
    ) % {"quando": formati.data_ora(noto_al), "nome": nome_suo}
