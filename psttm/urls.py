"""The whole map of addresses. Who may enter is said beside each view, or here for the views of `registro`."""

from django.urls import include, path

import enti.views as enti
import enti.views_ivsm as ivsm
import registro.views as registro
from enti.accesso import richiede
from enti.permessi import Permesso
from interoperabilita.rotte import api, chiavi, documentazione_api, open_data
from interventi.rotte import rotte as interventi
from interventi.rotte_importazioni import rotte as importazioni
from monitoraggio.rotte import rotte as monitoraggio
from piani_integrati.rotte import rotte as piani
from psttm import views
from rapporti.rotte import rotte as rapporti
from registro.amministrazione import sito

segue_lavori = richiede(Permesso.VEDERE_LAVORI)
avvia_lavori = richiede(Permesso.AVVIARE_LAVORI)
legge_registro = richiede(Permesso.LEGGERE_REGISTRO)

piano_strategico = [
    path("", views.piano, name="piano"),
    path("missioni/<int:numero>/", views.missione, name="missione"),
    path("obiettivi/", views.obiettivi, name="obiettivi"),
    path("obiettivi/nuovo/", views.obiettivo_nuovo, name="obiettivo-nuovo"),
    path("obiettivi/<int:missione>/<int:numero>/", views.obiettivo, name="obiettivo"),
    path("obiettivi/<int:missione>/<int:numero>/modifica/", views.obiettivo_modifica, name="obiettivo-modifica"),
    path("obiettivi/<int:missione>/<int:numero>/togli/", views.obiettivo_togli, name="obiettivo-togli"),
    path("driver/<int:numero>/", views.driver, name="driver"),
    path("strategie/<int:numero>/", views.strategia, name="strategia"),
    path("matrice/", views.matrice, name="matrice"),
    path("misure/", views.misure, name="misure"),
    path("attuazione/", views.attuazione, name="attuazione"),
    path("risultati/", views.risultati, name="risultati"),
]

territorio = [
    path("", enti.territorio, name="territorio"),
    path("numeri/", views.numeri, name="numeri"),
    path("comuni/", enti.comuni, name="comuni"),
    path("comuni/<str:codice_istat>/", enti.comune, name="comune"),
    path("zone/<int:numero>/", enti.zona, name="zona"),
    path("ivsm/", ivsm.ivsm, name="ivsm"),
    path("ivsm/importa/", ivsm.importa, name="ivsm-importa"),
    path("ivsm/mediana/", ivsm.mediana, name="ivsm-mediana"),
]

lavori = [
    path("", segue_lavori(registro.lavori), name="lavori"),
    path("prova/", avvia_lavori(registro.lavoro_prova), name="lavoro-prova"),
    path("<int:pk>/", segue_lavori(registro.lavoro), name="lavoro"),
    path("<int:pk>/stato/", segue_lavori(registro.lavoro_stato), name="lavoro-stato"),
    path("<int:pk>/annulla/", avvia_lavori(registro.lavoro_annulla), name="lavoro-annulla"),
    path("<int:pk>/ripeti/", avvia_lavori(registro.lavoro_ripeti), name="lavoro-ripeti"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("piano-strategico/", include(piano_strategico)),
    path("territorio/", include(territorio)),
    path("interventi/", include(interventi)),
    path("piani/", include(piani)),
    path("monitoraggio/", include(monitoraggio)),
    path("rapporti/", include(rapporti)),
    path("importazioni/", include(importazioni)),
    path("api/", include(api)),
    path("chiavi/", include(chiavi)),
    path("open-data/", include(open_data)),
    path("documentazione-api/", include(documentazione_api)),
    path("lavori/", include(lavori)),
    path("registro/", legge_registro(registro.registro), name="registro"),
    path("componenti/", views.componenti, name="componenti"),
    path("fonti/", views.fonti, name="fonti"),
    path("glossario/", views.pagina_fissa, {"nome": "glossario"}, name="glossario"),
    path("privacy/", views.pagina_fissa, {"nome": "privacy"}, name="privacy"),
    path("note-legali/", views.pagina_fissa, {"nome": "note_legali"}, name="note-legali"),
    path("accessibilita/", views.pagina_fissa, {"nome": "accessibilita"}, name="accessibilita"),
    path("accesso/", include("enti.rotte_accesso")),
    path("amministrazione/", sito.urls),
]

handler400 = "psttm.errori.richiesta_errata"
handler403 = "psttm.errori.accesso_negato"
handler429 = "psttm.errori.troppe_richieste"
handler404 = "psttm.errori.pagina_inesistente"
handler500 = "psttm.errori.errore_interno"
