"""The chain that seals the events: a link for each, which the database refuses to change or delete too.

The events there are already get their links from the job that seals, a batch at a time, once the portal has started.
"""

import django.db.models.deletion
from django.db import migrations, models

from registro import inviolabile


def installa(apps, schema_editor):
    inviolabile.installa(schema_editor.connection, [inviolabile.ANELLI])


def rimuovi(apps, schema_editor):
    inviolabile.rimuovi(schema_editor.connection, [inviolabile.ANELLI])


class Migration(migrations.Migration):
    senza_fermo = "Le guardie sono sulla sola tabella nuova, che la versione di prima non conosce."

    dependencies = [
        ('registro', '0003_ripensamento'),
    ]

    operations = [
        migrations.CreateModel(
            name='Anello',
            fields=[
                ('numero', models.PositiveBigIntegerField(primary_key=True, serialize=False, verbose_name='numero')),
                ('precedente', models.CharField(max_length=64, verbose_name="impronta dell'anello precedente")),
                ('impronta', models.CharField(max_length=64, verbose_name='impronta SHA-256')),
                ('evento', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='anello', to='registro.evento', verbose_name='evento')),
            ],
            options={
                'verbose_name': 'anello del registro',
                'verbose_name_plural': 'anelli del registro',
                'ordering': ['numero'],
                'constraints': [models.CheckConstraint(condition=models.Q(('numero__gte', 1)), name='gli_anelli_si_contano_da_uno')],
            },
        ),
        migrations.RunPython(installa, rimuovi),
    ]
