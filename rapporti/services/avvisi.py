"""Telling who asked for a report that it is ready."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from monitoraggio.scelte import TipoAllerta
from monitoraggio.services.allerte import Avviso, avvisa
from psttm import formati
from rapporti.models import Rapporto


def pronto(rapporto: Rapporto) -> None:
    """Once, in the inbox of the person; nobody asked for those that a meeting makes by itself."""
    if rapporto.richiesto_da_id is None:
        return
    titolo = _("Rapporto pronto: %(tipo)s, %(perimetro)s, al %(giorno)s") % {
        "tipo": rapporto.get_tipo_display(),
        "perimetro": rapporto.nome_perimetro,
        "giorno": formati.data_breve(rapporto.al),
    }
    avviso = Avviso(
        tipo=TipoAllerta.RAPPORTO,
        chiave=f"rapporto:{rapporto.codice}",
        titolo=titolo,
        testo="\n".join(rapporto.sintesi[:1]),
        indirizzo=reverse("rapporto", args=[rapporto.codice]),
    )
    avvisa(utenti=[rapporto.richiesto_da_id], avviso=avviso)
