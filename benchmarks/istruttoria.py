"""The review list with 20,000 avanzamenti beside the one with 200, on PostgreSQL: `python -m benchmarks.istruttoria`.

It needs an empty database of its own (DATABASE_URL). The interventi are as many in both: what grows is what the Comuni
have sent. All of it waits to be reviewed, the worst case. What is timed is the whole page, as in `benchmarks.elenco`.
Each question finds as many rows to draw in both: else the ratio would tell how long a page is, not how it grows.
"""

from __future__ import annotations

import sys
from functools import partial

from django.db import connection
from django.urls import reverse

from benchmarks.elenco import confronta, prepara, riempi

# The avanzamenti are of the last four months, so 200 are those of 50 interventi: a page, for each month.
INTERVENTI, MESI, POCHI, TANTI = 5_000, 4, 200, 20_000

INDIRIZZI = {
    "da istruire": "",
    "da istruire, di un mese": "?mese=2026-09",
    "da istruire, con avvisi": "?avvisi=con",
    "da istruire, di un Comune": "?ente=%(ente)s",
    "da istruire, di un intervento": "?q=%(cup)s",
    "delle correzioni non viste": "?stato=correzioni",
    "di tutti quelli aperti": "?stato=tutti",
    "da istruire, a pagina 4": "?pagina=4",
}

DATI = """
INSERT INTO monitoraggio_avanzamento (intervento_id, mese, riferito_al, versione, motivo_correzione, stato, bozza,
    revisione, creato_il, modificato_il, inviato_il, motivo, completezza, errori, avvisi, percentuale, fase, impegnato,
    pagato, criticita_aperte, criticita_gravi, note)
SELECT i.id, m.mese, (m.mese + interval '1 month - 1 day')::date, 1, '', 'inviato',
    jsonb_build_object('testa-0-note', repeat('Testo della bozza. ', 200)), 1, now(), now(),
    m.mese + interval '40 days' + make_interval(mins => i.id::int), '', 100, 0, i.id %% 3, i.id %% 100, '00313', 0,
    (i.id %% 1000) * 100, i.id %% 2, 0, ''
FROM (
    SELECT n, (date '2026-09-01' - make_interval(months => n %% %(mesi)s))::date AS mese
    FROM generate_series(%(da)s::int - 1, %(a)s::int - 1) AS n
) m
JOIN (
    SELECT id, row_number() OVER (ORDER BY soggetto_attuatore_id, id) - 1 AS posto FROM interventi_intervento
) i ON i.posto = m.n / %(mesi)s
ORDER BY m.n;
INSERT INTO monitoraggio_spiegazione (avanzamento_id, riga, testo)
SELECT a.id, 'giustificativo_n' || n, 'Arriva con il prossimo mese.'
FROM monitoraggio_avanzamento a CROSS JOIN generate_series(1, 2) AS n
WHERE a.avvisi > 0 AND NOT EXISTS (SELECT 1 FROM monitoraggio_spiegazione s WHERE s.avanzamento_id = a.id);
INSERT INTO monitoraggio_sal (avanzamento_id, riga, numero, data, importo)
SELECT a.id, 'n1', '1', a.riferito_al, 100000 FROM monitoraggio_avanzamento a
WHERE a.id %% 4 = 0 AND NOT EXISTS (SELECT 1 FROM monitoraggio_sal s WHERE s.avanzamento_id = a.id)
"""
# One month in three was approved, and is corrected: what was approved stays, the correction waits in its place. With
# 200 avanzamenti these are 66, more than a page.
CORREZIONI = """
UPDATE monitoraggio_avanzamento SET stato = 'approvato', approvato_il = now(), deciso_il = now()
WHERE stato = 'inviato' AND versione = 1 AND id % 3 = 0;
INSERT INTO monitoraggio_avanzamento (intervento_id, mese, riferito_al, versione, corregge_id, motivo_correzione, stato,
    bozza, revisione, creato_il, modificato_il, inviato_il, motivo, completezza, errori, avvisi, percentuale, fase,
    impegnato, pagato, criticita_aperte, criticita_gravi, note)
SELECT intervento_id, mese, riferito_al, 2, id, 'Prova', 'inviato', bozza, 1, now(), now(), inviato_il, '', 100, 0, 0,
    percentuale, fase, 0, pagato, 0, 0, ''
FROM monitoraggio_avanzamento a
WHERE stato = 'approvato' AND NOT EXISTS (SELECT 1 FROM monitoraggio_avanzamento b WHERE b.corregge_id = a.id)
"""


def riempi_avanzamenti(da: int, a: int) -> None:
    """The avanzamenti with these numbers, and their rows; then let the database take stock, as it does alone."""
    with connection.cursor() as cursore:
        for comando in DATI.strip().split(";\n"):
            cursore.execute(comando, {"da": da, "a": a, "mesi": MESI})
        for comando in CORREZIONI.strip().split(";\n"):
            cursore.execute(comando)
        cursore.execute("VACUUM ANALYZE")


def pochi() -> None:
    riempi(1, INTERVENTI)
    riempi_avanzamenti(1, POCHI)


def main() -> int:
    if connection.vendor != "postgresql":
        print("L'istruttoria si misura su PostgreSQL: DATABASE_URL deve indicarne uno, vuoto.")
        return 1
    navigatore, banche = prepara(pochi, partial(riempi_avanzamenti, POCHI + 1, TANTI))
    with connection.cursor() as cursore:
        # The first of which the avanzamenti are made: they are all in the few already.
        cursore.execute("SELECT soggetto_attuatore_id, cup FROM interventi_intervento ORDER BY 1, id LIMIT 1")
        ente, cup = cursore.fetchone()
    oltre = 0
    for nome, indirizzo in INDIRIZZI.items():
        domanda = f"{reverse('istruttoria')}{indirizzo % {'ente': ente, 'cup': cup}}"
        esito = confronta(navigatore, domanda, banche)
        oltre += not esito.buono
        print(esito.detto(f"L'elenco {nome}, con {TANTI} avanzamenti rispetto a {POCHI}"), flush=True)
    return 1 if oltre else 0


if __name__ == "__main__":
    sys.exit(main())
