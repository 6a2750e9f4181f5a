"""Measuring the warnings: small histories, made by hand, whose precision and recall are known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from monitoraggio.allerte import conseguenze, soglie
from monitoraggio.allerte.catalogo import CATALOGO
from monitoraggio.allerte.conseguenze import PER_CODICE, Visto
from monitoraggio.allerte.qualita import Osservato, dichiarati, misura, osserva
from monitoraggio.allerte.tipi import Caso, Contesto, Gara
from monitoraggio.models import TermineInvio
from monitoraggio.opere.tipi import Opera, Scadenza
from monitoraggio.selectors.situazione import Stato

AL, DOPO = date(2025, 1, 31), date(2025, 4, 30)


def osservato(cosa: str, al: date, *, detto: bool, giorno: date | None, dichiarato: bool = False) -> Osservato:
    return Osservato(cosa, al, detto, giorno, dichiarato)


def test_precisione_richiamo_e_frequenza_di_una_storia_di_quattro_casi() -> None:
    giorno = date(2025, 6, 1)
    storia = [
        osservato("a", AL, detto=True, giorno=giorno),
        osservato("b", AL, detto=True, giorno=None),
        osservato("c", AL, detto=False, giorno=giorno),
        osservato("d", AL, detto=False, giorno=None),
    ]
    trovata = misura(storia)
    assert (trovata.segnalati, trovata.veri, trovata.avvenuti, trovata.osservati) == (2, 1, 2, 4)
    assert (trovata.precisione, trovata.richiamo, trovata.frequenza) == (Decimal("0.5"),) * 3
    assert trovata.guadagno == 1
    assert trovata.f1 == Decimal("0.5")


def test_l_anticipo_va_dal_primo_mese_che_lo_disse_al_fatto_e_ogni_fatto_vale_uno() -> None:
    fatto, altro = date(2025, 5, 1), date(2025, 3, 3)
    storia = [
        osservato("a", date(2025, 2, 28), detto=True, giorno=fatto),
        osservato("a", date(2025, 1, 31), detto=True, giorno=fatto),
        osservato("a", date(2024, 12, 31), detto=False, giorno=fatto),
        osservato("b", date(2025, 2, 28), detto=True, giorno=altro),
        osservato("c", date(2025, 2, 28), detto=True, giorno=None),
    ]
    # 90 days for "a", 3 for "b": of an even number, the lower of the two in the middle.
    assert misura(storia).anticipo == 3
    assert misura(storia[:3]).anticipo == 90
    assert misura(storia, con_giorno=False).anticipo is None


def test_di_niente_non_si_dice_una_quota() -> None:
    trovata = misura([])
    assert (trovata.precisione, trovata.richiamo, trovata.frequenza, trovata.guadagno) == (None,) * 4
    assert misura([osservato("a", AL, detto=True, giorno=None)]).guadagno is None


def test_chi_segnala_tutto_ha_la_precisione_di_quanto_accade() -> None:
    storia = [osservato(str(n), AL, detto=n < 3, giorno=AL if n % 4 == 0 else None) for n in range(8)]
    tutto = misura(storia, lambda _uno: True)
    assert tutto.precisione == misura(storia).frequenza == Decimal("0.25")
    assert tutto.richiamo == 1


def test_le_date_dichiarate_si_misurano_sugli_stessi_casi() -> None:
    storia = [
        osservato("a", AL, detto=True, giorno=AL),
        osservato("b", AL, detto=True, giorno=AL, dichiarato=True),
        osservato("c", AL, detto=False, giorno=None, dichiarato=True),
    ]
    assert misura(storia, dichiarati).precisione == Decimal("0.5")
    assert misura(storia, dichiarati).richiamo == Decimal("0.5")
    assert misura(storia).precisione == 1


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=40))
def test_le_quote_stanno_fra_zero_e_uno_e_tornano_con_i_conti(casi: list[tuple[bool, bool]]) -> None:
    trovata = misura(osservato(str(n), AL, detto=d, giorno=AL if g else None) for n, (d, g) in enumerate(casi))
    assert trovata.veri <= min(trovata.segnalati, trovata.avvenuti)
    for quota, intero in ((trovata.precisione, trovata.segnalati), (trovata.richiamo, trovata.avvenuti)):
        assert (quota is None) == (intero == 0)
        assert quota is None or (0 <= quota <= 1 and quota * intero == pytest.approx(trovata.veri))


def test_ogni_segnale_del_catalogo_ha_la_sua_conseguenza() -> None:
    assert set(PER_CODICE) == {allarme.codice for allarme in CATALOGO}


# --- Consequences, each on both sides --------------------------------------------------------------------------------


def opera(**campi: Any) -> Opera:
    dati: dict[str, Any] = {
        "pk": 1, "cup": "B00", "clp": "", "submisura": "", "titolo": "Opera", "natura": "03", "stato_cup": "attivo",
        "linea_finanziamento": "", "monitorato_regis": True, "dimostrativo": False, "attuatore_id": 1,
        "attuatore": "Comune di Rho", "finanziamento": Decimal(100), "pagamenti_regis": None, "regis_al": None,
        "inizio_regis": None, "fine_regis": None,
    }  # fmt: skip
    return Opera(**(dati | campi))


def caso(*, scadenze: tuple[Scadenza, ...] = (), gare: tuple[Gara, ...] = (), **stato: Any) -> Caso:
    return Caso(opera=opera(stato=Stato(avanzamento_id=1, **stato)), scadenze=scadenze, gare=gare)


def visto(allora: Caso, dopo: Caso, *, adesso: Caso | None = None, poi: Caso | None = None) -> Visto:
    termini = (TermineInvio(dal=date(2022, 1, 1), giorni=20),)
    contesto = Contesto(AL, datetime(2025, 1, 31, 22, tzinfo=UTC), MappingProxyType(soglie.al(AL)), termini)
    return Visto(AL, DOPO, allora, adesso or dopo, dopo, poi or dopo, contesto)


def fatti(codice: str, quale: Visto) -> list[date | None]:
    return [fatto.avvenuto_il for fatto in PER_CODICE[codice].trova(quale)]


class ConseguenzeTestCase(SimpleTestCase):
    def test_la_fine_di_allora_e_mancata_dal_giorno_dopo(self) -> None:
        fine = date(2025, 3, 31)
        allora = caso(fine_prevista=fine)
        in_tempo = caso(riferita_al=DOPO, fine_effettiva=fine)
        tardi = caso(riferita_al=DOPO, fine_effettiva=date(2025, 4, 1))
        assert fatti("fine_vicina", visto(allora, in_tempo)) == [None]
        assert fatti("fine_vicina", visto(allora, tardi)) == [date(2025, 4, 1)]
        assert fatti("fine_vicina", visto(allora, caso(riferita_al=fine))) == [date(2025, 4, 1)]

    def test_di_cio_che_nessuno_sa_ancora_non_si_conta_nulla(self) -> None:
        allora = caso(fine_prevista=date(2025, 3, 31))
        assert fatti("fine_vicina", visto(allora, caso(riferita_al=date(2025, 2, 28)))) == []
        assert fatti("fine_vicina", visto(caso(fine_prevista=date(2025, 5, 1)), caso(riferita_al=DOPO))) == []

    def test_le_date_dichiarate_sono_quelle_di_allora(self) -> None:
        fine = date(2025, 3, 31)
        dopo = caso(riferita_al=DOPO, fine_stimata=date(2026, 1, 1))
        for stimata, detto in ((fine, False), (date(2025, 4, 1), True)):
            allora = caso(fine_prevista=fine, fine_stimata=stimata)
            (fatto,) = PER_CODICE["fine_a_rischio"].trova(visto(allora, dopo))
            assert fatto.dichiarato is detto

    def test_un_traguardo_spostato_dopo_era_mancato_lo_stesso(self) -> None:
        uno = Scadenza(
            7, "FINE", "Fine", "milestone", "programma", "", None, 1, date(2025, 3, 31), date(2025, 3, 31),
            None, None, None, None, "", "", "in_linea", "",
        )  # fmt: skip
        spostato = replace(uno, scadenza=date(2025, 12, 31), conseguito_il=date(2025, 4, 15))
        allora = caso(scadenze=(uno,))
        assert fatti("traguardo_a_rischio", visto(allora, caso(scadenze=(spostato,)))) == [date(2025, 4, 1)]
        preso = replace(uno, conseguito_il=date(2025, 3, 31))
        assert fatti("traguardo_a_rischio", visto(allora, caso(scadenze=(preso,)))) == [None]

    def test_i_lavori_erano_fermi_se_fino_a_quel_giorno_non_hanno_fatto_un_punto(self) -> None:
        allora = caso(inizio_lavori=date(2024, 1, 1), percentuale=Decimal(40))
        for percento, fermi in (("40.99", True), ("41.00", False)):
            adesso = caso(riferita_al=AL, percentuale=Decimal(percento))
            assert (fatti("lavori_fermi", visto(allora, adesso, adesso=adesso)) == [AL]) is fermi
        ignoto = caso(riferita_al=date(2024, 12, 31), percentuale=Decimal(40))
        assert fatti("lavori_fermi", visto(allora, ignoto, adesso=ignoto)) == []

    def test_la_spesa_e_ancora_indietro_oltre_la_soglia_di_allora(self) -> None:
        allora = caso(inizio_lavori=AL, percentuale=Decimal(60), pagato=Decimal(10))
        for pagato, indietro in (("45.00", False), ("44.99", True)):
            dopo = caso(riferita_al=DOPO, inizio_lavori=AL, percentuale=Decimal(70), pagato=Decimal(pagato))
            assert (fatti("spesa_indietro", visto(allora, dopo)) == [DOPO]) is indietro

    def test_la_gara_e_lunga_se_dura_due_mesi_piu_della_soglia(self) -> None:
        soglia = int(soglie.al(AL)["giorni_aggiudicazione"])
        pubblicata = date(2024, 10, 1)
        limite = date.fromordinal(pubblicata.toordinal() + soglia + conseguenze.DUE_MESI)
        allora = caso(gare=(Gara("A1", "", pubblicata, None),))
        for giorni, lunga in ((0, False), (1, True)):
            presa = date.fromordinal(limite.toordinal() + giorni)
            dopo = caso(gare=(Gara("A1", "", pubblicata, presa),))
            assert (fatti("gara_senza_aggiudicazione", visto(allora, dopo)) == [limite]) is lunga

    def test_si_osserva_ogni_riga_accanto_a_cio_che_fu_detto_di_lei(self) -> None:
        allora = caso(fine_prevista=date(2025, 3, 31))
        quale = visto(allora, caso(riferita_al=DOPO))
        for detti, segnalato in (([("fine_vicina", "")], True), ([("fine_vicina", "altra")], False), ([], False)):
            ((codice, trovato),) = osserva(quale, detti, [PER_CODICE["fine_vicina"]])
            assert (codice, trovato.segnalato, trovato.avvenuto_il) == ("fine_vicina", segnalato, date(2025, 4, 1))
