"""The second factor: who must have it, who has it, and what happens when it is taken away."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from enti.models import Utente
from enti.sessioni import chiudi_sessioni
from enti.sicurezza import annota_sicurezza


class AzzeramentoNonAmmesso(Exception):
    """The second factor cannot be taken away; the message says why, to the person who asked."""


def obbligatorio(utente: Utente) -> bool:
    """Whether this person must have it: the staff of Città metropolitana (OWASP ASVS 6.3.3)."""
    return settings.SECONDO_FATTORE_OBBLIGATORIO and utente.personale


def attivo(utente: Utente) -> bool:
    return bool(is_mfa_enabled(utente, [Authenticator.Type.TOTP]))


@transaction.atomic
def azzera(*, utente_id: int, autore: Utente) -> None:
    """Take away the second factor of someone who lost the telephone and the recovery codes.

    Her sessions end; staff will be asked to activate it anew at the next sign-in. Nobody can do it to herself, so
    that a stolen session is not enough to get rid of it. Raises AzzeramentoNonAmmesso.
    """
    utente = Utente.objects.select_for_update().get(pk=utente_id)
    if utente.pk == autore.pk:
        raise AzzeramentoNonAmmesso(
            _("Il proprio secondo fattore non si azzera da soli: chiedi a un altro amministratore.")
        )
    if not attivo(utente):
        raise AzzeramentoNonAmmesso(_("%(persona)s non ha un secondo fattore attivo.") % {"persona": utente})
    Authenticator.objects.filter(user=utente).delete()
    chiudi_sessioni(utente)
    annota_sicurezza(utente, "secondo fattore azzerato", autore=autore)
