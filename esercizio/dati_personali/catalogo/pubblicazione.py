"""What is made of the data: reports, counts, the API, the backups."""

from __future__ import annotations

from esercizio.dati_personali.tipi import Cancellazione, Catalogo, Modello

PUBBLICAZIONE: Catalogo = {
    "rapporti.Rapporto": Modello(
        legame="richiesto_da",
        testo="deposito dati foglio",
        nessuno=(
            "id codice tipo perimetro chiave nome_perimetro al noto_al confronto_al confronto_noto_al "
            "richiesto_il lavoro da_spedire pronto_il versione_portale impronta impronta_dati byte pagine "
            "interventi sintesi"
        ),
        termine="programma",
    ),
    "rapporti.Riunione": Modello(
        legame="creata_da",
        testo="titolo richieste",
        nessuno="id giorno al giorni_prima spedire creata_il preparata_il rapporti",
        termine="programma",
    ),
    "rapporti.InvioRapporto": Modello(
        utente="spedito_il",
        legame="utente",
        nessuno="id rapporto preso_il",
        persona="utente",
        termine="programma",
    ),
    "cruscotto.Fotografia": Modello(
        nessuno="id tipo al noto_al versione contata_il interventi comune_a_tutti",
    ),
    "cruscotto.Profilo": Modello(
        nessuno="id fotografia chiave piano comuni zone driver strategie interventi somme",
    ),
    "cruscotto.Casella": Modello(
        nessuno="id fotografia prima seconda comuni somme",
    ),
    "cruscotto.Sorvegliato": Modello(
        terzi="attuatore",
        testo="nome motivi",
        nessuno="id profilo intervento codice piano comuni rischio importo codici",
        termine="cruscotto",
    ),
    "cruscotto.Posizione": Modello(
        nessuno="intervento profilo",
    ),
    "cruscotto.DaRicontare": Modello(
        nessuno="id intervento dati quando",
    ),
    "interoperabilita.ChiaveApi": Modello(
        legame="utente creata_da revocata_da",
        credenziale="prefisso impronta client_id",
        testo="nome motivo_revoca",
        nessuno="id ente personale ambiti limite_minuto creata_il scade_il revocata_il sostituisce",
        persona="utente",
        cancellazione=Cancellazione.CHIUDI,
        termine="programma",
    ),
    "interoperabilita.AccessoApi": Modello(
        utente="origine",
        legame="utente",
        testo="indirizzo",
        nessuno="id quando metodo esito millisecondi chiave azione",
        persona="utente",
        termine="accessi-api",
    ),
    "interoperabilita.RichiestaIdempotente": Modello(
        testo="valore corpo intestazioni",
        nessuno="id chiave impronta stato quando",
        termine="idempotenza",
    ),
    "interoperabilita.DatasetPubblico": Modello(
        nessuno="id codice pubblicato_il aggiornato_il controllato_il righe dimostrative dal al impronta",
    ),
    "interoperabilita.FileDataset": Modello(
        nessuno="id dataset formato deposito precedente byte sha256",
    ),
    "interoperabilita.Pubblicazione": Modello(
        nessuno="id ultima orizzonte giorno cambiate",
    ),
    "interoperabilita.Pendente": Modello(
        nessuno="id risorsa oggetto",
    ),
    "interoperabilita.Voce": Modello(
        testo="corpo",
        nessuno="id oggetto dal fino_a visibile_a risorsa chiave gruppo",
        termine="versioni",
    ),
    "interoperabilita.VoceCup": Modello(
        terzi="soggetto_attuatore soggetto_attuatore_cf",
        testo="corpo titolo",
        nessuno=(
            "id oggetto dal fino_a visibile_a cup clp submisura misura piano soggetto_attuatore_ipa "
            "comuni comuni_istat zone_omogenee natura stato_cup linea_finanziamento monitorato_regis "
            "finanziamento_totale_eur finanziamento_pubblico_eur finanziamento_pnrr_eur "
            "finanziamento_pnc_eur finanziamento_stato_eur finanziamento_stato_bilancio_eur "
            "finanziamento_foi_eur finanziamento_fpop_eur finanziamento_ue_eur finanziamento_regione_eur "
            "finanziamento_provincia_eur finanziamento_comune_eur finanziamento_altro_pubblico_eur "
            "finanziamento_privato_eur finanziamento_da_reperire_eur finanziamento_altri_fondi_eur "
            "pagamenti_regis_eur impegnato_eur pagato_eur economie_eur fase fase_nome "
            "avanzamento_percento inizio_lavori fine_prevista fine_stimata fine_effettiva revocato_il "
            "criticita_aperte criticita_gravi situazione_al ultimo_approvato_il dati_regis_al driver "
            "strategie dimostrativo"
        ),
        termine="versioni",
    ),
    "esercizio.Segno": Modello(
        nessuno="id nome quando macchina versione",
    ),
    "esercizio.Copia": Modello(
        nessuno="id avviata conclusa esito archivio byte impronta contenuto errore",
    ),
    "esercizio.Verifica": Modello(
        nessuno="id avviata conclusa controllati rilievi",
    ),
}
