"""An intervento with something in every field of the list of CUPs, and rows in every table that the API reads."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.test import TestCase
from django.utils import timezone

from enti.models import Comune, Ente, IndiceVulnerabilita
from interoperabilita.models import Pendente, VoceCup
from interoperabilita.services import pubblicazione
from interventi.models import Classificazione, Intervento, Submisura
from monitoraggio.flusso import StatoAvanzamento
from monitoraggio.models import Avanzamento, Documento, Situazione, TipoDocumento
from piani_integrati.models import EsitoRegola, InterventoNelPiano, PianoIntegrato
from psttm.models import Driver, Misura
from registro.models import Fonte
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.interventi.opere import opera

OTTOBRE, NOVEMBRE = date(2024, 10, 31), date(2024, 11, 30)


class SorgentiTestCase(TestCase):
    """`opera` is published, and nothing is pending."""

    opera: Intervento
    piano: PianoIntegrato
    avanzamento: Avanzamento

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        misura = Misura.objects.order_by("pk").first()
        Submisura.objects.create(codice="M9C9I9.09.09", descrizione="Di prova", misura=misura)
        lavori = Classificazione.objects.create(natura="03")
        cls.opera = opera(
            "Biblioteca",
            comuni=["Rho", "Bresso"],
            driver=[2, 9],
            strategie=[1],
            pnrr="1000000.50",
            submisura=Submisura.objects.get(codice="M9C9I9.09.09"),
            soggetto_attuatore=Ente.objects.get(comune__nome="Rho", comune__zona__isnull=False),
            classificazione=lavori,
            stato_cup="attivo",
            linea_finanziamento="pnrr",
            monitorato_regis=True,
            finanziamento_totale=Decimal("1250000.75"),
            finanziamento_pubblico=Decimal("1200000.25"),
            pagamenti_totali=Decimal("400000.10"),
            fase_codice="00313",
            fase_descrizione="Esecuzione",
            inizio_effettivo=date(2023, 10, 2),
            fine_prevista=date(2026, 3, 31),
            dati_al=date(2025, 3, 31),
        )
        cls.piano = PianoIntegrato.objects.order_by("pk").first()  # type: ignore[assignment]
        InterventoNelPiano.objects.create(piano=cls.piano, intervento=cls.opera)
        EsitoRegola.objects.create(piano=cls.piano, regola="costo_minimo", esito=1)
        rho = Comune.objects.get(nome="Rho", zona__isnull=False)
        IndiceVulnerabilita.objects.create(
            comune=rho, anno=2021, valore=Decimal("97.5"), fonte=Fonte.objects.get(codice="portale")
        )
        cls.avanzamento = approvato(cls.opera, OTTOBRE)
        Situazione.objects.create(
            intervento=cls.opera,
            avanzamento=cls.avanzamento,
            riferita_al=OTTOBRE,
            percentuale=Decimal("45.50"),
            fase="00313",
            inizio_lavori=date(2023, 10, 2),
            fine_prevista=date(2026, 3, 31),
            fine_stimata=date(2026, 4, 30),
            impegnato=Decimal("900000.00"),
            pagato=Decimal("410000.00"),
            criticita_aperte=1,
        )
        Documento.objects.create(
            intervento=cls.opera,
            tipo=TipoDocumento.objects.order_by("pk")[0],
            titolo="Delibera",
            creato_da=crea_persona(),
            conservare_fino_al=date(2040, 1, 1),
        )
        pubblicazione.pubblica()
        assert not Pendente.objects.exists()
        assert Driver.objects.filter(numero=9).exists()


def approvato(di: Intervento, riferito_al: date, **campi: Any) -> Avanzamento:
    return Avanzamento.objects.create(
        intervento=di,
        mese=riferito_al.replace(day=1),
        riferito_al=riferito_al,
        stato=StatoAvanzamento.APPROVATO,
        approvato_il=timezone.now(),
        **campi,
    )


def pubblicata(di: Intervento) -> VoceCup:
    return VoceCup.objects.get(oggetto=di.pk, fino_a__isnull=True)


def pendenti() -> set[tuple[str, int]]:
    return set(Pendente.objects.values_list("risorsa", "oggetto"))
