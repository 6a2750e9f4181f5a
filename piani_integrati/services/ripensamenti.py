"""Undoing what was just done to piani: an assignment in bulk, a waiver recorded, a scenario deleted.

An assignment is undone by the history that it wrote, whole or not at all: what came in goes out, what moved goes back,
what went away returns, provided that nobody has written those rows since.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max, Min, Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enti.models import Utente
from enti.permessi import Permesso, consente
from interventi import ricerca
from interventi.importazione.scrittura import cancella, ripristina
from interventi.models import Intervento, LegameDriver, LegameStrategia
from interventi.services.legami import a_blocchi, blocca
from piani_integrati.flusso import CHIUSI
from piani_integrati.models import InterventoNelPiano, PianoIntegrato, Scenario
from piani_integrati.services.deroghe import DerogaRifiutata, ritira_deroga
from piani_integrati.services.verifica import segna
from psttm import formati
from registro.azione import azione_corrente
from registro.ripensamenti import Annullato, NonAnnullabile
from registro.services import annota
from registro.storia import CAMBIATA, CREATA, TOLTA, storico_di, versiona

IN_BLOCCO, DEROGA, SCENARIO = "assegnazione in blocco", "deroga registrata", "scenario eliminato"
# What an assignment writes.
MODELLI: tuple[type[Model], ...] = (InterventoNelPiano, LegameDriver, LegameStrategia, Intervento)


def _puo_gestire(autore: Utente) -> None:
    if not consente(Permesso.GESTIRE_PIANI, autore.ruoli):
        raise NonAnnullabile(_("Non gestisci più i piani: ciò che hai fatto resta, e lo può cambiare il coordinatore."))


# --- An assignment ---------------------------------------------------------------------------------------------------


@dataclass
class _Scritte:
    """The rows of a model that an action wrote, by primary key; `prima` and `ultima` are versions (history_id)."""

    ultima: dict[int, int] = field(default_factory=dict)
    create: set[int] = field(default_factory=set)
    tolte: set[int] = field(default_factory=set)
    prima: dict[int, int] = field(default_factory=dict)

    @property
    def cambiate(self) -> list[int]:
        return sorted(self.prima.keys() - self.tolte)


def disfa_in_blocco(autore: Utente, dati: dict[str, Any]) -> Annullato:
    """Bring back what the action `azione` changed: piani, Driver, STTM, bodies."""
    _puo_gestire(autore)
    azione = uuid.UUID(dati["azione"])
    scritte = {modello: _scritte_da(modello, azione) for modello in MODELLI}
    interventi = sorted({pk for modello, righe in scritte.items() for pk in _interventi(modello, righe)})
    if blocca(interventi, autore) != interventi:
        raise NonAnnullabile(_("Intanto qualcuno degli interventi non c'è più: l'assegnazione resta com'è."))
    for modello, righe in scritte.items():
        _non_toccate(modello, righe)
    piani = _piani(scritte[InterventoNelPiano])
    for modello, righe in scritte.items():
        _riporta(modello, righe, autore)
    _dopo(interventi, piani, scritte[Intervento].cambiate, autore)
    testo = ngettext(
        "Assegnazione annullata: un intervento è tornato com'era.",
        "Assegnazione annullata: %(quanti)s interventi sono tornati com'erano.",
        len(interventi),
    )
    return Annullato(testo % {"quanti": formati.numero(len(interventi))})


def _scritte_da(modello: type[Model], azione: uuid.UUID) -> _Scritte:
    versioni = storico_di(modello)._default_manager
    righe = versioni.filter(azione=azione).order_by().values("id").annotate(p=Min("history_id"), u=Max("history_id"))
    estremi = {riga["id"]: (riga["p"], riga["u"]) for riga in righe}
    tipi = dict(versioni.filter(azione=azione).values_list("history_id", "history_type"))
    scritte = _Scritte(ultima={pk: ultima for pk, (_prima, ultima) in estremi.items()})
    scritte.create = {pk for pk, (prima, _ultima) in estremi.items() if tipi[prima] == CREATA}
    scritte.tolte = {pk for pk, (_prima, ultima) in estremi.items() if tipi[ultima] == TOLTA}
    for gruppo in a_blocchi(estremi.keys() - scritte.create):
        di_prima = versioni.filter(id__in=gruppo).order_by("history_id").values_list("id", "history_id")
        scritte.prima.update({pk: versione for pk, versione in di_prima if versione < estremi[pk][0]})
    if estremi.keys() - scritte.create - scritte.prima.keys():
        raise NonAnnullabile(_("Di com'erano prima alcune righe non c'è memoria: l'assegnazione resta com'è."))
    return scritte


def _interventi(modello: type[Model], righe: _Scritte) -> Iterator[int]:
    if modello is Intervento:
        yield from righe.ultima
        return
    versioni = storico_di(modello)._default_manager
    for gruppo in a_blocchi(righe.ultima.values()):
        yield from versioni.filter(history_id__in=gruppo).values_list("intervento", flat=True)


def _non_toccate(modello: type[Model], righe: _Scritte) -> None:
    """Nobody has written these rows since, nor put in another piano what was taken out of its own."""
    versioni = storico_di(modello)._default_manager
    for gruppo in a_blocchi(righe.ultima):
        dopo = versioni.filter(id__in=gruppo).order_by().values("id").annotate(ultima=Max("history_id"))
        if any(ultima != righe.ultima[pk] for pk, ultima in dopo.values_list("id", "ultima")):
            raise _cambiate()
    if modello is InterventoNelPiano:
        usciti = _Scritte(ultima={pk: righe.ultima[pk] for pk in righe.tolte})
        for gruppo in a_blocchi(list(_interventi(modello, usciti))):
            if InterventoNelPiano.objects.filter(intervento__in=gruppo).exclude(pk__in=righe.ultima).exists():
                raise _cambiate()


def _cambiate() -> NonAnnullabile:
    return NonAnnullabile(
        _("Intanto qualcuno ha cambiato alcuni di questi interventi: l'assegnazione resta, e si corregge dall'elenco.")
    )


def _piani(righe: _Scritte) -> list[PianoIntegrato]:
    """The piani that these rows leave or come back to, locked; none of them may be over."""
    versioni = storico_di(InterventoNelPiano)._default_manager
    chiavi: set[int] = set()
    for gruppo in a_blocchi([*righe.ultima.values(), *righe.prima.values()]):
        chiavi.update(versioni.filter(history_id__in=gruppo).values_list("piano", flat=True))
    piani = list(PianoIntegrato.objects.select_for_update().filter(pk__in=chiavi).order_by("pk"))
    for piano in piani:
        if piano.stato in CHIUSI:
            raise NonAnnullabile(
                _("Intanto il piano %(codice)s è %(stato)s: i suoi interventi non si cambiano più.")
                % {"codice": piano.codice, "stato": piano.get_stato_display()}
            )
    return piani


def _riporta(modello: type[Model], righe: _Scritte, autore: Utente) -> None:
    azione = azione_corrente()
    for gruppo in a_blocchi(righe.create - righe.tolte):
        versiona(modello, gruppo, tipo=TOLTA, autore=autore, azione=azione)
        cancella(modello, gruppo)
    for gruppo in a_blocchi(righe.cambiate):
        ripristina(modello, [righe.prima[pk] for pk in gruppo])
        versiona(modello, gruppo, tipo=CAMBIATA, autore=autore, azione=azione)
    campi = [campo.attname for campo in storico_di(modello).tracked_fields]
    for gruppo in a_blocchi(righe.tolte - righe.create):
        vecchie = storico_di(modello)._default_manager.filter(history_id__in=[righe.prima[pk] for pk in gruppo])
        modello._default_manager.bulk_create(
            [modello(**{campo: getattr(vecchia, campo) for campo in campi}) for vecchia in vecchie], batch_size=500
        )
        versiona(modello, gruppo, tipo=CREATA, autore=autore, azione=azione)


def _dopo(interventi: list[int], piani: list[PianoIntegrato], con_ente: list[int], autore: Utente) -> None:
    """What depends on the rows: the text of the search, the judgement of the piani, their registro."""
    adesso = timezone.now()
    for gruppo in a_blocchi(interventi):
        Intervento.objects.filter(pk__in=gruppo).update(aggiornato=adesso)
    ricerca.aggiorna(con_ente)
    # The rows that moved say only where they are now.
    segna([piano.pk for piano in piani])
    for piano in piani:
        annota(piano, "assegnazione annullata", autore=autore)


# --- Waivers and scenarios -------------------------------------------------------------------------------------------


def ritira_la_deroga(autore: Utente, dati: dict[str, Any]) -> Annullato:
    """A waiver recorded by mistake: it stays written, as one that was withdrawn at once."""
    _puo_gestire(autore)
    try:
        deroga = ritira_deroga(
            deroga_id=dati["deroga"], motivo=_("Annullata subito da chi l'aveva registrata."), autore=autore
        )
    except DerogaRifiutata as rifiuto:
        raise NonAnnullabile(str(rifiuto)) from rifiuto
    testo = _("La deroga n. %(numero)s è ritirata: resta nell'elenco, e non vale.") % {"numero": deroga.pk}
    return Annullato(testo, deroga.piano)


def rimetti_lo_scenario(autore: Utente, dati: dict[str, Any]) -> Annullato:
    """Put a deleted scenario back as it was."""
    if dati["autore"] != autore.pk:
        _puo_gestire(autore)
    if not consente(Permesso.SIMULARE, autore.ruoli):
        raise NonAnnullabile(_("Il tuo ruolo non permette più di provare scenari: non è cambiato nulla."))
    chi = Utente.objects.select_for_update().get(pk=dati["autore"])
    piano = PianoIntegrato.objects.get(pk=dati["piano"])
    if Scenario.objects.filter(piano=piano, autore=chi, nome__iexact=dati["nome"]).exists():
        raise NonAnnullabile(
            _("Intanto c'è un altro scenario «%(nome)s»: quello eliminato non torna.") % {"nome": dati["nome"]}
        )
    scenario = Scenario.objects.create(
        piano=piano, autore=chi, **{nome: dati[nome] for nome in ("nome", "modifiche", "creato", "aggiornato")}
    )
    return Annullato(_("Lo scenario «%(nome)s» c'è di nuovo.") % {"nome": scenario.nome}, piano)
