"""A saved view may be the one that the portal opens with; at most one for each person and page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    senza_fermo = "Il vincolo riguarda le sole viste con «apre», che la versione di prima non scrive mai."

    dependencies = [
        ('enti', '0004_utente_tecnico'),
        ('interventi', '0005_indici_elenco'),
    ]

    operations = [
        migrations.AddField(
            model_name='vistasalvata',
            name='apre',
            field=models.BooleanField(db_default=False, default=False, verbose_name='è quella con cui si apre il portale'),
        ),
        migrations.AddConstraint(
            model_name='vistasalvata',
            constraint=models.UniqueConstraint(condition=models.Q(('apre', True)), fields=('utente', 'pagina'), name='una_sola_vista_apre'),
        ),
    ]
