"""What is built and how it is grouped: data of ReGiS and of the staff."""

from __future__ import annotations

from esercizio.dati_personali.tipi import Cancellazione, Catalogo, Modello

PROGRAMMA: Catalogo = {
    "interventi.Submisura": Modello(
        nessuno="id codice descrizione amministrazione misura",
    ),
    "interventi.Classificazione": Modello(
        nessuno=(
            "id natura tipologia tipologia_nome settore settore_nome sottosettore sottosettore_nome "
            "categoria categoria_nome"
        ),
    ),
    "interventi.Intervento": Modello(
        terzi="attuatore_denominazione attuatore_cf",
        testo="titolo sintesi testo_ricerca",
        nessuno=(
            "id dati_al campi_nostri cup clp submisura soggetto_attuatore stato_cup classificazione "
            "tipo_aiuto pratt_codice pratt_titolo progetto_in_essere linea_finanziamento monitorato_regis "
            "livello_progettuale inizio_previsto inizio_effettivo fine_prevista fine_effettiva "
            "stato_avanzamento fase_codice fase_descrizione fase_stato validato_il esito_validazione "
            "finanziamento_totale finanziamento_pubblico finanziamento_pubblico_netto finanziamento_al "
            "pagamenti_totali pagamenti_al dimostrativo aggiornato driver strategie"
        ),
        termine="programma",
    ),
    "interventi.DatiCup": Modello(
        nessuno="id intervento anno_decisione struttura strumento tematica",
    ),
    "interventi.Importazione": Modello(
        legame="autore",
        testo="errore",
        nessuno="id stato perimetro azione lavoro creata applicata disfatta impronta_esito conteggi",
        termine="programma",
    ),
    "interventi.FileImportato": Modello(
        terzi="deposito",
        testo="nome errore",
        nessuno="id importazione dimensione sha256",
        termine="programma",
    ),
    "interventi.TabellaImportata": Modello(
        nessuno=(
            "id file nome tabella formato dati_al lette nuove cambiate invariate rifiutate "
            "fuori_perimetro dubbie intestazioni colonne_ignote"
        ),
    ),
    "interventi.EsitoRiga": Modello(
        terzi="originale cambi rilievi oggetto",
        nessuno="id tabella riga esito fuori_perimetro cup",
        termine="programma",
    ),
    "interventi.Differenza": Modello(
        legame="decisa_da",
        terzi="regis valore_nostro valore_regis",
        testo="motivo",
        nessuno="id intervento importazione tipo_oggetto id_oggetto campo etichetta regis_al stato decisa_il",
        termine="programma",
    ),
    "interventi.Localizzazione": Modello(
        testo="indirizzo",
        nessuno=("id dati_al campi_nostri intervento comune codice_regione codice_provincia codice_comune cap quota"),
        termine="programma",
    ),
    "interventi.Finanziamento": Modello(
        nessuno="id dati_al campi_nostri intervento fonte importo pagato pagato_al",
    ),
    "interventi.VoceQuadroEconomico": Modello(
        nessuno="id intervento voce importo",
    ),
    "interventi.Procedura": Modello(
        testo="oggetto motivo_assenza",
        nessuno=(
            "id dati_al campi_nostri intervento cig codice_pda cig_accordo_quadro oggetto_principale "
            "modalita tipo motivo_assenza_codice importo importo_aggiudicato pubblicata aggiudicata codice_utente"
        ),
        termine="programma",
    ),
    "interventi.Operatore": Modello(
        terzi="codice_fiscale denominazione",
        nessuno="id dati_al campi_nostri procedura tipo ruolo forma_giuridica codice_ateco",
        termine="programma",
    ),
    "interventi.SoggettoCollegato": Modello(
        terzi="codice_fiscale denominazione",
        nessuno="id dati_al campi_nostri intervento ruolo forma_giuridica codice_ateco",
        termine="programma",
    ),
    "interventi.Indicatore": Modello(
        nessuno=("id dati_al campi_nostri intervento codice descrizione unita tipo programmato realizzato anno mese"),
    ),
    "interventi.LegameDriver": Modello(
        testo="motivo",
        nessuno="id intervento driver",
        termine="programma",
    ),
    "interventi.LegameStrategia": Modello(
        testo="motivo",
        nessuno="id intervento strategia",
        termine="programma",
    ),
    "interventi.Requisiti": Modello(
        testo="inclusione startup_descrizione terzo_settore_descrizione",
        nessuno=(
            "id intervento edificio classe_prima classe_dopo edificato_prima edificato_dopo verde_prima "
            "verde_dopo mq_beneficiari startup terzo_settore"
        ),
        termine="programma",
    ),
    "interventi.ValutazioneDnsh": Modello(
        testo="evidenza_ex_ante evidenza_ex_post",
        nessuno=(
            "id intervento regime mitigazione adattamento acque economia_circolare inquinamento "
            "biodiversita checklist_ex_ante checklist_ex_post"
        ),
        termine="programma",
    ),
    "interventi.VistaSalvata": Modello(
        utente="pagina apre",
        legame="utente",
        testo="nome indirizzo",
        nessuno="id",
        persona="utente",
        cancellazione=Cancellazione.ELIMINA,
        termine="conto",
    ),
    "piani_integrati.PianoIntegrato": Modello(
        testo="titolo descrizione inclusione cofinanziamento_privato coprogettazione startup",
        nessuno=(
            "id fonte luogo codice slug tipo proponente misura stato importo_richiesto importo_assegnato "
            "decreto_in_vigore presentato_il inizio fine dichiara_dnsh dichiara_suolo dichiara_cup ordine "
            "dimostrativo strategie driver interventi"
        ),
        termine="programma",
    ),
    "piani_integrati.InterventoNelPiano": Modello(
        testo="evidenza",
        nessuno="id piano intervento linea",
        termine="programma",
    ),
    "piani_integrati.Passaggio": Modello(
        legame="autore",
        testo="atto nota",
        nessuno="id piano da a organo data quando",
        termine="programma",
    ),
    "piani_integrati.StatoVerifica": Modello(
        nessuno="id piano versione quando giorno esito conformi non_conformi non_determinabili",
    ),
    "piani_integrati.ModificaDaVerificare": Modello(
        nessuno="id piano quando",
    ),
    "piani_integrati.EsitoRegola": Modello(
        nessuno=(
            "id piano regola esito misura soglia conformi non_conformi non_determinabili non_applicabili "
            "evidenza versione dal al passaggio"
        ),
    ),
    "piani_integrati.Deroga": Modello(
        legame="autore ritirata_da",
        testo="atto motivo motivo_ritiro",
        nessuno="id piano regola intervento organo data quando ritirata_il",
        termine="programma",
    ),
    "piani_integrati.Scenario": Modello(
        legame="autore",
        testo="nome modifiche",
        nessuno="id piano creato aggiornato",
        termine="programma",
    ),
}
