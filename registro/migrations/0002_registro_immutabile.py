"""From here on the database refuses to change or delete an event."""

from django.db import migrations

from registro import inviolabile


def installa(apps, schema_editor):
    inviolabile.installa(schema_editor.connection, [inviolabile.EVENTI])


def rimuovi(apps, schema_editor):
    inviolabile.rimuovi(schema_editor.connection, [inviolabile.EVENTI])


class Migration(migrations.Migration):
    dependencies = [("registro", "0001_initial")]

    operations = [migrations.RunPython(installa, rimuovi)]
