"""What the Cruscotto hears of the rooms below, and its pages among those that people save views of."""

from django.utils.translation import gettext_lazy as _

from cruscotto.services.marche import OSSERVATI, alla_modifica
from cruscotto.tipi import Dimensione
from interventi.viste import Pagina, aggiungi_pagina, solo
from monitoraggio.tempo import PARAMETRI
from registro.osservatori import osserva

# Which interventi, on which day, told by what: the same names on the three pages.
TENUTI = (*Dimensione.values, *PARAMETRI, "per", "da", "a", "misura", "mostra", "q", "ordine", "apri")

for modello in OSSERVATI:
    osserva(modello, alla_modifica)
for pagina in (
    Pagina("cruscotto", _("Cruscotto"), "cruscotto", solo(TENUTI), apre=True),
    Pagina("tempi", _("Tempi"), "tempi", solo(TENUTI)),
    Pagina("mappa", _("Mappa"), "mappa", solo(TENUTI)),
):
    aggiungi_pagina(pagina)
