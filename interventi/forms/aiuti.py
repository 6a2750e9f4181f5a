"""What stands below the fields of an intervento: what is expected, in which form, where the datum is found."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SUPERFICIE = _("In metri quadrati, dal progetto approvato.")
OBIETTIVO = _("Come dice la relazione DNSH del progetto.")

INTERVENTO = {
    "clp": _("Se non c'è né CUP né codice, il portale ne assegna uno: CMMI-0001 e così via."),
    "submisura": _("Il codice della misura PNRR che lo finanzia: sta nella convenzione o in ReGiS."),
    "titolo": _("Come nel provvedimento che approva il progetto, senza abbreviazioni."),
    "sintesi": _("Che cosa si fa e per chi, in poche frasi che capisca chi non conosce il progetto."),
    "soggetto_attuatore": _("L'ente che inserisce i dati nel portale."),
    "stato_cup": _("Quello che mostra il Sistema CUP (OpenCUP): un CUP revocato o chiuso non è attivo."),
    "classificazione": _("Se non c'è nell'elenco, scrivine i codici qui sotto."),
    "livello_progettuale": _("L'ultimo livello approvato con un atto."),
    "inizio_previsto": _("Dal cronoprogramma approvato."),
    "inizio_effettivo": _("Il giorno in cui è cominciato; vuoto se non è cominciato."),
    "fine_prevista": _("Dal cronoprogramma approvato, collaudo compreso."),
    "fine_effettiva": _("Il giorno in cui è finito; vuoto se non è finito."),
    "linea_finanziamento": _("PNRR, oppure i fondi nazionali su cui è passato."),
    "monitorato_regis": _("Può esserlo anche se i fondi non sono più del PNRR."),
    "finanziamento_totale": _("Va bene in ogni forma: 1.234,56 · 1234.56 · 1 234,56."),
    "finanziamento_pubblico": _("La parte che non viene da privati."),
}
REQUISITI = {
    "edificio": _("Serve alla regola sulle classi energetiche: con «No» la regola non riguarda l'intervento."),
    "classe_prima": _("Dall'attestato di prestazione energetica (APE) dello stato di fatto."),
    "classe_dopo": _("Dall'APE di progetto o, a lavori finiti, da quello depositato."),
    "edificato_prima": SUPERFICIE,
    "edificato_dopo": SUPERFICIE,
    "verde_prima": SUPERFICIE,
    "verde_dopo": SUPERFICIE,
    "mq_beneficiari": _("In metri quadrati: l'area che usa il nuovo spazio o servizio, dal progetto."),
    "inclusione": _("Quali misure e dove stanno nel progetto, per esempio: percorsi tattili, ascensore."),
    "startup": _("Servizi pubblici nuovi che nascono con l'intervento."),
    "startup_descrizione": _("Solo se hai risposto «Sì»: quali servizi, e chi li gestisce."),
    "terzo_settore": _("Se enti del terzo settore hanno preso parte alla progettazione (art. 55 D.Lgs. 117/2017)."),
    "terzo_settore_descrizione": _("Solo se hai risposto «Sì»: il nome degli enti e l'atto."),
}
DNSH = {
    "regime": _("Regime 1: contribuisce all'obiettivo ambientale. Regime 2: non gli arreca danno."),
    "mitigazione": OBIETTIVO,
    "adattamento": OBIETTIVO,
    "acque": OBIETTIVO,
    "economia_circolare": OBIETTIVO,
    "inquinamento": OBIETTIVO,
    "biodiversita": OBIETTIVO,
    "checklist_ex_ante": _("La data della check-list, prima dell'avvio dei lavori."),
    "checklist_ex_post": _("La data della check-list, a lavori finiti."),
}
CLASSIFICAZIONE = {
    "natura": _("La prima voce della classificazione sul tracciato del CUP."),
    "tipologia": _("Due cifre, dal tracciato del CUP."),
    "tipologia_nome": _("Come sta scritta nel Sistema CUP."),
    "settore": _("Due cifre."),
    "settore_nome": _("Come sta scritto nel Sistema CUP."),
    "sottosettore": _("Due cifre."),
    "sottosettore_nome": _("Come sta scritto nel Sistema CUP."),
    "categoria": _("Tre cifre."),
    "categoria_nome": _("Come sta scritta nel Sistema CUP."),
}
LOCALIZZAZIONE = {
    "comune": _("Se è fuori, anche la provincia: Pavia (PV)."),
    "cap": _("Cinque cifre."),
}
PROCEDURA = {
    "cig": _("Dieci caratteri, sulla lettera d'invito o in BDNCP."),
    "oggetto": _("Come sta nel bando o nella lettera d'invito."),
    "importo": _("La base di gara in euro, senza IVA."),
    "importo_aggiudicato": _("In euro, dopo il ribasso e senza IVA."),
    "pubblicata": _("Il giorno del bando o dell'invito."),
    "aggiudicata": _("La data dell'atto di aggiudicazione; vuota se manca."),
    "motivo_assenza": _("Solo se il CIG non c'è, per esempio: affidamento in house."),
}
LEGAME = {"motivo": _("Da quale atto o parte del progetto si vede.")}
