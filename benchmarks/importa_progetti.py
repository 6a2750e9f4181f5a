"""One import in a process of its own, so that its memory can be told; then the same file by COPY. Prints the times."""

from __future__ import annotations

import io
import json
import resource
import sys
from pathlib import Path
from time import perf_counter

from django.core.files import File
from django.core.management import call_command
from django.db import connection, transaction

from benchmarks.importazioni import COLONNE, RIGHE
from interventi.importazione import applicazione
from interventi.models import Importazione, Intervento, Submisura
from interventi.services.importazioni import ricevi
from registro.esecutori import Avanzatore

VOLTE = 3


def importa(percorso: Path) -> float:
    inizio = perf_counter()
    with percorso.open("rb") as aperto:
        importazione: Importazione = ricevi(
            file=[(percorso.name, File(aperto, name=percorso.name))], perimetro="tutto", autore=None
        )
    applicazione.applica(importazione, Avanzatore(), confermata=False)
    secondi = perf_counter() - inizio
    assert importazione.conteggi["nuove"] == Intervento.objects.count() == RIGHE, importazione.conteggi
    return secondi


def copia(percorso: Path) -> float:
    """The file into a table of texts, and from there into that of the interventi; then all is undone."""
    colonne = ", ".join(f"c{numero} text" for numero in range(len(COLONNE)))
    dove = {colonna: f"c{numero}" for numero, colonna in enumerate(COLONNE)}
    with transaction.atomic():
        inizio = perf_counter()
        with connection.cursor() as cursore:
            cursore.execute(f"CREATE TEMPORARY TABLE testi ({colonne}) ON COMMIT DROP")
            with (
                percorso.open("rb") as aperto,
                cursore.copy("COPY testi FROM STDIN WITH (FORMAT csv, DELIMITER ';', HEADER)") as copia,
            ):
                while pezzo := aperto.read(1 << 16):
                    copia.write(pezzo)
            cursore.execute(_inserisci(dove))
        secondi = perf_counter() - inizio
        transaction.set_rollback(True)
    # Else PostgreSQL may do it by itself while the import is timed, and plan for a table that seems empty.
    with connection.cursor() as cursore:
        cursore.execute("VACUUM interventi_intervento")
    return secondi


def _inserisci(dove: dict[str, str]) -> str:
    testo = {"cup": "CUP", "clp": "Codice Locale Progetto", "titolo": "Titolo Progetto", "sintesi": "Sintesi Progetto",
             "attuatore_denominazione": "Soggetto Attuatore", "attuatore_cf": "Codice Fiscale Soggetto Attuatore",
             "tipo_aiuto": "Descrizione Tipo Aiuto", "fase_codice": "Codice Fase Iter di Progetto",
             "fase_descrizione": "Descrizione Fase Iter di Progetto", "fase_stato": "Stato Fase Iter di Progetto",
             "esito_validazione": "Esito Ultima Validazione"}  # fmt: skip
    giorni = {"dati_al": "Data di Estrazione", "inizio_previsto": "Data Inizio Progetto Prevista",
              "inizio_effettivo": "Data Inizio Progetto Effettiva", "fine_prevista": "Data Fine Progetto Prevista",
              "validato_il": "Data Ultima Validazione"}  # fmt: skip
    denaro = {"finanziamento_totale": "Finanziamento Totale", "finanziamento_pubblico": "Finanziamento Totale Pubblico"}
    cercati = [dove[nome] for nome in ("CUP", "Titolo Progetto", "Soggetto Attuatore")]
    valori = {campo: f"coalesce({dove[c]}, '')" for campo, c in testo.items()}
    valori |= {campo: f"to_date({dove[c]}, 'DD/MM/YYYY')" for campo, c in giorni.items()}
    valori |= {campo: f"(replace({dove[c]}, ',', '.')::numeric * 100)::bigint" for campo, c in denaro.items()}
    valori |= dict.fromkeys(
        ("pratt_codice", "pratt_titolo", "linea_finanziamento", "stato_avanzamento"), "''"
    ) | {"stato_cup": "'attivo'", "campi_nostri": "'[]'", "monitorato_regis": "true", "dimostrativo": "false",
         "aggiornato": "now()", "submisura_id": str(Submisura.objects.earliest("pk").pk),
         "testo_ricerca": f"upper(concat_ws(' | ', {', '.join(cercati)}))"}  # fmt: skip
    return f"INSERT INTO interventi_intervento ({', '.join(valori)}) SELECT {', '.join(valori.values())} FROM testi"  # noqa: S608


def main() -> None:
    percorso = Path(sys.argv[1])
    call_command("migrate", verbosity=0)
    call_command("carica_riferimenti", stdout=io.StringIO())
    base = min(copia(percorso) for _ in range(VOLTE))
    secondi = importa(percorso)
    memoria = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"importa": secondi, "copia": base, "memoria": memoria}) + "\n")


if __name__ == "__main__":
    main()
