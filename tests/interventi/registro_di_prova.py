"""A small territory and a small plan for the tests of the forms: made here, so that each test says what it needs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from enti.models import Comune, Ente, ZonaOmogenea
from enti.ruoli import TipoEnte
from interventi.models import Finanziamento, Intervento, Localizzazione, Procedura, Submisura
from interventi.models.intervento import FUORI_PNRR
from psttm.models import Driver, Strategia
from registro.models import Fonte

CUP = "B42J22000010001"
ALTRO_CUP = "B43C22000370006"
# (7 digits · 211) mod 4091, in hexadecimal.
CIG = f"{9472256:07}{9472256 * 211 % 4091:03X}"
ALTRO_CIG = f"{9472257:07}{9472257 * 211 % 4091:03X}"


def fonte() -> Fonte:
    return Fonte.objects.get_or_create(codice="prova", defaults={"titolo": "Prova", "editore": "Prova"})[0]


def territorio() -> None:
    """Rho and Bresso in a zona, and two Comuni outside that are both called Castro."""
    zona = ZonaOmogenea.objects.create(numero=4, nome="Nord Ovest", fonte=fonte())
    for nome, istat, belfiore, sigla, provincia, regione, sua in (
        ("Rho", "015182", "H264", "MI", "Milano", "Lombardia", zona),
        ("Bresso", "015032", "B162", "MI", "Milano", "Lombardia", zona),
        ("Castro", "016065", "C337", "BG", "Bergamo", "Lombardia", None),
        ("Castro", "075096", "M261", "LE", "Lecce", "Puglia", None),
        ("Aosta", "007003", "A326", "AO", "Aosta", "Valle d'Aosta/Vallée d'Aoste", None),
    ):
        Comune.objects.create(
            nome=nome,
            codice_istat=istat,
            codice_catastale=belfiore,
            sigla_provincia=sigla,
            provincia=provincia,
            regione=regione,
            zona=sua,
            fonte=fonte(),
        )
    Ente.objects.create(denominazione="Comune di Rho", tipo=TipoEnte.COMUNE, comune=rho(), codice_fiscale="00893240150")
    Submisura.objects.create(codice=FUORI_PNRR, descrizione="Fuori dal PNRR")
    Submisura.objects.create(codice="M5C2I2.02.03", descrizione="Piani urbani integrati")
    for numero in (2, 9):
        Driver.objects.create(numero=numero, titolo=f"Driver {numero}", sottotitolo="-", descrizione="-", fonte=fonte())
    Strategia.objects.create(numero=1, titolo="Prima strategia", descrizione="-", fonte=fonte())


def rho() -> Comune:
    return Comune.objects.get(codice_istat="015182")


def bresso() -> Comune:
    return Comune.objects.get(codice_istat="015032")


def fuori_pnrr() -> Submisura:
    return Submisura.objects.get(codice=FUORI_PNRR)


def pui() -> Submisura:
    return Submisura.objects.get(codice="M5C2I2.02.03")


def intervento_di_regis(**altri: Any) -> Intervento:
    """As an import leaves it: with the day of its data, and no field of ours."""
    al = date(2025, 3, 31)
    campi: dict[str, Any] = {
        "cup": CUP,
        "clp": "PRJ-1",
        "submisura": pui(),
        "titolo": "Nuova biblioteca",
        "finanziamento_totale": Decimal("1000000.01"),
        "dati_al": al,
        **altri,
    }
    intervento = Intervento.objects.create(**campi)
    Localizzazione.objects.create(
        intervento=intervento,
        comune=rho(),
        codice_regione="003",
        codice_provincia="015",
        codice_comune="182",
        dati_al=al,
    )
    Finanziamento.objects.create(intervento=intervento, fonte="pnrr", importo=Decimal("1000000.01"), dati_al=al)
    Procedura.objects.create(intervento=intervento, cig=CIG, codice_pda="500", oggetto="Lavori", dati_al=al)
    return intervento
