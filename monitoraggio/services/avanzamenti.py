"""Whole steps in a draft: bring back what the month before said, undo a saving. Each is one more saving."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from enti.models import Utente
from monitoraggio import scheda
from monitoraggio.bozza.precompilazione import celle_adesso, precedente, riporta
from monitoraggio.models import PassoBozza
from monitoraggio.services.bozze import BozzaRifiutata, Salvataggio, salva, trova


@transaction.atomic
def copia_mese_prima(*, avanzamento_id: int, autore: Utente) -> Salvataggio:
    """Put back every value that the month before carries over; what it does not say is left as it is.

    Raises NonTrovato, TransizioneNonPermessa, and BozzaRifiutata where no month comes before.
    """
    avanzamento = trova(avanzamento_id, autore, blocca=True)
    prima = precedente(avanzamento.intervento_id, avanzamento.mese)
    if prima is None:
        raise BozzaRifiutata(_("Di questo intervento non c'è un mese precedente da cui riportare i valori."))
    celle = {cella: testo for cella, testo in riporta(celle_adesso(prima)).items() if testo}
    celle |= {togli: "" for togli in _tolte(celle) if avanzamento.bozza.get(togli)}
    return salva(avanzamento_id=avanzamento.pk, revisione=avanzamento.revisione, celle=celle, autore=autore)


@transaction.atomic
def annulla_passo(*, avanzamento_id: int, revisione: int, autore: Utente) -> Salvataggio:
    """Undo a saving of one's own: each of its cells as it was, unless somebody wrote in it since.

    Raises NonTrovato, TransizioneNonPermessa, and BozzaRifiutata where there is no such saving.
    """
    avanzamento = trova(avanzamento_id, autore, blocca=True)
    passo = PassoBozza.objects.filter(avanzamento=avanzamento, revisione=revisione, autore=autore).first()
    if passo is None or not revisione:
        raise BozzaRifiutata(_("Questo salvataggio non si può annullare: non è tuo, o non c'è."))
    celle = {
        cella: prima or "" for cella, (prima, dopo) in passo.cambi.items() if avanzamento.bozza.get(cella, "") == dopo
    }
    return salva(avanzamento_id=avanzamento.pk, revisione=avanzamento.revisione, celle=celle, autore=autore)


def _tolte(celle: dict[str, str]) -> set[str]:
    """The boxes by which the rows of these cells are taken away."""
    parti = [scheda.leggi_cella(nome) for nome in celle]
    return {scheda.cella(p.sezione.nome, p.riga, scheda.TOLTA) for p in parti if p is not None}
