"""On PostgreSQL a trigram index makes the search box instant over hundreds of thousands of interventi.

`pg_trgm` is a trusted extension: the owner of the database may create it (PostgreSQL 13 and later). SQLite, which the
portal uses for small registers only, scans.
"""

from django.db import migrations

INDICE = "intervento_per_testo"


def crea(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    schema_editor.execute(
        f"CREATE INDEX {INDICE} ON interventi_intervento USING gin (testo_ricerca gin_trgm_ops)"
    )


def togli(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX {INDICE}")


class Migration(migrations.Migration):
    dependencies = [("interventi", "0001_iniziale")]

    operations = [migrations.RunPython(crea, togli)]
