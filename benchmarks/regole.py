"""All the rules on 2,000 piani with 300,000 interventi, on PostgreSQL: `python -m benchmarks.regole`.

It needs a database of its own (DATABASE_URL), empty or with the interventi of `benchmarks.elenco`. The yardstick is one
statement written by hand, in the same run and on the same rows, that computes the same flags for every piano: beside it
the catalogue judging all the piani, and the nightly job whole, outcomes written. Before the times, the flags of the two
are compared: a judgement that differs stops everything.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from time import perf_counter
from typing import Any

from django.db import connection
from django.utils import timezone

from benchmarks.elenco import riempi_fino_a
from benchmarks.misure import prepara_dati
from piani_integrati import regole
from piani_integrati.models import EsitoRegola, ModificaDaVerificare, PianoIntegrato, StatoVerifica
from piani_integrati.regole import Contesto, Giudizio
from piani_integrati.services import verifica

PIANI, INTERVENTI = 2_000, 300_000
LIMITE_GIUDIZIO, LIMITE_SCRITTURA = 3.0, 8.0
VOLTE = 3

DATI = """
UPDATE interventi_intervento SET livello_progettuale = (ARRAY[10, 20, 30, 50, NULL])[1 + id % 5],
    fine_effettiva = CASE WHEN id % 4 = 0 THEN date '2025-06-30' END,
    finanziamento_pubblico = CASE WHEN id % 10 = 0 THEN finanziamento_totale END;
UPDATE interventi_finanziamento SET fonte = 'privato', importo = importo * (intervento_id % 7) / 7
WHERE fonte = 'comune' AND intervento_id % 3 = 0;
INSERT INTO piani_integrati_pianointegrato (codice, slug, tipo, titolo, descrizione, stato, decreto_in_vigore,
    presentato_il, inclusione, cofinanziamento_privato, coprogettazione, startup, dichiara_dnsh, dichiara_suolo,
    dichiara_cup, ordine, dimostrativo, fonte_id, luogo)
SELECT 'MISURA-' || n, 'misura-' || n, 'pui', 'Piano ' || n, '', 'bozza', date '2022-01-01',
    date '2022-01-01' + n % 200, CASE WHEN n % 2 = 0 THEN 'Descritte.' ELSE '' END, '', '', '', false, false, false,
    0, true, (SELECT min(id) FROM registro_fonte), ''
FROM generate_series(1, 2000) AS n;
INSERT INTO piani_integrati_interventonelpiano (piano_id, intervento_id, linea, evidenza)
SELECT p.id, i.id, '', '' FROM interventi_intervento i
JOIN piani_integrati_pianointegrato p ON p.codice = 'MISURA-' || (1 + i.id % 2000);
INSERT INTO interventi_requisiti (intervento_id, edificio, classe_prima, classe_dopo, edificato_prima, edificato_dopo,
    verde_prima, verde_dopo, mq_beneficiari, inclusione, startup, startup_descrizione, terzo_settore,
    terzo_settore_descrizione)
SELECT id, (ARRAY[true, true, false, NULL])[1 + id % 4], (ARRAY['G', 'F', 'E', 'D'])[1 + id % 4],
    (ARRAY['E', 'C', 'A', 'A4', ''])[1 + id % 5], 10000, 10000 + id % 3 - 1, 5000, 5000, (id % 50) * 100, '',
    id % 9 = 0, '', id % 8 = 0, ''
FROM interventi_intervento WHERE id % 20 > 0;
INSERT INTO interventi_valutazionednsh (intervento_id, regime, mitigazione, adattamento, acque, economia_circolare,
    inquinamento, biodiversita, checklist_ex_ante, evidenza_ex_ante, checklist_ex_post, evidenza_ex_post)
SELECT id, 1 + id % 2, 'positivo', 'positivo', CASE WHEN id % 30 = 0 THEN 'negativo' ELSE 'positivo' END, 'positivo',
    CASE WHEN id % 12 = 0 THEN '' ELSE 'positivo' END, 'positivo', date '2022-09-30', 'prot. 1',
    CASE WHEN id % 2 = 0 THEN date '2025-09-30' END, CASE WHEN id % 2 = 0 THEN 'prot. 2' ELSE '' END
FROM interventi_intervento WHERE id % 15 > 0;
INSERT INTO enti_indicevulnerabilita (comune_id, anno, valore, fonte_id, luogo)
SELECT c.id, 2018, 94 + (c.id % 80) / 10.0, (SELECT min(id) FROM registro_fonte), ''
FROM enti_comune c WHERE c.zona_id IS NOT NULL AND c.id % 11 > 0;
INSERT INTO enti_medianavulnerabilita (territorio, anno, valore, fonte_id, luogo)
SELECT '215', 2018, 97.10, min(id), '' FROM registro_fonte
"""

# What somebody would write who had only these rules and this day to care for: one pass over the interventi, the lists
# joined already added up, three counts for each rule.
A_MANO = """
WITH privati AS (
    SELECT intervento_id, importo FROM interventi_finanziamento WHERE fonte = 'privato'
), pubblici AS (
    SELECT intervento_id, sum(importo) AS somma FROM interventi_finanziamento
    WHERE fonte NOT IN ('privato', 'da_reperire', 'altri_fondi') GROUP BY intervento_id
), ivsm AS (
    SELECT l.intervento_id, bool_or(v.valore IS NULL) AS ignoto, bool_or(v.valore <= 97.10) AS sotto,
        min(v.valore) AS minimo
    FROM interventi_localizzazione l LEFT JOIN (
        SELECT DISTINCT ON (comune_id) comune_id, valore FROM enti_indicevulnerabilita WHERE anno <= %(anno)s
        ORDER BY comune_id, anno DESC
    ) v ON v.comune_id = l.comune_id
    WHERE l.comune_id IS NOT NULL GROUP BY l.intervento_id
), scala (classe, posto) AS (
    VALUES ('G', 1), ('F', 2), ('E', 3), ('D', 4), ('C', 5), ('B', 6), ('A', 7), ('A1', 7), ('A2', 8), ('A3', 9),
        ('A4', 10)
), giudicati AS (
    SELECT np.piano_id AS piano, i.finanziamento_totale AS costo,
        CASE WHEN i.finanziamento_totale IS NULL
                OR (pr.importo IS NULL AND NOT coalesce(i.finanziamento_pubblico >= i.finanziamento_totale, false)
                    AND NOT coalesce(pu.somma >= i.finanziamento_totale, false))
                OR (i.finanziamento_totale = 0 AND pr.importo = 0) THEN 3
            WHEN coalesce(pr.importo, 0) * 10000 <= 2500 * i.finanziamento_totale THEN 1 ELSE 2 END AS quota_privata,
        CASE WHEN i.finanziamento_totale > 0
            THEN coalesce(pr.importo, 0)::numeric / i.finanziamento_totale END AS quota,
        CASE WHEN r.edificio = false THEN 4
            WHEN r.edificio IS NULL OR prima.posto IS NULL OR dopo.posto IS NULL THEN 3
            WHEN dopo.posto - prima.posto >= 2 THEN 1 ELSE 2 END AS classi_energetiche,
        dopo.posto - prima.posto AS classi,
        CASE WHEN 'negativo' IN (d.mitigazione, d.adattamento, d.acque, d.economia_circolare, d.inquinamento,
                d.biodiversita) THEN 2
            WHEN d.id IS NULL OR d.regime IS NULL
                OR '' IN (d.mitigazione, d.adattamento, d.acque, d.economia_circolare, d.inquinamento, d.biodiversita)
                OR d.checklist_ex_ante IS NULL OR d.evidenza_ex_ante = ''
                OR (i.fine_effettiva <= %(al)s AND (d.checklist_ex_post IS NULL OR d.evidenza_ex_post = '')) THEN 3
            ELSE 1 END AS dnsh,
        CASE WHEN i.livello_progettuale IS NULL THEN 3 WHEN i.livello_progettuale >= 20 THEN 1 ELSE 2 END
            AS livello_progettuale,
        CASE WHEN r.mq_beneficiari IS NULL THEN 3 WHEN r.mq_beneficiari > 0 THEN 1 ELSE 2 END AS area_target,
        CASE WHEN r.edificato_prima IS NULL OR r.edificato_dopo IS NULL OR r.verde_prima IS NULL OR r.verde_dopo IS NULL
            THEN 3 ELSE 1 END AS aree,
        r.edificato_dopo - r.edificato_prima AS suolo,
        CASE WHEN v.sotto THEN 2 WHEN v.intervento_id IS NULL OR v.ignoto THEN 3 ELSE 1 END AS ivsm,
        v.minimo,
        CASE WHEN i.cup = '' OR i.stato_cup = '' THEN 3 WHEN i.stato_cup IN ('attivo', 'chiuso') THEN 1 ELSE 2 END
            AS cup,
        r.startup, r.terzo_settore, coalesce(pr.importo, 0) > 0 AS privato, i.livello_progettuale AS livello,
        r.mq_beneficiari AS area
    FROM piani_integrati_interventonelpiano np
    JOIN interventi_intervento i ON i.id = np.intervento_id
    LEFT JOIN interventi_requisiti r ON r.intervento_id = i.id
    LEFT JOIN interventi_valutazionednsh d ON d.intervento_id = i.id
    LEFT JOIN privati pr ON pr.intervento_id = i.id
    LEFT JOIN pubblici pu ON pu.intervento_id = i.id
    LEFT JOIN ivsm v ON v.intervento_id = i.id
    LEFT JOIN scala prima ON prima.classe = r.classe_prima
    LEFT JOIN scala dopo ON dopo.classe = r.classe_dopo
)
SELECT piano, sum(costo), count(*) FILTER (WHERE costo IS NULL),
    {conti},
    max(quota), min(classi), min(livello), min(area), sum(suolo), count(*) FILTER (WHERE aree = 3), min(minimo),
    count(*) FILTER (WHERE startup), count(*) FILTER (WHERE startup IS NULL),
    count(*) FILTER (WHERE terzo_settore), count(*) FILTER (WHERE terzo_settore IS NULL),
    count(*) FILTER (WHERE privato)
FROM giudicati GROUP BY piano
"""
# In the order of the columns that the statement above counts.
A_INTERVENTO = ("quota_privata", "classi_energetiche", "dnsh", "livello_progettuale", "area_target", "ivsm", "cup")


def riempi_piani() -> None:
    """The interventi of the measure of the list, in piani, with all that the rules read."""
    riempi_fino_a(INTERVENTI)
    with connection.cursor() as cursore:
        for comando in DATI.strip().split(";\n"):
            cursore.execute(comando)
        cursore.execute("VACUUM ANALYZE")


def a_mano(giorno: date) -> list[tuple[Any, ...]]:
    conti = ", ".join(f"count(*) FILTER (WHERE {regola} = {esito})" for regola in A_INTERVENTO for esito in (1, 2, 3))
    with connection.cursor() as cursore:
        cursore.execute(A_MANO.replace("{conti}", conti), {"al": giorno, "anno": giorno.year})
        return list(cursore.fetchall())


def dal_catalogo(giorno: date) -> dict[int, list[Giudizio]]:
    return regole.valuta_molti(_piani(), Contesto.al_giorno(giorno))


def _piani() -> list[int]:
    piani = PianoIntegrato.objects.filter(codice__startswith="MISURA-").order_by("pk")
    return list(piani.values_list("pk", flat=True))


def notturna() -> None:
    """What the nightly job does, from outcomes never written."""
    for gruppo in verifica.a_gruppi():
        verifica.verifica_gruppo(piani=gruppo)


def svuota() -> None:
    EsitoRegola.objects.all().delete()
    StatoVerifica.objects.all().delete()
    ModificaDaVerificare.objects.all().delete()


def diversi(giorno: date) -> int:
    """How many counts of the statement and of the catalogue differ."""
    catalogo = dal_catalogo(giorno)
    sbagliati = 0
    for riga in a_mano(giorno):
        giudizi = {giudizio.regola.codice: giudizio for giudizio in catalogo[riga[0]]}
        for posto, codice in enumerate(A_INTERVENTO):
            suo = giudizi[codice]
            conti = (suo.conformi, suo.non_conformi, suo.non_determinabili)
            sbagliati += conti != riga[3 + posto * 3 : 6 + posto * 3]
        costo = giudizi["costo_minimo"].misura
        sbagliati += costo is None or int(costo * 100) != riga[1]
    return sbagliati


def _tempo(funzione: Callable[[], object]) -> float:
    inizio = perf_counter()
    funzione()
    return perf_counter() - inizio


def main() -> int:
    if connection.vendor != "postgresql":
        print("Le regole si misurano su PostgreSQL: DATABASE_URL deve indicarne uno, vuoto.")
        return 1
    prepara_dati()
    riempi_piani()
    giorno = timezone.localdate()
    if sbagliati := diversi(giorno):
        print(f"✕ Le regole e l'istruzione scritta a mano non danno gli stessi conti: {sbagliati} differenze")
        return 1
    mani, cataloghi, notti = [], [], []
    for _ in range(VOLTE):
        mani.append(_tempo(lambda: a_mano(giorno)))
        cataloghi.append(_tempo(lambda: dal_catalogo(giorno)))
        svuota()
        notti.append(_tempo(notturna))
    oltre = 0
    for nome, tempi, limite in (
        ("giudicate", cataloghi, LIMITE_GIUDIZIO),
        ("giudicate e scritte", notti, LIMITE_SCRITTURA),
    ):
        rapporto = min(tempi) / min(mani)
        oltre += rapporto > limite
        print(
            f"{'✓' if rapporto <= limite else '✕'} Le regole di {PIANI} piani con {INTERVENTI} interventi, {nome}, "
            f"rispetto a un'istruzione SQL scritta a mano: {rapporto:.2f} volte ({min(tempi):.2f} e {min(mani):.2f} "
            f"s), il limite è {limite:.2f}",
            flush=True,
        )
    return 1 if oltre else 0


if __name__ == "__main__":
    sys.exit(main())
