"""Traguardi and the end of the works: late, or bound to be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro

from monitoraggio.allerte import parole, ritmo
from monitoraggio.allerte.tipi import Caso, CasoPiano, Contesto, Scala, Trovato
from monitoraggio.calcolo.guadagnato import Stima
from monitoraggio.calcolo.tempo import mesi_fra
from monitoraggio.opere.tipi import Opera, Scadenza
from psttm import formati

GIORNI = pigro("giorni oltre la scadenza")
SCALA_SCADUTO = Scala(70, 100, Decimal(365), GIORNI)
SCALA_RISCHIO = Scala(50, 95, Decimal(365), GIORNI)
SCALA_SUPERATA = Scala(55, 85, Decimal(365), pigro("giorni oltre la fine da piano"))
SCALA_FINE = Scala(30, 70, Decimal(365), pigro("giorni oltre la fine da piano"))
Evidenza = tuple[tuple[str, str], ...]


# --- Traguardi -------------------------------------------------------------------------------------------------------


def traguardi_scaduti(caso: Caso | CasoPiano, contesto: Contesto) -> Iterator[Trovato]:
    """Those whose deadline is past, and that are not met."""
    for uno in caso.scadenze:
        if uno.conseguito_il is None and uno.scadenza < contesto.al:
            ritardo = (contesto.al - uno.scadenza).days
            motivo = _("Il traguardo %(nome)s è scaduto il %(scadenza)s, %(giorni)s fa, e non risulta conseguito.") % {
                "nome": _nome(uno),
                "scadenza": formati.data_breve(uno.scadenza),
                "giorni": parole.giorni(ritardo),
            }
            yield Trovato(motivo, SCALA_SCADUTO.peso(ritardo), uno.codice, uno.scadenza, _del_traguardo(uno))


def traguardi_a_rischio(caso: Caso, contesto: Contesto) -> Iterator[Trovato]:
    """Those still to come that are forecast after their deadline, by who declares it or by the pace of the works."""
    del_ritmo = _chiude_i_lavori(caso, contesto)
    nota = ritmo.stima(caso.opera, contesto.al) if del_ritmo is not None else None
    for uno in _aperti(caso, contesto):
        detto = _dichiarato(uno, contesto)
        passo = _del_ritmo(uno.scadenza, nota, contesto) if nota is not None and uno is del_ritmo else None
        piu_grave = max((trovato for trovato in (detto, passo) if trovato is not None), key=_peso, default=None)
        if piu_grave is not None:
            evidenza = _del_traguardo(uno) + (_della_stima(nota) if passo is not None and nota is not None else ())
            yield Trovato(piu_grave.motivo, piu_grave.peso, uno.codice, uno.scadenza, evidenza)


def traguardi_del_piano_a_rischio(caso: CasoPiano, contesto: Contesto) -> Iterator[Trovato]:
    """Those of a piano as a whole, by their own forecast."""
    for uno in _aperti(caso, contesto):
        detto = _dichiarato(uno, contesto)
        if detto is not None:
            yield Trovato(detto.motivo, detto.peso, uno.codice, uno.scadenza, _del_traguardo(uno))


@dataclass(frozen=True)
class _Detto:
    motivo: str
    peso: int


def _peso(detto: _Detto) -> int:
    return detto.peso


def _aperti(caso: Caso | CasoPiano, contesto: Contesto) -> list[Scadenza]:
    return [uno for uno in caso.scadenze if uno.conseguito_il is None and uno.scadenza >= contesto.al]


def _chiude_i_lavori(caso: Caso, contesto: Contesto) -> Scadenza | None:
    """The traguardo that the end of the works reaches: the first not due before the end of their first plan.

    Those due earlier are of the tender, or of a part of the works, of which the pace says nothing.
    """
    base = caso.opera.base
    if base is None:
        return None
    dopo = [uno for uno in _aperti(caso, contesto) if uno.scadenza >= base[1]]
    return min(dopo, key=lambda uno: (uno.scadenza, uno.tipo, uno.codice), default=None)


def _dichiarato(uno: Scadenza, contesto: Contesto) -> _Detto | None:
    if uno.previsione is None:
        return None
    oltre = (uno.previsione - uno.scadenza).days
    if oltre <= contesto.soglie["giorni_previsione"]:
        return None
    motivo = _("Il traguardo %(nome)s è previsto per il %(per)s, %(giorni)s dopo la scadenza del %(scadenza)s.") % {
        "nome": _nome(uno),
        "per": formati.data_breve(uno.previsione),
        "giorni": parole.giorni(oltre),
        "scadenza": formati.data_breve(uno.scadenza),
    }
    return _Detto(motivo, SCALA_RISCHIO.peso(oltre))


def _nome(uno: Scadenza) -> str:
    return f"{uno.codice} «{uno.titolo}»"


def _del_traguardo(uno: Scadenza) -> Evidenza:
    righe = [(_("Traguardo"), _nome(uno)), (_("Scadenza"), formati.data_breve(uno.scadenza))]
    if uno.scadenza != uno.scadenza_iniziale:
        righe.append((_("Scadenza iniziale"), formati.data_breve(uno.scadenza_iniziale)))
    if uno.previsione is not None:
        righe.append((_("Previsto per il"), formati.data_breve(uno.previsione)))
    if uno.fonte:
        righe.append((_("Fonte"), uno.fonte))
    return tuple(righe)


# --- The end of the works --------------------------------------------------------------------------------------------


def fine_superata(caso: Caso, contesto: Contesto) -> Iterator[Trovato]:
    """The planned end is past, and nothing says that the works have ended."""
    fine = caso.opera.stato.fine_prevista
    if fine is None or fine >= contesto.al:
        return
    ritardo = (contesto.al - fine).days
    motivo = _("La fine prevista dal piano era il %(fine)s, %(giorni)s fa, e l'intervento non risulta concluso.") % {
        "fine": formati.data_breve(fine),
        "giorni": parole.giorni(ritardo),
    }
    yield Trovato(motivo, SCALA_SUPERATA.peso(ritardo), "", fine, _della_fine(caso.opera))


def fine_a_rischio(caso: Caso, contesto: Contesto) -> Iterator[Trovato]:
    """The end is forecast after the plan, by who declares it; or by the pace, where no traguardo waits for it."""
    fine = caso.opera.stato.fine_prevista
    if fine is None or fine < contesto.al:
        return
    trovati = [_fine_dichiarata(caso.opera, fine, contesto)]
    nota = ritmo.stima(caso.opera, contesto.al) if _chiude_i_lavori(caso, contesto) is None else None
    passo = _del_ritmo_sul_piano(fine, nota, contesto) if nota is not None else None
    piu_grave = max((trovato for trovato in (*trovati, passo) if trovato is not None), key=_peso, default=None)
    if piu_grave is not None:
        evidenza = _della_fine(caso.opera) + (_della_stima(nota) if passo is not None and nota is not None else ())
        yield Trovato(piu_grave.motivo, piu_grave.peso, "", fine, evidenza)


def _fine_dichiarata(opera: Opera, fine: date, contesto: Contesto) -> _Detto | None:
    stimata = opera.stato.fine_stimata
    if stimata is None or (stimata - fine).days <= contesto.soglie["giorni_previsione"]:
        return None
    oltre = (stimata - fine).days
    motivo = _("L'intervento finirebbe il %(stimata)s, %(giorni)s dopo la fine del %(fine)s prevista dal piano.") % {
        "stimata": formati.data_breve(stimata),
        "giorni": parole.giorni(oltre),
        "fine": formati.data_breve(fine),
    }
    return _Detto(motivo, SCALA_FINE.peso(oltre))


def _della_fine(opera: Opera) -> Evidenza:
    righe = [(_("Fine prevista dal piano"), formati.data_breve(opera.stato.fine_prevista))]
    if opera.stato.fine_stimata is not None:
        righe.append((_("Fine stimata"), formati.data_breve(opera.stato.fine_stimata)))
    if opera.stato.percentuale is not None:
        righe.append((_("Avanzamento fisico"), formati.percento(opera.stato.percentuale)))
    righe.append((_("Dati al"), formati.data_breve(opera.stato.riferita_al)))
    return tuple(righe)


# --- The pace --------------------------------------------------------------------------------------------------------


def _del_ritmo(scadenza: date, nota: Stima, contesto: Contesto) -> _Detto | None:
    """What the pace says of the deadline of a traguardo."""
    termine = _("la scadenza del %(giorno)s") % {"giorno": formati.data_breve(scadenza)}
    return _oltre(scadenza, termine, nota, contesto, SCALA_RISCHIO)


def _del_ritmo_sul_piano(fine: date, nota: Stima, contesto: Contesto) -> _Detto | None:
    """What the pace says of the planned end."""
    termine = _("la fine del %(giorno)s prevista dal piano") % {"giorno": formati.data_breve(fine)}
    return _oltre(fine, termine, nota, contesto, SCALA_FINE)


def _oltre(entro: date, termine: str, nota: Stima, contesto: Contesto, scala: Scala) -> _Detto | None:
    """How far the works end past a day by their pace, if by more than the threshold."""
    valori = {"termine": termine, "spi": formati.numero(nota.spi, 2)}
    if nota.fine is None:
        motivo = _(
            "I lavori non finirebbero neppure vent'anni dopo %(termine)s: il ritmo tenuto finora è %(spi)s di quello "
            "previsto."
        )
        return _Detto(motivo % valori, scala.a)
    oltre = (nota.fine - entro).days
    if oltre <= contesto.soglie["giorni_ritmo"]:
        return None
    motivo = _(
        "I lavori finirebbero %(quando)s, %(dopo)s dopo %(termine)s: il ritmo tenuto finora è %(spi)s di quello "
        "previsto."
    )
    valori |= {"quando": parole.a_mese(nota.fine), "dopo": _dopo(entro, nota.fine)}
    return _Detto(motivo % valori, scala.peso(oltre))


def _dopo(da: date, a: date) -> str:
    mesi = mesi_fra(da, a)
    return parole.mesi(mesi) if mesi else parole.giorni((a - da).days)


def _della_stima(nota: Stima) -> Evidenza:
    """SPI(t), ES, AT and the forecast, with its range."""
    righe = [
        (_("SPI(t), ritmo sul previsto"), formati.numero(nota.spi, 2)),
        (_("ES, mesi di piano guadagnati"), formati.numero(nota.es, 1)),
        (_("AT, mesi passati"), formati.numero(nota.at, 1)),
        (_("PD, mesi previsti"), formati.numero(nota.pd, 1)),
    ]
    if nota.fine is not None:
        righe.append((_("Fine dei lavori al ritmo attuale"), formati.data_breve(nota.fine)))
    if nota.fine_da is not None and nota.fine_a is not None:
        fra = _("fra il %(da)s e il %(a)s") % {
            "da": formati.data_breve(nota.fine_da),
            "a": formati.data_breve(nota.fine_a),
        }
        righe.append((_("Intervallo al 90 %"), fra))
    return tuple(righe)
