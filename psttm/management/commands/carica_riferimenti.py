"""`manage.py carica_riferimenti`: the reference data of every room. Can be repeated: it doubles and deletes nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from enti import riferimenti as riferimenti_enti
from interventi import riferimenti as riferimenti_interventi
from monitoraggio import riferimenti as riferimenti_monitoraggio
from piani_integrati import riferimenti as riferimenti_piani
from psttm import riferimenti as riferimenti_psttm
from registro.azione import azione
from registro.riferimenti import FONTI, Tabella, carica_tabella, dimentica_caricamenti
from registro.righe import DatoErrato


class Command(BaseCommand):
    tabelle: Sequence[Tabella] = (
        *riferimenti_psttm.TABELLE,
        *riferimenti_interventi.TABELLE,
        *riferimenti_piani.TABELLE,
        *riferimenti_monitoraggio.TABELLE,
    )
    help = "Carica i dati di riferimento: fonti, territorio, Piano strategico, piani. Si può ripetere senza doppioni."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--forza", action="store_true", help="Rilegge anche i file che non sono cambiati.")

    def handle(self, *args: Any, forza: bool, **opzioni: Any) -> None:
        try:
            with azione():
                if forza:
                    dimentica_caricamenti()
                self._carica(FONTI)
                caricate = riferimenti_enti.carica()
                for nome, righe in caricate.items():
                    self.stdout.write(f"{nome[:1].upper()}{nome[1:]}: {righe} righe")
                if not caricate:
                    self.stdout.write("Territorio: già aggiornato")
                for tabella in self.tabelle:
                    self._carica(tabella)
                self.stdout.write(f"Passaggi di stato dei piani: {riferimenti_piani.carica_passaggi()} nuovi")
        except DatoErrato as errore:
            raise CommandError(f"Il caricamento si è fermato. {errore}") from None

    def _carica(self, tabella: Tabella) -> None:
        esito = carica_tabella(tabella)
        self.stdout.write(esito.descrizione)
        for avviso in esito.avvisi:
            self.stderr.write(self.style.WARNING(avviso))
