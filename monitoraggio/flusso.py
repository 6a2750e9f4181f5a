"""The life of an avanzamento and of a variazione on one screen: states, passages, and who may make each."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from enti.permessi import Permesso


class StatoAvanzamento(models.TextChoices):
    BOZZA = "bozza", _("in bozza")
    INVIATO = "inviato", _("inviato")
    APPROVATO = "approvato", _("approvato")
    RESTITUITO = "restituito", _("restituito")


class StatoVariazione(models.TextChoices):
    RICHIESTA = "richiesta", _("da decidere")
    ACCOLTA = "accolta", _("accolta")
    RESPINTA = "respinta", _("respinta")
    RITIRATA = "ritirata", _("ritirata")


# Shape and colour of each state, among the marks that every page uses (`portale.SEGNI`).
SEGNI: dict[str, str] = {
    StatoAvanzamento.BOZZA: "non_avviato",
    StatoAvanzamento.INVIATO: "in_corso",
    StatoAvanzamento.APPROVATO: "concluso",
    StatoAvanzamento.RESTITUITO: "a_rischio",
    StatoVariazione.RICHIESTA: "in_corso",
    StatoVariazione.ACCOLTA: "concluso",
    StatoVariazione.RESPINTA: "fallito",
    StatoVariazione.RITIRATA: "annullato",
}
# What is still being written or examined: at most one of these per intervento and month.
APERTI = (StatoAvanzamento.BOZZA, StatoAvanzamento.INVIATO, StatoAvanzamento.RESTITUITO)
# What the Comune may write into.
SCRIVIBILI = (StatoAvanzamento.BOZZA, StatoAvanzamento.RESTITUITO)


@dataclass(frozen=True)
class Transizione:
    """One passage: from which states, to which; the words for the button and for the registro."""

    da: frozenset[str]
    a: str
    etichetta: str | Promise
    verbo: str
    # Whether whoever makes it must say why.
    motivo: bool = False
    # Whether it is refused to who entered the data.
    da_altri: bool = False


AVANZAMENTO: dict[str, Transizione] = {
    "invia": Transizione(
        frozenset(SCRIVIBILI), StatoAvanzamento.INVIATO, _("Invia alla Città metropolitana"), "inviato"
    ),
    "ritira": Transizione(
        frozenset({StatoAvanzamento.INVIATO}), StatoAvanzamento.BOZZA, _("Riprendi in bozza"), "ripreso in bozza"
    ),
    "approva": Transizione(
        frozenset({StatoAvanzamento.INVIATO}), StatoAvanzamento.APPROVATO, _("Approva"), "approvato", da_altri=True
    ),
    "restituisci": Transizione(
        frozenset({StatoAvanzamento.INVIATO}), StatoAvanzamento.RESTITUITO, _("Restituisci"), "restituito", motivo=True
    ),
    "sblocca": Transizione(
        frozenset({StatoAvanzamento.INVIATO}), StatoAvanzamento.BOZZA, _("Sblocca"), "sbloccato", motivo=True
    ),
}
VARIAZIONE: dict[str, Transizione] = {
    "accogli": Transizione(
        frozenset({StatoVariazione.RICHIESTA}), StatoVariazione.ACCOLTA, _("Accogli"), "accolta", da_altri=True
    ),
    "respingi": Transizione(
        frozenset({StatoVariazione.RICHIESTA}),
        StatoVariazione.RESPINTA,
        _("Respingi"),
        "respinta",
        motivo=True,
        da_altri=True,
    ),
    "ritira": Transizione(
        frozenset({StatoVariazione.RICHIESTA}), StatoVariazione.RITIRATA, _("Ritira la richiesta"), "ritirata"
    ),
}

# Who may make each passage. Of whose interventi is another matter: `monitoraggio.poteri`.
CHI_AVANZAMENTO: dict[str, Permesso] = {
    "invia": Permesso.INVIARE_AVANZAMENTI,
    "ritira": Permesso.INVIARE_AVANZAMENTI,
    "approva": Permesso.ISTRUIRE_AVANZAMENTI,
    "restituisci": Permesso.ISTRUIRE_AVANZAMENTI,
    "sblocca": Permesso.ISTRUIRE_AVANZAMENTI,
}
CHI_VARIAZIONE: dict[str, Permesso] = {
    "accogli": Permesso.DECIDERE_VARIAZIONI,
    "respingi": Permesso.DECIDERE_VARIAZIONI,
    "ritira": Permesso.CHIEDERE_VARIAZIONI,
}


class TransizioneNonPermessa(Exception):
    """The passage cannot be made; the text, in Italian, says why and what to do."""


def controlla(tabella: dict[str, Transizione], passaggio: str, stato: str, motivo: str = "") -> Transizione:
    """The passage, if it starts from this state and says why where it must. Raises TransizioneNonPermessa."""
    transizione = tabella[passaggio]
    if stato not in transizione.da:
        nome = dict(StatoAvanzamento.choices + StatoVariazione.choices)[stato]
        raise TransizioneNonPermessa(
            _t("«%(passaggio)s» non si può: lo stato è già «%(stato)s». Ricarica la pagina per vedere com'è adesso.")
            % {"passaggio": transizione.etichetta, "stato": nome}
        )
    if transizione.motivo and not motivo.strip():
        raise TransizioneNonPermessa(
            _t("Per «%(passaggio)s» serve il motivo: scrivilo in modo che chi lo legge sappia che cosa fare.")
            % {"passaggio": transizione.etichetta}
        )
    return transizione
