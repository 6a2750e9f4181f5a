"""Makes the first amministratore of a new installation, who then makes all the others in the pages."""

from __future__ import annotations

import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from enti import services
from enti.models import Ente
from enti.ruoli import Ruolo, TipoEnte


class Command(BaseCommand):
    help = "Crea un amministratore del portale. La password si scrive quando il comando la chiede."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--nome", required=True)
        parser.add_argument("--cognome", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        ente = Ente.objects.filter(tipo=TipoEnte.CITTA_METROPOLITANA).first()
        if ente is None:
            raise CommandError("Manca l'ente Città metropolitana: esegui prima «manage.py carica_riferimenti».")
        password = getpass.getpass("Password (almeno 12 caratteri): ")
        try:
            with transaction.atomic():
                utente = services.crea_utente(
                    email=options["email"],
                    nome=options["nome"],
                    cognome=options["cognome"],
                    password=password,
                    autore=None,
                )
                services.assegna_ruolo(utente_id=utente.pk, ente_id=ente.pk, ruolo=Ruolo.AMMINISTRATORE, autore=None)
        except ValidationError as errore:
            raise CommandError(" ".join(errore.messages)) from errore
        self.stdout.write(f"Amministratore creato: {utente.email}. Al primo accesso attiverà il secondo fattore.")
