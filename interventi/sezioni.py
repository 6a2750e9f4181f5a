"""What the interventi add to the pages of the rooms below."""

from interventi import selectors
from registro.estensioni import Sezione, aggiungi_sezione

aggiungi_sezione("comune", Sezione("interventi/sezione_comune.html", selectors.sezione_comune, posto=10))
