"""The figures of the Cruscotto in the shape of `risorse.cifre`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cruscotto.tipi import Curva, Figure, Filtri, Gruppo, Quantita, Totali
from interoperabilita.formati import valori


def dati(figure: Figure) -> dict[str, Any]:
    return {
        "filtri": _filtri(figure.filtri),
        "in_attesa": figure.istantanea.in_attesa,
        **_totali(figure.totali),
        "per_stato": _conti("stato", figure.totali.segni),
        "per_lavori": _conti("lavori", figure.totali.lavori),
        "traguardi": _conti("stato", figure.totali.traguardi),
        "segnali": _conti("segnale", figure.totali.segnali),
        "lacune": _conti("lacuna", figure.totali.lacune),
        "gruppi": [_gruppo(gruppo) for gruppi in figure.gruppi.values() for gruppo in gruppi],
        "indicatori": [_indicatore(quantita) for quantita in figure.quantita],
        "curva": _curva(figure.curva),
    }


def _filtri(filtri: Filtri) -> dict[str, Any]:
    return {
        "piano": filtri.piano,
        "driver": filtri.driver,
        "strategia": filtri.strategia,
        "zona": filtri.zona,
        "comune": filtri.comune,
    }


def _totali(totali: Totali) -> dict[str, Any]:
    return {
        "interventi": totali.interventi,
        "comuni": totali.comuni,
        "finanziamento_eur": valori.importo(totali.finanziamento),
        "senza_importo": totali.senza_importo,
        "impegnato_eur": valori.importo(totali.impegnato),
        "pagato_eur": valori.importo(totali.pagato),
        "economie_eur": valori.importo(totali.economie),
        "valore_lavori_eur": valori.importo(totali.valore),
        "lavori_previsti_eur": valori.importo(totali.previsto),
        "lavori_fatti_eur": valori.importo(totali.fatto),
    }


def _conti(nome: str, conti: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{nome: codice, "quanti": quanti} for codice, quanti in conti.items() if quanti]


def _gruppo(gruppo: Gruppo) -> dict[str, Any]:
    testa = {"per": gruppo.dimensione.value, "chiave": gruppo.chiave, "nome": gruppo.nome}
    return {**testa, **_totali(gruppo.totali), "per_stato": _conti("stato", gruppo.totali.segni)}


def _indicatore(quantita: Quantita) -> dict[str, Any]:
    return {
        "codice": quantita.codice,
        "descrizione": quantita.descrizione,
        "unita": quantita.unita,
        "programmato": valori.numero(quantita.programmato),
        "realizzato": valori.numero(quantita.realizzato),
        "interventi": quantita.interventi,
    }


def _curva(curva: Curva) -> dict[str, Any]:
    # There is no projection where there is no forecast.
    proiezione = curva.proiezione or (None,) * len(curva.mesi)
    punti = zip(curva.mesi, curva.piano, curva.effettivo, proiezione, strict=True)
    return {
        "fino": valori.giorno(curva.fino),
        "spi": valori.numero(curva.stima.spi),
        "fine_stimata": valori.giorno(curva.stima.fine),
        "fine_al_piu_presto": valori.giorno(curva.stima.fine_da),
        "fine_al_piu_tardi": valori.giorno(curva.stima.fine_a),
        "mesi": [
            {
                "mese": valori.giorno(mese),
                "previsto_eur": valori.importo(previsto),
                "fatto_eur": valori.importo(fatto),
                "proiezione_eur": valori.importo(stimato),
            }
            for mese, previsto, fatto, stimato in punti
        ],
    }
