"""How the works go: what the bodies write, the papers they hand in, what they are told."""

from __future__ import annotations

from esercizio.dati_personali.tipi import Cancellazione, Catalogo, Modello

MONITORAGGIO: Catalogo = {
    "monitoraggio.Allerta": Modello(
        utente="letta_il spedita_il",
        legame="utente",
        testo="titolo testo indirizzo",
        nessuno="id tipo chiave intervento creata superata_il",
        persona="utente",
        cancellazione=Cancellazione.ELIMINA,
        termine="allerte",
    ),
    "monitoraggio.Riepilogo": Modello(
        utente="giorno voci spedito_il",
        legame="utente",
        nessuno="id preso_il",
        persona="utente",
        cancellazione=Cancellazione.ELIMINA,
        termine="allerte",
    ),
    "monitoraggio.Avanzamento": Modello(
        legame="creato_da modificato_da inviato_da deciso_da",
        testo="motivo_correzione bozza motivo note",
        nessuno=(
            "id intervento mese riferito_al versione corregge stato revisione creato_il modificato_il "
            "inviato_il deciso_il approvato_il completezza errori avvisi percentuale fase inizio_lavori "
            "fine_prevista fine_stimata fine_effettiva impegnato pagato criticita_aperte criticita_gravi"
        ),
        termine="programma",
    ),
    "monitoraggio.PassoBozza": Modello(
        legame="autore",
        testo="cambi",
        nessuno="id avanzamento revisione chiave quando",
        termine="programma",
    ),
    "monitoraggio.Visto": Modello(
        legame="autore",
        nessuno="id avanzamento quando",
        termine="programma",
    ),
    "monitoraggio.Situazione": Modello(
        nessuno=(
            "id intervento avanzamento riferita_al percentuale fase inizio_lavori fine_prevista "
            "fine_stimata fine_effettiva impegnato pagato economie criticita_aperte criticita_gravi "
            "revocata_il"
        ),
    ),
    "monitoraggio.TipoDocumento": Modello(
        nessuno=(
            "id fonte luogo codice nome atto estensioni megabyte anni_conservazione "
            "conservare_almeno_fino_al nota ordine"
        ),
    ),
    "monitoraggio.Documento": Modello(
        legame="creato_da eliminato_da",
        testo="titolo protocollo eliminato_atto eliminato_motivo",
        nessuno="id intervento mese tipo data creato_il conservare_fino_al eliminato_il",
        termine="documenti",
    ),
    "monitoraggio.VersioneDocumento": Modello(
        legame="caricata_da",
        testo="nome deposito",
        nessuno="id documento numero dimensione sha256 tipo_contenuto antivirus caricata_il distrutta_il",
        termine="documenti",
    ),
    "monitoraggio.CaricamentoDocumento": Modello(
        legame="autore",
        testo="dati nome errore",
        nessuno="id chiave intervento documento dimensione impronta ricevuti creato_il aggiornato_il versione",
        termine="caricamenti",
    ),
    "monitoraggio.Traguardo": Modello(
        testo="titolo evidenza nota",
        nessuno=(
            "id fonte luogo misura piano intervento codice tipo livello scadenza_iniziale scadenza "
            "valore_obiettivo unita previsione conseguito_il valore_raggiunto"
        ),
        termine="programma",
    ),
    "monitoraggio.TermineInvio": Modello(
        nessuno="id fonte luogo dal giorni",
    ),
    "monitoraggio.FaseAvanzamento": Modello(
        nessuno=(
            "id riga avanzamento fase inizio_previsto inizio_stimato inizio_effettivo fine_prevista "
            "fine_stimata fine_effettiva"
        ),
    ),
    "monitoraggio.Sal": Modello(
        nessuno="id riga avanzamento numero data importo percentuale documento",
    ),
    "monitoraggio.ValoreIndicatore": Modello(
        nessuno="id riga avanzamento codice descrizione unita programmato realizzato",
    ),
    "monitoraggio.Impegno": Modello(
        terzi="beneficiario beneficiario_cf",
        testo="note",
        nessuno="id riga avanzamento tipo codice data importo cig documento",
        termine="programma",
    ),
    "monitoraggio.Pagamento": Modello(
        terzi="percettore percettore_cf",
        testo="causale",
        nessuno="id riga avanzamento tipo codice data importo importo_percettore impegno cig documento",
        termine="programma",
    ),
    "monitoraggio.VoceQuadro": Modello(
        nessuno="id riga avanzamento voce importo",
    ),
    "monitoraggio.CostoAnno": Modello(
        nessuno="id riga avanzamento anno realizzato da_realizzare",
    ),
    "monitoraggio.Criticita": Modello(
        terzi="responsabile",
        testo="descrizione azione seguito",
        nessuno="id riga avanzamento tipo gravita scadenza chiusa_il",
        termine="programma",
    ),
    "monitoraggio.TraguardoAvanzamento": Modello(
        testo="evidenza",
        nessuno="id riga avanzamento traguardo previsione conseguito_il valore",
        termine="programma",
    ),
    "monitoraggio.Spiegazione": Modello(
        testo="testo",
        nessuno="id riga avanzamento",
        termine="programma",
    ),
    "monitoraggio.FoglioCaricato": Modello(
        legame="autore",
        testo="nome deposito restituito errore esiti",
        nessuno="id libro mese dimensione sha256 caricato_il stato lavoro invariati applicato_il",
        termine="fogli",
    ),
    "monitoraggio.InterventoNelFoglio": Modello(
        testo="esiti scritte",
        nessuno="id foglio intervento avanzamento cambi rifiuti applicato_il revisione",
        termine="fogli",
    ),
    "monitoraggio.Messaggio": Modello(
        legame="autore chiuso_da",
        testo="testo",
        nessuno="id intervento avanzamento risponde_a dal_comune quando chiuso_il",
        termine="programma",
    ),
    "monitoraggio.Segnale": Modello(
        testo="motivo evidenza",
        nessuno="id intervento piano codice riga peso tocca entro dal visto_il cessato_il",
        termine="programma",
    ),
    "monitoraggio.Silenzio": Modello(
        legame="autore tolto_da",
        testo="motivo",
        nessuno="id segnale fino_al quando tolto_il",
        termine="programma",
    ),
    "monitoraggio.SegnaliDaRivedere": Modello(
        nessuno="id intervento quando",
    ),
    "monitoraggio.Variazione": Modello(
        legame="richiesta_da decisa_da",
        testo="atto motivo motivo_decisione",
        nessuno=(
            "id intervento tipo stato data_atto documento traguardo fase data_prima data_dopo "
            "importo_prima importo_dopo attuatore_prima attuatore_dopo richiesta_il decisa_il"
        ),
        termine="programma",
    ),
    "monitoraggio.VoceVariante": Modello(
        nessuno="id variazione voce importo_prima importo_dopo",
    ),
    "monitoraggio.SpostamentoTraguardo": Modello(
        legame="autore",
        testo="atto motivo",
        nessuno="id traguardo da a data_atto variazione quando",
        termine="programma",
    ),
    "monitoraggio.FasePianificata": Modello(
        nessuno="id intervento fase inizio_iniziale fine_iniziale inizio_previsto fine_prevista",
    ),
}
