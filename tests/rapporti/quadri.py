"""Situations made up in memory: what a chapter says of them needs no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from enti.models import Comune, ZonaOmogenea
from monitoraggio.opere.tipi import Fase, Gruppo, Opera, Problema, Scadenza
from monitoraggio.scelte import LivelloTraguardo, TipoTraguardo
from monitoraggio.selectors.elenco_situazione import segno_di
from monitoraggio.selectors.situazione import SENZA_DATI, Stato
from rapporti.domanda import Domanda, Perimetro
from rapporti.lettura.quadro import Quadro
from rapporti.scelte import TipoPerimetro, TipoRapporto

AL = date(2024, 12, 31)
NOTO_AL = datetime(2025, 1, 20, 9, 30, tzinfo=UTC)
PIANO = 1
NOMI = ("Arese", "Bresso", "Cesate", "Dairago", "Opera", "Rho", "Segrate", "Tribiano")
ZONA = ZonaOmogenea(pk=1, numero=1, nome="Alto Milanese")
COMUNI = {
    pk: Comune(pk=pk, codice_istat=f"{15000 + pk:06}", nome=nome, zona=ZONA) for pk, nome in enumerate(NOMI, start=1)
}
GRUPPO = Gruppo(PIANO, "SPUGNA", "Città metropolitana SPUGNA", "pui", "spugna", "assegnato", None, None, None, False)
AVVIATO = date(2024, 3, 1)


def stato(**campi: Any) -> Stato:
    """Data of the day itself, nothing begun."""
    return replace(Stato(avanzamento_id=1, riferita_al=AL, percentuale=Decimal("0.00")), **campi)


def in_corso(**campi: Any) -> Stato:
    valori = {"inizio_lavori": AVVIATO, "percentuale": Decimal("40.00"), "fine_prevista": date(2025, 12, 1)}
    return stato(**{**valori, **campi})


def concluso(**campi: Any) -> Stato:
    fine = date(2024, 10, 1)
    valori = {"inizio_lavori": AVVIATO, "percentuale": Decimal("100.00"), "fine_prevista": fine}
    return stato(**{**valori, "fine_effettiva": fine, **campi})


def opera(numero: int, situazione: Stato = SENZA_DATI, **campi: Any) -> Opera:
    """The one with that number, in the Comune with that number, of the one piano there is."""
    base = Opera(
        pk=numero,
        cup=f"H01B22{numero:09}",
        clp="",
        submisura="",
        titolo=f"Opera numero {numero}",
        natura="03",
        stato_cup="attivo",
        linea_finanziamento="pnrr",
        monitorato_regis=True,
        dimostrativo=False,
        attuatore_id=None,
        attuatore="Comune",
        finanziamento=Decimal("1000000.00"),
        pagamenti_regis=None,
        regis_al=None,
        inizio_regis=None,
        fine_regis=None,
        chiave=f"i{numero}",
        piano_id=PIANO,
        comuni=[(numero - 1) % len(NOMI) + 1],
        stato=situazione,
        segno=segno_di(situazione, AL),
    )
    return replace(base, **campi)


def lavori(fine_prevista: date | None = None, **campi: Any) -> list[Fase]:
    """The phase of the works."""
    valori: dict[str, Any] = dict.fromkeys(("inizio_previsto", "inizio_effettivo", "fine_stimata", "fine_effettiva"))
    return [Fase("00313", **{**valori, "fine_prevista": fine_prevista, **campi})]


def gara(quando: date) -> Fase:
    return Fase("00311", None, None, quando, None, quando)


def problema(riga: str = "c1", gravita: str = "media", scadenza: date | None = None, **campi: str) -> Problema:
    valori = {"descrizione": "Manca un parere.", "azione": "Si sollecita.", "responsabile": "Ufficio tecnico", **campi}
    return Problema(riga=riga, tipo="gara", gravita=gravita, scadenza=scadenza, **valori)


def scadenza(numero: int, giorno: date, titolo: str = "Conclusione dei lavori", **campi: Any) -> Scadenza:
    """A milestone of the piano."""
    base = Scadenza(
        pk=numero,
        codice=f"T{numero}",
        titolo=titolo,
        tipo=TipoTraguardo.MILESTONE,
        livello=LivelloTraguardo.PROGRAMMA,
        misura="",
        piano_id=PIANO,
        intervento_id=None,
        scadenza=giorno,
        scadenza_iniziale=giorno,
        previsione=None,
        conseguito_il=None,
        valore_obiettivo=None,
        valore_raggiunto=None,
        unita="",
        evidenza="",
        stato="in_linea",
        fonte="Atto",
        chiave=f"t{numero}",
    )
    return replace(base, **campi)


def quadro(opere: list[Opera], scadenze: list[Scadenza] | None = None, **campi: Any) -> Quadro:
    """All that there is of these interventi, in a report on their piano."""
    perimetro = Perimetro(TipoPerimetro.PIANO, GRUPPO.codice)
    domanda = Domanda(TipoRapporto.AVANZAMENTO, perimetro, AL, NOTO_AL, date(2024, 9, 30), NOTO_AL)
    base = Quadro(
        domanda=domanda,
        nome_perimetro="SPUGNA, Città metropolitana SPUGNA",
        al=AL,
        noto_al=NOTO_AL,
        opere=opere,
        gruppi=[GRUPPO],
        scadenze=scadenze or [],
        giudizi=[],
        deroghe=[],
        comuni=COMUNI,
        zone={1: ZONA},
        driver={},
        strategie={},
        dichiarati=[],
        contesto=[],
    )
    return replace(base, **campi)
