"""Real ReGiS data hold codici locali progetto of 61 characters and descriptions of submisure of 392."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interventi", "0002_ricerca_testuale")]

    operations = [
        migrations.AlterField(
            model_name="intervento",
            name="clp",
            field=models.CharField(blank=True, max_length=100, verbose_name="codice locale progetto"),
        ),
        migrations.AlterField(
            model_name="storicointervento",
            name="clp",
            field=models.CharField(blank=True, max_length=100, verbose_name="codice locale progetto"),
        ),
        migrations.AlterField(
            model_name="submisura",
            name="descrizione",
            field=models.CharField(blank=True, max_length=500, verbose_name="descrizione"),
        ),
    ]
