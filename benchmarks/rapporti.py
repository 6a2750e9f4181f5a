"""Reports of 215 and of 2,000 interventi, on PostgreSQL: `python -m benchmarks.rapporti`.

It needs an empty database of its own (DATABASE_URL). The two sizes are one programme known at two instants. Each report
is made in a process of its own, so that its peak of memory is its own; what is measured of memory is how much it grows
while the report is made. The PDF is timed with the data attached in it; its twin in XLSX, which is another file, on its
own. WeasyPrint's own time is that of the module that calls it, with the memory that it gives back. The time per page is
that of the processor, in which what else the machine does does not count. Before the times, the reports must hold as
many interventi as they should.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from time import perf_counter, process_time
from typing import Any

from django.db import connection

from benchmarks.elenco import riempi
from benchmarks.misure import prepara_dati
from interventi.models import Finanziamento, Intervento, LegameDriver, Localizzazione
from monitoraggio.models import Traguardo
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from rapporti.domanda import Domanda, Perimetro
from rapporti.formati import foglio
from rapporti.impaginazione import motore
from rapporti.scelte import TipoPerimetro, TipoRapporto
from rapporti.services.produzione import componi_file
from registro.esecutori import Avanzatore
from registro.storia import CREATA, versiona

POCHI, TANTI, VOLTE = 215, 2_000, 3
LIMITE_ALTRO, LIMITE_PAGINA, LIMITE_MEGABYTE, LIMITE_QUERY, LIMITE_INSIEME = 0.15, 1.2, 6.0, 40, 0.75
LIMITE_FOGLIO = 0.2
PRIMA, DOPO = datetime(2025, 2, 1, tzinfo=UTC), datetime(2025, 3, 1, tzinfo=UTC)
AL, CONFRONTO = date(2024, 12, 31), date(2024, 9, 30)
PIANI = ("COME IN", "SPUGNA", "CAMBIO", "MICA")

MESI = """
INSERT INTO monitoraggio_avanzamento (intervento_id, mese, riferito_al, versione, motivo_correzione, stato, bozza,
    revisione, creato_il, modificato_il, inviato_il, deciso_il, approvato_il, motivo, completezza, errori, avvisi,
    percentuale, fase, inizio_lavori, fine_prevista, fine_stimata, impegnato, pagato, criticita_aperte, criticita_gravi,
    note)
SELECT i.id, m.mese, (m.mese + interval '1 month - 1 day')::date, 1, '', 'inviato', '{{}}', 1, m.mese, m.mese, m.mese,
    m.mese, NULL, '', 100, 0, 0, least(100, m.n * (1 + i.id % 5)), '00313', '2023-02-01',
    date '2025-03-31' + (i.id % 400)::int, date '2025-04-30' + (i.id % 500)::int, i.finanziamento_totale / 30,
    i.finanziamento_totale / (30 + i.id % 20), (i.id % 10 = 0)::int, (i.id % 30 = 0)::int, ''
FROM interventi_intervento i
CROSS JOIN (SELECT n, (date '2023-01-01' + make_interval(months => n))::date AS mese FROM generate_series(0, 23) n) m;
INSERT INTO monitoraggio_faseavanzamento (avanzamento_id, riga, fase, inizio_previsto, inizio_effettivo, fine_prevista,
    fine_stimata, fine_effettiva)
SELECT a.id, f.fase, f.fase, date '2023-02-01' - f.prima, date '2023-02-01' - f.prima,
    CASE WHEN f.prima = 0 THEN a.fine_prevista ELSE date '2023-01-15' END, a.fine_stimata,
    CASE WHEN f.prima = 0 THEN NULL ELSE date '2023-01-20' END
FROM monitoraggio_avanzamento a CROSS JOIN (VALUES ('00311', 90), ('00312', 60), ('00313', 0)) AS f (fase, prima)
WHERE a.mese = '2023-01-01' OR a.mese >= '2024-07-01';
INSERT INTO monitoraggio_criticita (avanzamento_id, riga, tipo, gravita, descrizione, azione, responsabile, scadenza,
    seguito)
SELECT a.id, 'c1', 'cantiere', CASE WHEN a.criticita_gravi > 0 THEN 'alta' ELSE 'media' END,
    'Interferenze con i sottoservizi nella seconda parte del cantiere.', 'Accordo con il gestore della rete.',
    'Responsabile del procedimento', '2025-02-28', ''
FROM monitoraggio_avanzamento a WHERE a.criticita_aperte > 0;
INSERT INTO monitoraggio_traguardo (intervento_id, codice, titolo, tipo, livello, scadenza_iniziale, scadenza,
    conseguito_il, previsione, unita, evidenza, nota, fonte_id, luogo)
SELECT v.intervento_id, 'AGG', 'Aggiudicazione dei lavori', 'milestone', 'programma', '2023-07-30', '2023-07-30',
    CASE WHEN v.intervento_id % 9 = 0 THEN NULL ELSE date '2023-07-28' END, NULL, '', '', '',
    (SELECT min(id) FROM registro_fonte), ''
FROM piani_integrati_interventonelpiano v JOIN piani_integrati_pianointegrato p ON p.id = v.piano_id
WHERE p.codice = 'COME IN';
UPDATE monitoraggio_avanzamento SET stato = 'approvato', approvato_il = '{quando}';
"""


def prepara() -> None:
    """The 215 are known from `PRIMA`, all the others from `DOPO`: together with what is declared of each."""
    prepara_dati()
    riempi(1, TANTI)
    chiavi = list(Intervento.objects.order_by("pk").values_list("pk", flat=True))
    piani = [PianoIntegrato.objects.get(codice=codice).pk for codice in PIANI]
    InterventoNelPiano.objects.bulk_create(
        InterventoNelPiano(intervento_id=pk, piano_id=piani[pk % len(piani)]) for pk in chiavi
    )
    with connection.cursor() as cursore:
        for comando in MESI.format(quando=PRIMA.isoformat()).strip().split(";\n"):
            cursore.execute(comando)
    _scrivi_la_storia(chiavi)
    with connection.cursor() as cursore:
        cursore.execute("VACUUM ANALYZE")


def _scrivi_la_storia(chiavi: list[int]) -> None:
    PianoIntegrato.storico.update(history_date=PRIMA)
    Traguardo.storico.update(history_date=PRIMA)
    for quali, quando in ((chiavi[:POCHI], PRIMA), (chiavi[POCHI:], DOPO)):
        azione = uuid.uuid4()
        versiona(Intervento, quali, tipo=CREATA, autore=None, azione=azione, quando=quando)
        for modello in (Finanziamento, Localizzazione, LegameDriver, InterventoNelPiano, Traguardo):
            suoi = list(modello._default_manager.filter(intervento__in=quali).values_list("pk", flat=True))
            versiona(modello, suoi, tipo=CREATA, autore=None, azione=azione, quando=quando)


# --- In a process of its own --------------------------------------------------------------------------------------


def _domanda(quanti: int, piano: str = "") -> Domanda:
    noto_al = PRIMA if quanti == POCHI else DOPO
    dove = Perimetro(TipoPerimetro.PIANO, piano) if piano else Perimetro()
    return Domanda(TipoRapporto.AVANZAMENTO, dove, AL, noto_al, CONFRONTO, noto_al)


def _megabyte() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Orologio:
    """Seconds spent in some functions."""

    def __init__(self, *dove: tuple[Any, str]) -> None:
        self.secondi = 0.0
        for oggetto, nome in dove:
            setattr(oggetto, nome, self._cronometrata(getattr(oggetto, nome)))

    def _cronometrata(self, funzione: Callable[..., Any]) -> Callable[..., Any]:
        def misurata(*argomenti: Any, **opzioni: Any) -> Any:
            inizio = perf_counter()
            try:
                return funzione(*argomenti, **opzioni)
            finally:
                self.secondi += perf_counter() - inizio

        return misurata


class Query:
    """How many there are."""

    def __init__(self) -> None:
        self.quante = 0

    def __call__(self, esegui: Callable[..., Any], *argomenti: Any) -> Any:
        self.quante += 1
        return esegui(*argomenti)


def fai(quanti: int) -> None:
    """Make the report of the programme and print what it took, as JSON."""
    connection.ensure_connection()
    # What a worker that made one already holds: WeasyPrint's modules, its fonts, the texts of the portal.
    componi_file(replace(_domanda(POCHI, "CAMBIO"), tipo=TipoRapporto.SINTESI), Avanzatore())
    prima, fatte = _megabyte(), Query()
    weasyprint = Orologio((motore, "in_pdf"))
    xlsx = Orologio((foglio, "in_xlsx"))
    inizio, del_processore = perf_counter(), process_time()
    with connection.execute_wrapper(fatte):
        prodotto = componi_file(_domanda(quanti), Avanzatore())
    dati = {
        "processore": process_time() - del_processore,
        "secondi": perf_counter() - inizio - xlsx.secondi,
        "weasyprint": weasyprint.secondi,
        "xlsx": xlsx.secondi,
        "pagine": prodotto.pagine,
        "megabyte": _megabyte() - prima,
        "query": fatte.quante,
        "interventi": prodotto.interventi,
    }
    print(json.dumps(dati))


def fai_piani(piani: list[str]) -> None:
    for piano in piani:
        componi_file(_domanda(POCHI, piano), Avanzatore())


# --- The measures -------------------------------------------------------------------------------------------------


def _processo(*argomenti: str) -> str:
    comando = [sys.executable, "-m", "benchmarks.rapporti", *argomenti]
    return subprocess.run(comando, env=os.environ, stdout=subprocess.PIPE, text=True, check=True).stdout  # noqa: S603


def _misura(quanti: int) -> dict[str, Any]:
    """Of several turns, the quickest."""
    turni = [json.loads(_processo("fai", str(quanti))) for _volta in range(VOLTE)]
    return min(turni, key=lambda turno: turno["secondi"])


def _insieme() -> float:
    """A report per piano by two processes side by side, as a ratio to one process after the other."""
    inizio = perf_counter()
    for meta in (PIANI[:2], PIANI[2:]):
        _processo("piani", *meta)
    in_fila = perf_counter() - inizio
    inizio = perf_counter()
    with ThreadPoolExecutor(2) as insieme:
        list(insieme.map(lambda meta: _processo("piani", *meta), (PIANI[:2], PIANI[2:])))
    return (perf_counter() - inizio) / in_fila


def _di(titolo: str, valore: float, limite: float) -> bool:
    oltre = valore > limite
    print(f"{'✕' if oltre else '✓'} {titolo}: {valore:.2f}, il limite è {limite:.2f}", flush=True)
    return oltre


def main() -> int:
    if connection.vendor != "postgresql":
        print("I rapporti si misurano su PostgreSQL: DATABASE_URL deve indicarne uno, vuoto.")
        return 1
    prepara()
    connection.close()
    pochi, tanti = _misura(POCHI), _misura(TANTI)
    oltre = 0
    for quanti, turno in ((POCHI, pochi), (TANTI, tanti)):
        if turno["interventi"] != quanti:
            print(f"✕ Il rapporto ha {turno['interventi']} interventi, non {quanti}")
            return 1
        nome = f"Rapporto di {quanti} interventi, {turno['pagine']} pagine in {turno['secondi']:.1f} s"
        altro = 1 - turno["weasyprint"] / turno["secondi"]
        oltre += _di(f"{nome}, quota di tempo fuori da WeasyPrint", altro, LIMITE_ALTRO)
        oltre += _di(f"{nome}, MB per pagina", turno["megabyte"] / turno["pagine"], LIMITE_MEGABYTE)
        oltre += _di(f"{nome}, query", turno["query"], LIMITE_QUERY)
        oltre += _di(f"{nome}, il suo gemello XLSX rispetto al PDF", turno["xlsx"] / turno["secondi"], LIMITE_FOGLIO)
    per_pagina = (tanti["processore"] / tanti["pagine"]) / (pochi["processore"] / pochi["pagine"])
    oltre += _di(f"Il tempo per pagina a {TANTI} interventi, rispetto a {POCHI}", per_pagina, LIMITE_PAGINA)
    oltre += _di("Un rapporto per piano, due processi insieme rispetto a uno per volta", _insieme(), LIMITE_INSIEME)
    return int(oltre > 0)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["fai", quanti]:
            fai(int(quanti))
        case ["piani", *piani]:
            fai_piani(piani)
        case _:
            sys.exit(main())
