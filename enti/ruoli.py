"""The roles people have, and the bodies that can give them (dominio, section 1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TipoEnte(models.TextChoices):
    CITTA_METROPOLITANA = "citta_metropolitana", _("Città metropolitana")
    COMUNE = "comune", _("Comune")
    MINISTERO = "ministero", _("Ministero")
    ALTRO = "altro", _("Altro ente")


class Ruolo(models.TextChoices):
    COMPILATORE = "compilatore", _("Compilatore del Comune")
    RESPONSABILE = "responsabile", _("Responsabile del Comune (RUP)")
    ISTRUTTORE = "istruttore", _("Istruttore")
    COORDINATORE = "coordinatore", _("Coordinatore")
    CABINA = "cabina", _("Cabina di regia")
    MINISTERO = "ministero", _("Ministero")
    AMMINISTRATORE = "amministratore", _("Amministratore")


# Staff of Città metropolitana: see everything, and sign in with a second factor.
PERSONALE = frozenset({Ruolo.ISTRUTTORE, Ruolo.COORDINATORE, Ruolo.AMMINISTRATORE})
VEDE_TUTTO = PERSONALE | {Ruolo.CABINA}

# A role is given only by a body of the right kind, so that none is handed out by accident.
RUOLI_PER_TIPO: dict[str, frozenset[Ruolo]] = {
    TipoEnte.CITTA_METROPOLITANA: VEDE_TUTTO,
    TipoEnte.COMUNE: frozenset({Ruolo.COMPILATORE, Ruolo.RESPONSABILE}),
    TipoEnte.MINISTERO: frozenset({Ruolo.MINISTERO}),
    TipoEnte.ALTRO: frozenset({Ruolo.COMPILATORE, Ruolo.RESPONSABILE}),
}
