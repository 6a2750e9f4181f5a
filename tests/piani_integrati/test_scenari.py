"""Scenarios: what they say, how they are kept, two of them side by side."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from piani_integrati import services
from piani_integrati.esiti import Esito
from piani_integrati.models import Scenario
from piani_integrati.mosse import Confronto
from piani_integrati.regole import PER_CODICE, Giudizio
from piani_integrati.scenari import Riga, applicabili, conta, da_json, in_json, in_parole
from piani_integrati.simulazione import CAMPI, Ipotetico, Modifiche
from registro.models import Evento
from tests.piani_integrati.base import cup
from tests.piani_integrati.scenari_di_prova import COSTO, ScenariTestCase, pagina_intera, parole_di

# --- Changes, without a database -------------------------------------------------------------------------------------


def riga(pk: int, piano_id: int | None = 1, piano: str = "SPUGNA", **valori: Any) -> Riga:
    return Riga(pk, f"B99Z2500000000{pk}", f"Opera {pk}", piano_id, piano, {**dict.fromkeys(CAMPI), **valori})


TUTTE = Modifiche(
    interventi={
        1: {COSTO: Decimal("1200000.00"), "privato": None, "edificio": False, "classe_dopo": "A"},
        2: {"mq_beneficiari": Decimal("0.50")},
    },
    esclusi=frozenset({3, 2}),
    aggiunti=frozenset({4}),
    ipotetici=(Ipotetico("Scuola nuova", {COSTO: Decimal("5.00"), "edificio": True}),),
)


def test_le_modifiche_diventano_json_con_i_decimali_come_testi_e_tornano_uguali() -> None:
    scritte = in_json(TUTTE)
    assert scritte["interventi"]["1"] == {COSTO: "1200000.00", "privato": None, "edificio": False, "classe_dopo": "A"}
    assert scritte["esclusi"] == [2, 3]
    assert da_json(json.loads(json.dumps(scritte))) == TUTTE


@pytest.mark.parametrize(
    "dati",
    [
        None,
        [],
        "tutto",
        {"interventi": [1, 2], "esclusi": {"1": 2}, "aggiunti": "12", "ipotetici": {"nome": "x"}},
        {"interventi": {"uno": {COSTO: "1.00"}, "-1": {COSTO: "1.00"}, "²": {COSTO: "1.00"}}, "esclusi": [None, "x"]},
        {"interventi": {"1": {"cup": "X", "pk": 3}}, "ipotetici": [{"nome": " "}, {COSTO: "1.00"}, 7]},
        {"interventi": {"1": {COSTO: 1.5, "privato": "1.005", "mq_beneficiari": "-1.00", "edificio": "sì"}}},
        {"interventi": {"1": {COSTO: "NaN", "privato": "1e400", "classe_prima": "Z", "verde_dopo": "1000000000000"}}},
    ],
)
def test_di_un_json_malfatto_si_tiene_solo_cio_che_ha_senso(dati: Any) -> None:
    assert da_json(dati).vuote


def test_le_modifiche_si_dicono_in_parole_con_il_prima_e_il_dopo() -> None:
    righe = {
        1: riga(1, finanziamento_totale=Decimal("1000000.00"), privato=Decimal("0.00"), edificio=True),
        2: riga(2),
        3: riga(3),
        4: riga(4, 2, "MICA"),
    }
    assert in_parole(TUTTE, righe) == [
        "escluso B99Z25000000002",
        "escluso B99Z25000000003",
        "aggiunto B99Z25000000004, che ora è in MICA",
        "costo di B99Z25000000001 da 1.000.000,00\xa0€ a 1.200.000,00\xa0€",
        "denaro dei privati di B99Z25000000001 da 0,00\xa0€ a non noto",
        "edificio di B99Z25000000001 da sì a no",
        "classe energetica dopo i lavori di B99Z25000000001 da non noto a A",
        "ipotetico «Scuola nuova»: costo 5,00\xa0€, edificio sì",
    ]
    assert conta(TUTTE) == 8, "ciò che si cambia di un intervento escluso non conta"


def test_si_salta_chi_non_c_e_piu_chi_e_uscito_e_cio_che_e_gia_cosi() -> None:
    modifiche = Modifiche(
        interventi={1: {COSTO: Decimal("5.00"), "edificio": True}, 2: {COSTO: Decimal("1.00")}, 9: {"privato": None}},
        esclusi=frozenset({3, 9}),
        aggiunti=frozenset({4, 5, 8}),
    )
    righe = {
        1: riga(1, edificio=True),  # the building is true already
        2: riga(2, 2, "MICA"),
        3: riga(3, None, ""),
        4: riga(4, 2, "MICA"),
        5: riga(5),  # somebody has put it in the piano
    }
    applicate = applicabili(modifiche, righe, 1)
    assert applicate.modifiche == Modifiche(interventi={1: {COSTO: Decimal("5.00")}}, aggiunti=frozenset({4}))
    assert applicate.avvisi == [
        "2 interventi dello scenario non ci sono più, o non sono fra quelli che puoi vedere: le loro modifiche non "
        "sono contate.",
        "B99Z25000000002, B99Z25000000003 non sono più nel piano: le loro modifiche non sono contate.",
        "B99Z25000000005, che lo scenario aggiungeva, ora è già nel piano.",
    ]


# --- Outcomes before and after ---------------------------------------------------------------------------------------


def giudizio(codice: str, esito: Esito, misura: str | None = None) -> Giudizio:
    regola = PER_CODICE[codice]
    return Giudizio(regola, esito, None if misura is None else Decimal(misura), Decimal("50000000.00"))


@pytest.mark.parametrize(
    ("prima", "dopo", "frase", "titolo"),
    [
        (
            (Esito.NON_CONFORME, "1.00"),
            (Esito.CONFORME, "50000000.00"),
            "prima non conforme, ora conforme",
            "Il piano, ora non conforme, sarebbe conforme: 1 regola migliora.",
        ),
        (
            (Esito.CONFORME, "50000000.00"),
            (Esito.NON_DETERMINABILE, None),
            "prima conforme, ora non determinabile",
            "Il piano, ora conforme, sarebbe non determinabile: 1 regola peggiora.",
        ),
        (
            (Esito.CONFORME, "50000000.00"),
            (Esito.CONFORME, "50000000.01"),
            "cambia la misura, l'esito no",
            "Il piano resta conforme: nessuna regola cambia esito.",
        ),
        (
            (Esito.CONFORME, "50000000.00"),
            (Esito.CONFORME, "50000000.00"),
            "",
            "Il piano resta conforme: nessuna regola cambia esito.",
        ),
    ],
)
def test_cio_che_si_muove_si_dice_a_parole(
    prima: tuple[Esito, str | None], dopo: tuple[Esito, str | None], frase: str, titolo: str
) -> None:
    confronto = Confronto.fra([giudizio("costo_minimo", *prima)], [giudizio("costo_minimo", *dopo)])
    assert [mossa.frase for mossa in confronto.mosse] == [frase]
    assert confronto.titolo == titolo
    assert [mossa.frase for mossa in confronto.mosse_prima] == ([frase] if frase else [])


def test_una_regola_facoltativa_si_muove_ma_non_decide_del_piano() -> None:
    obbligatoria = giudizio("costo_minimo", Esito.CONFORME, "50000000.00")
    confronto = Confronto.fra(
        [obbligatoria, giudizio("privati", Esito.CONFORME, "1")],
        [obbligatoria, giudizio("privati", Esito.NON_CONFORME, "0")],
    )
    assert confronto.titolo == "Il piano resta conforme: 1 regola peggiora."
    assert confronto.differenze == "1 regola ha un esito diverso"


# --- Services --------------------------------------------------------------------------------------------------------


class ServiziTestCase(ScenariTestCase):
    def test_uno_scenario_si_salva_e_resta_scritto_nel_registro_del_piano(self) -> None:
        scenario = self.salva("  Più   costi ")
        assert (scenario.nome, scenario.autore, scenario.piano) == ("Più costi", self.coordinatore, self.prova)
        assert scenario.modifiche["interventi"] == {str(self.pk(0)): {COSTO: "50000000.00"}}
        evento = Evento.objects.get(verbo="scenario salvato")
        assert (evento.tipo_oggetto, evento.id_oggetto) == ("piani_integrati.pianointegrato", str(self.prova.pk))
        assert evento.dopo == {"scenario": "Più costi", "modifiche": 1}
        cambiato = self.salva(
            "Più costi",
            modifiche={"esclusi": [self.pk(0), self.pk(1)]},
            scenario_id=scenario.pk,
            visto_alle=scenario.aggiornato,
        )
        assert (cambiato.pk, cambiato.creato) == (scenario.pk, scenario.creato)
        assert Evento.objects.filter(verbo="scenario salvato").latest("pk").prima == evento.dopo
        assert Scenario.objects.count() == 1

    def test_un_nome_e_di_un_solo_scenario_per_piano_e_autore(self) -> None:
        self.salva("Più costi")
        for nome in ("Più costi", "più  COSTI"):
            with pytest.raises(services.ScenarioRifiutato, match="Hai già uno scenario") as rifiuto:
                self.salva(nome)
            assert rifiuto.value.campo == "nome"
        self.salva("Più costi", autore=self.cabina)
        altro = self.salva("Altro", autore=self.cabina)
        with pytest.raises(services.ScenarioRifiutato, match=r"Cabina.* ha già uno scenario «Più costi»"):
            self.salva("Più costi", scenario_id=altro.pk)
        assert Scenario.objects.count() == 3

    def test_uno_scenario_ha_un_nome_e_almeno_una_modifica(self) -> None:
        with pytest.raises(services.ScenarioRifiutato, match="Manca il nome"):
            self.salva("  ")
        nulle: list[dict[str, Any]] = [{}, {"interventi": {}}, {"interventi": {"1": {"inventato": "1.00"}}}]
        for nulla in nulle:
            with pytest.raises(services.ScenarioRifiutato, match="Non c'è nulla da salvare"):
                self.salva(modifiche=nulla)
        assert not Scenario.objects.exists()

    def test_lo_cambia_e_lo_elimina_chi_l_ha_scritto_o_chi_gestisce_i_piani(self) -> None:
        scenario = self.salva(autore=self.di_rho)
        with pytest.raises(services.ScenarioRifiutato, match="lo cambia soltanto chi l'ha scritto"):
            self.salva(autore=self.cabina, scenario_id=scenario.pk)
        with pytest.raises(services.ScenarioRifiutato, match="lo cambia soltanto chi l'ha scritto"):
            services.elimina_scenario(scenario_id=scenario.pk, autore=self.cabina)
        self.salva("Dal coordinatore", scenario_id=scenario.pk)
        scenario.refresh_from_db()
        assert (scenario.nome, scenario.autore) == ("Dal coordinatore", self.di_rho)
        services.elimina_scenario(scenario_id=scenario.pk, autore=self.di_rho)
        assert not Scenario.objects.exists()
        assert Evento.objects.get(verbo="scenario eliminato").prima == {"scenario": "Dal coordinatore", "modifiche": 1}

    def test_chi_salva_su_cio_che_un_altro_ha_salvato_lo_viene_a_sapere(self) -> None:
        scenario = self.salva(autore=self.di_rho)
        visto = scenario.aggiornato
        self.salva("Dal coordinatore", scenario_id=scenario.pk, visto_alle=visto)
        with pytest.raises(services.ScenarioRifiutato, match="salva il tuo come nuovo"):
            self.salva("Il mio", autore=self.di_rho, scenario_id=scenario.pk, visto_alle=visto)
        with pytest.raises(Scenario.DoesNotExist):
            services.salva_scenario(
                piano_id=self.piano("SPUGNA").pk,
                nome="x",
                modifiche={"esclusi": [1]},
                autore=self.di_rho,
                scenario_id=scenario.pk,
            )


# --- Two side by side ------------------------------------------------------------------------------------------------


class ConfrontoTestCase(ScenariTestCase):
    def test_due_scenari_si_confrontano_regola_per_regola_le_differenze_prima(self) -> None:
        primo = self.salva("Costa di più")
        secondo = self.salva("Senza il secondo", modifiche={"esclusi": [self.pk(1)]})
        pagina = self.client.get(self.indirizzo("scenari-confronta"), {"a": primo.pk, "b": secondo.pk})
        assert pagina.status_code == 200
        diverse = [mossa.regola.codice for mossa in pagina.context["diverse"]]
        assert diverse[0] == "costo_minimo"
        assert {mossa.regola.codice for mossa in pagina.context["uguali"]}.isdisjoint(diverse)
        assert len(diverse) + len(pagina.context["uguali"]) == 14
        letto = parole_di(pagina)
        assert f"costo di {cup(1)} da 1.000,00\xa0€ a 50.000.000,00\xa0€" in pagina_intera(pagina)
        assert f"escluso {cup(2)}" in letto
        assert "50.002.000,00\xa0€" in pagina_intera(pagina)
        assert "distanza −49.998.000,00\xa0€" in pagina_intera(pagina)
        assert letto.index("Il piano costa almeno") < letto.index("Dove sono uguali")

    def test_uno_scenario_si_confronta_con_la_situazione_attuale(self) -> None:
        scenario = self.salva()
        pagina = self.client.get(self.indirizzo("scenari-confronta"), {"a": "attuale", "b": str(scenario.pk)})
        assert "«Situazione attuale» è non conforme, «Più costi» è non conforme: 1 regola ha un esito diverso" in (
            parole_di(pagina)
        )
        assert "I dati come sono adesso, senza modifiche." in parole_di(pagina)

    def test_un_confronto_che_non_si_puo_fare_dice_perche(self) -> None:
        mio = self.salva("Mio", autore=self.di_rho)
        altrui = self.salva("Altrui")
        self.client.force_login(self.di_rho)
        casi: tuple[tuple[dict[str, Any], int, str], ...] = (
            ({"a": mio.pk, "b": altrui.pk}, 404, "Uno dei due scenari non c'è più, o non è fra quelli che puoi vedere"),
            ({"a": 999_999, "b": "attuale"}, 404, "Uno dei due scenari non c'è più"),
            ({"a": "x' OR 1", "b": mio.pk}, 404, "Uno dei due scenari non c'è più"),
            ({"a": mio.pk, "b": mio.pk}, 404, "Hai scelto due volte lo stesso"),
            ({"a": mio.pk}, 404, "Ne hai scelto uno solo"),
            ({}, 200, "Scegli due scenari, o uno e la situazione attuale."),
        )
        for scelta, stato, frase in casi:
            pagina = self.client.get(self.indirizzo("scenari-confronta"), scelta)
            assert (pagina.status_code, frase in parole_di(pagina)) == (stato, True), scelta
            assert "Altrui" not in parole_di(pagina)
            assert '<select id="scegli-a" name="a">' in pagina.content.decode(), "si può scegliere di nuovo"
        spugna = reverse("scenari-confronta", args=["spugna"])
        assert self.client.get(spugna, {"a": str(mio.pk), "b": "attuale"}).status_code == 404, "è di un altro piano"
