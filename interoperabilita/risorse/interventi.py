"""All that is known of an intervento: its row in the list of CUPs, and what the list has no place for."""

from __future__ import annotations

from interoperabilita.risorse.cup import CAMPI as CAMPI_CUP
from interoperabilita.risorse.tipi import NON_NOTO, Campo, Tipo
from interventi.scelte import (
    ClasseEnergetica,
    FonteFinanziamento,
    GiudizioDnsh,
    ObiettivoDnsh,
    RuoloSoggetto,
    VoceDiSpesa,
)

SI_NO = ("si", "no", NON_NOTO)
_REGIS_AL = Campo("regis_al", Tipo.DATA, "Giorno a cui ReGiS è stato letto per questa riga.", "2025-03-31", nullo=True)
CLASSIFICAZIONE: tuple[Campo, ...] = (
    Campo("tipologia", Tipo.TESTO, "Codice della tipologia.", "03"),
    Campo("tipologia_nome", Tipo.TESTO, "Tipologia.", "Recupero"),
    Campo("settore", Tipo.TESTO, "Codice del settore.", "05"),
    Campo("settore_nome", Tipo.TESTO, "Settore.", "Infrastrutture sociali"),
    Campo("sottosettore", Tipo.TESTO, "Codice del sottosettore.", "11"),
    Campo("sottosettore_nome", Tipo.TESTO, "Sottosettore.", "Beni culturali"),
    Campo("categoria", Tipo.TESTO, "Codice della categoria.", "004"),
    Campo("categoria_nome", Tipo.TESTO, "Categoria.", "Biblioteche e archivi"),
)
LOCALIZZAZIONI: tuple[Campo, ...] = (
    Campo("regione", Tipo.TESTO, "Codice della regione; 000 se non è in una sola.", "003"),
    Campo("provincia", Tipo.TESTO, "Codice della provincia; 000 se è in tutta la regione.", "015"),
    Campo("comune", Tipo.TESTO, "Codice del Comune nella provincia; 000 se è in tutta la provincia.", "032"),
    Campo("comune_istat", Tipo.TESTO, "Codice ISTAT del Comune, se è in uno.", "015032"),
    Campo("comune_nome", Tipo.TESTO, "Nome del Comune.", "Bresso"),
    Campo("indirizzo", Tipo.TESTO, "Indirizzo.", "Via Roma 25"),
    Campo("cap", Tipo.TESTO, "CAP.", "20091"),
    Campo("quota_percento", Tipo.PERCENTO, "Quanta parte dell'intervento è qui.", 100.0, nullo=True),
    _REGIS_AL,
)
FONTI: tuple[Campo, ...] = (
    Campo("fonte", Tipo.SCELTA, "Fonte.", "pnrr", scelte=FonteFinanziamento.values),
    Campo("importo_eur", Tipo.IMPORTO, "Importo, in EUR.", "1000000.00", nullo=True),
    Campo("pagato_eur", Tipo.IMPORTO, "Pagato secondo ReGiS, in EUR.", "400000.00", nullo=True),
    _REGIS_AL,
    Campo("pagato_regis_al", Tipo.DATA, "Giorno a cui ReGiS è stato letto per il pagato.", "2025-03-31", nullo=True),
)
QUADRO: tuple[Campo, ...] = (
    Campo("voce", Tipo.SCELTA, "Voce.", "lavori", scelte=VoceDiSpesa.values),
    Campo("importo_eur", Tipo.IMPORTO, "Importo, in EUR.", "1000000.00"),
)
PROCEDURE: tuple[Campo, ...] = (
    Campo("cig", Tipo.TESTO, "CIG; vuoto se non c'è.", "A000000001"),
    Campo("cig_accordo_quadro", Tipo.TESTO, "CIG dell'accordo quadro.", ""),
    Campo("codice_regis", Tipo.TESTO, "Codice ReGiS della procedura.", "PDA-1"),
    Campo("oggetto", Tipo.TESTO, "Oggetto.", "Lavori di riqualificazione della biblioteca"),
    Campo("oggetto_principale", Tipo.TESTO, "Lavori, servizi o forniture.", "Lavori"),
    Campo("modalita", Tipo.TESTO, "Modalità di realizzazione.", "Contratto d'appalto"),
    Campo("tipo", Tipo.TESTO, "Procedura di aggiudicazione.", "Procedura aperta"),
    Campo("motivo_assenza_cig", Tipo.TESTO, "Perché non c'è il CIG.", ""),
    Campo("importo_eur", Tipo.IMPORTO, "Importo a gara, in EUR.", "900000.00", nullo=True),
    Campo("importo_aggiudicato_eur", Tipo.IMPORTO, "Importo aggiudicato, in EUR.", "855000.00", nullo=True),
    Campo("pubblicata_il", Tipo.DATA, "Pubblicata il.", "2023-05-02", nullo=True),
    Campo("aggiudicata_il", Tipo.DATA, "Aggiudicata il.", "2023-07-20", nullo=True),
    _REGIS_AL,
)
SOGGETTI: tuple[Campo, ...] = (
    Campo("ruolo", Tipo.SCELTA, "Ruolo nel progetto.", "attuatore", scelte=RuoloSoggetto.values),
    Campo("persona_fisica", Tipo.BOOLEANO, "Se è una persona: allora non si dice chi.", False),
    Campo("denominazione", Tipo.TESTO, "Denominazione.", "Comune di Bresso"),
    Campo("codice_fiscale", Tipo.TESTO, "Codice fiscale.", "00935810159"),
    Campo("forma_giuridica", Tipo.TESTO, "Forma giuridica.", "Comune"),
    _REGIS_AL,
)
INDICATORI: tuple[Campo, ...] = (
    Campo("codice", Tipo.TESTO, "Codice dell'indicatore.", "T0146"),
    Campo("descrizione", Tipo.TESTO, "Che cosa misura.", "Interventi completati"),
    Campo("unita", Tipo.TESTO, "Unità di misura.", "numero"),
    Campo("tipo", Tipo.TESTO, "Tipo.", "output"),
    Campo("programmato", Tipo.NUMERO, "Quanto si prevede di realizzare.", 1.0, nullo=True),
    Campo("realizzato", Tipo.NUMERO, "Quanto è realizzato secondo ReGiS.", 0.0, nullo=True),
    _REGIS_AL,
)
LEGAMI_DRIVER: tuple[Campo, ...] = (
    Campo("driver", Tipo.INTERO, "Numero del Driver.", 2),
    Campo("titolo", Tipo.TESTO, "Titolo del Driver.", "Rigenerazione urbana"),
    Campo("motivo", Tipo.TESTO, "Perché l'intervento vi contribuisce.", "Riusa un edificio dismesso"),
)
LEGAMI_STRATEGIE: tuple[Campo, ...] = (
    Campo("strategia", Tipo.INTERO, "Numero della STTM.", 1),
    Campo("titolo", Tipo.TESTO, "Titolo della STTM.", "Servizi di prossimità"),
    Campo("motivo", Tipo.TESTO, "Perché l'intervento vi contribuisce.", "Apre un servizio nel quartiere"),
)
_CLASSI = (*ClasseEnergetica.values, NON_NOTO)
REQUISITI: tuple[Campo, ...] = (
    Campo("edificio", Tipo.SCELTA, "Se riguarda un edificio che si riusa o ristruttura.", "si", scelte=SI_NO),
    Campo("classe_prima", Tipo.SCELTA, "Classe energetica prima dei lavori.", "F", scelte=_CLASSI),
    Campo("classe_dopo", Tipo.SCELTA, "Classe energetica dopo i lavori.", "B", scelte=_CLASSI),
    Campo("edificato_prima_mq", Tipo.NUMERO, "Superficie edificata prima, in m².", 1200.0, nullo=True),
    Campo("edificato_dopo_mq", Tipo.NUMERO, "Superficie edificata dopo, in m².", 1200.0, nullo=True),
    Campo("verde_prima_mq", Tipo.NUMERO, "Superficie a verde prima, in m².", 300.0, nullo=True),
    Campo("verde_dopo_mq", Tipo.NUMERO, "Superficie a verde dopo, in m².", 450.0, nullo=True),
    Campo("area_che_ne_beneficia_mq", Tipo.NUMERO, "Superficie dell'area che ne beneficia, in m².", 5000.0, nullo=True),
    Campo("inclusione", Tipo.TESTO, "Misure per la disabilità e l'inclusione sociale.", "Percorsi tattili"),
    Campo("startup", Tipo.SCELTA, "Se prevede start-up di servizi pubblici.", "no", scelte=SI_NO),
    Campo("startup_descrizione", Tipo.TESTO, "Quali.", ""),
    Campo("terzo_settore", Tipo.SCELTA, "Se è coprogettato con il terzo settore.", "no", scelte=SI_NO),
    Campo("terzo_settore_descrizione", Tipo.TESTO, "Con chi.", ""),
)
_GIUDIZI = (*GiudizioDnsh.values, NON_NOTO)
DNSH: tuple[Campo, ...] = (
    Campo("regime", Tipo.INTERO, "Regime: 1 o 2.", 2, nullo=True),
    *(
        Campo(obiettivo.value, Tipo.SCELTA, f"{obiettivo.label}.", "positivo", scelte=_GIUDIZI)
        for obiettivo in ObiettivoDnsh
    ),
    Campo("checklist_ex_ante_il", Tipo.DATA, "Check-list ex ante compilata il.", "2023-03-01", nullo=True),
    Campo("evidenza_ex_ante", Tipo.TESTO, "Atto o protocollo della check-list ex ante.", "Prot. 123/2023"),
    Campo("checklist_ex_post_il", Tipo.DATA, "Check-list ex post compilata il.", None, nullo=True),
    Campo("evidenza_ex_post", Tipo.TESTO, "Atto o protocollo della check-list ex post.", ""),
)
REGIS: tuple[Campo, ...] = (
    Campo("letto_al", Tipo.DATA, "Ultimo giorno a cui ReGiS è stato letto per l'intervento.", "2025-03-31", nullo=True),
    Campo("descrizione_al", Tipo.DATA, "Per la descrizione.", "2025-03-31", nullo=True),
    Campo("finanziamento_al", Tipo.DATA, "Per il finanziamento totale.", "2025-03-31", nullo=True),
    Campo("pagamenti_al", Tipo.DATA, "Per i pagamenti totali.", "2025-03-31", nullo=True),
    Campo("stato", Tipo.TESTO, "Stato del progetto in ReGiS.", "In corso di esecuzione"),
    Campo("validato_il", Tipo.DATA, "Ultima validazione.", "2025-03-15", nullo=True),
    Campo("esito_validazione", Tipo.TESTO, "Esito dell'ultima validazione.", "Positivo"),
)
DETTAGLI: tuple[Campo, ...] = (
    Campo("sintesi", Tipo.TESTO, "Che cosa si fa.", "Riqualificazione energetica e riuso della biblioteca."),
    Campo("linea_nel_piano", Tipo.TESTO, "Linea del piano a cui appartiene.", ""),
    Campo("classificazione", Tipo.OGGETTO, "Classificazione del CUP.", None, nullo=True, campi=CLASSIFICAZIONE),
    Campo("tipo_aiuto", Tipo.TESTO, "Tipo di aiuto.", ""),
    Campo("procedura_attivazione", Tipo.TESTO, "Codice della procedura di attivazione.", "1000000458"),
    Campo("procedura_attivazione_titolo", Tipo.TESTO, "Procedura di attivazione.", "Piani urbani integrati"),
    Campo("progetto_in_essere", Tipo.SCELTA, "Se era già avviato prima del PNRR.", "no", scelte=SI_NO),
    Campo("livello_progettuale", Tipo.TESTO, "Livello progettuale.", "Progetto esecutivo"),
    Campo("localizzazioni", Tipo.OGGETTI, "Dove si trova.", None, campi=LOCALIZZAZIONI),
    Campo("fonti", Tipo.OGGETTI, "Ogni fonte di finanziamento, con il pagato.", None, campi=FONTI),
    Campo("quadro_economico", Tipo.OGGETTI, "Quadro economico in vigore.", None, campi=QUADRO),
    Campo("procedure", Tipo.OGGETTI, "Procedure di gara.", None, campi=PROCEDURE),
    Campo("soggetti", Tipo.OGGETTI, "Soggetti collegati.", None, campi=SOGGETTI),
    Campo("indicatori", Tipo.OGGETTI, "Indicatori.", None, campi=INDICATORI),
    Campo("legami_driver", Tipo.OGGETTI, "Driver a cui contribuisce, e perché.", None, campi=LEGAMI_DRIVER),
    Campo("legami_strategie", Tipo.OGGETTI, "STTM a cui contribuisce, e perché.", None, campi=LEGAMI_STRATEGIE),
    Campo("requisiti", Tipo.OGGETTO, "Dati per i requisiti di ammissibilità.", None, nullo=True, campi=REQUISITI),
    Campo("dnsh", Tipo.OGGETTO, "Valutazione DNSH.", None, nullo=True, campi=DNSH),
    Campo("regis", Tipo.OGGETTO, "Che cosa si è letto da ReGiS, e quando.", None, campi=REGIS),
    Campo("numero_traguardi", Tipo.INTERO, "Quanti traguardi ha.", 2),
    Campo("mesi_approvati", Tipo.INTERO, "Di quanti mesi è stato approvato l'avanzamento.", 14),
)
# The instant of the row of the list is of that row alone: here there is more, and nobody keeps its changes.
INTERVENTO: tuple[Campo, ...] = (*(campo for campo in CAMPI_CUP if campo.nome != "modificato_il"), *DETTAGLI)
RISPOSTA: tuple[Campo, ...] = (
    Campo(
        "interventi",
        Tipo.OGGETTI,
        "Gli interventi con questo CUP: più di uno se ha più codici locali o submisure.",
        None,
        campi=INTERVENTO,
        parziale=True,
    ),
    Campo("al", Tipo.DATA, "Il giorno chiesto; null se è oggi.", None, nullo=True),
)
