"""The life of a piano: its proposal, written until it is presented, and the passages from a state to another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Utente
from piani_integrati import completezza
from piani_integrati.flusso import StatoPiano, TransizioneNonPermessa, transizione
from piani_integrati.models import Passaggio, PianoIntegrato
from piani_integrati.services.piani import scrivi
from piani_integrati.services.verifica import congela
from psttm import formati
from registro.services import annota
from registro.storia import salva


class AttoRifiutato(Exception):
    """The act cannot be of that day; the text says why."""


class PropostaIncompleta(Exception):
    """Something mandatory is missing: `mancanze` says what and where."""

    def __init__(self, mancanze: completezza.Completezza) -> None:
        super().__init__(
            _("La proposta non si può presentare: dati obbligatori mancanti %(quanti)s.")
            % {"quanti": mancanze.mancanti}
        )
        self.mancanze = mancanze


@transaction.atomic
def salva_proposta(*, piano_id: int, dati: Mapping[str, Any], autore: Utente) -> PianoIntegrato:
    """Keep the proposal as far as it is written. Raises TransizioneNonPermessa once it has been presented."""
    piano = PianoIntegrato.objects.select_for_update().get(pk=piano_id)
    if piano.stato != StatoPiano.BOZZA:
        raise TransizioneNonPermessa(
            _("La proposta è già stata presentata (il piano è «%(stato)s»): per correggerla riportala in bozza.")
            % {"stato": piano.get_stato_display()}
        )
    scrivi(piano, dati, autore=autore, verbo="proposta salvata")
    return piano


@transaction.atomic
def passa(
    *, piano_id: int, passaggio: str, atto: str, organo: str, data: date, nota: str, autore: Utente | None
) -> Passaggio:
    """Make a passage by its act. `presenta` asks for a complete proposal, and freezes the outcomes of the rules.

    Raises TransizioneNonPermessa, PropostaIncompleta, AttoRifiutato, PianoIntegrato.DoesNotExist.
    """
    piano = PianoIntegrato.objects.select_for_update().get(pk=piano_id)
    prima = StatoPiano(piano.stato)
    dopo = transizione(passaggio, prima)
    _controlla_giorno(piano, data)
    if passaggio == "presenta":
        mancanze = completezza.valuta(piano)
        if not mancanze.completa:
            raise PropostaIncompleta(mancanze)
    piano.stato = dopo.a
    if dopo.a in {StatoPiano.PRESENTATO, StatoPiano.BOZZA}:
        piano.presentato_il = data if dopo.a == StatoPiano.PRESENTATO else None
    salva(piano, autore=autore, campi=["stato", "presentato_il"])
    fatto = Passaggio.objects.create(
        piano=piano, da=prima, a=dopo.a, atto=atto, organo=organo, data=data, nota=nota, autore=autore
    )
    if dopo.a == StatoPiano.PRESENTATO:
        congela(passaggio=fatto)
    annota(
        piano,
        dopo.verbo,
        autore=autore,
        prima={"stato": str(prima.label)},
        dopo={"stato": str(dopo.a.label), "atto": atto, "organo": organo, "data": data},
        nota=nota,
    )
    return fatto


def _controlla_giorno(piano: PianoIntegrato, giorno: date) -> None:
    """An act is not of the future, nor older than the act of the passage before."""
    if giorno > timezone.localdate():
        raise AttoRifiutato(
            _("La data dell'atto (%(data)s) è nel futuro: controllala.") % {"data": formati.data_breve(giorno)}
        )
    ultimo = piano.passaggi.order_by("-quando", "-pk").first()
    if ultimo is not None and giorno < ultimo.data:
        raise AttoRifiutato(
            _("La data dell'atto (%(data)s) viene prima di quella del passaggio precedente (%(prima)s): controllala.")
            % {"data": formati.data_breve(giorno), "prima": formati.data_breve(ultimo.data)}
        )
