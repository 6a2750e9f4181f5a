"""What whoever administers the portal is told of it, in the inbox: once, and no longer when it is over."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enti.permessi import Permesso
from esercizio.models import Copia, EsitoCopia, Verifica
from monitoraggio.scelte import TipoAllerta
from monitoraggio.selectors.destinatari import dell_ufficio
from monitoraggio.services.allerte import Avviso, avvisa, supera

INTEGRITA, COPIA = "sistema:integrita", "sistema:copia"
_DETTI = 3


def integrita(verifica: Verifica) -> None:
    """Tell what the check found; what the last one found no longer stands where this one finds nothing."""
    quanti = len(verifica.rilievi)
    if not quanti:
        supera(chiavi=[INTEGRITA])
        return
    titolo = ngettext("La verifica di integrità ha %(n)s rilievo", "La verifica di integrità ha %(n)s rilievi", quanti)
    primi = [f"{rilievo['dove']}: {rilievo['problema']}" for rilievo in verifica.rilievi[:_DETTI]]
    _di(INTEGRITA, titolo % {"n": quanti}, "\n".join(primi))


def copia(fatta: Copia) -> None:
    """Tell that the backup failed; that an earlier one had no longer stands where this one succeeded."""
    if fatta.esito == EsitoCopia.RIUSCITA:
        supera(chiavi=[COPIA])
    else:
        _di(COPIA, _("La copia di sicurezza non è riuscita"), fatta.errore)


def _di(chiave: str, titolo: str, testo: str) -> None:
    amministratori = dell_ufficio(Permesso.AMMINISTRARE, oggi=timezone.localdate())
    avviso = Avviso(TipoAllerta.SISTEMA, chiave, titolo, testo, reverse("sistema"))
    avvisa(utenti=amministratori, avviso=avviso)
