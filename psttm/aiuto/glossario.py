"""The words of the portal, each with one meaning: the glossary and the terms in the pages are made of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from psttm import formati

Testo = str | Promise


@dataclass(frozen=True)
class Termine:
    """A word: `ancora` is its place on the page, and the name by which templates call it; `vedi`, other anchors."""

    ancora: str
    nome: Testo
    definizione: Testo
    vedi: tuple[str, ...] = ()
    fonte: Testo = ""
    # A name that keeps its capital in the middle of a sentence.
    proprio: bool = False

    @property
    def nel_testo(self) -> str:
        """The word as it stands in the middle of a sentence: "Traguardo" is "traguardo", "ReGiS" and "SPI(t)" stay."""
        nome = str(self.nome)
        return nome if self.proprio or not nome[1:2].islower() else formati.lower_iniziale(nome)


TERMINI = (
    Termine(
        "allerta",
        _("Allerta"),
        _("Un messaggio che il portale manda a una persona: un termine vicino, un avanzamento tornato, una risposta."),
        ("segnale",),
    ),
    Termine(
        "avanzamento",
        _("Avanzamento"),
        _(
            "Ciò che un Comune comunica ogni mese di un suo intervento: fasi, lavori, spese, criticità. È in bozza, "
            "inviato, restituito o approvato; una correzione è una nuova versione."
        ),
        ("situazione", "istruttoria"),
    ),
    Termine(
        "avanzamento-finanziario",
        _("Avanzamento finanziario"),
        _("Quanta parte del finanziamento è stata pagata."),
        ("avanzamento-fisico", "pagamento"),
    ),
    Termine(
        "avanzamento-fisico",
        _("Avanzamento fisico"),
        _("Quanta parte dei lavori o delle forniture è fatta, da 0 a 100; non dice quanto è stato pagato."),
        ("avanzamento-finanziario", "sal"),
    ),
    Termine(
        "avviso",
        _("Avviso"),
        _("Un rilievo che non ferma l'invio, ma vuole una parola di spiegazione."),
        ("rilievo",),
    ),
    Termine(
        "cabina",
        _("Cabina di regia"),
        _("L'organo che segue l'attuazione del PNRR nella Città metropolitana."),
        proprio=True,
    ),
    Termine(
        "cig",
        _("CIG"),
        _("Codice identificativo di gara: i dieci caratteri che distinguono una procedura di affidamento."),
        ("cup",),
    ),
    Termine(
        "classificazione",
        _("Classificazione CUP"),
        _("Natura e tipologia, poi settore, sottosettore e categoria: dicono che genere di progetto è."),
        ("cup",),
    ),
    Termine(
        "clp",
        _("CLP"),
        _(
            "Codice locale progetto: il nome del progetto nel sistema di chi lo attua. ReGiS distingue gli interventi "
            "per CUP, CLP e submisura."
        ),
        ("cup", "submisura", "regis"),
        proprio=True,
    ),
    Termine(
        "belfiore",
        _("Codice catastale (Belfiore)"),
        _("Le quattro lettere e cifre che identificano un Comune al catasto, per esempio F205 per Milano."),
    ),
    Termine(
        "criticita",
        _("Criticità"),
        _("Un problema che può ritardare o cambiare un intervento, con chi se ne occupa ed entro quando."),
        ("segnale",),
    ),
    Termine(
        "cruscotto",
        _("Cruscotto"),
        _("La prima pagina dopo l'accesso: per chi segue il programma com'è messo, per un Comune che cosa deve fare."),
    ),
    Termine(
        "cup",
        _("CUP"),
        _("Codice unico di progetto: i quindici caratteri che identificano un progetto di investimento pubblico."),
        ("cig", "clp"),
        _("art. 11, legge 3/2003"),
    ),
    Termine(
        "curva-s",
        _("Curva S"),
        _(
            "La linea che mese per mese somma ciò che era previsto e ciò che è fatto: parte piano, accelera, rallenta. "
            "La distanza fra le due dice il ritardo."
        ),
        ("valore-guadagnato", "ritmo"),
    ),
    Termine(
        "deroga",
        _("Deroga"),
        _(
            "Un atto che ammette un piano, o un suo intervento, benché una regola non sia rispettata: sta accanto "
            "all'esito e non lo cambia."
        ),
        ("regola", "esito"),
    ),
    Termine(
        "differenza",
        _("Differenza"),
        _("Un dato inserito nel portale che ReGiS riporta diverso: resta il nostro finché qualcuno non sceglie."),
        ("importazione", "regis"),
    ),
    Termine(
        "dnsh",
        _("DNSH"),
        _("Il principio europeo di «non arrecare un danno significativo» ai sei obiettivi ambientali."),
        (),
        _("art. 17, regolamento (UE) 2020/852"),
    ),
    Termine("documento", _("Documento"), _("Un atto o un giustificativo allegato a un intervento.")),
    Termine(
        "driver-voce",
        _("Driver"),
        _("Uno dei dieci filoni di lavoro prioritari del Piano strategico."),
        ("sttm",),
        proprio=True,
    ),
    Termine(
        "dup",
        _("DUP"),
        _("Documento unico di programmazione: rende operativo il Piano strategico e ne segue l'attuazione."),
        ("psttm-voce",),
        proprio=True,
    ),
    Termine(
        "economia",
        _("Economia"),
        _("Una somma del finanziamento che non serve più, registrata con un atto."),
        ("variazione",),
    ),
    Termine(
        "esito",
        _("Esito"),
        _("Il risultato di una regola: conforme, non conforme, non determinabile, non applicabile."),
        ("regola", "deroga"),
    ),
    Termine(
        "fase",
        _("Fase"),
        _(
            "Un passo dell'iter di un intervento, dallo studio di fattibilità al collaudo, con date previste, stimate "
            "ed effettive."
        ),
        ("piano-iniziale", "proroga"),
    ),
    Termine(
        "fine-stimata",
        _("Fine stimata"),
        _(
            "Il giorno in cui una fase finirà secondo chi la segue, o secondo il ritmo tenuto finora. La fine "
            "prevista, invece, è quella approvata."
        ),
        ("ritmo", "proroga"),
    ),
    Termine(
        "foi",
        _("FOI"),
        _(
            "L'indice ISTAT dei prezzi al consumo per le famiglie di operai e impiegati: con esso si portano all'anno "
            "voluto i valori di anni diversi."
        ),
        ("ivsm",),
    ),
    Termine(
        "gantt",
        _("Gantt"),
        _(
            "Il disegno dei tempi: una riga per fase, con il piano iniziale, la previsione di oggi, ciò che è avvenuto "
            "e la linea del giorno."
        ),
        ("piano-iniziale", "fine-stimata"),
        proprio=True,
    ),
    Termine(
        "impegno",
        _("Impegno"),
        _("La somma che un ente vincola a favore di qualcuno; un disimpegno la libera."),
        ("pagamento",),
    ),
    Termine(
        "importazione",
        _("Importazione"),
        _("Il caricamento di uno o più file di ReGiS: prima una prova che non scrive, poi la conferma."),
        ("differenza",),
    ),
    Termine(
        "indicatore",
        _("Indicatore"),
        _(
            "Una quantità che l'intervento deve raggiungere: per i PUI gli interventi completati (T0146) e i metri "
            "quadrati (T0039)."
        ),
        ("traguardo",),
    ),
    Termine(
        "intervento",
        _("Intervento"),
        _("Un'opera o un'azione con un CUP; può far parte di un piano, o di nessuno."),
        ("cup", "piano-integrato"),
        proprio=True,
    ),
    Termine(
        "istruttoria",
        _("Istruttoria"),
        _(
            "L'esame di un avanzamento inviato: chi istruisce lo approva, lo restituisce con un motivo o lo riapre. "
            "Non può farlo chi lo ha compilato."
        ),
        ("avanzamento",),
    ),
    Termine(
        "ivsm",
        _("IVSM"),
        _(
            "Indice di vulnerabilità sociale e materiale dell'ISTAT: più è alto, più il territorio è fragile. L'Italia "
            "vale circa 99."
        ),
    ),
    Termine(
        "lacuna",
        _("Lacuna"),
        _("Un dato che manca e senza il quale una cifra o una regola non si può calcolare: la pagina dice quale."),
        ("esito", "rilievo"),
    ),
    Termine(
        "linea-finanziamento",
        _("Linea di finanziamento"),
        _("PNRR o fondi nazionali. Un intervento uscito dal PNRR può restare monitorato in ReGiS."),
        ("regis",),
    ),
    Termine(
        "lum",
        _("LUM"),
        _(
            "Luoghi urbani per la mobilità: le aree attorno alle fermate, 400 metri per quelle di rilevanza "
            "metropolitana e 200 per quelle di rilevanza sovracomunale."
        ),
        ("sttm",),
    ),
    Termine(
        "missione-voce",
        _("Missione"),
        _("Uno dei sei capitoli del PNRR, lungo i quali il Piano strategico ordina i suoi obiettivi."),
        ("psttm-voce",),
        proprio=True,
    ),
    Termine(
        "pagamento",
        _("Pagamento"),
        _("Un mandato pagato su un impegno; un recupero lo riduce."),
        ("impegno", "avanzamento-finanziario"),
    ),
    Termine(
        "perimetro",
        _("Perimetro"),
        _("Quali interventi si contano: il programma intero, un piano, una zona, un Comune, un Driver o una STTM."),
        ("rapporto",),
    ),
    Termine(
        "piano-costi",
        _("Piano dei costi"),
        _("Anno per anno, quanto è stato realizzato e quanto resta da realizzare."),
        ("quadro",),
    ),
    Termine(
        "piano-iniziale",
        _("Piano iniziale"),
        _(
            "Le date e gli importi approvati per primi (in inglese baseline): con essi si confronta ciò che accade. "
            "Una proroga o una variante non lo cancella."
        ),
        ("fine-stimata", "proroga"),
    ),
    Termine(
        "psttm-voce",
        _("Piano strategico (PSTTM)"),
        _("Piano strategico triennale del territorio metropolitano."),
        ("missione-voce", "driver-voce", "sttm"),
        _("art. 1, comma 44, legge 56/2014"),
    ),
    Termine(
        "piano-integrato",
        _("Piano urbano integrato (PUI)"),
        _("Un insieme coordinato di interventi di rigenerazione urbana finanziato dal PNRR (M5C2, investimento 2.2)."),
        ("proposta", "regola"),
        _("art. 21, DL 152/2021"),
    ),
    Termine("pinqua", _("PINQuA"), _("Programma innovativo nazionale per la qualità dell'abitare.")),
    Termine(
        "proposta",
        _("Proposta"),
        _("Un piano in bozza, con i suoi interventi e le dichiarazioni richieste, prima di essere presentato."),
        ("piano-integrato", "scenario"),
    ),
    Termine(
        "proroga",
        _("Proroga"),
        _("La variazione che sposta la scadenza di un traguardo o la fine prevista di una fase."),
        ("variazione",),
    ),
    Termine(
        "quadro",
        _("Quadro economico"),
        _("Come si divide il costo di un intervento: lavori, sicurezza, spese tecniche, imposte e altre voci."),
        ("variazione",),
    ),
    Termine(
        "rapporto",
        _("Rapporto"),
        _("Un documento in PDF sulla situazione a un giorno: la stessa domanda dà sempre lo stesso file."),
        ("perimetro", "situazione"),
    ),
    Termine(
        "regis",
        _("ReGiS"),
        _("Il sistema nazionale con cui si rendiconta il PNRR."),
        ("importazione",),
        _("art. 1, comma 1043, legge 178/2020"),
    ),
    Termine(
        "regola",
        _("Regola"),
        _(
            "Una condizione di ammissibilità dei piani, con la sua norma e la sua soglia: si giudica sui dati degli "
            "interventi."
        ),
        ("esito", "deroga"),
    ),
    Termine(
        "rilievo",
        _("Rilievo"),
        _("Una cosa che non torna nei dati, con la ragione e il modo di rimediare."),
        ("avviso", "segnale"),
    ),
    Termine(
        "ritmo",
        _("Ritmo dei lavori (earned schedule)"),
        _(
            "A quale mese del piano iniziale corrisponde ciò che è fatto oggi: se a dicembre è fatto quanto era "
            "previsto per settembre, il ritardo è di tre mesi."
        ),
        ("spi-t", "curva-s"),
    ),
    Termine("rup", _("RUP"), _("Responsabile unico del progetto."), (), _("art. 15, D.Lgs. 36/2023")),
    Termine(
        "sal",
        _("SAL"),
        _("Stato di avanzamento lavori: l'atto che dice quanti lavori sono eseguiti, e per quanto."),
        ("avanzamento-fisico",),
    ),
    Termine(
        "scenario",
        _("Scenario"),
        _("Un piano come sarebbe con qualche cambiamento: se ne vedono gli esiti senza toccare i dati."),
        ("esito",),
    ),
    Termine(
        "segnale",
        _("Segnale"),
        _(
            "Ciò che il portale vede arrivare prima che accada: un traguardo a rischio, una spesa ferma, una gara "
            "senza esito. Dice perché, con quali prove e a chi tocca; si può mettere da parte dicendo il motivo."
        ),
        ("allerta", "criticita"),
    ),
    Termine(
        "situazione",
        _("Situazione"),
        _(
            "Come sta un intervento in un giorno, secondo l'ultimo avanzamento approvato; si può leggere anche come "
            "era nota in un momento passato."
        ),
        ("avanzamento",),
    ),
    Termine(
        "spi-t",
        _("SPI(t)"),
        _(
            "Il ritmo dei lavori in un numero: mesi di piano iniziale fatti, divisi per i mesi passati. Sotto 1 si va "
            "più piano del previsto, sopra 1 più in fretta."
        ),
        ("ritmo",),
    ),
    Termine(
        "sttm",
        _("STTM"),
        _("Strategia tematico-territoriale metropolitana: sviluppa il Piano territoriale metropolitano su un tema."),
        ("driver-voce",),
    ),
    Termine(
        "submisura",
        _("Submisura"),
        _("La parte più fine di una misura del PNRR, con un suo codice: per i PUI M5C2I2.02.03."),
        ("clp",),
    ),
    Termine(
        "traguardo",
        _("Traguardo"),
        _("Una scadenza da raggiungere: milestone se è un fatto, target se è una quantità."),
        ("proroga", "segnale"),
    ),
    Termine(
        "unione", _("Unione di Comuni"), _("Un ente formato da più Comuni che gestiscono insieme alcune funzioni.")
    ),
    Termine(
        "valore-guadagnato",
        _("Valore guadagnato"),
        _("Quanto vale, in euro, il lavoro fatto finora: il finanziamento, per la parte che risulta eseguita."),
        ("curva-s", "spi-t"),
    ),
    Termine(
        "variazione",
        _("Variazione"),
        _(
            "Proroga, variante, economia, revoca o cambio del soggetto attuatore: si chiede con un atto e la decide la "
            "Città metropolitana."
        ),
        ("proroga", "economia"),
    ),
    Termine(
        "zona",
        _("Zona omogenea"),
        _("Uno dei sette raggruppamenti di Comuni in cui si divide la Città metropolitana, Milano esclusa."),
    ),
)
PER_ANCORA = {termine.ancora: termine for termine in TERMINI}
