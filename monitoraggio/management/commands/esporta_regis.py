"""`manage.py esporta_regis`: the packages for ReGiS, one zip a body, written in a folder."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from enti.models import Ente
from monitoraggio import tempo
from monitoraggio.regis.pacchetto import componi
from monitoraggio.selectors.regis import enti_con_interventi, giorno_consueto, senza_ente
from monitoraggio.services.regis import registra, trova_ente
from psttm import formati
from registro.azione import azione


class Command(BaseCommand):
    help = (
        "Prepara i dati da mandare a ReGiS: un file zip per ente con le tabelle AP00 … PR01, la spiegazione e l'elenco "
        "di ciò che manca. C'è solo ciò che è stato approvato."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--ente", help="nome dell'ente o del Comune, codice IPA, codice fiscale o codice ISTAT")
        parser.add_argument("--al", help="giorno a cui leggere la situazione (predefinito: fine del mese scorso)")
        parser.add_argument("--cartella", type=Path, default=Path(), help="dove scrivere (predefinita: questa)")

    def handle(self, *args: Any, ente: str | None, al: str | None, cartella: Path, **options: Any) -> None:
        giorno = self._leggi_giorno(al)
        enti = self._leggi_enti(ente)
        try:
            cartella.mkdir(parents=True, exist_ok=True)
            with azione():
                for uno in enti:
                    self._scrivi(uno, giorno, cartella)
        except OSError as errore:
            raise CommandError(f"Nella cartella «{cartella}» non si può scrivere: {errore.strerror}.") from errore
        orfani = senza_ente()
        if orfani and ente is None:
            self.stdout.write(f"Senza soggetto attuatore, perciò in nessun pacchetto: {orfani} interventi.")

    def _scrivi(self, ente: Ente, giorno: date, cartella: Path) -> None:
        preparato = registra(componi(ente, al=giorno), autore=None)
        pacchetto, percorso = preparato.pacchetto, cartella / preparato.pacchetto.nome_file
        with preparato.file as origine, percorso.open("wb") as uscita:
            shutil.copyfileobj(origine, uscita)
        self.stdout.write(
            f"{percorso}: {len(pacchetto.fatti)} interventi, {pacchetto.totale_righe} righe, "
            f"impegni {formati.euro(pacchetto.impegnato)}, pagamenti {formati.euro(pacchetto.pagato)}; "
            f"mancanze {len(pacchetto.mancanti)}, da sapere {len(pacchetto.avvisi)}."
        )
        for tabella, quante in sorted(Counter(m.tabella.codice for m in pacchetto.mancanti).items()):
            self.stdout.write(f"  {tabella}: {quante} mancanze")

    @staticmethod
    def _leggi_giorno(testo: str | None) -> date:
        if testo is None:
            return giorno_consueto()
        letto = tempo.leggi({"al": testo})
        if letto.al is None:
            raise CommandError(letto.errore_al or "Scrivi il giorno dopo --al, per esempio 31/12/2024.")
        return letto.al

    @staticmethod
    def _leggi_enti(testo: str | None) -> list[Ente]:
        if testo is None:
            trovati = list(enti_con_interventi())
            if not trovati:
                raise CommandError("Nessun ente ha interventi monitorati in ReGiS.")
            return trovati
        trovati = trova_ente(testo)
        if len(trovati) != 1:
            quali = ", ".join(map(str, trovati)) or "nessuno"
            raise CommandError(f"«{testo}» deve indicare un ente solo; ne indica: {quali}.")
        return trovati
