"""What the piani add to the pages of the rooms below: the list of interventi and the page of each."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enti.models import Utente
from enti.permessi import Permesso, consente
from interventi.estensioni import Aggiunta, AzioneInBlocco, Colonna, aggiungi
from interventi.models import Intervento
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from piani_integrati.regole import Contesto
from piani_integrati.semaforo import semaforo
from piani_integrati.services import ripensamenti
from piani_integrati.services.verifica import OSSERVATI, alla_modifica
from piani_integrati.trovabili import FORNITORE
from registro.estensioni import Sezione, aggiungi_sezione
from registro.osservatori import osserva
from registro.ricerca import aggiungi_fornitore
from registro.ripensamenti import registra


def codice_del_piano(intervento: Any) -> str:
    """The piano of an intervento read with `con_piano`; "" where there is none."""
    voce = getattr(intervento, "nel_piano", None)
    return voce.piano.codice if voce is not None else ""


def con_piano(interventi: QuerySet[Any]) -> QuerySet[Any]:
    return interventi.select_related("nel_piano__piano")


def voce_di(intervento: Intervento) -> InterventoNelPiano | None:
    """Its place in a piano, read once for all the sections of its page."""
    voci = InterventoNelPiano.objects.select_related("piano__misura")
    prefetch_related_objects([intervento], Prefetch("nel_piano", queryset=voci))
    return getattr(intervento, "nel_piano", None)


def sezione_intervento(intervento: Intervento, utente: AbstractBaseUser | AnonymousUser) -> dict[str, Any] | None:
    """The piano of the intervento; left out where there is none, except for who can give it one."""
    if not isinstance(utente, Utente):
        return None
    voce = voce_di(intervento)
    puo_gestire = consente(Permesso.GESTIRE_PIANI, utente.ruoli)
    if voce is None and not puo_gestire:
        return None
    return {"voce": voce, "intervento": intervento, "puo_gestire": puo_gestire}


def sezione_regole(intervento: Intervento, utente: AbstractBaseUser | AnonymousUser) -> dict[str, Any] | None:
    """How the rules judge an intervento that is in a piano."""
    voce = voce_di(intervento)
    if voce is None or not isinstance(utente, Utente):
        return None
    giorno = Contesto.al_giorno(timezone.localdate())
    return {
        "semaforo": semaforo(intervento, voce.piano, giorno),
        "intervento": intervento,
        "piano": voce.piano,
        "puo_modificare": consente(Permesso.MODIFICARE_INTERVENTI, utente.ruoli),
        "puo_gestire": consente(Permesso.GESTIRE_PIANI, utente.ruoli),
    }


aggiungi(
    Aggiunta(
        filtri={
            "piano": django_filters.ModelChoiceFilter(
                field_name="nel_piano__piano",
                queryset=PianoIntegrato.objects.all(),
                to_field_name="codice",
                label=_("Piano"),
                empty_label=_("Tutti"),
                null_label=_("In nessun piano"),
            )
        },
        colonne=(Colonna("piano", str(_("Piano")), codice_del_piano, ordina="nel_piano__piano__codice"),),
        azioni=(
            AzioneInBlocco(str(_("Assegna a piano, Driver, STTM")), "piani-assegna", Permesso.GESTIRE_PIANI.value),
        ),
        prepara=con_piano,
    )
)
aggiungi_sezione("intervento", Sezione("piani_integrati/sezione_intervento.html", sezione_intervento, posto=10))
aggiungi_sezione("intervento", Sezione("piani_integrati/sezione_regole.html", sezione_regole, posto=20))
for modello in OSSERVATI:
    osserva(modello, alla_modifica)
aggiungi_fornitore(FORNITORE)
registra(ripensamenti.IN_BLOCCO, ripensamenti.disfa_in_blocco)
registra(ripensamenti.DEROGA, ripensamenti.ritira_la_deroga)
registra(ripensamenti.SCENARIO, ripensamenti.rimetti_lo_scenario)
