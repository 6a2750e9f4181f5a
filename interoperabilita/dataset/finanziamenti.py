"""Who pays for what: a row for each intervento and source, from the published list of CUPs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from interoperabilita.dataset import riservatezza
from interoperabilita.dataset.pubblicati import PER_VOLTA, piani_in_bozza, voci
from interoperabilita.dataset.tipi import DIMOSTRATIVO, Dataset, Tema
from interoperabilita.formati import valori
from interoperabilita.models.voci import COLONNE_FONTI
from interoperabilita.risorse.tipi import Campo, Tipo
from interventi.scelte import FonteFinanziamento

DELL_INTERVENTO = (
    Campo("id_intervento", Tipo.INTERO, "Identificativo dell'intervento: lo stesso del dataset «interventi».", 1024),
    Campo("cup", Tipo.TESTO, "CUP dell'intervento; vuoto finché non è generato.", "B45E22000120006"),
    Campo("clp", Tipo.TESTO, "Codice locale progetto (CLP) di ReGiS.", "PUI-MI-2022-031"),
    Campo("submisura", Tipo.TESTO, "Codice univoco della submisura.", "M5C2I2.02.03"),
)
PIANO = Campo("piano", Tipo.TESTO, "Codice del piano a cui l'intervento appartiene; vuoto se a nessuno.", "COME IN")
CAMPI = (
    *DELL_INTERVENTO,
    PIANO,
    Campo("fonte", Tipo.SCELTA, "Fonte del finanziamento, con il codice del portale.", "pnrr"),
    Campo("fonte_nome", Tipo.TESTO, "Nome della fonte.", "PNRR"),
    Campo("importo_eur", Tipo.IMPORTO, "Quanto dà questa fonte, in EUR.", "1000000.00"),
    DIMOSTRATIVO,
)
_FONTI = [(fonte.value, str(fonte.label), COLONNE_FONTI[fonte.value]) for fonte in FonteFinanziamento]
_LETTI = ("oggetto", "cup", "clp", "submisura", "piano", "dimostrativo", *COLONNE_FONTI.values())


def righe(istante: datetime) -> Iterator[dict[str, Any]]:
    in_bozza = piani_in_bozza()
    for voce in voci(istante).values(*_LETTI).iterator(chunk_size=PER_VOLTA):
        for fonte, nome, colonna in _FONTI:
            if voce[colonna] is not None:
                yield {
                    "id_intervento": voce["oggetto"],
                    "cup": voce["cup"],
                    "clp": riservatezza.testo(voce["clp"]),
                    "submisura": voce["submisura"],
                    "piano": "" if voce["piano"] in in_bozza else voce["piano"],
                    "fonte": fonte,
                    "fonte_nome": nome,
                    "importo_eur": valori.importo(voce[colonna]),
                    "dimostrativo": voce["dimostrativo"],
                }


FINANZIAMENTI = Dataset(
    codice="finanziamenti",
    titolo="Finanziamenti degli interventi per fonte",
    descrizione="Quanto ogni fonte (PNRR, Stato, Regione, Comune, privati e le altre) dà a ogni intervento: "
    "una riga per intervento e fonte, con l'importo in euro. Le fonti che non danno nulla non hanno riga.",
    temi=(Tema.ECON, Tema.GOVE),
    parole=("PNRR", "CUP", "finanziamenti", "fonti di finanziamento", "spesa pubblica"),
    campi=CAMPI,
    righe=righe,
    api="cup",
    significati={"fonte": {fonte: nome for fonte, nome, _colonna in _FONTI}},
)
