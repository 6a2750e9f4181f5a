"""What a person has just done and may undo for a while."""

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('registro', '0002_registro_immutabile'),
    ]

    operations = [
        migrations.CreateModel(
            name='Ripensamento',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chiave', models.CharField(max_length=40, unique=True, verbose_name='chiave')),
                ('sessione', models.CharField(max_length=64, verbose_name='impronta della sessione')),
                ('azione', models.CharField(max_length=60, verbose_name='azione')),
                ('dati', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='dati')),
                ('testo', models.TextField(verbose_name='che cosa si è fatto')),
                ('scade', models.DateTimeField(db_index=True, verbose_name='si annulla fino alle')),
                ('usato_il', models.DateTimeField(blank=True, null=True, verbose_name='annullato il')),
                ('utente', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='chi')),
            ],
            options={
                'verbose_name': 'ripensamento',
                'verbose_name_plural': 'ripensamenti',
            },
        ),
    ]
