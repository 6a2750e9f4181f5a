"""What the bodies and their people add to what every room shares."""

from enti.trovabili import FORNITORE
from registro.ricerca import aggiungi_fornitore

aggiungi_fornitore(FORNITORE)
