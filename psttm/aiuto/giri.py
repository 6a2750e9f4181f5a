"""The guided tours, one for each role: what to look at first on the Cruscotto, and where the work is then done."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from enti.ruoli import Ruolo
from psttm.aiuto.tipi import Giro, Passo

MENU = Passo(
    ".menu-voci, .menu-portale",
    _("Il menu"),
    _("Da qui si va alle altre parti del portale. Vedi soltanto quelle che servono al tuo ruolo."),
)
CERCA = Passo(
    ".testata-cerca",
    _("Cerca da ogni pagina"),
    _("Scrivi un CUP, un CIG, un titolo, un Comune o un nome. Con il tasto / ci arrivi senza il mouse."),
)
ALLERTE = Passo(
    ".testata-allerte",
    _("Le allerte"),
    _("Il numero dice quanti messaggi ti aspettano: termini vicini, avanzamenti tornati, risposte."),
    "allerte",
)
PIEDE = Passo(
    ".piede",
    _("Se ti serve aiuto"),
    _(
        "In fondo a ogni pagina c'è la guida di quella pagina. Le parole sottolineate a puntini si spiegano da sole: "
        "premile. Questo giro si rifà dal menu con il tuo nome."
    ),
    "guida",
)
FILTRI = Passo(
    "form.filtri",
    _("I filtri valgono per tutta la pagina"),
    _("Piano, Driver, STTM, zona e Comune cambiano insieme cifre, disegni ed elenchi; restano scritti nell'indirizzo."),
)
CIFRE = Passo(
    "#cifre",
    _("Le cifre si aprono"),
    _("Ogni cifra porta all'elenco degli interventi che la compongono, con gli stessi filtri e lo stesso giorno."),
)
TEMPO = Passo(
    ".tempo",
    _("Com'era quel giorno"),
    _("«Leggi al» mostra la pagina a un altro giorno, anche come la si conosceva allora."),
)
ATTENZIONE = Passo(
    "#da-seguire",
    _("Da seguire"),
    _("Gli interventi più a rischio, con la ragione in parole. Un segnale che non serve si mette da parte."),
    "segnali",
)
PROSSIMO = Passo(
    ".prossima",
    _("La prossima cosa da fare"),
    _("Una sola, la più urgente, con il suo pulsante. Fatta quella, compare la seguente."),
)
SCHEDE = Passo(
    ".schede-comune",
    _("I tuoi interventi"),
    _("Una scheda per intervento: a che punto è, che cosa scade, che cosa è tornato, che cosa non va."),
)
ATTESE = Passo(
    "#titolo-altre",
    _("Le altre cose da fare"),
    _("I mesi da inviare, ciò che è tornato da correggere, i messaggi senza risposta: dal più urgente."),
    "attese",
)
FOGLIO = Passo(
    ".menu-voci, .menu-portale",
    _("Molti interventi? Usa il foglio"),
    _("Nel Monitoraggio, «Foglio di calcolo» scarica tutte le bozze del mese in un file: lo compili e lo ricarichi."),
    "foglio",
)
CODA = Passo(
    "#coda",
    _("Da decidere"),
    _("Gli avanzamenti inviati che aspettano, prima i più vecchi; poi correzioni, variazioni e messaggi."),
    "istruttoria",
)
QUALITA = Passo(
    "#qualita",
    _("Dati che mancano"),
    _("Che cosa manca, e a quanti interventi: una cifra vale quanto i dati da cui viene."),
)
RAPPORTI = Passo(
    ".menu-voci, .menu-portale",
    _("I rapporti"),
    _("In Rapporti trovi i PDF per le riunioni: ogni cifra si apre, e chi riceve il file può verificarlo."),
    "rapporti",
)
SISTEMA = Passo(
    "#titolo-amministratore",
    _("Da curare"),
    _("Le persone senza ruolo, i ruoli e le chiavi che scadono, i lavori non riusciti: ciò che tocca a te."),
    "lavori",
)
UTENTI = Passo(
    ".menu-persona",
    _("Utenti e chiavi"),
    _("Nel menu con il tuo nome: Amministrazione per persone e ruoli, Chiavi dell'API per i programmi degli altri."),
)

GIRI = (
    Giro(Ruolo.COORDINATORE, (CIFRE, FILTRI, TEMPO, ATTENZIONE, CODA, QUALITA, PIEDE)),
    Giro(Ruolo.ISTRUTTORE, (CODA, ATTENZIONE, CIFRE, FILTRI, CERCA, ALLERTE, PIEDE)),
    Giro(Ruolo.AMMINISTRATORE, (SISTEMA, UTENTI, CIFRE, CERCA, MENU, PIEDE)),
    Giro(Ruolo.CABINA, (CIFRE, FILTRI, TEMPO, ATTENZIONE, RAPPORTI, PIEDE)),
    Giro(Ruolo.RESPONSABILE, (PROSSIMO, ATTESE, SCHEDE, ALLERTE, CERCA, PIEDE)),
    Giro(Ruolo.COMPILATORE, (PROSSIMO, ATTESE, SCHEDE, FOGLIO, ALLERTE, PIEDE)),
)
PER_RUOLO = {giro.ruolo.value: giro for giro in GIRI}


def giro_di(ruoli: Collection[str]) -> Giro | None:
    """The tour of a person: that of the first of her roles, in the order of `GIRI`; a ministry has no pages."""
    return next((giro for giro in GIRI if giro.ruolo in ruoli), None)
