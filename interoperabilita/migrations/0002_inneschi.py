"""From here on every change is noted for publication; what the database holds already is published as new."""

from django.db import migrations

from interoperabilita import inneschi


def installa(apps, schema_editor):
    inneschi.installa(schema_editor.connection)
    inneschi.annota_tutto(schema_editor.connection)
    if schema_editor.connection.vendor == "postgresql":
        # A row is some 2 KB: PostgreSQL would try to compress each, which makes writing and reading slower.
        schema_editor.execute("ALTER TABLE interoperabilita_vocecup SET (toast_tuple_target = 8160)")


def rimuovi(apps, schema_editor):
    inneschi.rimuovi(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("interoperabilita", "0001_iniziale"),
        ("monitoraggio", "0002_inviolabile"),
        ("piani_integrati", "0002_verifica"),
        ("interventi", "0005_indici_elenco"),
        ("psttm", "0001_initial"),
    ]

    operations = [migrations.RunPython(installa, rimuovi)]
