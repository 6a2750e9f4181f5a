"""What the strategic plan, and the help of the portal, add to what every room shares."""

from psttm import services
from psttm.trovabili import FORNITORE
from registro.ricerca import aggiungi_fornitore
from registro.ripensamenti import registra

aggiungi_fornitore(FORNITORE)
registra(services.TOLTO, services.rimetti_obiettivo)
registra(services.CORRETTO, services.riporta_obiettivo)
