"""The fields of what the API answers of the reports, and of what asks for one."""

from __future__ import annotations

from typing import Any

from interoperabilita.risorse.scritti import CampoScritto
from interoperabilita.risorse.tipi import Campo, Tipo
from interoperabilita.schema.operazioni import Parametro
from interoperabilita.schema.parametri import CURSORE, ISTANTE, LIMITE, LIMITE_MASSIMO, LUNGHEZZA, TESTO
from rapporti.scelte import TipoPerimetro, TipoRapporto

STATI = ("in_attesa", "in_corso", "pronto", "non_riuscito", "annullato")
_CODICE = "7K3M-Q9TD-X20B"
_IMPRONTA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_INDIRIZZO = f"https://portale.example.org/api/v1/rapporti/{_CODICE}"
_TIPO = "Che cosa racconta: tutto l'avanzamento, la sintesi per la Cabina di regia, l'estratto per il DUP."
_PERIMETRO = "Di quali interventi parla: di tutto il programma, oppure di un piano, una zona omogenea, un Comune, un "
_PERIMETRO += "Driver o una STTM."
_CHIAVE = "Quale: codice del piano, numero della zona, del Driver o della STTM, codice ISTAT del Comune. Vuoto per "
_CHIAVE += "tutto il programma."

RAPPORTO = (
    Campo("codice", Tipo.TESTO, "Codice del rapporto: la stessa domanda ha sempre lo stesso.", _CODICE),
    Campo("tipo", Tipo.SCELTA, _TIPO, "avanzamento", scelte=TipoRapporto.values),
    Campo("perimetro", Tipo.SCELTA, _PERIMETRO, "piano", scelte=TipoPerimetro.values),
    Campo("chiave", Tipo.TESTO, _CHIAVE, "COME IN"),
    Campo("nome_perimetro", Tipo.TESTO, "Il perimetro, in parole.", "Piano COME IN"),
    Campo("al", Tipo.DATA, "Giorno di cui parla.", "2024-12-31"),
    Campo("noto_al", Tipo.ISTANTE, "Istante fino a cui il portale sapeva.", "2025-01-15T09:42:00.000000Z"),
    Campo("confronto_al", Tipo.DATA, "Giorno da cui si raccontano i cambiamenti.", "2024-09-30"),
    Campo(
        "confronto_noto_al",
        Tipo.ISTANTE,
        "Istante fino a cui il portale sapeva, per il confronto.",
        "2025-01-15T09:42:00.000000Z",
    ),
    Campo("stato", Tipo.SCELTA, "A che punto è la preparazione.", "pronto", scelte=STATI),
    Campo("avanzamento", Tipo.TESTO, "Che cosa si sta facendo, o perché non è riuscito; vuoto quando è pronto.", ""),
    Campo("avanzamento_percento", Tipo.INTERO, "Quanto ne è fatto; null se non si sa.", 100, nullo=True),
    Campo("richiesto_il", Tipo.ISTANTE, "Quando è stato chiesto.", "2025-01-15T09:42:03.125000Z"),
    Campo("pronto_il", Tipo.ISTANTE, "Da quando è pronto.", "2025-01-15T09:43:10.500000Z", nullo=True),
    Campo("interventi", Tipo.INTERO, "Di quanti interventi parla; 0 finché non è pronto.", 34),
    Campo("pagine", Tipo.INTERO, "Pagine del PDF; 0 finché non è pronto.", 42),
    Campo("byte", Tipo.INTERO, "Lunghezza del PDF; 0 finché non è pronto.", 1_843_200),
    Campo("impronta", Tipo.TESTO, "SHA-256 del PDF, in esadecimale; vuota finché non è pronto.", _IMPRONTA),
    Campo("impronta_dati", Tipo.TESTO, "SHA-256 dei dati, in esadecimale; vuota finché non è pronto.", _IMPRONTA),
    Campo(
        "sintesi",
        Tipo.TESTI,
        "Le frasi della copertina; nessuna finché non è pronto.",
        ["Gli interventi sono 34, in 34 Comuni."],
    ),
    Campo("indirizzo", Tipo.TESTO, "Indirizzo di questo rapporto nell'API.", _INDIRIZZO),
    Campo("documento", Tipo.TESTO, "Indirizzo del PDF; vuoto finché non è pronto.", f"{_INDIRIZZO}/documento"),
    Campo("dati", Tipo.TESTO, "Indirizzo dei dati; vuoto finché non è pronto.", f"{_INDIRIZZO}/dati"),
    Campo(
        "pagina",
        Tipo.TESTO,
        "Indirizzo della pagina del portale, per le persone.",
        f"https://portale.example.org/rapporti/{_CODICE}/",
    ),
)
_UNO = {campo.nome: campo.esempio for campo in RAPPORTO}
_PAGINAZIONE = (
    Campo("limit", Tipo.INTERO, "Quante righe al massimo in una pagina.", LIMITE),
    Campo("cursor", Tipo.TESTO, "Il cursore della pagina seguente; null nell'ultima.", None, nullo=True),
    Campo(
        "successiva",
        Tipo.TESTO,
        "L'indirizzo intero della pagina seguente, da usare così com'è; null nell'ultima.",
        None,
        nullo=True,
    ),
)
ELENCO = (
    Campo("dati", Tipo.OGGETTI, "I rapporti, dall'ultimo pronto.", [_UNO], campi=RAPPORTO),
    Campo(
        "paginazione",
        Tipo.OGGETTO,
        "Dove si è arrivati, e come proseguire.",
        {campo.nome: campo.esempio for campo in _PAGINAZIONE},
        campi=_PAGINAZIONE,
    ),
)

PARAMETRI = (
    Parametro(
        "limit",
        f"Quanti rapporti in una pagina, {LIMITE} se non è scritto.",
        LIMITE,
        Tipo.INTERO,
        minimo=1,
        massimo=LIMITE_MASSIMO,
    ),
    Parametro(
        "cursor",
        "Da dove proseguire: è già scritto nell'indirizzo «paginazione.successiva», da usare così com'è.",
        None,
        forma=CURSORE,
        lunghezza=1_000,
    ),
    Parametro("tipo", _TIPO, "avanzamento", Tipo.SCELTA, scelte=TipoRapporto.values),
    Parametro("perimetro", _PERIMETRO, "piano", Tipo.SCELTA, scelte=TipoPerimetro.values),
    Parametro("chiave", _CHIAVE, "COME IN", forma=TESTO, lunghezza=LUNGHEZZA),
    Parametro("al", "Il giorno di cui parla.", "2024-12-31", Tipo.DATA),
)

_FORMA_ISTANTE = f"^{ISTANTE}$"
RICHIESTA = (
    CampoScritto("tipo", Tipo.SCELTA, _TIPO, "avanzamento", scelte=TipoRapporto.values, serve=True),
    CampoScritto("perimetro", Tipo.SCELTA, _PERIMETRO, "piano", scelte=TipoPerimetro.values, serve=True),
    CampoScritto("chiave", Tipo.TESTO, _CHIAVE, "COME IN", massimo=60, forma=r"^[^\x00-\x1F\x7F]*$"),
    CampoScritto("al", Tipo.DATA, "Giorno di cui parla.", "2024-12-31", serve=True),
    CampoScritto(
        "noto_al",
        Tipo.ISTANTE,
        "Istante fino a cui il portale può sapere, al secondo; adesso, se non c'è.",
        "2025-01-15T09:42:00Z",
        forma=_FORMA_ISTANTE,
    ),
    CampoScritto(
        "confronto_al",
        Tipo.DATA,
        "Giorno da cui raccontare i cambiamenti; la fine del terzo mese prima, se non c'è.",
        "2024-09-30",
    ),
    CampoScritto(
        "confronto_noto_al",
        Tipo.ISTANTE,
        "Istante fino a cui il portale può sapere, per il confronto; lo stesso di noto_al, se non c'è.",
        "2025-01-15T09:42:00Z",
        forma=_FORMA_ISTANTE,
    ),
)
ESEMPIO_RICHIESTA: dict[str, Any] = {
    "tipo": "avanzamento",
    "perimetro": "piano",
    "chiave": "COME IN",
    "al": "2024-12-31",
    "noto_al": "2025-01-15T09:42:00Z",
}
# What the data begin with; the rest is described by docs/rapporti/dati.schema.json.
ESEMPIO_DATI: dict[str, Any] = {
    "formato": "psttm-rapporto",
    "versione": "1.0.0",
    "codice": _CODICE,
    "titolo": "Rapporto di avanzamento",
    "nome_perimetro": "Piano COME IN",
    "interventi": 34,
    "sintesi": ["Gli interventi sono 34, in 34 Comuni."],
    "cifre": [
        {
            "chiave": "piano-come-in.interventi",
            "etichetta": "Interventi",
            "valore": 34,
            "unita": "numero",
            "testo": "34",
            "sezioni": ["copertina"],
            "tavola": "interventi",
            "righe": "1-34",
            "colonna": "",
        }
    ],
}
