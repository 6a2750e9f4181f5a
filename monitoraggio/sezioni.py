"""What the monitoring adds to the pages of the rooms below."""

from interventi.estensioni import aggiungi, aggiungi_vincolo
from monitoraggio.estensione_elenco import AGGIUNTA
from monitoraggio.selectors import sezione_situazione as situazione
from monitoraggio.selectors import traguardi, variazioni
from monitoraggio.vincoli import solo_per_variazione
from registro.estensioni import Sezione, aggiungi_sezione

aggiungi_sezione("misure", Sezione("monitoraggio/traguardi/sezione.html", traguardi.sezione_misure, posto=50))
aggiungi_sezione("piano", Sezione("monitoraggio/traguardi/sezione.html", traguardi.sezione_piano, posto=50))
aggiungi_sezione("intervento", Sezione("monitoraggio/traguardi/sezione.html", traguardi.sezione_intervento, posto=50))
aggiungi_sezione("intervento", Sezione("monitoraggio/variazioni/sezione.html", variazioni.sezione_intervento, posto=60))
aggiungi_vincolo(solo_per_variazione)
aggiungi_sezione("piano", Sezione("monitoraggio/situazione/sezione_piano.html", situazione.sezione_piano, posto=40))
aggiungi_sezione(
    "intervento", Sezione("monitoraggio/situazione/sezione_intervento.html", situazione.sezione_intervento, posto=40)
)
aggiungi(AGGIUNTA)
