"""Indexes from which the list of interventi is counted, summed, filtered and sorted.

The one that sorts from the largest amount, with the unknown ones at the end, is of PostgreSQL only: SQLite takes no
"NULLS LAST" in an index, and sorts small registers without.
"""

from django.db import migrations, models

DAL_PIU_CARO = "intervento_dal_piu_caro"


def crea(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE INDEX {DAL_PIU_CARO} ON interventi_intervento (finanziamento_totale DESC NULLS LAST, id DESC)"
        )


def togli(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX {DAL_PIU_CARO}")


class Migration(migrations.Migration):

    dependencies = [
        ('enti', '0002_initial'),
        ('interventi', '0004_dati_cup'),
        ('psttm', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='intervento',
            index=models.Index(fields=['id', 'cup', 'finanziamento_totale', 'pagamenti_totali', 'submisura', 'stato_cup', 'linea_finanziamento', 'classificazione', 'soggetto_attuatore'], name='intervento_in_breve'),
        ),
        migrations.AddIndex(
            model_name='legamedriver',
            index=models.Index(fields=['driver', 'intervento'], name='interventi_per_driver'),
        ),
        migrations.AddIndex(
            model_name='legamestrategia',
            index=models.Index(fields=['strategia', 'intervento'], name='interventi_per_sttm'),
        ),
        migrations.AddIndex(
            model_name='localizzazione',
            index=models.Index(fields=['comune', 'intervento'], name='localizzazione_per_comune'),
        ),
        migrations.RunPython(crea, togli),
    ]
