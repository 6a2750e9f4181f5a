"""The flat list of CUPs, for everybody: the rows that the API publishes, without what is personal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson

from interoperabilita.dataset import riservatezza
from interoperabilita.dataset.pubblicati import PER_VOLTA, piani_in_bozza, voci
from interoperabilita.dataset.tipi import DIMOSTRATIVO, Dataset, Tema
from interoperabilita.models.voci import COLONNE_FONTI
from interoperabilita.risorse.cup import CAMPI as CAMPI_CUP
from interoperabilita.risorse.tipi import NON_NOTO, Campo, Tipo
from interventi.scelte import FonteFinanziamento, LineaFinanziamento, NaturaCup, StatoCup

# What is published of the API's fields, and nothing else: a field that is added there does not become public by itself.
_PUBBLICI = (
    "id", "cup", "clp", "submisura", "misura", "piano", "titolo", "soggetto_attuatore", "soggetto_attuatore_cf",
    "soggetto_attuatore_ipa", "comuni", "comuni_istat", "zone_omogenee", "natura", "stato_cup", "linea_finanziamento",
    "monitorato_regis", "finanziamento_totale_eur", "finanziamento_pubblico_eur", "finanziamenti",
    "pagamenti_regis_eur", "impegnato_eur", "pagato_eur", "economie_eur", "fase", "fase_nome", "avanzamento_percento",
    "inizio_lavori", "fine_prevista", "fine_stimata", "fine_effettiva", "revocato_il", "criticita_aperte",
    "criticita_gravi", "situazione_al", "ultimo_approvato_il", "dati_regis_al", "driver", "strategie",
)  # fmt: skip
_TESTI = ("clp", "titolo", "soggetto_attuatore")
_NON_NOTO = {NON_NOTO: "non noto"}


def _campi() -> Iterator[Campo]:
    """The fields of the API; the amount of each source is a field of its own, so that every row is flat."""
    tutti = {campo.nome: campo for campo in CAMPI_CUP}
    for campo in (tutti[nome] for nome in _PUBBLICI):
        if campo.tipo is Tipo.PER_FONTE:
            for fonte in FonteFinanziamento:
                descrizione = f"Finanziamento, in EUR, della fonte: {fonte.label}. Vuoto se la fonte non dà nulla."
                yield Campo(COLONNE_FONTI[fonte.value], Tipo.IMPORTO, descrizione, "1000000.00", nullo=True)
        else:
            yield campo
    yield DIMOSTRATIVO


CAMPI = tuple(_campi())


def righe(istante: datetime) -> Iterator[dict[str, Any]]:
    in_bozza = piani_in_bozza()
    for corpo in voci(istante).values_list("corpo", flat=True).iterator(chunk_size=PER_VOLTA):
        voce = orjson.loads(corpo)
        per_fonte = voce.pop("finanziamenti")
        voce |= {colonna: per_fonte.get(fonte) for fonte, colonna in COLONNE_FONTI.items()}
        voce |= {nome: riservatezza.testo(voce[nome]) for nome in _TESTI}
        voce["soggetto_attuatore"], voce["soggetto_attuatore_cf"] = riservatezza.soggetto(
            voce["soggetto_attuatore"], voce["soggetto_attuatore_cf"]
        )
        if voce["piano"] in in_bozza:
            voce["piano"] = ""
        yield {campo.nome: voce[campo.nome] for campo in CAMPI}


INTERVENTI = Dataset(
    codice="interventi",
    titolo="Interventi con CUP seguiti dal Portale PNRR",
    descrizione="L'elenco degli interventi del PNRR e degli altri programmi che la Città metropolitana di Milano "
    "segue, uno per CUP, codice locale e submisura: dove si trovano, chi li attua, quanto valgono e per quali fonti, a "
    "che fase sono e quanto risulta impegnato, pagato e realizzato secondo gli avanzamenti approvati.",
    temi=(Tema.GOVE, Tema.REGI),
    parole=("PNRR", "CUP", "interventi", "opere pubbliche", "Piani urbani integrati"),
    campi=CAMPI,
    righe=righe,
    api="cup",
    significati={
        "natura": {str(voce.value): str(voce.label) for voce in NaturaCup} | _NON_NOTO,
        "stato_cup": {str(voce.value): str(voce.label) for voce in StatoCup} | _NON_NOTO,
        "linea_finanziamento": {str(voce.value): str(voce.label) for voce in LineaFinanziamento} | _NON_NOTO,
    },
)
