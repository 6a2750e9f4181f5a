"""On PostgreSQL trigram indexes find documents and traguardi by words, however many there are.

Measured over 300,000 of each: the suggestions of the search box took from half a second to three and a half without
them. On the expression that Django's `icontains` writes. `pg_trgm` is there since `interventi.0002`. SQLite, which the
portal uses for small registers only, scans. CONCURRENTLY, since documents are handed in while this runs: one that
stopped halfway leaves an index that is not valid, and is made again from nothing.
"""

from django.db import migrations

INDICI = (
    ("documento_per_titolo", "monitoraggio_documento", "titolo"),
    ("documento_per_protocollo", "monitoraggio_documento", "protocollo"),
    ("versione_per_nome", "monitoraggio_versionedocumento", "nome"),
    ("traguardo_per_titolo", "monitoraggio_traguardo", "titolo"),
    ("traguardo_per_codice", "monitoraggio_traguardo", "codice"),
)


def crea(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for nome, tabella, colonna in INDICI:
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {nome}")
        schema_editor.execute(
            f"CREATE INDEX CONCURRENTLY {nome} ON {tabella} USING gin (UPPER({colonna}::text) gin_trgm_ops)"
        )
    # Until it knows how rare a word is, PostgreSQL reads the whole table for it.
    for tabella in sorted({tabella for _nome, tabella, _colonna in INDICI}):
        schema_editor.execute(f"ANALYZE {tabella}")


def togli(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for nome, _tabella, _colonna in INDICI:
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {nome}")


class Migration(migrations.Migration):
    atomic = False
    senza_fermo = "Indici creati con CONCURRENTLY: nessuno aspetta, e la versione di prima non ne sa niente."
    dependencies = [("monitoraggio", "0003_segnali"), ("interventi", "0002_ricerca_testuale")]

    operations = [migrations.RunPython(crea, togli)]
