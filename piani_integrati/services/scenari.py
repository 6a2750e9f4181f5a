"""Scenarios: kept, changed, deleted. They touch nothing of the piano that they are about, but its registro."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Utente
from piani_integrati.models import PianoIntegrato, Scenario
from piani_integrati.scenari import conta, da_json, in_json
from piani_integrati.selectors_scenari import puo_cambiare
from psttm import formati
from registro.services import annota


class ScenarioRifiutato(Exception):
    """The scenario cannot be saved, or deleted; `campo` is the field to mend, "" for none in particular."""

    def __init__(self, testo: str, campo: str = "") -> None:
        super().__init__(testo)
        self.campo = campo


@transaction.atomic
def salva_scenario(
    *,
    piano_id: int,
    nome: str,
    modifiche: Mapping[str, Any],
    autore: Utente,
    scenario_id: int | None = None,
    visto_alle: datetime | None = None,
) -> Scenario:
    """Keep these changes (`Scenario.modifiche`) under a name: a new scenario, or the one named by `scenario_id`.

    That one was seen at `visto_alle` (its `aggiornato` then); only who wrote it, or runs the piani, changes it. Raises
    ScenarioRifiutato, PianoIntegrato.DoesNotExist, Scenario.DoesNotExist.
    """
    piano = PianoIntegrato.objects.get(pk=piano_id)
    scenario = Scenario(piano=piano, autore=autore) if scenario_id is None else _suo(scenario_id, autore, piano_id)
    if visto_alle is not None and scenario.aggiornato != visto_alle:
        raise ScenarioRifiutato(
            _("Questo scenario è stato salvato il %(quando)s, mentre lo stavi provando: salva il tuo come nuovo.")
            % {"quando": formati.data_ora(scenario.aggiornato)}
        )
    pulite = da_json(modifiche)
    if pulite.vuote:
        raise ScenarioRifiutato(_("Non c'è nulla da salvare: uno scenario senza modifiche è la situazione attuale."))
    nome = " ".join(nome.split())
    if not nome:
        raise ScenarioRifiutato(_("Manca il nome: serve per ritrovare lo scenario."), "nome")
    _senza_omonimi(scenario, nome, autore)
    prima = None if scenario_id is None else _leggibile(scenario)
    scenario.nome, scenario.modifiche, scenario.aggiornato = nome, in_json(pulite), timezone.now()
    scenario.save()
    annota(piano, "scenario salvato", autore=autore, prima=prima, dopo=_leggibile(scenario))
    return scenario


@transaction.atomic
def elimina_scenario(*, scenario_id: int, autore: Utente) -> dict[str, Any]:
    """Delete a scenario; what it was, to put it back.

    Raises ScenarioRifiutato when it is not hers to delete, Scenario.DoesNotExist.
    """
    scenario = _suo(scenario_id, autore)
    annota(scenario.piano, "scenario eliminato", autore=autore, prima=_leggibile(scenario))
    scenario.delete()
    return {
        "piano": scenario.piano_id,
        "autore": scenario.autore_id,
        "nome": scenario.nome,
        "modifiche": scenario.modifiche,
        # To the microsecond, which JSON would not keep.
        "creato": scenario.creato.isoformat(),
        "aggiornato": scenario.aggiornato.isoformat(),
    }


def _suo(scenario_id: int, utente: Utente, piano_id: int | None = None) -> Scenario:
    """The scenario, locked, if this person may change it."""
    scelti = Scenario.objects.select_for_update(of=("self",)).select_related("piano", "autore")
    scenario = scelti.get(pk=scenario_id) if piano_id is None else scelti.get(pk=scenario_id, piano=piano_id)
    if not puo_cambiare(scenario, utente):
        raise ScenarioRifiutato(
            _("Lo scenario «%(nome)s» è di %(autore)s: lo cambia soltanto chi l'ha scritto, o chi gestisce i piani.")
            % {"nome": scenario.nome, "autore": scenario.autore}
        )
    return scenario


def _senza_omonimi(scenario: Scenario, nome: str, autore: Utente) -> None:
    """One name, one scenario of a person in a piano. The lock keeps two saves from passing each other."""
    Utente.objects.select_for_update().get(pk=scenario.autore_id)
    omonimi = Scenario.objects.filter(piano=scenario.piano_id, autore=scenario.autore_id, nome__iexact=nome)
    if omonimi.exclude(pk=scenario.pk).exists():
        if scenario.autore_id == autore.pk:
            frase = _("Hai già uno scenario «%(nome)s» in questo piano: scegli un altro nome.") % {"nome": nome}
        else:
            frase = _("%(chi)s ha già uno scenario «%(nome)s» in questo piano: scegli un altro nome.") % {
                "chi": scenario.autore,
                "nome": nome,
            }
        raise ScenarioRifiutato(frase, "nome")


def _leggibile(scenario: Scenario) -> dict[str, Any]:
    return {"scenario": scenario.nome, "modifiche": conta(da_json(scenario.modifiche))}
