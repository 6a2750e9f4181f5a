"""Waivers: recorded by their act, withdrawn with a reason, never edited; the outcome beside them stays what it is."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Utente
from interventi.models import Intervento
from piani_integrati.models import Deroga, InterventoNelPiano, PianoIntegrato
from piani_integrati.regole import PER_CODICE, Livello
from psttm import formati
from registro.services import annota


class DerogaRifiutata(Exception):
    """The waiver cannot be recorded, or withdrawn; `campo` is the field to mend, "" for none in particular."""

    def __init__(self, testo: str, campo: str = "") -> None:
        super().__init__(testo)
        self.campo = campo


@transaction.atomic
def registra_deroga(
    *,
    piano_id: int,
    regola: str,
    intervento_id: int | None,
    atto: str,
    organo: str,
    data: date,
    motivo: str,
    autore: Utente | None,
) -> Deroga:
    """Record a waiver for a piano or one of its interventi. Raises DerogaRifiutata, PianoIntegrato.DoesNotExist."""
    piano = PianoIntegrato.objects.select_for_update().get(pk=piano_id)
    if regola not in PER_CODICE:
        raise DerogaRifiutata(_("«%(regola)s» non è una regola del catalogo.") % {"regola": regola}, "regola")
    if data > timezone.localdate():
        raise DerogaRifiutata(
            _("La data dell'atto (%(data)s) è nel futuro: controllala.") % {"data": formati.data_breve(data)}, "data"
        )
    if intervento_id is not None:
        if PER_CODICE[regola].livello is not Livello.INTERVENTO:
            raise DerogaRifiutata(
                _("Questa regola guarda il piano intero: la deroga non può essere di un solo intervento."), "intervento"
            )
        if not InterventoNelPiano.objects.filter(piano=piano, intervento=intervento_id).exists():
            raise DerogaRifiutata(_("L'intervento non è nel piano %(piano)s.") % {"piano": piano.codice}, "intervento")
    deroga = Deroga.objects.create(
        piano=piano,
        regola=regola,
        intervento_id=intervento_id,
        atto=atto,
        organo=organo,
        data=data,
        motivo=motivo,
        autore=autore,
    )
    annota(
        piano,
        "deroga registrata",
        autore=autore,
        dopo={
            "regola": str(PER_CODICE[regola].titolo),
            "intervento": _codice(intervento_id),
            "atto": atto,
            "organo": organo,
            "data": data,
        },
        nota=motivo,
    )
    return deroga


@transaction.atomic
def ritira_deroga(*, deroga_id: int, motivo: str, autore: Utente | None) -> Deroga:
    """A waiver no longer holds; it stays written, with why. Raises DerogaRifiutata, Deroga.DoesNotExist."""
    deroga = Deroga.objects.select_for_update(of=("self",)).select_related("piano").get(pk=deroga_id)
    if deroga.ritirata_il is not None:
        raise DerogaRifiutata(
            _("La deroga è già stata ritirata il %(quando)s.") % {"quando": formati.data_ora(deroga.ritirata_il)}
        )
    if not motivo.strip():
        raise DerogaRifiutata(_("Manca il motivo: scrivi perché la deroga non vale più."), "motivo")
    deroga.ritirata_il, deroga.ritirata_da, deroga.motivo_ritiro = timezone.now(), autore, motivo.strip()
    deroga.save(update_fields=["ritirata_il", "ritirata_da", "motivo_ritiro"])
    annota(
        deroga.piano,
        "deroga ritirata",
        autore=autore,
        prima={"regola": deroga.regola, "intervento": _codice(deroga.intervento_id), "atto": deroga.atto},
        nota=deroga.motivo_ritiro,
    )
    return deroga


def _codice(intervento_id: int | None) -> str | None:
    if intervento_id is None:
        return None
    return Intervento.objects.only("cup", "clp").get(pk=intervento_id).codice
