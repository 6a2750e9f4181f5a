"""The catalogue: every coherence check of an avanzamento, with its source and what to do about it.

Numbers are those of the national monitoring (IGRUE), where known: dominio, section 6. A check is added here, with its
test; nothing else names the checks one by one.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoraggio.controlli import dati, denaro, tempi
from monitoraggio.controlli.tipi import Controllo, Gravita, Prova, Testo

IGRUE = _("Controlli di coerenza del monitoraggio unitario (MEF-RGS-IGRUE)")
PORTALE = _("Controllo del portale")


def _errore(codice: str, titolo: Testo, rimedio: Testo, prova: Prova, igrue: str = "") -> Controllo:
    fonte = IGRUE if igrue else PORTALE
    return Controllo(
        codice=codice, titolo=titolo, rimedio=rimedio, fonte=fonte, gravita=Gravita.ERRORE, prova=prova, igrue=igrue
    )


def _avviso(codice: str, titolo: Testo, rimedio: Testo, prova: Prova, igrue: str = "") -> Controllo:
    fonte = IGRUE if igrue else PORTALE
    return Controllo(
        codice=codice, titolo=titolo, rimedio=rimedio, fonte=fonte, gravita=Gravita.AVVISO, prova=prova, igrue=igrue
    )


AL_REGISTRO = _("Lo corregge la Città metropolitana nel registro degli interventi: scrivile un messaggio.")

CATALOGO: tuple[Controllo, ...] = (
    # What is missing, or cannot be read.
    _errore("illeggibile", _("Un valore non si legge"), _("Scrivilo come dice l'aiuto."), dati.illeggibili),
    _errore("incompleta", _("Una riga è incompleta"), _("Completa la riga, oppure toglila."), dati.incomplete),
    _errore("mese_in_corso", _("Il mese non è finito"), _("Aspetta la fine del mese per inviare."), dati.mese_in_corso),
    _errore("003", _("Manca la localizzazione"), AL_REGISTRO, dati.luogo, "003"),
    _errore("004", _("Manca il soggetto"), AL_REGISTRO, dati.soggetto, "004"),
    _errore("005", _("Manca il finanziamento"), AL_REGISTRO, dati.finanziamento, "005"),
    _errore("008", _("Manca l'indicatore di output"), _("Aggiungi l'indicatore."), dati.indicatore, "008"),
    _avviso(
        "indicatori_attesi",
        _("Manca un indicatore previsto"),
        _("Aggiungilo, o spiega perché non c'è."),
        dati.indicatori_attesi,
    ),
    _errore("009", _("Manca l'iter procedurale"), _("Scrivi le date delle fasi."), dati.fase, "009"),
    _errore("010", _("Manca lo stato del progetto"), _("Scrivi l'avanzamento fisico."), dati.stato, "010"),
    _errore("011", _("Manca il piano dei costi"), _("Scrivi gli importi di ogni anno."), dati.piano_costi, "011"),
    _errore("012", _("Il CUP manca o non è valido"), AL_REGISTRO, dati.cup, "012"),
    _errore("018", _("Manca il quadro economico"), _("Scrivi gli importi delle voci."), dati.quadro, "018"),
    _errore(
        "movimenti",
        _("Non si sa se ci sono stati movimenti"),
        _("Aggiungi impegni e pagamenti, o spunta la casella."),
        dati.movimenti_dichiarati,
    ),
    _errore("documento", _("Un documento scelto non c'è"), _("Scegline un altro, o caricalo."), dati.documenti),
    # Money.
    _errore("024", _("Ammesso oltre il finanziamento pubblico"), AL_REGISTRO, denaro.ammesso_oltre_il_pubblico, "024"),
    _errore(
        "027",
        _("Impegni oltre il finanziamento pubblico"),
        _("Correggi gli importi, o registra un disimpegno."),
        denaro.impegni_oltre_il_pubblico,
        "027",
    ),
    _errore(
        "028",
        _("Pagamenti oltre gli impegni"),
        _("Aggiungi l'impegno che manca, o correggi il pagamento."),
        denaro.pagamenti_oltre_gli_impegni,
        "028",
    ),
    _errore(
        "019",
        _("Pagamento senza impegno"),
        _("Scrivi il numero dell'impegno, e l'impegno se non c'è."),
        denaro.pagamenti_senza_impegno,
        "019",
    ),
    _errore(
        "037",
        _("Al percettore va più del pagamento"),
        _("Correggi uno dei due importi."),
        denaro.percettori_oltre_il_pagamento,
        "037",
    ),
    _errore(
        "039",
        _("Il piano dei costi non torna con il finanziamento"),
        _("Correggi gli anni, o chiedi di registrare un'economia."),
        denaro.costi_diversi_dal_finanziamento,
        "039",
    ),
    _errore("050", _("Saldo degli impegni negativo"), _("Correggi il disimpegno."), denaro.impegni_negativi, "050/052"),
    _errore("052", _("Saldo dei pagamenti negativo"), _("Correggi il recupero."), denaro.pagamenti_negativi, "050/052"),
    _errore(
        "pagamenti_finanziamento",
        _("Pagamenti oltre il finanziamento totale"),
        _("Correggi i pagamenti."),
        denaro.pagamenti_oltre_il_finanziamento,
    ),
    _errore(
        "quadro_approvato",
        _("Il quadro economico non torna con quello approvato"),
        _("Riporta il totale a quello approvato, o chiedi una variante."),
        denaro.quadro_diverso_dall_approvato,
    ),
    _errore("importo_zero", _("Un movimento è di zero euro"), _("Scrivi l'importo."), denaro.importi_nulli),
    _avviso("ripetuti", _("Due movimenti uguali"), _("Togli quello ripetuto, o spiega."), denaro.numeri_ripetuti),
    _avviso(
        "giustificativo",
        _("Pagamento senza giustificativo"),
        _("Carica il mandato o la fattura, e sceglilo nella riga."),
        denaro.pagamenti_senza_giustificativo,
    ),
    _avviso(
        "cig_sconosciuto",
        _("CIG che non è fra le gare"),
        _("Controlla il CIG, o spiega da dove viene."),
        denaro.cig_sconosciuti,
    ),
    _errore(
        "codice_fiscale",
        _("Codice fiscale o partita IVA sbagliati"),
        _("Correggi il codice."),
        denaro.codici_fiscali,
    ),
    _errore("sal_in_calo", _("I SAL scendono"), _("Correggi importi o date dei SAL."), denaro.sal_in_calo),
    # Dates.
    _errore(
        "032",
        _("Data effettiva nel futuro"),
        _("Le date effettive sono di ciò che è avvenuto: per il futuro ci sono le stime."),
        tempi.date_future_delle_fasi,
        "032-036",
    ),
    _errore("033", _("Un fatto nel futuro"), _("Correggi la data."), tempi.date_future_dei_fatti, "032-036"),
    _avviso(
        "altro_mese",
        _("Movimento di un mese passato"),
        _("Spiega perché arriva adesso, o correggi quel mese."),
        tempi.movimenti_di_altri_mesi,
    ),
    _errore(
        "040",
        _("Lavori finiti senza realizzato"),
        _("Scrivi quanto è realizzato di ogni indicatore."),
        tempi.fine_senza_realizzato,
        "040",
    ),
    _errore(
        "041",
        _("Fase finita prima di quella che precede"),
        _("Scrivi le date della fase che precede, o correggi."),
        tempi.fase_finita_prima_della_precedente,
        "041",
    ),
    _errore("042", _("Fine senza inizio"), _("Scrivi l'inizio effettivo."), tempi.fine_senza_inizio, "042"),
    _errore("046", _("Fase di un'altra natura"), _("Vuota la fase."), tempi.fasi_di_altra_natura, "046"),
    _errore(
        "inizio_fine", _("Fine prima dell'inizio"), _("Correggi una delle due date."), tempi.fine_prima_dell_inizio
    ),
    _avviso(
        "ordine", _("Fasi fuori ordine"), _("Correggi le date, o spiega perché è andata così."), tempi.fasi_in_ordine
    ),
    _errore(
        "previste",
        _("Data prevista cambiata"),
        _("Riporta la data approvata, o chiedi una proroga."),
        tempi.date_previste_cambiate,
    ),
    _avviso("stima_scaduta", _("Stima già passata"), _("Aggiorna la stima."), tempi.stime_scadute),
    _avviso(
        "oltre_previsto",
        _("Fine stimata oltre quella prevista"),
        _("Spiega il ritardo, e chiedi una proroga se serve."),
        tempi.oltre_il_previsto,
    ),
    _avviso("senza_stima", _("Fine prevista passata"), _("Scrivi la stima nuova."), tempi.senza_stima),
    # Percent, indicators, traguardi, criticalities.
    _errore(
        "percentuale_in_calo",
        _("L'avanzamento scende"),
        _("Correggi la percentuale, o il mese in cui era sbagliata."),
        tempi.percentuale_in_calo,
    ),
    _errore(
        "cento_senza_fine", _("Cento per cento senza fine"), _("Scrivi la fine effettiva."), tempi.cento_senza_fine
    ),
    _errore(
        "fine_senza_cento", _("Fine senza cento per cento"), _("Scrivi 100, o togli la fine."), tempi.fine_senza_cento
    ),
    _avviso(
        "senza_inizio",
        _("Avanzamento senza inizio dei lavori"),
        _("Scrivi quando sono cominciati, o spiega."),
        tempi.percentuale_senza_inizio,
    ),
    _avviso("realizzato_in_calo", _("Un realizzato scende"), _("Correggi, o spiega perché."), tempi.realizzato_in_calo),
    _avviso(
        "oltre_programmato",
        _("Realizzato oltre il programmato"),
        _("Correggi, o spiega perché."),
        tempi.realizzato_oltre_il_programmato,
    ),
    _errore("indicatore_ripetuto", _("Indicatore ripetuto"), _("Togli una riga."), tempi.indicatori_ripetuti),
    _errore("anno_ripetuto", _("Anno ripetuto"), _("Togli una riga."), tempi.anni_ripetuti),
    _errore(
        "traguardo_altrui", _("Un traguardo è di un altro intervento"), _("Togli la riga."), tempi.traguardi_altrui
    ),
    _avviso(
        "evidenza",
        _("Traguardo senza evidenza"),
        _("Scrivi l'atto che lo prova, o spiega."),
        tempi.traguardi_senza_evidenza,
    ),
    _avviso(
        "traguardo_oltre",
        _("Traguardo oltre la scadenza"),
        _("Spiega, e chiedi una proroga se serve."),
        tempi.traguardi_oltre_la_scadenza,
    ),
    _errore(
        "criticita_grave",
        _("Criticità grave senza azione"),
        _("Scrivi che cosa si fa, chi e quando."),
        tempi.criticita_senza_azione,
    ),
    _avviso(
        "criticita_scaduta", _("Criticità oltre la data"), _("Scrivi le novità, o chiudila."), tempi.criticita_scadute
    ),
)
PER_CODICE = {controllo.codice: controllo for controllo in CATALOGO}
