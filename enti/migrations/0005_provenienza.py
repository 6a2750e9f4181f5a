from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("enti", "0004_utente_tecnico"),
        ("registro", "0003_ripensamento"),
    ]

    operations = [
        migrations.CreateModel(
            name="Provenienza",
            fields=[
                (
                    "evento",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="provenienza",
                        serialize=False,
                        to="registro.evento",
                        verbose_name="evento",
                    ),
                ),
                (
                    "quando",
                    models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="quando"),
                ),
                ("indirizzo", models.GenericIPAddressField(blank=True, null=True, verbose_name="indirizzo")),
                ("programma", models.CharField(blank=True, max_length=300, verbose_name="programma")),
                ("avviso_dovuto", models.BooleanField(default=False, verbose_name="avviso da spedire")),
                (
                    "avviso_spedito_il",
                    models.DateTimeField(blank=True, null=True, verbose_name="avviso spedito il"),
                ),
            ],
            options={
                "verbose_name": "provenienza",
                "verbose_name_plural": "provenienze",
                "indexes": [
                    models.Index(
                        condition=models.Q(("avviso_dovuto", True)), fields=["quando"], name="provenienze_da_avvisare"
                    )
                ],
            },
        ),
    ]
