"""The fields of the figures of the programme: those of the Cruscotto, for a machine."""

from __future__ import annotations

from typing import Any

from cruscotto.tipi import Dimensione
from interoperabilita.risorse.tipi import Campo, Tipo
from interoperabilita.schema.operazioni import Parametro
from interoperabilita.schema.parametri import TESTO
from monitoraggio.models.traguardi import StatoTraguardo
from monitoraggio.selectors.elenco_situazione import PAROLE
from rapporti.capitoli.lacune import Lacuna
from rapporti.capitoli.lavori import LAVORI

_PIANO, _COMUNE = "SPUGNA", "015182"


def _esempio(campi: tuple[Campo, ...]) -> dict[str, Any]:
    return {campo.nome: campo.esempio for campo in campi}


def _conto(nome: str, che_cosa: str, scelte: tuple[str, ...]) -> tuple[Campo, Campo]:
    return (
        Campo(nome, Tipo.SCELTA, che_cosa, scelte[0], scelte=scelte),
        Campo("quanti", Tipo.INTERO, "Quanti sono; chi non ne ha non c'è.", 4),
    )


PER_STATO = _conto("stato", "Stato nel monitoraggio.", tuple(PAROLE))
PER_LAVORI = _conto("lavori", "A che punto sono i lavori.", LAVORI)
PER_TRAGUARDO = _conto("stato", "Stato dei traguardi.", tuple(StatoTraguardo.values))
PER_LACUNA = _conto("lacuna", "Che cosa manca o non concorda.", tuple(lacuna.codice for lacuna in Lacuna))
PER_SEGNALE = (
    Campo("segnale", Tipo.TESTO, "Codice del segnale, come nel catalogo.", "traguardo_a_rischio"),
    Campo("quanti", Tipo.INTERO, "Quanti interventi lo hanno.", 4),
)

TOTALI = (
    Campo("interventi", Tipo.INTERO, "Interventi.", 34),
    Campo("comuni", Tipo.INTERO, "Comuni in cui si trovano.", 34),
    Campo("finanziamento_eur", Tipo.IMPORTO, "Somma dei finanziamenti noti.", "56420000.00"),
    Campo("senza_importo", Tipo.INTERO, "Interventi di cui il finanziamento non è noto.", 0),
    Campo("impegnato_eur", Tipo.IMPORTO, "Impegnato, secondo i mesi approvati.", "50100000.00"),
    Campo("pagato_eur", Tipo.IMPORTO, "Pagato, secondo i mesi approvati.", "31200000.00"),
    Campo("economie_eur", Tipo.IMPORTO, "Economie registrate con un atto.", "0.00"),
    Campo("valore_lavori_eur", Tipo.IMPORTO, "Finanziamento degli interventi nella curva dei lavori.", "56420000.00"),
    Campo("lavori_previsti_eur", Tipo.IMPORTO, "Quanto ne prevedeva il piano iniziale a fine «fino».", "49800000.00"),
    Campo("lavori_fatti_eur", Tipo.IMPORTO, "Quanto ne è fatto a fine «fino».", "33700000.00"),
)
DETTAGLI = (
    Campo("per_stato", Tipo.OGGETTI, "Interventi per stato.", [_esempio(PER_STATO)], campi=PER_STATO),
    Campo("per_lavori", Tipo.OGGETTI, "Interventi per stato dei lavori.", [_esempio(PER_LAVORI)], campi=PER_LAVORI),
    Campo("traguardi", Tipo.OGGETTI, "Traguardi per stato.", [_esempio(PER_TRAGUARDO)], campi=PER_TRAGUARDO),
    Campo("segnali", Tipo.OGGETTI, "Interventi per segnale.", [_esempio(PER_SEGNALE)], campi=PER_SEGNALE),
    Campo("lacune", Tipo.OGGETTI, "Interventi per dato mancante.", [_esempio(PER_LACUNA)], campi=PER_LACUNA),
)
GRUPPO = (
    Campo("per", Tipo.SCELTA, "Secondo che cosa sono raggruppati.", "piano", scelte=tuple(Dimensione.values)),
    Campo("chiave", Tipo.TESTO, "Quale: si scrive nel parametro con lo stesso nome; vuoto per nessuno.", _PIANO),
    Campo("nome", Tipo.TESTO, "Come si chiama.", _PIANO),
    *TOTALI,
    Campo("per_stato", Tipo.OGGETTI, "Interventi per stato.", [_esempio(PER_STATO)], campi=PER_STATO),
)
INDICATORE = (
    Campo("codice", Tipo.TESTO, "Codice dell'indicatore di ReGiS.", "T0039"),
    Campo("descrizione", Tipo.TESTO, "Che cosa misura.", "Superficie interessata"),
    Campo("unita", Tipo.TESTO, "Unità di misura.", "m2"),
    Campo("programmato", Tipo.NUMERO, "Quantità prevista.", 1200.0),
    Campo("realizzato", Tipo.NUMERO, "Quantità raggiunta.", 400.0),
    Campo("interventi", Tipo.INTERO, "Interventi che lo dichiarano.", 34),
)
PUNTO = (
    Campo("mese", Tipo.DATA, "Fine del mese.", "2024-12-31"),
    Campo("previsto_eur", Tipo.IMPORTO, "Valore previsto dal piano iniziale, dall'inizio.", "49800000.00"),
    Campo("fatto_eur", Tipo.IMPORTO, "Valore dei lavori fatti; null se non è noto.", "33700000.00", nullo=True),
    Campo("proiezione_eur", Tipo.IMPORTO, "Con l'andamento tenuto; null prima.", None, nullo=True),
)
CURVA = (
    Campo("fino", Tipo.DATA, "Ultimo mese con i dati di almeno metà degli interventi.", "2024-12-31"),
    Campo("spi", Tipo.NUMERO, "Ritmo dei lavori sul piano, SPI(t); null se non si può dire.", 0.68, nullo=True),
    Campo("fine_stimata", Tipo.DATA, "Fine dei lavori, con il ritmo tenuto.", "2027-03-31", nullo=True),
    Campo("fine_al_piu_presto", Tipo.DATA, "Estremo dell'intervallo al 90 %.", "2026-11-30", nullo=True),
    Campo("fine_al_piu_tardi", Tipo.DATA, "Estremo dell'intervallo al 90 %.", "2027-10-31", nullo=True),
    Campo("mesi", Tipo.OGGETTI, "I punti della curva.", [_esempio(PUNTO)], campi=PUNTO),
)
FILTRI = (
    Campo("piano", Tipo.TESTO, "Codice del piano; vuoto: tutti.", _PIANO),
    Campo("driver", Tipo.INTERO, "Numero del Driver; null: tutti.", None, nullo=True),
    Campo("strategia", Tipo.INTERO, "Numero della STTM; null: tutte.", None, nullo=True),
    Campo("zona", Tipo.INTERO, "Numero della zona omogenea; null: tutte.", None, nullo=True),
    Campo("comune", Tipo.TESTO, "Codice ISTAT del Comune; vuoto: tutti.", ""),
)
_DATI = (
    Campo("filtri", Tipo.OGGETTO, "Di quali interventi parlano.", _esempio(FILTRI), campi=FILTRI),
    Campo("in_attesa", Tipo.INTERO, "Interventi cambiati dopo il conteggio, che si stanno ricontando.", 0),
    *TOTALI,
    *DETTAGLI,
    Campo("gruppi", Tipo.OGGETTI, "Le stesse cifre per piano, Driver, STTM, zona e Comune.", [_esempio(GRUPPO)],
          campi=GRUPPO),
    Campo("indicatori", Tipo.OGGETTI, "Gli indicatori di ReGiS, sommati.", [_esempio(INDICATORE)], campi=INDICATORE),
    Campo("curva", Tipo.OGGETTO, "I lavori previsti e fatti.", _esempio(CURVA), campi=CURVA),
)  # fmt: skip
CIFRE = (
    Campo("dati", Tipo.OGGETTO, "Le cifre.", _esempio(_DATI), campi=_DATI),
    Campo("aggiornato_al", Tipo.ISTANTE, "Istante del conteggio.", "2026-11-29T05:12:03.000000Z"),
    Campo("al", Tipo.DATA, "Il giorno di cui parlano.", "2024-12-31"),
)
PARAMETRI = (
    Parametro("al", "Il giorno di cui parlano le cifre: oggi, o uno già contato nel portale.", "2024-12-31", Tipo.DATA),
    Parametro("piano", "Codice del piano.", _PIANO, forma=TESTO, lunghezza=60),
    Parametro("driver", "Numero del Driver.", 2, Tipo.INTERO, minimo=1, massimo=99),
    Parametro("strategia", "Numero della STTM.", 1, Tipo.INTERO, minimo=1, massimo=99),
    Parametro("zona", "Numero della zona omogenea.", 7, Tipo.INTERO, minimo=1, massimo=99),
    Parametro("comune", "Codice ISTAT del Comune.", _COMUNE, forma=TESTO, lunghezza=60),
)
