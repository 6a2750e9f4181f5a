"""The Comuni of a group on the map, by how many interventi they have."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from enti.mappa import VIEWBOX, contorni_zone
from monitoraggio.opere.tipi import Opera
from piani_integrati.selectors import classi_di_numeri
from psttm.grafici.tipi import Area, Mappa
from psttm.grafici.tipi import Unita as UnitaDelGrafico
from rapporti.capitoli.cifre import ZERO
from rapporti.capitoli.conti import conti
from rapporti.capitoli.parole import NOMI, elenco
from rapporti.capitoli.tavole import chiave_comune, per_comune
from rapporti.documento import Cella, Colonna, Grafico, Sezione, Tabella, Unita
from rapporti.lettura.quadro import Quadro


def mappa(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Sezione | None:
    """None where they are all in one Comune, which a map says less well than its name."""
    grafico = figura(opere, quadro, ancora)
    return Sezione(f"{ancora}-mappa", "Dove sono", (grafico,)) if grafico is not None else None


def figura(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Grafico | None:
    trovate = per_comune(opere)
    presenti = set(conti(opere, quadro, ancora).comuni.righe)
    comuni = [comune for comune in quadro.comuni.values() if chiave_comune(comune) in presenti]
    if len(comuni) < 2:
        return None
    numeri = {comune.pk: len(trovate[comune.pk]) for comune in comuni}
    classi = classi_di_numeri(numeri.values())
    limiti = [ultimo for _primo, ultimo in classi]
    aree = tuple(
        Area(
            comune.nome,
            comune.confine.tracciato,
            1 + bisect_left(limiti, numeri[comune.pk]) if comune.pk in numeri else 0,
            numeri.get(comune.pk, 0),
        )
        for comune in quadro.comuni.values()
        if comune.zona_id is not None and hasattr(comune, "confine")
    )
    righe: list[tuple[Cella, ...]] = [
        (
            comune.nome,
            str(comune.zona or "fuori dalla Città metropolitana"),
            numeri[comune.pk],
            sum((opera.finanziamento or ZERO for opera in trovate[comune.pk]), ZERO),
        )
        for comune in sorted(comuni, key=lambda uno: (-numeri[uno.pk], uno.nome, uno.codice_istat))
    ]
    dati = Tabella(
        f"{ancora}-comuni",
        "Interventi per Comune",
        (
            Colonna("comune", "Comune", larghezza=20),
            Colonna("zona", "Zona omogenea", larghezza=20),
            Colonna("interventi", "Interventi", Unita.NUMERO),
            Colonna("finanziamento", "Finanziamento degli interventi che lo toccano (€)", Unita.EURO, 14),
        ),
        tuple(righe),
        nota="Un intervento in più Comuni conta in ognuno, per intero.",
    )
    disegno = Mappa(
        aree=aree,
        contorni=tuple(contorno.tracciato for contorno in contorni_zone()),
        viewbox=VIEWBOX,
        classi=tuple(classi),
        unita=UnitaDelGrafico("interventi"),
    )
    return Grafico(f"{ancora}-mappa", "Interventi per Comune", disegno, _a_parole(righe), dati)


def _a_parole(righe: Sequence[tuple[Cella, ...]]) -> str:
    """How many Comuni, and those with the most interventi."""
    massimo = righe[0][2]
    primi = [str(riga[0]) for riga in righe if riga[2] == massimo]
    testa = f"Interventi in {len(righe)} Comuni"
    if len(primi) == len(righe):
        return f"{testa}, {massimo} in ognuno."
    quali = elenco(primi) if len(primi) <= NOMI else f"{len(primi)} Comuni"
    return (
        f"{testa}: il numero più alto, {massimo}, è a {quali}."
        if len(primi) <= NOMI
        else (f"{testa}: il numero più alto, {massimo}, è in {quali}.")
    )
