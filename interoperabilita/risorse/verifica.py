"""The fields of what the API answers of one piano: its row with the state of its interventi, and its verification."""

from __future__ import annotations

from interoperabilita.risorse import piani
from interoperabilita.risorse.tipi import Campo, Tipo
from monitoraggio.selectors.elenco_situazione import PAROLE

_AGGIORNATO_AL = Campo(
    "aggiornato_al", Tipo.ISTANTE, "Istante a cui i dati sono aggiornati.", "2026-11-18T10:12:03.125000Z"
)
_AL = Campo("al", Tipo.DATA, "Il giorno chiesto con «al».", None, nullo=True)
_PAROLE_DEGLI_STATI = {
    "in_ritardo": "In ritardo sulla fine prevista.",
    "a_rischio": "A rischio: fine stimata oltre la prevista, o criticità gravi.",
    "non_determinabile": "Senza avanzamenti approvati.",
    "non_avviato": "Non avviati.",
    "in_linea": "In linea.",
    "concluso": "Conclusi.",
    "annullato": "Revocati.",
}

PER_STATO = Campo(
    "interventi_per_stato",
    Tipo.OGGETTO,
    "Quanti interventi del piano sono in ogni stato del monitoraggio, con le parole del filtro «monitoraggio».",
    dict.fromkeys(PAROLE, 6),
    campi=tuple(Campo(stato, Tipo.INTERO, _PAROLE_DEGLI_STATI[stato], 6) for stato in PAROLE),
)
_DI_PIANO = (*piani.CAMPI[:-1], PER_STATO, piani.CAMPI[-1])
PIANO = (
    Campo("dati", Tipo.OGGETTO, "Il piano.", {campo.nome: campo.esempio for campo in _DI_PIANO}, campi=_DI_PIANO),
    _AGGIORNATO_AL,
    _AL,
)

_CAUSA = (
    Campo("id", Tipo.INTERO, "Identificativo dell'intervento.", 1024),
    Campo("cup", Tipo.TESTO, "CUP dell'intervento.", "B45E22000120006"),
    Campo("clp", Tipo.TESTO, "Codice locale progetto.", "PUI-MI-2022-031"),
    Campo("titolo", Tipo.TESTO, "Titolo dell'intervento.", "Riqualificazione della biblioteca comunale"),
)
_DEROGA = (
    Campo("atto", Tipo.TESTO, "Atto che concede la deroga.", "DM 22/04/2022, n. 100"),
    Campo("organo", Tipo.TESTO, "Chi l'ha concessa.", "Ministero dell'interno"),
    Campo("data", Tipo.DATA, "Giorno dell'atto.", "2022-04-22"),
    Campo("motivo", Tipo.TESTO, "Motivo della deroga.", "Edificio vincolato."),
    Campo("cup", Tipo.TESTO, "CUP dell'intervento, se vale per uno solo.", "B45E22000120006"),
    Campo("clp", Tipo.TESTO, "Codice locale progetto dello stesso intervento.", "PUI-MI-2022-031"),
)


def _esempio(campi: tuple[Campo, ...]) -> dict[str, object]:
    return {campo.nome: campo.esempio for campo in campi}


_REGOLA = (
    Campo("codice", Tipo.TESTO, "Codice della regola.", "costo_minimo"),
    Campo("titolo", Tipo.TESTO, "Che cosa chiede la regola.", "Il piano costa almeno 50 milioni di euro"),
    Campo("fonte", Tipo.TESTO, "Norma da cui viene.", "art. 21 DL 152/2021; DM Interno 6/12/2021"),
    Campo("livello", Tipo.TESTO, "Che cosa giudica: «intervento» o «piano».", "piano"),
    Campo("obbligatoria", Tipo.BOOLEANO, "Se conta per l'esito del piano.", True),
    Campo("esito", Tipo.SCELTA, "Esito della regola.", "conforme", scelte=piani.ESITI),
    Campo("valore", Tipo.TESTO, "Valore misurato, decimale esatto in «unita»; vuoto se non c'è.", "78450000.00"),
    Campo("confronto", Tipo.TESTO, "Come il valore deve stare alla soglia: almeno, al più, più di.", "almeno"),
    Campo("soglia", Tipo.TESTO, "Soglia, decimale esatto in «unita»; vuota se non era in vigore.", "50000000"),
    Campo("distanza", Tipo.TESTO, "Valore meno soglia; vuota se non c'è niente da misurare.", "28450000.00"),
    Campo("unita", Tipo.TESTO, "Unità di valore, soglia e distanza.", "euro"),
    Campo("interventi_conformi", Tipo.INTERO, "Interventi che la rispettano.", 42),
    Campo("interventi_non_conformi", Tipo.INTERO, "Interventi che non la rispettano.", 0),
    Campo("interventi_non_determinabili", Tipo.INTERO, "Interventi di cui mancano i dati.", 0),
    Campo("interventi_non_applicabili", Tipo.INTERO, "Interventi che non riguarda.", 0),
    Campo(
        "cause",
        Tipo.OGGETTI,
        "Gli interventi che fanno fallire la regola, al massimo 50, fra quelli che si possono leggere.",
        [_esempio(_CAUSA)],
        campi=_CAUSA,
    ),
    Campo("altre_cause", Tipo.INTERO, "Quanti altri interventi la fanno fallire.", 0),
    Campo("deroghe", Tipo.OGGETTI, "Le deroghe in vigore.", [_esempio(_DEROGA)], campi=_DEROGA),
    Campo("dal", Tipo.ISTANTE, "Da quando l'esito, con i suoi numeri, è questo.", "2026-11-18T10:12:03.125000Z"),
)
_SINTESI = tuple(
    campo for campo in piani.CAMPI if campo.nome in {"codice", "slug"} or campo.nome.startswith(("esito_", "regole_"))
)
_DI_VERIFICA = (
    *_SINTESI,
    Campo(
        "verificato_il",
        Tipo.ISTANTE,
        "Quando è stata fatta l'ultima verifica; null se mai, o se si chiede un giorno con «al».",
        "2026-11-18T03:15:00.000000Z",
        nullo=True,
    ),
    Campo("da_aggiornare", Tipo.BOOLEANO, "Se dati del piano sono cambiati dopo l'ultima verifica.", False),
    Campo(
        "regole",
        Tipo.OGGETTI,
        "Tutte le regole, con il loro esito; vuoto se il piano non è mai stato verificato.",
        [_esempio(_REGOLA)],
        campi=_REGOLA,
    ),
)
VERIFICA = (
    Campo("dati", Tipo.OGGETTO, "La verifica del piano.", _esempio(_DI_VERIFICA), campi=_DI_VERIFICA),
    _AGGIORNATO_AL,
    _AL,
)
