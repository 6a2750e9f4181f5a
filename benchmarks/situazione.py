"""The situation on a day over 300,000 avanzamenti, on PostgreSQL: `python -m benchmarks.situazione`.

It needs an empty database of its own (DATABASE_URL). The yardstick is one plain DISTINCT ON with the same columns, in
the same run and on the same rows; before the times, the rows of the two are compared.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from time import perf_counter
from typing import Any

from django.db import connection

from benchmarks.elenco import riempi
from benchmarks.misure import prepara_dati
from monitoraggio.models import Avanzamento

INTERVENTI, MESI, LIMITE, VOLTE = 12_500, 24, 2.0, 5
AL, NOTO_AL = date(2024, 9, 15), datetime(2024, 11, 1, tzinfo=UTC)

DATI = """
INSERT INTO monitoraggio_avanzamento (intervento_id, mese, riferito_al, versione, motivo_correzione, stato, bozza,
    revisione, creato_il, modificato_il, inviato_il, deciso_il, approvato_il, motivo, completezza, errori, avvisi,
    percentuale, fase, impegnato, pagato, criticita_aperte, criticita_gravi, note)
SELECT i.id, m.mese, (m.mese + interval '1 month - 1 day')::date, 1, '', 'approvato', '{}', 1, m.mese, m.mese, m.mese,
    m.mese, m.mese + interval '50 days', '', 100, 0, 0, m.n * 4, '00313', 0, (i.id % 1000) * 100, 0, 0, ''
FROM (SELECT id FROM interventi_intervento ORDER BY id LIMIT 12500) i
CROSS JOIN (SELECT n, (date '2023-01-01' + make_interval(months => n))::date AS mese FROM generate_series(0, 23) n) m;
INSERT INTO monitoraggio_avanzamento (intervento_id, mese, riferito_al, versione, corregge_id, motivo_correzione, stato,
    bozza, revisione, creato_il, modificato_il, inviato_il, deciso_il, approvato_il, motivo, completezza, errori,
    avvisi, percentuale, fase, impegnato, pagato, criticita_aperte, criticita_gravi, note)
SELECT intervento_id, mese, riferito_al, 2, id, 'Prova', 'approvato', '{}', 1, creato_il, modificato_il, inviato_il,
    deciso_il, approvato_il + interval '90 days', '', 100, 0, 0, percentuale, fase, 0, pagato + 100, 0, 0, ''
FROM monitoraggio_avanzamento WHERE id % 20 = 0
"""
COLONNE = ", ".join(f'"{campo.column}"' for campo in Avanzamento._meta.concrete_fields)
A_MANO = f"""
SELECT DISTINCT ON (intervento_id) {COLONNE} FROM monitoraggio_avanzamento
WHERE stato = 'approvato' AND riferito_al <= %s AND approvato_il <= %s
ORDER BY intervento_id, riferito_al DESC, versione DESC
"""  # noqa: S608 the columns of our own model


def a_mano() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursore:
        cursore.execute(A_MANO, [AL, NOTO_AL])
        return list(cursore.fetchall())


def situazione() -> list[Avanzamento]:
    return list(Avanzamento.objects.situazione(al=AL, noto_al=NOTO_AL))


def _tempo(funzione: Callable[[], object]) -> float:
    inizio = perf_counter()
    funzione()
    return perf_counter() - inizio


def main() -> int:
    if connection.vendor != "postgresql":
        print("La situazione si misura su PostgreSQL: DATABASE_URL deve indicarne uno, vuoto.")
        return 1
    prepara_dati()
    riempi(1, INTERVENTI)
    with connection.cursor() as cursore:
        for comando in DATI.strip().split(";\n"):
            cursore.execute(comando)
        cursore.execute("VACUUM ANALYZE")
    if [riga[0] for riga in a_mano()] != [avanzamento.pk for avanzamento in situazione()]:
        print("✕ La situazione e il DISTINCT ON scritto a mano non danno le stesse righe")
        return 1
    mani, nostre = [], []
    for _ in range(VOLTE):
        mani.append(_tempo(a_mano))
        nostre.append(_tempo(situazione))
    rapporto = min(nostre) / min(mani)
    segno = "✕" if rapporto > LIMITE else "✓"
    print(
        f"{segno} La situazione a un giorno su {Avanzamento.objects.count()} avanzamenti, rispetto a un DISTINCT ON: "
        f"{rapporto:.2f} volte, il limite è {LIMITE:.2f}",
        flush=True,
    )
    return int(rapporto > LIMITE)


if __name__ == "__main__":
    sys.exit(main())
