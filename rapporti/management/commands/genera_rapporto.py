"""`manage.py genera_rapporto --al 2024-12-31 --piano SPUGNA --out f.pdf`: a report at once, the same as from a page."""

from __future__ import annotations

import contextlib
import hashlib
import time
import uuid
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from piani_integrati.models import ModificaDaVerificare
from piani_integrati.services.verifica import verifica_piano
from psttm import formati
from rapporti.domanda import Domanda, codice_letto
from rapporti.errori import RapportoImpossibile
from rapporti.lettura.leggi import controlla
from rapporti.models import Rapporto
from rapporti.scelte import TipoPerimetro, TipoRapporto
from rapporti.selectors import giorno_consueto
from rapporti.services import archivio, richieste
from rapporti.services.archivio import Prodotto
from rapporti.services.produzione import componi_file
from registro.azione import azione
from registro.esecutori import Avanzatore

OGNI_PAGINE = 20
PERIMETRI = {
    TipoPerimetro.PIANO: "il codice di un piano o di un programma, per esempio SPUGNA",
    TipoPerimetro.ZONA: "il numero di una zona omogenea",
    TipoPerimetro.COMUNE: "il nome o il codice ISTAT di un Comune",
    TipoPerimetro.DRIVER: "il numero di un Driver",
    TipoPerimetro.STTM: "il numero di una STTM",
}


class _Racconto(Avanzatore):
    """Says on standard error what is being done: each phase, and a page of it now and then."""

    def __init__(self, uscita: Any) -> None:
        super().__init__()
        self.uscita: TextIO = uscita

    def passo(self, testo: str) -> None:
        nuova = testo.partition(":")[0] != self.fase.partition(":")[0]
        if nuova or (testo != self.fase and self.fatti % OGNI_PAGINE == 0):
            self.uscita.write(f"{testo} …")
        super().passo(testo)


class Command(BaseCommand):
    help = (
        "Fa un rapporto in PDF, con gli stessi byte di quello chiesto dalle pagine; senza un perimetro, di tutto il "
        "programma."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", required=True, type=Path, help="il file PDF da scrivere")
        parser.add_argument("--xlsx", type=Path, help="scrive anche il foglio di calcolo")
        parser.add_argument("--json", type=Path, help="scrive anche i dati da cui il rapporto è fatto")
        parser.add_argument("--tipo", default=TipoRapporto.AVANZAMENTO.value, help="avanzamento, sintesi oppure dup")
        for perimetro, aiuto in PERIMETRI.items():
            parser.add_argument(f"--{perimetro.value}", help=aiuto)
        parser.add_argument("--al", help="il giorno di cui parla (predefinito: l'ultimo mese scaduto)")
        parser.add_argument("--noto-al", help="il giorno o l'istante fino a cui il portale può sapere (adesso)")
        parser.add_argument(
            "--confronto", help="da quando raccontare i cambiamenti: un giorno o il codice di un rapporto"
        )
        parser.add_argument("--archivia", action="store_true", help="lo conserva anche nell'archivio del portale")

    def handle(self, *args: Any, **opzioni: Any) -> None:
        try:
            with azione():
                self._genera(opzioni)
        except (RapportoImpossibile, archivio.FileDiverso) as errore:
            raise CommandError(str(errore)) from errore
        except OSError as errore:
            raise CommandError(f"Il file «{errore.filename}» non si può scrivere: {errore.strerror}.") from errore

    def _genera(self, opzioni: dict[str, Any]) -> None:
        destinazioni = [opzioni[nome] for nome in ("out", "xlsx", "json") if opzioni[nome] is not None]
        for file in destinazioni:
            _controlla_cartella(file)
        if not opzioni["noto_al"]:
            self._giudica()
        domanda = _domanda(opzioni)
        controlla(domanda)
        prodotto = componi_file(domanda, _Racconto(self.stderr))
        for file, contenuto in (
            (opzioni["out"], prodotto.pdf),
            (opzioni["xlsx"], prodotto.foglio),
            (opzioni["json"], prodotto.dati),
        ):
            if file is not None:
                _scrivi(file, contenuto)
        if opzioni["archivia"]:
            self._archivia(domanda, prodotto)
        self._riassumi(opzioni["out"], domanda, prodotto)

    def _giudica(self) -> None:
        """The rules of the piani that changed, which workers may not have judged yet: the report tells of outcomes."""
        piani = sorted(ModificaDaVerificare.objects.order_by().values_list("piano", flat=True).distinct())
        if not piani:
            return
        self.stderr.write(f"Verifica di {len(piani)} piani con modifiche non ancora verificate …")
        for pk in piani:
            verifica_piano(piano_id=pk)
        # A report knows until a whole second: the outcomes of this one are known from the next.
        time.sleep(1 - timezone.now().microsecond / 1_000_000)

    def _archivia(self, domanda: Domanda, prodotto: Prodotto) -> None:
        rapporto = richieste.registra(domanda=domanda, autore=None)
        if not rapporto.pronto:
            archivio.archivia(rapporto_id=rapporto.pk, prodotto=prodotto)
        elif not archivio.intero(rapporto):
            archivio.rimetti(rapporto_id=rapporto.pk, prodotto=prodotto)

    def _riassumi(self, file: Path, domanda: Domanda, prodotto: Prodotto) -> None:
        self.stdout.write(f"{file}: {prodotto.pagine} pagine, {formati.numero(len(prodotto.pdf))} byte")
        self.stdout.write(f"codice {domanda.codice}")
        self.stdout.write(f"SHA-256 {hashlib.sha256(prodotto.pdf).hexdigest()}")


def _domanda(opzioni: dict[str, Any]) -> Domanda:
    scelti = {tipo: opzioni[tipo.value] for tipo in PERIMETRI if opzioni[tipo.value] is not None}
    if len(scelti) > 1:
        quali = " e ".join(f"--{tipo.value}" for tipo in scelti)
        raise CommandError(f"Un rapporto ha un perimetro solo, e qui ce n'è più d'uno: {quali}. Tienine uno.")
    tipo, chiave = next(iter(scelti.items()), (TipoPerimetro.PROGRAMMA, ""))
    confronto = _rapporto_di_confronto(opzioni["confronto"])
    return richieste.domanda_da(
        tipo=opzioni["tipo"],
        perimetro=tipo.value,
        chiave=chiave,
        al=opzioni["al"] or giorno_consueto(),
        noto_al=opzioni["noto_al"],
        confronto_al=opzioni["confronto"] if confronto is None else confronto.al,
        confronto_noto_al=None if confronto is None else confronto.noto_al,
    )


def _rapporto_di_confronto(testo: str | None) -> Rapporto | None:
    codice = codice_letto(testo or "")
    if not codice:
        return None
    rapporto = Rapporto.objects.pronti().filter(codice=codice).first()
    if rapporto is None:
        raise CommandError(f"Nell'archivio non c'è un rapporto pronto con il codice {codice}: controllalo.")
    return rapporto


def _controlla_cartella(file: Path) -> None:
    """Before the minutes of work, not after."""
    if not file.parent.is_dir():
        raise CommandError(f"La cartella «{file.parent}» non esiste: creala, o scrivi il file altrove.")
    if file.is_dir():
        raise CommandError(f"«{file}» è una cartella: aggiungi il nome del file.")


def _scrivi(file: Path, contenuto: bytes) -> None:
    """Whole or not at all: whoever looks at the file meanwhile sees the one of before."""
    bozza = file.with_name(f".{file.name}.{uuid.uuid4().hex}")
    try:
        bozza.write_bytes(contenuto)
        bozza.replace(file)
    finally:
        with contextlib.suppress(FileNotFoundError):
            bozza.unlink()
