"""What the tests of the workbook share: make one, change it as a person would, hand it back, let the jobs run."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import python_calamine
from django.core.files.base import ContentFile
from django.test import override_settings

from enti.models import Utente
from interventi.models import Intervento
from monitoraggio.foglio.lettura import leggi
from monitoraggio.foglio.scrittura import scrivi
from monitoraggio.foglio.tipi import Esito, Genere, Libro, RigaFoglio, Valore
from monitoraggio.models import Avanzamento, FoglioCaricato, InterventoNelFoglio
from monitoraggio.selectors.foglio import Scelta
from monitoraggio.services import foglio as servizi
from registro.esecuzione import esegui
from tests.monitoraggio.base import DICEMBRE, MonitoraggioTestCase

Modifica = Callable[[Libro], object]


def libro_di(byte: bytes) -> Libro:
    return leggi(io.BytesIO(byte), "foglio.xlsx")


def riga(libro: Libro, sezione: str, nome: str = "", posto: int = 0) -> RigaFoglio:
    """A row of a sheet: by its name, or the first blank one of the workbook."""
    righe = libro.schede[sezione].righe
    return next(r for r in righe if r.nome == (nome or f"f{libro.identita}{posto}"))


def in_fondo(libro: Libro, sezione: str, cup: str, **valori: Valore) -> RigaFoglio:
    """A row that somebody types at the bottom of a sheet, with the CUP alone."""
    righe = libro.schede[sezione].righe
    vuota: dict[str, Valore] = dict.fromkeys(righe[0].valori)
    nuova = RigaFoglio(None, "", cup=cup, valori=vuota | valori, numero=max(r.numero for r in righe) + 1)
    righe.append(nuova)
    return nuova


def pagina(byte: bytes, nome: str) -> list[list[Any]]:
    """A sheet as another program sees it."""
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(byte)).get_sheet_by_name(nome).to_python()


def impegno(numero: str = "100/2024", importo: str = "500000.50") -> dict[str, Valore]:
    return {"tipo": "Impegno", "codice": numero, "data": date(2024, 12, 2), "importo": Decimal(importo)}


class FoglioTestCase(MonitoraggioTestCase):
    def setUp(self) -> None:
        super().setUp()
        cartella = tempfile.TemporaryDirectory()
        self.addCleanup(cartella.cleanup)
        deposito = override_settings(MEDIA_ROOT=cartella.name)
        deposito.enable()
        self.addCleanup(deposito.disable)

    def scarica(self, chi: Utente | None = None, mese: date = DICEMBRE) -> bytes:
        return servizi.prepara(scelta=Scelta(mese), autore=chi or self.compilatore)

    def modificato(self, modifica: Modifica, byte: bytes | None = None) -> bytes:
        """The workbook as a person gives it back: read, changed, written as a file again."""
        libro = libro_di(byte or self.scarica())
        modifica(libro)
        return scrivi(libro)

    def carica(self, byte: bytes, chi: Utente | None = None, mese: date = DICEMBRE) -> FoglioCaricato:
        file = ContentFile(byte)
        foglio = servizi.carica(nome="foglio.xlsx", file=file, mese=mese, autore=chi or self.compilatore)
        return self.lavorato(foglio)

    def lavorato(self, foglio: FoglioCaricato) -> FoglioCaricato:
        foglio.refresh_from_db()
        assert foglio.lavoro is not None
        esegui(foglio.lavoro.pk)
        foglio.refresh_from_db()
        return foglio

    def scritto(self, byte: bytes, chi: Utente | None = None) -> FoglioCaricato:
        """Handed in, confirmed and written."""
        foglio = self.carica(byte, chi)
        return self.lavorato(servizi.conferma(foglio_id=foglio.pk, autore=chi or self.compilatore))

    def esiti(self, foglio: FoglioCaricato, *generi: Genere) -> list[Esito]:
        tutti = [dati for riga in InterventoNelFoglio.objects.filter(foglio=foglio) for dati in riga.esiti]
        letti = [Esito.da_json(dati) for dati in [*foglio.esiti, *tutti]]
        return [esito for esito in letti if esito.genere in generi]

    def bozza_di(self, opera: Intervento | None = None, mese: date = DICEMBRE) -> dict[str, str]:
        return dict(Avanzamento.objects.get(intervento=opera or self.opera, mese=mese).bozza)
