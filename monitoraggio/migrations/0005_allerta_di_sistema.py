"""Whoever administers the portal is told of it in the inbox too."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('monitoraggio', '0004_ricerca'),
    ]

    operations = [
        migrations.AlterField(
            model_name='allerta',
            name='tipo',
            field=models.CharField(choices=[('in_scadenza', 'Da inviare'), ('scaduto', 'In ritardo'), ('restituito', 'Da correggere'), ('bozza_ferma', 'Bozza mai inviata'), ('criticita', 'Criticità oltre la data'), ('messaggio', 'Messaggio'), ('da_istruire', 'Da istruire'), ('variazione', 'Variazione'), ('approvato', 'Approvato'), ('sollecito', 'Sollecito'), ('segnale', 'Segnale'), ('rapporto', 'Rapporto'), ('sistema', 'Sistema')], max_length=15, verbose_name='tipo'),
        ),
    ]
