"""From here on the database refuses to change an approved avanzamento, or its rows."""

from django.db import migrations

from rapporti import inviolabile


def installa(apps, schema_editor):
    inviolabile.installa(schema_editor.connection)


def rimuovi(apps, schema_editor):
    inviolabile.rimuovi(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("rapporti", "0001_iniziale")]

    operations = [migrations.RunPython(installa, rimuovi)]
