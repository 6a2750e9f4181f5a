"""Which kind of object of the scene the address of each route names. A new route with arguments says it here."""

from __future__ import annotations

from tests.test_rotte import Rotta

# By the name of the route.
GENERI: dict[str, str] = {
    **dict.fromkeys(
        (
            "intervento", "intervento-modifica", "intervento-scheda-cup", "intervento-storia",
            "intervento-monitoraggio", "intervento-messaggi", "messaggio-scrivi", "documenti", "documenti-json",
            "documenti-carica", "caricamento-inizia", "variazione-nuova",
        ),
        "intervento",
    ),
    "interventi-cup": "cup",
    **dict.fromkeys(("verifica-mancanze-ente", "verifica-mancanze-csv"), "ente"),
    **dict.fromkeys(
        (
            "avanzamento", "avanzamento-modifica", "avanzamento-salva", "avanzamento-ricevuta", "avanzamento-invia",
            "avanzamento-ritira", "avanzamento-approva", "avanzamento-restituisci", "avanzamento-sblocca",
            "avanzamento-correggi", "avanzamento-vista",
        ),
        "avanzamento",
    ),
    "messaggio-chiudi": "messaggio",
    **dict.fromkeys(("segnale", "segnale-silenzia", "segnale-riattiva"), "segnale"),
    **dict.fromkeys(("traguardo", "traguardo-modifica", "traguardo-sposta"), "traguardo"),
    **dict.fromkeys(("variazione", "variazione-decidi"), "variazione"),
    **dict.fromkeys(("documento", "documento-versione", "documento-elimina"), "documento"),
    "documento-file": "versione",
    **dict.fromkeys(("caricamento", "caricamento-concludi", "caricamento-annulla"), "caricamento"),
    **dict.fromkeys(("allerta", "allerta-letta"), "allerta"),
    **dict.fromkeys(
        ("foglio-esito", "foglio-stato", "foglio-restituito", "foglio-applica", "foglio-scarta", "foglio-riprova"),
        "foglio",
    ),
    "regis-pacchetto": "lavoro",
    **dict.fromkeys(("lavoro", "lavoro-stato", "lavoro-annulla", "lavoro-ripeti"), "lavoro"),
    **dict.fromkeys(("vista-togli", "vista-apri", "interventi-vista-togli"), "vista"),
    **dict.fromkeys(("scenario", "scenario-elimina"), "scenario"),
    **dict.fromkeys(
        (
            "piano-integrato", "piano-integrato-modifica", "piano-integrato-proposta", "piano-integrato-passaggio",
            "piano-integrato-cup", "piano-integrato-cup-csv", "piano-integrato-verifica", "piano-integrato-regola",
            "piano-integrato-deroghe", "deroga-nuova", "piano-integrato-scenari", "scenario-nuovo", "scenario-esiti",
            "scenari-confronta",
        ),
        "piano",
    ),
    "deroga-ritira": "deroga",
    **dict.fromkeys(
        (
            "importazione", "importazione-righe", "importazione-esiti", "importazione-applica", "importazione-scarta",
            "importazione-ripeti", "importazione-annulla",
        ),
        "importazione",
    ),
    "differenza-decidi": "differenza",
    **dict.fromkeys(("riunione", "riunione-modifica", "riunione-elimina", "riunione-prepara"), "riunione"),
    **dict.fromkeys(
        (
            "rapporto", "rapporto-annulla", "rapporto-ritenta", "rapporto-pdf", "rapporto-xlsx", "rapporto-dati",
            "rapporto-cifre", "rapporto-cifra", "rapporto-cifra-csv", "rapporto-riga", "rapporto-testo",
            "rapporto-testo-semplice",
        ),
        "rapporto",
    ),
    **dict.fromkeys(("chiave", "chiave-modifica", "chiave-sostituisci", "chiave-revoca"), "chiave"),
    "token-personale-revoca": "token",
    **dict.fromkeys(("sessione-chiudi", "sicurezza-sessione-chiudi"), "sessione"),
    **dict.fromkeys(
        ("sicurezza-sessioni-chiudi", "dati-personali-scheda", "dati-personali-scarica", "dati-personali-anonimo"),
        "persona",
    ),
}  # fmt: skip


def genere_di(rotta: Rotta) -> str:
    """The kind of object that fills its address ("" where it names no object of the scene)."""
    return GENERI.get(rotta.nome, "")
