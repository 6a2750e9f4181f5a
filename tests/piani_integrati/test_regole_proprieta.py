"""What holds for any piano: judged alone or among others it is judged the same, and a good intervento harms nobody."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as ConEsempi

from interventi.models import Intervento
from interventi.scelte import ClasseEnergetica, GiudizioDnsh, LivelloProgettuale, ObiettivoDnsh, StatoCup
from piani_integrati import regole
from piani_integrati.esiti import GRAVITA
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from piani_integrati.regole import REGOLE, Contesto, Esito, Livello
from piani_integrati.regole.misure import SCALA_ENERGETICA
from tests.piani_integrati.base import completa, crea_intervento
from tests.piani_integrati.regole import OGGI, RegoleTestCase, indice, mediana

IMPORTI = st.none() | st.decimals("0.00", "60000000.00", places=2)
SUPERFICI = st.none() | st.decimals("0.00", "100.00", places=2)
SI_NO = st.sampled_from([None, True, False])
CLASSI = st.sampled_from(["", *ClasseEnergetica.values])
DNSH = st.fixed_dictionaries(
    {
        "regime": st.sampled_from([None, 1, 2]),
        "evidenza_ex_ante": st.sampled_from(["", "prot. 1"]),
        "checklist_ex_ante": st.sampled_from([None, OGGI]),
        **{obiettivo: st.sampled_from(["", *GiudizioDnsh.values]) for obiettivo in ObiettivoDnsh.values},
    }
)
REQUISITI = st.fixed_dictionaries(
    {
        "edificio": SI_NO,
        "classe_prima": CLASSI,
        "classe_dopo": CLASSI,
        "mq_beneficiari": SUPERFICI,
        **dict.fromkeys(("edificato_prima", "edificato_dopo", "verde_prima", "verde_dopo"), SUPERFICI),
        "startup": SI_NO,
        "terzo_settore": SI_NO,
    }
)
INTERVENTO = st.fixed_dictionaries(
    {
        "finanziamento_totale": IMPORTI,
        "privato": st.none() | st.decimals("0.00", "20000000.00", places=2),
        "pnrr": st.none() | st.decimals("0.00", "60000000.00", places=2).map(str),
        "stato_cup": st.sampled_from(["", *StatoCup.values]),
        "livello_progettuale": st.sampled_from([None, *LivelloProgettuale.values]),
        "fine_effettiva": st.sampled_from([None, OGGI]),
        "comuni": st.sampled_from([(), ("Rho",), ("Bresso",), ("Rho", "Bresso"), ("Rho", "Magenta")]),
        "requisiti": st.none() | REQUISITI,
        "dnsh": st.none() | DNSH,
    }
)
PIANO = st.lists(INTERVENTO, max_size=4)
ESEMPI = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Proprieta(RegoleTestCase, ConEsempi):
    """Each example starts from the same database, so it is made ready for each and not for each test."""

    def setUp(self) -> None:
        pass

    def setup_example(self) -> None:
        super().setup_example()
        super().setUp()
        mediana("97.10")
        indice("Rho", "99.01")
        indice("Bresso", "97.10")

    def riempi(self, piano: PianoIntegrato, interventi: list[dict[str, Any]]) -> None:
        self.prova = piano
        for campi in interventi:
            self.nel_piano(Intervento.objects.count() + 1, **campi)

    @ESEMPI
    @given(st.lists(PIANO, min_size=2, max_size=3))
    def test_da_solo_e_insieme_agli_altri_un_piano_ha_gli_stessi_esiti(
        self, contenuti: list[list[dict[str, Any]]]
    ) -> None:
        piani = [self.bozza(f"P{numero}") for numero in range(len(contenuti))]
        for piano, contenuto in zip(piani, contenuti, strict=True):
            self.riempi(piano, contenuto)
        contesto = Contesto.al_giorno(OGGI)
        insieme = regole.valuta_molti([piano.pk for piano in piani], contesto)
        for piano in piani:
            assert regole.valuta(piano, contesto) == insieme[piano.pk]
            self.controlla_conti(piano, contesto)

    def controlla_conti(self, piano: PianoIntegrato, contesto: Contesto) -> None:
        """The counts of a piano are those of its interventi asked one by one."""
        per_regola: dict[str, Counter[Esito]] = {regola.codice: Counter() for regola in REGOLE}
        for pk in piano.voci.values_list("intervento", flat=True):
            for regola, prova in regole.di_un_intervento(pk, contesto):
                per_regola[regola.codice][prova.esito] += 1
        for giudizio in regole.valuta(piano, contesto):
            conti = per_regola[giudizio.regola.codice]
            assert (
                giudizio.conformi,
                giudizio.non_conformi,
                giudizio.non_determinabili,
                giudizio.non_applicabili,
            ) == (
                conti[Esito.CONFORME],
                conti[Esito.NON_CONFORME],
                conti[Esito.NON_DETERMINABILE],
                conti[Esito.NON_APPLICABILE],
            ), giudizio.regola.codice

    @ESEMPI
    @given(PIANO)
    def test_un_intervento_conforme_in_piu_non_peggiora_nessuno(self, contenuto: list[dict[str, Any]]) -> None:
        piano = self.bozza("P")
        self.riempi(piano, contenuto)
        contesto = Contesto.al_giorno(OGGI)
        altri = list(piano.voci.values_list("intervento", flat=True))
        prima = {pk: self.esiti(pk, contesto) for pk in altri}
        giudizi = {g.regola.codice: g for g in regole.valuta(piano, contesto)}
        buono = crea_intervento(99_999, comuni=("Rho",), pnrr="1000.00")
        completa(buono, edificio=True)
        InterventoNelPiano.objects.create(piano=piano, intervento=buono)
        assert set(self.esiti(buono.pk, contesto).values()) == {Esito.CONFORME}
        assert {pk: self.esiti(pk, contesto) for pk in altri} == prima
        for dopo in regole.valuta(piano, contesto):
            if dopo.regola.livello is not Livello.INTERVENTO:
                continue
            era = giudizi[dopo.regola.codice]
            assert dopo.non_conformi == era.non_conformi
            assert dopo.non_determinabili == era.non_determinabili
            if altri and era.esito != Esito.NON_APPLICABILE:
                assert GRAVITA.index(dopo.esito) >= GRAVITA.index(era.esito)

    def esiti(self, pk: int, contesto: Contesto) -> dict[str, Esito]:
        return {
            regola.codice: prova.esito
            for regola, prova in regole.di_un_intervento(pk, contesto)
            if regola.livello is Livello.INTERVENTO
        }

    @ESEMPI
    @given(
        st.decimals("0.01", "9999999.99", places=2),
        st.decimals("0.00", "9999999.99", places=2),
    )
    def test_la_quota_dei_privati_e_quella_dei_decimali_esatti(self, totale: Decimal, privato: Decimal) -> None:
        self.nel_piano(1, finanziamento_totale=totale, privato=str(privato))
        atteso = Esito.CONFORME if privato * 100 <= Decimal(25) * totale else Esito.NON_CONFORME
        assert self.esito("quota_privata") == atteso

    @ESEMPI
    @given(st.sampled_from(ClasseEnergetica.values), st.sampled_from(ClasseEnergetica.values))
    def test_due_classi_contate_sulla_scala(self, prima: str, dopo: str) -> None:
        self.nel_piano(1, requisiti={"edificio": True, "classe_prima": prima, "classe_dopo": dopo})
        guadagno = SCALA_ENERGETICA[ClasseEnergetica(dopo)] - SCALA_ENERGETICA[ClasseEnergetica(prima)]
        assert self.giudizio("classi_energetiche").misura == guadagno
        assert self.esito("classi_energetiche") == (Esito.CONFORME if guadagno >= 2 else Esito.NON_CONFORME)
