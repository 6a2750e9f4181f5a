"""The whole map of addresses. Who may enter is said beside each view, or here for the views of `registro`."""

from django.urls import include, path

import enti.views as enti
import enti.views_ivsm as ivsm
import registro.views as registro
from cruscotto.rotte import rotte as cruscotto
from cruscotto.views import inizio
from enti.accesso import richiede
from enti.permessi import Permesso
from esercizio.dati_personali.rotte import rotte as dati_personali
from esercizio.dati_personali.views import privacy
from esercizio.rotte import metriche, salute, sistema
from interoperabilita.rotte import api, chiavi, documentazione_api, open_data
from interventi.rotte import rotte as interventi
from interventi.rotte import rotte_viste as viste
from interventi.rotte_importazioni import rotte as importazioni
from monitoraggio.rotte import rotte as monitoraggio
from piani_integrati.rotte import rotte as piani
from psttm import views, views_ricerca, views_ripensamenti
from psttm.aiuto import views as aiuto
from psttm.aiuto.rotte import rotte as guida
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
    path("", inizio.home, name="home"),
    path("programma/", views.programma, name="programma"),
    path("cruscotto/", include(cruscotto)),
    path("piano-strategico/", include(piano_strategico)),
    path("territorio/", include(territorio)),
    path("cerca/", views_ricerca.cerca, name="cerca"),
    path("cerca/suggerimenti/", views_ricerca.suggerimenti, name="cerca-suggerimenti"),
    path("interventi/cerca/", views_ricerca.cerca_di_prima, name="interventi-cerca"),
    path("viste/", include(viste)),
    path("annulla/<str:chiave>/", views_ripensamenti.ripensa, name="ripensa"),
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
    path("sistema/", include(sistema)),
    path("salute/", include(salute)),
    path("", include(metriche)),
    path("registro/", legge_registro(registro.registro), name="registro"),
    path("componenti/", views.componenti, name="componenti"),
    path("fonti/", views.fonti, name="fonti"),
    path("glossario/", aiuto.glossario, name="glossario"),
    path("guida/", include(guida)),
    path("privacy/", privacy, name="privacy"),
    path("dati-personali/", include(dati_personali)),
    path("note-legali/", views.pagina_fissa, {"nome": "note_legali"}, name="note-legali"),
    path("accessibilita/", views.pagina_fissa, {"nome": "accessibilita"}, name="accessibilita"),
    path("accesso/", include("enti.rotte_accesso")),
    path("sicurezza/", include("enti.rotte_sicurezza")),
    path("amministrazione/", sito.urls),
]

handler400 = "psttm.errori.richiesta_errata"
handler403 = "psttm.errori.accesso_negato"
handler429 = "psttm.errori.troppe_richieste"
handler404 = "psttm.errori.pagina_inesistente"
handler500 = "psttm.errori.errore_interno"
