"""The Cruscotto over 300,000 interventi beside 300, on PostgreSQL: `python -m benchmarks.cruscotto`.

It needs an empty database of its own (DATABASE_URL). Rows are made up by SQL: ten piani, the 133 Comuni, three Driver a
piano, one intervento in twenty spread over one of forty sets of Comuni, two or three months each, and a history. What
is timed is the whole page as a coordinatore gets it, of today and of a day in the past, without filters, with each of
them and with two; then, to be read, how long it takes to count it all and to count again after one change.
"""

from __future__ import annotations

import sys
import uuid
from datetime import UTC, datetime, timedelta
from functools import partial
from time import perf_counter
from typing import Any
from unittest import mock
from urllib.parse import urlencode

from django.core.cache import cache
from django.core.signals import request_started
from django.db import connection
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from benchmarks import elenco
from cruscotto.conteggio.giorno import Giorno
from cruscotto.models import Fotografia, Profilo, TipoFotografia
from cruscotto.services import fotografie
from interventi.models import Finanziamento, Indicatore, Intervento, LegameDriver, Localizzazione
from monitoraggio.models import Traguardo
from monitoraggio.services import situazione
from piani_integrati.models import InterventoNelPiano
from registro import osservatori
from registro.esecutori import Avanzatore
from registro.storia import CREATA, salva, versiona

POCHI, TANTI = 300, 300_000
LIMITE, LIMITE_QUERY = 2.0, 20
NOTO = datetime(2024, 1, 1, tzinfo=UTC)

REGISTRO = """
DELETE FROM interventi_localizzazione WHERE intervento_id > %(ultimo)s AND intervento_id %% 20 = 0;
INSERT INTO interventi_localizzazione (
    intervento_id, comune_id, codice_regione, codice_provincia, codice_comune, indirizzo, cap, campi_nostri
)
SELECT i.id, c.id, '003', left(c.codice_istat, 3), right(c.codice_istat, 3), '', '', '[]'::jsonb
FROM interventi_intervento i JOIN (
    SELECT id, codice_istat, row_number() OVER (ORDER BY codice_istat) AS posto
    FROM enti_comune WHERE zona_id IS NOT NULL
) c ON c.posto / 3 = (i.id / 20) %% 40 WHERE i.id > %(ultimo)s AND i.id %% 20 = 0;
INSERT INTO interventi_indicatore (
    intervento_id, tipo, codice, descrizione, unita, programmato, realizzato, campi_nostri
)
SELECT id, '', 'T0039', 'Superficie', 'm²', 100 + id %% 900, NULL, '[]'::jsonb
FROM interventi_intervento WHERE id > %(ultimo)s AND id %% 7 > 0
"""
PROGRAMMA = """
INSERT INTO piani_integrati_pianointegrato (codice, slug, tipo, titolo, descrizione, stato, inclusione,
    cofinanziamento_privato, coprogettazione, startup, dichiara_dnsh, dichiara_suolo, dichiara_cup, ordine,
    dimostrativo, fonte_id, luogo)
SELECT 'MISURA', 'misura', 'pui', 'Il decimo', '', 'assegnato', '', '', '', '', false, false, false, 99, true,
    (SELECT min(id) FROM registro_fonte), ''
WHERE NOT EXISTS (SELECT 1 FROM piani_integrati_pianointegrato WHERE codice = 'MISURA');
INSERT INTO piani_integrati_interventonelpiano (piano_id, intervento_id, linea, evidenza)
SELECT p.id, i.id, '', '' FROM interventi_intervento i JOIN (
    SELECT id, row_number() OVER (ORDER BY codice) AS posto FROM piani_integrati_pianointegrato
) p ON p.posto = 1 + (i.id %% 10 + i.id / 10 %% 3) %% 10 WHERE i.id > %(ultimo)s;
INSERT INTO monitoraggio_avanzamento (intervento_id, mese, riferito_al, versione, motivo_correzione, stato, bozza,
    revisione, creato_il, modificato_il, inviato_il, deciso_il, approvato_il, motivo, completezza, errori, avvisi,
    percentuale, fase, inizio_lavori, fine_prevista, fine_stimata, impegnato, pagato, criticita_aperte, criticita_gravi,
    note)
SELECT i.id, m.mese, (m.mese + interval '1 month - 1 day')::date, 1, '', 'inviato', '{}', 1, m.mese, m.mese, m.mese,
    m.mese, NULL, '', 100, 0, 0, least(100, (m.n + 1) * (5 + i.id %% 20)), '00313',
    (m.mese - interval '6 months')::date, current_date - 200 + (i.id %% 900)::int,
    current_date - 150 + (i.id %% 1000)::int, i.finanziamento_totale / 30, i.finanziamento_totale / (30 + i.id %% 20),
    0, (i.id %% 30 = 0)::int, ''
FROM interventi_intervento i
CROSS JOIN (
    SELECT n, (date_trunc('month', current_date) - make_interval(months => 5 - n))::date AS mese
    FROM generate_series(0, 2) n
) m WHERE i.id > %(ultimo)s AND i.id %% 25 > 0 AND m.n < 2 + i.id %% 2;
INSERT INTO monitoraggio_faseavanzamento (avanzamento_id, riga, fase, inizio_previsto, inizio_effettivo, fine_prevista,
    fine_stimata, fine_effettiva)
SELECT a.id, 'f', '00313', date '2023-02-01' + (a.intervento_id %% 500)::int, date '2023-03-01',
    greatest(a.fine_prevista, date '2025-01-01'), a.fine_stimata, NULL
FROM monitoraggio_avanzamento a WHERE a.intervento_id > %(ultimo)s;
UPDATE monitoraggio_avanzamento SET stato = 'approvato', approvato_il = mese + interval '1 month 10 days'
WHERE intervento_id > %(ultimo)s;
INSERT INTO monitoraggio_traguardo (intervento_id, codice, titolo, tipo, livello, scadenza_iniziale, scadenza,
    conseguito_il, previsione, unita, evidenza, nota, fonte_id, luogo)
SELECT i.id, 'FINE', 'Fine dei lavori', 'milestone', 'programma', current_date - 100 + (i.id %% 700)::int,
    current_date - 100 + (i.id %% 700)::int, NULL, current_date - 80 + (i.id %% 720)::int, '', '', '',
    (SELECT min(id) FROM registro_fonte), ''
FROM interventi_intervento i WHERE i.id > %(ultimo)s AND i.id %% 3 = 0;
INSERT INTO monitoraggio_segnale (intervento_id, codice, riga, peso, motivo, evidenza, tocca, entro, dal, visto_il)
SELECT i.id, (ARRAY['dati_vecchi', 'traguardo_a_rischio', 'spesa_lenta'])[1 + i.id %% 3], '', 10 + i.id %% 80,
    'Qualcosa da guardare nell''intervento ' || i.cup || '.', '[]', 'comune', current_date + 30, now(), now()
FROM interventi_intervento i WHERE i.id > %(ultimo)s AND i.id %% 5 = 0
"""
DEL_REGISTRO = (Intervento, Finanziamento, Localizzazione, LegameDriver, Indicatore)
DEL_PROGRAMMA = (InterventoNelPiano, Traguardo)
PASSATO = """
INSERT INTO cruscotto_fotografia (tipo, al, versione, contata_il, interventi, comune_a_tutti)
SELECT 'giorno', %(ieri)s, versione, contata_il, interventi, comune_a_tutti
FROM cruscotto_fotografia WHERE tipo = 'corrente';
INSERT INTO cruscotto_profilo (fotografia_id, chiave, piano_id, comuni, zone, driver, strategie, interventi, somme)
SELECT f.id, chiave, piano_id, comuni, zone, driver, strategie, p.interventi, somme
FROM cruscotto_profilo p CROSS JOIN cruscotto_fotografia f WHERE f.tipo = 'giorno';
INSERT INTO cruscotto_casella (fotografia_id, prima, seconda, comuni, somme)
SELECT f.id, prima, seconda, comuni, somme FROM cruscotto_casella CROSS JOIN cruscotto_fotografia f
WHERE f.tipo = 'giorno';
INSERT INTO cruscotto_sorvegliato (profilo_id, intervento, nome, codice, piano, comuni, attuatore, rischio, importo,
    motivi, codici)
SELECT g.id, s.intervento, s.nome, s.codice, s.piano, s.comuni, s.attuatore, s.rischio, s.importo, s.motivi, s.codici
FROM cruscotto_sorvegliato s JOIN cruscotto_profilo p ON p.id = s.profilo_id
JOIN cruscotto_profilo g ON g.chiave = p.chiave AND g.id <> p.id
"""
FILTRI: dict[str, dict[str, str]] = {
    "senza filtri": {},
    "di un piano": {"piano": "SPUGNA"},
    "di un Driver": {"driver": "5"},
    "di una STTM": {"strategia": "1"},
    "di una zona": {"zona": "4"},
    "di un Comune": {"comune": "015146"},
    "di un piano e di una zona": {"piano": "SPUGNA", "zona": "4"},
    "di un Driver e di una STTM": {"driver": "9", "strategia": "1"},
}


def riempi(da: int, a: int) -> None:
    """Make the interventi with these numbers; known to the register first, then in piani and monitored."""
    with connection.cursor() as cursore:
        cursore.execute("SELECT coalesce(max(id), 0) FROM interventi_intervento")
        (ultimo,) = cursore.fetchone()
    elenco.riempi(da, a)
    _esegui(REGISTRO, ultimo)
    _storia(DEL_REGISTRO, ultimo)
    _esegui(PROGRAMMA, ultimo)
    _storia(DEL_PROGRAMMA, ultimo)
    situazione.ricostruisci()
    with connection.cursor() as cursore:
        cursore.execute("VACUUM ANALYZE")


def _esegui(comandi: str, ultimo: int) -> None:
    with connection.cursor() as cursore:
        for comando in comandi.strip().split(";\n"):
            cursore.execute(comando, {"ultimo": ultimo})


def _storia(modelli: tuple[type[Model], ...], ultimo: int) -> None:
    """All of it was known long before the past day. Nobody is told: it is all counted right after."""
    with mock.patch.dict(osservatori._OSSERVATORI, clear=True):
        for modello in modelli:
            righe = modello._default_manager.order_by()
            suoi = righe.filter(pk__gt=ultimo) if modello is Intervento else righe.filter(intervento__gt=ultimo)
            pks = list(suoi.values_list("pk", flat=True))
            versiona(modello, pks, tipo=CREATA, autore=None, azione=uuid.uuid4(), quando=NOTO)


def conta(giorno: Giorno) -> float:
    """Seconds that a whole count takes."""
    inizio = perf_counter()
    fotografie.conta_tutto(giorno, Avanzatore())
    secondi = perf_counter() - inizio
    with connection.cursor() as cursore:
        cursore.execute("VACUUM ANALYZE")
    return secondi


def riconta() -> float:
    """Seconds that it takes to count again after one change."""
    cambiato = Finanziamento.objects.order_by("intervento_id").first()
    assert cambiato is not None
    salva(cambiato, autore=None)
    inizio = perf_counter()
    assert fotografie.riconta() > 0
    return perf_counter() - inizio


def passato() -> None:
    """A day in the past, with the sums of today: what a page reads of it is as much, and counting it takes longer."""
    ieri = timezone.localdate() - timedelta(days=1)
    with connection.cursor() as cursore:
        for comando in PASSATO.strip().split(";\n"):
            cursore.execute(comando, {"ieri": ieri})
        cursore.execute("VACUUM ANALYZE")


def _prepara(da: int, a: int) -> None:
    Fotografia.objects.filter(tipo=TipoFotografia.GIORNO).delete()
    riempi(da, a)
    secondi = conta(Giorno())
    print(f"  Contati {a} interventi in {secondi:.1f} s, {Profilo.objects.count()} combinazioni", flush=True)
    print(f"  Ricontati dopo un cambiamento in {riconta():.2f} s", flush=True)
    passato()


def _di(che_cosa: str, confronto: elenco.Confronto) -> bool:
    query = max(confronto.interrogazioni)
    oltre = confronto.rapporto > LIMITE or query > LIMITE_QUERY
    print(
        f"{'✕' if oltre else '✓'} {che_cosa}, con {TANTI} interventi rispetto a {POCHI}: "
        f"{confronto.rapporto:.2f} volte ({confronto.pochi * 1000:.0f} e {confronto.tanti * 1000:.0f} ms), "
        f"il limite è {LIMITE:.2f}; "
        f"interrogazioni {query}, il limite è {LIMITE_QUERY}",
        flush=True,
    )
    return oltre


def _senza_conservati(**_altro: Any) -> None:
    """What a page keeps for some minutes is reckoned anew each time: the first who comes must not wait either."""
    cache.clear()


def main() -> int:
    if connection.vendor != "postgresql":
        print("Il Cruscotto si misura su PostgreSQL: DATABASE_URL deve indicarne uno, vuoto.")
        return 1
    request_started.connect(_senza_conservati)
    navigatore, banche = elenco.prepara(partial(_prepara, 1, POCHI), partial(_prepara, POCHI + 1, TANTI))
    ieri = {"al": (timezone.localdate() - timedelta(days=1)).isoformat()}
    oltre = 0
    for quando, giorno in (("di oggi", {}), ("di un giorno passato", ieri)):
        for quali, filtri in FILTRI.items():
            indirizzo = f"{reverse('cruscotto')}?{urlencode({**filtri, **giorno})}"
            oltre += _di(f"Il Cruscotto {quando}, {quali}", elenco.confronta(navigatore, indirizzo, banche))
    return int(oltre > 0)


if __name__ == "__main__":
    sys.exit(main())
