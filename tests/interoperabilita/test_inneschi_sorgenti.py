"""Every field of the list of CUPs comes out changed at the next read, whichever of its sources was changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from enti.models import Comune, Ente, ZonaOmogenea
from interoperabilita.risorse.cup import CAMPI
from interventi.models import (
    Classificazione,
    Finanziamento,
    Intervento,
    LegameDriver,
    LegameStrategia,
    Localizzazione,
    Submisura,
)
from monitoraggio.models import Situazione
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from psttm.models import Driver, Misura, Strategia
from tests.interoperabilita.chiavi import Consumatore, consumatore
from tests.interoperabilita.sorgenti import NOVEMBRE, SorgentiTestCase, approvato, pubblicata

Cambio = Callable[["OgniSorgente"], object]


def intervento(**campi: Any) -> Cambio:
    return lambda prova: Intervento.objects.filter(pk=prova.opera.pk).update(**campi)


def situazione(**campi: Any) -> Cambio:
    return lambda prova: Situazione.objects.filter(intervento=prova.opera).update(**campi)


def rho() -> Any:
    return Comune.objects.filter(nome="Rho", zona__isnull=False)


def altro_ente() -> Ente:
    return Ente.objects.exclude(comune=None).exclude(comune__nome__in=["Rho", "Bresso"]).order_by("pk")[0]


def senza_monitoraggio(**campi: Any) -> Cambio:
    """What ReGiS says counts until the monitoring says something."""

    def cambia(prova: OgniSorgente) -> None:
        Situazione.objects.filter(intervento=prova.opera).delete()
        prova.letta()
        Intervento.objects.filter(pk=prova.opera.pk).update(**campi)

    return cambia


CAMBI: list[tuple[str, str, Cambio]] = [
    ("cup", "il CUP", intervento(cup="B99C22000120006")),
    ("clp", "il CLP", intervento(clp="ALTRO-CLP")),
    (
        "submisura",
        "un'altra submisura",
        lambda p: Intervento.objects.filter(pk=p.opera.pk).update(
            submisura=Submisura.objects.exclude(pk=p.opera.submisura_id).order_by("pk")[0]
        ),
    ),
    (
        "submisura",
        "il codice della submisura",
        lambda p: Submisura.objects.filter(pk=p.opera.submisura_id).update(codice="M8"),
    ),
    (
        "misura",
        "la misura della submisura",
        lambda p: Submisura.objects.filter(pk=p.opera.submisura_id).update(misura=None),
    ),
    (
        "misura",
        "il codice della misura",
        lambda p: Misura.objects.filter(submisure=p.opera.submisura_id).update(codice="M8C8"),
    ),
    ("piano", "fuori dal piano", lambda p: InterventoNelPiano.objects.filter(intervento=p.opera).delete()),
    (
        "piano",
        "in un altro piano",
        lambda p: InterventoNelPiano.objects.filter(intervento=p.opera).update(
            piano=PianoIntegrato.objects.exclude(pk=p.piano.pk).order_by("pk")[0]
        ),
    ),
    (
        "piano",
        "il codice del piano",
        lambda p: PianoIntegrato.objects.filter(pk=p.piano.pk).update(codice="RINOMINATO"),
    ),
    ("titolo", "il titolo", intervento(titolo="Un altro titolo")),
    (
        "soggetto_attuatore",
        "un altro attuatore",
        lambda p: Intervento.objects.filter(pk=p.opera.pk).update(soggetto_attuatore=altro_ente()),
    ),
    (
        "soggetto_attuatore",
        "il nome dell'ente",
        lambda p: Ente.objects.filter(interventi=p.opera).update(denominazione="Comune rinominato"),
    ),
    (
        "soggetto_attuatore",
        "il nome in ReGiS",
        intervento(soggetto_attuatore=None, attuatore_denominazione="Consorzio"),
    ),
    (
        "soggetto_attuatore_cf",
        "il CF dell'ente",
        lambda p: Ente.objects.filter(interventi=p.opera).update(codice_fiscale="00000000001"),
    ),
    (
        "soggetto_attuatore_ipa",
        "l'IPA dell'ente",
        lambda p: Ente.objects.filter(interventi=p.opera).update(codice_ipa="c_zz99"),
    ),
    (
        "comuni",
        "un Comune di meno",
        lambda p: Localizzazione.objects.filter(intervento=p.opera, comune__in=rho()).delete(),
    ),
    ("comuni", "il nome del Comune", lambda p: rho().update(nome="Rho Nuova")),
    ("comuni_istat", "il codice del Comune", lambda p: rho().update(codice_istat="015999")),
    ("zone_omogenee", "la zona del Comune", lambda p: rho().update(zona=None)),
    (
        "zone_omogenee",
        "il numero della zona",
        lambda p: ZonaOmogenea.objects.filter(comuni__in=rho()).update(numero=99),
    ),
    ("natura", "un'altra classificazione", intervento(classificazione=None)),
    (
        "natura",
        "la natura della classificazione",
        lambda p: Classificazione.objects.filter(interventi=p.opera).update(natura="01"),
    ),
    ("stato_cup", "lo stato", intervento(stato_cup="chiuso")),
    ("linea_finanziamento", "la linea", intervento(linea_finanziamento="mista")),
    ("monitorato_regis", "il monitoraggio", intervento(monitorato_regis=False)),
    ("finanziamento_totale_eur", "il totale", intervento(finanziamento_totale=Decimal("1250000.76"))),
    ("finanziamento_pubblico_eur", "il pubblico", intervento(finanziamento_pubblico=None)),
    (
        "finanziamenti",
        "un importo",
        lambda p: Finanziamento.objects.filter(intervento=p.opera).update(importo=Decimal("1.00")),
    ),
    (
        "finanziamenti",
        "una fonte in più",
        lambda p: Finanziamento.objects.create(intervento=p.opera, fonte="comune", importo=Decimal("0.00")),
    ),
    ("finanziamenti", "una fonte in meno", lambda p: Finanziamento.objects.filter(intervento=p.opera).delete()),
    ("pagamenti_regis_eur", "i pagamenti", intervento(pagamenti_totali=Decimal("0.00"))),
    ("impegnato_eur", "l'impegnato", situazione(impegnato=Decimal("900000.01"))),
    ("pagato_eur", "il pagato", situazione(pagato=Decimal("0.00"))),
    ("economie_eur", "le economie", situazione(economie=Decimal("12.34"))),
    ("fase", "la fase", situazione(fase="00314")),
    ("fase", "la fase di ReGiS", senza_monitoraggio(fase_codice="00312")),
    ("fase_nome", "la fase", situazione(fase="00314")),
    ("fase_nome", "il nome in ReGiS", senza_monitoraggio(fase_descrizione="Collaudo")),
    ("avanzamento_percento", "la percentuale", situazione(percentuale=Decimal("45.51"))),
    ("inizio_lavori", "l'inizio", situazione(inizio_lavori=date(2023, 10, 3))),
    ("inizio_lavori", "l'inizio in ReGiS", senza_monitoraggio(inizio_effettivo=date(2023, 1, 1))),
    ("fine_prevista", "la fine prevista", situazione(fine_prevista=None)),
    ("fine_prevista", "la fine prevista in ReGiS", senza_monitoraggio(fine_prevista=date(2027, 1, 1))),
    ("fine_stimata", "la fine stimata", situazione(fine_stimata=date(2026, 5, 1))),
    ("fine_effettiva", "la fine effettiva", situazione(fine_effettiva=date(2026, 5, 1))),
    ("fine_effettiva", "la fine effettiva in ReGiS", senza_monitoraggio(fine_effettiva=date(2026, 5, 1))),
    ("revocato_il", "la revoca", situazione(revocata_il=date(2026, 5, 1))),
    ("criticita_aperte", "le criticità", situazione(criticita_aperte=2)),
    ("criticita_gravi", "le criticità gravi", situazione(criticita_gravi=1)),
    ("situazione_al", "il giorno", situazione(riferita_al=NOVEMBRE)),
    ("ultimo_approvato_il", "un altro avanzamento approvato", lambda p: approvato(p.opera, NOVEMBRE)),
    ("dati_regis_al", "i dati di ReGiS", intervento(dati_al=date(2025, 4, 30))),
    (
        "driver",
        "un Driver di meno",
        lambda p: LegameDriver.objects.filter(intervento=p.opera, driver__numero=2).delete(),
    ),
    (
        "driver",
        "un altro Driver",
        lambda p: LegameDriver.objects.filter(intervento=p.opera, driver__numero=2).update(
            driver=Driver.objects.get(numero=3)
        ),
    ),
    ("driver", "il numero di un Driver", lambda p: Driver.objects.filter(numero=9).update(numero=99)),
    ("strategie", "una STTM di meno", lambda p: LegameStrategia.objects.filter(intervento=p.opera).delete()),
    ("strategie", "il numero di una STTM", lambda p: Strategia.objects.filter(numero=1).update(numero=98)),
    ("dimostrativo", "il segno di dimostrazione", intervento(dimostrativo=True)),
]


class OgniSorgente(SorgentiTestCase):
    consumatore: Consumatore

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.consumatore = consumatore()

    def letta(self) -> dict[str, Any]:
        (riga,) = self.consumatore.get("/api/v1/cup").json()["dati"]
        return dict(riga)

    def test_ogni_campo_ha_qui_almeno_una_sorgente(self) -> None:
        assert {campo for campo, _, _ in CAMBI} == {campo.nome for campo in CAMPI} - {"id", "modificato_il"}

    def test_un_cambio_in_ogni_sorgente_si_legge_subito(self) -> None:
        prima = self.letta()
        for campo, che_cosa, cambia in CAMBI:
            with self.subTest(campo=campo, che_cosa=che_cosa), transaction.atomic():
                cambia(self)
                dopo = self.letta()
                assert dopo[campo] != prima[campo], (campo, che_cosa)
                assert dopo["modificato_il"] > prima["modificato_il"]
                transaction.set_rollback(True)

    def test_scrivere_lo_stesso_valore_non_pubblica_una_versione_nuova(self) -> None:
        prima = self.letta()
        Intervento.objects.filter(pk=self.opera.pk).update(titolo=self.opera.titolo, aggiornato=timezone.now())
        assert self.letta() == prima

    def test_chi_puo_vedere_la_riga_cambia_con_i_suoi_luoghi_e_con_gli_enti(self) -> None:
        ente_di_rho, bresso = Ente.objects.get(comune__in=rho()), Ente.objects.get(comune__nome="Bresso")
        assert set(pubblicata(self.opera).visibile_a.split()) == {str(ente_di_rho.pk), str(bresso.pk)}
        # The Comune of Bresso changes body.
        Ente.objects.filter(pk=bresso.pk).update(comune=Comune.objects.filter(ente=None).order_by("pk")[0])
        self.letta()
        assert set(pubblicata(self.opera).visibile_a.split()) == {str(ente_di_rho.pk)}
        nuovo = Ente.objects.create(
            denominazione="Bresso, di nuovo", tipo="comune", comune=Comune.objects.get(nome="Bresso")
        )
        self.letta()
        assert set(pubblicata(self.opera).visibile_a.split()) == {str(ente_di_rho.pk), str(nuovo.pk)}

    def test_un_intervento_tolto_non_c_e_piu(self) -> None:
        adesso = timezone.now() - timedelta(hours=1)
        with transaction.atomic():
            InterventoNelPiano.objects.filter(intervento=self.opera).delete()
            Intervento.objects.filter(pk=self.opera.pk)._raw_delete("default")
            assert self.consumatore.get("/api/v1/cup").json()["dati"] == []
            transaction.set_rollback(True)
        assert self.consumatore.get("/api/v1/cup", {"modificati_dal": adesso.isoformat()}).status_code == 200
