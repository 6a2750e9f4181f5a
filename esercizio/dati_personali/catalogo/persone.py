"""The ground, the people and the strategic plan."""

from __future__ import annotations

from esercizio.dati_personali.tipi import Cancellazione, Catalogo, Modello

PERSONE: Catalogo = {
    "registro.Fonte": Modello(
        nessuno="id codice titolo editore data licenza nota",
    ),
    "registro.Evento": Modello(
        legame="autore",
        testo="oggetto prima dopo nota",
        nessuno="id azione quando verbo tipo_oggetto id_oggetto",
        termine="registro",
    ),
    "registro.Anello": Modello(
        nessuno="numero evento precedente impronta",
    ),
    "registro.Lavoro": Modello(
        legame="richiesto_da",
        testo="titolo parametri risultato errore",
        nessuno=(
            "id tipo stato chiave azione creato avviato battito concluso passo fatti totale tentativi "
            "tentativi_massimi turno annullamento_chiesto"
        ),
        termine="programma",
    ),
    "registro.Caricamento": Modello(
        nessuno="id nome impronta righe quando",
    ),
    "registro.Ripensamento": Modello(
        legame="utente",
        credenziale="chiave sessione",
        testo="dati testo",
        nessuno="id azione scade usato_il",
        persona="utente",
        cancellazione=Cancellazione.ELIMINA,
        termine="ripensamenti",
    ),
    "enti.Provenienza": Modello(
        utente="quando indirizzo programma avviso_spedito_il",
        nessuno="evento avviso_dovuto",
        persona="evento__autore",
        termine="provenienze",
    ),
    "enti.ZonaOmogenea": Modello(
        nessuno="id fonte luogo numero nome",
    ),
    "enti.UnioneComuni": Modello(
        nessuno="id fonte luogo nome",
    ),
    "enti.Comune": Modello(
        nessuno=(
            "id fonte luogo codice_istat codice_catastale nome altro_nome sigla_provincia provincia "
            "regione cap zona unione latitudine longitudine superficie_km2"
        ),
    ),
    "enti.Popolazione": Modello(
        nessuno="id fonte luogo comune anno residenti",
    ),
    "enti.IndiceVulnerabilita": Modello(
        nessuno="id fonte luogo comune anno valore",
    ),
    "enti.MedianaVulnerabilita": Modello(
        nessuno="id fonte luogo territorio anno valore",
    ),
    "enti.Confine": Modello(
        nessuno="fonte luogo comune geometria tracciato",
    ),
    "enti.Ente": Modello(
        nessuno="id denominazione tipo comune codice_ipa codice_fiscale",
    ),
    "enti.Utente": Modello(
        utente="email nome cognome codice_fiscale last_login is_active creato",
        credenziale="password",
        nessuno="id tecnico",
        persona="pk",
        cancellazione=Cancellazione.SOSTITUISCI,
        termine="conto",
    ),
    "enti.Appartenenza": Modello(
        utente="ente ruolo dal al",
        legame="utente",
        nessuno="id",
        persona="utente",
        cancellazione=Cancellazione.CHIUDI,
        termine="registro",
    ),
    "psttm.GiroVisto": Modello(
        utente="giro esito quando",
        legame="utente",
        nessuno="id",
        persona="utente",
        cancellazione=Cancellazione.ELIMINA,
        termine="conto",
    ),
    "psttm.PianoStrategico": Modello(
        nessuno="id fonte luogo codice titolo motto anno_inizio anno_fine descrizione",
    ),
    "psttm.Atto": Modello(
        nessuno="id fonte luogo piano titolo numero organo data",
    ),
    "psttm.Passo": Modello(
        nessuno="id fonte luogo piano ordine titolo",
    ),
    "psttm.ParolaChiave": Modello(
        nessuno="id fonte luogo piano ordine nome descrizione",
    ),
    "psttm.Missione": Modello(
        nessuno="id fonte luogo numero titolo descrizione temi obiettivi_nella_fonte",
    ),
    "psttm.Obiettivo": Modello(
        nessuno=(
            "id fonte luogo missione numero testo per_citta_metropolitana per_comuni per_corpi_intermedi "
            "aggiunto_dal_personale"
        ),
    ),
    "psttm.Strategia": Modello(
        nessuno="id fonte luogo numero titolo descrizione approvata",
    ),
    "psttm.Driver": Modello(
        nessuno="id fonte luogo numero titolo sottotitolo descrizione linee strategie obiettivi",
    ),
    "psttm.LegameDriverStrategia": Modello(
        nessuno="id fonte luogo driver strategia motivo",
    ),
    "psttm.LegameDriverObiettivo": Modello(
        nessuno="id fonte luogo driver obiettivo motivo",
    ),
    "psttm.Misura": Modello(
        nessuno="id fonte luogo codice titolo livello genitore ordine importo importo_assegnato nota",
    ),
    "psttm.Strumento": Modello(
        nessuno="id fonte luogo nome sigla tipo ordine descrizione strategie",
    ),
    "psttm.Intesa": Modello(
        nessuno="id fonte luogo ordine partner scopo atti",
    ),
    "psttm.RisultatoDichiarato": Modello(
        nessuno="id fonte luogo programma ordine voce valore unita testo al in_evidenza",
    ),
    "psttm.IndicatoreContesto": Modello(
        nessuno="id fonte luogo tema ordine nome ambito valore decimali unita periodo rilevato_da",
    ),
}
