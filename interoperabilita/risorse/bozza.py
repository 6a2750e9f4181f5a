"""The draft of an avanzamento as it is sent and read back: made from `monitoraggio.scheda`, as the form is.

`contenuto` has the same shape both ways: what is read can be changed and sent again. Decimals are texts, so that no
floating point touches them.
"""

from __future__ import annotations

from typing import Any

from interoperabilita.risorse.scritti import (
    IMPORTO,
    MESE,
    NOME_RIGA,
    PERCENTO,
    QUANTITA,
    SENZA_CONTROLLI,
    CampoScritto,
)
from interoperabilita.risorse.tipi import NON_NOTO, Campo, Tipo
from interventi.scelte import VoceDiSpesa
from monitoraggio import fasi, scheda
from monitoraggio.flusso import StatoAvanzamento
from monitoraggio.scheda import Genere, Sezione

RIGHE_AL_MASSIMO = 1_000
NUMERO_MASSIMO = 2**53 - 1

# How sections and cells are called here, where not as in the form.
NOMI_SEZIONI = {"quadro": "quadro_economico", "costi": "piano_costi"}
# What names a row of a section whose rows the portal decides.
CHIAVI: dict[str, CampoScritto] = {
    "fasi": CampoScritto(
        "fase", Tipo.SCELTA, "Codice ReGiS della fase.", "00313", scelte=tuple(fasi.PER_CODICE), serve=True
    ),
    "traguardi": CampoScritto(
        "traguardo", Tipo.INTERO, "Identificativo del traguardo.", 12, serve=True, minimo=1, massimo=NUMERO_MASSIMO
    ),
    "quadro": CampoScritto(
        "voce", Tipo.SCELTA, "Voce del quadro economico.", "lavori", scelte=tuple(VoceDiSpesa.values), serve=True
    ),
    "spiegazioni": CampoScritto(
        "avviso",
        Tipo.TESTO,
        "Nome dell'avviso che si spiega: è in «avvisi».",
        "altro_mese_a1f0",
        serve=True,
        forma=NOME_RIGA,
        massimo=40,
    ),
}
RIGA = CampoScritto(
    "riga",
    Tipo.TESTO,
    "Nome della riga nella bozza: facoltativo, serve a riconoscerla quando cambia ciò che la distingue.",
    "a91c0e5b2f",
    forma=NOME_RIGA,
    massimo=40,
)
_ESEMPI: dict[str, Any] = {
    "percentuale": "45.50",
    "senza_movimenti": False,
    "note": "Lavori in linea con il cronoprogramma.",
    "inizio_previsto": "2024-03-01",
    "inizio_stimato": "2024-03-01",
    "inizio_effettivo": "2024-03-04",
    "fine_prevista": "2026-03-31",
    "fine_stimata": "2026-03-31",
    "fine_effettiva": None,
    "previsione": "2026-06-30",
    "conseguito_il": None,
    "evidenza": "Certificato di ultimazione dei lavori",
    "valore": "1",
    "codice": "1234/2024",
    "descrizione": "Consegna dei materiali in ritardo",
    "unita": "numero",
    "programmato": "1",
    "realizzato": "0",
    "importo": "125000.00",
    "anno": 2026,
    "da_realizzare": "875000.00",
    "numero": "3",
    "data": "2026-10-15",
    "documento": None,
    "beneficiario": "Edilizia Lombarda S.r.l.",
    "beneficiario_cf": "01234567890",
    "cig": "A000000001",
    "percettore": "Edilizia Lombarda S.r.l.",
    "percettore_cf": "01234567890",
    "importo_percettore": None,
    "impegno": "1234/2024",
    "causale": "SAL n. 3",
    "azione": "Sollecitato il fornitore",
    "responsabile": "Ufficio tecnico",
    "scadenza": "2026-11-30",
    "seguito": "",
    "chiusa_il": None,
    "testo": "Il mandato è arrivato in ritardo dalla tesoreria.",
}


def nome_sezione(sezione: Sezione) -> str:
    return NOMI_SEZIONI.get(sezione.nome, sezione.nome)


def nome_campo(campo: scheda.Campo) -> str:
    """With the unit in the name, where it is money."""
    return f"{campo.nome}_eur" if campo.genere is Genere.IMPORTO else campo.nome


def _campo(sezione: Sezione, campo: scheda.Campo) -> CampoScritto:
    nome = nome_campo(campo)
    parole = " ".join(f"{str(testo).removesuffix('.')}." for testo in (campo.etichetta, campo.aiuto) if testo)
    esempio = _ESEMPI.get(campo.nome)
    if sezione is scheda.INDICATORI:
        esempio = {"codice": "T0146", "descrizione": "Interventi completati"}.get(campo.nome, esempio)
    match campo.genere:
        case Genere.IMPORTO:
            esempio = "0.00" if esempio == "0" else esempio
            return CampoScritto(nome, Tipo.IMPORTO, parole, esempio, nullo=True, forma=IMPORTO)
        case Genere.PERCENTO:
            return CampoScritto(nome, Tipo.TESTO, parole, "45.50", nullo=True, forma=PERCENTO)
        case Genere.QUANTITA:
            return CampoScritto(nome, Tipo.TESTO, parole, esempio, nullo=True, forma=QUANTITA)
        case Genere.DATA:
            return CampoScritto(nome, Tipo.DATA, parole, esempio, nullo=True)
        case Genere.ANNO:
            return CampoScritto(nome, Tipo.INTERO, parole, esempio, nullo=True, minimo=1990, massimo=2099)
        case Genere.DOCUMENTO:
            parole = "Identificativo di un documento già caricato per questo intervento."
            return CampoScritto(nome, Tipo.INTERO, parole, None, nullo=True, minimo=1, massimo=NUMERO_MASSIMO)
        case Genere.SPUNTA:
            return CampoScritto(nome, Tipo.BOOLEANO, parole, False)
        case Genere.SCELTA:
            valori = tuple(valore for valore, _nome in campo.scelte)
            significati = ", ".join(f"{valore} {testo}" for valore, testo in campo.scelte)
            return CampoScritto(
                nome, Tipo.SCELTA, f"{parole} Valori: {significati}.", valori[0], scelte=(*valori, NON_NOTO)
            )
    return CampoScritto(
        nome, Tipo.TESTO, parole, "" if esempio is None else esempio, massimo=campo.massimo, forma=SENZA_CONTROLLI
    )


def campi_di(sezione: Sezione) -> tuple[CampoScritto, ...]:
    """The fields of a row, first what names it."""
    primo = () if sezione.righe == "una" else (CHIAVI.get(sezione.nome, RIGA),)
    return (*primo, *(_campo(sezione, campo) for campo in sezione.campi))


def _sezione(sezione: Sezione) -> CampoScritto:
    campi = campi_di(sezione)
    if sezione.righe == "libere":
        regola = "Le righe che la sezione deve avere: quelle della bozza che qui non ci sono si tolgono."
    else:
        regola = "Le righe che cambiano: le altre restano come sono."
    return CampoScritto(
        nome_sezione(sezione),
        Tipo.OGGETTI,
        f"{sezione.titolo}. {sezione.frase} {regola}",
        [{campo.nome: campo.esempio for campo in campi}],
        campi=campi,
        massimo=RIGHE_AL_MASSIMO,
    )


CONTENUTO: tuple[CampoScritto, ...] = (
    *campi_di(scheda.TESTA),
    *(_sezione(sezione) for sezione in scheda.SEZIONI if sezione is not scheda.TESTA),
)
_ESEMPIO_CONTENUTO = {
    "percentuale": "45.50",
    "senza_movimenti": False,
    "fasi": [{"fase": "00313", "inizio_effettivo": "2024-03-04", "fine_stimata": "2026-03-31"}],
    "pagamenti": [
        {
            "tipo": "P",
            "codice": "987",
            "data": "2026-10-15",
            "importo_eur": "125000.00",
            "percettore": "Edilizia Lombarda S.r.l.",
            "percettore_cf": "01234567890",
            "impegno": "1234/2024",
        }
    ],
}
_REVISIONE = "Revisione della bozza che si è letta: chi ha cambiato le stesse celle dopo non viene coperto."

ESEMPIO_BOZZA = {"mese": "2026-10", "contenuto": _ESEMPIO_CONTENUTO}
ESEMPIO_INVIO = {"revisione": 3}

# --- Requests -----------------------------------------------------------------------------------------------------

# POST interventi/{cup}/avanzamenti
RICHIESTA_BOZZA: tuple[CampoScritto, ...] = (
    CampoScritto("mese", Tipo.TESTO, "Mese di cui si parla, già cominciato.", "2026-10", serve=True, forma=MESE),
    CampoScritto(
        "clp",
        Tipo.TESTO,
        "Codice locale progetto: serve solo se il CUP ha più interventi.",
        "PUI-MI-2022-031",
        massimo=100,
        forma=SENZA_CONTROLLI,
    ),
    CampoScritto(
        "submisura",
        Tipo.TESTO,
        "Submisura: serve solo se CUP e codice locale hanno più interventi.",
        "M5C2I2.02.03",
        massimo=20,
        forma=SENZA_CONTROLLI,
    ),
    CampoScritto(
        "correzione",
        Tipo.TESTO,
        "Perché si corregge: solo quando il mese è già approvato.",
        "",
        massimo=2_000,
        forma=SENZA_CONTROLLI,
    ),
    CampoScritto("revisione", Tipo.INTERO, _REVISIONE, 3, minimo=0, massimo=2**31 - 1),
    CampoScritto(
        "contenuto",
        Tipo.OGGETTO,
        "Ciò che si scrive: quello che non c'è resta com'è, null o testo vuoto lo tolgono.",
        _ESEMPIO_CONTENUTO,
        campi=CONTENUTO,
    ),
)
# POST interventi/{cup}/avanzamenti/{id}/invia
RICHIESTA_INVIO: tuple[CampoScritto, ...] = (
    CampoScritto(
        "revisione",
        Tipo.INTERO,
        "Revisione che si è letta: se intanto la bozza è cambiata non si invia.",
        3,
        serve=True,
        minimo=0,
        massimo=2**31 - 1,
    ),
    CampoScritto(
        "spiegazioni",
        Tipo.OGGETTI,
        "Le parole con cui si spiegano gli avvisi rimasti.",
        [{"avviso": "giustificativo_a1f0", "testo": "Il mandato è in arrivo dalla tesoreria."}],
        campi=campi_di(scheda.SPIEGAZIONI),
        massimo=RIGHE_AL_MASSIMO,
    ),
)

# --- Answers ------------------------------------------------------------------------------------------------------

RILIEVO: tuple[Campo, ...] = (
    Campo("controllo", Tipo.TESTO, "Codice del controllo.", "028"),
    Campo("titolo", Tipo.TESTO, "Che cosa non va, in breve.", "Pagamenti oltre gli impegni"),
    Campo("messaggio", Tipo.TESTO, "Che cosa non va, con i valori.", "I pagamenti superano gli impegni di 100,00 €."),
    Campo("rimedio", Tipo.TESTO, "Che cosa fare.", "Aggiungi l'impegno che manca, o correggi il pagamento."),
    Campo("campo", Tipo.TESTO, "Dove, in questa risposta: JSON Pointer.", "/contenuto/pagamenti/0/importo_eur"),
    Campo("avviso", Tipo.TESTO, "Di un avviso, il nome con cui si spiega in «spiegazioni».", ""),
    Campo("spiegazione", Tipo.TESTO, "La spiegazione, se c'è già.", ""),
)
# Of both POSTs, and of GET interventi/{cup}/avanzamenti/{id}
BOZZA: tuple[Campo, ...] = (
    Campo("id", Tipo.INTERO, "Identificativo dell'avanzamento.", 5012),
    Campo("intervento", Tipo.INTERO, "Identificativo dell'intervento.", 1024),
    Campo("cup", Tipo.TESTO, "CUP.", "B45E22000120006"),
    Campo("clp", Tipo.TESTO, "Codice locale progetto.", "PUI-MI-2022-031"),
    Campo("submisura", Tipo.TESTO, "Submisura.", "M5C2I2.02.03"),
    Campo("mese", Tipo.TESTO, "Mese.", "2026-10"),
    Campo("riferito_al", Tipo.DATA, "Ultimo giorno del mese.", "2026-10-31"),
    Campo("versione", Tipo.INTERO, "1, o di più se è una correzione.", 1),
    Campo("stato", Tipo.SCELTA, "A che punto è.", "bozza", scelte=tuple(StatoAvanzamento.values)),
    Campo("motivo_correzione", Tipo.TESTO, "Perché si corregge.", ""),
    Campo("motivo", Tipo.TESTO, "Perché è stato restituito o sbloccato.", ""),
    Campo("revisione", Tipo.INTERO, "Cresce a ogni salvataggio, di chiunque.", 3),
    Campo("modificato_il", Tipo.ISTANTE, "Ultimo salvataggio.", "2026-11-04T09:12:33.000000Z"),
    Campo("inviato_il", Tipo.ISTANTE, "Quando è stato inviato.", None, nullo=True),
    Campo("approvato_il", Tipo.ISTANTE, "Quando è stato approvato.", None, nullo=True),
    Campo("impronta", Tipo.TESTO, "SHA-256 del contenuto inviato; vuota finché non si invia.", ""),
    Campo("completezza_percento", Tipo.INTERO, "Quanto c'è di ciò che un mese deve dire.", 87),
    Campo("inviabile", Tipo.BOOLEANO, "Se si può inviare: nessun errore, ogni avviso spiegato.", False),
    Campo("errori", Tipo.OGGETTI, "Ciò che impedisce l'invio.", [], campi=RILIEVO),
    Campo("avvisi", Tipo.OGGETTI, "Ciò che va spiegato prima di inviare.", [], campi=RILIEVO),
    Campo("contenuto", Tipo.OGGETTO, "La bozza com'è adesso.", _ESEMPIO_CONTENUTO, campi=CONTENUTO),
)
