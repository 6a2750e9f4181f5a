"""What the tables of tenders say: the procedure, and the firms that won them or work in them."""

from __future__ import annotations

from datetime import date

from interventi.importazione.confronto import PRIMA_I_PROGETTI
from interventi.importazione.memoria import Memoria
from interventi.importazione.righe import Giudizio, Rifiuto, Riga
from interventi.importazione.scrittura import Valori
from interventi.models import Operatore, Procedura
from interventi.models.importazioni import Perimetro

CAMPI = (
    "cig", "codice_pda", "codice_utente", "cig_accordo_quadro", "oggetto", "oggetto_principale", "modalita", "tipo",
    "motivo_assenza_codice", "motivo_assenza", "importo", "importo_aggiudicato", "pubblicata", "aggiudicata",
)  # fmt: skip
PRIMA_LE_GARE = "Carica anche la tabella Gare che la contiene."


def gare(memoria: Memoria, giudizio: Giudizio) -> None:
    valori = giudizio.letta.valori
    giudizio.oggetto = valori.get("oggetto") or valori.get("cig") or valori.get("codice_pda") or ""
    if not (valori.get("cig") or valori.get("codice_pda") or valori.get("motivo_assenza")):
        raise Rifiuto(
            "CIG", "", "La gara non ha né CIG, né codice ReGiS, né motivo di assenza: non si può riconoscere."
        )
    if memoria.contesto.importazione.perimetro == Perimetro.TUTTO:
        intervento = memoria.cerca_o_crea(giudizio)
    else:
        intervento = memoria.esige(giudizio, PRIMA_I_PROGETTI)
    quando = valori.get("dati_al")
    detti = {nome: valori[nome] for nome in CAMPI if nome in valori}
    procedura = _trova(memoria, intervento, valori)
    if procedura is None:
        procedura = memoria.aggiungi_parte(Procedura, intervento, detti, quando)
        giudizio.nuova = True
    else:
        memoria.proponi(procedura, detti, quando, "dati_al", giudizio)
    _operatori(memoria, procedura, valori, quando, giudizio)


def operatori(memoria: Memoria, giudizio: Giudizio) -> None:
    valori = giudizio.letta.valori
    detti = _nominati(valori)
    giudizio.oggetto = ", ".join(detto["denominazione"] or detto["codice_fiscale"] for detto in detti)
    if not detti:
        raise Rifiuto("Denominazione", "", "La riga non nomina nessun operatore: mancano nome e codice fiscale.")
    intervento = memoria.esige(giudizio, PRIMA_I_PROGETTI)
    procedura = _trova(memoria, intervento, valori)
    if procedura is None:
        codice = valori.get("cig") or valori.get("codice_pda") or ""
        raise Rifiuto("CIG", codice, f"Il registro non conosce questa gara dell'intervento. {PRIMA_LE_GARE}")
    if _operatori(memoria, procedura, valori, valori.get("dati_al"), giudizio):
        giudizio.nuova = True


def _trova(memoria: Memoria, intervento: Riga, valori: Valori) -> Riga | None:
    """The tender with these codes, or the only one that agrees where one of the two is not known. Raises Rifiuto."""
    cig, pda = valori.get("cig") or "", valori.get("codice_pda") or ""
    tutte = memoria.figlie(Procedura, intervento)
    esatte = [gara for gara in tutte if (gara.valori["cig"], gara.valori["codice_pda"]) == (cig, pda)]
    if esatte:
        return esatte[0]
    if not cig and not pda:
        return None
    simili = [
        gara
        for gara in tutte
        if (gara.valori["cig"] or gara.valori["codice_pda"])
        and (not cig or not gara.valori["cig"] or gara.valori["cig"] == cig)
        and (not pda or not gara.valori["codice_pda"] or gara.valori["codice_pda"] == pda)
        and (gara.valori["cig"] == cig != "" or gara.valori["codice_pda"] == pda != "")
    ]
    if len(simili) > 1 and not (cig and pda):
        codici = ", ".join(sorted(gara.valori["codice_pda"] or gara.valori["cig"] for gara in simili)[:5])
        raise Rifiuto("CIG", cig or pda, f"L'intervento ha {len(simili)} procedure con questo codice ({codici}).")
    return simili[0] if len(simili) == 1 else None


def _nominati(valori: Valori) -> list[Valori]:
    return [detto for detto in valori.get("operatori") or () if detto["codice_fiscale"] or detto["denominazione"]]


def _operatori(memoria: Memoria, procedura: Riga, valori: Valori, quando: date | None, giudizio: Giudizio) -> bool:
    """The firms of a row; tells whether any is new. One without a role is the same as one whose role is known."""
    nuovi = False
    for detto in _nominati(valori):
        simili = [
            figlia
            for figlia in memoria.figlie(Operatore, procedura)
            if all(figlia.valori[nome] == (detto[nome] or "") for nome in ("tipo", "codice_fiscale", "denominazione"))
        ]
        ruolo = detto.get("ruolo") or ""
        esistente = next((figlia for figlia in simili if figlia.valori["ruolo"] == ruolo), None)
        if esistente is None and simili:
            esistente = simili[0] if not ruolo else next((f for f in simili if not f.valori["ruolo"]), None)
        if esistente is not None:
            memoria.proponi(esistente, detto, quando, "dati_al", giudizio)
            continue
        nuovi = True
        memoria.aggiungi_parte(Operatore, procedura, detto, quando)
        if not giudizio.nuova:
            giudizio.cambia("operatori", "Operatore", "", detto["denominazione"] or detto["codice_fiscale"])
    return nuovi
