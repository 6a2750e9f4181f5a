"""Imports extracts of ReGiS here and now, without the queue."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper

from interventi.importazione import applicazione
from interventi.importazione.applicazione import NienteDaLeggere
from interventi.importazione.rapporto import rilievi
from interventi.importazione.tipi import Tabella
from interventi.models import Importazione, TabellaImportata
from interventi.models.importazioni import Perimetro
from interventi.services.importazioni import ImportazioneNonAmmessa, ricevi
from registro.azione import azione
from registro.esecutori import Avanzatore

VOCI = ("lette", "nuove", "cambiate", "invariate", "rifiutate")


@dataclass
class AvanzatoreSulTerminale(Avanzatore):
    uscita: OutputWrapper | None = None

    def passo(self, testo: str) -> None:
        super().passo(testo)
        if self.uscita is not None:
            self.uscita.write(testo)


class Command(BaseCommand):
    help = "Importa estrazioni di ReGiS e Italia Domani (CSV, XLSX, zip), in una sola transazione."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--prova", action="store_true", help="dice che cosa cambierebbe, e non cambia nulla")
        parser.add_argument("--rapporto", type=Path, metavar="CSV", help="dove scrivere le righe rifiutate o dubbie")
        parser.add_argument(
            "--tutti",
            action="store_true",
            help="prende tutti gli interventi, non solo quelli della Città metropolitana",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with azione():
            importazione = self._ricevi(options["file"], Perimetro.TUTTO if options["tutti"] else Perimetro.METROPOLI)
            avanzatore = AvanzatoreSulTerminale(uscita=self.stderr)
            try:
                if options["prova"]:
                    applicazione.prova(importazione, avanzatore)
                else:
                    applicazione.applica(importazione, avanzatore, confermata=False)
            except NienteDaLeggere as errore:
                applicazione.respingi(importazione, str(errore))
                raise CommandError(f"Niente da importare. {errore}") from errore
        self._riassumi(importazione, prova=options["prova"])
        if options["rapporto"] is not None:
            self._scrivi_rapporto(importazione, options["rapporto"])

    def _ricevi(self, percorsi: list[Path], perimetro: str) -> Importazione:
        aperti = []
        try:
            for percorso in percorsi:
                aperti.append((percorso.name, File(percorso.open("rb"), name=percorso.name)))
            return ricevi(file=aperti, perimetro=perimetro, autore=None)
        except OSError as errore:
            raise CommandError(f"«{percorso}» non si può aprire: {errore.strerror}.") from errore
        except ImportazioneNonAmmessa as errore:
            raise CommandError(str(errore)) from errore
        finally:
            for _nome, aperto in aperti:
                aperto.close()

    def _riassumi(self, importazione: Importazione, *, prova: bool) -> None:
        for documento in importazione.file.exclude(errore=""):
            self.stdout.write(f"{documento.nome}: non letto. {documento.errore}")
        for tabella in TabellaImportata.objects.filter(file__importazione=importazione):
            self.stdout.write(
                f"{tabella.nome} ({Tabella(tabella.tabella).label}, {tabella.formato}): {_conti(tabella)}"
            )
            if tabella.colonne_ignote:
                self.stdout.write(f"  colonne non riconosciute: {', '.join(tabella.colonne_ignote)}")
        conti = importazione.conteggi
        cambiamenti = conti["nuove"] + conti["cambiate"]
        fatto = "da confermare: nulla è stato scritto" if prova else "applicata"
        self.stdout.write(
            f"Importazione n. {importazione.pk} {fatto}. In tutto {conti['lette']} righe lette, "
            f"{cambiamenti} cambiamenti, {conti['differenze']} differenze da decidere."
        )

    def _scrivi_rapporto(self, importazione: Importazione, percorso: Path) -> None:
        with percorso.open("w", encoding="utf-8-sig", newline="") as uscita:
            csv.writer(uscita, delimiter=";").writerows(rilievi(importazione))
        self.stdout.write(f"Righe rifiutate o dubbie: {percorso}")


def _conti(tabella: TabellaImportata) -> str:
    conti = ", ".join(f"{getattr(tabella, voce)} {voce}" for voce in VOCI)
    fuori = f" (di cui {tabella.fuori_perimetro} fuori perimetro)" if tabella.fuori_perimetro else ""
    dubbie = f"; {tabella.dubbie} prese con un rilievo" if tabella.dubbie else ""
    return f"{conti}{fuori}{dubbie}"
