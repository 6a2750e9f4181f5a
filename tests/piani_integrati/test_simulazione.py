"""A simulation leaves nothing behind, and says what the rules would say if the changes were really made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from interventi.models import Finanziamento, Intervento, Requisiti, Submisura
from interventi.scelte import FonteFinanziamento
from interventi.services.modifica import crea_intervento, modifica_intervento
from piani_integrati import services
from piani_integrati.models import PianoIntegrato
from piani_integrati.regole import PER_CODICE, Contesto, Esito, Giudizio, valuta
from piani_integrati.simulazione import CAMPI, Ipotetico, Modifiche, simula
from registro.models import Fonte
from tests.piani_integrati.base import PianiTestCase, completa, dichiara_tutto
from tests.piani_integrati.base import crea_intervento as nuovo_intervento
from tests.piani_integrati.scenari_di_prova import fotografia, metti, quota

GIORNO = date(2025, 6, 30)


class SimulazioneTestCase(PianiTestCase):
    piano_di_prova: PianoIntegrato
    interventi: list[Intervento]
    altrui: Intervento
    contesto: Contesto

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.piano_di_prova = PianoIntegrato.objects.create(
            codice="PROVA", slug="prova", titolo="Piano di prova", fonte=Fonte.objects.get(codice="portale")
        )
        dichiara_tutto(cls.piano_di_prova)
        cls.interventi = []
        for numero in range(1, 5):
            intervento = nuovo_intervento(numero)
            completa(intervento, edificio=numero == 1)
            cls.interventi.append(intervento)
        cls.altrui = nuovo_intervento(9, finanziamento_totale=Decimal("50000000.00"))
        quota(cls.interventi[0], "100.00")
        quota(cls.interventi[1], "0.00")
        metti(cls.piano_di_prova, cls.interventi, cls.coordinatore)
        metti(PianoIntegrato.objects.get(codice="SPUGNA"), [cls.altrui], cls.coordinatore)
        cls.contesto = Contesto.al_giorno(GIORNO)

    def simula(self, **cambi: Any) -> list[Giudizio]:
        return simula(self.piano_di_prova, Modifiche(**cambi), self.contesto)

    def adesso(self) -> list[Giudizio]:
        return valuta(self.piano_di_prova, self.contesto)

    def pk(self, posto: int) -> int:
        return self.interventi[posto].pk

    def cambia(self, posto: int, *, requisiti: dict[str, Any] | None = None, **dati: Any) -> None:
        """Really change an intervento, by the service that the pages use."""
        intervento = Intervento.objects.get(pk=self.pk(posto))
        parti: dict[str, Any] = {"requisiti": requisiti or {}}
        if "privato" in dati:
            riga = Finanziamento.objects.filter(intervento=intervento, fonte=FonteFinanziamento.PRIVATO).first()
            parti["finanziamenti"] = [
                {"id": riga.pk if riga else None, "fonte": FonteFinanziamento.PRIVATO, "importo": dati.pop("privato")}
            ]
        modifica_intervento(
            intervento_id=intervento.pk,
            dati=dati,
            parti=parti,
            autore=self.coordinatore,
            visto_alle=intervento.aggiornato,
        )

    def tutto(self) -> dict[str, Any]:
        """Changes of every kind at once."""
        return {
            "interventi": {
                self.pk(0): {
                    "finanziamento_totale": Decimal("50000000.00"),
                    "privato": Decimal("12500000.01"),
                    "classe_dopo": "D",
                    "verde_dopo": None,
                },
                self.pk(1): {
                    "privato": None,
                    "edificio": True,
                    "classe_prima": None,
                    "mq_beneficiari": Decimal("0.00"),
                },
                self.pk(2): {"privato": Decimal("1.00"), "edificato_dopo": Decimal("11.00")},
                self.altrui.pk: {"edificio": False, "classe_dopo": None},
            },
            "esclusi": frozenset({self.pk(3)}),
            "aggiunti": frozenset({self.altrui.pk}),
            "ipotetici": (Ipotetico("Scuola", {"finanziamento_totale": Decimal("9.99"), "edificio": True}),),
        }

    # --- Nothing is left behind -----------------------------------------------------------------------------------

    def test_una_simulazione_non_lascia_una_riga_una_versione_o_una_verifica_da_fare(self) -> None:
        prima, in_attesa = fotografia(), list(connection.run_on_commit)
        esiti = self.simula(**self.tutto())
        assert esiti != self.adesso(), "la simulazione ha davvero cambiato qualcosa"
        assert fotografia() == prima
        assert connection.run_on_commit == in_attesa
        assert {"piani_integrati_modificadaverificare", "registro_evento"} < set(prima)
        assert any(nome.startswith("interventi_storico") for nome in prima)

    def test_dopo_una_simulazione_si_giudica_come_prima(self) -> None:
        prima = self.adesso()
        self.simula(**self.tutto())
        assert self.adesso() == prima
        assert self.simula() == prima

    def test_ogni_campo_dichiarato_si_puo_cambiare_e_svuotare(self) -> None:
        prima = fotografia()
        self.simula(interventi={self.pk(2): dict.fromkeys(CAMPI), self.altrui.pk: dict.fromkeys(CAMPI)})
        assert fotografia() == prima

    # --- The same as really doing it ------------------------------------------------------------------------------

    def test_cambiare_un_intervento_per_prova_o_davvero_da_gli_stessi_esiti(self) -> None:
        casi: list[tuple[str, dict[str, Any], Callable[[], None]]] = [
            (
                "costo",
                {"finanziamento_totale": Decimal("49999999.99")},
                lambda: self.cambia(0, finanziamento_totale=Decimal("49999999.99")),
            ),
            ("costo ignoto", {"finanziamento_totale": None}, lambda: self.cambia(0, finanziamento_totale=None)),
            ("privati", {"privato": Decimal("900.00")}, lambda: self.cambia(0, privato=Decimal("900.00"))),
            ("privati ignoti", {"privato": None}, lambda: self.cambia(0, privato=None)),
            ("classe", {"classe_dopo": "D"}, lambda: self.cambia(0, requisiti={"classe_dopo": "D"})),
            ("classe ignota", {"classe_prima": None}, lambda: self.cambia(0, requisiti={"classe_prima": ""})),
            ("non un edificio", {"edificio": False}, lambda: self.cambia(0, requisiti={"edificio": False})),
            ("forse un edificio", {"edificio": None}, lambda: self.cambia(0, requisiti={"edificio": None})),
            (
                "area",
                {"mq_beneficiari": Decimal("0.00")},
                lambda: self.cambia(0, requisiti={"mq_beneficiari": Decimal("0.00")}),
            ),
            (
                "suolo",
                {"edificato_dopo": Decimal("10.01")},
                lambda: self.cambia(0, requisiti={"edificato_dopo": Decimal("10.01")}),
            ),
        ]
        for nome, cambi, davvero in casi:
            with self.subTest(nome):
                simulati = self.simula(interventi={self.pk(0): cambi})
                with davvero_per_poco(davvero):
                    assert simulati == self.adesso()
                assert simulati != self.adesso(), "il cambiamento si vede"

    def test_chi_non_ha_ancora_requisiti_ne_quota_riceve_quelli_della_prova(self) -> None:
        Requisiti.objects.filter(intervento=self.interventi[2]).delete()
        requisiti = {"edificio": True, "classe_prima": "G", "classe_dopo": "E", "mq_beneficiari": Decimal("3.00")}
        simulati = self.simula(interventi={self.pk(2): {**requisiti, "privato": Decimal("250.00")}})
        self.cambia(2, privato=Decimal("250.00"), requisiti=requisiti)
        assert simulati == self.adesso()

    def test_escludere_tutti_gli_interventi_e_come_toglierli_tutti(self) -> None:
        tutti = frozenset(intervento.pk for intervento in self.interventi)
        simulati = self.simula(esclusi=tutti)
        services.togli(interventi_ids=tutti, autore=self.coordinatore)
        assert simulati == self.adesso()
        assert next(g for g in simulati if g.regola.codice == "costo_minimo").esito == Esito.NON_DETERMINABILE

    def test_aggiungere_un_intervento_di_un_altro_piano_e_come_spostarlo(self) -> None:
        simulati = self.simula(aggiunti=frozenset({self.altrui.pk}))
        metti(self.piano_di_prova, [self.altrui], self.coordinatore)
        assert simulati == self.adesso()
        costo = next(g for g in simulati if g.regola.codice == "costo_minimo")
        assert (costo.esito, costo.misura) == (Esito.CONFORME, Decimal("50004000.00"))

    def test_un_intervento_ipotetico_e_come_uno_creato_con_gli_stessi_dati(self) -> None:
        valori = {
            "finanziamento_totale": Decimal("60000000.00"),
            "privato": Decimal("15000000.00"),
            "edificio": True,
            "classe_prima": "E",
            "classe_dopo": "C",
            "mq_beneficiari": Decimal("10.00"),
        }
        simulati = self.simula(ipotetici=(Ipotetico("Scuola nuova", valori), Ipotetico("Senza dati", {})))
        for nome, suoi in (("Scuola nuova", valori), ("Senza dati", {})):
            quote = [{"fonte": FonteFinanziamento.PRIVATO, "importo": suoi["privato"]}] if suoi else []
            creato = crea_intervento(
                dati={
                    "submisura": Submisura.objects.get(codice="M5C2I2.02.03"),
                    "titolo": nome,
                    "finanziamento_totale": suoi.get("finanziamento_totale"),
                },
                parti={
                    "requisiti": {c: v for c, v in suoi.items() if c not in ("finanziamento_totale", "privato")},
                    "finanziamenti": quote,
                },
                autore=self.coordinatore,
            )
            metti(self.piano_di_prova, [creato], self.coordinatore)
        # The keys of what does not exist are of rows that are gone.
        assert [replace(g, evidenza=()) for g in simulati] == [replace(g, evidenza=()) for g in self.adesso()]
        assert next(g for g in simulati if g.regola.codice == "costo_minimo").misura == Decimal("60004000.00")

    def test_modifiche_di_ogni_genere_insieme_sono_come_farle_una_dopo_l_altra(self) -> None:
        cambi = {**self.tutto(), "ipotetici": ()}
        simulati = self.simula(**cambi)
        metti(self.piano_di_prova, [self.altrui], self.coordinatore)
        self.interventi.append(self.altrui)
        self.cambia(
            0,
            finanziamento_totale=Decimal("50000000.00"),
            privato=Decimal("12500000.01"),
            requisiti={"classe_dopo": "D", "verde_dopo": None},
        )
        self.cambia(
            1, privato=None, requisiti={"edificio": True, "classe_prima": "", "mq_beneficiari": Decimal("0.00")}
        )
        self.cambia(2, privato=Decimal("1.00"), requisiti={"edificato_dopo": Decimal("11.00")})
        self.cambia(4, requisiti={"edificio": False})
        services.togli(interventi_ids=[self.pk(3)], autore=self.coordinatore)
        assert simulati == self.adesso()

    # --- Boundaries -----------------------------------------------------------------------------------------------

    def test_la_quota_dei_privati_in_uno_scenario_si_giudica_al_centesimo(self) -> None:
        for costo, privato, atteso, misura in (
            ("1000.00", "250.00", Esito.CONFORME, "25.00"),
            ("1000.00", "250.01", Esito.NON_CONFORME, "25.01"),
            ("1000.00", "249.99", Esito.CONFORME, "25.00"),
            ("80000000.00", "20000000.00", Esito.CONFORME, "25.00"),
            ("80000000.00", "20000000.01", Esito.NON_CONFORME, "25.01"),
        ):
            with self.subTest(f"{privato} su {costo}"):
                altri = {pk: {"privato": Decimal("0.00")} for pk in (self.pk(1), self.pk(2), self.pk(3))}
                suo = {"finanziamento_totale": Decimal(costo), "privato": Decimal(privato)}
                esiti = self.simula(interventi={**altri, self.pk(0): suo})
                quota_privata = next(g for g in esiti if g.regola is PER_CODICE["quota_privata"])
                assert (quota_privata.esito, quota_privata.misura) == (atteso, Decimal(misura))
                assert quota_privata.evidenza == ((self.pk(0),) if atteso == Esito.NON_CONFORME else ())

    def test_il_costo_minimo_in_uno_scenario_si_giudica_al_centesimo(self) -> None:
        for costo, atteso in (("49996999.99", Esito.NON_CONFORME), ("49997000.00", Esito.CONFORME)):
            esiti = self.simula(interventi={self.pk(0): {"finanziamento_totale": Decimal(costo)}})
            assert next(g for g in esiti if g.regola.codice == "costo_minimo").esito == atteso

    def test_chi_e_sia_aggiunto_sia_escluso_resta_fuori(self) -> None:
        assert self.simula(aggiunti=frozenset({self.altrui.pk}), esclusi=frozenset({self.altrui.pk})) == self.adesso()

    def test_chi_non_esiste_piu_si_salta(self) -> None:
        spariti = frozenset({10**9})
        nulla = {10**9: dict.fromkeys(CAMPI)}
        assert self.simula(interventi=nulla, esclusi=spariti, aggiunti=spariti) == self.adesso()

    def test_escludere_chi_e_in_un_altro_piano_non_tocca_quel_piano(self) -> None:
        spugna = self.piano("SPUGNA")
        prima = valuta(spugna, self.contesto)
        assert self.simula(esclusi=frozenset({self.altrui.pk})) == self.adesso()
        assert valuta(spugna, self.contesto) == prima

    def test_gli_ipotetici_si_provano_anche_in_un_portale_senza_submisure(self) -> None:
        vuoto = self.bozza()
        prima = fotografia()
        with transaction.atomic():
            services.togli(interventi_ids=[i.pk for i in (*self.interventi, self.altrui)], autore=self.coordinatore)
            Intervento.objects.all().delete()
            Submisura.objects.all().delete()
            esiti = simula(
                vuoto,
                Modifiche(ipotetici=(Ipotetico("Una", {"finanziamento_totale": Decimal("50000000.00")}),)),
                self.contesto,
            )
            assert Submisura.objects.count() == 0
            transaction.set_rollback(True)
        assert fotografia() == prima
        assert next(g for g in esiti if g.regola.codice == "costo_minimo").esito == Esito.CONFORME

    # --- Cost -----------------------------------------------------------------------------------------------------

    def test_le_interrogazioni_non_crescono_con_gli_interventi(self) -> None:
        def conta() -> int:
            modifiche = Modifiche(
                interventi={
                    intervento.pk: {"finanziamento_totale": Decimal("5.00"), "privato": None, "edificio": True}
                    for intervento in self.interventi[1:]
                },
                esclusi=frozenset({self.pk(0)}),
                aggiunti=frozenset({self.altrui.pk}),
                ipotetici=(Ipotetico("Una", {"privato": Decimal("1.00")}), Ipotetico("Due", {})),
            )
            with CaptureQueriesContext(connection) as catturate:
                simula(self.piano_di_prova, modifiche, self.contesto)
            return len(catturate)

        def arrivano(numeri: range) -> None:
            nuovi = [nuovo_intervento(numero) for numero in numeri]
            metti(self.piano_di_prova, nuovi, self.coordinatore)
            self.interventi.extend(nuovi)

        arrivano(range(100, 102))
        pochi = conta()
        arrivano(range(102, 160))
        assert conta() == pochi
        assert pochi <= 22

    def test_un_guasto_della_base_di_dati_non_passa_per_un_momento_di_attesa(self) -> None:
        with pytest.raises(OperationalError), transaction.atomic(), guasta():
            self.simula(**self.tutto())


@contextmanager
def davvero_per_poco(azione: Callable[[], None]) -> Iterator[None]:
    """Really do something, look at it, and undo it."""
    with transaction.atomic():
        azione()
        yield
        transaction.set_rollback(True)


@contextmanager
def guasta() -> Iterator[None]:
    """A database that refuses to go on, for a reason that waiting does not mend."""
    with connection.cursor() as cursore:
        if connection.vendor == "postgresql":
            # Within a millisecond nothing is judged: the server ends the statement.
            cursore.execute("SET LOCAL statement_timeout = 1")
            yield
            return
        cursore.execute("PRAGMA query_only = ON")
        try:
            yield
        finally:
            cursore.execute("PRAGMA query_only = OFF")
