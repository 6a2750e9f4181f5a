"""What the monitoring adds to the pages of the rooms below, and to what every room shares."""

from django.utils.translation import gettext_lazy as _

from enti.permessi import Permesso
from interventi.estensioni import aggiungi, aggiungi_vincolo
from interventi.viste import Pagina, aggiungi_pagina, solo
from monitoraggio.estensione_elenco import AGGIUNTA
from monitoraggio.filters.documenti import DocumentoFilter
from monitoraggio.filters.istruttoria import IstruttoriaFilter
from monitoraggio.filters.segnali import SegnaleFilter
from monitoraggio.filters.situazione import SituazioneFilter
from monitoraggio.filters.traguardi import ElencoTraguardiFilter
from monitoraggio.filters.variazioni import VariazioneFilter
from monitoraggio.selectors import segnali, traguardi, variazioni
from monitoraggio.selectors import sezione_situazione as situazione
from monitoraggio.services import ripensamenti
from monitoraggio.services.segnali import OSSERVATI, alla_modifica
from monitoraggio.trovabili import FORNITORI
from monitoraggio.vincoli import solo_per_variazione
from registro.estensioni import Sezione, aggiungi_sezione
from registro.osservatori import osserva
from registro.ricerca import aggiungi_fornitore
from registro.ripensamenti import registra

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
aggiungi_sezione("piano", Sezione("monitoraggio/segnali/sezione.html", segnali.sezione_piano, posto=35))
aggiungi_sezione("intervento", Sezione("monitoraggio/segnali/sezione.html", segnali.sezione_intervento, posto=35))
for fornitore in FORNITORI:
    aggiungi_fornitore(fornitore)
for pagina in (
    Pagina("monitoraggio", _("Monitoraggio"), "monitoraggio", solo([*SituazioneFilter.base_filters, "ordine"])),
    Pagina("traguardi", _("Traguardi"), "traguardi", solo(ElencoTraguardiFilter.base_filters)),
    Pagina("segnali", _("Segnali"), "segnali", solo(SegnaleFilter.base_filters)),
    Pagina("variazioni", _("Variazioni"), "variazioni", solo(VariazioneFilter.base_filters)),
    # Of the documents of any intervento: which one, the page says.
    Pagina("documenti", _("Documenti"), "documenti", solo(DocumentoFilter.base_filters), da_sola=False),
    Pagina(
        "istruttoria",
        _("Istruttoria"),
        "istruttoria",
        solo([*IstruttoriaFilter.base_filters, "per_pagina"]),
        permesso=Permesso.ISTRUIRE_AVANZAMENTI,
    ),
):
    aggiungi_pagina(pagina)
registra(ripensamenti.ALLERTE, ripensamenti.rileggi)
registra(ripensamenti.VISTA, ripensamenti.togli_visto)
registra(ripensamenti.INVIO, ripensamenti.riprendi)
registra(ripensamenti.DOCUMENTO, ripensamenti.rimetti_documento)
registra(ripensamenti.TRAGUARDO, ripensamenti.riporta_traguardo)
registra(ripensamenti.SILENZIO, ripensamenti.riattiva)
for modello in OSSERVATI:
    osserva(modello, alla_modifica)
