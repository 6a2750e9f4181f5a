"""What the interventi add to the pages of the rooms below, and to what every room shares."""

from __future__ import annotations

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from enti.models import Utente
from enti.permessi import Permesso
from interventi import selectors
from interventi.elenco import PAGINA, Elenco
from interventi.filters_importazioni import DifferenzeFilter
from interventi.services import viste
from interventi.trovabili import FORNITORI
from interventi.viste import Pagina, aggiungi_pagina, solo
from registro.estensioni import Sezione, aggiungi_sezione
from registro.ricerca import aggiungi_fornitore
from registro.ripensamenti import registra


def _elenco(parametri: QueryDict, utente: Utente) -> str:
    return Elenco(parametri, utente).indirizzo().removeprefix("?")


aggiungi_sezione("comune", Sezione("interventi/sezione_comune.html", selectors.sezione_comune, posto=10))
for fornitore in FORNITORI:
    aggiungi_fornitore(fornitore)
aggiungi_pagina(Pagina(PAGINA, _("Interventi"), "interventi", _elenco, permesso=Permesso.LEGGERE_INTERVENTI))
aggiungi_pagina(
    Pagina(
        "differenze",
        _("Differenze con ReGiS"),
        "differenze",
        solo(DifferenzeFilter.base_filters),
        permesso=Permesso.VEDERE_IMPORTAZIONI,
    )
)
registra(viste.TOLTA, viste.rimetti)
registra(viste.SOSTITUITA, viste.riporta)
